//! `yaml-syntax`: a Compose file that is not YAML.

use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Content, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::yaml::parse::{Problem, ProblemKind};

pub static RULE: Rule = Rule {
    name: "yaml-syntax",
    summary: "a Compose file is not valid YAML",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/syntax/yaml-syntax.md"),
    equivalents: &["compose-lint:parse", "dclint:invalid-yaml", "nbsp1221-composelint:parse-error"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check_file), Check::Project(check_project)],
};

fn check_file(file: File<'_>, cx: &mut Context<'_>) {
    if matches!(file.content, Content::Compose(_)) {
        report(file.problems(), cx);
    }
}

fn check_project(project: &Project, cx: &mut Context<'_>) {
    report(project.problems(), cx);
}

fn report(problems: &[Problem], cx: &mut Context<'_>) {
    for problem in problems.iter().filter(|problem| problem.kind == ProblemKind::Syntax) {
        cx.report_problem(problem);
    }
}
