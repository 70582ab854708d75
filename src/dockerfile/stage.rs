//! Stages, and what holds at their end.

use std::collections::HashMap;
use std::ops::Range;

use super::instruction::{Arguments, Base, Command, Instruction, Keyword};
use super::words::{Binding, Word};
use super::{Dockerfile, Pair};
use crate::source::{Span, Spanned};

/// Variables are looked up through so many base stages; beyond they are unknown.
const CHAIN_LIMIT: usize = 256;
/// The bytes of all values that are kept; what comes after is unknown.
const VALUES_LIMIT: usize = 4 * 1024 * 1024;

/// The variables that BuildKit sets by the platform of a build.
const PLATFORM: [&str; 9] = [
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
    cmd: Option<usize>,
    entrypoint: Option<usize>,
    healthcheck: Option<usize>,
    shell: Option<usize>,
    /// The stages whose own `USER` and `WORKDIR` hold here.
    user_stage: Option<usize>,
    workdir_stage: Option<usize>,
    user: Option<Value>,
    workdir: Option<Value>,
    env: HashMap<String, Value>,
    args: HashMap<String, Binding>,
}

/// The values of the variables that `FROM` sees.
struct Globals(HashMap<String, Binding>);

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
            globals.0.insert(pair.key.raw.clone(), binding);
        }
        globals
    }

    fn platform_or_unset(&self, name: &str) -> Binding {
        if PLATFORM.contains(&name) { Binding::Unknown } else { Binding::Unset }
    }

    fn get(&self, name: &str) -> Binding {
        self.0.get(name).cloned().unwrap_or_else(|| self.platform_or_unset(name))
    }
}

/// How many bytes of values may still be kept.
struct Budget(usize);

