//! What holds for every text.

use composelint::source::Span;
use composelint::yaml::expand::expand;
use composelint::yaml::{Kind, Style, Tree, Yaml};
use proptest::prelude::*;

use crate::generated::{document, render};
use crate::support::{read, slice};

/// Fragments of YAML, more likely to meet a corner than characters are.
fn soup() -> impl Strategy<Value = String> {
    let fragments = [
        "a",
        "b: ",
        "key:",
        "- ",
        "-",
        "? ",
        ": ",
        ":",
        ",",
        "[",
        "]",
        "{",
        "}",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\n\t",
        "\t",
        " ",
        "\r\n",
        "\r",
        "\"",
        "'",
        "''",
        "\\",
        "\\n",
        "\\x41",
        "|",
        "|2-\n",
        ">+\n",
        "| # c\n",
        "&a ",
        "*a",
        "*b",
        "!t ",
        "!!str ",
        "!",
        "# c",
        "#",
        "%YAML 1.2\n",
        "---",
        "---\n",
        "...\n",
        "<<: *a",
        "~",
        "ä",
        "\u{1f600}",
        "\u{feff}",
        "\0",
        "@",
        "`",
        "{{ x }}",
        "${A:-b}",
        "http://x",
        "80:80",
    ];
    prop::collection::vec(prop::sample::select(fragments.to_vec()), 0..24).prop_map(|parts| parts.concat())
}

/// Checks every span of a tree.
pub(crate) fn check_spans(tree: &Tree, text: &str) {
    let in_text = |span: Span| {
        assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?} in {text:?}");
    };
    for node in tree.nodes() {
        in_text(node.span());
        for property in [node.tag(), node.anchor()].into_iter().flatten() {
            in_text(property.span);
            assert!(slice(text, property.span).starts_with(['!', '&']), "{property:?} in {text:?}");
        }
        if node.is_alias() {
            assert!(slice(text, node.span()).starts_with('*'), "{text:?}");
            continue;
        }
        for child in node.items().chain(node.entries().flat_map(|entry| [entry.key, entry.value])) {
            assert!(
                node.span().contains(child.span()),
                "{:?} holds {:?} in {text:?}",
                slice(text, node.span()),
                slice(text, child.span())
            );
        }
        check_written(node, text);
    }
    for comment in tree.comments() {
        in_text(comment.span);
        assert!(slice(text, comment.span).starts_with('#'), "{text:?}");
    }
}

fn check_written(node: Yaml<'_>, text: &str) {
    let written = slice(text, node.span());
    let ends = |open: &str, close: &str| {
        assert!(written.starts_with(open) && written.ends_with(close), "{written:?} in {text:?}");
    };
    match (node.style(), node.kind()) {
        (Style::Flow, Kind::Sequence) => ends("[", "]"),
        // `[a: b]` has a mapping without braces.
        (Style::Flow, _) if written.starts_with('{') => ends("{", "}"),
        (Style::SingleQuoted, _) => ends("'", "'"),
        (Style::DoubleQuoted, _) => ends("\"", "\""),
        (Style::Literal, _) => ends("|", ""),
        (Style::Folded, _) => ends(">", ""),
        (Style::Block, Kind::Sequence) => ends("-", ""),
        (Style::Plain, _) if !written.contains(['\n', '\r']) => {
            assert_eq!(Some(written), node.raw_str(), "{text:?}");
        }
        _ => {}
    }
    if matches!(node.style(), Style::Literal | Style::Folded) {
        assert!(!written.ends_with(['\n', '\r']), "{written:?} in {text:?}");
    }
    check_map(node, text);
}

/// Checks that every character of a scalar's text comes from itself, an escape or white space.
fn check_map(node: Yaml<'_>, text: &str) {
    let Some(value) = node.raw_str() else { return };
    let map = node.map();
    assert_eq!(map.len(), value.len(), "{value:?} of {text:?}");
    if matches!(node.style(), Style::Literal | Style::Folded) && value.trim().is_empty() {
        return;
    }
    for (at, c) in value.char_indices() {
        let from = slice(text, map.span(at..at + c.len_utf8()).unwrap_or(node.span()));
        let blank =
            || from.chars().all(|c| matches!(c, ' ' | '\t' | '\n' | '\r')) && from.contains(['\n', '\r']);
        let right = match node.style() {
            Style::SingleQuoted if c == '\'' => from == "''",
            Style::DoubleQuoted if from.starts_with('\\') => from.len() > 1,
            Style::Literal | Style::Folded if c == '\n' => from.is_empty() || blank(),
            _ => from.chars().eq([c]) || matches!(c, ' ' | '\n') && blank(),
        };
        assert!(right, "{c:?} at {at} of {value:?} comes from {from:?} in {text:?}");
    }
}

fn check(text: &str) {
    let parsed = read(text);
    for problem in &parsed.problems {
        for span in [Some(problem.span), problem.label.as_ref().map(|(span, _)| *span)].into_iter().flatten()
        {
            assert!(text.get(span.range()).is_some(), "{problem:?} in {text:?}");
        }
        assert!(
            !problem.message.ends_with('.') && !problem.message.contains('\n'),
            "{problem:?} in {text:?}"
        );
    }
    for tree in &parsed.documents {
        check_spans(tree, text);
        let (expanded, _) = expand(tree, &mut |_| None);
        assert!(expanded.nodes().all(|node| !node.is_alias()), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fragments_of_yaml_are_read_or_refused(text in soup()) {
        check(&text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        check(&text);
    }

    #[test]
    fn documents_have_true_spans_and_maps(value in document(), crlf in any::<bool>(), ended in any::<bool>()) {
        let text = render(&value, crlf, ended);
        check(&text);
    }
}
