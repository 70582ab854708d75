//! Numbers of processors: `0.5`, `2`.

use super::syntax::{SyntaxError, Text};
use crate::source::SourceMap;

/// A number of processors.
#[derive(Copy, Clone, PartialEq, PartialOrd, Debug)]
pub struct Cpus {
    /// The processors; the engine keeps 32 bits of them, and takes zero and less.
    pub count: f32,
}

impl Cpus {
    /// The number of processors that `text` is.
    pub fn parse(text: &str, map: &SourceMap) -> Result<Self, SyntaxError> {
        let at = Text { text, map };
        if text.is_empty() {
            return Err(at.error(0..0, "the number of processors is empty"));
        }
        match text.parse::<f64>() {
            Ok(count) => Ok(Self { count: count as f32 }),
            Err(_) => Err(at.error(0..text.len(), format!("`{text}` is not a number of processors"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::testing::{covered, map_of, texts};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_may_have_a_fraction_and_no_unit() {
        for (text, count) in
            [("2", Some(2.0)), ("0.5", Some(0.5)), (".5", Some(0.5)), ("500m", None), ("", None)]
        {
            assert_eq!(Cpus::parse(text, &map_of(text)).ok().map(|cpus| cpus.count), count, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in texts()) {
            if let Err(error) = Cpus::parse(&text, &map_of(&text)) {
                covered(&text, error.span.expect("the text has a place"));
            }
        }
    }
}
