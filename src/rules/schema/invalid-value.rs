//! `invalid-value`: a value of the right type that is written wrongly.

use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::schema::ViolationKind;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "invalid-value",
    summary: "a value is not written as the engine reads it",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/schema/invalid-value.md"),
    equivalents: &["dclint:invalid-schema", "nbsp1221-composelint:spec-schema"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    cx.report_violations(project, ViolationKind::InvalidValue);
}
