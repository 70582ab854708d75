//! The files that a run reads and writes: on the disk, or in memory for tests and editors.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use crate::progress::Progress;

/// What a path leads to.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A FIFO, a socket, a device: nothing that is read.
    Other,
}

/// Why a file was not read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReadError {
    /// Nothing is there, or a symbolic link that leads nowhere.
    NotFound,
    /// The file has more bytes than the limit.
    TooLarge {
        /// The size in bytes that the file system tells; one past the limit if it tells less.
        size: u64,
    },
    /// A directory, a FIFO, a socket or a device; it was not opened.
    NotAFile,
    /// What the operating system says.
    Other(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("no such file"),
            Self::TooLarge { size } => write!(f, "too large: {size} bytes"),
            Self::NotAFile => f.write_str("not a regular file"),
            Self::Other(error) => f.write_str(error),
        }
    }
}

impl std::error::Error for ReadError {}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::NotFound,
            ErrorKind::IsADirectory => Self::NotAFile,
            _ => Self::Other(error.to_string()),
        }
    }
}

/// Why a file was not written; it is as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WriteError {
    /// The file could not be read again.
    Read(ReadError),
    /// The file holds something else than what was read before.
    Changed,
    /// Nobody may write the file.
    ReadOnly,
    /// No file can be created in the directory.
    Directory {
        /// The directory that the file is in, past all symbolic links.
        path: PathBuf,
        /// What the operating system says.
        error: String,
    },
    /// The new file cannot be given to the old one's owner.
    Owner(String),
    /// What the operating system says.
    Other(String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Changed => f.write_str("it changed since it was read; run again"),
            Self::ReadOnly => f.write_str("the file is read-only; make it writable"),
            Self::Directory { path, error } => {
                write!(f, "no file can be created in `{}`: {error}; make it writable", path.display())
            }
            Self::Owner(error) => {
                write!(f, "its owner cannot be kept: {error}; run as the owner of the file")
            }
            Self::Other(error) => f.write_str(error),
        }
    }
}

impl std::error::Error for WriteError {}

/// Which files a walk looks at.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct WalkOptions {
    /// Whether names that start with a dot are looked at. `.git` never is.
    pub hidden: bool,
    /// Whether what git ignores is passed over. Outside a git repository nothing is ignored.
    pub gitignore: bool,
}

impl Default for WalkOptions {
    fn default() -> Self {
        Self { hidden: true, gitignore: true }
    }
}

/// A place that a walk could not look at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct WalkError {
    /// The path; the root of the walk where the system does not tell.
    pub path: PathBuf,
    /// What the operating system says.
    pub message: String,
}

/// What a walk found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Walk {
    /// The regular files whose names were wanted, sorted; each starts with the root.
    pub files: Vec<PathBuf>,
    /// The places that could not be looked at, sorted.
    pub errors: Vec<WalkError>,
}

/// The last part of a path; what is not Unicode in it is U+FFFD. Empty for `/` and `..`.
pub fn file_name(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

/// Where files are read from and written to.
pub trait FileSystem: Sync {
    /// The bytes of the regular file at `path`, at most `limit` of them. Symbolic links are followed;
    /// nothing but a regular file is opened, so that no FIFO blocks.
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError>;

    /// What `path` leads to, past symbolic links. `None` if nothing is there or it cannot be told.
    fn kind(&self, path: &Path) -> Option<Kind>;

    /// The names in the directory with what each leads to, sorted by name. Empty for what is not a
    /// directory or cannot be listed; a link that leads nowhere is left out.
    fn list(&self, directory: &Path) -> Vec<(OsString, Kind)>;

    /// The absolute path without `.`, `..` and symbolic links. `None` if nothing is there.
    fn canonical(&self, path: &Path) -> Option<PathBuf>;

    /// The regular files at or below `root` that `wanted` accepts by their paths, which start with the
    /// root; links to files count, links to directories are not followed. What is asked for may turn out
    /// to be no regular file.
    fn walk(&self, root: &Path, options: &WalkOptions, wanted: &dyn Fn(&Path) -> bool) -> Walk;

    /// Replaces the content of the file at `path`, if it still is `expected_old`, in one step: a
    /// reader sees the old bytes or the new ones. Of a symbolic link the target is replaced. Nothing
    /// is written if `new` is what the file holds.
    fn write_atomic(&self, path: &Path, expected_old: &[u8], new: &[u8]) -> Result<(), WriteError>;
}

/// What tells one state of a path from another without a look at its bytes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Stamp {
    kind: Kind,
    size: u64,
    modified: Option<SystemTime>,
    /// The file behind the name, and when anything about it changed last; zeros where the system has no
    /// such thing.
    identity: [i64; 3],
}

