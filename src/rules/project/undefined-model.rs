//! `undefined-model`: a service uses a model that the project does not declare.

use crate::compose::section::Section;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::undeclared;

pub static RULE: Rule = Rule {
    name: "undefined-model",
    summary: "a service uses a model that the project does not declare",
    since: "0.1.0",
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/undefined-model.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    undeclared::report(service, Section::Models, cx);
}
