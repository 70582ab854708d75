//! What is at the paths that a project names, found out when it is read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::env_file::items;
use super::file::Workspace;
use super::mount::{Mount, MountKind};
use super::project::{Project, is_remote, normal};
use super::service::Service;
use crate::fs::Kind;
use crate::source::{Span, Spanned};
use crate::yaml::{self, Yaml};

/// How deep in the directory from which it is started a project is looked for.
const DEEPEST_PROJECT: usize = 4;

/// What tells how a directory that is built is kept: what hides files from a build, and what does not
/// belong in an image.
pub const CONTEXT_NAMES: &[&str] = &[".dockerignore", ".git", ".env", "node_modules"];

/// What a path is for.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// The directory that is built.
    Context,
    /// The Dockerfile.
    Dockerfile,
    /// A file of `env_file`.
    EnvFile,
    /// A file of `label_file`.
    LabelFile,
    /// The file of a secret.
    Secret,
    /// The file of a config.
    Config,
    /// The source of a bind mount.
    Bind,
}

/// A path of the machine that a project names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathUse<'p> {
    /// What it is for.
    pub purpose: Purpose,
    /// The path relative to the project's directory, without detours.
    pub path: PathBuf,
    /// Where it is said; for a Dockerfile by its usual name, where the context is.
    pub span: Span,
    /// Whether the project cannot run without it.
    pub is_required: bool,
    /// The path in the container, of a bind mount.
    pub target: Option<Spanned<&'p str>>,
}

/// What is at a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reach {
    /// A file or directory.
    Found(Kind),
    /// Nothing.
    Missing(Missing),
}

/// What is known of a path that leads nowhere.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Missing {
    /// Whether git ignores it: then it is made on each machine.
    pub is_ignored: bool,
    /// The sample beside it from which it is made, as `.env.example` for `.env`.
    pub sample: Option<PathBuf>,
    /// What is beside it under nearly the same name.
    pub near: Option<PathBuf>,
    /// Whether the directory that it would be in is there.
    pub has_directory: bool,
}

/// What is at the paths that a project names. A path that leads out of the repository, or that nobody
/// knows, is not among them.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    reached: BTreeMap<PathBuf, Reach>,
    tracked: BTreeSet<PathBuf>,
}

impl Paths {
    /// What is at a path relative to the project's directory; `None` if that is not known.
    pub fn reach(&self, path: &Path) -> Option<&Reach> {
        self.reached.get(path)
    }

    /// What of [`CONTEXT_NAMES`] is in the directories that are built.
    fn look_into_contexts(&mut self, workspace: &Workspace<'_>, directory: &Path, project: &Project) {
        let services = project.service_names().filter_map(|name| project.service(name));
        let contexts: Vec<_> = services.flat_map(build_uses).collect();
        for context in contexts.iter().filter(|it| it.purpose == Purpose::Context) {
            for name in CONTEXT_NAMES {
                let path = normal(&context.path.join(name));
                if let Some(kind) = workspace.kind(&normal(&directory.join(&path))) {
                    self.reached.insert(path, Reach::Found(kind));
                }
            }
        }
    }

    /// Whether a file of variables or of a secret, relative to the project's directory, is there in a git
    /// repository, and nothing that is known keeps git from taking it in.
    pub fn is_tracked(&self, path: &Path) -> bool {
        self.tracked.contains(path)
    }

