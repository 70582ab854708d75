//! Where the values of variables come from.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::dotenv::{DotEnv, DotEnvValue};
use super::file::Workspace;
use super::interpolate::{Lookup, Operator, Part, Resolution, Template};
use super::load::{LoadProblem, LoadProblemKind};
use crate::fs::Kind;
use crate::source::{SourceMap, Span, Spanned};
use crate::yaml::Yaml;
use crate::yaml::expand::Interpolated;

/// The variables that a shell or the engine supplies: never unset, never known.
const SUPPLIED: &[&str] = &[
    "COMPOSE_PROJECT_NAME",
    "EUID",
    "GID",
    "GROUP",
    "HOME",
    "HOST",
    "HOSTNAME",
    "HOSTTYPE",
    "LANG",
    "LOGNAME",
    "MACHTYPE",
    "OLDPWD",
    "OSTYPE",
    "PATH",
    "PWD",
    "SHELL",
    "SSH_AUTH_SOCK",
    "TEMP",
    "TERM",
    "TMP",
    "TMPDIR",
    "UID",
    "USER",
    "USERNAME",
    "USERPROFILE",
    "XDG_RUNTIME_DIR",
];

/// The names of files that list the variables of a `.env` file.
const SAMPLES: &[&str] =
    &[".env.example", ".env.sample", ".env.template", ".env.dist", "example.env", "env.example"];

/// What becomes of a variable that no file sets.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Unset {
    /// Its value is unknown: a shell may set it.
    #[default]
    Unknown,
    /// It is blank, as for the engine in an empty shell; what a shell usually sets is too.
    Blank,
}

/// Where the value of a variable comes from.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// An environment file, at the value; `None` for an empty value, and for what the engine itself
    /// sets.
    File(Option<Span>),
    /// The shell or the engine, or a file of which only a sample is here: set, to what is not known.
    Elsewhere,
    /// The variable is not set, and the occurrence says what is taken instead.
    Default,
    /// The variable is not set, and nothing is taken instead.
    Nowhere,
}

/// A use of a variable in a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Occurrence {
    /// From `$` to the closing brace.
    ///
    /// ```text
    /// image: app:${TAG:-latest}
    ///            ^^^^^^^^^^^^^^
    /// ```
    pub span: Span,
    /// The name, at its own bytes.
    pub name: Spanned<String>,
    /// What is said between the name and the closing brace.
    pub operator: Option<Operator>,
    /// Where the value comes from.
    pub origin: Origin,
    /// Whether the value takes part in the result: false in a default that is not taken.
    pub is_used: bool,
}

/// The variables of a deployment. The process environment is never among them, so that every
/// machine reports the same.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    values: HashMap<String, (String, Option<Span>)>,
    /// What a sample file lists: set by whoever runs the project, to what is not known.
    listed: HashSet<String>,
    /// The files that say so, samples first.
    files: Vec<PathBuf>,
    unset: Unset,
    /// Whether a file could not be read to its end: then no variable is known to be unset.
    is_partial: bool,
}

impl Environment {
    /// The variables of the `.env` file in `directory`, and those that an `.env.example` or its kin
    /// lists.
    pub fn of_directory(workspace: &Workspace<'_>, directory: &Path) -> Self {
        Self::of_files(workspace, directory, &[], Unset::Unknown, &mut Vec::new())
    }

    /// The variables of `files`, of which later ones win; of the `.env` file in `directory` if there
    /// are none. What is wrong with them is added to `problems`.
    pub fn of_files(
        workspace: &Workspace<'_>,
        directory: &Path,
        files: &[PathBuf],
        unset: Unset,
        problems: &mut Vec<LoadProblem>,
    ) -> Self {
        let mut environment = Self { unset, ..Self::default() };
        environment.read_all(workspace, directory, files, problems);
        environment
    }

    /// These variables, and what `files`, or without them the `.env` file in `directory`, say of
    /// others: the environment of an included file.
    pub(super) fn with_files(
        &self,
        workspace: &Workspace<'_>,
        directory: &Path,
        files: &[PathBuf],
        problems: &mut Vec<LoadProblem>,
    ) -> Self {
        let mut environment = self.clone();
        environment.read_all(workspace, directory, files, problems);
        environment.values.extend(self.values.iter().map(|(name, value)| (name.clone(), value.clone())));
        environment
    }

    fn read_all(
        &mut self,
        workspace: &Workspace<'_>,
        directory: &Path,
        files: &[PathBuf],
        problems: &mut Vec<LoadProblem>,
    ) {
        self.list_samples(workspace, directory);
        let default = [directory.join(".env")];
        for file in if files.is_empty() { &default } else { files } {
            self.read(workspace, file, problems);
        }
    }

    /// Notes the variables of sample files.
    fn list_samples(&mut self, workspace: &Workspace<'_>, directory: &Path) {
        for sample in SAMPLES {
            let path = directory.join(sample);
            if workspace.kind(&path) != Some(Kind::File) {
                continue;
            }
            let Ok(source) = workspace.text(&path) else { continue };
            let file = workspace.sources().get(source);
            let map = SourceMap::verbatim(Span::new(source, 0, file.text().len()));
            let parsed = DotEnv::parse(file.text(), &map, &|_| Lookup::Unset);
            self.files.push(path);
            self.listed.extend(parsed.entries.into_iter().map(|entry| entry.key.value.to_owned()));
        }
    }

