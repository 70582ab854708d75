//! `unreachable-service`: a service is addressed from one that shares no network with it.

use crate::addresses::{Networks, addresses, is_whole, networks, other_names};
use crate::compose::project::Project;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::yaml::Yaml;
use std::collections::HashSet;

pub static RULE: Rule = Rule {
    name: "unreachable-service",
    summary: "a service is addressed from one that shares no network with it",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/unreachable-service.md"),
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
    let own = networks(service);
    if own == Networks::Unknown {
        return;
    }
    let mut reported: HashSet<String> = HashSet::new();
    for address in addresses(service) {
        let Some(other) = project.service(&address.host) else { continue };
        if other.name() == service.name()
            || !other.has_containers()
            || reported.contains(&address.host)
            || is_known_otherwise(service, &address.host)
        {
            continue;
        }
        let theirs = networks(other);
        let (message, help) = match (&own, &theirs) {
            (_, Networks::Unknown) | (Networks::Unknown, _) => continue,
            (Networks::Named(own), Networks::Named(theirs)) => {
                if !own.is_disjoint(theirs) || is_answered_by_another(service, &address.host) {
                    continue;
                }
                (format!("`{}` is on no network of this service", address.host), "put both on one network")
            }
            // A program on the host's network finds no service by its name, nor is it found.
            (Networks::Host, Networks::Named(_)) => (
                format!("`{}` is not found by its name on the network of the host", address.host),
                "publish the port on 127.0.0.1 and address that, or leave the network of the host",
            ),
            (Networks::Named(_), Networks::Host) => (
                format!("`{}` is on the network of the host, where it has no name", address.host),
                "address `host.docker.internal`, or take the other service off the network of the host",
            ),
            (Networks::Host, Networks::Host) => (
                format!("`{}` is not found by its name on the network of the host", address.host),
                "address `localhost`",
            ),
        };
        let place = ["network_mode", "networks"].iter().find_map(|key| other.entry(key));
        let place = place.map_or(other.key().span(), |entry| entry.key.span());
        reported.insert(address.host.clone());
        cx.report(address.span, message).subject(service.name()).label(place, "it is elsewhere").help(help);
    }
}

/// Whether the service itself says where the name leads.
fn is_known_otherwise(service: Service<'_>, host: &str) -> bool {
    let says = |item: Yaml<'_>| {
        item.raw_str()
            .is_some_and(|text| text.contains('$') || text.split([':', '=']).any(|part| part == host))
    };
    let hosts = service.get("extra_hosts");
    hosts.is_some_and(|hosts| hosts.items().any(says) || hosts.entries().any(|entry| entry.name() == host))
        || service.get("links").is_some_and(|links| links.items().any(says))
        || service.get("external_links").is_some_and(|links| links.items().any(says))
        || other_names(service).contains(&host)
}

/// Whether a third service on a network of this one has the name as well.
fn is_answered_by_another(service: Service<'_>, host: &str) -> bool {
    let Networks::Named(own) = networks(service) else { return true };
    service.project().services().any(|third| {
        other_names(third).contains(&host)
            && match networks(third) {
                Networks::Named(theirs) => !own.is_disjoint(&theirs),
                Networks::Host | Networks::Unknown => true,
            }
    })
}
