//! `unknown-label`: a label is none of those that the configuration lists.

use crate::configuration::options::{Form, OptionKey, Options, OptionsType, is_listed};
use crate::diagnostic::Severity;
use crate::dockerfile::{Keyword, Stage};
use crate::nearest::{MAX_LOOKS, nearest};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "unknown-label",
    summary: "a label is none of those that the configuration lists",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Configured,
    fix: FixAvailability::None,
    equivalents: &["hadolint:DL3050"],
    deviations: &[],
    is_for_production: false,
    page: include_str!("../../../rules/dockerfile/unknown-label.md"),
    checks: &[Check::Stage(check)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Known>();

/// The labels that images may have.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Known {
    labels: Vec<String>,
}

impl Options for Known {
    const KEYS: &'static [OptionKey] = &[OptionKey {
        name: "labels",
        about: "The labels that images may have; `com.example.*` is all that start so. Nothing is reported \
                while the list is empty.",
        form: Form::Texts,
    }];
}

fn check(stage: Stage<'_>, cx: &mut Context<'_>) {
    let known = cx.options::<Known>();
    if known.labels.is_empty() {
        return;
    }
    let mut looks = 0;
    for instruction in stage.instructions().iter().filter(|it| it.keyword == Keyword::Label) {
        for pair in instruction.pairs() {
            let Some(name) = pair.key.literal().filter(|name| !is_listed(&known.labels, name)) else {
                continue;
            };
            looks += 1;
            let near = if looks <= MAX_LOOKS {
                nearest(&name, known.labels.iter().map(String::as_str))
            } else {
                None
            };
            let help = near.map_or_else(
                || "remove it, or add it to the list".to_owned(),
                |near| format!("write `{near}`"),
            );
            cx.report(pair.key.span, format!("`{name}` is none of the known labels")).help(help);
        }
    }
}
