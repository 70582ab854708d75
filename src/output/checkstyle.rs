//! A checkstyle report.

use std::io::{self, Write};

use super::told::Told;
use super::xml::escaped;
use super::{Files, Options, shown_path};
use crate::diagnostic::Diagnostic;
use crate::report::Report;

/// Writes a `file` with its `error` elements for each file of `diagnostics` and of the failures.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    report: &Report,
    files: &mut Files<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<checkstyle version=\"4.3\">")?;
    for of_file in diagnostics.chunk_by(|a, b| a.span.source == b.span.source) {
        let file = files.get(of_file[0].span.source);
        writeln!(out, "  <file name=\"{}\">", escaped(&file.raw_path))?;
        for diagnostic in of_file {
            let told = Told::of(diagnostic, files);
            writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" \
                 source=\"composelint.{}.{}\"/>",
                told.start.line,
                told.start.column,
                diagnostic.severity.name(),
                escaped(&told.sentence()),
                (options.category)(diagnostic.rule),
                diagnostic.rule.name
            )?;
        }
        writeln!(out, "  </file>")?;
    }
    for failure in &report.failures {
        let path = failure.path.as_deref().map(|path| shown_path(path, options.root.as_deref()));
        writeln!(out, "  <file name=\"{}\">", escaped(path.as_deref().unwrap_or("composelint")))?;
        let message = super::masked::plain(&failure.message);
        writeln!(
            out,
            "    <error line=\"1\" severity=\"error\" message=\"{}\" source=\"composelint.failure\"/>",
            escaped(&message)
        )?;
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")?;
    out.flush()
}
