//! `privileged-container`: a container that may do to the host what root may.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::scalar::cast_bool;

pub static RULE: Rule = Rule {
    name: "privileged-container",
    summary: "a container runs with all privileges of the host",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Container, Gain::Host, Needs::Nothing).case("for most images"),
            Grade::attack(Attacker::Container, Gain::Host, Needs::Nothing)
                .case("for an image that does its work only so, such as a Docker within Docker")
                .departs(Severity::Warning, "whoever wants it cannot mend it"),
        ],
        weaknesses: &[250],
    },
    severity: Severity::Error,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/privileged-container.md"),
    equivalents: &[
        "compose-lint:CL-0002",
        "kics:privileged_containers_enabled",
        "nbsp1221-composelint:no-privileged",
        "semgrep:privileged-service",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// Images, by the last part of their names, sorted, that do their work only so.
const PRIVILEGED: &[&str] = &["binfmt", "buildkit", "cadvisor", "k3s", "qemu-user-static"];

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(entry) = service.entry("privileged") else { return };
    // The engine takes the word in quotes too.
    let quoted = || entry.value.as_str().and_then(cast_bool);
    if entry.value.as_bool().or_else(quoted) == Some(true) {
        let finding =
            cx.report(entry.span(), "`privileged: true` gives the container every privilege of the host");
        if is_needed(service) {
            finding.severity(Severity::Warning).help("run it on a host that holds nothing else");
        } else {
            finding.help("remove it and grant what the program needs with `cap_add` and `devices`");
        }
    }
}

/// Whether the image does its work only with all privileges, by its name: a Docker within Docker, an
/// exporter of what the kernel knows of every container.
fn is_needed(service: Service<'_>) -> bool {
    let Some(image) = service.image().filter(|_| service.get("build").is_none()) else { return false };
    let name = image.repository.value.rsplit('/').next().unwrap_or_default();
    let is_docker = name == "docker" && image.tag.is_some_and(|tag| tag.value.contains("dind"));
    is_docker || PRIVILEGED.binary_search(&name).is_ok()
}
