//! `extends`: services that start from another one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::ComposeFile;
use super::load::{LoadProblem, LoadProblemKind, Loader, Scope, TOO_MUCH, is_remote, services, without};
use super::merge::{extend, merge};
use super::project::normal;
use crate::fs::{Kind as PathKind, ReadError};
use crate::schema::{self, Violation};
use crate::source::Span;
use crate::yaml::{Builder, Kind, NodeId, Tree, Yaml};

/// The number of services that one may extend, one through the other.
pub const MAX_CHAIN: usize = 512;

/// A document whose services may be extended.
#[derive(Debug)]
pub(super) struct Sheet {
    path: PathBuf,
    tree: Arc<Tree>,
    scope: Scope,
    /// What the schema refuses of services that are only read to be extended, by name.
    violations: HashMap<String, Vec<Violation>>,
    /// The services that are put together, by name, each the root of its tree.
    resolved: HashMap<String, Arc<Tree>>,
}

/// What an `extends` means.
enum Target {
    /// A service of a sheet.
    Service(usize, String),
    /// A service that is there and says nothing.
    Nothing,
    /// Something that is not looked at or not there.
    OutOfReach,
}

impl Loader<'_, '_> {
    /// The document with each service that extends another put together with that one. A service
    /// whose `extends` leads out of reach keeps the key.
    pub(super) fn apply_extends(&mut self, tree: Tree, file: &ComposeFile, scope: &Scope) -> Tree {
        let Some(all) = services(&tree) else { return tree };
        let names: Vec<String> = all
            .entries()
            .filter(|entry| extends_of(entry.value).is_some())
            .map(|entry| entry.name().to_owned())
            .collect();
        if names.is_empty() {
            return tree;
        }
        let tree = Arc::new(tree);
        let sheet = self.sheets.len();
        self.sheets.push(Sheet {
            path: normal(&file.path),
            tree: Arc::clone(&tree),
            scope: scope.clone(),
            violations: HashMap::new(),
            resolved: HashMap::new(),
        });
        let resolved: HashMap<String, Arc<Tree>> = names
            .into_iter()
            .map(|name| {
                let tree = self.resolve(sheet, &name);
                (name, tree)
            })
            .collect();
        with_services(&tree, &resolved)
    }

    /// The service with all that it extends, as the root of a tree.
    fn resolve(&mut self, sheet: usize, name: &str) -> Arc<Tree> {
        // From the service to what it extends, and so on; then back.
        let mut chain: Vec<(usize, String)> = vec![(sheet, name.to_owned())];
        let mut base: Option<Arc<Tree>> = None;
        while let Some((sheet, name)) = chain.last().cloned() {
            if let Some(known) = self.sheets[sheet].resolved.get(&name) {
                base = Some(Arc::clone(known));
                chain.pop();
                break;
            }
            let tree = Arc::clone(&self.sheets[sheet].tree);
            let service = services(&tree).and_then(|services| services.get(&name));
            let Some(service) = service.filter(|service| service.kind() == Kind::Mapping) else {
                chain.pop();
                break;
            };
            let Some(extends) = extends_of(service) else {
                base = Some(self.keep(sheet, &name, without(service, "")));
                chain.pop();
                break;
            };
            match self.target(sheet, &name, extends) {
                Target::Service(sheet, name) => {
                    if let Some(problem) = self.circle(&chain, sheet, &name, extends) {
                        self.report(problem);
                    } else if chain.len() >= MAX_CHAIN {
                        let message = format!("more than {MAX_CHAIN} services extend one another");
                        self.limit(extends.span(), message);
                    } else if self.is_spent() {
                        self.limit(extends.span(), TOO_MUCH);
                    } else {
                        let violations = self.sheets[sheet].violations.remove(&name);
                        self.refuse(violations.unwrap_or_default());
                        chain.push((sheet, name));
                        continue;
                    }
                    base = Some(self.keep(sheet_of(&chain), name_of(&chain), without(service, "")));
                }
                Target::Nothing => {
                    base = Some(self.keep(sheet, &name, without(service, "extends")));
                }
                Target::OutOfReach => base = Some(self.keep(sheet, &name, without(service, ""))),
            }
            chain.pop();
            break;
        }
        for (sheet, name) in chain.into_iter().rev() {
            let tree = Arc::clone(&self.sheets[sheet].tree);
            let Some(service) = services(&tree).and_then(|services| services.get(&name)) else { continue };
            let over = without(service, "extends");
            let merged = match &base {
                Some(base) => {
                    let (merged, clashes) = extend(&name, &shared(base), &over);
                    self.clash(clashes);
                    merged
                }
                None => over,
            };
            base = Some(self.keep(sheet, &name, merged));
        }
        base.unwrap_or_default()
    }