    /// Reads an environment file, if it is there.
    fn read(&mut self, workspace: &Workspace<'_>, path: &Path, problems: &mut Vec<LoadProblem>) {
        if workspace.kind(path) != Some(Kind::File) {
            return;
        }
        let Ok(source) = workspace.text(path) else {
            self.is_partial = true;
            return;
        };
        self.files.push(path.to_owned());
        let file = workspace.sources().get(source);
        let whole = Span::new(source, 0, file.text().len());
        let map = SourceMap::verbatim(whole);
        let supplied = |name: &str| match self.supplied(name) {
            true => Lookup::Unknown,
            false => Lookup::Unset,
        };
        let earlier = |name: &str| self.lookup(name);
        let parsed = DotEnv::parse_after(file.text(), &map, &supplied, &earlier);
        if let Some(error) = parsed.error {
            let span = error.span.unwrap_or(Span { end: whole.start, ..whole });
            // Several projects may read the file.
            if !problems.iter().any(|problem| problem.span == span) {
                problems.push(LoadProblem::new(LoadProblemKind::EnvFile, span, error.to_string()));
            }
            self.is_partial = true;
        }
        for entry in parsed.entries {
            let name = entry.key.value.to_owned();
            match entry.value {
                DotEnvValue::Known(value) => {
                    let span = value.map.span(0..value.map.len());
                    self.values.insert(name, (value.text, span));
                }
                DotEnvValue::Unknown => {
                    self.values.remove(&name);
                    self.listed.insert(name);
                }
                DotEnvValue::Absent => {}
            }
        }
    }

    /// Sets a variable that no file sets.
    pub(super) fn supply(&mut self, name: &str, value: &str) {
        self.values.entry(name.to_owned()).or_insert_with(|| (value.to_owned(), None));
    }

    fn supplied(&self, name: &str) -> bool {
        self.unset == Unset::Unknown && SUPPLIED.binary_search(&name).is_ok()
    }

    /// What is known of a variable.
    pub fn lookup(&self, name: &str) -> Lookup<'_> {
        match self.values.get(name) {
            Some((value, span)) => Lookup::Value { text: Cow::Borrowed(value), span: *span },
            None if self.unset == Unset::Blank => Lookup::Unset,
            None if self.is_partial || self.supplied(name) || self.listed.contains(name) => Lookup::Unknown,
            None => Lookup::Unset,
        }
    }

    /// The value of a variable; `None` if it is unset or unknown.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|(value, _)| value.as_str())
    }

    /// The files that set or list variables, samples first.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The names that the files set or list, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.values.keys().chain(&self.listed).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The variables that have a value, by name.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut entries: Vec<_> =
            self.values.iter().map(|(name, (value, _))| (name.as_str(), value.as_str())).collect();
        entries.sort_unstable();
        entries.into_iter()
    }

    /// The scalar's text with its variables put in; `None` for a text that is no template. Where a
    /// variable without a value or default takes part, the result is unknown, or has a blank in its
    /// place if that is what is asked for. Each use of a variable is added to `occurrences`.
    pub fn interpolate(&self, scalar: Yaml<'_>, occurrences: &mut Vec<Occurrence>) -> Option<Interpolated> {
        let raw = scalar.raw_str()?;
        let raw_map = scalar.raw_map();
        let template = Template::parse(raw, &raw_map);
        if let Ok(template) = &template {
            self.collect(template, true, occurrences);
        }
        let takes = |blanks: &[Spanned<String>]| blanks.is_empty() || self.unset == Unset::Blank;
        let (text, map) = match template.map(|it| it.resolve(&|name| self.lookup(name))) {
            Ok(Resolution::Known(resolved)) if takes(&resolved.blanks) && resolved.text.is_empty() => {
                let start = Span { end: scalar.span().start, ..scalar.span() };
                (Some(resolved.text), SourceMap::verbatim(start))
            }
            Ok(Resolution::Known(resolved)) if takes(&resolved.blanks) => (Some(resolved.text), resolved.map),
            Ok(_) | Err(_) => (None, SourceMap::empty()),
        };
        Some((crate::yaml::Interpolation { raw: raw.into(), raw_map, map }, text))
    }

    /// Adds the variables of a template and of their arguments. Templates are nested no more than
    /// 128 deep.
    fn collect(&self, template: &Template<'_>, is_used: bool, occurrences: &mut Vec<Occurrence>) {
        for part in &template.parts {
            let Part::Variable(variable) = part else { continue };
            let operator = variable.operator.map(|operator| operator.value);
            let empty_counts = operator.is_some_and(Operator::treats_empty_as_unset);
            let lookup = self.lookup(variable.name.value);
            let is_set = match &lookup {
                Lookup::Value { text, .. } => Some(!(text.is_empty() && empty_counts)),
                Lookup::Unset => Some(false),
                Lookup::Unknown => None,
            };
            let origin = match lookup {
                Lookup::Value { span, .. } => Origin::File(span),
                Lookup::Unknown => Origin::Elsewhere,
                Lookup::Unset if operator.is_some_and(|it| !it.is_required()) => Origin::Default,
                Lookup::Unset => Origin::Nowhere,
            };
            occurrences.push(Occurrence {
                span: variable.span,
                name: Spanned::new(variable.name.value.to_owned(), variable.name.span),
                operator,
                origin,
                is_used,
            });
            if let Some(Ok(nested)) = &variable.nested {
                let is_alternative = operator.is_some_and(|it| !it.is_default() && !it.is_required());
                let is_taken = is_set.is_none_or(|is_set| is_set == is_alternative);
                self.collect(nested, is_used && is_taken, occurrences);
            }
        }
    }
}
