//! `secret-default`: a variable for a credential with a default in clear text.

use crate::compose::interpolate::{Operator, Template, Variable};
use crate::credentials::{ValueKind, classify, credential_key};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::SourceMap;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::{Kind, Yaml};

pub static RULE: Rule = Rule {
    name: "secret-default",
    summary: "a variable for a credential has a default in clear text",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Reader, Gain::Credential, Needs::Fault)],
        weaknesses: &[798],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/secrets/secret-default.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    if !file.text.contains("${") {
        return;
    }
    for document in file.documents() {
        if let Some(root) = document.root() {
            walk(root, None, cx);
        }
    }
}

/// Looks at the scalars below `node`, each with the name that it is the value of.
fn walk(node: Yaml<'_>, name: Option<&str>, cx: &mut Context<'_>) {
    if node.is_alias() {
        return;
    }
    match node.kind() {
        Kind::Mapping => {
            for entry in node.entries() {
                walk(entry.value, Some(entry.name()), cx);
            }
        }
        Kind::Sequence => {
            for item in node.items() {
                walk(item, None, cx);
            }
        }
        Kind::Scalar => look(node, name, cx),
    }
}

fn look(scalar: Yaml<'_>, name: Option<&str>, cx: &mut Context<'_>) {
    let Some(text) = scalar.raw_str().filter(|text| text.contains('$') && text.contains("${")) else {
        return;
    };
    // Most name no credential, and need no places.
    let nowhere = SourceMap::empty();
    let Ok(template) = Template::parse(text, &nowhere) else { return };
    let is_about = |name: &str| credential_key(name);
    if !template.variables().any(|it| is_about(it.name.value))
        && !name.is_some_and(is_about)
        && !text.split_once('=').is_some_and(|(name, _)| is_about(name))
    {
        return;
    }
    let map = scalar.raw_map();
    let Ok(template) = Template::parse(text, &map) else { return };
    // `DB_PASSWORD=${PW:-x}`: the name that gets the value counts as well as the variable's.
    let target = name.or_else(|| text.split_once('=').map(|(name, _)| name));
    for variable in template.variables() {
        let whole = target.is_some_and(|name| {
            let before = &text[..variable.range.start];
            variable.range.end == text.len() && (before.is_empty() || before.strip_suffix('=') == Some(name))
        });
        if credential_key(variable.name.value) || whole && target.is_some_and(credential_key) {
            report(variable, cx);
        }
    }
}

fn report(variable: &Variable<'_>, cx: &mut Context<'_>) {
    let default =
        |operator: Operator| matches!(operator, Operator::DefaultIfEmpty | Operator::DefaultIfUnset);
    let Some(argument) = variable.argument.filter(|_| variable.operator.is_some_and(|it| default(it.value)))
    else {
        return;
    };
    if argument.value.contains('$')
        || !matches!(classify(argument.value), ValueKind::Literal | ValueKind::Placeholder)
    {
        return;
    }
    let name = variable.name.value;
    cx.mask(argument.span);
    cx.report(argument.span, format!("`{name}` has a default in clear text"))
        .help(format!("write `${{{name}:?}}`, so that a run without it stops instead"));
}
