//! `package-manager-prompts`: a package manager asks, and nobody is there to answer.

use crate::commands::edit::insert_flag;
use crate::commands::managers::{Call, Manager, call};
use crate::commands::{Variable, scopes};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "package-manager-prompts",
    summary: "a package manager asks whether to go on, and a build cannot answer",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/package-manager-prompts.md"),
    equivalents: &[
        "hadolint:DL3014",
        "hadolint:DL3030",
        "hadolint:DL3034",
        "hadolint:DL3038",
        "kics:apt_get_missing_flags_to_avoid_manual_input",
        "kics:missing_flag_from_dnf_install",
        "kics:missing_zypper_non_interactive_switch",
        "kics:yum_install_allows_manual_input",
        "semgrep:missing-assume-yes-switch",
        "semgrep:missing-dnf-assume-yes-switch",
        "semgrep:missing-yum-assume-yes-switch",
        "semgrep:missing-zypper-no-confirm-switch",
        "trivy:apt_get_missing_yes_flag_to_avoid_manual_input",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// The equivalents for a call that installs.
fn equivalents(manager: Manager) -> &'static [&'static str] {
    match manager {
        Manager::Apt => &[
            "hadolint:DL3014",
            "kics:apt_get_missing_flags_to_avoid_manual_input",
            "semgrep:missing-assume-yes-switch",
            "trivy:apt_get_missing_yes_flag_to_avoid_manual_input",
        ],
        Manager::Yum => &[
            "hadolint:DL3030",
            "kics:yum_install_allows_manual_input",
            "semgrep:missing-yum-assume-yes-switch",
        ],
        Manager::Dnf => &[
            "hadolint:DL3038",
            "kics:missing_flag_from_dnf_install",
            "semgrep:missing-dnf-assume-yes-switch",
        ],
        Manager::Zypper => &[
            "hadolint:DL3034",
            "kics:missing_zypper_non_interactive_switch",
            "semgrep:missing-zypper-no-confirm-switch",
        ],
        _ => &[],
    }
}

/// Whether the subcommand changes packages, and so asks first.
fn asks(call: &Call<'_>) -> bool {
    let action = call.action();
    if call.manager == Manager::Conda && !call.modifiers.is_empty() {
        return false;
    }
    let removes = matches!(action, "remove" | "purge" | "autoremove" | "upgrade");
    call.installs()
        || match call.manager {
            Manager::Apt => removes || matches!(action, "dist-upgrade" | "full-upgrade" | "safe-upgrade"),
            Manager::Dnf | Manager::Yum => {
                removes
                    || matches!(
                        action,
                        "update" | "erase" | "swap" | "groupupdate" | "distro-sync" | "downgrade"
                    )
            }
            Manager::Zypper => {
                removes || matches!(action, "rm" | "update" | "up" | "dist-upgrade" | "dup" | "patch")
            }
            Manager::Conda => removes || action == "uninstall",
            _ => false,
        }
}

/// What in an earlier file of the stage says that the manager does not ask.
fn settings(manager: Manager) -> &'static [&'static str] {
    match manager {
        Manager::Apt => &["assume-yes"],
        Manager::Dnf | Manager::Yum => &["assumeyes"],
        Manager::Conda => &["always_yes", "conda_always_yes"],
        _ => &[],
    }
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        let mut mentions: Vec<(Manager, Option<usize>)> = Vec::new();
        let variables = scope.variables();
        for (layer, index, command) in scope.commands() {
            let Some(call) = call(command) else { continue };
            if !asks(&call) || call.assumes_yes() || call.has_unknown_flags() {
                continue;
            }
            let is_answered =
                layer.pipe_sources(index).any(|it| matches!(it.program.as_str(), "yes" | "echo" | "printf"))
                    || call.manager == Manager::Conda
                        && variables.in_command("CONDA_ALWAYS_YES", layer, index) != Variable::Undefined;
            if is_answered {
                continue;
            }
            let said = match mentions.iter().find(|(manager, _)| *manager == call.manager) {
                Some((_, said)) => *said,
                None => {
                    let said = scope.first_mention(settings(call.manager));
                    mentions.push((call.manager, said));
                    said
                }
            };
            if said.is_some_and(|at| at <= layer.index) {
                continue;
            }
            let fix = insert_flag(layer, command, call.subcommand, &["-y"]);
            let equivalents = if call.installs() || call.manager == Manager::Zypper {
                equivalents(call.manager)
            } else {
                &[]
            };
            scope
                .report(
                    cx,
                    command.span_to(call.subcommand),
                    format!("`{}` asks whether to go on, and no one answers", call.action()),
                )
                .help("add `-y`")
                .fix(fix)
                .equivalents(equivalents);
        }
    }
}
