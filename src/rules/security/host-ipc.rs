//! `host-ipc`: a container shares the memory that programs of the host share.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "host-ipc",
    summary: "a container shares the memory that programs of the host share",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Others, Needs::Nothing)],
        weaknesses: &[653],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/host-ipc.md"),
    equivalents: &["compose-lint:CL-0010", "kics:shared_host_ipc_namespace"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(entry) = service.entry("ipc") else { return };
    if entry.value.as_str() == Some("host") && !service.is_job() {
        cx.report(entry.span(), "`ipc: host` gives the container the shared memory of the host's programs")
            .help("remove it; set `shm_size` for more shared memory, or `ipc: service:<name>` to share it");
    }
}
