//! `missing-cap-drop`: a container keeps capabilities that its program does not need.

use crate::compose::service::{RunsAs, Service, user_of};
use crate::diagnostic::{Applicability, Fix, Severity};
use crate::images::User;
use crate::ordering;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::edit::{self, Value};

pub static RULE: Rule = Rule {
    name: "missing-cap-drop",
    summary: "a container keeps capabilities that its program does not need",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Foothold, Needs::Attack)],
        weaknesses: &[250],
    },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::Sometimes,
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
        .help(HELP)
        .fix(drop_all(service));
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
    .equivalents(equivalents)
    .fix(drop_all(service));
}

/// The fix that drops all capabilities. `None` where the text does not allow it, or the program is known
/// to need some to start.
fn drop_all(service: Service<'_>) -> Option<Fix> {
    let starts_as_root = matches!(
        service.runs_as(),
        RunsAs::RootByService(_) | RunsAs::RootByStage(_) | RunsAs::RootByImage(..)
    );
    let gives_up_root = service.get("user").is_none()
        && service.image().is_some_and(|image| matches!(user_of(&image), User::Drops(_)));
    if starts_as_root || gives_up_root {
        return None;
    }
    let mapping = service.written()?;
    let all = Value::List(vec![Value::raw("ALL")]);
    let edits = edit::set_entry(mapping, "cap_drop", &all, ordering::above("cap_drop"))?;
    Some(Fix { title: "drop all capabilities".into(), applicability: Applicability::Unsafe, edits })
}
