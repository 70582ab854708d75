//! What is in the directories that services build, at the paths that their Dockerfiles copy.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::{DockerfileFile, Workspace};
use super::paths::Surroundings;
use super::project::{Project, is_remote, normal};
use super::service::Service;
use crate::dockerfile::{Dockerignore, Instruction, Keyword, Stage, Word, cleaned};
use crate::fs::Kind;
use crate::source::{SourceMap, Span};

/// The sources of one service that are looked at.
const MOST_SOURCES: usize = 200;

/// A source of a `COPY` or `ADD` that the build does not find.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LostSource {
    /// Where the Dockerfile names it.
    pub span: Span,
    /// The path in the context.
    pub path: String,
    /// The context as the Compose file names it.
    pub context: String,
    /// Why it is not found.
    pub why: Lost,
}

/// Why a build does not find a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lost {
    /// It is there, and a pattern leaves it out.
    Hidden(Span),
    /// It is not there.
    Missing {
        /// Whether git ignores it, or its name is one that builds give to what they make.
        is_output: bool,
        /// What is beside it under nearly the same name.
        near: Option<String>,
        /// Whether it is at that path from the directory of the project.
        is_above: bool,
    },
}

/// Names of directories that builds make.
const OUTPUTS: &[&str] = &[
    ".next",
    "_build",
    "artifacts",
    "bin",
    "build",
    "dist",
    "node_modules",
    "out",
    "output",
    "publish",
    "release",
    "target",
    "vendor",
    "wheelhouse",
    "wheels",
];

/// The first sources of a stage, and of what is built for it, that come from the context: paths that hold no
/// variable and no pattern.
pub fn sources(stage: Stage<'_>) -> Vec<(&Word, String)> {
    let mut sources = Vec::new();
    for stage in stage.needed() {
        for instruction in stage.instructions() {
            if sources.len() < MOST_SOURCES {
                sources.extend(of_instruction(instruction));
            }
        }
    }
    sources
}

fn of_instruction(instruction: &Instruction) -> Vec<(&Word, String)> {
    if !matches!(instruction.keyword, Keyword::Copy | Keyword::Add) || instruction.flag("from").is_some() {
        return Vec::new();
    }
    let files = instruction.files().map(|files| files.sources.as_slice()).unwrap_or_default();
    let path = |word: &Word| {
        let text = word.literal()?;
        let is_elsewhere = text.is_empty()
            || text.starts_with("<<")
            || text.starts_with("git@")
            || text.contains("://")
            || text.contains(['*', '?', '[', '\\']);
        let path = cleaned(&text);
        (!is_elsewhere && path != ".").then_some(path)
    };
    files.iter().filter_map(|word| Some((word, path(word)?))).collect()
}

/// What a Dockerfile's context leaves out: by the file of its own name, else by the one of the context.
pub(super) fn dockerignore(
    workspace: &Workspace<'_>,
    dockerfile: Option<&Path>,
    context: &Path,
) -> Option<Arc<Dockerignore>> {
    let own = dockerfile.map(|path| {
        let mut name = path.as_os_str().to_owned();
        name.push(".dockerignore");
        PathBuf::from(name)
    });
    let path = own
        .into_iter()
        .chain([context.join(".dockerignore")])
        .find(|path| workspace.kind(path) == Some(Kind::File))?;
    let source = workspace.text(&path).ok()?;
    let text = workspace.sources().get(source).shared_text();
    let map = SourceMap::verbatim(Span::new(source, 0, text.len()));
    Dockerignore::parse(&text, &map).map(Arc::new)
}

/// For each service, the sources that its build does not find.
pub(super) fn lost_sources(workspace: &Workspace<'_>, project: &Project) -> Vec<Vec<LostSource>> {
    // Many services may build one stage.
    let mut known: HashMap<(*const DockerfileFile, usize, String), Vec<LostSource>> = HashMap::new();
    let mut of = |service: Service<'_>| -> Option<Vec<LostSource>> {
        let stage = service.stage().filter(|_| service.is_in_view())?;
        let context = written(project, service)?;
        let file = service.dockerfile()?;
        let found = known
            .entry((std::ptr::from_ref(file), stage.index(), context.to_owned()))
            .or_insert_with(|| lost(workspace, project, file, stage, context).unwrap_or_default());
        Some(found.clone())
    };
    project.all_services().map(|service| of(service).unwrap_or_default()).collect()
}

/// The context of a service's build as the Compose file names it; `None` if it is not known.
fn written<'p>(project: &Project, service: Service<'p>) -> Option<&'p str> {
    let build = service.entry("build")?;
    let value = match build.value.get("context").filter(|context| !context.is_null()) {
        Some(context) => Some(context),
        None if build.value.kind() == crate::yaml::Kind::Scalar => Some(build.value),
        None => None,
    };
    match value {
        Some(value) => value.as_str().filter(|_| project.is_own(value)),
        None => Some("."),
    }
}

fn lost(
    workspace: &Workspace<'_>,
    project: &Project,
    file: &DockerfileFile,
    stage: Stage<'_>,
    written: &str,
) -> Option<Vec<LostSource>> {
    let is_elsewhere = is_remote(written) || written.starts_with(['~', '/', '\\']) || written.contains('$');
    // Of a dry run over a Dockerfile with errors nothing is learnt.
    if is_elsewhere || file.dockerfile.is_foreign() || !file.dockerfile.errors().is_empty() {
        return None;
    }
    let context = normal(&project.directory().join(written));
    if workspace.kind(&context) != Some(Kind::Directory) || stage.is_windows() {
        return None;
    }
    let ignore = dockerignore(workspace, (!file.inline).then_some(file.path.as_path()), &context);
    let mut surroundings = None;
    let mut lost = Vec::new();
    for (word, path) in sources(stage) {
        let full = context.join(&path);
        let kind = workspace.kind(&full);
        let why = match kind {
            Some(kind) => {
                let Some(pattern) = ignore.as_ref().and_then(|ignore| ignore.hides(&path)) else { continue };
                let is_partly = kind == Kind::Directory
                    && ignore.as_ref().is_some_and(|ignore| ignore.takes_in_below(&path));
                if is_partly {
                    continue;
                }
                Lost::Hidden(pattern.span)
            }
            None => {
                let around = surroundings.get_or_insert_with(|| Surroundings::of(workspace, &context));
                if !around.holds(&path) {
                    continue;
                }
                let is_output = around.ignores(&path) || path.split('/').any(|part| OUTPUTS.contains(&part));
                Lost::Missing {
                    is_output,
                    near: near(workspace, &context, &path),
                    is_above: workspace.kind(&normal(&project.directory().join(&path))).is_some(),
                }
            }
        };
        lost.push(LostSource { span: word.span, path, context: written.to_owned(), why });
    }
    Some(lost)
}

/// The path beside `path` whose last part is most like its own.
fn near(workspace: &Workspace<'_>, context: &Path, path: &str) -> Option<String> {
    let (parent, name) = path.rsplit_once('/').map_or(("", path), |(parent, name)| (parent, name));
    let names: Vec<String> = workspace
        .list(&if parent.is_empty() { context.to_owned() } else { context.join(parent) })
        .into_iter()
        .filter_map(|(name, _)| name.into_string().ok())
        .collect();
    let found = crate::nearest::nearest(name, names.iter().map(String::as_str))?;
    Some(if parent.is_empty() { found.to_owned() } else { format!("{parent}/{found}") })
}
