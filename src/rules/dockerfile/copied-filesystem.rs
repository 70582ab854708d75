//! `copied-filesystem`: the whole file system of another stage copied over the root.

use crate::diagnostic::Severity;
use crate::dockerfile::{Stage, Word};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "copied-filesystem",
    summary: "the whole file system of another stage is copied over the root",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/copied-filesystem.md"),
    equivalents: &["hadolint:DL3067"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        // Over nothing, it is the way to make one layer of many.
        let is_empty = |stage: Stage<'_>| stage.external_image() == Some("scratch");
        if part.stage.is_some_and(is_empty) {
            continue;
        }
        for instruction in part.instructions.iter().map(|outer| outer.acting()) {
            let (Some(files), Some(_)) = (instruction.files(), instruction.flag("from")) else { continue };
            let Some(source) = files.sources.iter().find(|source| is_root(source)) else { continue };
            if is_root(&files.destination) {
                cx.report(
                    source.span.to(files.destination.span),
                    "everything of another stage is laid over everything here",
                )
                .stage(part.name())
                .help("copy the directories that are needed, or start with `FROM` from that stage");
            }
        }
    }
}

/// Whether the path is `/`.
fn is_root(word: &Word) -> bool {
    matches!(word.text().as_str(), "/" | "/." | "/./")
}
