//! The files of a run and places in them.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use smallvec::SmallVec;

/// A file of this run.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(pub(crate) u32);

/// A half-open range of bytes in one file.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file that the bytes belong to.
    pub source: SourceId,
    /// The offset of the first byte, from 0.
    pub start: u32,
    /// The offset past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end` in `source`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { source, start: offset(start), end: offset(end) }
    }

    /// The bytes as a range, to slice the file's text with.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The number of bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Whether the span has no bytes.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether every byte of `other` is in this span.
    pub fn contains(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// The smallest span over this and `other`; this one if they are in different files.
    pub fn to(self, other: Span) -> Span {
        if self.source != other.source {
            return self;
        }
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value and the bytes that say it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Spanned<T> {
    /// What is said.
    pub value: T,
    /// Where it is said.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, said at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

/// Where the bytes of a derived text (a decoded scalar, an interpolated value, an inline
/// Dockerfile) stand in their file.
///
/// ```text
/// file   "C:\\dir"        text   C:\dir
/// runs   C:  \\  dir             C: \ dir
/// ```
#[derive(Clone, Debug)]
pub struct SourceMap {
    /// Most texts are one run, and are asked for by many rules.
    runs: SmallVec<[Run; 1]>,
    length: u32,
}

#[derive(Copy, Clone, Debug)]
struct Run {
    /// The offset in the derived text at which the run starts.
    start: u32,
    /// The bytes of the file that it comes from.
    span: Span,
    /// Whether the text of the run is the bytes of the span, one to one.
    verbatim: bool,
}

impl SourceMap {
    /// The map of a text that is not derived yet: nothing comes from anywhere.
    pub fn empty() -> Self {
        Self { runs: SmallVec::new(), length: 0 }
    }

    /// The map of a text that is the bytes of `span`.
    pub fn verbatim(span: Span) -> Self {
        let mut map = Self::empty();
        map.push_verbatim(span);
        map
    }

    /// Appends a run of text that is the bytes of `span`.
    pub fn push_verbatim(&mut self, span: Span) {
        match self.runs.last_mut() {
            Some(last) if last.verbatim && last.span.source == span.source && last.span.end == span.start => {
                last.span.end = span.end;
            }
            _ => self.runs.push(Run { start: self.length, span, verbatim: true }),
        }
        self.length += span.len() as u32;
    }

    /// Appends `length` bytes of text that the bytes of `span` stand for.
    pub fn push_derived(&mut self, length: usize, span: Span) {
        if length > 0 {
            self.runs.push(Run { start: self.length, span, verbatim: false });
            self.length += length as u32;
        }
    }

    /// The number of bytes of the derived text.
    pub fn len(&self) -> usize {
        self.length as usize
    }

    /// Whether the derived text is empty.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Appends the part `range` of another map.
    pub fn push_part(&mut self, other: &SourceMap, range: Range<usize>) {
        let (from, to) = (range.start as u32, range.end as u32);
        let first = other.runs.partition_point(|run| run.start <= from).saturating_sub(1);
        for (index, run) in other.runs.iter().enumerate().skip(first) {
            let run_end = other.runs.get(index + 1).map_or(other.length, |next| next.start);
            let (start, end) = (run.start.max(from), run_end.min(to));
            if start >= to {
                break;
            }
            if start >= end {
                continue;
            }
            if run.verbatim {
                let offset = run.span.start + (start - run.start);
                self.push_verbatim(Span {
                    source: run.span.source,
                    start: offset,
                    end: offset + (end - start),
                });
            } else {
                self.push_derived((end - start) as usize, run.span);
            }
        }
    }

    /// The bytes of the file that the part `range` of the text comes from. Where the part spans
    /// several files, those of its first run. `None` for a map without runs.
    pub fn span(&self, range: Range<usize>) -> Option<Span> {
        let (from, to) = (range.start as u32, range.end.max(range.start) as u32);
        let first = self.runs.get(self.run_at(from))?;
        let start = if first.verbatim {
            first.span.start + (from - first.start).min(first.span.len() as u32)
        } else {
            first.span.start
        };
        if from == to {
            return Some(Span { source: first.span.source, start, end: start });
        }
        let last = self.runs.get(self.run_at(to - 1))?;
        let end = if last.verbatim {
            last.span.start + (to - last.start).min(last.span.len() as u32)
        } else {
            last.span.end
        };
        if last.span.source != first.span.source || end < start {
            let end = if first.verbatim { first.span.end } else { first.span.end.max(start) };
            return Some(Span { source: first.span.source, start, end });
        }
        Some(Span { source: first.span.source, start, end })
    }

    fn run_at(&self, offset: u32) -> usize {
        self.runs.partition_point(|run| run.start <= offset).saturating_sub(1)
    }
}

/// A file's path and text, with an index of its lines.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    text: Arc<str>,
    invalid_utf8: Option<u32>,
    lines: OnceLock<Vec<u32>>,
}

/// A line and a column, both from 1; the column counts Unicode scalar values.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in Unicode scalar values.
    pub column: u32,
}

impl Source {
    /// A file of `bytes`. Bytes that are not UTF-8 become U+FFFD, and the first of them is kept in
    /// [`Source::invalid_utf8`]; every offset before it is the file's own.
    pub fn new(path: impl Into<PathBuf>, bytes: Vec<u8>) -> Self {
        let (text, invalid_utf8) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(at as u32))
            }
        };
        Self { path: path.into(), text: text.into(), invalid_utf8, lines: OnceLock::new() }
    }

    /// The path as the run was given it or found it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The offset of the first byte that is not UTF-8.
    pub fn invalid_utf8(&self) -> Option<u32> {
        self.invalid_utf8
    }

    /// The offsets at which lines start, in ascending order; the first is 0. A line ends with LF,
    /// CR LF or a lone CR.
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let mut starts = vec![0];
            for (at, byte) in bytes.iter().enumerate() {
                if *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
                    starts.push(at as u32 + 1);
                }
            }
            starts
        })
    }

    /// The number, from 0, of the line that holds the byte at `offset`.
    pub fn line_of(&self, offset: u32) -> usize {
        self.line_starts().partition_point(|start| *start <= offset) - 1
    }

    /// The bytes of the line with number `line` from 0, without its line ending. Empty past the end.
    pub fn line_range(&self, line: usize) -> Range<usize> {
        let starts = self.line_starts();
        let Some(start) = starts.get(line).map(|start| *start as usize) else {
            return self.text.len()..self.text.len();
        };
        let end = starts.get(line + 1).map_or(self.text.len(), |next| *next as usize);
        let trimmed = self.text[start..end].trim_end_matches(['\n', '\r']).len();
        start..start + trimmed
    }

    /// The line and column of the byte at `offset`; past the end, those of the end.
    pub fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(offset as u32);
        let start = self.line_starts()[line] as usize;
        let mut before = &self.text[start..offset];
        if line == 0 {
            before = before.strip_prefix('\u{feff}').unwrap_or(before);
        }
        Position { line: line as u32 + 1, column: before.chars().count() as u32 + 1 }
    }
}

