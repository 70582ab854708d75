//! `unknown-build-arg`: a service gives a build argument that its Dockerfile does not take.

use std::collections::BTreeSet;

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::dockerfile::{Instruction, Keyword};
use crate::nearest::{MAX_LOOKS, nearest};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "unknown-build-arg",
    summary: "a service gives a build argument that its Dockerfile does not take",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/unknown-build-arg.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// What BuildKit takes without an `ARG`, besides what starts with `BUILDKIT_`, in upper case.
const PREDEFINED: &[&str] = &[
    "ALL_PROXY",
    "BUILDARCH",
    "BUILDOS",
    "BUILDPLATFORM",
    "BUILDVARIANT",
    "FTP_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "SOURCE_DATE_EPOCH",
    "TARGETARCH",
    "TARGETOS",
    "TARGETPLATFORM",
    "TARGETSTAGE",
    "TARGETVARIANT",
];

/// The stages from which on nothing is said.
const MOST_STAGES: usize = 100;

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(file) = service.dockerfile() else { return };
    let dockerfile = &file.dockerfile;
    if dockerfile.stages().count() > MOST_STAGES {
        return;
    }
    // A base that runs instructions in its children's builds may take arguments of its own.
    let has_triggers = dockerfile.stages().any(|stage| {
        let base = stage.from().base().map(|base| base.image.raw.as_str());
        base.is_none_or(|base| base.contains("onbuild") || base.contains('$') && !has_default(service, base))
    });
    if dockerfile.is_foreign()
        || !dockerfile.errors().is_empty()
        || !file.problems.is_empty()
        || dockerfile.final_stage().is_none()
        || has_triggers
    {
        return;
    }
    let taken: BTreeSet<&str> = dockerfile
        .instructions()
        .iter()
        .map(|instruction| instruction.trigger().unwrap_or(instruction))
        .filter(|instruction| instruction.keyword == Keyword::Arg)
        .flat_map(Instruction::pairs)
        .map(|pair| pair.key.raw.as_str())
        .collect();
    let mut looks = 0;
    for arg in service.build_args() {
        let name = arg.name.value;
        let is_predefined = name.starts_with("BUILDKIT_")
            || PREDEFINED.contains(&name)
            || name.ends_with("_proxy") && PREDEFINED.contains(&name.to_ascii_uppercase().as_str());
        if name.is_empty() || is_predefined || taken.contains(name) || name.contains('$') {
            continue;
        }
        looks += 1;
        let help = match (looks <= MAX_LOOKS).then(|| nearest(name, taken.iter().copied())).flatten() {
            Some(near) => format!("write `{near}`"),
            None => format!("add `ARG {name}` to the stage that uses it, or remove the argument"),
        };
        let finding = cx.report(arg.name.span, format!("the Dockerfile has no `ARG {name}`")).help(help);
        let first = dockerfile.stages().next().map(|stage| stage.from().span);
        if let Some(first) = first.filter(|_| !file.inline) {
            finding.label(first, "the Dockerfile that is built");
        }
    }
}

/// Whether a base that is named by variables is known by their defaults or by what the service gives.
fn has_default(service: Service<'_>, base: &str) -> bool {
    let Some(file) = service.dockerfile() else { return false };
    file.dockerfile.stages().filter(|stage| stage.from().base().is_some_and(|it| it.image.raw == base)).all(
        |stage| {
            stage.base_image(&|name| service.build_arg(name)).is_some_and(|image| !image.contains("onbuild"))
        },
    )
}
