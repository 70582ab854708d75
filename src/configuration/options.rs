//! What rules can be told: typed, read from YAML with places for what is wrong, and described.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use crate::nearest::nearest;
use crate::source::Span;
use crate::yaml::parse::{Problem, ProblemKind};
use crate::yaml::scalar::Scalar;
use crate::yaml::{Kind, Yaml};

/// The options of a rule: their types are serde's, their names and meaning stand in [`Options::KEYS`].
pub trait Options: DeserializeOwned + serde::Serialize + Default + Any + Send + Sync {
    /// The keys, by name, as in the type.
    const KEYS: &'static [OptionKey];
}

/// One option.
#[derive(Copy, Clone, Debug)]
pub struct OptionKey {
    /// The key.
    pub name: &'static str,
    /// What it says, as one sentence.
    pub about: &'static str,
    /// What it takes.
    pub form: Form,
}

/// What an option takes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// Text.
    Text,
    /// A list of texts.
    Texts,
    /// Whole numbers from 0.
    Integers,
    /// Ports and ranges of them.
    Ports,
    /// A number.
    Number,
    /// A number of bytes, as in `mem_limit`.
    Size,
    /// True or false.
    Switch,
    /// Keys with one of these words each.
    WordByName(&'static [&'static str]),
    /// Keys with a text each.
    TextByName,
}

/// Whether `text` is one of `listed`, in which `*` stands for any text.
pub fn is_listed(listed: &[String], text: &str) -> bool {
    listed.iter().any(|one| fits(one, text))
}

/// Whether `text` has the parts of the pattern between its `*`, in order. Each is taken as early as it can
/// be, and the last one at the end, so nothing is tried twice.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts = rest.split('*');
    let last = parts.next_back().unwrap_or_default();
    for part in parts {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(last)
}

/// A type of options, for a registry.
#[derive(Copy, Clone)]
pub struct OptionsType {
    /// The keys.
    pub keys: &'static [OptionKey],
    /// The defaults as JSON.
    pub defaults: fn() -> serde_json::Value,
    /// The options that a mapping says, and as JSON with defaults.
    pub(super) read: Read,
}

type Read = fn(Yaml<'_>) -> Result<(Arc<dyn Any + Send + Sync>, serde_json::Value), Problem>;

impl fmt::Debug for OptionsType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OptionsType").field("keys", &self.keys).finish_non_exhaustive()
    }
}

impl OptionsType {
    /// The description of the type `T`.
    pub const fn of<T: Options>() -> Self {
        Self { keys: T::KEYS, defaults: defaults::<T>, read: read::<T> }
    }
}

fn defaults<T: Options>() -> serde_json::Value {
    json(&T::default())
}

fn json<T: serde::Serialize>(options: &T) -> serde_json::Value {
    serde_json::to_value(options).unwrap_or_default()
}

/// Reads options from a mapping, in which `severity` is the configuration's own.
fn read<T: Options>(yaml: Yaml<'_>) -> Result<(Arc<dyn Any + Send + Sync>, serde_json::Value), Problem> {
    let names = || T::KEYS.iter().map(|key| key.name);
    for entry in yaml.entries().filter(|entry| entry.name() != "severity") {
        if !names().any(|name| name == entry.name()) {
            let near = nearest(entry.name(), names());
            return Err(problem(
                entry.key.span(),
                format!("the rule has no option `{}`", entry.name()),
                Some(match near {
                    Some(name) => format!("write `{name}`"),
                    None => format!("its options are `{}`", names().collect::<Vec<_>>().join("`, `")),
                }),
            ));
        }
    }
    let options = T::deserialize(Value { yaml, skips_severity: true })
        .map_err(|error| problem(error.span.unwrap_or(yaml.span()), error.message, None))?;
    let shown = json(&options);
    Ok((Arc::new(options), shown))
}

pub(super) fn problem(span: Span, message: String, help: Option<String>) -> Problem {
    Problem { kind: ProblemKind::Syntax, span, message, help, label: None }
}

/// Why a value is not what was expected, and where.
#[derive(Debug)]
struct Error {
    message: String,
    span: Option<Span>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), span: None }
    }
}

impl Error {
    fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }
}

/// A node as serde reads it.
#[derive(Copy, Clone)]
struct Value<'t> {
    yaml: Yaml<'t>,
    skips_severity: bool,
}

fn value(yaml: Yaml<'_>) -> Value<'_> {
    Value { yaml, skips_severity: false }
}

impl<'de> de::Deserializer<'de> for Value<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let result = match self.yaml.kind() {
            Kind::Sequence => visitor.visit_seq(Items(Box::new(self.yaml.items()))),
            Kind::Mapping => {
                let skips = self.skips_severity;
                let entries = self.yaml.entries().filter(move |entry| !skips || entry.name() != "severity");
                visitor.visit_map(Entries { entries: Box::new(entries), value: None })
            }
            Kind::Scalar => match self.yaml.scalar() {
                Some(Scalar::Bool(it)) => visitor.visit_bool(it),
                Some(Scalar::Int(it)) if it >= 0 => visitor.visit_u64(it as u64),
                Some(Scalar::Int(it)) => visitor.visit_i64(it),
                Some(Scalar::Float(it)) => visitor.visit_f64(it),
                Some(Scalar::Null) => visitor.visit_unit(),
                _ => visitor.visit_str(self.yaml.raw_str().unwrap_or_default()),
            },
        };
        result.map_err(|error| error.at(self.yaml.span()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.yaml.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    /// A text may be written as a number: the tag `1.10` is one.
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.yaml.raw_str() {
            Some(text) if !self.yaml.is_null() => {
                visitor.visit_str(text).map_err(|error: Error| error.at(self.yaml.span()))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_string(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let text = self.yaml.raw_str().unwrap_or_default();
        if !variants.contains(&text) {
            let message = format!("`{text}` is none of `{}`", variants.join("`, `"));
            return Err(Error { message, span: Some(self.yaml.span()) });
        }
        let word: StrDeserializer<'_, Error> = text.into_deserializer();
        visitor.visit_enum(word)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items<'t>(Box<dyn Iterator<Item = Yaml<'t>> + 't>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|item| seed.deserialize(value(item)).map_err(|it| it.at(item.span()))).transpose()
    }
}

struct Entries<'t> {
    entries: Box<dyn Iterator<Item = crate::yaml::Entry<'t>> + 't>,
    value: Option<Yaml<'t>>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(entry) = self.entries.next() else { return Ok(None) };
        self.value = Some(entry.value);
        let key: StrDeserializer<'_, Error> = entry.name().into_deserializer();
        seed.deserialize(key).map(Some).map_err(|error| error.at(entry.key.span()))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let yaml = self.value.take().expect("a value follows its key");
        seed.deserialize(value(yaml)).map_err(|error| error.at(yaml.span()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text) in [
            ("a", "a"),
            ("a*", "a"),
            ("a*", "abc"),
            ("*c", "abc"),
            ("a*c", "abbc"),
            ("*b*", "abc"),
            ("*", ""),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("a", "ab"), ("a*", "ba"), ("*c", "ca"), ("ab*bc", "abc"), ("*b*b*", "abc"), ("", "a")]
        {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
