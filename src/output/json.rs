//! One JSON object: all that is known of each finding but the text of the files.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::masked::is_hidden;
use super::{Counts, Files, Options, shown_path};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::report::{self, DeploymentFiles, Report};
use crate::source::{self, SourceId};
use crate::stakes::Score;

/// The version of the shape; it grows when a field goes or changes its meaning.
const VERSION: u32 = 1;

/// The whole object.
#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    diagnostics: Vec<Finding<'r>>,
    suppressed: Vec<Finding<'r>>,
    failures: Vec<Failure<'r>>,
    fixed: Vec<Fixed<'r>>,
    refused: Vec<Refused<'r>>,
    deployments: Vec<Vec<String>>,
    summary: Summary,
}

/// A diagnostic; what it does not have is `null` or empty.
#[derive(Serialize)]
struct Finding<'r> {
    rule: &'static str,
    category: &'static str,
    severity: Severity,
    security_severity: Option<Score>,
    message: String,
    path: String,
    span: Span,
    subject: Option<&'r str>,
    labels: Vec<Place>,
    help: Option<String>,
    fix: Option<Fix>,
    equivalents: &'r [&'static str],
    deployments: Vec<Vec<String>>,
    suppressed: bool,
    suppression: Option<Suppression>,
    in_baseline: bool,
}

/// The comment that silences a finding.
#[derive(Serialize)]
struct Suppression {
    path: String,
    span: Span,
    reason: Option<String>,
}

/// A label or an edit: a place and a text.
#[derive(Serialize)]
struct Place {
    path: String,
    span: Span,
    text: String,
}

/// A fix with the edits that it is made of.
#[derive(Serialize)]
struct Fix {
    title: String,
    applicability: Applicability,
    edits: Vec<Place>,
}

/// A half-open range of a file.
#[derive(Serialize)]
struct Span {
    start: Position,
    end: Position,
}

/// A line and a column from 1, in characters, and an offset from 0, in bytes.
#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
    offset: u32,
}

/// What could not be done.
#[derive(Serialize)]
struct Failure<'r> {
    path: Option<String>,
    message: &'r str,
}

/// Fixes that are in a file now.
#[derive(Serialize)]
struct Fixed<'r> {
    path: String,
    rule: &'r str,
    count: usize,
}

/// A fix that was left out.
#[derive(Serialize)]
struct Refused<'r> {
    path: String,
    line: Option<u32>,
    rule: &'r str,
    subject: Option<&'r str>,
    message: String,
    reason: &'r str,
}

/// The numbers of unsuppressed findings by severity, of suppressed ones, and of files that were judged.
#[derive(Serialize)]
struct Summary {
    #[serde(flatten)]
    counts: Counts,
    suppressed: usize,
    files: usize,
}

/// Writes the object for `diagnostics`, the suppressed ones in a list of their own, so that who counts
/// the others need not know of them.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    report: &Report,
    files: &mut Files<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let root = options.root.as_deref();
    let deployments = deployments(report, root);
    let (suppressed, shown): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        diagnostics.iter().partition(|diagnostic| diagnostic.is_suppressed());
    let document = Document {
        version: VERSION,
        diagnostics: shown.iter().map(|it| finding(it, files, options, &deployments)).collect(),
        suppressed: suppressed.iter().map(|it| finding(it, files, options, &deployments)).collect(),
        failures: failures(report, root),
        fixed: fixed(report, root),
        refused: all_refused(diagnostics, report, files, root),
        summary: summary(diagnostics, report),
        deployments,
    };
    let text = serde_json::to_string_pretty(&document)?;
    write_escaped(&text, out)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// A line of [`render_lines`].
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'l, 'r> {
    Diagnostic(&'l Finding<'r>),
    Failure(&'l Failure<'r>),
    Fixed(&'l Fixed<'r>),
    Refused(&'l Refused<'r>),
    Summary(Summary),
}

/// Writes an object a line: the findings, the failures and the summary, each with its `type`.
pub(super) fn render_lines(
    diagnostics: &[&Diagnostic],
    report: &Report,
    files: &mut Files<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let root = options.root.as_deref();
    let deployments = deployments(report, root);
    let refused = all_refused(diagnostics, report, files, root);
    let mut write = |line: Line<'_, '_>| {
        write_escaped(&serde_json::to_string(&line)?, out)?;
        out.write_all(b"\n")
    };
    for diagnostic in diagnostics {
        write(Line::Diagnostic(&finding(diagnostic, files, options, &deployments)))?;
    }
    for failure in failures(report, root) {
        write(Line::Failure(&failure))?;
    }
    for fixed in fixed(report, root) {
        write(Line::Fixed(&fixed))?;
    }
    for refused in &refused {
        write(Line::Refused(refused))?;
    }
    write(Line::Summary(summary(diagnostics, report)))?;
    out.flush()
}

/// The numbers of `diagnostics`, the suppressed ones among them.
fn summary(diagnostics: &[&Diagnostic], report: &Report) -> Summary {
    Summary {
        counts: Counts::of(diagnostics),
        suppressed: diagnostics.iter().filter(|diagnostic| diagnostic.is_suppressed()).count(),
        files: report.checked_files,
    }
}

