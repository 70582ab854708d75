//! `shared-volume-writable`: several services write to one volume.

use crate::compose::mount::MountKind;
use crate::compose::project::Project;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::Yaml;
use std::collections::BTreeMap;

pub static RULE: Rule = Rule {
    name: "shared-volume-writable",
    summary: "several services write to one volume",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Others, Needs::Attack)],
        weaknesses: &[],
    },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/shared-volume-writable.md"),
    equivalents: &["kics:shared_volumes_between_containers"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

/// The number of writers of one volume that are reported.
const MAX_WRITERS: usize = 50;

fn check(project: &Project, cx: &mut Context<'_>) {
    let mut writers: BTreeMap<String, Vec<(Service<'_>, Span)>> = BTreeMap::new();
    for service in project.services() {
        for view in service.mounts() {
            if view.mount.kind != MountKind::Volume || view.is_read_only {
                continue;
            }
            let Some(source) = view.mount.source else { continue };
            let writers = writers.entry(source.value.to_owned()).or_default();
            if writers.last().is_none_or(|(last, _)| last.name() != service.name()) {
                writers.push((service, source.span));
            }
        }
    }
    for (name, writers) in writers {
        // Several containers of one program, or one after the other, know of each other.
        let mut lasting = writers.iter().filter(|(service, _)| !service.is_job());
        let Some((first, _)) = lasting.next() else { continue };
        let is_other = |service: &Service<'_>| program(*service) != program(*first) && service.meets(*first);
        if !lasting.any(|(service, _)| is_other(service)) {
            continue;
        }
        for (at, (service, span)) in writers.iter().enumerate().take(MAX_WRITERS) {
            let (other, place) = writers[usize::from(at == 0)];
            cx.report(*span, format!("the volume `{name}` is written by `{}` too", other.name()))
                .subject(service.name())
                .label(place, "another service writes to it")
                .help("mount it with `:ro` where it is only read");
        }
    }
}

/// The text that tells which program a service runs: its image, else where it is built.
fn program(service: Service<'_>) -> Option<String> {
    if let Some(image) = service.get("image") {
        return image.raw_str().map(str::to_owned);
    }
    let build = service.get("build")?;
    let text = |key: &str| build.get(key).and_then(Yaml::raw_str).unwrap_or_default().to_owned();
    Some(match build.raw_str() {
        Some(context) => context.to_owned(),
        None => format!("{} {} {}", text("context"), text("dockerfile"), text("target")),
    })
}
