//! Stages, and what holds at their end.

use std::collections::HashMap;
use std::ops::Range;

use super::expose::Port;
use super::instruction::{Arguments, Base, Command, Instruction, Keyword};
use super::scope::Scope;
use super::words::{Binding, Word};
use super::{Dockerfile, Pair};
use crate::shell::Language;
use crate::source::{Span, Spanned};

/// Variables are looked up through so many base stages; beyond they are unknown.
const CHAIN_LIMIT: usize = 256;
/// The bytes of all values that are kept; what comes after is unknown.
const VALUES_LIMIT: usize = 4 * 1024 * 1024;
/// The number of triggers of a file that are run; what comes after is left out.
const TRIGGERS_LIMIT: usize = 100_000;

/// The variables that BuildKit sets by the platform of a build.
pub(super) const PLATFORM: [&str; 9] = [
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "TARGETSTAGE",
];

/// One `FROM` and the instructions up to the next.
#[derive(Copy, Clone)]
pub struct Stage<'d> {
    dockerfile: &'d Dockerfile,
    index: usize,
}

/// What a stage starts from.
#[derive(Copy, Clone)]
pub enum Origin<'d> {
    /// An earlier stage of the file.
    Stage(Stage<'d>),
    /// An image, as `FROM` names it.
    Image(&'d Word),
}

/// What the instructions of a stage and of the stages under it make of a setting.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Setting<T> {
    /// None of them says anything: it is the base image's.
    Inherited,
    /// The last of them says this.
    Known(Spanned<T>),
    /// The last of them, at this place, says what a variable without a known value makes of it.
    Unknown(Span),
}

impl<T> Setting<T> {
    /// The value. `None` if it is the base image's or unknown.
    pub fn known(self) -> Option<Spanned<T>> {
        match self {
            Self::Known(value) => Some(value),
            Self::Inherited | Self::Unknown(_) => None,
        }
    }
}

/// The stages of a Dockerfile, with what was found out about them once.
#[derive(Debug)]
pub(super) struct Stages {
    list: Vec<Facts>,
    /// The stages with a name in lower case, in order.
    names: HashMap<String, Vec<usize>>,
    /// For every instruction, the index of the `SHELL` in force.
    shells: Vec<Option<usize>>,
    globals: Globals,
}

/// What is known of a value: the place that says it, and what, if that is known.
type Value = Spanned<Option<String>>;

/// What holds at the end of a stage. Indices of instructions, where there are any, may be of the
/// stages under it.
#[derive(Debug)]
struct Facts {
    instructions: Range<usize>,
    base: Option<usize>,
    /// The stage under it whose `FROM` names an image.
    root: usize,
    /// The image that it starts from, if this is the root.
    image: Option<String>,
    is_windows: bool,
    /// The stage's own `ONBUILD` instructions.
    triggers: Vec<usize>,
    cmd: Option<usize>,
    entrypoint: Option<usize>,
    healthcheck: Option<usize>,
    shell: Option<usize>,
    /// The stages whose own `USER` and `WORKDIR` hold here.
    user_stage: Option<usize>,
    workdir_stage: Option<usize>,
    user: Option<Value>,
    workdir: Option<Value>,
    env: HashMap<String, History<Option<String>>>,
    args: HashMap<String, History<Binding>>,
}

/// What an instruction said of a variable, with the index of the instruction, in order.
type History<T> = Vec<(usize, Spanned<T>)>;

/// What held of a variable before the instruction with the index `before`.
fn held<T>(history: Option<&History<T>>, before: usize) -> Option<&Spanned<T>> {
    let history = history?;
    let length = history.partition_point(|(index, _)| *index < before);
    history[..length].last().map(|(_, value)| value)
}

/// The values of the variables that `FROM` sees, and the places that declare them.
#[derive(Debug)]
struct Globals(HashMap<String, Spanned<Binding>>);

