//! Edits of YAML text that know what the bytes mean. Each answers `None` rather than guess.

use super::{Entry, Kind, Style, Yaml};
use crate::diagnostic::Edit;
use crate::source::Span;

/// Takes a whole entry out of a block mapping: its lines, the comments on lines directly above it,
/// and, where blank lines stand on both sides or nothing is above it, those below.
///
/// `text` is the file. `None` if the mapping is in flow style, would be left empty, shares a line
/// with something else, or an anchor in the entry is used elsewhere.
pub fn remove_entry(mapping: Yaml<'_>, entry: Entry<'_>, text: &str) -> Option<Edit> {
    if mapping.kind() != Kind::Mapping || mapping.style() != Style::Block || mapping.entries().len() < 2 {
        return None;
    }
    if holds_anchor(entry.value) || entry.key.anchor().is_some() {
        return None;
    }
    let span = entry.span();
    let start = line_start(text, span.start as usize);
    if !text[start..span.start as usize].trim_start_matches('\u{feff}').bytes().all(|byte| byte == b' ') {
        return None;
    }
    // What stands behind the value on its last line may only be a comment about it.
    let line_end = line_end(text, span.end as usize);
    let behind = text[span.end as usize..line_end].trim();
    if !behind.is_empty() && !behind.starts_with('#') {
        return None;
    }
    let mut end = next_line(text, line_end);
    let byte_order_mark = if text[start..].starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let above = &text[..start];
    let above = above.strip_suffix("\r\n").or(above.strip_suffix(['\n', '\r'])).unwrap_or(above);
    let line = above[line_start(above, above.len())..].trim_start_matches('\u{feff}').trim();
    let blank_above = line.is_empty() || line.starts_with("---");
    if blank_above {
        while end < text.len() && text[end..self::line_end(text, end)].trim().is_empty() {
            end = next_line(text, self::line_end(text, end));
        }
    }
    let start = start + byte_order_mark;
    let source = span.source;
    (start < end).then(|| Edit { span: Span::new(source, start, end), text: String::new() })
}

/// Adds keys without values to the mapping that `section` is at the root of a document, or, where the
/// root does not have it, the section with them at the end of the file, in the file's indentation.
///
/// `text` is the file, of which `root` is the only document, and the names can stand without quotes.
/// `None` if `names` is empty, or the root or the section is in flow style, an alias or shares a line
/// with something else.
pub fn add_keys(root: Yaml<'_>, section: &str, names: &[&str], text: &str) -> Option<Edit> {
    if names.is_empty() || root.kind() != Kind::Mapping || root.style() != Style::Block {
        return None;
    }
    let source = root.span().source;
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let insert = |at: usize, lines: String| {
        let ends = at == 0 || text[..at].ends_with(['\n', '\r']);
        let text = if ends { lines } else { format!("{newline}{lines}") };
        Some(Edit { span: Span::new(source, at, at), text })
    };
    let lines = |indent: usize| -> String {
        names.iter().map(|name| format!("{:indent$}{name}:{newline}", "")).collect()
    };
    let Some(entry) = root.entry(section) else {
        let last = text.lines().rev().find(|line| !line.trim().is_empty())?;
        if column(text, root.entries().next()?.key)? != 0 || last.starts_with("...") {
            return None;
        }
        let at = text.trim_end_matches([' ', '\t']).len();
        let at = if text[..at].ends_with(['\n', '\r']) { at } else { text.len() };
        return insert(at, format!("{newline}{section}:{newline}{}", lines(indentation(root, text))));
    };
    let value = entry.value;
    if value.is_alias() || value.tag().is_some() {
        return None;
    }
    let (indent, end) = match value.kind() {
        Kind::Mapping if value.style() == Style::Block => {
            let last = value.entries().next_back()?;
            (column(text, value.entries().next()?.key)?, last.span().end as usize)
        }
        Kind::Scalar if value.is_null() && value.span().is_empty() && value.anchor().is_none() => {
            let base = column(text, entry.key)?;
            (base + indentation(root, text), value.span().end as usize)
        }
        _ => return None,
    };
    let end = text[..end].trim_end().len();
    let line_end = line_end(text, end);
    let behind = text[end..line_end].trim();
    if !behind.is_empty() && !behind.starts_with('#') {
        return None;
    }
    insert(next_line(text, line_end), lines(indent))
}

