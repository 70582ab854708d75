//! `missing-cpu-limit`: a service may use all processors of the host.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "missing-cpu-limit",
    summary: "a service may use all processors of the host",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Load)], weaknesses: &[] },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/missing-cpu-limit.md"),
    equivalents: &["compose-lint:CL-0026", "kics:cpus_not_limited"],
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.is_in_view() || !service.has_containers() {
        return;
    }
    let help = "set `cpus` or `deploy.resources.limits.cpus`";
    match service.limit("cpus", "cpus") {
        // Zero and -1 are how the engine is told that there is none.
        Some(limit) if limit.as_f64().is_some_and(|limit| limit <= 0.0) => {
            cx.report(limit.span(), "this is no limit: the container may use all processors of the host")
                .help(help);
        }
        Some(_) => {}
        None if service.lacks("cpu_quota") && service.lacks("cpuset") => {
            cx.report(
                service.key().span(),
                "no limit keeps the container from using all processors of the host",
            )
            .help(help);
        }
        None => {}
    }
}
