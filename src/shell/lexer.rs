//! Text into tokens.

use std::ops::Range;

use super::{Operator, Redirect, Redirection, Token, Word};

/// An arithmetic command, such as `((i++))`, with more bytes is taken for groups.
const ARITHMETIC_LIMIT: usize = 512;

/// The tokens of the part `range` of `text`, with their places in all of it, and whether everything in it
/// is closed.
pub(super) fn tokens(text: &str, range: Range<usize>) -> (Vec<Token>, bool) {
    let text = &text[..range.end];
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: range.start,
        tokens: Vec::new(),
        heredocs: Vec::new(),
        is_whole: true,
    };
    lexer.run();
    let is_whole = lexer.is_whole && lexer.heredocs.is_empty();
    (lexer.tokens, is_whole)
}

/// The substitutions in the part `range` of `text`, the lines of a heredoc, where quotes mean nothing.
pub(super) fn substitutions(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut word = Word::empty(range.start);
    let text = &text[..range.end];
    let (tokens, heredocs, bytes) = (Vec::new(), Vec::new(), text.as_bytes());
    let mut lexer = Lexer { text, bytes, at: range.start, tokens, heredocs, is_whole: true };
    while let Some(byte) = bytes.get(lexer.at) {
        match byte {
            b'\\' => lexer.escaped(&mut word),
            b'$' => lexer.dollar(&mut word, true),
            b'`' => lexer.expansion(&mut word, Closer::Backtick, 1),
            _ => lexer.letter(&mut word),
        }
    }
    word.substitutions
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    tokens: Vec<Token>,
    /// The indices of the heredocs whose lines are still to come.
    heredocs: Vec<usize>,
    is_whole: bool,
}

/// What ends a part of an expansion.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Closer {
    Paren,
    Brace,
    /// A brace within double quotes, where `'` is a letter.
    QuotedBrace,
    Double,
    Backtick,
}

/// The operators of redirections, a longer one before its start.
const REDIRECTS: [(&str, Redirect); 12] = [
    ("&>>", Redirect::AppendAndError),
    ("&>", Redirect::OutputAndError),
    ("<<<", Redirect::HereString),
    ("<<-", Redirect::Heredoc),
    ("<<", Redirect::Heredoc),
    ("<&", Redirect::DuplicateInput),
    ("<>", Redirect::InputOutput),
    ("<", Redirect::Input),
    (">>", Redirect::Append),
    (">&", Redirect::DuplicateOutput),
    (">|", Redirect::Output),
    (">", Redirect::Output),
];

/// The other operators, a longer one before its start.
const OPERATORS: [(&str, Operator); 12] = [
    ("&&", Operator::And),
    ("||", Operator::Or),
    ("|&", Operator::Pipe),
    ("|", Operator::Pipe),
    (";;&", Operator::CaseEnd),
    (";;", Operator::CaseEnd),
    (";&", Operator::CaseEnd),
    (";", Operator::Semicolon),
    ("&", Operator::Background),
    ("\n", Operator::Newline),
    ("(", Operator::Open),
    (")", Operator::Close),
];

