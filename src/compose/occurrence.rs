//! The places where a project's files use variables, and why some of them become blank.

use std::collections::BTreeSet;
use std::path::Path;

use super::env_file::EnvFile;
use super::interpolate::{Lookup, Operator, Part, Template, Variable};
use super::project::Project;
use super::service::Service;
use crate::credentials::credential_key;
use crate::shell::{Script, Token, script_argument};
use crate::source::{SourceMap, Span, Spanned};
use crate::yaml::{Kind, NodeId, Yaml};

/// How deep scripts are looked for in each other's words.
const DEEPEST_SCRIPT: usize = 3;

/// What `awk` sets for its program.
const AWK: &[&str] = &["FILENAME", "FNR", "FS", "NF", "NR", "OFS", "ORS", "RS"];

/// Variables of nginx that every configuration of it uses, sorted.
const NGINX: &[&str] = &[
    "args",
    "binary_remote_addr",
    "body_bytes_sent",
    "connection_upgrade",
    "document_root",
    "fastcgi_path_info",
    "fastcgi_script_name",
    "host",
    "hostname",
    "is_args",
    "proxy_add_x_forwarded_for",
    "query_string",
    "remote_addr",
    "remote_port",
    "remote_user",
    "request",
    "request_method",
    "request_time",
    "request_uri",
    "scheme",
    "server_name",
    "server_port",
    "server_protocol",
    "status",
    "time_local",
    "upstream_addr",
    "uri",
];

/// What the hashes of passwords start with.
const HASHES: &[&str] = &[
    "$1$",
    "$2a$",
    "$2b$",
    "$2y$",
    "$5$",
    "$6$",
    "$7$",
    "$apr1$",
    "$argon2i$",
    "$argon2id$",
    "$pbkdf2-",
    "$scrypt$",
    "$y$",
];

/// A value in which the engine puts variables, as it is written.
#[derive(Clone, Debug)]
pub struct Scalar<'p> {
    /// The value.
    pub yaml: Yaml<'p>,
    /// The keys that lead to it from the root, without the numbers of items.
    pub keys: Vec<&'p str>,
    /// The list or mapping that holds it.
    pub parent: Option<Yaml<'p>>,
    /// Its number among the project's.
    index: usize,
}

/// A variable that becomes blank where it is used.
#[derive(Clone, Debug)]
pub struct Blank {
    /// The name, at the whole use.
    pub name: Spanned<String>,
    /// The offset of its dollar in the value.
    pub offset: usize,
    /// Whether it stands in braces.
    pub is_braced: bool,
    /// Why.
    pub cause: Cause,
}

/// Why a variable becomes blank.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// It is the shell's: the text itself sets it.
    SetByScript,
    /// It is meant for the container's shell: the service's environment, at this place, sets it.
    SetInContainer(Span),
    /// It is a field of `awk`.
    Awk,
    /// It is nginx's.
    Nginx,
    /// It is a part of a password's hash.
    Hash,
    /// It is a part of a password.
    Password,
    /// Only a place that does not feed interpolation sets it: an `environment`, or an env file.
    SetElsewhere(Elsewhere),
    /// Nothing that is known sets it.
    Unset,
    /// It may well be set where the engine is started.
    Unknown,
}

/// What sets a variable without feeding interpolation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Elsewhere {
    /// An entry of the service's `environment`.
    Environment(Span),
    /// An entry of the env file with this number among the project's.
    EnvFile(usize, Span),
}

/// The values of the deployment's own files that hold a dollar, in source order. What an alias or a
/// merge key brings is there once, where it is written.
pub fn scalars(project: &Project) -> Vec<Scalar<'_>> {
    let dollars = project.dollars.get_or_init(|| find_dollars(project));
    let scalar = |(index, dollar): (usize, &Dollar)| {
        let tree = &project.files()[dollar.file].documents[dollar.document];
        Scalar {
            yaml: tree.node(dollar.value),
            keys: dollar.keys.iter().map(|key| tree.node(*key).raw_str().unwrap_or_default()).collect(),
            parent: dollar.parent.map(|parent| tree.node(parent)),
            index,
        }
    };
    dollars.iter().enumerate().map(scalar).collect()
}

