//! `host-uts`: a container shares the name of the host and may change it.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "host-uts",
    summary: "a container shares the name of the host and may change it",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Others, Needs::Fault)],
        weaknesses: &[653],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/host-uts.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(entry) = service.entry("uts") else { return };
    if entry.value.as_str() == Some("host") {
        cx.report(entry.span(), "`uts: host` lets the container change the name of the host")
            .help("remove it; `hostname` gives the container a name");
    }
}
