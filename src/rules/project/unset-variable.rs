//! `unset-variable`: a variable without a default that nothing is known to set.

use std::collections::BTreeMap;

use crate::compose::occurrence::{Cause, Scalar, scalars};
use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::nearest::nearest;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::{SourceId, Span};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "unset-variable",
    summary: "a variable without a default is set nowhere, so it becomes blank",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/unset-variable.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    // For each variable of a file its uses, and whether all of them only pass it on.
    let mut uses: BTreeMap<(SourceId, String), (Vec<Span>, bool)> = BTreeMap::new();
    for scalar in scalars(project) {
        for blank in scalar.blanks(project) {
            if blank.cause == Cause::Unset {
                let passes_on = passes_on(&scalar, &blank.name.value);
                let name = &blank.name;
                let (spans, all) =
                    uses.entry((name.span.source, name.value.clone())).or_insert_with(|| (Vec::new(), true));
                spans.push(name.span);
                *all &= passes_on;
            }
        }
    }
    let names = project.environment().names();
    let file = project.environment().files().last().and_then(|file| file.file_name()?.to_str());
    for ((_, name), (mut spans, only_passes_on)) in uses {
        spans.sort();
        let Some((first, others)) = spans.split_first() else { continue };
        let times = match spans.len() {
            1 => String::new(),
            many => format!(", used {many} times,"),
        };
        let mut finding = match file {
            Some(file) => {
                let message = format!("`{name}`{times} has no default, and `{file}` does not list it");
                let near = nearest(&name, names.iter().copied());
                let help = match near {
                    Some(near) => format!("write `{near}`, or list `{name}` in `{file}`"),
                    None => format!("list it in `{file}`, or give it a default: `${{{name}:-…}}`"),
                };
                let finding = cx.report(*first, message).help(help);
                if only_passes_on { finding.severity(Severity::Info) } else { finding }
            }
            None => cx
                .report(
                    *first,
                    format!("`{name}`{times} has no default, and no `.env` or sample of one lists it"),
                )
                .severity(Severity::Info)
                .only_in(Preset::Strict)
                .help(format!("list it in `.env.example`, or give it a default: `${{{name}:-…}}`")),
        };
        for span in others.iter().take(3) {
            finding = finding.label(*span, "blank here too");
        }
    }
}

/// Whether the value hands the variable to the container under its own name: a blank one is mostly as
/// good as none there.
fn passes_on(scalar: &Scalar<'_>, name: &str) -> bool {
    let ["services", _, "environment", rest @ ..] = scalar.keys.as_slice() else { return false };
    let (key, value) = match rest {
        [key] => (*key, scalar.text()),
        _ => scalar.text().split_once('=').unwrap_or_default(),
    };
    key == name && value.trim_start_matches(['$', '{']).trim_end_matches('}') == name
}
