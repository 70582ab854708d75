//! Texts that are made to break a reader: each is read, or refused with one clear problem.

use std::fmt::Write as _;

use composelint::yaml::expand::{Refusal, expand};
use composelint::yaml::parse::ProblemKind;

use crate::support::{at, problem, read, slice, tree};

/// The refusal of a text that is YAML.
fn refusal(text: &str) -> Option<Refusal> {
    expand(&tree(text), &mut |_| None).1
}

fn is_too_much(text: &str) -> bool {
    matches!(refusal(text), Some(Refusal::TooManyNodes(_)))
}

#[test]
fn every_line_ending_ends_a_line() {
    for ending in ["\n", "\r\n", "\r"] {
        let text = ["a: 1", "b:", "  - c", "  # d", "e: |", "  f", "", "  g", ""].join(ending);
        let tree = tree(&text);
        assert_eq!(at(&tree, &["b", "0"]).raw_str(), Some("c"), "{text:?}");
        assert_eq!(at(&tree, &["e"]).raw_str(), Some("f\n\ng\n"), "{text:?}");
        assert_eq!(slice(&text, tree.comments()[0].span), "# d");
    }
}

#[test]
fn a_nul_is_refused() {
    assert_eq!(problem("a: \0").message, "the file holds a NUL byte, which YAML does not allow");
    assert_eq!(problem("a\0:\0 \0b\0").span.start, 1);
}

#[test]
fn a_file_without_content_has_no_root() {
    for text in
        ["", "\n", " \n\n", "# c", "# c\n\n# d\n", "---", "---\n", "--- # c\n", "\u{feff}", "\u{feff}# c\n"]
    {
        let parsed = read(text);
        assert_eq!(parsed.problems, [], "{text:?}");
        assert!(parsed.documents.iter().all(|tree| tree.root().is_none()), "{text:?}");
    }
}

#[test]
fn documents_are_read_one_by_one() {
    let parsed = read("%YAML 1.2\n# a\n---\na: &x 1\n...\n---\nb: 2\n---\n--- c\n");
    assert_eq!(parsed.problems, []);
    let roots: Vec<bool> = parsed.documents.iter().map(|tree| tree.root().is_some()).collect();
    assert_eq!(roots, [true, true, false, true]);
    let anchors = problem("a: &x 1\n---\nb: *x\n");
    assert_eq!(anchors.message, "alias `*x` has no anchor before it");
    assert_eq!(read("a: 1\n---\nb: @\n").documents.len(), 1);
}

#[test]
fn a_version_of_another_major_is_refused() {
    assert_eq!(problem("%YAML 2.0\n---\na: 1\n").kind, ProblemKind::Syntax);
    assert_eq!(read("%YAML 1.1\n---\na: 1\n").problems, []);
}

#[test]
fn more_values_than_the_limit_are_refused() {
    let problem = problem(&"a: b # c\n".repeat(200_000));
    assert_eq!(
        (problem.kind, &*problem.message),
        (ProblemKind::Limit, "the file has more than 500000 values and comments")
    );
}

#[test]
fn a_file_of_problems_is_not_read_to_its_end() {
    let problems = read(&"- *x\n".repeat(10_000)).problems;
    assert_eq!(problems.len(), 100);
}

#[test]
fn nesting_past_the_limit_is_refused() {
    let deep = |count: usize| {
        let blocks: String = (0..count).map(|depth| format!("{:depth$}a:\n", "")).collect();
        let items = "- ".repeat(count);
        ["[".repeat(count), "{a: ".repeat(count), "[{a: ".repeat(count), blocks, items]
    };
    for text in deep(10_000) {
        let problem = problem(&text);
        assert_eq!(problem.kind, ProblemKind::Limit, "{problem:?}");
        assert_eq!(problem.message, "collections are nested more than 128 deep");
    }
    let allowed = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert_eq!(read(&allowed).problems, []);
    assert_eq!(problem(&format!("[{allowed}]")).kind, ProblemKind::Limit);
}

#[test]
fn a_megabyte_of_text_is_read() {
    let long = "x".repeat(1 << 20);
    assert_eq!(at(&tree(&format!("a: {long}\nb: 1\n")), &["a"]).span().len(), 1 << 20);
    assert_eq!(problem(&format!("{long}: 1\n")).message, "a key is longer than 1,024 characters");
    assert_eq!(tree(&format!("{}a: 1\n", "# c\n".repeat(100_000))).comments().len(), 100_000);
}

#[test]
fn many_uses_of_one_anchor_are_fine() {
    let uses: String = (0..300).map(|number| format!("s{number}: {{<<: *a, c: *a}}\n")).collect();
    assert_eq!(refusal(&format!("a: &a {{x: 1, y: [2, 3]}}\n{uses}")), None);
}

#[test]
fn aliases_of_aliases_are_counted() {
    let mut list = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    let mut merge = "a0: &a0 {k: v}\n".to_owned();
    for level in 1..9 {
        let below = level - 1;
        let uses = vec![format!("*a{below}"); 9].join(", ");
        let _ = writeln!(list, "a{level}: &a{level} [{uses}]");
        let _ = writeln!(merge, "a{level}: &a{level} {{<<: [{uses}]}}");
    }
    assert!(is_too_much(&list));
    assert!(is_too_much(&merge));
}

#[test]
fn a_long_chain_of_anchors_is_refused() {
    let mut list = "a0: &a0 [x]\n".to_owned();
    let mut merge = "a0: &a0 {k: v}\n".to_owned();
    for level in 1..5_000 {
        let below = level - 1;
        let _ = writeln!(list, "a{level}: &a{level} [*a{below}]");
        let _ = writeln!(merge, "a{level}: &a{level} {{<<: *a{below}, k{level}: v}}");
    }
    assert!(matches!(refusal(&list), Some(Refusal::TooDeep(_))));
    assert!(matches!(refusal(&merge), Some(Refusal::TooDeep(_))));
}

#[test]
fn large_mappings_are_merged_and_many_times_refused() {
    let keys =
        |letter: char| -> String { (0..40_000).map(|number| format!("  {letter}{number}: 1\n")).collect() };
    let text = format!("a: &a\n{}b:\n  <<: *a\n{}", keys('a'), keys('b'));
    let (tree, refusal) = expand(&tree(&text), &mut |_| None);
    assert_eq!(refusal, None);
    assert_eq!(at(&tree, &["b"]).entries().len(), 80_000);
    let many = format!("a: &a\n{}b:\n  <<: [{}]\n{}", keys('a'), "*a, ".repeat(10_000), keys('a'));
    assert!(is_too_much(&many));
}

#[test]
fn long_texts_are_counted_by_their_length() {
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), "*a, ".repeat(10_000));
    match refusal(&text) {
        Some(Refusal::TooManyNodes(span)) => assert_eq!(slice(&text, span), "*a"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn many_quoted_values_at_the_column_of_their_key_are_read_or_refused() {
    let few = "a: \"b\nc\"\n".repeat(100).replace('a', "k");
    assert_eq!(read(&few).problems, []);
    let many = "a: \"b\nc\"\n".repeat(10_000);
    assert_eq!(problem(&many).message, "this line of a quoted value is not indented deeper than its key");
}

#[test]
fn a_comment_within_a_plain_value_is_refused() {
    let parsed = crate::support::read("a: one\n  two\n\t# three\n  four\n");
    let messages: Vec<&str> = parsed.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(!messages.is_empty(), "the engine's library ends the value at the comment");
}
