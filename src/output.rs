//! Writes a report in the format that was asked for.
//!
//! Whatever a file says, nothing of it that a terminal obeys gets out, and no secret does.

mod checkstyle;
mod concise;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod masked;
mod rdjson;
mod sarif;
mod statistics;
mod suite;
#[cfg(test)]
mod tests;
mod text;
mod told;
mod xml;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::report::{Fixed, Report};
use crate::rule::Rule;
use crate::source::{Position, Source, SourceId};
use masked::{Secrets, masked, plain};
pub use suite::write_tests;

/// What a report is written as.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// Excerpts of the files with the findings drawn in, for people.
    Text,
    /// One line a finding.
    Concise,
    /// One JSON object, for programs; has the suppressed findings too.
    Json,
    /// A JSON object a line.
    JsonLines,
    /// SARIF 2.1.0, for code scanning; has the suppressed findings too.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// A code quality report for GitLab.
    Gitlab,
    /// A JUnit report.
    Junit,
    /// A checkstyle report.
    Checkstyle,
    /// The Reviewdog Diagnostic Format.
    Rdjson,
    /// A summary for a pull request.
    Markdown,
}

impl Format {
    /// Whether the format says itself what could not be done.
    pub fn has_failures(self) -> bool {
        !matches!(self, Self::Gitlab | Self::Rdjson)
    }
}

/// How a report is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether text is coloured; without it no escape sequence is written.
    pub color: bool,
    /// Whether lines are drawn with other characters than those of ASCII.
    pub unicode: bool,
    /// The columns of the terminal.
    pub width: usize,
    /// Whether infos are left out, in every format, and a summary of nothing as well.
    pub quiet: bool,
    /// The directory that paths are written relative to; `None` writes them as they are.
    pub root: Option<PathBuf>,
    /// The smallest severity that makes the run fail; it decides the summary's colour.
    pub fail_on: Severity,
    /// The category of a rule.
    pub category: fn(&Rule) -> &'static str,
}

/// Writes `report` to `out`; the findings are in the report's order. A closed pipe is an error like
/// any other.
///
/// # Errors
/// If `out` cannot be written to.
pub fn render(report: &Report, format: Format, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut files = Files::new(report, options.root.as_deref());
    let asked = |diagnostic: &&Diagnostic| !options.quiet || diagnostic.severity > Severity::Info;
    let diagnostics: Vec<&Diagnostic> = report.diagnostics.iter().filter(asked).collect();
    match format {
        Format::Json => return json::render(&diagnostics, report, &mut files, options, out),
        Format::JsonLines => return json::render_lines(&diagnostics, report, &mut files, options, out),
        Format::Sarif => return sarif::render(&diagnostics, report, &mut files, options, out),
        _ => {}
    }
    let shown: Vec<&Diagnostic> =
        diagnostics.into_iter().filter(|diagnostic| !diagnostic.is_suppressed()).collect();
    match format {
        Format::Github => return github::render(&shown, report, &mut files, options, out),
        Format::Gitlab => return gitlab::render(&shown, &mut files, options, out),
        Format::Junit => return junit::render(&shown, report, &mut files, options, out),
        Format::Checkstyle => return checkstyle::render(&shown, report, &mut files, options, out),
        Format::Rdjson => return rdjson::render(&shown, &mut files, out),
        Format::Markdown => return markdown::render(&shown, report, &mut files, options, out),
        Format::Concise => concise::render(&shown, &mut files, options, out)?,
        _ => text::render(&shown, report, &mut files, options, out)?,
    }
    write_failures(report, options, out)?;
    write_summary(&shown, report, options, out)?;
    write_fixes(report, options, out)?;
    out.flush()
}

/// A fingerprint for each finding of `report`, in order, with paths as `path` gives them: what tells one
/// from another and stays when the file changes above it. Lines, messages and secrets have no part in it.
pub fn fingerprints(report: &Report, path: &dyn Fn(&Path) -> String) -> Vec<String> {
    let diagnostics: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    fingerprint::fingerprints(&diagnostics, &mut Files::new(report, None), &|file| path(file.source.path()))
}

