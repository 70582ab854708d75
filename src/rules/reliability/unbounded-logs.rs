//! `unbounded-logs`: the logs of a service grow until the disk is full.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "unbounded-logs",
    summary: "the logs of a service grow until the disk is full",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Time)], weaknesses: &[] },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/unbounded-logs.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.is_in_view() || !service.has_containers() || service.is_job() {
        return;
    }
    const HELP: &str = "set `max-size` and `max-file` under `logging.options`, or the driver `local`";
    let Some(logging) = service.entry("logging") else {
        cx.report(service.key().span(), "nothing bounds the logs that the engine keeps").help(HELP);
        return;
    };
    let driver = logging.value.entry("driver").filter(|driver| !driver.value.is_null());
    if driver.is_some_and(|driver| driver.value.as_str() != Some("json-file")) {
        return;
    }
    if logging.value.get("options").is_some_and(|options| options.get("max-size").is_some()) {
        return;
    }
    let span = driver.map_or(logging.key.span(), |driver| driver.span());
    cx.report(span, "nothing bounds the logs that the driver `json-file` keeps").help(HELP);
}
