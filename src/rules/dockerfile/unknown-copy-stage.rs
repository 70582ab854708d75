//! `unknown-copy-stage`: `--from` that names no stage, and so is taken for an image.

use crate::diagnostic::Severity;
use crate::images;
use crate::nearest::{MAX_LOOKS, nearest};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "unknown-copy-stage",
    summary: "`--from` names neither a stage above nor an image with a tag",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/unknown-copy-stage.md"),
    equivalents: &["hadolint:DL3022"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    let count = dockerfile.stages().count();
    let mut looks = 0;
    for part in dockerfile.parts() {
        let own = part.stage.map(|stage| stage.index());
        for reference in part.instructions.iter().flat_map(|outer| outer.acting().from_references()) {
            let name = reference.value.as_str();
            if let Some(stage) = dockerfile.stage(name) {
                if own.is_some_and(|own| own < stage.index()) {
                    cx.report(reference.span, format!("the stage `{name}` stands further down"))
                        .stage(part.name())
                        .severity(Severity::Info)
                        .label(stage.from().span, "it starts here")
                        .help("move the stage above this one");
                }
                continue;
            }
            if name.bytes().all(|byte| byte.is_ascii_digit()) {
                let message =
                    format!("there is no stage {name}: they are numbered from 0 to {}", count.max(1) - 1);
                cx.report(reference.span, message)
                    .stage(part.name())
                    .severity(Severity::Error)
                    .help("name the stage with `AS`, and copy from that name");
                continue;
            }
            // What has a tag, a registry or a namespace is an image, as is what everybody knows. A
            // service may give the build a context of this name.
            if name.contains([':', '/', '@'])
                || cx.built().has_image(name)
                || images::lookup_any_tag(name).is_some()
            {
                continue;
            }
            looks += 1;
            let names = dockerfile.stages().filter_map(|stage| stage.name());
            let near =
                (looks <= MAX_LOOKS).then(|| nearest(name, names.map(|name| name.value.as_str()))).flatten();
            let help = match near {
                Some(near) => format!("write `--from={near}`"),
                None => "name a stage, or write the tag of the image that is meant".to_owned(),
            };
            cx.report(
                reference.span,
                format!("no stage is named `{name}`, so an image of that name is pulled"),
            )
            .stage(part.name())
            .help(help);
        }
    }
}
