//! SARIF 2.1.0, for code scanning.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::json::write_escaped;
use super::{Files, Options, shown_path};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::Report;
use crate::rule::Rule;
use crate::source::Span;

/// The log: one run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

/// 3.14: the run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool,
    column_kind: &'static str,
    invocations: [Invocation; 1],
    results: Vec<Outcome<'r>>,
}

/// 3.18: the tool.
#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

/// 3.19: the program.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

/// 3.49: a rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: String,
    short_description: Text,
    help: Help,
    default_configuration: Level,
    properties: RuleProperties,
}

/// 3.12: a message.
#[derive(Serialize)]
struct Text {
    text: String,
}

/// A message with markup.
#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

/// 3.50: what a rule reports unless a result says otherwise.
#[derive(Serialize)]
struct Level {
    level: &'static str,
}

/// What GitHub reads of a rule.
#[derive(Serialize)]
struct RuleProperties {
    tags: Vec<String>,
    precision: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    security_severity: Option<String>,
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    equivalents: &'static [&'static str],
}

/// 3.20: how the run went.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

/// 3.58: what could not be done.
#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
}

/// 3.27: a finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'r> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
    suppressions: Vec<Suppression>,
    properties: Properties<'r>,
}

/// 3.28: a place.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

/// 3.29: a place in a file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

/// 3.4: a file.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
}

/// 3.30: a half-open range of a file, in lines and columns from 1.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

/// 3.55: how to mend it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Text,
    artifact_changes: Vec<Change>,
}

/// 3.56: the edits of a file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

/// 3.57: an edit.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Text,
}

/// 3.35: why it is silenced.
#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<String>,
}

/// What SARIF has no word for.
#[derive(Serialize)]
struct Properties<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'r str>,
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    equivalents: &'r [&'static str],
}

/// Writes the log of `diagnostics`, the suppressed ones among them, and of the failures.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    report: &Report,
    files: &mut Files<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rules: BTreeMap<&'static str, &'static Rule> =
        diagnostics.iter().map(|diagnostic| (diagnostic.rule.name, diagnostic.rule)).collect();
    let index: BTreeMap<&'static str, usize> =
        rules.keys().enumerate().map(|(index, name)| (*name, index)).collect();
    let prints = fingerprints(diagnostics, files, &|file| file.raw_path.clone());
    let results = diagnostics
        .iter()
        .zip(prints)
        .map(|(diagnostic, print)| outcome(diagnostic, print, index[diagnostic.rule.name], files))
        .collect();
    let root = options.root.as_deref();
    let notification = |failure: &crate::report::Failure| Notification {
        level: "error",
        message: Text { text: failure.message.clone() },
        locations: failure
            .path
            .iter()
            .map(|path| Location {
                id: None,
                physical_location: Physical {
                    artifact_location: Artifact { uri: uri(&shown_path(path, root)) },
                    region: None,
                },
                message: None,
            })
            .collect(),
    };
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "composelint",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.values().map(|rule| descriptor(rule, (options.category)(rule))).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            invocations: [Invocation {
                execution_successful: report.failures.is_empty(),
                tool_execution_notifications: report.failures.iter().map(notification).collect(),
            }],
            results,
        }],
    };
    write_escaped(&serde_json::to_string_pretty(&log)?, out)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// What is written of a rule.
fn descriptor(rule: &Rule, category: &'static str) -> Descriptor {
    // GitHub takes what has the tag for a security finding, also the category of that name.
    let score = rule.stakes.score();
    let mut tags = vec![category.to_owned()];
    if score.is_some() && category != "security" {
        tags.push("security".to_owned());
    }
    tags.extend(rule.stakes.weaknesses.iter().map(|number| format!("external/cwe/cwe-{number:03}")));
    let mut name = String::with_capacity(rule.name.len());
    for word in rule.name.split(['-', '/', '.', '_']) {
        let mut chars = word.chars();
        name.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(chars.as_str());
    }
    Descriptor {
        id: rule.name,
        name,
        short_description: Text { text: rule.summary.to_owned() },
        help: match rule.page {
            // A policy explains itself in its file.
            "" => Help { text: rule.summary.to_owned(), markdown: rule.summary.to_owned() },
            page => Help {
                text: format!("{}. `composelint explain {}` says more.", rule.summary, rule.name),
                markdown: page.to_owned(),
            },
        },
        default_configuration: Level { level: level(rule.severity) },
        properties: RuleProperties {
            tags,
            precision: "high",
            security_severity: score.map(|score| score.to_string()),
            equivalents: rule.equivalents,
        },
    }
}

