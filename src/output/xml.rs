//! Text within XML.

use std::borrow::Cow;

/// `text` as the content of an element or of an attribute in double quotes. What XML 1.0 cannot say is
/// a question mark.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let is_plain = |char: char| !matches!(char, '&' | '<' | '>' | '"' | '\'') && is_allowed(char);
    if text.chars().all(|char| is_plain(char) && !char.is_ascii_control()) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        match char {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&apos;"),
            // An attribute would make a space of it.
            '\n' | '\r' | '\t' => written.push_str(&format!("&#{};", u32::from(char))),
            _ if is_allowed(char) => written.push(char),
            _ => written.push('?'),
        }
    }
    Cow::Owned(written)
}

/// Whether XML 1.0 has the character (2.2, production Char).
fn is_allowed(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}
