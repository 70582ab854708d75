//! Files put together as the engine puts them together: variables, `extends`, `include`, then one
//! file onto the other.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::environment::{Environment, Occurrence, Unset};
use super::extends::Sheet;
use super::file::{ComposeFile, Workspace};
use super::interpolate::{Lookup, Resolution, Template};
use super::merge::{Clash, alone, merge};
use super::project::{Deployment, normal};
use super::rebase::rebase;
use crate::schema::{self, Lack, Merged, Violation};
use crate::source::Span;
use crate::yaml::expand::{MAX_ALIASED_NODES, Refusal, expand};
use crate::yaml::parse::{MAX_DEPTH, Problem, ProblemKind};
use crate::yaml::{Builder, Kind, NodeId, Tree, Yaml};

/// The number of values that `extends` and `include` may bring, each use counted.
const MAX_VALUES: usize = 5_000_000;

/// What is said past that.
pub(super) const TOO_MUCH: &str = "the project stands for more than 5000000 values";

/// What kind of thing keeps a project from being put together.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LoadProblemKind {
    /// Two files say things of different kinds of the same key: a mapping and a text.
    Clash,
    /// An `extends` leads nowhere, or in a circle.
    Extends,
    /// An `include` leads nowhere, or in a circle.
    Include,
    /// An included file and the one that includes it, or another included one, define the same
    /// resource differently. Docker Compose merges them since 5.3; before, it refuses.
    Redefined,
    /// An `extends` or `include` names something that is fetched from elsewhere. The engine does; here
    /// it is not looked at.
    OutOfReach,
    /// A file of variables that the engine refuses.
    EnvFile,
    /// More files than are read.
    Limit,
}

/// Why a project could not be put together, or not wholly.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LoadProblem {
    /// What kind of thing it is.
    pub kind: LoadProblemKind,
    /// The bytes at fault.
    pub span: Span,
    /// The fact.
    pub message: String,
    /// What to write.
    pub help: Option<String>,
    /// Another place that explains it.
    pub label: Option<(Span, String)>,
}

impl LoadProblem {
    /// A problem without help and label.
    pub(super) fn new(kind: LoadProblemKind, span: Span, message: impl Into<String>) -> Self {
        Self { kind, span, message: message.into(), help: None, label: None }
    }

    /// The same with help.
    pub(super) fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same with a label.
    pub(super) fn with_label(self, span: Span, label: impl Into<String>) -> Self {
        Self { label: Some((span, label.into())), ..self }
    }
}

/// Where the names in a file are looked for.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// What relative paths of `extends`, `include` and everything else start from.
    pub(super) directory: PathBuf,
    /// The variables.
    pub(super) environment: Arc<Environment>,
    /// The number that tells this scope's variables from those of others.
    pub(super) number: usize,
}

/// What became of the files.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) tree: Tree,
    pub(super) directory: PathBuf,
    pub(super) environment: Arc<Environment>,
    /// Those of the deployment, then the others in the order in which they were needed.
    pub(super) files: Vec<Arc<ComposeFile>>,
    pub(super) problems: Vec<LoadProblem>,
    pub(super) refusals: Vec<Problem>,
    pub(super) occurrences: Vec<Occurrence>,
    /// What the schema refuses.
    pub(super) violations: Vec<Violation>,
    /// Whether names may be defined where this run does not look.
    pub(super) is_open: bool,
    /// Whether an `include` is among what this run does not look at.
    pub(super) lacks_include: bool,
    /// Whether a file of the deployment could not be read whole.
    pub(super) is_broken: bool,
    /// Whether a file of the deployment includes others.
    pub(super) includes: bool,
}

pub(super) struct Loader<'w, 'f> {
    pub(super) workspace: &'w Workspace<'f>,
    /// What all paths of the project are relative to.
    pub(super) root: PathBuf,
    pub(super) problems: Vec<LoadProblem>,
    pub(super) lacks_include: bool,
    pub(super) includes: bool,
    /// The files that were included so far, and how often any was.
    pub(super) included: HashSet<PathBuf>,
    pub(super) inclusions: usize,
    /// The number of values that were copied so far.
    spent: usize,
    /// The number of scopes so far.
    pub(super) scopes: usize,
    /// The documents whose services may be extended.
    pub(super) sheets: Vec<Sheet>,
    /// The sheets of files by path and scope; `None` for a file that cannot be read.
    pub(super) sheet_of: HashMap<(PathBuf, usize), Option<usize>>,
    files: Vec<Arc<ComposeFile>>,
    refusals: Vec<Problem>,
    occurrences: Vec<Occurrence>,
    occurred: HashSet<Span>,
    violations: Vec<Violation>,
    /// The services that a list of `depends_on` names: the engine gives them a condition.
    listed: HashSet<String>,
}