impl Globals {
    fn of(instructions: &[Instruction], given: &dyn Fn(&str) -> Option<String>, budget: &mut Budget) -> Self {
        let mut globals = Self(HashMap::new());
        let args = instructions.iter().filter(|instruction| instruction.keyword == Keyword::Arg);
        for pair in args.flat_map(Instruction::pairs) {
            let binding = match (given(&pair.key.raw), &pair.value) {
                (Some(value), _) => Binding::Value(value),
                (None, Some(word)) => budget.keep(word.resolve(&|name| globals.get(name))),
                (None, None) => globals.platform_or_unset(&pair.key.raw),
            };
            globals.0.insert(pair.key.raw.clone(), Spanned::new(binding, pair.span));
        }
        globals
    }

    fn platform_or_unset(&self, name: &str) -> Binding {
        if PLATFORM.contains(&name) { Binding::Unknown } else { Binding::Unset }
    }

    fn get(&self, name: &str) -> Binding {
        let binding = self.0.get(name).map(|binding| binding.value.clone());
        binding.unwrap_or_else(|| self.platform_or_unset(name))
    }
}

/// What may still be kept and looked at.
struct Budget {
    /// Bytes of values.
    bytes: usize,
    /// Triggers that run in stages which are based on theirs.
    triggers: usize,
}

impl Budget {
    fn new() -> Self {
        Self { bytes: VALUES_LIMIT, triggers: TRIGGERS_LIMIT }
    }

    fn keep(&mut self, value: Option<String>) -> Binding {
        match value {
            Some(value) if value.len() <= self.bytes => {
                self.bytes -= value.len();
                Binding::Value(value)
            }
            _ => Binding::Unknown,
        }
    }

    fn keep_value(&mut self, value: Option<String>) -> Option<String> {
        match self.keep(value) {
            Binding::Value(value) => Some(value),
            Binding::Unset | Binding::Unknown => None,
        }
    }
}

impl Stages {
    /// The stages of the file whose escape character is `escape`.
    pub(super) fn of(instructions: &[Instruction], escape: char) -> Self {
        let is_head = |instruction: &Instruction| instruction.keyword == Keyword::From;
        let first = instructions.iter().position(is_head).unwrap_or(instructions.len());
        let mut budget = Budget::new();
        let mut stages = Self {
            list: Vec::new(),
            names: HashMap::new(),
            shells: Vec::with_capacity(instructions.len()),
            globals: Globals::of(&instructions[..first], &|_| None, &mut budget),
        };
        stages.shells.resize(first, None);
        let mut start = first;
        while start < instructions.len() {
            let length = instructions[start + 1..].iter().position(is_head);
            let end = length.map_or(instructions.len(), |length| start + 1 + length);
            stages.add(instructions, start..end, escape, &mut budget);
            start = end;
        }
        stages
    }

    /// The number of stages.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The index of the first `FROM`; the number of instructions without one.
    pub(super) fn first_instruction(&self, instructions: &[Instruction]) -> usize {
        self.list.first().map_or(instructions.len(), |first| first.instructions.start)
    }

    /// The last stage with this name, in any case, before the stage `before`.
    pub(super) fn named(&self, name: &str, before: usize) -> Option<usize> {
        let stages = self.names.get(&name.to_lowercase())?;
        stages[..stages.partition_point(|stage| *stage < before)].last().copied()
    }

