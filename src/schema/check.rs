//! Judges a tree by the tables.

use std::collections::hash_map::Entry as MapEntry;
use std::collections::{HashMap, HashSet};

use super::form::{Form, joined, listed, near};
use super::help;
use super::node::{List, Map, Node, Others};
use super::{Lack, Violation, ViolationKind, table};
use crate::nearest::MAX_LOOKS;
use crate::source::Span;
use crate::yaml::scalar::Scalar;
use crate::yaml::{Entry, Kind, Tree, Yaml};

/// The keys by which a mapping is told for a service.
const OF_SERVICES: &[&str] =
    &["build", "command", "container_name", "depends_on", "environment", "image", "ports", "volumes"];

/// How a value is called.
#[derive(Copy, Clone)]
pub(super) enum Name<'t> {
    /// The document.
    Document,
    /// By its key.
    Key(&'t str),
    /// By what it is, and its own name.
    Named(&'static str, &'t str),
    /// As one of the list with this key.
    Item(&'t str),
}

impl Name<'_> {
    /// The name as the start of a sentence.
    pub(super) fn words(self) -> String {
        match self {
            Self::Document => "the file".to_owned(),
            Self::Key(key) => format!("`{key}`"),
            Self::Named(noun, name) => {
                let noun = noun.strip_prefix("a ").or(noun.strip_prefix("an ")).unwrap_or(noun);
                format!("the {noun} `{name}`")
            }
            Self::Item("") => "an item".to_owned(),
            Self::Item(list) => format!("an item of `{list}`"),
        }
    }
}

/// A mapping above the value that is looked at.
#[derive(Copy, Clone)]
struct Above {
    map: &'static Map,
    /// The key that led to it.
    key: Option<Span>,
}

struct Checker<'t> {
    found: Vec<Violation>,
    /// What was found where, so that what an alias repeats is found once.
    seen: HashSet<(ViolationKind, Span, &'static str)>,
    /// The mappings that lead to the value, from the document on.
    above: Vec<Above>,
    /// The keys that lead to the value; empty behind an item of a list.
    path: Vec<&'t str>,
    /// The number of lists that lead to the value.
    lists: usize,
    service: Option<&'t str>,
    /// The number of times that the nearest key was looked for.
    looks: usize,
}

/// The violations of a document.
pub(super) fn document(tree: &Tree) -> Vec<Violation> {
    let Some(root) = tree.root() else { return Vec::new() };
    let mut checker = Checker::new();
    if root.is_null() {
        return Vec::new();
    }
    if root.kind() == Kind::Mapping && root.entry("services").is_none() {
        checker.legacy(root);
    } else {
        checker.value(&table::ROOT, root, Name::Document, None);
    }
    checker.finish()
}

/// The violations of a service.
pub(super) fn service(name: &str, service: Yaml<'_>) -> Vec<Violation> {
    let mut checker = Checker::new();
    checker.service = Some(name);
    checker.path = vec!["services", name];
    checker.value(&table::SERVICE, service, Name::Named("a service", name), None);
    checker.finish()
}

impl<'t> Checker<'t> {
    fn new() -> Self {
        Self {
            found: Vec::new(),
            seen: HashSet::new(),
            above: Vec::new(),
            path: Vec::new(),
            lists: 0,
            service: None,
            looks: 0,
        }
    }

    fn finish(mut self) -> Vec<Violation> {
        self.found.sort_by_key(|it| (it.span.source, it.span.start, it.span.end, it.kind));
        self.found
    }

    /// Adds what is found, unless an alias brought it here once more.
    fn report(&mut self, kind: ViolationKind, span: Span, about: &'static str) -> Option<&mut Violation> {
        if !self.seen.insert((kind, span, about)) {
            return None;
        }
        self.found.push(Violation {
            kind,
            span,
            service: self.service.map(str::to_owned),
            message: String::new(),
            help: None,
            label: None,
            fix: None,
            is_late: false,
            lack: None,
        });
        self.found.last_mut()
    }

    /// A value that may be absent because another file has it.
    fn lack(&self, key: Option<&str>) -> Option<Lack> {
        (self.lists == 0)
            .then(|| Lack { path: self.path.iter().copied().chain(key).map(str::to_owned).collect() })
    }

