//! The form of this tool's own comments.

use std::ops::Range;

/// What a comment does.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Keyword {
    /// `ignore`: silences the node that the comment belongs to.
    Ignore,
    /// `ignore-file`: silences the file.
    IgnoreFile,
}

impl Keyword {
    /// The word that says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::IgnoreFile => "ignore-file",
        }
    }
}

/// What is wrong with the form of a comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// No `:` behind `composelint`.
    NoColon,
    /// Another word than those known.
    UnknownWord(String),
    /// No rules in brackets; what follows instead, up to a reason.
    NoBrackets(String),
    /// A bracket that does not close.
    NotClosed,
    /// Nothing in the brackets.
    NoNames,
}

/// A comment as it is written; all offsets are in the text of the whole comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Written<'t> {
    /// The offset of its `#`.
    pub(super) start: usize,
    pub(super) keyword: Option<Keyword>,
    pub(super) names: Vec<Range<usize>>,
    /// The offset of the closing bracket.
    pub(super) list_end: usize,
    pub(super) reason: Option<&'t str>,
    pub(super) fault: Option<Fault>,
}

/// The comments that a comment holds, as in `# the cache # composelint: …`: the offset of the `#` and
/// what follows it, trimmed at the start, to the end of the whole.
pub(super) fn parts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let starts = text.match_indices('#').map(|(at, _)| at);
    starts
        .filter(move |at| at.checked_sub(1).is_none_or(|before| matches!(bytes[before], b' ' | b'\t')))
        .map(|at| (at, text[at..].trim_start_matches('#').trim_start()))
}

/// The first comment of this tool's form in the text of a comment; `None` if there is none.
pub(super) fn own(text: &str) -> Option<Written<'_>> {
    parts(text).find_map(|(start, rest)| {
        let rest = rest.strip_prefix("composelint")?;
        match rest.strip_prefix(':') {
            Some(rest) => directive(text, start, rest.trim_start()),
            None if rest.starts_with([' ', '\t']) => {
                let word = rest.trim_start().strip_prefix("ignore")?;
                let is_meant = word.strip_prefix("-file").unwrap_or(word).trim_start().starts_with('[');
                is_meant.then(|| faulty(start, None, Fault::NoColon))
            }
            None => None,
        }
    })
}

fn faulty(start: usize, keyword: Option<Keyword>, fault: Fault) -> Written<'static> {
    Written { start, keyword, names: Vec::new(), list_end: start, reason: None, fault: Some(fault) }
}

/// What follows `composelint:`; `None` if it is prose.
fn directive<'t>(text: &'t str, start: usize, rest: &'t str) -> Option<Written<'t>> {
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
    let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
    let behind = behind.trim_start();
    let keyword = match word {
        "ignore" => Keyword::Ignore,
        "ignore-file" => Keyword::IgnoreFile,
        _ => {
            let is_directive = behind.starts_with(['[', '=', '('])
                || ["disable", "enable", "ignore", "skip", "allow", "noqa", "off"]
                    .iter()
                    .any(|known| word == *known || word.starts_with(&format!("{known}-")))
                || word.len() <= 16 && strsim::osa_distance(word, "ignore") <= 1;
            return is_directive.then(|| faulty(start, None, Fault::UnknownWord(word.to_owned())));
        }
    };
    let Some(list) = behind.strip_prefix('[') else {
        let named = behind.split("--").next().unwrap_or_default();
        let named = named.trim_matches([' ', '\t', '=', ':', '(', ')', ',']).to_owned();
        return Some(faulty(start, Some(keyword), Fault::NoBrackets(named)));
    };
    let Some(length) = list.find(']') else { return Some(faulty(start, Some(keyword), Fault::NotClosed)) };
    let list_start = text.len() - list.len();
    let mut names = Vec::new();
    let mut at = list_start;
    for part in list[..length].split(',') {
        let name = part.trim();
        if !name.is_empty() {
            let from = at + (part.len() - part.trim_start().len());
            names.push(from..from + name.len());
        }
        at += part.len() + 1;
    }
    let reason = list[length + 1..].trim_start().strip_prefix("--").map(str::trim);
    Some(Written {
        start,
        keyword: Some(keyword),
        fault: names.is_empty().then_some(Fault::NoNames),
        names,
        list_end: list_start + length,
        reason: reason.filter(|reason| !reason.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Option<Vec<&str>> {
        own(text).map(|it| it.names.into_iter().map(|range| &text[range]).collect())
    }

    #[test]
    fn names_and_a_reason_are_read() {
        let text = "# composelint: ignore[root-user, security] -- it starts as root, then steps down";
        let written = own(text).expect("it is one");
        assert_eq!(names(text), Some(vec!["root-user", "security"]));
        assert_eq!(written.reason, Some("it starts as root, then steps down"));
        assert_eq!(written.keyword, Some(Keyword::Ignore));
        assert_eq!(written.fault, None);
        assert_eq!(text.as_bytes()[written.list_end], b']');
    }

    #[test]
    fn a_comment_may_stand_within_another() {
        let text = "# the cache # composelint:ignore-file[ a ,b]";
        assert_eq!(names(text), Some(vec!["a", "b"]));
        assert_eq!(own(text).map(|it| it.start), Some(12));
    }

    #[test]
    fn prose_is_no_suppression() {
        for text in [
            "# composelint",
            "# composelint: see the guide",
            "# composelint ignores this",
            "# run composelint: it checks",
            "# x#composelint: ignore[a]",
            "# composelint-disable-line x",
            "",
        ] {
            assert_eq!(own(text), None, "{text}");
        }
    }

    #[test]
    fn slips_are_faults() {
        for (text, fault) in [
            ("# composelint ignore[a]", Fault::NoColon),
            ("# composelint: disable[a]", Fault::UnknownWord("disable".into())),
            ("# composelint: ingore[a]", Fault::UnknownWord("ingore".into())),
            ("# composelint: ignroe a-b", Fault::UnknownWord("ignroe".into())),
            ("# composelint: disable-next-line a", Fault::UnknownWord("disable-next-line".into())),
            ("# composelint: ignore", Fault::NoBrackets(String::new())),
            ("# composelint: ignore a-b -- why", Fault::NoBrackets("a-b".into())),
            ("# composelint: ignore[a", Fault::NotClosed),
            ("# composelint: ignore[ ]", Fault::NoNames),
        ] {
            assert_eq!(own(text).and_then(|it| it.fault), Some(fault), "{text}");
        }
    }
}
