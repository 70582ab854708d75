//! `password-in-run`: a build sets a password, which everyone with the image then knows.

use crate::commands::managers::{Syntax, arguments};
use crate::commands::{Argument, Command, Layer, scopes};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::shell::Redirect;
use crate::source::Span;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "password-in-run",
    summary: "a build sets a password that everyone with the image knows",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Reader, Gain::Credential, Needs::Fault)],
        weaknesses: &[798],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/password-in-run.md"),
    equivalents: &["checkov:RunChpasswd"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// The literal words that a command which feeds another one writes.
fn written(command: &Command, wanted: fn(&str) -> bool) -> Option<&Argument> {
    matches!(command.program.as_str(), "echo" | "printf")
        .then(|| command.arguments.iter().find(|it| it.literal().is_some_and(wanted)))
        .flatten()
}

/// Whether the text has the form `user:password`.
fn is_pair(text: &str) -> bool {
    text.split_once(':').is_some_and(|(user, password)| {
        !user.is_empty() && !password.trim().is_empty() && password.trim_end_matches("\\n") != "%s"
    })
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('-') && !text.contains('%')
}

/// The literal password that the command sets.
fn password(layer: &Layer, index: usize, command: &Command) -> Option<Span> {
    let fed = |wanted: fn(&str) -> bool| layer.pipe_sources(index).take(4).find_map(|it| written(it, wanted));
    let here = |wanted: fn(&str) -> bool| {
        let texts = command.redirections.iter().filter(|it| it.redirect == Redirect::HereString);
        texts.filter_map(|it| it.target.as_ref()).find(|it| it.literal().is_some_and(wanted))
    };
    let read = |valued: &[&str], flag: &[&str]| {
        let read = arguments(command, Syntax { valued, is_single_dash: false });
        let value = read
            .values(flag)
            .next()
            .filter(|value| !value.contains(['$', '`']) && !matches!(*value, "" | "*" | "!" | "x" | "!!"))?;
        command.arguments.iter().find(|it| it.text.ends_with(value)).map(|it| it.span)
    };
    match command.program.as_str() {
        "chpasswd" => fed(is_pair).or_else(|| here(is_pair)).map(|it| it.span),
        "passwd" if command.has("--stdin") || index > 0 => {
            fed(is_word).or_else(|| here(is_word)).map(|it| it.span)
        }
        "useradd" => read(
            &["-b", "-c", "-d", "-e", "-f", "-g", "-G", "-k", "-K", "-p", "-R", "-s", "-u", "--password"],
            &["-p", "--password"],
        ),
        "usermod" => read(
            &["-c", "-d", "-e", "-f", "-g", "-G", "-l", "-p", "-R", "-s", "-u", "--password"],
            &["-p", "--password"],
        ),
        "openssl" if command.arguments.first().is_some_and(|it| it.text == "passwd") => {
            let rest = &command.arguments[1..];
            let last = rest.last().filter(|it| it.literal().is_some_and(is_word))?;
            let before = rest.len().checked_sub(2).and_then(|at| rest.get(at));
            let is_value = before.is_some_and(|it| matches!(it.text.as_str(), "-salt" | "-in" | "-rand"));
            (!is_value).then_some(last.span)
        }
        _ => None,
    }
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for (layer, index, command) in scope.commands() {
            let Some(span) = password(layer, index, command) else { continue };
            cx.mask(span);
            scope
                .report(cx, span, format!("`{}` is given a password in the build", command.program))
                .help("create the user without a password, or set it when the container starts");
        }
    }
}
