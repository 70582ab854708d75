//! Words, the variables in them, and what they expand to.

use std::ops::Range;

use super::lexer::{Text, is_blank, trimmed};
use crate::source::Span;

/// Longer values are unknown, so that variables of variables cannot grow without bound.
const VALUE_LIMIT: usize = 64 * 1024;
/// Substitutions nested deeper are a defect of the word.
const DEPTH_LIMIT: usize = 64;
/// Values longer than this are not matched against patterns.
const PATTERN_LIMIT: usize = 256;

/// One argument of an instruction as it is written, quotes and variables included.
#[derive(Clone, Debug)]
pub struct Word {
    /// The text as written; of an element of a JSON array, the string.
    pub raw: String,
    /// Where it is written; for an element of a JSON array with its quotes.
    pub span: Span,
    /// The variables that it refers to, in source order.
    pub variables: Vec<Variable>,
    escape: char,
}

/// A reference to a variable.
///
/// ```text
/// alpine:${VERSION:-3.20}
///        ^^^^^^^^^^^^^^^^
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    /// The variable's name.
    pub name: String,
    /// The bytes of the word's raw text that the reference takes.
    pub range: Range<usize>,
    /// Where the reference is written, from its `$`.
    pub span: Span,
    /// What is done with the value. `None` for `$x` and `${x}`.
    pub operator: Option<Operator>,
}

/// What a substitution does with a variable's value.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Operator {
    /// `${x:-word}` and `${x-word}`: the word if there is no value.
    Default,
    /// `${x:+word}` and `${x+word}`: the word if there is a value.
    Alternative,
    /// `${x:?word}` and `${x?word}`: an error if there is no value.
    Required,
    /// `${x#pattern}` and `${x##pattern}`: the value without a prefix.
    Prefix,
    /// `${x%pattern}` and `${x%%pattern}`: the value without a suffix.
    Suffix,
    /// `${x/pattern/word}` and `${x//pattern/word}`: the value with a part replaced.
    Replace,
}

/// What is known of a variable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Binding {
    /// It has this value.
    Value(String),
    /// Nothing gives it a value; a default applies.
    Unset,
    /// It may have any value or none.
    Unknown,
}

/// Why a word cannot be expanded.
#[derive(Debug)]
pub(super) struct Defect {
    /// The bytes of the raw text that show it.
    pub(super) range: Range<usize>,
    /// The fact.
    pub(super) message: &'static str,
}

impl Word {
    /// The word that is the part `range` of `text`, and what is wrong with it.
    pub(super) fn new(text: &Text, range: Range<usize>, escape: char) -> (Self, Option<Defect>) {
        let raw = &text.as_str()[range.clone()];
        if is_plain(raw, escape) {
            let (raw, span) = (raw.to_owned(), text.span(range));
            return (Self { raw, span, variables: Vec::new(), escape }, None);
        }
        let mut evaluator = Evaluator::new(raw, escape, &|_| Binding::Unknown);
        let defect = evaluator.until(None, false).err();
        let variables = evaluator.references.into_iter().map(|reference| Variable {
            span: text.span(range.start + reference.range.start..range.start + reference.range.end),
            name: reference.name,
            range: reference.range,
            operator: reference.operator,
        });
        let (variables, span) = (variables.collect(), text.span(range.clone()));
        (Self { raw: raw.to_owned(), span, variables, escape }, defect)
    }

    /// The same word at another place.
    pub(super) fn at(self, span: Span) -> Self {
        Self { span, ..self }
    }

    /// The word without quotes, and with the values that `lookup` gives. `None` if one of the
    /// variables that matter has none, or the word is malformed.
    pub fn expand(&self, lookup: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        self.resolve(&|name| lookup(name).map_or(Binding::Unknown, Binding::Value))
    }

    /// The word without quotes, and with the values that `lookup` binds. `None` if what it comes to
    /// is unknown; so it is too for an unset variable without a default.
    pub fn resolve(&self, lookup: &dyn Fn(&str) -> Binding) -> Option<String> {
        if is_plain(&self.raw, self.escape) && self.raw.len() <= VALUE_LIMIT {
            return Some(self.raw.clone());
        }
        Evaluator::new(&self.raw, self.escape, lookup).until(None, false).ok()?.0
    }

    /// The word without quotes. `None` if it refers to a variable.
    pub fn literal(&self) -> Option<String> {
        self.resolve(&|_| Binding::Unknown)
    }
}

/// Whether nothing in `raw` means anything but itself.
fn is_plain(raw: &str, escape: char) -> bool {
    !raw.bytes().any(|byte| matches!(byte, b'$' | b'\'' | b'"') || char::from(byte) == escape)
}