/// The place of a value with a dollar.
#[derive(Clone, Debug)]
pub(super) struct Dollar {
    /// The number of the file among the project's, and of the document in it.
    file: usize,
    document: usize,
    value: NodeId,
    keys: Vec<NodeId>,
    parent: Option<NodeId>,
}

fn find_dollars(project: &Project) -> Vec<Dollar> {
    let mut found = Vec::new();
    for (file, it) in project.files().iter().enumerate() {
        if !project.deployment.files.contains(&it.path) {
            continue;
        }
        for (document, tree) in it.documents.iter().enumerate() {
            let mut add = |value: Yaml<'_>, keys: &[NodeId], parent: Option<NodeId>| {
                found.push(Dollar { file, document, value: value.id(), keys: keys.to_vec(), parent });
            };
            if let Some(root) = tree.root() {
                walk(root, &mut Vec::new(), None, &mut add);
            }
        }
    }
    found
}

/// Calls `add` with each scalar that has a dollar, the keys that lead to it and what holds it.
fn walk(
    yaml: Yaml<'_>,
    keys: &mut Vec<NodeId>,
    parent: Option<NodeId>,
    add: &mut impl FnMut(Yaml<'_>, &[NodeId], Option<NodeId>),
) {
    if yaml.is_alias() {
        return;
    }
    match yaml.kind() {
        Kind::Scalar => {
            if yaml.raw_str().is_some_and(|text| text.as_bytes().contains(&b'$')) {
                add(yaml, keys, parent);
            }
        }
        Kind::Sequence => yaml.items().for_each(|item| walk(item, keys, Some(yaml.id()), add)),
        Kind::Mapping => {
            for entry in yaml.entries() {
                keys.push(entry.key.id());
                walk(entry.value, keys, Some(yaml.id()), add);
                keys.pop();
            }
        }
    }
}

impl<'p> Scalar<'p> {
    /// The text, with its variables.
    pub fn text(&self) -> &'p str {
        self.yaml.raw_str().unwrap_or_default()
    }

    /// The service that says it.
    pub fn service(&self, project: &'p Project) -> Option<Service<'p>> {
        match self.keys.as_slice() {
            ["services", name, _, ..] => project.service(name),
            _ => None,
        }
    }

    /// The variables that become blank, in source order; none for what is no template. They are looked
    /// for once, whatever number of rules asks.
    pub fn blanks(&self, project: &'p Project) -> &'p [Blank] {
        let of_all = || scalars(project).iter().map(|scalar| scalar.find_blanks(project)).collect();
        let all: &Vec<Vec<Blank>> = project.blanks.get_or_init(of_all);
        all.get(self.index).map_or(&[], Vec::as_slice)
    }

    fn find_blanks(&self, project: &'p Project) -> Vec<Blank> {
        let text = self.text();
        // Most have no blanks, and need no places.
        let nowhere = SourceMap::empty();
        let mut unset = Vec::new();
        let Ok(template) = Template::parse(text, &nowhere) else { return Vec::new() };
        collect(&template, project, &mut unset);
        if unset.is_empty() {
            return Vec::new();
        }
        let map = self.yaml.raw_map();
        let Ok(template) = Template::parse(text, &map) else { return Vec::new() };
        let mut unset = Vec::new();
        collect(&template, project, &mut unset);
        let meaning = Meaning::of(self, project);
        unset
            .into_iter()
            .map(|variable| Blank {
                name: Spanned::new(variable.name.value.to_owned(), variable.span),
                offset: variable.range.start,
                is_braced: variable.is_braced(),
                cause: meaning.cause(variable),
            })
            .collect()
    }
}

/// The variables that the engine makes blank.
fn collect<'a, 't>(template: &'a Template<'t>, project: &Project, found: &mut Vec<&'a Variable<'t>>) {
    for part in &template.parts {
        let Part::Variable(variable) = part else { continue };
        let operator = variable.operator.map(|operator| operator.value);
        let is_unset = project.environment().lookup(variable.name.value) == Lookup::Unset;
        match operator {
            None if is_unset => found.push(variable),
            Some(operator) if is_unset && Operator::is_default(operator) => {
                if let Some(Ok(nested)) = &variable.nested {
                    collect(nested, project, found);
                }
            }
            _ => {}
        }
    }
}

/// What a text with variables is for.
struct Meaning<'s, 'p> {
    scalar: &'s Scalar<'p>,
    project: &'p Project,
    text: &'p str,
    /// The variables that the text sets when a shell runs it.
    set: BTreeSet<String>,
    is_shell: bool,
    is_nginx: bool,
    is_password: bool,
    /// The bytes of hashes.
    hashes: Vec<std::ops::Range<usize>>,
}

impl<'s, 'p> Meaning<'s, 'p> {
    fn of(scalar: &'s Scalar<'p>, project: &'p Project) -> Self {
        let text = scalar.text();
        let key = scalar.keys.last().copied().unwrap_or_default();
        let may_be_script =
            matches!(key, "command" | "entrypoint" | "test" | "content" | "dockerfile_inline");
        let mut set = BTreeSet::new();
        if may_be_script {
            set_by(text, 0, &mut set);
            if key == "dockerfile_inline" {
                set_by_dockerfile(text, &mut set);
            }
        }
        let is_item = scalar.parent.is_some_and(|parent| parent.kind() == Kind::Sequence);
        let name = if is_item { text.split('=').next().unwrap_or_default() } else { key };
        let is_password = matches!(scalar.keys.as_slice(), ["services", _, "environment", ..])
            && credential_key(name)
            && !text.contains("://");
        Self {
            scalar,
            project,
            text,
            set,
            is_shell: is_shell(scalar, project),
            is_nginx: key == "content" && (text.contains("proxy_pass") || text.contains("location /")),
            is_password,
            hashes: hashes(text),
        }
    }

    fn cause(&self, variable: &Variable<'_>) -> Cause {
        let name = variable.name.value;
        let is_bare = !variable.is_braced();
        if is_bare && self.hashes.iter().any(|hash| hash.contains(&variable.range.start)) {
            return Cause::Hash;
        }
        if self.set.contains(name) {
            return Cause::SetByScript;
        }
        if AWK.binary_search(&name).is_ok() && is_bare && self.text.contains("awk ") {
            return Cause::Awk;
        }
        if self.is_nginx && is_bare && is_of_nginx(name) {
            return Cause::Nginx;
        }
        if self.is_password && is_part_of_password(self.text, variable) {
            return Cause::Password;
        }
        let Some(service) = self.scalar.service(self.project) else { return self.of_any_env_file(name) };
        if let Some(at) = set_in_environment(service, name) {
            return if self.is_shell {
                Cause::SetInContainer(at)
            } else {
                Cause::SetElsewhere(Elsewhere::Environment(at))
            };
        }
        for (number, file) in self.project.env_files().iter().enumerate() {
            let Some(entry) = file.get(name).filter(|_| file.is_read_by(service.name())) else { continue };
            return if is_started_beside(self.project, file) {
                Cause::Unknown
            } else if self.is_shell {
                Cause::SetInContainer(entry.key.span)
            } else {
                Cause::SetElsewhere(Elsewhere::EnvFile(number, entry.key.span))
            };
        }
        self.of_any_env_file(name)
    }

    /// The cause, where no file of the service itself sets the variable.
    fn of_any_env_file(&self, name: &str) -> Cause {
        let mut files =
            self.project.env_files().iter().enumerate().filter(|(_, file)| !file.feeds_interpolation);
        match files.find_map(|(number, file)| Some((number, file, file.get(name)?))) {
            Some((_, file, _)) if is_started_beside(self.project, file) => Cause::Unknown,
            Some((number, _, entry)) => Cause::SetElsewhere(Elsewhere::EnvFile(number, entry.key.span)),
            None => Cause::Unset,
        }
    }
}

/// Whether what looks like a variable in `text` is the rest of a password with a dollar in it: what is
/// before it, behind the `=` of an item, is no other variable, and it is not written as variables mostly
/// are.
pub fn is_part_of_password(text: &str, variable: &Variable<'_>) -> bool {
    let start = text[..variable.range.start].find('=').map_or(0, |sign| sign + 1);
    let before = &text[start.min(variable.range.start)..variable.range.start];
    !variable.is_braced()
        && variable.name.value.bytes().any(|byte| byte.is_ascii_lowercase())
        && before.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && !before.contains('$')
}

/// Whether the file is a `.env` above the project's directory: the engine reads the one of the directory
/// in which it is started too.
fn is_started_beside(project: &Project, file: &EnvFile) -> bool {
    let directory = project.deployment.files.first().and_then(|file| file.parent()).unwrap_or(Path::new(""));
    let is_above = |path: &Path| {
        let parent = path.parent().unwrap_or(Path::new(""));
        parent != directory
            && (directory.starts_with(parent)
                || parent.components().all(|part| part == std::path::Component::ParentDir))
    };
    file.path.file_name().is_some_and(|name| name == ".env") && is_above(&file.path)
}

/// Where the service's `environment` says what a variable is, without the variable itself.
fn set_in_environment(service: Service<'_>, name: &str) -> Option<Span> {
    let entry = service.variable(name)?;
    let raw = entry.raw.filter(|raw| !raw.value.is_empty() && service.project().is_own(entry.yaml))?;
    let map = SourceMap::empty();
    let template = Template::parse(raw.value, &map).ok()?;
    let passes_on = template.variables().any(|variable| variable.name.value == name);
    (!passes_on).then_some(entry.name.span)
}

fn is_of_nginx(name: &str) -> bool {
    NGINX.binary_search(&name).is_ok()
        || ["http_", "upstream_", "sent_http_", "ssl_", "cookie_", "arg_"]
            .iter()
            .any(|it| name.starts_with(it))
}

/// Whether a shell in the container expands variables of the text.
fn is_shell(scalar: &Scalar<'_>, project: &Project) -> bool {
    let text = scalar.text();
    let parent = scalar.parent.filter(|parent| parent.kind() == Kind::Sequence);
    let words = |yaml: Yaml<'_>| -> Vec<String> {
        match yaml.kind() {
            Kind::Scalar => {
                yaml.raw_str().unwrap_or_default().split_whitespace().map(str::to_owned).collect()
            }
            _ => yaml.items().map(|item| item.raw_str().unwrap_or_default().to_owned()).collect(),
        }
    };
    let script_of = |words: &[String]| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        script_argument(&words)
    };
    match scalar.keys.as_slice() {
        ["services", _, "healthcheck", "test"] => match parent {
            None => true,
            Some(list) => {
                let first = list.items().next().and_then(Yaml::raw_str);
                first == Some("CMD-SHELL") || is_script_of(list, scalar, script_of(&words(list)))
            }
        },
        ["services", name, key @ ("command" | "entrypoint")] => {
            let of_itself = match parent {
                None => script_of(&words(scalar.yaml)).is_some(),
                Some(list) => is_script_of(list, scalar, script_of(&words(list))),
            };
            let entrypoint = project.service(name).and_then(|service| service.get("entrypoint"));
            let of_entrypoint = *key == "command"
                && entrypoint.is_some_and(|entrypoint| {
                    let mut line = words(entrypoint);
                    let length = line.len();
                    line.push(text.to_owned());
                    script_of(&line) == Some(length)
                });
            of_itself || of_entrypoint
        }
        ["services", _, "post_start" | "pre_stop", "command"] => match parent {
            None => script_of(&words(scalar.yaml)).is_some(),
            Some(list) => is_script_of(list, scalar, script_of(&words(list))),
        },
        _ => false,
    }
}

