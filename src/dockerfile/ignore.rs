//! `.dockerignore` files, matched as BuildKit matches them.

use crate::source::{SourceMap, Span};

/// The patterns that are read; of a file with more, nothing is known.
const MOST_PATTERNS: usize = 1000;
/// The characters of a pattern or path from which on nothing matches.
const LONGEST: usize = 256;

/// A `.dockerignore` file.
#[derive(Clone, Debug, Default)]
pub struct Dockerignore {
    patterns: Vec<Pattern>,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The line without blanks.
    pub span: Span,
    /// Whether it starts with `!`, so that it takes paths in again.
    pub is_exception: bool,
    /// The cleaned path, without the `!` and a leading slash.
    pub text: String,
    parts: Vec<Part>,
}

/// A piece of a pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    /// This character.
    Char(char),
    /// `?`: any character but a slash.
    Any,
    /// `*`: any characters but slashes.
    Star,
    /// `**/`: nothing, or whole directories.
    Directories,
    /// `**` at the end: anything.
    Rest,
    /// `[a-c]` or `[^a-c]`.
    Class(Vec<(char, char)>, bool),
}

impl Dockerignore {
    /// The file that `text` is. Lines that are no pattern ignore nothing. `None` if there are too many.
    pub fn parse(text: &str, map: &SourceMap) -> Option<Self> {
        let text_start = text.strip_prefix('\u{feff}').map_or(0, |rest| text.len() - rest.len());
        let mut patterns = Vec::new();
        let mut at = text_start;
        for line in text[text_start..].split_inclusive('\n') {
            let start = at;
            at += line.len();
            let trimmed = line.trim();
            if line.starts_with('#') || trimmed.is_empty() {
                continue;
            }
            let offset = start + (line.len() - line.trim_start().len());
            let span = map.span(offset..offset + trimmed.len());
            let (is_exception, path) = match trimmed.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, trimmed),
            };
            let text = cleaned(path.strip_prefix('/').unwrap_or(path));
            if path.is_empty() || text.chars().count() > LONGEST {
                continue;
            }
            if patterns.len() == MOST_PATTERNS {
                return None;
            }
            let parts = parts(&text);
            patterns.push(Pattern { span: span?, is_exception, text, parts });
        }
        Some(Self { patterns })
    }

    /// The pattern by which a path of the context, cleaned, is left out, with the directories above it;
    /// `None` if it is taken in.
    pub fn hides(&self, path: &str) -> Option<&Pattern> {
        if path.chars().count() > LONGEST {
            return None;
        }
        let characters: Vec<char> = path.chars().collect();
        let mut hidden: Option<&Pattern> = None;
        for pattern in &self.patterns {
            if pattern.is_exception != hidden.is_some() {
                continue;
            }
            if pattern.matches(&characters) {
                hidden = (!pattern.is_exception).then_some(pattern);
            }
        }
        hidden
    }

    /// Whether an exception may take in what is below a directory.
    pub fn takes_in_below(&self, path: &str) -> bool {
        let depth = path.split('/').count();
        self.patterns.iter().filter(|pattern| pattern.is_exception).any(|pattern| {
            let wild = pattern.text.find(['*', '?', '[', '\\']);
            let plain = &pattern.text[..wild.unwrap_or(pattern.text.len())];
            let is_deep = pattern.text.contains("**") || pattern.text.split('/').count() > depth;
            let below = format!("{path}/");
            is_deep && (plain.starts_with(&below) || wild.is_some() && below.starts_with(plain))
        })
    }
}

impl Pattern {
    /// Whether the path, or a directory above it, is what the pattern says.
    fn matches(&self, path: &[char]) -> bool {
        // The offsets of the path that the parts so far can end at.
        let mut reached = vec![false; path.len() + 1];
        reached[0] = true;
        for part in &self.parts {
            let mut next = vec![false; path.len() + 1];
            let mut is_open = false;
            for at in 0..=path.len() {
                let here = reached[at];
                let before = at.checked_sub(1).map(|before| path[before]);
                match part {
                    Part::Star => {
                        is_open = here || is_open && before != Some('/');
                        next[at] = is_open;
                    }
                    Part::Rest => {
                        is_open |= here;
                        next[at] = is_open;
                    }
                    Part::Directories => {
                        next[at] = here || is_open && before == Some('/');
                        is_open |= here;
                    }
                    single => {
                        let fits = before.is_some_and(|it| single.fits(it));
                        next[at] = at > 0 && reached[at - 1] && fits;
                    }
                }
            }
            if !next.contains(&true) {
                return false;
            }
            reached = next;
        }
        (1..=path.len()).any(|end| reached[end] && path.get(end).is_none_or(|next| *next == '/'))
    }
}

impl Part {
    fn fits(&self, character: char) -> bool {
        match self {
            Self::Char(own) => *own == character,
            Self::Any => character != '/',
            Self::Class(ranges, is_negated) => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&character)) != *is_negated
            }
            Self::Star | Self::Directories | Self::Rest => false,
        }
    }
}

