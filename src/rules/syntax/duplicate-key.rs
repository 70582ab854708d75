//! `duplicate-key`: a mapping with the same key twice.

use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "duplicate-key",
    summary: "a mapping has the same key twice, which the engine refuses",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/syntax/duplicate-key.md"),
    equivalents: &["compose-lint:parse", "yamllint:key-duplicates"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for document in file.documents() {
        for duplicate in document.duplicates() {
            let (first, second) = (document.node(duplicate.first), document.node(duplicate.second));
            let name = second.raw_str().unwrap_or_default();
            let help = if name == "<<" {
                "merge several mappings with one `<<: [*a, *b]`"
            } else {
                "keep one of the two, or merge their values"
            };
            cx.report(second.span(), format!("`{name}` is a key of this mapping already"))
                .label(first.span(), "the first one")
                .help(help);
        }
    }
}
