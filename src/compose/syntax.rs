//! What the parsers of short syntaxes share: a text with its places, and the error.

use std::fmt;
use std::ops::Range;

use crate::source::{SourceId, SourceMap, Span, Spanned};

/// Why a text is not what its place in the Compose file takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// The fact, in the house style of messages.
    pub message: String,
    /// The bytes that are wrong; `None` for a text whose map has no runs, such as an empty one.
    pub span: Option<Span>,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}

/// A text and where its bytes come from.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Text<'t, 'm> {
    /// The text.
    pub(crate) text: &'t str,
    /// The map of the text.
    pub(crate) map: &'m SourceMap,
}

impl<'t> Text<'t, '_> {
    /// The part `range` of the text. `range` is in bounds and on character boundaries.
    pub(crate) fn part(&self, range: Range<usize>) -> Spanned<&'t str> {
        Spanned::new(&self.text[range.clone()], place(self.map, range))
    }

    /// `value`, said by the part `range` of the text.
    pub(crate) fn at<T>(&self, range: Range<usize>, value: T) -> Spanned<T> {
        Spanned::new(value, place(self.map, range))
    }

    /// An error about the part `range` of the text.
    pub(crate) fn error(&self, range: Range<usize>, message: impl Into<String>) -> SyntaxError {
        SyntaxError { message: message.into(), span: self.map.span(range) }
    }
}

/// The span of the part `range` of a text with this map; an empty one at the start of the first
/// file if the map has no runs, which a text that comes from a file has.
pub(crate) fn place(map: &SourceMap, range: Range<usize>) -> Span {
    map.span(range).unwrap_or_else(|| Span::new(SourceId(0), 0, 0))
}

/// What the parsers' tests share.
#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// The map of `text` as if it stood at byte 100 of a file.
    pub(crate) fn map_of(text: &str) -> SourceMap {
        SourceMap::verbatim(Span::new(SourceId(0), 100, 100 + text.len()))
    }

    /// The bytes of `text` that `span` covers, where `text` has the map of [`map_of`].
    ///
    /// # Panics
    /// If the span is out of bounds or splits a character.
    pub(crate) fn covered(text: &str, span: Span) -> &str {
        let range = span.range();
        assert!(range.start >= 100 && range.start <= range.end, "{span:?} of {text:?}");
        text.get(range.start - 100..range.end - 100).expect("the span is in the text, between characters")
    }

    /// Texts of the characters that short syntaxes are made of, and some that they are not.
    pub(crate) fn texts() -> impl proptest::strategy::Strategy<Value = String> {
        use proptest::prelude::*;
        let piece = prop_oneof![
            4 => "[a-zA-Z0-9]{1,3}",
            4 => "[:/@=,.\\[\\]{}$?+ _-]",
            2 => "[\"'#\\\\\t\r\n\0]",
            1 => Just("${A:-".to_owned()),
            1 => Just("$$".to_owned()),
            1 => Just("export ".to_owned()),
            1 => any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }
}
