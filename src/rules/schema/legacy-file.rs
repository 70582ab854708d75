//! `legacy-file`: a Compose file of the first format.

use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::schema::ViolationKind;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "legacy-file",
    summary: "the services stand at the top level, as in the first Compose format",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/schema/legacy-file.md"),
    equivalents: &["compose-lint:parse", "dclint:invalid-schema", "nbsp1221-composelint:spec-schema"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    cx.report_violations(project, ViolationKind::LegacyFile);
}