    fn add(&mut self, instructions: &[Instruction], range: Range<usize>, escape: char, budget: &mut Budget) {
        let index = self.list.len();
        let head = &instructions[range.start];
        let image = head.base().and_then(|base| base.image.resolve(&|name| self.globals.get(name)));
        let base = image.as_deref().and_then(|image| self.named(image, index));
        let under = base.map(|base| &self.list[base]);
        let platform = head.flag("platform").and_then(|flag| flag.value.as_ref()).and_then(Word::literal);
        let mut facts = Facts {
            instructions: range.clone(),
            base,
            root: under.map_or(index, |under| under.root),
            is_windows: escape == '`'
                || under.is_some_and(|under| under.is_windows)
                || base.is_none() && image.as_deref().is_some_and(is_windows_image)
                || platform.is_some_and(|platform| platform.to_lowercase().starts_with("windows")),
            image: budget.keep_value(image.filter(|_| base.is_none())),
            triggers: Vec::new(),
            cmd: under.and_then(|under| under.cmd),
            entrypoint: under.and_then(|under| under.entrypoint),
            healthcheck: under.and_then(|under| under.healthcheck),
            shell: under.and_then(|under| under.shell),
            user_stage: under.and_then(|under| under.user_stage),
            workdir_stage: under.and_then(|under| under.workdir_stage),
            user: None,
            workdir: None,
            env: HashMap::new(),
            args: HashMap::new(),
        };
        let mut own = Own { index, has_cmd: false };
        for &at in base.map_or(&[][..], |base| &self.list[base].triggers) {
            if let (Some(trigger), 1..) = (instructions[at].trigger(), budget.triggers) {
                budget.triggers -= 1;
                self.apply(&mut facts, &mut own, (at, range.start), trigger, budget);
            }
        }
        for (at, instruction) in instructions.iter().enumerate().take(range.end).skip(range.start) {
            self.shells.push(facts.shell);
            if instruction.keyword == Keyword::Onbuild {
                facts.triggers.push(at);
            }
            self.apply(&mut facts, &mut own, (at, at), instruction, budget);
        }
        self.list.push(facts);
        if let Some(name) = head.base().and_then(|base| base.name.as_ref()) {
            self.names.entry(name.value.to_lowercase()).or_default().push(index);
        }
    }

    /// Takes what `instruction` says into `facts`. It is found at `at`, and holds from `from` on.
    fn apply(
        &self,
        facts: &mut Facts,
        own: &mut Own,
        (at, from): (usize, usize),
        instruction: &Instruction,
        budget: &mut Budget,
    ) {
        match instruction.keyword {
            Keyword::Cmd => (facts.cmd, own.has_cmd) = (Some(at), true),
            Keyword::Entrypoint => {
                facts.entrypoint = Some(at);
                facts.cmd = facts.cmd.filter(|_| own.has_cmd);
            }
            Keyword::Healthcheck => facts.healthcheck = Some(at),
            Keyword::Shell => {
                facts.shell = Some(at);
                facts.is_windows |= is_windows_shell(instruction);
            }
            Keyword::Env => {
                // All values are expanded before the first is set.
                let value = |pair: &Pair| {
                    let value = pair.value.as_ref().and_then(|word| self.resolve(facts, word));
                    (pair.key.literal(), Spanned::new(value, pair.span))
                };
                let values: Vec<_> = instruction.pairs().iter().map(value).collect();
                for (name, value) in values {
                    let value = value.map(|value| budget.keep_value(value));
                    if let Some(name) = name {
                        facts.env.entry(name).or_default().push((from, value));
                    }
                }
            }
            Keyword::Arg => {
                for pair in instruction.pairs() {
                    let value = match &pair.value {
                        Some(word) => budget.keep(self.resolve(facts, word)),
                        None => match self.globals.get(&pair.key.raw) {
                            Binding::Value(value) => budget.keep(Some(value)),
                            other => other,
                        },
                    };
                    let history = facts.args.entry(pair.key.raw.clone()).or_default();
                    history.push((from, Spanned::new(value, pair.span)));
                }
            }
            Keyword::User => {
                if let Some(user) = instruction.user() {
                    let value = budget.keep_value(self.resolve(facts, &user.word));
                    facts.user = Some(Spanned::new(value, user.word.span));
                    facts.user_stage = Some(own.index);
                }
            }
            Keyword::Workdir => {
                if let Arguments::Word(word) = &instruction.arguments {
                    let outer = match &facts.workdir {
                        Some(workdir) => Some(workdir),
                        None => facts.workdir_stage.and_then(|stage| self.list[stage].workdir.as_ref()),
                    };
                    let path = self.resolve(facts, word).and_then(|path| joined(outer, path));
                    facts.workdir = Some(Spanned::new(budget.keep_value(path), word.span));
                    facts.workdir_stage = Some(own.index);
                }
            }
            _ => {}
        }
    }

