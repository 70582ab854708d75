//! `healthy-without-healthcheck`: a service waits for the health of one that has no healthcheck.

use crate::compose::project::Build;
use crate::compose::service::{Health, Service};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "healthy-without-healthcheck",
    summary: "a service waits until another is healthy that has no healthcheck",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::fault(Harm::Refused, When::Start).case("if the other service is required"),
            Grade::fault(Harm::Outage, When::Start).case("if it is optional"),
            Grade::fault(Harm::Outage, When::Depends).case("if its image is not known"),
        ],
        weaknesses: &[],
    },
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/healthy-without-healthcheck.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    for dependency in service.depends_on() {
        let Some(condition) = dependency.condition.filter(|it| it.value == "service_healthy") else {
            continue;
        };
        let Some(target) = service.project().service(dependency.name.value) else { continue };
        if !target.is_in_view() {
            continue;
        }
        let name = target.name();
        let is_optional = !dependency.is_required;
        let help = format!("give `{name}` a `healthcheck`, or wait for `service_started`");
        match target.health() {
            Health::Declared | Health::Built | Health::Shipped => {}
            Health::Disabled(span) => {
                cx.report(condition.span, format!("`{name}` never becomes healthy: its healthcheck is off"))
                    .severity(if is_optional { Severity::Warning } else { Severity::Error })
                    .label(span, "switched off here")
                    .help(help);
            }
            Health::Missing => {
                cx.report(condition.span, format!("`{name}` never becomes healthy: it has no healthcheck"))
                    .severity(if is_optional { Severity::Warning } else { Severity::Error })
                    .label(target.key().span(), "no healthcheck here or in its image")
                    .help(help);
            }
            Health::Unknown => {
                // Who waits for an image has mostly seen that it has one: the engine refuses at the first
                // run. A value that cannot be read may be anything; a whole image is at least named.
                let is_pulled = matches!(target.build(), Build::None) && target.image().is_some();
                if is_pulled && target.get("healthcheck").is_none() {
                    cx.report(
                        condition.span,
                        format!("`{name}` is healthy only if its image has a healthcheck"),
                    )
                    .severity(Severity::Info)
                    .only_in(Preset::Strict)
                    .label(target.key().span(), "no healthcheck here")
                    .help(help);
                }
            }
        }
    }
}
