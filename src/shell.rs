//! Shell text as words, operators and simple commands.
//!
//! The language is POSIX's, with what bash adds and scripts use: here-strings, `$'…'`, `[[ … ]]`,
//! `&>`, process substitution. Nothing is executed or expanded. The commands in `$(…)`, in backticks and
//! behind `sh -c` are read too, up to eight deep. Whatever the text, it is read to its end, in time linear
//! in it.

mod lexer;
mod parser;
#[cfg(test)]
mod tests;

use std::ops::Range;

/// What a shell's text is written in.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Language {
    /// That of `sh` and its kin, which this module reads.
    Posix,
    /// That of `powershell` and `pwsh`.
    PowerShell,
    /// That of `cmd` on Windows.
    Cmd,
    /// Another, or none that is known.
    Other,
}

impl Language {
    /// The language of what the command, such as a `SHELL`, is given.
    pub fn of_command(words: &[&str]) -> Self {
        let known = words.iter().take(8).map(|word| Self::of_program(word));
        known.into_iter().find(|language| *language != Self::Other).unwrap_or(Self::Other)
    }

    /// The language of a script whose interpreter line is this, without its `#!`.
    pub fn of_interpreter(line: &str) -> Self {
        let mut words = line.split_whitespace().filter(|word| !word.starts_with('-') && !word.contains('='));
        match words.next() {
            Some(env) if env.rsplit('/').next() == Some("env") => {
                words.next().map_or(Self::Other, Self::of_program)
            }
            Some(program) => Self::of_program(program),
            None => Self::Other,
        }
    }

    fn of_program(path: &str) -> Self {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
        match name.strip_suffix(".exe").unwrap_or(&name) {
            "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" | "mksh" | "busybox" => Self::Posix,
            "powershell" | "pwsh" => Self::PowerShell,
            "cmd" => Self::Cmd,
            _ => Self::Other,
        }
    }
}

/// A text for the shell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    tokens: Vec<Token>,
    commands: Vec<Command>,
    nested: Vec<Command>,
    is_whole: bool,
}

/// The number of bytes that a text may have. Linux takes no longer argument for `sh -c`.
pub const MAX_TEXT: usize = 128 << 10;

/// Commands in commands in commands … are read to this depth.
const DEPTH_LIMIT: usize = 8;

/// A piece of the text; blanks and escaped line breaks are none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Token {
    /// A word that is no redirection's target.
    Word(Word),
    /// What stands between commands, and its bytes.
    Operator(Operator, Range<usize>),
    /// A redirection with its target.
    Redirection(Redirection),
    /// From a `#` to the end of the line.
    Comment(Range<usize>),
}

/// A word.
///
/// ```text
/// "$HOME"/it\'s
/// ^^^^^^^^^^^^^ range
/// $HOME/it's    text
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// The bytes, with quotes.
    pub range: Range<usize>,
    /// The value with quotes and escapes resolved, and expansions as they are written.
    pub text: String,
    /// Whether it holds a `$` expansion, a command in backticks or a process substitution.
    pub has_expansion: bool,
    /// Whether a part of it is quoted or escaped.
    pub is_quoted: bool,
    /// The commands in `$(…)`, in backticks and in process substitutions, without what encloses them.
    pub substitutions: Vec<Range<usize>>,
}

/// What stands between commands.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Operator {
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|` or `|&`
    Pipe,
    /// `;`
    Semicolon,
    /// `;;`, `;&` or `;;&`, the end of a branch of `case`.
    CaseEnd,
    /// `&`
    Background,
    /// A line break.
    Newline,
    /// `(`
    Open,
    /// `)`
    Close,
}

/// What a redirection does.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Redirect {
    /// `<`
    Input,
    /// `>` or `>|`
    Output,
    /// `>>`
    Append,
    /// `<>`
    InputOutput,
    /// `<&`
    DuplicateInput,
    /// `>&`
    DuplicateOutput,
    /// `&>`
    OutputAndError,
    /// `&>>`
    AppendAndError,
    /// `<<` or `<<-`
    Heredoc,
    /// `<<<`
    HereString,
}

/// A redirection.
///
/// ```text
/// curl localhost 2>&1 >/dev/null
///                ^^^^ ^^^^^^^^^^ range
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Redirection {
    /// The bytes, from the descriptor to the target.
    pub range: Range<usize>,
    /// What it does.
    pub redirect: Redirect,
    /// The number before the operator; `None` for the operator's own.
    pub descriptor: Option<u32>,
    /// The file, descriptor, text or delimiter; `None` where it is missing.
    pub target: Option<Word>,
    /// The lines of a heredoc; `None` where the text ends before them.
    pub body: Option<Range<usize>>,
}

/// A simple command: what is before it, its words and where they lead.
///
/// ```text
/// LANG=C sort -u <names | head
/// ^^^^^^                       assignments
///        ^^^^^^^         ^^^^  words
///                ^^^^^^        redirections
///                       ^      join
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Command {
    /// From the first byte to the last, without the operator behind.
    pub range: Range<usize>,
    /// The variables that are set for it, or for the shell if there are no words.
    pub assignments: Vec<Word>,
    /// The name and the arguments.
    pub words: Vec<Word>,
    /// The redirections, in order.
    pub redirections: Vec<Redirection>,
    /// The operator that joins it, or the group that it ends, to what follows, and its bytes.
    pub join: Option<(Operator, Range<usize>)>,
    /// Whether a `!` stands before it.
    pub is_negated: bool,
    /// How many groups, loops and conditions it stands in.
    pub nesting: usize,
    /// How many substitutions and scripts of `sh -c` it stands in.
    pub depth: usize,
}

