//! What the shells of a Dockerfile run: every simple command, its program and its arguments.
//!
//! ```text
//! read       RUN, CMD, ENTRYPOINT → commands, through groups, pipes, `sh -c`, `$(…)` and heredocs
//! managers   a command → a package manager's subcommand, flags and packages
//! edit       insert a flag, append to a chain, replace a word; nothing where that is not clear
//! ```
//!
//! What a shell that is not POSIX's runs is not looked at, and what is known only when the build runs
//! is unknown.

pub mod edit;
pub mod managers;
mod read;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use crate::compose::project::Built;
use crate::dockerfile::{Arguments, Dockerfile, Instruction, Keyword, Origin, Stage};
use crate::rule::{Context, File, Finding};
use crate::shell::{Operator, Redirect};
use crate::source::Span;

/// How many commands back a variable of the shell is looked for.
const LOOK_BACK: usize = 1000;
/// Through how many base stages variables and layers are looked for.
const CHAIN_LIMIT: usize = 8;

/// What one `RUN`, `CMD` or `ENTRYPOINT` runs.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The index of the instruction in the file; of the `ONBUILD` for its trigger.
    pub index: usize,
    /// `RUN`, `CMD` or `ENTRYPOINT`.
    pub keyword: Keyword,
    /// Whether it is run by the images that are built upon this one.
    pub is_trigger: bool,
    /// From the keyword to the end of the last line.
    pub span: Span,
    /// How it is written.
    pub form: Form,
    /// Whether the shell in force fails a pipe with any of its commands.
    pub has_pipefail: bool,
    /// Whether every quote and expansion in it is closed.
    pub is_whole: bool,
    /// The commands, in source order; those of a script come behind the command that it is given to.
    pub commands: Vec<Command>,
    /// The indices of the commands that set variables of the shell.
    pub(crate) assigning: Vec<usize>,
    /// What `--mount` puts there while it runs.
    pub mounts: Vec<Mount>,
    /// The whole text, continuations joined, heredocs included.
    pub text: String,
}

/// How a command is written.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// A line for the shell.
    Shell,
    /// A JSON array.
    Exec,
    /// A heredoc that is a script.
    Script,
}

/// What `--mount` puts in the way of a layer.
#[derive(Clone, Debug)]
pub struct Mount {
    /// `bind`, `cache`, `tmpfs`, `secret` or `ssh`.
    pub kind: String,
    /// Where it is; `None` if that is not given or holds a variable.
    pub target: Option<String>,
}

/// A word of a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Argument {
    /// The value, with expansions as they are written.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
    /// Whether it holds an expansion.
    pub has_expansion: bool,
    /// Whether a part of it is quoted or escaped.
    pub is_quoted: bool,
}

/// Where a command stands.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// In the instruction's own text.
    Own,
    /// In a text that is given to another shell.
    Script,
    /// In `$(…)`, backticks or `<(…)`.
    Substitution,
}

/// A redirection of a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Redirection {
    /// What it does.
    pub redirect: Redirect,
    /// The file, descriptor, text or delimiter.
    pub target: Option<Argument>,
}

/// A simple command.
///
/// ```text
/// DEBIAN_FRONTEND=noninteractive sudo /usr/bin/apt-get install -y curl
/// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ assignments
///                                ^^^^ wrappers
///                                     ^^^^^^^^^^^^^^^^ name, and `apt-get` program
///                                                      ^^^^^^^^^^^^^^^ arguments
/// ```
#[derive(Clone, Debug)]
pub struct Command {
    /// The program without directories; `pip` for `python -m pip`. Empty if it is unknown, or nothing
    /// but variables is set.
    pub program: String,
    /// The word that names it. `None` if there is none.
    pub name: Option<Argument>,
    /// The words behind it.
    pub arguments: Vec<Argument>,
    /// The variables that are set for it.
    pub assignments: Vec<Argument>,
    /// The programs that run it, such as `sudo` and `env`, outermost first.
    pub wrappers: Vec<Argument>,
    /// The redirections, in order.
    pub redirections: Vec<Redirection>,
    /// What joins it to the next command of its text.
    pub join: Option<Operator>,
    /// What joins the command before it, of the same text, to it.
    pub joined_by: Option<Operator>,
    /// Whether a `!` stands before it.
    pub is_negated: bool,
    /// How many groups, loops and conditions it stands in, in its own text.
    pub nesting: usize,
    /// Where it stands.
    pub place: Place,
    /// The number of its text within the layer; the instruction's own is 0.
    pub script: usize,
    /// The index of the next command of the same text.
    pub next: Option<usize>,
    /// The index of the command before it, of the same text.
    pub previous: Option<usize>,
    /// From its first byte to its last.
    pub span: Span,
}

