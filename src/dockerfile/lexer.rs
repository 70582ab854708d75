//! Lines joined into logical lines, and their way back to the file.

use std::collections::HashMap;
use std::ops::Range;

use crate::source::{SourceId, SourceMap, Span};

/// A text derived from the file, and where its bytes stand in it.
///
/// ```text
/// file   RUN a \          text   RUN a  && b
///        # why
///         && b
/// ```
#[derive(Clone, Debug)]
pub struct Text {
    value: String,
    map: SourceMap,
}

impl Text {
    /// A text that comes from nowhere yet.
    pub(super) fn empty() -> Self {
        Self { value: String::new(), map: SourceMap::empty() }
    }

    /// Appends the part `range` of `text`, which `map` leads to its file.
    pub(super) fn push(&mut self, text: &str, map: &SourceMap, range: Range<usize>) {
        self.value.push_str(&text[range.clone()]);
        self.map.push_part(map, range);
    }

    /// Appends `value`, which the bytes of `span` stand for.
    pub(super) fn push_derived(&mut self, value: &str, span: Span) {
        self.value.push_str(value);
        self.map.push_derived(value.len(), span);
    }

    /// Appends `value`, which is the bytes of `span`.
    pub(super) fn push_verbatim(&mut self, value: &str, span: Span) {
        self.value.push_str(value);
        self.map.push_verbatim(span);
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// The map from offsets in the text to the file.
    pub fn map(&self) -> &SourceMap {
        &self.map
    }

    /// The bytes of the file that the part `range` comes from, with what was dropped in between.
    pub fn span(&self, range: Range<usize>) -> Span {
        span_of(&self.map, range)
    }

    /// The part `range`, on character boundaries, with its own map.
    pub fn part(&self, range: Range<usize>) -> Text {
        let mut part = Self::empty();
        part.push(&self.value, &self.map, range);
        part
    }
}

/// The span of `range`; that of the first byte of the first file for a map without runs.
pub(super) fn span_of(map: &SourceMap, range: Range<usize>) -> Span {
    map.span(range).unwrap_or(Span::new(SourceId(0), 0, 0))
}

/// The blank characters between words that BuildKit splits at.
pub(super) fn is_blank(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\r' | '\x0b' | '\x0c')
}

/// `range` without the white space at both ends.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let slice = &text[range.clone()];
    let start = range.start + (slice.len() - slice.trim_start().len());
    start..start + slice.trim().len()
}

/// What the lexer finds at the start of a line. Ranges are of the whole text.
pub(super) enum Piece {
    /// A line of white space.
    Blank,
    /// A comment, from its `#` to the end of its line.
    Comment(Range<usize>),
    /// An instruction.
    Instruction(Joined),
}

/// An instruction's lines, joined.
pub(super) struct Joined {
    /// The lines without continuations, and without the comments and blank lines in between.
    pub(super) text: Text,
    /// The bytes from the first word to the end of the last line that is part of `text`.
    pub(super) range: Range<usize>,
    /// The comments in between.
    pub(super) comments: Vec<Range<usize>>,
    /// The blank lines in between, with their line endings.
    pub(super) blanks: Vec<Range<usize>>,
}

/// Reads a text line by line.
pub(super) struct Lexer<'t> {
    text: &'t str,
    map: &'t SourceMap,
    at: usize,
    /// The character that continues a line at its end.
    pub(super) escape: char,
    /// Where the last line with a text starts: as it is, and without tabs before it.
    last: Option<[HashMap<&'t str, usize>; 2]>,
}

impl<'t> Lexer<'t> {
    /// A lexer at the first line, past a byte order mark.
    pub(super) fn new(text: &'t str, map: &'t SourceMap) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, map, at, escape: '\\', last: None }
    }

    /// Whether one of the next lines is `line`, with tabs before it if they do not matter.
    pub(super) fn has_line_ahead(&mut self, line: &str, strip_tabs: bool) -> bool {
        let text = self.text;
        let last = self.last.get_or_insert_with(|| {
            let mut last = [HashMap::new(), HashMap::new()];
            let mut start = 0;
            for line in text.split_inclusive('\n') {
                let content = line.trim_end_matches(['\r', '\n']);
                last[0].insert(content, start);
                last[1].insert(content.trim_start_matches('\t'), start);
                start += line.len();
            }
            last
        });
        last[usize::from(strip_tabs)].get(line).is_some_and(|start| *start >= self.at)
    }

    /// The next physical line without its line ending. `None` at the end of the text.
    pub(super) fn line(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let start = self.at;
        self.at += length;
        Some(start..start + rest[..length].trim_end_matches(['\r', '\n']).len())
    }

    /// The offset of the next line.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// The next blank line, comment or instruction. `None` at the end of the text.
    pub(super) fn next(&mut self) -> Option<Piece> {
        let line = self.line()?;
        let content = trimmed(self.text, line.clone());
        if content.is_empty() {
            return Some(Piece::Blank);
        }
        if self.text[content.clone()].starts_with('#') {
            return Some(Piece::Comment(content));
        }
        Some(Piece::Instruction(self.joined(content.start..line.end)))
    }

    fn joined(&mut self, first: Range<usize>) -> Joined {
        let (mut comments, mut blanks) = (Vec::new(), Vec::new());
        let mut text = Text::empty();
        let mut range = first.clone();
        let mut line = Some(first);
        while let Some(current) = line {
            range.end = current.end;
            let kept = self.continued(current.clone());
            text.push(self.text, self.map, current.start..kept.unwrap_or(current.end));
            if kept.is_none() {
                break;
            }
            line = loop {
                let Some(next) = self.line() else { break None };
                let content = trimmed(self.text, next.clone());
                if content.is_empty() {
                    blanks.push(next.start..self.at);
                } else if self.text[content.clone()].starts_with('#') {
                    comments.push(content);
                } else {
                    break Some(next);
                }
            };
        }
        Joined { text, range, comments, blanks }
    }

    /// Where the line's text ends if the line goes on in the next one: before one escape character
    /// that only spaces and tabs follow. Two of them escape each other.
    fn continued(&self, line: Range<usize>) -> Option<usize> {
        let content = self.text[line.clone()].trim_end_matches([' ', '\t']);
        let before = content.strip_suffix(self.escape)?;
        (!before.ends_with(self.escape)).then_some(line.start + before.len())
    }
}
