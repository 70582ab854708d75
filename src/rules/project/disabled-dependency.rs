//! `disabled-dependency`: a service needs one that a profile switches off while it runs.

use crate::compose::reference::{Need, references};
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "disabled-dependency",
    summary: "a service needs another that is switched off by its profiles while the first one runs",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/disabled-dependency.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let project = service.project();
    for reference in references(service).into_iter().filter(|reference| reference.is_required) {
        let Some(other) = project.service(reference.name.value) else { continue };
        if other.name() == service.name() || other.runs_with(service) {
            continue;
        }
        let Some(profiles) = other.entry("profiles") else { continue };
        let what = match reference.need {
            Need::DependsOn => "waits for",
            Need::Namespace => "joins a namespace of",
            Need::Link => "links to",
            Need::VolumesFrom => "mounts the volumes of",
            Need::BuildContext => "builds upon",
        };
        let names: Vec<&str> = other.names("profiles").into_iter().map(|name| name.value).collect();
        let only = match names.as_slice() {
            [name] => format!("the profile `{name}`"),
            names => format!("one of the profiles `{}`", names.join("`, `")),
        };
        let message = format!("{what} `{}`, which runs only with {only}", other.name());
        let finding = cx
            .report(reference.name.span, message)
            .label(profiles.value.span(), format!("switches `{}` off", other.name()));
        if reference.need == Need::DependsOn {
            finding
                .help(format!("give both the same profiles, or set `required: false` on `{}`", other.name()));
        } else {
            finding.help("give both the same profiles");
        }
    }
}
