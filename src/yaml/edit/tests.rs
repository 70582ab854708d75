use std::fmt::Write;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::source::SourceId;
use crate::yaml::Tree;
use crate::yaml::parse::parse;
use crate::yaml::scalar::Scalar;

/// What a document says, without how it is written.
#[derive(Clone, PartialEq, Debug)]
enum Said {
    Nothing,
    Scalar(String),
    List(Vec<Said>),
    Map(Vec<(String, Said)>),
}

fn said(node: Yaml<'_>) -> Said {
    match node.kind() {
        Kind::Scalar if node.is_null() => Said::Nothing,
        Kind::Scalar => match node.scalar() {
            Some(Scalar::Str(text)) => Said::Scalar(format!("'{text}'")),
            other => Said::Scalar(format!("{other:?}")),
        },
        Kind::Sequence => Said::List(node.items().map(said).collect()),
        Kind::Mapping => {
            Said::Map(node.entries().map(|entry| (entry.name().to_owned(), said(entry.value))).collect())
        }
    }
}

fn tree(text: &str) -> Tree {
    let mut parsed = parse(SourceId(0), &Arc::from(text));
    assert!(parsed.problems.is_empty(), "{text}\n{:?}", parsed.problems);
    parsed.documents.swap_remove(0)
}

fn applied(text: &str, edits: &Edits) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut new = String::new();
    let mut at = 0;
    for edit in sorted {
        let range = edit.span.range();
        assert!(at <= range.start, "edits overlap: {edits:?}\n{text}");
        new.push_str(&text[at..range.start]);
        new.push_str(&edit.text);
        at = range.end;
    }
    new + &text[at..]
}

fn comments(text: &str) -> Vec<String> {
    let tree = tree(text);
    let mut comments: Vec<String> =
        tree.comments().iter().map(|comment| text[comment.span.range()].trim_end().to_owned()).collect();
    comments.sort();
    comments
}

