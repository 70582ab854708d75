//! `host-network`: a container uses the network of the host.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::images::{self, Kind};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "host-network",
    summary: "a container uses the network of the host",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Others, Needs::Nothing)],
        weaknesses: &[653],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/host-network.md"),
    equivalents: &[
        "compose-lint:CL-0008",
        "kics:shared_host_network_namespace",
        "nbsp1221-composelint:no-host-network",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// Programs that look for or serve other machines on the network, by words of the image's name.
const OF_THE_NETWORK: &[&str] = &[
    "adguardhome",
    "avahi",
    "cadvisor",
    "dhcpd",
    "dnsmasq",
    "emby",
    "esphome",
    "home-assistant",
    "homeassistant",
    "homebridge",
    "jellyfin",
    "keepalived",
    "kea",
    "matter-server",
    "mdns-repeater",
    "netbird",
    "netdata",
    "node-exporter",
    "pihole",
    "plex",
    "pms-docker",
    "scrypted",
    "tailscale",
    "wireguard",
    "zerotier",
];

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(entry) = service.entry("network_mode") else { return };
    if entry.value.as_str() != Some("host") || service.is_job() || is_of_the_network(service) {
        return;
    }
    cx.report(entry.span(), "`network_mode: host` lets the container use the network of the host")
        .help("remove it, and publish the ports that others need with `ports`");
}

/// Whether the program has to see the host's network to do what it is for.
fn is_of_the_network(service: Service<'_>) -> bool {
    let Some(image) = service.image() else { return false };
    let name = image.name_without_registry();
    OF_THE_NETWORK.iter().any(|word| name.contains(word))
        || images::lookup(image.familiar_name(), image.tag.map(|tag| tag.value))
            .is_some_and(|known| known.kind == Kind::Tool && name.contains("exporter"))
}
