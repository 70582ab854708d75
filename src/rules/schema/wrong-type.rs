//! `wrong-type`: a value of another type than belongs there.

use std::collections::HashSet;

use crate::compose::load::LoadProblemKind;
use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::schema::ViolationKind;
use crate::source::Span;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "wrong-type",
    summary: "a value is of another type than the Compose Specification asks for",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/schema/wrong-type.md"),
    equivalents: &["compose-lint:parse", "dclint:invalid-schema", "nbsp1221-composelint:spec-schema"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    cx.report_violations(project, ViolationKind::WrongType);
    let mut clashes =
        project.load_problems().iter().filter(|it| it.kind == LoadProblemKind::Clash).peekable();
    if clashes.peek().is_none() {
        return;
    }
    // What is of a wrong type by itself is reported above.
    let reported: HashSet<Span> = project.violations().iter().map(|violation| violation.span).collect();
    for problem in clashes.filter(|problem| !reported.contains(&problem.span)) {
        cx.report_load_problem(problem).help("write it in the same form as the other file");
    }
}
