//! `host-userns`: root in a container is root on the host although the engine maps users.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "host-userns",
    summary: "root in a container is root on the host although the engine maps users",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Host, Needs::Fault)],
        weaknesses: &[653],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/host-userns.md"),
    equivalents: &["kics:shared_host_user_namespace"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(entry) = service.entry("userns_mode") else { return };
    if entry.value.as_str() == Some("host") {
        cx.report(entry.span(), "`userns_mode: host` makes root in the container root on the host")
            .help("remove it, so that the engine's mapping of users holds");
    }
}
