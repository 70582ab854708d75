//! `healthcheck-exec-shell`: a healthcheck in exec form that is written for a shell.

use crate::compose::service::Service;
use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::dockerfile::{self, Keyword, Stage};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::shell::{Operator, Script, Token, script_argument};
use crate::source::Span;
use crate::stakes::{Grade, Harm, Stakes, When};
use crate::yaml::{Style, Yaml};

pub static RULE: Rule = Rule {
    name: "healthcheck-exec-shell",
    summary: "a healthcheck that runs without a shell is written for one",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Refused, When::Start)], weaknesses: &[] },
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/reliability/healthcheck-exec-shell.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(service), Check::Stage(stage)],
};

/// What a word of an exec form has that only a shell understands.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Fault {
    /// A program's name that is a whole command line.
    Line,
    /// An operator or redirection.
    Operator,
    /// A variable or a substituted command.
    Variable,
}

impl Fault {
    fn message(self) -> &'static str {
        match self {
            Self::Line => "a whole command line is taken for the name of a program",
            Self::Operator => "shell syntax is an argument like any other where no shell runs",
            Self::Variable => "a variable stays as it is written where no shell runs",
        }
    }
}

/// Programs whose arguments may look like shell syntax.
const OWN_SYNTAX: &[&str] =
    &["[", "awk", "expr", "find", "gawk", "grep", "jq", "perl", "php", "ruby", "sed", "test"];

/// Flags whose value is code.
const CODE_FLAGS: &[&str] = &[
    "-c",
    "-e",
    "-r",
    "-x",
    "-p",
    "-lc",
    "-ec",
    "-Command",
    "--eval",
    "--execute",
    "--command",
    "--query",
    "-exec",
];

/// The first word that is written for a shell, among those of an exec form without one.
fn fault(words: &[&str]) -> Option<(usize, Fault)> {
    let program = words.first()?;
    if program.trim().contains(char::is_whitespace) {
        return Some((0, Fault::Line));
    }
    let name = program.rsplit('/').next().unwrap_or(program);
    if script_argument(words).is_some() || OWN_SYNTAX.contains(&name) {
        return None;
    }
    let has_code = words.iter().any(|word| CODE_FLAGS.contains(word));
    words.iter().enumerate().find_map(|(at, word)| {
        if at > 0 && (is_operator(word) || !has_code && has_tail(word)) {
            return Some((at, Fault::Operator));
        }
        (!has_code && has_variable(word)).then_some((at, Fault::Variable))
    })
}

/// Whether the word starts with an operator or is a redirection.
fn is_operator(word: &str) -> bool {
    let word = word.trim();
    if matches!(word, ">" | ">>" | "<" | ";" | "2>&1" | "1>&2" | "&>") {
        return true;
    }
    let script = Script::parse(word);
    match script.tokens() {
        [Token::Operator(Operator::And | Operator::Or | Operator::Pipe, range)] => range.len() == word.len(),
        [Token::Operator(Operator::And | Operator::Or, _), ..] => true,
        [Token::Redirection(redirection)] => {
            redirection.target.as_ref().is_some_and(|target| target.text.starts_with("/dev/"))
        }
        _ => false,
    }
}

/// Whether the word ends in what says how a shell goes on: `… || exit 1`.
fn has_tail(word: &str) -> bool {
    if !word.contains(['|', '&']) {
        return false;
    }
    let script = Script::parse(word);
    let commands = script.commands();
    let [.., before, last] = commands else { return false };
    matches!(before.operator(), Some(Operator::And | Operator::Or))
        && matches!(last.name(), Some("exit" | "true" | "false" | "echo"))
}

/// Whether a variable or a substituted command stands in the word.
fn has_variable(word: &str) -> bool {
    let mut rest = word;
    while let Some(at) = rest.find('$') {
        rest = &rest[at + 1..];
        if rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '(')) {
            return true;
        }
    }
    false
}

