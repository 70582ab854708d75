//! Dotenv files, in the dialect that Compose reads and in the raw one of `format: raw`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use super::interpolate::{
    LONGEST_RESULT, Lookup, MissingVariable, Resolution, Resolved, Template, TemplateError,
};
use super::syntax::{Text, place};
use crate::source::{SourceMap, Span, Spanned};

/// The lines of the raw format are shorter than this, in bytes.
const RAW_LINE_LIMIT: usize = 64 << 10;

/// A dotenv file.
#[derive(Clone, Debug)]
pub struct DotEnv<'t> {
    /// The entries before the first error, in source order. Of several with one key, the last counts.
    pub entries: Vec<DotEnvEntry<'t>>,
    /// The first error: the engine reads no further, and the file counts for nothing.
    pub error: Option<DotEnvError>,
}

/// How a value is quoted.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Quotes {
    /// In `'`: neither variables nor escapes, but `\'`.
    Single,
    /// In `"`: variables and escapes.
    Double,
}

/// A variable of a dotenv file.
#[derive(Clone, Debug)]
pub struct DotEnvEntry<'t> {
    /// The name.
    ///
    /// ```text
    /// export GREETING="hello $NAME" # says hello
    ///        ^^^^^^^^
    /// ```
    /// Empty where the last line is a name alone without a line feed: the engine takes that for the
    /// value of a variable without a name.
    pub key: Spanned<&'t str>,
    /// The value as written, with its quotes and without the comment.
    ///
    /// ```text
    /// export GREETING="hello $NAME" # says hello
    ///                 ^^^^^^^^^^^^^
    /// ```
    /// `None` for a name alone, which inherits its value.
    pub written: Option<Spanned<&'t str>>,
    /// How the value is quoted; `None` without quotes, and always in the raw format.
    pub quotes: Option<Quotes>,
    /// The value that the variable has.
    pub value: DotEnvValue,
}

impl DotEnvEntry<'_> {
    /// Whether the entry is a name alone.
    pub fn is_inherited(&self) -> bool {
        self.written.is_none()
    }

    /// The value as a text; `None` if it is unknown or absent.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            DotEnvValue::Known(resolved) => Some(&resolved.text),
            _ => None,
        }
    }
}

/// The value of a variable of a dotenv file.
#[derive(Clone, Debug)]
pub enum DotEnvValue {
    /// A text.
    Known(Resolved),
    /// A text that depends on an unknown variable.
    Unknown,
    /// None: the variable is to be inherited and is not set, so the entry sets nothing.
    Absent,
}

/// What is wrong with a dotenv file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DotEnvErrorKind {
    /// A character that no name has.
    CharacterInName(char),
    /// A space in a name.
    SpaceInName,
    /// `export` with nothing behind it, or in the raw format an equals sign with nothing before it.
    NoName,
    /// A quote that is not closed.
    UnclosedQuote,
    /// A template that is none.
    Template(TemplateError),
    /// A required variable that is absent.
    Missing(MissingVariable),
    /// Values of more than 8 MiB together, or a line of the raw format of 64 KiB.
    TooLong,
}

/// Why a text is not a dotenv file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DotEnvError {
    /// What is wrong.
    pub kind: DotEnvErrorKind,
    /// The bytes that are wrong; `None` for a text whose map has no runs.
    pub span: Option<Span>,
}

/// The message quotes no values: they may be secret.
impl fmt::Display for DotEnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            DotEnvErrorKind::CharacterInName(char) => {
                write!(f, "`{}` cannot be part of a variable's name", char.escape_debug())
            }
            DotEnvErrorKind::SpaceInName => f.write_str("a variable's name has a space"),
            DotEnvErrorKind::NoName => f.write_str("the variable has no name"),
            DotEnvErrorKind::UnclosedQuote => f.write_str("the value has no closing quote"),
            DotEnvErrorKind::Template(error) => error.fmt(f),
            DotEnvErrorKind::Missing(missing) => {
                write!(f, "the required variable `{}` has no value", missing.name.value)
            }
            DotEnvErrorKind::TooLong => f.write_str("the values are too long"),
        }
    }
}

