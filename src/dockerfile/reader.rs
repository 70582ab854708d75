//! From a logical line to an instruction, with every error in it.

use std::ops::Range;

use super::exec::Exec;
use super::heredoc::Opening;
use super::instruction::{
    Arguments, Base, Command, Files, Flag, Healthcheck, Instruction, KEYWORDS, Keyword, Pair, User,
};
use super::lexer::{Text, is_blank, trimmed};
use super::mount::{Mount, device_defect};
use super::value::{self, check_duration};
use super::words::{Word, blank_separated, quoted_words, word_end};
use super::{Refusal, SyntaxError};
use crate::nearest::MAX_LOOKS;
use crate::source::{Span, Spanned};

/// What a flag takes.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Takes {
    /// Nothing, `true` or `false`.
    Switch,
    /// One value, given once.
    Value,
    /// A value each time it is given.
    Values,
}

/// The flags of an instruction. `None` if BuildKit does not look at them.
fn flags_of(keyword: Keyword) -> Option<&'static [(&'static str, Takes)]> {
    use Takes::{Switch, Value, Values};
    Some(match keyword {
        Keyword::From => &[("platform", Value)],
        Keyword::Run => &[("mount", Values), ("network", Value), ("security", Value), ("device", Values)],
        Keyword::Copy => &[
            ("from", Value),
            ("chown", Value),
            ("chmod", Value),
            ("link", Switch),
            ("parents", Switch),
            ("exclude", Values),
        ],
        Keyword::Add => &[
            ("chown", Value),
            ("chmod", Value),
            ("link", Switch),
            ("checksum", Value),
            ("keep-git-dir", Switch),
            ("exclude", Values),
            ("unpack", Switch),
        ],
        Keyword::Healthcheck => &[
            ("interval", Value),
            ("timeout", Value),
            ("start-period", Value),
            ("start-interval", Value),
            ("retries", Value),
        ],
        Keyword::Arg | Keyword::Stopsignal | Keyword::Unknown => return None,
        _ => &[],
    })
}

/// Reads instructions and keeps their errors.
pub(super) struct Reader {
    /// The escape character of the file.
    pub(super) escape: char,
    /// Whether another frontend than Docker's reads the file, so that it may have other instructions.
    pub(super) is_foreign: bool,
    /// The errors so far.
    pub(super) errors: Vec<SyntaxError>,
}

/// The logical line of an instruction and the part of it that holds the arguments.
struct Line<'l> {
    text: &'l Text,
    keyword: Keyword,
    name: &'l Spanned<String>,
    arguments: Range<usize>,
}

impl Line<'_> {
    fn rest(&self) -> &str {
        &self.text.as_str()[self.arguments.clone()]
    }

    fn span(&self) -> Span {
        self.text.span(self.arguments.clone())
    }
}

/// The user's own word, cut to what fits in a message.
pub(super) fn shown(word: &str) -> String {
    match word.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_owned(),
    }
}

/// The candidate that is at most two edits from `word`.
pub(super) fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let length = word.chars().count();
    if !(2..=16).contains(&length) {
        return None;
    }
    let limit = if length < 5 { 1 } else { 2 };
    candidates
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

impl Reader {
    fn error(&mut self, span: Span, message: impl Into<String>) -> &mut SyntaxError {
        let (refusal, message) = (Refusal::Instruction, message.into());
        self.errors.push(SyntaxError { refusal, span, message, help: None, label: None });
        self.errors.last_mut().expect("an error was pushed")
    }

    /// An error that the parser finds before an instruction is looked at.
    fn parser_error(&mut self, span: Span, message: impl Into<String>) -> &mut SyntaxError {
        let error = self.error(span, message);
        error.refusal = Refusal::Parser;
        error
    }

