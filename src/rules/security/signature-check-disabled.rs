//! `signature-check-disabled`: packages are installed whoever made them.

use crate::commands::managers::{Manager, call, manager};
use crate::commands::{Command, scopes};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "signature-check-disabled",
    summary: "packages are installed without a look at their signatures",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Network, Gain::Code, Needs::Nothing)],
        weaknesses: &[347],
    },
    severity: Severity::Error,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/signature-check-disabled.md"),
    equivalents: &[
        "checkov:RunApkAllowUntrusted",
        "checkov:RunAptGetAllowUnauthenticated",
        "checkov:RunAptGetForceYes",
        "checkov:RunRpmNoSignature",
        "checkov:RunYumNoGpgCheck",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// The word of the command that switches the check off, and the equivalents.
fn fault(command: &Command) -> Option<(Span, &'static [&'static str])> {
    let word = |names: &[&str]| {
        command.arguments.iter().find(|it| names.contains(&it.text.as_str())).map(|it| it.span)
    };
    if command.program == "rpm" {
        let names =
            ["--nodigest", "--nosignature", "--noverify", "--nofiledigest", "--nogpg", "--nogpgcheck"];
        // Only what installs; a query verifies nothing.
        let installs = command.arguments.iter().any(|it| {
            matches!(it.text.as_str(), "--install" | "--upgrade" | "--freshen" | "--import")
                || it.text.starts_with('-')
                    && !it.text.starts_with("--")
                    && it.text.contains(['i', 'U', 'F'])
                    && !it.text.contains('q')
        });
        return word(&names).filter(|_| installs).map(|span| (span, &["checkov:RunRpmNoSignature"][..]));
    }
    match manager(&command.program)? {
        Manager::Apk => word(&["--allow-untrusted"]).map(|it| (it, &["checkov:RunApkAllowUntrusted"][..])),
        Manager::Apt => {
            if let Some(span) = word(&["--force-yes"]) {
                return Some((span, &["checkov:RunAptGetForceYes"]));
            }
            if let Some(span) = word(&["--allow-unauthenticated", "--allow-insecure-repositories"]) {
                return Some((span, &["checkov:RunAptGetAllowUnauthenticated"]));
            }
            let call = call(command)?;
            let flag = call.arguments.flags.iter().find(|flag| {
                (flag.is("-o") || flag.is("--option"))
                    && flag.value.is_some_and(|value| {
                        let (key, value) = value.split_once('=').unwrap_or((value, ""));
                        let key = key.to_ascii_lowercase();
                        ["allowunauthenticated", "allowinsecurerepositories"]
                            .iter()
                            .any(|it| key.ends_with(it))
                            && matches!(value.to_ascii_lowercase().as_str(), "true" | "1" | "yes")
                    })
            })?;
            Some((flag.argument.span, &["checkov:RunAptGetAllowUnauthenticated"]))
        }
        Manager::Dnf | Manager::Yum => {
            let span = word(&["--nogpgcheck", "--no-gpgchecks"]).or_else(|| {
                let is_off = |text: &str| {
                    let (key, value) = text.trim_start_matches("--setopt=").split_once('=')?;
                    let is_key = key == "gpgcheck" || key.ends_with(".gpgcheck");
                    (is_key && matches!(value.to_ascii_lowercase().as_str(), "0" | "false" | "no"))
                        .then_some(())
                };
                command.arguments.iter().find(|it| is_off(&it.text).is_some()).map(|it| it.span)
            })?;
            Some((span, &["checkov:RunYumNoGpgCheck"]))
        }
        Manager::Zypper => word(&["--no-gpg-checks", "--allow-unsigned-rpm"]).map(|it| (it, &[][..])),
        _ => None,
    }
}

/// The word with which a source of packages is trusted as it is.
fn trusted_source(command: &Command) -> Option<Span> {
    if !matches!(command.program.as_str(), "echo" | "printf") {
        return None;
    }
    let word = command.arguments.iter().find(|it| {
        it.text.starts_with("deb") && it.text.contains("trusted=yes") || it.text.trim() == "[trusted=yes]"
    })?;
    Some(word.span)
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for (_, _, command) in scope.commands() {
            if let Some((span, equivalents)) = fault(command) {
                scope
                    .report(cx, span, format!("`{}` is told not to verify signatures", command.program))
                    .help("add the key of whoever signs the packages")
                    .equivalents(equivalents);
            } else if let Some(span) = trusted_source(command) {
                scope
                    .report(cx, span, "a source of packages is trusted without signatures")
                    .help("add the key of whoever signs the packages, and name it with `signed-by`")
                    .equivalents(&[]);
            }
        }
    }
}
