//! `distribution-upgrade`: a build upgrades every package of its base image.

use crate::commands::managers::{Call, Manager, call};
use crate::commands::{Layer, Scope, scopes};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "distribution-upgrade",
    summary: "a build upgrades every package of its base image",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/distribution-upgrade.md"),
    equivalents: &[
        "checkov:UpdateNotAlone",
        "hadolint:DL3035",
        "kics:run_using_upgrade_commands",
        "kics:update_instruction_alone",
        "semgrep:avoid-apk-upgrade",
        "semgrep:avoid-apt-get-upgrade",
        "semgrep:avoid-dnf-update",
        "semgrep:avoid-yum-update",
        "semgrep:avoid-zypper-update",
        "trivy:run_apt_get_dist_upgrade",
        "trivy:update_instruction_alone",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Whether the call upgrades all there is, and if so whether it may replace and remove packages too.
fn upgrade(call: &Call<'_>) -> Option<bool> {
    let action = call.action();
    let is_release = match (call.manager, action) {
        (Manager::Apt, "upgrade" | "safe-upgrade") => false,
        (Manager::Apt, "dist-upgrade" | "full-upgrade") => true,
        (Manager::Apk, "upgrade") => call.flag(&["-a", "--available"]).is_some(),
        (Manager::Dnf | Manager::Yum, "update" | "upgrade" | "upgrade-minimal" | "update-minimal") => false,
        (Manager::Dnf | Manager::Yum, "distro-sync" | "distribution-synchronization") => true,
        (Manager::Zypper, "update" | "up" | "patch") => false,
        (Manager::Zypper, "dist-upgrade" | "dup") => true,
        _ => return None,
    };
    // A list of packages, or one that is not known, is no upgrade of everything.
    let is_everything = call.operands.is_empty() && call.modifiers.is_empty();
    let is_real =
        call.flag(&["-s", "--dry-run", "--simulate", "--assumeno", "--help", "--security"]).is_none();
    (is_everything && is_real && !call.has_unknown_flags()).then_some(is_release)
}

fn equivalents(call: &Call<'_>, is_release: bool) -> Vec<&'static str> {
    let mut found = vec!["kics:run_using_upgrade_commands"];
    match call.manager {
        Manager::Apt => {
            found.push("semgrep:avoid-apt-get-upgrade");
            if is_release {
                found.push("trivy:run_apt_get_dist_upgrade");
            }
        }
        Manager::Apk => found.push("semgrep:avoid-apk-upgrade"),
        Manager::Dnf => found.push("semgrep:avoid-dnf-update"),
        Manager::Yum => found.push("semgrep:avoid-yum-update"),
        Manager::Zypper => {
            found.push("semgrep:avoid-zypper-update");
            if is_release {
                found.push("hadolint:DL3035");
            }
        }
        _ => {}
    }
    found
}

/// The last layer of the stage that installs with the manager.
fn last_install(scope: Scope<'_>, manager: Manager) -> Option<usize> {
    scope.runs().rev().find(|layer| installs(layer, manager)).map(|layer| layer.index)
}

fn installs(layer: &Layer, manager: Manager) -> bool {
    layer.commands.iter().filter_map(call).any(|call| call.manager == manager && call.installs())
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        let last: Vec<(Manager, Option<usize>)> = [Manager::Dnf, Manager::Yum, Manager::Zypper]
            .map(|manager| (manager, last_install(scope, manager)))
            .to_vec();
        for (layer, _, command) in scope.commands() {
            let Some(call) = call(command) else { continue };
            let Some(is_release) = upgrade(&call) else { continue };
            let mut equivalents = equivalents(&call, is_release);
            let is_update = matches!(call.action(), "update" | "up") && call.manager != Manager::Apt;
            if is_update && !installs(layer, call.manager) {
                let is_used = last.iter().any(|(manager, last)| {
                    *manager == call.manager && last.is_some_and(|last| last > layer.index)
                });
                equivalents.push("trivy:update_instruction_alone");
                equivalents.push(if is_used {
                    "kics:update_instruction_alone"
                } else {
                    "checkov:UpdateNotAlone"
                });
            }
            let severity = if is_release { Severity::Warning } else { Severity::Info };
            scope
                .report(
                    cx,
                    command.span_to(call.subcommand),
                    format!("`{}` makes a different image of every build", call.action()),
                )
                .severity(severity)
                .help("use a newer base image, and upgrade single packages by name")
                .equivalents(&equivalents);
        }
    }
}
