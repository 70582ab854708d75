//! The Reviewdog Diagnostic Format.

use std::io::{self, Write};

use serde::Serialize;

use super::Files;
use super::json::write_escaped;
use super::told::Told;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;

/// The whole object.
#[derive(Serialize)]
struct Document {
    source: Tool,
    diagnostics: Vec<Finding>,
}

/// The tool that found it.
#[derive(Serialize)]
struct Tool {
    name: &'static str,
}

/// A diagnostic.
#[derive(Serialize)]
struct Finding {
    message: String,
    location: Location,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
}

/// The rule.
#[derive(Serialize)]
struct Code {
    value: &'static str,
}

/// Where it is.
#[derive(Serialize)]
struct Location {
    path: String,
    range: Range,
}

/// What may be written instead.
#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

/// A half-open range.
#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

/// A line from 1 and a column from 1, in bytes.
#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

/// Writes the object for `diagnostics`.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    files: &mut Files<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let finding = |diagnostic: &&Diagnostic| {
        let told = Told::of(diagnostic, files);
        let file = files.get(diagnostic.span.source);
        // A suggestion is one edit; several, or one in another file, cannot be said.
        let edit = diagnostic.fix.as_ref().and_then(|fix| match &fix.edits[..] {
            [edit] if edit.span.source == diagnostic.span.source => Some(edit),
            _ => None,
        });
        let suggestions = edit.map(|edit| Suggestion {
            range: range(edit.span, files),
            text: file.secrets.mask(&edit.text).into_owned(),
        });
        // What was masked would be written into the file as stars.
        let suggestions = suggestions.filter(|it| edit.is_some_and(|edit| edit.text == it.text));
        Finding {
            message: told.sentence(),
            location: Location { path: told.raw_path, range: range(diagnostic.span, files) },
            severity: match diagnostic.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Info => "INFO",
            },
            code: Code { value: diagnostic.rule.name },
            suggestions: suggestions.into_iter().collect(),
        }
    };
    let diagnostics = diagnostics.iter().map(finding).collect();
    let document = Document { source: Tool { name: "composelint" }, diagnostics };
    write_escaped(&serde_json::to_string_pretty(&document)?, out)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// `span` in lines and bytes.
fn range(span: Span, files: &mut Files<'_>) -> Range {
    let file = files.get(span.source);
    let place = |offset: u32| {
        let line = file.source.line_of(offset);
        Place { line: line + 1, column: (offset - file.source.line_starts()[line]) as usize + 1 }
    };
    Range { start: place(span.start), end: place(span.end) }
}
