//! `conflicting-keys`: keys that exclude each other.

use crate::compose::project::Project;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::{Span, Spanned};
use crate::stakes::Stakes;
use crate::yaml::{Entry, Kind, Yaml};

pub static RULE: Rule = Rule {
    name: "conflicting-keys",
    summary: "keys exclude each other, or say one thing twice with different values",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/schema/conflicting-keys.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check), Check::Project(check_sections)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if let Some(build) = service.get("build") {
        let stage = (written(build, "dockerfile"), written(build, "dockerfile_inline"));
        if let (Some(file), Some(inline)) = stage {
            exclusive(file, inline, cx);
        }
        check_platform(service, build, cx);
    }
    let networks = service.entry("networks");
    let has_networks = networks.filter(|it| it.value.items().len() > 0 || it.value.entries().len() > 0);
    let mode = service.entry("network_mode").filter(|mode| !is_empty(mode.value));
    if let (Some(mode), Some(networks)) = (mode, has_networks) {
        exclusive(networks, mode, cx);
    }
    check_scale(service, cx);
    check_limits(service, cx);
    let reserved =
        service.get("deploy").and_then(|it| it.get("resources")?.get("reservations")?.get("devices"));
    for device in reserved.into_iter().chain(service.get("gpus")).flat_map(Yaml::items) {
        if let (Some(count), Some(ids)) = (written(device, "count"), written(device, "device_ids")) {
            exclusive(ids, count, cx);
        }
    }
}

/// The entry of a key that has a value.
fn written<'p>(yaml: Yaml<'p>, key: &str) -> Option<Entry<'p>> {
    yaml.entry(key).filter(|entry| !entry.value.is_null() && !is_empty(entry.value))
}

/// Whether the value is an empty text, which the engine takes for no value.
fn is_empty(value: Yaml<'_>) -> bool {
    value.as_str() == Some("")
}

/// Reports `entry`, which excludes `other`.
fn exclusive(entry: Entry<'_>, other: Entry<'_>, cx: &mut Context<'_>) {
    let finding = cx
        .report(entry.key.span(), format!("`{}` and `{}` exclude each other", other.name(), entry.name()))
        .label(other.key.span(), format!("`{}` is set here", other.name()));
    if entry.key.span().source == other.key.span().source {
        finding.help(format!("remove `{}` or `{}`", other.name(), entry.name()));
    } else {
        finding.help("take the key of the other file away with `!reset`");
    }
}

fn check_platform(service: Service<'_>, build: Yaml<'_>, cx: &mut Context<'_>) {
    let Some(platform) = service.text("platform").filter(|it| !it.value.is_empty()) else { return };
    let Some(platforms) = build.get("platforms").filter(|it| it.items().len() > 0) else { return };
    if platforms.items().any(|it| it.as_str().is_none_or(|it| it == platform.value)) {
        return;
    }
    let message = format!("`build.platforms` does not have `{}`, on which the service runs", platform.value);
    cx.report(platform.span, message)
        .label(platforms.span(), "built for these only")
        .help(format!("add `{}` to `build.platforms`", platform.value));
}

fn check_scale(service: Service<'_>, cx: &mut Context<'_>) {
    let number = |value: Yaml<'_>| Some(Spanned::new(value.as_int()?, value.span()));
    let scale = service.get("scale");
    let replicas = service.get("deploy").and_then(|it| it.get("replicas")).filter(|it| !it.is_null());
    let (one, two) = (scale.and_then(number), replicas.and_then(number));
    if let (Some(scale), Some(replicas)) = (one, two) {
        differ("scale", "deploy.replicas", scale, replicas, cx);
    }
    let (key, count) = if scale.is_some() { ("scale", one) } else { ("deploy.replicas", two) };
    let name = service.entry("container_name").filter(|name| !is_empty(name.value));
    if let (Some(name), Some(count)) = (name, count.filter(|count| count.value > 1)) {
        let message = format!("`container_name` is one name for the {} containers of `{key}`", count.value);
        cx.report(name.key.span(), message)
            .label(count.span, "more than one container")
            .help("remove `container_name`");
    }
}

/// Reports `value`, which is said differently under another key.
fn differ<T: PartialEq>(key: &str, other: &str, value: Spanned<T>, said: Spanned<T>, cx: &mut Context<'_>) {
    if value.value != said.value {
        cx.report(value.span, format!("`{key}` and `{other}` have different values"))
            .label(said.span, format!("`{other}` is set here"))
            .help(format!("remove `{key}`"));
    }
}

