//! `invalid-interpolation`: a `${…}` that the engine cannot read.

use crate::compose::interpolate::{Resolution, Template, TemplateError, TemplateErrorKind};
use crate::compose::occurrence::scalars;
use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "invalid-interpolation",
    summary: "a value holds a `${…}` that the engine cannot read as a variable",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/invalid-interpolation.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    for scalar in scalars(project) {
        let map = scalar.yaml.raw_map();
        let error: TemplateError = match Template::parse(scalar.text(), &map) {
            Err(error) => error,
            // An argument is read only where it is used.
            Ok(template) => match template.resolve(&|name| project.environment().lookup(name)) {
                Resolution::Invalid(error) => error,
                _ => continue,
            },
        };
        let help = match error.kind {
            TemplateErrorKind::InvalidName => {
                "write `$$` for a dollar that is not Compose's, or correct the name"
            }
            TemplateErrorKind::Unclosed => {
                "close the brace, or write `$$` for a dollar that is not Compose's"
            }
            TemplateErrorKind::TooDeep => "nest fewer variables in each other",
            TemplateErrorKind::TooMany => "move the text to a file that is mounted",
        };
        cx.report(error.span.unwrap_or(scalar.yaml.span()), error.to_string()).help(help);
    }
}
