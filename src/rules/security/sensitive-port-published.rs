//! `sensitive-port-published`: a database, broker or debugger is reachable from every network that the host is on.

use crate::compose::service::Service;
use crate::configuration::options::OptionsType;
use crate::diagnostic::Severity;
use crate::published::{Public, bind, exposures};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "sensitive-port-published",
    summary: "a database, broker or debugger is reachable from every network that the host is on",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Network, Gain::Others, Needs::Fault)],
        weaknesses: &[1327],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/security/sensitive-port-published.md"),
    equivalents: EQUIVALENTS,
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Public>();

/// All equivalents.
const EQUIVALENTS: &[&str] = &[
    "compose-lint:CL-0005",
    "dclint:no-unbound-port-interfaces",
    "kics:container_traffic_not_bound_to_host_interface",
    "nbsp1221-composelint:no-unbound-ports",
];

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let public = cx.options::<Public>();
    for exposure in exposures(service) {
        let Some(what) = exposure.sensitive.filter(|_| !public.has(&exposure)) else { continue };
        let message = format!("`{}` opens {what} to every network of the host", exposure.shown());
        cx.report(exposure.span(), message)
            .help("bind it to 127.0.0.1, or remove it if only other services call it")
            .fix(bind(service, &exposure.view));
    }
}
