//! `secret-in-command`: a password stands in clear text in a command or label.

use crate::compose::service::{Service, pairs};
use crate::credentials::{ValueKind, classify, credential_key, is_guessable};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::shell::{self, Script, script_argument};
use crate::source::Span;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::{Kind, Yaml};
use std::ops::Range;

pub static RULE: Rule = Rule {
    name: "secret-in-command",
    summary: "a password stands in clear text in a command or label",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Reader, Gain::Credential, Needs::Nothing)
                .case("for a password of its own"),
            Grade::attack(Attacker::Network, Gain::Others, Needs::Fault)
                .case("if the value is a placeholder or one that anyone guesses"),
        ],
        weaknesses: &[214, 798],
    },
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/secrets/secret-in-command.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// Clients whose `-p` is followed by a password without a space.
const MYSQL: &[&str] = &[
    "mariadb",
    "mariadb-admin",
    "mariadb-check",
    "mariadb-dump",
    "mariadb-show",
    "mysql",
    "mysqladmin",
    "mysqlcheck",
    "mysqldump",
    "mysqlshow",
];

/// Programs that take a password behind one of their short switches, as a word of its own.
const SWITCHES: &[(&str, &[&str])] = &[
    ("keydb-cli", &["-a"]),
    ("mongo", &["-p"]),
    ("mongodump", &["-p"]),
    ("mongorestore", &["-p"]),
    ("mongosh", &["-p"]),
    ("redis-cli", &["-a"]),
    ("sqlcmd", &["-P"]),
    ("sshpass", &["-p"]),
    ("valkey-cli", &["-a"]),
];

/// Long options for a password that do not say so by a word of their own.
const OPTIONS: &[&str] = &["requirepass", "masterauth"];

/// A word of a command and where it is.
struct Word<'t> {
    text: &'t str,
    /// Whether the text is all that the program gets.
    is_literal: bool,
    place: Box<dyn Fn(Range<usize>) -> Span + 't>,
}

/// A value that may be a password.
struct Candidate {
    /// The option or variable.
    name: String,
    value: String,
    span: Span,
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let mut found = Vec::new();
    let test = service.healthcheck().and_then(|own| own.yaml().get("test"));
    for line in [service.get("entrypoint"), service.get("command"), test].into_iter().flatten() {
        of_line(line, &mut found);
    }
    for label in service.get("labels").map(pairs).into_iter().flatten() {
        let name = label.name.value;
        let last = name.rsplit('.').next().unwrap_or(name);
        if let Some(raw) = label.raw.filter(|raw| credential_key(last) && !raw.value.contains('$')) {
            found.push(Candidate { name: name.to_owned(), value: raw.value.to_owned(), span: raw.span });
        }
    }
    for candidate in found {
        let kind = classify(&candidate.value);
        if candidate.span.is_empty() || !matches!(kind, ValueKind::Literal | ValueKind::Placeholder) {
            continue;
        }
        cx.mask(candidate.span);
        let name = &candidate.name;
        let (severity, message) = match kind {
            ValueKind::Placeholder => (Severity::Warning, format!("`{name}` holds a placeholder")),
            _ if is_guessable(&candidate.value, &[name, service.name()]) => {
                (Severity::Warning, format!("`{name}` holds a password that anyone guesses"))
            }
            _ => (Severity::Error, format!("`{name}` holds a secret in clear text")),
        };
        cx.report(candidate.span, message)
            .severity(severity)
            .help("write a variable in its place, or let the program read a secret's file");
    }
}

/// Adds what may be passwords in a command, in either form.
fn of_line(line: Yaml<'_>, found: &mut Vec<Candidate>) {
    match line.kind() {
        Kind::Scalar => {
            if let Some(text) = line.raw_str() {
                of_script(line, text, found);
            }
        }
        Kind::Sequence => {
            let items: Vec<Yaml<'_>> = line.items().collect();
            let texts: Vec<&str> = items.iter().map(|item| item.raw_str().unwrap_or_default()).collect();
            let script = match texts.first() {
                Some(&"CMD-SHELL") => Some(1).filter(|at| *at < texts.len()),
                _ => script_argument(&texts),
            };
            if let Some(at) = script {
                of_script(items[at], texts[at], found);
                return;
            }
            let skip = usize::from(texts.first() == Some(&"CMD"));
            let words: Vec<Word<'_>> = items
                .iter()
                .zip(&texts)
                .skip(skip)
                .map(|(item, text)| {
                    let (item, map) = (*item, item.raw_map());
                    let place = move |range: Range<usize>| map.span(range).unwrap_or(item.span());
                    Word { text, is_literal: !text.contains('$'), place: Box::new(place) }
                })
                .collect();
            of_words(&words, found);
        }
        Kind::Mapping => {}
    }
}