/// The files of the operating system.
#[derive(Copy, Clone, Debug, Default)]
pub struct Disk;

fn kind_of(metadata: &Metadata) -> Kind {
    if metadata.is_file() {
        Kind::File
    } else if metadata.is_dir() {
        Kind::Directory
    } else {
        Kind::Other
    }
}

impl FileSystem for Disk {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            return Err(ReadError::NotAFile);
        }
        if metadata.len() > limit {
            return Err(ReadError::TooLarge { size: metadata.len() });
        }
        // The size is a promise that a growing file or /proc does not keep.
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
        File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        match bytes.len() as u64 {
            size if size > limit => Err(ReadError::TooLarge { size }),
            _ => Ok(bytes),
        }
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        fs::metadata(path).ok().as_ref().map(kind_of)
    }

    fn list(&self, directory: &Path) -> Vec<(OsString, Kind)> {
        let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
        let mut names: Vec<_> = entries
            .flatten()
            .filter_map(|entry| {
                let kind = match entry.file_type().ok()? {
                    kind if kind.is_file() => Kind::File,
                    kind if kind.is_dir() => Kind::Directory,
                    _ => self.kind(&entry.path())?,
                };
                Some((entry.file_name(), kind))
            })
            .collect();
        names.sort();
        names
    }

    fn canonical(&self, path: &Path) -> Option<PathBuf> {
        fs::canonicalize(path).ok()
    }

    fn walk(&self, root: &Path, options: &WalkOptions, wanted: &dyn Fn(&Path) -> bool) -> Walk {
        let mut found = Walk::default();
        let entries = ignore::WalkBuilder::new(root)
            .hidden(!options.hidden)
            .parents(options.gitignore)
            .ignore(options.gitignore)
            .git_ignore(options.gitignore)
            // Every machine searches the same files.
            .git_global(false)
            .git_exclude(options.gitignore)
            .require_git(true)
            .follow_links(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .build();
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    found.errors.push(walk_error(root, &error));
                    continue;
                }
            };
            let Some(kind) = entry.file_type() else { continue };
            if kind.is_dir() || !wanted(entry.path()) {
                continue;
            }
            if kind.is_file() || kind.is_symlink() && self.kind(entry.path()) == Some(Kind::File) {
                found.files.push(entry.into_path());
            }
        }
        found.files.sort();
        found.errors.sort();
        found
    }

    fn write_atomic(&self, path: &Path, expected_old: &[u8], new: &[u8]) -> Result<(), WriteError> {
        self.replace(path, expected_old, new, &mut |_| Ok(()))
    }
}

/// The steps of a write, each before it is taken.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Step {
    Create,
    Write,
    Owner,
    Mode,
    Sync,
    Check,
    Rename,
    Settle,
}

