//! `missing-build-arg`: a base image is named by a build argument that nothing gives a value.

use crate::compose::image::ImageReference;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::dockerfile::{Dockerfile, Instruction, Pair, Stage, Word};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::SourceMap;

pub static RULE: Rule = Rule {
    name: "missing-build-arg",
    summary: "a base image needs a build argument that nothing gives a value",
    since: "0.1.0",
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/missing-build-arg.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Build(check)],
};

fn check(service: Service<'_>, stage: Stage<'_>, cx: &mut Context<'_>) {
    let dockerfile = stage.dockerfile();
    let Some(build) = service.entry("build").filter(|_| service.is_in_view()) else { return };
    let args = build.value.get("args");
    if dockerfile.is_foreign() || !dockerfile.errors().is_empty() || args.is_some_and(|it| it.is_unknown()) {
        return;
    }
    let given = service.build_args();
    let mut reported: Vec<&str> = Vec::new();
    for stage in stage.needed() {
        let Some(word) = stage.from().base().map(|base| &base.image) else { continue };
        if word.variables.is_empty() {
            continue;
        }
        let lookup = |name: &str| -> Option<String> {
            match given.iter().rev().find(|arg| arg.name.value == name) {
                Some(arg) => arg.value.map(|value| value.value.to_owned()),
                None => default(dockerfile, name, 0),
            }
        };
        let Some(image) = word.expand(&lookup) else { continue };
        // A registry before the name may well be left out.
        if ImageReference::parse(&image, &SourceMap::empty()).is_ok() {
            continue;
        }
        let Some(pair) = unset(dockerfile, word, &|name| given.iter().any(|arg| arg.name.value == name))
        else {
            continue;
        };
        let name = pair.key.raw.as_str();
        if reported.contains(&name) {
            continue;
        }
        reported.push(name);
        let written = &word.raw;
        cx.report(
            build.key.span(),
            format!("nothing gives `{name}` a value, and `FROM {written}` needs one"),
        )
        .label(pair.span, "no default here")
        .label(word.span, "needed here")
        .help(format!("give `{name}` under `args` of `build`, or a default in the Dockerfile"));
    }
}

/// The last global `ARG` of a name.
fn global<'d>(dockerfile: &'d Dockerfile, name: &str) -> Option<&'d Pair> {
    dockerfile.global_args().flat_map(Instruction::pairs).filter(|pair| pair.key.raw == name).last()
}

/// The default of a global argument; blank if it has none, and `None` if it is not known.
fn default(dockerfile: &Dockerfile, name: &str, depth: usize) -> Option<String> {
    // An argument that is not declared is another matter; those of the platform have values.
    let pair = global(dockerfile, name).filter(|_| depth < 16)?;
    if is_given_by_the_engine(name) {
        return None;
    }
    match &pair.value {
        Some(word) => word.expand(&|name| default(dockerfile, name, depth + 1)),
        None => Some(String::new()),
    }
}

fn is_given_by_the_engine(name: &str) -> bool {
    name.starts_with("TARGET") || name.starts_with("BUILD") || name.to_ascii_lowercase().ends_with("_proxy")
}

/// The first argument of the word that has neither a default nor a value given.
fn unset<'d>(dockerfile: &'d Dockerfile, word: &Word, is_given: &dyn Fn(&str) -> bool) -> Option<&'d Pair> {
    word.variables.iter().find_map(|variable| {
        let pair = global(dockerfile, &variable.name)?;
        (pair.value.is_none() && !is_given(&variable.name)).then_some(pair)
    })
}