    fn resolve(&self, stage: &Facts, word: &Word) -> Option<String> {
        word.resolve(&|name| self.variable(stage, name, usize::MAX))
    }

    /// A stage and the stages under it, each with the index before which its instructions count.
    fn chain<'s>(&'s self, stage: &'s Facts, before: usize) -> impl Iterator<Item = (&'s Facts, usize)> {
        let under = |(stage, _): &(&'s Facts, usize)| Some((&self.list[stage.base?], usize::MAX));
        std::iter::successors(Some((stage, before)), under).take(CHAIN_LIMIT + 1)
    }

    /// What is known of a variable in a stage before an instruction: `ENV` before `ARG`, here or in a
    /// stage under it. Any image but `scratch` may set one too.
    fn variable(&self, stage: &Facts, name: &str, before: usize) -> Binding {
        let mut env = self.chain(stage, before);
        if let Some(value) = env.find_map(|(stage, before)| held(stage.env.get(name), before)) {
            return value.value.clone().map_or(Binding::Unknown, Binding::Value);
        }
        let mut args = self.chain(stage, before);
        if let Some(binding) = args.find_map(|(stage, before)| held(stage.args.get(name), before)) {
            return binding.value.clone();
        }
        if self.is_whole(stage) && name != "PATH" { Binding::Unset } else { Binding::Unknown }
    }

    /// Whether nothing but the file's own instructions sets variables.
    fn is_whole(&self, stage: &Facts) -> bool {
        let root = self.list.get(stage.root).unwrap_or(stage);
        root.image.as_deref() == Some("scratch") && self.chain(stage, 0).count() <= CHAIN_LIMIT
    }
}

/// What a stage's own instructions have said so far.
struct Own {
    index: usize,
    has_cmd: bool,
}

/// `path` in the directory `outer`. `None` if that one matters and is unknown.
fn joined(outer: Option<&Value>, path: String) -> Option<String> {
    let mut chars = path.chars();
    let is_absolute = path.starts_with(['/', '\\'])
        || chars.next().is_some_and(|drive| drive.is_ascii_alphabetic()) && chars.next() == Some(':');
    if is_absolute {
        return Some(path);
    }
    let outer = outer?.value.as_deref()?;
    Some(format!("{}/{path}", outer.trim_end_matches('/')))
}

fn is_windows_image(image: &str) -> bool {
    let image = image.to_lowercase();
    ["/windows", "nanoserver", "servercore", "/dotnet/framework"].iter().any(|part| image.contains(part))
}

fn is_windows_shell(instruction: &Instruction) -> bool {
    let Some(Command::Exec(words)) = instruction.command() else { return false };
    let Some(program) = words.first().map(|word| word.value.to_lowercase()) else { return false };
    let program = program.rsplit(['/', '\\']).next().unwrap_or_default();
    matches!(program.strip_suffix(".exe").unwrap_or(program), "powershell" | "cmd")
}

impl Dockerfile {
    /// What is known of a variable in the stage with this index, or for `FROM`.
    pub(super) fn variable(&self, stage: Option<usize>, name: &str, before: usize) -> Binding {
        match stage.and_then(|stage| self.stages.list.get(stage)) {
            Some(stage) => self.stages.variable(stage, name, before),
            None => self.stages.globals.get(name),
        }
    }

    /// The place that declares a variable for the stage with this index, or for `FROM`.
    pub(super) fn declaration(&self, stage: Option<usize>, name: &str, before: usize) -> Option<Span> {
        let Some(stage) = stage.and_then(|stage| self.stages.list.get(stage)) else {
            return self.stages.globals.0.get(name).map(|binding| binding.span);
        };
        self.stages.chain(stage, before).find_map(|(stage, before)| {
            let env = held(stage.env.get(name), before).map(|value| value.span);
            env.or_else(|| held(stage.args.get(name), before).map(|value| value.span))
        })
    }

