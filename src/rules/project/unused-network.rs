//! `unused-network`: a network is declared and used by no service.

use crate::compose::project::Project;
use crate::compose::section::Section;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::unused;

pub static RULE: Rule = Rule {
    name: "unused-network",
    summary: "a network is declared and used by no service",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/project/unused-network.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    unused::report(project, Section::Networks, cx);
}
