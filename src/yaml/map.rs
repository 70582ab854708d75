//! Where the bytes of a scalar's text stand in its file.

use super::Style;
use crate::source::{SourceMap, Span};

/// The map of a scalar with this `span`, `style` and `text` in the file with text `file`. Where the
/// text cannot be followed byte by byte, all of it comes from the whole span.
pub fn of_scalar(file: Option<&str>, span: Span, style: Style, text: &str) -> SourceMap {
    let map = file.filter(|file| file.get(span.range()).is_some()).and_then(|file| match style {
        Style::Plain => flow(file, span, style, text),
        Style::SingleQuoted | Style::DoubleQuoted if span.len() >= 2 => {
            flow(file, Span { start: span.start + 1, end: span.end - 1, ..span }, style, text)
        }
        Style::Literal | Style::Folded => block(file, span, text),
        _ => None,
    });
    map.filter(|map| map.len() == text.len()).unwrap_or_else(|| {
        let mut map = SourceMap::empty();
        map.push_derived(text.len(), span);
        if text.is_empty() {
            map = SourceMap::verbatim(Span { end: span.start, ..span });
        }
        map
    })
}

/// Follows the inside of a flow scalar: verbatim runs, escapes, doubled quotes and folded line
/// breaks. `None` where the text is not what the bytes say.
fn flow(file: &str, inside: Span, style: Style, text: &str) -> Option<SourceMap> {
    let body = &file[inside.range()];
    if body == text {
        return Some(SourceMap::verbatim(inside));
    }
    let place = |start: usize, end: usize| {
        let from = inside.start as usize;
        Span::new(inside.source, from + start, from + end)
    };
    let mut map = SourceMap::empty();
    let mut at = 0;
    while at < body.len() {
        let rest = &body[at..];
        let step = match rest.as_bytes()[0] {
            b'\'' if style == Style::SingleQuoted => {
                map.push_derived(1, place(at, at + 2));
                2
            }
            b'\\' if style == Style::DoubleQuoted && rest[1..].starts_with(['\n', '\r']) => {
                // The break itself is gone; those of blank lines behind it are not.
                let gap = gap_length(&rest[1..]);
                map.push_derived(line_breaks(&rest[1..1 + gap]) - 1, place(at, at + 1 + gap));
                1 + gap
            }
            b'\\' if style == Style::DoubleQuoted => {
                let length = escape_length(rest);
                map.push_derived(text.get(map.len()..)?.chars().next()?.len_utf8(), place(at, at + length));
                length
            }
            b' ' | b'\t' | b'\n' | b'\r' => {
                let gap = gap_length(rest);
                match line_breaks(&rest[..gap]) {
                    0 => map.push_verbatim(place(at, at + gap)),
                    1 => map.push_derived(1, place(at, at + gap)),
                    breaks => map.push_derived(breaks - 1, place(at, at + gap)),
                }
                gap
            }
            _ => {
                let special = |c: char| match c {
                    ' ' | '\t' | '\n' | '\r' => true,
                    '\'' => style == Style::SingleQuoted,
                    '\\' => style == Style::DoubleQuoted,
                    _ => false,
                };
                let run = rest.find(special).unwrap_or(rest.len());
                map.push_verbatim(place(at, at + run));
                run
            }
        };
        at += step;
    }
    Some(map)
}

/// The number of bytes of the escape that the text starts with; of a surrogate pair, both.
fn escape_length(text: &str) -> usize {
    let length = match text.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') if text.get(2..3) == Some("d") || text.get(2..3) == Some("D") => {
            let high = matches!(text.as_bytes().get(3), Some(b'8' | b'9' | b'a' | b'b' | b'A' | b'B'));
            if high { 12 } else { 6 }
        }
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 1 + text[1..].chars().next().map_or(0, char::len_utf8),
    };
    length.min(text.len())
}

/// The number of bytes of white space, with line breaks, that the text starts with.
fn gap_length(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\n', '\r']).len()
}

/// The number of line breaks; CR LF is one.
fn line_breaks(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = |at: usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    (0..bytes.len()).filter(|at| ends(*at)).count()
}

/// Follows a block scalar: the lines below its header without their indentation. Blank lines at
/// the end of the text stand behind the span.
fn block(file: &str, span: Span, text: &str) -> Option<SourceMap> {
    if text.is_empty() {
        return Some(SourceMap::verbatim(Span { start: span.end, ..span }));
    }
    let mut map = SourceMap::empty();
    let (_, mut at) = line(file, span.start as usize);
    let indent = indentation(&file[at..], text)?;
    let mut rest = text;
    while !rest.is_empty() {
        let (end, next) = line(file, at);
        let spaces = file[at..end].len() - file[at..end].trim_start_matches(' ').len();
        let start = at + spaces.min(indent);
        let content = &file[start..end];
        if let Some(behind) = rest.strip_prefix(content) {
            map.push_verbatim(Span::new(span.source, start, end));
            rest = behind;
        } else if !content.trim().is_empty() {
            return None;
        }
        // A break is kept, folded to a space, or dropped above a blank line.
        if rest.starts_with(['\n', ' ']) {
            map.push_derived(1, Span::new(span.source, end, next));
            rest = &rest[1..];
        } else if next == at {
            return None;
        }
        at = next;
    }
    Some(map)
}

/// The number of spaces that are no content before each line of a block scalar, told by the first
/// line that is not blank. `None` for a text of blank lines with content that are only spaces.
fn indentation(body: &str, text: &str) -> Option<usize> {
    let spaces_of_first = |lines: &str| {
        let start = lines.find(|c| !matches!(c, ' ' | '\n' | '\r'))?;
        Some(start - lines[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1))
    };
    match spaces_of_first(text) {
        Some(kept) => spaces_of_first(body)?.checked_sub(kept),
        None => (!text.contains(' ')).then_some(usize::MAX),
    }
}

/// The ends of the line at `start`: without and with its line break.
fn line(file: &str, start: usize) -> (usize, usize) {
    let end = file[start..].find(['\n', '\r']).map_or(file.len(), |length| start + length);
    let ended = if file[end..].starts_with("\r\n") { end + 2 } else { (end + 1).min(file.len()) };
    (end, ended)
}
