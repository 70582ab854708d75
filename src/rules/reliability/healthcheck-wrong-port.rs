//! `healthcheck-wrong-port`: a healthcheck asks a port of its container on which nothing listens.

use std::ops::Range;

use crate::compose::mount::MountKind;
use crate::compose::project::Build;
use crate::compose::service::{PortView, Service};
use crate::diagnostic::Severity;
use crate::dockerfile::Stage;
use crate::images::Image;
use crate::probe::Probe;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "healthcheck-wrong-port",
    summary: "a healthcheck asks a port that nothing in the container listens on",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Start)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/healthcheck-wrong-port.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// The names by which a container calls itself.
const ITSELF: &[&str] = &["127.0.0.1", "0.0.0.0", "[::1]", "localhost"];

/// A port of the container that a probe asks.
struct Asked {
    port: u16,
    span: Span,
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.is_in_view() || service.get("network_mode").is_some() {
        return;
    }
    let own = service.healthcheck();
    let probe = match own.and_then(|own| own.test().map(|_| own)) {
        Some(own) => Probe::of_service(&own),
        None => service.stage().and_then(Stage::healthcheck).and_then(Probe::of_instruction),
    };
    let Some(asked) = probe.as_ref().and_then(asked) else { return };
    let published = |port: &PortView<'_>| {
        port.port.published.is_some_and(|it| it.value.start == it.value.end && it.value.start == asked.port)
    };
    if listens(service, asked.port) {
        return;
    }
    let port = asked.port;
    let ports = service.ports();
    if let Some(view) = ports.iter().find(|view| published(view)) {
        let target = view.port.target.value;
        cx.report(asked.span, format!("{port} is the port on the host, and the probe runs in the container"))
            .label(view.port.span, format!("{target} is the port in the container"))
            .help(format!("ask port {target}"));
        return;
    }
    let Some(image) = well_known(service) else { return };
    let known: Vec<String> = image.ports.iter().map(u16::to_string).collect();
    let at = service.get("image").map_or(service.key().span(), |image| image.span());
    cx.report(asked.span, format!("nothing in the container listens on port {port}"))
        .label(at, format!("listens on {}", known.join(", ")))
        .help(format!("ask port {}", known[0]));
}

/// The image of a service that runs a server with its own settings.
fn well_known<'p>(service: Service<'p>) -> Option<&'p Image> {
    let changes = ["command", "entrypoint", "configs", "env_file"];
    if !matches!(service.build(), Build::None) || changes.iter().any(|key| service.get(key).is_some()) {
        return None;
    }
    // A file of the host may be a configuration.
    let mounts = service.mounts();
    let items = service.get("volumes").map_or(0, |volumes| volumes.items().count());
    if items != mounts.len() || mounts.iter().any(|mount| mount.mount.kind != MountKind::Volume) {
        return None;
    }
    service.known_image().filter(|image| !image.ports.is_empty())
}

/// Whether something may listen on the port: by `ports`, `expose`, `EXPOSE`, the known image, or a
/// number in a setting, a command or the Dockerfile.
fn listens(service: Service<'_>, port: u16) -> bool {
    let is_target = service.ports().iter().any(|view| view.port.target.value.contains(port));
    let is_known = service.known_image().or(service.known_base()).is_some_and(|it| it.ports.contains(&port));
    let text = port.to_string();
    is_target
        || is_known
        || ["command", "entrypoint", "environment", "expose", "labels", "build", "configs", "deploy"]
            .iter()
            .filter_map(|key| service.get(key))
            .any(|value| value.mentions(&text))
        || service.stage().is_some_and(|stage| says(stage, &text))
        || service
            .project()
            .env_files()
            .iter()
            .any(|file| file.readers.iter().any(|reader| reader.value == service.name()))
}

/// Whether an instruction of the stage, or of one under it, other than its healthcheck has the number.
fn says(stage: Stage<'_>, text: &str) -> bool {
    stage.chain().any(|stage| {
        let instructions = stage.instructions().iter();
        instructions
            .filter(|instruction| instruction.healthcheck().is_none())
            .any(|instruction| instruction.text.as_str().contains(text))
    })
}

/// The first port of the container itself that the probe asks. `None` if there is none, or the probe asks
/// several.
fn asked(probe: &Probe<'_>) -> Option<Asked> {
    let mut found: Option<Asked> = None;
    for (word, span) in probe.words() {
        for (port, range) in local_ports(word) {
            let asked = Asked { port, span: span(range) };
            match &found {
                Some(first) if first.port != asked.port => return None,
                Some(_) => {}
                None => found = Some(asked),
            }
        }
    }
    found
}

/// The ports behind the names of the container itself, at their digits; where an URL has none, that of
/// its scheme, at the name.
fn local_ports(text: &str) -> Vec<(u16, Range<usize>)> {
    let mut found = Vec::new();
    for host in ITSELF {
        for (at, _) in text.match_indices(host) {
            let before = &text[..at];
            if before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')) {
                continue;
            }
            let end = at + host.len();
            let rest = &text[end..];
            let is_url = before.ends_with("http://") || before.ends_with("https://");
            let is_device = before.ends_with("/dev/tcp/");
            let gap = match rest.chars().next() {
                Some(':') => 1,
                Some('/') if is_device => 1,
                Some('/') | None if is_url => {
                    let port = if before.ends_with("https://") { 443 } else { 80 };
                    found.push((port, at..end));
                    continue;
                }
                _ => continue,
            };
            let digits = rest[gap..].bytes().take_while(u8::is_ascii_digit).count();
            let is_whole = !rest[gap + digits..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '$');
            if let Ok(port) = rest[gap..gap + digits].parse()
                && is_whole
            {
                found.push((port, end + gap..end + gap + digits));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::local_ports;

    #[test]
    fn ports_of_the_container_itself_are_found() {
        let ports = |text: &str| -> Vec<(u16, String)> {
            local_ports(text).into_iter().map(|(port, range)| (port, text[range].to_owned())).collect()
        };
        assert_eq!(ports("curl http://localhost:8080/x"), [(8080, "8080".to_owned())]);
        assert_eq!(ports("curl http://localhost/x"), [(80, "localhost".to_owned())]);
        assert_eq!(ports("curl https://127.0.0.1"), [(443, "127.0.0.1".to_owned())]);
        assert_eq!(ports(":> /dev/tcp/127.0.0.1/6333"), [(6333, "6333".to_owned())]);
        assert_eq!(ports("curl http://[::1]:90"), [(90, "90".to_owned())]);
        assert!(ports("curl http://localhost:${PORT}/x").is_empty());
        assert!(ports("curl http://api.localhost:80 http://db:5432 -h localhost").is_empty());
        assert!(ports("curl http://localhost:99999/").is_empty());
    }
}