impl Lexer<'_> {
    fn run(&mut self) {
        loop {
            self.skip_blanks();
            let Some(byte) = self.bytes.get(self.at) else { return };
            let start = self.at;
            if *byte == b'#' {
                self.at = self.line_end(start);
                self.tokens.push(Token::Comment(start..self.at));
            } else if let Some(redirection) = self.redirection() {
                if redirection.redirect == Redirect::Heredoc {
                    self.heredocs.push(self.tokens.len());
                }
                self.tokens.push(Token::Redirection(redirection));
            } else if let Some((operator, length)) = self.operator() {
                self.at += length;
                self.tokens.push(Token::Operator(operator, start..self.at));
                match operator {
                    Operator::Newline => self.read_heredocs(),
                    Operator::Open => self.arithmetic(),
                    _ => {}
                }
            } else {
                let word = self.word();
                self.tokens.push(Token::Word(word));
            }
        }
    }

    fn starts_with(&self, at: usize, text: &str) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(text.as_bytes()))
    }

    /// The number of bytes of the line break that a backslash at `at` escapes, with the backslash.
    fn continuation(&self, at: usize) -> Option<usize> {
        ["\\\n", "\\\r\n"].iter().find(|it| self.starts_with(at, it)).map(|it| it.len())
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\r' | 0x0b | 0x0c) => self.at += 1,
                Some(b'\\') => match self.continuation(self.at) {
                    Some(length) => self.at += length,
                    None => return,
                },
                _ => return,
            }
        }
    }

    fn line_end(&self, at: usize) -> usize {
        self.bytes[at..].iter().position(|byte| *byte == b'\n').map_or(self.bytes.len(), |length| at + length)
    }

    /// Whether a process substitution stands at `at`.
    fn substitutes_process(&self, at: usize) -> bool {
        self.starts_with(at, "<(") || self.starts_with(at, ">(")
    }

    fn operator(&self) -> Option<(Operator, usize)> {
        let found = OPERATORS.iter().find(|(text, _)| self.starts_with(self.at, text));
        found.map(|(text, operator)| (*operator, text.len()))
    }

    /// Takes what stands between the parentheses of `((…))`, if the last two tokens open it, as one word:
    /// there a `<<` is a shift, and a `#` no comment.
    fn arithmetic(&mut self) {
        let [.., Token::Operator(Operator::Open, first), Token::Operator(Operator::Open, second)] =
            self.tokens.as_slice()
        else {
            return;
        };
        let start = self.at;
        let window = &self.bytes[start..self.bytes.len().min(start + ARITHMETIC_LIMIT)];
        if first.end != second.start {
            return;
        }
        let mut depth = 0usize;
        for (at, byte) in window.iter().enumerate() {
            match byte {
                b'(' => depth += 1,
                b')' if depth > 0 => depth -= 1,
                b')' if window.get(at + 1) == Some(&b')') && at > 0 => {
                    let mut word = Word::empty(start);
                    while self.at < start + at {
                        match self.bytes[self.at] {
                            b'$' => self.dollar(&mut word, false),
                            b'`' => self.expansion(&mut word, Closer::Backtick, 1),
                            _ => self.letter(&mut word),
                        }
                    }
                    word.range.end = self.at;
                    self.tokens.push(Token::Word(word));
                    return;
                }
                b')' => return,
                _ => {}
            }
        }
    }

    /// The redirection at the current place, with its target.
    fn redirection(&mut self) -> Option<Redirection> {
        let start = self.at;
        let digits = self.bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).take(10).count();
        let at = start + digits;
        if self.substitutes_process(at) {
            return None;
        }
        let (text, redirect) = REDIRECTS.iter().find(|(text, _)| self.starts_with(at, text))?;
        // A number before `&>` is a word.
        if digits > 0 && text.starts_with('&') {
            return None;
        }
        let descriptor = self.text[start..at].parse().ok();
        self.at = at + text.len();
        let mut end = self.at;
        self.skip_blanks();
        let target = match self.bytes.get(self.at) {
            None | Some(b'#') => None,
            Some(_) if self.operator().is_some() || self.redirects() => None,
            Some(_) => Some(self.word()),
        };
        if let Some(target) = &target {
            end = target.range.end;
        }
        Some(Redirection { range: start..end, redirect: *redirect, descriptor, target, body: None })
    }

    /// Whether a redirection's operator stands at the current place.
    fn redirects(&self) -> bool {
        matches!(self.bytes.get(self.at), Some(b'<' | b'>')) && !self.substitutes_process(self.at)
    }

    /// Reads the lines of the heredocs that the last line opened.
    fn read_heredocs(&mut self) {
        for index in std::mem::take(&mut self.heredocs) {
            let Some(Token::Redirection(heredoc)) = self.tokens.get_mut(index) else { continue };
            let opening = self.text[heredoc.range.clone()].trim_start_matches(|c: char| c.is_ascii_digit());
            let strips = opening.starts_with("<<-");
            let delimiter = heredoc.target.as_ref().map_or("", |target| target.text.as_str());
            let start = self.at;
            let mut line = start;
            loop {
                if line >= self.bytes.len() {
                    (heredoc.body, self.at, self.is_whole) = (Some(start..line), line, false);
                    break;
                }
                let rest = &self.bytes[line..];
                let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                let next = (line + length + 1).min(self.bytes.len());
                let text = self.text[line..line + length].trim_end_matches('\r');
                let text = if strips { text.trim_start_matches('\t') } else { text };
                if text == delimiter {
                    (heredoc.body, self.at) = (Some(start..line), next);
                    break;
                }
                line = next;
            }
        }
    }

    /// The word at the current place, which holds at least one character.
    fn word(&mut self) -> Word {
        let start = self.at;
        let mut word = Word::empty(start);
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c | b';' | b'&' | b'|' | b'(' | b')' => break,
                b'<' | b'>' if self.substitutes_process(self.at) => {
                    self.expansion(&mut word, Closer::Paren, 2);
                }
                b'<' | b'>' => break,
                b'\\' => match self.continuation(self.at) {
                    Some(length) => self.at += length,
                    None => self.escaped(&mut word),
                },
                b'\'' => self.single_quoted(&mut word),
                b'"' => self.double_quoted(&mut word),
                b'$' if self.starts_with(self.at, "$'") => self.ansi_quoted(&mut word),
                b'$' if self.starts_with(self.at, "$\"") => {
                    self.at += 1;
                    self.double_quoted(&mut word);
                }
                b'$' => self.dollar(&mut word, false),
                b'`' => self.expansion(&mut word, Closer::Backtick, 1),
                _ => self.letter(&mut word),
            }
        }
        if self.at == start {
            // No operator and no blank stands here, so nothing stopped the word; go on regardless.
            self.letter(&mut word);
        }
        word.range.end = self.at;
        word
    }

    /// Takes one character as it is.
    fn letter(&mut self, word: &mut Word) {
        if let Some(letter) = self.text[self.at..].chars().next() {
            word.text.push(letter);
            self.at += letter.len_utf8();
        }
    }

    /// Takes the character behind a backslash.
    fn escaped(&mut self, word: &mut Word) {
        word.is_quoted = true;
        if self.at + 1 < self.bytes.len() {
            self.at += 1;
        }
        self.letter(word);
    }

    fn single_quoted(&mut self, word: &mut Word) {
        word.is_quoted = true;
        let start = self.at + 1;
        match self.text[start..].find('\'') {
            Some(length) => {
                word.text.push_str(&self.text[start..start + length]);
                self.at = start + length + 1;
            }
            None => {
                word.text.push_str(&self.text[start..]);
                (self.at, self.is_whole) = (self.bytes.len(), false);
            }
        }
    }

    fn double_quoted(&mut self, word: &mut Word) {
        word.is_quoted = true;
        self.at += 1;
        loop {
            match self.bytes.get(self.at) {
                None => {
                    self.is_whole = false;
                    return;
                }
                Some(b'"') => {
                    self.at += 1;
                    return;
                }
                Some(b'\\') => match self.continuation(self.at) {
                    Some(length) => self.at += length,
                    None => match self.bytes.get(self.at + 1) {
                        Some(b'$' | b'`' | b'"' | b'\\') => self.escaped(word),
                        _ => self.letter(word),
                    },
                },
                Some(b'$') => self.dollar(word, true),
                Some(b'`') => self.expansion(word, Closer::Backtick, 1),
                Some(_) => self.letter(word),
            }
        }
    }

    fn ansi_quoted(&mut self, word: &mut Word) {
        word.is_quoted = true;
        self.at += 2;
        loop {
            match self.bytes.get(self.at) {
                None => {
                    self.is_whole = false;
                    return;
                }
                Some(b'\'') => {
                    self.at += 1;
                    return;
                }
                Some(b'\\') => self.ansi_escape(word),
                Some(_) => self.letter(word),
            }
        }
    }

    fn ansi_escape(&mut self, word: &mut Word) {
        let letter = match self.bytes.get(self.at + 1) {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'a') => '\u{7}',
            Some(b'b') => '\u{8}',
            Some(b'e' | b'E') => '\u{1b}',
            Some(b'f') => '\u{c}',
            Some(b'v') => '\u{b}',
            Some(b'x') => return self.ansi_number(word, 2, 2, 16),
            Some(b'u') => return self.ansi_number(word, 2, 4, 16),
            Some(b'U') => return self.ansi_number(word, 2, 8, 16),
            Some(b'0'..=b'7') => return self.ansi_number(word, 1, 3, 8),
            _ => return self.escaped(word),
        };
        word.text.push(letter);
        self.at += 2;
    }

    /// Takes the character whose number stands `skip` bytes on, in up to `most` digits.
    fn ansi_number(&mut self, word: &mut Word, skip: usize, most: usize, radix: u32) {
        let start = self.at + skip;
        let digits = self.bytes[start..].iter().take(most);
        let length = digits.take_while(|byte| char::from(**byte).is_digit(radix)).count();
        let number = u32::from_str_radix(&self.text[start..start + length], radix).ok();
        match number.and_then(char::from_u32) {
            Some(letter) => {
                word.text.push(letter);
                self.at = start + length;
            }
            None => self.letter(word),
        }
    }

    /// Takes the expansion at a `$`, or the `$` as it is.
    fn dollar(&mut self, word: &mut Word, is_quoted: bool) {
        let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        match self.bytes.get(self.at + 1) {
            Some(b'(') => self.expansion(word, Closer::Paren, 2),
            Some(b'{') if is_quoted => self.expansion(word, Closer::QuotedBrace, 2),
            Some(b'{') => self.expansion(word, Closer::Brace, 2),
            Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'$' | b'!' | b'-') => {
                self.take(word, self.at..self.at + 2);
            }
            Some(first) if name(first) => {
                let length = self.bytes[self.at + 1..].iter().take_while(|byte| name(byte)).count();
                self.take(word, self.at..self.at + 1 + length);
            }
            _ => self.letter(word),
        }
    }

    /// Takes the bytes as an expansion.
    fn take(&mut self, word: &mut Word, range: Range<usize>) {
        word.has_expansion = true;
        word.text.push_str(&self.text[range.clone()]);
        self.at = range.end;
    }

    /// Takes what the `opening` bytes at the current place open, up to where it is closed.
    fn expansion(&mut self, word: &mut Word, first: Closer, opening: usize) {
        let mut at = self.at + opening;
        let mut open = vec![self.opened(first, at, word, false)];
        while let (Some(top), Some(byte)) = (open.last().copied(), self.bytes.get(at)) {
            let is_quoted = matches!(top.closer, Closer::Double | Closer::QuotedBrace);
            at += 1;
            let is_in_command = top.is_in_command || top.command.is_some() && !top.is_arithmetic;
            match byte {
                b'\\' => at += 1,
                b')' if top.closer == Closer::Paren => self.closed(&mut open, at - 1, word),
                b'}' if matches!(top.closer, Closer::Brace | Closer::QuotedBrace) => drop(open.pop()),
                b'"' if top.closer == Closer::Double => drop(open.pop()),
                b'`' if top.closer == Closer::Backtick => self.closed(&mut open, at - 1, word),
                b'"' => open.push(Opened { command: None, closer: Closer::Double, is_in_command, ..top }),
                b'`' => open.push(self.opened(Closer::Backtick, at, word, is_in_command)),
                b'(' if top.closer == Closer::Paren => {
                    open.push(Opened { command: None, is_in_command, ..top });
                }
                b'\'' if !is_quoted => {
                    let length = self.bytes[at..].iter().position(|byte| *byte == b'\'');
                    at = length.map_or(self.bytes.len(), |length| at + length + 1);
                }
                b'#' if top.closer == Closer::Paren && matches!(self.bytes[at - 2], b' ' | b'\t' | b'\n') => {
                    at = self.line_end(at);
                }
                b'$' => match self.bytes.get(at) {
                    Some(b'(') => {
                        at += 1;
                        open.push(self.opened(Closer::Paren, at, word, is_in_command));
                    }
                    Some(b'{') => {
                        let closer = if is_quoted { Closer::QuotedBrace } else { Closer::Brace };
                        open.push(Opened { command: None, closer, is_in_command, ..top });
                        at += 1;
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        if !open.is_empty() {
            self.is_whole = false;
            at = self.bytes.len();
        }
        self.take(word, self.at..at.min(self.bytes.len()));
    }

    /// What `closer` will close; commands in it start at `at`.
    fn opened(&self, closer: Closer, at: usize, word: &Word, is_in_command: bool) -> Opened {
        let is_command = matches!(closer, Closer::Paren | Closer::Backtick) && !is_in_command;
        Opened {
            closer,
            command: is_command.then_some(at),
            is_arithmetic: closer == Closer::Paren && self.bytes.get(at) == Some(&b'('),
            known: word.substitutions.len(),
            is_in_command,
        }
    }

    /// Closes the last of `open` at `end`, and keeps the commands that it held.
    fn closed(&self, open: &mut Vec<Opened>, end: usize, word: &mut Word) {
        let Some(top) = open.pop() else { return };
        let Some(start) = top.command else { return };
        if top.is_arithmetic {
            // `$((1 + 2))`, not `$((a); b)`.
            if end > start && self.bytes[end - 1] == b')' {
                return;
            }
            word.substitutions.truncate(top.known);
        }
        if start < end {
            word.substitutions.push(start..end);
        }
    }
}

/// A part of an expansion that is still open.
#[derive(Copy, Clone)]
struct Opened {
    closer: Closer,
    /// Where the commands in it start, if it holds some, and they are not part of others.
    command: Option<usize>,
    /// Whether it looks like arithmetic.
    is_arithmetic: bool,
    /// The number of substitutions before it.
    known: usize,
    /// Whether it is part of a command.
    is_in_command: bool,
}

impl Word {
    fn empty(start: usize) -> Self {
        Self {
            range: start..start,
            text: String::new(),
            has_expansion: false,
            is_quoted: false,
            substitutions: Vec::new(),
        }
    }
}
