//! Where values, keys, comments and what is not written stand.

use composelint::source::{Position, Source};
use composelint::yaml::{Placement, Style};

use crate::support::{at, problem, read, slice, tree};

/// The bytes of the node at `path`.
fn written<'s>(text: &'s str, path: &[&str]) -> &'s str {
    slice(text, at(&tree(text), path).span())
}

/// The bytes before the node at `path`, back to the start of its line.
fn before<'s>(text: &'s str, path: &[&str]) -> &'s str {
    let start = at(&tree(text), path).span().start as usize;
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    &text[line..start]
}

#[test]
fn any_number_of_comment_lines_may_stand_before_a_value() {
    for count in [97, 5_000] {
        let text = format!("key:\n{}  value: 1\n", "  # comment\n".repeat(count));
        let tree = tree(&text);
        assert_eq!(at(&tree, &["key", "value"]).raw_str(), Some("1"));
        assert_eq!(tree.comments().len(), count);
    }
}

#[test]
fn an_alias_without_anchor_has_a_place_and_the_rest_is_still_read() {
    let text = "a: *.log\nb: *c\nd: @\n";
    let problems = read(text).problems;
    let places: Vec<&str> = problems.iter().map(|problem| slice(text, problem.span)).collect();
    assert_eq!(places, ["*.log", "*c", "@"]);
    assert_eq!(problems[1].message, "alias `*c` has no anchor before it");
}

#[test]
fn an_alias_within_its_own_anchor_is_refused() {
    for text in ["&a [*a]", "a: &a\n  b: *a\n", "a: &a {<<: *a}"] {
        let problem = problem(text);
        assert_eq!(problem.message, "alias `*a` stands inside the value of its own anchor", "{text:?}");
        assert_eq!(slice(text, problem.span), "*a");
    }
}

#[test]
fn a_block_scalar_reaches_from_its_header_to_its_last_line() {
    for header in ["|", ">", "|-", ">+", "|2-", "|+2", "| # comment with > and |", ">-  # comment"] {
        for lead in ["a: ", "a:   ", "a: !t ", "a: &b ", "a: &b !t ", "- ", "- a: ", "? "] {
            let text = format!("{lead}{header}\n    x\n\n    y\n\n  \n");
            let tree = tree(&text);
            let node = tree.nodes().find(|node| matches!(node.style(), Style::Literal | Style::Folded));
            let node = node.expect("the document has a block scalar");
            assert_eq!(slice(&text, node.span()), format!("{header}\n    x\n\n    y"), "{text:?}");
        }
    }
}

#[test]
fn a_block_scalar_ends_before_the_indentation_of_the_next_line() {
    let text = "a:\n  b: |\n    x\n    \n  c: 1\n";
    assert_eq!(written(text, &["a", "b"]), "|\n    x");
    let text = "a: |\n  x  \nb: 1\n";
    assert_eq!(written(text, &["a"]), "|\n  x  ");
    assert_eq!(written("a: |\nb: 1\n", &["a"]), "|");
    assert_eq!(written("a: |\n  x", &["a"]), "|\n  x");
}

#[test]
fn a_block_scalar_that_the_file_cuts_off_has_no_line_break() {
    assert_eq!(at(&tree("a: |\n  x"), &["a"]).raw_str(), Some("x"));
    assert_eq!(at(&tree("a: |\n  x\n"), &["a"]).raw_str(), Some("x\n"));
}

#[test]
fn an_absent_value_stands_behind_its_colon_or_dash() {
    for (text, path, expected) in [
        ("a:", &["a"][..], "a:"),
        ("a:   # c\nb: 1", &["a"], "a:"),
        ("a : \nb: 1", &["a"], "a :"),
        ("a:\n\n# c\nb: 1", &["a"], "a:"),
        ("a: !t\nb: 1", &["a"], "a: !t"),
        ("a: &b\nc: 1", &["a"], "a: &b"),
        ("a: !t &b # c\nc: 1", &["a"], "a: !t &b"),
        ("a: &b !t\nc: 1", &["a"], "a: &b !t"),
        ("{a: , b: }", &["a"], "{a:"),
        ("{a: , b: }", &["b"], "{a: , b:"),
        ("{a, b: 1}", &["a"], "{a"),
        ("? a\n: \nb: 1", &["a"], ":"),
        ("? a\nb: 1", &["a"], "? a"),
        ("\"a:\":\n", &["a:"], "\"a:\":"),
        ("-", &["0"], "-"),
        ("-  # c - \n- b", &["0"], "-"),
        ("- a\n-\n# - \n- b", &["1"], "-"),
        ("- !t\n- b", &["0"], "- !t"),
        ("- &b # c\n- b", &["0"], "- &b"),
        ("- -\n  - b\n", &["0", "0"], "- -"),
        ("a:\n- \n- b\n", &["a", "0"], "-"),
        ("a: !t\n# - c\n- \n- b\n", &["a", "0"], "-"),
    ] {
        assert_eq!(written(text, path), "", "{text:?}");
        assert_eq!(before(text, path), expected, "{text:?}");
        assert!(at(&tree(text), path).is_null(), "{text:?}");
    }
}

