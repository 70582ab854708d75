//! `empty-continuation`: an empty line between the lines of an instruction.

use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "empty-continuation",
    summary: "an empty line stands between the lines of one instruction",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/empty-continuation.md"),
    equivalents: &["buildkit:NoEmptyContinuation"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        let head = part.stage.map(|stage| stage.from());
        for instruction in head.into_iter().chain(part.instructions) {
            let Some(first) = instruction.empty_continuations.first() else { continue };
            let fix = file.dockerfile_text().and_then(|text| {
                let edit = |span: &Span| {
                    text.get(span.range()).filter(|line| line.trim().is_empty())?;
                    Some(Edit { span: *span, text: String::new() })
                };
                let edits: Option<Vec<Edit>> = instruction.empty_continuations.iter().map(edit).collect();
                let title = "remove the empty lines".to_owned();
                Some(Fix { title, applicability: Applicability::Safe, edits: edits? })
            });
            let name = instruction.keyword.name();
            cx.report(*first, format!("this empty line does not end the `{name}` above it"))
                .stage(part.name())
                .label(instruction.name.span, "the instruction that goes on")
                .help("remove the line, or the line continuation before it")
                .fix(fix);
        }
    }
}
