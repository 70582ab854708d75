//! Writes comments that silence what is found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::{FileSuppressions, Keyword, Suppression, Suppressions, is_about_suppressions};
use crate::compose::file::{ComposeFile, DockerfileFile, Workspace};
use crate::dockerfile::Dockerfile;
use crate::fs::FileSystem;
use crate::lint::{Request, check_in};
use crate::report::{Failure, Report};
use crate::source::{Source, SourceId, SourceMap, Span};
use crate::yaml::parse::parse;
use crate::yaml::{Kind, Style, Tree};

/// The number of times that what is still found is looked at again.
const MAX_ROUNDS: usize = 4;

/// What writing comments changes in one file.
#[derive(Clone, Debug)]
pub struct Change {
    /// The file.
    pub path: PathBuf,
    /// The text that it has.
    pub original: String,
    /// The text with the comments.
    pub text: String,
}

/// What writing comments changes.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The files that change, by path.
    pub changes: Vec<Change>,
    /// The number of findings that are silenced.
    pub silenced: usize,
}

/// Where a comment goes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Target {
    /// Above the line that starts at `line`, where it belongs to the node or instruction of `scope`.
    Node { line: usize, scope: (u32, u32) },
    /// Above the line that starts there, for the whole file.
    File { line: usize },
}

/// The comments that silence each finding of `report` that nothing silences yet, with `reason` behind
/// them. What is wrong with comments and with YAML itself cannot be silenced. `silence` is asked of each
/// later report to silence what is known otherwise.
pub fn plan(
    fs: &dyn FileSystem,
    request: &Request,
    report: &Report,
    reason: Option<&str>,
    silence: &dyn Fn(&mut Report),
) -> Plan {
    let mut texts: BTreeMap<PathBuf, (String, String, bool)> = BTreeMap::new();
    let mut next = None;
    for round in 0..MAX_ROUNDS {
        let report = next.as_ref().unwrap_or(report);
        let changed = add(report, reason, round + 1 == MAX_ROUNDS, &mut texts);
        if !changed {
            break;
        }
        let workspace = Workspace::new(fs);
        for (path, (_, text, is_compose)) in &texts {
            workspace.provide(path, text.clone().into_bytes(), *is_compose);
        }
        let mut report = check_in(workspace, request);
        silence(&mut report);
        next = Some(report);
    }
    let count = |report: &Report| report.diagnostics.iter().filter(|it| !it.is_suppressed()).count();
    let left = next.as_ref().map_or_else(|| count(report), count);
    Plan {
        silenced: count(report).saturating_sub(left),
        changes: texts
            .into_iter()
            .filter(|(_, (original, text, _))| original != text)
            .map(|(path, (original, text, _))| Change { path, original, text })
            .collect(),
    }
}

impl Plan {
    /// Writes the files, each whole or not at all; the failures say which could not be written.
    pub fn write(&self, fs: &dyn FileSystem) -> Vec<Failure> {
        let write = |change: &Change| {
            let outcome = fs.write_atomic(&change.path, change.original.as_bytes(), change.text.as_bytes());
            outcome.err().map(|error| Failure {
                path: Some(change.path.clone()),
                message: format!("cannot write `{}`: {error}", change.path.display()),
            })
        };
        self.changes.iter().filter_map(write).collect()
    }
}

/// Adds comments for what `report` has to the texts, which are those that the report is about; says
/// whether a text changed. `for_files` silences whole files.
fn add(
    report: &Report,
    reason: Option<&str>,
    for_files: bool,
    texts: &mut BTreeMap<PathBuf, (String, String, bool)>,
) -> bool {
    let mut changed = false;
    let mut found: BTreeMap<_, Vec<(Span, &'static str)>> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        let is_compose = report.compose_files.contains(&diagnostic.span.source);
        let is_ours = is_compose || report.dockerfiles.contains(&diagnostic.span.source);
        if is_ours && !diagnostic.is_suppressed() && !is_about_suppressions(diagnostic.rule) {
            let key = (diagnostic.span.source, is_compose);
            found.entry(key).or_default().push((diagnostic.span, diagnostic.rule.name));
        }
    }
    for ((id, is_compose), mut findings) in found {
        findings.sort_by_key(|(span, rule)| (span.start, std::cmp::Reverse(span.end), *rule));
        let source = report.sources.get(id);
        if source.invalid_utf8().is_some() {
            continue;
        }
        let Some(text) = silenced(report, &source, id, &findings, reason, for_files) else { continue };
        let path = source.path().to_owned();
        let entry = texts
            .entry(path)
            .or_insert_with(|| (source.text().to_owned(), source.text().to_owned(), is_compose));
        changed |= entry.1 != text;
        entry.1 = text;
    }
    changed
}

