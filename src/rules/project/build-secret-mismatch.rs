//! `build-secret-mismatch`: the secrets that a service's build is given are not those that it mounts.

use std::collections::BTreeSet;

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::dockerfile::{Command, Instruction, Keyword, Stage, Word};
use crate::nearest::nearest;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::{Span, Spanned};
use crate::stakes::Stakes;
use crate::yaml::Yaml;

pub static RULE: Rule = Rule {
    name: "build-secret-mismatch",
    summary: "a build mounts a secret that it is not given, or is given one that it does not mount",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/build-secret-mismatch.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Build(check)],
};

/// The secrets of one build that are reported as missing.
const MOST_REPORTED: usize = 20;

/// A secret that a `RUN` mounts.
struct Mounted<'d> {
    id: String,
    /// The value of the flag.
    word: &'d Word,
    is_required: bool,
    /// Whether the command asks itself whether the secret is there.
    is_asked_for: bool,
}

fn check(service: Service<'_>, stage: Stage<'_>, cx: &mut Context<'_>) {
    let dockerfile = stage.dockerfile();
    let Some(build) = service.entry("build").filter(|_| service.is_in_view()) else { return };
    if dockerfile.is_foreign() || !dockerfile.errors().is_empty() {
        return;
    }
    let Some(given) = given(build.value) else { return };
    let Some(mounted) = all_mounted(dockerfile.instructions()) else { return };
    let needed = stage.needed();
    let built: BTreeSet<Span> = needed
        .iter()
        .flat_map(|stage| stage.instructions().iter().flat_map(mounts))
        .map(|word| word.span)
        .collect();
    let names: BTreeSet<&str> = given.iter().map(|secret| secret.value).collect();
    let used: BTreeSet<&str> = mounted.iter().map(|mount| mount.id.as_str()).collect();
    let mut reported: BTreeSet<&str> = BTreeSet::new();
    for mount in &mounted {
        let id = mount.id.as_str();
        if !built.contains(&mount.word.span)
            || mount.is_asked_for && !mount.is_required
            || names.contains(id)
            || reported.len() == MOST_REPORTED
            || !reported.insert(id)
        {
            continue;
        }
        let near = nearest(id, names.iter().copied());
        let help = match near {
            Some(near) => format!("give both the same name: `{near}` or `{id}`"),
            None => format!("add `{id}` to `secrets` of `build`, and declare it at the top level"),
        };
        // Without `required` the file is simply not there, and the command fails or does without.
        let severity = if mount.is_required { Severity::Error } else { Severity::Warning };
        cx.report(build.key.span(), format!("the build mounts the secret `{id}`, which it is not given"))
            .severity(severity)
            .label(mount.word.span, "mounted here")
            .help(help);
    }
    for secret in &given {
        if used.contains(secret.value) {
            continue;
        }
        let id = secret.value;
        cx.report(secret.span, format!("no `RUN` mounts the secret `{id}`"))
            .severity(Severity::Warning)
            .help(format!("mount it with `RUN --mount=type=secret,id={id}`, or remove it"));
    }
}

/// The identifiers of the secrets that the build is given; `None` if one is not known.
fn given(build: Yaml<'_>) -> Option<Vec<Spanned<&str>>> {
    let items = build.get("secrets").into_iter().flat_map(Yaml::items);
    items
        .map(|item| {
            let name = |key: &str| item.get(key).filter(|value| !value.is_null());
            let name = name("target").or_else(|| name("source")).unwrap_or(item);
            Some(Spanned::new(name.as_str()?, name.span()))
        })
        .collect()
}

/// The `--mount` flags of a `RUN`.
fn mounts(instruction: &Instruction) -> Vec<&Word> {
    let instruction = instruction.trigger().unwrap_or(instruction);
    if instruction.keyword != Keyword::Run {
        return Vec::new();
    }
    let flags = instruction.flags.iter().filter(|flag| flag.name.value == "mount");
    flags.filter_map(|flag| flag.value.as_ref()).collect()
}

/// The secrets that any `RUN` mounts; `None` if one of them is not known.
fn all_mounted(instructions: &[Instruction]) -> Option<Vec<Mounted<'_>>> {
    let mut mounted = Vec::new();
    for instruction in instructions {
        for word in mounts(instruction) {
            if !word.raw.contains("secret") {
                // A variable may say the kind.
                if word.raw.contains("type=$") {
                    return None;
                }
                continue;
            }
            let options = word.literal()?;
            let option = |name: &str| {
                options.split(',').find_map(|option| {
                    let (key, value) = option.split_once('=').unwrap_or((option, "true"));
                    key.eq_ignore_ascii_case(name).then_some(value)
                })
            };
            if option("type") != Some("secret") {
                continue;
            }
            let target = option("target").or_else(|| option("dst")).or_else(|| option("destination"));
            let id = match (option("id"), target) {
                (Some(id), _) => id,
                (None, Some(target)) => target.rsplit('/').next()?,
                (None, None) => continue,
            };
            let script = match (instruction.script(), instruction.command()) {
                (Some(heredoc), _) => heredoc.content.as_str(),
                (None, Some(Command::Shell(text))) => text.as_str(),
                (None, _) => "",
            };
            let asks = ["[ -", "test -", "[[ -", "|| true", "2>/dev/null", "if "];
            mounted.push(Mounted {
                id: id.to_owned(),
                word,
                is_required: option("required").is_some_and(|value| value != "false"),
                is_asked_for: asks.iter().any(|ask| script.contains(ask)),
            });
        }
    }
    Some(mounted)
}
