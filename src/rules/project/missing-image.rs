//! `missing-image`: a service has nothing to run.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "missing-image",
    summary: "a service has neither an image nor anything to build one from",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/missing-image.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    // What an overlay alone speaks of is for `override-without-base`.
    if !service.has_nothing_to_run() || service.overlay().is_some() {
        return;
    }
    cx.report(service.key().span(), "has neither `image`, `build` nor `provider`")
        .help("give it an `image`, or a `build`");
}
