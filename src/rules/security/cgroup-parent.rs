//! `cgroup-parent`: a container is put into a control group of its own choice.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "cgroup-parent",
    summary: "a container is put into a control group of its own choice",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Others, Needs::Attack)],
        weaknesses: &[],
    },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/cgroup-parent.md"),
    equivalents: &["kics:cgroup_not_default"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(entry) = service.entry("cgroup_parent") else { return };
    cx.report(entry.span(), "`cgroup_parent` takes the container out of the engine's control group")
        .help("remove it, so that the limits of the engine's group hold");
}
