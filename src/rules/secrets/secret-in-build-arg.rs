//! `secret-in-build-arg`: a credential that a build leaves in the image.

use std::collections::HashSet;

use crate::compose::service::{Service, pairs};
use crate::credentials::{ValueKind, classify, credential_key, is_guessable};
use crate::diagnostic::Severity;
use crate::dockerfile::{Keyword, Pair, Word};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "secret-in-build-arg",
    summary: "a credential is given to a build in a way that leaves it in the image",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Reader, Gain::Credential, Needs::Nothing)
                .case("if the value stands in the file"),
            Grade::attack(Attacker::Reader, Gain::Credential, Needs::Fault)
                .case("if it is given at the build, or is one that anyone guesses"),
        ],
        weaknesses: &[312, 798],
    },
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/secrets/secret-in-build-arg.md"),
    equivalents: &[
        "buildkit:SecretsUsedInArgOrEnv",
        "hadolint:DL3064",
        "semgrep:secret-in-build-arg",
        "trivy:leaked_secrets",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(of_file), Check::Service(of_service)],
};

fn of_file(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        let mut args: HashSet<String> = HashSet::new();
        for instruction in part.instructions.iter().map(|outer| outer.acting()) {
            let keyword = instruction.keyword;
            if !matches!(keyword, Keyword::Arg | Keyword::Env) {
                continue;
            }
            for pair in instruction.pairs() {
                let name = pair.key.text();
                if keyword == Keyword::Arg {
                    args.insert(name.clone());
                }
                if !is_credential(&name) {
                    continue;
                }
                match &pair.value {
                    Some(value) if !value.raw.trim_matches(['"', '\'']).is_empty() => {
                        of_value(keyword, &name, (pair, value), &args, part.name(), cx);
                    }
                    _ if keyword == Keyword::Arg => {
                        cx.report(pair.key.span, format!("the build argument `{name}` stays in the image"))
                            .stage(part.name())
                            .severity(Severity::Warning)
                            .help(mount(&name));
                    }
                    _ => {}
                }
            }
        }
    }
}

fn of_value(
    keyword: Keyword,
    name: &str,
    (pair, value): (&Pair, &Word),
    args: &HashSet<String>,
    stage: Option<&str>,
    cx: &mut Context<'_>,
) {
    let text = value.text();
    let kind = classify(&text);
    let is_reference = kind == ValueKind::Reference || !value.variables.is_empty();
    if is_reference {
        // Where it comes from an `ARG` that says so by its name, that one is reported.
        let is_reported = value.variables.iter().any(|it| args.contains(&it.name) && is_credential(&it.name));
        if keyword == Keyword::Env && !is_reported {
            cx.report(pair.key.span, format!("whatever the build gives for `{name}` stays in the image"))
                .stage(stage)
                .severity(Severity::Warning)
                .help(mount(name));
        }
        return;
    }
    let (severity, message) = match kind {
        ValueKind::Placeholder => (Severity::Warning, format!("`{name}` holds a placeholder")),
        ValueKind::Literal if is_for_build(&text) => return,
        ValueKind::Literal if is_guessable(&text, &[name]) => {
            (Severity::Warning, format!("`{name}` holds a password that anyone guesses"))
        }
        ValueKind::Literal => (Severity::Error, format!("`{name}` holds a secret in clear text")),
        _ => return,
    };
    cx.mask(value.span);
    let help = match keyword {
        Keyword::Env => format!("remove it, and give `{name}` to the container when it starts"),
        _ => mount(name),
    };
    cx.report(value.span, message).stage(stage).severity(severity).help(help);
}

fn of_service(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(args) = service.get("build").and_then(|build| build.get("args")) else { return };
    for arg in pairs(args) {
        let name = arg.name.value;
        if !is_credential(name) {
            continue;
        }
        let raw = arg.raw.filter(|raw| !raw.value.is_empty());
        let reference = |text: &str| text.contains('$') || classify(text) == ValueKind::Reference;
        match raw {
            Some(raw) if !reference(raw.value) => {
                let (severity, message) = match classify(raw.value) {
                    ValueKind::Placeholder => (Severity::Warning, format!("`{name}` holds a placeholder")),
                    ValueKind::Literal if is_guessable(raw.value, &[name]) => {
                        (Severity::Warning, format!("`{name}` holds a password that anyone guesses"))
                    }
                    ValueKind::Literal => (Severity::Error, format!("`{name}` holds a secret in clear text")),
                    _ => continue,
                };
                cx.mask(raw.span);
                cx.report(raw.span, message).severity(severity).help(BUILD_SECRET).equivalents(&[]);
            }
            // The Dockerfile's `ARG` says the same, where it can be read.
            _ if service.stage().is_none() => {
                cx.report(arg.name.span, format!("the build argument `{name}` stays in the image"))
                    .severity(Severity::Warning)
                    .help(BUILD_SECRET)
                    .equivalents(&[]);
            }
            _ => {}
        }
    }
}

const BUILD_SECRET: &str = "name it in `build.secrets`, and mount it in the `RUN` that needs it";

fn mount(name: &str) -> String {
    format!("use `RUN --mount=type=secret,id={},env={name}`", name.to_ascii_lowercase())
}

/// The starts of names of variables that bundlers write into what browsers load.
const FOR_BROWSERS: &[&str] = &[
    "expo_public_",
    "gatsby_",
    "next_public_",
    "nuxt_public_",
    "public_",
    "react_app_",
    "vite_",
    "vue_app_",
];

/// Whether the variable holds a credential, or the half of one that tells whose it is. What is made for
/// browsers is none, unless its name insists.
fn is_credential(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_public = FOR_BROWSERS.iter().any(|start| lower.starts_with(start))
        && !["secret", "password", "private"].iter().any(|word| lower.contains(word));
    !is_public && (credential_key(name) || lower.ends_with("access_key_id"))
}

/// Whether a value says that it is there for the build only, and opens nothing.
fn is_for_build(value: &str) -> bool {
    const WORDS: &[&str] =
        &["build", "buildtime", "dummy", "fake", "not", "temporary", "unused", "collectstatic"];
    value.len() < 64
        && !value.bytes().any(|byte| byte.is_ascii_digit())
        && value
            .split(|char: char| !char.is_alphabetic())
            .any(|word| WORDS.contains(&word.to_lowercase().as_str()))
}
