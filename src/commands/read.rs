//! Instructions into layers.

use std::ops::Range;

use super::{Argument, Command, Form, Layer, Mount, Place, Redirection};
use crate::dockerfile::{self, Dockerfile, Heredoc, Instruction, Keyword, Text};
use crate::shell::{self, Redirect, Script, Word, script_argument};
use crate::source::{SourceId, SourceMap, Span, Spanned};

/// Scripts within scripts beyond this are not looked into.
const DEPTH_LIMIT: usize = 8;

/// The shells whose language is read here.
const SHELLS: &[&str] = &["ash", "bash", "busybox", "dash", "ksh", "sh", "zsh"];

/// What the shell in force is.
#[derive(Copy, Clone)]
struct Shell {
    /// Whether its language is POSIX's.
    is_posix: bool,
    has_pipefail: bool,
}

/// What the instructions of `dockerfile` run.
pub(super) fn layers(dockerfile: &Dockerfile) -> Vec<Layer> {
    let mut layers = Vec::new();
    let plain = Shell { is_posix: true, has_pipefail: false };
    let all = dockerfile.instructions();
    let mut ends: Vec<Shell> = Vec::new();
    let mut shell = if dockerfile.escape() == '`' { Shell { is_posix: false, ..plain } } else { plain };
    let mut stages = dockerfile.stages().peekable();
    for (index, instruction) in all.iter().enumerate() {
        if instruction.keyword == Keyword::From {
            if stages.peek().is_some_and(|stage| stage.index() > 0) {
                ends.push(shell);
            }
            let Some(stage) = stages.next() else { continue };
            shell = match stage.base() {
                Some(dockerfile::Origin::Stage(base)) => ends.get(base.index()).copied().unwrap_or(plain),
                _ if is_windows_base(stage.external_image(), dockerfile.escape()) => {
                    Shell { is_posix: false, has_pipefail: false }
                }
                _ => plain,
            };
        }
        let (run, is_trigger) = match instruction.trigger() {
            Some(trigger) => (trigger, true),
            None => (instruction, false),
        };
        match run.keyword {
            Keyword::Shell if !is_trigger => shell = shell_of(run).unwrap_or(shell),
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint => {
                if let Some(layer) = layer(run, index, is_trigger, shell) {
                    layers.push(layer);
                }
            }
            _ => {}
        }
    }
    layers
}

fn is_windows_base(image: Option<&str>, escape: char) -> bool {
    let image = image.unwrap_or_default().to_lowercase();
    escape == '`' || ["/windows", "nanoserver", "servercore"].iter().any(|part| image.contains(part))
}

fn base_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
    name.strip_suffix(".exe").unwrap_or(&name).to_owned()
}

fn shell_of(instruction: &Instruction) -> Option<Shell> {
    let Some(dockerfile::Command::Exec(words)) = instruction.command() else { return None };
    let words: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
    let is_shell = |word: &&str| SHELLS.contains(&base_name(word).as_str());
    // `conda run -n app bash -c` is a shell, `powershell -Command` is none.
    let takes_script = words.last().is_some_and(|word| word.starts_with('-') && word.ends_with('c'));
    let is_posix = words.first().is_some_and(is_shell) || takes_script && words.iter().any(is_shell);
    Some(Shell { is_posix, has_pipefail: words.iter().any(|word| word.contains("pipefail")) })
}

fn layer(run: &Instruction, index: usize, is_trigger: bool, shell: Shell) -> Option<Layer> {
    let command = run.command()?;
    let mut reader = Reader { commands: Vec::new(), scripts: 0, is_whole: true };
    let form = match command {
        dockerfile::Command::Exec(words) => {
            reader.exec(words);
            Form::Exec
        }
        dockerfile::Command::Shell(_) if !shell.is_posix => return None,
        dockerfile::Command::Shell(text) => match run.script() {
            Some(heredoc) => {
                if !is_shell_script(heredoc.content.as_str()) {
                    return None;
                }
                reader.script(&Located::of(&heredoc.content), Place::Own, 0, &[]);
                Form::Script
            }
            None => {
                reader.script(&Located::of(text), Place::Own, 0, &run.heredocs);
                Form::Shell
            }
        },
    };
    let mut text = run.text.as_str().to_owned();
    for heredoc in &run.heredocs {
        text.push('\n');
        text.push_str(heredoc.content.as_str());
    }
    let mut mounts: Vec<Mount> = run
        .flags
        .iter()
        .filter(|flag| flag.name.value == "mount")
        .filter_map(|flag| Some(mount(&flag.value.as_ref()?.raw)))
        .collect();
    // A backslash with blanks behind it was meant to continue the line of flags.
    if let Some(first) = reader.commands.first()
        && first.name.as_ref().is_some_and(|name| name.text.trim().is_empty())
    {
        let words = first.arguments.iter().filter_map(|word| word.text.strip_prefix("--mount="));
        mounts.extend(words.map(mount));
    }
    Some(Layer {
        index,
        keyword: run.keyword,
        is_trigger,
        span: run.span,
        form,
        has_pipefail: shell.has_pipefail,
        is_whole: reader.is_whole,
        assigning: (0..reader.commands.len()).filter(|at| reader.commands[*at].assigns()).collect(),
        commands: reader.commands,
        mounts,
        text,
    })
}

