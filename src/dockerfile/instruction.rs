//! Instructions and their arguments.

use std::borrow::Cow;
use std::ops::Range;

use super::heredoc::Heredoc;
use super::lexer::Text;
use super::mount::Mount;
use super::words::Word;
use crate::shell::script_argument;
use crate::source::{Span, Spanned};

/// What an instruction does, by its first word.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Keyword {
    /// `ADD`
    Add,
    /// `ARG`
    Arg,
    /// `CMD`
    Cmd,
    /// `COPY`
    Copy,
    /// `ENTRYPOINT`
    Entrypoint,
    /// `ENV`
    Env,
    /// `EXPOSE`
    Expose,
    /// `FROM`
    From,
    /// `HEALTHCHECK`
    Healthcheck,
    /// `LABEL`
    Label,
    /// `MAINTAINER`
    Maintainer,
    /// `ONBUILD`
    Onbuild,
    /// `RUN`
    Run,
    /// `SHELL`
    Shell,
    /// `STOPSIGNAL`
    Stopsignal,
    /// `USER`
    User,
    /// `VOLUME`
    Volume,
    /// `WORKDIR`
    Workdir,
    /// No instruction of BuildKit's.
    Unknown,
}

/// Every keyword with its name and an example.
pub(super) const KEYWORDS: [(Keyword, &str, &str); 18] = [
    (Keyword::Add, "ADD", "ADD source /destination"),
    (Keyword::Arg, "ARG", "ARG NAME=default"),
    (Keyword::Cmd, "CMD", "CMD [\"program\", \"argument\"]"),
    (Keyword::Copy, "COPY", "COPY source /destination"),
    (Keyword::Entrypoint, "ENTRYPOINT", "ENTRYPOINT [\"program\", \"argument\"]"),
    (Keyword::Env, "ENV", "ENV NAME=value"),
    (Keyword::Expose, "EXPOSE", "EXPOSE 8080"),
    (Keyword::From, "FROM", "FROM image AS name"),
    (Keyword::Healthcheck, "HEALTHCHECK", "HEALTHCHECK CMD program"),
    (Keyword::Label, "LABEL", "LABEL name=value"),
    (Keyword::Maintainer, "MAINTAINER", "MAINTAINER name"),
    (Keyword::Onbuild, "ONBUILD", "ONBUILD RUN command"),
    (Keyword::Run, "RUN", "RUN command"),
    (Keyword::Shell, "SHELL", "SHELL [\"/bin/sh\", \"-c\"]"),
    (Keyword::Stopsignal, "STOPSIGNAL", "STOPSIGNAL SIGTERM"),
    (Keyword::User, "USER", "USER name"),
    (Keyword::Volume, "VOLUME", "VOLUME /path"),
    (Keyword::Workdir, "WORKDIR", "WORKDIR /path"),
];

impl Keyword {
    /// The keyword that `word` says in any case.
    pub fn of(word: &str) -> Self {
        let known = KEYWORDS.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(word));
        known.map_or(Self::Unknown, |(keyword, _, _)| *keyword)
    }

    /// The name in upper case; empty for an unknown one.
    pub fn name(self) -> &'static str {
        KEYWORDS.iter().find(|(keyword, _, _)| *keyword == self).map_or("", |(_, name, _)| name)
    }
}

/// One instruction with all of its lines.
///
/// ```text
/// COPY --chown=app . \
///      /app
/// ```
#[derive(Clone, Debug)]
pub struct Instruction {
    /// What it does.
    pub keyword: Keyword,
    /// The keyword as it is written.
    pub name: Spanned<String>,
    /// From the keyword to the end of the last line, a heredoc's terminator included.
    pub span: Span,
    /// The logical line: continuations joined, comments and blank lines in between dropped.
    pub text: Text,
    /// The flags before the arguments, in source order.
    pub flags: Vec<Flag>,
    /// What the `--mount` flags of a `RUN` say, in source order.
    pub mounts: Vec<Mount>,
    /// What follows the flags.
    pub arguments: Arguments,
    /// The heredocs that the arguments open, in order. For `ONBUILD`, those are the trigger's.
    pub heredocs: Vec<Heredoc>,
    /// The blank lines between its lines, with their line endings.
    pub empty_continuations: Vec<Span>,
    /// The arguments that start with `[` and are no JSON, so that they are taken for the shell form;
    /// in `RUN` they may be a test of the shell.
    pub malformed_json: Option<Span>,
}

