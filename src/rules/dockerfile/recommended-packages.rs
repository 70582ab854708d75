//! `recommended-packages`: apt installs what is only recommended besides what was asked for.

use crate::commands::edit::insert_flag;
use crate::commands::managers::{Call, Manager, call};
use crate::commands::{Layer, scopes};
use crate::diagnostic::{Fix, Severity};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "recommended-packages",
    summary: "apt installs recommended packages besides those that were asked for",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/recommended-packages.md"),
    equivalents: &[
        "hadolint:DL3015",
        "kics:apt_get_not_avoiding_additional_packages",
        "semgrep:missing-no-install-recommends",
        "trivy:apt_get_missing_no_install_recommends",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Packages of which builds often use what they recommend, so that a person must say what is needed.
const RELIED_ON: &[&str] = &["gnupg", "nodejs", "npm", "pipx", "python3-pip", "software-properties-common"];

/// Packages that recommend the certificates without which they reach no server.
const CLIENTS: &[&str] = &["curl", "git", "wget"];

/// The fix that adds the flag, and the certificates where they came along.
fn fix(layer: &Layer, call: &Call<'_>) -> Option<Fix> {
    let has = |names: &[&str]| {
        call.operands.iter().any(|it| names.contains(&it.text.split('=').next().unwrap_or_default()))
    };
    if has(RELIED_ON) {
        return None;
    }
    let mut fix = insert_flag(layer, call.command, call.subcommand, &["--no-install-recommends"])?;
    if has(CLIENTS) && !has(&["ca-certificates"]) {
        let last = call.operands.last()?;
        let certificates = insert_flag(layer, call.command, last, &["ca-certificates"])?;
        fix.title.push_str(" and the certificates that came along");
        fix.edits.extend(certificates.edits);
    }
    Some(fix)
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        let said = scope.first_mention(&["install-recommends \"", "apt::install-recommends"]);
        for (layer, _, command) in scope.commands() {
            let Some(call) = call(command) else { continue };
            if call.manager != Manager::Apt || call.action() != "install" || call.operands.is_empty() {
                continue;
            }
            let is_set = call
                .flag(&["--no-install-recommends", "--install-recommends", "-R", "--without-recommends"])
                .is_some()
                || call
                    .arguments
                    .values(&["-o", "--option"])
                    .any(|value| value.to_ascii_lowercase().contains("install-recommends"));
            if is_set || call.has_unknown_flags() || said.is_some_and(|at| at <= layer.index) {
                continue;
            }
            let fix = fix(layer, &call);
            let preset = if scope.keeps(layer) { Preset::Recommended } else { Preset::Strict };
            scope
                .report(cx, command.span_to(call.subcommand), "recommended packages are installed as well")
                .help("add `--no-install-recommends`, and name what is needed of them")
                .fix(fix)
                .only_in(preset);
        }
    }
}
