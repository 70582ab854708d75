//! `dangerous-capability`: a container is given a capability that reaches beyond it.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::images::Kind;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "dangerous-capability",
    summary: "a container is given a capability that reaches beyond it",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Container, Gain::Host, Needs::Nothing)
                .case("for a capability that is as good as root on the host"),
            Grade::attack(Attacker::Container, Gain::Others, Needs::Nothing).case("for the others"),
        ],
        weaknesses: &[250],
    },
    severity: Severity::Error,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/dangerous-capability.md"),
    equivalents: &[
        "compose-lint:CL-0011",
        "compose-lint:CL-0024",
        "compose-lint:CL-0027",
        "compose-lint:CL-0028",
        "compose-lint:CL-0029",
        "compose-lint:CL-0030",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// What a capability allows.
struct Power {
    /// The name without `CAP_`.
    name: &'static str,
    /// What it allows, as the end of a sentence.
    what: &'static str,
    /// Whether it is as good as root on the host.
    is_root: bool,
    /// The rule of another tool that has it.
    equivalent: &'static str,
}

const fn root(name: &'static str, what: &'static str) -> Power {
    Power { name, what, is_root: true, equivalent: "compose-lint:CL-0024" }
}

const fn risk(name: &'static str, what: &'static str, equivalent: &'static str) -> Power {
    Power { name, what, is_root: false, equivalent }
}

/// The capabilities, sorted.
const POWERS: &[Power] = &[
    root("ALL", "do all that root of the host may do"),
    risk("BPF", "load programs into the host's kernel", "compose-lint:CL-0028"),
    risk("DAC_READ_SEARCH", "read every file of a mounted file system", "compose-lint:CL-0027"),
    risk("IPC_LOCK", "keep the host's memory from everything else", "compose-lint:CL-0029"),
    risk("LEASE", "hold up other programs that open a file", "compose-lint:CL-0029"),
    risk("NET_ADMIN", "change interfaces, routes and firewalls", "compose-lint:CL-0011"),
    risk("PERFMON", "watch the kernel and the programs of the host", "compose-lint:CL-0028"),
    root("SYS_ADMIN", "mount file systems and so leave the container"),
    risk("SYS_BOOT", "load another kernel", "compose-lint:CL-0024"),
    root("SYS_MODULE", "load modules into the host's kernel"),
    risk("SYS_NICE", "take the host's processors from everything else", "compose-lint:CL-0029"),
    risk("SYSLOG", "read the log of the host's kernel", "compose-lint:CL-0030"),
    risk("SYS_PTRACE", "read and change the memory of other processes", "compose-lint:CL-0027"),
    root("SYS_RAWIO", "read and change the host's memory and disks"),
    risk("SYS_TIME", "set the clock of the host", "compose-lint:CL-0028"),
];

/// Words of the names of images that need a capability to do what they are for, with the capability.
const NEEDED: &[(&str, &str)] = &[
    ("beyla", "SYS_PTRACE"),
    ("cloudflare-warp", "NET_ADMIN"),
    ("coredns", "NET_ADMIN"),
    ("elasticsearch", "IPC_LOCK"),
    ("fail2ban", "NET_ADMIN"),
    ("gluetun", "NET_ADMIN"),
    ("headscale", "NET_ADMIN"),
    ("keepalived", "NET_ADMIN"),
    ("mariadb", "SYS_NICE"),
    ("mysql", "SYS_NICE"),
    ("netbird", "NET_ADMIN"),
    ("netdata", "SYS_PTRACE"),
    ("ntp", "SYS_TIME"),
    ("chrony", "SYS_TIME"),
    ("opensearch", "IPC_LOCK"),
    ("openvpn", "NET_ADMIN"),
    ("pihole", "NET_ADMIN"),
    ("strongswan", "NET_ADMIN"),
    ("tailscale", "NET_ADMIN"),
    ("vault", "IPC_LOCK"),
    ("openbao", "IPC_LOCK"),
    ("vpn", "NET_ADMIN"),
    ("warp", "NET_ADMIN"),
    ("wg-easy", "NET_ADMIN"),
    ("wireguard", "NET_ADMIN"),
    ("zerotier", "NET_ADMIN"),
];

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    for capability in service.names("cap_add") {
        let name = capability.value.to_ascii_uppercase();
        let name = match name.strip_prefix("CAP_") {
            // The engine knows it without the prefix only.
            Some("ALL") => continue,
            Some(name) => name,
            None => &name,
        };
        let Some(power) = POWERS.iter().find(|power| power.name == name) else { continue };
        if is_needed(service, power.name) {
            continue;
        }
        let shown = capability.value;
        let severity = if power.is_root { Severity::Error } else { Severity::Warning };
        cx.report(capability.span, format!("`{shown}` lets the container {}", power.what))
            .severity(severity)
            .help(match power.name {
                "ALL" => "list the few capabilities that the program needs",
                _ => "remove it, or find the one narrower right that the program needs",
            })
            .equivalents(&[power.equivalent]);
    }
}

/// Whether the image is made for what the capability allows.
fn is_needed(service: Service<'_>, capability: &str) -> bool {
    let says = |name: &str| NEEDED.iter().any(|(word, needed)| *needed == capability && name.contains(word));
    let Some(image) = service.image() else { return false };
    says(&image.name_without_registry().to_ascii_lowercase())
        || capability == "IPC_LOCK" && service.known_image().is_some_and(|known| known.kind == Kind::Database)
}
