//! `disabled-healthcheck`: a healthcheck is switched off.

use crate::compose::service::{Health, Service};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "disabled-healthcheck",
    summary: "a service switches its healthcheck off",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Unnoticed, When::Failure)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/disabled-healthcheck.md"),
    equivalents: &["kics:healthcheck_not_set"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Health::Disabled(span) = service.health() else { return };
    if service.is_job() || is_variant(service) {
        return;
    }
    let what = if service.healthcheck().is_some_and(|own| own.disabled().is_some()) {
        "disable: true"
    } else {
        "NONE"
    };
    cx.report(span, format!("`{what}` hides from the engine whether the container works"))
        .help("replace it by a `test` that fits this service");
}

/// Whether another service runs the same image and does not switch its healthcheck off: then this one is
/// a worker for which that healthcheck is wrong.
fn is_variant(service: Service<'_>) -> bool {
    let image = service.text("image").map(|image| image.value);
    let stage = service.stage();
    service.project().services().any(|other| {
        let same_image = image.is_some() && image == other.text("image").map(|image| image.value);
        let same_stage = match (stage, other.stage()) {
            (Some(one), Some(other)) => {
                std::ptr::eq(one.dockerfile(), other.dockerfile()) && one.index() == other.index()
            }
            _ => false,
        };
        other.name() != service.name()
            && (same_image || same_stage)
            && !matches!(other.health(), Health::Disabled(_) | Health::Missing)
    })
}
