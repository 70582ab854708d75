//! `stage-name-casing`: a stage name with upper-case letters.

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::dockerfile::{Dockerfile, Stage, edit};
use crate::nearest::MAX_LOOKS;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "stage-name-casing",
    summary: "the name of a stage has upper-case letters",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/stage-name-casing.md"),
    equivalents: &["buildkit:StageNameCasing"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    let mut looks = 0;
    for stage in dockerfile.stages() {
        let Some(name) = stage.name() else { continue };
        let lower = name.value.to_ascii_lowercase();
        if lower == name.value {
            continue;
        }
        // Each fix looks through the whole file.
        looks += 1;
        let text = file.dockerfile_text().filter(|_| looks <= MAX_LOOKS);
        let fix = text.and_then(|text| lowered(text, dockerfile, stage, &lower));
        cx.report(name.span, format!("the stage name `{}` is not in lower case", name.value))
            .help(format!("write `{lower}`"))
            .fix(fix);
    }
}

/// The fix that writes the name in lower case, here and where the file refers to it.
fn lowered(text: &str, dockerfile: &Dockerfile, stage: Stage<'_>, lower: &str) -> Option<Fix> {
    let name = stage.name()?;
    let is_own = |it: &str| dockerfile.stage(it).is_some_and(|found| found.index() == stage.index());
    let others = dockerfile
        .stages()
        .filter(|other| other.name().is_some_and(|other| other.value.eq_ignore_ascii_case(lower)));
    if others.count() != 1 {
        return None;
    }
    let mut edits = vec![edit::replace(text, name.span, &name.value, lower)?];
    for instruction in dockerfile.instructions() {
        let base = instruction.base().filter(|base| {
            base.image.raw.eq_ignore_ascii_case(lower)
                && instruction.span.start > name.span.start
                && base.image.raw != lower
        });
        if let Some(base) = base {
            edits.push(edit::replace(text, base.image.span, &base.image.raw, lower)?);
        }
        for reference in instruction.acting().from_references() {
            if reference.value != lower
                && reference.value.eq_ignore_ascii_case(lower)
                && is_own(&reference.value)
            {
                edits.push(edit::replace(text, reference.span, &reference.value, lower)?);
            }
        }
    }
    edits.sort_by_key(|edit| edit.span.start);
    Some(Fix { title: "write the name in lower case".to_owned(), applicability: Applicability::Safe, edits })
}
