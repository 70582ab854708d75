//! `maintainer`: `MAINTAINER`, for which labels are used today.

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::dockerfile::{Arguments, Instruction, Keyword, edit};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "maintainer",
    summary: "the obsolete instruction `MAINTAINER` is used",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/obsolete/maintainer.md"),
    equivalents: &[
        "buildkit:MaintainerDeprecated",
        "checkov:MaintainerExists",
        "hadolint:DL4000",
        "kics:maintainer_instruction_being_used",
        "semgrep:maintainer-is-deprecated",
        "trivy:maintainer_is_deprecated",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        for instruction in part.of(Keyword::Maintainer) {
            let fix = file.dockerfile_text().and_then(|text| label(text, instruction, dockerfile.escape()));
            cx.report(instruction.span, "`MAINTAINER` is deprecated")
                .stage(part.name())
                .help("write `LABEL org.opencontainers.image.authors=\"…\"`")
                .fix(fix);
        }
    }
}

/// The fix that says the same in a label. `None` where the name has more than one line.
fn label(text: &str, instruction: &Instruction, escape: char) -> Option<Fix> {
    let Arguments::Word(word) = &instruction.arguments else { return None };
    let keyword = edit::keyword(text, instruction, "LABEL")?;
    let mut name = word.raw.as_str();
    for quote in ['"', '\''] {
        let inner = name.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        name = inner.filter(|inner| !inner.contains(quote)).unwrap_or(name);
    }
    let mut value = String::new();
    for char in name.chars() {
        if char == '"' || char == '$' || char == escape {
            value.push(escape);
        }
        value.push(char);
    }
    let label = format!("org.opencontainers.image.authors=\"{value}\"");
    let arguments = edit::arguments(text, instruction, &label)?;
    Some(Fix {
        title: "write a label".to_owned(),
        applicability: Applicability::Unsafe,
        edits: vec![keyword, arguments],
    })
}
