//! `sudo-in-run`: a build runs commands through sudo.

use crate::commands::scopes;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "sudo-in-run",
    summary: "a build runs a command through sudo",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Foothold, Needs::Fault)],
        weaknesses: &[],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/sudo-in-run.md"),
    equivalents: &[
        "checkov:RunUsingSudo",
        "hadolint:DL3004",
        "kics:run_using_sudo",
        "semgrep:no-sudo-in-dockerfile",
        "trivy:run_using_sudo",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for (_, _, command) in scope.commands() {
            let by_name = command.name.as_ref().filter(|_| command.program == "sudo");
            let is_sudo = |text: &str| text == "sudo" || text.ends_with("/sudo");
            let Some(sudo) = command.wrappers.iter().find(|it| is_sudo(&it.text)).or(by_name) else {
                continue;
            };
            scope
                .report(cx, sudo.span, "`sudo` runs in a build, where `USER` says who runs what")
                .help("write `USER root` above, and the unprivileged user again below");
        }
    }
}
