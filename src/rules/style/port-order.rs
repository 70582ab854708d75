//! `port-order`: the ports of a service are not in ascending order.

use crate::compose::port::{Port, PortRange};
use crate::diagnostic::Severity;
use crate::ordering;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::yaml::{Kind, Yaml};

pub static RULE: Rule = Rule {
    name: "port-order",
    summary: "the ports of a service are not in ascending order",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Style,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/style/port-order.md"),
    equivalents: &["dclint:service-ports-alphabetical-order"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for root in file.documents().iter().filter_map(|document| document.root()) {
        for service in root.get("services").into_iter().flat_map(|services| services.entries()) {
            let Some(list) = service.value.get("ports").filter(|list| !list.is_alias()) else { continue };
            if !service.value.is_alias() {
                // One that a variable decides has no place in the order.
                let ports: Vec<Option<(u16, u16)>> = list.items().map(numbers).collect();
                ordering::report_items(list, &ports, |(port, _)| port.to_string(), Some(service.name()), cx);
            }
        }
    }
}

/// The ports of the host and the container that an item is sorted by.
fn numbers(item: Yaml<'_>) -> Option<(u16, u16)> {
    if item.kind() == Kind::Mapping {
        let range = |key: &str| PortRange::parse(item.get(key)?.raw_str()?);
        let target = range("target")?.start;
        return Some((range("published").map_or(target, |range| range.start), target));
    }
    let port = Port::parse(item.raw_str()?, &item.raw_map()).ok()?;
    let target = port.target.value.start;
    Some((port.published.map_or(target, |range| range.value.start), target))
}
