//! `misplaced-comment`: a comment above a stage or argument that it does not name.

use crate::diagnostic::Severity;
use crate::dockerfile::Keyword;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "misplaced-comment",
    summary: "a comment directly above a stage or argument does not start with its name",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Style,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/misplaced-comment.md"),
    equivalents: &["buildkit:InvalidDefinitionDescription"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// What comments start with that tools read.
const FOR_TOOLS: &[&str] =
    &["check=", "checkov:", "composelint:", "hadolint", "kics-scan", "nosemgrep", "trivy:"];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    let mut comments = dockerfile.comments().iter().peekable();
    while let Some(first) = comments.next() {
        let mut block = vec![first];
        while let Some(next) = comments.next_if(|next| next.above.is_some() && next.above == first.above) {
            block.push(next);
        }
        let Some(below) = first.above.and_then(|index| dockerfile.instructions().get(index)) else {
            continue;
        };
        let (what, names): (&str, Vec<&str>) = match below.keyword {
            Keyword::From => {
                let name = below.base().and_then(|base| base.name.as_ref());
                ("stage", name.map(|name| name.value.as_str()).into_iter().collect())
            }
            Keyword::Arg => ("argument", below.pairs().iter().map(|pair| pair.key.raw.as_str()).collect()),
            _ => continue,
        };
        block.retain(|comment| is_prose(&comment.text));
        let (Some(prose), Some(name)) = (block.first(), names.first()) else { continue };
        let describes = |text: &str| names.iter().any(|name| starts_with_word(text, name));
        if !block.iter().any(|comment| describes(&comment.text)) {
            cx.report(prose.span, format!("the comment does not start with the name of the {what} `{name}`"))
                .label(below.span, "it is shown as the description of this")
                .help(format!("start it with `{name}`, or leave an empty line below it"));
        }
    }
}

/// Whether the comment is a sentence, and no line, instruction or word to a tool.
fn is_prose(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    text.chars().any(char::is_alphanumeric)
        && Keyword::of(first) == Keyword::Unknown
        && !FOR_TOOLS.iter().any(|tool| text.to_ascii_lowercase().starts_with(tool))
}

fn starts_with_word(text: &str, word: &str) -> bool {
    let head = text.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word));
    head.is_some() && !text[word.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_')
}