fn is_script_of(list: Yaml<'_>, scalar: &Scalar<'_>, script: Option<usize>) -> bool {
    script.and_then(|at| list.items().nth(at)) == Some(scalar.yaml)
}

/// The variables that a shell sets when it runs `text`, also in scripts among its words.
fn set_by(text: &str, depth: usize, set: &mut BTreeSet<String>) {
    let script = Script::parse(text);
    let mut add = |word: &str| {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        let name = name.strip_suffix('+').unwrap_or(name);
        let passes_on = value.contains(&format!("${name}")) || value.contains(&format!("${{{name}"));
        if is_name(name) && !passes_on {
            set.insert(name.to_owned());
        }
    };
    for command in script.commands() {
        if command.words.is_empty() {
            command.assignments.iter().for_each(|word| add(&word.text));
        }
    }
    let mut words: Vec<&str> = Vec::new();
    for token in script.tokens() {
        match token {
            Token::Word(word) => {
                let builtin = words.iter().rev().find(|word| !word.starts_with('-') && !word.contains('='));
                match builtin {
                    Some(&"for") if !words.is_empty() && words.last() == Some(&"for") => add(&word.text),
                    Some(&"read") if is_name(&word.text) => {
                        add(&word.text);
                        // The names behind it are read too.
                        continue;
                    }
                    Some(&("export" | "local" | "declare" | "readonly" | "typeset"))
                        if word.text.contains('=') =>
                    {
                        add(&word.text);
                    }
                    _ => {}
                }
                words.push(&word.text);
            }
            Token::Operator(..) => words.clear(),
            Token::Redirection(_) | Token::Comment(_) => {}
        }
    }
    if depth < DEEPEST_SCRIPT {
        for token in script.tokens() {
            if let Token::Word(word) = token
                && word.is_quoted
                && word.text.contains([' ', ';', '\n'])
            {
                set_by(&word.text, depth + 1, set);
            }
        }
    }
}

