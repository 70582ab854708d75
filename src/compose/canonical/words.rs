//! Commands as one text, split as the engine splits them.

/// The words of a command, or `None` for one with an unclosed quote, an unbalanced parenthesis or a
/// backslash at its end.
///
/// Quotes group, a backslash takes the next letter as it is (`\t` and `\n` are a tab and a line feed),
/// `$(…)` and backticks keep their spaces and are not run. The first `;`, `&`, `|`, `<` or `>` outside
/// of quotes ends the command: what is behind it is dropped, as the engine drops it.
pub(crate) fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word = String::new();
    // Whether there is a word at all: quotes make an empty one.
    let mut some = false;
    let (mut escaped, mut single, mut double, mut back, mut dollar) = (false, false, false, false, false);
    for letter in line.chars() {
        if escaped {
            word.push(match letter {
                't' => '\t',
                'n' => '\n',
                other => other,
            });
            escaped = false;
            some = true;
            continue;
        }
        match letter {
            '\\' => {
                if single {
                    word.push(letter);
                } else {
                    escaped = true;
                }
                continue;
            }
            ' ' | '\t' | '\r' | '\n' => {
                if single || double || back || dollar {
                    word.push(letter);
                } else if some {
                    words.push(std::mem::take(&mut word));
                    some = false;
                }
                continue;
            }
            '`' if !single && !double && !dollar => back = !back,
            ')' if !single && !double && !back => dollar = !dollar,
            '(' if !single && !double && !back => {
                if dollar || !word.ends_with('$') {
                    return None;
                }
                dollar = true;
                word.push('(');
                continue;
            }
            '"' if !single && !dollar => {
                some |= double;
                double = !double;
                continue;
            }
            '\'' if !double && !dollar => {
                some |= single;
                single = !single;
                continue;
            }
            ';' | '&' | '|' | '<' | '>' if !(single || double || back || dollar) => {
                // The number of a file before `>` is no word.
                if letter == '>' && word.starts_with(|first: char| first.is_ascii_digit()) {
                    some = false;
                }
                break;
            }
            _ => {}
        }
        word.push(letter);
        some = true;
    }
    if some {
        words.push(word);
    }
    (!(escaped || single || double || back || dollar)).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn quotes_group_and_backslashes_escape() {
        let words = split(r#"serve --name "a b" 'c d'e \"x\" "" one\ two"#).expect("it is a command");
        assert_eq!(words, ["serve", "--name", "a b", "c de", "\"x\"", "", "one two"]);
    }

    #[test]
    fn an_operator_ends_the_command() {
        assert_eq!(split("a b; c").expect("it is a command"), ["a", "b"]);
        assert_eq!(split("a 2>&1").expect("it is a command"), ["a"]);
        assert_eq!(split("sh -c 'a && b'").expect("it is a command"), ["sh", "-c", "a && b"]);
    }

    #[test]
    fn substitutions_are_one_word() {
        assert_eq!(split("echo $(date +%s) `a b`").expect("it is one"), ["echo", "$(date +%s)", "`a b`"]);
    }

    #[test]
    fn what_is_not_closed_is_no_command() {
        for text in ["a 'b", "a \"b", "a \\", "(a)", "a )"] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
