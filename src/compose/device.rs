//! The short syntax of `devices`: `source[:target[:permissions]]`.

use super::syntax::{SyntaxError, Text};
use crate::source::{SourceMap, Spanned};

/// An entry of `devices` in the short syntax.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Device<'t> {
    /// The device of the host.
    ///
    /// ```text
    /// /dev/ttyUSB0:/dev/tty0:rw
    /// ^^^^^^^^^^^^
    /// ```
    pub source: Spanned<&'t str>,
    /// The device in the container.
    ///
    /// ```text
    /// /dev/ttyUSB0:/dev/tty0:rw
    ///              ^^^^^^^^^
    /// ```
    /// `None`, or empty, is the same as the source.
    pub target: Option<Spanned<&'t str>>,
    /// Any of `r`, `w` and `m` (make nodes).
    ///
    /// ```text
    /// /dev/ttyUSB0:/dev/tty0:rw
    ///                        ^^
    /// ```
    /// `None` is `rwm`.
    pub permissions: Option<Spanned<&'t str>>,
}

impl<'t> Device<'t> {
    /// The entry that `text` is.
    pub fn parse(text: &'t str, map: &SourceMap) -> Result<Self, SyntaxError> {
        let at = Text { text, map };
        let mut ranges = Vec::new();
        let mut start = 0;
        for part in text.splitn(4, ':') {
            ranges.push(start..start + part.len());
            start += part.len() + 1;
        }
        let mut ranges = ranges.into_iter();
        let source = at.part(ranges.next().unwrap_or(0..0));
        let target = ranges.next().map(|range| at.part(range));
        let permissions = ranges.next().map(|range| at.part(range));
        if ranges.next().is_some() {
            return Err(at.error(0..text.len(), format!("`{text}` has too many colons")));
        }
        Ok(Self { source, target, permissions })
    }

    /// The device in the container, the source if none is said.
    pub fn target_or_source(&self) -> &'t str {
        self.target
            .map(|target| target.value)
            .filter(|target| !target.is_empty())
            .unwrap_or(self.source.value)
    }

    /// The permissions, `rwm` if none are said.
    pub fn permissions_or_default(&self) -> &'t str {
        self.permissions.map_or("rwm", |permissions| permissions.value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::testing::{covered, map_of, texts};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_said_is_the_source_with_every_permission() {
        let text = "/dev/fuse";
        let device = Device::parse(text, &map_of(text)).expect("the device is valid");
        assert_eq!((device.target_or_source(), device.permissions_or_default()), ("/dev/fuse", "rwm"));
    }

    #[test]
    fn every_part_has_its_place() {
        let text = "/dev/a:/dev/b:rw";
        let device = Device::parse(text, &map_of(text)).expect("the device is valid");
        assert_eq!(covered(text, device.source.span), "/dev/a");
        assert_eq!(covered(text, device.target.expect("a target").span), "/dev/b");
        assert_eq!(covered(text, device.permissions.expect("permissions").span), "rw");
    }

    #[test]
    fn a_fourth_part_is_refused() {
        let text = "a:b:c:d:e";
        let error = Device::parse(text, &map_of(text)).expect_err("the device is invalid");
        assert_eq!(error.message, "`a:b:c:d:e` has too many colons");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_spans_are_in_it(text in texts()) {
            if let Ok(device) = Device::parse(&text, &map_of(&text)) {
                for part in [Some(device.source), device.target, device.permissions].into_iter().flatten() {
                    prop_assert_eq!(covered(&text, part.span), part.value);
                }
            }
        }
    }
}
