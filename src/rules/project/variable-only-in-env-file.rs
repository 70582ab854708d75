//! `variable-only-in-env-file`: a variable that only the container is given, used where Compose reads.

use std::collections::BTreeMap;

use crate::compose::occurrence::{Cause, Elsewhere, scalars};
use crate::compose::project::Project;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::{SourceId, Span};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "variable-only-in-env-file",
    summary: "a variable is set in an `env_file` or `environment` only, which interpolation does not read",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/variable-only-in-env-file.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

/// A use of a variable, what sets it instead, and the service that uses it.
type Use<'p> = (Span, Elsewhere, Option<&'p str>);

fn check(project: &Project, cx: &mut Context<'_>) {
    let mut uses: BTreeMap<(SourceId, String), Vec<Use<'_>>> = BTreeMap::new();
    for scalar in scalars(project) {
        let service = match scalar.keys.as_slice() {
            ["services", name, _, ..] => Some(*name),
            _ => None,
        };
        for blank in scalar.blanks(project) {
            if let Cause::SetElsewhere(place) = blank.cause {
                let name = &blank.name;
                uses.entry((name.span.source, name.value.clone()))
                    .or_default()
                    .push((name.span, place, service));
            }
        }
    }
    for ((_, name), mut spans) in uses {
        spans.sort_by_key(|(span, ..)| *span);
        let Some(((first, place, service), others)) = spans.split_first() else { continue };
        let times = match spans.len() {
            1 => String::new(),
            many => format!(", used {many} times,"),
        };
        let (file, at) = match place {
            Elsewhere::Environment(at) => (None, *at),
            Elsewhere::EnvFile(number, at) => {
                let file = &project.env_files()[*number];
                for value in &file.values {
                    cx.mask(*value);
                }
                (Some(file), *at)
            }
        };
        let path = file.and_then(|file| file.path.file_name()?.to_str()).unwrap_or_default();
        let mut finding = match file {
            Some(_) => cx
                .report(
                    *first,
                    format!("`{name}`{times} becomes blank: `{path}` sets it for the container, not for Compose"),
                )
                .help(format!("set it in `.env`, or run Compose with `--env-file {path}`")),
            None => cx
                .report(
                    *first,
                    format!("`{name}`{times} becomes blank: `environment` sets it for the container, not for Compose"),
                )
                .help("set it in `.env`, and use it in both places"),
        };
        if let Some(service) = service {
            finding = finding.subject(*service);
        }
        finding = finding.label(at, "set for the container only");
        for (span, ..) in others.iter().take(3) {
            finding = finding.label(*span, "blank here too");
        }
    }
}
