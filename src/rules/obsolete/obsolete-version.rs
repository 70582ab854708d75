//! `obsolete-version`: the top-level `version:`, which the engine ignores.

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::yaml::edit;

pub static RULE: Rule = Rule {
    name: "obsolete-version",
    summary: "the top-level `version` is obsolete: the engine ignores it and warns on every run",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Essential,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/obsolete/obsolete-version.md"),
    equivalents: &["dclint:no-version-field", "nbsp1221-composelint:no-version-field"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for document in file.documents() {
        let Some(root) = document.root() else { continue };
        // Without services the key may belong to a file of another kind, or to Compose's first format.
        if root.get("services").is_none() {
            continue;
        }
        let Some(entry) = root.entry("version") else { continue };
        let fix = edit::remove_entry(root, entry).map(|edits| Fix {
            title: "remove `version`".into(),
            applicability: Applicability::Safe,
            edits,
        });
        cx.report(entry.span(), "`version` is obsolete and has no effect").help("remove the line").fix(fix);
    }
}
