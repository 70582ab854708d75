//! `copy-from-itself`: `COPY --from` that names its own stage.

use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "copy-from-itself",
    summary: "a stage copies from itself",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/copy-from-itself.md"),
    equivalents: &[
        "hadolint:DL3023",
        "kics:copy_from_references_current_from_alias",
        "semgrep:copy-from-own-alias",
        "trivy:copy_from_references_current_from_alias",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        let Some(own) = part.stage else { continue };
        for reference in part.instructions.iter().flat_map(|outer| outer.acting().from_references()) {
            let is_own = dockerfile.stage(&reference.value).is_some_and(|it| it.index() == own.index());
            if is_own {
                cx.report(
                    reference.span,
                    format!("`{}` is the stage that this line is part of", reference.value),
                )
                .stage(part.name())
                .label(own.from().span, "the stage starts here")
                .help("name another stage, or copy with `RUN cp`");
            }
        }
    }
}
