//! `sensitive-host-mount`: a container that sees, or can change, what the host's safety rests on.

use crate::compose::service::{HostMount, Service};
use crate::diagnostic::Severity;
use crate::images;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "sensitive-host-mount",
    summary: "a container sees, or can change, what the safety of the host rests on",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Container, Gain::Host, Needs::Nothing)
                .case("if what is writable hands over the host"),
            Grade::attack(Attacker::Container, Gain::Credential, Needs::Nothing)
                .case("if it holds credentials or can only be read"),
            Grade::attack(Attacker::Container, Gain::Others, Needs::Fault)
                .case(
                    "for a program that watches the host, and for settings that no way to root is \
                     known through",
                )
                .departs(
                    Severity::Info,
                    "the one cannot do its work without, and the other is reported so that \
                     somebody looks",
                ),
        ],
        weaknesses: &[552],
    },
    severity: Severity::Error,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/sensitive-host-mount.md"),
    equivalents: &[
        "compose-lint:CL-0001",
        "compose-lint:CL-0013",
        "compose-lint:CL-0025",
        "kics:volume_has_sensitive_host_directory",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// Who may do harm by a mount.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Harm {
    /// Writing makes the container root on the host; reading tells what to attack, or a secret.
    Takeover,
    /// The same, and a container runtime's socket is below.
    TakeoverBySocket,
    /// Writing makes the container root on the host; reading does no harm.
    Program,
    /// Reading is what does harm: credentials, disks, memory of others.
    Disclosure,
    /// Writing changes how the host is set up.
    Settings,
}

/// What a mount gives away.
#[derive(Copy, Clone, Debug)]
struct Exposure {
    harm: Harm,
    /// What is there, as the end of a sentence.
    what: &'static str,
}

const fn exposes(harm: Harm, what: &'static str) -> Exposure {
    Exposure { harm, what }
}

/// Paths that matter by themselves; what is below them may be harmless.
const EXACT: &[(&str, Exposure)] = &[
    ("/", exposes(Harm::TakeoverBySocket, "the whole host")),
    ("/bin", exposes(Harm::Program, "the programs of the host")),
    ("/dev", exposes(Harm::Takeover, "the devices of the host")),
    ("/etc", exposes(Harm::Takeover, "the configuration and password hashes of the host")),
    ("/home", exposes(Harm::Takeover, "the keys of the host's users")),
    ("/lib", exposes(Harm::Program, "the libraries of the host")),
    ("/lib64", exposes(Harm::Program, "the libraries of the host")),
    ("/root", exposes(Harm::Takeover, "the keys of the host's root")),
    ("/run/systemd", exposes(Harm::TakeoverBySocket, "the socket that controls the host's systemd")),
    ("/run/systemd/private", exposes(Harm::TakeoverBySocket, "the socket that controls the host's systemd")),
    ("/sbin", exposes(Harm::Program, "the programs of the host")),
    ("/sys", exposes(Harm::Takeover, "the kernel's settings and devices")),
    ("/usr", exposes(Harm::Program, "the programs of the host")),
    ("/usr/bin", exposes(Harm::Program, "the programs of the host")),
    ("/usr/lib", exposes(Harm::Program, "the libraries of the host")),
    ("/usr/local/bin", exposes(Harm::Program, "the programs of the host")),
    ("/usr/sbin", exposes(Harm::Program, "the programs of the host")),
    ("/var", exposes(Harm::TakeoverBySocket, "the state of the host's services and containers")),
    ("/var/lib", exposes(Harm::Takeover, "the state of the host's services and containers")),
    ("/var/lib/docker/volumes", exposes(Harm::Takeover, "the data of every other container")),
    ("C:", exposes(Harm::Takeover, "the whole host")),
    ("C:/Users", exposes(Harm::Takeover, "the keys of the host's users")),
    ("C:/Windows", exposes(Harm::Takeover, "the system of the host")),
    ("~", exposes(Harm::Takeover, "the keys in the user's home directory")),
];

