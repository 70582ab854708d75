//! From directories to policies that are ready to run.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use regorus::{Engine, Value};

use super::scan::{Piece, pieces, work};
use super::{engine, id, rule};
use crate::compose::file::Workspace;
use crate::diagnostic::Severity;
use crate::fs::Kind;
use crate::report::Failure;
use crate::rule::Rule;
use crate::source::{SourceId, Span};
use crate::yaml::parse::{Problem, ProblemKind, parse};
use crate::yaml::scalar::Scalar;
use crate::yaml::{Kind as YamlKind, Yaml};

/// The number of directories below one another that are looked into.
const MAX_DEPTH: usize = 16;

/// The number of files that are read.
const MAX_FILES: usize = 5_000;

/// How much of the interpreter's work the brackets of one file may make: some seconds.
const MAX_WORK: u64 = 4_000_000;

/// The words that stand before a `(` and call nothing; `set()` is the empty set.
const KEYWORDS: &[&str] =
    &["set", "not", "in", "if", "some", "every", "with", "as", "else", "default", "import", "package"];

/// How the message about one that is stopped starts.
pub(super) const TOO_LONG: &str = "the policy takes longer than";

/// What a policy is given.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Subject {
    /// The project as `config` prints it, with Dockerfiles and what is deployed.
    Resolved,
    /// The project in the forms in which it is written.
    Written,
    /// The instructions of a Dockerfile.
    Dockerfile,
}

/// What becomes of what a rule of a policy says.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// Findings of this severity.
    Finds(Severity),
    /// The names of rules whose findings are dropped.
    Excepts,
}

/// One rule of a policy.
#[derive(Debug)]
pub(super) struct Definition {
    /// The index of the file among the engine's, and that of the rule in it.
    pub(super) at: (usize, usize),
    /// The package, in parts.
    pub(super) package: Vec<String>,
    /// The rule's name, `deny` or `deny_latest`.
    pub(super) name: String,
    pub(super) role: Role,
    /// What findings have that name no rule of their own.
    pub(super) rule: &'static Rule,
    /// Whether its findings may name rules of their own.
    pub(super) has_ids: bool,
    pub(super) subjects: Vec<Subject>,
    /// The rule's name in the file.
    pub(super) span: Span,
    /// Whether it has failed, and is not run any more.
    pub(super) has_failed: AtomicBool,
}

impl Definition {
    /// What follows `deny_` in the name.
    pub(super) fn suffix(&self) -> &str {
        self.name.split_once('_').map_or("", |(_, suffix)| suffix)
    }

    pub(super) fn runs(&self) -> bool {
        !self.has_failed.load(Ordering::Relaxed)
    }
}

/// A Rego file.
#[derive(Clone, Debug)]
struct File {
    source: SourceId,
    path: String,
    text: String,
    /// The bytes of the file before the text: those of a byte order mark.
    skipped: usize,
    is_new: bool,
}

impl File {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start + self.skipped, range.end + self.skipped)
    }
}

/// The policies of some directories, compiled.
#[derive(Debug)]
pub struct Library {
    pub(super) engine: Option<Engine>,
    pub(super) definitions: Vec<Definition>,
    files: Vec<File>,
    /// What is wrong with the files, each at its place.
    pub problems: Vec<Problem>,
    /// What could not be read.
    pub failures: Vec<Failure>,
    /// Whether a policy looks at Dockerfiles in the resolved project.
    pub(super) wants_dockerfiles: bool,
}

/// Values by their keys: what the files of data say.
type Data = BTreeMap<String, Node>;

#[derive(Debug)]
enum Node {
    Branch(Data),
    Leaf(Value),
}