    /// The instruction that the logical line `text` is. `is_trigger` for one after `ONBUILD`.
    pub(super) fn instruction(&mut self, text: Text, is_trigger: bool) -> Instruction {
        let whole = trimmed(text.as_str(), 0..text.as_str().len());
        let line = &text.as_str()[whole.clone()];
        let name_end = whole.start + line.find(is_blank).unwrap_or(line.len());
        let name =
            Spanned::new(text.as_str()[whole.start..name_end].to_owned(), text.span(whole.start..name_end));
        let keyword = Keyword::of(&name.value);
        let (flags, arguments) = self.flags(&text, name_end..whole.end);
        let line = Line { text: &text, keyword, name: &name, arguments };
        let mut malformed_json = None;
        let arguments = match keyword {
            Keyword::Unknown => {
                self.unknown(&name);
                Arguments::Malformed
            }
            _ => self.arguments(&line, is_trigger, &mut malformed_json).unwrap_or(Arguments::Malformed),
        };
        let is_disabled = matches!(arguments, Arguments::Healthcheck(Healthcheck::None(_)));
        if !is_disabled && let Some(known) = flags_of(keyword) {
            self.check_flags(keyword, known, &flags);
        }
        let mounts = self.mounts(&text, keyword, &flags);
        self.check_values(keyword, &flags, &arguments);
        Instruction {
            mounts,
            keyword,
            span: text.span(whole),
            name,
            flags,
            arguments,
            heredocs: Vec::new(),
            empty_continuations: Vec::new(),
            malformed_json,
            text,
        }
    }

    /// The heredocs that `instruction`, or its trigger, opens.
    pub(super) fn openings(&self, instruction: &Instruction) -> Vec<Opening> {
        match &instruction.arguments {
            Arguments::Onbuild(trigger) => self.openings(trigger),
            Arguments::Command(Command::Shell(_)) if instruction.keyword == Keyword::Run => {
                Opening::all(&instruction.text)
            }
            Arguments::Files(files) if !files.is_exec => Opening::all(&instruction.text),
            _ => Vec::new(),
        }
    }

    fn unknown(&mut self, name: &Spanned<String>) {
        if self.is_foreign {
            return;
        }
        // In a file with more errors than this, none is a slip.
        let near = (self.errors.len() < MAX_LOOKS)
            .then(|| nearest(&name.value.to_ascii_uppercase(), KEYWORDS.iter().map(|(_, name, _)| *name)))
            .flatten();
        let help = match near {
            Some(near) => format!("write `{near}`"),
            None => format!("end the line above with `{}` if this line belongs to it", self.escape),
        };
        self.error(name.span, format!("unknown instruction `{}`", shown(&name.value))).help = Some(help);
    }

    /// The flags at the start of `range`, and the range of the arguments after them.
    fn flags(&mut self, text: &Text, range: Range<usize>) -> (Vec<Flag>, Range<usize>) {
        let mut flags = Vec::new();
        let mut rest = trimmed(text.as_str(), range);
        while text.as_str()[rest.clone()].starts_with("--") {
            let end = rest.start + word_end(&text.as_str()[rest.clone()], '\\');
            let word = rest.start..end;
            rest = trimmed(text.as_str(), end..rest.end);
            let raw = &text.as_str()[word.start + 2..end];
            if raw.is_empty() {
                break;
            }
            let name_end = word.start + 2 + raw.find('=').unwrap_or(raw.len());
            let name = Spanned::new(
                text.as_str()[word.start + 2..name_end].to_owned(),
                text.span(word.start + 2..name_end),
            );
            let value_start = (name_end + 1).min(end);
            let value = (name_end < end).then(|| Word::new(text, value_start..end, self.escape).0);
            flags.push(Flag { span: text.span(word), name, value, range: value_start..end });
        }
        (flags, rest)
    }

    /// The mounts of a `RUN`; what is wrong with them and with devices is an error.
    fn mounts(&mut self, text: &Text, keyword: Keyword, flags: &[Flag]) -> Vec<Mount> {
        let mut mounts = Vec::new();
        if keyword != Keyword::Run {
            return mounts;
        }
        for flag in flags.iter().filter(|flag| flag.value.is_some()) {
            let defects = match flag.name.value.as_str() {
                "mount" => {
                    let mount = Mount::new(&unquoted_flag(text, flag.range.clone()), self.escape);
                    let defects = mount.defects();
                    mounts.push(mount);
                    defects
                }
                "device" => {
                    let value = unquoted_flag(text, flag.range.clone());
                    device_defect(&value, self.escape).into_iter().collect()
                }
                _ => continue,
            };
            for defect in if self.is_foreign { Vec::new() } else { defects } {
                let span = if defect.span.is_empty() { flag.span } else { defect.span };
                self.error(span, defect.message).help = defect.help;
            }
        }
        mounts
    }

