//! Dockerfiles: their instructions, stages, comments and syntax errors, read as BuildKit reads them.
//!
//! ```text
//! lexer        lines → logical lines, comments
//! reader       logical line → instruction: flags, arguments, errors
//! words        quotes, variables, expansion
//! heredoc      the files that stand in the Dockerfile
//! mount        what `--mount` and `--device` say
//! expose       ports
//! value        values of other flags and arguments that BuildKit checks
//! scope        the variables that an instruction sees
//! stage        what holds at the end of a stage, through the stages that it is based on
//! ```

pub mod edit;
mod exec;
mod expose;
pub mod files;
mod heredoc;
mod ignore;
mod instruction;
mod lexer;
mod mount;
mod packages;
mod parts;
mod reader;
mod scope;
mod stage;
#[cfg(test)]
mod tests;
mod value;
mod words;

use std::ops::Range;
use std::sync::OnceLock;

pub use expose::{Port, Protocol};
pub use heredoc::Heredoc;
pub use ignore::{Dockerignore, Pattern, cleaned};
pub use instruction::{Arguments, Base, Command, Files, Flag, Healthcheck, Instruction, Keyword, Pair, User};
pub use lexer::Text;
pub use mount::{Mount, MountField, MountKind, Sharing};
pub use parts::Part;
pub use scope::{Scope, is_platform_argument, is_proxy_argument};
pub use stage::{Origin, Setting, Stage};
pub use words::{Binding, Operator, Variable, Word};

use crate::commands::Layer;
use crate::source::{SourceMap, Span, Spanned};
use lexer::{Lexer, Piece, span_of, trimmed};
use reader::Reader;
use stage::Stages;

/// A Dockerfile.
#[derive(Debug)]
pub struct Dockerfile {
    instructions: Vec<Instruction>,
    stages: Stages,
    comments: Vec<Comment>,
    directives: Vec<Directive>,
    errors: Vec<SyntaxError>,
    escape: char,
    is_foreign: bool,
    /// What the instructions run, once that was asked for.
    pub(crate) layers: OnceLock<Vec<Layer>>,
}

/// A comment line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// From the `#` to the end of the line.
    pub span: Span,
    /// What follows the `#`, trimmed.
    pub text: String,
    /// The index of the instruction directly below, with nothing but comments in between. `None` above
    /// a blank line, at the end of the file, and inside an instruction.
    pub above: Option<usize>,
    /// The index of the instruction between whose lines the comment stands.
    pub inside: Option<usize>,
}

/// A parser directive.
///
/// ```text
/// # syntax=docker/dockerfile:1
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Directive {
    /// The whole line, from its `#`.
    pub span: Span,
    /// `syntax`, `check` or `escape`, in lower case.
    pub name: Spanned<String>,
    /// The value, trimmed.
    pub value: Spanned<String>,
}

/// Which part of BuildKit refuses a place.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Refusal {
    /// The parser, which splits a line into words.
    Parser,
    /// The order of instructions: one before the first `FROM`, or no `FROM`.
    Order,
    /// The reading of an instruction, or the build itself.
    Instruction,
}

/// A place that BuildKit refuses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Who refuses it.
    pub refusal: Refusal,
    /// The place.
    pub span: Span,
    /// The fact, in lower case, without a final period.
    pub message: String,
    /// How to end the problem.
    pub help: Option<String>,
    /// Another place that matters, and why.
    pub label: Option<(Span, String)>,
}

impl Dockerfile {
    /// The Dockerfile that `text` says, which `map` leads to its file. Whatever the text, it is read to
    /// its end, and what is wrong with it is in [`Dockerfile::errors`].
    pub fn parse(text: &str, map: &SourceMap) -> Self {
        Parser::new(text, map).parse()
    }

