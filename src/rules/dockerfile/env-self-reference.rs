//! `env-self-reference`: a variable that is used in the instruction that sets it.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Severity;
use crate::dockerfile::{Instruction, Keyword, Part};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "env-self-reference",
    summary: "an `ENV` uses a variable that the same instruction sets",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/env-self-reference.md"),
    equivalents: &["hadolint:DL3044"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// How many stages below are looked through.
const DEEPEST: usize = 64;

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    // What each stage defines itself.
    let mut own: Vec<HashSet<&str>> = Vec::new();
    for part in dockerfile.parts() {
        let mut defined: HashSet<&str> = HashSet::new();
        for instruction in part.instructions {
            if instruction.keyword == Keyword::Env && instruction.pairs().len() > 1 {
                judge(part, instruction, &defined, &own, cx);
            }
            if matches!(instruction.keyword, Keyword::Env | Keyword::Arg) {
                defined.extend(instruction.pairs().iter().map(|pair| pair.key.raw.as_str()));
            }
        }
        if part.stage.is_some() {
            own.push(defined);
        }
    }
}

fn judge(
    part: Part<'_>,
    env: &Instruction,
    defined: &HashSet<&str>,
    own: &[HashSet<&str>],
    cx: &mut Context<'_>,
) {
    let set: HashMap<&str, Span> =
        env.pairs().iter().map(|pair| (pair.key.raw.as_str(), pair.key.span)).collect();
    let is_below = |name: &str| {
        let mut below = part.stage.into_iter().flat_map(|stage| stage.chain().skip(1).take(DEEPEST));
        below.any(|stage| own.get(stage.index()).is_some_and(|own| own.contains(name)))
    };
    for pair in env.pairs() {
        let Some(value) = &pair.value else { continue };
        for variable in &value.variables {
            let name = variable.name.as_str();
            let Some(other) = set.get(name).filter(|_| pair.key.raw != name) else { continue };
            // Every image has a search path, and nearly every one of the others is new here.
            if name == "PATH" || defined.contains(name) || is_below(name) {
                continue;
            }
            cx.report(variable.span, format!("`{name}` has no value yet: this instruction is to set it"))
                .stage(part.name())
                .label(*other, "set here, for what follows")
                .help(format!("set `{}` in an `ENV` of its own below", pair.key.raw));
        }
    }
}
