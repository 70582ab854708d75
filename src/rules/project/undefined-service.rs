//! `undefined-service`: a service names one that the project does not have.

use crate::compose::reference::{Need, references};
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::nearest::nearest;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "undefined-service",
    summary: "a service names another that the project does not have",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/undefined-service.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let project = service.project();
    if project.is_open() {
        return;
    }
    for reference in references(service) {
        let name = reference.name.value;
        // A dependency that is not required may be in a file that is not always there.
        if name.is_empty() || !reference.is_required || project.service(name).is_some() {
            continue;
        }
        let what = match reference.need {
            Need::DependsOn => "waits for",
            Need::Namespace => "joins a namespace of",
            Need::Link => "links to",
            Need::VolumesFrom => "mounts the volumes of",
            Need::BuildContext => "builds upon",
        };
        let near = nearest(name, project.service_names().filter(|other| *other != service.name()));
        let finding =
            cx.report(reference.name.span, format!("{what} `{name}`, which is no service of the project"));
        match near {
            Some(near) => finding.help(format!("write `{near}`, or define `{name}`")),
            None => finding.help(format!("define `{name}`, or remove the reference")),
        };
    }
}
