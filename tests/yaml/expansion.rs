//! Aliases and merge keys resolved.

use composelint::source::SourceMap;
use composelint::yaml::expand::{Refusal, expand};
use composelint::yaml::{Interpolation, Tree, Yaml};

use crate::support::{at, slice, tree};

fn expanded(text: &str) -> Tree {
    let (tree, refusal) = expand(&tree(text), &mut |_| None);
    assert_eq!(refusal, None, "{text:?}");
    tree
}

fn refusal(text: &str) -> Refusal {
    expand(&tree(text), &mut |_| None).1.unwrap_or_else(|| panic!("{text:?} is expanded"))
}

/// A tree in one line: `{key: value}`, `[item]`.
fn flat(node: Yaml<'_>) -> String {
    let tag = node.tag().map_or(String::new(), |tag| format!("{} ", tag.name));
    let items: Vec<String> = node.items().map(flat).collect();
    let entries: Vec<String> =
        node.entries().map(|entry| format!("{}: {}", entry.name(), flat(entry.value))).collect();
    match node.kind() {
        composelint::yaml::Kind::Scalar => format!("{tag}{}", node.raw_str().unwrap_or_default()),
        composelint::yaml::Kind::Sequence => format!("{tag}[{}]", items.join(", ")),
        composelint::yaml::Kind::Mapping => format!("{tag}{{{}}}", entries.join(", ")),
    }
}

/// The value of the last key of the document.
fn last(text: &str) -> String {
    let tree = expanded(text);
    let last = tree.root().and_then(|root| root.entries().last()).expect("the document has a key");
    flat(last.value)
}

#[test]
fn an_alias_is_a_copy_of_what_it_stands_for() {
    assert_eq!(last("a: &a [1, {b: 2}]\nc: *a\n"), "[1, {b: 2}]");
    assert_eq!(last("a: &a 1\na2: &a 2\nc: [*a, *a]\n"), "[2, 2]");
    assert_eq!(last("a: &a k\nb:\n  *a : 1\n"), "{k: 1}");
    assert_eq!(last("a: &a\nb: *a\n"), "");
}

#[test]
fn a_mapping_is_merged_behind_the_own_keys() {
    assert_eq!(last("a: &a {x: 1, y: 2}\nb: {<<: *a, z: 3}\n"), "{z: 3, x: 1, y: 2}");
    assert_eq!(last("b:\n  <<: {x: 1}\n  y: 2\n"), "{y: 2, x: 1}");
}

#[test]
fn an_own_key_wins_wherever_the_merge_key_stands() {
    assert_eq!(last("a: &a {x: 1}\nb: {<<: *a, x: 2}\n"), "{x: 2}");
    assert_eq!(last("a: &a {x: 1}\nb: {x: 2, <<: *a}\n"), "{x: 2}");
    assert_eq!(last("a: &a {x: {y: 1}}\nb: {x: {z: 2}, <<: *a}\n"), "{x: {z: 2}}");
}

#[test]
fn the_first_of_several_merged_mappings_wins() {
    let anchors = "a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\n";
    assert_eq!(last(&format!("{anchors}c: {{<<: [*a, *b]}}\n")), "{x: 1, y: 1, z: 2}");
    assert_eq!(last(&format!("{anchors}c: {{<<: [*b, *a, {{w: 3}}]}}\n")), "{x: 2, z: 2, y: 1, w: 3}");
}

#[test]
fn the_keys_of_a_merged_mapping_win_over_those_that_it_merges() {
    let text = "a: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, z: 3}\n";
    assert_eq!(last(text), "{z: 3, y: 2, x: 1}");
}

#[test]
fn only_a_plain_merge_key_merges() {
    assert_eq!(last("a: &a {x: 1}\nb: {\"<<\": *a}\n"), "{<<: {x: 1}}");
    assert_eq!(last("a: &a {x: 1}\nb: {'<<': *a}\n"), "{<<: {x: 1}}");
    assert_eq!(last("a: &a {x: 1}\nb: {!!merge <<: *a}\n"), "{x: 1}");
    assert_eq!(last("a: &a {x: 1}\nb: {!!str <<: *a}\n"), "{<<: {x: 1}}");
}

#[test]
fn what_is_no_mapping_is_not_merged() {
    for (text, place) in [
        ("a: {<<: 1}\n", "1"),
        ("a: {<<: }\n", ""),
        ("a: {<<: ~}\n", "~"),
        ("a: {<<: [{b: 1}, 2]}\n", "2"),
        ("a: &a [1]\nb: {<<: *a}\n", "*a"),
        ("a: &a [{c: 1}]\nb: {<<: *a}\n", "*a"),
        ("a: &a 1\nb: {<<: [*a]}\n", "*a"),
    ] {
        match refusal(text) {
            Refusal::NotAMapping(span) => assert_eq!(slice(text, span), place, "{text:?}"),
            other => panic!("{text:?}: {other:?}"),
        }
    }
}

#[test]
fn tags_stay_on_scalars_and_collections() {
    let text = "a: &a !override [!reset x, {b: !reset null}]\nc: {<<: {d: !reset []}, e: *a}\n";
    assert_eq!(last(text), "{e: !override [!reset x, {b: !reset null}], d: !reset []}");
}

#[test]
fn nodes_that_several_places_use_are_shared() {
    let text = "a: &a {x: [1]}\nb: &b {y: 2}\nc: {<<: *a, z: 3}\nd: {w: *a}\n";
    let tree = expanded(text);
    let shared = |path: &[&str]| at(&tree, path).is_shared();
    for path in [
        &["a"][..],
        &["a", "x"],
        &["a", "x", "0"],
        &["c", "x"],
        &["c", "x", "0"],
        &["d", "w"],
        &["d", "w", "x"],
    ] {
        assert!(shared(path), "{path:?}");
    }
    for path in [&[][..], &["b"], &["b", "y"], &["c"], &["c", "z"], &["d"]] {
        assert!(!shared(path), "{path:?}");
    }
    assert!(at(&tree, &["c"]).entry("x").is_some_and(|entry| entry.key.is_shared()));
}

#[test]
fn copies_keep_the_place_where_they_are_written() {
    let text = "a: &a {x: [1]}\nc: {<<: *a, z: *a}\n";
    let tree = expanded(text);
    assert_eq!(slice(text, at(&tree, &["c", "x"]).span()), "[1]");
    assert_eq!(at(&tree, &["c", "x"]).span(), at(&tree, &["a", "x"]).span());
    assert_eq!(at(&tree, &["c", "z"]).span(), at(&tree, &["a"]).span());
    assert_eq!(slice(text, at(&tree, &["c"]).span()), "{<<: *a, z: *a}");
}

#[test]
fn values_with_a_dollar_are_interpolated_wherever_they_are_used_and_keys_are_not() {
    let text = "a: &a {$k: $v}\nb: *a\nc: d\n";
    let document = tree(text);
    let mut asked = Vec::new();
    let (tree, _) = expand(&document, &mut |node| {
        asked.push(node.raw_str().unwrap_or_default().to_owned());
        let raw = node.raw_str().unwrap_or_default().into();
        Some((Interpolation { raw, raw_map: node.raw_map(), map: SourceMap::empty() }, Some("w".into())))
    });
    assert_eq!(asked, ["$v", "$v"]);
    assert_eq!(at(&tree, &["b", "$k"]).as_str(), Some("w"));
}
