//! How often each rule fires.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Format, Options, paint, severity_style};
use crate::diagnostic::{Applicability, Diagnostic, Severity};

/// A rule's line.
#[derive(Serialize)]
struct Line {
    rule: &'static str,
    category: &'static str,
    severity: Severity,
    count: usize,
    fixable: usize,
    #[serde(rename = "unsafe")]
    unsafe_fixable: usize,
    summary: &'static str,
}

/// Writes a line for each rule that has some of `diagnostics`, the most frequent first; JSON for
/// `format` JSON, else text.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    format: Format,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut rules: BTreeMap<&'static str, Line> = BTreeMap::new();
    for diagnostic in diagnostics {
        let rule = diagnostic.rule;
        let line = rules.entry(rule.name).or_insert_with(|| Line {
            rule: rule.name,
            category: (options.category)(rule),
            severity: diagnostic.severity,
            count: 0,
            fixable: 0,
            unsafe_fixable: 0,
            summary: rule.summary,
        });
        line.count += 1;
        line.severity = line.severity.max(diagnostic.severity);
        match diagnostic.fix.as_ref().map(|fix| fix.applicability) {
            Some(Applicability::Safe) => line.fixable += 1,
            Some(Applicability::Unsafe) => line.unsafe_fixable += 1,
            None => {}
        }
    }
    let mut lines: Vec<Line> = rules.into_values().collect();
    lines.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.rule.cmp(b.rule)));
    if format == Format::Json {
        writeln!(out, "{}", serde_json::to_string_pretty(&lines)?)?;
        return out.flush();
    }
    let widest = lines.iter().map(|line| line.rule.len()).max().unwrap_or_default();
    let digits = lines.first().map_or(1, |line| line.count.to_string().len());
    for line in &lines {
        let severity = format!("{:<7}", line.severity.name());
        let severity = paint(options, severity_style(line.severity), &severity);
        let fixable = match (line.fixable, line.unsafe_fixable) {
            (0, 0) => String::new(),
            (safe, 0) => format!("  [{safe} fixable]"),
            (0, other) => format!("  [{other} fixable, unsafe]"),
            (safe, other) => format!("  [{safe} fixable, {other} unsafe]"),
        };
        writeln!(
            out,
            "{:>digits$}  {severity}  {:widest$}  {}{fixable}",
            line.count, line.rule, line.summary
        )?;
    }
    out.flush()
}