    /// The instructions, in source order.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// The stages, in source order.
    pub fn stages(&self) -> impl Iterator<Item = Stage<'_>> {
        (0..self.stages.len()).map(|index| Stage::new(self, index))
    }

    /// The last stage with this name in any case; else the one with this index from 0.
    pub fn stage(&self, name_or_index: &str) -> Option<Stage<'_>> {
        let named = self.stages.named(name_or_index, self.stages.len());
        let index =
            named.or_else(|| name_or_index.parse().ok().filter(|index| *index < self.stages.len()))?;
        Some(Stage::new(self, index))
    }

    /// The stage that is built if none is asked for: the last. `None` without a `FROM`.
    pub fn final_stage(&self) -> Option<Stage<'_>> {
        Some(Stage::new(self, self.stages.len().checked_sub(1)?))
    }

    /// The `ARG` instructions before the first `FROM`.
    pub fn global_args(&self) -> impl Iterator<Item = &Instruction> {
        let before = &self.instructions[..self.stages.first_instruction(&self.instructions)];
        before.iter().filter(|instruction| instruction.keyword == Keyword::Arg)
    }

    /// The comments, in source order. Directives are none, nor are lines of heredocs.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// The parser directives, in source order, a repeated one too.
    pub fn directives(&self) -> &[Directive] {
        &self.directives
    }

    /// The first directive `name`, in lower case.
    pub fn directive(&self, name: &str) -> Option<&Directive> {
        self.directives.iter().find(|directive| directive.name.value == name)
    }

    /// Every place that BuildKit refuses, in source order. After ten thousand no more are kept.
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Whether the file only stands for another one: all that it says is a `FROM` of an image at a registry
    /// below `.invalid`, the domain that is reserved for names that never exist.
    pub fn is_placeholder(&self) -> bool {
        let [only] = self.instructions.as_slice() else { return false };
        let registry = only.base().and_then(|base| base.image.raw.split('/').next());
        registry.is_some_and(|registry| {
            let host = registry.split(':').next().unwrap_or(registry);
            host == "invalid" || host.ends_with(".invalid")
        })
    }

    /// Whether another frontend than BuildKit's own reads it: then it may mean other things.
    pub fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// The escape character: a backslash, or the backtick that a directive chose.
    pub fn escape(&self) -> char {
        self.escape
    }
}

/// So many errors are kept; a file with more is no Dockerfile.
const ERRORS_LIMIT: usize = 10_000;

