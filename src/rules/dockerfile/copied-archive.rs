//! `copied-archive`: an archive that is copied, and then unpacked by a command.

use std::collections::HashMap;

use crate::diagnostic::Severity;
use crate::dockerfile::files::{file_name, is_tar};
use crate::dockerfile::{Command, Instruction, Keyword};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::shell::Script;
use crate::source::Span;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "copied-archive",
    summary: "an archive is copied and then unpacked, so that both stay in the image",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/copied-archive.md"),
    equivalents: &["hadolint:DL3010"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        // The last command that unpacks each name.
        let mut last: HashMap<String, Span> = HashMap::new();
        for run in part.of(Keyword::Run) {
            last.extend(unpacked(run).into_iter().map(|name| (name, run.span)));
        }
        if last.is_empty() {
            continue;
        }
        for instruction in part.of(Keyword::Copy).filter(|copy| copy.flag("from").is_none()) {
            let Some(files) = instruction.files() else { continue };
            let target = file_name(&files.destination.raw).to_lowercase();
            for source in &files.sources {
                let name = file_name(&source.raw).to_lowercase();
                if !is_tar(&name) {
                    continue;
                }
                let found = last.get(&name).or_else(|| last.get(&target).filter(|_| is_tar(&target)));
                if let Some(span) = found.filter(|span| span.start > instruction.span.start) {
                    cx.report(source.span, "the archive is copied, then unpacked: its layer keeps it")
                        .stage(part.name())
                        .label(*span, "unpacked here")
                        .help("write `ADD`, which unpacks it on the way");
                }
            }
        }
    }
}

/// The names, without directories, of the files that `tar` is given where it extracts.
fn unpacked(run: &Instruction) -> Vec<String> {
    let mut names = Vec::new();
    let mut take = |words: &[String]| {
        let program = words.first().map(|program| file_name(program));
        if !matches!(program, Some("tar" | "bsdtar" | "gtar" | "tar.exe")) || !extracts(&words[1..]) {
            return;
        }
        names.extend(words[1..].iter().map(|word| file_name(word).to_lowercase()).filter(|it| is_tar(it)));
    };
    match run.command() {
        Some(Command::Exec(words)) => {
            let words: Vec<String> = words.iter().map(|word| word.value.clone()).collect();
            take(&words);
        }
        Some(Command::Shell(text)) => {
            let mut text = text.as_str();
            if let Some(heredoc) = run.script() {
                text = heredoc.content.as_str();
            }
            for command in Script::parse(text).commands() {
                let words: Vec<String> = command
                    .words
                    .iter()
                    // A backslash of a Windows path is no escape there.
                    .map(|word| {
                        text.get(word.range.clone()).unwrap_or_default().trim_matches(['"', '\'']).to_owned()
                    })
                    .collect();
                take(&words);
            }
        }
        None => {}
    }
    names
}

/// Whether `tar` extracts with these arguments.
fn extracts(arguments: &[String]) -> bool {
    let is_bundle = |word: &str| !word.is_empty() && word.chars().all(|char| char.is_ascii_alphabetic());
    arguments.iter().enumerate().any(|(at, word)| match word.strip_prefix('-') {
        Some("-extract" | "-get") => true,
        Some(flags) => !flags.starts_with('-') && flags.split('f').next().is_some_and(|it| it.contains('x')),
        None => at == 0 && is_bundle(word) && word.contains('x'),
    })
}
