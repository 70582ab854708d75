//! `external-name`: the name of an external resource stands under `external`.

use crate::compose::section::Section;
use crate::diagnostic::{Applicability, Fix, Severity};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::yaml::edit::{self, Value};
use crate::yaml::{Entry, Kind, Style, Yaml};

pub static RULE: Rule = Rule {
    name: "external-name",
    summary: "the name of an external resource stands under `external`, where it is obsolete",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Essential,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/obsolete/external-name.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let roots = file.documents().iter().filter_map(|document| document.root());
    let sections = [Section::Networks, Section::Volumes, Section::Secrets, Section::Configs];
    for (root, section) in roots.flat_map(|root| sections.map(|section| (root, section))) {
        let Some(resources) = root.get(section.key()).filter(|it| !it.is_alias()) else { continue };
        for resource in resources.entries().map(|entry| entry.value).filter(|it| !it.is_alias()) {
            let Some(external) = resource.entry("external") else { continue };
            if external.value.kind() != Kind::Mapping || external.value.is_alias() {
                continue;
            }
            let Some(name) = external.value.entry("name") else { continue };
            let noun = section.noun();
            cx.report(name.span(), format!("the name of an external {noun} stands under `external`"))
                .help(format!("write `name` beside `external: true` in the {noun} itself"))
                .fix(lifted(resource, external, name));
        }
    }
}

/// The fix that moves the name up; `None` where something else stands under `external`, or another
/// name in the resource.
fn lifted(resource: Yaml<'_>, external: Entry<'_>, name: Entry<'_>) -> Option<Fix> {
    let value = name.value;
    let is_text = value.kind() == Kind::Scalar
        && matches!(value.style(), Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
    if external.value.entries().len() != 1 || !is_text || value.is_null() || value.is_alias() {
        return None;
    }
    let written = value.tree().text(value.span().source)?.get(value.span().range())?;
    if written.contains(['\n', '\r']) {
        return None;
    }
    let mut edits = edit::replace_value(resource, external, &Value::raw("true"))?;
    edits.extend(edit::add_entry(resource, "name", &Value::raw(written), &["external"])?);
    Some(Fix {
        title: "write `name` beside `external: true`".into(),
        applicability: Applicability::Safe,
        edits,
    })
}
