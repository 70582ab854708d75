//! `missing-memory-limit`: a service may use all memory of the host.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};

pub static RULE: Rule = Rule {
    name: "missing-memory-limit",
    summary: "a service may use all memory of the host",
    since: "0.1.0",
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/missing-memory-limit.md"),
    equivalents: &["compose-lint:CL-0026", "kics:memory_not_limited"],
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.lacks("mem_limit") || service.get("provider").is_some() {
        return;
    }
    let deploy = service.get("deploy");
    let limits = deploy.and_then(|deploy| deploy.get("resources")).and_then(|it| it.get("limits"));
    if limits.and_then(|limits| limits.get("memory")).is_some_and(|limit| !limit.is_null()) {
        return;
    }
    let replicas = deploy.and_then(|deploy| deploy.get("replicas")).or(service.get("scale"));
    if replicas.is_some_and(|replicas| replicas.as_int() == Some(0)) {
        return;
    }
    cx.report(service.key().span(), "no limit keeps the container from using all memory of the host")
        .help("set `mem_limit` or `deploy.resources.limits.memory`");
}
