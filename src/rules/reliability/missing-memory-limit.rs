//! `missing-memory-limit`: a service may use all memory of the host.

use crate::compose::project::Project;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};
use crate::yaml::Yaml;

pub static RULE: Rule = Rule {
    name: "missing-memory-limit",
    summary: "a service may use all memory of the host",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Load)], weaknesses: &[] },
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/missing-memory-limit.md"),
    equivalents: &["compose-lint:CL-0026", "kics:memory_not_limited"],
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Project(check)],
};

fn limit(service: Service<'_>) -> Option<Yaml<'_>> {
    service.limit("memory", "mem_limit")
}

fn check(project: &Project, cx: &mut Context<'_>) {
    // Whoever limits no service knows that there are no limits.
    let is_forgotten = project.services().any(|service| limit(service).is_some());
    let help = "set `mem_limit` or `deploy.resources.limits.memory`";
    for service in project.services().filter(|service| service.is_in_view() && service.has_containers()) {
        let finding = match limit(service) {
            // Zero and -1 are how the engine is told that there is none.
            Some(limit) if limit.as_f64().is_some_and(|limit| limit <= 0.0) => {
                cx.report(limit.span(), "this is no limit: the container may use all memory of the host")
            }
            Some(_) => continue,
            None => cx.report(
                service.key().span(),
                "no limit keeps the container from using all memory of the host",
            ),
        };
        let finding = finding.subject(service.name()).help(help);
        if !is_forgotten {
            finding.only_in(Preset::Strict);
        }
    }
}
