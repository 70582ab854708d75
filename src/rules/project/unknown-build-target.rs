//! `unknown-build-target`: a service builds a stage that its Dockerfile does not have.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::nearest::nearest;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "unknown-build-target",
    summary: "a service builds a stage that its Dockerfile does not have",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/unknown-build-target.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// The number of stages that the help lists.
const MOST_LISTED: usize = 8;

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(target) = service.get("build").and_then(|build| build.get("target")) else { return };
    let (Some(name), Some(file)) = (target.as_str(), service.dockerfile()) else { return };
    let dockerfile = &file.dockerfile;
    if name.is_empty()
        || dockerfile.is_foreign()
        || !file.problems.is_empty()
        || dockerfile.final_stage().is_none()
        || dockerfile.stage(name).is_some()
    {
        return;
    }
    let names: Vec<&str> =
        dockerfile.stages().filter_map(|stage| Some(stage.name()?.value.as_str())).collect();
    let help = match nearest(name, names.iter().copied()) {
        Some(near) => format!("write `{near}`"),
        None if names.is_empty() => format!("name the stage: `FROM image AS {name}`"),
        None => {
            let listed: Vec<String> =
                names.iter().take(MOST_LISTED).map(|name| format!("`{name}`")).collect();
            format!("name one of its stages: {}", listed.join(", "))
        }
    };
    let message = format!("`{name}` is no stage of the Dockerfile");
    let first = dockerfile.stages().next().map(|stage| stage.from().span);
    let finding = cx.report(target.span(), message).help(help);
    if let Some(first) = first.filter(|_| !file.inline) {
        finding.label(first, "the Dockerfile that is built");
    }
}