    pub(super) fn of_project(workspace: &Workspace<'_>, directory: &Path, project: &Project) -> Self {
        let mut paths = Self::default();
        if is_lone_override(project) {
            return paths;
        }
        let mut surroundings = None;
        let services = project.service_names().filter_map(|name| project.service(name));
        let uses = services.flat_map(path_uses).chain(file_uses(project));
        for PathUse { path, purpose, .. } in uses {
            let holds_secrets = matches!(purpose, Purpose::EnvFile | Purpose::Secret);
            if paths.reached.contains_key(&path) && (!holds_secrets || paths.tracked.contains(&path)) {
                continue;
            }
            let full = normal(&directory.join(&path));
            // BuildKit takes the usual name in lower case too.
            let other = full.ends_with("Dockerfile").then(|| full.with_file_name("dockerfile"));
            let kind = workspace.kind(&full).or_else(|| other.and_then(|other| workspace.kind(&other)));
            if let Some(kind) = kind {
                if holds_secrets && kind == Kind::File {
                    let around = surroundings.get_or_insert_with(|| Surroundings::of(workspace, directory));
                    if around.takes_in(workspace, &path) {
                        paths.tracked.insert(path.clone());
                    }
                }
                paths.reached.insert(path, Reach::Found(kind));
                continue;
            }
            let around = surroundings.get_or_insert_with(|| Surroundings::of(workspace, directory));
            if let Some(missing) = around.missing(workspace, directory, &path) {
                paths.reached.insert(path, Reach::Missing(missing));
            }
        }
        paths.look_into_contexts(workspace, directory, project);
        paths
    }
}

/// Whether the project is an override without what it overrides: such a file is there to be copied to
/// where it belongs.
fn is_lone_override(project: &Project) -> bool {
    let [file] = project.deployment.files.as_slice() else { return false };
    file.file_name().is_some_and(|name| name.to_string_lossy().contains(".override."))
}

/// The repository around a project's directory.
pub(super) struct Surroundings {
    /// The absolute directory of the project.
    directory: PathBuf,
    /// The root of the repository; without one, the project's directory.
    root: PathBuf,
    /// Whether that is a repository.
    is_repository: bool,
    /// Directories of other repositories, which may not be there yet.
    submodules: Vec<PathBuf>,
    /// What git ignores, by directory, the outermost first.
    ignored: Vec<(PathBuf, Gitignore)>,
}

impl Surroundings {
    /// What is around a directory.
    pub(super) fn of(workspace: &Workspace<'_>, directory: &Path) -> Self {
        let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
        let directory = workspace.canonical(directory).unwrap_or_else(|| normal(directory));
        let root = directory
            .ancestors()
            .find(|ancestor| workspace.kind(&ancestor.join(".git")).is_some())
            .map(Path::to_owned);
        let is_repository = root.is_some();
        let root = root.unwrap_or_else(|| directory.clone());
        let text = |path: PathBuf| {
            let is_file = workspace.kind(&path) == Some(Kind::File);
            let source = is_file.then(|| workspace.text(&path).ok()).flatten()?;
            Some(workspace.sources().get(source).shared_text())
        };
        let submodules = text(root.join(".gitmodules")).map(|text| {
            let paths =
                text.lines().filter_map(|line| line.trim().strip_prefix("path")?.trim().strip_prefix('='));
            paths.map(|path| root.join(path.trim())).collect()
        });
        let mut ignored: Vec<(PathBuf, Gitignore)> = directory
            .ancestors()
            .take_while(|ancestor| ancestor.starts_with(&root))
            .filter_map(|ancestor| Some((ancestor.to_owned(), matcher(&text(ancestor.join(".gitignore"))?)?)))
            .collect();
        ignored.reverse();
        Self { directory, root, is_repository, submodules: submodules.unwrap_or_default(), ignored }
    }

