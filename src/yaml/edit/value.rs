//! What edits write: values, in the style of the file.

use crate::yaml::scalar::{self, Scalar};
use crate::yaml::{Entry, Kind, Style, Tree, Yaml};

use super::lines::column;

/// A value to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Nothing behind the key.
    Null,
    /// A scalar as it is to stand in the file: `true`, `5`, `"x"`.
    Raw(String),
    /// Text, which gets quotes if it needs them.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Keys, which get quotes if they need them, and values.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// Text, which gets quotes if it needs them.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A scalar as it is to stand in the file.
    pub fn raw(text: impl Into<String>) -> Self {
        Self::Raw(text.into())
    }

    /// A mapping.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// Whether it is written on the line of its key.
    pub(super) fn is_inline(&self) -> bool {
        match self {
            Self::Null | Self::Raw(_) | Self::Text(_) => true,
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
        }
    }
}

/// Which quotes a scalar is put in.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Quotes {
    /// `'…'`; `"…"` for a text that cannot stand in them.
    Single,
    /// `"…"`
    Double,
}

/// How a file writes what could be written in several ways.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Manner {
    /// By how many spaces mappings are indented.
    pub(super) step: usize,
    /// By how many spaces the dashes of a list are indented below its key.
    pub(super) dash: usize,
    /// The quotes of texts that need some.
    pub(super) quotes: Quotes,
    /// The line break.
    pub(super) newline: &'static str,
}

/// The number of nodes that are looked at to learn how a file is written.
const LOOKS: usize = 500;

impl Manner {
    /// How the file of the tree is written, as its first nodes show it; of dashes what most lists do.
    pub(super) fn of(tree: &Tree, text: &str, newline: &'static str) -> Self {
        let (mut single, mut double) = (0, 0);
        let mut step = None;
        let mut dashes: Vec<(usize, usize)> = Vec::new();
        for node in tree.nodes().take(LOOKS).filter(|node| !node.is_alias() && !node.is_shared()) {
            match node.style() {
                Style::SingleQuoted => single += 1,
                Style::DoubleQuoted => double += 1,
                _ => {}
            }
            if node.kind() != Kind::Mapping || node.style() != Style::Block {
                continue;
            }
            for entry in node.entries().take(LOOKS) {
                let Some(by) = indentation(entry, text) else { continue };
                match entry.value.kind() {
                    Kind::Mapping if by > 0 => step = step.or(Some(by)),
                    Kind::Sequence => match dashes.iter_mut().find(|(dash, _)| *dash == by) {
                        Some((_, count)) => *count += 1,
                        None => dashes.push((by, 1)),
                    },
                    _ => {}
                }
            }
        }
        // At a tie the first.
        let dash = dashes.iter().rev().max_by_key(|(_, count)| *count).map(|(dash, _)| *dash);
        let step = step.unwrap_or(2);
        let quotes = if single > double { Quotes::Single } else { Quotes::Double };
        Self { step, dash: dash.unwrap_or(step), quotes, newline }
    }

    /// The same with the dashes as the lists of this mapping have them, if it has some.
    pub(super) fn within(self, mapping: Yaml<'_>, text: &str) -> Self {
        let lists = mapping.entries().filter(|entry| entry.value.kind() == Kind::Sequence);
        let dash = lists.filter_map(|entry| indentation(entry, text)).next_back();
        Self { dash: dash.unwrap_or(self.dash), ..self }
    }

    /// The scalar on one line. `None` for what needs several.
    fn inline(self, value: &Value, in_flow: bool) -> Option<String> {
        Some(match value {
            Value::Null => String::new(),
            Value::Raw(text) => text.clone(),
            Value::Text(text) => scalar(text, self.quotes, in_flow),
            Value::List(items) if items.is_empty() => "[]".to_owned(),
            Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
            Value::List(_) | Value::Map(_) => return None,
        })
    }