/// A flag of an instruction.
///
/// ```text
/// COPY --from=build /a /b
///      ^^^^^^^^^^^^
/// ```
#[derive(Clone, Debug)]
pub struct Flag {
    /// The whole flag.
    pub span: Span,
    /// The name without dashes.
    pub name: Spanned<String>,
    /// What follows the `=`. `None` without one.
    pub value: Option<Word>,
    /// The value in the instruction's text.
    pub(super) range: Range<usize>,
}

/// The arguments of an instruction.
#[derive(Clone, Debug)]
pub enum Arguments {
    /// Of `FROM`.
    From(Box<Base>),
    /// Of `RUN`, `CMD`, `ENTRYPOINT` and `SHELL`; empty for a bare `CMD`.
    Command(Command),
    /// Of `ENV`, `LABEL` and `ARG`.
    Pairs(Vec<Pair>),
    /// Of `COPY` and `ADD`.
    Files(Files),
    /// Of `EXPOSE` and `VOLUME`.
    Words(Vec<Word>),
    /// Of `WORKDIR`, `STOPSIGNAL` and `MAINTAINER`: the rest of the line, spaces included.
    Word(Word),
    /// Of `USER`.
    User(Box<User>),
    /// Of `HEALTHCHECK`.
    Healthcheck(Healthcheck),
    /// Of `ONBUILD`: the instruction that a child image runs. The trigger of an `ONBUILD` in an
    /// `ONBUILD` is left malformed.
    Onbuild(Box<Instruction>),
    /// Of an unknown instruction, and what lacks so much that nothing of the above can be made of it.
    Malformed,
}

/// The arguments of `FROM`.
#[derive(Clone, Debug)]
pub struct Base {
    /// The image or the earlier stage.
    pub image: Word,
    /// The `AS` as it is written. `None` if the stage has no name.
    pub as_keyword: Option<Spanned<String>>,
    /// The stage's name as it is written.
    pub name: Option<Spanned<String>>,
}

/// A command in one of its two forms.
#[derive(Clone, Debug)]
pub enum Command {
    /// A line for the shell. Variables in it are the shell's.
    Shell(Text),
    /// A JSON array: a program and its arguments.
    Exec(Vec<Spanned<String>>),
}

/// A name and its value.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The name.
    pub key: Word,
    /// The value. `None` for an `ARG` without `=`.
    pub value: Option<Word>,
    /// Both, with what is between.
    pub span: Span,
    /// Whether a space separates them: the legacy form of `ENV` and `LABEL`, where the value is the
    /// rest of the line.
    pub is_legacy: bool,
}

/// The arguments of `COPY` and `ADD`.
#[derive(Clone, Debug)]
pub struct Files {
    /// What is copied; heredocs stand here by the word that opens them.
    pub sources: Vec<Word>,
    /// Where to.
    pub destination: Word,
    /// Whether they are written as a JSON array.
    pub is_exec: bool,
}

/// The argument of `USER`.
///
/// ```text
/// USER app:staff
///      ^^^       user
///          ^^^^^ group
/// ```
#[derive(Clone, Debug)]
pub struct User {
    /// The whole argument.
    pub word: Word,
    /// What is before the colon.
    pub user: Word,
    /// What is after the colon. `None` without one.
    pub group: Option<Word>,
}

/// The arguments of `HEALTHCHECK`.
#[derive(Clone, Debug)]
pub enum Healthcheck {
    /// `NONE`, at that word: what the base image checks is switched off.
    None(Span),
    /// `CMD` and a command.
    Command(Command),
}