    /// Judges a value. `key` is the key that it belongs to.
    fn value(&mut self, node: &'static Node, value: Yaml<'t>, name: Name<'t>, key: Option<Yaml<'t>>) {
        if node.anything || is_reset(value) {
            return;
        }
        match value.kind() {
            Kind::Mapping => match node.map {
                Some(map) => self.mapping(map, value, name, key),
                None => self.wrong(node, value, name, key),
            },
            Kind::Sequence => match node.list {
                Some(list) => self.list(list, value, name),
                None => self.wrong(node, value, name, key),
            },
            Kind::Scalar => self.scalar(node, value, name, key),
        }
    }

    fn scalar(&mut self, node: &'static Node, value: Yaml<'t>, name: Name<'t>, key: Option<Yaml<'t>>) {
        if value.is_unknown() {
            if !node.takes_text() {
                self.wrong(node, value, name, key);
            }
            return;
        }
        let fits = match value.scalar() {
            None => true,
            Some(Scalar::Null) => node.null,
            Some(Scalar::Bool(_)) => node.boolean,
            Some(Scalar::Int(number)) => match &node.number {
                Some(takes) => {
                    let in_range = takes.least.is_none_or(|least| number >= least)
                        && takes.most.is_none_or(|most| number <= most);
                    if !in_range {
                        self.out_of_range(node, value, name);
                    }
                    true
                }
                None => false,
            },
            Some(Scalar::Float(number)) => match &node.number {
                Some(takes) if !takes.whole || number.fract() == 0.0 => {
                    let in_range = takes.least.is_none_or(|least| number >= least as f64)
                        && takes.most.is_none_or(|most| number <= most as f64);
                    if !in_range && !number.is_nan() {
                        self.out_of_range(node, value, name);
                    }
                    true
                }
                _ => false,
            },
            Some(Scalar::Timestamp(text) | Scalar::Str(text)) => match &node.text {
                Some(takes) => {
                    if !takes.values.is_empty() && !takes.values.contains(&text) {
                        self.other_value(takes.values, text, value, name);
                    } else if let Some(form) = takes.form {
                        self.form(form, text, value, name);
                    }
                    true
                }
                None => false,
            },
        };
        if !fits {
            self.wrong(node, value, name, key);
        }
    }

    fn out_of_range(&mut self, node: &'static Node, value: Yaml<'t>, name: Name<'t>) {
        let Some(takes) = &node.number else { return };
        let range = match (takes.least, takes.most) {
            (Some(least), Some(most)) => format!("between {least} and {most}"),
            (Some(least), None) => format!("{least} or more"),
            (None, Some(most)) => format!("{most} or less"),
            (None, None) => return,
        };
        let text = value.raw_str().unwrap_or_default();
        let form = node.text.as_ref().and_then(|text| text.form);
        let message = match form {
            Some(Form::Port | Form::PortNumber | Form::PortRange) => {
                format!("`{text}` is not a port: ports are {range}")
            }
            _ => format!("{} is {range}, and this is `{text}`", name.words()),
        };
        if let Some(violation) = self.report(ViolationKind::InvalidValue, value.span(), "range") {
            violation.message = message;
            violation.help = Some(format!("write a number {range}"));
        }
    }

