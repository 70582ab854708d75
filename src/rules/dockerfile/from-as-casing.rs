//! `from-as-casing`: `FROM` and `AS` in different cases.

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::dockerfile::edit;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "from-as-casing",
    summary: "`AS` is written in another case than its `FROM`",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/from-as-casing.md"),
    equivalents: &["buildkit:FromAsCasing"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for stage in dockerfile.stages() {
        let from = stage.from();
        let Some(keyword) = from.base().and_then(|base| base.as_keyword.as_ref()) else { continue };
        let name = from.name.value.as_str();
        let wanted = match name {
            "FROM" => "AS",
            "from" => "as",
            _ => continue,
        };
        if keyword.value == wanted {
            continue;
        }
        let fix = file.dockerfile_text().and_then(|text| {
            Some(Fix {
                title: format!("write `{wanted}`"),
                applicability: Applicability::Safe,
                edits: vec![edit::replace(text, keyword.span, &keyword.value, wanted)?],
            })
        });
        cx.report(keyword.span, format!("`{}` is in another case than `{name}`", keyword.value))
            .stage(stage.name().map(|name| name.value.as_str()))
            .help(format!("write `{wanted}`"))
            .fix(fix);
    }
}
