//! `dockerfile-syntax`: a Dockerfile that BuildKit refuses to read.

use crate::diagnostic::Severity;
use crate::dockerfile::Refusal;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "dockerfile-syntax",
    summary: "a Dockerfile has an instruction that BuildKit cannot read",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/syntax/dockerfile-syntax.md"),
    equivalents: &["buildkit:parse", "buildkit:instructions", "hadolint:DL3061"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// The number of errors of one file that are reported; a file with more is no Dockerfile.
const MOST: usize = 100;

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    if !file.problems().is_empty() {
        for problem in file.problems() {
            cx.report_problem(problem);
        }
        return;
    }
    for error in dockerfile.errors().iter().take(MOST) {
        let equivalents: &[&str] = match error.refusal {
            Refusal::Parser => &["buildkit:parse"],
            Refusal::Instruction => &["buildkit:instructions"],
            Refusal::Order => &["buildkit:instructions", "hadolint:DL3061"],
        };
        let mut finding = cx.report(error.span, error.message.clone()).equivalents(equivalents);
        if let Some(help) = &error.help {
            finding = finding.help(help.clone());
        }
        if let Some((span, text)) = &error.label {
            finding.label(*span, text.clone());
        }
    }
}
