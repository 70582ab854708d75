//! The resolved project in print: YAML for eyes, JSON for machines.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::compose::canonical::{Data, Options, Value, model};
use crate::compose::environment::{Environment, Unset};
use crate::compose::file::Workspace;
use crate::compose::project::{Deployment, Project, normal};
use crate::compose::syntax::SyntaxError;
use crate::credentials::{ValueKind, classify, credential_key, is_trivial};
use crate::diagnostic::Severity;
use crate::fs::Kind;
use crate::lint::{self, Selection};
use crate::report::Report;
use crate::rule::Preset;
use crate::source::{Sources, Span};
use crate::yaml::Style;
use crate::yaml::scalar::{Scalar, resolve};

/// The names of the file that the engine takes for the project's, the preferred one first.
const BASES: &[&str] = &["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// The names of the file that the engine puts over it.
const OVERRIDES: &[&str] = &[
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// What stands in the place of a secret.
const MASK: &str = "***";

/// The shortest text of a secret that is looked for within other texts, in bytes.
const SHORTEST_SECRET: usize = 6;

/// A project to resolve. All paths are absolute.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The Compose files in the order of merging; if there are none, those of the directory.
    pub files: Vec<PathBuf>,
    /// The directory to look for files in, and then in those above it.
    pub directory: PathBuf,
    /// The profiles that are switched on; `*` for all. If there are none, what `COMPOSE_PROFILES` says.
    pub profiles: Vec<String>,
    /// The files that say the variables, in place of `.env`.
    pub env_files: Vec<PathBuf>,
    /// The home directory.
    pub home: Option<String>,
}

/// A project as the engine resolves it.
#[derive(Debug)]
pub struct Resolved {
    /// The model; as far as it can be told, if something is wrong with the project.
    pub model: Value,
    /// Why the model cannot be made.
    pub errors: Vec<SyntaxError>,
    /// What the rules say of the validity of the project: errors only. Its sources are those of the
    /// model's spans.
    pub report: Report,
    /// The texts of credentials, which may stand within other texts.
    secrets: Vec<String>,
}

impl Resolved {
    /// Whether the engine accepts the project.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty() && self.report.diagnostics.is_empty() && self.report.failures.is_empty()
    }
}

/// Resolves a project.
///
/// # Errors
/// If no Compose file is found, or a file of variables that was asked for cannot be read.
pub fn resolved(workspace: Workspace<'_>, request: &Request) -> Result<Resolved, String> {
    for path in &request.env_files {
        if let Err(error) = workspace.text(path) {
            return Err(format!("cannot read the env file `{}`: {error}", path.display()));
        }
    }
    let files = if request.files.is_empty() { found(&workspace, request)? } else { request.files.clone() };
    let deployment = Deployment {
        files,
        is_production: true,
        unset: Unset::Blank,
        env_files: request.env_files.clone(),
        ..Deployment::default()
    };
    let project = Project::load(&workspace, &deployment);
    let environment = project.environment();
    let mut profiles = request.profiles.clone();
    if profiles.is_empty() {
        let listed = environment.get("COMPOSE_PROFILES").unwrap_or_default().split(',');
        profiles.extend(listed.map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned));
    }
    let options = Options { home: request.home.clone(), profiles: profiles.clone(), ..Options::default() };
    let (model, errors) = model(&workspace, &project, &options);
    let secrets = secrets(&model, environment);
    let judged = Deployment { unset: Unset::Unknown, profiles, ..deployment };
    let selection = Selection { preset: Some(Preset::Essential), select: Vec::new(), ignore: Vec::new() };
    let request = lint::Request { deployments: vec![judged], selection, ..lint::Request::default() };
    let mut report = lint::check_in(workspace, &request);
    report.diagnostics.retain(|it| {
        let category = it.rule.category();
        // That a port is taken comes out when the containers start.
        it.severity == Severity::Error
            && matches!(category, "syntax" | "schema" | "project")
            && it.rule.name != "port-conflict"
    });
    Ok(Resolved { model, errors, report, secrets })
}

