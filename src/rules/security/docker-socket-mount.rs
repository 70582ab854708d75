//! `docker-socket-mount`: a container that can give orders to the host's container runtime.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "docker-socket-mount",
    summary: "a container can give orders to the host's container runtime",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Container, Gain::Host, Needs::Nothing).case("if the mount is writable"),
            Grade::attack(Attacker::Container, Gain::Host, Needs::Nothing)
                .case("if it is read-only, or commanding the engine is what the image is for")
                .departs(
                    Severity::Warning,
                    "who writes `:ro` mostly runs a program that only looks, and who wants the other \
                     program cannot do without",
                ),
        ],
        weaknesses: &[250],
    },
    severity: Severity::Error,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/docker-socket-mount.md"),
    equivalents: EQUIVALENTS,
    deviations: &[(
        "semgrep:dockerfile-dockerd-socket-mount",
        "a `VOLUME` of a Dockerfile cannot name a path of the host, so it opens no socket",
    )],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

const EQUIVALENTS: &[&str] = &[
    "compose-lint:CL-0001",
    "kics:docker_socket_mounted_in_container",
    "semgrep:exposing-docker-socket-volume",
];

/// The sockets by their file names, with what listens there.
const SOCKETS: &[(&str, &str)] = &[
    ("buildkitd.sock", "BuildKit"),
    ("containerd.sock", "containerd"),
    ("cri-dockerd.sock", "Docker"),
    ("crio.sock", "CRI-O"),
    ("docker.sock", "Docker"),
    ("docker_engine", "Docker"),
    ("podman.sock", "Podman"),
];

/// The directories in which the sockets are, with what listens there. `/var/run` is `/run`.
const DIRECTORIES: &[(&str, &str)] = &[
    ("/run", "Docker and containerd"),
    ("/run/containerd", "containerd"),
    ("/run/crio", "CRI-O"),
    ("/run/docker", "Docker"),
    ("/run/podman", "Podman"),
];

/// Images, by the last part of their names, sorted, whose work is to start and stop containers: a proxy
/// that passes what they need passes everything.
const MANAGERS: &[&str] = &[
    "act_runner",
    "arcane",
    "autoheal",
    "dockge",
    "docker-autoheal",
    "dokploy",
    "drone-runner-docker",
    "gitlab-runner",
    "komodo-periphery",
    "lazydocker",
    "ofelia",
    "ouroboros",
    "portainer",
    "portainer-ce",
    "portainer-ee",
    "shepherd",
    "swarm-cronjob",
    "swarmpit",
    "watchtower",
    "woodpecker-agent",
    "yacht",
];

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if is_proxy(service) {
        return;
    }
    for mount in service.host_mounts() {
        let Some((runtime, is_socket)) = runtime_of(&mount.path) else { continue };
        let shown = mount.device.unwrap_or(mount.source).value;
        let message = match (is_socket, mount.is_read_only) {
            (true, false) => format!("`{shown}` gives the container control of the host's {runtime}"),
            (true, true) => {
                format!("`{shown}` gives the container control of the host's {runtime}, read-only or not")
            }
            (false, _) => format!("`{shown}` holds the socket that controls the host's {runtime}"),
        };
        let help = if is_socket {
            "let a socket proxy pass only the calls that the program needs"
        } else {
            "mount only the file or directory in it that the program needs"
        };
        let (severity, help) = match mount.is_read_only {
            _ if is_socket && is_manager(service) => {
                (Severity::Warning, "let only those who may command the host reach this service")
            }
            true => (Severity::Warning, help),
            false => (Severity::Error, help),
        };
        let finding = cx.report(mount.source.span, message).severity(severity).help(help);
        if let Some(device) = mount.device {
            finding.label(device.span, "the volume binds it here");
        }
    }
}

/// What listens at a path of the host, and whether the path is the socket itself, not a directory
/// above it.
fn runtime_of(path: &str) -> Option<(&'static str, bool)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if let Some((_, runtime)) = SOCKETS.iter().find(|(socket, _)| *socket == name)
        && path.contains('/')
    {
        return Some((runtime, true));
    }
    let run = path.strip_prefix("/var/run").filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let path = run.map_or_else(|| path.to_owned(), |rest| format!("/run{rest}"));
    DIRECTORIES.iter().find(|(directory, _)| *directory == path).map(|(_, runtime)| (*runtime, false))
}

/// Whether the service cannot do its work without the socket.
fn is_manager(service: Service<'_>) -> bool {
    let image = service.image().map(|image| image.repository.value);
    let name = image.and_then(|image| image.rsplit('/').next());
    service.get("build").is_none()
        && (name.is_some_and(|name| MANAGERS.binary_search(&name).is_ok())
            || image == Some("portainer/agent"))
}

/// Whether the service is a proxy that filters what reaches the socket, which somebody must hold.
fn is_proxy(service: Service<'_>) -> bool {
    let image = service.image().map(|image| image.repository.value);
    image.is_some_and(|image| {
        image.rsplit('/').next().is_some_and(|name| name.contains("socket-proxy") || name == "dockerproxy")
    })
}
