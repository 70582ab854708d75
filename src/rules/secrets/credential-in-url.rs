//! `credential-in-url`: a URL with a password in clear text.

use crate::credentials::{ValueKind, classify, is_guessable, url_passwords};
use crate::diagnostic::Severity;
use crate::rule::{Check, Content, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "credential-in-url",
    summary: "a URL holds a password in clear text",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Reader, Gain::Credential, Needs::Nothing)
                .case("for a password of its own"),
            Grade::attack(Attacker::Network, Gain::Others, Needs::Fault)
                .case("if the value is a placeholder or one that anyone guesses"),
        ],
        weaknesses: &[798],
    },
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/secrets/credential-in-url.md"),
    equivalents: &["compose-lint:CL-0021"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    match file.content {
        Content::Compose(_) => {
            for node in file.documents().iter().flat_map(|document| document.nodes()) {
                let Some(text) = node.raw_str().filter(|text| !node.is_alias() && text.contains("://"))
                else {
                    continue;
                };
                let map = node.raw_map();
                look(text, &|range| map.span(range).unwrap_or(node.span()), cx);
            }
        }
        // An inline Dockerfile is a value of a Compose file.
        Content::Dockerfile(dockerfile) if dockerfile.inline => {}
        Content::Dockerfile(_) => {
            for instruction in file.dockerfile().into_iter().flat_map(|it| it.instructions()) {
                let text = instruction.text.as_str();
                if text.contains("://") {
                    look(text, &|range| instruction.text.span(range), cx);
                }
            }
        }
    }
}

fn look(text: &str, place: &dyn Fn(std::ops::Range<usize>) -> Span, cx: &mut Context<'_>) {
    for url in url_passwords(text) {
        if url.is_reference {
            continue;
        }
        let password = &text[url.password.clone()];
        let kind = classify(password);
        if matches!(kind, ValueKind::Reference | ValueKind::Empty | ValueKind::Absent) {
            continue;
        }
        let user = &text[url.user.clone()];
        let guessed = kind == ValueKind::Placeholder || is_guessable(password, &[user]) || password == user;
        let span = place(url.password);
        cx.mask(span);
        let (severity, message) = if guessed {
            (Severity::Warning, "a URL holds a password that anyone guesses")
        } else {
            (Severity::Error, "a URL holds a password in clear text")
        };
        cx.report(span, message)
            .severity(severity)
            .help("write a variable in its place, as in `user:${DB_PASSWORD}@`");
    }
}