/// The ranges of the words between blanks; quotes mean nothing.
pub(super) fn blank_separated(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let slice = &text[range.clone()];
    let offset = |part: &str| range.start + (part.as_ptr() as usize - slice.as_ptr() as usize);
    slice
        .split(is_blank)
        .filter(|part| !part.is_empty())
        .map(|part| offset(part)..offset(part) + part.len())
        .collect()
}

/// The ranges of the words between white space that is neither quoted nor escaped.
pub(super) fn quoted_words(text: &str, range: Range<usize>, escape: char) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut at = range.start;
    loop {
        at = trimmed(text, at..range.end).start;
        if at >= range.end {
            return words;
        }
        let end = word_end(&text[at..range.end], escape) + at;
        words.push(at..end);
        at = end;
    }
}

/// The length of the word that `text` starts with.
pub(super) fn word_end(text: &str, escape: char) -> usize {
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match quote {
            None if char.is_whitespace() => return at,
            None if char == '"' || char == '\'' => quote = Some(char),
            Some(open) if char == open => quote = None,
            Some('\'') => {}
            _ if char == escape => drop(chars.next()),
            _ => {}
        }
    }
    text.len()
}

/// The ranges of the shell words of `text`. `None` if its quotes or substitutions are malformed.
pub(super) fn shell_words(text: &str) -> Option<Vec<Range<usize>>> {
    let mut evaluator = Evaluator::new(text, '\\', &|_| Binding::Unknown);
    evaluator.joins_heredocs = true;
    evaluator.until(None, true).ok()?;
    evaluator.close_word();
    Some(evaluator.words)
}

/// `raw` without quotes and escapes, its variables left as they are. `None` if it is malformed.
pub(super) fn unquoted(raw: &str) -> Option<String> {
    Evaluator::new(raw, '\\', &|name| Binding::Value(format!("${name}"))).until(None, false).ok()?.0
}

struct Reference {
    name: String,
    range: Range<usize>,
    operator: Option<Operator>,
}

/// A value while it grows; `None` once it is unknown.
struct Value(Option<String>);

impl Value {
    fn push(&mut self, char: char) {
        self.push_str(char.encode_utf8(&mut [0; 4]));
    }

    fn push_str(&mut self, more: &str) {
        match &mut self.0 {
            Some(value) if value.len() + more.len() <= VALUE_LIMIT => value.push_str(more),
            value => *value = None,
        }
    }

    fn append(&mut self, other: Value) {
        match other.0 {
            Some(more) => self.push_str(&more),
            None => self.0 = None,
        }
    }
}

/// Reads a word once, from left to right: collects its variables and words, and expands it.
struct Evaluator<'e> {
    raw: &'e str,
    at: usize,
    escape: char,
    raw_escapes: bool,
    depth: usize,
    lookup: &'e dyn Fn(&str) -> Binding,
    references: Vec<Reference>,
    words: Vec<Range<usize>>,
    word: Option<usize>,
    /// Whether blanks behind a `<<` are part of the word.
    joins_heredocs: bool,
}

impl<'e> Evaluator<'e> {
    fn new(raw: &'e str, escape: char, lookup: &'e dyn Fn(&str) -> Binding) -> Self {
        let (references, words) = (Vec::new(), Vec::new());
        let (at, depth, word) = (0, 0, None);
        let (raw_escapes, joins_heredocs) = (false, false);
        Self { raw, at, escape, raw_escapes, depth, lookup, references, words, word, joins_heredocs }
    }

    fn peek(&self) -> Option<char> {
        self.raw[self.at..].chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += char.len_utf8();
        Some(char)
    }

    fn close_word(&mut self) {
        if let Some(start) = self.word.take() {
            self.words.push(start..self.at);
        }
    }

    /// Expands up to `stop`, which is taken, or to the end.
    fn until(&mut self, stop: Option<char>, raw_escapes: bool) -> Result<Value, Defect> {
        let mut value = Value(Some(String::new()));
        let outer = std::mem::replace(&mut self.raw_escapes, raw_escapes);
        loop {
            let Some(char) = self.peek() else {
                return match stop {
                    Some(_) => Err(self.defect(self.at, "the substitution is never closed")),
                    None => Ok(value),
                };
            };
            if self.depth == 0 && char.is_whitespace() {
                self.close_word();
            } else if self.depth == 0 && self.word.is_none() {
                self.word = Some(self.at);
            }
            match char {
                _ if Some(char) == stop => {
                    self.bump();
                    self.raw_escapes = outer;
                    return Ok(value);
                }
                '$' => value.append(self.dollar()?),
                '<' if self.joins_heredocs && self.raw[self.at..].starts_with("<<") => {
                    let rest = &self.raw[self.at + 2..];
                    self.at += 2 + (rest.len() - rest.trim_start().len());
                }
                '\'' => self.single_quoted(&mut value)?,
                '"' => self.double_quoted(&mut value)?,
                _ if char == self.escape => {
                    self.bump();
                    if self.raw_escapes {
                        value.push(char);
                    }
                    if let Some(escaped) = self.bump() {
                        value.push(escaped);
                    }
                }
                _ => {
                    self.bump();
                    value.push(char);
                }
            }
        }
    }

