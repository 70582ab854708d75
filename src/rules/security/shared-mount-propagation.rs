//! `shared-mount-propagation`: mounts that a container makes appear on the host.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Spanned;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::Yaml;

pub static RULE: Rule = Rule {
    name: "shared-mount-propagation",
    summary: "mounts that a container makes appear on the host",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Host, Needs::Fault)],
        weaknesses: &[653],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/shared-mount-propagation.md"),
    equivalents: &["compose-lint:CL-0017", "kics:volume_mounted_in_multiple_containers"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let short = service.mounts().into_iter().filter(|view| !view.is_long);
    let short = short.filter_map(|view| view.mount.propagation());
    // In the long form nothing else has to be known.
    let long = service.get("volumes").into_iter().flat_map(Yaml::items);
    let long = long.filter_map(|item| {
        let propagation = item.get("bind")?.get("propagation")?;
        Some(Spanned::new(propagation.as_str()?, propagation.span()))
    });
    for propagation in short.chain(long) {
        if matches!(propagation.value, "shared" | "rshared") {
            cx.report(
                propagation.span,
                format!("`{}` lets mounts of the container appear on the host", propagation.value),
            )
            .help("write `rslave` if the container is to see the host's mounts, else remove it");
        }
    }
}