/// A stage with its layers; or what stands before the first `FROM`.
#[derive(Copy, Clone)]
pub struct Scope<'d> {
    /// The file.
    pub dockerfile: &'d Dockerfile,
    /// The stage; `None` before the first `FROM`.
    pub stage: Option<Stage<'d>>,
    /// Whether the stage is in an image that is kept: the last one, one that a service builds, and
    /// those that these are based on.
    pub ships: bool,
    /// What its `RUN`, `CMD` and `ENTRYPOINT` run.
    pub layers: &'d [Layer],
}

/// What is known of a variable at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Variable {
    /// The file says nothing of it.
    Undefined,
    /// It has this value.
    Known(String),
    /// It is set, to what is not known.
    Unknown,
}

impl Argument {
    /// The value; `None` if it is known only when the shell runs.
    pub fn literal(&self) -> Option<&str> {
        (!self.has_expansion).then_some(self.text.as_str())
    }

    /// Whether the bytes of the file are the value.
    pub fn is_verbatim(&self) -> bool {
        !self.is_quoted && self.span.len() == self.text.len()
    }
}

impl Command {
    /// Whether it sets variables of the shell.
    fn assigns(&self) -> bool {
        match self.program.as_str() {
            "export" | "declare" | "typeset" | "readonly" | "local" | "read" => true,
            "" => self.name.is_none() && !self.assignments.is_empty(),
            _ => false,
        }
    }

    /// Whether one of the arguments is `word`.
    pub fn has(&self, word: &str) -> bool {
        self.arguments.iter().any(|argument| argument.text == word)
    }

    /// From the program to the end of the argument `last`.
    pub fn span_to(&self, last: &Argument) -> Span {
        self.name.as_ref().map_or(self.span, |name| name.span.to(last.span))
    }

    /// The place of the name; of the whole where there is none.
    pub fn head(&self) -> Span {
        self.name.as_ref().map_or(self.span, |name| name.span)
    }
}

impl Mount {
    /// Whether what is written below `directory` is not in the layer.
    pub fn holds(&self, directory: &str) -> bool {
        if !matches!(self.kind.as_str(), "cache" | "tmpfs") {
            return false;
        }
        let Some(target) = &self.target else { return true };
        is_below(directory, target)
    }
}

/// Whether `path` is `directory` or something in it. A `~` is a home directory whatever it is called.
pub fn is_below(path: &str, directory: &str) -> bool {
    let directory = directory.trim_end_matches('*').trim_end_matches('/');
    if directory.is_empty() {
        return false;
    }
    match path.strip_prefix("~/") {
        None => path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        Some(inner) => {
            let mut part = inner;
            loop {
                if directory == part
                    || directory.ends_with(part) && directory[..directory.len() - part.len()].ends_with('/')
                {
                    return true;
                }
                match part.rsplit_once('/') {
                    Some((outer, _)) => part = outer,
                    None => return false,
                }
            }
        }
    }
}

impl Layer {
    /// Whether what is written below `directory` while it runs is not in the layer.
    pub fn is_mounted(&self, directory: &str) -> bool {
        self.mounts.iter().any(|mount| mount.holds(directory))
    }

    /// Whether a mount of this kind is there.
    pub fn has_mount(&self, kind: &str) -> bool {
        self.mounts.iter().any(|mount| mount.kind == kind)
    }

    /// What the commands before the one with this index, and what stands before it, make of `name`.
    pub fn variable(&self, name: &str, before: usize) -> Variable {
        let own = self.commands.get(before).into_iter().flat_map(|command| &command.assignments);
        let value = |argument: &Argument| {
            let (key, value) = argument.text.split_once('=')?;
            (key == name).then(|| match argument.has_expansion {
                true => Variable::Unknown,
                false => Variable::Known(value.to_owned()),
            })
        };
        if let Some(found) = own.filter_map(value).next_back() {
            return found;
        }
        let last = self.assigning.partition_point(|at| *at < before);
        for command in self.assigning[..last].iter().rev().take(LOOK_BACK).map(|at| &self.commands[*at]) {
            let sets = match command.program.as_str() {
                "" => &command.assignments,
                "read" if command.has(name) => return Variable::Unknown,
                _ => &command.arguments,
            };
            if let Some(found) = sets.iter().rev().find_map(value) {
                return found;
            }
        }
        Variable::Undefined
    }

