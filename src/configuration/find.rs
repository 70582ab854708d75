//! Which configuration holds for which files.

use std::collections::{BTreeSet, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::{Configuration, Configurations};
use crate::diagnostic::Diagnostic;
use crate::fs::{FileSystem, Kind};
use crate::report::Report;
use crate::rule::Rule;
use crate::source::{SourceId, Sources};
use crate::yaml::parse::Problem;

/// The names that a configuration may have; of two in one directory the first holds.
pub const FILE_NAMES: &[&str] = &[".composelint.yaml", "composelint.yaml"];

/// The configurations of a run, with what is wrong with them.
#[derive(Debug, Default)]
pub struct Found {
    /// The configurations.
    pub configurations: Configurations,
    /// The texts that the problems are in.
    pub sources: Sources,
    /// What is wrong, in the order of reading.
    pub problems: Vec<Problem>,
    /// What cannot be read.
    pub failures: Vec<String>,
}

/// The path, absolute if `root` is, without `.` and `..`.
pub(super) fn absolute(root: &Path, path: &Path) -> PathBuf {
    let mut absolute = PathBuf::new();
    for component in root.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            component => absolute.push(component),
        }
    }
    absolute
}

impl Configurations {
    /// The configuration `path` for all files, relative to `root`.
    pub fn only(fs: &dyn FileSystem, root: &Path, path: &Path) -> Found {
        let mut found = Found::default();
        found.configurations.root = root.to_owned();
        let configuration = found.read(fs, &absolute(root, path), root);
        found.configurations.only = configuration;
        found
    }

    /// The configurations for `files`: for each the nearest one upwards, to the root of its repository.
    /// Relative paths are in `root`.
    pub fn find<'p>(fs: &dyn FileSystem, root: &Path, files: impl Iterator<Item = &'p Path>) -> Found {
        let mut found = Found::default();
        found.configurations.root = root.to_owned();
        let mut seen: HashSet<PathBuf> = HashSet::new();
        for file in files {
            let file = absolute(root, file);
            for directory in file.ancestors().skip(1) {
                if !seen.insert(directory.to_owned()) {
                    break;
                }
                let is_there = |name: &&&str| fs.kind(&directory.join(name)) == Some(Kind::File);
                if let Some(name) = FILE_NAMES.iter().find(is_there) {
                    let read = found.read(fs, &directory.join(name), directory);
                    if let Some(configuration) = read {
                        found.configurations.by_directory.insert(directory.to_owned(), configuration);
                    }
                    break;
                }
                if fs.kind(&directory.join(".git")).is_some() {
                    break;
                }
            }
        }
        found
    }
}

/// The rule that the problems of a configuration are shown as; it is none of the registry's.
static RULE: Rule = Rule::apart("configuration", "a configuration is not as it has to be");

impl Found {
    /// The problems as a report.
    pub fn into_report(self) -> Report {
        let files: BTreeSet<SourceId> = self.problems.iter().map(|problem| problem.span.source).collect();
        Report {
            checked_files: files.len(),
            diagnostics: self
                .problems
                .into_iter()
                .map(|problem| Diagnostic::of_problem(&RULE, problem))
                .collect(),
            sources: self.sources,
            ..Report::default()
        }
    }

    /// Reads a configuration whose patterns are relative to `directory`.
    fn read(&mut self, fs: &dyn FileSystem, path: &Path, directory: &Path) -> Option<Arc<Configuration>> {
        let mut reader = super::read::Reader {
            fs,
            root: &self.configurations.root,
            sources: &self.sources,
            problems: &mut self.problems,
            failures: &mut self.failures,
            open: Vec::new(),
        };
        reader.read(path, directory, None).map(Arc::new)
    }
}