    /// What is known of a path at which there is nothing; `None` if it is out of reach.
    fn missing(&self, workspace: &Workspace<'_>, directory: &Path, path: &Path) -> Option<Missing> {
        let full = normal(&self.directory.join(path));
        let leads_out = full.components().any(|part| part == Component::ParentDir);
        let is_inside = full.starts_with(&self.root) || self.root == Path::new(".");
        if leads_out || !is_inside || self.submodules.iter().any(|module| full.starts_with(module)) {
            return None;
        }
        // The project may be started with `--project-directory`, or be included, from a directory above.
        let is_near = |above: &Path| {
            if self.is_repository { above.starts_with(&self.root) } else { above.parent().is_some() }
        };
        let mut above = self.directory.ancestors().skip(1).take(DEEPEST_PROJECT);
        if above.any(|above| is_near(above) && workspace.kind(&above.join(path)).is_some()) {
            return None;
        }
        let beside = normal(&directory.join(path));
        let parent = beside.parent().map(Path::to_owned).unwrap_or_default();
        let parent = if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent };
        let name = path.file_name()?.to_str()?;
        let names: Vec<String> =
            workspace.list(&parent).into_iter().filter_map(|(name, _)| name.into_string().ok()).collect();
        let sample = names.iter().find(|other| is_sample(other, name));
        let near = names
            .iter()
            .map(|other| (strsim::damerau_levenshtein(name, other), other))
            .filter(|(distance, other)| *distance <= 1 + other.len().min(name.len()) / 8)
            .min()
            .map(|(_, other)| other);
        Some(Missing {
            is_ignored: self.is_ignored(&full),
            sample: sample.map(|other| path.with_file_name(other)),
            near: near.map(|other| path.with_file_name(other)),
            has_directory: workspace.kind(&parent) == Some(Kind::Directory),
        })
    }

    /// Whether a path of the directory is in this repository, and in none that it has as a part.
    pub(super) fn holds(&self, path: &str) -> bool {
        let full = normal(&self.directory.join(path));
        let is_inside = full.starts_with(&self.root) || self.root == Path::new(".");
        is_inside && !self.submodules.iter().any(|module| full.starts_with(module))
    }

    /// Whether git ignores a path of the directory.
    pub(super) fn ignores(&self, path: &str) -> bool {
        self.is_ignored(&normal(&self.directory.join(path)))
    }

    /// Whether git takes in the file at a path relative to the project's directory.
    fn takes_in(&self, workspace: &Workspace<'_>, path: &Path) -> bool {
        let full = normal(&self.directory.join(path));
        if !self.is_repository
            || full.components().any(|part| part == Component::ParentDir)
            || !(full.starts_with(&self.root) || self.root == Path::new("."))
            || self.submodules.iter().any(|module| full.starts_with(module))
        {
            return false;
        }
        // What is between the project's directory and the file may ignore it too.
        let below = full.ancestors().skip(1).take_while(|above| *above != self.directory);
        let mut below: Vec<(PathBuf, Gitignore)> = below
            .filter(|above| above.starts_with(&self.directory) && !above.as_os_str().is_empty())
            .filter_map(|above| {
                let path = above.join(".gitignore");
                let source =
                    (workspace.kind(&path) == Some(Kind::File)).then(|| workspace.text(&path).ok())??;
                Some((above.to_owned(), matcher(&workspace.sources().get(source).shared_text())?))
            })
            .collect();
        below.reverse();
        !is_ignored(self.ignored.iter().chain(&below), &full)
    }

    fn is_ignored(&self, full: &Path) -> bool {
        is_ignored(self.ignored.iter(), full)
    }
}

/// Whether the patterns, the outermost first, ignore the file.
fn is_ignored<'a>(patterns: impl Iterator<Item = &'a (PathBuf, Gitignore)>, full: &Path) -> bool {
    let mut is_ignored = false;
    for (directory, matcher) in patterns {
        let Ok(relative) = full.strip_prefix(directory) else { continue };
        // A pattern for directories fits too: what would be there is not known.
        let found = matcher.matched_path_or_any_parents(relative, false);
        let found = if found.is_none() { matcher.matched_path_or_any_parents(relative, true) } else { found };
        if !found.is_none() {
            is_ignored = found.is_ignore();
        }
    }
    is_ignored
}

fn matcher(text: &str) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new("");
    for line in text.lines() {
        // A line that is no pattern ignores nothing.
        drop(builder.add_line(None, line));
    }
    builder.build().ok()
}