impl Disk {
    /// The state of what `path` leads to, past symbolic links; `None` if nothing is there.
    pub fn stamp(self, path: &Path) -> Option<Stamp> {
        let metadata = fs::metadata(path).ok()?;
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt;
            [metadata.ino().cast_signed(), metadata.ctime(), metadata.ctime_nsec()]
        };
        #[cfg(not(unix))]
        let identity = [0; 3];
        Some(Stamp {
            kind: kind_of(&metadata),
            size: metadata.len(),
            modified: metadata.modified().ok(),
            identity,
        })
    }

    /// What [`FileSystem::write_atomic`] does, asking `before` ahead of each step whether it can be taken.
    fn replace(
        self,
        path: &Path,
        expected_old: &[u8],
        new: &[u8],
        before: &mut dyn FnMut(Step) -> io::Result<()>,
    ) -> Result<(), WriteError> {
        let target = fs::canonicalize(path).map_err(|error| WriteError::Read(error.into()))?;
        self.expect_content(&target, expected_old)?;
        if expected_old == new {
            return Ok(());
        }
        let metadata = fs::metadata(&target).map_err(other)?;
        if metadata.permissions().readonly() {
            return Err(WriteError::ReadOnly);
        }
        let directory = target.parent().unwrap_or(Path::new("/"));
        let (temporary, mut file) =
            before(Step::Create).and_then(|()| Temporary::create(directory, &target, true)).map_err(
                |error| WriteError::Directory { path: directory.to_owned(), error: error.to_string() },
            )?;
        before(Step::Write).and_then(|()| file.write_all(new)).map_err(other)?;
        before(Step::Owner).map_err(other)?;
        keep_owner(&file, &metadata)?;
        before(Step::Mode).and_then(|()| file.set_permissions(metadata.permissions())).map_err(other)?;
        before(Step::Sync).and_then(|()| file.sync_all()).map_err(other)?;
        drop(file);
        // Again, as late as can be: an editor may have saved while the copy was written.
        before(Step::Check).map_err(other)?;
        self.expect_content(&target, expected_old)?;
        before(Step::Rename).and_then(|()| fs::rename(&temporary.path, &target)).map_err(other)?;
        temporary.keep();
        // The name is durable once its directory is. The file is whole without that, and some file
        // systems cannot do it, so a failure is none of the user's concern.
        #[cfg(unix)]
        let _ = before(Step::Settle).and_then(|()| File::open(directory)?.sync_all());
        Ok(())
    }

    /// Writes a file that is not there yet.
    ///
    /// # Errors
    /// If something is there, or the file cannot be written.
    pub fn create(self, path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(other)?;
        file.write_all(bytes).map_err(other)
    }

    fn expect_content(self, target: &Path, expected: &[u8]) -> Result<(), WriteError> {
        match self.read(target, expected.len() as u64) {
            Ok(bytes) if bytes == expected => Ok(()),
            Ok(_) | Err(ReadError::TooLarge { .. }) => Err(WriteError::Changed),
            Err(error) => Err(WriteError::Read(error)),
        }
    }
}

/// Writes `bytes` as the file at `path`, which may be there already: a regular file whole or not at all,
/// anything else, such as a pipe, as it takes them.
///
/// # Errors
/// If it cannot be written; the message is the system's.
pub fn write_report(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        return OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let (temporary, mut file) = Temporary::create(directory, &target, false)?;
    file.write_all(bytes)?;
    drop(file);
    fs::rename(&temporary.path, &target)?;
    temporary.keep();
    Ok(())
}

fn other(error: io::Error) -> WriteError {
    WriteError::Other(error.to_string())
}

/// Gives `file` to the owner and group that `old` tells.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) -> Result<(), WriteError> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let new = file.metadata().map_err(other)?;
    if (new.uid(), new.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    fchown(file, Some(old.uid()), Some(old.gid())).map_err(|error| WriteError::Owner(error.to_string()))
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _old: &Metadata) -> Result<(), WriteError> {
    Ok(())
}

/// A new file beside the one that it will replace; removed when dropped, unless kept.
struct Temporary {
    path: PathBuf,
    kept: bool,
}