impl Script {
    /// Reads `text`. One of more than [`MAX_TEXT`] bytes has no tokens, and is not whole.
    pub fn parse(text: &str) -> Self {
        if text.len() > MAX_TEXT {
            return Self { tokens: Vec::new(), commands: Vec::new(), nested: Vec::new(), is_whole: false };
        }
        let (tokens, is_whole) = lexer::tokens(text, 0..text.len());
        let commands = parser::commands(&tokens, 0);
        let mut nested = Vec::new();
        let mut ranges = inner(text, &tokens, &commands);
        for depth in 1..=DEPTH_LIMIT {
            let mut next = Vec::new();
            for range in ranges {
                let (tokens, _) = lexer::tokens(text, range);
                let commands = parser::commands(&tokens, depth);
                next.extend(inner(text, &tokens, &commands));
                nested.extend(commands);
            }
            ranges = next;
        }
        nested.sort_by_key(|command| command.range.start);
        Self { tokens, commands, nested, is_whole }
    }

    /// Everything but blanks, in order. Heredocs' lines are in their redirections.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The simple commands, in order, also those within groups, loops and conditions.
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// The simple commands in substitutions and in scripts of `sh -c`, in order.
    pub fn nested_commands(&self) -> &[Command] {
        &self.nested
    }

    /// [`Script::commands`], and behind them [`Script::nested_commands`].
    pub fn all_commands(&self) -> impl Iterator<Item = &Command> {
        self.commands.iter().chain(&self.nested)
    }

    /// Whether every quote, expansion and heredoc is closed.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }
}

/// The programs that run a shell, by themselves or with the words behind them.
const RUNNERS: [&str; 24] = [
    "ash", "bash", "busybox", "chroot", "command", "dash", "doas", "env", "exec", "gosu", "ksh", "nice",
    "nohup", "runuser", "setpriv", "sh", "su", "su-exec", "sudo", "time", "timeout", "tini", "xargs", "zsh",
];

/// The parts of `text` that hold commands for another shell: substitutions, and the scripts of `sh -c`
/// that stand there as they are.
fn inner(text: &str, tokens: &[Token], commands: &[Command]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    for token in tokens {
        match token {
            Token::Word(word) => ranges.extend(word.substitutions.iter().cloned()),
            Token::Redirection(Redirection { target: Some(word), body, .. }) => {
                ranges.extend(word.substitutions.iter().cloned());
                let body = body.iter().filter(|_| !word.is_quoted);
                body.for_each(|body| ranges.extend(lexer::substitutions(text, body.clone())));
            }
            _ => {}
        }
    }
    for command in commands {
        let runs_shell = command.program().is_some_and(|program| RUNNERS.contains(&program));
        if !runs_shell {
            continue;
        }
        let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
        let Some(script) = script_argument(&words).map(|index| &command.words[index]) else { continue };
        let raw = &text[script.range.clone()];
        // A quote that is not closed may have lost an escape in place of its end.
        let is_quoted = ['\'', '"'].iter().any(|quote| raw.starts_with(*quote) && raw.ends_with(*quote));
        let is_verbatim = is_quoted && raw.len() == script.text.len() + 2;
        // The substitutions of a script in double quotes are found by themselves.
        if is_verbatim && script.substitutions.is_empty() {
            ranges.push(script.range.start + 1..script.range.end - 1);
        }
    }
    ranges
}

impl Word {
    /// The value; `None` if it is known only when the shell runs.
    pub fn literal(&self) -> Option<&str> {
        (!self.has_expansion).then_some(self.text.as_str())
    }
}

impl Command {
    /// The name of what is run, as it is written; `None` if there is none, or it is an expansion.
    pub fn name(&self) -> Option<&str> {
        self.words.first()?.literal()
    }

    /// The name of what is run, without directories.
    pub fn program(&self) -> Option<&str> {
        self.name()?.rsplit('/').next()
    }

    /// The words behind the name.
    pub fn arguments(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The operator behind it.
    pub fn operator(&self) -> Option<Operator> {
        self.join.as_ref().map(|(operator, _)| *operator)
    }
}

/// The index of the script in the words of an exec form that runs a shell.
///
/// ```text
/// ["timeout", "5", "sh", "-ec", "curl localhost || exit 1"]
///                                ^^^^^^^^^^^^^^^^^^^^^^^^
/// ```
/// `None` if no shell is run, or it is given a file.
pub fn script_argument(words: &[&str]) -> Option<usize> {
    let is_shell = |word: &&str| {
        let name = word.rsplit('/').next().unwrap_or(word);
        matches!(name, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" | "busybox" | "su" | "runuser")
    };
    let shell = words.iter().position(is_shell)?;
    let is_flag = |word: &str| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c');
    let flag = words[shell..].iter().position(|word| is_flag(word))?;
    let script = shell + flag + 1;
    (script < words.len()).then_some(script)
}