impl Budget {
    fn keep(&mut self, value: Option<String>) -> Binding {
        match value {
            Some(value) if value.len() <= self.0 => {
                self.0 -= value.len();
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
        let mut stages =
            Self { list: Vec::new(), names: HashMap::new(), shells: Vec::with_capacity(instructions.len()) };
        let is_head = |instruction: &Instruction| instruction.keyword == Keyword::From;
        let first = instructions.iter().position(is_head).unwrap_or(instructions.len());
        let mut budget = Budget(VALUES_LIMIT);
        let globals = Globals::of(&instructions[..first], &|_| None, &mut budget);
        stages.shells.resize(first, None);
        let mut start = first;
        while start < instructions.len() {
            let length = instructions[start + 1..].iter().position(is_head);
            let end = length.map_or(instructions.len(), |length| start + 1 + length);
            stages.add(instructions, start..end, &globals, escape, &mut budget);
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

    fn add(
        &mut self,
        instructions: &[Instruction],
        range: Range<usize>,
        globals: &Globals,
        escape: char,
        budget: &mut Budget,
    ) {
        let index = self.list.len();
        let head = &instructions[range.start];
        let image = head.base().and_then(|base| base.image.resolve(&|name| globals.get(name)));
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
        let mut has_cmd = false;
        for (at, instruction) in instructions.iter().enumerate().take(range.end).skip(range.start) {
            self.shells.push(facts.shell);
            match instruction.keyword {
                Keyword::Cmd => (facts.cmd, has_cmd) = (Some(at), true),
                Keyword::Entrypoint => {
                    facts.entrypoint = Some(at);
                    facts.cmd = facts.cmd.filter(|_| has_cmd);
                }
                Keyword::Healthcheck => facts.healthcheck = Some(at),
                Keyword::Shell => {
                    facts.shell = Some(at);
                    facts.is_windows |= is_windows_shell(instruction);
                }
                Keyword::Env => {
                    let value = |pair: &Pair| {
                        let value = pair.value.as_ref().and_then(|word| self.resolve(&facts, word));
                        (pair.key.literal(), Spanned::new(value, pair.span))
                    };
                    let values: Vec<_> = instruction.pairs().iter().map(value).collect();
                    for (name, value) in values {
                        let value = value.map(|value| budget.keep_value(value));
                        facts.env.extend(name.map(|name| (name, value)));
                    }
                }
                Keyword::Arg => {
                    let value = |pair: &Pair| match &pair.value {
                        Some(word) => self.resolve(&facts, word).map_or(Binding::Unknown, Binding::Value),
                        None => globals.get(&pair.key.raw),
                    };
                    let values: Vec<_> = instruction.pairs().iter().map(|pair| (pair, value(pair))).collect();
                    for (pair, value) in values {
                        let value = match value {
                            Binding::Value(value) => budget.keep(Some(value)),
                            other => other,
                        };
                        facts.args.insert(pair.key.raw.clone(), value);
                    }
                }
                Keyword::User => {
                    if let Some(user) = instruction.user() {
                        let value = budget.keep_value(self.resolve(&facts, &user.word));
                        facts.user = Some(Spanned::new(value, user.word.span));
                        facts.user_stage = Some(index);
                    }
                }
                Keyword::Workdir => {
                    if let Arguments::Word(word) = &instruction.arguments {
                        let outer = match &facts.workdir {
                            Some(own) => Some(own),
                            None => facts.workdir_stage.and_then(|stage| self.list[stage].workdir.as_ref()),
                        };
                        let path = self.resolve(&facts, word).and_then(|path| joined(outer, path));
                        facts.workdir = Some(Spanned::new(budget.keep_value(path), word.span));
                        facts.workdir_stage = Some(index);
                    }
                }
                _ => {}
            }
        }
        self.list.push(facts);
        if let Some(name) = head.base().and_then(|base| base.name.as_ref()) {
            self.names.entry(name.value.to_lowercase()).or_default().push(index);
        }
    }

    fn resolve(&self, stage: &Facts, word: &Word) -> Option<String> {
        word.resolve(&|name| self.variable(stage, name))
    }

    /// What is known of a variable in a stage: `ENV` before `ARG`, here or in a stage under it. Any
    /// image but `scratch` may set one too.
    fn variable(&self, stage: &Facts, name: &str) -> Binding {
        let chain = || {
            std::iter::successors(Some(stage), |stage| stage.base.map(|base| &self.list[base]))
                .take(CHAIN_LIMIT + 1)
        };
        if let Some(value) = chain().find_map(|stage| stage.env.get(name)) {
            return value.value.clone().map_or(Binding::Unknown, Binding::Value);
        }
        if let Some(binding) = chain().find_map(|stage| stage.args.get(name)) {
            return binding.clone();
        }
        let root = self.list.get(stage.root).unwrap_or(stage);
        let is_whole = chain().count() <= CHAIN_LIMIT;
        if is_whole && root.image.as_deref() == Some("scratch") { Binding::Unset } else { Binding::Unknown }
    }
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
    image.contains("/windows") || ["nanoserver", "servercore"].iter().any(|part| image.contains(part))
}

fn is_windows_shell(instruction: &Instruction) -> bool {
    let Some(Command::Exec(words)) = instruction.command() else { return false };
    let Some(program) = words.first().map(|word| word.value.to_lowercase()) else { return false };
    let program = program.rsplit(['/', '\\']).next().unwrap_or_default();
    matches!(program.strip_suffix(".exe").unwrap_or(program), "powershell" | "cmd")
}

impl<'d> Stage<'d> {
    pub(super) fn new(dockerfile: &'d Dockerfile, index: usize) -> Self {
        Self { dockerfile, index }
    }

    fn facts(self) -> &'d Facts {
        &self.dockerfile.stages.list[self.index]
    }

    fn instruction(self, index: Option<usize>) -> Option<&'d Instruction> {
        self.dockerfile.instructions.get(index?)
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
        let mut indices: Vec<usize> = Vec::new();
        let mut next: Vec<usize> = vec![self.index];
        while let Some(index) = next.pop() {
            if indices.contains(&index) {
                continue;
            }
            indices.push(index);
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
        indices.sort_unstable();
        indices.into_iter().map(|index| Self::new(self.dockerfile, index)).collect()
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
        let globals = Globals::of(before, args, &mut Budget(VALUES_LIMIT));
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
        setting(self.chain().take(CHAIN_LIMIT).find_map(|stage| stage.facts().env.get(name)))
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
        let instructions = self.chain().flat_map(|stage| stage.instructions().iter().filter(exposes));
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