/// What is written of a finding.
fn outcome<'r>(
    diagnostic: &'r Diagnostic,
    fingerprint: String,
    rule_index: usize,
    files: &mut Files<'_>,
) -> Outcome<'r> {
    let file = files.get(diagnostic.span.source);
    let prose = |text: &str| file.secrets.mask_prose(text).into_owned();
    let mut text = prose(&diagnostic.message);
    if let Some(subject) = &diagnostic.subject {
        text = format!("{text} ({subject})");
    }
    if let Some(help) = &diagnostic.help {
        text = format!("{text}; {}", prose(help));
    }
    let related = diagnostic.labels.iter().enumerate().map(|(index, label)| Location {
        id: Some(index + 1),
        physical_location: physical(label.span, files),
        message: Some(Text { text: prose(&label.text) }),
    });
    let related_locations = related.collect();
    let fixes = diagnostic.fix.iter().filter_map(|fix| {
        let mut changes: Vec<Change> = Vec::new();
        for edit in &fix.edits {
            let edited = files.get(edit.span.source);
            // What is masked would be written into the file as stars.
            if file.secrets.mask(&edited.secrets.mask(&edit.text)) != edit.text {
                return None;
            }
            let place = physical(edit.span, files);
            let replacement = Replacement {
                deleted_region: place.region?,
                inserted_content: Text { text: edit.text.clone() },
            };
            let uri = place.artifact_location.uri;
            match changes.iter_mut().find(|change| change.artifact_location.uri == uri) {
                Some(change) => change.replacements.push(replacement),
                None => changes
                    .push(Change { artifact_location: Artifact { uri }, replacements: vec![replacement] }),
            }
        }
        Some(Fix { description: Text { text: prose(&fix.title) }, artifact_changes: changes })
    });
    Outcome {
        rule_id: diagnostic.rule.name,
        rule_index,
        level: level(diagnostic.severity),
        message: Text { text },
        fixes: fixes.collect(),
        locations: [Location {
            id: None,
            physical_location: physical(diagnostic.span, files),
            message: None,
        }],
        related_locations,
        partial_fingerprints: BTreeMap::from([("composelint/v1", fingerprint)]),
        suppressions: diagnostic
            .suppressed_by
            .iter()
            .map(|by| Suppression { kind: "inSource", justification: by.reason.as_deref().map(prose) })
            .chain(diagnostic.in_baseline.then_some(Suppression { kind: "external", justification: None }))
            .collect(),
        properties: Properties {
            subject: diagnostic.subject.as_deref(),
            equivalents: &diagnostic.equivalents,
        },
    }
}

/// `span` as a place in its file.
fn physical(span: Span, files: &mut Files<'_>) -> Physical {
    let file = files.get(span.source);
    let (start, end) = (file.position(span.start), file.position(span.end));
    Physical {
        artifact_location: Artifact { uri: uri(&file.raw_path) },
        region: Some(Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }),
    }
}

/// The level of a severity (3.27.10).
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// `path`, with `/` between its parts, as a reference (RFC 3986): relative where it is.
fn uri(path: &str) -> String {
    let mut written = String::with_capacity(path.len());
    if path.starts_with('/') {
        written.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                written.push(char::from(byte));
            }
            _ => written.push_str(&format!("%{byte:02X}")),
        }
    }
    written
}
