//! The list form of `extra_hosts`: `host=address[,address…]` or `host:address[,address…]`.

use super::syntax::{SyntaxError, Text};
use crate::source::{SourceMap, Spanned};

/// An entry of the list form of `extra_hosts`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExtraHost<'t> {
    /// The name that the container resolves.
    ///
    /// ```text
    /// db.internal=10.0.0.2,[fd00::2]
    /// ^^^^^^^^^^^
    /// ```
    pub host: Spanned<&'t str>,
    /// The addresses, without brackets, at least one; the engine takes any text, such as
    /// `host-gateway`.
    ///
    /// ```text
    /// db.internal=10.0.0.2,[fd00::2]
    ///             ^^^^^^^^  ^^^^^^^
    /// ```
    pub addresses: Vec<Spanned<&'t str>>,
}

impl<'t> ExtraHost<'t> {
    /// The entry that `text` is. An equals sign anywhere wins over a colon.
    pub fn parse(text: &'t str, map: &SourceMap) -> Result<Self, SyntaxError> {
        let at = Text { text, map };
        let Some(separator) = text.find('=').or_else(|| text.find(':')) else {
            let message = match text {
                "" => "the host is empty".to_owned(),
                _ => format!("`{text}` has no address"),
            };
            return Err(at.error(0..text.len(), message));
        };
        let host = &text[..separator];
        if host.is_empty() {
            return Err(at.error(0..text.len(), format!("`{text}` has no host name")));
        }
        if host.contains(':') {
            return Err(at.error(0..separator, format!("`{host}` is not a host name")));
        }
        let mut addresses = Vec::new();
        let mut start = separator + 1;
        for address in text[start..].split(',') {
            let mut range = start..start + address.len();
            start = range.end + 1;
            if address.len() > 2 && address.starts_with('[') && address.ends_with(']') {
                range = range.start + 1..range.end - 1;
            }
            addresses.push(at.part(range));
        }
        Ok(Self { host: at.part(0..separator), addresses })
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::testing::{covered, map_of, texts};
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<ExtraHost<'_>, SyntaxError> {
        ExtraHost::parse(text, &map_of(text))
    }

    #[test]
    fn addresses_lose_their_brackets() {
        let text = "db=10.0.0.2,[fd00::2]";
        let host = parse(text).expect("the entry is valid");
        assert_eq!(covered(text, host.host.span), "db");
        let addresses: Vec<_> = host.addresses.iter().map(|it| covered(text, it.span)).collect();
        assert_eq!(addresses, ["10.0.0.2", "fd00::2"]);
    }

    #[test]
    fn a_colon_separates_where_there_is_no_equals_sign() {
        let host = parse("db:::1").expect("the entry is valid");
        assert_eq!((host.host.value, host.addresses[0].value), ("db", "::1"));
    }

    #[test]
    fn what_the_engine_refuses_is_pointed_at() {
        for (text, at, message) in [
            ("db", "db", "`db` has no address"),
            ("=::1", "=::1", "`=::1` has no host name"),
            ("a:b=::1", "a:b", "`a:b` is not a host name"),
        ] {
            let error = parse(text).expect_err("the entry is invalid");
            assert_eq!(error.message, message);
            assert_eq!(covered(text, error.span.expect("the text has a place")), at);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_spans_are_in_it(text in texts()) {
            match parse(&text) {
                Ok(host) => {
                    for part in host.addresses.iter().chain([&host.host]) {
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
