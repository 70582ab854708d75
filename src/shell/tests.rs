use proptest::prelude::*;

use super::{Command, MAX_TEXT, Operator, Redirect, Script, Token, script_argument};

/// The commands in one line each: words between bars, redirections, what joins them, the nesting.
fn shown(text: &str) -> Vec<String> {
    lines(Script::parse(text).commands())
}

/// The same of the commands in substitutions, each behind its depth.
fn nested(text: &str) -> Vec<String> {
    let script = Script::parse(text);
    let commands = script.nested_commands();
    commands.iter().zip(lines(commands)).map(|(command, line)| format!("{} {line}", command.depth)).collect()
}

fn lines(commands: &[Command]) -> Vec<String> {
    let one = |command: &Command| {
        let mut parts: Vec<String> =
            command.assignments.iter().map(|word| format!("{}:", word.text)).collect();
        parts.extend(
            command
                .words
                .iter()
                .map(|word| if word.has_expansion { format!("~{}", word.text) } else { word.text.clone() }),
        );
        parts.extend(command.redirections.iter().map(|it| {
            let target = it.target.as_ref().map_or("-", |target| target.text.as_str());
            format!("{:?}{}({target})", it.redirect, it.descriptor.map_or(String::new(), |it| it.to_string()))
        }));
        if command.is_negated {
            parts.insert(0, "!".into());
        }
        let join = command.operator().map_or(String::new(), |operator| format!(" {operator:?}"));
        format!("{}{}{join}", ">".repeat(command.nesting), parts.join("|"))
    };
    commands.iter().map(one).collect()
}

