//! What a healthcheck runs, and where each part of it is written.

use std::ops::Range;

use crate::compose::service::{Healthcheck, Test};
use crate::dockerfile::{self, Command, Instruction, Text};
use crate::images::Image;
use crate::shell::{self, Operator, Script, script_argument};
use crate::source::{Span, Spanned};
use crate::yaml::Yaml;

/// Programs that run another one, which is named by their arguments.
const WRAPPERS: &[&str] = &["command", "env", "exec", "nice", "nohup", "time", "timeout"];

/// Where a word of a probe is written.
#[derive(Copy, Clone, Debug)]
enum Place<'a> {
    Yaml(Yaml<'a>),
    Text(&'a Text),
    Element(&'a Spanned<String>),
}

impl Place<'_> {
    fn span(self, range: Range<usize>) -> Span {
        match self {
            Place::Yaml(yaml) => yaml.part(range),
            Place::Text(text) => text.span(range),
            // The bytes of a JSON string are those of its text unless there are escapes.
            Place::Element(element) => {
                let span = element.span;
                let is_plain = (span.end - span.start) as usize == element.value.len() + 2;
                if is_plain && range.end <= element.value.len() {
                    Span::new(
                        span.source,
                        span.start as usize + 1 + range.start,
                        span.start as usize + 1 + range.end,
                    )
                } else {
                    span
                }
            }
        }
    }
}

/// A probe: a line for a shell, or a program with its arguments.
#[derive(Clone, Debug)]
pub struct Probe<'a> {
    words: Vec<(String, Place<'a>)>,
    is_line: bool,
}

/// A program that a probe calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// The name without directories, where it is written.
    pub program: Spanned<String>,
    /// The name as it is written.
    pub name: String,
    /// What it is given.
    pub arguments: Vec<String>,
}

impl<'a> Probe<'a> {
    /// The probe of a service's own healthcheck. `None` if there is none, or it is not known.
    pub fn of_service(healthcheck: &Healthcheck<'a>) -> Option<Self> {
        match healthcheck.test()? {
            Test::None(_) | Test::Unknown => None,
            Test::Shell(line) => {
                let words = vec![(line.as_str()?.to_owned(), Place::Yaml(line))];
                Some(Self { words, is_line: true })
            }
            Test::Exec(words) => {
                let words =
                    words.into_iter().map(|word| Some((word.as_str()?.to_owned(), Place::Yaml(word))));
                Some(Self { words: words.collect::<Option<_>>()?, is_line: false })
            }
        }
    }

    /// The probe of a `HEALTHCHECK`. `None` if it is `NONE` or malformed.
    pub fn of_instruction(instruction: &'a Instruction) -> Option<Self> {
        let dockerfile::Healthcheck::Command(command) = instruction.healthcheck()? else { return None };
        Some(match command {
            Command::Shell(text) => {
                Self { words: vec![(text.as_str().to_owned(), Place::Text(text))], is_line: true }
            }
            Command::Exec(words) => Self {
                words: words.iter().map(|word| (word.value.clone(), Place::Element(word))).collect(),
                is_line: false,
            },
        })
    }

    /// The whole text, with spaces between the words.
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|(word, _)| word.as_str()).collect();
        words.join(" ")
    }

    /// Whether the engine runs it with the container's shell, and the place that says so.
    pub fn shell(&self) -> Option<Span> {
        let (word, place) = self.words.first().filter(|_| self.is_line)?;
        Some(place.span(0..word.len()))
    }

    /// The words, each with a function from its parts to their places.
    pub fn words(&self) -> impl Iterator<Item = (&str, impl Fn(Range<usize>) -> Span)> {
        self.words.iter().map(|(word, place)| (word.as_str(), |range| place.span(range)))
    }

    /// The programs without which the probe cannot pass, in order. Empty where it has alternatives, or
    /// looks itself for what is there.
    pub fn calls(&self) -> Vec<Call> {
        if self.is_line {
            return self.words.first().map(|(line, place)| calls(line, *place)).unwrap_or_default();
        }
        let texts: Vec<&str> = self.words.iter().map(|(word, _)| word.as_str()).collect();
        let mut found = Vec::new();
        let spans: Vec<Spanned<&str>> = self
            .words
            .iter()
            .map(|(word, place)| Spanned::new(word.as_str(), place.span(0..word.len())))
            .collect();
        found.extend(call(&spans));
        if let Some(at) = script_argument(&texts) {
            let (line, place) = &self.words[at];
            found.extend(calls(line, *place));
        }
        found
    }

    /// The local address that it asks, if it is an URL.
    pub fn url(&self) -> Option<String> {
        let text = self.text();
        let start = ["http://", "https://"].iter().filter_map(|scheme| text.find(scheme)).min()?;
        let url = text[start..].split(|c: char| c.is_whitespace() || "'\"`;|&)<>".contains(c)).next()?;
        (!url.contains(['$', '{', '\\'])).then(|| url.to_owned())
    }
}

/// The programs that a line for a shell must call.
fn calls(line: &str, place: Place<'_>) -> Vec<Call> {
    let script = Script::parse(line);
    let commands = script.commands();
    let looks = ["command", "which", "type", "hash"];
    if !script.is_whole()
        || commands
            .iter()
            .any(|it| it.nesting > 0 || it.is_negated || it.name().is_some_and(|it| looks.contains(&it)))
    {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, command) in commands.iter().enumerate() {
        let words: Vec<Spanned<&str>> = command
            .words
            .iter()
            .map_while(|word| {
                // What a variable makes of an argument does not matter; of a name it does.
                Some(Spanned::new(word.text.as_str(), place.span(word.range.clone())))
            })
            .collect();
        if command.words.first().is_some_and(|word| word.has_expansion) {
            continue;
        }
        found.extend(call(&words));
        match command.operator() {
            Some(Operator::And | Operator::Pipe) => {}
            Some(Operator::Or) => {
                // Another probe in its place, or only the way in which it fails?
                let gives_up = commands[index + 1..].iter().all(is_end);
                return if gives_up { found } else { Vec::new() };
            }
            // The last command decides, and what stands before may fail.
            Some(_) if index + 1 < commands.len() => return Vec::new(),
            _ => break,
        }
    }
    found
}

