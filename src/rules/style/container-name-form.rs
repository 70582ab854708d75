//! `container-name-form`: a container's name has not the form that the configuration asks for.

use regex::{Regex, RegexBuilder};

use crate::compose::service::Service;
use crate::configuration::options::{Form, OptionKey, Options, OptionsType};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "container-name-form",
    summary: "a container's name has not the form that the configuration asks for",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Configured,
    fix: FixAvailability::None,
    equivalents: &["dclint:service-container-name-regex"],
    deviations: &[],
    is_for_production: false,
    page: include_str!("../../../rules/style/container-name-form.md"),
    checks: &[Check::Service(check)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Names>();

/// The number of bytes that a compiled pattern may have.
const MAX_PATTERN: usize = 1 << 20;

/// The form of names.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Names {
    pattern: Option<Pattern>,
}

/// A regular expression.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(Regex);

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let regex = RegexBuilder::new(&format!("^(?:{text})$")).size_limit(MAX_PATTERN).build();
        regex.map(Self).map_err(|_| format!("`{text}` is no regular expression"))
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        let text = pattern.0.as_str();
        text.strip_prefix("^(?:").and_then(|text| text.strip_suffix(")$")).unwrap_or(text).to_owned()
    }
}

impl Options for Names {
    const KEYS: &'static [OptionKey] = &[OptionKey {
        name: "pattern",
        about: "A regular expression that a whole `container_name` matches. Without one, the engine's own form holds.",
        form: Form::Text,
    }];
}

/// Whether the engine takes the text for a container's name.
fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && text.len() > 1
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(name) = service.text("container_name") else { return };
    let names = cx.options::<Names>();
    match &names.pattern {
        Some(pattern) if !pattern.0.is_match(name.value) => {
            cx.report(
                name.span,
                format!("`{}` is not of the form `{}`", name.value, String::from(pattern.clone())),
            )
            .help("rename the container, or leave its name to the engine");
        }
        None if !is_name(name.value) => {
            cx.report(name.span, format!("`{}` is no name that the engine gives a container", name.value))
                .help("use two or more letters, digits, `_`, `.` and `-`, a letter or digit first");
        }
        _ => {}
    }
}
