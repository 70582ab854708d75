//! Collections by indentation: which lines belong to which child.

use super::lines::{before, column, is_rest, line_above, line_end, line_start, next_line};
use crate::source::SourceId;
use crate::yaml::{Entry, Kind, Style, Yaml};

/// One child of a block collection, with its comments: whole lines, but for the first child of a
/// collection that starts behind a dash.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Part {
    /// The offset of the first comment that describes the child, else of the child.
    pub(super) head: usize,
    /// The offset of the key or dash.
    pub(super) start: usize,
    /// The offset at which the last line ends, comments on it and indented ones below it included.
    pub(super) end: usize,
    /// Whether blank lines behind it are part of its value.
    pub(super) keeps: bool,
}

/// A block collection as lines.
#[derive(Debug)]
pub(super) struct Block<'t> {
    pub(super) text: &'t str,
    pub(super) source: SourceId,
    /// The number of columns before each key or dash.
    pub(super) column: usize,
    /// Whether the first child stands behind the dash of a list.
    pub(super) is_compact: bool,
    pub(super) parts: Vec<Part>,
}

/// The end of what is written of a node, with its properties.
pub(super) fn end_of(node: Yaml<'_>) -> usize {
    let property = node.tag().into_iter().chain(node.anchor()).map(|it| it.span.end);
    property.chain([node.span().end]).max().unwrap_or_default() as usize
}

/// The start of what is written of a node, with its properties.
pub(super) fn start_of(node: Yaml<'_>) -> usize {
    let property = node.tag().into_iter().chain(node.anchor()).map(|it| it.span.start);
    property.chain([node.span().start]).min().unwrap_or_default() as usize
}

/// Whether blank lines behind the node are part of it: its last scalar is `|+` or `>+`.
fn keeps(node: Yaml<'_>, text: &str) -> bool {
    let mut node = node;
    loop {
        if node.is_alias() {
            return false;
        }
        let last = match node.kind() {
            Kind::Scalar => {
                let is_block = matches!(node.style(), Style::Literal | Style::Folded);
                let header = text.get(node.span().range()).and_then(|written| written.lines().next());
                return is_block && header.is_some_and(|header| header.contains('+'));
            }
            Kind::Sequence => node.items().next_back(),
            Kind::Mapping => node.entries().next_back().map(|entry| entry.value),
        };
        match last {
            Some(last) => node = last,
            None => return false,
        }
    }
}

impl<'t> Block<'t> {
    /// The collection as lines. `None` if it is in flow style, empty, repeated by an alias, not wholly
    /// in one file, or written in a way in which lines do not belong to one child.
    pub(super) fn of(collection: Yaml<'t>) -> Option<Self> {
        if collection.is_alias() || collection.is_shared() || collection.style() != Style::Block {
            return None;
        }
        let source = collection.span().source;
        let text = collection.tree().text(source)?;
        let children: Vec<(usize, Yaml<'t>)> = match collection.kind() {
            Kind::Mapping => {
                collection.entries().map(|entry| key_start(entry, text)).collect::<Option<_>>()?
            }
            Kind::Sequence => collection.items().map(|item| dash(item, text)).collect::<Option<_>>()?,
            Kind::Scalar => return None,
        };
        let (first, _) = *children.first()?;
        let before_first = before(text, first);
        let is_compact = !before_first.bytes().all(|byte| byte == b' ');
        if is_compact && !before_first.bytes().all(|byte| matches!(byte, b' ' | b'-')) {
            return None;
        }
        let column = before_first.len();
        let mut block = Self { text, source, column, is_compact, parts: Vec::with_capacity(children.len()) };
        for (index, (start, value)) in children.iter().enumerate() {
            let next = children.get(index + 1).map(|(start, _)| *start);
            let part = block.part(index, *start, *value, next)?;
            block.parts.push(part);
        }
        Some(block)
    }

    fn part(&self, index: usize, start: usize, value: Yaml<'t>, next: Option<usize>) -> Option<Part> {
        let text = self.text;
        let span = value.span();
        if span.source != self.source || index > 0 && column(text, start) != Some(self.column) {
            return None;
        }
        let last = self.parts.last().map_or(0, |part| part.end);
        let line = line_start(text, start);
        if index > 0 && line <= last || end_of(value) < start {
            return None;
        }
        // Between two children there are only blank lines and comments.
        let own_end = line_end(text, end_of(value));
        if !is_rest(text.get(end_of(value)..own_end)?) {
            return None;
        }
        let limit = match next {
            Some(next) if next > own_end => line_start(text, next),
            Some(_) => return None,
            None => text.len(),
        };
        let mut end = own_end;
        let mut at = next_line(text, own_end);
        let mut is_inner = true;
        while at < limit {
            let line_end = line_end(text, at);
            let content = text[at..line_end].trim_start_matches([' ', '\t']);
            if content.starts_with('#') {
                // Comments that are indented more belong to what stands above them.
                is_inner &= line_end - at - content.len() > self.column;
                if is_inner {
                    end = line_end;
                }
            } else if !content.is_empty() {
                if next.is_some() {
                    return None;
                }
                break;
            }
            at = next_line(text, line_end);
        }
        let head = if index == 0 && self.is_compact { start } else { self.head(start, last, index) };
        Some(Part { head, start, end, keeps: keeps(value, text) })
    }