    /// The commands of the same text that pipe into the one with this index, the nearest first.
    pub fn pipe_sources(&self, index: usize) -> impl Iterator<Item = &Command> {
        std::iter::successors(self.piped_from(index), |at| self.piped_from(*at)).map(|at| &self.commands[at])
    }

    fn piped_from(&self, index: usize) -> Option<usize> {
        self.commands[index].previous.filter(|at| self.commands[*at].join == Some(Operator::Pipe))
    }

    /// The command that the one with this index pipes into.
    pub fn piped_into(&self, index: usize) -> Option<&Command> {
        let command = &self.commands[index];
        command.next.filter(|_| command.join == Some(Operator::Pipe)).map(|at| &self.commands[at])
    }
}

impl Dockerfile {
    /// What its instructions run, in source order.
    pub fn layers(&self) -> &[Layer] {
        self.layers.get_or_init(|| read::layers(self))
    }
}

/// The stages of the file, and what stands before the first `FROM`. `built` is what services build.
pub fn scopes<'f>(file: File<'f>, built: &Built) -> Vec<Scope<'f>> {
    file.dockerfile().map(|dockerfile| scopes_of(dockerfile, built)).unwrap_or_default()
}

/// The same of a Dockerfile.
pub fn scopes_of<'d>(dockerfile: &'d Dockerfile, built: &Built) -> Vec<Scope<'d>> {
    let layers = dockerfile.layers();
    let stages: Vec<Stage<'_>> = dockerfile.stages().collect();
    let mut kept: BTreeSet<usize> = BTreeSet::new();
    let last = stages.len().saturating_sub(1);
    for stage in stages.iter().filter(|stage| stage.index() == last || built.has_stage(**stage)) {
        for under in stage.chain() {
            if !kept.insert(under.index()) {
                break;
            }
        }
    }
    std::iter::once(None)
        .chain(stages.into_iter().map(Some))
        .map(|stage| {
            let (from, to) = match stage {
                None => (0, dockerfile.stages().next().map_or(usize::MAX, |it| it.first_instruction())),
                Some(stage) => bounds(stage),
            };
            Scope {
                dockerfile,
                stage,
                ships: stage.is_none_or(|stage| kept.contains(&stage.index())),
                layers: between(layers, from, to),
            }
        })
        .collect()
}

/// The indices in the file of the stage's instructions.
fn bounds(stage: Stage<'_>) -> (usize, usize) {
    (stage.first_instruction(), stage.first_instruction() + stage.instructions().len())
}

fn between(layers: &[Layer], from: usize, to: usize) -> &[Layer] {
    let start = layers.partition_point(|layer| layer.index < from);
    &layers[start..layers.partition_point(|layer| layer.index < to).max(start)]
}

