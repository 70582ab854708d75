//! `update-alone`: package lists are fetched in a layer of their own.

use crate::commands::managers::{Call, Manager, call};
use crate::commands::{Command, Layer, scopes};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "update-alone",
    summary: "package lists are fetched in a layer of their own, where they grow old",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/update-alone.md"),
    equivalents: &[
        "checkov:UpdateNotAlone",
        "kics:update_instruction_alone",
        "trivy:update_instruction_alone",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Whether the call fetches lists and does nothing else.
fn fetches(call: &Call<'_>) -> bool {
    match call.manager {
        Manager::Apt | Manager::Apk => call.action() == "update",
        Manager::Dnf | Manager::Yum => matches!(call.action(), "makecache" | "check-update"),
        Manager::Zypper => matches!(call.action(), "refresh" | "ref"),
        _ => false,
    }
}

/// Whether the layer does more with the manager, or something that may.
fn uses(layer: &Layer, manager: Manager) -> bool {
    layer.commands.iter().any(|command| {
        call(command).is_some_and(|call| call.manager == manager && !fetches(&call)) || may_install(command)
    })
}

/// Whether the command may install packages of the system by itself, as scripts and build tools do.
fn may_install(command: &Command) -> bool {
    const KNOWN: &[&str] = &[
        "apk", "apt", "apt-get", "aptitude", "cat", "chmod", "chown", "cp", "curl", "dnf", "echo", "export",
        "ln", "mkdir", "mv", "npm", "pip", "pip3", "printf", "rm", "sed", "set", "tar", "tee", "true",
        "useradd", "wget", "yarn", "yum", "zypper",
    ];
    match command.program.as_str() {
        "" => command.name.is_some(),
        program => !KNOWN.contains(&program),
    }
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        // From the last layer to the first: which managers install later on.
        let mut later: Vec<Manager> = Vec::new();
        let mut is_unknown_later = false;
        let mut found = Vec::new();
        for layer in scope.runs().rev() {
            for command in &layer.commands {
                let Some(call) = call(command).filter(fetches) else { continue };
                if uses(layer, call.manager) || layer.has_mount("cache") || layer.is_trigger {
                    continue;
                }
                let is_used = later.contains(&call.manager);
                if is_used || !is_unknown_later {
                    found.push((command.span_to(call.subcommand), is_used));
                }
            }
            is_unknown_later |= layer.commands.iter().any(may_install);
            later.extend(
                layer.commands.iter().filter_map(call).filter(Call::installs).map(|call| call.manager),
            );
            later.sort_unstable();
            later.dedup();
        }
        for (span, is_used) in found.into_iter().rev() {
            if is_used {
                let message =
                    "the installs in later layers use the lists of the day on which this was cached";
                scope
                    .report(cx, span, message)
                    .help("write it in the same `RUN` as the installs, joined by `&&`")
                    .equivalents(&["kics:update_instruction_alone", "trivy:update_instruction_alone"]);
            } else {
                scope
                    .report(cx, span, "no layer installs anything from the lists that this one keeps")
                    .severity(Severity::Info)
                    .help("remove it, or write it in the same `RUN` as an install")
                    .equivalents(&["checkov:UpdateNotAlone", "trivy:update_instruction_alone"]);
            }
        }
    }
}