/// The text after an edit of its root.
fn with(text: &str, change: impl FnOnce(Yaml<'_>) -> Option<Edits>) -> Option<String> {
    let tree = tree(text);
    let edits = change(tree.root()?)?;
    Some(applied(text, &edits))
}

/// The text with `a` and `b` added under `volumes`.
fn added(text: &str) -> Option<String> {
    with(text, |root| add_keys(root, "volumes", &[("a", Value::Null), ("b", Value::Null)]))
}

#[test]
fn keys_are_added_under_the_section_in_the_indentation_of_the_file() {
    for (text, with) in [
        ("x: 1\n", "x: 1\n\nvolumes:\n  a:\n  b:\n"),
        ("x: 1", "x: 1\n\nvolumes:\n  a:\n  b:"),
        ("x: 1\n\n\n", "x: 1\n\nvolumes:\n  a:\n  b:\n\n\n"),
        ("x:\r\n    y: 1\r\n", "x:\r\n    y: 1\r\n\r\nvolumes:\r\n    a:\r\n    b:\r\n"),
        ("volumes:\nx: {}\n", "volumes:\n  a:\n  b:\nx: {}\n"),
        ("volumes: # none\nx: 1\n", "volumes: # none\n  a:\n  b:\nx: 1\n"),
        ("volumes: {} # none\nx: 1\n", "volumes: # none\n  a:\n  b:\nx: 1\n"),
        ("volumes: ~\n", "volumes:\n  a:\n  b:\n"),
        ("volumes:\n   c: # the first\n\nx: 1\n", "volumes:\n   c: # the first\n   a:\n   b:\n\nx: 1\n"),
        (
            "volumes:\n  c:\n    k: |\n      t\nx: 1\n",
            "volumes:\n  c:\n    k: |\n      t\n  a:\n  b:\nx: 1\n",
        ),
        ("volumes:\n  c: {k: 1}", "volumes:\n  c: {k: 1}\n  a:\n  b:"),
        ("volumes: {c: }\n", "volumes: {c:, a: null, b: null }\n"),
        ("{x: 1}\n", "{x: 1, volumes: {a: null, b: null}}\n"),
    ] {
        assert_eq!(added(text).as_deref(), Some(with), "{text:?}");
    }
}

#[test]
fn a_section_that_cannot_take_keys_is_left_alone() {
    for text in [
        "x: &x {}\nvolumes: *x\n",
        "- x\n",
        "x: 1\n...\n",
        "volumes: [a]\n",
        "volumes:\n  c: |+\n    t\n\nx: 1\n",
    ] {
        assert_eq!(added(text), None, "{text:?}");
    }
}

#[test]
fn an_entry_goes_with_its_comments_and_one_of_two_gaps() {
    for (text, key, without) in [
        ("version: '3'\n\nservices: {}\n", "version", Some("services: {}\n")),
        ("# the file\nversion: '3' # old\nx: 1\n", "version", Some("# the file\nx: 1\n")),
        ("\u{feff}version: '3'\r\n\r\nx: 1\r\n", "version", Some("\u{feff}x: 1\r\n")),
        ("x: 1\n\n# old\nversion: '3'\n\ny: 1\n", "version", Some("x: 1\n\ny: 1\n")),
        ("x: 1\n\nversion: '3'\n", "version", Some("x: 1\n")),
        ("x: 1\n\nversion: '3'", "version", Some("x: 1")),
        ("x: 1\nv:\n  a: 1\n  # b: 1\ny: 1\n", "v", Some("x: 1\ny: 1\n")),
        ("{version: '3', x: 1}\n", "version", Some("{x: 1}\n")),
        ("{x: 1, version: '3'}\n", "version", Some("{x: 1}\n")),
        ("{x: 1, version: '3', }\n", "version", Some("{x: 1, }\n")),
        ("{x: 1, # one\n version: '3'}\n", "version", None),
        ("version: '3'\n", "version", None),
        ("version: &v '3'\nx: *v\n", "version", None),
        ("x: |+\n  t\n\nversion: '3'\ny: 1\n", "version", None),
        ("? version\n: '3'\nx: 1\n", "version", None),
    ] {
        let after = with(text, |root| remove_entry(root, root.entry(key)?));
        assert_eq!(after.as_deref(), without, "{text:?}");
    }
}

#[test]
fn a_section_goes_with_its_last_key() {
    let text = "services: {}\n\nvolumes:\n  a:\n  # the second\n  b:\n  c:\n";
    let without = |names: &[&str]| with(text, |root| remove_keys(root, "volumes", names));
    assert_eq!(without(&["a"]).as_deref(), Some("services: {}\n\nvolumes:\n  # the second\n  b:\n  c:\n"));
    assert_eq!(without(&["b", "c"]).as_deref(), Some("services: {}\n\nvolumes:\n  a:\n"));
    assert_eq!(without(&["a", "b", "c"]).as_deref(), Some("services: {}\n"));
    assert_eq!(without(&["d"]), None);
}

#[test]
fn items_go_and_their_key_with_the_last() {
    for (text, items, without) in [
        ("o:\n  - a # one\n  # two\n  - b\nx: 1\n", &[1][..], "o:\n  - a # one\nx: 1\n"),
        ("o:\n- a\n- b\nx: 1\n", &[0], "o:\n- b\nx: 1\n"),
        ("o: [a, b, c]\nx: 1\n", &[0, 1], "o: [c]\nx: 1\n"),
        ("o: [a, b, c]\nx: 1\n", &[1, 2], "o: [a]\nx: 1\n"),
        ("o: [a, b, c]\nx: 1\n", &[0, 2], "o: [b]\nx: 1\n"),
        ("o: [a, b]\nx: 1\n", &[0, 1], "x: 1\n"),
        ("x: 1\no:\n  - a\n", &[0], "x: 1\n"),
    ] {
        let after = with(text, |root| {
            let list: Vec<Yaml<'_>> = root.get("o")?.items().collect();
            let doomed: Vec<Yaml<'_>> = items.iter().map(|index| list[*index]).collect();
            remove_from_list(root, "o", &doomed)
        });
        assert_eq!(after.as_deref(), Some(without), "{text:?}");
    }
}

#[test]
fn an_entry_is_added_behind_the_one_that_was_asked_for() {
    let list = Value::List(vec![Value::text("ALL")]);
    for (text, value, with_entry) in [
        ("a: 1 # one\nb: 2\n", &Value::raw("true"), "a: 1 # one\nk: true\nb: 2\n"),
        ("a:\n    x: 1\n    # y: 2\nb: 2", &Value::text("no"), "a:\n    x: 1\n    # y: 2\nk: \"no\"\nb: 2"),
        ("a: 'x'\r\nb: 2\r\n", &Value::text("80:80"), "a: 'x'\r\nk: '80:80'\r\nb: 2\r\n"),
        ("a:\n- 1\nb: 2\n", &list, "a:\n- 1\nk:\n- ALL\nb: 2\n"),
        ("a:\n    - 1\nb: 2\n", &list, "a:\n    - 1\nk:\n    - ALL\nb: 2\n"),
        ("{a: 1, b: 2}", &list, "{a: 1, k: [ALL], b: 2}"),
        ("{\n  a: 1,\n  b: 2\n}\n", &list, "{\n  a: 1,\n  k: [ALL],\n  b: 2\n}\n"),
    ] {
        let after = with(text, |root| add_entry(root, "k", value, &["a", "z"]));
        assert_eq!(after.as_deref(), Some(with_entry), "{text:?}");
    }
    assert_eq!(with("a: |+\n  t\n\nb: 2\n", |root| add_entry(root, "k", &Value::Null, &["a"])), None);
    assert_eq!(with("k: 1\n", |root| add_entry(root, "k", &Value::Null, &[])), None);
}

#[test]
fn an_item_is_added_in_the_style_of_the_list() {
    for (text, with_item) in [
        ("o:\n  - a # one\nx: 1\n", "o:\n  - a # one\n  - no-new-privileges:true\nx: 1\n"),
        ("o:\n- a\n", "o:\n- a\n- no-new-privileges:true\n"),
        ("o: [a]\n", "o: [a, no-new-privileges:true]\n"),
        ("o: []\n", "o: [no-new-privileges:true]\n"),
        ("o: [\n  a,\n  b\n]\n", "o: [\n  a,\n  b,\n  no-new-privileges:true\n]\n"),
        ("o:\nx: 1\n", "o:\n  - no-new-privileges:true\nx: 1\n"),
        ("x: 1\n", "x: 1\no:\n  - no-new-privileges:true\n"),
    ] {
        let item = Value::text("no-new-privileges:true");
        let after = with(text, |root| add_to_list(root, "o", &item, &[]));
        assert_eq!(after.as_deref(), Some(with_item), "{text:?}");
    }
    assert_eq!(with("o: &o [a]\nx: *o\n", |root| add_item(root.get("x")?, &Value::Null)), None);
}

#[test]
fn a_value_is_replaced_and_its_comment_stays() {
    let map = Value::map([("context", Value::text("."))]);
    for (text, value, after) in [
        ("k: . # here\nx: 1\n", &map, "k: # here\n  context: .\nx: 1\n"),
        ("k: .\nx: 1\n", &map, "k:\n  context: .\nx: 1\n"),
        ("k: yes # so\n", &Value::raw("true"), "k: true # so\n"),
        ("k:\n  name: x\nx: 1\n", &Value::raw("true"), "k: true\nx: 1\n"),
        ("k:\n  name: x", &map, "k:\n  context: ."),
        ("{k: {name: x}}", &Value::raw("true"), "{k: true}"),
        ("{k: , x: 1}", &Value::raw("true"), "{k: true , x: 1}"),
    ] {
        let after_edit = with(text, |root| replace_value(root, root.entry("k")?, value));
        assert_eq!(after_edit.as_deref(), Some(after), "{text:?}");
    }
    for text in ["k:\n  name: x # why\n", "k: &k x\n", "k: !t x\n", "k: |\n  x\n", "k: # c\n  name: x\n"] {
        let after = with(text, |root| replace_value(root, root.entry("k")?, &map));
        assert_eq!(after, None, "{text:?}");
    }
}

#[test]
fn an_item_becomes_its_long_form() {
    let long = Value::map([("target", Value::raw("80")), ("host_ip", Value::text("127.0.0.1"))]);
    for (text, after) in [
        ("p:\n  - \"80\" # web\n  - 81\n", "p:\n  - target: 80 # web\n    host_ip: 127.0.0.1\n  - 81\n"),
        ("p:\n- 80", "p:\n- target: 80\n  host_ip: 127.0.0.1"),
        ("p: [80, 81]\n", "p: [{target: 80, host_ip: 127.0.0.1}, 81]\n"),
    ] {
        let after_edit = with(text, |root| {
            let list = root.get("p")?;
            replace_item(list, list.items().next()?, &long)
        });
        assert_eq!(after_edit.as_deref(), Some(after), "{text:?}");
    }
}

#[test]
fn neighbours_are_removed_as_one() {
    let rest = |text: &str, names: &[&str]| with(text, |root| remove_keys(root, "v", names));
    for (text, names, after) in [
        ("v:\n  a:\n  b:\n\n  c:", &["b", "c"][..], "v:\n  a:"),
        ("v:\n  a:\n\n  b:\n  c:\n", &["b", "c"], "v:\n  a:\n"),
        ("v:\n  a:\n\n  b:\n\n  c:\n\n  d:\n", &["b", "c"], "v:\n  a:\n\n  d:\n"),
        ("v:\n  a:\n  b:\n\n  # apart\n\n  c:\n  d:\n", &["b", "c"], "v:\n  a:\n\n  # apart\n\n  d:\n"),
        ("v: {a: 1, b: 2, c: 3}\n", &["b", "c"], "v: {a: 1}\n"),
    ] {
        assert_eq!(rest(text, names).as_deref(), Some(after), "{text:?}");
    }
}

#[test]
fn dashes_are_indented_as_beside_them() {
    let add = |text: &str, name: &str| {
        with(text, |root| add_entry(root.get(name)?, "l", &Value::List(vec![Value::raw("x")]), &[]))
    };
    let text = "a:\n  k:\n   - 1\nb:\n  k:\n    - 1\n  m:\n  - 2\nc:\n  k: 1\nd:\n  k:\n    - 1\n";
    let after = |at: &str, lines: &str| Some(text.replacen(at, &format!("{at}{lines}"), 1));
    assert_eq!(add(text, "a"), after("a:\n  k:\n   - 1\n", "  l:\n   - x\n"));
    assert_eq!(add(text, "b"), after("  m:\n  - 2\n", "  l:\n  - x\n"));
    // Most lists of the file have two spaces.
    assert_eq!(add(text, "c"), after("c:\n  k: 1\n", "  l:\n    - x\n"));
}

#[test]
fn a_list_becomes_a_mapping_with_its_comments() {
    let entry = |name: &str| (name.to_owned(), Value::map([("condition", Value::text("service_healthy"))]));
    for (text, after) in [
        (
            "d:\n  - db # data\n  # queue\n  - \"mq\"\nx: 1\n",
            "d:\n  db: # data\n    condition: service_healthy\n  # queue\n  \"mq\":\n    condition: service_healthy\nx: 1\n",
        ),
        (
            "s:\n  d:\n  - db\n  - mq\n",
            "s:\n  d:\n    db:\n      condition: service_healthy\n    mq:\n      condition: service_healthy\n",
        ),
        (
            "s:\n  d:\n  # data\n  - db\n\n  # queue,\n  # too\n  - mq # q\n  # end\n",
            "s:\n  d:\n    # data\n    db:\n      condition: service_healthy\n\n    # queue,\n    # too\n    mq: # q\n      condition: service_healthy\n  # end\n",
        ),
        ("d: [db, mq]", "d:\n  db:\n    condition: service_healthy\n  mq:\n    condition: service_healthy"),
        ("{d: [db, mq]}\n", "{d: {db: {condition: service_healthy}, mq: {condition: service_healthy}}}\n"),
    ] {
        let entries = [entry("db"), entry("mq")];
        let after_edit = with(text, |root| {
            let holder = root.get("s").unwrap_or(root);
            list_to_mapping(holder, "d", &entries)
        });
        assert_eq!(after_edit.as_deref(), Some(after), "{text:?}");
    }
    let twice = [entry("db"), entry("db")];
    assert_eq!(with("d: [db, db]", |root| list_to_mapping(root, "d", &twice)), None);
}

#[test]
fn entries_move_with_what_describes_them() {
    let order = |text: &str, order: &[usize]| with(text, |root| reorder_entries(root, order));
    for (text, new_order, after) in [
        ("b: 1\na: 2\n", &[1, 0][..], "a: 2\nb: 1\n"),
        ("b: 1\na: 2", &[1, 0], "a: 2\nb: 1"),
        (
            "x: 0\n# of b\nb: 1 # one\n\na:\n  c: 1\n  # d: 1\n",
            &[0, 2, 1],
            "x: 0\na:\n  c: 1\n  # d: 1\n\n# of b\nb: 1 # one\n",
        ),
        ("# the file\nb: 1\na: 2\n", &[1, 0], "# the file\na: 2\nb: 1\n"),
        ("{b: 1, a: [x, y]}\n", &[1, 0], "{a: [x, y], b: 1}\n"),
        ("b: &b 1\na: 1\nc: *b\n", &[1, 0, 2], "a: 1\nb: &b 1\nc: *b\n"),
    ] {
        assert_eq!(order(text, new_order).as_deref(), Some(after), "{text:?}");
    }
    for (text, new_order) in [
        ("b: 1\na: 2\n", &[0, 1][..]),
        ("b: 1\na: 2\n", &[0, 0]),
        ("b: 1\n\n# apart\n\na: 2\n", &[1, 0]),
        ("b: &b 1\na: *b\n", &[1, 0]),
        ("b: |+\n  t\n\na: 2\n", &[1, 0]),
    ] {
        assert_eq!(order(text, new_order), None, "{text:?}");
    }
    let items =
        with("p:\n- target: 2\n  published: 3\n- b # c\n", |root| reorder_items(root.get("p")?, &[1, 0]));
    assert_eq!(items.as_deref(), Some("p:\n- b # c\n- target: 2\n  published: 3\n"));
    let inner = with("- b: 1\n  a: 2\n", |root| reorder_entries(root.items().next()?, &[1, 0]));
    assert_eq!(inner.as_deref(), Some("- a: 2\n  b: 1\n"));
}

#[test]
fn a_key_is_renamed_in_its_quotes() {
    let renamed = |text: &str| with(text, |root| rename_key(root, root.entries().next()?, "image"));
    assert_eq!(renamed("imag: x\n").as_deref(), Some("image: x\n"));
    assert_eq!(renamed("\"imag\": x\n").as_deref(), Some("\"image\": x\n"));
    assert_eq!(renamed("{imag: x}\n").as_deref(), Some("{image: x}\n"));
    assert_eq!(renamed("imag: x\nimage: y\n"), None);
}

#[test]
fn quotes_are_put_on_and_taken_off_where_nothing_changes() {
    let value = |text: &str, change: fn(Yaml<'_>) -> Option<Edits>| with(text, |root| change(root.get("k")?));
    let quoted = |text: &str| value(text, |node| quote(node, Quotes::Double));
    assert_eq!(quoted("k: 80:80 # c\n").as_deref(), Some("k: \"80:80\" # c\n"));
    assert_eq!(quoted("k: C:\\x\n").as_deref(), Some("k: 'C:\\x'\n"));
    assert_eq!(quoted("k: '80:80'\n"), None);
    assert_eq!(quoted("k: a\n  b\n"), None);
    let bare = |text: &str| value(text, unquote);
    assert_eq!(bare("k: './a:/b'\n").as_deref(), Some("k: ./a:/b\n"));
    for kept in
        ["'80:80'", "\"yes\"", "'1'", "'a: b'", "'# x'", "' x'", "''", "'@x'", "'*x'", "\"a\\n\"", "'null'"]
    {
        assert_eq!(bare(&format!("k: {kept}\n")), None, "{kept}");
    }
}

#[test]
fn a_node_of_a_merged_tree_is_found_where_it_is_written() {
    let text = "x: {a: 1}\ny:\n  - b\n  -\n  - {c: d}\n";
    let document = tree(text);
    let (copy, _) = crate::yaml::expand::expand(&document, &mut |_| None);
    let documents = [document];
    for node in copy.nodes() {
        let found = written(&documents, node).expect("every node is written somewhere");
        assert_eq!((found.span(), found.kind()), (node.span(), node.kind()));
        for entry in node.entries() {
            let (holder, found) = written_entry(&documents, entry).expect("every entry is written somewhere");
            assert_eq!((holder.span(), found.span()), (node.span(), entry.span()));
        }
    }
}

/// How a random document is written.
#[derive(Clone, Debug)]
struct Look {
    step: usize,
    dash: usize,
    newline: &'static str,
    ends: bool,
}

/// A random value, with whether it is in flow style and which comments it has.
#[derive(Clone, Debug)]
enum Random {
    Scalar(&'static str),
    List { items: Vec<(u8, Random)>, flow: bool },
    Map { entries: Vec<(u8, Random)>, flow: bool },
}

fn random() -> impl Strategy<Value = Random> {
    let scalar = prop_oneof![
        Just("x"),
        Just("'q # r'"),
        Just("\"d: e\""),
        Just("80:80"),
        Just("yes"),
        Just("./a:/b"),
        Just("1"),
        Just("~"),
        Just("a b"),
        Just("'ä\tö'"),
        Just("\"\\t\""),
        Just("http://x/#y"),
    ];
    let leaf = scalar.prop_map(Random::Scalar);
    leaf.prop_recursive(4, 24, 5, |inner| {
        let children = prop::collection::vec((any::<u8>(), inner), 1..5);
        (children, any::<bool>(), prop::bool::weighted(0.25)).prop_map(|(children, is_map, flow)| {
            if is_map {
                Random::Map { entries: children, flow }
            } else {
                Random::List { items: children, flow }
            }
        })
    })
}

/// Comments and blank lines above a child; only in block style.
fn put_gap(out: &mut String, bits: u8, column: usize, look: &Look, number: &mut usize) {
    if bits & 1 != 0 {
        out.push_str(look.newline);
    }
    if bits & 6 == 6 {
        *number += 1;
        let _ = write!(out, "{:column$}# above {number}{}", "", look.newline);
    }
}

fn put_rest(out: &mut String, bits: u8, look: &Look, number: &mut usize) {
    if bits & 24 == 24 {
        *number += 1;
        let _ = write!(out, " # behind {number}");
    }
    out.push_str(look.newline);
}

fn put_flow(out: &mut String, value: &Random) {
    match value {
        Random::Scalar(text) => out.push_str(text),
        Random::List { items, .. } => {
            out.push('[');
            for (at, (_, item)) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                put_flow(out, item);
            }
            out.push(']');
        }
        Random::Map { entries, .. } => {
            out.push_str("{ ");
            for (at, (_, value)) in entries.iter().enumerate() {
                let _ = write!(out, "{}k{at}: ", if at > 0 { ", " } else { "" });
                put_flow(out, value);
            }
            out.push_str(" }");
        }
    }
}

/// Writes a value behind its key or dash; `column` is where its children go.
fn put(
    out: &mut String,
    value: &Random,
    bits: u8,
    column: usize,
    outer: usize,
    look: &Look,
    number: &mut usize,
) {
    match value {
        Random::Map { entries, flow: false } => {
            put_rest(out, bits, look, number);
            put_map(out, entries, column, look, number);
        }
        Random::List { items, flow: false } => {
            put_rest(out, bits, look, number);
            let column = outer + look.dash;
            for (bits, item) in items {
                put_gap(out, *bits, column, look, number);
                let _ = write!(out, "{:column$}-", "");
                match item {
                    Random::Map { entries, flow: false } if bits & 32 != 0 => {
                        let mut below = String::new();
                        put_map(&mut below, entries, column + 2, look, number);
                        let bare = below.trim_start_matches([' ', '\r', '\n']);
                        if bare.starts_with('#') {
                            out.push_str(look.newline);
                            out.push_str(&below);
                        } else {
                            let _ = write!(out, " {bare}");
                        }
                    }
                    Random::List { items: inner, .. } => {
                        out.push(' ');
                        put_flow(out, &Random::List { items: inner.clone(), flow: true });
                        put_rest(out, *bits, look, number);
                    }
                    Random::Map { flow: false, .. } => {
                        put(out, item, *bits, column + look.step, column, look, number);
                    }
                    item => {
                        out.push(' ');
                        put_flow(out, item);
                        put_rest(out, *bits, look, number);
                    }
                }
            }
        }
        value => {
            out.push(' ');
            put_flow(out, value);
            put_rest(out, bits, look, number);
        }
    }
}

fn put_map(out: &mut String, entries: &[(u8, Random)], column: usize, look: &Look, number: &mut usize) {
    for (at, (bits, value)) in entries.iter().enumerate() {
        put_gap(out, *bits, column, look, number);
        let _ = write!(out, "{:column$}k{at}:", "");
        put(out, value, *bits, column + look.step, column, look, number);
        if bits & 192 == 192 {
            *number += 1;
            let _ = write!(out, "{:1$}# inner {number}{2}", "", column + look.step, look.newline);
        }
    }
}

fn document() -> impl Strategy<Value = String> {
    let look = (2_usize..5, any::<bool>(), any::<bool>(), any::<bool>());
    (prop::collection::vec((any::<u8>(), random()), 1..5), look).prop_map(|(entries, look)| {
        let (step, indented, carriage, ends) = look;
        let look = Look {
            step,
            dash: if indented { step } else { 0 },
            newline: if carriage { "\r\n" } else { "\n" },
            ends,
        };
        let mut out = String::new();
        put_map(&mut out, &entries, 0, &look, &mut 0);
        if !look.ends {
            out.truncate(out.trim_end_matches(['\r', '\n']).len());
        }
        out
    })
}

/// The collections of a document in source order, each with the way to it.
fn collections<'t>(root: Yaml<'t>) -> Vec<(Vec<usize>, Yaml<'t>)> {
    let mut found = Vec::new();
    let mut stack = vec![(Vec::new(), root)];
    while let Some((way, node)) = stack.pop() {
        let children: Vec<Yaml<'t>> = match node.kind() {
            Kind::Sequence => node.items().collect(),
            Kind::Mapping => node.entries().map(|entry| entry.value).collect(),
            Kind::Scalar => continue,
        };
        for (at, child) in children.into_iter().enumerate() {
            stack.push(([way.clone(), vec![at]].concat(), child));
        }
        found.push((way, node));
    }
    found
}