    fn defect(&self, start: usize, message: &'static str) -> Defect {
        Defect { range: start..self.at.max(start), message }
    }

    fn single_quoted(&mut self, value: &mut Value) -> Result<(), Defect> {
        let start = self.at;
        let Some(length) = self.raw[start + 1..].find('\'') else {
            return Err(Defect { range: start..start + 1, message: "the quote is never closed" });
        };
        value.push_str(&self.raw[start + 1..start + 1 + length]);
        self.at = start + length + 2;
        Ok(())
    }

    fn double_quoted(&mut self, value: &mut Value) -> Result<(), Defect> {
        let start = self.at;
        self.bump();
        loop {
            match self.peek() {
                None => {
                    return Err(Defect { range: start..start + 1, message: "the quote is never closed" });
                }
                Some('"') => {
                    self.bump();
                    return Ok(());
                }
                Some('$') => {
                    let substituted = self.dollar()?;
                    value.append(substituted);
                }
                Some(char) => {
                    self.bump();
                    let escaped = self.peek().filter(|next| {
                        char == self.escape && (matches!(next, '"' | '$') || *next == self.escape)
                    });
                    if let Some(escaped) = escaped {
                        self.bump();
                        if self.raw_escapes {
                            value.push(char);
                        }
                        value.push(escaped);
                    } else {
                        value.push(char);
                    }
                }
            }
        }
    }

    /// A name, a number or one of the shell's special parameters; empty if there is none.
    fn name(&mut self) -> String {
        let rest = &self.raw[self.at..];
        let length = match rest.chars().next() {
            Some(first) if first.is_ascii_digit() => {
                rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len())
            }
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => 1,
            _ => rest.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(rest.len()),
        };
        self.at += length;
        rest[..length].to_owned()
    }

    fn dollar(&mut self) -> Result<Value, Defect> {
        let start = self.at;
        self.bump();
        if self.peek() != Some('{') {
            let name = self.name();
            if name.is_empty() {
                return Ok(Value(Some("$".to_owned())));
            }
            let value = (self.lookup)(&name);
            self.references.push(Reference { name, range: start..self.at, operator: None });
            return Ok(plain(value));
        }
        self.bump();
        if self.depth >= DEPTH_LIMIT {
            return Err(self.defect(start, "substitutions are nested more than 64 deep"));
        }
        self.depth += 1;
        let name = self.name();
        let reference = self.references.len();
        let value = (self.lookup)(&name);
        self.references.push(Reference { name, range: start..self.at, operator: None });
        let (operator, value) = self.substitution(start, value)?;
        self.depth -= 1;
        self.references[reference].operator = operator;
        self.references[reference].range.end = self.at;
        Ok(value)
    }

    /// What follows the name in `${…}`, and what the whole comes to.
    fn substitution(&mut self, start: usize, value: Binding) -> Result<(Option<Operator>, Value), Defect> {
        let unclosed = "the substitution is never closed";
        let within = |defect: Defect| {
            if defect.message == unclosed { Defect { range: start..start + 2, ..defect } } else { defect }
        };
        if self.raw[start + 2..].starts_with(['{', '}', ':']) {
            return Err(self.defect(start, "the substitution has no name"));
        }
        let Some(mut char) = self.bump() else {
            return Err(Defect { range: start..start + 2, message: unclosed });
        };
        let blank_is_unset = char == ':';
        match char {
            '}' => return Ok((None, plain(value))),
            '/' => {
                let all = self.raw[self.at..].starts_with('/');
                self.at += usize::from(all);
                let pattern = self.until(Some('/'), true).map_err(within)?;
                let replacement = self.until(Some('}'), true).map_err(within)?;
                return Ok((Some(Operator::Replace), Value(replaced(value, pattern, replacement, all))));
            }
            ':' => match self.bump() {
                Some(next) => char = next,
                None => return Err(Defect { range: start..start + 2, message: unclosed }),
            },
            _ => {}
        }
        let operator = match char {
            '-' => Operator::Default,
            '+' => Operator::Alternative,
            '?' => Operator::Required,
            '#' => Operator::Prefix,
            '%' => Operator::Suffix,
            _ => return Err(self.defect(start, "the substitution has an unknown operator")),
        };
        let is_pattern = matches!(operator, Operator::Prefix | Operator::Suffix);
        let word = self.until(Some('}'), is_pattern).map_err(within)?;
        let value = match value {
            Binding::Value(value) if blank_is_unset && value.is_empty() => Binding::Unset,
            value => value,
        };
        let value = match (operator, value) {
            (_, Binding::Unknown) => Value(None),
            (Operator::Default, Binding::Unset) | (Operator::Alternative, Binding::Value(_)) => word,
            (Operator::Alternative, Binding::Unset) => Value(Some(String::new())),
            (_, Binding::Unset) => Value(None),
            (Operator::Prefix | Operator::Suffix, Binding::Value(value)) => {
                Value(word.0.and_then(|pattern| stripped(&value, &pattern, char)))
            }
            (_, Binding::Value(value)) => Value(Some(value)),
        };
        Ok((Some(operator), value))
    }
}

