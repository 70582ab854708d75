//! What the Compose Specification allows, as `schemas/compose.schema.json` says it, judged on the
//! spanned tree of a file.
//!
//! The engine judges each file once its variables are in place and the earlier ones are merged below
//! it, and stops at the first violation. Here every violation is found, at the bytes that make it. The
//! schema is compiled into static tables (`schema/table.rs`), which a test writes.

mod check;
mod form;
mod help;
mod node;
mod table;

use std::collections::HashMap;

use crate::diagnostic::Fix;
use crate::source::{SourceId, SourceMap, Span};
use crate::yaml::{Tree, Yaml};

/// The schema of Compose files.
pub const COMPOSE: &str = include_str!("../schemas/compose.schema.json");

/// The schema of the configuration.
pub const CONFIG: &str = include_str!("../schemas/config.schema.json");

/// The schema of the report that `check --format json` prints.
pub const REPORT: &str = include_str!("../schemas/report.schema.json");

/// What kind of thing is wrong.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ViolationKind {
    /// A key that the specification does not have.
    UnknownKey,
    /// A value of another type than the specification's.
    WrongType,
    /// A value of the right type that is written wrongly.
    InvalidValue,
    /// A key that is required and not there.
    MissingKey,
    /// Services at the top level.
    LegacyFile,
}

/// Something that the engine refuses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// What kind of thing it is.
    pub kind: ViolationKind,
    /// The bytes at fault: a key that is unknown, a value, the key of what lacks another.
    pub span: Span,
    /// The service that it is in.
    pub service: Option<String>,
    /// The fact.
    pub message: String,
    /// What to write.
    pub help: Option<String>,
    /// Another place that explains it.
    pub label: Option<(Span, String)>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// Whether the engine reads the value and fails no sooner than it makes the containers.
    pub is_late: bool,
    /// What another file may supply, so that it is none.
    pub lack: Option<Lack>,
}

/// A value that is absent in one file, and may be in another that it is merged with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lack {
    /// The keys that lead to the value.
    path: Vec<String>,
}

impl Lack {
    /// The name of the service that is waited for, if it is how that is absent.
    pub fn dependency(&self) -> Option<&str> {
        match self.path.as_slice() {
            [_, _, section, name, _] if section == "depends_on" => Some(name),
            _ => None,
        }
    }
}

/// A merged document, in which values are looked for that one of its files lacks.
#[derive(Debug)]
pub struct Merged<'t> {
    /// The sections by name.
    sections: HashMap<&'t str, Yaml<'t>>,
    /// What each section holds, by the names of both.
    named: HashMap<(&'t str, &'t str), Yaml<'t>>,
}

impl<'t> Merged<'t> {
    /// The document.
    pub fn new(document: &'t Tree) -> Self {
        let mut merged = Self { sections: HashMap::new(), named: HashMap::new() };
        for section in document.root().into_iter().flat_map(Yaml::entries) {
            merged.sections.insert(section.name(), section.value);
            let named = section.value.entries().map(|it| ((section.name(), it.name()), it.value));
            merged.named.extend(named);
        }
        merged
    }

    /// Whether the document has the value, or may have it from elsewhere.
    pub fn supplies(&self, lack: &Lack) -> bool {
        let (found, rest) = match lack.path.as_slice() {
            [] => return false,
            [section] => (self.sections.get(section.as_str()), &[][..]),
            [section, name, rest @ ..] => (self.named.get(&(section.as_str(), name.as_str())), rest),
        };
        let Some(mut node) = found.copied() else { return false };
        // An `extends` that is still there leads out of reach.
        let is_of_service = lack.path[0] == "services" && rest.first().is_some_and(|key| key != "extends");
        if is_of_service && node.get("extends").is_some() {
            return true;
        }
        for key in rest {
            let Some(value) = node.get(key) else { return false };
            node = value;
        }
        !node.is_null()
    }
}

/// What is wrong with a document whose aliases are resolved and whose known variables are in place, in
/// source order; what an alias repeats, once.
pub fn check(document: &Tree) -> Vec<Violation> {
    check::document(document)
}

/// What is wrong with one service, in source order.
pub fn check_service(name: &str, service: Yaml<'_>) -> Vec<Violation> {
    check::service(name, service)
}

/// Whether a text is of a format that the schema names; `None` if it names no such format. Elsewhere
/// than in these checks the formats only say how a text is written.
pub fn is_of_format(format: &str, text: &str) -> Option<bool> {
    let (_, form) = form::FORMS.iter().find(|(name, _)| *name == format)?;
    let map = SourceMap::verbatim(Span::new(SourceId(0), 0, text.len()));
    Some(form.judge(text, &map).is_ok())
}

/// The formats that the schema may name.
pub fn formats() -> impl Iterator<Item = &'static str> {
    form::FORMS.iter().map(|(name, _)| *name)
}
