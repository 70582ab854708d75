//! `cd-in-run`: a `cd` where `WORKDIR` belongs.

use crate::commands::{Command, Place, scopes};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "cd-in-run",
    summary: "a `RUN` changes the directory where `WORKDIR` belongs",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/cd-in-run.md"),
    equivalents: &[
        "hadolint:DL3003",
        "kics:run_command_cd_instead_of_workdir",
        "semgrep:use-workdir",
        "trivy:run_command_cd_instead_of_workdir",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Commands before a `cd` that do nothing of note.
const PREPARING: &[&str] = &["set", "export", "umask", "shopt", ""];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for layer in scope.runs() {
            let own: Vec<&Command> =
                layer.commands.iter().filter(|it| it.place == Place::Own && it.script == 0).collect();
            let Some(last) = own.last() else { continue };
            if last.program == "cd" && last.nesting == 0 {
                let span = last.arguments.last().map_or(last.span, |word| last.span_to(word));
                scope
                    .report(cx, span, "the directory is only changed until this `RUN` ends")
                    .help("write a `WORKDIR`, or remove the `cd`");
                continue;
            }
            let Some(first) = own.iter().find(|it| !PREPARING.contains(&it.program.as_str())) else {
                continue;
            };
            let [directory] = first.arguments.as_slice() else { continue };
            if first.program != "cd" || first.nesting > 0 {
                continue;
            }
            // A directory that is gone at the end of the layer is no place to stay in.
            let is_temporary = directory.has_expansion
                || ["/tmp", "/var/tmp", "/root", "~", "-"]
                    .iter()
                    .any(|it| directory.text == *it || directory.text.starts_with(&format!("{it}/")));
            let returns = own.iter().any(|it| it.program == "cd" && it.head() != first.head());
            let is_removed = own.iter().any(|it| {
                it.program == "rm"
                    && it.arguments.iter().any(|word| word.text.trim_end_matches('/') == directory.text)
            });
            if is_temporary || returns || is_removed {
                continue;
            }
            scope
                .report(cx, first.span_to(directory), "a `RUN` starts with a change of directory")
                .severity(Severity::Info)
                .help(format!("write `WORKDIR {}` above", directory.text));
        }
    }
}