/// Paths that matter with all that is below them.
const BELOW: &[(&str, Exposure)] = &[
    ("/boot", exposes(Harm::Takeover, "the kernel that the host starts")),
    ("/dev/disk", exposes(Harm::Disclosure, "the disks of the host")),
    ("/dev/mapper", exposes(Harm::Disclosure, "the disks of the host")),
    ("/dev/mem", exposes(Harm::Takeover, "the memory of the host")),
    ("/dev/shm", exposes(Harm::Settings, "the memory that the host's programs share")),
    ("/etc/cron.d", exposes(Harm::Program, "what the host runs as root by the clock")),
    ("/etc/cron.daily", exposes(Harm::Program, "what the host runs as root by the clock")),
    ("/etc/crontab", exposes(Harm::Program, "what the host runs as root by the clock")),
    ("/etc/docker", exposes(Harm::Program, "the configuration of the host's Docker")),
    ("/etc/group", exposes(Harm::Program, "the accounts of the host")),
    ("/etc/gshadow", exposes(Harm::Takeover, "the password hashes of the host")),
    ("/etc/init.d", exposes(Harm::Program, "what the host runs as root at its start")),
    ("/etc/kubernetes", exposes(Harm::Takeover, "the keys of the cluster")),
    ("/etc/ld.so.preload", exposes(Harm::Program, "the libraries that every program of the host loads")),
    ("/etc/pam.d", exposes(Harm::Program, "the rules by which the host lets users in")),
    ("/etc/passwd", exposes(Harm::Program, "the accounts of the host")),
    ("/etc/shadow", exposes(Harm::Takeover, "the password hashes of the host")),
    ("/etc/ssh", exposes(Harm::Takeover, "the keys of the host's SSH server")),
    ("/etc/sudoers", exposes(Harm::Takeover, "who may become root on the host")),
    ("/etc/sudoers.d", exposes(Harm::Takeover, "who may become root on the host")),
    ("/etc/systemd", exposes(Harm::Program, "what the host runs as root at its start")),
    ("/lib/modules", exposes(Harm::Program, "the modules that the host's kernel loads")),
    ("/lib/systemd", exposes(Harm::Program, "what the host runs as root at its start")),
    ("/proc", exposes(Harm::Takeover, "the processes and settings of the host's kernel")),
    ("/sys/firmware", exposes(Harm::Takeover, "the firmware of the host")),
    ("/sys/fs/cgroup", exposes(Harm::Program, "the control groups of the host")),
    ("/sys/kernel", exposes(Harm::Takeover, "the kernel's settings")),
    ("/usr/lib/modules", exposes(Harm::Program, "the modules that the host's kernel loads")),
    ("/usr/lib/systemd", exposes(Harm::Program, "what the host runs as root at its start")),
    ("/var/lib/containerd", exposes(Harm::Takeover, "the files of every other container")),
    ("/var/lib/containers", exposes(Harm::Takeover, "the files of every other container")),
    ("/var/lib/docker", exposes(Harm::Takeover, "the files of every other container")),
    ("/var/lib/kubelet", exposes(Harm::Takeover, "the files and secrets of the node's pods")),
    ("/var/spool/cron", exposes(Harm::Takeover, "what the host runs as root by the clock")),
];

/// Paths in a home directory, whose below matters too.
const IN_HOME: &[(&str, Exposure)] = &[
    (".aws", exposes(Harm::Disclosure, "the user's keys for AWS")),
    (".azure", exposes(Harm::Disclosure, "the user's tokens for Azure")),
    (".config/gcloud", exposes(Harm::Disclosure, "the user's keys for Google Cloud")),
    (".docker", exposes(Harm::Disclosure, "the user's passwords for registries")),
    (".git-credentials", exposes(Harm::Disclosure, "the user's passwords for Git servers")),
    (".gnupg", exposes(Harm::Disclosure, "the user's private keys")),
    (".kube", exposes(Harm::Disclosure, "the user's keys for clusters")),
    (".netrc", exposes(Harm::Disclosure, "the user's passwords")),
    (".ssh", exposes(Harm::Takeover, "the user's SSH keys")),
];

/// The rest of `path` below `directory`; empty for the directory itself.
fn below<'t>(path: &'t str, directory: &str) -> Option<&'t str> {
    let rest = path.strip_prefix(directory)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// The part of `path` in a home directory; empty for the directory itself.
fn in_home(path: &str) -> Option<&str> {
    if let Some(rest) = below(path, "~").or_else(|| below(path, "/root")) {
        return Some(rest);
    }
    let rest = ["/home/", "/Users/", "C:/Users/"].iter().find_map(|homes| path.strip_prefix(homes))?;
    Some(rest.split_once('/').map_or("", |(_, rest)| rest))
}

