//! The list form of `environment`, `args` and `labels`: `KEY=value` or `KEY`.

use super::syntax::{SyntaxError, Text};
use crate::source::{SourceMap, Spanned};

/// An entry of the list form of `environment`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EnvEntry<'t> {
    /// The name of the variable.
    ///
    /// ```text
    /// MODE=production
    /// ^^^^
    /// ```
    pub key: Spanned<&'t str>,
    /// The value, as written.
    ///
    /// ```text
    /// MODE=production
    ///      ^^^^^^^^^^
    /// ```
    /// `None` inherits the value; an empty one is empty.
    pub value: Option<Spanned<&'t str>>,
}

impl<'t> EnvEntry<'t> {
    /// The entry that `text` is.
    pub fn parse(text: &'t str, map: &SourceMap) -> Result<Self, SyntaxError> {
        let at = Text { text, map };
        let key_end = text.find('=').unwrap_or(text.len());
        let key = &text[..key_end];
        if key.as_bytes().last().is_some_and(|byte| is_latin1_space(*byte)) {
            return Err(at.error(0..key_end, format!("the variable `{key}` has a space at its end")));
        }
        let value = (key_end < text.len()).then(|| at.part(key_end + 1..text.len()));
        Ok(Self { key: at.part(0..key_end), value })
    }
}

/// Whether the character with this number is a space. The engine asks that of the last byte, so it
/// refuses a name that ends with a letter such as `à` (C3 A0) too.
fn is_latin1_space(byte: u8) -> bool {
    char::from(byte).is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::super::syntax::testing::{covered, map_of, texts};
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<EnvEntry<'_>, SyntaxError> {
        EnvEntry::parse(text, &map_of(text))
    }

    #[test]
    fn the_first_equals_sign_ends_the_key() {
        let text = "OPTIONS=a=b";
        let entry = parse(text).expect("the entry is valid");
        assert_eq!(covered(text, entry.key.span), "OPTIONS");
        assert_eq!(covered(text, entry.value.expect("a value").span), "a=b");
    }

    #[test]
    fn no_value_is_not_an_empty_value() {
        assert_eq!(parse("A").expect("the entry is valid").value, None);
        assert_eq!(parse("A=").expect("the entry is valid").value.map(|it| it.value), Some(""));
    }

    #[test]
    fn a_key_does_not_end_with_a_space() {
        for text in ["A =1", "A\t", "voil\u{e0}=1"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(" A= 1 ").is_ok());
    }

    proptest! {
        #[test]
        fn no_text_panics_and_spans_are_in_it(text in texts()) {
            match parse(&text) {
                Ok(entry) => {
                    for part in [Some(entry.key), entry.value].into_iter().flatten() {
                        prop_assert_eq!(covered(&text, part.span), part.value);
                    }
                }
                Err(error) => {
                    covered(&text, error.span.expect("the text has a place"));
                }
            }
        }
    }
}
