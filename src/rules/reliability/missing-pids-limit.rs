//! `missing-pids-limit`: a service may start any number of processes.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "missing-pids-limit",
    summary: "a service may start any number of processes",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Load)], weaknesses: &[] },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/missing-pids-limit.md"),
    equivalents: &["kics:pids_limit_not_set"],
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.is_in_view() || !service.has_containers() {
        return;
    }
    let help = "set `pids_limit` or `deploy.resources.limits.pids`";
    match service.limit("pids", "pids_limit") {
        // Zero and -1 are how the engine is told that there is none.
        Some(limit) if limit.as_int().is_some_and(|limit| limit <= 0) => {
            cx.report(limit.span(), "this is no limit: the container may start any number of processes")
                .help(help);
        }
        Some(_) => {}
        None => {
            cx.report(
                service.key().span(),
                "no limit keeps the container from starting any number of processes",
            )
            .help(help);
        }
    }
}