impl Temporary {
    fn create(directory: &Path, target: &Path, is_private: bool) -> io::Result<(Self, File)> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // Nobody else reads what may hold a secret before the mode is the old file's.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, if is_private { 0o600 } else { 0o666 });
        loop {
            // The target's own name may be as long as a name can be.
            let stem: String =
                target.file_name().unwrap_or_default().to_string_lossy().chars().take(32).collect();
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = directory.join(format!(".{stem}.{}-{number}.tmp", std::process::id()));
            match options.open(&path) {
                Ok(file) => return Ok((Self { path, kept: false }, file)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn walk_error(root: &Path, error: &ignore::Error) -> WalkError {
    let mut path = root.to_owned();
    let mut inner = error;
    loop {
        inner = match inner {
            ignore::Error::WithPath { path: at, err } => {
                path.clone_from(at);
                err
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => err,
            _ => break,
        };
    }
    let message = inner.io_error().map_or_else(|| inner.to_string(), ToString::to_string);
    WalkError { path, message }
}

/// Some files in place of, or besides, those of another file system: what an editor has not saved yet,
/// or what standard input says. Writes go to the other one.
#[derive(Debug)]
pub struct Overlay<'f> {
    below: &'f dyn FileSystem,
    files: Memory,
    progress: Progress,
}

impl std::fmt::Debug for dyn FileSystem + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileSystem")
    }
}

impl<'f> Overlay<'f> {
    /// The files of `below`, so far without others.
    pub fn new(below: &'f dyn FileSystem) -> Self {
        Self { below, files: Memory::new(), progress: Progress::default() }
    }

    /// Tells `progress` of each file that a walk passes.
    #[must_use]
    pub fn telling(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Puts a file over the one at `path`, if there is one.
    pub fn insert(&self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path, bytes);
    }

    fn has(&self, path: &Path) -> bool {
        self.files.kind(path) == Some(Kind::File)
    }
}

impl FileSystem for Overlay<'_> {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        if self.has(path) { self.files.read(path, limit) } else { self.below.read(path, limit) }
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        if self.has(path) { Some(Kind::File) } else { self.below.kind(path) }
    }

    fn list(&self, directory: &Path) -> Vec<(OsString, Kind)> {
        let mut names: BTreeMap<OsString, Kind> = self.below.list(directory).into_iter().collect();
        let own = self.files.list(directory).into_iter().filter(|(_, kind)| *kind == Kind::File);
        names.extend(own);
        names.into_iter().collect()
    }

    fn canonical(&self, path: &Path) -> Option<PathBuf> {
        self.below.canonical(path).or_else(|| self.files.canonical(path))
    }

    fn walk(&self, root: &Path, options: &WalkOptions, wanted: &dyn Fn(&Path) -> bool) -> Walk {
        self.below.walk(root, options, &|path| {
            self.progress.step();
            wanted(path)
        })
    }

    fn write_atomic(&self, path: &Path, expected_old: &[u8], new: &[u8]) -> Result<(), WriteError> {
        self.below.write_atomic(path, expected_old, new)
    }
}

/// Files by path, for tests and editors; directories are what the paths imply.
#[derive(Debug, Default)]
pub struct Memory {
    files: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
}

impl Memory {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a file at `path`, in place of what was there.
    pub fn insert(&self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) {
        self.lock().insert(normal(path.as_ref()), bytes.into());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, Vec<u8>>> {
        self.files.lock().expect("no thread panics while it holds the files")
    }
}

impl<P: AsRef<Path>, B: Into<Vec<u8>>> FromIterator<(P, B)> for Memory {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        let memory = Self::new();
        for (path, bytes) in files {
            memory.insert(path, bytes);
        }
        memory
    }
}

/// The path without `.` and, as far as it can be told, without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            Component::ParentDir if normal.has_root() => {}
            component => normal.push(component),
        }
    }
    normal
}

