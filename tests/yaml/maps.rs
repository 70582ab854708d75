//! Where the parts of a scalar's text stand in the file.

use crate::support::{at, slice, tree};

/// Checks that `part` of the value of `a` comes from `written`.
fn check(text: &str, value: &str, parts: &[(&str, &str)]) {
    let tree = tree(text);
    let node = at(&tree, &["a"]);
    assert_eq!(node.raw_str(), Some(value), "{text:?}");
    assert_eq!(node.map().len(), value.len(), "{text:?}");
    for (part, written) in parts {
        let start = value.find(part).unwrap_or_else(|| panic!("no {part:?} in {value:?}"));
        assert_eq!(slice(text, node.part(start..start + part.len())), *written, "{part:?} of {text:?}");
    }
}

#[test]
fn plain_text_is_its_own_bytes() {
    check("a: b c\n", "b c", &[("b", "b"), (" c", " c"), ("b c", "b c")]);
    check("a: ä\\n'\"  b\n", "ä\\n'\"  b", &[("ä", "ä"), ("\\n", "\\n"), ("  b", "  b")]);
}

#[test]
fn line_breaks_in_flow_text_are_one_space() {
    for (open, close) in [("", ""), ("'", "'"), ("\"", "\"")] {
        let text = format!("a: {open}b c \n  d\n\n\n  e{close}\n");
        check(
            &text,
            "b c d\n\ne",
            &[("b c", "b c"), ("c d", "c \n  d"), ("d", "d"), ("e", "e"), ("\n\n", "\n\n\n  ")],
        );
        let text = text.replace('\n', "\r\n");
        check(&text, "b c d\n\ne", &[("c d", "c \r\n  d"), ("d", "d"), ("e", "e")]);
    }
}

#[test]
fn single_quotes_double_a_quote() {
    check("a: 'b''c\\n'\n", "b'c\\n", &[("b", "b"), ("'", "''"), ("c\\n", "c\\n"), ("b'c", "b''c")]);
    check("a: ''''\n", "'", &[("'", "''")]);
    check("a: ''\n", "", &[("", "")]);
}

#[test]
fn double_quotes_have_escapes() {
    check(
        r#"a: "b\n\x41\u00e4\U0001F600\\c\"d\	e\/f\_g" # h"#,
        "b\nAä\u{1f600}\\c\"d\te/f\u{a0}g",
        &[
            ("b", "b"),
            ("\n", r"\n"),
            ("A", r"\x41"),
            ("ä", r"\u00e4"),
            ("\u{1f600}", r"\U0001F600"),
            ("\\", r"\\"),
            ("c", "c"),
            ("\"", "\\\""),
            ("d", "d"),
            ("e", "e"),
            ("/", r"\/"),
            ("\u{a0}", r"\_"),
            ("f\u{a0}g", r"f\_g"),
        ],
    );
}

#[test]
fn an_escaped_line_break_is_nothing() {
    check(
        "a: \"b \\\n   c\\\n\n  \\  d\"\n",
        "b c\n  d",
        &[("b ", "b "), ("c", "c"), ("d", "d"), ("b c", "b \\\n   c")],
    );
}

#[test]
fn literal_lines_lose_their_indentation() {
    let text = "a: |\n  b\n    c\n\n  d\nk: 1\n";
    let parts = [("b", "b"), ("  c", "  c"), ("c", "c"), ("d", "d"), ("b\n  c", "b\n    c")];
    check(text, "b\n  c\n\nd\n", &parts);
    check(&text.replace('\n', "\r\n"), "b\n  c\n\nd\n", &parts[..4]);
}

#[test]
fn an_indentation_indicator_keeps_spaces() {
    check("a: |2-  # c\n    b\n   c\n  d\n", "  b\n c\nd", &[("  b", "  b"), (" c", " c"), ("d", "d")]);
    check("a: |1+\n\n  b\n\n\n", "\n b\n\n\n", &[(" b", " b"), ("b", "b")]);
}

#[test]
fn folded_lines_are_joined_by_spaces() {
    check(
        "a: >\n  b\n  c\n\n  d\n    e\n  f\n",
        "b c\nd\n  e\nf\n",
        &[("b", "b"), ("b c", "b\n  c"), ("c", "c"), ("d", "d"), ("  e", "  e"), ("f", "f")],
    );
}

#[test]
fn blank_lines_and_trailing_spaces_of_a_block_have_bytes() {
    check("a: |+\n  b  \n\n  c \n\n\nk: 1\n", "b  \n\nc \n\n\n", &[("b  ", "b  "), ("c ", "c ")]);
    check("a: >-\n\n  b\n", "\nb", &[("b", "b")]);
    check("a: |\n\n", "", &[("", "")]);
}
