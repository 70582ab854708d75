//! `wget-and-curl`: a stage uses two programs that do the same.

use crate::commands::scopes;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "wget-and-curl",
    summary: "a stage downloads with both wget and curl",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/wget-and-curl.md"),
    equivalents: &[
        "hadolint:DL4001",
        "kics:run_using_wget_and_curl",
        "semgrep:use-either-wget-or-curl",
        "trivy:run_using_wget_and_curl",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        let uses =
            |program: &str| scope.commands().map(|(_, _, command)| command).find(|it| it.program == program);
        let (Some(wget), Some(curl)) = (uses("wget"), uses("curl")) else { continue };
        let (first, second) = if wget.span.start < curl.span.start { (wget, curl) } else { (curl, wget) };
        scope
            .report(
                cx,
                second.head(),
                format!("`{}` is used where `{}` is used already", second.program, first.program),
            )
            .label(first.head(), "used before")
            .help("download everything with one of them, and install only that one");
    }
}
