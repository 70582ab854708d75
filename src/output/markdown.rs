//! A summary for a pull request.

use std::io::{self, Write};

use super::told::Told;
use super::{Counts, Files, Options, count, shown_path};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::Report;

/// The number of rows that are written of each table: a comment holds 65,536 characters at most.
const ROWS: usize = 100;

/// Writes a heading with the numbers, a table of the errors and warnings, a folded one of the infos,
/// and the failures.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    report: &Report,
    files: &mut Files<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let counts = Counts::of(diagnostics);
    let numbers = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "info")];
    let numbers: Vec<String> = numbers
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    let numbers = if numbers.is_empty() { "no problems".to_owned() } else { numbers.join(", ") };
    writeln!(out, "### composelint: {numbers} in {}", count(report.checked_files, "file"))?;
    for failure in &report.failures {
        let path = failure.path.as_deref().map(|path| shown_path(path, options.root.as_deref()));
        let path = path.map(|path| format!("{}: ", code(&path))).unwrap_or_default();
        writeln!(out, "\n**Not done:** {path}{}", prose(&super::masked::plain(&failure.message)))?;
    }
    let (infos, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        diagnostics.iter().partition(|diagnostic| diagnostic.severity == Severity::Info);
    if !others.is_empty() {
        writeln!(out)?;
        table(&others, files, out)?;
    }
    if !infos.is_empty() {
        writeln!(out, "\n<details><summary>{}</summary>\n", count(infos.len(), "info"))?;
        table(&infos, files, out)?;
        writeln!(out, "\n</details>")?;
    }
    out.flush()
}

/// Writes a row for each of `diagnostics`, up to [`ROWS`].
fn table(diagnostics: &[&Diagnostic], files: &mut Files<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| severity | place | finding |\n|---|---|---|")?;
    for diagnostic in diagnostics.iter().take(ROWS) {
        let told = Told::of(diagnostic, files);
        let place = code(&format!("{}:{}:{}", told.path, told.start.line, told.start.column));
        let help = told.help.as_deref().map(|help| format!("<br>{}", prose(help))).unwrap_or_default();
        writeln!(
            out,
            "| {} | {place} | **{}**: {}{help} |",
            diagnostic.severity.name(),
            diagnostic.rule.name,
            prose(&told.message)
        )?;
    }
    if let Some(more) = diagnostics.len().checked_sub(ROWS).filter(|more| *more > 0) {
        writeln!(out, "\n… and {more} more")?;
    }
    Ok(())
}

/// `text` as code within a table.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('|', "\\|"))
}

/// `text`, a sentence with words in backticks, as text within a table: only those words are markup.
fn prose(text: &str) -> String {
    // Where the backticks do not pair, nobody can tell what of it is code.
    let pairs = text.matches('`').count().is_multiple_of(2) && !text.contains("``");
    let mut written = String::with_capacity(text.len() + 8);
    for (index, part) in text.split('`').enumerate() {
        let is_code = pairs && index % 2 == 1;
        if index > 0 {
            written.push_str(if pairs { "`" } else { "\\`" });
        }
        for char in part.chars() {
            match char {
                '|' => written.push_str("\\|"),
                '<' if !is_code => written.push_str("&lt;"),
                '&' if !is_code => written.push_str("&amp;"),
                '\\' | '*' | '_' | '[' | ']' | '#' | '~' | '!' if !is_code => written.extend(['\\', char]),
                // Nobody is to be called by a linter.
                '@' if !is_code => written.push_str("&#64;"),
                _ => written.push(char),
            }
        }
    }
    written
}
