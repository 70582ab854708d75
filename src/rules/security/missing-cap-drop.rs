//! `missing-cap-drop`: a container keeps capabilities that its program does not need.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};

pub static RULE: Rule = Rule {
    name: "missing-cap-drop",
    summary: "a container keeps capabilities that its program does not need",
    since: "0.1.0",
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/missing-cap-drop.md"),
    equivalents: &["compose-lint:CL-0006", "kics:container_capabilities_unrestricted"],
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.is_in_view() || !service.has_containers() {
        return;
    }
    let privileged = service.get("privileged").is_some_and(|it| it.as_bool() != Some(false));
    if privileged {
        return;
    }
    const HELP: &str = "write `cap_drop: [ALL]`, and list in `cap_add` what the program needs";
    let Some(entry) = service.entry("cap_drop") else {
        cx.report(
            service.key().span(),
            "nothing takes from the container the capabilities that Docker grants",
        )
        .help(HELP);
        return;
    };
    let items = || entry.value.items();
    // The engine refuses `CAP_ALL`; what is meant is clear.
    let is_all = |name: &str| ["ALL", "CAP_ALL"].iter().any(|all| name.eq_ignore_ascii_case(all));
    if items().any(|item| item.as_str().is_none_or(is_all)) {
        return;
    }
    let equivalents: &[&'static str] = match items().len() {
        0 => &["compose-lint:CL-0006", "kics:container_capabilities_unrestricted"],
        _ => &["compose-lint:CL-0006"],
    };
    cx.report(
        entry.key.span(),
        "`cap_drop` leaves the container most of the capabilities that Docker grants",
    )
    .help(HELP)
    .equivalents(equivalents);
}
