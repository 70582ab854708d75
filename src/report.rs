//! What a run found.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
use crate::lint::Whole;
use crate::source::{SourceId, Sources};

/// Something that could not be done; a run with one ends with exit code 2.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Failure {
    /// The path that it is about.
    pub path: Option<PathBuf>,
    /// What could not be done, why, and how to go on.
    pub message: String,
}

/// What one `docker compose -f … up` reads, by the paths of its files in order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct DeploymentFiles {
    /// The Compose files in the order of merging.
    pub files: Vec<PathBuf>,
    /// All files that bear on it: those, what they include and extend, and the Dockerfiles of the
    /// services.
    pub read: Vec<PathBuf>,
}

/// Fixes that are in a file now.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fixed {
    /// The file.
    pub path: PathBuf,
    /// The rule.
    pub rule: String,
    /// The number of its fixes.
    pub count: usize,
}

/// A fix that was left out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Refused {
    /// The file.
    pub path: PathBuf,
    /// The line that it would change first, from 1; `None` where that is not known any more.
    pub line: Option<u32>,
    /// The rule.
    pub rule: String,
    /// The service or stage.
    pub subject: Option<String>,
    /// The message of the finding, which stays.
    pub message: String,
    /// Why.
    pub reason: String,
}

/// The findings of a run and the files that they point into.
#[derive(Debug, Default)]
pub struct Report {
    /// The files.
    pub sources: Sources,
    /// The deployments that were judged.
    pub deployments: Vec<DeploymentFiles>,
    /// The findings, by path, place and rule.
    pub diagnostics: Vec<Diagnostic>,
    /// What could not be done.
    pub failures: Vec<Failure>,
    /// The bytes of each file that a rule of the `secrets` category took for a secret; ascending.
    /// No output shows them.
    pub secrets: BTreeMap<SourceId, Vec<Range<usize>>>,
    /// The number of files that were read and judged.
    pub checked_files: usize,
    /// The Compose files that were read.
    pub compose_files: BTreeSet<SourceId>,
    /// The Dockerfiles that were read.
    pub dockerfiles: BTreeSet<SourceId>,
    /// What was fixed before, by file and rule.
    pub fixed: Vec<Fixed>,
    /// The fixes that were left out, by file.
    pub refused: Vec<Refused>,
    /// What was looked at whole.
    pub whole: Whole,
}
