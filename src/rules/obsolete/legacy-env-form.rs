//! `legacy-env-form`: `ENV` and `LABEL` with a space between name and value.

use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::dockerfile::Pair;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "legacy-env-form",
    summary: "an `ENV` or `LABEL` separates name and value with a space",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/obsolete/legacy-env-form.md"),
    equivalents: &["buildkit:LegacyKeyValueFormat"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        for outer in part.instructions {
            let instruction = outer.acting();
            for pair in instruction.pairs().iter().filter(|pair| pair.is_legacy) {
                let keyword = instruction.keyword.name();
                let fix = file.dockerfile_text().and_then(|text| equals(text, pair, dockerfile.escape()));
                cx.report(pair.span, format!("`{keyword}` separates name and value with a space"))
                    .stage(part.name())
                    .help(format!("write `{keyword} {}=…`", pair.key.raw))
                    .fix(fix);
            }
        }
    }
}

/// The fix that writes an equals sign, and quotes where the value has spaces. `None` where quotes would
/// change the value.
fn equals(text: &str, pair: &Pair, escape: char) -> Option<Fix> {
    let value = pair.value.as_ref()?;
    let (key_end, value_start) = (pair.key.span.range().end, value.span.range().start);
    let gap = text.get(key_end..value_start)?;
    if pair.key.raw.contains(['"', '\'', escape]) || !gap.chars().all(|it| it.is_whitespace() || it == escape)
    {
        return None;
    }
    let source = pair.key.span.source;
    let mut edits = vec![Edit { span: Span::new(source, key_end, value_start), text: "=".to_owned() }];
    if !is_one_word(&value.raw, escape) {
        if value.raw.contains(['"', '\'', escape]) {
            return None;
        }
        edits[0].text.push('"');
        let end = value.span.range().end;
        edits.push(Edit { span: Span::new(source, end, end), text: "\"".to_owned() });
    }
    Some(Fix { title: "write an equals sign".to_owned(), applicability: Applicability::Safe, edits })
}

/// Whether `raw` is one word: all of its white space is within quotes or escaped.
fn is_one_word(raw: &str, escape: char) -> bool {
    let mut quote = None;
    let mut chars = raw.chars();
    while let Some(char) = chars.next() {
        match quote {
            None if char.is_whitespace() => return false,
            None if char == '"' || char == '\'' => quote = Some(char),
            Some(open) if char == open => quote = None,
            Some('\'') => {}
            _ if char == escape => drop(chars.next()),
            _ => {}
        }
    }
    quote.is_none()
}
