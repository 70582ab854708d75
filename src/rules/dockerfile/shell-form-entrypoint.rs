//! `shell-form-entrypoint`: a main process that is started by a shell.

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::dockerfile::{Command, Instruction, Keyword, Part, Text, edit};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "shell-form-entrypoint",
    summary: "a `CMD` or `ENTRYPOINT` is started by a shell",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/shell-form-entrypoint.md"),
    equivalents: &[
        "buildkit:JSONArgsRecommended",
        "hadolint:DL3025",
        "kics:not_using_json_in_cmd_and_entrypoint_arguments",
        "semgrep:prefer-json-notation",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// The equivalents that look at every stage.
const EVERYWHERE: &[&str] =
    &["buildkit:JSONArgsRecommended", "hadolint:DL3025", "semgrep:prefer-json-notation"];

/// Words that only a shell knows.
const BUILTINS: &[&str] = &[
    ".", ":", "[", "[[", "alias", "cd", "case", "command", "eval", "exec", "exit", "export", "for",
    "function", "if", "read", "set", "shift", "source", "test", "trap", "type", "ulimit", "umask", "unset",
    "until", "wait", "while",
];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        let has_cmd = part.of(Keyword::Cmd).next().is_some();
        let mut shell_is_chosen = false;
        for (at, outer) in part.instructions.iter().enumerate() {
            shell_is_chosen |= outer.keyword == Keyword::Shell;
            let instruction = outer.acting();
            let is_main = matches!(instruction.keyword, Keyword::Cmd | Keyword::Entrypoint);
            if !is_main && instruction.keyword != Keyword::Healthcheck {
                continue;
            }
            // Whoever names a shell wants one.
            if shell_is_chosen || part.stage.is_some_and(|stage| stage.shell_at(part.first + at).is_some()) {
                continue;
            }
            let Some(Command::Shell(line)) = instruction.command() else { continue };
            if line.as_str().trim().is_empty() || line.as_str().starts_with("exec ") {
                continue;
            }
            if is_main {
                main(file, part, (instruction, line), has_cmd, cx);
            } else if plain(line.as_str()).is_some() {
                cx.report(line.span(0..line.as_str().len()), "the healthcheck is run by a shell")
                    .stage(part.name())
                    .severity(Severity::Info)
                    .only_in(Preset::Strict)
                    .help("write the command as a JSON array")
                    .equivalents(&["hadolint:DL3025"]);
            }
        }
    }
}

fn main(
    file: File<'_>,
    part: Part<'_>,
    (instruction, line): (&Instruction, &Text),
    has_cmd: bool,
    cx: &mut Context<'_>,
) {
    let keyword = instruction.keyword.name();
    let span = line.span(0..line.as_str().len());
    let words = plain(line.as_str());
    let finding = if instruction.malformed_json.is_some() {
        cx.report(span, format!("this is no JSON, so a shell runs it, brackets and all, as `{keyword}`"))
            .help("put double quotes around every word, and nothing behind the bracket")
    } else if let Some(words) = words {
        let array: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let array = format!("[{}]", array.join(", "));
        // In the shell form, `ENTRYPOINT` takes no notice of `CMD`; then the two go together otherwise.
        let is_alone = instruction.keyword == Keyword::Cmd || !has_cmd;
        let can_be = is_alone && instruction.flags.is_empty();
        let fix = file.dockerfile_text().filter(|_| can_be).and_then(|text| {
            Some(Fix {
                title: "write a JSON array".to_owned(),
                applicability: Applicability::Unsafe,
                edits: vec![edit::arguments(text, instruction, &array)?],
            })
        });
        cx.report(span, format!("`{keyword}` is started by a shell, which gets the signals"))
            .help("write the command as a JSON array")
            .fix(fix)
    } else {
        let message = format!("`{keyword}` is started by a shell, which gets the signals");
        let finding = cx.report(span, message);
        let finding =
            finding.help("put `exec` before the program, or the line into a script with a JSON array");
        match instruction.keyword {
            Keyword::Cmd => finding.severity(Severity::Info),
            _ => finding,
        }
    };
    let finding = finding.stage(part.name());
    if !part.is_last() {
        finding.equivalents(EVERYWHERE);
    }
}

/// The words of a line that means the same without a shell.
fn plain(line: &str) -> Option<Vec<&str>> {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "_-./:=@%+,".contains(char);
    let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    let first = words.first()?;
    let is_simple = words.iter().all(|word| word.chars().all(is_plain))
        && !first.contains('=')
        && !BUILTINS.contains(first);
    is_simple.then_some(words)
}
