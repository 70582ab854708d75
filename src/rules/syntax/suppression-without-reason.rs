//! `suppression-without-reason`: a comment silences a rule and does not say why.

use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::suppress::FileSuppressions;

pub static RULE: Rule = Rule {
    name: "suppression-without-reason",
    summary: "a comment silences a rule and does not say why",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Configured,
    fix: FixAvailability::None,
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    page: include_str!("../../../rules/syntax/suppression-without-reason.md"),
    checks: &[Check::Suppressions(check)],
};

fn check(file: &FileSuppressions, cx: &mut Context<'_>) {
    for suppression in file.own().iter().filter(|it| it.is_effective() && it.reason.is_none()) {
        cx.report(suppression.span, "the comment does not say why it silences a rule")
            .help("add ` -- ` and the reason");
    }
}