/// The number of spaces before a key; `None` if something else stands before it on its line.
fn column(text: &str, key: Yaml<'_>) -> Option<usize> {
    let at = key.span().start as usize;
    let before = text[line_start(text, at)..at].trim_start_matches('\u{feff}');
    before.bytes().all(|byte| byte == b' ').then_some(before.len())
}

/// By how many spaces the first mapping below the root is indented; two if there is none.
fn indentation(root: Yaml<'_>, text: &str) -> usize {
    let nested = root.entries().filter(|entry| !entry.value.is_alias()).find_map(|entry| {
        let first = entry.value.entries().next().filter(|_| entry.value.style() == Style::Block)?;
        column(text, first.key)?.checked_sub(column(text, entry.key)?)
    });
    nested.filter(|spaces| *spaces > 0).unwrap_or(2)
}

/// Whether something below the node has an anchor.
fn holds_anchor(node: Yaml<'_>) -> bool {
    if node.is_alias() {
        return false;
    }
    node.anchor().is_some()
        || node.items().any(holds_anchor)
        || node.entries().any(|entry| entry.key.anchor().is_some() || holds_anchor(entry.value))
}

/// The offset at which the line with the byte at `at` starts.
pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |newline| newline + 1)
}

/// The offset of the line break, or of the end of the text, behind `at`.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |newline| at + newline)
}

/// The offset behind the line break at `at`.
fn next_line(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at..) {
        Some([b'\r', b'\n', ..]) => at + 2,
        Some([_, ..]) => at + 1,
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::SourceId;
    use crate::yaml::parse::parse;

    /// The text with `a` and `b` added under `volumes`.
    fn added(text: &str) -> Option<String> {
        let parsed = parse(SourceId(0), &Arc::from(text));
        let root = parsed.documents.first()?.root()?;
        let edit = add_keys(root, "volumes", &["a", "b"], text)?;
        let (before, after) = (&text[..edit.span.start as usize], &text[edit.span.end as usize..]);
        Some(format!("{before}{}{after}", edit.text))
    }

    #[test]
    fn keys_are_added_under_the_section_in_the_indentation_of_the_file() {
        for (text, with) in [
            ("x: 1\n", "x: 1\n\nvolumes:\n  a:\n  b:\n"),
            ("x: 1", "x: 1\n\nvolumes:\n  a:\n  b:\n"),
            ("x:\r\n    y: 1\r\n", "x:\r\n    y: 1\r\n\r\nvolumes:\r\n    a:\r\n    b:\r\n"),
            ("volumes:\nx: {}\n", "volumes:\n  a:\n  b:\nx: {}\n"),
            ("volumes: # none\nx: 1\n", "volumes: # none\n  a:\n  b:\nx: 1\n"),
            ("volumes:\n   c: # the first\n\nx: 1\n", "volumes:\n   c: # the first\n   a:\n   b:\n\nx: 1\n"),
            (
                "volumes:\n  c:\n    k: |\n      t\nx: 1\n",
                "volumes:\n  c:\n    k: |\n      t\n  a:\n  b:\nx: 1\n",
            ),
            ("volumes:\n  c: {k: 1}", "volumes:\n  c: {k: 1}\n  a:\n  b:\n"),
        ] {
            assert_eq!(added(text).as_deref(), Some(with), "{text:?}");
        }
    }

    #[test]
    fn a_section_that_cannot_take_keys_is_left_alone() {
        for text in [
            "{x: 1}\n",
            "volumes: {c: }\n",
            "volumes: ~\n",
            "x: &x {}\nvolumes: *x\n",
            "- x\n",
            "x: 1\n...\n",
        ] {
            assert_eq!(added(text), None, "{text:?}");
        }
    }
}
