//! `healthcheck-timing`: the times of a healthcheck contradict each other.

use crate::compose::duration::Duration;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Grade, Harm, Stakes, When};
use crate::yaml::Yaml;

pub static RULE: Rule = Rule {
    name: "healthcheck-timing",
    summary: "the times of a healthcheck contradict each other",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::fault(Harm::Unnoticed, When::Failure)
                .case("if a value means something else to the engine"),
            Grade::fault(Harm::Refused, When::Start).case("if the engine refuses it"),
            Grade::fault(Harm::Unnoticed, When::Depends).case("if a hanging probe is noticed late"),
        ],
        weaknesses: &[],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/healthcheck-timing.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// The seconds between two probes, and that one may take, if the healthcheck does not say.
const DEFAULT: f64 = 30.0;

/// The seconds that a value says.
fn seconds(value: Yaml<'_>) -> Option<f64> {
    Duration::parse(value.as_str()?, &value.map()).ok().map(Duration::seconds)
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(own) = service.healthcheck() else { return };
    if own.disabled().is_some() {
        return;
    }
    let get = |key: &str| own.yaml().entry(key).filter(|entry| !entry.value.is_null());
    if let Some(entry) = get("start_interval")
        && get("start_period").is_none()
        && service.is_in_view()
    {
        cx.report(
            entry.key.span(),
            "`start_interval` stands without `start_period`, which the engine refuses",
        )
        .severity(Severity::Error)
        .help("set `start_period` to the time that the program may take to start");
    }
    if let Some(entry) = get("retries")
        && entry.value.as_int() == Some(0)
    {
        cx.report(entry.span(), "`retries: 0` means three, not none")
            .help("write the number of probes in a row that may fail, at least 1");
    }
    for key in ["interval", "timeout", "start_interval"] {
        if let Some(entry) = get(key)
            && seconds(entry.value) == Some(0.0)
        {
            cx.report(entry.span(), format!("`{key}` of nothing means the default, not at once"))
                .help("write a time, or remove it");
        }
    }
    // A default takes part only if the other is said.
    let time = |key: &str| match get(key) {
        Some(entry) => seconds(entry.value).filter(|it| *it > 0.0).map(|it| (it, Some(entry.span()))),
        None => Some((DEFAULT, None)),
    };
    if let (Some((interval, at)), Some((timeout, Some(span)))) = (time("interval"), time("timeout"))
        && timeout > interval
        && service.is_in_view()
    {
        late(span, at, cx);
    }
}

/// Reports a timeout above the interval.
fn late(span: Span, interval: Option<Span>, cx: &mut Context<'_>) {
    let finding = cx
        .report(span, "a probe that hangs is given more time than there is between two probes")
        .severity(Severity::Info)
        .only_in(Preset::Strict)
        .help("set `timeout` to less than `interval`");
    if let Some(interval) = interval {
        finding.label(interval, "the time between two probes");
    }
}
