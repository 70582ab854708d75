//! `missing-key`: a key that is required and not there.

use crate::compose::project::Project;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::schema::ViolationKind;
use crate::stakes::Stakes;
use crate::yaml::Yaml;

pub static RULE: Rule = Rule {
    name: "missing-key",
    summary: "a key that another one needs is not there",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/schema/missing-key.md"),
    equivalents: &["dclint:invalid-schema", "nbsp1221-composelint:spec-schema"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check), Check::Service(check_service)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    cx.report_violations(project, ViolationKind::MissingKey);
}

/// What is needed beside some values of another key, and may come from any of the files.
fn check_service(service: Service<'_>, cx: &mut Context<'_>) {
    let lacks = |value: Yaml<'_>, key: &str| value.get(key).is_none_or(|it| it.as_str() == Some(""));
    for mount in service.get("volumes").into_iter().flat_map(Yaml::items) {
        let Some(kind) = mount.entry("type") else { continue };
        if kind.value.as_str() == Some("bind") && lacks(mount, "source") {
            cx.report(kind.span(), "a bind mount has no `source`")
                .help("add `source` with a path of the host, or write `type: volume`");
        }
    }
    let watched = service.get("develop").and_then(|develop| develop.get("watch"));
    for watch in watched.into_iter().flat_map(Yaml::items) {
        let Some(action) = watch.entry("action") else { continue };
        let Some(name) = action.value.as_str() else { continue };
        if matches!(name, "sync" | "sync+restart" | "sync+exec") && lacks(watch, "target") {
            cx.report(action.span(), format!("the action `{name}` has no `target`"))
                .help("add `target` with the path in the container");
        }
    }
}