/// Reads what a deployment reads.
pub(super) fn load(workspace: &Workspace<'_>, deployment: &Deployment) -> Loaded {
    let directory =
        deployment.files.first().and_then(|file| file.parent()).map(Path::to_owned).unwrap_or_default();
    let mut problems = Vec::new();
    let mut environment =
        Environment::of_files(workspace, &directory, &deployment.env_files, deployment.unset, &mut problems);
    if deployment.unset == Unset::Blank
        && let Some(name) = project_name(workspace, deployment, &directory, &environment)
    {
        environment.supply("COMPOSE_PROJECT_NAME", &name);
    }
    let environment = Arc::new(environment);
    let mut loader = Loader {
        workspace,
        root: directory.clone(),
        problems,
        lacks_include: false,
        includes: false,
        included: HashSet::new(),
        inclusions: 0,
        spent: 0,
        scopes: 1,
        sheets: Vec::new(),
        sheet_of: HashMap::new(),
        files: Vec::new(),
        refusals: Vec::new(),
        occurrences: Vec::new(),
        occurred: HashSet::new(),
        violations: Vec::new(),
        listed: HashSet::new(),
    };
    let scope = Scope { directory: directory.clone(), environment: Arc::clone(&environment), number: 0 };
    let mut files = Vec::new();
    for path in &deployment.files {
        // That a file of the deployment cannot be read is the caller's to say.
        files.extend(workspace.compose_file(path).ok());
    }
    let is_broken =
        files.len() < deployment.files.len() || files.iter().any(|file| !file.problems.is_empty());
    loader.files.clone_from(&files);
    let tree = loader.model(&files, &scope, &mut Vec::new());
    let is_broken = is_broken || !loader.refusals.is_empty();
    let is_open = deployment.is_fragment || is_broken || loader.lacks_include;
    let violations = settled(loader.violations, &tree, &loader.listed, is_open);
    Loaded {
        tree,
        directory,
        environment,
        files: loader.files,
        problems: loader.problems,
        refusals: loader.refusals,
        occurrences: loader.occurrences,
        violations,
        is_open,
        lacks_include: loader.lacks_include,
        is_broken,
        includes: loader.includes,
    }
}

impl Loader<'_, '_> {
    /// The files, each with what it extends and includes, merged one onto the other. `stack` are the
    /// files whose `include` led here.
    pub(super) fn model(
        &mut self,
        files: &[Arc<ComposeFile>],
        scope: &Scope,
        stack: &mut Vec<PathBuf>,
    ) -> Tree {
        let mut merged: Option<Tree> = None;
        for file in files {
            for document in &file.documents {
                let (tree, is_whole) = self.expand(document, scope);
                if is_whole {
                    self.violations.extend(schema::check(&tree));
                    let lists = services(&tree).into_iter().flat_map(Yaml::entries);
                    let lists = lists.filter_map(|service| service.value.get("depends_on"));
                    self.listed
                        .extend(lists.flat_map(Yaml::items).filter_map(Yaml::as_str).map(str::to_owned));
                }
                let tree = self.rebased(tree, &scope.directory);
                let tree = self.apply_extends(tree, file, scope);
                stack.push(normal(&file.path));
                let tree = self.apply_include(tree, scope, stack);
                stack.pop();
                merged = Some(match merged {
                    None => alone(tree),
                    Some(base) => {
                        let (tree, clashes) = merge(Some(&base), &tree);
                        self.clash(clashes);
                        tree
                    }
                });
            }
        }
        merged.unwrap_or_default()
    }

    /// The document with aliases resolved and variables put in, and whether it is whole: nothing of it
    /// was refused.
    pub(super) fn expand(&mut self, document: &Tree, scope: &Scope) -> (Tree, bool) {
        let mut occurrences = Vec::new();
        let (tree, refusal) =
            expand(document, &mut |scalar| scope.environment.interpolate(scalar, &mut occurrences));
        // An alias repeats what it stands for, and a file may be read for several others.
        self.spend(tree.len());
        let occurred = &mut self.occurred;
        self.occurrences.extend(occurrences.into_iter().filter(|it| occurred.insert(it.span)));
        let is_whole = refusal.is_none();
        if let Some(refusal) = refusal {
            let refused = refused(&refusal);
            if !self.refusals.contains(&refused) {
                self.refusals.push(refused);
            }
        }
        (tree, is_whole)
    }