/// The variables that a Dockerfile sets for its instructions.
fn set_by_dockerfile(text: &str, set: &mut BTreeSet<String>) {
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case("ARG") || word.eq_ignore_ascii_case("ENV"))
        {
            let names = words.filter_map(|word| word.split('=').next());
            set.extend(names.filter(|name| is_name(name)).map(str::to_owned));
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit())
        && !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The bytes of the hashes of passwords in `text`.
fn hashes(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    for marker in HASHES {
        for (start, _) in text.match_indices(marker) {
            let end = text[start..]
                .find(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\'' | '`'))
                .map_or(text.len(), |length| start + length);
            found.push(start..end);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn sets(text: &str, names: &[&str]) {
        let mut set = BTreeSet::new();
        set_by(text, 0, &mut set);
        assert_eq!(set.iter().map(String::as_str).collect::<Vec<_>>(), names, "{text}");
    }

    #[test]
    fn a_script_sets_what_it_assigns_reads_and_loops_over() {
        sets("for i in 1 2; do echo $i; done", &["i"]);
        sets("cat x | while IFS= read -r key value; do echo $key; done", &["key", "value"]);
        sets("export A=1 B=2; C=$(date); local d=3", &["A", "B", "C", "d"]);
        sets("sh -c 'n=0; until [ $n = 3 ]; do n=$((n + 1)); done'", &["n"]);
    }

    #[test]
    fn what_is_passed_on_is_not_set() {
        sets("export PATH=$PATH:/opt/bin", &[]);
        sets("A=$A npm start", &[]);
        sets("B=1 npm start --name=$B", &[]);
        sets("server --user A=1", &[]);
    }

    #[test]
    fn tables_are_sorted() {
        assert!(AWK.is_sorted() && NGINX.is_sorted() && HASHES.is_sorted());
    }

    #[test]
    fn a_hash_ends_with_its_word() {
        assert_eq!(hashes("admin:$apr1$ab$cd,x"), vec![6..17]);
    }
}
