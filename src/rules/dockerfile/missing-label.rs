//! `missing-label`: the image lacks a label that the configuration asks for, or its value has another form.

use std::collections::BTreeMap;

use crate::configuration::options::{Form, OptionKey, Options, OptionsType};
use crate::diagnostic::Severity;
use crate::dockerfile::{Keyword, Pair, Stage};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "missing-label",
    summary: "the image lacks a label that the configuration asks for",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Configured,
    fix: FixAvailability::None,
    equivalents: &[
        "hadolint:DL3049",
        "hadolint:DL3051",
        "hadolint:DL3052",
        "hadolint:DL3053",
        "hadolint:DL3054",
        "hadolint:DL3055",
        "hadolint:DL3056",
        "hadolint:DL3058",
    ],
    deviations: &[],
    is_for_production: false,
    page: include_str!("../../../rules/dockerfile/missing-label.md"),
    checks: &[Check::Stage(check)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Labels>();

/// The labels of images.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Labels {
    labels: BTreeMap<String, LabelForm>,
}

/// What a label's value is.
#[derive(Copy, Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabelForm {
    /// Anything but nothing.
    Text,
    /// An absolute URL.
    Url,
    /// A date and time as in RFC 3339.
    Date,
    /// A licence by its SPDX identifier, or an expression of several.
    Spdx,
    /// A commit of git.
    GitHash,
    /// A semantic version.
    Semver,
    /// An address of mail.
    Email,
}

const WORDS: &[&str] = &["text", "url", "date", "spdx", "git-hash", "semver", "email"];

impl Options for Labels {
    const KEYS: &'static [OptionKey] = &[OptionKey {
        name: "labels",
        about: "The labels that every image has, each with the form of its value.",
        form: Form::WordByName(WORDS),
    }];
}

impl LabelForm {
    /// What a value of this form is called, and the check of hadolint that asks for it.
    fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("text", "hadolint:DL3051"),
            Self::Url => ("a URL", "hadolint:DL3052"),
            Self::Date => ("a date as in RFC 3339", "hadolint:DL3053"),
            Self::Spdx => ("an SPDX identifier", "hadolint:DL3054"),
            Self::GitHash => ("a commit", "hadolint:DL3055"),
            Self::Semver => ("a semantic version", "hadolint:DL3056"),
            Self::Email => ("an address of mail", "hadolint:DL3058"),
        }
    }

    /// Whether a value has the form.
    fn fits(self, value: &str) -> bool {
        match self {
            Self::Text => !value.trim().is_empty(),
            Self::Url => is_url(value),
            Self::Date => is_date(value),
            Self::Spdx => is_spdx(value),
            Self::GitHash => {
                matches!(value.len(), 7..=40 | 64) && value.bytes().all(|byte| byte.is_ascii_hexdigit())
            }
            Self::Semver => is_semver(value),
            Self::Email => is_email(value),
        }
    }
}

fn is_url(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme && !rest.is_empty() && !rest.starts_with('/') && !value.contains(char::is_whitespace)
}

/// A pattern of digits: `d` is one, other characters are themselves.
fn has_form(value: &str, form: &str) -> bool {
    value.len() == form.len()
        && value.bytes().zip(form.bytes()).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            wanted => byte.eq_ignore_ascii_case(&wanted),
        })
}

fn is_date(value: &str) -> bool {
    let number = |range: std::ops::Range<usize>| value.get(range).and_then(|text| text.parse::<u32>().ok());
    let Some(moment) = value
        .get(..19)
        .filter(|it| has_form(it, "dddd-dd-ddTdd:dd:dd") || has_form(it, "dddd-dd-dd dd:dd:dd"))
    else {
        return false;
    };
    let rest = &value[moment.len()..];
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            if end == 0 {
                return false;
            }
            &fraction[end..]
        }
        None => rest,
    };
    let is_zone = zone.eq_ignore_ascii_case("z") || has_form(zone, "+dd:dd") || has_form(zone, "-dd:dd");
    let is_day = number(5..7).is_some_and(|it| (1..=12).contains(&it))
        && number(8..10).is_some_and(|it| (1..=31).contains(&it));
    let is_time = number(11..13).is_some_and(|it| it < 24)
        && number(14..16).is_some_and(|it| it < 60)
        && number(17..19).is_some_and(|it| it <= 60);
    is_zone && is_day && is_time
}