/// Adds what may be passwords in a text for a shell.
fn of_script(line: Yaml<'_>, text: &str, found: &mut Vec<Candidate>) {
    let map = line.raw_map();
    let script = Script::parse(text);
    for command in script.commands() {
        let word = |word: &'_ shell::Word| -> (String, bool, Range<usize>, bool) {
            (word.text.clone(), word.literal().is_some(), word.range.clone(), word.is_quoted)
        };
        let owned: Vec<_> = command.assignments.iter().chain(&command.words).map(word).collect();
        let words: Vec<Word<'_>> = owned
            .iter()
            .map(|(value, is_literal, range, is_quoted)| {
                let (map, line, range, is_quoted) = (&map, line, range.clone(), *is_quoted);
                let place = move |part: Range<usize>| {
                    // With quotes in it, a part of the value is not a part of the text.
                    let bytes = if is_quoted {
                        range.clone()
                    } else {
                        range.start + part.start..range.start + part.end
                    };
                    map.span(bytes).unwrap_or(line.span())
                };
                Word { text: value, is_literal: *is_literal, place: Box::new(place) }
            })
            .collect();
        of_words(&words, found);
    }
}

/// Adds what may be passwords among the words of one command.
fn of_words(words: &[Word<'_>], found: &mut Vec<Candidate>) {
    let is_assignment = |text: &str| {
        text.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
    };
    let program = words
        .iter()
        .map(|word| word.text.rsplit('/').next().unwrap_or_default())
        .find(|text| !is_assignment(text) && !matches!(*text, "env" | "exec" | "sudo"))
        .unwrap_or_default();
    let mut add = |name: &str, word: &Word<'_>, range: Range<usize>| {
        if let Some(value) = word.text.get(range.clone()).filter(|value| word.is_literal && !value.is_empty())
        {
            let span = (word.place)(range);
            found.push(Candidate { name: name.to_owned(), value: value.to_owned(), span });
        }
    };
    for (at, word) in words.iter().enumerate() {
        let text = word.text;
        let next = words.get(at + 1).filter(|next| !next.text.starts_with('-'));
        if let Some(long) = text.strip_prefix("--").filter(|long| !long.is_empty()) {
            let (name, value) =
                long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            let is_user = name == "user" && program == "curl";
            if OPTIONS.contains(&name) || credential_key(name) {
                match value {
                    Some(value) => add(&format!("--{name}"), word, text.len() - value.len()..text.len()),
                    None => {
                        if let Some(next) = next {
                            add(text, next, 0..next.text.len());
                        }
                    }
                }
            } else if is_user && let Some(next) = next {
                of_user(text, next, &mut add);
            }
            continue;
        }
        if let Some((name, value)) = text.split_once('=')
            && is_assignment(text)
            && credential_key(name)
        {
            add(name, word, text.len() - value.len()..text.len());
            continue;
        }
        if MYSQL.contains(&program) && text.starts_with("-p") && text.len() > 2 {
            add("-p", word, 2..text.len());
        } else if let Some(next) = next {
            let has_switch =
                |(name, switches): &(&str, &[&str])| *name == program && switches.contains(&text);
            if SWITCHES.iter().any(has_switch) {
                add(text, next, 0..next.text.len());
            } else if program == "curl" && text == "-u" {
                of_user(text, next, &mut add);
            }
        }
    }
}

/// Adds the password of `user:password`.
fn of_user(name: &str, word: &Word<'_>, add: &mut dyn FnMut(&str, &Word<'_>, Range<usize>)) {
    if let Some((user, _)) = word.text.split_once(':') {
        add(name, word, user.len() + 1..word.text.len());
    }
}
