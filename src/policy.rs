//! An organisation's own rules, in Rego: what they are called, where they are read from, what they are
//! given and what becomes of their findings.
//!
//! Nothing here is touched by a run without policies.

mod engine;
mod input;
mod judge;
mod library;
mod place;
mod scan;
pub mod suite;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

pub use input::{Form, dockerfile, resolved, written};
pub use judge::{Judge, Judged};
pub use library::Library;

use crate::compose::file::Workspace;
use crate::configuration::Configurations;
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::Failure;
use crate::rule::Rule;
use crate::source::{SourceId, Sources};
use crate::yaml::parse::Problem;

/// The category of all policies.
pub const CATEGORY: &str = "policy";

/// What the name of a policy's rule starts with.
const PREFIX: &str = "policy/";

/// The longest identifier of a policy, in bytes.
const MAX_ID: usize = 64;

/// The shortest text of a secret that is looked for in messages, in bytes.
const SHORTEST_SECRET: usize = 6;

/// The rule that what is wrong with a policy is shown as; it is none of the registry's.
pub static BROKEN: Rule = Rule::apart("broken-policy", "a policy cannot be run");

/// The names that were given out. They live as long as the process, as those of the built-in rules do,
/// so that a finding is the same thing whoever found it.
static NAMES: Mutex<BTreeMap<String, &'static str>> = Mutex::new(BTreeMap::new());

/// The rules that were given out, by name and severity.
static RULES: Mutex<BTreeMap<(&'static str, Severity), &'static Rule>> = Mutex::new(BTreeMap::new());

/// The name `policy/<id>` as findings have it; `None` for a word that is none.
pub fn name(word: &str) -> Option<&'static str> {
    let id = word.strip_prefix(PREFIX)?;
    let is_id = !id.is_empty()
        && id.len() <= MAX_ID
        && id.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.'));
    if !is_id {
        return None;
    }
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(name) = names.get(word) {
        return Some(name);
    }
    let name: &'static str = Box::leak(word.to_owned().into_boxed_str());
    names.insert(word.to_owned(), name);
    Some(name)
}

/// What a policy calls itself as an identifier: other characters are dashes, letters are small.
fn id(text: &str) -> String {
    let mut id = String::new();
    for letter in text.chars() {
        let letter = letter.to_ascii_lowercase();
        let letter = if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
        if id.len() < MAX_ID && !(letter == '-' && (id.is_empty() || id.ends_with('-'))) {
            id.push(letter);
        }
    }
    id.truncate(id.trim_end_matches('-').len());
    if id.is_empty() { "unnamed".to_owned() } else { id }
}

/// The rule that findings of a policy have.
fn rule(id: &str, severity: Severity) -> &'static Rule {
    let name = name(&format!("{PREFIX}{id}")).expect("an identifier is valid");
    let mut rules = RULES.lock().unwrap_or_else(PoisonError::into_inner);
    rules.entry((name, severity)).or_insert_with(|| {
        let summary: &'static str = Box::leak(format!("the policy `{id}` is not kept").into_boxed_str());
        Box::leak(Box::new(Rule { name, summary, severity, ..BROKEN }))
    })
}

/// The policies of a run: for each list of directories that holds for some files, what they have.
#[derive(Debug, Default)]
pub struct Policies {
    libraries: Vec<(Vec<PathBuf>, Library)>,
}

/// Where the policies of a run are.
#[derive(Copy, Clone, Debug)]
pub struct Places<'p> {
    /// The directories and files that hold for all files.
    pub everywhere: &'p [PathBuf],
    /// The configurations, which name more.
    pub configurations: &'p Configurations,
    /// The directory that relative paths are in, and that paths are shown from.
    pub root: &'p Path,
}

impl Places<'_> {
    /// The directories and files with the policies for a file, each once.
    fn of(&self, file: &Path) -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = self.everywhere.to_vec();
        let configured = self.configurations.of(file).map(|it| it.policies.as_slice()).unwrap_or_default();
        for (path, _) in configured {
            let inner = path.strip_prefix(self.root).ok().filter(|it| !it.as_os_str().is_empty());
            let path = inner.unwrap_or(path);
            if !all.iter().any(|known| known == path) {
                all.push(path.to_owned());
            }
        }
        all
    }
}

impl Policies {
    /// The policies that hold for `files`.
    pub fn load<'p>(
        workspace: &Workspace<'_>,
        places: Places<'_>,
        files: impl Iterator<Item = &'p Path>,
    ) -> Self {
        let mut policies = Self::default();
        let configured = || places.configurations.all().into_iter().any(|it| !it.policies.is_empty());
        if places.everywhere.is_empty() && !configured() {
            return policies;
        }
        for file in files {
            let roots = places.of(file);
            if !roots.is_empty() && !policies.libraries.iter().any(|(of, _)| *of == roots) {
                let library = Library::load(workspace, &roots, false);
                policies.libraries.push((roots, library));
            }
        }
        policies
    }

    /// The policies for a file.
    pub fn of(&self, places: Places<'_>, file: &Path) -> Option<&Library> {
        if self.libraries.is_empty() {
            return None;
        }
        let roots = places.of(file);
        self.libraries.iter().find(|(of, _)| *of == roots).map(|(_, library)| library)
    }

    /// All of them.
    pub fn libraries(&self) -> impl Iterator<Item = &Library> {
        self.libraries.iter().map(|(_, library)| library)
    }

    /// The rule of this name, if a policy is known to report it.
    pub fn rule(&self, name: &str) -> Option<&'static Rule> {
        self.libraries().find_map(|library| library.rules().find(|rule| rule.name == name))
    }
}

/// What is wrong with policies, as findings in their files, and what a run could not do for it.
pub(crate) fn complaints(
    policies: &Policies,
    met: Vec<Problem>,
    workspace: &Workspace<'_>,
) -> (Vec<Diagnostic>, Vec<Failure>) {
    let mut failures: Vec<Failure> = policies.libraries().flat_map(|it| it.failures.clone()).collect();
    let problems: Vec<Problem> = policies.libraries().flat_map(|it| it.problems.clone()).chain(met).collect();
    let mut paths: Vec<PathBuf> = problems
        .iter()
        .map(|problem| workspace.sources().get(problem.span.source).path().to_owned())
        .collect();
    paths.sort();
    paths.dedup();
    failures.extend(paths.into_iter().map(|path| Failure {
        message: format!(
            "cannot run all of the policy `{}`: it is not as it has to be; mend it, the rest has been judged",
            path.display()
        ),
        path: Some(path),
    }));
    (problems.into_iter().map(|problem| Diagnostic::of_problem(&BROKEN, problem)).collect(), failures)
}

/// Takes out of the messages of policies what rules took for a secret in the files that they point into.
pub(crate) fn mask(
    diagnostics: &mut [Diagnostic],
    secrets: &BTreeMap<SourceId, Vec<Range<usize>>>,
    sources: &Sources,
) {
    for diagnostic in diagnostics.iter_mut().filter(|it| it.rule.name.starts_with(PREFIX)) {
        let Some(ranges) = secrets.get(&diagnostic.span.source) else { continue };
        let source = sources.get(diagnostic.span.source);
        for secret in ranges.iter().filter_map(|range| source.text().get(range.clone())) {
            if secret.len() >= SHORTEST_SECRET && diagnostic.message.contains(secret) {
                diagnostic.message = diagnostic.message.replace(secret, "***");
            }
            if let Some(help) = diagnostic.help.as_mut().filter(|_| secret.len() >= SHORTEST_SECRET) {
                *help = help.replace(secret, "***").into();
            }
        }
    }
}