    /// The names that are declared for the stage with this index, or for `FROM`, in alphabetical order.
    pub(super) fn declared_names(&self, stage: Option<usize>, before: usize) -> Vec<&str> {
        let mut names: Vec<&str> = match stage.and_then(|stage| self.stages.list.get(stage)) {
            None => self.stages.globals.0.keys().map(String::as_str).collect(),
            Some(stage) => {
                let chain = self.stages.chain(stage, before);
                chain
                    .flat_map(|(stage, before)| {
                        let env = stage
                            .env
                            .iter()
                            .filter(move |(_, history)| held(Some(history), before).is_some());
                        let args = stage
                            .args
                            .iter()
                            .filter(move |(_, history)| held(Some(history), before).is_some());
                        env.map(|(name, _)| name.as_str()).chain(args.map(|(name, _)| name.as_str()))
                    })
                    .collect()
            }
        };
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether nothing but this file sets variables of the stage with this index, or for `FROM`.
    pub(super) fn is_whole(&self, stage: Option<usize>) -> bool {
        stage.and_then(|stage| self.stages.list.get(stage)).is_none_or(|stage| self.stages.is_whole(stage))
    }
}

impl<'d> Stage<'d> {
    pub(super) fn new(dockerfile: &'d Dockerfile, index: usize) -> Self {
        Self { dockerfile, index }
    }

    fn facts(self) -> &'d Facts {
        &self.dockerfile.stages.list[self.index]
    }

