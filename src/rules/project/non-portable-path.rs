//! `non-portable-path`: a path is there on one person's machine only.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "non-portable-path",
    summary: "a path is there on one person's machine only",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/non-portable-path.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    for mount in service.host_mounts() {
        let path = mount.path.as_str();
        let user = ["/home/", "/Users/", "C:/Users/"].iter().find_map(|homes| path.strip_prefix(homes));
        let Some(user) = user.and_then(|rest| rest.split('/').next()).filter(|user| !user.is_empty()) else {
            continue;
        };
        let shown = mount.device.unwrap_or(mount.source).value;
        if user.contains(['$', '<', '{']) || shown.contains('$') {
            continue;
        }
        let span = mount.device.unwrap_or(mount.source).span;
        cx.report(span, format!("`{shown}` is in the home directory of one user, `{user}`"))
            .help("write a path relative to the file, `~`, or a variable");
    }
}