    /// The value in flow style.
    pub(super) fn flow(self, value: &Value) -> String {
        match value {
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.flow(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| self.flow_entry(key, value)).collect();
                format!("{{{}}}", entries.join(", "))
            }
            Value::Null => "null".to_owned(),
            Value::Raw(_) | Value::Text(_) => self.inline(value, true).unwrap_or_default(),
        }
    }

    /// A key with its value in flow style.
    pub(super) fn flow_entry(self, key: &str, value: &Value) -> String {
        format!("{}: {}", scalar(key, self.quotes, true), self.flow(value))
    }

    /// The lines of an entry whose key stands at `column`, without the spaces before the key and
    /// without the line break behind the last line.
    pub(super) fn entry(self, key: &str, value: &Value, column: usize) -> String {
        let key = scalar(key, self.quotes, false);
        match value {
            Value::Null => format!("{key}:"),
            value if value.is_inline() => {
                format!("{key}: {}", self.inline(value, false).unwrap_or_default())
            }
            value => format!("{key}:{}", self.below(value, column)),
        }
    }

    /// The lines of a collection below a key at `column`, each after a line break.
    pub(super) fn below(self, value: &Value, column: usize) -> String {
        let indent = match value {
            Value::List(_) => column + self.dash,
            _ => column + self.step,
        };
        format!("{}{:indent$}{}", self.newline, "", self.at(value, indent))
    }

    /// The value in block style at `column`, without the spaces before its first line.
    pub(super) fn at(self, value: &Value, column: usize) -> String {
        let between = format!("{}{:column$}", self.newline, "");
        match value {
            Value::List(items) if !items.is_empty() => {
                let items: Vec<String> = items.iter().map(|item| self.item(item, column)).collect();
                items.join(&between)
            }
            Value::Map(entries) if !entries.is_empty() => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| self.entry(key, value, column)).collect();
                entries.join(&between)
            }
            value => self.inline(value, false).unwrap_or_default(),
        }
    }

    /// An item with its dash, which stands at `column`.
    pub(super) fn item(self, value: &Value, column: usize) -> String {
        match value {
            Value::Null => "-".to_owned(),
            value => format!("- {}", self.at(value, column + 2)),
        }
    }
}

/// By how many spaces the value of a block mapping's entry is indented below its key. `None` for what
/// is not written in lines below it.
fn indentation(entry: Entry<'_>, text: &str) -> Option<usize> {
    if entry.value.style() != Style::Block || entry.value.is_alias() || entry.value.is_shared() {
        return None;
    }
    let place = |at: u32| (at as usize <= text.len()).then(|| column(text, at as usize)).flatten();
    place(entry.value.span().start)?.checked_sub(place(entry.key.span().start)?)
}

/// Words that readers of YAML 1.1 take for booleans.
const BOOLEANS: &[&str] = &["false", "n", "no", "off", "on", "true", "y", "yes"];

/// Whether the text can stand without quotes and means itself, to readers of YAML 1.1 too.
pub(super) fn is_plain(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let starts = first.is_alphanumeric()
        || matches!(first, '/' | '.' | '_' | '$' | '~' | '+' | '(' | '^' | '=' | ';' | '<')
        || first == '-'
            && text.chars().nth(1).is_some_and(|second| second.is_alphanumeric() || second == '-');
    let within = |c: char| c == ' ' || c != '\u{feff}' && !c.is_control() && !c.is_whitespace();
    starts
        && !text.starts_with("---")
        && !text.starts_with("...")
        && text.chars().all(within)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !(in_flow && text.contains([',', '[', ']', '{', '}']))
        && !text.contains("<<")
        && matches!(scalar::resolve(text, Style::Plain, None), Scalar::Str(_))
        && BOOLEANS.binary_search(&text.to_ascii_lowercase().as_str()).is_err()
        && !is_sexagesimal(text)
}

/// Whether readers of YAML 1.1 take the text for a number to base 60, as they do `22:22`.
pub fn is_sexagesimal(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    let digits = digits.split_once('.').map_or(digits, |(whole, _)| whole);
    let mut parts = digits.split(':');
    let is_number =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let first = parts.next().is_some_and(is_number);
    let mut rest = parts.peekable();
    first && rest.peek().is_some() && rest.all(is_number)
}

/// The text as a scalar on one line: without quotes where it can stand so.
pub(super) fn scalar(text: &str, quotes: Quotes, in_flow: bool) -> String {
    if is_plain(text, in_flow) { text.to_owned() } else { quoted(text, quotes) }
}

/// The text in quotes. Where it cannot stand in single ones, or would have to be escaped in double
/// ones only, in the others.
pub fn quoted(text: &str, quotes: Quotes) -> String {
    let fits_single =
        !text.chars().any(|c| c.is_control() || c == '\u{feff}' || c == '\u{2028}' || c == '\u{2029}');
    let is_single = fits_single
        && match quotes {
            Quotes::Single => true,
            Quotes::Double => text.contains(['"', '\\']) && !text.contains('\''),
        };
    if is_single {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}') => {
                quoted.push_str(&format!("\\U{:08X}", c as u32));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether the text of the scalar stands on one line of its file.
pub(super) fn is_on_one_line(node: Yaml<'_>, text: &str) -> bool {
    text.get(node.span().range()).is_some_and(|written| !written.contains(['\n', '\r']))
}
