//! Runs the tests of policies, and prints what policies are given.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use regorus::Value as Rego;

use super::library::{Library, head, package_of};
use super::{BROKEN, Form, dockerfile, judge};
use crate::compose::canonical::Value;
use crate::compose::file::Workspace;
use crate::compose::project::{Deployment, Project};
use crate::diagnostic::Diagnostic;
use crate::fs::FileSystem;
use crate::report::Report;

/// How a test ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It holds.
    Passed,
    /// It does not.
    Failed,
    /// It cannot be run, and why.
    Broken(String),
}

/// A test that was run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The file.
    pub path: PathBuf,
    /// The line of its name, from 1.
    pub line: u32,
    /// The package and the name.
    pub name: String,
    /// How it ended.
    pub verdict: Verdict,
    /// What it printed, each with its place.
    pub prints: Vec<String>,
}

/// The tests that were run, in the order of their files, and what is wrong with the policies.
#[derive(Debug)]
pub struct Suite {
    /// The tests.
    pub outcomes: Vec<Outcome>,
    /// What is wrong.
    pub report: Report,
}

/// Runs the tests at `roots`: the rules whose names start with `test_`.
pub fn test(fs: &dyn FileSystem, roots: &[PathBuf]) -> Suite {
    let workspace = Workspace::new(fs);
    let library = Library::load(&workspace, roots, true);
    let mut outcomes: Vec<Outcome> = Vec::new();
    if let Some(engine) = &library.engine {
        let mut engine = engine.clone();
        let modules = engine.get_modules().clone();
        for module in &modules {
            let package = package_of(module.package.span.text()).join(".");
            let path = PathBuf::from(module.package.span.source.get_path());
            for rule in &module.policy {
                let span = rule.span();
                let name = format!("{package}.{}", head(span.text()));
                let is_test = head(span.text()).starts_with("test_") && !span.text().starts_with("default ");
                // What several rules of one name say is one test.
                if !is_test || outcomes.iter().any(|it| it.name == name) {
                    continue;
                }
                let asked = catch_unwind(AssertUnwindSafe(|| engine.eval_rule(format!("data.{name}"))));
                let prints = engine.take_prints().unwrap_or_default();
                let verdict = match asked {
                    Ok(Ok(Rego::Bool(true))) => Verdict::Passed,
                    Ok(Ok(_)) => Verdict::Failed,
                    Ok(Err(error)) => {
                        let problem = library.explained(&error.to_string(), None);
                        let source = workspace.sources().get(problem.span.source);
                        let line = source.position(problem.span.start).line;
                        Verdict::Broken(format!("{}:{line}: {}", source.path().display(), problem.message))
                    }
                    Err(_) => {
                        Verdict::Broken("internal error: the interpreter of policies failed".to_owned())
                    }
                };
                outcomes.push(Outcome { path: path.clone(), line: span.line, name, verdict, prints });
            }
        }
    }
    let diagnostics: Vec<Diagnostic> =
        library.problems.iter().cloned().map(|problem| Diagnostic::of_problem(&BROKEN, problem)).collect();
    let report = Report {
        checked_files: diagnostics.iter().map(|it| it.span.source).collect::<BTreeSet<_>>().len(),
        diagnostics,
        failures: library.failures,
        sources: workspace.into_sources(),
        ..Report::default()
    };
    Suite { outcomes, report }
}

/// What policies are given of deployments and of Dockerfiles, which only policies in `main` see by
/// themselves; in that order.
pub fn inputs(
    fs: &dyn FileSystem,
    deployments: &[Deployment],
    dockerfiles: &[PathBuf],
    root: &Path,
    form: Form,
) -> (Vec<Value>, Vec<String>) {
    let workspace = Workspace::new(fs);
    let mut values = Vec::new();
    let mut failures = Vec::new();
    for deployment in deployments {
        for path in &deployment.files {
            if let Err(error) = workspace.compose_file(path) {
                failures.push(format!("cannot read `{}`: {error}", path.display()));
            }
        }
        let project = Project::load(&workspace, deployment);
        if project.root().is_some() {
            values.push(judge::shown(&workspace, &project, root, form));
        }
    }
    for path in dockerfiles.iter().filter(|_| form == Form::Written) {
        match workspace.dockerfile(path) {
            Ok(file) => values.push(dockerfile(&file.dockerfile)),
            Err(error) => failures.push(format!("cannot read `{}`: {error}", path.display())),
        }
    }
    (values, failures)
}
