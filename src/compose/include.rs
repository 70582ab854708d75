//! `include`: whole projects taken into another.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::extends::unreadable;
use super::load::{LoadProblem, LoadProblemKind, Loader, Scope, TOO_MUCH, is_remote, like, without};
use super::merge::merge_included;
use super::project::normal;
use crate::fs::{Kind as PathKind, ReadError};
use crate::source::{Span, Spanned};
use crate::yaml::{Builder, Entry, Kind, NodeId, Style, Tree, Yaml};

/// The number of files that a deployment may include.
pub const MAX_INCLUDED: usize = 512;

/// The number of files that may include one another, one within the other.
pub const MAX_INCLUDE_DEPTH: usize = 64;

/// The number of times that a deployment may include a file, whether or not the same again.
const MAX_INCLUSIONS: usize = 1024;

/// What is taken from an included file.
const SECTIONS: &[&str] = &["services", "volumes", "networks", "secrets", "configs", "models"];

/// An item of `include`.
struct Inclusion {
    /// The files, of which the later are merged onto the first.
    paths: Vec<Spanned<String>>,
    project_directory: Option<String>,
    env_files: Vec<Spanned<String>>,
}

impl Loader<'_, '_> {
    /// The document with what it includes, and without the key. Where both define a resource, the
    /// document's own definition is merged onto the included one. `stack` are the files whose
    /// `include` led here, the document's own at the end.
    pub(super) fn apply_include(&mut self, tree: Tree, scope: &Scope, stack: &mut Vec<PathBuf>) -> Tree {
        let Some(root) = tree.root().filter(|root| root.get("include").is_some()) else { return tree };
        let mut model = without(root, "include");
        for include in root.get("include").into_iter().filter(|include| !include.is_null()) {
            self.includes = true;
            // That it is no list is the schema's to say.
            self.lacks_include |= include.kind() != Kind::Sequence;
            for item in include.items() {
                let Some(imported) = self.imported(item, scope, stack) else {
                    self.lacks_include = true;
                    continue;
                };
                self.redefined(&imported, &model);
                let (merged, clashes) = merge_included(&imported, &model);
                self.spend(merged.len());
                self.clash(clashes);
                model = merged;
            }
        }
        model
    }

    /// The resources that an item brings. `None` if it is out of reach.
    fn imported(&mut self, item: Yaml<'_>, scope: &Scope, stack: &mut Vec<PathBuf>) -> Option<Tree> {
        let inclusion = inclusion(item)?;
        let mut files = Vec::new();
        let mut all_there = true;
        for path in &inclusion.paths {
            let (text, span) = (&path.value, path.span);
            if is_remote(text) {
                let message = format!("`{text}` is fetched from elsewhere, and is not looked at");
                self.report(LoadProblem::new(LoadProblemKind::OutOfReach, span, message));
                all_there = false;
                continue;
            }
            let path = normal(&scope.directory.join(text));
            if stack.contains(&path) {
                self.report(circle(stack, &path, text, span));
                all_there = false;
                continue;
            }
            match self.workspace.compose_file(&path) {
                Ok(file) => files.push((path, file)),
                Err(error) => {
                    let kind = self.workspace.kind(&path);
                    self.report(unreadable(kind, LoadProblemKind::Include, text, &error, span));
                    all_there = false;
                }
            }
        }
        let first = files.first().map(|(path, _)| path.clone())?;
        if !all_there || !self.has_room(&files, stack.len(), item.span()) {
            return None;
        }
        for (_, file) in &files {
            self.note(file);
            self.lacks_include |= !file.problems.is_empty();
        }
        let directory = match &inclusion.project_directory {
            Some(directory) => normal(&scope.directory.join(directory)),
            None => first.parent().map(Path::to_owned).unwrap_or_default(),
        };
        let mut env_files = Vec::new();
        for file in &inclusion.env_files {
            let path = normal(&scope.directory.join(&file.value));
            match self.workspace.kind(&path) {
                Some(PathKind::File) => env_files.push(path),
                kind => {
                    let error = if kind.is_none() { ReadError::NotFound } else { ReadError::NotAFile };
                    let problem = unreadable(kind, LoadProblemKind::Include, &file.value, &error, file.span);
                    self.report(problem);
                }
            }
        }
        let environment =
            scope.environment.with_files(self.workspace, &directory, &env_files, &mut self.problems);
        let scope = Scope { directory, environment: Arc::new(environment), number: self.scopes };
        self.scopes += 1;
        let files: Vec<_> = files.into_iter().map(|(_, file)| file).collect();
        let tree = self.model(&files, &scope, stack);
        Some(self.resources(&tree, &scope))
    }

    /// Whether the files may be included besides those that were before, `depth` files deep. If not,
    /// that is said once.
    fn has_room<T>(&mut self, files: &[(PathBuf, T)], depth: usize, span: Span) -> bool {
        self.inclusions += 1;
        self.included.extend(files.iter().map(|(path, _)| path.clone()));
        let message = if depth > MAX_INCLUDE_DEPTH {
            format!("files include one another more than {MAX_INCLUDE_DEPTH} deep")
        } else if self.included.len() > MAX_INCLUDED {
            format!("more than {MAX_INCLUDED} files are included")
        } else if self.inclusions > MAX_INCLUSIONS {
            format!("files are included more than {MAX_INCLUSIONS} times")
        } else if self.is_spent() {
            TOO_MUCH.to_owned()
        } else {
            return true;
        };
        self.limit(span, message);
        false
    }

