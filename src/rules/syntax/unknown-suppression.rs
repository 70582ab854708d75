//! `unknown-suppression`: a comment that is to silence something names no rule.

use crate::diagnostic::Severity;
use crate::nearest::{MAX_LOOKS, nearest};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::rules::RULES;
use crate::stakes::Stakes;
use crate::suppress::{Fault, FileSuppressions, Keyword, Namesake, Slip, Suppression};

pub static RULE: Rule = Rule {
    name: "unknown-suppression",
    summary: "a comment that is to silence something names no rule",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    equivalents: &["nbsp1221-composelint:suppression"],
    deviations: &[],
    is_for_production: false,
    page: include_str!("../../../rules/syntax/unknown-suppression.md"),
    checks: &[Check::Suppressions(check)],
};

fn check(file: &FileSuppressions, cx: &mut Context<'_>) {
    let mut looks = 0;
    for suppression in file.own() {
        if let Some(fault) = &suppression.fault {
            report_fault(suppression, fault, cx);
            continue;
        }
        for name in suppression.names.iter().filter(|name| name.selector.is_none()) {
            looks += 1;
            let help = if looks <= MAX_LOOKS { meant(&name.text) } else { None };
            let help = help.map_or_else(
                || "name a rule or category that `composelint rules` lists".to_owned(),
                |meant| format!("write `{meant}`"),
            );
            cx.report(name.span, format!("`{}` is no rule or category", name.text)).help(help);
        }
    }
    for namesake in file.namesakes() {
        report_namesake(namesake, cx);
    }
}

/// Reports a slip in a comment that is written as nbsp1221/composelint reads it.
fn report_namesake(namesake: &Namesake, cx: &mut Context<'_>) {
    let message = match namesake.slip {
        Some(Slip::Word) => format!("`{}` is nothing that a comment can do", namesake.text),
        Some(Slip::Name) => format!("`{}` is no check of nbsp1221/composelint", namesake.text),
        Some(Slip::NothingToEnd) | None => return,
    };
    cx.report(namesake.span, message).help("write `composelint: ignore[rule]`");
}

/// The rule or category that a name probably means, or that answers for another tool's check of that
/// name.
fn meant(name: &str) -> Option<&'static str> {
    let is_check = |equivalent: &str| {
        equivalent == name || equivalent.split_once(':').is_some_and(|(_, check)| check == name)
    };
    let answering = RULES.iter().find(|(_, rule)| rule.equivalents.iter().any(|it| is_check(it)));
    answering
        .map(|(_, rule)| rule.name)
        .or_else(|| nearest(name, RULES.iter().flat_map(|(category, rule)| [rule.name, *category])))
}

fn report_fault(suppression: &Suppression, fault: &Fault, cx: &mut Context<'_>) {
    let word = suppression.keyword.unwrap_or(Keyword::Ignore).name();
    let (message, help) = match fault {
        Fault::NoColon => (
            "no `:` stands behind `composelint`, so that the comment silences nothing".to_owned(),
            "write `composelint: ignore[rule]`".to_owned(),
        ),
        Fault::UnknownWord(other) => (
            format!("`{other}` is nothing that a comment can do"),
            "write `composelint: ignore[rule]` or `composelint: ignore-file[rule]`".to_owned(),
        ),
        Fault::NoBrackets(names) => {
            let is_list = |text: &str| {
                text.split([',', ' ']).filter(|word| !word.is_empty()).all(|word| {
                    word.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'0'..=b'9'))
                })
            };
            let names = if names.is_empty() || names.len() > 100 || !is_list(names) { "rule" } else { names };
            (
                format!("`{word}` stands without rules in brackets, and silences nothing"),
                format!("write `{word}[{names}]`"),
            )
        }
        Fault::NotClosed => (
            "the bracket of the comment is not closed".to_owned(),
            "write `]` behind the last rule".to_owned(),
        ),
        Fault::NoNames => (
            format!("`{word}[]` names no rule, and silences nothing"),
            "name what it is to silence, or remove the comment".to_owned(),
        ),
    };
    cx.report(suppression.span, message).help(help);
}
