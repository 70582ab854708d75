//! `unnamed-copy-stage`: `COPY --from` with the number of a stage.

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::dockerfile::{Keyword, edit};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "unnamed-copy-stage",
    summary: "a stage is copied from by its number",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/unnamed-copy-stage.md"),
    equivalents: &["kics:using_unnamed_build_stages"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        for instruction in part.of(Keyword::Copy) {
            for reference in instruction.from_references() {
                let Ok(number) = reference.value.parse::<usize>() else { continue };
                let Some(stage) = dockerfile.stage(&reference.value) else { continue };
                if part.stage.is_none_or(|own| own.index() == number) {
                    continue;
                }
                let name = stage.name().filter(|name| {
                    dockerfile.stage(&name.value).is_some_and(|found| found.index() == number)
                });
                // The builder compares in lower case, which is how a name is to be written.
                let name = name.map(|name| name.value.to_ascii_lowercase());
                let fix = file.dockerfile_text().zip(name.as_deref()).and_then(|(text, name)| {
                    Some(Fix {
                        title: format!("copy from `{name}`"),
                        applicability: Applicability::Safe,
                        edits: vec![edit::replace(text, reference.span, &reference.value, name)?],
                    })
                });
                let help = match &name {
                    Some(name) => format!("write `--from={name}`"),
                    None => "name the stage with `AS`, and copy from that name".to_owned(),
                };
                cx.report(reference.span, format!("stage {number} is copied from by its number"))
                    .stage(part.name())
                    .label(stage.from().span, "this is the stage")
                    .help(help)
                    .fix(fix);
            }
        }
    }
}
