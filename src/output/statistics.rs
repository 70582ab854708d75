//! How often each rule fires, and in how many files.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;

use super::{Counts, Format, Options, count, paint, severity_style};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::rule::Preset;
use crate::source::SourceId;

/// A rule's line.
#[derive(Serialize)]
struct Line {
    rule: &'static str,
    category: &'static str,
    preset: Preset,
    severity: Severity,
    count: usize,
    #[serde(flatten)]
    by_severity: Counts,
    files: usize,
    fixable: usize,
    #[serde(rename = "unsafe")]
    unsafe_fixable: usize,
    summary: &'static str,
    #[serde(skip)]
    sources: BTreeSet<SourceId>,
}

/// Writes a line for each rule that has some of `diagnostics`, the most frequent first: JSON for `format`
/// JSON, a table for Markdown, else text. Of the run's files there are `checked`.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    checked: usize,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let lines = lines(diagnostics, options);
    match format {
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&lines)?)?,
        Format::Markdown => {
            write_table(&lines, checked, out)?;
            writeln!(out, "\n{}", spread(diagnostics, checked))?;
        }
        _ => {
            write_text(&lines, options, out)?;
            if !lines.is_empty() {
                writeln!(out, "{}", spread(diagnostics, checked))?;
            }
        }
    }
    out.flush()
}

fn lines(diagnostics: &[&Diagnostic], options: &Options) -> Vec<Line> {
    let mut rules: BTreeMap<&'static str, Line> = BTreeMap::new();
    for diagnostic in diagnostics {
        let rule = diagnostic.rule;
        let line = rules.entry(rule.name).or_insert_with(|| Line {
            rule: rule.name,
            category: (options.category)(rule),
            preset: rule.preset,
            severity: diagnostic.severity,
            count: 0,
            by_severity: Counts::default(),
            files: 0,
            fixable: 0,
            unsafe_fixable: 0,
            summary: rule.summary,
            sources: BTreeSet::new(),
        });
        line.count += 1;
        line.by_severity.add(diagnostic.severity);
        line.sources.insert(diagnostic.span.source);
        line.severity = line.severity.max(diagnostic.severity);
        match diagnostic.fix.as_ref().map(|fix| fix.applicability) {
            Some(Applicability::Safe) => line.fixable += 1,
            Some(Applicability::Unsafe) => line.unsafe_fixable += 1,
            None => {}
        }
    }
    let mut lines: Vec<Line> = rules.into_values().collect();
    for line in &mut lines {
        line.files = line.sources.len();
    }
    lines.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.rule.cmp(b.rule)));
    lines
}

fn write_text(lines: &[Line], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let widest = lines.iter().map(|line| line.rule.len()).max().unwrap_or_default();
    let digits = lines.first().map_or(1, |line| line.count.to_string().len());
    for line in lines {
        let severity = format!("{:<7}", line.severity.name());
        let severity = paint(options, severity_style(line.severity), &severity);
        let mut notes = Vec::new();
        if line.files > 1 {
            notes.push(format!("in {} files", line.files));
        }
        match (line.fixable, line.unsafe_fixable) {
            (0, 0) => {}
            (safe, 0) => notes.push(format!("{safe} fixable")),
            (0, other) => notes.push(format!("{other} fixable, unsafe")),
            (safe, other) => notes.push(format!("{safe} fixable, {other} unsafe")),
        }
        let notes = if notes.is_empty() { String::new() } else { format!("  [{}]", notes.join("; ")) };
        writeln!(out, "{:>digits$}  {severity}  {:widest$}  {}{notes}", line.count, line.rule, line.summary)?;
    }
    Ok(())
}

fn write_table(lines: &[Line], checked: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| rule | preset | errors | warnings | infos | files | share |")?;
    writeln!(out, "|---|---|---:|---:|---:|---:|---:|")?;
    for line in lines {
        let preset = serde_json::to_value(line.preset)?;
        let Counts { errors, warnings, infos } = line.by_severity;
        // Rounded half up, in whole numbers.
        let share = (line.files * 200 + checked) / (checked * 2).max(1);
        writeln!(
            out,
            "| `{}` | {} | {errors} | {warnings} | {infos} | {} | {share} % |",
            line.rule,
            preset.as_str().unwrap_or_default(),
            line.files
        )?;
    }
    Ok(())
}

/// How the findings are spread over the files, as a sentence.
fn spread(diagnostics: &[&Diagnostic], checked: usize) -> String {
    let mut by_file: BTreeMap<SourceId, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        *by_file.entry(diagnostic.span.source).or_default() += 1;
    }
    let mut counts: Vec<usize> = by_file.into_values().collect();
    let without = checked.saturating_sub(counts.len());
    counts.extend(std::iter::repeat_n(0, without));
    counts.sort_unstable();
    let at = |percent: usize| {
        let rank = (counts.len() * percent).div_ceil(100);
        counts.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    };
    format!(
        "findings in a file: {} at the median, {} at the 90th percentile, {} at most; none in {without} of {}",
        at(50),
        at(90),
        at(100),
        count(checked, "file")
    )
}
