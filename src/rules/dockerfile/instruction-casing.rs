//! `instruction-casing`: an instruction in another case than the others.

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::dockerfile::{Keyword, edit};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "instruction-casing",
    summary: "an instruction is written in another case than the others",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/instruction-casing.md"),
    equivalents: &["buildkit:ConsistentInstructionCasing"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    let known = || dockerfile.instructions().iter().filter(|it| it.keyword != Keyword::Unknown);
    let (mut lower, mut upper) = (0_usize, 0_usize);
    for instruction in known() {
        let name = instruction.name.value.as_str();
        lower += usize::from(name == name.to_ascii_lowercase());
        upper += usize::from(name == name.to_ascii_uppercase());
    }
    let most = if lower > upper { str::to_ascii_lowercase } else { str::to_ascii_uppercase };
    for part in dockerfile.parts() {
        let head = part.stage.map(|stage| stage.from());
        for instruction in head.into_iter().chain(part.instructions) {
            let name = instruction.name.value.as_str();
            let wanted = most(name);
            if wanted == name || instruction.keyword == Keyword::Unknown {
                continue;
            }
            let fix = file.dockerfile_text().and_then(|text| {
                let mut edits = vec![edit::replace(text, instruction.name.span, name, &wanted)?];
                // `AS` goes with its `FROM`.
                let keyword = instruction.base().and_then(|base| base.as_keyword.as_ref());
                if let Some(keyword) = keyword.filter(|keyword| most(&keyword.value) != keyword.value) {
                    edits.push(edit::replace(text, keyword.span, &keyword.value, &most(&keyword.value))?);
                }
                Some(Fix { title: format!("write `{wanted}`"), applicability: Applicability::Safe, edits })
            });
            cx.report(
                instruction.name.span,
                format!("`{name}` is in another case than the other instructions"),
            )
            .stage(part.name())
            .help(format!("write `{wanted}`"))
            .fix(fix);
        }
    }
}