/// Writes how often each rule fires and in how many files, as text, or as JSON or Markdown if that is
/// `format`.
///
/// # Errors
/// If `out` cannot be written to.
pub fn render_statistics(
    report: &Report,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown: Vec<&Diagnostic> = report
        .diagnostics
        .iter()
        .filter(|diagnostic| !diagnostic.is_suppressed())
        .filter(|diagnostic| !options.quiet || diagnostic.severity > Severity::Info)
        .collect();
    statistics::render(&shown, report.checked_files, format, options, out)?;
    if format != Format::Json {
        write_failures(report, options, out)?;
        write_summary(&shown, report, options, out)?;
    }
    out.flush()
}

/// Writes `error: …` for each failure; its path comes first unless the message names it.
fn write_failures(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    for failure in &report.failures {
        let error = paint(options, Style::Error, "error");
        let message = plain(&failure.message);
        let path = failure.path.as_deref().map(|path| shown_path(path, options.root.as_deref()));
        match path.as_deref().map(plain) {
            Some(path) if !message.contains(&*path) => writeln!(out, "{error}: {path}: {message}")?,
            _ => writeln!(out, "{error}: {message}")?,
        }
    }
    Ok(())
}

/// The numbers of findings by severity.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug, serde::Serialize)]
struct Counts {
    errors: usize,
    warnings: usize,
    infos: usize,
}

impl Counts {
    /// The counts of those of `diagnostics` that are not suppressed.
    fn of(diagnostics: &[&Diagnostic]) -> Self {
        let mut counts = Self::default();
        for diagnostic in diagnostics.iter().filter(|diagnostic| !diagnostic.is_suppressed()) {
            counts.add(diagnostic.severity);
        }
        counts
    }

    /// Counts one more.
    fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }
}

/// Writes the closing line about `shown`, the findings that were written.
fn write_summary(
    shown: &[&Diagnostic],
    report: &Report,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut files = count(report.checked_files, "file");
    let known = report.diagnostics.iter().filter(|diagnostic| diagnostic.in_baseline).count();
    let suppressed = report.diagnostics.iter().filter(|it| it.suppressed_by.is_some()).count();
    for (number, what) in [(suppressed, "suppressed"), (known, "in the baseline")] {
        if number > 0 {
            write!(files, "; {number} {what}").expect("a string takes all");
        }
    }
    if shown.is_empty() {
        if options.quiet {
            return Ok(());
        }
        return match report.failures.is_empty() {
            true => writeln!(out, "{} in {files}", paint(options, Style::Good, "no problems")),
            false => writeln!(out, "no other problems in {files}"),
        };
    }
    let counts = Counts::of(shown);
    let numbers = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "info")];
    let numbers: Vec<String> = numbers
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    let fails = shown.iter().any(|diagnostic| diagnostic.severity >= options.fail_on);
    let style = if fails { Style::Error } else { Style::Strong };
    write!(out, "{} in {files}", paint(options, style, &numbers.join(", ")))?;
    // A fix that was just left out would be so again.
    let refused: BTreeSet<(&str, Option<&str>, &str)> = report
        .refused
        .iter()
        .map(|it| (it.rule.as_str(), it.subject.as_deref(), it.message.as_str()))
        .collect();
    let fixes = |applicability| {
        let fix = |diagnostic: &&&Diagnostic| {
            let finding = (diagnostic.rule.name, diagnostic.subject.as_deref(), diagnostic.message.as_str());
            diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability == applicability)
                && !refused.contains(&finding)
        };
        shown.iter().filter(fix).count()
    };
    match (fixes(Applicability::Safe), fixes(Applicability::Unsafe)) {
        (0, 0) => writeln!(out),
        (safe, 0) => writeln!(out, "; {safe} fixable with --fix"),
        (0, other) => writeln!(out, "; {other} fixable with --fix --unsafe-fixes"),
        (safe, other) => {
            writeln!(out, "; {safe} fixable with --fix, {other} more with --fix --unsafe-fixes")
        }
    }
}