fn exposure(path: &str) -> Option<Exposure> {
    // On today's systems the one is a link to the other.
    let run = below(path, "/var/run").map(|rest| format!("/run/{rest}"));
    let path = run.as_deref().map_or(path, |run| run.trim_end_matches('/'));
    if let Some((_, exact)) = EXACT.iter().find(|(exact, _)| *exact == path) {
        return Some(*exact);
    }
    if let Some(rest) = in_home(path) {
        if rest.is_empty() {
            return Some(exposes(Harm::Takeover, "the keys in the user's home directory"));
        }
        return IN_HOME.iter().find(|(name, _)| below(rest, name).is_some()).map(|(_, exposure)| *exposure);
    }
    // The volume of one container is data like any other, whoever made it.
    if path.starts_with("/var/lib/docker/volumes/") {
        return None;
    }
    let disks = ["/dev/sd", "/dev/nvme", "/dev/vd", "/dev/xvd"];
    if disks.iter().any(|disk| path.starts_with(disk)) {
        return Some(exposes(Harm::Disclosure, "a disk of the host"));
    }
    if let Some((_, exposure)) = BELOW.iter().find(|(directory, _)| below(path, directory).is_some()) {
        return Some(*exposure);
    }
    let rest = path.strip_prefix("/etc/")?;
    // Clock files are `writable-config-mount`'s; certificates are renewed by containers.
    let is_other = ["localtime", "timezone", "letsencrypt"].iter().any(|name| below(rest, name).is_some());
    (!is_other).then_some(exposes(Harm::Settings, "configuration of the host"))
}

/// How much a mount matters; `None` where it does no harm.
fn severity(exposure: Exposure, is_read_only: bool, is_monitor: bool) -> Option<Severity> {
    let needs = if is_monitor { Severity::Info } else { Severity::Warning };
    match (exposure.harm, is_read_only) {
        (Harm::Takeover | Harm::TakeoverBySocket | Harm::Program, false) => Some(Severity::Error),
        (Harm::Disclosure, false) => Some(Severity::Warning),
        (Harm::Takeover | Harm::TakeoverBySocket | Harm::Disclosure, true) => Some(needs),
        (Harm::Settings, false) => Some(Severity::Info),
        (Harm::Program | Harm::Settings, true) => None,
    }
}

/// Whether the rule reports the mount.
pub(crate) fn is_sensitive(mount: &HostMount<'_>) -> bool {
    exposure(&mount.path).is_some_and(|exposure| severity(exposure, mount.is_read_only, false).is_some())
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let is_monitor = is_monitor(service);
    for mount in service.host_mounts() {
        let Some(exposure) = exposure(&mount.path) else { continue };
        let Some(severity) = severity(exposure, mount.is_read_only, is_monitor) else { continue };
        let shown = mount.device.unwrap_or(mount.source).value;
        let what = exposure.what;
        let message = match (mount.is_read_only, exposure.harm) {
            (false, Harm::Disclosure) => format!("the container can read and change `{shown}`: {what}"),
            (false, _) => format!("the container can change `{shown}`: {what}"),
            (true, _) => format!("the container can read `{shown}`: {what}"),
        };
        let help = match (mount.is_read_only, exposure.harm) {
            (false, Harm::Program | Harm::Settings) => "mount it read-only, or not at all",
            (false, _) => "mount only what the program needs, and that read-only",
            (true, Harm::Disclosure) => "hand over what the program needs as a secret",
            (true, _) => "mount only the files that the program reads",
        };
        let equivalents: &[&'static str] = match (exposure.harm, mount.is_read_only) {
            (Harm::TakeoverBySocket, _) => {
                &["compose-lint:CL-0001", "kics:volume_has_sensitive_host_directory"]
            }
            (Harm::Takeover | Harm::Program, false) if !mount.path.starts_with('~') => {
                &["compose-lint:CL-0025", "kics:volume_has_sensitive_host_directory"]
            }
            _ => &["compose-lint:CL-0013", "kics:volume_has_sensitive_host_directory"],
        };
        let finding =
            cx.report(mount.source.span, message).severity(severity).help(help).equivalents(equivalents);
        if let Some(device) = mount.device {
            finding.label(device.span, "the volume binds it here");
        }
    }
}

/// Whether the service looks after the host, which it must see for that.
fn is_monitor(service: Service<'_>) -> bool {
    const MONITORS: &[&str] =
        &["agent", "beat", "cadvisor", "exporter", "glances", "netdata", "promtail", "telegraf", "vector"];
    if service.known_image().is_some_and(|image| image.kind == images::Kind::Observability) {
        return true;
    }
    let Some(image) = service.image() else { return false };
    let name = image.repository.value.rsplit('/').next().unwrap_or_default();
    MONITORS.iter().any(|monitor| name.contains(monitor))
}
