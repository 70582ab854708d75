//! What is wrong with a text that is not YAML, in a person's words.
//!
//! The parser says which of its expectations broke and where; the text around that place says what
//! its author meant. Where the text does not say it surely, only the fact is told. Messages quote
//! keys, tags and signs but no values, which may be secrets.

use granit_parser::ErrorKind;

use super::{MAX_DEPTH, Problem, ProblemKind};
use crate::source::{SourceId, Span};
use crate::yaml::Style;

/// The longest excerpt of the user's text that a message quotes, in characters.
const MAX_QUOTED: usize = 40;

/// An error of the parser, and where its reading stands.
pub(super) struct Scene<'s> {
    pub(super) source: SourceId,
    pub(super) text: &'s str,
    /// The place of the error.
    pub(super) at: usize,
    /// The end of the last token that was read.
    pub(super) cursor: usize,
    /// The last scalar that was read.
    pub(super) last: Option<(Span, Style)>,
    /// The offset and style of the innermost open collection, and whether it is a list.
    pub(super) open: Option<(usize, Style, bool)>,
    /// The offset of the innermost open `[` or `{`.
    pub(super) bracket: Option<usize>,
}

impl Scene<'_> {
    /// The problem that an error of this kind is.
    pub(super) fn explain(&self, kind: &ErrorKind) -> Problem {
        if let Some(conflict) = self.conflict() {
            return conflict;
        }
        match kind {
            ErrorKind::RecursionLimitExceeded => {
                Problem { kind: ProblemKind::Limit, ..self.problem(self.here(), too_deep(), "") }
            }
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar
            | ErrorKind::InvalidBlockEntryWhitespace
            | ErrorKind::InvalidMappingValueWhitespace => self.tab(),
            ErrorKind::UnexpectedCharacter { .. } => self.needs_quotes(),
            ErrorKind::MissingAnchorOrAliasName => {
                let (sign, what) =
                    if self.after().starts_with('&') { ('&', "anchor") } else { ('*', "alias") };
                self.problem(
                    self.here(),
                    format!("`{sign}` starts an {what}, and no name stands behind it"),
                    "put the value in quotes if it is text",
                )
            }
            ErrorKind::UnclosedQuotedScalar
            | ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::DocumentIndicatorInQuotedScalar => {
                let quote = self.open_quote();
                if *kind == ErrorKind::InvalidQuotedScalarIndent && quote_end(self.text, quote).is_some() {
                    return self.problem(
                        self.rest(self.at),
                        "this line of a quoted value is not indented deeper than its key",
                        "indent it deeper than the key, or put the value on one line",
                    );
                }
                self.problem(
                    self.char_at(quote),
                    "this quote is never closed",
                    "close it at the end of the value",
                )
            }
            ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
                self.behind_quote()
            }
            ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape
            | ErrorKind::InvalidUnicodeEscape
            | ErrorKind::InvalidLowSurrogate
            | ErrorKind::InvalidLowSurrogateHexEscape
            | ErrorKind::MissingLowSurrogate
            | ErrorKind::UnpairedLowSurrogate => self.escape(),
            ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::InvalidFlowScalarIndent
            | ErrorKind::FlowMappingValueAdjacentCollection
            | ErrorKind::BlockEntryInFlowCollection => self.in_brackets(),
            ErrorKind::MismatchedFlowCollectionEnd { open, close } => self.wrong_bracket(*open, *close),
            ErrorKind::MisplacedFlowCollectionEnd => {
                let bracket = self.after().chars().next().unwrap_or(']');
                self.problem(
                    self.here(),
                    format!("`{bracket}` closes nothing"),
                    "remove it, or put the value in quotes",
                )
            }
            ErrorKind::MappingValueNotAllowed => self.colon(),
            ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey | ErrorKind::MappingKeyNotAllowed => {
                self.no_entry(self.at)
            }
            ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::ExpectedBlockSequenceEntry
            | ErrorKind::BlockSequenceEntryNotAllowed
            | ErrorKind::ExpectedDocumentStart
            | ErrorKind::InvalidIndentation => self.misplaced(),
            ErrorKind::CommentInterceptedScalar => self.comment(),
            ErrorKind::CommentNotSeparated => self.problem(
                self.here(),
                "this comment touches what stands before it",
                "write a space before it",
            ),
            ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
                self.problem(self.here(), "a lone `-` stands for an entry", "put it in quotes")
            }
            ErrorKind::InvalidBlockScalarHeader => self.block_header(),
            ErrorKind::UndeclaredTagHandle => {
                let tag = self.word(self.at);
                self.problem(
                    tag,
                    format!("tag `{}` is not declared", self.quoted(tag)),
                    "put the value in quotes if it is text",
                )
            }
            _ if self.after().starts_with(',') => self.needs_quotes(),
            _ => self.problem(self.here(), kind.to_string().replace('`', "'"), ""),
        }
    }

    fn problem(&self, span: Span, message: impl Into<String>, help: &str) -> Problem {
        Problem {
            kind: ProblemKind::Syntax,
            span,
            message: message.into(),
            help: (!help.is_empty()).then(|| help.into()),
            label: None,
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end.max(start))
    }

    /// The character at `at`; nothing at the end of a line.
    fn char_at(&self, at: usize) -> Span {
        let next = self.text[at..].chars().next().filter(|c| !matches!(c, '\n' | '\r'));
        self.span(at, at + next.map_or(0, char::len_utf8))
    }

    fn here(&self) -> Span {
        self.char_at(self.at)
    }

    fn after(&self) -> &str {
        &self.text[self.at..]
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind(['\n', '\r']).map_or(0, |at| at + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        self.text[at..].find(['\n', '\r']).map_or(self.text.len(), |length| at + length)
    }

    /// The offset at which the line of `at` has its first character that is no white space.
    fn code_start(&self, at: usize) -> usize {
        let line = &self.text[self.line_start(at)..self.line_end(at)];
        self.line_end(at) - line.trim_start_matches(['\u{feff}', ' ', '\t']).len()
    }

    /// The column of `at`, from 0, in bytes.
    fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    /// The bytes from `at` to the end of its line, without white space or a comment there.
    fn rest(&self, at: usize) -> Span {
        let line = &self.text[at..self.line_end(at)];
        let code = line.find(" #").map_or(line, |comment| &line[..comment]);
        self.span(at, at + code.trim_end().len())
    }

    /// The bytes from `at` to the next white space.
    fn word(&self, at: usize) -> Span {
        let rest = self.rest(at);
        let word = self.text[rest.range()].split([' ', '\t']).next().unwrap_or_default();
        self.span(at, at + word.len())
    }

    /// The user's text at `span` as a message may quote it: cut, and without backticks.
    fn quoted(&self, span: Span) -> String {
        let text = &self.text[span.range()];
        let mut quoted: String = text.chars().take(MAX_QUOTED).collect();
        if quoted.len() < text.len() {
            quoted.push('…');
        }
        quoted.replace('`', "'")
    }

    fn conflict(&self) -> Option<Problem> {
        let markers = ["<<<<<<< ", "=======", ">>>>>>> "];
        let marked = |start: usize| {
            let line = &self.text[start..self.line_end(start)];
            let is_marker = markers.iter().any(|marker| line.starts_with(marker))
                && (!line.starts_with('=') || line.trim_end() == "=======");
            is_marker.then(|| self.span(start, start + line.trim_end().len()))
        };
        let start = self.line_start(self.at);
        let above = start.checked_sub(1).map(|end| self.line_start(end));
        let marker = [Some(start), above].into_iter().flatten().find_map(marked)?;
        Some(self.problem(
            marker,
            "a merge conflict is left in the file",
            "resolve it and remove its markers",
        ))
    }

    fn tab(&self) -> Problem {
        // A block scalar's error stands at its header, the tab in a line below.
        let line = if self.after().starts_with(['|', '>']) {
            self.line_end(self.at)
        } else {
            self.line_start(self.at)
        };
        let from = self.text[line..].find('\t').map_or(self.at, |tab| line + tab);
        let tabs = self.text[from..].len() - self.text[from..].trim_start_matches('\t').len();
        let span = self.span(from, from + tabs);
        if self.text[self.line_start(from)..from].trim_matches([' ', '-', '?']).is_empty() {
            return tab_indent(self.text, span);
        }
        self.problem(span, "a tab stands where YAML allows only spaces", "write a space")
    }

    fn needs_quotes(&self) -> Problem {
        let sign = match self.after().chars().next() {
            Some('`') | None => "a backtick".to_owned(),
            Some(sign) => format!("`{}`", sign.escape_debug()),
        };
        self.problem(
            self.here(),
            format!("{sign} cannot start a value without quotes"),
            "put the value in quotes",
        )
    }

    /// The offset of the quote at which the scalar starts that the error is in.
    fn open_quote(&self) -> usize {
        if self.after().starts_with(['"', '\'']) {
            return self.at;
        }
        unclosed_quote(self.text, self.cursor.min(self.at), self.at).unwrap_or(self.at)
    }

    fn behind_quote(&self) -> Problem {
        let behind = self.rest(self.at);
        let close = self.text[..self.at].trim_end_matches([' ', '\t']).len().saturating_sub(1);
        let Some(open) = unclosed_quote(self.text, self.cursor.min(close), close) else {
            return self.problem(behind, "text stands behind a value", "");
        };
        // A quote that some other value's opening quote closes.
        let before_close = self.text[self.line_start(close)..close].trim_start();
        let opens_value = before_close.ends_with(": ") || before_close == "- ";
        if self.line_start(open) != self.line_start(close) && opens_value {
            let mut found = self.problem(
                self.char_at(open),
                "this quote is not closed on its line",
                "close it at the end of the value",
            );
            found.label = Some((self.char_at(close), "the next quote closes it".into()));
            return found;
        }
        if self.bracket.is_some() && self.after().starts_with(['"', '\'']) {
            return self.problem(
                self.here(),
                "a `,` is missing before this entry",
                "separate the entries with `,`",
            );
        }
        if close + 1 == self.at && !self.after().starts_with(['"', '\'']) {
            let help = if self.text[open..].starts_with('\'') {
                "write `''` for a quote inside"
            } else {
                "write `\\\"` for a quote inside"
            };
            return self.problem(
                self.char_at(close),
                "this quote closes the value, and text follows it",
                help,
            );
        }
        self.problem(
            behind,
            "text stands behind the closing quote",
            "put the whole value in one pair of quotes",
        )
    }

    fn escape(&self) -> Problem {
        let quote = self.open_quote();
        let help = "use single quotes, or write `\\\\` for a backslash";
        let mut at = quote + 1;
        while let Some(length) = self.text[at..].find('\\') {
            at += length;
            let rest = &self.text[at + 1..];
            let Some(sign) = rest.chars().next() else { break };
            let digits = match sign {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            let span = self.span(at, at + 1 + sign.len_utf8());
            let hexadecimal = rest.chars().skip(1).take_while(char::is_ascii_hexdigit).take(digits).count();
            if hexadecimal < digits {
                let message = format!("`\\{sign}` is not followed by {digits} hexadecimal digits");
                return self.problem(span, message, help);
            }
            let code = rest.get(1..1 + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
            if code.is_some_and(|code| char::from_u32(code).is_none()) {
                let span = self.span(at, at + 2 + digits);
                return self.problem(span, format!("`{}` is no character", self.quoted(span)), help);
            }
            if digits == 0 && !"0abt\tnvfe \"/\\N_LP\n\r".contains(sign) {
                let sign = if sign == '`' { '\'' } else { sign };
                return self.problem(span, format!("`\\{sign}` is no escape of a double-quoted value"), help);
            }
            at += 1 + sign.len_utf8() + digits;
        }
        self.problem(self.char_at(quote), "this value holds an escape that is none", help)
    }

    fn in_brackets(&self) -> Problem {
        let bracket = match self.after().chars().next() {
            Some('[' | '{') if self.bracket.is_none() => Some(self.at),
            _ => self.bracket,
        };
        let Some(open) = bracket else {
            return self.problem(self.here(), "a bracket is missing around this", "");
        };
        let close = if self.text[open..].starts_with('[') { ']' } else { '}' };
        if closing(self.text, open).is_none() {
            let opener = &self.text[open..=open];
            let mut found = self.problem(
                self.char_at(open),
                format!("this `{opener}` is never closed"),
                &format!("add the closing `{close}`"),
            );
            if self.line_start(open) != self.line_start(self.at) && self.at < self.text.len() {
                found.label = Some((self.rest(self.code_start(self.at)), "read as part of it".into()));
            }
            return found;
        }
        if self.after().starts_with(',') {
            return self.problem(self.here(), "no entry stands before this `,`", "remove it");
        }
        let opened = Some((self.char_at(open), "opened here".into()));
        if self.after().starts_with(':') {
            let before = &self.text[open + 1..self.at];
            let key =
                before.rfind([' ', '\t', '\n', '\r', ',', '[', '{']).map_or(open + 1, |at| open + 2 + at);
            let span = self.span(key, self.at);
            if !span.is_empty() && !self.text[..key].trim_end().ends_with([':', ',', '[', '{']) {
                let message = format!("a `,` is missing before `{}`", self.quoted(span));
                return Problem {
                    label: opened,
                    ..self.problem(span, message, "separate the entries with `,`")
                };
            }
        }
        let message = format!("a `,` or the closing `{close}` is missing before this");
        let help = format!("separate the entries with `,` and close the bracket with `{close}`");
        Problem { label: opened, ..self.problem(self.here(), message, &help) }
    }

    fn wrong_bracket(&self, open: char, close: char) -> Problem {
        let opener = if self.after().starts_with(open) { self.at } else { self.bracket.unwrap_or(self.at) };
        let wanted = if open == '[' { ']' } else { '}' };
        let found = first_stray(self.text, opener).unwrap_or(self.at);
        let message = format!("`{close}` closes what `{open}` opened");
        let mut problem = self.problem(self.char_at(found), message, &format!("close it with `{wanted}`"));
        if found != opener {
            problem.label = Some((self.char_at(opener), "opened here".into()));
        }
        problem
    }

    /// A `:` where no key can end.
    fn colon(&self) -> Problem {
        let Some((last, style)) = self.last.filter(|(last, _)| last.end as usize <= self.at) else {
            return self.problem(self.here(), "this `:` stands behind no key", "put the value in quotes");
        };
        let (start, line) = (last.start as usize, self.line_start(self.at));
        let key_is_long = self.text[self.code_start(self.at)..self.at].chars().count() > 1024;
        if key_is_long && start <= self.code_start(self.at) {
            return self.problem(
                self.rest(self.code_start(self.at)),
                "a key is longer than 1,024 characters",
                "",
            );
        }
        if start >= line {
            let value = self.rest(start);
            if style != Style::Plain || start == self.code_start(self.at) {
                return self.problem(self.here(), "this `:` stands behind no key", "put the value in quotes");
            }
            return self.problem(
                value,
                if self.text[value.range()].ends_with(':') {
                    "this value ends with a `:` and is not quoted"
                } else {
                    "this value holds a `: ` and is not quoted"
                },
                "put the value in quotes, or the inner key on a line of its own",
            );
        }
        // The key was read as the last line of a text that starts above.
        let key = self.code_start(self.at);
        if start == self.code_start(start) && self.column(start) == self.column(key) {
            return self.no_entry(start);
        }
        self.problem(
            self.rest(key),
            "this line is indented deeper than the entry above it, whose value it continues",
            "align it with the entry above",
        )
    }

    /// A line that is neither an entry of a mapping nor one of a list.
    fn no_entry(&self, at: usize) -> Problem {
        let line = self.rest(at);
        let text = &self.text[line.range()];
        if let Some((key, value)) = text.split_once(':')
            && key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            && !value.is_empty()
            && !value.starts_with([' ', ':', '/'])
        {
            return self.problem(
                self.span(at, at + key.len() + 1),
                format!("`{key}:` has no space behind the colon"),
                &format!("write `{key}: ` and then the value"),
            );
        }
        if text.starts_with('-') && !text.starts_with("- ") && !text.starts_with("--") {
            return self.problem(
                self.char_at(at),
                "this `-` has no space behind it",
                "write `- ` and then the item",
            );
        }
        self.problem(line, "this line is neither `key: value` nor `- item`", "write `key: value`")
    }

    /// Something that fits into no open collection.
    fn misplaced(&self) -> Problem {
        let code = self.code_start(self.at);
        let line = self.rest(code);
        let is_item = self.text[code..].starts_with("- ") || &self.text[line.range()] == "-";
        let behind = self.cursor > code && self.cursor <= self.at && self.line_start(self.cursor) <= code;
        if behind {
            return self.behind_value();
        }
        if let Some((start, Style::Block, is_list)) = self.open
            && self.column(start) == self.column(code)
            && start < code
            && is_list != is_item
        {
            let (message, label, help) = if is_list {
                (
                    "a key stands among the items of a list",
                    "the list starts here",
                    "write `- ` before it, or make every entry `key: value`",
                )
            } else {
                (
                    "a list item stands among the keys of a mapping",
                    "the mapping starts here",
                    "write `key: value`, or make every entry an item",
                )
            };
            return Problem {
                label: Some((self.word(start), label.into())),
                ..self.problem(line, message, help)
            };
        }
        self.problem(
            line,
            "the indentation of this line fits nothing above it",
            "align it with the entries that it belongs to",
        )
    }

    /// Something behind a value, on its line.
    fn behind_value(&self) -> Problem {
        let (code, behind) = (self.code_start(self.at), self.rest(self.at));
        let before = &self.text[code..self.at];
        if self.after().starts_with("- ") && before.trim_end().ends_with(':') {
            return self.problem(
                behind,
                "a list item stands on the line of its key",
                "put it on a line of its own",
            );
        }
        if self.after().starts_with(':') && before.ends_with(['"', '\'']) {
            return self.problem(self.here(), "this `:` has no space behind it", "write `: `");
        }
        if before.ends_with("}}")
            && let Some(open) = before.find("{{")
        {
            return self.problem(
                self.span(code + open, code + open + 2),
                "`{{` opens a YAML mapping here",
                "put the value in quotes",
            );
        }
        self.problem(behind, "text stands behind the end of the value", "put the whole value in quotes")
    }

    fn comment(&self) -> Problem {
        let next = self.text[self.at..]
            .char_indices()
            .map(|(length, _)| self.at + length)
            .skip_while(|at| *at < self.line_end(self.at))
            .find(|at| !self.text[*at..].starts_with([' ', '\t', '\n', '\r']));
        if let Some(next) = next
            && self.text[self.rest(next).range()].split_once(": ").is_some()
        {
            return self.problem(
                self.rest(next),
                "this line is indented deeper than the entry above it, whose value it continues",
                "align it with the entry above",
            );
        }
        let line = self.text[self.at..self.line_end(self.at)].trim_end().len();
        self.problem(
            self.span(self.at, self.at + line),
            "a comment stands within a value of several lines",
            "move the comment above the value",
        )
    }

    fn block_header(&self) -> Problem {
        let indicator = if self.after().starts_with('>') { '>' } else { '|' };
        let behind = self.after()[1..].trim_start_matches(['+', '-', ' ', '\t']);
        let behind = behind.trim_start_matches(|c: char| c.is_ascii_digit());
        let behind = self.rest(self.text.len() - behind.len());
        self.problem(
            behind,
            format!("text stands behind `{indicator}`, which takes it from the next line on"),
            "put the text on the next line, or the value in quotes",
        )
    }
}

/// The message for collections within more collections than [`MAX_DEPTH`].
pub(super) fn too_deep() -> String {
    format!("collections are nested more than {MAX_DEPTH} deep")
}

/// The problem of the tabs at `span`, which indent a line of `text`.
pub(super) fn tab_indent(text: &str, span: Span) -> Problem {
    let behind = text[span.end as usize..].trim_start_matches([' ', '\t']);
    let (message, help) = if behind.is_empty() || behind.starts_with(['\n', '\r']) {
        ("a tab stands in this empty line, and YAML allows only spaces", "remove it")
    } else {
        ("a tab indents this line, and YAML allows only spaces", "indent with spaces")
    };
    Problem { kind: ProblemKind::Syntax, span, message: message.into(), help: Some(help.into()), label: None }
}

/// A token of a text, as far as brackets and quotes are concerned.
enum Mark {
    Open(char),
    Close(char),
    /// A quoted scalar and the offset past its closing quote; `None` if it is not closed.
    Quote(Option<usize>),
}

/// The brackets and quoted scalars from `from` on, with their offsets.
fn marks(text: &str, from: usize) -> impl Iterator<Item = (usize, Mark)> {
    let bytes = text.as_bytes();
    let mut at = from;
    std::iter::from_fn(move || {
        while let Some(byte) = bytes.get(at) {
            let start = at;
            let starts = start == from
                || matches!(bytes[start - 1], b' ' | b'\t' | b'\n' | b'\r' | b'[' | b'{' | b',' | b':');
            at += 1;
            match byte {
                b'#' if starts => at += text[at..].find(['\n', '\r']).unwrap_or(text.len() - at),
                b'[' | b'{' => return Some((start, Mark::Open(char::from(*byte)))),
                b']' | b'}' => return Some((start, Mark::Close(char::from(*byte)))),
                b'"' | b'\'' if starts => {
                    let end = quote_end(text, start);
                    at = end.unwrap_or(text.len());
                    return Some((start, Mark::Quote(end)));
                }
                _ => {}
            }
        }
        None
    })
}

/// The offset past the quote that closes the one at `open`.
pub(super) fn quote_end(text: &str, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = bytes.get(open).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'\\' if *quote == b'"' => 2,
            byte if byte != quote => 1,
            _ if *quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => 2,
            _ => return Some(at + 1),
        };
    }
    None
}