impl Library {
    /// The policies in `roots`, which are directories or files; with their tests only if `tests`.
    pub fn load(workspace: &Workspace<'_>, roots: &[PathBuf], tests: bool) -> Self {
        let mut library = Self {
            engine: None,
            definitions: Vec::new(),
            files: Vec::new(),
            problems: Vec::new(),
            failures: Vec::new(),
            wants_dockerfiles: false,
        };
        let mut data = Data::new();
        for root in roots {
            let mut found = Vec::new();
            match workspace.kind(root) {
                Some(Kind::Directory) => {
                    let mut seen = BTreeSet::new();
                    walk(workspace, root, &mut Vec::new(), &mut seen, &mut found);
                }
                Some(Kind::File) => found.push((root.clone(), Vec::new())),
                _ => library
                    .fail(root, format!("cannot read the policies `{}`: nothing is there", root.display())),
            }
            if found.len() > MAX_FILES {
                let message = format!(
                    "cannot read the policies `{}`: there are more than {MAX_FILES} files",
                    root.display()
                );
                library.fail(root, message);
                continue;
            }
            if !found.iter().any(|(path, _)| is_rego(path)) && workspace.kind(root).is_some() {
                let message = format!(
                    "there is no policy in `{}`; name a directory with `.rego` files",
                    root.display()
                );
                library.fail(root, message);
            }
            for (path, place) in found {
                let name = path.to_string_lossy();
                if !is_rego(&path) {
                    library.add_data(workspace, &path, &place, &mut data);
                } else if tests || !name.ends_with("_test.rego") {
                    library.add_file(workspace, &path);
                }
            }
        }
        library.compile(data);
        library
    }

