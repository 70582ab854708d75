//! `shell-changed-in-run`: `/bin/sh` is replaced where `SHELL` belongs.

use crate::commands::managers::{Syntax, arguments};
use crate::commands::scopes;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "shell-changed-in-run",
    summary: "a `RUN` replaces `/bin/sh` where `SHELL` belongs",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/shell-changed-in-run.md"),
    equivalents: &[
        "hadolint:DL4005",
        "kics:changing_default_shell_using_run_command",
        "semgrep:use-shell-instruction",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

const SHELLS: &[&str] = &["/bin/sh", "/usr/bin/sh", "/sbin/sh"];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for (_, _, command) in scope.commands() {
            if !matches!(command.program.as_str(), "ln" | "cp" | "mv" | "install") {
                continue;
            }
            let read =
                arguments(command, Syntax { valued: &["-t", "-S", "-m", "-o", "-g"], is_single_dash: false });
            let [.., source, target] = read.operands.as_slice() else { continue };
            if !SHELLS.contains(&target.text.as_str()) {
                continue;
            }
            let shell = source.literal().filter(|path| path.ends_with("sh")).unwrap_or("/bin/bash");
            let shell = if shell.starts_with('/') { shell.to_owned() } else { format!("/bin/{shell}") };
            scope
                .report(
                    cx,
                    command.span_to(target),
                    format!("`{}` is replaced for every program", target.text),
                )
                .help(format!("write `SHELL [\"{shell}\", \"-c\"]`"));
        }
    }
}
