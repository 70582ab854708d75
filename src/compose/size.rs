//! Sizes in bytes: `512m`, `1.5 GiB`.

use super::syntax::{SyntaxError, Text};
use crate::source::SourceMap;

/// A number of bytes.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Size {
    /// The bytes; -1, where a limit is meant, is no limit.
    pub bytes: i64,
}

impl Size {
    /// The size that `text` is: a number and one of `b`, `k`, `m`, `g`, `t`, `p` (also `kb`,
    /// `kib` and so on) in whatever case, each 1024 times the last.
    ///
    /// A negative number is refused. In YAML, an integer is not a text: see [`Size::of_integer`].
    pub fn parse(text: &str, map: &SourceMap) -> Result<Self, SyntaxError> {
        let at = Text { text, map };
        let refuse = || at.error(0..text.len(), format!("`{text}` is not a size"));
        if text.is_empty() {
            return Err(at.error(0..0, "the size is empty"));
        }
        let is_of_number = |byte: u8| byte.is_ascii_digit() || byte == b'.';
        let number_end = match text.bytes().rposition(|byte| is_of_number(byte) || byte == b' ') {
            Some(last) => last + 1,
            None => return Err(refuse()),
        };
        let number = &text[..number_end];
        // Go reads hexadecimal floating point too; nobody writes that, and it is refused here.
        let value = match number.strip_suffix(' ').unwrap_or(number).parse::<f64>() {
            Ok(value) if value >= 0.0 && value.is_finite() => value,
            _ => return Err(refuse()),
        };
        let unit = &text[number_end..];
        let power = match unit.to_ascii_lowercase().as_str() {
            "" | "b" => 0,
            "k" | "kb" | "kib" => 1,
            "m" | "mb" | "mib" => 2,
            "g" | "gb" | "gib" => 3,
            "t" | "tb" | "tib" => 4,
            "p" | "pb" | "pib" => 5,
            _ => {
                return Err(at.error(number_end..text.len(), format!("`{unit}` is not a unit of size")));
            }
        };
        Ok(Self { bytes: (value * 1024_f64.powi(power)) as i64 })
    }

    /// The size that an integer of the file is: that many bytes, -1 included.
    pub fn of_integer(bytes: i64) -> Self {
        Self { bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::testing::{covered, map_of, texts};
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Size, SyntaxError> {
        Size::parse(text, &map_of(text))
    }

    #[test]
    fn units_are_powers_of_1024_in_any_case() {
        for (text, bytes) in [
            ("0", 0),
            ("12", 12),
            ("12b", 12),
            ("1k", 1024),
            ("1KB", 1024),
            ("1 KiB", 1024),
            ("512M", 512 << 20),
            ("1.5g", 3 << 29),
            ("2t", 2 << 40),
            ("1p", 1 << 50),
            (".5k", 512),
        ] {
            assert_eq!(parse(text).map(|size| size.bytes), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn what_the_engine_refuses_is_pointed_at() {
        for (text, at, message) in [
            ("", "", "the size is empty"),
            ("big", "big", "`big` is not a size"),
            ("-1", "-1", "`-1` is not a size"),
            ("1 2m", "1 2m", "`1 2m` is not a size"),
            ("1e", "e", "`e` is not a unit of size"),
            ("1bb", "bb", "`bb` is not a unit of size"),
            ("1kiB/s", "kiB/s", "`kiB/s` is not a unit of size"),
        ] {
            let error = parse(text).expect_err("the size is invalid");
            assert_eq!(error.message, message);
            assert_eq!(covered(text, error.span.expect("the text has a place")), at);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in prop_oneof![texts(), "[-+0-9.a-zA-Z ]{0,12}"]) {
            if let Err(error) = parse(&text) {
                covered(&text, error.span.expect("the text has a place"));
            }
        }
    }
}
