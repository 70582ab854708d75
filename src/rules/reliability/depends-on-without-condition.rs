//! `depends-on-without-condition`: a service does not wait until what it needs is healthy.

use crate::compose::service::{Health, Service};
use crate::diagnostic::{Applicability, Fix, Severity};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};
use crate::yaml::Yaml;
use crate::yaml::edit::{self, Value};

pub static RULE: Rule = Rule {
    name: "depends-on-without-condition",
    summary: "a service starts without waiting until what it needs is healthy",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Start)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/reliability/depends-on-without-condition.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let dependencies = service.depends_on();
    if !dependencies.iter().any(|it| it.is_short) {
        return;
    }
    let health = |name: &str| service.project().service(name).map(|target| (target, target.health()));
    let mut fix = None;
    for dependency in dependencies {
        let Some((target, health)) = health(dependency.name.value) else { continue };
        let (span, why) = match health {
            Health::Declared => {
                let span = target.healthcheck().map(|own| own.entry.key.span());
                (span, "its health is checked here")
            }
            Health::Built => {
                let instruction = target.stage().and_then(|stage| stage.healthcheck());
                (instruction.map(|instruction| instruction.span), "its health is checked here")
            }
            Health::Shipped => (target.get("image").map(Yaml::span), "this image checks its health"),
            Health::Disabled(_) | Health::Missing | Health::Unknown => continue,
        };
        let name = dependency.name.value;
        let fix = fix.get_or_insert_with(|| long_form(service)).clone();
        let finding = cx
            .report(
                dependency.name.span,
                format!("`{name}` is awaited only until it starts, not until it is healthy"),
            )
            .help("write the long form with `condition: service_healthy`")
            .fix(fix);
        if let Some(span) = span {
            finding.label(span, why);
        }
    }
}

/// The condition that fits the dependency `name`.
fn condition(service: Service<'_>, name: &str) -> &'static str {
    match service.project().service(name).map(Service::health) {
        Some(Health::Declared | Health::Built | Health::Shipped) => "service_healthy",
        _ => "service_started",
    }
}

/// The fix that writes the whole list in the long form. `None` where the text does not allow it.
fn long_form(service: Service<'_>) -> Option<Fix> {
    let merged = service.entry("depends_on")?;
    let (holder, entry) = service.project().written_entry(merged)?;
    // What another file adds to the list would have to be written there.
    if entry.value.items().len() != merged.value.items().len() {
        return None;
    }
    let long = |item: Yaml<'_>| {
        let name = item.as_str().filter(|name| !name.contains('$'))?;
        Some((name.to_owned(), Value::map([("condition", Value::text(condition(service, name)))])))
    };
    let entries: Vec<(String, Value)> = entry.value.items().map(long).collect::<Option<_>>()?;
    let edits = edit::list_to_mapping(holder, "depends_on", &entries)?;
    let title = "write the long form with conditions".into();
    Some(Fix { title, applicability: Applicability::Unsafe, edits })
}