#[test]
fn quotes_are_resolved_and_expansions_kept() {
    assert_eq!(shown(r#"echo 'a b' "c\"d" e\ f $'g\n\x41\u00e4' "#), ["echo|a b|c\"d|e f|g\nAä"]);
    assert_eq!(
        shown(r#"a "$b" ${c:-'}'}x `d e` $(f "$(g)" ')') $"h" $"#),
        ["a|~$b|~${c:-'}'}x|~`d e`|~$(f \"$(g)\" ')')|h|$"]
    );
    assert_eq!(shown("a \"${b:-it's}\" c"), ["a|~${b:-it's}|c"]);
    assert_eq!(shown("diff <(a) >(b c)"), ["diff|~<(a)|~>(b c)"]);
}

#[test]
fn words_know_their_bytes() {
    let text = "LANG=C curl -f \"http://x\" 2>&1";
    let script = Script::parse(text);
    let [command] = script.commands() else { panic!("it is one command") };
    assert_eq!(&text[command.range.clone()], text);
    assert_eq!(&text[command.words[2].range.clone()], "\"http://x\"");
    assert_eq!(&text[command.redirections[0].range.clone()], "2>&1");
    assert_eq!((command.program(), command.arguments().len()), (Some("curl"), 2));
    assert_eq!(command.assignments[0].text, "LANG=C");
}

#[test]
fn operators_join_commands() {
    assert_eq!(
        shown("a && b || c | d; e & f\ng"),
        ["a And", "b Or", "c Pipe", "d Semicolon", "e Background", "f Newline", "g"]
    );
    assert_eq!(shown("a &&\n  # why\n  b"), ["a And", "b"]);
    assert_eq!(shown("a \\\n  b\\\r\nc"), ["a|bc"]);
    assert_eq!(shown("a#b # c"), ["a#b"]);
}

#[test]
fn redirections_have_a_target() {
    assert_eq!(shown("a >/dev/null 2>&1 <in"), ["a|Output(/dev/null)|DuplicateOutput2(1)|Input(in)"]);
    assert_eq!(shown("a >>log >|x 3<>y &>z"), ["a|Append(log)|Output(x)|InputOutput3(y)|OutputAndError(z)"]);
    assert_eq!(shown("> f\na <<< 'b c' >"), ["Output(f) Newline", "a|HereString(b c)|Output(-)"]);
    assert_eq!(shown("a2>b 12 > c"), ["a2|12|Output(b)|Output(c)"]);
}

#[test]
fn heredocs_are_no_commands() {
    let text = "cat <<EOF >f && b\nrm 'x\nEOF\nc <<-'E'\n\td\n\tE\n";
    assert_eq!(shown(text), ["cat|Heredoc(EOF)|Output(f) And", "b Newline", "c|Heredoc(E) Newline"]);
    let script = Script::parse(text);
    let body = script.commands()[0].redirections[0].body.clone().expect("the lines are there");
    assert_eq!(&text[body], "rm 'x\n");
    assert!(script.is_whole());
    assert!(!Script::parse("cat <<EOF").is_whole());
}

#[test]
fn groups_are_looked_into_and_counted() {
    assert_eq!(shown("(a; b) || { c; } && d"), [">a Semicolon", ">b Or", ">c And", "d"]);
    assert_eq!(
        shown("if ! a; then b; else c; fi; d"),
        [">!|a Semicolon", ">b Semicolon", ">c Semicolon", "d"]
    );
    assert_eq!(shown("for x in 1 2; do a $x; done >log\nb"), [">a|~$x Newline", "b"]);
    assert_eq!(shown("case $x in a|b) c ;; (d) e;; esac; f"), [">c CaseEnd", ">e Semicolon", "f"]);
    assert_eq!(shown("while [[ a && b ]]; do c; done"), [">[[|a|b|]] Semicolon", ">c Semicolon"]);
    assert_eq!(shown("a[1]=b c[$x]+=d [ e=f ]"), ["a[1]=b:|c[$x]+=d:|[|e=f|]"]);
    assert_eq!(shown("f() { a; }; b=(1 2); ((i++)); c"), [">a Semicolon", "b=: Semicolon", "c"]);
}

#[test]
fn substitutions_hold_commands() {
    assert_eq!(
        nested("a $(b | c) \"$(d)\" `e f` <(g) >\"$(h)\""),
        ["1 b Pipe", "1 c", "1 d", "1 e|f", "1 g", "1 h"]
    );
    assert_eq!(nested("x=$(a $(b \"$(c)\"))"), ["1 a|~$(b \"$(c)\")", "2 b|~$(c)", "3 c"]);
    assert_eq!(nested("a ${b:-$(c)} '$(d)' \\$(e)"), ["1 c"]);
    assert_eq!(nested("a $((1 + $(b) << 2)) $((c); d)"), ["1 b", "1 >c Semicolon", "1 d"]);
    assert_eq!(nested("b=($(c) \"$(d)\"); for x in $(e); do f; done"), ["1 c", "1 d", "1 e"]);
    assert_eq!(nested("a $(b # ')'\n c)"), ["1 b Newline", "1 c"]);
    assert_eq!(nested("a <<E\nit's \\$(b) $(c 'd')\nE\ne <<'E'\n$(f)\nE"), ["1 c|d"]);
    let text = "ä \"$(b ä)\"";
    let script = Script::parse(text);
    let [command] = script.nested_commands() else { panic!("it is one command") };
    assert_eq!(&text[command.range.clone()], "b ä");
    assert_eq!(script.all_commands().count(), 2);
}

#[test]
fn scripts_of_another_shell_are_read_where_they_stand() {
    assert_eq!(nested("su -c 'a && b' && bash -ec \"c $x\""), ["1 a And", "1 b", "1 c|~$x"]);
    assert_eq!(nested("sudo -u x sh -c 'a'; echo -c 'b'"), ["1 a"]);
    assert_eq!(nested("sh -c \"a \\\"b\\\"\"; sh a.sh; grep -c 'x'"), [""; 0]);
    let deep = (0..20).fold("x".to_owned(), |inner, _| format!("a $({inner})"));
    assert_eq!(Script::parse(&deep).nested_commands().len(), 8);
}

#[test]
fn arithmetic_is_no_redirection() {
    assert_eq!(shown("((x << 2)); a"), ["a"]);
    assert_eq!(shown("for ((i = 0; i < 3; i++)); do a; done"), [">a Semicolon"]);
    assert_eq!(shown("((a); b); c"), [">>a Semicolon", ">b Semicolon", "c"]);
    assert_eq!(shown("a && ((i # 2)) && b"), ["a And", "b"]);
}

#[test]
fn what_is_never_closed_ends_with_the_text() {
    for text in ["a 'b", "a \"b", "a $(b", "a ${b", "a `b", "a $'b", "a <<E\nb"] {
        let script = Script::parse(text);
        assert!(!script.is_whole(), "{text}");
        assert_eq!(script.commands().len(), 1, "{text}");
    }
    assert!(Script::parse("a ) ; } fi done b").is_whole());
}

#[test]
fn comments_are_tokens() {
    let script = Script::parse("a # b\n# c");
    let comments = script.tokens().iter().filter(|token| matches!(token, Token::Comment(_))).count();
    assert_eq!(comments, 2);
    assert_eq!(script.commands()[0].operator(), Some(Operator::Newline));
    assert_eq!(Script::parse("a <b").commands()[0].redirections[0].redirect, Redirect::Input);
}

#[test]
fn a_script_is_what_follows_the_flag_of_a_shell() {
    assert_eq!(script_argument(&["timeout", "5", "/bin/sh", "-ec", "a || b"]), Some(4));
    assert_eq!(script_argument(&["bash", "/probe.sh", "x"]), None);
    assert_eq!(script_argument(&["curl", "-c", "x"]), None);
    assert_eq!(script_argument(&["sh", "-c"]), None);
}

#[test]
fn a_long_text_is_read_in_linear_time() {
    for piece in [
        "$(",
        "`\"",
        "a<<E ",
        "((",
        "case x in ",
        "'\"",
        "${",
        "\\",
        "1>",
        "[[ ",
        "$((",
        "((a",
        "sh -c '$(",
        "a $(b) ",
        "<(",
    ] {
        Script::parse(&piece.repeat(MAX_TEXT / piece.len()));
    }
}

#[test]
fn a_script_in_a_quote_that_is_not_closed_is_none() {
    let script = Script::parse("sh -c \"\\$ä");
    assert!(script.nested_commands().is_empty() && !script.is_whole());
}

#[test]
fn what_no_shell_is_given_is_not_read() {
    let longest = "a ".repeat(MAX_TEXT / 2);
    assert_eq!(Script::parse(&longest).tokens().len(), MAX_TEXT / 2);
    let longer = Script::parse(&(longest + "a"));
    assert!(longer.tokens().is_empty() && longer.all_commands().next().is_none() && !longer.is_whole());
}

proptest! {
    #[test]
    fn any_text_is_read_to_its_end(text in r#"[ab $(){}\[\]'"`\\<>&|;#!=0-9\n\r\tä-]{0,60}"#) {
        let script = Script::parse(&text);
        let mut end = 0;
        for token in script.tokens() {
            let range = match token {
                Token::Word(word) => &word.range,
                Token::Operator(_, range) | Token::Comment(range) => range,
                Token::Redirection(redirection) => &redirection.range,
            };
            prop_assert!(range.start >= end && range.start < range.end, "{:?}", token);
            prop_assert!(text.get(range.clone()).is_some());
            end = range.end;
        }
        for command in script.all_commands() {
            for word in &command.words {
                prop_assert!(command.range.start <= word.range.start && word.range.end <= command.range.end);
                for inner in &word.substitutions {
                    prop_assert!(word.range.start < inner.start && inner.end <= word.range.end);
                }
            }
            prop_assert!(text.get(command.range.clone()).is_some());
            prop_assert!(!command.range.is_empty());
        }
    }

    #[test]
    fn words_and_keywords_never_break_it(words in prop::collection::vec(
        prop::sample::select(vec!["if", "then", "fi", "case", "in", "esac", "for", "do", "done", "{", "}", "(",
            ")", "[[", "]]", ";;", ";", "&&", "||", "|", "x", "x=1", "$x", "!", "function", "<<E", "\n", "E"]),
        0..20)) {
        Script::parse(&words.join(" "));
    }
}
