//! `obsolete-version`: the top-level `version:`, which the engine ignores.

use std::path::Path;

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::rule::{Check, Content, Context, File, FixAvailability, Preset, Rule};
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
    let Content::Compose(compose) = file.content else { return };
    if is_stack(&compose.path) {
        return;
    }
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

/// Whether the file is for `docker stack deploy`, by its name: that reads the third of the old formats, and
/// the older of its releases refuse a file that does not say so.
fn is_stack(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    name.split(['.', '-', '_']).any(|word| matches!(word, "stack" | "swarm"))
}
