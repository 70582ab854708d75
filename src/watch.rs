//! Waits until a run would see other files than the last one saw.
//!
//! Nothing is asked of the operating system but what a run asks: the state of each path that it looked
//! at, the directories that it listed and searched. So it works wherever the files are, on network and
//! container mounts too, and costs nothing at start-up.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::discover::is_wanted;
use crate::fs::{Disk, FileSystem, Kind, ReadError, Stamp, Walk, WalkOptions, WriteError};

/// The time between two looks at the files.
const INTERVAL: Duration = Duration::from_millis(200);

/// How much longer than a look the wait for the next one is, at least: watching takes no more of a
/// processor than its part of this.
const REST: u32 = 20;

/// How long everything stays as it is before a change is taken for complete.
const SETTLED: Duration = Duration::from_millis(80);

/// How often that is waited for: a file that is always being written does not stop a run.
const MAX_SETTLES: usize = 25;

/// The files of the operating system, with a note of all that was asked of them.
#[derive(Debug, Default)]
pub struct Recorder {
    seen: Mutex<Seen>,
}

/// What a run saw.
#[derive(Debug, Default)]
struct Seen {
    /// The state of each file that was read, taken before that.
    stamps: BTreeMap<PathBuf, Option<Stamp>>,
    /// What each path was that nobody read.
    kinds: BTreeMap<PathBuf, Option<Kind>>,
    /// The names in each directory that was listed.
    lists: BTreeMap<PathBuf, Vec<(OsString, Kind)>>,
    /// Where each path led.
    targets: BTreeMap<PathBuf, Option<PathBuf>>,
    /// The files that each search found.
    walks: Vec<(PathBuf, WalkOptions, Vec<PathBuf>)>,
}

impl Recorder {
    /// The files, of which nothing was asked yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no thread panics while it holds the notes")
    }

    /// The number of files that were read.
    pub fn files(&self) -> usize {
        self.seen().stamps.values().flatten().count()
    }

    /// Whether a run would see anything else now.
    pub fn has_changed(&self) -> bool {
        let seen = self.seen();
        seen.stamps.iter().any(|(path, stamp)| Disk.stamp(path) != *stamp)
            || seen.kinds.iter().any(|(path, kind)| Disk.kind(path) != *kind)
            || seen.targets.iter().any(|(path, target)| Disk.canonical(path) != *target)
            || seen.lists.iter().any(|(path, names)| Disk.list(path) != *names)
            || seen
                .walks
                .iter()
                .any(|(root, options, files)| found(&Disk.walk(root, options, &is_wanted)) != *files)
    }

    /// Returns when a run would see something else, and whoever changes the files is through with it.
    pub fn wait(&self) {
        let mut pause = INTERVAL;
        loop {
            sleep(pause);
            let start = Instant::now();
            if self.has_changed() {
                break;
            }
            pause = INTERVAL.max(start.elapsed() * REST);
        }
        let stamps =
            || -> Vec<Option<Stamp>> { self.seen().stamps.keys().map(|it| Disk.stamp(it)).collect() };
        let mut last = stamps();
        for _ in 0..MAX_SETTLES {
            sleep(SETTLED);
            let now = stamps();
            if now == last {
                break;
            }
            last = now;
        }
    }
}

/// The files of a search that every search looks for.
fn found(walk: &Walk) -> Vec<PathBuf> {
    walk.files.iter().filter(|file| is_wanted(file)).cloned().collect()
}

impl FileSystem for Recorder {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.seen().stamps.entry(path.to_owned()).or_insert_with(|| Disk.stamp(path));
        Disk.read(path, limit)
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        let kind = Disk.kind(path);
        self.seen().kinds.insert(path.to_owned(), kind);
        kind
    }

    fn list(&self, directory: &Path) -> Vec<(OsString, Kind)> {
        let names = Disk.list(directory);
        self.seen().lists.insert(directory.to_owned(), names.clone());
        names
    }

    fn canonical(&self, path: &Path) -> Option<PathBuf> {
        let target = Disk.canonical(path);
        self.seen().targets.insert(path.to_owned(), target.clone());
        target
    }

    fn walk(&self, root: &Path, options: &WalkOptions, wanted: &dyn Fn(&Path) -> bool) -> Walk {
        let walk = Disk.walk(root, options, wanted);
        self.seen().walks.push((root.to_owned(), *options, found(&walk)));
        walk
    }

    fn write_atomic(&self, path: &Path, expected_old: &[u8], new: &[u8]) -> Result<(), WriteError> {
        Disk.write_atomic(path, expected_old, new)
    }
}