    /// The instruction with this index, or what it triggers.
    fn instruction(self, index: Option<usize>) -> Option<&'d Instruction> {
        let instruction = self.dockerfile.instructions.get(index?)?;
        Some(instruction.trigger().unwrap_or(instruction))
    }

    /// The stage's number, from 0.
    pub fn index(self) -> usize {
        self.index
    }

    /// The file that the stage is of.
    pub fn dockerfile(self) -> &'d Dockerfile {
        self.dockerfile
    }

    /// The name after `AS`, as it is written.
    pub fn name(self) -> Option<&'d Spanned<String>> {
        self.from().base()?.name.as_ref()
    }

    /// The `FROM` instruction.
    pub fn from(self) -> &'d Instruction {
        &self.dockerfile.instructions[self.facts().instructions.start]
    }

    /// The instructions after the `FROM`, in source order.
    pub fn instructions(self) -> &'d [Instruction] {
        &self.dockerfile.instructions[self.facts().instructions.clone()][1..]
    }

    /// The index of the first of [`Stage::instructions`] in the file's.
    pub fn first_instruction(self) -> usize {
        self.facts().instructions.start + 1
    }

    /// What the stage starts from. `None` if its `FROM` is malformed.
    pub fn base(self) -> Option<Origin<'d>> {
        match self.facts().base {
            Some(base) => Some(Origin::Stage(Self::new(self.dockerfile, base))),
            None => Some(Origin::Image(&self.from().base()?.image)),
        }
    }

    /// This stage and the stages under it, from the top.
    pub fn chain(self) -> impl Iterator<Item = Stage<'d>> {
        std::iter::successors(Some(self), |stage| {
            stage.facts().base.map(|base| Self::new(stage.dockerfile, base))
        })
    }

    /// The stages that are built for this one: itself, what it is based on, and what those copy or mount
    /// from, in the order of the file. A name with a variable is passed over.
    pub fn needed(self) -> Vec<Stage<'d>> {
        let mut is_needed = vec![false; self.index + 1];
        let mut next: Vec<usize> = vec![self.index];
        while let Some(index) = next.pop() {
            if std::mem::replace(&mut is_needed[index], true) {
                continue;
            }
            let stage = Self::new(self.dockerfile, index);
            next.extend(stage.facts().base);
            for instruction in stage.instructions() {
                let from = instruction.flag("from").and_then(|flag| flag.value.as_ref()?.literal());
                let mounts = instruction.flags.iter().filter(|flag| flag.name.value == "mount");
                let mounted = mounts.filter_map(|flag| {
                    let options = flag.value.as_ref()?.literal()?;
                    options.split(',').find_map(|option| Some(option.strip_prefix("from=")?.to_owned()))
                });
                let stages = &self.dockerfile.stages;
                let number = |name: &str| name.parse().ok().filter(|number: &usize| *number < index);
                next.extend(
                    from.into_iter()
                        .chain(mounted)
                        .filter_map(|name| stages.named(&name, index).or_else(|| number(&name))),
                );
            }
        }
        let indices = (0..is_needed.len()).filter(|index| is_needed[*index]);
        indices.map(|index| Self::new(self.dockerfile, index)).collect()
    }

    /// The image that the chain of stages ends in, as its `FROM` names it.
    pub fn external_base(self) -> Option<&'d Word> {
        let base: &Base = Self::new(self.dockerfile, self.facts().root).from().base()?;
        Some(&base.image)
    }

    /// That image's reference with the defaults of build arguments. `None` if a variable in it has none.
    pub fn external_image(self) -> Option<&'d str> {
        self.dockerfile.stages.list[self.facts().root].image.as_deref()
    }

    /// The reference of the image that the chain of stages ends in, where `args` are the arguments that
    /// the build gives. `None` if it depends on one that has no value.
    pub fn base_image(self, args: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let instructions = &self.dockerfile.instructions;
        let stages = &self.dockerfile.stages;
        let before = &instructions[..stages.first_instruction(instructions)];
        let globals = Globals::of(before, args, &mut Budget::new());
        let mut stage = self;
        for _ in 0..CHAIN_LIMIT {
            let image = stage.from().base()?.image.resolve(&|name| globals.get(name))?;
            match stages.named(&image, stage.index) {
                Some(base) => stage = Self::new(self.dockerfile, base),
                None => return Some(image),
            }
        }
        None
    }

    /// The user that the image runs as, with its group if one is given.
    pub fn user(self) -> Setting<&'d str> {
        self.setting(self.facts().user_stage, |facts| facts.user.as_ref())
    }

    /// The working directory; a relative path is joined with the one before it.
    pub fn workdir(self) -> Setting<&'d str> {
        self.setting(self.facts().workdir_stage, |facts| facts.workdir.as_ref())
    }

    /// The environment variable `name`, at the name and value that set it.
    pub fn env(self, name: &str) -> Setting<&'d str> {
        let mut chain = self.dockerfile.stages.chain(self.facts(), usize::MAX);
        setting(chain.find_map(|(stage, before)| held(stage.env.get(name), before)))
    }

    /// The instructions that run before the stage's own: the `ONBUILD` triggers of the stage that it is
    /// based on. Those of an image are not known.
    pub fn triggers(self) -> impl Iterator<Item = &'d Instruction> {
        let base = self.facts().base.map(|base| &self.dockerfile.stages.list[base]);
        let indices = base.map_or(&[][..], |base| &base.triggers);
        indices.iter().filter_map(move |at| self.dockerfile.instructions[*at].trigger())
    }

    /// The variables that the instruction with this index in the file sees. For the stage's `FROM` those
    /// are the global arguments.
    pub fn scope_at(self, index: usize) -> Scope<'d> {
        let is_head = index <= self.facts().instructions.start;
        Scope::new(self.dockerfile, (!is_head).then_some(self.index), index)
    }

    /// The language of the shell form of the instruction with this index in the file: by its own
    /// interpreter line, by the `SHELL` that holds, else that of the system.
    pub fn language_at(self, index: usize) -> Language {
        let instruction = self.dockerfile.instructions.get(index);
        if let Some(instruction) = instruction {
            let instruction = instruction.trigger().unwrap_or(instruction);
            if let Some(interpreter) = instruction.script().and_then(|heredoc| heredoc.interpreter()) {
                return Language::of_interpreter(&interpreter.value);
            }
            if let Some(Command::Exec(words)) = instruction.command() {
                let words: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
                return Language::of_command(&words);
            }
        }
        match self.shell_at(index).and_then(Instruction::command) {
            Some(Command::Exec(words)) => {
                let words: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
                Language::of_command(&words)
            }
            Some(Command::Shell(_)) => Language::Other,
            None if self.is_windows() => Language::Cmd,
            None => Language::Posix,
        }
    }

    /// The ports of every `EXPOSE`, with variables in place, this stage's first. What is malformed or
    /// depends on an unknown variable is left out.
    pub fn ports(self) -> Vec<Port> {
        let mut ports = Vec::new();
        for stage in self.chain() {
            let first = stage.first_instruction();
            let own = stage.instructions().iter().enumerate();
            let own = own.map(|(at, instruction)| (first + at, instruction));
            let all = own.chain(stage.triggers().map(|trigger| (first, trigger)));
            for (index, expose) in all.filter(|(_, instruction)| instruction.keyword == Keyword::Expose) {
                let scope = stage.scope_at(index);
                for word in expose.words() {
                    let value = word.resolve(&|name| scope.binding(name)).unwrap_or_default();
                    ports.extend(value.split_whitespace().filter_map(|port| Port::parse(port, word.span)));
                }
            }
        }
        ports
    }

    fn setting(self, stage: Option<usize>, value: fn(&Facts) -> Option<&Value>) -> Setting<&'d str> {
        setting(stage.and_then(|stage| value(&self.dockerfile.stages.list[stage])))
    }

    /// The `HEALTHCHECK` that holds. `None` if it is the base image's.
    pub fn healthcheck(self) -> Option<&'d Instruction> {
        self.instruction(self.facts().healthcheck)
    }

    /// The `CMD` that holds. `None` if it is the base image's, or, where [`Stage::entrypoint`] is some,
    /// if there is none: an `ENTRYPOINT` takes the base's `CMD` away.
    pub fn cmd(self) -> Option<&'d Instruction> {
        self.instruction(self.facts().cmd)
    }

    /// The `ENTRYPOINT` that holds. `None` if it is the base image's.
    pub fn entrypoint(self) -> Option<&'d Instruction> {
        self.instruction(self.facts().entrypoint)
    }

    /// The `SHELL` that holds at the end. `None` if it is the base image's.
    pub fn shell(self) -> Option<&'d Instruction> {
        self.instruction(self.facts().shell)
    }

    /// The `SHELL` that holds at the instruction with this index in the file. `None` if it is the base
    /// image's.
    pub fn shell_at(self, index: usize) -> Option<&'d Instruction> {
        self.instruction(self.dockerfile.stages.shells.get(index).copied().flatten())
    }

    /// The ports of every `EXPOSE`, this stage's first.
    pub fn exposed(self) -> Vec<&'d Word> {
        let exposes = |instruction: &&Instruction| instruction.keyword == Keyword::Expose;
        let all = |stage: Stage<'d>| stage.instructions().iter().chain(stage.triggers()).filter(exposes);
        let instructions = self.chain().flat_map(all);
        instructions.flat_map(Instruction::words).collect()
    }

    /// Whether the stage is a Windows image: by its image's name or platform, by a `SHELL` that is
    /// `cmd` or Windows PowerShell, or by the backtick as escape character.
    pub fn is_windows(self) -> bool {
        self.facts().is_windows
    }
}

fn setting(value: Option<&Value>) -> Setting<&str> {
    match value {
        None => Setting::Inherited,
        Some(Spanned { value: Some(value), span }) => Setting::Known(Spanned::new(value, *span)),
        Some(Spanned { value: None, span }) => Setting::Unknown(*span),
    }
}
