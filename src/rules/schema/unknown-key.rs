//! `unknown-key`: a key that the Compose Specification does not have.

use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::schema::ViolationKind;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "unknown-key",
    summary: "a key is none of the Compose Specification",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/schema/unknown-key.md"),
    equivalents: &["compose-lint:parse", "dclint:invalid-schema", "nbsp1221-composelint:spec-schema"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    cx.report_violations(project, ViolationKind::UnknownKey);
}