    fn keep(&mut self, sheet: usize, name: &str, tree: Tree) -> Arc<Tree> {
        self.spend(tree.len());
        let tree = Arc::new(tree);
        self.sheets[sheet].resolved.insert(name.to_owned(), Arc::clone(&tree));
        tree
    }

    /// The problem if the service is one of those that led to it.
    fn circle(
        &self,
        chain: &[(usize, String)],
        sheet: usize,
        name: &str,
        extends: Yaml<'_>,
    ) -> Option<LoadProblem> {
        let path = &self.sheets[sheet].path;
        let at = chain.iter().position(|(other, it)| it == name && self.sheets[*other].path == *path)?;
        let names: Vec<String> =
            chain[at..].iter().map(|(_, name)| name.as_str()).chain([name]).map(quoted).collect();
        let message = if names.len() == 2 {
            format!("service {} extends itself", names[0])
        } else if names.len() > 9 {
            format!("service {} extends itself through {} others", names[0], names.len() - 2)
        } else {
            format!("services extend one another in a circle: {}", names.join(" → "))
        };
        Some(LoadProblem::new(LoadProblemKind::Extends, extends.span(), message))
    }

    /// What the `extends` of a service means.
    fn target(&mut self, sheet: usize, name: &str, extends: Yaml<'_>) -> Target {
        let (service, file) = match extends.kind() {
            Kind::Scalar => (extends, None),
            Kind::Mapping => match extends.get("service") {
                Some(service) => (service, extends.get("file").filter(|file| !file.is_null())),
                // That it is missing is the schema's to say.
                None => return Target::OutOfReach,
            },
            Kind::Sequence => return Target::OutOfReach,
        };
        let Some(wanted) = service.as_str() else { return Target::OutOfReach };
        let sheet = match file {
            None => sheet,
            Some(file) => {
                let Some(text) = file.as_str() else { return Target::OutOfReach };
                match self.sheet(sheet, text, file.span()) {
                    Some(sheet) => sheet,
                    None => return Target::OutOfReach,
                }
            }
        };
        let tree = Arc::clone(&self.sheets[sheet].tree);
        let path = self.sheets[sheet].path.display();
        let Some(all) = services(&tree) else {
            let message = format!("service `{name}` cannot extend `{wanted}`: `{path}` has no services");
            let span = file.unwrap_or(service).span();
            self.report(LoadProblem::new(LoadProblemKind::Extends, span, message));
            return Target::OutOfReach;
        };
        match all.get(wanted) {
            Some(found) if found.is_null() => Target::Nothing,
            Some(_) => Target::Service(sheet, wanted.to_owned()),
            None => {
                let message =
                    format!("service `{name}` cannot extend `{wanted}`: `{path}` has no such service");
                let names = all.entries().map(|entry| entry.name()).filter(|it| *it != name);
                let nearest = crate::nearest::nearest(wanted, names);
                let problem = LoadProblem::new(LoadProblemKind::Extends, service.span(), message);
                self.report(match nearest {
                    Some(nearest) => problem.with_help(format!("extend `{nearest}`")),
                    None => problem,
                });
                Target::OutOfReach
            }
        }
    }

