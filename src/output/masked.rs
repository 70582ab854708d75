//! What may be shown of a file: no secret, and nothing that a terminal obeys.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::credentials::lexical_secrets;
use crate::source::Source;

/// The text of `source`, byte for byte as long, in which each byte of `secrets` is `*` and each
/// [hidden](is_hidden) character is harmless. What looks like a secret is masked as well: an excerpt
/// may show lines of a file that no rule could read. Line endings and tabs stay, so every offset and every
/// line of the file is one of this text.
pub(crate) fn masked(source: &Source, secrets: &[Range<usize>]) -> Arc<str> {
    let text = source.text();
    let mut ranges = secrets.to_vec();
    ranges.extend(lexical_secrets(text));
    if ranges.is_empty() && (text.bytes().all(is_harmless) || !text.chars().any(is_hidden)) {
        return source.shared_text();
    }
    if text.bytes().all(is_harmless) {
        let mut shown = text.as_bytes().to_vec();
        for range in ranges {
            let bytes = shown.get_mut(range).into_iter().flatten();
            bytes.filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b'*');
        }
        return String::from_utf8(shown).expect("ASCII stays ASCII").into();
    }
    ranges.sort_unstable_by_key(|range| range.start);
    let mut ranges = ranges.into_iter().peekable();
    let mut shown = String::with_capacity(text.len());
    for (at, char) in text.char_indices() {
        let end = at + char.len_utf8();
        while ranges.next_if(|range| range.end <= at).is_some() {}
        if !matches!(char, '\n' | '\r') && ranges.peek().is_some_and(|range| range.start < end) {
            shown.extend(std::iter::repeat_n('*', char.len_utf8()));
        } else if is_hidden(char) {
            shown.push_str(match char.len_utf8() {
                1 => "?",
                2 => "??",
                _ => "\u{fffd}",
            });
        } else {
            shown.push(char);
        }
    }
    shown.into()
}

/// Whether the byte is a character by itself that may be shown as it is.
fn is_harmless(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')
}

/// `text` as one line without hidden characters: line endings and tabs are spaces.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|char| is_hidden(char) || char.is_control()) {
        return Cow::Borrowed(text);
    }
    let char = |char| match char {
        '\n' | '\r' | '\t' => ' ',
        _ if is_hidden(char) && char.len_utf8() < 3 => '?',
        _ if is_hidden(char) => '\u{fffd}',
        _ => char,
    };
    Cow::Owned(text.chars().map(char).collect())
}

/// Whether a terminal obeys the character or it changes the order in which others are shown: a
/// control character other than a tab or line ending, or a mark of writing direction.
pub(crate) fn is_hidden(char: char) -> bool {
    match char {
        '\n' | '\r' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => char.is_control(),
    }
}

/// The secrets of some file, to find them again in other texts.
pub(crate) struct Secrets {
    /// The distinct lines of the secrets, longest first; none is empty.
    needles: Vec<String>,
    /// The numbers of needles by how they start, so that a text is not searched for each of them.
    starts: HashMap<[u8; START], Vec<usize>>,
    /// The numbers of those that are shorter.
    short: Vec<usize>,
    /// The numbers of those with a `*`, which masking another one may bring.
    starred: Vec<usize>,
}

/// The number of bytes by which needles are told apart, and from which on one can be nothing else.
const START: usize = 8;

impl Secrets {
    /// The secrets at `ranges` of `source`. A secret of several lines is sought line by line, since
    /// an edit may indent it anew.
    pub(crate) fn new(source: &Source, ranges: &[Range<usize>]) -> Self {
        let lines = ranges.iter().filter_map(|range| source.text().get(range.clone())).flat_map(str::lines);
        let mut needles: Vec<String> =
            lines.map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        needles.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        needles.dedup();
        let mut starts: HashMap<[u8; START], Vec<usize>> = HashMap::new();
        let (mut short, mut starred) = (Vec::new(), Vec::new());
        for (number, needle) in needles.iter().enumerate() {
            match needle.as_bytes().first_chunk() {
                None => short.push(number),
                Some(_) if needle.contains('*') => starred.push(number),
                Some(start) => starts.entry(*start).or_default().push(number),
            }
        }
        Self { needles, starts, short, starred }
    }

    /// The needles of at least [`START`] bytes that `text` may have in it, and all of `others`; longest
    /// first.
    fn candidates(&self, text: &str, others: &[usize]) -> Vec<&str> {
        let mut numbers: Vec<usize> = self.starred.iter().chain(others).copied().collect();
        if !self.starts.is_empty() {
            for (at, start) in text.as_bytes().windows(START).enumerate() {
                let start: &[u8; START] = start.try_into().expect("a window is as long as it is asked to be");
                let rest = &text.as_bytes()[at..];
                let same = self.starts.get(start).into_iter().flatten();
                numbers.extend(same.filter(|number| rest.starts_with(self.needles[**number].as_bytes())));
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(|number| self.needles[number].as_str()).collect()
    }

    /// `text` with a `*` for each byte of a secret.
    pub(crate) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        mask(text, self.candidates(text, &self.short).into_iter())
    }

    /// `text`, a sentence of a rule, with a `*` for each byte of a secret that can be nothing else:
    /// of [`START`] bytes or more, and no plain word, which an image or service may well share with a
    /// bad password.
    pub(crate) fn mask_prose<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let is_word = |needle: &str| needle.bytes().all(|byte| byte.is_ascii_alphabetic());
        mask(text, self.candidates(text, &[]).into_iter().filter(|needle| !is_word(needle)))
    }
}

/// `text` with a `*` for each byte of the `needles` in it.
fn mask<'t, 'n>(text: &'t str, needles: impl Iterator<Item = &'n str>) -> Cow<'t, str> {
    let mut text = Cow::Borrowed(text);
    for needle in needles {
        if text.contains(needle) {
            text = Cow::Owned(text.replace(needle, &"*".repeat(needle.len())));
        }
    }
    text
}