    /// Reports values of flags and arguments that the build refuses.
    fn check_values(&mut self, keyword: Keyword, flags: &[Flag], arguments: &Arguments) {
        if self.is_foreign {
            return;
        }
        let literal = |name: &str| {
            let word = flags.iter().find(|flag| flag.name.value == name)?.value.as_ref()?;
            Some((word.span, word.literal()?)).filter(|(_, value)| !value.is_empty())
        };
        match (keyword, arguments) {
            (Keyword::From, Arguments::From(base)) => {
                if let Some((span, platform)) = literal("platform")
                    && !value::is_platform(&platform)
                {
                    self.error(span, format!("`{}` is no platform", shown(&platform))).help =
                        Some("write a system and an architecture: `linux/amd64`".to_owned());
                }
                self.check_image(&base.image);
            }
            (Keyword::Run, _) => {
                let lists: [(&str, &[&str]); 2] =
                    [("network", &["default", "none", "host"]), ("security", &["insecure", "sandbox"])];
                for (name, values) in lists {
                    let Some(flag) = flags.iter().find(|flag| flag.name.value == name) else { continue };
                    let Some(value) = &flag.value else { continue };
                    let literal = value.literal().unwrap_or_else(|| value.raw.clone());
                    if values.contains(&literal.as_str()) {
                        continue;
                    }
                    let names: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
                    let help = match nearest(&literal, values.iter().copied()) {
                        Some(near) => format!("write `{near}`"),
                        None => format!("use one of {}", names.join(", ")),
                    };
                    let span = if value.span.is_empty() { flag.span } else { value.span };
                    self.error(span, format!("`--{name}` is none of {}", names.join(", "))).help = Some(help);
                }
            }
            (Keyword::Stopsignal, Arguments::Word(word)) => {
                if let Some(signal) = word.literal()
                    && !value::is_signal(&signal)
                {
                    let names: Vec<String> = value::signals().collect();
                    let near = nearest(&signal.to_ascii_uppercase(), names.iter().map(String::as_str))
                        .map(|near| format!("write `{near}`"));
                    self.error(word.span, format!("`{}` is no signal", shown(&signal))).help =
                        near.or(Some("write a signal's name or number: `SIGTERM`".to_owned()));
                }
            }
            (Keyword::Add | Keyword::Copy, Arguments::Files(files)) => {
                if let Some((span, mode)) = literal("chmod")
                    && !value::is_mode(&mode)
                {
                    self.error(span, format!("`{}` is no mode", shown(&mode))).help =
                        Some("write octal digits up to `7777`, or symbols: `u=rwX,go=rX`".to_owned());
                }
                self.check_from(flags);
                self.check_sources(keyword, flags, files, literal("checksum"));
            }
            _ => {}
        }
    }

    /// Reports a `--from` that depends on a variable, or is no name.
    fn check_from(&mut self, flags: &[Flag]) {
        let from = flags.iter().find(|flag| flag.name.value == "from").and_then(|flag| flag.value.as_ref());
        let Some(from) = from else { return };
        if !from.variables.is_empty() {
            self.error(from.span, "`--from` takes no variables").help =
                Some("name a stage that is `FROM` the variable".to_owned());
        } else if value::image_defect(&from.raw.to_ascii_lowercase()).is_some() {
            // A stage is found here in any case.
            self.check_image(from);
        }
    }

    /// Reports a literal name that is neither a stage's nor an image's.
    fn check_image(&mut self, word: &Word) {
        if !word.variables.is_empty() || word.raw.contains(['"', '\'', self.escape]) {
            return;
        }
        if let Some((_, message)) = value::image_defect(&word.raw) {
            let lower = word.raw.to_ascii_lowercase();
            let help = match value::image_defect(&lower) {
                None => format!("write `{}`", shown(&lower)),
                Some(_) => "write it as `registry/name:tag`".to_owned(),
            };
            let message = format!("`{}` is no image: {message}", shown(&word.raw));
            self.error(word.span, message).help = Some(help);
        }
    }

