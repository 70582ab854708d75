//! `duplicate-container-name`: two services want one container name.

use std::collections::HashMap;

use crate::compose::project::Project;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "duplicate-container-name",
    summary: "two services that run together have the same container name",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/duplicate-container-name.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

/// The number of services of one name, never on together, with which another is compared.
const MAX_OWNERS: usize = 100;

fn check(project: &Project, cx: &mut Context<'_>) {
    let mut owners: HashMap<&str, Vec<Service<'_>>> = HashMap::new();
    for service in project.services() {
        let Some(name) = service.text("container_name").filter(|name| !name.value.is_empty()) else {
            continue;
        };
        let others = owners.entry(name.value).or_default();
        if let Some(first) = others.iter().find(|first| first.meets(service)) {
            let message = format!("`{}` is the container name of `{}` too", name.value, first.name());
            let finding = cx
                .report(name.span, message)
                .subject(service.name())
                .help("leave `container_name` out, or give each its own");
            // Both may have it from one anchor.
            if let Some(other) = first.text("container_name").filter(|other| other.span != name.span) {
                finding.label(other.span, "the first container so named");
            }
        }
        if others.len() < MAX_OWNERS {
            others.push(service);
        }
    }
}
