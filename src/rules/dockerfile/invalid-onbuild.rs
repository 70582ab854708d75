//! `invalid-onbuild`: an instruction that cannot follow `ONBUILD`.

use crate::diagnostic::Severity;
use crate::dockerfile::Keyword;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "invalid-onbuild",
    summary: "`ONBUILD` is followed by an instruction that cannot be put off",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/invalid-onbuild.md"),
    equivalents: &["hadolint:DL3043"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        for trigger in part.instructions.iter().filter_map(|outer| outer.trigger()) {
            if matches!(trigger.keyword, Keyword::Onbuild | Keyword::From | Keyword::Maintainer) {
                let name = trigger.keyword.name();
                cx.report(trigger.name.span, format!("`{name}` cannot follow `ONBUILD`"))
                    .stage(part.name())
                    .help("remove the line, or put another instruction there");
            }
        }
    }
}