    /// The rules that the policies are known to report.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        self.definitions.iter().map(|it| it.rule)
    }

    /// Whether a policy is given the subject.
    pub fn wants(&self, subject: Subject) -> bool {
        self.definitions.iter().any(|it| it.subjects.contains(&subject))
    }

    fn fail(&mut self, path: &Path, message: String) {
        self.failures.push(Failure { path: Some(path.to_owned()), message });
    }

    fn problem(&mut self, span: Span, message: impl Into<String>, help: Option<&str>) {
        self.problems.push(Problem {
            kind: ProblemKind::Syntax,
            span,
            message: message.into(),
            help: help.map(str::to_owned),
            label: None,
        });
    }

    /// The text of a file; `None` if it cannot be read.
    fn text(&mut self, workspace: &Workspace<'_>, path: &Path) -> Option<SourceId> {
        let id = match workspace.text(path) {
            Ok(id) => id,
            Err(error) => {
                self.fail(path, format!("cannot read the policy `{}`: {error}", path.display()));
                return None;
            }
        };
        if let Some(at) = workspace.sources().get(id).invalid_utf8() {
            let span = Span::new(id, at as usize, at as usize + '\u{fffd}'.len_utf8());
            self.problem(span, "a byte that is not UTF-8", Some("save the file as UTF-8"));
            return None;
        }
        Some(id)
    }

    fn add_file(&mut self, workspace: &Workspace<'_>, path: &Path) {
        let Some(source) = self.text(workspace, path) else { return };
        let shown = path.to_string_lossy().into_owned();
        if self.files.iter().any(|file| file.path == shown) {
            return;
        }
        let whole = workspace.sources().get(source).shared_text();
        let text = whole.trim_start_matches('\u{feff}').to_owned();
        let skipped = whole.len() - text.len();
        let found = pieces(&text);
        if work(&found) > MAX_WORK {
            let deepest = found.iter().max_by_key(|(piece, _)| match piece {
                Piece::Open(depth) => *depth,
                _ => 0,
            });
            let range = deepest.map_or(0..0, |(_, range)| range.clone());
            let message = "brackets stand in brackets too deep to be read in time";
            let help = "put the value into a YAML or JSON file beside the policy, and read it from `data`";
            self.problem(Span::new(source, range.start, range.end), message, Some(help));
            return;
        }
        self.files.push(File { source, path: shown, text, skipped, is_new: true });
    }

    /// Takes a file of data in: what it says stands under the names of the directories that it is in.
    fn add_data(&mut self, workspace: &Workspace<'_>, path: &Path, place: &[String], data: &mut Data) {
        let Some(source) = self.text(workspace, path) else { return };
        let text = workspace.sources().get(source).shared_text();
        let parsed = parse(source, &text);
        if let Some(problem) = parsed.problems.into_iter().next() {
            self.problems.push(problem);
            return;
        }
        let Some(root) = parsed.documents.first().and_then(|tree| tree.root()) else { return };
        if parsed.documents.len() > 1 || root.kind() != YamlKind::Mapping {
            let help = "write one mapping, or keep the file outside of the policies";
            self.problem(Span::new(source, 0, 0), "data is one mapping, and this is none", Some(help));
            return;
        }
        let mut branch = data;
        for name in place {
            let node = branch.entry(name.clone()).or_insert_with(|| Node::Branch(Data::new()));
            match node {
                Node::Branch(inner) => branch = inner,
                Node::Leaf(_) => {
                    let message = format!("another file says what `{name}` is, and it has no entries");
                    self.problem(root.span(), message, None);
                    return;
                }
            }
        }
        if let Err(twice) = merge(branch, root) {
            let message = format!("another file has said what `{}` is", twice.raw_str().unwrap_or_default());
            self.problem(twice.span(), message, Some("say it once"));
        }
    }

    /// Makes the engine; what cannot be compiled is left out and reported.
    fn compile(&mut self, data: Data) {
        if self.files.is_empty() {
            return;
        }
        let data = value_of(Node::Branch(data));
        // What one file gets wrong fails all, so it is left out until the others are as they have to be.
        loop {
            let attempt = catch_unwind(AssertUnwindSafe(|| self.attempt(&data)));
            match attempt {
                Ok(Ok(engine)) => {
                    self.engine = Some(engine);
                    break;
                }
                Ok(Err((at, problem))) => {
                    self.problems.push(problem);
                    match at {
                        Some(at) => drop(self.files.remove(at)),
                        None => return,
                    }
                }
                Err(_) => {
                    self.failures.push(Failure {
                        path: None,
                        message:
                            "internal error: the interpreter of policies failed on them; the built-in rules \
                                  have reported"
                                .to_owned(),
                    });
                    return;
                }
            }
        }
        if let Some(mut engine) = self.engine.take() {
            self.define(&mut engine);
            let Outline { faults, is_endless } = Outline::of(&mut engine);
            for (at, range, message, help) in faults {
                let span = self.files[at].span(range);
                self.problem(span, message, Some(help));
                for definition in self.definitions.iter_mut().filter(|it| it.at.0 == at) {
                    definition.has_failed = AtomicBool::new(true);
                }
            }
            // What calls itself without end would take the process with it.
            if is_endless {
                self.definitions.clear();
            }
            self.engine = (!is_endless).then_some(engine);
        }
    }

    /// An engine with all files, or the index of the file that fails and why.
    fn attempt(&mut self, data: &Value) -> Result<Engine, (Option<usize>, Problem)> {
        let whole = |library: &Self, error: &anyhow::Error| {
            let problem = library.explained(&error.to_string(), None);
            let at = library.files.iter().position(|file| file.source == problem.span.source);
            (at, problem)
        };
        let mut engine = engine::new().map_err(|error| whole(self, &error))?;
        for at in 0..self.files.len() {
            let file = &self.files[at];
            let mut add = |is_new: bool| {
                engine.set_rego_v0(!is_new);
                engine.add_policy(file.path.clone(), file.text.clone())
            };
            let said_new = file.text.contains("import rego.v1");
            let added = match add(file.is_new) {
                Err(error) if file.is_new && !said_new => match add(false) {
                    Ok(_) => {
                        self.files[at].is_new = false;
                        Ok(())
                    }
                    // Of two reasons, that of the form which the file seems to have.
                    Err(old) => Err(if is_old(&self.files[at].text) { old } else { error }),
                },
                added => added.map(drop),
            };
            if let Err(error) = added {
                let fallback = Span::new(self.files[at].source, 0, 0);
                let mut problem = self.explained(&error.to_string(), Some(fallback));
                problem.span.source = self.files[at].source;
                return Err((Some(at), problem));
            }
        }
        engine.add_data(data.clone()).map_err(|error| whole(self, &error))?;
        // The first question has all files looked at.
        engine.eval_query("true".to_owned(), false).map_err(|error| whole(self, &error))?;
        Ok(engine)
    }

    /// What the interpreter says, in one line and at its place.
    pub(super) fn explained(&self, said: &str, fallback: Option<Span>) -> Problem {
        let mut span = fallback.or_else(|| self.files.first().map(|file| Span::new(file.source, 0, 0)));
        if let Some(place) = said.find("--> ").map(|at| &said[at + 4..]) {
            let place = place.lines().next().unwrap_or_default();
            let numbers = |rest: &str| {
                let (line, column) = rest.strip_prefix(':')?.split_once(':')?;
                Some((line.parse::<usize>().ok()?, column.parse::<usize>().ok()?))
            };
            let found = self
                .files
                .iter()
                .find_map(|file| Some((file, numbers(place.strip_prefix(file.path.as_str())?)?)));
            if let Some((file, (line, column))) = found {
                span = Some(file.span(place_in(&file.text, line, column)));
            }
        }
        let message = said
            .split_once("\nerror: ")
            .map_or(said, |(_, message)| message)
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or("the interpreter of policies gives no reason")
            .trim_end_matches(':');
        let message = match message {
            it if it.contains("exceeded time limit") => {
                format!("{TOO_LONG} the {} seconds that it has", engine::TIME_LIMIT.as_secs())
            }
            it => match it.strip_prefix("error: ").unwrap_or(it).strip_prefix("expecting ") {
                Some(token) if token.len() <= 2 => format!("expected `{token}`"),
                Some(rest) => format!("expected {rest}"),
                None => it.strip_prefix("error: ").unwrap_or(it).to_owned(),
            },
        };
        let span = span.unwrap_or(Span::new(SourceId(0), 0, 0));
        Problem { kind: ProblemKind::Syntax, span, message, help: None, label: None }
    }

    /// Finds the rules that say something.
    fn define(&mut self, engine: &mut Engine) {
        let modules = engine.get_modules();
        let mentions: Vec<Mentions> = modules
            .iter()
            .map(|module| {
                let text = module.package.span.source.get_contents();
                Mentions::of(text, &package_of(module.package.span.text()))
            })
            .collect();
        // What makes the objects may stand in another file.
        let has_ids = mentions.iter().any(|it| it.has_ids);
        let speaks = |name: &str| role(name).is_some();
        let has_rules: Vec<bool> = modules
            .iter()
            .map(|module| module.policy.iter().any(|rule| speaks(head(rule.span().text()))))
            .collect();
        for (index, module) in modules.iter().enumerate() {
            let package = package_of(module.package.span.text());
            let is_ours = package.first().is_some_and(|it| it == "composelint");
            if !is_ours && package.first().is_none_or(|it| it != "main") {
                continue;
            }
            let file = &self.files[index];
            for (number, one) in module.policy.iter().enumerate() {
                let span = one.span();
                let text = span.text();
                let name = head(text);
                // A function only helps, whatever its name.
                let is_function = text[name.len()..].starts_with('(');
                let Some(role) = role(name).filter(|_| !is_function && !text.starts_with("default")) else {
                    continue;
                };
                let stem = Path::new(&file.path).file_stem().unwrap_or_default().to_string_lossy();
                let severity = match role {
                    Role::Finds(severity) => severity,
                    Role::Excepts => Severity::Info,
                };
                let suffix = name.split_once('_').map_or("", |(_, suffix)| suffix);
                let word = if suffix.is_empty() { id(&stem) } else { id(suffix) };
                let subjects = if is_ours {
                    vec![Subject::Resolved]
                } else {
                    Mentions::subjects(index, &mentions, &has_rules)
                };
                let start = span.start as usize;
                self.definitions.push(Definition {
                    at: (index, number),
                    package: package.clone(),
                    name: name.to_owned(),
                    role,
                    rule: rule(&word, severity),
                    has_ids,
                    subjects,
                    span: file.span(start..start + name.len()),
                    has_failed: AtomicBool::new(false),
                });
            }
            self.wants_dockerfiles |= is_ours;
        }
        self.wants_dockerfiles &= mentions.iter().any(|it| it.has_dockerfiles);
    }
}