/// The offset of the quote that opens the scalar which holds the byte at `at`, found from `from` on.
pub(super) fn unclosed_quote(text: &str, from: usize, at: usize) -> Option<usize> {
    marks(text, from).take_while(|(start, _)| *start < at).find_map(|(start, mark)| match mark {
        Mark::Quote(end) if end.is_none_or(|end| end > at) => Some(start),
        _ => None,
    })
}

/// The offset of the bracket that closes the one at `open`, whatever its kind.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0;
    marks(text, open).find_map(|(at, mark)| {
        match mark {
            Mark::Open(_) => depth += 1,
            Mark::Close(_) => depth -= 1,
            Mark::Quote(_) => {}
        }
        (depth == 0).then_some(at)
    })
}

/// The offset of the first bracket from `open` on that closes one of the other kind.
fn first_stray(text: &str, open: usize) -> Option<usize> {
    let mut opened = Vec::new();
    marks(text, open).find_map(|(at, mark)| match mark {
        Mark::Open(bracket) => {
            opened.push(bracket);
            None
        }
        Mark::Close(bracket) => {
            let right = matches!((opened.pop(), bracket), (Some('['), ']') | (Some('{'), '}'));
            (!right).then_some(at)
        }
        Mark::Quote(_) => None,
    })
}
