//! `api-socket`: a container is given the engine's socket with the credentials of registries.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "api-socket",
    summary: "a container is given the engine's socket with the credentials of registries",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Host, Needs::Nothing)],
        weaknesses: &[250],
    },
    severity: Severity::Error,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/api-socket.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(entry) = service.entry("use_api_socket") else { return };
    if entry.value.as_bool() == Some(true) {
        cx.report(entry.span(), "`use_api_socket: true` gives the container control of the host's Docker")
            .help("remove it, or let a socket proxy pass only the calls that the program needs");
    }
}