/// The files that the engine finds by itself.
fn found(workspace: &Workspace<'_>, request: &Request) -> Result<Vec<PathBuf>, String> {
    let environment = Environment::of_files(
        workspace,
        &request.directory,
        &request.env_files,
        Unset::Blank,
        &mut Vec::new(),
    );
    if let Some(listed) = environment.get("COMPOSE_FILE").filter(|listed| !listed.is_empty()) {
        let separator = environment.get("COMPOSE_PATH_SEPARATOR").filter(|it| !it.is_empty()).unwrap_or(":");
        return Ok(listed.split(separator).map(|path| normal(&request.directory.join(path))).collect());
    }
    for directory in request.directory.ancestors() {
        let first = |names: &[&str]| {
            names
                .iter()
                .map(|name| directory.join(name))
                .find(|path| workspace.kind(path) == Some(Kind::File))
        };
        if let Some(base) = first(BASES) {
            return Ok(std::iter::once(base).chain(first(OVERRIDES)).collect());
        }
    }
    Err(format!(
        "there is no Compose file in `{}` or above it; name one with `--file`",
        request.directory.display()
    ))
}

/// The texts of credentials in a model and in the variables, the longest first, so that no part of one is
/// masked before the whole.
fn secrets(model: &Value, environment: &Environment) -> Vec<String> {
    let mut secrets: Vec<String> = environment
        .entries()
        .filter(|(name, value)| is_secret(name, value))
        .map(|(_, value)| value.to_owned())
        .collect();
    collect(model, &mut secrets);
    sorted(secrets)
}

fn sorted(mut secrets: Vec<String>) -> Vec<String> {
    secrets.retain(|secret| secret.len() >= SHORTEST_SECRET && !is_trivial(secret));
    secrets.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    secrets.dedup();
    secrets
}

/// What is not to be printed of a project or a Dockerfile, whoever quotes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Masks {
    secrets: Vec<String>,
}

impl Masks {
    /// The texts of credentials in a model; `project` has the variables.
    pub(crate) fn of(model: &Value, project: Option<&Project>) -> Self {
        match project {
            Some(project) => Self { secrets: secrets(model, project.environment()) },
            None => {
                let mut secrets = Vec::new();
                collect(model, &mut secrets);
                // A Dockerfile has names and values behind one another.
                for command in model.items() {
                    let words = command.get("Value").map(Value::items).unwrap_or_default();
                    for pair in words.windows(2) {
                        if let (Some(name), Some(value)) = (pair[0].as_str(), pair[1].as_str())
                            && is_secret(name.trim_start_matches('-'), value)
                        {
                            secrets.push(value.to_owned());
                        }
                    }
                }
                Self { secrets: sorted(secrets) }
            }
        }
    }

    /// The text without what is secret in it.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for secret in &self.secrets {
            if masked.contains(secret.as_str()) {
                masked = masked.replace(secret.as_str(), MASK);
            }
        }
        without_password(&masked)
    }
}

fn is_secret(name: &str, value: &str) -> bool {
    credential_key(name) && classify(value) == ValueKind::Literal
}

