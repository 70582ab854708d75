//! `named-user`: a `USER` by name, which only the image can resolve.

use crate::diagnostic::Severity;
use crate::dockerfile::Keyword;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::{Span, Spanned};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "named-user",
    summary: "an image runs as a user that is given by name",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Foothold, Needs::Attack)],
        weaknesses: &[],
    },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/named-user.md"),
    equivalents: &["hadolint:DL3066"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    let mut seen: Vec<Span> = Vec::new();
    for part in dockerfile.parts() {
        let user = match part.stage {
            // What is only built upon does not run.
            Some(stage) if part.is_last() || cx.built().has_stage(stage) => {
                stage.user().known().filter(|_| !stage.is_windows()).map(|it| it.map(str::to_owned))
            }
            Some(_) => None,
            None => part
                .of(Keyword::User)
                .last()
                .and_then(|it| it.user())
                .and_then(|user| Some(Spanned::new(user.word.literal()?, user.word.span))),
        };
        let Some(user) = user.filter(|user| !seen.contains(&user.span)) else { continue };
        seen.push(user.span);
        let name = user.value.split(':').next().unwrap_or_default();
        if name.is_empty() || name == "root" || name.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        cx.report(user.span, format!("only the image knows which number `{name}` is"))
            .stage(part.name())
            .help("write the number of the user");
    }
}
