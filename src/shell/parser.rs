//! Tokens into simple commands.

use std::ops::Range;

use super::{Command, Operator, Token, Word};

/// The simple commands that `tokens` make, in order, so many substitutions deep.
pub(super) fn commands(tokens: &[Token], depth: usize) -> Vec<Command> {
    let mut parser = Parser {
        commands: Vec::new(),
        current: None,
        groups: Vec::new(),
        state: State::Commands,
        parens: 0,
        is_negated: false,
        is_after_group: false,
        depth,
    };
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Comment(_) => {}
            Token::Word(word) => parser.word(word),
            Token::Redirection(redirection) => {
                if parser.state == State::Commands && !parser.is_after_group {
                    let command = parser.command(redirection.range.start);
                    command.range.end = redirection.range.end;
                    command.redirections.push(redirection.clone());
                }
            }
            Token::Operator(operator, range) => {
                let is_arithmetic = *operator == Operator::Open && opens_arithmetic(&tokens[index..]);
                parser.operator(*operator, range, is_arithmetic);
            }
        }
    }
    parser.finish(None);
    parser.commands
}

/// Whether the first of `tokens`, an opening parenthesis, is that of `((…))`, which the lexer reads as
/// one word.
fn opens_arithmetic(tokens: &[Token]) -> bool {
    let [_, Token::Operator(Operator::Open, open), Token::Word(word), rest @ ..] = tokens else {
        return false;
    };
    let [Token::Operator(Operator::Close, first), Token::Operator(Operator::Close, second), ..] = rest else {
        return false;
    };
    [(open.end, word.range.start), (word.range.end, first.start), (first.end, second.start)]
        .iter()
        .all(|(end, start)| end == start)
}

/// What is open around a command.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Group {
    Subshell,
    Braces,
    /// `if`, `while`, `until`, `for` or `select`.
    Block,
    Case,
}

/// What the next words are.
#[derive(Copy, Clone, PartialEq, Eq)]
enum State {
    /// Of commands.
    Commands,
    /// Between `for` and the end of its line.
    ForHead,
    /// Between `case` and `in`.
    CaseHead,
    /// A pattern of `case`.
    Pattern,
    /// Between `[[` and `]]`.
    Test,
    /// Between parentheses that hold no commands: an array, arithmetic, a function's `()`.
    Parens,
    /// The name after `function`.
    FunctionName,
}

struct Parser {
    commands: Vec<Command>,
    current: Option<Command>,
    groups: Vec<Group>,
    state: State,
    /// How many parentheses are open in the states that count them.
    parens: usize,
    is_negated: bool,
    /// Whether a group was closed, and nothing stands behind it yet.
    is_after_group: bool,
    depth: usize,
}

impl Parser {
    /// The command that is being read, from `start` if it begins here.
    fn command(&mut self, start: usize) -> &mut Command {
        let (is_negated, nesting) = (std::mem::take(&mut self.is_negated), self.groups.len());
        let depth = self.depth;
        self.is_after_group = false;
        self.current.get_or_insert_with(|| Command {
            range: start..start,
            assignments: Vec::new(),
            words: Vec::new(),
            redirections: Vec::new(),
            join: None,
            is_negated,
            nesting,
            depth,
        })
    }

    /// Ends the command, if there is one; else, if a group has just ended, says what joins it.
    fn finish(&mut self, join: Option<(Operator, Range<usize>)>) {
        self.is_negated = false;
        if let Some(mut command) = self.current.take() {
            command.join = join;
            self.commands.push(command);
        } else if std::mem::take(&mut self.is_after_group)
            && join.is_some()
            && let Some(last) = self.commands.last_mut()
        {
            last.join = join;
        }
    }

    fn close(&mut self, group: Group) {
        if self.groups.last() == Some(&group) {
            self.groups.pop();
        }
        self.is_after_group = true;
    }

