//! Workflow commands of GitHub Actions: each finding is an annotation in the changed files.

use std::io::{self, Write};

use super::told::Told;
use super::{Files, Options, shown_path};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::Report;

/// Writes `::warning file=…,line=…::message` for each of `diagnostics` and each failure.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    report: &Report,
    files: &mut Files<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    for diagnostic in diagnostics {
        let told = Told::of(diagnostic, files);
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let (start, end) = (told.start, told.end);
        write!(out, "::{command} file={},line={}", property(&told.raw_path), start.line)?;
        // Columns are only understood within one line.
        if end.line == start.line {
            write!(out, ",col={},endLine={},endColumn={}", start.column, end.line, end.column)?;
        } else {
            write!(out, ",endLine={}", end.line)?;
        }
        let title = format!("composelint[{}]", diagnostic.rule.name);
        let text = match &told.help {
            Some(help) => format!("{}\nhelp: {help}", told.message),
            None => told.message,
        };
        writeln!(out, ",title={}::{}", property(&title), data(&text))?;
    }
    for failure in &report.failures {
        write!(out, "::error ")?;
        if let Some(path) = &failure.path {
            write!(out, "file={},", property(&shown_path(path, options.root.as_deref())))?;
        }
        writeln!(out, "title=composelint::{}", data(&super::masked::plain(&failure.message)))?;
    }
    out.flush()
}

/// `text` as the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// `text` as the value of a property of a command. A control character in the name of a file is written
/// as its number, since what prints the command may be a terminal.
fn property(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in data(text).chars() {
        match char {
            ':' => escaped.push_str("%3A"),
            ',' => escaped.push_str("%2C"),
            char if char.is_control() => {
                char.to_string().bytes().for_each(|byte| escaped.push_str(&format!("%{byte:02X}")));
            }
            char => escaped.push(char),
        }
    }
    escaped
}