fn plain(value: Binding) -> Value {
    match value {
        Binding::Value(value) => Value(Some(value)),
        Binding::Unset | Binding::Unknown => Value(None),
    }
}

enum Glob {
    Any,
    One,
    Char(char),
}

/// The parts of a shell pattern without bracket expressions. `None` if it is malformed.
fn glob(pattern: &str) -> Option<Vec<Glob>> {
    let mut parts = Vec::new();
    let mut chars = pattern.chars();
    while let Some(char) = chars.next() {
        parts.push(match char {
            '*' => Glob::Any,
            '?' => Glob::One,
            '\\' => Glob::Char(chars.next().filter(|next| matches!(next, '*' | '?' | '\\' | '/' | '}'))?),
            _ => Glob::Char(char),
        });
    }
    Some(parts)
}

/// The shortest and the longest number of characters at the start of `chars` that match.
fn matched(pattern: &[Glob], chars: &[char]) -> Option<(usize, usize)> {
    let mut states = vec![false; pattern.len() + 1];
    states[0] = true;
    let mut found: Option<(usize, usize)> = None;
    for taken in 0..=chars.len() {
        for (at, part) in pattern.iter().enumerate() {
            if states[at] && matches!(part, Glob::Any) {
                states[at + 1] = true;
            }
        }
        if states[pattern.len()] {
            found = Some((found.map_or(taken, |(shortest, _)| shortest), taken));
        }
        let Some(char) = chars.get(taken) else { break };
        let mut next = vec![false; pattern.len() + 1];
        for (at, part) in pattern.iter().enumerate().filter(|(at, _)| states[*at]) {
            match part {
                Glob::Any => next[at] = true,
                Glob::One => next[at + 1] = true,
                Glob::Char(wanted) => next[at + 1] |= wanted == char,
            }
        }
        states = next;
    }
    found
}

/// `value` without the prefix (`#`) or suffix (`%`) that matches; doubled, without the longest.
fn stripped(value: &str, pattern: &str, operator: char) -> Option<String> {
    if value.len() > PATTERN_LIMIT || pattern.len() > PATTERN_LIMIT {
        return None;
    }
    let longest = pattern.starts_with(operator);
    let mut pattern = glob(pattern.strip_prefix(operator).unwrap_or(pattern))?;
    let mut chars: Vec<char> = value.chars().collect();
    if operator == '%' {
        pattern.reverse();
        chars.reverse();
    }
    let length = matched(&pattern, &chars).map_or(0, |(short, long)| if longest { long } else { short });
    chars.drain(..length);
    if operator == '%' {
        chars.reverse();
    }
    Some(chars.into_iter().collect())
}

/// The value with the first match, or all matches, of the pattern replaced.
fn replaced(value: Binding, pattern: Value, replacement: Value, all: bool) -> Option<String> {
    let (Binding::Value(value), Some(pattern), Some(replacement)) = (value, pattern.0, replacement.0) else {
        return None;
    };
    if value.len() > PATTERN_LIMIT || pattern.len() > PATTERN_LIMIT / 8 {
        return None;
    }
    let (pattern, chars) = (glob(&pattern)?, value.chars().collect::<Vec<_>>());
    let (mut result, mut at, mut done) = (String::new(), 0, false);
    while at < chars.len() {
        let length = if done { 0 } else { matched(&pattern, &chars[at..]).map_or(0, |(_, longest)| longest) };
        if length == 0 {
            result.push(chars[at]);
            at += 1;
        } else {
            result.push_str(&replacement);
            at += length;
            done = !all;
        }
    }
    Some(result)
}
