//! `port-not-exposed`: a published port of the container on which its image is not known to listen.

use crate::compose::project::Build;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::dockerfile::Stage;
use crate::images::{Image, Kind};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;
use crate::yaml::Yaml;

pub static RULE: Rule = Rule {
    name: "port-not-exposed",
    summary: "a published port is one that the image does not expose",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/port-not-exposed.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// The ports of a service that are looked at.
const MOST_PORTS: usize = 100;

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.is_in_view() || service.get("network_mode").is_some() {
        return;
    }
    let Some((exposed, at)) = exposed(service) else { return };
    for view in service.ports().into_iter().take(MOST_PORTS) {
        let target = view.port.target;
        let port = target.value.start;
        // A range is more than a program listens on.
        if target.value.count() > 1 || exposed.contains(&port) || is_said(service, port) {
            continue;
        }
        let list: Vec<String> = exposed.iter().map(u16::to_string).collect();
        let span = if target.span.is_empty() { view.port.span } else { target.span };
        let label = if list.is_empty() {
            "exposes nothing".to_owned()
        } else {
            format!("exposes {}", list.join(", "))
        };
        let help = match (service.stage(), list.first()) {
            (Some(_), _) => {
                format!("add `EXPOSE {port}` to the Dockerfile, or publish the port that it listens on")
            }
            (None, Some(first)) => format!("publish the port that the image listens on, such as {first}"),
            (None, None) => "publish the port that the image listens on".to_owned(),
        };
        cx.report(span, format!("the image does not expose port {port}")).label(at, label).help(help);
    }
}

/// The ports that the image exposes, and where it is named; `None` if they are not known.
fn exposed(service: Service<'_>) -> Option<(Vec<u16>, Span)> {
    match service.build() {
        Build::OutOfReach => None,
        Build::None => {
            // Others have ports for what can be switched on.
            let stores = |image: &&Image| matches!(image.kind, Kind::Database | Kind::Cache);
            let ports = service.known_image().filter(stores)?.ports;
            let at = service.get("image")?.span();
            (!ports.is_empty()).then(|| (ports.to_vec(), at))
        }
        Build::Stage { .. } => {
            let stage = service.stage()?;
            let base = service.known_base()?;
            // A distribution or a language exposes nothing; of other images the list is not whole.
            let is_whole = matches!(base.kind, Kind::Base | Kind::Runtime);
            let mut ports = base.ports.to_vec();
            if !is_whole && ports.is_empty() {
                return None;
            }
            for word in stage.exposed() {
                let text = word.literal()?;
                let (first, last) = {
                    let range = text.split('/').next().unwrap_or(&text);
                    range.split_once('-').unwrap_or((range, range))
                };
                let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
                ports.extend(first..=last);
            }
            let at = stage.exposed().first().map_or(stage.from().span, |word| word.span);
            Some((ports, at))
        }
    }
}

/// Whether a setting, a command or the Dockerfile names the port.
fn is_said(service: Service<'_>, port: u16) -> bool {
    let text = port.to_string();
    let keys =
        ["command", "configs", "entrypoint", "env_file", "environment", "expose", "healthcheck", "labels"];
    let given = keys.iter().filter_map(|key| service.get(key));
    let is_configured = service.get("env_file").is_some()
        // A configuration that is mounted into a known server may say any port.
        || service.stage().is_none()
            && service.get("volumes").into_iter().flat_map(Yaml::items).any(|item| {
                item.mentions(".conf") || item.mentions(".y") || item.mentions(".toml") || item.mentions("/etc/")
            });
    let says = |stage: Stage<'_>| {
        stage.instructions().iter().any(|instruction| instruction.text.as_str().contains(&text))
    };
    is_configured
        || given.into_iter().any(|value| value.mentions(&text))
        || service.stage().is_some_and(|stage| stage.chain().any(says))
}