    /// The offset of the first of the comments directly above `start`, in its column and behind `last`.
    /// Comments at the top of a file describe the file.
    fn head(&self, start: usize, last: usize, index: usize) -> usize {
        let text = self.text;
        let mut head = start;
        let mut line = line_start(text, start);
        while let Some(end) = line_above(text, line) {
            let above = line_start(text, end);
            if index > 0 && above <= last {
                break;
            }
            let content = text[above..end].trim_start_matches('\u{feff}');
            let bare = content.trim_start_matches(' ');
            if !bare.starts_with('#') || content.len() - bare.len() != self.column {
                break;
            }
            head = above + (text[above..end].len() - bare.len());
            line = above;
        }
        let is_top = |at: usize| {
            let above = text[..line_start(text, at)].trim_start_matches('\u{feff}');
            above
                .lines()
                .all(|line| line.trim().is_empty() || line.starts_with(['%', '#']) || line.starts_with("---"))
        };
        if index == 0 && self.column == 0 && is_top(head) { start } else { head }
    }

    /// Whether only blank lines stand between a part and the next one.
    pub(super) fn is_clear_behind(&self, index: usize) -> bool {
        let Some(next) = self.parts.get(index + 1) else { return true };
        self.text[self.parts[index].end..next.head].trim().is_empty()
    }

    /// The bytes to remove for the parts from `first` to `last`, between which only blank lines stand;
    /// `None` where that would leave nothing, or the lines around it would change their meaning.
    pub(super) fn removal(&self, first: usize, last: usize) -> Option<(usize, usize)> {
        let text = self.text;
        let part = Part { end: self.parts.get(last)?.end, ..*self.parts.get(first)? };
        if self.parts.len() <= last - first + 1 || first > 0 && self.parts[first - 1].keeps {
            return None;
        }
        if first == 0 && self.is_compact {
            let next = self.parts.get(last + 1)?;
            let is_clear = next.head == next.start && self.is_clear_behind(last);
            return is_clear.then_some((part.start, next.start));
        }
        let mut start = line_start(text, part.head);
        if text[start..].starts_with('\u{feff}') {
            start += '\u{feff}'.len_utf8();
        }
        let is_last_line = part.end == text.len();
        let mut end = next_line(text, part.end);
        let is_blank =
            |from: usize, to: usize| text[from..to].trim_start_matches('\u{feff}').trim().is_empty();
        if end >= text.len() {
            // Nothing follows: the blank lines above would end the file.
            while let Some(above) = line_above(text, start) {
                let from = line_start(text, above);
                if !is_blank(from, above) {
                    break;
                }
                start = from;
            }
            if is_last_line && let Some(above) = line_above(text, start) {
                start = above;
            }
            return (start < end).then_some((start, end));
        }
        let blank_above = line_above(text, start).is_none_or(|above| {
            let from = line_start(text, above);
            is_blank(from, above) || text[from..above].trim_start_matches('\u{feff}').starts_with("---")
        });
        if blank_above {
            while end < text.len() && is_blank(end, line_end(text, end)) {
                end = next_line(text, line_end(text, end));
            }
        }
        (start < end).then_some((start, end))
    }

    /// The place behind the part `index` and whether a line break must come first there. `None` if
    /// blank lines behind it are part of its value.
    pub(super) fn behind(&self, index: usize) -> Option<usize> {
        let part = self.parts.get(index)?;
        (!part.keeps).then_some(part.end)
    }
}

fn key_start<'t>(entry: Entry<'t>, text: &str) -> Option<(usize, Yaml<'t>)> {
    let key = entry.key;
    if key.kind() != Kind::Scalar || key.is_alias() || key.tag().is_some() || key.anchor().is_some() {
        return None;
    }
    let colon = text.get(key.span().end as usize..start_of(entry.value))?;
    if !colon.trim_start_matches([' ', '\t']).starts_with(':')
        || key.span().source != entry.value.span().source
    {
        return None;
    }
    Some((key.span().start as usize, entry.value))
}

fn dash<'t>(item: Yaml<'t>, text: &str) -> Option<(usize, Yaml<'t>)> {
    let before = text.get(..start_of(item))?.trim_end_matches(' ');
    before.ends_with('-').then(|| (before.len() - 1, item))
}
