//! `apt-in-script`: `apt`, whose command line is for people, runs in a build.

use crate::commands::edit::replace_word;
use crate::commands::managers::call;
use crate::commands::scopes;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "apt-in-script",
    summary: "`apt` runs in a build, and its command line is only for people",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/apt-in-script.md"),
    equivalents: &["checkov:RunUsingAPT", "hadolint:DL3027", "kics:run_using_apt", "semgrep:prefer-apt-get"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// What `apt-get` knows under the same name.
const SHARED: &[&str] = &[
    "update",
    "install",
    "reinstall",
    "remove",
    "purge",
    "autoremove",
    "autoclean",
    "autopurge",
    "clean",
    "upgrade",
    "dist-upgrade",
    "build-dep",
    "source",
    "download",
    "changelog",
    "satisfy",
];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for (layer, _, command) in scope.commands() {
            let Some(name) = command.name.as_ref().filter(|_| command.program == "apt") else { continue };
            let action = call(command).map(|call| call.action().to_owned()).unwrap_or_default();
            let other = match action.as_str() {
                "list" | "show" | "search" | "policy" | "depends" | "rdepends" | "showsrc" => "apt-cache",
                _ => "apt-get",
            };
            let is_same = SHARED.contains(&action.as_str()) && name.text == "apt";
            let fix = if is_same { replace_word(layer, command, name, "apt-get") } else { None };
            scope
                .report(cx, name.span, "`apt` promises no stable command line")
                .help(format!("write `{other}`"))
                .fix(fix);
        }
    }
}
