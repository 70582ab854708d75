//! The files of a run, each read and parsed once.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use super::context::dockerignore;
use super::project::{Deployment, Project};
use crate::dockerfile::{Dockerfile, Dockerignore};
use crate::fs::{FileSystem, Kind, ReadError};
use crate::source::{Source, SourceId, SourceMap, Sources, Span};
use crate::yaml::Tree;
use crate::yaml::parse::{Problem, ProblemKind, parse};

/// The number of bytes that a file may have: 8 MiB.
pub const MAX_FILE_SIZE: u64 = 8 << 20;

/// The number of instructions that a Dockerfile may have: no image has nearly as many layers.
pub const MAX_INSTRUCTIONS: usize = 20_000;

/// A Compose file as it is written.
#[derive(Debug)]
pub struct ComposeFile {
    /// The file.
    pub source: SourceId,
    /// The path as the run was given it or found it.
    pub path: PathBuf,
    /// The documents that could be read.
    pub documents: Vec<Tree>,
    /// Why it could not be read to its end.
    pub problems: Vec<Problem>,
}

/// A Dockerfile as it is written.
#[derive(Debug)]
pub struct DockerfileFile {
    /// The file; for an inline one the Compose file that holds it.
    pub source: SourceId,
    /// The path.
    pub path: PathBuf,
    /// What it says.
    pub dockerfile: Dockerfile,
    /// Whether the text stands in a Compose file.
    pub inline: bool,
    /// What is left out of the context if that is the directory of the file. `None` for an inline one.
    pub ignore: Option<Arc<Dockerignore>>,
    /// Why it could not be read: bytes that are not UTF-8, or a size past the limit.
    pub problems: Vec<Problem>,
}

type Slot<T> = Arc<OnceLock<Result<Arc<T>, ReadError>>>;

/// The files of a run. Each is read when it is first asked for, and once.
pub struct Workspace<'f> {
    fs: &'f dyn FileSystem,
    sources: Sources,
    compose: Mutex<HashMap<PathBuf, Slot<ComposeFile>>>,
    dockerfiles: Mutex<HashMap<PathBuf, Slot<DockerfileFile>>>,
    texts: Mutex<HashMap<PathBuf, Slot<SourceId>>>,
    outlines: Mutex<Outlines>,
}

/// The number of values that kept projects may have together: to put one together again costs less
/// than the memory of many.
const MAX_KEPT: usize = 200_000;

/// Projects that were put together to see what they are, for when they are judged.
#[derive(Default)]
struct Outlines {
    kept: HashMap<Vec<PathBuf>, Project>,
    values: usize,
}

fn slot<T>(table: &Mutex<HashMap<PathBuf, Slot<T>>>, path: &Path) -> Slot<T> {
    let mut table = table.lock().expect("no thread panics while it holds the table");
    Arc::clone(table.entry(path.to_owned()).or_default())
}

fn taken<T>(table: &Mutex<HashMap<PathBuf, Slot<T>>>) -> Vec<Arc<T>> {
    let table = std::mem::take(&mut *table.lock().expect("no thread panics while it holds the table"));
    let mut files: Vec<(PathBuf, Slot<T>)> = table.into_iter().collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    files.into_iter().filter_map(|(_, slot)| slot.get()?.as_ref().ok().cloned()).collect()
}

impl<'f> Workspace<'f> {
    /// A run over the files of `fs`, none read yet.
    pub fn new(fs: &'f dyn FileSystem) -> Self {
        Self {
            fs,
            sources: Sources::new(),
            compose: Mutex::default(),
            dockerfiles: Mutex::default(),
            texts: Mutex::default(),
            outlines: Mutex::default(),
        }
    }

    /// Keeps what a deployment was put together to, if there is room.
    pub(crate) fn keep(&self, project: Project) {
        let mut outlines = self.outlines.lock().expect("no thread panics while it holds the table");
        let values = project.tree.len();
        if outlines.values + values <= MAX_KEPT {
            let files = project.deployment.files.clone();
            outlines.values += values;
            if let Some(old) = outlines.kept.insert(files, project) {
                outlines.values -= old.tree.len();
            }
        }
    }

    /// What the deployment was put together to before; `None` if that is not kept.
    pub(super) fn kept(&self, deployment: &Deployment) -> Option<Project> {
        let mut outlines = self.outlines.lock().expect("no thread panics while it holds the table");
        let is_same = outlines.kept.get(&deployment.files)?.deployment.loads_like(deployment);
        let project = if is_same { outlines.kept.remove(&deployment.files) } else { None }?;
        outlines.values -= project.tree.len();
        Some(project)
    }

    /// The files' texts.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The files' texts, at the end of the run.
    pub fn into_sources(self) -> Sources {
        self.sources
    }

    /// What is at a path, links followed; `None` for nothing.
    pub fn kind(&self, path: &Path) -> Option<Kind> {
        self.fs.kind(path)
    }

    /// The names in a directory with what each leads to, sorted by name.
    pub fn list(&self, directory: &Path) -> Vec<(OsString, Kind)> {
        self.fs.list(directory)
    }

    /// The absolute path without `.`, `..` and symbolic links; `None` if nothing is there.
    pub fn canonical(&self, path: &Path) -> Option<PathBuf> {
        self.fs.canonical(path)
    }