/// The mount that the value of a flag describes.
fn mount(value: &str) -> Mount {
    let mut found = Mount { kind: "bind".to_owned(), target: None };
    for part in value.trim_matches(['"', '\'']).split(',') {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        match key.trim().to_ascii_lowercase().as_str() {
            "type" => found.kind = value.to_ascii_lowercase(),
            "target" | "dst" | "destination" if !value.contains('$') => {
                found.target = Some(value.trim_matches(['"', '\'']).to_owned());
            }
            _ => {}
        }
    }
    found
}

/// Whether a script is for a shell: by its first line, if that says what it is for.
fn is_shell_script(text: &str) -> bool {
    let Some(line) = text.lines().next().and_then(|line| line.strip_prefix("#!")) else { return true };
    line.split_whitespace().any(|word| SHELLS.contains(&base_name(word).as_str()))
}

/// A text and where it stands.
struct Located {
    text: String,
    map: SourceMap,
}

impl Located {
    fn of(text: &Text) -> Self {
        Self { text: text.as_str().to_owned(), map: text.map().clone() }
    }

    fn span(&self, range: Range<usize>) -> Span {
        self.map.span(range).unwrap_or(Span::new(SourceId(0), 0, 0))
    }

    fn part(&self, range: Range<usize>) -> Self {
        let mut map = SourceMap::empty();
        map.push_part(&self.map, range.clone());
        Self { text: self.text[range].to_owned(), map }
    }

    /// The value of a word as a text of its own.
    fn value(&self, word: &Word) -> Self {
        let raw = &self.text[word.range.clone()];
        let inner = word.range.start + 1..(word.range.end.max(word.range.start + 2)) - 1;
        if raw == word.text {
            return self.part(word.range.clone());
        }
        if raw.len() >= 2
            && raw.starts_with(['"', '\''])
            && self.text.get(inner.clone()) == Some(word.text.as_str())
        {
            return self.part(inner);
        }
        let mut map = SourceMap::empty();
        map.push_derived(word.text.len(), self.span(word.range.clone()));
        Self { text: word.text.clone(), map }
    }
}

struct Reader {
    commands: Vec<Command>,
    /// How many texts were read.
    scripts: usize,
    /// Whether every quote and expansion in them is closed.
    is_whole: bool,
}

impl Reader {
    fn exec(&mut self, words: &[Spanned<String>]) {
        self.scripts += 1;
        let arguments: Vec<Argument> = words
            .iter()
            .map(|word| Argument {
                text: word.value.clone(),
                span: word.span,
                has_expansion: false,
                is_quoted: true,
            })
            .collect();
        let texts: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
        let script = script_argument(&texts);
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
        let span = first.span.to(last.span);
        self.commands.push(resolved(arguments, Vec::new(), Vec::new(), span, Place::Own, 0));
        if let Some(at) = script {
            let word = &words[at];
            let mut map = SourceMap::empty();
            if word.span.len() == word.value.len() + 2 {
                map.push_verbatim(Span { start: word.span.start + 1, end: word.span.end - 1, ..word.span });
            } else {
                map.push_derived(word.value.len(), word.span);
            }
            self.script(&Located { text: word.value.clone(), map }, Place::Script, 1, &[]);
        }
    }

    /// Reads `text`, whose heredocs are `heredocs` where their lines do not stand in it.
    fn script(&mut self, text: &Located, place: Place, depth: usize, heredocs: &[Heredoc]) {
        if depth > DEPTH_LIMIT {
            return;
        }
        let number = self.scripts;
        self.scripts += 1;
        let script = Script::parse(&text.text);
        // The lines of a heredoc may stand elsewhere.
        self.is_whole &= script.is_whole() || !heredocs.is_empty();
        let mut heredocs = heredocs.iter();
        let mut joined_by = None;
        let mut previous: Option<usize> = None;
        for command in script.commands() {
            let argument = |word: &Word| Argument {
                text: word.text.clone(),
                span: text.span(word.range.clone()),
                has_expansion: word.has_expansion,
                is_quoted: word.is_quoted,
            };
            let words: Vec<Argument> = command.words.iter().map(argument).collect();
            let assignments: Vec<Argument> = command.assignments.iter().map(argument).collect();
            let redirections = command
                .redirections
                .iter()
                .map(|it| Redirection { redirect: it.redirect, target: it.target.as_ref().map(argument) })
                .collect();
            let span = text.span(command.range.clone());
            let mut read = resolved(words, assignments, redirections, span, place, number);
            read.join = command.operator();
            read.joined_by = joined_by;
            read.is_negated = command.is_negated;
            read.nesting = command.nesting;
            joined_by = command.operator();
            read.previous = previous;
            let is_shell = SHELLS.contains(&read.program.as_str());
            let index = self.commands.len();
            self.commands.push(read);
            if let Some(previous) = previous.replace(index) {
                self.commands[previous].next = Some(index);
            }
            self.inner(text, command, is_shell, depth, &mut heredocs);
        }
    }

