//! `anonymous-volume`: a path of a container is on a volume without a name.

use crate::compose::mount::MountKind;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};

pub static RULE: Rule = Rule {
    name: "anonymous-volume",
    summary: "a path of a container is on a volume without a name",
    since: "0.1.0",
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/anonymous-volume.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    for view in service.mounts() {
        let mount = &view.mount;
        if mount.kind != MountKind::Volume || mount.source.is_some_and(|source| !source.value.is_empty()) {
            continue;
        }
        let Some(target) = mount.target else { continue };
        // Within a directory of the host it keeps one directory of the image, as `node_modules`.
        let is_kept = service.mounts().iter().any(|other| {
            other.mount.kind == MountKind::Bind
                && other.mount.target.is_some_and(|outer| is_below(target.value, outer.value))
        });
        if !is_kept {
            cx.report(target.span, format!("`{}` is on a volume without a name", target.value))
                .help("give the volume a name and declare it, or use a `tmpfs` for what may be lost");
        }
    }
}

/// Whether a path is below another.
fn is_below(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer.trim_end_matches('/')).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}
