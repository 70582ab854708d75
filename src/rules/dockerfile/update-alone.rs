//! `update-alone`: package lists are fetched in a layer of their own.

use crate::commands::managers::{Call, Manager, call};
use crate::commands::{Layer, scopes};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};

pub static RULE: Rule = Rule {
    name: "update-alone",
    summary: "package lists are fetched in a layer of their own, where they grow old",
    since: "0.1.0",
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
        let uses = call(command).is_some_and(|call| call.manager == manager && !fetches(&call));
        // Scripts, build tools and functions install by themselves.
        uses || !matches!(
            command.program.as_str(),
            "apt-get"
                | "apt"
                | "apk"
                | "yum"
                | "dnf"
                | "zypper"
                | "set"
                | "echo"
                | "rm"
                | "mkdir"
                | "sed"
                | "printf"
                | "true"
                | "export"
                | "aptitude"
                | "cat"
                | "tee"
                | "chmod"
                | "ln"
        ) && !command.program.is_empty()
            || command.program.is_empty() && command.name.is_some()
    })
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        // From the last layer to the first: which managers install later on.
        let mut later: Vec<Manager> = Vec::new();
        let mut found = Vec::new();
        for layer in scope.runs().rev() {
            for command in &layer.commands {
                let Some(call) = call(command).filter(fetches) else { continue };
                if uses(layer, call.manager) || layer.has_mount("cache") || layer.is_trigger {
                    continue;
                }
                if later.contains(&call.manager) {
                    found.push(command.span_to(call.subcommand));
                }
            }
            later.extend(
                layer.commands.iter().filter_map(call).filter(Call::installs).map(|call| call.manager),
            );
            later.sort_unstable();
            later.dedup();
        }
        for span in found.into_iter().rev() {
            scope
                .report(
                    cx,
                    span,
                    "the installs in later layers use the lists of the day on which this was cached",
                )
                .help("write it in the same `RUN` as the installs, joined by `&&`");
        }
    }
}
