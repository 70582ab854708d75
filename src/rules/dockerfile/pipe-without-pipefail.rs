//! `pipe-without-pipefail`: what fails in a pipe before its last command is not noticed.

use crate::commands::{Form, Layer, Place, Scope, scopes};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::shell::Operator;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "pipe-without-pipefail",
    summary: "a command in a pipe can fail, and the build goes on",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/pipe-without-pipefail.md"),
    equivalents: &[
        "hadolint:DL4006",
        "kics:shell_running_a_pipe_without_pipefail_flag",
        "semgrep:set-pipefail",
        "trivy:run_pipefail",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// What cannot fail in a way that matters.
const SURE: &[&str] = &["echo", "printf", "yes", "true", ":", "env", "set", "pwd", "whoami", "id", "uname"];

/// The index of the command of the layer that switches the option on.
fn switched_on(layer: &Layer) -> Option<usize> {
    layer.commands.iter().position(|it| it.program == "set" && it.has("pipefail"))
}

fn help(scope: Scope<'_>) -> String {
    let image = scope.stage.and_then(|stage| stage.external_image()).unwrap_or_default();
    let uses = |program: &str| scope.commands().any(|(_, _, it)| it.program == program);
    let shell = if image.contains("alpine") || uses("apk") { "/bin/ash" } else { "/bin/bash" };
    format!("write `SHELL [\"{shell}\", \"-o\", \"pipefail\", \"-c\"]` above")
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for layer in scope.runs() {
            if layer.has_pipefail || layer.form == Form::Exec {
                continue;
            }
            let mut last = None;
            let switched_on = switched_on(layer);
            for (index, command) in layer.commands.iter().enumerate() {
                let is_pipe = command.join == Some(Operator::Pipe) && command.place == Place::Own;
                if !is_pipe || command.joined_by == Some(Operator::Pipe) && last == command.previous {
                    last = if is_pipe { Some(index) } else { last };
                    continue;
                }
                // The first of a pipe: it is followed to the end.
                let mut end = index;
                let mut is_sure = true;
                while let (Some(next), true) =
                    (layer.commands[end].next, layer.commands[end].join == Some(Operator::Pipe))
                {
                    is_sure &= SURE.contains(&layer.commands[end].program.as_str());
                    end = next;
                }
                last = Some(index);
                let tail = &layer.commands[end];
                // The failure of the whole is not to matter, or it is asked for.
                let is_lost = tail.join == Some(Operator::Or)
                    || tail.program == "grep" && tail.arguments.iter().any(|it| it.text.starts_with("-q"));
                if is_sure || is_lost || switched_on.is_some_and(|at| at < index) {
                    continue;
                }
                let span = command.span.to(tail.head());
                let help = help(scope);
                scope
                    .report(cx, span, "the build goes on if a command before the last of this pipe fails")
                    .help(help);
            }
        }
    }
}
