//! What an unquoted scalar means: the rules of the engine's YAML library.

use super::Style;

/// A scalar's value.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Scalar<'t> {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that fits 64 bits with sign.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A date, perhaps with a time, as written.
    Timestamp(&'t str),
    /// Text.
    Str(&'t str),
}

/// The value of a scalar: text if it is quoted or in block form, else by its form. Of the tags,
/// `!!str` makes text and `!!int`, `!!float`, `!!bool`, `!!null` read the text whatever its quotes;
/// any other tag changes nothing.
pub fn resolve<'t>(text: &'t str, style: Style, tag: Option<&str>) -> Scalar<'t> {
    match tag {
        Some("!!str" | "!") => Scalar::Str(text),
        Some("!!int" | "!!float" | "!!bool" | "!!null") => plain(text),
        _ if style == Style::Plain => plain(text),
        _ => Scalar::Str(text),
    }
}

fn plain(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" => return Scalar::Bool(true),
        "false" | "False" | "FALSE" => return Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        _ => {}
    }
    match text.as_bytes()[0] {
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text).unwrap_or(Scalar::Str(text)),
        _ => Scalar::Str(text),
    }
}

fn number(text: &str) -> Option<Scalar<'_>> {
    if is_timestamp(text) {
        return Some(Scalar::Timestamp(text));
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_')) {
        return None;
    }
    let buffer;
    let digits = if text.contains('_') {
        buffer = text.replace('_', "");
        buffer.as_str()
    } else {
        text
    };
    if let Some(value) = integer(digits) {
        return Some(match i64::try_from(value) {
            Ok(value) => Scalar::Int(value),
            Err(_) => Scalar::Float(value as f64),
        });
    }
    is_float(digits).then(|| digits.parse().ok().map(Scalar::Float)).flatten()
}

/// A whole number with an optional sign: decimal, or with the prefix `0x`, `0o`, `0b`, or octal by
/// a leading `0`.
fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()?;
    let value = value * sign;
    (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&value).then_some(value)
}

/// Whether the text is a decimal number with digits before or behind the point.
fn is_float(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let digits = |mut at: usize| {
        let start = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        (at, at > start)
    };
    let (end, whole) = digits(at);
    at = end;
    let mut part = false;
    if bytes.get(at) == Some(&b'.') {
        (at, part) = digits(at + 1);
    }
    if !whole && !part {
        return false;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        let (end, some) = digits(at);
        if !some {
            return false;
        }
        at = end;
    }
    at == bytes.len()
}

/// Whether the text is `YYYY-M-D`, alone or with a time behind `T`, `t` or a space.
fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let in_range = |part: Option<&str>, digits: std::ops::RangeInclusive<usize>, highest: u32| {
        part.is_some_and(|part| {
            digits.contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_digit())
                && part.parse::<u32>().is_ok_and(|value| value <= highest)
        })
    };
    if !in_range(parts.next(), 4..=4, 9999)
        || !in_range(parts.next(), 1..=2, 12)
        || !in_range(parts.next(), 1..=2, 31)
        || parts.next().is_some()
    {
        return false;
    }
    let Some(time) = time else { return date.len() == 10 || date.len() >= 8 };
    let clock = time.trim_start().split(['Z', 'z', '+', '-', ' ']).next().unwrap_or_default();
    let mut parts = clock.split([':', '.']);
    in_range(parts.next(), 1..=2, 24)
        && in_range(parts.next(), 2..=2, 59)
        && in_range(parts.next(), 2..=2, 60)
}

/// A boolean as the engine casts an interpolated text to one; letters of either case.
pub fn cast_bool(text: &str) -> Option<bool> {
    if text.len() > 5 {
        return None;
    }
    match text.to_ascii_lowercase().as_str() {
        "true" | "y" | "yes" | "on" => Some(true),
        "false" | "n" | "no" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Scalar<'_> {
        resolve(text, Style::Plain, None)
    }

    #[test]
    fn booleans_are_those_of_yaml_1_2() {
        assert_eq!(value("true"), Scalar::Bool(true));
        assert_eq!(value("False"), Scalar::Bool(false));
        for text in ["yes", "no", "on", "off", "y", "n", "tRue"] {
            assert_eq!(value(text), Scalar::Str(text));
        }
    }

    #[test]
    fn whole_numbers_have_four_radices() {
        assert_eq!(value("12"), Scalar::Int(12));
        assert_eq!(value("-0x1F"), Scalar::Int(-31));
        assert_eq!(value("0b11"), Scalar::Int(3));
        assert_eq!(value("0o17"), Scalar::Int(15));
        assert_eq!(value("0777"), Scalar::Int(511));
        assert_eq!(value("1_000"), Scalar::Int(1000));
        assert_eq!(value("18446744073709551615"), Scalar::Float(18_446_744_073_709_551_615.0));
    }

    #[test]
    fn decimals_and_numbers_past_the_octal_are_floats() {
        assert_eq!(value("08"), Scalar::Float(8.0));
        assert_eq!(value("1.50"), Scalar::Float(1.5));
        assert_eq!(value(".5"), Scalar::Float(0.5));
        assert_eq!(value("1e3"), Scalar::Float(1000.0));
        assert_eq!(value("5."), Scalar::Float(5.0));
        assert!(matches!(value(".nan"), Scalar::Float(nan) if nan.is_nan()));
    }

    #[test]
    fn what_only_looks_like_a_number_is_text() {
        for text in ["22:22", "1:2:3", "1.2.3", "-", ".", "+", "0x", "1e", "10m", "3.x", "-a", "0b2", "--1"] {
            assert_eq!(value(text), Scalar::Str(text), "{text}");
        }
    }

    #[test]
    fn dates_are_timestamps() {
        for text in ["2024-01-01", "2024-1-2", "2024-01-01T10:00:00Z", "2024-01-01 10:00:00.5 +1"] {
            assert_eq!(value(text), Scalar::Timestamp(text), "{text}");
        }
        for text in ["2024-13-01", "2024-01", "2024-01-01x", "192-168-1"] {
            assert_eq!(value(text), Scalar::Str(text), "{text}");
        }
    }

    #[test]
    fn quotes_make_text_and_tags_override_them() {
        assert_eq!(resolve("1", Style::DoubleQuoted, None), Scalar::Str("1"));
        assert_eq!(resolve("1", Style::Plain, Some("!!str")), Scalar::Str("1"));
        assert_eq!(resolve("1", Style::SingleQuoted, Some("!!int")), Scalar::Int(1));
        assert_eq!(resolve("~", Style::Plain, Some("!reset")), Scalar::Null);
    }

    #[test]
    fn interpolated_text_is_cast_like_the_engine_does() {
        assert_eq!(cast_bool("Yes"), Some(true));
        assert_eq!(cast_bool("OFF"), Some(false));
        assert_eq!(cast_bool("1"), None);
    }
}