fn is_end(command: &shell::Command) -> bool {
    command.name().is_some_and(|name| matches!(name, "exit" | "false" | "echo" | "kill" | "return"))
}

/// The call that words are, without what runs it for them.
fn call(words: &[Spanned<&str>]) -> Option<Call> {
    let mut words = words;
    while let Some(first) = words.first()
        && WRAPPERS.contains(&first.value.rsplit('/').next().unwrap_or_default())
    {
        words = &words[1..];
        let is_option = |text: &str| {
            text.starts_with('-') || text.contains('=') || text.starts_with(|c: char| c.is_ascii_digit())
        };
        while words.first().is_some_and(|word| is_option(word.value)) {
            words = &words[1..];
        }
    }
    let (first, rest) = words.split_first()?;
    let program = first.value.rsplit('/').next()?.to_owned();
    Some(Call {
        program: Spanned::new(program, first.span),
        name: first.value.to_owned(),
        arguments: rest.iter().map(|word| word.value.to_owned()).collect(),
    })
}

/// A healthcheck as it is written in a file of either kind.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// `test:` of a service.
    Compose,
    /// `HEALTHCHECK` of a Dockerfile.
    Dockerfile,
}

/// The line that asks `url` of a server in a container with what its image has, ready to be written.
/// `None` if nothing is known to be there that could.
pub fn asking(url: &str, has: &dyn Fn(&str) -> bool, form: Form) -> Option<String> {
    let words: Vec<String> = if has("curl") {
        ["curl", "-fsS", url].map(str::to_owned).to_vec()
    } else if has("wget") {
        ["wget", "-q", "--spider", url].map(str::to_owned).to_vec()
    } else if has("python3") || has("python") {
        let program = if has("python") { "python" } else { "python3" };
        let code = format!("import urllib.request as r; r.urlopen('{url}')");
        vec![program.to_owned(), "-c".to_owned(), code]
    } else if has("node") {
        let code = format!("fetch('{url}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))");
        vec!["node".to_owned(), "-e".to_owned(), code]
    } else if has("bash") {
        let authority = url.split("://").nth(1)?.split('/').next()?;
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "80"));
        vec!["bash".to_owned(), "-c".to_owned(), format!(":> /dev/tcp/{host}/{port}")]
    } else {
        return None;
    };
    Some(written(&words, form))
}

/// The probe that is recommended for an image, ready to be written.
pub fn recommended(image: &Image, form: Form) -> Option<String> {
    let probe = image.probe?;
    Some(match form {
        Form::Compose if probe.contains(['\'', '"', '$', '|', '>']) => {
            format!("test: [\"CMD-SHELL\", {}]", quoted(probe))
        }
        Form::Compose => {
            let words: Vec<String> = probe.split(' ').map(str::to_owned).collect();
            written(&words, form)
        }
        Form::Dockerfile => format!("HEALTHCHECK CMD {probe}"),
    })
}

fn written(words: &[String], form: Form) -> String {
    let list: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    match form {
        Form::Compose => format!("test: [\"CMD\", {}]", list.join(", ")),
        Form::Dockerfile => format!("HEALTHCHECK CMD [{}]", list.join(", ")),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::{Form, Probe, asking};
    use crate::dockerfile::Dockerfile;
    use crate::source::SourceMap;

    fn programs(line: &str) -> Vec<String> {
        let text = format!("FROM x\nHEALTHCHECK CMD {line}\n");
        let dockerfile = Dockerfile::parse(&text, &SourceMap::empty());
        let probe = Probe::of_instruction(&dockerfile.instructions()[1]).expect("it is a probe");
        probe.calls().into_iter().map(|call| call.program.value).collect()
    }

    #[test]
    fn what_a_probe_needs_is_what_it_calls() {
        assert_eq!(programs("curl -f http://localhost || exit 1"), ["curl"]);
        assert_eq!(programs("ps aux | grep [n]ode || exit 1"), ["ps", "grep"]);
        assert_eq!(programs("timeout 5 /usr/bin/curl localhost"), ["curl"]);
        assert_eq!(programs(r#"["CMD", "x"]"#), ["CMD"]);
        assert_eq!(programs(r#"["sh", "-c", "wget -q localhost && true"]"#), ["sh", "wget", "true"]);
    }

    #[test]
    fn a_probe_with_alternatives_needs_none_of_them() {
        for line in [
            "curl -f localhost || wget -q localhost || exit 1",
            "command -v curl && curl localhost",
            "if curl localhost; then exit 0; fi",
            "curl localhost; exit 0",
            "! curl localhost",
        ] {
            assert!(programs(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn an_url_is_asked_with_what_is_there() {
        let line = |has: &str| asking("http://localhost:80/x", &|program| program == has, Form::Compose);
        assert_eq!(
            line("wget").as_deref(),
            Some(r#"test: ["CMD", "wget", "-q", "--spider", "http://localhost:80/x"]"#)
        );
        assert!(line("bash").is_some_and(|line| line.contains("/dev/tcp/localhost/80")));
        assert_eq!(line("lua"), None);
    }
}
