//! Passwords in URLs.

use std::ops::Range;

use super::{ValueKind, classify};

/// The bytes that an authority is looked for in; no longer one is a URL's.
const MAX_AUTHORITY: usize = 4096;

/// A URL with a password, as ranges of bytes of the text.
///
/// ```text
/// postgres://app:hunter2@db:5432/app
/// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^       whole
///            ^^^                      user
///                ^^^^^^^              password
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UrlPassword {
    /// From the scheme to the end of host and port.
    pub whole: Range<usize>,
    /// The user's name; empty in `redis://:password@host`.
    pub user: Range<usize>,
    /// The password as it is written, percent-encoded or not; never empty.
    pub password: Range<usize>,
    /// Whether the password is a variable, and no text of its own.
    pub is_reference: bool,
}

/// Every URL with a password in `text`, in order.
pub fn url_passwords(text: &str) -> Vec<UrlPassword> {
    text.match_indices("://").filter_map(|(at, _)| url_password(text, at)).collect()
}

/// The URL whose scheme ends at `colon`.
fn url_password(text: &str, colon: usize) -> Option<UrlPassword> {
    let bytes = text.as_bytes();
    let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    let length = bytes[..colon].iter().rev().take(32).take_while(|byte| is_scheme(byte)).count();
    let letters = &bytes[colon - length..colon];
    let start = colon - length + letters.iter().position(u8::is_ascii_alphabetic)?;

    let from = colon + 3;
    let (mut separator, mut host, mut end) = (None, None, from);
    while end < bytes.len() && end - from < MAX_AUTHORITY {
        match bytes[end] {
            b'/' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'}' | b'\\' => break,
            byte if byte.is_ascii_whitespace() || byte.is_ascii_control() => break,
            b'$' if bytes.get(end + 1) == Some(&b'{') => {
                end = braces(bytes, end + 1, from + MAX_AUTHORITY)?;
                continue;
            }
            b':' if separator.is_none() => separator = Some(end),
            b'@' => host = Some(end + 1),
            _ => {}
        }
        end += 1;
    }
    // The bound may be within a character.
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let (separator, host) = (separator?, host?);
    let password = separator + 1..host - 1;
    if separator >= host || password.is_empty() {
        return None;
    }
    // `a:80,b@c` is a list of hosts.
    let written = &text[password.clone()];
    if written.split_once(',').is_some_and(|(port, _)| port.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    Some(UrlPassword {
        whole: start..end,
        user: from..separator,
        is_reference: classify(written) == ValueKind::Reference,
        password,
    })
}

/// The offset past the braces that open at `open`. `None` if they do not close before `limit`, the end
/// of the line and the next URL.
fn braces(bytes: &[u8], open: usize, limit: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in bytes.iter().enumerate().take(limit).skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at + 1),
            b'}' => depth -= 1,
            // Another URL, or another line.
            b'\n' => return None,
            b':' if bytes[at..].starts_with(b"://") => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords(text: &str) -> Vec<&str> {
        url_passwords(text).into_iter().map(|found| &text[found.password]).collect()
    }

    #[test]
    fn a_password_is_found_with_its_user_and_host() {
        let text = "URL: \"postgres://app:hunter2@db:5432/app\"";
        let found = &url_passwords(text)[0];
        assert_eq!(&text[found.whole.clone()], "postgres://app:hunter2@db:5432");
        assert_eq!((&text[found.user.clone()], &text[found.password.clone()]), ("app", "hunter2"));
        assert!(!found.is_reference);
    }

    #[test]
    fn users_may_be_empty_and_hosts_may_be_ipv6() {
        assert_eq!(passwords("redis://:pw1@h redis://u:p%40ss@[::1]:6379/0"), ["pw1", "p%40ss"]);
        assert_eq!(passwords("jdbc:mysql://u:p@ss@h,http://a:b@c"), ["p@ss", "b"]);
        assert_eq!(passwords("amqp+ssl://u:p:q@h"), ["p:q"]);
    }

    #[test]
    fn variables_are_told_apart() {
        let is_reference = |text: &str| url_passwords(text).first().map(|found| found.is_reference);
        assert_eq!(is_reference("postgres://${U}:${P:-a/b@c}@db/x"), Some(true));
        assert_eq!(is_reference("postgres://${U:-x}:literal@db/x"), Some(false));
        assert_eq!(is_reference("postgres://u:$PASSWORD@db/x"), Some(true));
        assert_eq!(passwords("${URL:-postgres://u:pw@db}"), ["pw"]);
    }

    #[test]
    fn other_uses_of_colon_and_at_are_no_passwords() {
        for text in [
            "http://host:80/path@x",
            "git@github.com:a/b",
            "https://packages.example.com/@scope/x",
            "a://b@c",
            "http://a:80,b:80/c@d",
            "http://${H}:${P}/x@y",
            "http://u:@h",
            "://u:p@h",
            "http://a:80 x@y",
            "http://h:80?x@y",
            "${A:-http://a:80}@x",
            "ssh://git@host:22/x",
            "http://a:80,u@h",
        ] {
            assert_eq!(passwords(text), [""; 0], "{text}");
        }
    }
}
