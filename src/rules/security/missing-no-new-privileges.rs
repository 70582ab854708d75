//! `missing-no-new-privileges`: a program in a container may gain rights through setuid files.

use crate::compose::service::Service;
use crate::diagnostic::{Applicability, Fix, Severity};
use crate::ordering;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::Yaml;
use crate::yaml::edit::{self, Value};

pub static RULE: Rule = Rule {
    name: "missing-no-new-privileges",
    summary: "a program in a container may gain rights through setuid files",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Foothold, Needs::Attack)],
        weaknesses: &[269],
    },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/security/missing-no-new-privileges.md"),
    equivalents: EQUIVALENTS,
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Service(check)],
};

/// All equivalents.
const EQUIVALENTS: &[&str] = &[
    "compose-lint:CL-0003",
    "kics:no_new_privileges_not_set",
    "kics:security_opt_not_set",
    "semgrep:no-new-privileges",
];

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.is_in_view() || !service.has_containers() {
        return;
    }
    if service.get("privileged").is_some_and(|it| it.as_bool() != Some(false)) {
        return;
    }
    const HELP: &str = "write `no-new-privileges:true` under `security_opt`";
    const MESSAGE: &str = "nothing keeps programs in the container from gaining rights through setuid files";
    let Some(options) = service.get("security_opt") else {
        cx.report(service.key().span(), MESSAGE).help(HELP).fix(forbid(service, None));
        return;
    };
    let set = ["compose-lint:CL-0003", "kics:no_new_privileges_not_set", "semgrep:no-new-privileges"];
    let is_ours = |item: &str| {
        let rest = item.strip_prefix("no-new-privileges")?;
        match rest.trim_start_matches([':', '=']).trim() {
            "" | "true" => Some(true),
            _ => Some(false),
        }
    };
    let items: Vec<_> = options.items().collect();
    if items.iter().any(|item| item.as_str().is_none_or(|text| is_ours(text) == Some(true))) {
        return;
    }
    let off = items.iter().find(|item| item.as_str().is_some_and(|text| is_ours(text) == Some(false)));
    match off {
        Some(item) => {
            cx.report(item.span(), "programs in the container may gain rights through setuid files")
        }
        None => cx.report(service.key().span(), MESSAGE),
    }
    .help(HELP)
    .equivalents(&set)
    .fix(forbid(service, off.copied()));
}

/// The fix that adds the option, or puts it in the place of `off`.
fn forbid(service: Service<'_>, off: Option<Yaml<'_>>) -> Option<Fix> {
    const OPTION: &str = "no-new-privileges:true";
    let edits = match off {
        Some(off) => edit::replace_scalar(service.project().written(off)?, OPTION)?,
        None => edit::add_to_list(
            service.written()?,
            "security_opt",
            &Value::text(OPTION),
            ordering::above("security_opt"),
        )?,
    };
    Some(Fix { title: format!("add `{OPTION}`"), applicability: Applicability::Unsafe, edits })
}
