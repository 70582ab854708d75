//! A code quality report for GitLab.

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::json::write_escaped;
use super::told::Told;
use super::{Files, Options};
use crate::diagnostic::{Diagnostic, Severity};

/// An entry of the report.
#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    categories: [&'static str; 1],
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

/// Where it is.
#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

/// The lines, from 1, both included.
#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes an array with an entry for each of `diagnostics`.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    files: &mut Files<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let prints = fingerprints(diagnostics, files, &|file| file.raw_path.clone());
    let issue = |(diagnostic, fingerprint): (&&Diagnostic, String)| {
        let told = Told::of(diagnostic, files);
        Issue {
            description: told.sentence(),
            check_name: diagnostic.rule.name,
            categories: [category((options.category)(diagnostic.rule))],
            fingerprint,
            severity: match diagnostic.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Info => "info",
            },
            location: Location {
                lines: Lines { begin: told.start.line, end: told.end.line },
                path: told.raw_path,
            },
        }
    };
    let issues: Vec<Issue> = diagnostics.iter().zip(prints).map(issue).collect();
    write_escaped(&serde_json::to_string_pretty(&issues)?, out)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// The category in the words of Code Climate, whose format this is.
fn category(ours: &str) -> &'static str {
    match ours {
        "security" | "secrets" | "supply-chain" => "Security",
        "style" | "dockerfile" => "Style",
        "obsolete" => "Compatibility",
        _ => "Bug Risk",
    }
}
