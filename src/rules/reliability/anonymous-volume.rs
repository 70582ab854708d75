//! `anonymous-volume`: a path of a container is on a volume without a name.

use crate::compose::mount::MountKind;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "anonymous-volume",
    summary: "a path of a container is on a volume without a name",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Loss, When::Depends)], weaknesses: &[] },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/anonymous-volume.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// The number of mounts of the host within which a directory of the image is looked for.
const MAX_BINDS: usize = 100;

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let mounts = service.mounts();
    let binds = mounts.iter().filter(|view| view.mount.kind == MountKind::Bind);
    let binds: Vec<&str> =
        binds.filter_map(|view| view.mount.target).map(|target| target.value).take(MAX_BINDS).collect();
    for view in &mounts {
        let mount = &view.mount;
        if mount.kind != MountKind::Volume || mount.source.is_some_and(|source| !source.value.is_empty()) {
            continue;
        }
        let Some(target) = mount.target else { continue };
        // Within a directory of the host it keeps one directory of the image, as `node_modules`.
        let is_kept = binds.iter().any(|outer| is_below(target.value, outer));
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
