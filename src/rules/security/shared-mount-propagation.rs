//! `shared-mount-propagation`: mounts that a container makes appear on the host.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};

pub static RULE: Rule = Rule {
    name: "shared-mount-propagation",
    summary: "mounts that a container makes appear on the host",
    since: "0.1.0",
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
    for view in service.mounts() {
        let Some(propagation) = view.mount.propagation() else { continue };
        if matches!(propagation.value, "shared" | "rshared") {
            cx.report(
                propagation.span,
                format!("`{}` lets mounts of the container appear on the host", propagation.value),
            )
            .help("write `rslave` if the container is to see the host's mounts, else remove it");
        }
    }
}