/// The text with the comments for `findings`, which are in the order of their starts. `None` for a
/// file that cannot be read to its end.
fn silenced(
    report: &Report,
    source: &Source,
    id: SourceId,
    findings: &[(Span, &'static str)],
    reason: Option<&str>,
    for_files: bool,
) -> Option<String> {
    let text = source.text();
    let shared = source.shared_text();
    let (owners, top, suppressions) = if report.compose_files.contains(&id) {
        let parsed = parse(id, &shared);
        if !parsed.problems.is_empty() {
            return None;
        }
        let top = parsed.documents.first().and_then(Tree::root).map_or(0, |root| root.span().start as usize);
        let owners = parsed.documents.iter().flat_map(|tree| block_nodes(tree, text)).collect();
        let (documents, problems) = (parsed.documents, parsed.problems);
        let file = ComposeFile { source: id, path: source.path().to_owned(), documents, problems };
        (owners, top, Suppressions::collect(&[Arc::new(file)], &[], &report.sources))
    } else {
        let map = SourceMap::verbatim(Span::new(id, 0, text.len()));
        let dockerfile = Dockerfile::parse(text, &map);
        let owners: Vec<Owner> = dockerfile
            .instructions()
            .iter()
            .map(|it| Owner { start: it.span.start, end: it.span.end, line: line_start(text, it.span.start) })
            .collect();
        let top = owners.first().map_or(text.len(), |owner| owner.start as usize);
        let (path, inline, problems) = (source.path().to_owned(), false, Vec::new());
        let file = DockerfileFile { source: id, path, dockerfile, inline, ignore: None, problems };
        (owners, top, Suppressions::collect(&[], &[Arc::new(file)], &report.sources))
    };
    let mut wanted: BTreeMap<Target, BTreeSet<&'static str>> = BTreeMap::new();
    for ((_, rule), owner) in findings.iter().zip(innermost(&owners, findings)) {
        let target = match owner.filter(|_| !for_files) {
            Some(owner) => Target::Node { line: owner.line, scope: (owner.start, owner.end) },
            None => Target::File { line: line_start(text, top as u32) },
        };
        wanted.entry(target).or_default().insert(rule);
    }
    Some(edited(text, &wanted, suppressions.of(id), reason))
}

/// Something that a comment can stand above.
#[derive(Copy, Clone, Debug)]
struct Owner {
    start: u32,
    end: u32,
    /// The start of the line on which it starts.
    line: usize,
}

/// The keys and items in block style that have nothing but spaces and dashes before them on their line,
/// in the order of their starts; of those with one line only the first, which has the others in it.
fn block_nodes(tree: &Tree, text: &str) -> Vec<Owner> {
    let mut owners = Vec::new();
    let is_first = |line: usize, start: u32| {
        let before = text[line..start as usize].trim_start_matches('\u{feff}');
        !before.starts_with("---") && before.bytes().all(|byte| matches!(byte, b' ' | b'-'))
    };
    let mut add = |span: Span| {
        let line = line_start(text, span.start);
        if is_first(line, span.start) {
            owners.push(Owner { start: span.start, end: span.end, line });
        }
    };
    for node in tree.nodes().filter(|node| node.style() == Style::Block && !node.is_alias()) {
        match node.kind() {
            Kind::Mapping => node.entries().for_each(|entry| add(entry.span())),
            Kind::Sequence => node.items().for_each(|item| add(item.span())),
            Kind::Scalar => {}
        }
    }
    owners.sort_by_key(|owner| (owner.start, std::cmp::Reverse(owner.end)));
    owners.dedup_by_key(|owner| owner.line);
    owners
}

/// The innermost of `owners` around each finding; both are in the order of their starts, and of two
/// owners that overlap one is in the other.
fn innermost(owners: &[Owner], findings: &[(Span, &'static str)]) -> Vec<Option<Owner>> {
    let mut open: Vec<Owner> = Vec::new();
    let mut owners = owners.iter().peekable();
    let of_finding = |(span, _): &(Span, &'static str)| {
        while let Some(owner) = owners.next_if(|owner| owner.start <= span.start) {
            while open.last().is_some_and(|last| last.end <= owner.start) {
                open.pop();
            }
            open.push(*owner);
        }
        open.iter().rev().find(|owner| span.end <= owner.end && span.start <= owner.end).copied()
    };
    findings.iter().map(of_finding).collect()
}

/// The text with the comments of `wanted`, put into those that are there for the same bytes.
fn edited(
    text: &str,
    wanted: &BTreeMap<Target, BTreeSet<&'static str>>,
    present: Option<&FileSuppressions>,
    reason: Option<&str>,
) -> String {
    let mut edits: Vec<(usize, String)> = Vec::new();
    for (target, rules) in wanted {
        let fits = |comment: &&Suppression| {
            let scope = comment.scope.map(|scope| (scope.start, scope.end));
            let is_place = match target {
                Target::Node { scope: wanted, .. } => {
                    comment.keyword == Some(Keyword::Ignore) && scope == Some(*wanted)
                }
                Target::File { .. } => comment.keyword == Some(Keyword::IgnoreFile),
            };
            is_place
                && comment.is_effective()
                && !comment.is_inline
                && (reason.is_none() || comment.reason.is_none() || comment.reason.as_deref() == reason)
        };
        if let Some(comment) = present.and_then(|file| file.own().iter().find(fits)) {
            let names: Vec<&str> = rules
                .iter()
                .copied()
                .filter(|rule| !comment.names.iter().any(|name| name.text == *rule))
                .collect();
            let Some(last) = comment.names.last().filter(|_| !names.is_empty()) else { continue };
            edits.push((last.span.end as usize, format!(", {}", names.join(", "))));
            if let Some(reason) = reason.filter(|_| comment.reason.is_none()) {
                edits.push((comment.list_end as usize + 1, format!(" -- {reason}")));
            }
            continue;
        }
        let (line, keyword) = match target {
            Target::Node { line, .. } => (*line, Keyword::Ignore),
            Target::File { line } => (*line, Keyword::IgnoreFile),
        };
        let mark = text[line..].len() - text[line..].trim_start_matches('\u{feff}').len();
        let line = line + mark;
        let rest = &text[line..];
        let indent = &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()];
        let rules: Vec<&str> = rules.iter().copied().collect();
        let behind = reason.map_or(String::new(), |reason| format!(" -- {reason}"));
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        // Where the last line has no end, as in a file without content.
        let open = line > 0 && line == text.len() && !text.ends_with(['\n', '\r']);
        let before = if open { newline } else { "" };
        let comment = format!(
            "{before}{indent}# composelint: {}[{}]{behind}{newline}",
            keyword.name(),
            rules.join(", ")
        );
        edits.push((line, comment));
    }
    edits.sort_by_key(|(at, _)| *at);
    let mut edited = String::with_capacity(text.len() + edits.len() * 64);
    let mut from = 0;
    for (at, insertion) in edits {
        edited.push_str(&text[from..at]);
        edited.push_str(&insertion);
        from = at;
    }
    edited.push_str(&text[from..]);
    edited
}

/// The start of the line with the byte at `offset`.
fn line_start(text: &str, offset: u32) -> usize {
    let offset = (offset as usize).min(text.len());
    text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1)
}
