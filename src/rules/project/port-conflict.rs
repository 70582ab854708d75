//! `port-conflict`: two containers that run together publish one port of the host.

use std::net::IpAddr;

use crate::compose::port::{PortRange, Protocol};
use crate::compose::project::Project;
use crate::compose::service::{PortView, Service};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::SourceId;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "port-conflict",
    summary: "two services that run together publish the same port of the host",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/port-conflict.md"),
    equivalents: &["dclint:no-duplicate-exported-ports"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

/// The number of pairs of entries that are compared.
const MAX_PAIRS: usize = 1_000_000;

/// Ports of the host that one entry takes.
#[derive(Clone, Debug)]
struct Taken<'p> {
    service: Service<'p>,
    view: PortView<'p>,
    ports: PortRange,
    protocol: Protocol,
    host_ip: Option<IpAddr>,
}

fn check(project: &Project, cx: &mut Context<'_>) {
    let mut all: Vec<Taken<'_>> = Vec::new();
    for service in project.services() {
        all.extend(taken(service));
    }
    // By the first port, so that each looks only at those that its range reaches.
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|index| (all[*index].ports.start, *index));
    // One finding for each entry, about the first that it meets.
    let mut conflicts: Vec<Option<usize>> = vec![None; all.len()];
    let mut pairs = 0;
    for (at, one) in order.iter().enumerate() {
        let reached = order[at + 1..].iter().take_while(|it| all[**it].ports.start <= all[*one].ports.end);
        for other in reached {
            let (first, second) = (*one.min(other), *one.max(other));
            pairs += 1;
            if pairs > MAX_PAIRS {
                break;
            }
            if conflicts[second].is_none_or(|known| known > first) && clash(&all[first], &all[second]) {
                conflicts[second] = Some(first);
            }
        }
    }
    for (second, first) in conflicts.into_iter().enumerate() {
        if let Some(first) = first {
            report(&all[second], &all[first], cx);
        }
    }
}

/// The ports of the host that a service surely takes.
fn taken(service: Service<'_>) -> Vec<Taken<'_>> {
    // The network of something else has its own ports, and a service without containers none.
    if service.get("network_mode").is_some() || service.replicas() == Some(0) {
        return Vec::new();
    }
    let views = service.ports().into_iter();
    views
        .filter_map(|view| {
            let ports = view.port.published?.value;
            // Of a range for a single port the engine takes one that is free.
            if ports.start == 0 || ports.count() != view.port.target.value.count() {
                return None;
            }
            let protocol = view.port.protocol_or_default();
            let host_ip = match view.port.host_ip_text {
                Some(_) => Some(view.port.host_ip?.value),
                None => None,
            };
            Some(Taken { service, ports, protocol, host_ip, view })
        })
        .collect()
}

/// Whether the two cannot both be published.
fn clash(one: &Taken<'_>, other: &Taken<'_>) -> bool {
    let overlaps = one.ports.start <= other.ports.end && other.ports.start <= one.ports.end;
    let meets = match (one.host_ip, other.host_ip) {
        (Some(one), Some(other)) => {
            one.is_ipv4() == other.is_ipv4()
                && (one == other || one.is_unspecified() || other.is_unspecified())
        }
        _ => true,
    };
    overlaps && one.protocol == other.protocol && meets && one.service.meets(other.service)
}

fn report(second: &Taken<'_>, first: &Taken<'_>, cx: &mut Context<'_>) {
    let shared = PortRange {
        start: first.ports.start.max(second.ports.start),
        end: first.ports.end.min(second.ports.end),
    };
    let ports = if shared.start == shared.end { "port" } else { "ports" };
    let protocol = match second.protocol {
        Protocol::Tcp => String::new(),
        other => format!("/{other}"),
    };
    let name = second.service.name();
    let is_own = first.service.name() == name;
    let message = if is_own {
        format!("{ports} `{shared}{protocol}` of the host is published twice")
    } else {
        format!("{ports} `{shared}{protocol}` of the host is published by `{}` too", first.service.name())
    };
    let (at, before) = (second.view.yaml.span(), first.view.yaml.span());
    let span = second.view.port.published.map_or(at, |it| it.span);
    let span = if span.source == at.source { span } else { at };
    // Which files are read together and which profiles are on is up to whoever starts the project.
    let is_certain =
        at.source == before.source && second.service.always_runs() && first.service.always_runs();
    // Files that others include are often a shelf to choose services from.
    let is_chosen = at.source != before.source
        && [at.source, before.source].iter().all(|source| !is_named(second.service.project(), *source));
    let severity = match (is_certain, is_chosen) {
        (true, _) => Severity::Error,
        (_, true) => Severity::Info,
        _ => Severity::Warning,
    };
    let mut finding = cx.report(span, message).subject(name).severity(severity);
    if before != at {
        finding = finding.label(before, "published here first");
    }
    if is_own && at.source != before.source {
        finding.help("write `ports: !override` to replace what the other file publishes");
    } else {
        finding.help("publish it once, or another port of the host");
    }
}

/// Whether the file is one of those that the deployment names, and not one that they include.
fn is_named(project: &Project, source: SourceId) -> bool {
    project.files().iter().any(|file| file.source == source && project.deployment.files.contains(&file.path))
}
