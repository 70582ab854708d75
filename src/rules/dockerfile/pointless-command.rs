//! `pointless-command`: a command that has nothing to do in a build.

use crate::commands::managers::{Syntax, arguments};
use crate::commands::{Command, Layer, scopes};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::shell::Operator;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "pointless-command",
    summary: "a command that is for a running system is run in a build",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/pointless-command.md"),
    equivalents: &["hadolint:DL3001", "kics:run_utilities_and_posix_commands", "semgrep:nonsensical-command"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Whether the command starts something that goes on behind it.
fn starts(command: &Command) -> bool {
    command.join == Some(Operator::Background)
        || matches!(
            command.program.as_str(),
            "service" | "nohup" | "mysqld_safe" | "mysqld" | "pg_ctl" | "pg_ctlcluster"
        )
        || ["--daemonize", "-d", "--fork", "start"].iter().any(|word| command.has(word))
}

/// What a command does that a build has no use for. `None` if it may be of use here. `started` is the
/// first command of the layer that starts something.
fn fault(layer: &Layer, index: usize, command: &Command, started: Option<usize>) -> Option<&'static str> {
    let starts_something = || started.is_some_and(|started| started < index);
    let has_more = || layer.commands.len() > index + 1;
    let asks = arguments(command, Syntax { valued: &[], is_single_dash: false })
        .flag(&["--version", "-V", "--help", "-h"])
        .is_some();
    Some(match command.program.as_str() {
        "top" | "htop" | "less" | "more" | "vim" | "vi" | "nano" | "emacs" | "man" if !asks => {
            // An editor can run a script.
            let is_script = command.arguments.iter().any(|word| {
                matches!(
                    word.text.as_str(),
                    "-c" | "-es" | "-s" | "-e" | "-b" | "-n1" | "-n" | "--batch" | "-Es"
                ) || word.text.starts_with('+')
                    || word.text.starts_with("--headless")
                    || word.text.starts_with("--cmd")
            });
            if is_script || command.join == Some(Operator::Pipe) {
                return None;
            }
            "waits for a person"
        }
        "ps" | "free" | "ifconfig" if !asks => {
            let feeds = command.join == Some(Operator::Pipe) || layer.piped_into(index).is_some();
            if feeds && starts_something() {
                return None;
            }
            "shows the state of the builder"
        }
        "kill" | "killall" | "pkill" if !starts_something() && !command.has("-l") => "has no process to end",
        "mount" | "umount" if layer.mounts.is_empty() && !asks && !command.arguments.is_empty() => {
            "is not allowed to a build, and does not last"
        }
        "shutdown" | "reboot" | "halt" | "poweroff" => "has no system to stop",
        // With something behind it, the service is there for that.
        "service" if !has_more() => "starts what ends with the layer",
        "systemctl"
            if matches!(
                command.arguments.first().map(|it| it.text.as_str()),
                Some("start" | "restart" | "reload" | "status")
            ) =>
        {
            "has no service manager to talk to"
        }
        "ssh" if !layer.has_mount("ssh") && !layer.has_mount("secret") && !asks => {
            "has no keys and no one to ask"
        }
        _ => return None,
    })
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for layer in scope.runs() {
            let started = layer.commands.iter().position(starts);
            for (index, command) in layer.commands.iter().enumerate() {
                // What another command asks for the state of is no start of anything.
                let Some(fault) = fault(layer, index, command, started) else { continue };
                if command.program.is_empty() || command.joined_by == Some(Operator::Or) {
                    continue;
                }
                scope
                    .report(cx, command.head(), format!("`{}` {fault}", command.program))
                    .help("remove it, or run it in the container");
            }
        }
    }
}
