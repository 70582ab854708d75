//! Names that a project declares and no service uses: what the rules `unused-…` share.

use std::collections::{BTreeMap, HashSet};

use crate::compose::project::Project;
use crate::compose::section::Section;
use crate::diagnostic::{Applicability, Fix};
use crate::rule::Context;
use crate::source::{SourceId, Span};
use crate::yaml::{Kind, Yaml, edit};

/// The number of names that are removed at once.
const MAX_NAMES: usize = 50;

/// Reports the names of `section` that the project declares in its own files and no service uses.
pub fn report(project: &Project, section: Section, cx: &mut Context<'_>) {
    if project.is_open() || project.deployment.is_fragment || project.service_names().next().is_none() {
        return;
    }
    let Some(declared) = project.root().and_then(|root| root.get(section.key())) else { return };
    let Some(used) = used(project, section) else { return };
    let commented = commented(project);
    let mut unused: Vec<(&str, Span)> = Vec::new();
    for entry in declared.entries() {
        let name = entry.name();
        let is_default = section == Section::Networks && name == "default";
        if is_default || name.starts_with("x-") || used.contains(name) || !project.is_own(entry.key) {
            continue;
        }
        if commented.contains(name) {
            continue;
        }
        // A program may start containers itself and give them what has a name of its own.
        let own_name = entry.value.get("name").and_then(Yaml::raw_str).unwrap_or_default();
        if !own_name.is_empty() && used.contains(own_name) {
            continue;
        }
        unused.push((name, entry.key.span()));
    }
    let mut of_files: BTreeMap<SourceId, Vec<&str>> = BTreeMap::new();
    for (name, span) in &unused {
        of_files.entry(span.source).or_default().push(name);
    }
    let fixes: BTreeMap<SourceId, Option<Fix>> = of_files
        .into_iter()
        .map(|(source, names)| (source, remove(project, section, source, &names)))
        .collect();
    for (name, span) in unused {
        let noun = section.noun();
        cx.report(span, format!("the {noun} `{name}` is declared, and no service uses it"))
            .everywhere()
            .help("remove it, or give it to the service that it is for")
            .fix(fixes.get(&span.source).cloned().flatten());
    }
}

/// The words of comments that hold what may be YAML, as those do that keep a service for another time.
fn commented(project: &Project) -> HashSet<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let documents = project.files().iter().flat_map(|file| &file.documents);
    let comments = documents.flat_map(|document| {
        document
            .comments()
            .iter()
            .filter_map(|comment| document.text(comment.span.source)?.get(comment.span.range()))
    });
    comments
        .filter(|text| text.contains([':', '-']))
        .flat_map(|text| text.split(move |c| !is_word(c)))
        .filter(|word| !word.is_empty())
        .collect()
}

/// What services use: names, and texts that are nothing but a name. `None` if one cannot be told.
fn used(project: &Project, section: Section) -> Option<HashSet<&str>> {
    let mut used: HashSet<&str> = HashSet::new();
    for service in project.service_names().filter_map(|name| project.service(name)) {
        if !service.is_in_view() {
            return None;
        }
        used.extend(section.used_by(service).iter().map(|name| name.value));
        let build = service.get("build");
        for value in [service.get(section.key()), build.and_then(|build| build.get(section.key()))] {
            for item in value.into_iter().flat_map(Yaml::items) {
                let name = if item.kind() == Kind::Mapping { item.get("source") } else { Some(item) };
                // What a variable without a value names may be any of them.
                if name.is_some_and(|name| name.is_unknown() && is_unknown_name(name, section)) {
                    return None;
                }
                used.extend(name.and_then(Yaml::as_str));
            }
        }
        texts(service.yaml(), &mut used);
    }
    Some(used)
}

/// Whether the name in an item, and not only what follows it, depends on a variable.
fn is_unknown_name(item: Yaml<'_>, section: Section) -> bool {
    let text = item.raw_str().unwrap_or_default();
    match section {
        Section::Volumes => text.split(':').next().is_none_or(|name| name.contains('$')),
        _ => true,
    }
}

/// Adds the texts below a node, and what stands behind the `=` of a text.
fn texts<'p>(node: Yaml<'p>, used: &mut HashSet<&'p str>) {
    match node.kind() {
        Kind::Scalar => {
            if let Some(text) = node.as_str() {
                used.insert(text);
                used.extend(text.split_once('=').map(|(_, value)| value));
            }
        }
        Kind::Sequence => node.items().for_each(|item| texts(item, used)),
        Kind::Mapping => node.entries().for_each(|entry| texts(entry.value, used)),
    }
}

/// The fix that removes the names from one file, all at once so that no empty section is left. `None`
/// where another file speaks of one of them too, or the text does not allow it.
fn remove(project: &Project, section: Section, source: SourceId, names: &[&str]) -> Option<Fix> {
    if names.len() > MAX_NAMES {
        return None;
    }
    let file = project.files().iter().find(|file| file.source == source)?;
    let others = project.files().iter().filter(|other| other.source != source);
    let has_name = |root: Yaml<'_>| {
        root.get(section.key()).is_some_and(|declared| names.iter().any(|name| declared.get(name).is_some()))
    };
    if others.flat_map(|other| &other.documents).filter_map(|document| document.root()).any(has_name) {
        return None;
    }
    let [document] = file.documents.as_slice() else { return None };
    let edits = edit::remove_keys(document.root()?, section.key(), names)?;
    let title = match names {
        [name] => format!("remove `{name}`"),
        [first, others @ ..] => {
            format!("remove `{first}` and {} more from `{}`", others.len(), section.key())
        }
        [] => return None,
    };
    Some(Fix { title, applicability: Applicability::Unsafe, edits })
}
