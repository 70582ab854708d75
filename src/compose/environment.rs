//! Where the values of variables come from.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::dotenv::{DotEnv, DotEnvValue};
use super::file::Workspace;
use super::interpolate::{Lookup, Resolution, Resolved, Template};
use crate::source::{SourceMap, Span};
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

/// What becomes of a variable that has no value.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Interpolation {
    /// The text that it stands in is unknown: what rules are told.
    #[default]
    Rules,
    /// It is blank: what the engine does.
    Engine,
}

/// The variables of a deployment. The process environment is never among them, so that every
/// machine reports the same.
#[derive(Debug, Default)]
pub struct Environment {
    values: HashMap<String, (String, Option<Span>)>,
    /// What a sample file lists: set by whoever runs the project, to what is not known.
    listed: HashMap<String, ()>,
    mode: Interpolation,
    /// The files that say so, samples first.
    files: Vec<PathBuf>,
}

impl Environment {
    /// The variables of `files`, or of the `.env` file in `directory` where there are none, and those
    /// that an `.env.example` or its kin lists.
    pub fn of_directory(workspace: &Workspace<'_>, directory: &Path, files: &[PathBuf]) -> Self {
        let mut environment = Self::default();
        for name in
            [".env.example", ".env.sample", ".env.template", ".env.dist", "example.env", "env.example"]
        {
            environment.read(workspace, &directory.join(name), |environment, name, _, _| {
                environment.listed.insert(name, ());
            });
        }
        environment.read_all(workspace, directory, files);
        environment
    }

    /// The variables as the engine has them: those of `files`, later ones winning, or, where there are
    /// none, those of the `.env` file in `directory`. Any other variable is blank.
    pub fn of_engine(workspace: &Workspace<'_>, directory: &Path, files: &[PathBuf]) -> Self {
        let mut environment = Self { mode: Interpolation::Engine, ..Self::default() };
        environment.read_all(workspace, directory, files);
        environment
    }

    /// Takes the values of the files; where there are none, of the `.env` file in `directory`.
    fn read_all(&mut self, workspace: &Workspace<'_>, directory: &Path, files: &[PathBuf]) {
        let default = [directory.join(".env")];
        for path in if files.is_empty() { &default } else { files } {
            self.read(workspace, path, |environment, name, value, span| {
                environment.values.insert(name, (value, span));
            });
        }
    }

    /// Gives a variable a value that no file says.
    pub fn set(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), (value, None));
    }

    /// The value of a variable; `None` if it is unset or not known.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|(value, _)| value.as_str())
    }

    /// The variables that have a value, by name.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut entries: Vec<_> =
            self.values.iter().map(|(name, (value, _))| (name.as_str(), value.as_str())).collect();
        entries.sort_unstable();
        entries.into_iter()
    }

    fn read(
        &mut self,
        workspace: &Workspace<'_>,
        path: &Path,
        mut take: impl FnMut(&mut Self, String, String, Option<Span>),
    ) {
        if workspace.kind(path) != Some(crate::fs::Kind::File) {
            return;
        }
        let Ok(source) = workspace.text(path) else { return };
        let file = workspace.sources().get(source);
        let map = SourceMap::verbatim(Span::new(source, 0, file.text().len()));
        let parsed = DotEnv::parse(file.text(), &map, &|_| Lookup::Unset);
        self.files.push(path.to_owned());
        for entry in parsed.entries {
            if let DotEnvValue::Known(value) = entry.value {
                let span = value.map.span(0..value.map.len());
                take(self, entry.key.value.to_owned(), value.text, span);
            }
        }
    }

    /// What is known of a variable.
    pub fn lookup(&self, name: &str) -> Lookup<'_> {
        match self.values.get(name) {
            Some((value, span)) => Lookup::Value { text: Cow::Borrowed(value), span: *span },
            None if self.mode == Interpolation::Engine => Lookup::Unset,
            None if SUPPLIED.binary_search(&name).is_ok() || self.listed.contains_key(name) => {
                Lookup::Unknown
            }
            None => Lookup::Unset,
        }
    }

    /// Whether blanks make the text one that is not known.
    fn is_unknown(&self, resolved: &Resolved) -> bool {
        self.mode == Interpolation::Rules && !resolved.blanks.is_empty()
    }

    /// The files that set or list variables, samples first.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The names that the files set or list, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.values.keys().chain(self.listed.keys()).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The scalar's text with its variables put in; `None` for a text that is no template. Where a
    /// variable without a value or default takes part, the result is unknown.
    pub fn interpolate(&self, scalar: Yaml<'_>) -> Option<Interpolated> {
        let raw = scalar.raw_str()?;
        let raw_map = scalar.raw_map();
        let (text, map) = match Template::parse(raw, &raw_map).map(|it| it.resolve(&|name| self.lookup(name)))
        {
            Ok(Resolution::Known(resolved)) if !self.is_unknown(&resolved) && resolved.text.is_empty() => {
                let start = Span { end: scalar.span().start, ..scalar.span() };
                (Some(resolved.text), SourceMap::verbatim(start))
            }
            Ok(Resolution::Known(resolved)) if !self.is_unknown(&resolved) => {
                (Some(resolved.text), resolved.map)
            }
            Ok(_) | Err(_) => (None, SourceMap::empty()),
        };
        Some((crate::yaml::Interpolation { raw: raw.into(), raw_map, map }, text))
    }
}
