//! `missing-restart-policy`: nothing starts a service anew after its program or its host has stopped.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "missing-restart-policy",
    summary: "nothing starts a service anew after its program or its host has stopped",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Failure)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/missing-restart-policy.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.lacks("restart") || !service.has_containers() || service.is_job() {
        return;
    }
    let deploy = service.get("deploy");
    if deploy.is_some_and(|deploy| deploy.get("restart_policy").is_some_and(|policy| !policy.is_null())) {
        return;
    }
    cx.report(service.key().span(), "nothing starts it anew after its program or the host has stopped")
        .help("write `restart: unless-stopped`");
}
