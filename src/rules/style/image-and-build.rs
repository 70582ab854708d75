//! `image-and-build`: a service both builds an image and names one.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "image-and-build",
    summary: "a service both builds an image and names one",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Style,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/style/image-and-build.md"),
    equivalents: &["dclint:no-build-and-image"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if service.get("pull_policy").is_some() {
        return;
    }
    let (Some(image), Some(build)) = (service.entry("image"), service.entry("build")) else { return };
    cx.report(image.key.span(), "`image` and `build` leave open whether the image is pulled or built")
        .label(build.key.span(), "it is built here")
        .help("say it with `pull_policy`, or remove one of the two");
}