impl std::error::Error for DotEnvError {}

impl<'t> DotEnv<'t> {
    /// The dotenv file that `text` is. A variable in a value is what `lookup` says, and what the file
    /// has said so far where `lookup` says that it is unset.
    pub fn parse<'v>(text: &'t str, map: &SourceMap, lookup: &dyn Fn(&str) -> Lookup<'v>) -> Self {
        Self::parse_after(text, map, lookup, &|_| Lookup::Unset)
    }

    /// As [`DotEnv::parse`], where other files are read before: a variable that neither `lookup` knows
    /// nor the file has said so far is what `earlier`, those files, say.
    pub fn parse_after<'v>(
        text: &'t str,
        map: &SourceMap,
        lookup: &dyn Fn(&str) -> Lookup<'v>,
        earlier: &dyn Fn(&str) -> Lookup<'v>,
    ) -> Self {
        let position = start(text);
        let text = Text { text, map };
        Parser { text, lookup, earlier, position, names: HashMap::new(), room: LONGEST_RESULT }.file()
    }

    /// The file of `format: raw` that `text` is: a line is a name, `=` and a value as it stands; a name
    /// alone is what `lookup` says.
    pub fn parse_raw<'v>(text: &'t str, map: &SourceMap, lookup: &dyn Fn(&str) -> Lookup<'v>) -> Self {
        let text = Text { text, map };
        let mut file = Self { entries: Vec::new(), error: None };
        let mut start = start(text.text);
        for full in text.text[start..].split('\n') {
            let line = full.strip_suffix('\r').unwrap_or(full);
            match raw_entry(text, start..start + line.len(), lookup) {
                Ok(entry) => file.entries.extend(entry),
                Err(error) => {
                    file.error = Some(error);
                    break;
                }
            }
            start += full.len() + 1;
        }
        file
    }

    /// The entry that counts for `key`: its last that has a value.
    pub fn get(&self, key: &str) -> Option<&DotEnvEntry<'t>> {
        let has_value = |entry: &&DotEnvEntry<'_>| !matches!(entry.value, DotEnvValue::Absent);
        self.entries.iter().rev().filter(has_value).find(|entry| entry.key.value == key)
    }
}

/// The offset of the first byte that is not part of a byte order mark.
fn start(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

fn raw_entry<'t, 'v>(
    text: Text<'t, '_>,
    line: Range<usize>,
    lookup: &dyn Fn(&str) -> Lookup<'v>,
) -> Result<Option<DotEnvEntry<'t>>, DotEnvError> {
    let error = |range, kind| Err(DotEnvError { kind, span: text.map.span(range) });
    if line.len() >= RAW_LINE_LIMIT {
        return error(line, DotEnvErrorKind::TooLong);
    }
    let content = text.text[line.clone()].trim_start();
    let start = line.end - content.len();
    if content.is_empty() || content.starts_with('#') {
        return Ok(None);
    }
    let key_end = content.find('=').map_or(line.end, |found| start + found);
    if key_end == start {
        return error(start..line.end, DotEnvErrorKind::NoName);
    }
    let key = text.part(start..key_end);
    if key.value.contains([' ', '\t']) {
        return error(start..key_end, DotEnvErrorKind::SpaceInName);
    }
    if key_end == line.end {
        let value = inherited(key, lookup);
        return Ok(Some(DotEnvEntry { key, written: None, quotes: None, value }));
    }
    let range = key_end + 1..line.end;
    let written = text.part(range.clone());
    let mut map = SourceMap::empty();
    map.push_part(text.map, range);
    let value = DotEnvValue::Known(Resolved { text: written.value.to_owned(), map, blanks: Vec::new() });
    Ok(Some(DotEnvEntry { key, written: Some(written), quotes: None, value }))
}

