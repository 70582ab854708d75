//! `unused-suppression`: a comment silences a rule that finds nothing there.

use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;
use crate::suppress::{FileSuppressions, Keyword, Namesake, Slip, Suppression};

pub static RULE: Rule = Rule {
    name: "unused-suppression",
    summary: "a comment silences a rule that finds nothing there",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    equivalents: &["nbsp1221-composelint:suppression"],
    deviations: &[],
    is_for_production: false,
    page: include_str!("../../../rules/syntax/unused-suppression.md"),
    checks: &[Check::Suppressions(check)],
};

fn check(file: &FileSuppressions, cx: &mut Context<'_>) {
    for namesake in file.namesakes() {
        report_namesake(namesake, cx);
    }
    for suppression in file.own() {
        if suppression.fault.is_some() {
            continue;
        }
        if suppression.scope.is_none() {
            report_astray(suppression, cx);
            continue;
        }
        let is_unused = |index: &usize| {
            let name = &suppression.names[*index];
            name.is_judged && !name.is_used
        };
        let unused: Vec<usize> = (0..suppression.names.len()).filter(is_unused).collect();
        if unused.len() == suppression.names.len() {
            let names: Vec<&str> = suppression.names.iter().map(|name| name.text.as_str()).collect();
            let message = match names.as_slice() {
                [name] => format!("`{name}` finds nothing here that the comment would silence"),
                names => format!("none of `{}` finds anything here", names.join("`, `")),
            };
            cx.report(suppression.span, message)
                .help("remove the comment")
                .fix(file.removal(suppression).map(|span| removal(span, "remove the comment")));
            continue;
        }
        for index in unused {
            let name = &suppression.names[index];
            cx.report(
                name.span,
                format!("`{}` finds nothing here that the comment would silence", name.text),
            )
            .help("remove the name from the comment")
            .fix(
                file.removal_of_name(suppression, index)
                    .map(|span| removal(span, "remove the name from the comment")),
            );
        }
    }
}

/// Reports what a comment that is written as nbsp1221/composelint reads it does in vain.
fn report_namesake(namesake: &Namesake, cx: &mut Context<'_>) {
    let message = match namesake.slip {
        Some(Slip::NothingToEnd) => format!("nothing is silenced here that `{}` could end", namesake.text),
        None if namesake.is_judged && !namesake.is_used => {
            format!("`{}` finds nothing here that the comment would silence", namesake.text)
        }
        _ => return,
    };
    // That tool may still find something there.
    cx.report(namesake.span, message).severity(Severity::Info).help("remove the comment");
}

/// Reports a comment that stands where it belongs to nothing.
fn report_astray(suppression: &Suppression, cx: &mut Context<'_>) {
    match suppression.keyword {
        Some(Keyword::IgnoreFile) => cx
            .report(
                suppression.span,
                "`ignore-file` stands below the top of the file, where it silences nothing",
            )
            .help("move it above the first key or instruction, or write `ignore` for what is below it"),
        _ => cx
            .report(suppression.span, "the comment belongs to no key or instruction, and silences nothing")
            .help("move it directly above what it is about, without a blank line in between"),
    };
}

fn removal(span: Span, title: &str) -> Fix {
    Fix {
        title: title.to_owned(),
        applicability: Applicability::Safe,
        edits: vec![Edit { span, text: String::new() }],
    }
}