impl<'d> Scope<'d> {
    /// What its `RUN`s run, those behind `ONBUILD` too.
    pub fn runs(self) -> impl DoubleEndedIterator<Item = &'d Layer> {
        self.layers.iter().filter(|layer| layer.keyword == Keyword::Run)
    }

    /// Every command of its `RUN`s, with its layer and index there.
    pub fn commands(self) -> impl Iterator<Item = (&'d Layer, usize, &'d Command)> {
        self.runs().flat_map(|layer| {
            layer.commands.iter().enumerate().map(move |(index, command)| (layer, index, command))
        })
    }

    /// The name of the stage; empty without one.
    pub fn name(self) -> &'d str {
        self.stage.and_then(|stage| stage.name()).map_or("", |name| name.value.as_str())
    }

    /// Reports the fact `message` about the bytes at `span`, which the stage is the subject of.
    pub fn report<'c>(self, cx: &'c mut Context<'_>, span: Span, message: impl Into<String>) -> Finding<'c> {
        let finding = cx.report(span, message);
        if self.name().is_empty() { finding } else { finding.subject(self.name()) }
    }

    /// Whether what `layer` leaves behind is in an image that is kept: an `ONBUILD` is there for that.
    pub fn keeps(self, layer: &Layer) -> bool {
        self.ships || layer.is_trigger
    }

    /// The instructions, and the index of the first of them in the file.
    pub fn instructions(self) -> (&'d [Instruction], usize) {
        match self.stage {
            Some(stage) => (stage.instructions(), stage.first_instruction()),
            None => {
                let all = self.dockerfile.instructions();
                let end = all.iter().position(|it| it.keyword == Keyword::From).unwrap_or(all.len());
                (&all[..end], 0)
            }
        }
    }

    /// The stages that it is based on, the nearest first.
    fn bases(self) -> impl Iterator<Item = Stage<'d>> {
        let base = |stage: Stage<'d>| match stage.base() {
            Some(Origin::Stage(base)) => Some(base),
            _ => None,
        };
        std::iter::successors(self.stage.and_then(base), move |stage| base(*stage)).take(CHAIN_LIMIT)
    }

    /// What `ENV` and `ARG` make of variables, here and in the stages that it is based on.
    pub fn variables(self) -> Variables {
        let mut variables = Variables::default();
        for base in self.bases().collect::<Vec<_>>().into_iter().rev() {
            variables.read(base.instructions(), None);
        }
        let (instructions, first) = self.instructions();
        variables.read(instructions, Some(first));
        variables
    }

    /// The index of the first instruction with whose text one of `texts` is known to the stage, in any
    /// case: a `RUN`, or a heredoc that is copied; 0 if that is in a stage under this one.
    pub fn first_mention(self, texts: &[&str]) -> Option<usize> {
        let mentions = |text: &str| {
            let text = text.to_ascii_lowercase();
            texts.iter().any(|it| text.contains(it))
        };
        let said = |instructions: &[Instruction], from: usize, to: usize| {
            let layer = between(self.dockerfile.layers(), from, to)
                .iter()
                .find(|layer| layer.keyword == Keyword::Run && mentions(&layer.text))
                .map(|layer| layer.index);
            let copied = instructions
                .iter()
                .position(|it| {
                    matches!(it.arguments, Arguments::Files(_))
                        && it.heredocs.iter().any(|heredoc| mentions(heredoc.content.as_str()))
                })
                .map(|at| at + from);
            layer.into_iter().chain(copied).min()
        };
        for base in self.bases() {
            let (from, to) = bounds(base);
            if said(base.instructions(), from, to).is_some() {
                return Some(0);
            }
        }
        let (instructions, first) = self.instructions();
        said(instructions, first, first + instructions.len())
    }
}

/// The values of the variables of a stage, as `ENV` and `ARG` set them one after the other.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// By name, the index of the instruction, whether it is an `ARG`, and the value.
    values: HashMap<String, Vec<(usize, bool, Variable)>>,
}

impl Variables {
    /// Reads the instructions of the stage, the first of which has the index `first`, or those of a base,
    /// whose `ARG`s have ended with it.
    fn read(&mut self, instructions: &[Instruction], first: Option<usize>) {
        for (at, instruction) in instructions.iter().enumerate() {
            let is_arg = instruction.keyword == Keyword::Arg;
            if is_arg && first.is_none() || !is_arg && instruction.keyword != Keyword::Env {
                continue;
            }
            for pair in instruction.pairs() {
                let Some(name) = pair.key.literal() else { continue };
                let value = pair.value.as_ref().and_then(|value| value.literal());
                let value = value.map_or(Variable::Unknown, Variable::Known);
                let index = first.map_or(0, |first| first + at);
                self.values.entry(name).or_default().push((index, is_arg, value));
            }
        }
    }

    /// What holds for `name` at the instruction with this index.
    pub fn at(&self, name: &str, index: usize) -> Variable {
        let Some(values) = self.values.get(name) else { return Variable::Undefined };
        let before = &values[..values.partition_point(|(at, _, _)| *at < index)];
        // An `ENV` goes before an `ARG` of the same name, wherever it stands.
        let env = before.iter().rev().take(LOOK_BACK).find(|(_, is_arg, _)| !is_arg);
        env.or(before.last()).map_or(Variable::Undefined, |(_, _, value)| value.clone())
    }

    /// What holds for `name` where the command with this index of `layer` runs.
    pub fn in_command(&self, name: &str, layer: &Layer, command: usize) -> Variable {
        match layer.variable(name, command) {
            Variable::Undefined => self.at(name, layer.index),
            found => found,
        }
    }
}
