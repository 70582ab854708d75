//! `ssh-exposed`: the port of an SSH server.

use crate::compose::port::{PortRange, Protocol};
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::dockerfile::{Arguments, Keyword};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "ssh-exposed",
    summary: "the port of an SSH server is exposed",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::attack(Attacker::Network, Gain::Code, Needs::Fault)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/ssh-exposed.md"),
    equivalents: &["checkov:ExposePort22", "kics:exposing_port_22", "trivy:port22"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(of_file), Check::Service(of_service)],
};

const HELP: &str = "remove the server and the port, and use `docker exec`";

/// Parts of the names of images that are there to be reached by SSH.
const SERVERS: &[&str] =
    &["forgejo", "git", "gogs", "gitea", "gitlab", "sftp", "soft-serve", "ssh", "bastion"];

fn of_file(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        if part.stage.and_then(|stage| stage.external_image()).is_some_and(is_server) {
            continue;
        }
        for instruction in part.instructions.iter().map(|outer| outer.acting()) {
            let Arguments::Words(words) = &instruction.arguments else { continue };
            for word in words.iter().filter(|_| instruction.keyword == Keyword::Expose) {
                if word.literal().is_some_and(|port| has_ssh(&port)) {
                    cx.report(word.span, "port 22 is that of an SSH server").stage(part.name()).help(HELP);
                }
            }
        }
    }
}

fn of_service(service: Service<'_>, cx: &mut Context<'_>) {
    let stage = service.stage().and_then(|stage| stage.external_image());
    let image = service.text("image").map(|image| image.value);
    if [Some(service.name()), image, stage].into_iter().flatten().any(is_server) {
        return;
    }
    let published = service.ports().into_iter().filter(|view| {
        view.port.target.value.contains(22) && view.port.protocol_or_default() == Protocol::Tcp
    });
    let exposed = service.get("expose").into_iter().flat_map(|list| list.items());
    let exposed = exposed.filter(|port| port.as_str().is_some_and(has_ssh));
    let spans: Vec<Span> = published.map(|view| view.port.span).chain(exposed.map(|it| it.span())).collect();
    for span in spans {
        cx.report(span, "port 22 of the container is that of an SSH server").help(HELP).equivalents(&[]);
    }
}

/// Whether an image or service of this name is there to be reached by SSH.
fn is_server(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SERVERS.iter().any(|server| name.contains(server))
}

/// Whether `22`, `22/tcp` or a range around it is meant.
fn has_ssh(text: &str) -> bool {
    let ports = text.strip_suffix("/tcp").unwrap_or(text);
    PortRange::parse(ports).is_some_and(|ports| ports.contains(22))
}
