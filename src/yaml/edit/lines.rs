//! Lines and columns of a text.

/// The offset at which the line with the byte at `at` starts.
pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |newline| newline + 1)
}

/// The offset of the line break, or of the end of the text, behind `at`.
pub fn line_end(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |newline| at + newline)
}

/// The offset behind the line break at `at`; `at` at the end of the text.
pub fn next_line(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at..) {
        Some([b'\r', b'\n', ..]) => at + 2,
        Some([_, ..]) => at + 1,
        _ => at,
    }
}

/// The offset of the line break above the line that starts at `start`; `None` on the first line.
pub(super) fn line_above(text: &str, start: usize) -> Option<usize> {
    let above = &text[..start];
    let end = above.strip_suffix("\r\n").or(above.strip_suffix(['\n', '\r']))?.len();
    Some(end)
}

/// The line break that the text uses at `at` or, where nothing follows there, on its first line.
pub(super) fn newline_at(text: &str, at: usize) -> &'static str {
    let end = line_end(text, at);
    if end == text.len() { newline_of(text) } else { break_at(text, end) }
}

/// The first line break of the text; LF if it has none.
pub(super) fn newline_of(text: &str) -> &'static str {
    break_at(text, line_end(text, 0))
}

fn break_at(text: &str, end: usize) -> &'static str {
    match text.as_bytes().get(end..) {
        Some([b'\r', b'\n', ..]) => "\r\n",
        Some([b'\r', ..]) => "\r",
        _ => "\n",
    }
}

/// What stands before `at` on its line, without the byte order mark of the file.
pub(super) fn before(text: &str, at: usize) -> &str {
    text[line_start(text, at)..at].trim_start_matches('\u{feff}')
}

/// The number of spaces before `at`; `None` if something else stands before it on its line.
pub(super) fn column(text: &str, at: usize) -> Option<usize> {
    let before = before(text, at);
    before.bytes().all(|byte| byte == b' ').then_some(before.len())
}

/// Whether the rest of a line, from behind a value on, holds nothing but a comment.
pub(super) fn is_rest(rest: &str) -> bool {
    let bare = rest.trim_start_matches([' ', '\t']);
    bare.is_empty() || bare.starts_with('#') && bare.len() < rest.len()
}
