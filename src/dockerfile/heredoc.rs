//! Heredocs: files that stand in the Dockerfile itself.

use super::lexer::{Lexer, Text};
use super::words::{shell_words, unquoted};
use crate::source::{SourceMap, Span, Spanned};

/// A heredoc of `RUN`, `COPY` or `ADD`.
///
/// ```text
/// RUN cat <<-"EOF" > /motd
///         ^^^^^^^^           the word that opens it
///         hello
///         EOF                the terminator
/// ```
#[derive(Clone, Debug)]
pub struct Heredoc {
    /// The delimiter without quotes, at the word that opens the heredoc.
    pub delimiter: Spanned<String>,
    /// Whether variables in the content are expanded: no part of the delimiter is quoted.
    pub expand: bool,
    /// Whether tabs at the start of lines are dropped: `<<-`.
    pub strip_tabs: bool,
    /// The lines between, tabs included.
    pub content: Text,
    /// Where these lines stand; empty if there are none.
    pub span: Span,
    /// The line that closes it. `None` if the file ends before.
    pub terminator: Option<Span>,
}

impl Heredoc {
    /// The content as the step sees it: without the tabs at the start of lines for `<<-`.
    pub fn body(&self) -> Text {
        if !self.strip_tabs {
            return self.content.clone();
        }
        let mut body = Text::empty();
        let mut start = 0;
        for line in self.content.as_str().split_inclusive('\n') {
            let kept = start + (line.len() - line.trim_start_matches('\t').len());
            start += line.len();
            body.push(self.content.as_str(), self.content.map(), kept..start);
        }
        body
    }

    /// What follows the `#!` in the first line, trimmed. `None` if there is no such line.
    pub fn interpreter(&self) -> Option<Spanned<String>> {
        let content = self.content.as_str();
        let line = &content[..content.find('\n').unwrap_or(content.len())];
        let line = if self.strip_tabs { line.trim_start_matches('\t') } else { line };
        let start = content.find(line)? + 2;
        let words = line.strip_prefix("#!")?;
        let start = start + (words.len() - words.trim_start().len());
        let words = words.trim();
        Some(Spanned::new(words.to_owned(), self.content.span(start..start + words.len())))
    }
}

/// A word that opens a heredoc.
pub(super) struct Opening {
    pub(super) delimiter: String,
    expand: bool,
    pub(super) strip_tabs: bool,
    span: Span,
    /// Whether blanks stand behind the `<<`: older frontends take that for no heredoc, and it may as
    /// well be a shift of the shell's arithmetic.
    pub(super) is_spaced: bool,
}

impl Opening {
    /// What `word` opens. `None` if it is no heredoc.
    pub(super) fn of(word: &str, span: Span) -> Option<Self> {
        let rest = word.trim_start_matches(|char: char| char.is_ascii_digit()).strip_prefix("<<")?;
        let (rest, strip_tabs) = rest.strip_prefix('-').map_or((rest, false), |rest| (rest, true));
        if rest.contains('<') {
            return None;
        }
        let word = rest.trim_start();
        let is_spaced = word.len() < rest.len();
        let delimiter = unquoted(word).filter(|delimiter| !delimiter.is_empty())?;
        Some(Self { expand: !word.contains(['"', '\'', '\\']), delimiter, strip_tabs, span, is_spaced })
    }

    /// The heredocs that the logical line `text` opens, in order. None if a quote in it is not closed,
    /// as for BuildKit.
    pub(super) fn all(text: &Text) -> Vec<Self> {
        if !text.as_str().contains("<<") {
            return Vec::new();
        }
        let words = shell_words(text.as_str()).unwrap_or_default();
        words.into_iter().filter_map(|word| Self::of(&text.as_str()[word.clone()], text.span(word))).collect()
    }

    /// The heredoc, whose content is the next lines of `lexer`.
    pub(super) fn read(self, lexer: &mut Lexer<'_>, text: &str, map: &SourceMap) -> Heredoc {
        let start = lexer.offset();
        let mut end = start;
        let mut terminator = None;
        while let Some(line) = lexer.line() {
            let mut content = &text[line.clone()];
            if self.strip_tabs {
                content = content.trim_start_matches('\t');
            }
            if content == self.delimiter {
                terminator = Some(super::lexer::span_of(map, line.end - content.len()..line.end));
                break;
            }
            end = lexer.offset();
        }
        let mut content = Text::empty();
        content.push(text, map, start..end);
        Heredoc {
            delimiter: Spanned::new(self.delimiter, self.span),
            expand: self.expand,
            strip_tabs: self.strip_tabs,
            content,
            span: super::lexer::span_of(map, start..end),
            terminator,
        }
    }
}