/// Whether `other` is the sample from which a file is made.
fn is_sample(other: &str, name: &str) -> bool {
    const WORDS: &[&str] = &["example", "sample", "template", "dist", "tmpl", "default"];
    let is_marked = |rest: &str| WORDS.contains(&rest.trim_matches(['.', '-', '_']));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let bare = name.trim_start_matches('.');
    other.strip_prefix(name).or_else(|| other.strip_prefix(bare)).is_some_and(is_marked)
        || other.strip_suffix(name).or_else(|| other.strip_suffix(bare)).is_some_and(is_marked)
        || !stem.is_empty()
            && other.strip_prefix(stem).and_then(|rest| rest.strip_suffix(extension)).is_some_and(is_marked)
}

/// The path that a text names, if it is relative to the project's directory.
fn relative(text: &str) -> Option<PathBuf> {
    let is_elsewhere = text.is_empty()
        || text.starts_with(['~', '/', '\\'])
        || text.contains(['\\', '$'])
        || text.as_bytes().get(1) == Some(&b':');
    (!is_elsewhere).then(|| normal(Path::new(text)))
}

/// The paths that a service names, in the order of its keys' meaning: what it builds, its files, what it
/// mounts. What is absolute, below the home directory, remote or unknown is left out.
pub fn path_uses(service: Service<'_>) -> Vec<PathUse<'_>> {
    let project = service.project();
    let mut uses = build_uses(service);
    let file = |yaml: Yaml<'_>, purpose, is_required| {
        let path = relative(yaml.as_str()?)?;
        project.is_own(yaml).then_some(PathUse {
            purpose,
            path,
            span: yaml.span(),
            is_required,
            target: None,
        })
    };
    for item in items(service.get("env_file")) {
        let is_mapping = item.kind() == yaml::Kind::Mapping;
        let entry = if is_mapping { item.get("path") } else { Some(item) };
        let required = item.get("required").filter(|required| !required.is_null());
        let is_required = required.is_none_or(|required| required.as_bool() == Some(true));
        uses.extend(entry.and_then(|entry| file(entry, Purpose::EnvFile, is_required)));
    }
    for item in items(service.get("label_file")) {
        uses.extend(file(item, Purpose::LabelFile, true));
    }
    uses.extend(items(service.get("volumes")).into_iter().filter_map(|item| bind(project, item)));
    uses
}

fn build_uses(service: Service<'_>) -> Vec<PathUse<'_>> {
    let mut uses = Vec::new();
    let Some(entry) = service.entry("build") else { return uses };
    let build = entry.value;
    let is_mapping = build.kind() == yaml::Kind::Mapping;
    let key = |key: &str| build.get(key).filter(|value| is_mapping && !value.is_null());
    let context = if is_mapping { key("context") } else { Some(build) };
    let at = context.unwrap_or(entry.key);
    let text = match context {
        Some(context) => context.as_str(),
        None => Some("."),
    };
    let Some(text) = text.filter(|text| !is_remote(text) && service.project().is_own(at)) else {
        return uses;
    };
    let Some(directory) = relative(text) else { return uses };
    let is_required = service.get("image").is_none();
    let of = |purpose, path, span| PathUse { purpose, path, span, is_required, target: None };
    uses.push(of(Purpose::Context, directory.clone(), at.span()));
    if key("dockerfile_inline").is_some() {
        return uses;
    }
    match key("dockerfile") {
        Some(file) => {
            if let Some(path) = file.as_str().and_then(relative)
                && service.project().is_own(file)
            {
                uses.push(of(Purpose::Dockerfile, normal(&directory.join(path)), file.span()));
            }
        }
        None => {
            uses.push(of(Purpose::Dockerfile, normal(&directory.join("Dockerfile")), at.span()));
        }
    }
    uses
}

fn bind<'p>(project: &Project, item: Yaml<'p>) -> Option<PathUse<'p>> {
    if !project.is_own(item) || item.is_unknown() {
        return None;
    }
    let (path, span, target, is_required) = if item.kind() == yaml::Kind::Scalar {
        let mount = Mount::parse(item.as_str()?, &item.map()).ok()?;
        let source = mount.source.filter(|_| mount.kind == MountKind::Bind)?;
        let span = if source.span.source == item.span().source { source.span } else { item.span() };
        (relative(source.value)?, span, mount.target?, false)
    } else {
        let text = |key: &str| {
            let value = item.get(key)?;
            Some(Spanned::new(value.as_str()?, value.span()))
        };
        if text("type")?.value != "bind" {
            return None;
        }
        let creates = item.get("bind").and_then(|bind| bind.get("create_host_path"));
        if creates.is_some_and(Yaml::is_unknown) {
            return None;
        }
        let source = text("source")?;
        (
            relative(source.value)?,
            source.span,
            text("target")?,
            creates.and_then(Yaml::as_bool) == Some(false),
        )
    };
    Some(PathUse { purpose: Purpose::Bind, path, span, is_required, target: Some(target) })
}