    /// Reports sources and a checksum that do not fit each other or the instruction.
    fn check_sources(
        &mut self,
        keyword: Keyword,
        flags: &[Flag],
        files: &Files,
        checksum: Option<(Span, String)>,
    ) {
        let is_heredoc = |word: &Word| !files.is_exec && word.raw.contains("<<");
        let origin = |word: &Word| word.literal().map(|source| value::origin(&source));
        if keyword == Keyword::Copy {
            for source in files.sources.iter().filter(|source| !is_heredoc(source)) {
                if matches!(origin(source), Some(value::Origin::Http | value::Origin::Git)) {
                    self.error(source.span, "`COPY` takes no URL").help = Some("write `ADD`".to_owned());
                }
            }
        }
        let Some((span, checksum)) = checksum else { return };
        let flag = flags.iter().find(|flag| flag.name.value == "checksum").map_or(span, |flag| flag.span);
        let sources: Vec<&Word> = files.sources.iter().filter(|source| !is_heredoc(source)).collect();
        let [source] = sources.as_slice() else {
            self.error(flag, "`--checksum` stands before several sources").help =
                Some("add each source by an `ADD` of its own".to_owned());
            return;
        };
        match origin(source) {
            Some(value::Origin::Local)
                if !source.raw.contains(".git") && !source.raw.starts_with("github.com/") =>
            {
                self.error(flag, "`--checksum` stands before a source that is no URL").help =
                    Some("remove it".to_owned());
            }
            Some(value::Origin::Http) if !value::is_digest(&checksum) => {
                self.error(span, format!("`{}` is no digest", shown(&checksum))).help =
                    Some("write it as `sha256:` and 64 hexadecimal digits".to_owned());
            }
            _ => {}
        }
    }

