//! Collections in `[…]` and `{…}`.

use super::block::{end_of, start_of};
use super::lines::{column, line_start};
use crate::diagnostic::Edit;
use crate::source::{SourceId, Span};
use crate::yaml::{Kind, Style, Yaml};

/// A flow collection as bytes.
#[derive(Debug)]
pub(super) struct Flow<'t> {
    pub(super) text: &'t str,
    pub(super) source: SourceId,
    /// The bytes of each child, properties included.
    pub(super) parts: Vec<(usize, usize)>,
    /// The offset behind the opening bracket.
    inner: usize,
    /// The offset of the closing bracket.
    close: usize,
    /// Whether comments stand between its children.
    pub(super) has_comments: bool,
}

impl<'t> Flow<'t> {
    /// The collection as bytes. `None` if it is in block style, repeated by an alias, or not wholly in
    /// one file.
    pub(super) fn of(collection: Yaml<'t>) -> Option<Self> {
        if collection.is_alias() || collection.is_shared() || collection.style() != Style::Flow {
            return None;
        }
        let span = collection.span();
        let text = collection.tree().text(span.source)?;
        let (open, close) = match collection.kind() {
            Kind::Mapping => ('{', '}'),
            Kind::Sequence => ('[', ']'),
            Kind::Scalar => return None,
        };
        let written = text.get(span.range())?;
        if written.len() < 2 || !written.starts_with(open) || !written.ends_with(close) {
            return None;
        }
        let ends: Vec<(Yaml<'t>, Yaml<'t>)> = match collection.kind() {
            Kind::Mapping => collection.entries().map(|entry| (entry.key, entry.value)).collect(),
            _ => collection.items().map(|item| (item, item)).collect(),
        };
        let (inner, close) = (span.start as usize + 1, span.end as usize - 1);
        let mut parts: Vec<(usize, usize)> = Vec::with_capacity(ends.len());
        let mut last = inner;
        let mut has_comments = false;
        let is_gap = |c: char| c.is_ascii_whitespace() || c == ',';
        for (from, to) in ends {
            let (start, end) = (start_of(from), end_of(to));
            if from.span().source != span.source || to.span().source != span.source {
                return None;
            }
            let gap = text.get(last..start)?;
            has_comments |= gap.contains('#');
            let gap = bare(gap);
            let commas = usize::from(!parts.is_empty());
            if end < start || end > close || !gap.chars().all(is_gap) || gap.matches(',').count() != commas {
                return None;
            }
            parts.push((start, end));
            last = end;
        }
        let tail = text.get(last..close)?;
        has_comments |= tail.contains('#');
        bare(tail).chars().all(is_gap).then_some(Self {
            text,
            source: span.source,
            parts,
            inner,
            close,
            has_comments,
        })
    }

    /// The edit that takes a child out.
    pub(super) fn removal(&self, index: usize) -> Option<Edit> {
        let (start, end) = *self.parts.get(index)?;
        let (from, to) = match (self.parts.get(index + 1), index.checked_sub(1)) {
            (Some((next, _)), _) => (start, *next),
            (None, Some(before)) => (self.parts[before].1, end),
            (None, None) => (self.inner, self.close),
        };
        Some(self.edit(from, to, String::new()))
    }

    /// The edit that puts `new` behind the child `index`, or into an empty collection for `None`.
    pub(super) fn insertion(&self, behind: Option<usize>, new: &str) -> Option<Edit> {
        let Some(index) = behind else {
            return self.parts.is_empty().then(|| self.edit(self.inner, self.close, new.to_owned()));
        };
        let (start, end) = *self.parts.get(index)?;
        let between = match column(self.text, start) {
            // One child a line.
            Some(_) if line_start(self.text, start) > self.inner => {
                let gap = &self.text[..start];
                let blank = gap.len() - gap.trim_end().len();
                format!(",{}", &gap[gap.len() - blank..])
            }
            _ => ", ".to_owned(),
        };
        Some(self.edit(end, end, format!("{between}{new}")))
    }

    pub(super) fn edit(&self, start: usize, end: usize, text: String) -> Edit {
        Edit { span: Span::new(self.source, start, end), text }
    }
}

/// The text between two children without its comments.
fn bare(gap: &str) -> String {
    gap.split_inclusive(['\n', '\r']).map(|line| line.split('#').next().unwrap_or_default()).collect()
}
