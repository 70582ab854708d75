//! Where the bytes of a scalar's text stand in its file.

use super::Style;
use crate::source::{SourceMap, Span};

/// The map of a scalar with this `span`, `style` and `text` in the file with text `file`. Where the
/// text cannot be followed byte by byte, all of it comes from the whole span.
pub fn of_scalar(file: Option<&str>, span: Span, style: Style, text: &str) -> SourceMap {
    let written = file.and_then(|file| file.get(span.range()));
    let map = written.and_then(|written| match style {
        Style::Plain => quoted(written, span, 0, written.len(), style, text),
        Style::SingleQuoted | Style::DoubleQuoted => {
            let inner_end = written.len().checked_sub(1).filter(|end| *end >= 1)?;
            quoted(written, span, 1, inner_end, style, text)
        }
        Style::Literal | Style::Folded => block(written, span, text),
        Style::Block | Style::Flow => None,
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

fn sub(span: Span, start: usize, end: usize) -> Span {
    Span::new(span.source, span.start as usize + start, span.start as usize + end)
}

/// Follows a flow scalar: verbatim runs, escapes, doubled quotes and folded line breaks.
fn quoted(
    written: &str,
    span: Span,
    start: usize,
    end: usize,
    style: Style,
    text: &str,
) -> Option<SourceMap> {
    let body = &written[start..end];
    if body == text {
        return Some(SourceMap::verbatim(sub(span, start, end)));
    }
    let bytes = written.as_bytes();
    let mut map = SourceMap::empty();
    let mut at = start;
    while at < end {
        let made = map.len();
        match bytes[at] {
            b'\'' if style == Style::SingleQuoted => {
                map.push_derived(1, sub(span, at, (at + 2).min(end)));
                at += 2;
            }
            b'\\' if style == Style::DoubleQuoted => {
                let next = *bytes.get(at + 1)?;
                let length = match next {
                    b'x' => 4,
                    b'u' => 6,
                    b'U' => 10,
                    b'\r' if bytes.get(at + 2) == Some(&b'\n') => 3,
                    _ => 2,
                };
                if matches!(next, b'\n' | b'\r') {
                    at += length;
                    while at < end && matches!(bytes[at], b' ' | b'\t') {
                        at += 1;
                    }
                    continue;
                }
                let made_length = text.get(made..)?.chars().next()?.len_utf8();
                map.push_derived(made_length, sub(span, at, (at + length).min(end)));
                at += length;
            }
            b' ' | b'\t' | b'\n' | b'\r' => {
                let blank = bytes[at..end]
                    .iter()
                    .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
                    .count();
                let gap = &written[at..at + blank];
                if gap.contains(['\n', '\r']) {
                    let breaks = gap.replace("\r\n", "\n").matches(['\n', '\r']).count();
                    map.push_derived(if breaks == 1 { 1 } else { breaks - 1 }, sub(span, at, at + blank));
                } else {
                    map.push_verbatim(sub(span, at, at + blank));
                }
                at += blank;
            }
            _ => {
                let run = bytes[at..end]
                    .iter()
                    .take_while(|byte| match **byte {
                        b' ' | b'\t' | b'\n' | b'\r' => false,
                        b'\'' => style != Style::SingleQuoted,
                        b'\\' => style != Style::DoubleQuoted,
                        _ => true,
                    })
                    .count()
                    .max(1);
                map.push_verbatim(sub(span, at, at + run));
                at += run;
            }
        }
    }
    Some(map)
}

/// Follows a block scalar: every line of the text is found in the next line that holds it.
fn block(written: &str, span: Span, text: &str) -> Option<SourceMap> {
    let mut map = SourceMap::empty();
    let header = written.find(['\n', '\r'])?;
    let mut at = header + line_break(&written[header..]);
    let mut rest = text;
    while !rest.is_empty() {
        if at > written.len() {
            // Line breaks at the end that the span leaves out.
            map.push_derived(rest.len(), sub(span, written.len(), written.len()));
            break;
        }
        let line_length = written[at..].find(['\n', '\r']).unwrap_or(written.len() - at);
        let line = &written[at..at + line_length];
        let mut content = line.trim_start_matches(' ');
        // What is indented deeper keeps the rest of its indentation.
        let wanted = rest.split('\n').next().unwrap_or_default();
        let deeper = wanted.len() - wanted.trim_start_matches(' ').len();
        if !content.is_empty() {
            let indent = line.len() - content.len();
            content = &line[indent - deeper.min(indent)..];
            if !rest.starts_with(content) {
                return None;
            }
            let from = at + line.len() - content.len();
            map.push_verbatim(sub(span, from, at + line.len()));
            rest = &rest[content.len()..];
        }
        let broken = line_break(&written[at + line_length..]);
        if rest.starts_with(['\n', ' ']) && (content.is_empty() || !rest.is_empty()) {
            let place = sub(span, at + line_length, at + line_length + broken);
            map.push_derived(1, place);
            rest = &rest[1..];
        }
        at += line_length + broken.max(1);
    }
    Some(map)
}

fn line_break(text: &str) -> usize {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}