impl FileSystem for Memory {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        match self.lock().get(&normal(path)) {
            Some(bytes) if bytes.len() as u64 > limit => {
                return Err(ReadError::TooLarge { size: bytes.len() as u64 });
            }
            Some(bytes) => return Ok(bytes.clone()),
            None => {}
        }
        Err(if self.kind(path).is_some() { ReadError::NotAFile } else { ReadError::NotFound })
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        let path = normal(path);
        let files = self.lock();
        if files.contains_key(&path) {
            return Some(Kind::File);
        }
        // Paths are in the order of their parts: what is below one comes right behind it.
        let next = files.range(path.clone()..).next();
        next.is_some_and(|(file, _)| file.starts_with(&path)).then_some(Kind::Directory)
    }

    fn list(&self, directory: &Path) -> Vec<(OsString, Kind)> {
        let directory = normal(directory);
        let names: BTreeSet<_> = self
            .lock()
            .range(directory.clone()..)
            .map_while(|(file, _)| {
                let mut rest = file.strip_prefix(&directory).ok()?.components();
                let name = rest.next()?.as_os_str().to_owned();
                Some((name, if rest.next().is_some() { Kind::Directory } else { Kind::File }))
            })
            .collect();
        names.into_iter().collect()
    }

    fn canonical(&self, path: &Path) -> Option<PathBuf> {
        self.kind(path).map(|_| normal(path))
    }

    /// As for [`Disk`], but what git ignores is not known.
    fn walk(&self, root: &Path, options: &WalkOptions, wanted: &dyn Fn(&Path) -> bool) -> Walk {
        let root = normal(root);
        let passed = |name: &str| name != ".git" && (options.hidden || !name.starts_with('.'));
        let files = self
            .lock()
            .keys()
            .filter(|file| {
                let Ok(below) = file.strip_prefix(&root) else { return false };
                below.components().all(|part| passed(&part.as_os_str().to_string_lossy())) && wanted(file)
            })
            .cloned()
            .collect();
        Walk { files, errors: Vec::new() }
    }

    fn write_atomic(&self, path: &Path, expected_old: &[u8], new: &[u8]) -> Result<(), WriteError> {
        match self.lock().get_mut(&normal(path)) {
            Some(bytes) if bytes == expected_old => {
                *bytes = new.to_vec();
                Ok(())
            }
            Some(_) => Err(WriteError::Changed),
            None => Err(WriteError::Read(ReadError::NotFound)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> tempfile::TempDir {
        tempfile::tempdir().expect("a temporary directory can be made")
    }

    fn put(root: &Path, name: &str, bytes: &[u8]) -> PathBuf {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("the path has a parent")).expect("directories can be made");
        fs::write(&path, bytes).expect("a file can be written");
        path
    }

    fn names(root: &Path) -> Vec<String> {
        Disk.list(root).into_iter().map(|(name, _)| name.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let root = directory();
        let path = put(root.path(), "a", b"12345");
        assert_eq!(Disk.read(&path, 5), Ok(b"12345".to_vec()));
        assert_eq!(Disk.read(&path, 4), Err(ReadError::TooLarge { size: 5 }));
        assert_eq!(Disk.read(&root.path().join("none"), 4), Err(ReadError::NotFound));
        assert_eq!(Disk.read(&path.join("below"), 4), Err(ReadError::NotFound));
        assert_eq!(Disk.read(root.path(), 4), Err(ReadError::NotAFile));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_lies_about_its_size_and_a_device_are_bounded() {
        assert_eq!(Disk.read(Path::new("/proc/self/status"), 10), Err(ReadError::TooLarge { size: 11 }));
        assert_eq!(Disk.read(Path::new("/dev/zero"), 10), Err(ReadError::NotAFile));
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_is_not_opened() {
        let root = directory();
        let path = root.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket can be bound");
        assert_eq!(Disk.read(&path, 10), Err(ReadError::NotAFile));
        assert_eq!(Disk.kind(&path), Some(Kind::Other));
    }

    #[test]
    fn a_walk_collects_wanted_names_and_passes_over_git() {
        let root = directory();
        for name in ["b/compose.yaml", "compose.yaml", ".ci/compose.yaml", ".git/compose.yaml", "b/other"] {
            put(root.path(), name, b"");
        }
        let walk = Disk.walk(root.path(), &WalkOptions::default(), &|path| file_name(path) == "compose.yaml");
        let expected: Vec<_> = [".ci/compose.yaml", "b/compose.yaml", "compose.yaml"]
            .iter()
            .map(|name| root.path().join(name))
            .collect();
        assert_eq!(walk, Walk { files: expected, errors: Vec::new() });
    }

    #[test]
    fn a_walk_respects_gitignore_in_a_repository_only() {
        let root = directory();
        put(root.path(), ".gitignore", b"/out\n");
        put(root.path(), "out/compose.yaml", b"");
        let options = WalkOptions::default();
        let count = |options: &WalkOptions| {
            Disk.walk(root.path(), options, &|path| file_name(path) == "compose.yaml")
        };
        assert_eq!(count(&options).files.len(), 1);
        fs::create_dir(root.path().join(".git")).expect("a directory can be made");
        assert_eq!(count(&options).files.len(), 0);
        assert_eq!(count(&WalkOptions { gitignore: false, ..options }).files.len(), 1);
    }

    #[test]
    fn a_walk_of_nothing_names_the_path() {
        let root = directory();
        let missing = root.path().join("missing");
        let walk = Disk.walk(&missing, &WalkOptions::default(), &|_| true);
        assert_eq!(walk.errors.iter().map(|error| &error.path).collect::<Vec<_>>(), [&missing]);
    }

    #[cfg(unix)]
    #[test]
    fn links_to_files_are_walked_and_links_to_directories_are_not() {
        use std::os::unix::fs::symlink;
        let root = directory();
        put(root.path(), "a/compose.yaml", b"");
        symlink("a", root.path().join("b")).expect("a link can be made");
        symlink("a/compose.yaml", root.path().join("c.yaml")).expect("a link can be made");
        symlink("nowhere", root.path().join("d.yaml")).expect("a link can be made");
        let walk =
            Disk.walk(root.path(), &WalkOptions::default(), &|path| file_name(path).ends_with(".yaml"));
        assert_eq!(walk.files, [root.path().join("a/compose.yaml"), root.path().join("c.yaml")]);
        assert_eq!(walk.errors, []);
        assert_eq!(
            Disk.list(root.path()),
            [("a".into(), Kind::Directory), ("b".into(), Kind::Directory), ("c.yaml".into(), Kind::File)]
        );
    }

    #[test]
    fn a_write_replaces_what_was_read_and_nothing_else() {
        let root = directory();
        let path = put(root.path(), "a.yaml", b"old");
        assert_eq!(Disk.write_atomic(&path, b"else", b"new"), Err(WriteError::Changed));
        assert_eq!(Disk.write_atomic(&path, b"ol", b"new"), Err(WriteError::Changed));
        assert_eq!(Disk.write_atomic(&path, b"old", b"new"), Ok(()));
        assert_eq!(Disk.read(&path, 9), Ok(b"new".to_vec()));
        assert_eq!(names(root.path()), ["a.yaml"]);
        let missing = root.path().join("b.yaml");
        assert_eq!(Disk.write_atomic(&missing, b"", b"new"), Err(WriteError::Read(ReadError::NotFound)));
    }

    #[test]
    fn a_write_that_fails_at_any_step_leaves_the_old_file_or_the_new_one() {
        let steps = [
            Step::Create,
            Step::Write,
            Step::Owner,
            Step::Mode,
            Step::Sync,
            Step::Check,
            Step::Rename,
            Step::Settle,
        ];
        for failing in steps {
            let root = directory();
            let path = put(root.path(), "a.yaml", b"old");
            let mut seen = Vec::new();
            let result = Disk.replace(&path, b"old", b"new", &mut |step| {
                let now = Disk.read(&path, 9).expect("the file is always there");
                seen.push((step, now));
                if step == failing { Err(io::Error::from(ErrorKind::StorageFull)) } else { Ok(()) }
            });
            let is_whole = failing == Step::Settle;
            assert_eq!(result.is_ok(), is_whole, "{failing:?}: {result:?}");
            let expected: &[u8] = if is_whole { b"new" } else { b"old" };
            assert_eq!(Disk.read(&path, 9).as_deref(), Ok(expected), "{failing:?}");
            assert_eq!(names(root.path()), ["a.yaml"], "{failing:?}");
            for (step, now) in seen {
                let expected: &[u8] = if step == Step::Settle { b"new" } else { b"old" };
                assert_eq!(now, expected, "{step:?}");
            }
        }
    }

    #[test]
    fn a_file_that_changes_while_the_copy_is_written_is_not_overwritten() {
        for at in [Step::Create, Step::Write, Step::Owner, Step::Mode, Step::Sync, Step::Check] {
            let root = directory();
            let path = put(root.path(), "a.yaml", b"old");
            let result = Disk.replace(&path, b"old", b"new", &mut |step| {
                if step == at { fs::write(&path, b"saved") } else { Ok(()) }
            });
            assert_eq!(result, Err(WriteError::Changed), "{at:?}");
            assert_eq!(Disk.read(&path, 9), Ok(b"saved".to_vec()));
            assert_eq!(names(root.path()), ["a.yaml"]);
        }
    }

    #[test]
    fn an_overlay_has_its_files_and_those_below() {
        let memory: Memory = [("p/a.yaml", "a"), ("p/.env", "e")].into_iter().collect();
        let overlay = Overlay::new(&memory);
        overlay.insert("./p/a.yaml", "b");
        overlay.insert("p/c.yaml", "c");
        assert_eq!(overlay.read(Path::new("p/a.yaml"), 9), Ok(b"b".to_vec()));
        assert_eq!(overlay.read(Path::new("p/.env"), 9), Ok(b"e".to_vec()));
        let names: Vec<OsString> = overlay.list(Path::new("p")).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, [".env", "a.yaml", "c.yaml"]);
        assert_eq!(memory.read(Path::new("p/a.yaml"), 9), Ok(b"a".to_vec()));
    }

    #[cfg(unix)]
    #[test]
    fn a_write_follows_the_link_and_keeps_link_and_mode() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        let root = directory();
        let path = put(root.path(), "a/real.yaml", b"old");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("a mode can be set");
        let link = root.path().join("link.yaml");
        symlink("a/real.yaml", &link).expect("a link can be made");
        assert_eq!(Disk.write_atomic(&link, b"old", b"new"), Ok(()));
        assert!(fs::symlink_metadata(&link).is_ok_and(|metadata| metadata.is_symlink()));
        assert_eq!(Disk.read(&path, 9), Ok(b"new".to_vec()));
        assert_eq!(fs::metadata(&path).map(|metadata| metadata.mode() & 0o777).ok(), Some(0o640));
        assert_eq!(names(&root.path().join("a")), ["real.yaml"]);
    }

    #[cfg(unix)]
    #[test]
    fn an_equal_text_is_not_written() {
        use std::os::unix::fs::MetadataExt;
        let root = directory();
        let path = put(root.path(), "a.yaml", b"old");
        let inode = |path: &Path| fs::metadata(path).map(|metadata| metadata.ino()).ok();
        let before = inode(&path);
        assert_eq!(Disk.write_atomic(&path, b"old", b"old"), Ok(()));
        assert_eq!(inode(&path), before);
    }

    #[cfg(unix)]
    #[test]
    fn a_read_only_file_or_directory_is_left_as_it_is() {
        use std::os::unix::fs::PermissionsExt;
        let root = directory();
        let path = put(root.path(), "a/a.yaml", b"old");
        let inner = root.path().join("a");
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode can be set");
        };
        mode(&path, 0o444);
        assert_eq!(Disk.write_atomic(&path, b"old", b"new"), Err(WriteError::ReadOnly));
        mode(&path, 0o644);
        mode(&inner, 0o555);
        // The superuser writes anywhere.
        let bound_by_mode = File::create(inner.join("probe")).is_err();
        if bound_by_mode {
            let error = Disk.write_atomic(&path, b"old", b"new");
            assert!(matches!(error, Err(WriteError::Directory { .. })), "{error:?}");
            assert_eq!(names(&inner), ["a.yaml"]);
        }
        mode(&inner, 0o755);
        assert_eq!(Disk.read(&path, 9), Ok(b"old".to_vec()));
    }

    #[test]
    fn memory_knows_the_directories_that_its_paths_imply() {
        let memory: Memory = [("/p/compose.yaml", "a"), ("/p/app/Dockerfile", "b")].into_iter().collect();
        assert_eq!(memory.kind(Path::new("/p/app")), Some(Kind::Directory));
        assert_eq!(memory.kind(Path::new("/p/ap")), None);
        assert_eq!(memory.read(Path::new("/p/app/../compose.yaml"), 9), Ok(b"a".to_vec()));
        assert_eq!(memory.read(Path::new("/p/app"), 9), Err(ReadError::NotAFile));
        assert_eq!(
            memory.list(Path::new("/p")),
            [("app".into(), Kind::Directory), ("compose.yaml".into(), Kind::File)]
        );
        let walk =
            memory.walk(Path::new("/p"), &WalkOptions::default(), &|path| file_name(path) == "Dockerfile");
        assert_eq!(walk.files, [PathBuf::from("/p/app/Dockerfile")]);
        assert_eq!(memory.write_atomic(Path::new("/p/compose.yaml"), b"a", b"c"), Ok(()));
        assert_eq!(memory.read(Path::new("/p/compose.yaml"), 9), Ok(b"c".to_vec()));
    }
}