#[test]
fn a_written_null_has_bytes() {
    for null in ["~", "null", "Null"] {
        let text = format!("a: {null}\n");
        assert_eq!(written(&text, &["a"]), null);
    }
}

#[test]
fn a_block_collection_ends_with_its_last_descendant() {
    let text = "a:\n  b:\n    - c\n    - d: e  # f\n\n# g\nh:\n";
    assert_eq!(written(text, &["a"]), "b:\n    - c\n    - d: e");
    assert_eq!(written(text, &["a", "b"]), "- c\n    - d: e");
    assert_eq!(written(text, &[]), "a:\n  b:\n    - c\n    - d: e  # f\n\n# g\nh:");
    assert_eq!(written("a: [1, # ]\n  2\n ] # b\n", &["a"]), "[1, # ]\n  2\n ]");
}

#[test]
fn a_sequence_starts_at_its_first_dash() {
    for lead in
        ["a:\n", "a: # - c\n", "a:\n# - c\n\n", "a: !t\n", "a: &b # - c\n", "a: !t &b\n  # - c\n", "?\n"]
    {
        for item in [
            "- x",
            "- !t x",
            "- &c x",
            "- # - d\n  x",
            "- &c # d\n  !t\n  x",
            "- e: f",
            "- - x",
            "-   \"x\"",
            "-\n  x",
        ] {
            for indent in ["", "  "] {
                let item = item.replace('\n', &format!("\n{indent}"));
                let text = format!("{lead}{indent}{item}\n{indent}- last\n");
                let tree = tree(&text);
                let node = tree.nodes().filter(|node| node.items().len() > 0).last();
                let sequence = node.expect("the document has a sequence");
                let expected = &text[lead.len() + indent.len()..];
                assert_eq!(slice(&text, sequence.span()), expected.trim_end(), "{text:?}");
            }
        }
    }
}

#[test]
fn anchors_and_tags_stand_before_their_node() {
    let text = "a: &b !t\n  c: &d e\nf: !g &h [1]\n";
    let tree = tree(text);
    let property = |path: &[&str]| {
        let node = at(&tree, path);
        let slice = |property: Option<&composelint::yaml::Property>| {
            property.map_or("", |property| slice(text, property.span))
        };
        (slice(node.anchor()), slice(node.tag()), node.anchor().map_or("", |anchor| &anchor.name))
    };
    assert_eq!(property(&["a"]), ("&b", "!t", "b"));
    assert_eq!(property(&["a", "c"]), ("&d", "", "d"));
    assert_eq!(property(&["f"]), ("&h", "!g", "h"));
    assert_eq!(written(text, &["a"]), "c: &d e");
}

#[test]
fn a_repeated_key_is_a_duplicate_however_it_is_quoted() {
    let names = |text: &str| -> Vec<String> {
        let tree = tree(text);
        let slice = |id| slice(text, tree.node(id).span()).to_owned();
        tree.duplicates().iter().map(|it| format!("{} {}", slice(it.first), slice(it.second))).collect()
    };
    assert_eq!(names("a: 1\n\"a\": 2\nb: 3\n'a': 4\n"), ["a \"a\"", "a 'a'"]);
    assert_eq!(names("<<: {}\n<<: {}\n"), ["<< <<"]);
    assert_eq!(names("{a: {b: 1, b: 2}, a: 1}"), ["b b", "a a"]);
    assert_eq!(names("? [a]\n: 1\n? [a]\n: 2\n"), Vec::<String>::new());
    let many: String = (0..100).map(|number| format!("k{number}: 1\n")).collect();
    assert_eq!(names(&format!("{many}k7: 2\nk99: 2\nk7: 3\n")), ["k7 k7", "k99 k99", "k7 k7"]);
}

#[test]
fn the_byte_order_mark_is_no_part_of_a_key() {
    let text = "\u{feff}a: 1\nb: 2\n";
    assert_eq!(at(&tree(text), &["a"]).span().start, 6);
    assert_eq!(written(text, &[]), "a: 1\nb: 2");
    let problem = problem("\u{feff}a: @");
    let source = Source::new("x", "\u{feff}a: @".into());
    assert_eq!(source.position(problem.span.start), Position { line: 1, column: 4 });
}

