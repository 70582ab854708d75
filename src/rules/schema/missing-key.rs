//! `missing-key`: a key that is required and not there.

use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::schema::ViolationKind;

pub static RULE: Rule = Rule {
    name: "missing-key",
    summary: "a key that another one needs is not there",
    since: "0.1.0",
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/schema/missing-key.md"),
    equivalents: &["dclint:invalid-schema", "nbsp1221-composelint:spec-schema"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    cx.report_violations(project, ViolationKind::MissingKey);
}