/// Writes what was fixed and which fixes were left out; nothing if there were none.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_fixes(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let shown = |path: &Path| plain(&shown_path(path, options.root.as_deref())).into_owned();
    let mut files: BTreeMap<&Path, Vec<&Fixed>> = BTreeMap::new();
    for fixed in &report.fixed {
        files.entry(&fixed.path).or_default().push(fixed);
    }
    if !files.is_empty() {
        let fixes = count(report.fixed.iter().map(|fixed| fixed.count).sum(), "finding");
        let head = format!("fixed {fixes} in {}", count(files.len(), "file"));
        writeln!(out, "{}:", paint(options, Style::Good, &head))?;
    }
    for (path, fixed) in files {
        let rules: Vec<String> = fixed
            .iter()
            .map(|it| if it.count == 1 { it.rule.clone() } else { format!("{} ({})", it.rule, it.count) })
            .collect();
        writeln!(out, "  {}: {}", shown(path), rules.join(", "))?;
    }
    if !report.refused.is_empty() {
        let head = format!("left {} as they are", count(report.refused.len(), "fixable finding"));
        let head = if report.refused.len() == 1 { "left 1 fixable finding as it is" } else { &head };
        writeln!(out, "{}:", paint(options, Style::Strong, head))?;
    }
    let mut last = String::new();
    for it in &report.refused {
        let line = it.line.map_or(String::new(), |line| format!(":{line}"));
        let subject = it.subject.as_deref().map_or(String::new(), |it| format!(" ({})", plain(it)));
        let place = format!("{}{line}: {}{subject}: {}", shown(&it.path), it.rule, plain(&it.reason));
        // One fix may mend several findings.
        if place != last {
            writeln!(out, "  {place}")?;
        }
        last = place;
    }
    Ok(())
}

/// `number` and `noun`, in the plural if it is not 1.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// What a piece of text is, for its colour.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Style {
    /// An error, or a run that fails.
    Error,
    /// A warning.
    Warning,
    /// An info.
    Info,
    /// What is well, and what mends.
    Good,
    /// What is read first.
    Strong,
    /// Another place that matters.
    Other,
    /// Lines and numbers beside a text.
    Frame,
}

/// The colour of a severity.
fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Error => Style::Error,
        Severity::Warning => Style::Warning,
        Severity::Info => Style::Info,
    }
}

/// `text` in the colour of `style`; as it is without colour.
fn paint<'t>(options: &Options, style: Style, text: &'t str) -> Cow<'t, str> {
    if !options.color || text.is_empty() {
        return Cow::Borrowed(text);
    }
    let code = match style {
        Style::Error => "1;31",
        Style::Warning => "1;33",
        Style::Info => "1;36",
        Style::Good => "1;32",
        Style::Strong => "1",
        Style::Other => "34",
        Style::Frame => "2",
    };
    Cow::Owned(format!("\u{1b}[{code}m{text}\u{1b}[0m"))
}

/// The files of a report as they are shown.
struct Files<'r> {
    report: &'r Report,
    root: Option<&'r Path>,
    files: BTreeMap<SourceId, Rc<File<'r>>>,
}

/// So many files are masked by several threads.
const PARALLEL: usize = 16;

impl<'r> Files<'r> {
    /// The files of `report`, their paths relative to `root`.
    fn new(report: &'r Report, root: Option<&'r Path>) -> Self {
        Self { report, root, files: BTreeMap::new() }
    }

