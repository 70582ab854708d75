//! `remote-script-piped`: a script from the network is run as it comes.

use crate::commands::{Argument, Command, Place, scopes};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "remote-script-piped",
    summary: "a script from the network is run as it comes",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Publisher, Gain::Code, Needs::Fault)],
        weaknesses: &[494],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/remote-script-piped.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// How many commands back the one that a command is substituted into is looked for.
const LOOK_BACK: usize = 100;

const SHELLS: &[&str] = &["ash", "bash", "dash", "ksh", "sh", "zsh"];

/// Whether the command downloads something to its output.
fn downloads(command: &Command) -> bool {
    let has_url = || command.arguments.iter().any(|it| !is_local(it));
    let writes =
        |flags: &[&str]| command.arguments.iter().any(|it| flags.iter().any(|flag| it.text == *flag));
    match command.program.as_str() {
        "curl" => has_url() && !writes(&["-O", "--remote-name", "-o", "--output"]),
        "wget" => {
            has_url()
                && command.arguments.windows(2).any(|pair| {
                    let output = pair[0].text.as_str();
                    matches!(output, "--output-document" | "-O") && pair[1].text == "-"
                        || output.starts_with('-')
                            && !output.starts_with("--")
                            && output.ends_with('O')
                            && pair[1].text == "-"
                })
                || command.arguments.iter().any(|it| {
                    it.text.ends_with("O-")
                        || matches!(it.text.as_str(), "--output-document=-" | "-O=-")
                        || it.text == "-O/dev/stdout"
                })
        }
        _ => false,
    }
}

fn is_local(argument: &Argument) -> bool {
    argument.text.starts_with('-')
        || argument.text.contains("://localhost")
        || argument.text.contains("://127.")
}

/// Whether the command runs what it reads.
fn runs_input(command: &Command) -> bool {
    let mut words = command.arguments.iter().map(|it| it.text.as_str());
    let program = command.program.as_str();
    if SHELLS.contains(&program) {
        // `-s` and what is behind it go to the script; a word alone is a file.
        if words.clone().any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains('s')) {
            return true;
        }
        let is_script = |word: &str| {
            word.starts_with('-') && !word.starts_with("--") && word.len() > 1 && word.ends_with('c')
        };
        return !words.clone().any(is_script)
            && words.all(|word| word.starts_with('-') || word == "pipefail" || word == "/dev/stdin");
    }
    let is_interpreter = program.starts_with("python")
        && program["python".len()..].chars().all(|c| c.is_ascii_digit() || c == '.')
        || matches!(program, "perl" | "ruby" | "node" | "php");
    is_interpreter && words.next().is_none_or(|first| matches!(first, "-" | "--"))
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for (layer, index, command) in scope.commands() {
            let found = if runs_input(command) && index > 0 {
                let is_piped = layer.pipe_sources(index).take(8).find(|it| downloads(it));
                is_piped.map(|source| source.span.to(command.head()))
            } else if downloads(command) && command.place == Place::Substitution {
                // `bash <(curl …)`, `sh -c "$(curl …)"` and `eval "$(curl …)"`.
                let outer = layer.commands[..index]
                    .iter()
                    .rev()
                    .take(LOOK_BACK)
                    .find(|it| it.span.contains(command.span));
                outer.filter(|outer| executes(outer, command)).map(|outer| outer.span)
            } else {
                None
            };
            if let Some(span) = found {
                scope
                    .report(cx, span, "a script is run before anyone has seen it")
                    .help("download a fixed version, compare its checksum, then run it");
            }
        }
    }
}

/// Whether `outer` runs what `inner`, which is substituted into it, writes.
fn executes(outer: &Command, inner: &Command) -> bool {
    let words = &outer.arguments;
    let Some(at) = words.iter().position(|it| it.span.contains(inner.span)) else { return false };
    let is_whole = ["$(", "`", "<("].iter().any(|open| words[at].text.starts_with(open));
    match outer.program.as_str() {
        "eval" | "source" | "." => is_whole,
        program if SHELLS.contains(&program) => {
            let before = at.checked_sub(1).and_then(|before| words.get(before));
            is_whole
                && (words[at].text.starts_with("<(")
                    || before.is_some_and(|it| it.text.starts_with('-') && it.text.ends_with('c')))
        }
        _ => false,
    }
}
