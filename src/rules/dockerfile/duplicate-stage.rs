//! `duplicate-stage`: two stages of one name.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "duplicate-stage",
    summary: "two stages have the same name",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/duplicate-stage.md"),
    equivalents: &[
        "buildkit:DuplicateStageName",
        "checkov:AliasIsUnique",
        "hadolint:DL3024",
        "kics:same_alias_in_different_froms",
        "semgrep:alias-must-be-unique",
        "trivy:same_alias_in_different_froms",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    let mut seen: HashMap<String, Span> = HashMap::new();
    for stage in dockerfile.stages() {
        let Some(name) = stage.name() else { continue };
        match seen.entry(name.value.to_lowercase()) {
            Entry::Vacant(entry) => drop(entry.insert(name.span)),
            Entry::Occupied(entry) => {
                cx.report(name.span, format!("another stage is named `{}`", name.value))
                    .label(*entry.get(), "named here first")
                    .help("give it a name of its own");
            }
        }
    }
}
