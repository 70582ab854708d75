//! `missing-project-name`: a project takes its name from the directory.

use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "missing-project-name",
    summary: "a project takes its name from the directory",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Style,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/style/missing-project-name.md"),
    equivalents: &["dclint:require-project-name-field", "nbsp1221-composelint:require-name"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    if project.deployment.is_fragment || project.environment().get("COMPOSE_PROJECT_NAME").is_some() {
        return;
    }
    let Some(root) = project.root() else { return };
    if let Some(name) = root.entry("name").filter(|name| !name.value.is_null()) {
        if name.value.as_str().is_some_and(|text| text.trim().is_empty()) {
            cx.report(name.span(), "the `name` of the project is empty").help("write the name");
        }
        return;
    }
    let first = project.files().first().and_then(|file| file.documents.first()?.root()?.entries().next());
    if let Some(entry) = first {
        cx.report(entry.key.span(), "no `name` says what the project is called")
            .everywhere()
            .help("write `name` at the top of the file");
    }
}