fn check_limits(service: Service<'_>, cx: &mut Context<'_>) {
    let resources = service.get("deploy").and_then(|deploy| deploy.get("resources"));
    let part = |key: &str| {
        let part = resources?.entry(key)?;
        (part.value.kind() == Kind::Mapping).then_some(part)
    };
    if let Some(limits) = part("limits") {
        let (all, yaml) = (service.limits(), limits.value);
        let cpus = service.get("cpus").and_then(|it| Some(Spanned::new(it.as_f64()?, it.span())));
        let pids = service.get("pids_limit").and_then(|it| Some(Spanned::new(it.as_int()?, it.span())));
        limit("cpus", limits, yaml.entry("cpus"), cpus.filter(|it| it.value != 0.0), all.cpus, cx);
        let memory = service.size("mem_limit").filter(|it| it.value != 0);
        limit("mem_limit", limits, yaml.entry("memory"), memory, all.memory, cx);
        limit("pids_limit", limits, yaml.entry("pids"), pids.filter(|it| it.value != 0), all.pids, cx);
    }
    if let Some(reservations) = part("reservations") {
        let memory = service.size("mem_reservation").filter(|it| it.value != 0);
        let entry = reservations.value.entry("memory");
        limit("mem_reservation", reservations, entry, memory, service.reservations().memory, cx);
    }
}

/// Reports the service's own `key` if `deploy.resources` says something else, or says other things and
/// leaves this one out: the engine takes that for a difference too.
fn limit<T: PartialEq>(
    key: &str,
    part: Entry<'_>,
    entry: Option<Entry<'_>>,
    own: Option<Spanned<T>>,
    deployed: Option<Spanned<T>>,
    cx: &mut Context<'_>,
) {
    let Some(own) = own else { return };
    let path = format!("deploy.resources.{}", part.name());
    let Some(entry) = entry.filter(|entry| !entry.value.is_null()) else {
        cx.report(own.span, format!("`{key}` is set beside `{path}`, which does not have it"))
            .label(part.key.span(), "the engine reads this one")
            .help(format!("move `{key}` to `{path}`"));
        return;
    };
    if let Some(deployed) = deployed {
        differ(key, &format!("{path}.{}", entry.name()), own, deployed, cx);
    }
}

fn check_sections(project: &Project, cx: &mut Context<'_>) {
    let Some(root) = project.root() else { return };
    for volume in root.get("volumes").into_iter().flat_map(Yaml::entries) {
        check_external(volume.value, cx);
    }
    for (section, noun, sources) in [
        ("secrets", "secret", ["file", "environment"].as_slice()),
        ("configs", "config", ["file", "environment", "content"].as_slice()),
    ] {
        for entry in root.get(section).into_iter().flat_map(Yaml::entries) {
            if entry.value.kind() == Kind::Mapping {
                check_source(project, entry, noun, sources, cx);
            }
        }
    }
}

/// An external volume is made by someone else, who says how.
fn check_external(volume: Yaml<'_>, cx: &mut Context<'_>) {
    let Some(external) = volume.entry("external").filter(|it| it.value.as_bool() == Some(true)) else {
        return;
    };
    for entry in volume.entries() {
        if matches!(entry.name(), "name" | "external") || entry.name().starts_with("x-") {
            continue;
        }
        cx.report(entry.key.span(), format!("an external volume does not take `{}`", entry.name()))
            .label(external.span(), "made outside of the project")
            .help(format!("remove `{}` or `external`", entry.name()));
    }
}

fn check_source(project: &Project, entry: Entry<'_>, noun: &str, sources: &[&str], cx: &mut Context<'_>) {
    let yaml = entry.value;
    let found: Vec<Entry<'_>> = sources.iter().filter_map(|key| yaml.entry(key)).collect();
    let listed = sources.join("`, `");
    match found.as_slice() {
        [first, second, ..] => {
            cx.report(
                second.key.span(),
                format!("a {noun} has one source, and `{}` is set too", first.name()),
            )
            .label(first.key.span(), "the first source")
            .help(format!("remove `{}` or `{}`", first.name(), second.name()));
        }
        [] if yaml.entry("external").is_none() && yaml.entry("driver").is_none() && is_whole(project) => {
            let span: Span = entry.key.span();
            cx.report(span, format!("the {noun} `{}` has no source", entry.name()))
                .help(format!("give it one of `{listed}`, or set `external: true`"));
        }
        _ => {}
    }
}

/// Whether nothing that is absent here may come from elsewhere.
fn is_whole(project: &Project) -> bool {
    !project.is_open()
}
