//! A text made fit for the parser where it is stricter than the engine's YAML library.

use std::borrow::Cow;

use granit_parser::ErrorKind;

use super::syntax::{quote_end, unclosed_quote};

/// The number of bytes that may be read again for the sake of adaptations.
const MAX_READ_AGAIN: usize = 8 << 20;

/// The number of bytes that adaptations may add.
const MAX_ADDED: usize = 1 << 20;

/// A text as the parser takes it. Three things differ from the file: lines that continue a quoted
/// scalar at or before the column of its key are indented, a comment that touches a quote or
/// bracket is apart from it, and a lone `-` in a flow collection is another letter.
pub(super) struct Adapted<'s> {
    file: &'s str,
    text: Cow<'s, str>,
    /// The offsets in the file at which spaces are inserted, with their number.
    inserted: Vec<(usize, usize)>,
    /// For each of them, the offset past the spaces in the text and how far that is from the file's.
    shifts: Vec<(usize, usize)>,
    /// The offsets in the file of the dashes.
    dashes: Vec<usize>,
    read: usize,
}

impl<'s> Adapted<'s> {
    pub(super) fn new(file: &'s str) -> Self {
        Self {
            file,
            text: Cow::Borrowed(file),
            inserted: Vec::new(),
            shifts: Vec::new(),
            dashes: Vec::new(),
            read: 0,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The offset in the file of what stands at `at` in the text.
    pub(super) fn in_file(&self, at: usize) -> usize {
        match self.shifts.partition_point(|(end, _)| *end <= at).checked_sub(1) {
            Some(index) => at - self.shifts[index].1,
            None => at,
        }
    }

    /// Whether the byte at `at` in the file is a dash that the text has another letter for.
    pub(super) fn is_dash(&self, at: usize) -> bool {
        self.dashes.contains(&at)
    }

    /// Mends the text for an error at `at` in the file that the engine's library would not have
    /// made, if it is one; `cursor` is the end of the last token. Whether the text is new.
    pub(super) fn mend(&mut self, kind: &ErrorKind, at: usize, cursor: usize) -> bool {
        self.read += self.file.len();
        if self.read > MAX_READ_AGAIN {
            return false;
        }
        match kind {
            ErrorKind::PlainScalarStartsWithDashFlowIndicator if self.file[at..].starts_with('-') => {
                self.dashes.push(at);
            }
            ErrorKind::InvalidQuotedScalarIndent | ErrorKind::TabInIndentation => {
                if !self.indent(at, cursor) {
                    return false;
                }
            }
            ErrorKind::CommentNotSeparated
            | ErrorKind::InvalidTrailingSingleQuotedScalar
            | ErrorKind::InvalidTrailingDoubleQuotedScalar
                if self.file[at..].starts_with('#') && self.file[..at].ends_with(['"', '\'', ']', '}']) =>
            {
                self.inserted.push((at, 1));
            }
            _ => return false,
        }
        self.apply();
        true
    }

    /// Indents the lines of the quoted scalar around `at` deeper than its opening quote.
    fn indent(&mut self, at: usize, cursor: usize) -> bool {
        let Some(open) = unclosed_quote(self.file, cursor.min(at), at) else { return false };
        let Some(end) = quote_end(self.file, open) else { return false };
        let column = open - self.file[..open].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let before = self.inserted.len();
        let mut from = open;
        while let Some(length) = self.file[from..end].find(['\n', '\r']) {
            from += length + if self.file[from + length..].starts_with("\r\n") { 2 } else { 1 };
            if self.file[from..].starts_with("---") || self.file[from..].starts_with("...") {
                break;
            }
            self.inserted.push((from, column + 1));
        }
        let added: usize = self.inserted.iter().map(|(_, spaces)| spaces).sum();
        let is_new = self.inserted[before..].iter().all(|line| !self.inserted[..before].contains(line));
        is_new && self.inserted.len() > before && added <= MAX_ADDED
    }

    fn apply(&mut self) {
        self.inserted.sort_unstable();
        self.shifts.clear();
        let mut text = String::with_capacity(self.file.len());
        let mut from = 0;
        for (line, spaces) in &self.inserted {
            text.push_str(&self.file[from..*line]);
            text.extend(std::iter::repeat_n(' ', *spaces));
            self.shifts.push((text.len(), text.len() - line));
            from = *line;
        }
        text.push_str(&self.file[from..]);
        // A dash is one byte and so is its stand-in; every dash stands at a known distance.
        let mut bytes = text.into_bytes();
        for dash in &self.dashes {
            let shift = self
                .inserted
                .iter()
                .filter(|(line, _)| line <= dash)
                .map(|(_, spaces)| spaces)
                .sum::<usize>();
            bytes[dash + shift] = b'_';
        }
        self.text = Cow::Owned(String::from_utf8(bytes).unwrap_or_default());
    }
}