/// The place of a line and column, from 1, to the end of the word there.
pub(super) fn place_in(text: &str, line: usize, column: usize) -> Range<usize> {
    let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let rest = text.get(start..).unwrap_or_default();
    let rest = rest.split('\n').next().unwrap_or_default().trim_end_matches('\r');
    let skipped: usize = rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    let word = &rest[skipped..];
    let length =
        word.find(|it: char| !(it.is_alphanumeric() || matches!(it, '_' | '.'))).unwrap_or(word.len());
    let length = length.max(word.chars().next().map_or(0, char::len_utf8));
    start + skipped..start + skipped + length
}

/// Whether a text that cannot be read seems to be of the form without `if` and `contains`.
fn is_old(text: &str) -> bool {
    text.contains("future.keywords") || !text.contains(" if ") && !text.contains(" contains ")
}

fn is_rego(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "rego")
}

/// The files at and below a directory that policies are made of, each with the names of the directories
/// that it is in; in order of name.
fn walk(
    workspace: &Workspace<'_>,
    directory: &Path,
    place: &mut Vec<String>,
    seen: &mut BTreeSet<PathBuf>,
    found: &mut Vec<(PathBuf, Vec<String>)>,
) {
    let canonical = workspace.canonical(directory).unwrap_or_else(|| directory.to_owned());
    if place.len() > MAX_DEPTH || found.len() > MAX_FILES || !seen.insert(canonical) {
        return;
    }
    for (name, kind) in workspace.list(directory) {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with('.') || crate::configuration::FILE_NAMES.contains(&name.as_str()) {
            continue;
        }
        let path = directory.join(&name);
        match kind {
            Kind::Directory => {
                place.push(name);
                walk(workspace, &path, place, seen, found);
                place.pop();
            }
            Kind::File => {
                let extension = path.extension().and_then(|it| it.to_str());
                if matches!(extension, Some("rego" | "yaml" | "yml" | "json")) {
                    found.push((path, place.clone()));
                }
            }
            Kind::Other => {}
        }
    }
}

