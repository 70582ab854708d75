//! `port-on-all-interfaces`: a published port is reachable from every network that the host is on.
//!
//! A port of a database, a broker or a debugger is left to `sensitive-port-published`, so that no port is
//! reported twice.

use crate::compose::project::Project;
use crate::compose::service::Service;
use crate::configuration::options::OptionsType;
use crate::diagnostic::Severity;
use crate::images::Kind;
use crate::published::{Exposure, Public, bind, exposures};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "port-on-all-interfaces",
    summary: "a published port is reachable from every network that the host is on",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Network, Gain::Code, Needs::Attack)],
        weaknesses: &[1327],
    },
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/security/port-on-all-interfaces.md"),
    equivalents: EQUIVALENTS,
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Public>();

/// All equivalents.
const EQUIVALENTS: &[&str] = &[
    "compose-lint:CL-0005",
    "dclint:no-unbound-port-interfaces",
    "kics:container_traffic_not_bound_to_host_interface",
    "nbsp1221-composelint:no-unbound-ports",
];

/// The equivalents for a port that the engine chooses.
const OF_CHOSEN: &[&str] = &["compose-lint:CL-0005", "dclint:no-unbound-port-interfaces"];

fn check(project: &Project, cx: &mut Context<'_>) {
    let exposures: Vec<(Service<'_>, Exposure<'_>)> = project
        .services()
        .flat_map(|service| exposures(service).into_iter().map(move |exposure| (service, exposure)))
        .collect();
    let public = cx.options::<Public>();
    // A base file that publishes one port, but for what is reported elsewhere, publishes what the project is
    // there for, whatever overlays add.
    let base = project.files().first().map(|file| file.source);
    let is_of_base = |exposure: &Exposure<'_>| Some(exposure.span().source) == base;
    let of_base = exposures.iter().filter(|(_, it)| it.sensitive.is_none() && is_of_base(it)).count();
    for (service, exposure) in exposures {
        if exposure.sensitive.is_some() || public.has(&exposure) {
            continue;
        }
        let port = &exposure.view.port;
        let shown = exposure.shown();
        let Some(published) = port.published else {
            let message =
                format!("`{shown}` is published on all interfaces, on a port that the engine chooses");
            cx.report(exposure.span(), message)
                .subject(service.name())
                .only_in(Preset::Strict)
                .help("list it under `expose` if only other services call it, or bind it to 127.0.0.1")
                .equivalents(OF_CHOSEN);
            continue;
        };
        let finding = cx
            .report(exposure.span(), format!("`{shown}` is published on all interfaces"))
            .subject(service.name())
            .help("bind it to 127.0.0.1 unless other machines are to reach it");
        // Whoever publishes the ports of the web, or a proxy, means it.
        let is_web = published.value.count() == 1 && matches!(published.value.start, 80 | 443);
        let is_proxy = || service.known_image().is_some_and(|image| image.kind == Kind::Proxy);
        let is_only = of_base == 1 && is_of_base(&exposure);
        if is_only || is_web || is_proxy() {
            finding.only_in(Preset::Strict);
        } else {
            finding.fix(bind(service, &exposure.view));
        }
    }
}
