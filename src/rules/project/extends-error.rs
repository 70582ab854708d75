//! `extends-error`: an `extends` that leads nowhere or in a circle.

use crate::compose::load::LoadProblemKind;
use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "extends-error",
    summary: "an `extends` leads to no service, or in a circle",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/extends-error.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    for problem in project.load_problems() {
        if problem.kind == LoadProblemKind::Extends {
            cx.report_load_problem(problem);
        }
    }
}