/// The value of a name alone.
fn inherited<'v>(key: Spanned<&str>, lookup: &dyn Fn(&str) -> Lookup<'v>) -> DotEnvValue {
    match lookup(key.value) {
        Lookup::Unset => DotEnvValue::Absent,
        Lookup::Unknown => DotEnvValue::Unknown,
        Lookup::Value { text, span } => {
            let mut map = SourceMap::empty();
            map.push_derived(text.len(), span.unwrap_or(key.span));
            DotEnvValue::Known(Resolved { text: text.into_owned(), map, blanks: Vec::new() })
        }
    }
}

struct Parser<'t, 'm, 'l, 'v> {
    text: Text<'t, 'm>,
    lookup: &'l dyn Fn(&str) -> Lookup<'v>,
    earlier: &'l dyn Fn(&str) -> Lookup<'v>,
    /// The offset of the next byte to read.
    position: usize,
    /// The numbers of the entries that count for their names.
    names: HashMap<&'t str, usize>,
    /// The bytes that further values may have.
    room: usize,
}

impl<'t> Parser<'t, '_, '_, '_> {
    fn file(mut self) -> DotEnv<'t> {
        let mut file = DotEnv { entries: Vec::new(), error: None };
        while self.skip_to_statement() {
            match self.statement(&file.entries) {
                Ok(entry) => {
                    if !matches!(entry.value, DotEnvValue::Absent) {
                        self.names.insert(entry.key.value, file.entries.len());
                    }
                    file.entries.push(entry);
                }
                Err(error) => {
                    file.error = Some(error);
                    break;
                }
            }
        }
        file
    }

    fn rest(&self) -> &'t str {
        &self.text.text[self.position..]
    }

    fn error<T>(&self, range: Range<usize>, kind: DotEnvErrorKind) -> Result<T, DotEnvError> {
        Err(DotEnvError { kind, span: self.text.map.span(range) })
    }

    /// Skips spaces, lines and comments; `false` at the end of the file.
    fn skip_to_statement(&mut self) -> bool {
        loop {
            self.position = self.text.text.len() - self.rest().trim_start().len();
            if !self.rest().starts_with('#') {
                return !self.rest().is_empty();
            }
            self.position += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    fn skip_spaces(&mut self) {
        self.position = self.text.text.len() - self.rest().trim_start_matches(is_space).len();
    }

    fn statement(&mut self, entries: &[DotEnvEntry<'t>]) -> Result<DotEnvEntry<'t>, DotEnvError> {
        let start = self.position;
        if let Some(behind) = self.rest().strip_prefix("export")
            && behind.starts_with(['\t', '\n', '\u{c}', '\r', ' '])
        {
            self.position += "export".len();
            self.skip_spaces();
            if self.rest().is_empty() {
                return self.error(start..start + "export".len(), DotEnvErrorKind::NoName);
            }
        }
        let key_start = self.position;
        let end = self.rest().char_indices().find(|(_, char)| !is_space(*char) && !is_of_name(*char));
        let (key_end, is_inherited) = match end {
            Some((offset, char @ ('=' | ':' | '\n'))) => {
                self.position += offset + 1;
                (key_start + offset, char == '\n')
            }
            Some((offset, char)) => {
                let at = key_start + offset;
                let kind = DotEnvErrorKind::CharacterInName(char);
                return self.error(at..at + char.len_utf8(), kind);
            }
            // A name alone at the very end: the engine finds no end of the name, and reads a value.
            None => (key_start, false),
        };
        let key_end = key_start + self.text.text[key_start..key_end].trim_end().len();
        let key = self.text.part(key_start..key_end);
        if key.value.contains(' ') {
            return self.error(key_start..key_end, DotEnvErrorKind::SpaceInName);
        }
        self.skip_spaces();
        if is_inherited {
            let value = inherited(key, self.lookup);
            self.spend(&value, key_start..key_end)?;
            return Ok(DotEnvEntry { key, written: None, quotes: None, value });
        }
        let (range, quotes, raw) = match self.rest().bytes().next() {
            Some(b'"') => self.quoted(b'"')?,
            Some(b'\'') => self.quoted(b'\'')?,
            _ => self.unquoted(),
        };
        let value = match quotes {
            Some(Quotes::Single) => DotEnvValue::Known(raw),
            Some(Quotes::Double) => self.expand(&unescape(&raw), range.clone(), entries)?,
            None => self.expand(&raw, range.clone(), entries)?,
        };
        self.spend(&value, range.clone())?;
        Ok(DotEnvEntry { key, written: Some(self.text.part(range)), quotes, value })
    }

    /// The value to the end of the line or to a comment, and the range of it.
    fn unquoted(&mut self) -> (Range<usize>, Option<Quotes>, Resolved) {
        let start = self.position;
        let line = self.rest().split('\n').next().unwrap_or_default();
        self.position = (start + line.len() + 1).min(self.text.text.len());
        let value = line.split(" #").next().unwrap_or_default().trim_end();
        let range = start..start + value.len();
        let mut map = SourceMap::empty();
        map.push_part(self.text.map, range.clone());
        (range, None, Resolved { text: value.to_owned(), map, blanks: Vec::new() })
    }

    /// The value in quotes, with escaped quotes resolved, and the range of it with its quotes.
    fn quoted(&mut self, quote: u8) -> Result<(Range<usize>, Option<Quotes>, Resolved), DotEnvError> {
        let start = self.position;
        let bytes = self.text.text.as_bytes();
        let mut value = Resolved { text: String::new(), map: SourceMap::empty(), blanks: Vec::new() };
        let (mut position, mut run) = (start + 1, start + 1);
        while let Some(byte) = bytes.get(position) {
            if *byte == b'\\' && bytes.get(position + 1) == Some(&quote) {
                self.copy(run..position, &mut value);
                value.text.push(char::from(quote));
                value.map.push_derived(1, place(self.text.map, position..position + 2));
                position += 2;
                run = position;
            } else if *byte == b'\\' {
                position += 2;
            } else if *byte == quote {
                self.copy(run..position, &mut value);
                self.position = position + 1;
                let quotes = if quote == b'"' { Quotes::Double } else { Quotes::Single };
                return Ok((start..position + 1, Some(quotes), value));
            } else {
                position += 1;
            }
        }
        let line = self.rest().split('\n').next().unwrap_or_default();
        self.error(start..start + line.len(), DotEnvErrorKind::UnclosedQuote)
    }

    fn copy(&self, range: Range<usize>, value: &mut Resolved) {
        value.text.push_str(&self.text.text[range.clone()]);
        value.map.push_part(self.text.map, range);
    }

    /// The value of the template `raw`, which is written at `range`.
    fn expand(
        &self,
        raw: &Resolved,
        range: Range<usize>,
        entries: &[DotEnvEntry<'t>],
    ) -> Result<DotEnvValue, DotEnvError> {
        let lookup = |name: &str| match (self.lookup)(name) {
            Lookup::Unset => match self.names.get(name).map(|number| &entries[*number]) {
                None => (self.earlier)(name),
                Some(entry) => match entry.text() {
                    None => Lookup::Unknown,
                    Some(text) => Lookup::Value {
                        text: Cow::Borrowed(text),
                        span: Some(entry.written.map_or(entry.key.span, |written| written.span)),
                    },
                },
            },
            found => found,
        };
        let resolution = match Template::parse(&raw.text, &raw.map) {
            Ok(template) => template.resolve_within(&lookup, self.room),
            Err(error) => Resolution::Invalid(error),
        };
        match resolution {
            Resolution::Known(resolved) => Ok(DotEnvValue::Known(resolved)),
            Resolution::Unknown => Ok(DotEnvValue::Unknown),
            Resolution::Missing(missing) => {
                let span = Some(missing.name.span);
                Err(DotEnvError { kind: DotEnvErrorKind::Missing(missing), span })
            }
            Resolution::Invalid(error) => {
                let span = error.span;
                Err(DotEnvError { kind: DotEnvErrorKind::Template(error), span })
            }
            Resolution::TooLong => self.error(range, DotEnvErrorKind::TooLong),
        }
    }

    fn spend(&mut self, value: &DotEnvValue, range: Range<usize>) -> Result<(), DotEnvError> {
        if let DotEnvValue::Known(resolved) = value {
            match self.room.checked_sub(resolved.text.len()) {
                Some(room) => self.room = room,
                None => return self.error(range, DotEnvErrorKind::TooLong),
            }
        }
        Ok(())
    }
}

/// The text with its escapes resolved; `\$` becomes `$$`, which the template resolves. An escape that
/// is none stays as it is.
fn unescape(raw: &Resolved) -> Resolved {
    let text = raw.text.as_str();
    let mut result = Resolved { text: String::new(), map: SourceMap::empty(), blanks: Vec::new() };
    let (mut position, mut run) = (0, 0);
    while let Some(found) = text[position..].find('\\') {
        let start = position + found;
        let Some((length, meaning)) = escape(&text[start + 1..]) else {
            position = start + 1;
            continue;
        };
        result.text.push_str(&text[run..start]);
        result.map.push_part(&raw.map, run..start);
        position = start + 1 + length;
        run = position;
        result.text.push_str(&meaning);
        result.map.push_derived(meaning.len(), place(&raw.map, start..position));
    }
    result.text.push_str(&text[run..]);
    result.map.push_part(&raw.map, run..text.len());
    result
}

/// The length of the escape that `text` starts with, which follows a backslash, and what it stands
/// for; `None` if it is none.
fn escape(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let meaning = match text.bytes().next()? {
        b'a' => "\u{7}",
        b'b' => "\u{8}",
        b'f' => "\u{c}",
        b'n' => "\n",
        b'r' => "\r",
        b't' => "\t",
        b'v' => "\u{b}",
        b'"' => "\"",
        b'\\' => "\\",
        b'$' => "$$",
        b'0' => {
            let digits = text[1..].bytes().take(3).take_while(u8::is_ascii_digit).count();
            let number = &text[1..1 + digits];
            // Three octal digits make a character; anything else only loses its zero, as in the engine.
            let char = (digits == 3).then(|| u8::from_str_radix(number, 8).ok()).flatten().map(char::from);
            let meaning = char.map_or_else(|| format!("\\{number}"), String::from);
            return Some((1 + digits, meaning.into()));
        }
        _ => return None,
    };
    Some((1, meaning.into()))
}

/// Whether `char` is a space other than a line feed.
fn is_space(char: char) -> bool {
    matches!(char, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// Whether `char` may be part of a name.
fn is_of_name(char: char) -> bool {
    matches!(char, '_' | '.' | '-' | '[' | ']') || char.is_alphabetic() || char.is_numeric()
}

#[cfg(test)]
mod tests {
    use super::super::syntax::testing::{covered, map_of, texts};
    use super::*;
    use proptest::prelude::*;

    fn lookup(name: &str) -> Lookup<'static> {
        match name {
            "SHELL_ONLY" => Lookup::Value { text: "from the shell".into(), span: None },
            "HOME" => Lookup::Unknown,
            _ => Lookup::Unset,
        }
    }

    fn parse(text: &str) -> DotEnv<'_> {
        DotEnv::parse(text, &map_of(text), &lookup)
    }

    #[track_caller]
    fn reads(text: &str, expected: &[(&str, &str)]) {
        let file = parse(text);
        assert_eq!(file.error, None);
        let entries: Vec<_> =
            file.entries.iter().map(|it| (it.key.value, it.text().unwrap_or("?"))).collect();
        assert_eq!(entries, expected, "{text}");
    }

    #[track_caller]
    fn refused(text: &str, at: &str, message: &str) {
        let error = parse(text).error.expect("the file is invalid");
        assert_eq!(error.to_string(), message);
        assert_eq!(covered(text, error.span.expect("the text has a place")), at);
    }

    #[test]
    fn every_part_has_its_place() {
        let text = "# greeting\nexport GREETING = \"hello\" # says hello\nNAME: you";
        let file = parse(text);
        let places: Vec<_> = file
            .entries
            .iter()
            .map(|it| (covered(text, it.key.span), covered(text, it.written.expect("a value").span)))
            .collect();
        assert_eq!(places, [("GREETING", "\"hello\""), ("NAME", "you")]);
        assert_eq!(file.entries[0].quotes, Some(Quotes::Double));
    }

    #[test]
    fn a_comment_follows_a_space_and_stands_not_at_the_start() {
        reads(
            "A=b # c\nB=b#c\nC= # c\nD=\"b # c\" # d\n",
            &[("A", "b"), ("B", "b#c"), ("C", "# c"), ("D", "b # c")],
        );
    }

    #[test]
    fn a_byte_order_mark_and_carriage_returns_are_no_part_of_anything() {
        reads(
            "\u{feff}A=1\r\nB=\r\nSHELL_ONLY\r\nC='2'\r\n",
            &[("A", "1"), ("B", ""), ("SHELL_ONLY", "from the shell"), ("C", "2")],
        );
    }

    #[test]
    fn variables_are_those_of_the_lookup_then_of_the_lines_above() {
        reads(
            "A=1\nB=${A}${C:-2}$SHELL_ONLY\nC=3\nD='$A'\nE=\"$C\"\n",
            &[("A", "1"), ("B", "12from the shell"), ("C", "3"), ("D", "$A"), ("E", "3")],
        );
    }

    #[test]
    fn files_read_before_come_after_the_lines_above() {
        let text = "A=$B$C\nB=2\nD=$B";
        let earlier = |name: &str| match name {
            "B" => Lookup::Value { text: "1".into(), span: None },
            _ => Lookup::Unset,
        };
        let file = DotEnv::parse_after(text, &map_of(text), &lookup, &earlier);
        let values: Vec<_> = file.entries.iter().filter_map(DotEnvEntry::text).collect();
        assert_eq!(values, ["1", "2", "2"]);
    }

    #[test]
    fn what_depends_on_the_unknown_is_unknown() {
        reads("A=$HOME/x\nB=$A\nC=c\nHOME\n", &[("A", "?"), ("B", "?"), ("C", "c"), ("HOME", "?")]);
    }

    #[test]
    fn a_name_alone_inherits_or_sets_nothing() {
        let file = parse("A=1\nA\n");
        assert!(file.entries[1].is_inherited());
        assert!(matches!(file.entries[1].value, DotEnvValue::Absent));
        assert_eq!(file.get("A").and_then(DotEnvEntry::text), Some("1"));
    }

    #[test]
    fn a_name_alone_without_a_line_feed_is_the_value_of_no_name() {
        reads("A=1\nSHELL_ONLY", &[("A", "1"), ("", "SHELL_ONLY")]);
    }

    #[test]
    fn escapes_are_resolved_in_double_quotes_only() {
        reads(r#"A="a\tb\"c\$d\0101\q\07""#, &[("A", "a\tb\"c$dA\\q\\7")]);
        reads(r"A='a\tb\'c'", &[("A", r"a\tb'c")]);
        reads(r"A=a\tb", &[("A", r"a\tb")]);
    }

    #[test]
    fn each_escape_is_the_character_that_it_names() {
        reads(r#"A="\a\b\f\r\t\v\"\\\$B\q\0101\012""#, &[("A", "\u{7}\u{8}\u{c}\r\t\u{b}\"\\$B\\qA\\12")]);
    }

    #[test]
    fn what_follows_an_escaped_quote_keeps_its_place() {
        let text = r"A='it\'s ${SHELL_ONLY}!'";
        let file = parse(text);
        let [entry] = file.entries.as_slice() else { panic!("there is one entry") };
        let DotEnvValue::Known(value) = &entry.value else { panic!("it is known") };
        assert_eq!(value.text, "it's ${SHELL_ONLY}!");
        assert_eq!(value.map.len(), value.text.len());
        assert_eq!(covered(text, value.map.span(2..3).expect("it has a place")), r"\'");
        assert_eq!(covered(text, value.map.span(3..4).expect("it has a place")), "s");
    }

    #[test]
    fn a_name_may_start_like_the_word_export() {
        reads("exported=1\nexport=2\nexport A=3\n", &[("exported", "1"), ("export", "2"), ("A", "3")]);
    }

    #[test]
    fn only_a_name_alone_inherits() {
        let file = parse("SHELL_ONLY\nA=\n");
        let inherits: Vec<bool> = file.entries.iter().map(DotEnvEntry::is_inherited).collect();
        assert_eq!(inherits, [true, false]);
    }

    #[test]
    fn a_quoted_value_may_have_several_lines() {
        reads("A='x\ny'\nB=\"x\n\ny\"", &[("A", "x\ny"), ("B", "x\n\ny")]);
    }

    #[test]
    fn a_value_leads_back_to_the_bytes_it_came_from() {
        let text = "A=one\nB=\"x\\ty$A\"";
        let file = parse(text);
        let DotEnvValue::Known(value) = &file.entries[1].value else {
            panic!("the value is known");
        };
        assert_eq!(value.text, "x\tyone");
        let at = |range| covered(text, value.map.span(range).expect("the text has a place"));
        assert_eq!((at(0..1), at(1..2), at(2..3), at(3..6)), ("x", "\\t", "y", "one"));
    }

    #[test]
    fn what_the_engine_refuses_is_pointed_at_without_its_value() {
        refused("A=1\nB$C=2", "$", "`$` cannot be part of a variable's name");
        refused("A B=1", "A B", "a variable's name has a space");
        refused("export ", "export", "the variable has no name");
        refused("A='b\\'\nC=1", "'b\\'", "the value has no closing quote");
        refused("A=${B:?no}", "B", "the required variable `B` has no value");
        refused("A=\"\\t${}\"", "${}", "the variable has no valid name");
    }

    #[test]
    fn entries_before_an_error_are_kept() {
        let file = parse("A=1\nB C=2\nD=3");
        assert_eq!(file.entries.len(), 1);
    }

    #[test]
    fn values_that_multiply_have_a_limit() {
        let mut text = "A0=0123456789\n".to_owned();
        for number in 1..64 {
            let above = number - 1;
            text.push_str(&format!("A{number}=$A{above}$A{above}$A{above}$A{above}\n"));
        }
        assert_eq!(parse(&text).error.map(|error| error.kind), Some(DotEnvErrorKind::TooLong));
    }

    #[test]
    fn the_raw_format_takes_values_as_they_stand() {
        let text = "\u{feff}  A= \"$B\" # c \r\n#x\n\nSHELL_ONLY\nOTHER\nb/ä=1";
        let file = DotEnv::parse_raw(text, &map_of(text), &lookup);
        assert_eq!(file.error, None);
        let entries: Vec<_> = file.entries.iter().map(|it| (it.key.value, it.text())).collect();
        assert_eq!(
            entries,
            [
                ("A", Some(" \"$B\" # c ")),
                ("SHELL_ONLY", Some("from the shell")),
                ("OTHER", None),
                ("b/ä", Some("1")),
            ]
        );
    }

    #[test]
    fn the_raw_format_refuses_spaces_in_names_and_no_names() {
        for (text, at, kind) in
            [("A =1", "A ", DotEnvErrorKind::SpaceInName), (" =1", "=1", DotEnvErrorKind::NoName)]
        {
            let error = DotEnv::parse_raw(text, &map_of(text), &lookup).error.expect("the file is invalid");
            assert_eq!(error.kind, kind);
            assert_eq!(covered(text, error.span.expect("the text has a place")), at);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_spans_are_in_it(text in texts()) {
            let map = map_of(&text);
            for file in [DotEnv::parse(&text, &map, &lookup), DotEnv::parse_raw(&text, &map, &lookup)] {
                for entry in &file.entries {
                    prop_assert_eq!(covered(&text, entry.key.span), entry.key.value);
                    if let Some(written) = entry.written {
                        prop_assert_eq!(covered(&text, written.span), written.value);
                    }
                    if let DotEnvValue::Known(value) = &entry.value {
                        prop_assert_eq!(value.map.len(), value.text.len());
                        for (start, char) in value.text.char_indices() {
                            let span = value.map.span(start..start + char.len_utf8());
                            covered(&text, span.expect("the value has a place"));
                        }
                    }
                }
                if let Some(error) = file.error {
                    covered(&text, error.span.expect("the text has a place"));
                }
            }
        }
    }
}
