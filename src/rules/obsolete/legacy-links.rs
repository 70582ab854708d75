//! `legacy-links`: a service uses a key from before networks and volumes had names.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "legacy-links",
    summary: "a service uses a key from before networks and volumes had names",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/obsolete/legacy-links.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    for (key, instead, help) in [
        (
            "links",
            "services of one network reach each other by name",
            "remove it; for another name, list it under `aliases` of the network",
        ),
        ("external_links", "a shared network does the same", "put both containers on one external network"),
        ("volumes_from", "a named volume does the same", "declare a volume and mount it in both services"),
    ] {
        let Some(entry) = service.entry(key) else { continue };
        if entry.value.items().len() > 0 || entry.value.as_str().is_some() {
            cx.report(entry.key.span(), format!("`{key}` is a leftover: {instead}")).help(help);
        }
    }
}
