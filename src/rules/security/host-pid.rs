//! `host-pid`: a container sees and can stop the processes of the host.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "host-pid",
    summary: "a container sees and can stop the processes of the host",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Others, Needs::Nothing)],
        weaknesses: &[653],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/host-pid.md"),
    equivalents: &["compose-lint:CL-0010", "kics:host_namespace_is_shared"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// Programs that report on the processes of the host, by words of the image's name.
const MONITORS: &[&str] = &[
    "beyla",
    "cadvisor",
    "datadog",
    "falco",
    "glances",
    "netdata",
    "node-exporter",
    "parca-agent",
    "pyroscope",
    "telegraf",
];

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(entry) = service.entry("pid") else { return };
    if entry.value.as_str() != Some("host") || is_monitor(service) {
        return;
    }
    cx.report(entry.span(), "`pid: host` lets the container see and stop the processes of the host")
        .help("remove it, or share the processes of one service with `pid: service:<name>`");
}

/// Whether the program is there to report on the host's processes.
fn is_monitor(service: Service<'_>) -> bool {
    let Some(image) = service.image() else { return false };
    let name = image.name_without_registry();
    MONITORS.iter().any(|word| name.contains(word))
}
