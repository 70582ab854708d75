//! `wget-progress`: wget writes its progress into the log of the build.

use crate::commands::edit::insert_flag;
use crate::commands::managers::{Manager, Syntax, arguments, manager};
use crate::commands::scopes;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "wget-progress",
    summary: "wget writes its progress into the log of the build, line by line",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/wget-progress.md"),
    equivalents: &["hadolint:DL3047"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// The flags of wget that take a value and may stand before one that matters here.
const VALUED: &[&str] = &["-O", "-o", "-a", "-P", "-t", "-T", "-U", "-e", "-i", "-B", "-w", "-Q"];

/// The flags that keep the progress out of the log.
const QUIET: &[&str] = &[
    "-q",
    "--quiet",
    "--no-verbose",
    "--progress",
    "-o",
    "--output-file",
    "-a",
    "--append-output",
    "--spider",
    "--version",
    "-V",
    "--help",
    "-h",
];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        // busybox's wget knows only `-q`.
        let is_full =
            scope.commands().any(|(_, _, it)| manager(&it.program) == Some(Manager::Apt) && it.has("wget"));
        for (layer, _, command) in scope.commands() {
            let Some(name) = command.name.as_ref().filter(|_| command.program == "wget") else { continue };
            let read = arguments(command, Syntax { valued: VALUED, is_single_dash: false });
            // `-nv` and its kin are two letters.
            let is_terse = command.arguments.iter().any(|word| word.text.starts_with("-nv"));
            let is_unknown = command.arguments.iter().any(|word| {
                word.has_expansion
                    && !word.is_quoted
                    && !word.text.contains("://")
                    && !word.text.contains('/')
            });
            let has_log = command
                .redirections
                .iter()
                .any(|it| it.target.as_ref().is_some_and(|target| target.text == "/dev/null"));
            if is_terse || read.flag(QUIET).is_some() || is_unknown && read.operands.is_empty() || has_log {
                continue;
            }
            let fix = is_full.then(|| insert_flag(layer, command, name, &["--progress=dot:giga"])).flatten();
            scope
                .report(cx, name.span, "`wget` fills the log of the build with its progress")
                .help("add `--progress=dot:giga`, or `-q` where wget is busybox's")
                .fix(fix);
        }
    }
}
