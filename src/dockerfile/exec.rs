//! The exec form: arguments as a JSON array of strings.

use std::ops::Range;

use serde::de::IgnoredAny;

/// What arguments that start with `[` are.
pub(super) enum Exec {
    /// An array of strings, each with its range, quotes included.
    Strings(Vec<(Range<usize>, String)>),
    /// An array that holds something else.
    Mixed,
    /// No JSON: BuildKit takes it for the shell form.
    Malformed,
}

impl Exec {
    /// What the part `range` of `text` is. `None` if it does not start with `[`.
    pub(super) fn of(text: &str, range: Range<usize>) -> Option<Self> {
        let json = &text[range.clone()];
        if !json.starts_with('[') {
            return None;
        }
        Some(match strings(json) {
            Some(strings) => Self::Strings(
                strings
                    .into_iter()
                    .map(|(part, value)| (range.start + part.start..range.start + part.end, value))
                    .collect(),
            ),
            None if serde_json::from_str::<Vec<IgnoredAny>>(json).is_ok() => Self::Mixed,
            None => Self::Malformed,
        })
    }
}

fn strings(json: &str) -> Option<Vec<(Range<usize>, String)>> {
    let bytes = json.as_bytes();
    let blank = |mut at: usize| {
        while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    };
    let mut strings = Vec::new();
    let mut at = blank(1);
    if bytes.get(at) == Some(&b']') {
        return (blank(at + 1) == bytes.len()).then_some(strings);
    }
    loop {
        let start = at;
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        at += 1;
        while *bytes.get(at)? != b'"' {
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
        at += 1;
        strings.push((start..at, serde_json::from_str(&json[start..at]).ok()?));
        at = blank(at);
        match bytes.get(at)? {
            b',' => at = blank(at + 1),
            b']' => return (blank(at + 1) == bytes.len()).then_some(strings),
            _ => return None,
        }
    }
}