/// Puts the entries of a mapping into a branch; the key that is there already, if one is.
fn merge<'t>(branch: &mut Data, mapping: Yaml<'t>) -> Result<(), Yaml<'t>> {
    for entry in mapping.entries() {
        let name = entry.name().to_owned();
        let is_mapping = entry.value.kind() == YamlKind::Mapping;
        match branch.get_mut(&name) {
            None if is_mapping => {
                let mut inner = Data::new();
                merge(&mut inner, entry.value)?;
                branch.insert(name, Node::Branch(inner));
            }
            None => drop(branch.insert(name, Node::Leaf(plain(entry.value)))),
            Some(Node::Branch(inner)) if is_mapping => merge(inner, entry.value)?,
            Some(_) => return Err(entry.key),
        }
    }
    Ok(())
}

/// The value that YAML says.
fn plain(yaml: Yaml<'_>) -> Value {
    match yaml.kind() {
        YamlKind::Sequence => Value::from(yaml.items().map(plain).collect::<Vec<_>>()),
        YamlKind::Mapping => {
            let entries = yaml.entries().map(|entry| (Value::from(entry.name()), plain(entry.value)));
            Value::from(entries.collect::<BTreeMap<_, _>>())
        }
        YamlKind::Scalar => match yaml.scalar() {
            None | Some(Scalar::Null) => Value::Null,
            Some(Scalar::Bool(value)) => Value::from(value),
            Some(Scalar::Int(value)) => Value::from(value),
            Some(Scalar::Float(value)) if value.is_finite() => Value::from(value),
            Some(Scalar::Float(value)) => Value::from(value.to_string()),
            Some(Scalar::Timestamp(text) | Scalar::Str(text)) => Value::from(text),
        },
    }
}