    /// What another project takes from an included one.
    fn resources(&self, tree: &Tree, scope: &Scope) -> Tree {
        let mut builder = Builder::new();
        builder.add_texts(tree);
        let Some(root) = tree.root() else { return Tree::default() };
        let directory = super::load::relative(&self.root, &scope.directory);
        let mut children = Vec::new();
        for entry in root.entries().filter(|entry| SECTIONS.contains(&entry.name())) {
            children.push(builder.copy(entry.key));
            children.push(match entry.name() {
                "services" if !directory.as_os_str().is_empty() => {
                    with_contexts(&mut builder, entry.value, &directory)
                }
                _ => builder.copy(entry.value),
            });
        }
        let root = like(&mut builder, root, &children);
        builder.finish(Some(root))
    }

    /// Says which resources both trees define, and differently.
    fn redefined(&mut self, imported: &Tree, model: &Tree) {
        for section in SECTIONS {
            let Some(there) = imported.root().and_then(|root| root.get(section)) else { continue };
            let Some(here) = model.root().and_then(|root| root.get(section)) else { continue };
            for name in here.entries().map(Entry::name) {
                let (Some(other), Some(own)) = (there.entry(name), here.entry(name)) else { continue };
                if same(other.value, own.value) {
                    continue;
                }
                let (other, span) = (other.key.span(), own.key.span());
                let message =
                    format!("`{section}.{name}` is defined here and in an included file, differently");
                self.report(
                    LoadProblem::new(LoadProblemKind::Redefined, span, message)
                        .with_label(other, "included from here"),
                );
            }
        }
    }
}

/// What an item says; `None` if it depends on an unknown variable, or is none.
fn inclusion(item: Yaml<'_>) -> Option<Inclusion> {
    let text = |value: Yaml<'_>| Some(Spanned::new(value.as_str()?.to_owned(), value.span()));
    let texts = |value: Option<Yaml<'_>>| match value.filter(|value| !value.is_null()) {
        None => Some(Vec::new()),
        Some(value) if value.kind() == Kind::Sequence => value.items().map(text).collect(),
        Some(value) => Some(vec![text(value)?]),
    };
    if item.kind() != Kind::Mapping {
        return Some(Inclusion { paths: vec![text(item)?], project_directory: None, env_files: Vec::new() });
    }
    let directory = item.get("project_directory").filter(|value| !value.is_null());
    Some(Inclusion {
        paths: texts(item.get("path")).filter(|paths| !paths.is_empty())?,
        project_directory: match directory {
            Some(directory) => Some(directory.as_str()?.to_owned()),
            None => None,
        },
        env_files: texts(item.get("env_file"))?,
    })
}

/// The problem of a file that is included by what it includes.
fn circle(stack: &[PathBuf], path: &Path, text: &str, span: Span) -> LoadProblem {
    let at = stack.iter().position(|it| it == path).unwrap_or_default();
    let message = match stack[at..].len() {
        1 => format!("`{text}` includes itself"),
        2..=8 => {
            let names = stack[at..].iter().map(PathBuf::as_path).chain([path]);
            let names: Vec<String> = names.map(|path| format!("`{}`", path.display())).collect();
            format!("files include one another in a circle: {}", names.join(" → "))
        }
        others => format!("`{text}` includes itself through {} others", others - 1),
    };
    LoadProblem::new(LoadProblemKind::Include, span, message)
}

/// A copy of the services in which each that builds has a context: the project's own directory is not
/// the one that the engine takes for included ones.
fn with_contexts(builder: &mut Builder, services: Yaml<'_>, directory: &Path) -> NodeId {
    if services.kind() != Kind::Mapping {
        return builder.copy(services);
    }
    let mut children = Vec::new();
    for service in services.entries() {
        children.push(builder.copy(service.key));
        let lacks = service.value.get("build").is_some_and(|build| {
            build.kind() == Kind::Mapping && build.get("context").is_none_or(Yaml::is_null)
        });
        if !lacks {
            children.push(builder.copy(service.value));
            continue;
        }
        let mut of_service = Vec::new();
        for entry in service.value.entries() {
            of_service.push(builder.copy(entry.key));
            if entry.name() != "build" {
                of_service.push(builder.copy(entry.value));
                continue;
            }
            let span = Span { end: entry.value.span().start, ..entry.value.span() };
            let mut of_build = vec![
                builder.scalar("context", Style::Plain, span),
                builder.scalar(&directory.to_string_lossy(), Style::Plain, span),
            ];
            for entry in entry.value.entries().filter(|entry| entry.name() != "context") {
                of_build.push(builder.copy(entry.key));
                of_build.push(builder.copy(entry.value));
            }
            of_service.push(like(builder, entry.value, &of_build));
        }
        children.push(like(builder, service.value, &of_service));
    }
    like(builder, services, &children)
}

/// Whether two values say the same, whatever the order of their keys.
fn same(one: Yaml<'_>, other: Yaml<'_>) -> bool {
    match (one.kind(), other.kind()) {
        (Kind::Scalar, Kind::Scalar) => match (one.is_unknown(), other.is_unknown()) {
            (false, false) => one.is_null() == other.is_null() && one.as_str() == other.as_str(),
            // What nobody knows may be the same.
            _ => true,
        },
        (Kind::Sequence, Kind::Sequence) => {
            one.items().len() == other.items().len()
                && one.items().zip(other.items()).all(|(one, other)| same(one, other))
        }
        (Kind::Mapping, Kind::Mapping) => {
            one.entries().len() == other.entries().len()
                && one
                    .entries()
                    .all(|entry| other.get(entry.name()).is_some_and(|other| same(entry.value, other)))
        }
        _ => one.is_null() && is_empty(other) || other.is_null() && is_empty(one),
    }
}

/// Whether a collection has nothing in it.
fn is_empty(value: Yaml<'_>) -> bool {
    value.kind() != Kind::Scalar && value.entries().len() == 0 && value.items().len() == 0
}
