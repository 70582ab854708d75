//! `recommended-packages`: apt installs what is only recommended besides what was asked for.

use crate::commands::edit::insert_flag;
use crate::commands::managers::{Manager, call};
use crate::commands::scopes;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};

pub static RULE: Rule = Rule {
    name: "recommended-packages",
    summary: "apt installs recommended packages besides those that were asked for",
    since: "0.1.0",
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
            let fix = insert_flag(layer, command, call.subcommand, &["--no-install-recommends"]);
            let mut finding = scope
                .report(cx, command.span_to(call.subcommand), "recommended packages are installed as well")
                .help("add `--no-install-recommends`, and name what is needed of them")
                .fix(fix);
            if !scope.keeps(layer) {
                finding = finding.only_in(Preset::Strict);
            }
            drop(finding);
        }
    }
}
