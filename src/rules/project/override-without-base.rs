//! `override-without-base`: an overlay changes a service that the files before it do not have.

use crate::compose::project::Project;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::nearest::{MAX_LOOKS, nearest};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "override-without-base",
    summary: "an overlay changes a service that no file before it has, and that has nothing to run",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/override-without-base.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    // It may be meant for the base and yet another overlay, which has the service.
    if project.deployment.is_fragment {
        return;
    }
    let mut near_names: Option<Vec<&str>> = None;
    let mut looks = 0;
    for service in project.services().filter(|service| service.has_nothing_to_run()) {
        let Some(before) = service.overlay() else { continue };
        let names = near_names.get_or_insert_with(|| {
            project.services().filter(|other| !other.has_nothing_to_run()).map(Service::name).collect()
        });
        looks += 1;
        let near = if looks <= MAX_LOOKS { nearest(service.name(), names.iter().copied()) } else { None };
        let message =
            format!("overrides a service that `{before}` does not have, and has no image of its own");
        let finding = cx.report(service.key().span(), message).subject(service.name());
        match near {
            Some(near) => finding.help(format!("write `{near}`, or give the service an `image`")),
            None => finding.help("remove it, or give it an `image`"),
        };
    }
}
