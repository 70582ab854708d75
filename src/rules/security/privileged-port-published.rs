//! `privileged-port-published`: a port that only root may open takes part in `ports`.

use crate::compose::port::PortRange;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "privileged-port-published",
    summary: "a port that only root may open takes part in `ports`",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Foothold, Needs::Attack)],
        weaknesses: &[],
    },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/privileged-port-published.md"),
    equivalents: &["kics:privileged_ports_mapped_in_container"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// The first port that any user may open.
const FIRST_FREE: u16 = 1024;

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if service.get("network_mode").is_some_and(|mode| mode.as_str() == Some("host")) {
        return;
    }
    for view in service.ports() {
        let port = &view.port;
        let is_privileged = |range: PortRange| range.start < FIRST_FREE;
        if let Some(published) = port.published.filter(|it| is_privileged(it.value)) {
            cx.report(
                published.span,
                format!("the port `{}` of the host is one that only root may open", published.value),
            )
            .help("publish a port above 1023, and let a proxy or the router pass it on");
        } else if is_privileged(port.target.value) {
            cx.report(
                port.target.span,
                format!(
                    "the program listens on `{}`, which outside Docker only root may open",
                    port.target.value
                ),
            )
            .help("let the program listen on a port above 1023");
        }
    }
}
