//! `completed-never-met`: a service waits for the end of one that does not end.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::images::Kind;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "completed-never-met",
    summary: "a service waits for the end of one that never ends",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Start)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/completed-never-met.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    for dependency in service.depends_on() {
        let Some(condition) = dependency.condition.filter(|it| it.value == "service_completed_successfully")
        else {
            continue;
        };
        let Some(target) = service.project().service(dependency.name.value) else { continue };
        let name = target.name();
        if let Some(restart) = target.restart().filter(|it| matches!(it.value, "always" | "unless-stopped")) {
            let policy = restart.value;
            cx.report(
                condition.span,
                format!("`{name}` never completes: it is started anew each time it ends"),
            )
            .label(restart.span, format!("`{policy}` starts it anew"))
            .help(format!("set `restart: \"no\"` or `on-failure` on `{name}`"));
            continue;
        }
        let serves = target.known_image().is_some_and(|image| {
            matches!(
                image.kind,
                Kind::Database | Kind::Cache | Kind::Queue | Kind::Proxy | Kind::Observability
            )
        });
        let is_itself = target.lacks("command") && target.lacks("entrypoint");
        if let Some(image) = target.get("image").filter(|_| serves && is_itself) {
            cx.report(
                condition.span,
                format!("`{name}` never completes: its image serves until it is stopped"),
            )
            .label(image.span(), "a server with its own command")
            .help("wait for `service_healthy`");
        }
    }
}