/// A parse in progress.
struct Parser<'t> {
    text: &'t str,
    map: &'t SourceMap,
    lexer: Lexer<'t>,
    reader: Reader,
    instructions: Vec<Instruction>,
    comments: Vec<Comment>,
    /// The first comment of the block that ends at the current line.
    block: usize,
    directives: Vec<Directive>,
    /// Whether the lines in which directives may stand are over.
    is_past_directives: bool,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, map: &'t SourceMap) -> Self {
        Self {
            text,
            map,
            lexer: Lexer::new(text, map),
            reader: Reader { escape: '\\', is_foreign: false, errors: Vec::new() },
            instructions: Vec::new(),
            comments: Vec::new(),
            block: 0,
            directives: Vec::new(),
            is_past_directives: false,
        }
    }

    fn parse(mut self) -> Dockerfile {
        while let Some(piece) = self.lexer.next() {
            match piece {
                Piece::Comment(range) if !self.is_past_directives && self.directive(range.clone()) => {}
                Piece::Comment(range) => {
                    self.comment(range, None);
                    self.is_past_directives = true;
                }
                Piece::Blank => {
                    self.block = self.comments.len();
                    self.is_past_directives = true;
                }
                Piece::Instruction(joined) => {
                    self.is_past_directives = true;
                    self.instruction(joined);
                    self.block = self.comments.len();
                }
            }
        }
        self.check_order();
        let mut errors = self.reader.errors;
        errors.sort_by_key(|error| (error.span.start, error.span.end));
        self.instructions.shrink_to_fit();
        let stages = Stages::of(&self.instructions, self.reader.escape);
        Dockerfile {
            stages,
            instructions: self.instructions,
            comments: self.comments,
            directives: self.directives,
            errors,
            escape: self.reader.escape,
            is_foreign: self.reader.is_foreign,
            layers: OnceLock::new(),
        }
    }

    fn error(&mut self, refusal: Refusal, span: Span, message: String, help: &str) -> &mut SyntaxError {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.reader.errors.push(SyntaxError { refusal, span, message, help, label: None });
        self.reader.errors.last_mut().expect("an error was pushed")
    }

    fn comment(&mut self, range: Range<usize>, inside: Option<usize>) {
        let text = self.text[range.clone()].trim_start_matches('#').trim().to_owned();
        self.comments.push(Comment { span: span_of(self.map, range), text, above: None, inside });
    }

    /// Takes the comment as a directive, if it is one.
    fn directive(&mut self, range: Range<usize>) -> bool {
        let text = self.text;
        let line = &text[range.clone()];
        let Some(equals) = line.find('=') else { return false };
        let name = trimmed(text, range.start + 1..range.start + equals);
        let value = trimmed(text, range.start + equals + 1..range.end);
        let lower = text[name.clone()].to_ascii_lowercase();
        if !["syntax", "check", "escape"].contains(&lower.as_str()) || value.is_empty() {
            return false;
        }
        let directive = Directive {
            span: span_of(self.map, range),
            name: Spanned::new(lower, span_of(self.map, name)),
            value: Spanned::new(text[value.clone()].to_owned(), span_of(self.map, value)),
        };
        let name = directive.name.value.clone();
        let first = self.directives.iter().find(|other| other.name.value == name).map(|other| other.span);
        if let Some(first) = first {
            let message = format!("directive `{name}` is given twice");
            self.error(Refusal::Parser, directive.span, message, "remove one of them").label =
                Some((first, "given here first".to_owned()));
        } else if name == "escape" {
            match directive.value.value.as_str() {
                "\\" => {}
                "`" => (self.lexer.escape, self.reader.escape) = ('`', '`'),
                _ => {
                    let message = "the escape character is neither a backslash nor a backtick";
                    let span = directive.value.span;
                    self.error(Refusal::Parser, span, message.to_owned(), "write `# escape=\\`");
                }
            }
        } else if name == "syntax" {
            self.reader.is_foreign = !directive.value.value.contains("docker/dockerfile");
        } else if name == "check"
            && let Some((part, message)) = value::check_directive(&directive.value.value)
        {
            let start = directive.value.span.start as usize;
            let span = Span::new(directive.value.span.source, start + part.start, start + part.end);
            let help = "write `skip=`, `error=` or `experimental=` and its value";
            self.error(Refusal::Instruction, span, message, help);
        }
        self.directives.push(directive);
        true
    }

    fn instruction(&mut self, joined: lexer::Joined) {
        let index = self.instructions.len();
        for comment in &mut self.comments[self.block..] {
            comment.above = Some(index);
        }
        for range in joined.comments {
            self.comment(range, Some(index));
        }
        if joined.text.as_str().trim().is_empty() {
            let span = span_of(self.map, joined.range);
            let message = "a line continuation continues nothing".to_owned();
            self.error(Refusal::Instruction, span, message, "remove it");
            return;
        }
        let mut instruction = self.reader.instruction(joined.text, false);
        instruction.span = span_of(self.map, joined.range);
        instruction.empty_continuations =
            joined.blanks.into_iter().map(|range| span_of(self.map, range)).collect();
        for opening in self.reader.openings(&instruction) {
            if opening.is_spaced && !self.lexer.has_line_ahead(&opening.delimiter, opening.strip_tabs) {
                continue;
            }
            let heredoc = opening.read(&mut self.lexer, self.text, self.map);
            let target = match &mut instruction.arguments {
                Arguments::Onbuild(trigger) => trigger.as_mut(),
                _ => &mut instruction,
            };
            target.span = target.span.to(heredoc.terminator.unwrap_or(heredoc.span));
            if heredoc.terminator.is_none() {
                let help =
                    format!("write `{}` on a line of its own after the content", heredoc.delimiter.value);
                self.reader.errors.push(SyntaxError {
                    refusal: Refusal::Parser,
                    span: heredoc.delimiter.span,
                    message: format!("the heredoc `{}` is never closed", heredoc.delimiter.value),
                    help: Some(help),
                    label: None,
                });
            }
            target.heredocs.push(heredoc);
        }
        self.reader.errors.truncate(ERRORS_LIMIT);
        let end = instruction.trigger().map(|trigger| trigger.span);
        instruction.span = end.map_or(instruction.span, |end| instruction.span.to(end));
        self.instructions.push(instruction);
    }

    /// Nothing but `ARG` stands before the first `FROM`, and there is one.
    fn check_order(&mut self) {
        let first = self.instructions.iter().position(|instruction| instruction.keyword == Keyword::From);
        let Some(first) = first else {
            let (refusal, span, message) = match self.instructions.first() {
                _ if self.reader.is_foreign => return,
                Some(first) => (Refusal::Order, first.name.span, "the file has no `FROM`"),
                None => (
                    Refusal::Parser,
                    span_of(self.map, 0..self.text.lines().next().map_or(0, str::len)),
                    "the file has no instructions",
                ),
            };
            self.error(refusal, span, message.to_owned(), "start it with `FROM image`");
            return;
        };
        let early = self.instructions[..first]
            .iter()
            .find(|instruction| !matches!(instruction.keyword, Keyword::Arg | Keyword::Unknown));
        if let Some(early) = early {
            let message = format!("`{}` stands before the first `FROM`", early.keyword.name());
            let (span, from) = (early.name.span, self.instructions[first].name.span);
            let help = "move it below: only `ARG` may stand above";
            self.error(Refusal::Order, span, message, help).label =
                Some((from, "the first `FROM`".to_owned()));
        }
    }
}