/// The files of each deployment of `report`.
fn deployments(report: &Report, root: Option<&Path>) -> Vec<Vec<String>> {
    let files =
        |deployment: &DeploymentFiles| deployment.files.iter().map(|file| shown_path(file, root)).collect();
    report.deployments.iter().map(files).collect()
}

/// The failures of `report`.
fn failures<'r>(report: &'r Report, root: Option<&Path>) -> Vec<Failure<'r>> {
    let failure = |failure: &'r report::Failure| Failure {
        path: failure.path.as_deref().map(|path| shown_path(path, root)),
        message: &failure.message,
    };
    report.failures.iter().map(failure).collect()
}

/// The fixes of `report` that are in its files now.
fn fixed<'r>(report: &'r Report, root: Option<&Path>) -> Vec<Fixed<'r>> {
    let fixed =
        |it: &'r report::Fixed| Fixed { path: shown_path(&it.path, root), rule: &it.rule, count: it.count };
    report.fixed.iter().map(fixed).collect()
}

/// The fixes of `report` that were left out; their files are those of `diagnostics`.
fn all_refused<'r>(
    diagnostics: &[&Diagnostic],
    report: &'r Report,
    files: &mut Files<'_>,
    root: Option<&Path>,
) -> Vec<Refused<'r>> {
    if report.refused.is_empty() {
        return Vec::new();
    }
    let source = |it: &&Diagnostic| (report.sources.get(it.span.source).path().to_owned(), it.span.source);
    let sources: BTreeMap<PathBuf, SourceId> = diagnostics.iter().map(source).collect();
    report.refused.iter().map(|it| refused(it, &sources, files, root)).collect()
}

/// What is written of a fix that was left out.
fn refused<'r>(
    it: &'r report::Refused,
    sources: &BTreeMap<PathBuf, SourceId>,
    files: &mut Files<'_>,
    root: Option<&Path>,
) -> Refused<'r> {
    let message = match sources.get(&it.path) {
        Some(source) => files.get(*source).secrets.mask_prose(&it.message).into_owned(),
        None => it.message.clone(),
    };
    Refused {
        path: shown_path(&it.path, root),
        line: it.line,
        rule: &it.rule,
        subject: it.subject.as_deref(),
        message,
        reason: &it.reason,
    }
}

/// What is written of `diagnostic`; `deployments` are the report's.
fn finding<'r>(
    diagnostic: &'r Diagnostic,
    files: &mut Files<'_>,
    options: &Options,
    deployments: &[Vec<String>],
) -> Finding<'r> {
    let file = files.get(diagnostic.span.source);
    let prose = |text: &str| file.secrets.mask_prose(text).into_owned();
    Finding {
        rule: diagnostic.rule.name,
        category: (options.category)(diagnostic.rule),
        severity: diagnostic.severity,
        security_severity: diagnostic.rule.stakes.score(),
        message: prose(&diagnostic.message),
        path: file.raw_path.clone(),
        span: span(diagnostic.span, files),
        subject: diagnostic.subject.as_deref(),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| {
                let labelled = files.get(label.span.source);
                Place {
                    path: labelled.raw_path.clone(),
                    span: span(label.span, files),
                    text: labelled.secrets.mask_prose(&prose(&label.text)).into_owned(),
                }
            })
            .collect(),
        help: diagnostic.help.as_deref().map(prose),
        fix: diagnostic.fix.as_ref().map(|fix| Fix {
            title: prose(&fix.title),
            applicability: fix.applicability,
            edits: fix
                .edits
                .iter()
                .map(|edit| {
                    let edited = files.get(edit.span.source);
                    Place {
                        path: edited.raw_path.clone(),
                        span: span(edit.span, files),
                        text: file.secrets.mask(&edited.secrets.mask(&edit.text)).into_owned(),
                    }
                })
                .collect(),
        }),
        equivalents: &diagnostic.equivalents,
        deployments: diagnostic
            .deployments
            .iter()
            .filter_map(|index| deployments.get(*index).cloned())
            .collect(),
        suppressed: diagnostic.is_suppressed(),
        in_baseline: diagnostic.in_baseline,
        suppression: diagnostic.suppressed_by.as_ref().map(|by| Suppression {
            path: files.get(by.span.source).raw_path.clone(),
            span: span(by.span, files),
            reason: by.reason.as_deref().map(prose),
        }),
    }
}

/// `span` with its lines and columns.
fn span(span: source::Span, files: &mut Files<'_>) -> Span {
    let file = files.get(span.source);
    let position = |offset| {
        let at = file.position(offset);
        Position { line: at.line, column: at.column, offset }
    };
    Span { start: position(span.start), end: position(span.end) }
}

/// Writes `json` with an escape for each hidden character; serde_json has those of ASCII's first 32,
/// and all others stand within strings.
pub(super) fn write_escaped(json: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut rest = json;
    while let Some(at) = rest.find(is_hidden) {
        out.write_all(&rest.as_bytes()[..at])?;
        let mut chars = rest[at..].chars();
        if let Some(char) = chars.next() {
            write!(out, "\\u{:04x}", u32::from(char))?;
        }
        rest = chars.as_str();
    }
    out.write_all(rest.as_bytes())
}
