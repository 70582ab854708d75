//! `known-token`: a text of the form of a provider's token, anywhere in a file.

use crate::credentials::tokens;
use crate::diagnostic::Severity;
use crate::rule::{Check, Content, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "known-token",
    summary: "a file holds a text of the form of a provider's token or a private key",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Reader, Gain::Credential, Needs::Nothing)],
        weaknesses: &[798],
    },
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/secrets/known-token.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    if matches!(file.content, Content::Dockerfile(dockerfile) if dockerfile.inline) {
        return;
    }
    for token in tokens(file.text) {
        let span = Span::new(file.source, token.range.start, token.range.end);
        cx.mask(span);
        let message = match token.provider {
            what @ ("private key" | "JSON Web Token") => format!("a {what}"),
            provider => format!("a token of {provider}"),
        };
        cx.report(span, message).help("revoke it, and keep its successor out of the repository");
    }
}