/// Adds the texts that stand under the names of credentials.
fn collect(value: &Value, secrets: &mut Vec<String>) {
    for (key, value) in value.entries() {
        match value.as_str() {
            Some(text) if is_secret(key, text) => secrets.push(text.to_owned()),
            _ => collect(value, secrets),
        }
    }
    for item in value.items() {
        match item.as_str().and_then(|text| text.split_once('=')) {
            Some((key, text)) if is_secret(key.trim_start_matches('-'), text) => {
                secrets.push(text.to_owned())
            }
            _ => collect(item, secrets),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.data {
            Data::Null => serializer.serialize_unit(),
            Data::Bool(value) => serializer.serialize_bool(*value),
            Data::Int(value) => serializer.serialize_i64(*value),
            Data::Float(value) => match whole(*value) {
                Some(whole) => serializer.serialize_i64(whole),
                None if value.is_finite() => serializer.serialize_f64(*value),
                None => serializer.serialize_str(&number(*value)),
            },
            Data::String(text) => serializer.serialize_str(text),
            Data::Sequence(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Data::Mapping(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

/// The whole number that a number is, if it is one.
fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < 1e15).then_some(value as i64)
}

fn number(value: f64) -> String {
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    whole(value).map_or_else(|| value.to_string(), |whole| whole.to_string())
}

/// How YAML is printed.
#[derive(Clone, Debug, Default)]
pub struct Print {
    /// Whether each value is followed by the place that says it.
    pub origin: bool,
    /// Whether credentials are shown.
    pub show_secrets: bool,
    /// The directory that paths are shown from.
    pub root: Option<PathBuf>,
}

/// The model as YAML.
pub fn yaml(resolved: &Resolved, print: &Print) -> String {
    let mut printer = Printer { out: String::new(), resolved, sources: &resolved.report.sources, print };
    printer.block(&resolved.model, 0, "");
    printer.out
}

struct Printer<'r> {
    out: String,
    resolved: &'r Resolved,
    sources: &'r Sources,
    print: &'r Print,
}

impl Printer<'_> {
    /// The entries or items, each on lines of its own at this indentation; the first one stands where
    /// the output is. `key` is what the whole stands under.
    fn block(&mut self, value: &Value, indent: usize, key: &str) {
        let mut first = true;
        let mut start = |out: &mut String| {
            if !std::mem::take(&mut first) {
                out.extend(std::iter::repeat_n(' ', indent));
            }
        };
        for (name, value) in value.entries() {
            start(&mut self.out);
            let shown = if is_plain(name) { name.clone() } else { quoted(name) };
            self.out.push_str(&shown);
            self.out.push(':');
            if value.entries().is_empty() && value.items().is_empty() {
                self.out.push(' ');
                self.scalar(value, indent, name);
            } else {
                self.out.push('\n');
                self.out.extend(std::iter::repeat_n(' ', indent + 2));
                self.block(value, indent + 2, name);
            }
        }
        for item in value.items() {
            start(&mut self.out);
            self.out.push_str("- ");
            if item.entries().is_empty() && item.items().is_empty() {
                self.scalar(item, indent, key);
            } else {
                self.block(item, indent + 2, key);
            }
        }
    }

    /// One value and the end of its line.
    fn scalar(&mut self, value: &Value, indent: usize, key: &str) {
        let mut text = match &value.data {
            Data::Null => "null".to_owned(),
            Data::Bool(value) => value.to_string(),
            Data::Int(value) => value.to_string(),
            Data::Float(value) => number(*value),
            Data::Sequence(_) => "[]".to_owned(),
            Data::Mapping(_) => "{}".to_owned(),
            Data::String(text) => {
                let text =
                    if self.print.show_secrets { text.clone() } else { self.masked(text, key, value.origin) };
                if let Some((header, lines)) = literal(&text) {
                    self.out.push_str(header);
                    self.origin(value.origin);
                    for line in lines {
                        self.out.push('\n');
                        if !line.is_empty() {
                            self.out.extend(std::iter::repeat_n(' ', indent + 2));
                            self.out.push_str(line);
                        }
                    }
                    self.out.push('\n');
                    return;
                }
                if is_plain(&text) { text } else { quoted(&text) }
            }
        };
        self.out.push_str(&std::mem::take(&mut text));
        self.origin(value.origin);
        self.out.push('\n');
    }

    fn origin(&mut self, origin: Option<Span>) {
        let Some(span) = origin.filter(|_| self.print.origin) else { return };
        let source = self.sources.get(span.source);
        let root = self.print.root.as_deref();
        let path = root.and_then(|root| source.path().strip_prefix(root).ok()).unwrap_or(source.path());
        let line = source.position(span.start).line;
        // A line feed in a name would end the comment.
        let path: String = path
            .to_string_lossy()
            .chars()
            .map(|letter| if letter.is_control() { '\u{fffd}' } else { letter })
            .collect();
        self.out.push_str(&format!(" # {path}:{line}"));
    }

    /// The text without what is secret in it.
    fn masked(&self, text: &str, key: &str, origin: Option<Span>) -> String {
        if is_secret(key, text) {
            return MASK.to_owned();
        }
        let mut masked = match text.split_once('=') {
            Some((name, value)) if is_secret(name.trim_start_matches('-'), value) => format!("{name}={MASK}"),
            _ => text.to_owned(),
        };
        for secret in &self.resolved.secrets {
            if masked.contains(secret.as_str()) {
                masked = masked.replace(secret.as_str(), MASK);
            }
        }
        for secret in self.recognised(origin) {
            masked = masked.replace(&secret, MASK);
        }
        without_password(&masked)
    }

    /// The texts that the rules took for secrets at a place.
    fn recognised(&self, origin: Option<Span>) -> Vec<String> {
        let Some(span) = origin else { return Vec::new() };
        let Some(ranges) = self.resolved.report.secrets.get(&span.source) else { return Vec::new() };
        let place = span.range();
        let within = |range: &&Range<usize>| range.start < place.end && place.start < range.end;
        let source = self.sources.get(span.source);
        ranges
            .iter()
            .filter(within)
            .filter_map(|range| source.text().get(range.clone()))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

/// The text with the password of an address masked: `scheme://user:password@host`.
fn without_password(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, behind) = rest.split_at(at + 3);
        out.push_str(before);
        let end = behind.find(['/', '?', '#', ' ', '\n', '"', '\'', ',']).unwrap_or(behind.len());
        let authority = &behind[..end];
        let parts = authority.rfind('@').and_then(|host| Some((authority[..host].find(':')?, host)));
        match parts {
            Some((colon, host)) if classify(&authority[colon + 1..host]) == ValueKind::Literal => {
                out.push_str(&authority[..=colon]);
                out.push_str(MASK);
                out.push_str(&authority[host..]);
            }
            _ => out.push_str(authority),
        }
        rest = &behind[end..];
    }
    out.push_str(rest);
    out
}

/// The header and the lines of a text of several lines in block form; `None` if it has one line, or
/// something that the form cannot hold.
fn literal(text: &str) -> Option<(&'static str, Vec<&str>)> {
    let printable =
        |letter: char| letter == '\n' || letter == '\t' || !letter.is_control() && letter != '\u{feff}';
    if !text.trim_end_matches('\n').contains('\n')
        || text.starts_with([' ', '\n', '\t'])
        || !text.chars().all(printable)
        || text.contains(['\u{85}', '\u{2028}', '\u{2029}'])
    {
        return None;
    }
    let (header, body) = match text.strip_suffix('\n') {
        None => ("|-", text),
        Some(body) if body.ends_with('\n') => ("|+", body),
        Some(body) => ("|", body),
    };
    Some((header, body.split('\n').collect()))
}

/// Whether every reader takes the text, without quotes, for that text.
fn is_plain(text: &str) -> bool {
    const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null", "=", "<<"];
    let Some(first) = text.chars().next() else { return false };
    let indicator = matches!(
        first,
        '-' | '?'
            | ':'
            | ','
            | '['
            | ']'
            | '{'
            | '}'
            | '#'
            | '&'
            | '*'
            | '!'
            | '|'
            | '>'
            | '\''
            | '"'
            | '%'
            | '@'
            | '`'
    );
    let starts_well = !indicator || {
        let second = text.chars().nth(1);
        first == '-' && second.is_some_and(char::is_alphabetic)
            || text.starts_with("--") && text[2..].starts_with(char::is_alphabetic)
    };
    let numeric = text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.'))
        && text.chars().all(|it| it.is_ascii_digit() || matches!(it, '+' | '-' | '.' | '_' | ':' | ','));
    starts_well
        && !numeric
        && matches!(resolve(text, Style::Plain, None), Scalar::Str(_))
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
        && text.trim() == text
        && !text.contains(": ")
        && !text.ends_with(':')
        && !text.contains(" #")
        && !text
            .chars()
            .any(|it| it.is_control() || matches!(it, '\u{feff}' | '\u{85}' | '\u{2028}' | '\u{2029}'))
}

/// The text in quotes.
fn quoted(text: &str) -> String {
    let plain = |it: char| !it.is_control() && !matches!(it, '\u{feff}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    if text.chars().all(plain) && text.contains(['"', '\\']) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            letter if plain(letter) => out.push(letter),
            letter if u32::from(letter) < 0x100 => out.push_str(&format!("\\x{:02x}", u32::from(letter))),
            letter => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
        }
    }
    out.push('"');
    out
}

/// An absolute path, without `.` and `..`, from `root`.
pub fn absolute(root: &Path, path: &Path) -> PathBuf {
    normal(&root.join(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_read_as_something_else_are_quoted() {
        for text in [
            "",
            "yes",
            "1",
            "1.5",
            "0x1",
            "22:22",
            "~",
            "null",
            "- a",
            "a: b",
            "a #b",
            " a",
            "@a",
            "2024-01-01",
            "-1",
            "a:",
        ] {
            assert!(!is_plain(text), "{text}");
        }
        for text in ["a", "a:b", "nginx:1.27", "/data", "1.2.3a", "--flag", "-x", "a-b c"] {
            assert!(is_plain(text), "{text}");
        }
    }

    #[test]
    fn lines_keep_their_ends() {
        assert_eq!(literal("a\nb"), Some(("|-", vec!["a", "b"])));
        assert_eq!(literal("a\nb\n"), Some(("|", vec!["a", "b"])));
        assert_eq!(literal("a\nb\n\n"), Some(("|+", vec!["a", "b", ""])));
        assert_eq!(literal(" a\nb"), None);
        assert_eq!(literal("a\n"), None);
    }

    #[test]
    fn passwords_of_addresses_are_masked() {
        assert_eq!(without_password("postgres://me:Xk29fLq1@db/x"), "postgres://me:***@db/x");
        assert_eq!(without_password("http://db:80/x"), "http://db:80/x");
    }
}
