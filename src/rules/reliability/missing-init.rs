//! `missing-init`: the first process of a container is a shell or a runtime that is made for no such thing.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::dockerfile::{Command, Instruction, Stage};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::shell::Script;
use crate::source::Span;
use crate::stakes::{Grade, Harm, Stakes, When};
use crate::yaml::{Kind, Yaml};

pub static RULE: Rule = Rule {
    name: "missing-init",
    summary: "a shell or runtime is the first process, with no init above it",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Depends)], weaknesses: &[] },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/missing-init.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// Programs that are an init, or bring one.
const INITS: &[&str] = &[
    "tini",
    "dumb-init",
    "catatonit",
    "s6-",
    "/init",
    "supervisord",
    "runsvdir",
    "docker-entrypoint",
    "pid1",
];

/// Programs that start others and pass no signal on, or that ignore signals as the first process.
const RUNTIMES: &[&str] = &["bun", "deno", "node", "nodemon", "npm", "npx", "pnpm", "ts-node", "tsx", "yarn"];

/// The first process.
struct First {
    program: String,
    at: Span,
    is_shell: bool,
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.is_in_view()
        || service.is_job()
        || service.get("init").is_some_and(|init| init.as_bool() != Some(false))
    {
        return;
    }
    let stage = service.stage();
    let has_init = |text: &str| INITS.iter().any(|init| text.contains(init));
    let in_stage = stage.is_some_and(|stage| {
        stage.chain().any(|stage| stage.instructions().iter().any(|it| has_init(it.text.as_str())))
    });
    let in_service = ["entrypoint", "command"]
        .iter()
        .filter_map(|key| service.get(key))
        .any(|value| INITS.iter().any(|init| value.mentions(init)));
    if in_stage || in_service {
        return;
    }
    let Some(first) = first(service, stage) else { return };
    let program = &first.program;
    let message = if first.is_shell {
        "a shell is the first process, and passes no signal on".to_owned()
    } else {
        format!("`{program}` is the first process, and no init handles signals for it")
    };
    let help = if first.is_shell {
        "set `init: true`, or start the program with `exec`"
    } else {
        "set `init: true`"
    };
    cx.report(service.key().span(), message).label(first.at, "started here").help(help);
}

/// What the engine starts; `None` if it is not known, or needs no init.
fn first(service: Service<'_>, stage: Option<Stage<'_>>) -> Option<First> {
    if let Some(entrypoint) = service.get("entrypoint") {
        return of_yaml(entrypoint);
    }
    // An image's entrypoint starts the command, in a way of its own.
    let Some(stage) = stage else {
        let image = service.known_image()?;
        let starts = matches!(image.kind, crate::images::Kind::Base | crate::images::Kind::Runtime);
        // What a runtime's own entrypoint starts takes its place.
        return if starts { of_yaml(service.get("command")?) } else { None };
    };
    if let Some(entrypoint) = stage.entrypoint() {
        return of_instruction(entrypoint);
    }
    let base = service.known_base()?;
    if !matches!(base.kind, crate::images::Kind::Base | crate::images::Kind::Runtime) {
        return None;
    }
    match service.get("command") {
        Some(command) => of_yaml(command),
        None => of_instruction(stage.cmd()?),
    }
}

/// The text, as it is written where a variable in it is not known.
fn text(value: Yaml<'_>) -> Option<&str> {
    value.as_str().or(value.raw_str())
}

/// A command of a service: without a shell, however it is written.
fn of_yaml(value: Yaml<'_>) -> Option<First> {
    let words: Vec<String> = match value.kind() {
        Kind::Scalar => {
            let script = Script::parse(text(value)?);
            script.commands().first()?.words.iter().map(|word| word.text.clone()).collect()
        }
        Kind::Sequence => value.items().map(|item| text(item).map(str::to_owned)).collect::<Option<_>>()?,
        Kind::Mapping => return None,
    };
    of_words(&words, value.span())
}

fn of_instruction(instruction: &Instruction) -> Option<First> {
    match instruction.command()? {
        Command::Exec(words) => {
            let words: Vec<String> = words.iter().map(|word| word.value.clone()).collect();
            of_words(&words, instruction.span)
        }
        Command::Shell(text) => of_line(text.as_str(), instruction.span),
    }
}

fn of_words(words: &[String], at: Span) -> Option<First> {
    let program = words.first()?.rsplit('/').next()?;
    if matches!(program, "sh" | "bash" | "ash" | "dash") {
        words.get(1).filter(|flag| flag.starts_with('-') && flag.ends_with('c'))?;
        return of_line(words.get(2)?, at);
    }
    RUNTIMES.contains(&program).then(|| First { program: program.to_owned(), at, is_shell: false })
}

/// What a line for a shell leaves as the first process: the shell, unless it gives its place to the last
/// command.
fn of_line(line: &str, at: Span) -> Option<First> {
    let script = Script::parse(line);
    let last = script.commands().last().filter(|_| script.is_whole())?;
    let name = last.name()?;
    if name == "exec" {
        let program = last.words.get(1)?.text.rsplit('/').next()?.to_owned();
        return RUNTIMES.contains(&program.as_str()).then_some(First { program, at, is_shell: false });
    }
    // A shell that has one command to run mostly becomes that.
    if let [only] = script.commands() {
        let program = only.program()?.to_owned();
        return RUNTIMES.contains(&program.as_str()).then_some(First { program, at, is_shell: false });
    }
    Some(First { program: "sh".to_owned(), at, is_shell: true })
}
