//! `env-file-syntax`: a line of a `.env` or `env_file` that Compose refuses.

use crate::compose::dotenv::DotEnvErrorKind;
use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "env-file-syntax",
    summary: "a line of a `.env` or `env_file` is not what Compose reads, so the whole file counts for nothing",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/syntax/env-file-syntax.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    for file in project.env_files() {
        let Some(error) = &file.error else { continue };
        for value in &file.values {
            cx.mask(*value);
        }
        let help = match &error.kind {
            DotEnvErrorKind::CharacterInName(_) => "write the line as `NAME=value`, or as a comment with `#`",
            DotEnvErrorKind::SpaceInName => "write the name without spaces, as in `NAME=value`",
            DotEnvErrorKind::NoName => "write a name, as in `NAME=value`",
            DotEnvErrorKind::UnclosedQuote => "close the quote, or leave it out",
            DotEnvErrorKind::Template(_) | DotEnvErrorKind::Missing(_) => {
                "put the value in single quotes if its dollar is no variable"
            }
            DotEnvErrorKind::TooLong => "shorten the value",
        };
        let span = error.span.unwrap_or(Span::new(file.source, 0, 0));
        let finding = cx.report(span, error.to_string()).help(help);
        if let Some(reader) = file.readers.first() {
            finding.label(reader.span, "read here");
        }
    }
}