    fn check_flags(&mut self, keyword: Keyword, known: &[(&'static str, Takes)], flags: &[Flag]) {
        let mut seen: Vec<(&str, Span)> = Vec::new();
        for flag in flags {
            let name = flag.name.value.as_str();
            let Some((name, takes)) = known.iter().find(|(known, _)| *known == name) else {
                if !self.is_foreign {
                    let help = match nearest(name, known.iter().map(|(name, _)| *name)) {
                        Some(near) => format!("write `--{near}`"),
                        None if known.is_empty() => format!("remove it: `{}` takes no flags", keyword.name()),
                        None => {
                            let names: Vec<_> = known.iter().map(|(name, _)| format!("`--{name}`")).collect();
                            format!("use one of {}", names.join(", "))
                        }
                    };
                    let message = format!("`{}` has no flag `--{}`", keyword.name(), shown(name));
                    self.error(flag.name.span, message).help = Some(help);
                }
                continue;
            };
            let first = seen.iter().find(|(seen, _)| seen == name).map(|(_, span)| *span);
            if let Some(first) = first
                && *takes != Takes::Values
            {
                self.error(flag.span, format!("flag `--{name}` is given twice")).label =
                    Some((first, "given here first".to_owned()));
            } else if first.is_none() {
                seen.push((name, flag.span));
            }
            self.check_flag(keyword, name, *takes, flag);
        }
    }

    fn check_flag(&mut self, keyword: Keyword, name: &str, takes: Takes, flag: &Flag) {
        let Some(value) = &flag.value else {
            if takes != Takes::Switch {
                self.error(flag.span, format!("flag `--{name}` has no value")).help =
                    Some(format!("write `--{name}=value`"));
            }
            return;
        };
        let literal = value.literal();
        if takes == Takes::Switch {
            let is_switch = ["true", "false"].iter().any(|word| value.raw.eq_ignore_ascii_case(word));
            if !is_switch
                && literal.is_some_and(|value| !["true", "false"].contains(&value.to_lowercase().as_str()))
            {
                let span = if value.span.is_empty() { flag.span } else { value.span };
                self.error(span, format!("flag `--{name}` is neither true nor false")).help =
                    Some(format!("write `--{name}`"));
            }
        } else if keyword == Keyword::Healthcheck {
            let literal = literal.as_deref().unwrap_or(&value.raw);
            if literal.is_empty() {
                return;
            }
            if name == "retries" {
                if literal.parse::<u32>().is_err() {
                    self.error(value.span, "`--retries` is not a whole number from 0");
                }
            } else if let Err(message) = check_duration(literal) {
                self.error(value.span, format!("`--{name}` {message}")).help =
                    Some("write a number with a unit: `30s`, `1m30s`, `500ms`".to_owned());
            }
        }
    }

    fn missing(&mut self, line: &Line<'_>, what: &str) {
        let example = KEYWORDS.iter().find(|(keyword, _, _)| *keyword == line.keyword);
        let help = example.map(|(_, _, example)| format!("write it as `{example}`"));
        self.error(line.name.span, format!("`{}` has no {what}", line.keyword.name())).help = help;
    }

    /// The word that is the part `range` of the line; what is wrong with it is an error.
    fn word(&mut self, line: &Line<'_>, range: Range<usize>) -> Word {
        let (word, defect) = Word::new(line.text, range.clone(), self.escape);
        if let Some(defect) = defect {
            let (start, end) = (range.start + defect.range.start, range.start + defect.range.end);
            let is_quote = defect.message.contains("quote");
            let is_split = matches!(line.keyword, Keyword::Add | Keyword::Copy | Keyword::Volume);
            let help = is_quote.then(|| match is_split {
                true => "write a JSON array: quotes keep no words together here".to_owned(),
                false => format!("close the quote, or write `{}` before it", self.escape),
            });
            self.error(line.text.span(start..end.max(start)), defect.message).help = help;
        }
        word
    }

    /// The arguments as a JSON array. `None` for any other form.
    fn exec(&mut self, line: &Line<'_>, malformed: &mut Option<Span>) -> Option<Vec<(Range<usize>, String)>> {
        match Exec::of(line.text.as_str(), line.arguments.clone())? {
            Exec::Strings(strings) => Some(strings),
            Exec::Mixed => {
                self.parser_error(line.span(), "the JSON array holds something that is no string").help =
                    Some("quote every element".to_owned());
                *malformed = Some(line.span());
                None
            }
            Exec::Malformed => {
                *malformed = Some(line.span());
                None
            }
        }
    }

    fn command(&mut self, line: &Line<'_>, malformed: &mut Option<Span>) -> Command {
        match self.exec(line, malformed) {
            Some(strings) => Command::Exec(
                strings
                    .into_iter()
                    .map(|(range, value)| Spanned::new(value, line.text.span(range)))
                    .collect(),
            ),
            None => Command::Shell(line.text.part(line.arguments.clone())),
        }
    }

    /// The arguments as a JSON array or, if they are none, as words between blanks.
    fn list(&mut self, line: &Line<'_>, malformed: &mut Option<Span>) -> (Vec<Word>, bool) {
        if let Some(strings) = self.exec(line, malformed) {
            let word = |(range, value): (Range<usize>, String)| {
                let inner = range.start + 1..range.end - 1;
                let mut text = Text::empty();
                if line.text.as_str()[inner.clone()] == value {
                    text = line.text.part(inner);
                } else {
                    text.push_derived(&value, line.text.span(inner));
                }
                Word::new(&text, 0..value.len(), self.escape).0.at(line.text.span(range))
            };
            return (strings.into_iter().map(word).collect(), true);
        }
        let ranges = blank_separated(line.text.as_str(), line.arguments.clone());
        (ranges.into_iter().map(|range| self.word(line, range)).collect(), false)
    }

    fn arguments(
        &mut self,
        line: &Line<'_>,
        is_trigger: bool,
        malformed: &mut Option<Span>,
    ) -> Option<Arguments> {
        let may_be_empty = matches!(line.keyword, Keyword::Run | Keyword::Cmd | Keyword::Entrypoint);
        if line.arguments.is_empty() && !may_be_empty {
            self.missing(line, if line.keyword == Keyword::From { "image" } else { "argument" });
            return None;
        }
        Some(match line.keyword {
            Keyword::From => Arguments::From(Box::new(self.base(line)?)),
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint => {
                Arguments::Command(self.command(line, malformed))
            }
            Keyword::Shell => {
                let command = self.command(line, malformed);
                match &command {
                    Command::Exec(words) if words.is_empty() => self.missing(line, "argument"),
                    Command::Exec(_) => {}
                    Command::Shell(_) => {
                        self.error(line.span(), "`SHELL` is not a JSON array of strings").help =
                            Some("write it as `SHELL [\"/bin/sh\", \"-c\"]`".to_owned());
                    }
                }
                Arguments::Command(command)
            }
            Keyword::Env | Keyword::Label | Keyword::Arg => Arguments::Pairs(self.pairs(line)),
            Keyword::Copy | Keyword::Add => Arguments::Files(self.files(line, malformed)?),
            Keyword::Expose => {
                let ranges = blank_separated(line.text.as_str(), line.arguments.clone());
                Arguments::Words(ranges.into_iter().map(|range| self.word(line, range)).collect())
            }
            Keyword::Volume => {
                let (words, _) = self.list(line, malformed);
                if words.is_empty() {
                    self.missing(line, "argument");
                }
                for word in words.iter().filter(|word| word.raw.trim().is_empty()) {
                    self.error(word.span, "a volume has no path");
                }
                Arguments::Words(words)
            }
            Keyword::User => {
                let word = self.word(line, line.arguments.clone());
                let colon = word.raw.char_indices().find(|(at, char)| {
                    *char == ':' && !word.variables.iter().any(|variable| variable.range.contains(at))
                });
                let part = |range: Range<usize>| Word::new(line.text, range, self.escape).0;
                let Range { start, end } = line.arguments;
                let (user, group) = match colon {
                    Some((at, _)) => (part(start..start + at), Some(part(start + at + 1..end))),
                    None => (word.clone(), None),
                };
                Arguments::User(Box::new(User { word, user, group }))
            }
            Keyword::Workdir | Keyword::Stopsignal => {
                Arguments::Word(self.word(line, line.arguments.clone()))
            }
            Keyword::Maintainer => {
                Arguments::Word(Word::new(line.text, line.arguments.clone(), self.escape).0)
            }
            Keyword::Healthcheck => Arguments::Healthcheck(self.healthcheck(line, malformed)?),
            Keyword::Onbuild if is_trigger => return None,
            Keyword::Onbuild => {
                let trigger = self.instruction(line.text.part(line.arguments.clone()), true);
                Arguments::Onbuild(Box::new(trigger))
            }
            Keyword::Unknown => return None,
        })
    }

    fn base(&mut self, line: &Line<'_>) -> Option<Base> {
        let ranges = blank_separated(line.text.as_str(), line.arguments.clone());
        let text = |at: usize| ranges.get(at).map(|range| &line.text.as_str()[range.clone()]);
        let spanned =
            |at: usize| Some(Spanned::new(text(at)?.to_owned(), line.text.span(ranges.get(at)?.clone())));
        let image = self.word(line, ranges.first()?.clone());
        let is_as = text(1).is_some_and(|word| word.eq_ignore_ascii_case("as"));
        let is_named = ranges.len() == 3 || is_as && ranges.len() > 3;
        let name = if is_named { spanned(2) } else { None };
        let extra =
            |from: usize| ranges.get(from).map(|first| line.text.span(first.start..line.arguments.end));
        let comment = ranges.iter().position(|range| line.text.as_str()[range.clone()].starts_with('#'));
        if let Some(span) = comment.and_then(extra) {
            self.error(span, "a comment is an argument here: it does not start its line").help =
                Some("put the comment on a line of its own".to_owned());
        } else if ranges.len() == 2 && is_as {
            self.error(line.text.span(ranges[1].clone()), "the stage has no name after `AS`").help =
                Some("write a name after it, or remove it".to_owned());
        } else if ranges.len() == 3 && !is_as {
            let word = text(1).unwrap_or_default();
            self.error(
                line.text.span(ranges[1].clone()),
                format!("`{}` stands where `AS` belongs", shown(word)),
            )
            .help = Some("write `AS`".to_owned());
        } else if ranges.len() != 1
            && ranges.len() != 3
            && let Some(span) = extra(if is_as { 3 } else { 1 })
        {
            self.error(span, "`FROM` takes an image, or an image, `AS` and a name").help =
                Some("remove the other words".to_owned());
        }
        if let Some(name) =
            name.as_ref().filter(|name| is_as && comment.is_none() && !is_stage_name(&name.value))
        {
            self.error(name.span, format!("`{}` cannot be the name of a stage", shown(&name.value))).help =
                Some("start it with a letter, and go on with letters, digits, `-`, `_` and `.`".to_owned());
        }
        Some(Base { image, as_keyword: if is_as { spanned(1) } else { None }, name })
    }

    fn pairs(&mut self, line: &Line<'_>) -> Vec<Pair> {
        let text = line.text.as_str();
        let ranges = quoted_words(text, line.arguments.clone(), self.escape);
        let is_arg = line.keyword == Keyword::Arg;
        let is_legacy = ranges.first().is_some_and(|first| !text[first.clone()].contains('='));
        if is_legacy && !is_arg {
            return self.legacy_pair(line).into_iter().collect();
        }
        let mut pairs = Vec::new();
        for range in ranges {
            let span = line.text.span(range.clone());
            let equals = text[range.clone()].find('=').map(|at| range.start + at);
            if equals == Some(range.start) {
                self.error(span, format!("a name in `{}` is blank", line.keyword.name()));
                continue;
            }
            if equals.is_none() && !is_arg {
                self.parser_error(span, format!("a word of `{}` has no `=`", line.keyword.name())).help =
                    Some("quote a value that has spaces: `NAME=\"a b\"`".to_owned());
                continue;
            }
            let key = self.word(line, range.start..equals.unwrap_or(range.end));
            let value = equals.map(|at| self.word(line, at + 1..range.end));
            pairs.push(Pair { key, value, span, is_legacy: false });
        }
        pairs
    }

    /// `ENV name value`, where the value is the rest of the line.
    fn legacy_pair(&mut self, line: &Line<'_>) -> Option<Pair> {
        let Some(length) = line.rest().find(is_blank) else {
            let name = line.keyword.name();
            self.parser_error(line.span(), format!("the name in `{name}` has no value")).help =
                Some(format!("write `{name} NAME=value`"));
            return None;
        };
        let key_end = line.arguments.start + length;
        let key = self.word(line, line.arguments.start..key_end);
        let value_start = key_end + line.text.as_str()[key_end..].find(|char| !is_blank(char)).unwrap_or(0);
        let value = self.word(line, value_start..line.arguments.end);
        Some(Pair { key, value: Some(value), span: line.span(), is_legacy: true })
    }

    fn files(&mut self, line: &Line<'_>, malformed: &mut Option<Span>) -> Option<Files> {
        let (mut words, is_exec) = self.list(line, malformed);
        if words.len() < 2 {
            self.missing(line, if words.is_empty() { "argument" } else { "destination" });
            return None;
        }
        let destination = words.pop()?;
        if !is_exec && Opening::of(&destination.raw, destination.span).is_some() {
            let message = format!("a heredoc is the destination of `{}`", line.keyword.name());
            self.error(destination.span, message).help = Some("write a path after the heredoc".to_owned());
        }
        Some(Files { sources: words, destination, is_exec })
    }

    fn healthcheck(&mut self, line: &Line<'_>, malformed: &mut Option<Span>) -> Option<Healthcheck> {
        let length = line.rest().find(char::is_whitespace).unwrap_or(line.rest().len());
        let end = line.arguments.start + length;
        let kind = &line.rest()[..length];
        let span = line.text.span(line.arguments.start..end);
        let rest = trimmed(line.text.as_str(), end..line.arguments.end);
        if kind.eq_ignore_ascii_case("none") {
            if !rest.is_empty() {
                self.error(line.text.span(rest), "`HEALTHCHECK NONE` takes no argument").help =
                    Some("remove it".to_owned());
            }
            return Some(Healthcheck::None(span));
        }
        if !kind.eq_ignore_ascii_case("cmd") {
            self.error(span, format!("`{}` stands where `CMD` or `NONE` belongs", shown(kind))).help =
                Some("write `CMD` before the command".to_owned());
            return None;
        }
        let line = Line { arguments: rest, ..*line };
        let command = self.command(&line, malformed);
        let is_empty = match &command {
            Command::Shell(text) => text.as_str().is_empty(),
            Command::Exec(words) => words.is_empty(),
        };
        if is_empty {
            self.error(span, "`HEALTHCHECK CMD` has no command").help =
                Some("write a command after it, or `HEALTHCHECK NONE`".to_owned());
            return None;
        }
        Some(Healthcheck::Command(command))
    }
}

/// The part `range` of `text`, a flag's value, without the quotes and backslashes that BuildKit drops
/// before it looks at the value.
fn unquoted_flag(text: &Text, range: Range<usize>) -> Text {
    let raw = &text.as_str()[range.clone()];
    if !raw.contains(['"', '\'', '\\']) {
        return text.part(range);
    }
    let mut plain = Text::empty();
    let mut quote = None;
    let mut chars = raw.char_indices();
    let mut keep = |at: usize, char: char| {
        let start = range.start + at;
        plain.push(text.as_str(), text.map(), start..start + char.len_utf8());
    };
    while let Some((at, char)) = chars.next() {
        match (quote, char) {
            (Some(open), _) if open == char => quote = None,
            (None, '"' | '\'') => quote = Some(char),
            (_, '\\') => {
                if let Some((at, char)) = chars.next() {
                    keep(at, char);
                }
            }
            _ => keep(at, char),
        }
    }
    plain
}

fn is_stage_name(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_alphabetic())
        && name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.'))
}