fn parts(text: &str) -> Vec<Part> {
    let characters: Vec<char> = text.chars().collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        at += 1;
        match character {
            '*' if characters.get(at) == Some(&'*') => {
                at += 1;
                if characters.get(at) == Some(&'/') {
                    at += 1;
                }
                parts.push(if at == characters.len() { Part::Rest } else { Part::Directories });
            }
            '*' => parts.push(Part::Star),
            '?' => parts.push(Part::Any),
            '\\' if at < characters.len() => {
                parts.push(Part::Char(characters[at]));
                at += 1;
            }
            '[' => {
                let end = characters[at..].iter().position(|it| *it == ']').filter(|length| *length > 0);
                let Some(length) = end else {
                    parts.push(Part::Char('['));
                    continue;
                };
                let inner = &characters[at..at + length];
                at += length + 1;
                let (is_negated, inner) = match inner {
                    ['^' | '!', rest @ ..] => (true, rest),
                    all => (false, all),
                };
                let mut ranges = Vec::new();
                let mut index = 0;
                while index < inner.len() {
                    if let [first, '-', last] = inner[index..].get(..3).unwrap_or_default() {
                        ranges.push((*first, *last));
                        index += 3;
                    } else {
                        ranges.push((inner[index], inner[index]));
                        index += 1;
                    }
                }
                parts.push(Part::Class(ranges, is_negated));
            }
            other => parts.push(Part::Char(other)),
        }
    }
    parts
}

/// A path of a context without `.`, empty parts and `..`, which does not lead out of the context; `.` for
/// the context itself.
pub fn cleaned(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::{Dockerignore, cleaned};
    use crate::source::{SourceId, SourceMap, Span};
    use proptest::prelude::*;

    fn parsed(text: &str) -> Dockerignore {
        let map = SourceMap::verbatim(Span::new(SourceId(0), 0, text.len()));
        Dockerignore::parse(text, &map).expect("there are few patterns")
    }

    fn hides(text: &str, path: &str) -> bool {
        parsed(text).hides(path).is_some()
    }

    #[test]
    fn patterns_match_whole_paths_from_the_root() {
        for (pattern, hidden, taken) in [
            ("node_modules", &["node_modules", "node_modules/x/y"][..], &["web/node_modules", "node"][..]),
            ("*/tmp", &["a/tmp", "a/tmp/b"], &["tmp", "a/b/tmp"]),
            ("**/tmp", &["tmp", "a/b/tmp", "a/tmp/x"], &["tmpx"]),
            ("docs/**", &["docs/a", "docs/a/b"], &["doc", "docs"]),
            ("**", &["a", "a/b"], &[]),
            ("*.md", &["README.md"], &["docs/README.md"]),
            ("**/*.md", &["README.md", "docs/README.md"], &["README.txt"]),
            ("/build/", &["build", "build/x"], &["a/build"]),
            ("./dist", &["dist"], &["a/dist"]),
            ("file?.txt", &["file1.txt"], &["file.txt", "file12.txt"]),
            ("[a-c]x", &["ax", "cx"], &["dx"]),
            ("[^a-c]x", &["dx"], &["ax"]),
            ("a\\*b", &["a*b"], &["axb"]),
            ("# note", &[], &["# note"]),
        ] {
            for path in hidden {
                assert!(hides(pattern, path), "{pattern} hides {path}");
            }
            for path in taken {
                assert!(!hides(pattern, path), "{pattern} takes in {path}");
            }
        }
    }

    #[test]
    fn the_last_line_that_matches_decides() {
        assert!(!hides("**\n!Dockerfile\n", "Dockerfile"));
        assert!(hides("**\n!Dockerfile\n", "main.go"));
        assert!(hides("!x\nx\n", "x"));
        assert!(!hides("*\n!src\n", "src/a/b.rs"));
        assert!(hides("*\n!src\nsrc/a\n", "src/a/b.rs"));
        assert!(hides("*.md\n!README*.md\nREADME-secret.md\n", "README-secret.md"));
    }

    #[test]
    fn an_exception_may_reach_below_a_directory() {
        assert!(parsed("*\n!src/main.rs\n").takes_in_below("src"));
        assert!(parsed("*\n!**/*.rs\n").takes_in_below("src"));
        assert!(!parsed("*\n!*.rs\n").takes_in_below("src"));
        assert!(!parsed("*\n!lib/main.rs\n").takes_in_below("src"));
    }

    #[test]
    fn a_path_does_not_leave_the_context() {
        assert_eq!(cleaned("/../a/./b//c/.."), "a/b");
        assert_eq!(cleaned("./"), ".");
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,60}", path in "[a-c*/.]{0,12}") {
            let map = SourceMap::verbatim(Span::new(SourceId(0), 0, text.len()));
            if let Some(file) = Dockerignore::parse(&text, &map) {
                let path = cleaned(&path);
                let _ = (file.hides(&path).is_some(), file.takes_in_below(&path));
            }
        }
    }
}
