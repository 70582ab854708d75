//! `include-error`: an `include` that leads nowhere, in a circle or out of reach.

use crate::compose::load::LoadProblemKind;
use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "include-error",
    summary: "an `include` leads to no file, in a circle or out of reach",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/include-error.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    for problem in project.load_problems() {
        match problem.kind {
            LoadProblemKind::Include | LoadProblemKind::Limit => {
                cx.report_load_problem(problem);
            }
            // Newer engines merge the two, older ones refuse them.
            LoadProblemKind::Redefined => {
                cx.report_load_problem(problem)
                    .severity(Severity::Warning)
                    .help("define it in one of the two, or change it in an override");
            }
            // Nothing is wrong with it; what it supplies is not judged.
            LoadProblemKind::OutOfReach => {
                cx.report_load_problem(problem).severity(Severity::Info);
            }
            LoadProblemKind::Extends | LoadProblemKind::Clash | LoadProblemKind::EnvFile => {}
        }
    }
}