    /// Masks the texts of the files that `diagnostics` show, on all threads if they are many.
    fn mask(&mut self, diagnostics: &[&Diagnostic]) {
        let sources: BTreeSet<SourceId> = diagnostics.iter().map(|it| it.span.source).collect();
        if sources.len() >= PARALLEL {
            let report = self.report;
            let masked = |id: SourceId| (id, masked(&report.sources.get(id), secrets_of(report, id)));
            let texts: Vec<(SourceId, Arc<str>)> = sources.into_par_iter().map(masked).collect();
            for (id, text) in texts {
                self.get(id).text.get_or_init(|| text);
            }
        }
    }

    /// The file with the number `id`; the work of one is done once.
    fn get(&mut self, id: SourceId) -> Rc<File<'r>> {
        let (report, root) = (self.report, self.root);
        let file = self.files.entry(id).or_insert_with(|| {
            let source = report.sources.get(id);
            let secrets = secrets_of(report, id);
            let raw_path = shown_path(source.path(), root);
            Rc::new(File {
                path: plain(&raw_path).into_owned(),
                raw_path,
                secret_ranges: secrets,
                secrets: Secrets::new(&source, secrets),
                source,
                text: OnceCell::new(),
                columns: OnceCell::new(),
            })
        });
        Rc::clone(file)
    }
}

/// Where the secrets of a file are.
fn secrets_of(report: &Report, id: SourceId) -> &[Range<usize>] {
    report.secrets.get(&id).map_or(&[], Vec::as_slice)
}

/// A file as it is shown.
struct File<'r> {
    /// The file itself; its text may have secrets.
    source: Arc<Source>,
    /// The path, harmless to a terminal.
    path: String,
    /// The path with all of its characters.
    raw_path: String,
    /// Where the secrets are.
    secret_ranges: &'r [Range<usize>],
    /// The secrets, to find them in other texts.
    secrets: Secrets,
    /// The masked text, once it is asked for.
    text: OnceCell<Arc<str>>,
    /// The number of characters before each multiple of [`STRIDE`], once it is asked for.
    columns: OnceCell<Vec<u32>>,
}

/// The number of bytes between two known numbers of characters.
const STRIDE: usize = 4096;

impl File<'_> {
    /// The text with the secrets masked; all offsets are the file's.
    fn text(&self) -> &str {
        self.text.get_or_init(|| masked(&self.source, self.secret_ranges))
    }

    /// A rule's sentence about this file as one harmless line.
    fn prose<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.secrets.mask_prose(text) {
            Cow::Borrowed(text) => plain(text),
            Cow::Owned(text) => Cow::Owned(plain(&text).into_owned()),
        }
    }

    /// What [`Source::position`] returns, at a cost that does not grow with the line.
    fn position(&self, offset: u32) -> Position {
        let text = self.source.text();
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.source.line_of(offset as u32);
        let start = self.source.line_starts()[line] as usize;
        if offset - start <= STRIDE {
            return self.source.position(offset as u32);
        }
        let mark = usize::from(line == 0 && text.starts_with('\u{feff}'));
        let column = self.characters_before(offset) - self.characters_before(start) - mark + 1;
        Position { line: line as u32 + 1, column: column as u32 }
    }

    /// The number of characters before the byte at `offset`.
    fn characters_before(&self, offset: usize) -> usize {
        let bytes = self.source.text().as_bytes();
        let count = |bytes: &[u8]| bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count();
        let columns = self.columns.get_or_init(|| {
            let mut total = 0;
            let chunks = bytes.chunks(STRIDE).map(|chunk| {
                let before = total;
                total += count(chunk) as u32;
                before
            });
            chunks.collect()
        });
        let chunk = (offset / STRIDE).min(columns.len().saturating_sub(1));
        columns.get(chunk).map_or(0, |before| *before as usize + count(&bytes[chunk * STRIDE..offset]))
    }
}

/// `path` relative to `root` if it is below it, with `/` between its parts.
fn shown_path(path: &Path, root: Option<&Path>) -> String {
    let path = root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(path);
    let path = path.strip_prefix(".").unwrap_or(path).to_string_lossy();
    match std::path::MAIN_SEPARATOR {
        '/' => path.into_owned(),
        separator => path.replace(separator, "/"),
    }
}
