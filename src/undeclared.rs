//! Names that services use and the project does not declare: what the rules `undefined-…` share.

use std::collections::{HashMap, HashSet};

use crate::compose::project::Project;
use crate::compose::section::Section;
use crate::compose::service::Service;
use crate::diagnostic::{Applicability, Fix};
use crate::nearest::{MAX_LOOKS, nearest};
use crate::rule::Context;
use crate::source::{SourceId, Spanned};
use crate::yaml::edit::{self, Value};

/// Words that are no text as a YAML key.
const NO_TEXT: &[&str] = &["false", "n", "no", "null", "off", "on", "true", "y", "yes"];

/// The number of names that every one of their findings offers to declare at once; of more, the first.
const MAX_NAMES: usize = 50;

/// Reports the names of `section` that services use and the project does not declare.
pub fn report(project: &Project, section: Section, cx: &mut Context<'_>) {
    if project.is_open() {
        return;
    }
    let Some(declared) = section.declared(project) else { return };
    let known: HashSet<&str> = declared.iter().copied().collect();
    let mut used: Vec<(Service<'_>, Spanned<&str>)> = Vec::new();
    let mut near: HashMap<&str, Option<&str>> = HashMap::new();
    // The names to declare in each file, in source order: not those that are probably misspelt.
    let mut new: HashMap<SourceId, Vec<&str>> = HashMap::new();
    let mut listed: HashSet<(SourceId, &str)> = HashSet::new();
    for service in project.services() {
        for name in section.used_by(service) {
            let (text, source) = (name.value, name.span.source);
            if known.contains(text) {
                continue;
            }
            used.push((service, name));
            let looks = near.len();
            let like = near.entry(text).or_insert_with(|| {
                if looks < MAX_LOOKS { nearest(text, declared.iter().copied()) } else { None }
            });
            if like.is_none() && is_plain(text) && listed.insert((source, text)) {
                new.entry(source).or_default().push(text);
            }
        }
    }
    let mut fixes: HashMap<SourceId, Option<Fix>> = HashMap::new();
    for (service, name) in used {
        let (text, source) = (name.value, name.span.source);
        let (key, noun) = (section.key(), section.noun());
        let help = match near.get(text) {
            Some(Some(near)) => format!("write `{near}`, or declare `{text}` under `{key}`"),
            _ if section == Section::Volumes && text.contains('/') => {
                format!("write `./{text}` for a path of the host")
            }
            _ => format!("declare `{text}` under `{key}`"),
        };
        let mut fix = None;
        if listed.contains(&(source, text))
            && let Some(names) = new.get(&source)
            && (names.len() <= MAX_NAMES || names.first() == Some(&text))
        {
            fix.clone_from(fixes.entry(source).or_insert_with(|| declare(project, section, names, source)));
        }
        cx.report(name.span, format!("uses the {noun} `{text}`, which the project does not declare"))
            .subject(service.name())
            .help(help)
            .fix(fix);
    }
}

/// Declares the names in the file, all at once so that one pass mends them all.
fn declare(project: &Project, section: Section, names: &[&str], source: SourceId) -> Option<Fix> {
    // Secrets, configs and models need a source that nobody knows.
    if !matches!(section, Section::Networks | Section::Volumes) {
        return None;
    }
    let file = project.files().iter().find(|file| file.source == source)?;
    let [document] = file.documents.as_slice() else { return None };
    let entries: Vec<(&str, Value)> = names.iter().map(|name| (*name, Value::Null)).collect();
    let edits = edit::add_keys(document.root()?, section.key(), &entries)?;
    let title = match names {
        [name] => format!("declare `{name}` under `{}`", section.key()),
        [first, others @ ..] => {
            format!("declare `{first}` and {} more under `{}`", others.len(), section.key())
        }
        [] => return None,
    };
    Some(Fix { title, applicability: Applicability::Unsafe, edits })
}

/// Whether the name can stand as a key without quotes.
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        && NO_TEXT.binary_search(&name.to_ascii_lowercase().as_str()).is_err()
}
