//! `host-cgroup`: a container sees the control groups of the host.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "host-cgroup",
    summary: "a container sees the control groups of the host",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Others, Needs::Nothing)],
        weaknesses: &[653],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/host-cgroup.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(entry) = service.entry("cgroup") else { return };
    if entry.value.as_str() == Some("host") {
        cx.report(entry.span(), "`cgroup: host` shows the container the control groups of the host")
            .help("remove it, or write `cgroup: private`");
    }
}