fn value_of(node: Node) -> Value {
    match node {
        Node::Leaf(value) => value,
        Node::Branch(data) => {
            let entries = data.into_iter().map(|(name, node)| (Value::from(name), value_of(node)));
            Value::from(entries.collect::<BTreeMap<_, _>>())
        }
    }
}

/// What a rule of this name does; `None` for one that only helps.
fn role(name: &str) -> Option<Role> {
    let first = name.split('_').next().unwrap_or_default();
    match first {
        "deny" | "violation" => Some(Role::Finds(Severity::Error)),
        "warn" => Some(Role::Finds(Severity::Warning)),
        "info" => Some(Role::Finds(Severity::Info)),
        _ if name == "exception" => Some(Role::Excepts),
        _ => None,
    }
}

/// The name at the start of a rule.
pub(super) fn head(text: &str) -> &str {
    let text = text.strip_prefix("default").map_or(text, str::trim_start);
    let end = text.find(|it: char| !(it.is_ascii_alphanumeric() || it == '_')).unwrap_or(text.len());
    &text[..end]
}

/// The parts of `package main.images` and of `import data.main.images`, without `data`.
pub(super) fn package_of(text: &str) -> Vec<String> {
    let path = text.trim_start_matches("package").trim();
    let mut parts: Vec<String> = Vec::new();
    for part in path.split(['.', '[', ']']) {
        let part = part.trim().trim_matches('"');
        if !part.is_empty() {
            parts.push(part.to_owned());
        }
    }
    if parts.first().is_some_and(|it| it == "data") {
        parts.remove(0);
    }
    parts
}

/// What a file speaks of.
struct Mentions {
    /// The package, with dots.
    package: String,
    /// The packages that it uses.
    uses: BTreeSet<String>,
    has_commands: bool,
    has_project: bool,
    has_dockerfiles: bool,
    has_ids: bool,
}

impl Mentions {
    fn of(text: &str, package: &[String]) -> Self {
        let mut mentions = Self {
            package: package.join("."),
            uses: BTreeSet::new(),
            has_commands: false,
            has_project: false,
            has_dockerfiles: false,
            has_ids: false,
        };
        for (piece, range) in pieces(text) {
            if matches!(piece, Piece::Open(_)) {
                continue;
            }
            let words = text[range].trim_matches(['"', '`']);
            if let Some(path) = words.strip_prefix("data.") {
                mentions.uses.insert(path.to_owned());
            }
            mentions.has_ids |= words == "id";
            for word in words.split('.') {
                mentions.has_commands |= matches!(word, "Cmd" | "SubCmd");
                mentions.has_project |=
                    matches!(word, "services" | "networks" | "volumes" | "secrets" | "configs" | "version");
                mentions.has_dockerfiles |= matches!(word, "dockerfiles" | "builds");
            }
        }
        mentions
    }

    /// What the rules of a file are about, by its words and by those of what it uses: a Dockerfile as a
    /// list of commands, or a project.
    fn subjects(index: usize, all: &[Self], has_rules: &[bool]) -> Vec<Subject> {
        let own = &all[index];
        let mut commands = own.has_commands;
        let mut project = own.has_project;
        for (other, mentions) in all.iter().enumerate() {
            let is_used = own.uses.iter().any(|path| {
                *path == mentions.package
                    || path.strip_prefix(&mentions.package).is_some_and(|rest| rest.starts_with('.'))
            });
            if is_used || mentions.package == own.package && !has_rules[other] {
                commands |= mentions.has_commands;
                project |= mentions.has_project;
            }
        }
        match (commands, project) {
            (true, false) => vec![Subject::Dockerfile],
            (true, true) => vec![Subject::Written, Subject::Dockerfile],
            (false, _) => vec![Subject::Written],
        }
    }
}

