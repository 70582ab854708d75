//! `duplicate-mount-target`: one service mounts two things at one path.

use std::collections::HashMap;

use crate::compose::mount::{Mount, clean_path};
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;
use crate::yaml::{Kind, Yaml};

pub static RULE: Rule = Rule {
    name: "duplicate-mount-target",
    summary: "one service mounts two things at the same path",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/duplicate-mount-target.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check), Check::File(check_lists)],
};

/// What is mounted at a path of the container.
struct Target {
    path: String,
    span: Span,
    key: &'static str,
}

/// What the engine refuses: paths that several of a service's keys mount.
fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let mut seen: HashMap<String, Target> = HashMap::new();
    for target in targets(service) {
        match seen.get(&target.path) {
            Some(first) if first.span != target.span => {
                cx.report(target.span, format!("`{}` is a mount of `{}` already", target.path, first.key))
                    .label(first.span, "mounted here first")
                    .help("mount one of the two at another path");
            }
            Some(_) => {}
            None => {
                seen.insert(target.path.clone(), target);
            }
        }
    }
}

/// The paths at which a service mounts, in the engine's order.
fn targets(service: Service<'_>) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    for tmpfs in service.names("tmpfs") {
        let path = tmpfs.value.split(':').next().unwrap_or_default();
        targets.push(Target { path: clean_path(path), span: tmpfs.span, key: "tmpfs" });
    }
    for mount in service.mounts() {
        let Some(target) = mount.mount.target else { continue };
        targets.push(Target { path: clean_path(target.value), span: mount.yaml.span(), key: "volumes" });
    }
    for (key, folder) in [("configs", "/"), ("secrets", "/run/secrets/")] {
        for (name, item) in service.grants(key) {
            let target = match item.get("target").filter(|target| !target.is_null()) {
                Some(target) => match target.as_str() {
                    Some(target) => target,
                    None => continue,
                },
                None => name.value,
            };
            let path = if target.starts_with('/') { target.to_owned() } else { format!("{folder}{target}") };
            targets.push(Target { path: clean_path(&path), span: item.span(), key });
        }
    }
    targets
}

/// What the engine drops without a word: all but the last of one list's mounts at a path. As merging
/// is meant to replace a mount, this is about the lists of one file.
fn check_lists(file: File<'_>, cx: &mut Context<'_>) {
    for root in file.documents().iter().filter_map(|document| document.root()) {
        for service in root.get("services").into_iter().flat_map(Yaml::entries) {
            let mut seen: HashMap<String, Yaml<'_>> = HashMap::new();
            for item in service.value.get("volumes").into_iter().flat_map(Yaml::items) {
                let Some(path) = listed_target(item) else { continue };
                let Some(first) = seen.insert(path.clone(), item) else { continue };
                // What is the same twice loses nothing.
                if first.kind() == Kind::Scalar && first.raw_str() == item.raw_str() {
                    continue;
                }
                cx.report(
                    item.span(),
                    format!("`{path}` is a mount of the same list already, which this one replaces"),
                )
                .severity(Severity::Warning)
                .subject(service.name())
                .label(first.span(), "dropped without a word")
                .help("remove one of the two, or mount it at another path");
            }
        }
    }
}

/// The path of an item of `volumes` before variables are put in; `None` if it holds one.
fn listed_target(item: Yaml<'_>) -> Option<String> {
    if item.kind() == Kind::Mapping {
        return item.get("target")?.raw_str().filter(|target| !target.contains('$')).map(clean_path);
    }
    let mount = Mount::parse(item.raw_str()?, &item.raw_map()).ok()?;
    mount.target.map(|target| target.value).filter(|target| !target.contains('$')).map(clean_path)
}