    /// The sheet of a file that a service extends something of. `None`, with a problem, if it cannot
    /// be read.
    fn sheet(&mut self, from: usize, text: &str, span: Span) -> Option<usize> {
        if is_remote(text) {
            let message = format!("`{text}` is fetched from elsewhere, and is not looked at");
            self.report(LoadProblem::new(LoadProblemKind::OutOfReach, span, message));
            return None;
        }
        let scope = self.sheets[from].scope.clone();
        let path = normal(&scope.directory.join(text));
        let key = (path.clone(), scope.number);
        if let Some(Some(known)) = self.sheet_of.get(&key) {
            return Some(*known);
        }
        let file = match self.workspace.compose_file(&path) {
            Ok(file) => file,
            Err(error) => {
                self.report(unreadable(
                    self.workspace.kind(&path),
                    LoadProblemKind::Extends,
                    text,
                    &error,
                    span,
                ));
                return None;
            }
        };
        self.note(&file);
        let directory = path.parent().map(Path::to_owned).unwrap_or_default();
        let scope = Scope { directory, ..scope };
        let mut merged: Option<Tree> = None;
        let mut violations = HashMap::new();
        for document in &file.documents {
            let (tree, is_whole) = self.expand(document, &scope);
            for service in services(&tree).into_iter().flat_map(Yaml::entries).filter(|_| is_whole) {
                let mut refused = schema::check_service(service.name(), service.value);
                // What one lacks, the service that extends it may have.
                refused.retain(|violation| violation.lack.is_none());
                if !refused.is_empty() {
                    violations.insert(service.name().to_owned(), refused);
                }
            }
            let (tree, clashes) = merge(merged.as_ref(), &self.rebased(tree, &scope.directory));
            self.clash(clashes);
            merged = Some(tree);
        }
        // What is wrong with the text is said of the file itself.
        let sheet = file.problems.is_empty().then(|| {
            let tree = Arc::new(merged.unwrap_or_default());
            self.sheets.push(Sheet { path, tree, scope, violations, resolved: HashMap::new() });
            self.sheets.len() - 1
        });
        self.sheet_of.insert(key, sheet);
        sheet
    }
}

/// The problem of a file that cannot be read.
pub(super) fn unreadable(
    found: Option<PathKind>,
    kind: LoadProblemKind,
    path: &str,
    error: &ReadError,
    span: Span,
) -> LoadProblem {
    let why = match (found, error) {
        (Some(PathKind::Directory), _) => "it is a directory".to_owned(),
        (_, ReadError::NotFound) => "there is no such file".to_owned(),
        (_, ReadError::NotAFile) => "it is not a file".to_owned(),
        _ => error.to_string(),
    };
    LoadProblem::new(kind, span, format!("`{path}` cannot be read: {why}"))
}

fn sheet_of(chain: &[(usize, String)]) -> usize {
    chain.last().map_or(0, |(sheet, _)| *sheet)
}

fn name_of(chain: &[(usize, String)]) -> &str {
    chain.last().map_or("", |(_, name)| name)
}

fn quoted(name: &str) -> String {
    format!("`{name}`")
}

/// What a service says under `extends`.
fn extends_of(service: Yaml<'_>) -> Option<Yaml<'_>> {
    service.get("extends").filter(|extends| !extends.is_null())
}

/// A copy of the tree in which every node counts as used in several places.
fn shared(tree: &Tree) -> Tree {
    let mut builder = Builder::new();
    builder.add_texts(tree);
    let root = tree.root().map(|root| builder.copy(root));
    builder.share_all();
    builder.finish(root)
}

/// A copy of the document with these services in the place of its own of the same name.
fn with_services(tree: &Tree, resolved: &HashMap<String, Arc<Tree>>) -> Tree {
    let mut builder = Builder::new();
    builder.add_texts(tree);
    let Some(root) = tree.root() else { return Tree::default() };
    let mut children: Vec<NodeId> = Vec::new();
    for entry in root.entries() {
        children.push(builder.copy(entry.key));
        if entry.name() != "services" {
            children.push(builder.copy(entry.value));
            continue;
        }
        let mut of_services = Vec::new();
        for service in entry.value.entries() {
            of_services.push(builder.copy(service.key));
            let resolved = resolved.get(service.name());
            resolved.into_iter().for_each(|tree| builder.add_texts(tree));
            let tree = resolved.and_then(|tree| tree.root());
            of_services.push(builder.copy(tree.unwrap_or(service.value)));
        }
        children.push(super::load::like(&mut builder, entry.value, &of_services));
    }
    let root = super::load::like(&mut builder, root, &children);
    builder.finish(Some(root))
}
