//! `undefined-network`: a service uses a network that the project does not declare.

use crate::compose::project::Project;
use crate::compose::section::Section;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::undeclared;

pub static RULE: Rule = Rule {
    name: "undefined-network",
    summary: "a service uses a network that the project does not declare",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/project/undefined-network.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    undeclared::report(project, Section::Networks, cx);
}
