//! What is said of the usual slips of Compose authors.

use crate::support::{problem, read, slice};

/// Texts with the bytes that their problem is at and its message.
#[rustfmt::skip]
const SLIPS: &[(&str, &str, &str)] = &[
    ("services:\n\tweb:\n\t\timage: nginx", "\t", "a tab indents this line, and YAML allows only spaces"),
    ("services:\n  web:\n\timage: nginx", "\t", "a tab indents this line, and YAML allows only spaces"),
    ("services:\n  web:\n    image:nginx\n    ports: []", "image:", "`image:` has no space behind the colon"),
    ("web:\n  ports:\n    - \"80:80\"\n   - \"81:81\"", "- \"81:81\"", "the indentation of this line fits nothing above it"),
    ("web:\n  ports:\n    - \"80:80\"\n     - \"81:81\"", "- \"81:81\"", "the indentation of this line fits nothing above it"),
    ("a:\n  b: @x", "@", "`@` cannot start a value without quotes"),
    ("b: `date`", "`", "a backtick cannot start a value without quotes"),
    ("b: %x", "%", "`%` cannot start a value without quotes"),
    ("b: *.log", "*.log", "alias `*.log` has no anchor before it"),
    ("b: *\nc: 1", "*", "`*` starts an alias, and no name stands behind it"),
    ("- *.log", "*.log", "alias `*.log` has no anchor before it"),
    ("b: {{ tpl }}/x", "{{", "`{{` opens a YAML mapping here"),
    ("cmd: echo a: b", "echo a: b", "this value holds a `: ` and is not quoted"),
    ("cmd: \"abc\nb: c", "\"", "this quote is never closed"),
    ("ports: [\"80, 81]\nb: c", "\"", "this quote is never closed"),
    ("cmd: 'abc\nb: c", "'", "this quote is never closed"),
    ("ports: [80, 81\nb: c", "[", "this `[` is never closed"),
    ("ports: [80, 81", "[", "this `[` is never closed"),
    ("ports: [80 81\n  82, b: c\nd: e", "[", "this `[` is never closed"),
    ("ports: [\"80\" \"81\"]", "\"", "a `,` is missing before this entry"),
    ("ports: [80, 81}", "}", "`}` closes what `[` opened"),
    ("m: {a: 1]", "]", "`]` closes what `{` opened"),
    ("m: {a: 1 b: 2}", "b", "a `,` is missing before `b`"),
    ("m: {a: 1\nn: 2", "{", "this `{` is never closed"),
    ("key: \"a\" b", "b", "text stands behind the closing quote"),
    ("key: 'it's'", "'", "this quote closes the value, and text follows it"),
    ("key: \"a\" # ok\nx: 'a'b", "'", "this quote closes the value, and text follows it"),
    ("p: \"C:\\dir\"", "\\d", "`\\d` is no escape of a double-quoted value"),
    ("p: \"C:\\x1\"", "\\x", "`\\x` is not followed by 2 hexadecimal digits"),
    ("p: \"C:\\Users\\x\"", "\\U", "`\\U` is not followed by 8 hexadecimal digits"),
    ("a: 1\nsome text\nb: 2", "some text", "this line is neither `key: value` nor `- item`"),
    ("a: 1\nsome text", "some text", "this line is neither `key: value` nor `- item`"),
    ("a:\n    b: 1\n  c: 2", "c: 2", "the indentation of this line fits nothing above it"),
    ("a:\n  b: 1\n   c: 2", "c: 2", "this line is indented deeper than the entry above it, whose value it continues"),
    ("a:\n  b:\n    d: 1\n   c: 2", "c: 2", "the indentation of this line fits nothing above it"),
    (" a: 1\nb: 2", "b: 2", "the indentation of this line fits nothing above it"),
    ("a: 1\n b: 2", "b: 2", "this line is indented deeper than the entry above it, whose value it continues"),
    ("key: - item", "- item", "a list item stands on the line of its key"),
    (":", ":", "no key stands before this `:`"),
    ("m: {a: 1}}", "}", "`}` closes nothing"),
    ("m: [1]]", "]", "`]` closes nothing"),
    ("a: b: c", "b: c", "this value holds a `: ` and is not quoted"),
    ("image: nginx:\n  tag: x", "nginx:", "this value ends with a `:` and is not quoted"),
    ("- a\nb: c", "b: c", "a key stands among the items of a list"),
    ("a:\n- b\nc", "c", "this line is neither `key: value` nor `- item`"),
    ("a: |x\n  b", "x", "text stands behind `|`, which takes it from the next line on"),
    ("a: | text", "text", "text stands behind `|`, which takes it from the next line on"),
    ("a: &", "&", "`&` starts an anchor, and no name stands behind it"),
    ("a: !<x", "!", "while scanning a verbatim tag, did not find the expected '>'"),
    ("a: !foo!bar x", "!foo!bar", "tag `!foo!bar` is not declared"),
    ("---\na: 1\n...\nb\n---\nc", "", "a document starts here without a line of `---`"),
    ("%YAML 2.0\n---\na: 1", "%", "unsupported YAML major version"),
    ("a: \"x\" \"y\"", "\"y\"", "text stands behind the closing quote"),
    ("environment:\n  - A=1\n  B: 2", "B: 2", "a key stands among the items of a list"),
    ("environment:\n  A: 1\n  - B=2", "- B=2", "a list item stands among the keys of a mapping"),
    ("command: [\"a\", 'b]", "'", "this quote is never closed"),
    ("key: value\n  another: thing", "another: thing", "this line is indented deeper than the entry above it, whose value it continues"),
    ("a: |\n  x\n y", "y", "the indentation of this line fits nothing above it"),
    ("a: >\n\tx", "\t", "a tab indents this line, and YAML allows only spaces"),
    ("a: b #c\n d", "#c", "a comment stands within a value of several lines"),
    ("a: b\n # c\n d", "d", "the indentation of this line fits nothing above it"),
    ("a: ]", "]", "`]` closes nothing"),
    ("a: }", "}", "`}` closes nothing"),
    ("a: ,b", ",", "`,` cannot start a value without quotes"),
    ("a: [a,,b]", ",", "no entry stands before this `,`"),
    ("a:b\nc: d", "a:", "`a:` has no space behind the colon"),
    ("http://x\nc: d", "http://x", "this line is neither `key: value` nor `- item`"),
    ("\"a\":b", ":", "this `:` has no space behind it"),
    ("<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x", "<<<<<<< HEAD", "a merge conflict is left in the file"),
    ("a: 1\n=======\nb\n", "=======", "a merge conflict is left in the file"),
    ("a: 1\n\t\nb: 2", "\t", "a tab stands in this empty line, and YAML allows only spaces"),
    ("a: b\n\tc", "\t", "a tab indents this line, and YAML allows only spaces"),
    ("a: 1\n\t# c\nb: 2", "\t", "a tab indents this line, and YAML allows only spaces"),
    ("a: 1\nb: 2\n\t", "\t", "a tab stands in this empty line, and YAML allows only spaces"),
    ("a: |\n  x\n\t\nb: 1", "\t", "a tab stands in this empty line, and YAML allows only spaces"),
    ("a: [1, 2\nservices:\n  web:\n    image: x", "[", "this `[` is never closed"),
    ("a: {\n  b: 1\n  c: 2\n}", "c", "a `,` is missing before `c`"),
    ("a: &a.b x", "&a.b", "the anchor `&a.b` has `.` in its name"),
    ("command: \"abc\nimage: \"x\"", "\"", "this quote is not closed on its line"),
    ("a:\n  - \"x\n  - \"y\"", "\"", "this quote is not closed on its line"),
    ("services:\n  web:\n    ports: []\n    image:nginx", "image:", "`image:` has no space behind the colon"),
    ("services:\n  web:\n    image:nginx\n    build:.\n    ports: []", "image:", "`image:` has no space behind the colon"),
    ("a: 1\n # b\nc: x: y", "x: y", "this value holds a `: ` and is not quoted"),
    ("url: http://x\nb: c: d", "c: d", "this value holds a `: ` and is not quoted"),
    ("a: \"x\" # c\n-x", "-", "this `-` has no space behind it"),
    ("\"a\": b: c", "b: c", "this value holds a `: ` and is not quoted"),
    ("- a: b: c", "b: c", "this value holds a `: ` and is not quoted"),
    ("a: 'C:\\x'\nb: \"\\é\"", "\\é", "`\\é` is no escape of a double-quoted value"),
    ("label: \"a\"=b", "\"", "this quote closes the value, and text follows it"),
    ("x: {{ a }}-{{ b }}", "{{", "`{{` opens a YAML mapping here"),
    ("a: [*]", "*", "`*` starts an alias, and no name stands behind it"),
    ("test: [\"CMD\", \"it\"s\"]", "\"", "this quote closes the value, and text follows it"),
    ("a:\n  b: |\n    x\n   y", "y", "the indentation of this line fits nothing above it"),
    ("a: &b\n  c: 1\n d: 2", "d: 2", "the indentation of this line fits nothing above it"),
    (": x", ":", "no key stands before this `:`"),
    ("services:\n  - web:\n    image: x\n   db:\n    image: y\n", "db:", "the indentation of this line fits nothing above it"),
];

