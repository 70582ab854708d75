//! A JUnit report: a suite for each file, a case for each finding.

use std::io::{self, Write};

use super::told::Told;
use super::xml::escaped;
use super::{Files, Options, shown_path};
use crate::diagnostic::Diagnostic;
use crate::report::Report;

/// Writes `diagnostics` as cases that fail, or that pass with a remark if their severity does not make
/// the run fail.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    report: &Report,
    files: &mut Files<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let fails = |diagnostic: &&&Diagnostic| diagnostic.severity >= options.fail_on;
    let failures = diagnostics.iter().filter(fails).count();
    let errors = report.failures.len();
    let tests = (diagnostics.len() + errors).max(1);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"composelint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
    )?;
    for of_file in diagnostics.chunk_by(|a, b| a.span.source == b.span.source) {
        let path = files.get(of_file[0].span.source).raw_path.clone();
        let path = escaped(&path);
        let (tests, failures) = (of_file.len(), of_file.iter().filter(fails).count());
        writeln!(
            out,
            "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
        )?;
        for diagnostic in of_file {
            let told = Told::of(diagnostic, files);
            let (rule, severity) = (diagnostic.rule.name, diagnostic.severity.name());
            let (line, column) = (told.start.line, told.start.column);
            let message = escaped(&told.message);
            writeln!(
                out,
                "    <testcase name=\"{rule} ({line}:{column})\" classname=\"{path}\" file=\"{path}\" \
                 line=\"{line}\">"
            )?;
            let help = told.help.as_deref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
            let body =
                format!("{}:{line}:{column}: {severity}[{rule}] {}{help}", told.raw_path, told.message);
            let body = escaped(&body).replace("&#10;", "\n");
            if diagnostic.severity >= options.fail_on {
                writeln!(out, "      <failure type=\"{severity}\" message=\"{message}\">{body}</failure>")?;
            } else {
                writeln!(out, "      <system-out>{body}</system-out>")?;
            }
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    if errors > 0 || diagnostics.is_empty() {
        let tests = errors.max(1);
        writeln!(
            out,
            "  <testsuite name=\"composelint\" tests=\"{tests}\" failures=\"0\" errors=\"{errors}\">"
        )?;
        for failure in &report.failures {
            let path = failure.path.as_deref().map(|path| shown_path(path, options.root.as_deref()));
            let name = path.unwrap_or_else(|| "composelint".to_owned());
            let message = super::masked::plain(&failure.message);
            writeln!(out, "    <testcase name=\"{}\" classname=\"composelint\">", escaped(&name))?;
            writeln!(out, "      <error type=\"failure\" message=\"{}\"/>", escaped(&message))?;
            writeln!(out, "    </testcase>")?;
        }
        if errors == 0 {
            writeln!(out, "    <testcase name=\"no problems\" classname=\"composelint\"/>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")?;
    out.flush()
}
