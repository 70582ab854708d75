//! `published-port-used-inside`: a service is addressed by the port that it has on the host.

use crate::addresses::{Networks, addresses, is_opaque, is_whole, listening, networks};
use crate::compose::project::Project;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use std::collections::HashSet;

pub static RULE: Rule = Rule {
    name: "published-port-used-inside",
    summary: "a service is addressed by the port that it has on the host",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/published-port-used-inside.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(all)],
};

fn all(project: &Project, cx: &mut Context<'_>) {
    if is_whole(project) {
        project.services().for_each(|service| check(service, cx));
    }
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let project = service.project();
    if !service.has_containers() {
        return;
    }
    let Networks::Named(own) = networks(service) else { return };
    let mut reported: HashSet<(String, u16)> = HashSet::new();
    for address in addresses(service) {
        let Some(port) = address.port else { continue };
        let Some(other) = project.service(&address.host).filter(|other| other.name() != service.name())
        else {
            continue;
        };
        let is_shared = matches!(networks(other), Networks::Named(theirs) if !own.is_disjoint(&theirs));
        if !is_shared || is_opaque(other) || listening(other).may_be_on(port) {
            continue;
        }
        let ports = other.ports();
        let mut published = ports.iter().filter_map(|view| {
            let mut single = view.port.expand().into_iter();
            let single = single.find(|single| {
                single.published.is_some_and(|range| range.count() == 1 && range.contains(port))
            })?;
            Some((single.target, view.port.published?.span))
        });
        let Some((target, place)) = published.next() else { continue };
        if !reported.insert((address.host.clone(), port)) {
            continue;
        }
        cx.report(
            address.span,
            format!("`{}` listens on {target}: {port} is its port on the host only", address.host),
        )
        .subject(service.name())
        .label(place, "the host's port and the container's")
        .help(format!("write `{}:{target}`", address.host));
    }
}
