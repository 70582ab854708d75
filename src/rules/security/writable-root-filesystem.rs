//! `writable-root-filesystem`: a container may change the programs and settings of its image.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};

pub static RULE: Rule = Rule {
    name: "writable-root-filesystem",
    summary: "a container may change the programs and settings of its image",
    since: "0.1.0",
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/writable-root-filesystem.md"),
    equivalents: &["compose-lint:CL-0007", "semgrep:writable-filesystem-service"],
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    const HELP: &str =
        "write `read_only: true`, with a `tmpfs` for the directories that the program writes to";
    if !service.is_in_view() || !service.has_containers() {
        return;
    }
    match service.entry("read_only") {
        None => {
            cx.report(service.key().span(), "the container may change the programs and settings of its image")
        }
        Some(entry) if entry.value.as_bool() == Some(false) => {
            cx.report(entry.span(), "the container may change the programs and settings of its image")
        }
        Some(_) => return,
    }
    .help(HELP);
}