#[test]
fn a_slip_is_told_in_a_persons_words_and_at_its_place() {
    for (text, place, message) in SLIPS {
        let problem = problem(text);
        assert_eq!(problem.message, *message, "{text:?}");
        assert_eq!(slice(text, problem.span), *place, "{text:?}");
    }
}

#[test]
fn innocent_lines_are_no_slips() {
    for text in [
        "a: http://x\nb: c:d\nc: 10.0.0.1:80\n",
        "services:\n  web:\n    image:nginx",
        "- - \n",
        "a: &x 1\nb: &x 2\nc: *x\n",
        "b: {{ tpl }}\n",
        "a: \"x\"#c\nb: [1]#c\nc: 'y'#d\n",
        "a: 'b\n  c: d\n  e: \"f'\n",
        "? a\n: b\n?\n: c\n",
    ] {
        assert_eq!(read(text).problems, [], "{text:?}");
    }
}

#[test]
fn a_line_above_the_error_is_not_blamed() {
    for line in ["url: http://x", "bind: a:b", "\"k\": v", "- x:y"] {
        let text = format!("a:\n  {line}\n  %: 1\n");
        let problem = problem(&text);
        assert!(slice(&text, problem.span).starts_with('%'), "{text:?}: {problem:?}");
    }
}

#[test]
fn the_place_where_a_collection_or_quote_opens_is_a_label() {
    let label = |text: &str| {
        let (span, words) = problem(text).label.expect("the problem has a label");
        (slice(text, span).to_owned(), words)
    };
    assert_eq!(label("a: [80, 81}"), ("[".into(), "opened here".into()));
    assert_eq!(label("a: {b: 1\nc: 2"), ("c: 2".into(), "read as part of it".into()));
    assert_eq!(label("a: \"b\nc: \"d\""), ("\"".into(), "the next quote closes it".into()));
    assert_eq!(label("a:\n  - b\n  c: d"), ("-".into(), "the list starts here".into()));
}

#[test]
fn values_are_not_quoted_for_they_may_be_secrets() {
    for (text, ..) in SLIPS {
        let text = text.replace("nginx", "hunter2").replace("some text", "hunter2").replace("abc", "hunter2");
        for problem in read(&text).problems {
            let said = format!("{} {}", problem.message, problem.help.unwrap_or_default());
            assert!(!said.contains("hunter2"), "{said}");
        }
    }
}
