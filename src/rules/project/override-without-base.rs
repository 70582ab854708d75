//! `override-without-base`: an overlay changes a service that the files before it do not have.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::nearest::nearest;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};

pub static RULE: Rule = Rule {
    name: "override-without-base",
    summary: "an overlay changes a service that no file before it has, and that has nothing to run",
    since: "0.1.0",
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/override-without-base.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.has_nothing_to_run() {
        return;
    }
    let Some(before) = service.overlay() else { return };
    let project = service.project();
    let others = project.service_names().filter_map(|name| project.service(name));
    let near =
        nearest(service.name(), others.filter(|other| !other.has_nothing_to_run()).map(|other| other.name()));
    let message = format!("overrides a service that `{before}` does not have, and has no image of its own");
    let finding = cx.report(service.key().span(), message);
    match near {
        Some(near) => finding.help(format!("write `{near}`, or give the service an `image`")),
        None => finding.help("remove it, or give it an `image`"),
    };
}