    fn other_value(
        &mut self,
        values: &'static [&'static str],
        text: &'t str,
        value: Yaml<'t>,
        name: Name<'t>,
    ) {
        let span = value.span();
        if let Some(violation) = self.report(ViolationKind::InvalidValue, span, "value") {
            violation.message = match text {
                "" => format!("{} cannot be blank", name.words()),
                _ if text.len() <= 80 => format!("{} cannot be `{text}`", name.words()),
                _ => format!("{} cannot be this text", name.words()),
            };
            violation.help = Some(match near(text, values) {
                Some(name) => format!("write `{name}`"),
                None => format!("write {}", listed(values)),
            });
        }
    }

    fn form(&mut self, form: Form, text: &'t str, value: Yaml<'t>, name: Name<'t>) {
        // Most texts are right, and their places are not needed.
        let Err(error) = form.judge(text, &crate::source::SourceMap::empty()) else { return };
        let error = form.judge(text, &value.map()).err().unwrap_or(error);
        let span = error.span.filter(|span| !span.is_empty()).unwrap_or(value.span());
        if form.is_of_type() {
            if let Some(violation) = self.report(ViolationKind::WrongType, value.span(), "form") {
                violation.message = if text.is_empty() {
                    format!("{} takes {}, and this is blank", name.words(), form.words())
                } else if text.len() <= 40 {
                    format!("{} takes {}, and this is the text `{text}`", name.words(), form.words())
                } else {
                    format!("{} takes {}, and this is a text", name.words(), form.words())
                };
                violation.help = Some(form.help(text));
            }
        } else if let Some(violation) = self.report(ViolationKind::InvalidValue, span, "form") {
            // An address may hold a password, which no message shows.
            let is_secret = text.contains("://") && text.contains('@') || text.len() > 200;
            let (message, shown) = match is_secret {
                true => (format!("{} is not {}", name.words(), form.words()), ""),
                false => (error.message, text),
            };
            violation.message = message;
            violation.help = Some(form.help(shown));
            violation.is_late = form.is_late();
        }
    }

    /// Reports a value of another kind than any that is taken.
    fn wrong(&mut self, node: &'static Node, value: Yaml<'t>, name: Name<'t>, key: Option<Yaml<'t>>) {
        let is_null = value.kind() == Kind::Scalar && matches!(value.scalar(), Some(Scalar::Null));
        let lack = if is_null { self.lack(None) } else { None };
        let is_written = !value.span().is_empty();
        let span = match key {
            Some(key) if !is_written => key.span(),
            _ => value.span(),
        };
        let siblings = self.above.last().map(|above| above.map);
        if let Some(violation) = self.report(ViolationKind::WrongType, span, "kind") {
            violation.message =
                format!("{} takes {}, and {}", name.words(), accepted(node), given(node, value));
            violation.help = Some(
                help::of_type(node, value, name, siblings).unwrap_or(format!("write {}", accepted(node))),
            );
            violation.lack = lack;
        }
    }

    fn list(&mut self, list: &'static List, value: Yaml<'t>, name: Name<'t>) {
        let key = match name {
            Name::Key(key) | Name::Named(_, key) | Name::Item(key) => key,
            Name::Document => "",
        };
        self.lists += 1;
        for (at, item) in value.items().enumerate() {
            let node = list.first.filter(|_| at == 0).unwrap_or(list.item);
            self.item(node, item, key);
        }
        self.lists -= 1;
        if list.is_distinct {
            self.distinct(value, key);
        }
    }

    /// Judges an item. One that a space has made a mapping is told for what it is.
    fn item(&mut self, node: &'static Node, item: Yaml<'t>, list: &'t str) {
        if let Some(map) = node.map
            && node.text.is_some()
            && let Some(form) = node.text.as_ref().and_then(|text| text.form)
            && item.kind() == Kind::Mapping
            && !is_reset(item)
            && let Some((key, value)) = help::split_item(map, item)
        {
            if let Some(violation) = self.report(ViolationKind::WrongType, item.span(), "split") {
                violation.message = format!(
                    "an item of `{list}` is {}, and the space behind its colon makes this a mapping",
                    form.words()
                );
                violation.help = Some(format!("write `\"{key}:{value}\"`"));
            }
            return;
        }
        self.value(node, item, Name::Item(list), None);
    }

    /// Reports the items that are there twice.
    fn distinct(&mut self, value: Yaml<'t>, key: &'t str) {
        let mut first: HashMap<(u8, String), Span> = HashMap::new();
        for item in value.items().filter(|item| !is_reset(*item)) {
            let Some(scalar) = item.scalar() else { continue };
            let same = match scalar {
                Scalar::Null => (0, String::new()),
                Scalar::Bool(value) => (1, value.to_string()),
                Scalar::Int(number) => (2, (number as f64).to_string()),
                Scalar::Float(number) => (2, number.to_string()),
                Scalar::Timestamp(text) | Scalar::Str(text) => (3, text.to_owned()),
            };
            let text = same.1.clone();
            let earlier = match first.entry(same) {
                MapEntry::Vacant(vacant) => {
                    vacant.insert(item.span());
                    continue;
                }
                MapEntry::Occupied(earlier) => *earlier.get(),
            };
            if let Some(violation) = self.report(ViolationKind::InvalidValue, item.span(), "twice") {
                violation.message = format!("`{key}` has `{text}` twice");
                violation.help = Some("remove one of the two".to_owned());
                if earlier != item.span() {
                    violation.label = Some((earlier, "the first".to_owned()));
                }
            }
        }
    }

    fn mapping(&mut self, map: &'static Map, value: Yaml<'t>, name: Name<'t>, key: Option<Yaml<'t>>) {
        self.above.push(Above { map, key: key.map(Yaml::span) });
        for entry in value.entries() {
            self.entry(map, entry, value, name);
        }
        self.above.pop();
        for required in map.required {
            if value.entry(required).is_none() {
                self.missing(required, value, name, key);
            }
        }
    }

    fn missing(&mut self, required: &'static str, value: Yaml<'t>, name: Name<'t>, key: Option<Yaml<'t>>) {
        let lack = self.lack(Some(required));
        let span = match key {
            Some(key) => key.span(),
            // An item is shown at its first key: the whole may be long.
            None => value.entries().next().map_or(value.span(), |entry| entry.key.span()),
        };
        if let Some(violation) = self.report(ViolationKind::MissingKey, span, required) {
            violation.message = format!("{} has no `{required}`", name.words());
            violation.help = Some(help::of_missing(required));
            violation.lack = lack;
        }
    }

    fn entry(&mut self, map: &'static Map, entry: Entry<'t>, mapping: Yaml<'t>, name: Name<'t>) {
        if !self.is_text_key(entry) {
            return;
        }
        let key = entry.name();
        if let Some(node) = map.key(key) {
            self.path.push(key);
            self.value(node, entry.value, Name::Key(key), Some(entry.key));
            self.path.pop();
            return;
        }
        if map.extensions && key.starts_with("x-") {
            return;
        }
        match map.others {
            Others::Anything => {}
            Others::Each(node) => {
                if map.has_names && !is_name(key) {
                    self.odd_name(entry, name);
                    return;
                }
                let is_service = std::ptr::eq(node, &raw const table::SERVICE);
                if is_service {
                    self.service = Some(key);
                }
                let name = match node.map {
                    Some(map) if map.noun.starts_with('a') => Name::Named(map.noun, key),
                    _ => Name::Key(key),
                };
                self.path.push(key);
                self.value(node, entry.value, name, Some(entry.key));
                self.path.pop();
                if is_service {
                    self.service = None;
                }
            }
            Others::Refused if is_reset(entry.value) => {}
            Others::Refused => self.unknown(map, entry, mapping),
        }
    }

    /// Whether a key is a text; one that is not is reported.
    fn is_text_key(&mut self, entry: Entry<'t>) -> bool {
        let key = entry.key;
        let what = match key.kind() {
            Kind::Mapping => "a mapping",
            Kind::Sequence => "a list",
            Kind::Scalar => match key.scalar() {
                None | Some(Scalar::Str(_)) => return true,
                Some(Scalar::Null) => "empty",
                Some(Scalar::Bool(_)) => "a boolean",
                Some(Scalar::Int(_) | Scalar::Float(_)) => "a number",
                Some(Scalar::Timestamp(_)) => "a date",
            },
        };
        let span = if key.span().is_empty() { entry.span() } else { key.span() };
        let text = key.raw_str().unwrap_or_default();
        if let Some(violation) = self.report(ViolationKind::WrongType, span, "key") {
            violation.message = format!("this key is {what}, and keys are texts");
            violation.help = match key.kind() {
                Kind::Scalar if !text.is_empty() => Some(format!("write `\"{text}\"`")),
                _ => Some("write a text".to_owned()),
            };
        }
        false
    }

    fn odd_name(&mut self, entry: Entry<'t>, name: Name<'t>) {
        let text = entry.name();
        if let Some(violation) = self.report(ViolationKind::InvalidValue, entry.key.span(), "name") {
            violation.message = match name {
                Name::Key("services") => format!("`{text}` is not a name that a service can have"),
                _ => format!("`{text}` is not a name that {} can have", name.words()),
            };
            if let Name::Key(section @ ("services" | "volumes" | "secrets" | "configs")) = name {
                let noun = section.strip_suffix('s').unwrap_or(section);
                violation.message = format!("`{text}` is not a name that a {noun} can have");
            }
            violation.help = Some("write letters, digits, `.`, `_` and `-` only".to_owned());
        }
    }

    fn unknown(&mut self, map: &'static Map, entry: Entry<'t>, mapping: Yaml<'t>) {
        let text = entry.name();
        let is_looked = self.looks < MAX_LOOKS;
        self.looks += 1;
        let above: Vec<&'static Map> = self.above.iter().map(|above| above.map).collect();
        let hint = if is_looked { help::of_unknown(map, &above, entry, mapping) } else { None };
        let label = match &hint {
            Some(hint) if hint.shows_holder => self
                .above
                .iter()
                .rev()
                .find_map(|above| above.key)
                .map(|span| (span, "indented into this".to_owned())),
            _ => None,
        };
        let shown = if text.len() <= 80 { format!("`{text}`") } else { "this".to_owned() };
        if let Some(violation) = self.report(ViolationKind::UnknownKey, entry.key.span(), "") {
            violation.message = format!("{shown} is not a key of {}", map.noun);
            violation.label = label;
            match hint {
                Some(hint) => {
                    violation.help = Some(hint.help);
                    violation.fix = hint.fix;
                }
                None if map.extensions => {
                    violation.help =
                        Some("remove it, or start it with `x-` to have the engine ignore it".into());
                }
                None => violation.help = Some("remove it".into()),
            }
        }
    }

    /// Judges a document without `services`: if some of its keys are services, the document is one of
    /// the first format.
    fn legacy(&mut self, root: Yaml<'t>) {
        let map = table::ROOT.map.expect("the document is a mapping");
        let is_service = |entry: &Entry<'t>| {
            map.key(entry.name()).is_none()
                && !entry.name().starts_with("x-")
                && OF_SERVICES.iter().any(|key| entry.value.entry(key).is_some())
        };
        let first = root.entries().find(is_service);
        self.above.push(Above { map, key: None });
        for entry in root.entries().filter(|entry| !is_service(entry)) {
            self.entry(map, entry, root, Name::Document);
        }
        self.above.pop();
        let Some(first) = first else { return };
        let count = root.entries().filter(is_service).count();
        self.service = None;
        if let Some(violation) = self.report(ViolationKind::LegacyFile, first.key.span(), "") {
            violation.message = match count {
                1 => format!(
                    "the service `{}` stands at the top level, as in the first Compose format",
                    first.name()
                ),
                _ => format!("{count} services stand at the top level, as in the first Compose format"),
            };
            violation.help = Some("write `services:` above and indent what is below it".to_owned());
        }
    }
}

