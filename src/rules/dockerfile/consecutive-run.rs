//! `consecutive-run`: instructions in a row that could be one.

use crate::diagnostic::Severity;
use crate::dockerfile::files::file_name;
use crate::dockerfile::{Arguments, Command, Instruction, Keyword, Word};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::shell::Script;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "consecutive-run",
    summary: "several `RUN`, `COPY` or `ADD` in a row could be one",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Style,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/consecutive-run.md"),
    equivalents: &["hadolint:DL3059", "kics:multiple_run_add_copy_instructions_listed"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// What must be equal for two instructions to be one.
#[derive(PartialEq, Eq)]
struct Kin {
    keyword: Keyword,
    flags: Vec<String>,
    target: Option<String>,
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        let mut before: Option<(Kin, &Instruction)> = None;
        for instruction in part.instructions {
            let Some(kin) = kin(instruction) else {
                before = None;
                continue;
            };
            if let Some((first, start)) = &before
                && *first == kin
            {
                let name = instruction.keyword.name();
                let equivalents: &[&str] = match instruction.keyword {
                    Keyword::Run => &["hadolint:DL3059", "kics:multiple_run_add_copy_instructions_listed"],
                    _ => &["kics:multiple_run_add_copy_instructions_listed"],
                };
                cx.report(instruction.name.span, format!("this `{name}` could be one with that above it"))
                    .stage(part.name())
                    .label(start.name.span, "the row starts here")
                    .help(match instruction.keyword {
                        Keyword::Run => "join the commands with `&&`, or use a heredoc",
                        _ => "name all sources in one instruction",
                    })
                    .equivalents(equivalents);
            } else {
                before = Some((kin, instruction));
            }
        }
    }
}

/// What the instruction has in common with another that it could be one with. `None` if it does too
/// much to be joined.
fn kin(instruction: &Instruction) -> Option<Kin> {
    if !instruction.heredocs.is_empty() {
        return None;
    }
    let target = match (instruction.keyword, &instruction.arguments) {
        (Keyword::Run, Arguments::Command(Command::Shell(text))) => {
            let script = Script::parse(text.as_str());
            if !script.is_whole() || script.commands().len() != 1 {
                return None;
            }
            None
        }
        (Keyword::Copy | Keyword::Add, Arguments::Files(files)) => {
            // A directory's content is copied, a file itself: only names tell which is which.
            let is_file = |source: &&Word| file_name(&source.text()).contains('.') && source.text() != ".";
            let all = files.sources.iter().filter(is_file).count();
            if all != files.sources.len() {
                return None;
            }
            Some(files.destination.text().trim_end_matches('/').to_owned())
        }
        _ => return None,
    };
    let flags = instruction.flags.iter().map(|flag| {
        let value = flag.value.as_ref().map(|value| value.raw.as_str()).unwrap_or_default();
        format!("{}={value}", flag.name.value)
    });
    Some(Kin { keyword: instruction.keyword, flags: flags.collect(), target })
}
