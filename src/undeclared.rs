//! Names that services use and the project does not declare: what the rules `undefined-…` share.

use crate::compose::project::Project;
use crate::compose::section::Section;
use crate::compose::service::Service;
use crate::diagnostic::{Applicability, Fix};
use crate::nearest::nearest;
use crate::rule::Context;
use crate::source::SourceId;
use crate::yaml::edit;

/// Words that are no text as a YAML key.
const NO_TEXT: &[&str] = &["false", "n", "no", "null", "off", "on", "true", "y", "yes"];

/// Reports the names of `section` that the service uses and the project does not declare.
pub fn report(service: Service<'_>, section: Section, cx: &mut Context<'_>) {
    let project = service.project();
    if project.is_open() {
        return;
    }
    let used = section.used_by(service);
    if used.is_empty() {
        return;
    }
    let Some(declared) = section.declared(project) else { return };
    let (key, noun) = (section.key(), section.noun());
    for name in used {
        let text = name.value;
        if declared.contains(&text) {
            continue;
        }
        let near = nearest(text, declared.iter().copied());
        let help = match near {
            Some(near) => format!("write `{near}`, or declare `{text}` under `{key}`"),
            None if section == Section::Volumes && text.contains('/') => {
                format!("write `./{text}` for a path of the host")
            }
            None => format!("declare `{text}` under `{key}`"),
        };
        cx.report(name.span, format!("uses the {noun} `{text}`, which the project does not declare"))
            .help(help)
            .fix(declare(project, section, text, name.span.source));
    }
}

/// Declares every undeclared name that is used in the file, so that one pass mends them all; without
/// those that are probably misspelt.
fn declare(project: &Project, section: Section, name: &str, source: SourceId) -> Option<Fix> {
    // Secrets, configs and models need a source that nobody knows.
    if !matches!(section, Section::Networks | Section::Volumes) {
        return None;
    }
    let declared = section.declared(project)?;
    let is_new = |name: &str| {
        is_plain(name) && !declared.contains(&name) && nearest(name, declared.iter().copied()).is_none()
    };
    if !is_new(name) {
        return None;
    }
    let mut names: Vec<&str> = Vec::new();
    for service in project.services() {
        for used in section.used_by(service) {
            if used.span.source == source && !names.contains(&used.value) && is_new(used.value) {
                names.push(used.value);
            }
        }
    }
    let file = project.files().iter().find(|file| file.source == source)?;
    let [document] = file.documents.as_slice() else { return None };
    let edit = edit::add_keys(document.root()?, section.key(), &names, document.text(source)?)?;
    Some(Fix {
        title: format!("declare `{}` under `{}`", names.join("`, `"), section.key()),
        applicability: Applicability::Unsafe,
        edits: vec![edit],
    })
}

/// Whether the name can stand as a key without quotes.
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        && NO_TEXT.binary_search(&name.to_ascii_lowercase().as_str()).is_err()
}