    fn word(&mut self, word: &Word) {
        let plain = if word.is_quoted || word.has_expansion { "" } else { word.text.as_str() };
        match self.state {
            State::ForHead | State::Parens => {}
            State::FunctionName => self.state = State::Commands,
            State::CaseHead if plain == "in" => self.state = State::Pattern,
            State::CaseHead => {}
            State::Pattern if plain == "esac" => {
                self.state = State::Commands;
                self.close(Group::Case);
            }
            State::Pattern => {}
            State::Test => {
                if plain == "]]" {
                    self.state = State::Commands;
                }
                self.push(word);
            }
            State::Commands => {
                if self.current.is_none() {
                    if self.reserved(plain) {
                        return;
                    }
                    if plain == "[[" {
                        self.state = State::Test;
                    }
                }
                self.push(word);
            }
        }
    }

    fn push(&mut self, word: &Word) {
        let command = self.command(word.range.start);
        command.range.end = word.range.end;
        if command.words.is_empty() && is_assignment(&word.text) {
            command.assignments.push(word.clone());
        } else {
            command.words.push(word.clone());
        }
    }

    /// Takes `word`, the first of a command, if it is a reserved word.
    fn reserved(&mut self, word: &str) -> bool {
        match word {
            "!" => self.is_negated = true,
            "time" | "then" | "else" | "elif" | "do" => {}
            "if" | "while" | "until" => self.groups.push(Group::Block),
            "for" | "select" => {
                self.groups.push(Group::Block);
                (self.state, self.parens) = (State::ForHead, 0);
            }
            "case" => {
                self.groups.push(Group::Case);
                self.state = State::CaseHead;
            }
            "function" => self.state = State::FunctionName,
            "{" => self.groups.push(Group::Braces),
            "}" => self.close(Group::Braces),
            "fi" | "done" => self.close(Group::Block),
            "esac" => self.close(Group::Case),
            _ => return false,
        }
        true
    }

    fn operator(&mut self, operator: Operator, range: &Range<usize>, is_arithmetic: bool) {
        match self.state {
            State::ForHead | State::Parens => self.in_parens(operator),
            State::CaseHead | State::FunctionName => {}
            State::Pattern if operator == Operator::Close => self.state = State::Commands,
            State::Pattern => {}
            State::Test if matches!(operator, Operator::Semicolon | Operator::Background) => {
                self.state = State::Commands;
                self.finish(Some((operator, range.clone())));
            }
            State::Test => {}
            State::Commands => match operator {
                Operator::Open => self.open(is_arithmetic),
                Operator::Close => {
                    self.finish(None);
                    self.close(Group::Subshell);
                }
                Operator::CaseEnd => {
                    self.finish(Some((operator, range.clone())));
                    if self.groups.last() == Some(&Group::Case) {
                        self.state = State::Pattern;
                    }
                }
                Operator::Newline if self.current.is_none() && !self.is_after_group => {}
                _ => self.finish(Some((operator, range.clone()))),
            },
        }
    }

    fn in_parens(&mut self, operator: Operator) {
        match operator {
            Operator::Open => self.parens += 1,
            Operator::Close => {
                self.parens = self.parens.saturating_sub(1);
                if self.parens == 0 && self.state == State::Parens {
                    self.state = State::Commands;
                }
            }
            Operator::Semicolon | Operator::Newline if self.state == State::ForHead && self.parens == 0 => {
                self.state = State::Commands;
            }
            _ => {}
        }
    }

    fn open(&mut self, is_arithmetic: bool) {
        match &self.current {
            None if is_arithmetic => (self.state, self.parens) = (State::Parens, 1),
            None => {
                self.groups.push(Group::Subshell);
                self.is_after_group = false;
            }
            Some(command) => {
                // A function's definition, or an array.
                if command.words.len() == 1 {
                    self.current = None;
                }
                (self.state, self.parens) = (State::Parens, 1);
            }
        }
    }
}

/// Whether the word sets a variable.
fn is_assignment(text: &str) -> bool {
    let Some((name, _)) = text.split_once('=') else { return false };
    let name = name.strip_suffix('+').unwrap_or(name);
    let name = name.strip_suffix(']').and_then(|name| name.split('[').next()).unwrap_or(name);
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && !name.as_bytes()[0].is_ascii_digit() && name.bytes().all(letter)
}