/// A file's index, a place in it, what is wrong there, and what to do.
type Fault = (usize, Range<usize>, String, &'static str);

/// What is called, and where: the index of the file and the bytes.
type Call = (String, usize, Range<usize>);

/// The functions of all files, and who calls whom.
struct Outline {
    faults: Vec<Fault>,
    is_endless: bool,
}

impl Outline {
    fn of(engine: &mut Engine) -> Self {
        let modules = engine.get_modules();
        let full = |package: &[String], name: &str| format!("{}.{name}", package.join("."));
        // Of each function all places that define it, as the index of the file and the bytes.
        let mut functions: BTreeMap<String, Vec<(usize, Range<usize>)>> = BTreeMap::new();
        for (index, module) in modules.iter().enumerate() {
            let package = package_of(module.package.span.text());
            for rule in &module.policy {
                let span = rule.span();
                let first = pieces(span.text())
                    .into_iter()
                    .find(|(_, range)| &span.text()[range.clone()] != "default");
                if let Some((Piece::Call, range)) = first {
                    let name = full(&package, &span.text()[range]);
                    let range = span.start as usize..span.end as usize;
                    functions.entry(name).or_default().push((index, range));
                }
            }
        }
        let mut faults = Vec::new();
        let mut calls: BTreeMap<&str, Vec<Call>> = BTreeMap::new();
        for (index, module) in modules.iter().enumerate() {
            let package = package_of(module.package.span.text());
            let text = module.package.span.source.get_contents();
            let aliases: Vec<(String, Vec<String>)> = module
                .imports
                .iter()
                .map(|import| {
                    let path = package_of(import.refr.span().text());
                    let last = path.last().cloned().unwrap_or_default();
                    (import.r#as.as_ref().map_or(last, |it| it.text().to_owned()), path)
                })
                .collect();
            for (piece, range) in pieces(text) {
                if piece != Piece::Call {
                    continue;
                }
                let name = &text[range.clone()];
                let (first, rest) =
                    name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
                if KEYWORDS.contains(&name) {
                    continue;
                }
                let own = full(&package, name);
                let resolved = if functions.contains_key(&own) {
                    Some(own)
                } else if let Some(path) = name.strip_prefix("data.") {
                    Some(path.to_owned())
                } else {
                    let alias = aliases.iter().find(|(alias, _)| alias == first);
                    alias.map(|(_, path)| match rest {
                        Some(rest) => full(path, rest),
                        None => path.join("."),
                    })
                };
                let Some(target) = resolved else {
                    if !engine::BUILTINS.contains(&name) {
                        let help = "call what `docs/policies.md` lists, or define it";
                        faults.push((
                            index,
                            range,
                            format!("`{name}` is no function that a policy can call"),
                            help,
                        ));
                    }
                    continue;
                };
                let caller = functions.iter().find(|(_, places)| {
                    places.iter().any(|(at, place)| {
                        *at == index && place.start < range.start && range.end <= place.end
                    })
                });
                if let Some((caller, _)) = caller {
                    calls.entry(caller).or_default().push((target, index, range));
                }
            }
        }
        let mut is_endless = false;
        for name in functions.keys() {
            // Whether the function is reached from what it calls.
            let mut open: Vec<&str> = vec![name];
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            while let Some(one) = open.pop() {
                for (target, index, range) in calls.get(one).map(Vec::as_slice).unwrap_or_default() {
                    if target == name {
                        let message = format!("the function `{name}` calls itself");
                        faults.push((
                            *index,
                            range.clone(),
                            message,
                            "walk the value with `walk`, or with `some`",
                        ));
                        is_endless = true;
                    } else if let Some((target, _)) = functions.get_key_value(target)
                        && seen.insert(target)
                    {
                        open.push(target);
                    }
                }
            }
        }
        Self { faults, is_endless }
    }
}
