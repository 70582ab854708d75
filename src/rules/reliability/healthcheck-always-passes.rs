//! `healthcheck-always-passes`: a probe that succeeds whatever it finds.

use std::ops::Range;

use crate::compose::service::{Service, Test};
use crate::diagnostic::Severity;
use crate::dockerfile::{self, Keyword, Stage};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::shell::{Command, Operator, Redirect, Redirection, Script, script_argument};
use crate::source::Span;
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "healthcheck-always-passes",
    summary: "a healthcheck succeeds whatever state the container is in",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Unnoticed, When::Failure)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/healthcheck-always-passes.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(service), Check::Stage(stage)],
};

/// A part of a script that makes all of it succeed.
struct Excuse {
    range: Range<usize>,
    /// The part without what may be long or secret.
    words: String,
    /// Whether there is a probe beside it.
    has_probe: bool,
}

fn service(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(own) = service.healthcheck() else { return };
    if own.disabled().is_some() {
        return;
    }
    match own.test() {
        Some(Test::Shell(line)) => {
            if let Some(excuse) = line.as_str().and_then(of_line) {
                report(cx, line.part(excuse.range.clone()), &excuse);
            }
        }
        Some(Test::Exec(items)) => {
            let Some(words) = items.iter().map(|item| item.as_str()).collect::<Option<Vec<_>>>() else {
                return;
            };
            match script_argument(&words) {
                Some(at) => {
                    if let Some(excuse) = of_line(words[at]) {
                        report(cx, items[at].part(excuse.range.clone()), &excuse);
                    }
                }
                None => {
                    if let (Some(excuse), [first, .., last] | [first @ last]) =
                        (of_words(&words), items.as_slice())
                    {
                        report(cx, first.span().to(last.span()), &excuse);
                    }
                }
            }
        }
        Some(Test::None(_) | Test::Unknown) | None => {}
    }
}

fn stage(stage: Stage<'_>, cx: &mut Context<'_>) {
    if stage.is_windows() {
        return;
    }
    for instruction in stage.instructions().iter().filter(|it| it.keyword == Keyword::Healthcheck) {
        match instruction.command() {
            Some(dockerfile::Command::Shell(text)) => {
                if let Some(excuse) = of_line(text.as_str()) {
                    report(cx, text.span(excuse.range.clone()), &excuse);
                }
            }
            Some(dockerfile::Command::Exec(items)) => {
                let words: Vec<&str> = items.iter().map(|item| item.value.as_str()).collect();
                let script = script_argument(&words);
                let found = match script {
                    Some(at) => of_line(words[at]).map(|excuse| (items[at].span, excuse)),
                    None => of_words(&words).map(|excuse| {
                        let last = items.last().map_or(instruction.span, |last| last.span);
                        (items.first().map_or(last, |first| first.span.to(last)), excuse)
                    }),
                };
                if let Some((span, excuse)) = found {
                    report(cx, span, &excuse);
                }
            }
            None => {}
        }
    }
}

fn report(cx: &mut Context<'_>, span: Span, excuse: &Excuse) {
    let words = &excuse.words;
    if excuse.has_probe {
        cx.report(span, format!("`{words}` makes the healthcheck pass whatever the probe finds"))
            .help("let the probe's own status count, or end with `|| exit 1`");
    } else {
        cx.report(span, format!("`{words}` succeeds whatever state the container is in"))
            .help("ask the service itself, or remove the healthcheck");
    }
}

/// What makes an exec form without a shell succeed.
fn of_words(words: &[&str]) -> Option<Excuse> {
    let program = words.first()?.rsplit('/').next()?;
    matches!(program, "true" | "echo").then(|| Excuse {
        range: 0..0,
        words: program.to_owned(),
        has_probe: false,
    })
}

/// What makes a line for the shell succeed.
fn of_line(line: &str) -> Option<Excuse> {
    let script = Script::parse(line);
    let commands = script.commands();
    let (last, before) = commands.split_last()?;
    if !script.is_whole() || commands.iter().any(|command| command.nesting > 0) {
        return None;
    }
    if !matches!(last.operator(), None | Some(Operator::Semicolon | Operator::Newline)) {
        return None;
    }
    let words = success(last)?;
    if before.iter().all(|command| success(command).is_some()) {
        let range = commands[0].range.start..last.range.end;
        return Some(Excuse { range, words: words.to_owned(), has_probe: false });
    }
    if before.iter().any(may_end) {
        return None;
    }
    match before.last()?.join.as_ref()? {
        (Operator::Or, operator) => Some(Excuse {
            range: operator.start..last.range.end,
            words: format!("|| {words}"),
            has_probe: true,
        }),
        (Operator::Semicolon | Operator::Newline, _) => {
            Some(Excuse { range: last.range.clone(), words: words.to_owned(), has_probe: true })
        }
        _ => None,
    }
}

/// The command without what may be long, if it succeeds always.
fn success(command: &Command) -> Option<&'static str> {
    if command.is_negated || !command.redirections.iter().all(is_harmless) {
        return None;
    }
    let first = command.arguments().first();
    match command.program()? {
        "true" => Some("true"),
        ":" => Some(":"),
        "echo" => Some("echo"),
        "exit" if first.is_some_and(|status| status.literal() == Some("0")) => Some("exit 0"),
        _ => None,
    }
}

/// Whether a redirection opens nothing that may not be there: a probe may be nothing but one.
fn is_harmless(redirection: &Redirection) -> bool {
    let target = redirection.target.as_ref().and_then(|target| target.literal());
    matches!(redirection.redirect, Redirect::DuplicateOutput) || target == Some("/dev/null")
}

/// Whether the script may end with the command, and fail.
fn may_end(command: &Command) -> bool {
    match command.name() {
        Some("exit" | "return") => success(command).is_none(),
        Some("exec" | "kill" | "set" | "trap") => true,
        Some(_) => false,
        None => !command.words.is_empty(),
    }
}