fn at<'s>(said: &'s mut Said, way: &[usize]) -> &'s mut Said {
    let Some((first, rest)) = way.split_first() else { return said };
    match said {
        Said::List(items) => at(&mut items[*first], rest),
        Said::Map(entries) => at(&mut entries[*first].1, rest),
        _ => panic!("the way leads through collections"),
    }
}

/// Checks that an edit says what was intended, and how often it could not be made.
fn check(text: &str, edits: Option<Edits>, expected: &Said, lost: usize, refused: &mut usize) {
    let Some(edits) = edits else {
        *refused += 1;
        return;
    };
    let after = applied(text, &edits);
    assert_eq!(
        &said(tree(&after).root().expect("the text has a root")),
        expected,
        "{text}\n---\n{after}\n{edits:?}"
    );
    assert!(comments(&after).len() + lost >= comments(text).len(), "{text}\n---\n{after}");
    let ends = |text: &str| text.ends_with('\n');
    assert_eq!(ends(text), ends(&after), "{text:?}\n---\n{after:?}");
    let breaks = |text: &str| (text.contains("\r\n"), text.replace("\r\n", "").contains(['\r', '\n']));
    let (old, new) = (breaks(text), breaks(&after));
    assert!(new.0 <= old.0 && new.1 <= (old.1 || !text.contains('\n')), "{text:?}\n---\n{after:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_edit_says_what_was_asked_for_and_nothing_else(text in document(), pick in any::<prop::sample::Index>()) {
        let document = tree(&text);
        let root = document.root().expect("the document has a root");
        let before = said(root);
        let every_comment = document.comments().len();
        let mut refused = 0;
        for (way, node) in collections(root) {
            let changed = |change: &dyn Fn(&mut Said)| {
                let mut after = before.clone();
                change(at(&mut after, &way));
                after
            };
            let value = Value::map([("a", Value::text("b: c")), ("l", Value::List(vec![Value::raw("1"), Value::text("yes")]))]);
            let said_value = Said::Map(vec![
                ("a".into(), Said::Scalar("'b: c'".into())),
                ("l".into(), Said::List(vec![Said::Scalar("Some(Int(1))".into()), Said::Scalar("'yes'".into())])),
            ]);
            match node.kind() {
                Kind::Mapping => {
                    let index = pick.index(node.entries().len());
                    let entry = node.entries().nth(index).expect("the index is one of them");
                    check(&text, remove_entry(node, entry), &changed(&|it| {
                        if let Said::Map(entries) = it { entries.remove(index); }
                    }), every_comment, &mut refused);
                    check(&text, add_entry(node, "new", &value, &[entry.name()]), &changed(&|it| {
                        if let Said::Map(entries) = it { entries.insert(index + 1, ("new".into(), said_value.clone())); }
                    }), 0, &mut refused);
                    check(&text, rename_key(node, entry, "n: x"), &changed(&|it| {
                        if let Said::Map(entries) = it { entries[index].0 = "n: x".into(); }
                    }), 0, &mut refused);
                    for (value, said) in [(&value, said_value.clone()), (&Value::text("t"), Said::Scalar("'t'".into())), (&Value::Null, Said::Nothing)] {
                        check(&text, replace_value(node, entry, value), &changed(&|it| {
                            if let Said::Map(entries) = it { entries[index].1 = said.clone(); }
                        }), 0, &mut refused);
                    }
                    let reversed: Vec<usize> = (0..node.entries().len()).rev().collect();
                    check(&text, reorder_entries(node, &reversed), &changed(&|it| {
                        if let Said::Map(entries) = it { entries.reverse(); }
                    }), 0, &mut refused);
                    if entry.value.kind() == Kind::Sequence {
                        let pairs: Vec<(String, Value)> = entry.value.items().enumerate().map(|(at, _)| (format!("i{at}"), value.clone())).collect();
                        check(&text, list_to_mapping(node, entry.name(), &pairs), &changed(&|it| {
                            if let Said::Map(entries) = it {
                                entries[index].1 = Said::Map(pairs.iter().map(|(key, _)| (key.clone(), said_value.clone())).collect());
                            }
                        }), 0, &mut refused);
                    }
                }
                _ => {
                    let index = pick.index(node.items().len());
                    let item = node.items().nth(index).expect("the index is one of them");
                    check(&text, remove_items(node, &[item]), &changed(&|it| {
                        if let Said::List(items) = it { items.remove(index); }
                    }), every_comment, &mut refused);
                    check(&text, add_item(node, &value), &changed(&|it| {
                        if let Said::List(items) = it { items.push(said_value.clone()); }
                    }), 0, &mut refused);
                    check(&text, replace_item(node, item, &value), &changed(&|it| {
                        if let Said::List(items) = it { items[index] = said_value.clone(); }
                    }), 0, &mut refused);
                    let reversed: Vec<usize> = (0..node.items().len()).rev().collect();
                    check(&text, reorder_items(node, &reversed), &changed(&|it| {
                        if let Said::List(items) = it { items.reverse(); }
                    }), 0, &mut refused);
                }
            }
        }
        if let Some(edits) = add_keys(root, "volumes", &[("v", Value::Null)]) {
            let mut after = before.clone();
            if let Said::Map(entries) = &mut after {
                entries.push(("volumes".into(), Said::Map(vec![("v".into(), Said::Nothing)])));
            }
            check(&text, Some(edits), &after, 0, &mut refused);
        }
    }

    #[test]
    fn quoting_and_writing_text_keep_it(text in "[ -~äß\\t\\n]{0,12}", single in any::<bool>(), flow in any::<bool>()) {
        let quotes = if single { Quotes::Single } else { Quotes::Double };
        for written in [super::quoted(&text, quotes), value::scalar(&text, quotes, flow)] {
            let document = if flow { format!("[k: {written}, x]\n") } else { format!("- k: {written}\n") };
            let tree = tree(&document);
            let read = tree.root().and_then(|root| root.items().next()?.get("k")?.scalar());
            prop_assert_eq!(read, Some(Scalar::Str(&text)), "{}", document);
        }
    }
}