fn is_reset(value: Yaml<'_>) -> bool {
    value.tag().is_some_and(|tag| &*tag.name == "!reset")
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// Whether a mapping looks like a service.
pub(super) fn is_like_a_service(value: Yaml<'_>) -> bool {
    ["image", "build"].iter().any(|key| value.entry(key).is_some())
}

/// What is accepted, in words.
pub(super) fn accepted(node: &Node) -> String {
    let mut parts: Vec<String> = Vec::new();
    let form = node.text.as_ref().and_then(|text| text.form);
    match &node.text {
        Some(text) if !text.values.is_empty() => {
            parts.extend(text.values.iter().map(|value| format!("`{value}`")));
        }
        Some(_) if form == Some(Form::Boolean) => {}
        Some(_) => parts.push(form.map_or("a text", Form::words).to_owned()),
        None => {}
    }
    if let Some(number) = &node.number
        && form.is_none()
    {
        parts.push(if number.whole { "a whole number" } else { "a number" }.to_owned());
    }
    if node.boolean {
        parts.extend(["`true`", "`false`"].map(str::to_owned));
    }
    if node.list.is_some() {
        parts.push("a list".to_owned());
    }
    if node.map.is_some() {
        parts.push("a mapping".to_owned());
    }
    joined(&parts)
}

/// What is there instead, in words.
fn given(node: &Node, value: Yaml<'_>) -> String {
    match value.kind() {
        Kind::Mapping => "this is a mapping".to_owned(),
        Kind::Sequence => "this is a list".to_owned(),
        Kind::Scalar => match value.scalar() {
            None => "this is a text".to_owned(),
            Some(Scalar::Null) => "has no value".to_owned(),
            Some(Scalar::Bool(value)) => format!("this is the boolean `{value}`"),
            Some(Scalar::Int(_)) => "this is a number".to_owned(),
            Some(Scalar::Float(_)) if node.number.is_some() => "this is a fraction".to_owned(),
            Some(Scalar::Float(_)) => "this is a number".to_owned(),
            Some(Scalar::Timestamp(_) | Scalar::Str(_)) => "this is a text".to_owned(),
        },
    }
}
