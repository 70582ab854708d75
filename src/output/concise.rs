//! One line a finding, for editors, `grep` and people in a hurry.

use std::io::{self, Write};

use super::{Files, Options, paint};
use crate::diagnostic::Diagnostic;

/// Writes `path:line:col: severity[rule] message (subject)` for each of `diagnostics`.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    files: &mut Files<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    for diagnostic in diagnostics {
        let file = files.get(diagnostic.span.source);
        let at = file.position(diagnostic.span.start);
        let name = format!("{}[{}]", diagnostic.severity.name(), diagnostic.rule.name);
        let name = paint(options, super::severity_style(diagnostic.severity), &name);
        write!(out, "{}:{}:{}: {name} {}", file.path, at.line, at.column, file.prose(&diagnostic.message))?;
        match &diagnostic.subject {
            Some(subject) => writeln!(out, " ({})", super::masked::plain(subject))?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}