fn service(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(test) = service.healthcheck().and_then(|own| own.yaml().get("test")) else { return };
    let items: Vec<Yaml<'_>> = test.items().collect();
    let Some((form, words)) = items.split_first() else { return };
    // What is unknown is read as it is written; its `$` are then no fault.
    let texts: Vec<String> = words
        .iter()
        .map(|word| match word.as_str() {
            Some(text) => text.to_owned(),
            None => word.raw_str().unwrap_or_default().replace('$', ""),
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    match form.as_str() {
        Some("CMD") => {
            let Some((at, fault)) = fault(&texts) else { return };
            let fix = for_shell(service, form, words, &texts, true);
            cx.report(inside(words[at]), fault.message())
                .help("write it as `CMD-SHELL` with one line")
                .fix(fix);
        }
        Some("CMD-SHELL") if words.len() > 1 => {
            let fix = for_shell(service, form, words, &texts, false);
            cx.report(inside(words[1]), "the shell of `CMD-SHELL` runs the first element and drops the rest")
                .help("write the command as one element")
                .fix(fix);
        }
        _ => {}
    }
}

/// The bytes of an element without its quotes; all of it where its text is not known.
fn inside(word: Yaml<'_>) -> Span {
    match word.as_str() {
        Some(text) if !text.is_empty() => word.part(0..text.len()),
        _ => word.span(),
    }
}

fn stage(stage: Stage<'_>, cx: &mut Context<'_>) {
    for instruction in stage.instructions().iter().filter(|it| it.keyword == Keyword::Healthcheck) {
        let Some(dockerfile::Command::Exec(items)) = instruction.command() else { continue };
        let words: Vec<&str> = items.iter().map(|item| item.value.as_str()).collect();
        if let Some((at, fault)) = fault(&words) {
            cx.report(items[at].span, fault.message()).help("write the command without brackets and quotes");
        }
    }
}

/// The fix that makes one line for the shell of the words. `None` where that is not clear.
fn for_shell(
    service: Service<'_>,
    form: &Yaml<'_>,
    words: &[Yaml<'_>],
    texts: &[&str],
    renames: bool,
) -> Option<Fix> {
    let image = service.known_image().or(service.known_base());
    if image.is_some_and(|image| image.shell == Some(false)) {
        return None;
    }
    let all: Vec<Yaml<'_>> = std::iter::once(*form).chain(words.iter().copied()).collect();
    let source = form.span().source;
    let file = form.tree().text(source)?;
    let is_plain = |yaml: &Yaml<'_>| {
        yaml.span().source == source
            && !yaml.is_alias()
            && !yaml.is_shared()
            && yaml.anchor().is_none()
            && yaml.tag().is_none()
            && !matches!(yaml.style(), Style::Literal | Style::Folded)
    };
    let is_gap = |pair: &[Yaml<'_>]| {
        let gap = file.get(pair[0].span().end as usize..pair[1].span().start as usize);
        gap.is_some_and(|gap| gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '-')))
    };
    if !all.iter().all(is_plain) || !all.windows(2).all(is_gap) {
        return None;
    }
    let line =
        words.iter().zip(texts).enumerate().map(|(at, (word, text))| argument(at, word.raw_str()?, text));
    let line = line.collect::<Option<Vec<String>>>()?.join(" ");
    if !Script::parse(&line).is_whole() {
        return None;
    }
    let (first, last) = (words.first()?.span(), words.last()?.span());
    let mut edits = Vec::new();
    if renames {
        let text = match form.style() {
            Style::SingleQuoted => "'CMD-SHELL'",
            Style::DoubleQuoted => "\"CMD-SHELL\"",
            _ => "CMD-SHELL",
        };
        edits.push(Edit { span: form.span(), text: text.to_owned() });
    }
    edits.push(Edit { span: Span { end: last.end, ..first }, text: quoted(&line) });
    Some(Fix { title: "write one line for the shell".into(), applicability: Applicability::Unsafe, edits })
}

/// The word `raw`, whose value is `text`, as a shell reads it as the author meant it.
fn argument(at: usize, raw: &str, text: &str) -> Option<String> {
    let is_line = at == 0 && text.trim().contains(char::is_whitespace);
    if is_line || at > 0 && (is_operator(text) || has_tail(text)) {
        return Some(raw.trim().to_owned());
    }
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_./:=@%+,-^".contains(c);
    if raw.contains('$') {
        return raw.chars().all(|c| is_safe(c) || "${}?".contains(c)).then(|| raw.to_owned());
    }
    if !raw.is_empty() && raw.chars().all(is_safe) {
        return Some(raw.to_owned());
    }
    (!raw.contains('\'')).then(|| format!("'{raw}'"))
}

/// The text as a YAML scalar in quotes.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) && !text.contains('\'') {
        return format!("'{text}'");
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