    /// Reads what stands within the words of `command`, and what it is given to run.
    fn inner<'h>(
        &mut self,
        text: &Located,
        command: &shell::Command,
        is_shell: bool,
        depth: usize,
        heredocs: &mut impl Iterator<Item = &'h Heredoc>,
    ) {
        let targets = command.redirections.iter().filter_map(|it| it.target.as_ref());
        for word in command.assignments.iter().chain(&command.words).chain(targets) {
            for range in &word.substitutions {
                self.script(&text.part(range.clone()), Place::Substitution, depth + 1, &[]);
            }
        }
        let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
        if let Some(at) = script_argument(&words)
            && !matches!(words.get(at), Some(word) if word.starts_with("$(") || word.starts_with('`'))
        {
            self.script(&text.value(&command.words[at]), Place::Script, depth + 1, &[]);
        }
        for redirection in &command.redirections {
            if redirection.redirect != Redirect::Heredoc {
                continue;
            }
            let outer = heredocs.next();
            if !is_shell {
                continue;
            }
            match (outer, &redirection.body) {
                (Some(heredoc), _) => {
                    self.script(&Located::of(&heredoc.content), Place::Script, depth + 1, &[]);
                }
                (None, Some(body)) => {
                    self.script(&text.part(body.clone()), Place::Script, depth + 1, &[]);
                }
                (None, None) => {}
            }
        }
    }
}

/// The command that the words are, without the programs that only run another one.
fn resolved(
    mut words: Vec<Argument>,
    mut assignments: Vec<Argument>,
    redirections: Vec<Redirection>,
    span: Span,
    place: Place,
    script: usize,
) -> Command {
    let mut wrappers = Vec::new();
    while let Some(count) = wrapped(&words) {
        let mut outer: Vec<Argument> = words.drain(..count).collect();
        wrappers.push(outer.remove(0));
        assignments.extend(outer.into_iter().filter(|word| is_assignment(&word.text)));
    }
    let program = words.first().and_then(Argument::literal).map(program_of);
    let mut program = program.unwrap_or_default().to_owned();
    let name = (!words.is_empty()).then(|| words.remove(0));
    if is_python(&program)
        && words.first().is_some_and(|word| word.text == "-m")
        && words.get(1).is_some_and(|word| matches!(word.text.as_str(), "pip" | "pip3"))
    {
        words.drain(..2);
        program = "pip".to_owned();
    }
    Command {
        program,
        name,
        arguments: words,
        assignments,
        wrappers,
        redirections,
        join: None,
        joined_by: None,
        is_negated: false,
        nesting: 0,
        place,
        script,
        next: None,
        previous: None,
        span,
    }
}

fn program_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn is_python(program: &str) -> bool {
    program.strip_prefix("python").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.as_bytes()[0].is_ascii_digit()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// The number of words before the program that the first of them runs. `None` if it runs none.
fn wrapped(words: &[Argument]) -> Option<usize> {
    let program = program_of(words.first()?.literal()?);
    // The flags that take the next word, and how many words stand before the program.
    let (valued, leading): (&[&str], usize) = match program {
        "sudo" | "doas" => {
            (&["-u", "-g", "-h", "-p", "-C", "-r", "-t", "-D", "-R", "-T", "--user", "--group", "--chdir"], 0)
        }
        "env" => (&["-u", "--unset", "-C", "--chdir"], 0),
        "exec" => (&["-a"], 0),
        "command" | "builtin" => (&[], 0),
        "nice" => (&["-n", "--adjustment"], 0),
        "ionice" => (&["-c", "-n", "--class", "--classdata"], 0),
        "time" => (&["-f", "-o", "--format", "--output"], 0),
        "nohup" | "setsid" | "eatmydata" | "fakeroot" | "unbuffer" => (&[], 0),
        "timeout" => (&["-s", "-k", "--signal", "--kill-after"], 1),
        "stdbuf" => (&["-i", "-o", "-e"], 0),
        "gosu" | "su-exec" => (&[], 1),
        "xargs" => (&["-n", "-P", "-I", "-a", "-d", "-L", "-s", "-E"], 0),
        "busybox" => (&[], 0),
        _ => return None,
    };
    let mut at = 1;
    while let Some(word) = words.get(at) {
        let text = word.text.as_str();
        if program == "command" && matches!(text, "-v" | "-V") {
            return None;
        }
        if text == "--" {
            at += 1;
            break;
        }
        if text.starts_with('-') && text.len() > 1 {
            at += if valued.contains(&text) { 2 } else { 1 };
        } else if is_assignment(text) && matches!(program, "env" | "sudo" | "doas") {
            at += 1;
        } else {
            break;
        }
    }
    at += leading;
    (at < words.len()).then_some(at)
}
