//! `service-key-order`: the keys of a service are not in the usual order.

use crate::configuration::options::OptionsType;
use crate::diagnostic::Severity;
use crate::ordering::{self, Order, SERVICE_KEYS};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "service-key-order",
    summary: "the keys of a service are not in the usual order",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Style,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/style/service-key-order.md"),
    equivalents: &["dclint:service-keys-order", "nbsp1221-composelint:service-key-order"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Order>();

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let order = cx.options::<Order>();
    let keys = order.or(SERVICE_KEYS);
    for root in file.documents().iter().filter_map(|document| document.root()) {
        for service in root.get("services").into_iter().flat_map(|services| services.entries()) {
            if !service.value.is_alias() {
                ordering::report_keys(service.value, &keys, Some(service.name()), cx);
            }
        }
    }
}
