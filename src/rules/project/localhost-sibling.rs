//! `localhost-sibling`: a program looks in its own container for what runs in another.

use crate::addresses::{Networks, Place, addresses, is_opaque, is_store, is_whole, listening, networks};
use crate::compose::project::Project;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use std::collections::HashSet;

pub static RULE: Rule = Rule {
    name: "localhost-sibling",
    summary: "a program looks in its own container for what runs in another",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/localhost-sibling.md"),
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
    if !service.has_containers() || is_opaque(service) {
        return;
    }
    if !matches!(networks(service), Networks::Named(_)) || shares_its_network(service) {
        return;
    }
    let mut reported: HashSet<u16> = HashSet::new();
    for address in addresses(service) {
        let Some(port) = address.port else { continue };
        if !matches!(address.host.as_str(), "localhost" | "127.0.0.1")
            || address.place == Place::Healthcheck
            || reported.contains(&port)
            || listening(service).may_be_on(port)
        {
            continue;
        }
        // An address of the web may be meant for the user's browser.
        let is_web =
            address.scheme.as_deref().is_none_or(|scheme| matches!(scheme, "http" | "https" | "ws" | "wss"));
        let mut siblings = project.services().filter(|other| {
            other.name() != service.name()
                && other.has_containers()
                && other.meets(service)
                && matches!(networks(*other), Networks::Named(_))
                && (is_store(*other) || !is_web)
                && (listening(*other).is_on(port) || publishes(*other, port))
        });
        let (Some(sibling), None) = (siblings.next(), siblings.next()) else { continue };
        reported.insert(port);
        let target = target(sibling, port);
        cx.report(
            address.span,
            format!(
                "`{}:{port}` is this container itself: `{}` listens in another",
                address.host,
                sibling.name()
            ),
        )
        .subject(service.name())
        .label(sibling.key().span(), "it listens here")
        .help(format!("write `{}:{target}`", sibling.name()));
    }
}

/// Whether the service is on the network of another, or another on that of this one, so that
/// `localhost` is both.
fn shares_its_network(service: Service<'_>) -> bool {
    if service.get("network_mode").is_some() {
        return true;
    }
    let own = format!("service:{}", service.name());
    service.project().services().any(|other| {
        other.get("network_mode").is_some_and(|mode| mode.as_str().is_none_or(|mode| mode == own))
    })
}

/// Whether the service publishes something on the port of the host.
fn publishes(service: Service<'_>, port: u16) -> bool {
    service
        .ports()
        .iter()
        .any(|view| view.port.published.is_some_and(|published| published.value.contains(port)))
}

/// The port of the container for one that is its own or the host's.
fn target(service: Service<'_>, port: u16) -> u16 {
    if listening(service).is_on(port) {
        return port;
    }
    let ports = service.ports();
    let expanded = ports.iter().flat_map(|view| view.port.expand());
    let mut published = expanded.filter(|single| single.published.is_some_and(|range| range.contains(port)));
    published.next().map_or(port, |single| single.target)
}