/// Whether it has the form of an SPDX expression; the identifiers are not looked up, but for letters and
/// digits with one of the words that no identifier is.
fn is_spdx(value: &str) -> bool {
    let words: Vec<&str> = value.split([' ', '(', ')']).filter(|word| !word.is_empty()).collect();
    let is_identifier = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'+' | b':'))
    };
    let is_operator = |word: &str| matches!(word, "AND" | "OR" | "WITH");
    words.len() % 2 == 1
        && words.iter().enumerate().all(|(at, word)| {
            if at % 2 == 1 { is_operator(word) } else { !is_operator(word) && is_identifier(word) }
        })
}

fn is_semver(value: &str) -> bool {
    let (core, build) = value.split_once('+').map_or((value, None), |(core, build)| (core, Some(build)));
    let (numbers, pre) = core.split_once('-').map_or((core, None), |(numbers, pre)| (numbers, Some(pre)));
    let is_number = |part: &str| {
        part == "0"
            || !part.starts_with('0') && !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit())
    };
    let is_list = |list: &str| {
        list.split('.').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
    };
    let parts: Vec<&str> = numbers.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| is_number(part))
        && pre.is_none_or(is_list)
        && build.is_none_or(is_list)
}

fn is_email(value: &str) -> bool {
    value.rsplit_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && !host.is_empty()
            && !value.contains(char::is_whitespace)
            && host.split('.').all(|label| {
                !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
    })
}

/// The labels of a stage's own instructions.
fn labels(stage: Stage<'_>) -> impl Iterator<Item = &Pair> {
    let of_labels = stage.instructions().iter().filter(|it| it.keyword == Keyword::Label);
    of_labels.flat_map(|instruction| instruction.pairs())
}

fn check(stage: Stage<'_>, cx: &mut Context<'_>) {
    let wanted = cx.options::<Labels>();
    if wanted.labels.is_empty() {
        return;
    }
    for pair in labels(stage) {
        let Some(form) = pair.key.literal().and_then(|key| wanted.labels.get(&key).copied()) else {
            continue;
        };
        let Some(value) = pair.value.as_ref() else { continue };
        let Some(text) = value.literal() else { continue };
        if !form.fits(&text) {
            let (told, equivalent) = form.told();
            let message = format!("the value of label `{}` is not {told}", pair.key.raw);
            let span = if value.span.is_empty() { pair.span } else { value.span };
            cx.report(span, message).help(format!("write {told}")).equivalents(&[equivalent]);
        }
    }
    let is_final = stage.dockerfile().final_stage().is_some_and(|last| last.index() == stage.index());
    if !is_final {
        return;
    }
    let mut present: Vec<String> = Vec::new();
    for pair in stage.chain().flat_map(labels) {
        // A name with a variable may be any of them.
        let Some(key) = pair.key.literal() else { return };
        present.push(key);
    }
    for name in wanted.labels.keys().filter(|name| !present.contains(name)) {
        cx.report(stage.from().name.span, format!("the image has no label `{name}`"))
            .help(format!("add `LABEL {name}=…`"))
            .equivalents(&["hadolint:DL3049"]);
    }
}

#[cfg(test)]
mod tests {
    use super::LabelForm;

    #[test]
    fn values_have_their_form() {
        for (form, good, bad) in [
            (LabelForm::Text, &["a"][..], &["", " "][..]),
            (
                LabelForm::Url,
                &["https://example.com/a?b#c", "git+ssh://h"],
                &["example.com", "http://", "a b://c"],
            ),
            (
                LabelForm::Date,
                &["2026-01-31T10:00:00Z", "2026-01-31 10:00:00.25+02:00"],
                &[
                    "2026-01-31",
                    "2026-13-01T00:00:00Z",
                    "2026-01-31T10:00:00",
                    "2026-01-31T10:00:00.Z",
                    "äöü",
                ],
            ),
            (
                LabelForm::Spdx,
                &["MIT", "MIT OR (Apache-2.0 AND BSD-3-Clause)"],
                &["", "MIT OR", "not a licence!"],
            ),
            (LabelForm::GitHash, &["2dbfae9", "43c572f1272b6b3171dd1db9e41b7027128ce080"], &["2dbf", "main"]),
            (LabelForm::Semver, &["1.2.3", "2.0.1-rc.1+b.5"], &["1.2", "v1.2.3", "01.2.3", "1.2.3-"]),
            (LabelForm::Email, &["a.b@example.com"], &["a", "@b", "a@b c"]),
        ] {
            for value in good {
                assert!(form.fits(value), "{form:?} {value:?}");
            }
            for value in bad {
                assert!(!form.fits(value), "{form:?} {value:?}");
            }
        }
    }
}