    /// The Compose files read so far, by path, and no longer the workspace's: what they take ends with
    /// them. One that is asked for afterwards is read anew.
    pub fn take_compose_files(&self) -> Vec<Arc<ComposeFile>> {
        *self.outlines.lock().expect("no thread panics while it holds the table") = Outlines::default();
        taken(&self.compose)
    }

    /// The Dockerfiles read so far in the same way; without inline ones.
    pub fn take_dockerfiles(&self) -> Vec<Arc<DockerfileFile>> {
        taken(&self.dockerfiles)
    }

    /// Takes a text for the content of a path that is not read from the file system.
    pub fn provide(&self, path: &Path, text: Vec<u8>, compose: bool) {
        if compose {
            let file = Arc::new(self.parse_compose(path, Ok(text)));
            drop(slot(&self.compose, path).set(Ok(file)));
        } else {
            let file = Arc::new(self.parse_dockerfile(path, Ok(text)));
            drop(slot(&self.dockerfiles, path).set(Ok(file)));
        }
    }

    fn read(&self, path: &Path) -> Result<Result<Vec<u8>, u64>, ReadError> {
        match self.fs.read(path, MAX_FILE_SIZE) {
            Ok(bytes) => Ok(Ok(bytes)),
            Err(ReadError::TooLarge { size }) => Ok(Err(size)),
            Err(error) => Err(error),
        }
    }

    /// The Compose file at a path. What is wrong with its text is among its problems.
    ///
    /// # Errors
    /// If it cannot be read at all.
    pub fn compose_file(&self, path: &Path) -> Result<Arc<ComposeFile>, ReadError> {
        slot(&self.compose, path)
            .get_or_init(|| Ok(Arc::new(self.parse_compose(path, self.read(path)?))))
            .clone()
    }

    /// The Dockerfile at a path.
    ///
    /// # Errors
    /// If it cannot be read at all.
    pub fn dockerfile(&self, path: &Path) -> Result<Arc<DockerfileFile>, ReadError> {
        slot(&self.dockerfiles, path)
            .get_or_init(|| Ok(Arc::new(self.parse_dockerfile(path, self.read(path)?))))
            .clone()
    }

    /// Any other text file.
    ///
    /// # Errors
    /// If it cannot be read, or is past the size limit.
    pub fn text(&self, path: &Path) -> Result<SourceId, ReadError> {
        slot(&self.texts, path)
            .get_or_init(|| {
                let bytes = self.fs.read(path, MAX_FILE_SIZE)?;
                Ok(Arc::new(self.sources.add(Source::new(path, bytes))))
            })
            .clone()
            .map(|id| *id)
    }

    /// Adds the file; the problems that are the same for every kind of file come with it.
    fn add(&self, path: &Path, bytes: Result<Vec<u8>, u64>) -> (SourceId, Vec<Problem>) {
        let too_large = bytes.as_ref().err().copied();
        let id = self.sources.add(Source::new(path, bytes.unwrap_or_default()));
        let mut problems = Vec::new();
        if let Some(size) = too_large {
            problems.push(Problem {
                kind: ProblemKind::Limit,
                span: Span::new(id, 0, 0),
                message: format!("the file has {size} bytes, more than the {MAX_FILE_SIZE} that are read"),
                help: None,
                label: None,
            });
        }
        let source = self.sources.get(id);
        if let Some(at) = source.invalid_utf8() {
            let at = at as usize;
            // Text in UTF-16 starts with a mark that is not UTF-8, and half of its bytes are zero.
            let utf16 = at == 0 && source.text().contains('\0');
            problems.push(Problem {
                kind: ProblemKind::Syntax,
                span: Span::new(id, at, at + '\u{fffd}'.len_utf8()),
                message: if utf16 {
                    "the file is UTF-16, not UTF-8".into()
                } else {
                    "a byte that is not UTF-8".into()
                },
                help: Some("save the file as UTF-8".into()),
                label: None,
            });
        }
        (id, problems)
    }

    fn parse_compose(&self, path: &Path, bytes: Result<Vec<u8>, u64>) -> ComposeFile {
        let (source, mut problems) = self.add(path, bytes);
        let mut documents = Vec::new();
        if problems.is_empty() {
            let parsed = parse(source, &self.sources.get(source).shared_text());
            documents = parsed.documents;
            documents.shrink_to_fit();
            problems = parsed.problems;
        }
        ComposeFile { source, path: path.to_owned(), documents, problems }
    }

    fn parse_dockerfile(&self, path: &Path, bytes: Result<Vec<u8>, u64>) -> DockerfileFile {
        let (source, mut problems) = self.add(path, bytes);
        let text = self.sources.get(source).shared_text();
        let map = SourceMap::verbatim(Span::new(source, 0, text.len()));
        let mut dockerfile = Dockerfile::parse(&text, &map);
        if let Some(instruction) = dockerfile.instructions().get(MAX_INSTRUCTIONS) {
            problems.push(Problem {
                kind: ProblemKind::Limit,
                span: instruction.name.span,
                message: format!("the file has more than {MAX_INSTRUCTIONS} instructions"),
                help: None,
                label: None,
            });
            // As of a file that is too large, nothing of it is looked at.
            dockerfile = Dockerfile::parse("", &map);
        }
        let ignore = dockerignore(self, Some(path), path.parent().unwrap_or(Path::new("")));
        DockerfileFile { source, path: path.to_owned(), dockerfile, inline: false, ignore, problems }
    }
}
