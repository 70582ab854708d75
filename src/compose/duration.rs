//! Durations: `1m30s`, `1.5h`, `2d`.

use std::fmt;
use std::ops::Range;

use super::syntax::{SyntaxError, Text};
use crate::source::SourceMap;

/// The units and their lengths in nanoseconds.
const UNITS: &[(&str, i64)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3_600 * SECOND),
    ("d", 24 * 3_600 * SECOND),
    ("w", 7 * 24 * 3_600 * SECOND),
];

const SECOND: i64 = 1_000_000_000;

/// A length of time in nanoseconds, up to 292 years either way.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Duration {
    /// The nanoseconds.
    pub nanoseconds: i64,
}

impl Duration {
    /// The duration that `text` is: numbers with units, one after the other, with a sign before all.
    /// A number without a unit is no duration, unless it is a single `0`.
    pub fn parse(text: &str, map: &SourceMap) -> Result<Self, SyntaxError> {
        let at = Text { text, map };
        let refuse = |range: Range<usize>| Err(at.error(range, format!("`{text}` is not a duration")));
        let negative = text.starts_with('-');
        let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
        if rest == "0" {
            return Ok(Self { nanoseconds: 0 });
        }
        if text.is_empty() {
            return Err(at.error(0..0, "the duration is empty"));
        }
        if rest.is_empty() {
            return refuse(0..text.len());
        }
        let mut total = 0_i64;
        while !rest.is_empty() {
            let start = text.len() - rest.len();
            let digits = digits(rest);
            let (whole, mut after) = rest.split_at(digits);
            let mut fraction = "";
            if let Some(behind) = after.strip_prefix('.') {
                (fraction, after) = behind.split_at(self::digits(behind));
            }
            let unit_start = text.len() - after.len();
            if whole.is_empty() && fraction.is_empty() {
                return refuse(0..text.len());
            }
            let unit_length =
                after.find(|char: char| char == '.' || char.is_ascii_digit()).unwrap_or(after.len());
            let (unit, behind) = after.split_at(unit_length);
            if unit.is_empty() {
                let number = &text[start..unit_start];
                return Err(at.error(start..unit_start, format!("`{number}` has no unit of time")));
            }
            let Some((_, length)) = UNITS.iter().find(|(name, _)| *name == unit) else {
                let range = unit_start..unit_start + unit_length;
                return Err(at.error(range, format!("`{unit}` is not a unit of time")));
            };
            let Some(sum) =
                nanoseconds(whole, fraction, *length).and_then(|nanoseconds| total.checked_add(nanoseconds))
            else {
                return Err(at.error(0..text.len(), format!("the duration `{text}` is too long")));
            };
            total = sum;
            rest = behind;
        }
        Ok(Self { nanoseconds: if negative { -total } else { total } })
    }

    /// The seconds, with their fraction.
    pub fn seconds(self) -> f64 {
        self.nanoseconds as f64 / SECOND as f64
    }
}

/// The number of digits that `text` starts with.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// `whole.fraction` units of `length` nanoseconds; `None` if that is too much.
fn nanoseconds(whole: &str, fraction: &str, length: i64) -> Option<i64> {
    let whole = if whole.is_empty() { 0 } else { whole.parse::<i64>().ok()? };
    let (mut value, mut scale) = (0_i64, 1_f64);
    for digit in fraction.bytes() {
        // Digits past what 64 bits hold are dropped, as the engine does.
        let Some(next) = value.checked_mul(10).and_then(|it| it.checked_add(i64::from(digit - b'0'))) else {
            break;
        };
        value = next;
        scale *= 10.0;
    }
    // In floating point, in this order: the engine's last nanosecond is of that.
    let part = (value as f64 * (length as f64 / scale)) as i64;
    whole.checked_mul(length)?.checked_add(part)
}

/// The canonical form, Go's: hours, minutes and seconds, or one of `ms`, `µs` and `ns` below a second.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = SECOND.unsigned_abs();
        let total = self.nanoseconds.unsigned_abs();
        if self.nanoseconds < 0 {
            f.write_str("-")?;
        }
        let (unit, name) = match total {
            0 => return f.write_str("0s"),
            1..1_000 => (1, "ns"),
            1_000..1_000_000 => (1_000, "\u{b5}s"),
            1_000_000..1_000_000_000 => (1_000_000, "ms"),
            _ => (second, "s"),
        };
        let (hours, minutes) = (total / second / 3_600, total / second / 60 % 60);
        if hours > 0 {
            write!(f, "{hours}h")?;
        }
        if hours > 0 || minutes > 0 {
            write!(f, "{minutes}m")?;
        }
        let rest = total % (60 * second);
        write!(f, "{}", rest / unit)?;
        let fraction = rest % unit;
        if fraction > 0 {
            let width = unit.ilog10() as usize;
            let fraction = format!("{fraction:0width$}");
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::testing::{covered, map_of, texts};
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Duration, SyntaxError> {
        Duration::parse(text, &map_of(text))
    }

    #[test]
    fn a_duration_prints_in_the_canonical_form() {
        for (text, canonical) in [
            ("0", "0s"),
            ("-0", "0s"),
            ("90s", "1m30s"),
            ("1.5h", "1h30m0s"),
            ("2d", "48h0m0s"),
            ("1w", "168h0m0s"),
            ("1h5m", "1h5m0s"),
            ("-1.25s", "-1.25s"),
            ("+100ms", "100ms"),
            ("1500us", "1.5ms"),
            ("1500\u{3bc}s", "1.5ms"),
            (".5m", "30s"),
            ("3ns", "3ns"),
            ("1m0.5s", "1m0.5s"),
            ("1.s", "1s"),
        ] {
            let duration = parse(text).expect("the duration is valid");
            assert_eq!(duration.to_string(), canonical, "{text}");
        }
    }

    #[test]
    fn what_the_engine_refuses_is_pointed_at() {
        for (text, at, message) in [
            ("", "", "the duration is empty"),
            ("-", "-", "`-` is not a duration"),
            ("30", "30", "`30` has no unit of time"),
            ("1h30", "30", "`30` has no unit of time"),
            ("1h 5m", "h ", "`h ` is not a unit of time"),
            ("5y", "y", "`y` is not a unit of time"),
            ("soon", "soon", "`soon` is not a duration"),
            ("20000w", "20000w", "the duration `20000w` is too long"),
        ] {
            let error = parse(text).expect_err("the duration is invalid");
            assert_eq!(error.message, message);
            assert_eq!(covered(text, error.span.expect("the text has a place")), at);
        }
    }

    proptest! {
        #[test]
        fn a_canonical_form_means_the_same(nanoseconds in -i64::MAX..i64::MAX) {
            let text = Duration { nanoseconds }.to_string();
            let again = parse(&text).expect("a canonical form is valid");
            // A fraction goes through floating point, so its last digit may differ.
            prop_assert!(again.nanoseconds.abs_diff(nanoseconds) <= 1);
        }

        #[test]
        fn no_text_panics(text in prop_oneof![texts(), "[-+0-9.a-z\u{b5}]{0,12}"]) {
            if let Err(error) = parse(&text) {
                covered(&text, error.span.expect("the text has a place"));
            }
        }
    }
}
