//! `unquoted-port`: a published port that some readers of YAML take for a number to base 60.

use std::collections::BTreeSet;

use crate::compose::project::Project;
use crate::diagnostic::{Applicability, Fix, Severity};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::yaml::{Style, Yaml, edit};

pub static RULE: Rule = Rule {
    name: "unquoted-port",
    summary: "a published port stands without quotes, and readers of YAML 1.1 take it for a number",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/syntax/unquoted-port.md"),
    equivalents: &["dclint:require-quotes-in-ports"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    let mut seen = BTreeSet::new();
    for service in project.services() {
        for port in service.get("ports").into_iter().flat_map(Yaml::items) {
            let Some(text) = port.as_str() else { continue };
            let is_bare =
                port.style() == Style::Plain && port.tag().is_none() && port.interpolation().is_none();
            if !is_bare || !edit::is_sexagesimal(text) || !seen.insert(port.span()) {
                continue;
            }
            let written = project.written(port).unwrap_or(port);
            let fix = edit::quote(written, edit::quotes(written)).map(|edits| Fix {
                title: "put it in quotes".into(),
                applicability: Applicability::Safe,
                edits,
            });
            let finding = cx
                .report(port.span(), format!("the port `{text}` stands without quotes"))
                .subject(service.name())
                .help("put it in quotes")
                .fix(fix);
            if !is_misread(text) {
                finding.only_in(Preset::Strict);
            }
        }
    }
}

/// Whether every number after the first could be minutes or seconds, as YAML 1.1 has it: `8022:22` is a
/// number there, and `8080:80` is text.
fn is_misread(text: &str) -> bool {
    text.split(':').skip(1).all(|part| part.parse::<u8>().is_ok_and(|part| part < 60))
}