/// All files of a run. Files are added while the run goes on and never removed.
#[derive(Debug, Default)]
pub struct Sources {
    files: RwLock<Vec<Arc<Source>>>,
}

impl Sources {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; the number is the next free one.
    pub fn add(&self, source: Source) -> SourceId {
        let mut files = self.files.write().expect("no thread panics while it adds a file");
        files.push(Arc::new(source));
        SourceId(files.len() as u32 - 1)
    }

    /// The file with this number.
    ///
    /// # Panics
    /// If the number comes from another run.
    pub fn get(&self, id: SourceId) -> Arc<Source> {
        let files = self.files.read().expect("no thread panics while it adds a file");
        Arc::clone(&files[id.0 as usize])
    }

    /// All files, in the order of their numbers.
    pub fn all(&self) -> Vec<Arc<Source>> {
        self.files.read().expect("no thread panics while it adds a file").clone()
    }

    /// The numbers of all files, ascending.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> {
        (0..self.all().len() as u32).map(SourceId)
    }

    /// The text at `span`, cut to the file.
    pub fn slice(&self, span: Span) -> String {
        self.get(span.source).text().get(span.range()).unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize) -> Span {
        Span::new(SourceId(0), start, end)
    }

    #[test]
    fn lines_end_with_lf_crlf_or_cr() {
        let source = Source::new("a", b"a\nb\r\nc\rd".to_vec());
        assert_eq!(source.line_starts(), [0, 2, 5, 7]);
        assert_eq!(&source.text()[source.line_range(1)], "b");
        assert_eq!(source.position(7), Position { line: 4, column: 1 });
    }

    #[test]
    fn columns_count_characters_and_skip_the_byte_order_mark() {
        let source = Source::new("a", "\u{feff}äb".as_bytes().to_vec());
        assert_eq!(source.position(5), Position { line: 1, column: 2 });
    }

    #[test]
    fn bytes_before_invalid_utf8_keep_their_offsets() {
        let source = Source::new("a", b"ab\xffc".to_vec());
        assert_eq!(source.invalid_utf8(), Some(2));
        assert_eq!(source.text(), "ab\u{fffd}c");
    }

    #[test]
    fn a_map_leads_from_derived_text_to_bytes() {
        let mut map = SourceMap::verbatim(span(1, 3));
        map.push_derived(1, span(3, 5));
        map.push_verbatim(span(5, 8));
        assert_eq!(map.len(), 6);
        assert_eq!(map.span(0..2), Some(span(1, 3)));
        assert_eq!(map.span(2..3), Some(span(3, 5)));
        assert_eq!(map.span(1..4), Some(span(2, 6)));
        assert_eq!(map.span(6..6), Some(span(8, 8)));
        let mut part = SourceMap::empty();
        part.push_part(&map, 2..5);
        assert_eq!(part.span(0..3), Some(span(3, 7)));
    }

    #[test]
    fn verbatim_runs_that_touch_are_one() {
        let mut map = SourceMap::verbatim(span(1, 3));
        map.push_verbatim(span(3, 8));
        assert_eq!(map.span(1..6), Some(span(2, 7)));
        assert_eq!(map.span(4..7), Some(span(5, 8)));
    }
}
