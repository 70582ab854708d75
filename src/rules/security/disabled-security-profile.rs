//! `disabled-security-profile`: a container is not confined by seccomp, AppArmor or SELinux.

use crate::compose::service::Service;
use crate::diagnostic::{Applicability, Fix, Severity};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::{Yaml, edit};

pub static RULE: Rule = Rule {
    name: "disabled-security-profile",
    summary: "a container is not confined by seccomp, AppArmor or SELinux",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Container, Gain::Host, Needs::Fault)
                .case("for seccomp, AppArmor and the hidden files of the kernel")
                .departs(
                    Severity::Error,
                    "every container has these walls unless somebody takes them away, and with \
                     one gone the next hole in the kernel is the way out on the day it is known",
                ),
            Grade::attack(Attacker::Container, Gain::Host, Needs::Fault).case("for SELinux"),
        ],
        weaknesses: &[653],
    },
    severity: Severity::Error,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/security/disabled-security-profile.md"),
    equivalents: EQUIVALENTS,
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// All equivalents.
const EQUIVALENTS: &[&str] = &[
    "compose-lint:CL-0009",
    "kics:default_seccomp_profile_disabled",
    "semgrep:seccomp-confinement-disabled",
    "semgrep:selinux-separation-disabled",
];

/// What an option switches off, and the equivalents that say so.
fn switched_off(option: &str) -> Option<(&'static str, &'static [&'static str])> {
    let option = option.to_ascii_lowercase().replace('=', ":");
    let option = option.split(':').map(str::trim).collect::<Vec<_>>().join(":");
    Some(match option.strip_prefix("label:").filter(|rest| rest.contains(':')).unwrap_or(&option) {
        "seccomp:unconfined" => (
            "lets the container make every system call",
            &[
                "compose-lint:CL-0009",
                "kics:default_seccomp_profile_disabled",
                "semgrep:seccomp-confinement-disabled",
            ],
        ),
        "apparmor:unconfined" => ("frees the container of AppArmor", &["compose-lint:CL-0009"]),
        "label:disable" => (
            "frees the container of SELinux",
            &["compose-lint:CL-0009", "semgrep:selinux-separation-disabled"],
        ),
        "systempaths:unconfined" | "unmask:all" => {
            ("shows the container the kernel's files that Docker hides", &["compose-lint:CL-0009"])
        }
        _ => return None,
    })
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if service.get("privileged").is_some_and(|it| it.as_bool() == Some(true)) {
        return;
    }
    let fix = remove(service);
    for option in service.names("security_opt") {
        let Some((what, equivalents)) = switched_off(option.value) else { continue };
        // Where SELinux is on, this is how a container is given a socket of the host at all.
        let is_label = option.value.starts_with("label");
        let severity = if is_label { Severity::Warning } else { Severity::Error };
        cx.report(option.span, format!("`{}` {what}", option.value))
            .severity(severity)
            .help("remove it, or name a profile that allows the one thing that the program needs")
            .equivalents(equivalents)
            .fix(fix.clone());
    }
}

/// The fix that takes all such options out of the list at once, so that no empty list is left.
fn remove(service: Service<'_>) -> Option<Fix> {
    let (holder, entry) = service.project().written_entry(service.entry("security_opt")?)?;
    let items = entry.value.items();
    let items: Vec<Yaml<'_>> =
        items.filter(|item| item.as_str().is_some_and(|text| switched_off(text).is_some())).collect();
    let edits = edit::remove_from_list(holder, "security_opt", &items)?;
    let title = match items.as_slice() {
        [_] => "remove the option".to_owned(),
        _ => format!("remove the {} options", items.len()),
    };
    Some(Fix { title, applicability: Applicability::Unsafe, edits })
}