impl Instruction {
    /// The first flag `name`, without dashes.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name.value == name)
    }

    /// The arguments of `FROM`.
    pub fn base(&self) -> Option<&Base> {
        match &self.arguments {
            Arguments::From(base) => Some(base),
            _ => None,
        }
    }

    /// The command of `RUN`, `CMD`, `ENTRYPOINT`, `SHELL` or `HEALTHCHECK CMD`.
    pub fn command(&self) -> Option<&Command> {
        match &self.arguments {
            Arguments::Command(command) | Arguments::Healthcheck(Healthcheck::Command(command)) => {
                Some(command)
            }
            _ => None,
        }
    }

    /// The names and values of `ENV`, `LABEL` or `ARG`; empty for any other.
    pub fn pairs(&self) -> &[Pair] {
        match &self.arguments {
            Arguments::Pairs(pairs) => pairs,
            _ => &[],
        }
    }

    /// The sources and the destination of `COPY` or `ADD`.
    pub fn files(&self) -> Option<&Files> {
        match &self.arguments {
            Arguments::Files(files) => Some(files),
            _ => None,
        }
    }

    /// The argument of `USER`.
    pub fn user(&self) -> Option<&User> {
        match &self.arguments {
            Arguments::User(user) => Some(user),
            _ => None,
        }
    }

    /// The arguments of `HEALTHCHECK`.
    pub fn healthcheck(&self) -> Option<&Healthcheck> {
        match &self.arguments {
            Arguments::Healthcheck(healthcheck) => Some(healthcheck),
            _ => None,
        }
    }

    /// The instruction after `ONBUILD`.
    pub fn trigger(&self) -> Option<&Instruction> {
        match &self.arguments {
            Arguments::Onbuild(trigger) => Some(trigger),
            _ => None,
        }
    }

    /// The words in which BuildKit expands variables, or which it takes as they are, in source order:
    /// values of flags and all arguments but commands.
    pub fn words(&self) -> Vec<&Word> {
        let mut words: Vec<&Word> = self.flags.iter().filter_map(|flag| flag.value.as_ref()).collect();
        match &self.arguments {
            Arguments::From(base) => words.push(&base.image),
            Arguments::Pairs(pairs) => {
                words.extend(pairs.iter().flat_map(|pair| std::iter::once(&pair.key).chain(&pair.value)));
            }
            Arguments::Files(files) => words.extend(files.sources.iter().chain([&files.destination])),
            Arguments::Words(list) => words.extend(list),
            Arguments::Word(word) => words.push(word),
            Arguments::User(user) => words.push(&user.word),
            Arguments::Onbuild(trigger) => words.extend(trigger.words()),
            Arguments::Command(_) | Arguments::Healthcheck(_) | Arguments::Malformed => {}
        }
        words
    }

    /// The heredoc that is the whole script of a `RUN`. `None` if the command is something else, or
    /// the heredoc is only the input of one.
    pub fn script(&self) -> Option<&Heredoc> {
        let (Keyword::Run, [heredoc], Arguments::Command(Command::Shell(text))) =
            (self.keyword, self.heredocs.as_slice(), &self.arguments)
        else {
            return None;
        };
        (heredoc.delimiter.span == text.span(0..text.as_str().len())).then_some(heredoc)
    }

    /// The text that a shell is given by `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK`: the shell form with
    /// its heredocs as the shell sees them; the content of a heredoc that is the whole script; the
    /// script in an exec form that runs a shell. `None` if there is none. What language it is,
    /// [`Stage::language_at`](super::Stage::language_at) knows.
    pub fn script_text(&self) -> Option<Cow<'_, Text>> {
        if let Some(heredoc) = self.script() {
            return Some(Cow::Owned(heredoc.body()));
        }
        match self.command()? {
            _ if self.keyword == Keyword::Shell => None,
            Command::Shell(text) if self.heredocs.is_empty() => Some(Cow::Borrowed(text)),
            Command::Shell(text) => {
                let mut script = text.clone();
                for heredoc in &self.heredocs {
                    script.push_derived("\n", heredoc.delimiter.span);
                    let content = &heredoc.content;
                    script.push(content.as_str(), content.map(), 0..content.as_str().len());
                    let end = heredoc.terminator.unwrap_or(heredoc.delimiter.span);
                    script.push_derived(&heredoc.delimiter.value, end);
                }
                Some(Cow::Owned(script))
            }
            Command::Exec(words) => {
                let values: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
                let word = words.get(script_argument(&values)?)?;
                let mut script = Text::empty();
                // The bytes between the quotes are the text, unless something in them is escaped.
                if word.span.len() == word.value.len() + 2 {
                    let Span { source, start, end } = word.span;
                    script.push_verbatim(&word.value, Span { source, start: start + 1, end: end - 1 });
                } else {
                    script.push_derived(&word.value, word.span);
                }
                Some(Cow::Owned(script))
            }
        }
    }
}
