//! The dotenv files that a project reads.

use std::path::{Path, PathBuf};

use super::dotenv::{DotEnv, DotEnvError, DotEnvErrorKind};
use super::file::Workspace;
use super::interpolate::Lookup;
use super::load::LoadProblemKind;
use super::project::{Project, normal};
use crate::credentials::{ValueKind, classify, credential_key, is_trivial};
use crate::fs::Kind;
use crate::source::{SourceId, SourceMap, Span, Spanned};
use crate::yaml::Yaml;

/// A dotenv file that a project reads.
#[derive(Clone, Debug)]
pub struct EnvFile {
    /// The file.
    pub source: SourceId,
    /// The path.
    pub path: PathBuf,
    /// The services that name it under `env_file`, each with the place; none for a `.env` that only feeds
    /// interpolation.
    pub readers: Vec<Spanned<String>>,
    /// Whether it is the project's `.env`, which feeds interpolation.
    pub feeds_interpolation: bool,
    /// The variables before the first error, in source order.
    pub entries: Vec<EnvFileEntry>,
    /// The first error, unless it depends on variables that nobody knows.
    pub error: Option<DotEnvError>,
    /// Where values stand, also behind an error: nobody who prints a line shows these.
    pub values: Vec<Span>,
}

/// A variable of a dotenv file.
#[derive(Clone, Debug)]
pub struct EnvFileEntry {
    /// The name.
    pub key: Spanned<String>,
    /// The value as written, with its quotes; `None` for a name alone, which inherits its value.
    pub value: Option<Span>,
    /// Whether it is a credential in clear text, and none that anyone guesses.
    pub is_secret: bool,
}

impl EnvFile {
    /// The `.env` in `directory`, other files of variables that the engine refuses, and the files that the
    /// services name, in that order.
    pub(super) fn of_project(workspace: &Workspace<'_>, directory: &Path, project: &Project) -> Vec<Self> {
        let mut files: Vec<(bool, Self)> = Vec::new();
        files.extend(
            Self::read(workspace, &directory.join(".env"), false)
                .map(|file| (false, Self { feeds_interpolation: true, ..file })),
        );
        // The files of `--env-file` and of included files, where the engine refuses them.
        for problem in project.load_problems().iter().filter(|it| it.kind == LoadProblemKind::EnvFile) {
            let path = workspace.sources().get(problem.span.source).path().to_owned();
            if !files.iter().any(|(_, file)| normal(&file.path) == normal(&path)) {
                let file = Self::read(workspace, &path, false);
                files.extend(file.map(|file| (false, Self { feeds_interpolation: true, ..file })));
            }
        }
        for service in project.service_names().filter_map(|name| project.service(name)) {
            for item in items(service.get("env_file")) {
                let entry =
                    if item.kind() == crate::yaml::Kind::Mapping { item.get("path") } else { Some(item) };
                let Some(entry) = entry else { continue };
                let format = item.get("format").filter(|format| !format.is_null());
                let (Some(text), false) = (entry.as_str(), format.is_some_and(Yaml::is_unknown)) else {
                    continue;
                };
                if text.is_empty() || text.starts_with('~') || !project.is_own(entry) {
                    continue;
                }
                let is_raw = format.and_then(Yaml::as_str) == Some("raw");
                let path = normal(&directory.join(text));
                let reader = Spanned::new(service.name().to_owned(), entry.span());
                if let Some((_, known)) =
                    files.iter_mut().find(|(raw, file)| *raw == is_raw && normal(&file.path) == path)
                {
                    known.readers.push(reader);
                } else if let Some(file) = Self::read(workspace, &path, is_raw) {
                    files.push((is_raw, Self { readers: vec![reader], ..file }));
                }
            }
        }
        files.into_iter().map(|(_, file)| file).collect()
    }

    fn read(workspace: &Workspace<'_>, path: &Path, is_raw: bool) -> Option<Self> {
        if workspace.kind(path) != Some(Kind::File) {
            return None;
        }
        let source = workspace.text(path).ok()?;
        let file = workspace.sources().get(source);
        let text = file.text();
        let map = SourceMap::verbatim(Span::new(source, 0, text.len()));
        // What the file itself does not say may come from the shell.
        let parsed = if is_raw {
            DotEnv::parse_raw(text, &map, &|_| Lookup::Unset)
        } else {
            DotEnv::parse_after(text, &map, &|_| Lookup::Unset, &|_| Lookup::Unknown)
        };
        let entries: Vec<EnvFileEntry> = parsed
            .entries
            .iter()
            .map(|entry| EnvFileEntry {
                key: entry.key.map(str::to_owned),
                value: entry.written.map(|written| written.span),
                is_secret: credential_key(entry.key.value)
                    && entry.written.is_some_and(|written| is_secret(written.value)),
            })
            .collect();
        let mut values: Vec<Span> =
            entries.iter().filter_map(|entry| entry.value).filter(|value| !value.is_empty()).collect();
        let error = parsed.error.filter(|error| !matches!(error.kind, DotEnvErrorKind::Missing(_)));
        if let Some(at) = error.as_ref().and_then(|error| error.span) {
            let line = file.line_range(file.line_of(at.start)).start;
            values.extend(
                values_behind(text, line).into_iter().map(|(start, end)| Span::new(source, start, end)),
            );
        }
        Some(Self {
            source,
            path: path.to_owned(),
            readers: Vec::new(),
            feeds_interpolation: false,
            entries,
            error,
            values,
        })
    }

    /// The entry that counts for `name`: its last with a value.
    pub fn get(&self, name: &str) -> Option<&EnvFileEntry> {
        self.entries.iter().rev().find(|entry| entry.key.value == name && entry.value.is_some())
    }

    /// Whether the service with this name reads it.
    pub fn is_read_by(&self, service: &str) -> bool {
        self.readers.iter().any(|reader| reader.value == service)
    }
}

/// Whether a value with its quotes, under the name of a credential, is the secret itself.
fn is_secret(written: &str) -> bool {
    let value = written.trim().trim_matches(['"', '\'']);
    classify(value) == ValueKind::Literal && !is_trivial(value)
}

/// The items of a list, or the value itself.
pub(super) fn items(value: Option<Yaml<'_>>) -> Vec<Yaml<'_>> {
    match value {
        Some(value) if value.kind() == crate::yaml::Kind::Sequence => value.items().collect(),
        value => value.into_iter().collect(),
    }
}

/// Where values may stand from the line at `start` on: behind the first `=` or `:` of a line, and what
/// looks like a line of a longer value.
fn values_behind(text: &str, start: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let content = line.trim_end();
        let value = match content.find(['=', ':']) {
            Some(sign) => sign + 1,
            // A name, or words, and no part of a value.
            None if content.len() < 32 => content.len(),
            None => 0,
        };
        if value < content.len() && !content.trim_start().starts_with('#') {
            found.push((at + value, at + content.len()));
        }
        at += line.len();
    }
    found
}