    /// The document with its paths made relative to the project.
    pub(super) fn rebased(&self, tree: Tree, directory: &Path) -> Tree {
        let prefix = relative(&self.root, directory);
        if prefix.as_os_str().is_empty() { tree } else { rebase(&tree, &prefix) }
    }

    /// Adds what is wrong with a service that is extended.
    pub(super) fn refuse(&mut self, violations: Vec<Violation>) {
        self.violations.extend(violations);
    }

    /// Notes a file that a file of the deployment needs.
    pub(super) fn note(&mut self, file: &Arc<ComposeFile>) {
        if !self.files.iter().any(|it| it.source == file.source) {
            self.files.push(Arc::clone(file));
        }
    }

    /// Counts the values of a tree that was made.
    pub(super) fn spend(&mut self, values: usize) {
        self.spent = self.spent.saturating_add(values);
    }

    /// Whether no more may be read.
    pub(super) fn is_spent(&self) -> bool {
        self.spent > MAX_VALUES
    }

    /// Says that a limit is passed, the first time.
    pub(super) fn limit(&mut self, span: Span, message: impl Into<String>) {
        if !self.problems.iter().any(|problem| problem.kind == LoadProblemKind::Limit) {
            self.problems.push(LoadProblem::new(LoadProblemKind::Limit, span, message));
        }
    }

    /// Adds a problem, unless it is known.
    pub(super) fn report(&mut self, problem: LoadProblem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Adds what could not be merged.
    pub(super) fn clash(&mut self, clashes: Vec<Clash>) {
        for clash in clashes {
            let message = format!("`{}` is another kind of value than in what it is merged onto", clash.path);
            self.report(
                LoadProblem::new(LoadProblemKind::Clash, clash.over, message)
                    .with_label(clash.base, "it cannot be merged with this"),
            );
        }
    }
}

/// The violations without those that the merged document heals, each once. Of a project that is open,
/// anything may be elsewhere.
fn settled(
    violations: Vec<Violation>,
    merged: &Tree,
    listed: &HashSet<String>,
    is_open: bool,
) -> Vec<Violation> {
    if violations.is_empty() {
        return violations;
    }
    let mut seen = HashSet::new();
    let merged = Merged::new(merged);
    let is_lacking = |lack: &Lack| {
        let is_listed = lack.dependency().is_some_and(|name| listed.contains(name));
        !is_open && !is_listed && !merged.supplies(lack)
    };
    violations
        .into_iter()
        .filter(|it| it.lack.as_ref().is_none_or(is_lacking))
        .filter(|it| seen.insert((it.kind, it.span, it.message.clone())))
        .collect()
}

/// The name of the project, by the engine's rules: what the deployment says, `COMPOSE_PROJECT_NAME`, the last `name` of the
/// files, the directory. `None` if it depends on an unknown variable, or the directory has no name.
pub(super) fn project_name(
    workspace: &Workspace<'_>,
    deployment: &Deployment,
    directory: &Path,
    environment: &Environment,
) -> Option<String> {
    let given = deployment.name.as_deref().or(environment.get("COMPOSE_PROJECT_NAME"));
    if let Some(name) = given.filter(|name| !name.is_empty()) {
        return Some(name.to_owned());
    }
    let files: Vec<Arc<ComposeFile>> =
        deployment.files.iter().filter_map(|path| workspace.compose_file(path).ok()).collect();
    let mut names = files.iter().flat_map(|file| &file.documents).filter_map(|document| {
        let name = document.root()?.get("name")?;
        name.raw_str().filter(|_| !name.is_null()).map(|text| (text, name.raw_map()))
    });
    if let Some((text, map)) = names.next_back() {
        let lookup = |name: &str| match environment.lookup(name) {
            Lookup::Unset if deployment.unset == Unset::Unknown => Lookup::Unknown,
            lookup => lookup,
        };
        let resolution = Template::parse(text, &map).ok()?.resolve(&lookup);
        let Resolution::Known(resolved) = resolution else { return None };
        let name = normal_name(&resolved.text);
        if !name.is_empty() {
            return Some(name);
        }
    }
    let named = |path: &Path| match path.components().next_back() {
        Some(Component::Normal(name)) => Some(normal_name(&name.to_string_lossy())),
        _ => None,
    };
    let here = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    named(here).or_else(|| named(&workspace.canonical(here)?)).filter(|name| !name.is_empty())
}

/// The text as the engine makes a project's name of it.
fn normal_name(text: &str) -> String {
    let kept: String = text
        .to_lowercase()
        .chars()
        .filter(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || matches!(char, '_' | '-'))
        .collect();
    kept.trim_start_matches(['_', '-']).to_owned()
}

/// The path that leads from `root` to `directory`; empty if they are the same. Where none can be
/// told, `directory` itself.
pub(super) fn relative(root: &Path, directory: &Path) -> PathBuf {
    let parts = |path: &Path| -> Vec<PathBuf> {
        let path = normal(path);
        let parts = path.components().filter(|part| *part != Component::CurDir);
        parts.map(|part| PathBuf::from(part.as_os_str())).collect()
    };
    let (from, to) = (parts(root), parts(directory));
    if root.is_absolute() != directory.is_absolute() {
        return directory.to_owned();
    }
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    if from[shared..].iter().any(|part| part == Path::new("..")) {
        return directory.to_owned();
    }
    let up = std::iter::repeat_n(PathBuf::from(".."), from.len() - shared);
    up.chain(to[shared..].iter().cloned()).collect()
}

/// Whether a file, or a build context, is fetched from elsewhere.
pub(super) fn is_remote(path: &str) -> bool {
    path.contains("://")
        || path.starts_with("git@")
        || path.starts_with("github.com/")
        || path.starts_with("oci:")
        || path.split_once('#').is_some_and(|(path, _)| path.ends_with(".git"))
}

/// The services of a document, if they are a mapping.
pub(super) fn services(tree: &Tree) -> Option<Yaml<'_>> {
    tree.root()?.get("services").filter(|services| services.kind() == Kind::Mapping)
}