#[test]
fn a_file_that_is_not_utf8_keeps_its_offsets_up_to_there() {
    let source = Source::new("x", b"a: 1\nb: \xff\n".to_vec());
    assert_eq!(source.invalid_utf8(), Some(8));
    assert_eq!(at(&tree(source.text()), &["b"]).raw_str(), Some("\u{fffd}"));
}

#[test]
fn lines_and_columns_come_from_bytes() {
    let text = "ä: \u{1f600}\r\nb: é ü\rc: *x\n";
    let source = Source::new("x", text.into());
    let span = read(text).problems[0].span;
    assert_eq!(source.position(span.start), Position { line: 3, column: 4 });
}

#[test]
fn a_key_may_have_1024_characters() {
    let key = "k".repeat(1_023);
    assert_eq!(at(&tree(&format!("{key}: 1\n")), &[&key]).raw_str(), Some("1"));
    let problem = problem(&format!("a:\n  {key}{key}: 1\n"));
    assert_eq!(problem.message, "a key is longer than 1,024 characters");
}

#[test]
fn a_tab_indents_nothing_but_may_separate() {
    for text in [
        "\tkey: v\n",
        "a:\n  \tb: 1\n",
        "-\tname: x\n",
        "-\tx\n",
        "a:\n\tb: 1\n",
        "a: 1\n\t\nb: 2\n",
        "a: |\n  x\n\t\n",
    ] {
        assert_eq!(slice(text, problem(text).span), "\t", "{text:?}");
    }
    let all = "a:\n\tb: 1\n\tc: 2\n\t- d\n";
    assert_eq!(problem(all).span.start, 3);
    for text in [
        "image:\tnginx\n",
        "a: b\t# c\n",
        "a: [1,\n\t2]\n",
        "a: \"b\n\tc\"\n",
        "a: |\n  \tx\n",
        "a:\t\n  b: 1\n",
    ] {
        assert_eq!(read(text).problems, [], "{text:?}");
    }
}

#[test]
fn a_quoted_value_may_go_on_at_any_column() {
    for (text, value, span) in [
        ("a:\n    command: \"a\n    b\"\n    c: d\n", "a b", "\"a\n    b\""),
        ("a:\n    command: \"a\nb\"\n    c: d\n", "a b", "\"a\nb\""),
        ("a:\n    command: 'a\n\n  it''s\n b' # c\n    c: d\n", "a\nit's b", "'a\n\n  it''s\n b'"),
        ("a:\n    command: \"a\\\n\tb\\\"\r\n c\"\n    c: d\n", "ab\" c", "\"a\\\n\tb\\\"\r\n c\""),
        ("a:\n  command: \"a\n\tb\"\n  c: d\n", "a b", "\"a\n\tb\""),
    ] {
        let tree = tree(text);
        let node = at(&tree, &["a", "command"]);
        assert_eq!((node.raw_str(), slice(text, node.span())), (Some(value), span));
        assert_eq!(slice(text, node.part(value.len() - 1..value.len())), &value[value.len() - 1..]);
        assert_eq!(written(text, &["a", "c"]), "d");
    }
    let several = "a: \"b\nc\"\nd: 'e\nf'\n# g\nh: !t \"i\nj\" # k\nl: @\n";
    assert_eq!(slice(several, problem(several).span), "@");
}

#[test]
fn a_lone_dash_in_brackets_is_text() {
    let text = "a: [-, b, -]\nc: {d: -}\ne: \"f\ng\"\nh: [-]\n";
    let tree = tree(text);
    for path in [&["a", "0"][..], &["a", "2"], &["c", "d"], &["h", "0"]] {
        assert_eq!(at(&tree, path).raw_str(), Some("-"), "{path:?}");
        assert_eq!(written(text, path), "-");
    }
}

#[test]
fn a_comment_belongs_to_the_entry_that_it_describes() {
    let text = "# top\n\na: 1 # right\n# above\nb:\n  - c # item\n  # next\n  - d: e # key\n# end\n";
    let tree = tree(text);
    let told: Vec<(&str, Placement, &str)> = tree
        .comments()
        .iter()
        .map(|comment| {
            let owner = comment.node.map_or("", |node| slice(text, tree.node(node).span()));
            (slice(text, comment.span), comment.placement, owner)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("# top", Placement::Free, ""),
            ("# right", Placement::Right, "a"),
            ("# above", Placement::Above, "b"),
            ("# item", Placement::Right, "c"),
            ("# next", Placement::Above, "d: e"),
            ("# key", Placement::Right, "d"),
            ("# end", Placement::Free, ""),
        ]
    );
}
