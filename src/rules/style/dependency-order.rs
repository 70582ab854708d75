//! `dependency-order`: the dependencies of a service are not in the order of their names.

use crate::diagnostic::Severity;
use crate::ordering;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "dependency-order",
    summary: "the dependencies of a service are not in the order of their names",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Style,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/style/dependency-order.md"),
    equivalents: &["dclint:service-dependencies-alphabetical-order"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for root in file.documents().iter().filter_map(|document| document.root()) {
        for service in root.get("services").into_iter().flat_map(|services| services.entries()) {
            let Some(list) = service.value.get("depends_on").filter(|list| !list.is_alias()) else {
                continue;
            };
            if !service.value.is_alias() {
                ordering::report_names(list, Some(service.name()), cx);
            }
        }
    }
}
