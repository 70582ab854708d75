//! What a run found.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
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
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DeploymentFiles {
    /// The Compose files in the order of merging.
    pub files: Vec<PathBuf>,
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
}
