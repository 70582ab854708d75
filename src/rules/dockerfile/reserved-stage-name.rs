//! `reserved-stage-name`: a stage named `scratch` or `context`.

use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "reserved-stage-name",
    summary: "a stage has a name that means something else",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/reserved-stage-name.md"),
    equivalents: &["buildkit:ReservedStageName", "hadolint:DL3063"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for stage in dockerfile.stages() {
        let Some(name) = stage.name() else { continue };
        let meaning = match name.value.to_lowercase().as_str() {
            "scratch" => "the empty image",
            "context" => "the build context",
            _ => continue,
        };
        cx.report(name.span, format!("`{}` means {meaning}, so no stage can have that name", name.value))
            .help("give the stage another name");
    }
}