/// The files of the secrets and configs that services are given, in source order.
pub fn file_uses(project: &Project) -> Vec<PathUse<'_>> {
    let mut uses = Vec::new();
    for (section, purpose) in [("secrets", Purpose::Secret), ("configs", Purpose::Config)] {
        let given: Vec<&str> = project
            .service_names()
            .filter_map(|name| project.service(name))
            .flat_map(|service| {
                let build = service.get("build").and_then(|build| build.get(section));
                let of_build = items(build)
                    .into_iter()
                    .filter_map(|item| item.as_str().or(item.get("source")?.as_str()));
                service.grants(section).into_iter().map(|(name, _)| name.value).chain(of_build)
            })
            .collect();
        for entry in project.root().and_then(|root| root.get(section)).into_iter().flat_map(Yaml::entries) {
            let Some(file) = entry.value.get("file") else { continue };
            if let Some(path) = file.as_str().and_then(relative)
                && project.is_own(file)
                && given.contains(&entry.name())
            {
                uses.push(PathUse { purpose, path, span: file.span(), is_required: true, target: None });
            }
        }
    }
    uses
}

impl Project {
    /// Whether a value is written in one of the deployment's own files, so that its relative paths are
    /// those of the project's directory.
    pub fn is_own(&self, value: Yaml<'_>) -> bool {
        self.files()
            .iter()
            .any(|file| file.source == value.span().source && self.deployment.files.contains(&file.path))
    }
}

#[cfg(test)]
mod tests {
    use super::{is_sample, matcher, relative};
    use std::path::Path;

    #[test]
    fn a_sample_is_known_by_its_name() {
        for (other, name) in [
            (".env.example", ".env"),
            ("env.sample", ".env"),
            ("example.env", ".env"),
            ("config.example.yml", "config.yml"),
            ("config.yml.dist", "config.yml"),
        ] {
            assert!(is_sample(other, name), "{other}");
        }
        assert!(!is_sample("config.yaml", "config.yml"));
        assert!(!is_sample("config.yml", "config.yml"));
    }

    #[test]
    fn only_a_path_of_the_project_is_relative() {
        assert_eq!(relative("./a/../b/").as_deref(), Some(Path::new("b")));
        for text in ["", "/etc", "~/x", "C:\\x", "${X}/y", "\\\\server"] {
            assert_eq!(relative(text), None, "{text}");
        }
    }

    #[test]
    fn ignored_directories_hold_ignored_files() {
        let matcher = matcher("secrets/\n*.pem\n!keep.pem\n").expect("the patterns are valid");
        for (path, is_ignored) in [("secrets/a", true), ("x/b.pem", true), ("keep.pem", false), ("a", false)]
        {
            assert_eq!(matcher.matched_path_or_any_parents(path, false).is_ignore(), is_ignored, "{path}");
        }
    }
}
