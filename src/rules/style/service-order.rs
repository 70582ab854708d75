//! `service-order`: the services of a file are not in the order of their names.

use crate::diagnostic::Severity;
use crate::ordering;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "service-order",
    summary: "the services of a file are not in the order of their names",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Style,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/style/service-order.md"),
    equivalents: &["dclint:services-alphabetical-order"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for root in file.documents().iter().filter_map(|document| document.root()) {
        if let Some(services) = root.get("services").filter(|services| !services.is_alias()) {
            ordering::report_names(services, None, cx);
        }
    }
}