/// A copy of a mapping without one of its keys, as a tree of its own.
pub(super) fn without(mapping: Yaml<'_>, key: &str) -> Tree {
    let mut builder = Builder::new();
    builder.add_texts(mapping.tree());
    let mut children: Vec<NodeId> = Vec::new();
    for entry in mapping.entries().filter(|entry| entry.name() != key) {
        children.push(builder.copy(entry.key));
        children.push(builder.copy(entry.value));
    }
    let root = like(&mut builder, mapping, &children);
    builder.finish(Some(root))
}

/// Adds a collection with these children that is otherwise what `model` is.
pub(super) fn like(builder: &mut Builder, model: Yaml<'_>, children: &[NodeId]) -> NodeId {
    let id = match model.kind() {
        Kind::Sequence => builder.sequence(children, model.style(), model.span()),
        Kind::Mapping | Kind::Scalar => builder.mapping(children, model.style(), model.span()),
    };
    if model.is_shared() {
        builder.set_shared(id);
    }
    if let Some(tag) = model.tag() {
        builder.set_tag(id, tag.clone());
    }
    id
}

fn refused(refusal: &Refusal) -> Problem {
    let (kind, span, message) = match refusal {
        Refusal::TooManyNodes(span) => (
            ProblemKind::Limit,
            *span,
            format!("the aliases of the file stand for more than {MAX_ALIASED_NODES} values"),
        ),
        Refusal::TooDeep(span) => (
            ProblemKind::Limit,
            *span,
            format!("with its aliases resolved, collections are nested more than {MAX_DEPTH} deep"),
        ),
        Refusal::NotAMapping(span) => (
            ProblemKind::Syntax,
            *span,
            "`<<` takes a mapping or a list of mappings, and this is neither".to_owned(),
        ),
    };
    Problem { kind, span, message, help: None, label: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_relative_to_the_project() {
        let between = |root: &str, directory: &str| {
            relative(Path::new(root), Path::new(directory)).to_string_lossy().into_owned()
        };
        assert_eq!(between("", "."), "");
        assert_eq!(between("", "a/b"), "a/b");
        assert_eq!(between("a", "a/b"), "b");
        assert_eq!(between("a/b", "a/c/d"), "../c/d");
        assert_eq!(between("/x/a", "/x"), "..");
        assert_eq!(between("a", ".."), "../..");
        // Nothing leads from an absolute path to one that is relative to elsewhere, or out of `..`.
        assert_eq!(between("/x", "a"), "a");
        assert_eq!(between("../x", "a"), "a");
        assert_eq!(between("../x", "../x/a"), "a");
    }

    #[test]
    fn what_is_fetched_is_remote() {
        for path in [
            "https://example.com/compose.yaml",
            "git@example.com:a/b.git",
            "github.com/a/b",
            "oci:registry/x",
            "example.com/a/b.git#main:dir",
        ] {
            assert!(is_remote(path), "{path}");
        }
        for path in ["./compose.yaml", "../a.git", "a#b", "a#b.git", "git/compose.yaml"] {
            assert!(!is_remote(path), "{path}");
        }
    }

    #[test]
    fn a_project_has_a_name_of_few_characters() {
        assert_eq!(normal_name("_My App.2"), "myapp2");
    }
}
