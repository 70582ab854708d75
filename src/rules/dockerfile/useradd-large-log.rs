//! `useradd-large-log`: a user with a high number makes a huge sparse log.

use crate::commands::edit::insert_flag;
use crate::commands::managers::{Syntax, arguments};
use crate::commands::scopes;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "useradd-large-log",
    summary: "`useradd` with a high number writes a log that fills the layer",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/useradd-large-log.md"),
    equivalents: &["hadolint:DL3046"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// The flags of useradd that take a value.
const VALUED: &[&str] = &[
    "-b",
    "-c",
    "-d",
    "-e",
    "-f",
    "-g",
    "-G",
    "-k",
    "-K",
    "-p",
    "-R",
    "-P",
    "-s",
    "-u",
    "-Z",
    "--base-dir",
    "--comment",
    "--home-dir",
    "--home",
    "--expiredate",
    "--inactive",
    "--gid",
    "--groups",
    "--skel",
    "--key",
    "--password",
    "--root",
    "--prefix",
    "--shell",
    "--uid",
    "--selinux-user",
];

/// The lowest number whose place in the log is past some megabytes.
const HIGH: u64 = 100_000;

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for (layer, _, command) in scope.commands() {
            let Some(name) = command.name.as_ref().filter(|_| command.program == "useradd") else { continue };
            let read = arguments(command, Syntax { valued: VALUED, is_single_dash: false });
            let number = read.values(&["-u", "--uid"]).last().and_then(|value| value.parse::<u64>().ok());
            let Some(number) = number.filter(|number| *number >= HIGH) else { continue };
            if read.flag(&["-l", "--no-log-init"]).is_some() {
                continue;
            }
            let fix = insert_flag(layer, command, name, &["--no-log-init"]);
            scope
                .report(cx, name.span, format!("the log of logins grows up to the number {number}"))
                .help("add `--no-log-init`")
                .fix(fix);
        }
    }
}
