//! Applies the fixes of a report to its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::compose::file::Workspace;
use crate::compose::project::Deployment;
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::discover::is_dockerfile_name;
use crate::fix::{self, Pass, Refusal, Settled};
use crate::fs::FileSystem;
use crate::lint::{Request, check_in};
use crate::report::{Failure, Report};
use crate::source::SourceId;
use crate::suppress::is_about_suppressions;

/// What fixing changes in one file.
#[derive(Clone, Debug)]
pub struct Change {
    /// The file.
    pub path: PathBuf,
    /// The file in the report that the plan was made from.
    pub source: SourceId,
    /// The bytes that the file had.
    pub original: String,
    /// The text after fixing and what was fixed.
    pub settled: Settled,
}

/// What fixing changes.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The files that change, by path.
    pub changes: Vec<Change>,
    /// Fixes that were refused, by file and rule.
    pub failures: Vec<Failure>,
}

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The number of files.
    pub files: usize,
    /// The number of fixes.
    pub fixed: usize,
    /// The files that could not be written.
    pub failures: Vec<Failure>,
}

/// What applying the fixes of the findings of `report`, up to `applicability`, would change. Only
/// files that were asked for change.
pub fn plan(fs: &dyn FileSystem, request: &Request, report: &Report, applicability: Applicability) -> Plan {
    let mut plan = Plan::default();
    let fixable = |diagnostic: &&Diagnostic| {
        !diagnostic.is_suppressed()
            && diagnostic.fix.as_ref().is_some_and(|fix| {
                fix.applicability <= applicability
                    && fix.edits.iter().all(|edit| edit.span.source == diagnostic.span.source)
            })
    };
    let sources: BTreeSet<SourceId> =
        report.diagnostics.iter().filter(fixable).map(|diagnostic| diagnostic.span.source).collect();
    let mut files: Vec<(PathBuf, SourceId)> =
        sources.into_iter().map(|source| (report.sources.get(source).path().to_owned(), source)).collect();
    files.sort();
    // An included file is read by deployments that do not name it.
    let mut readers: BTreeMap<SourceId, BTreeSet<usize>> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        readers.entry(diagnostic.span.source).or_default().extend(&diagnostic.deployments);
    }
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    for (path, source) in files {
        let file = report.sources.get(source);
        if file.invalid_utf8().is_some() {
            continue;
        }
        let original = file.text().to_owned();
        // What other files say stays as it is: only what reads this one is judged again.
        let mut scope = request.clone();
        let reads = |index: usize, deployment: &Deployment| {
            deployment.files.contains(&path) || readers.get(&source).is_some_and(|it| it.contains(&index))
        };
        let deployments = request.deployments.iter().enumerate();
        scope.deployments = deployments.filter(|(at, it)| reads(*at, it)).map(|(_, it)| it.clone()).collect();
        scope.dockerfiles.retain(|dockerfile| *dockerfile == path);
        scope.parallel = false;
        let settled = fix::settle(&original, &mut |text| {
            texts.insert(path.clone(), text.to_owned());
            let workspace = Workspace::new(fs);
            for (path, text) in &texts {
                let name =
                    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let dockerfile = request.dockerfiles.contains(path) || is_dockerfile_name(&name);
                workspace.provide(path, text.clone().into_bytes(), !dockerfile);
            }
            let report = check_in(workspace, &scope);
            pass(&report, &path, &fixable)
        });
        for (rule, refusal) in &settled.refused {
            plan.failures.push(refused(&path, rule, refusal));
        }
        texts.insert(path.clone(), settled.text.clone());
        if settled.text != original {
            plan.changes.push(Change { path, source, original, settled });
        }
    }
    plan
}

fn pass(report: &Report, path: &std::path::Path, fixable: &dyn Fn(&&Diagnostic) -> bool) -> Pass {
    let mut pass = Pass { parses: true, ..Pass::default() };
    for diagnostic in &report.diagnostics {
        if report.sources.get(diagnostic.span.source).path() != path {
            continue;
        }
        pass.parses &= !matches!(diagnostic.rule.name, "yaml-syntax" | "dockerfile-syntax");
        pass.errors += usize::from(diagnostic.severity == Severity::Error);
        if fixable(&diagnostic)
            && let Some(fix) = &diagnostic.fix
        {
            pass.fixes.push((diagnostic.rule.name, fix.clone()));
        }
        // That a comment is of no use any more is no harm done by a fix.
        if is_about_suppressions(diagnostic.rule) {
            continue;
        }
        let subject = diagnostic.subject.as_deref().unwrap_or_default();
        // A fix may write a stage's name or a keyword in another case.
        let key = format!("{}|{subject}|{}", diagnostic.rule.name, diagnostic.message).to_lowercase();
        *pass.diagnostics.entry(key).or_default() += 1;
    }
    pass
}

fn refused(path: &std::path::Path, rule: &str, refusal: &Refusal) -> Failure {
    let why = match refusal {
        Refusal::Edits => "its edits do not fit the file".to_owned(),
        Refusal::Parse => "the file would not parse any more".to_owned(),
        Refusal::Error => "the file would have more errors".to_owned(),
        Refusal::Diagnostic(key) => {
            format!("`{}` would report something new", key.split('|').next().unwrap_or_default())
        }
        Refusal::Settle => "the text does not settle".to_owned(),
    };
    Failure {
        path: Some(path.to_owned()),
        message: format!(
            "cannot apply the fixes of `{rule}` to `{}`: {why}; the file keeps them unfixed",
            path.display()
        ),
    }
}

impl Change {
    /// The change as a unified diff. Context that a secret of the file stands in is left out where
    /// the diff applies without it.
    pub fn diff(&self, report: &Report) -> String {
        let source = report.sources.get(self.source);
        let lines: BTreeSet<usize> = report
            .secrets
            .get(&self.source)
            .into_iter()
            .flatten()
            .flat_map(|range| source.line_of(range.start as u32)..=source.line_of(range.end as u32))
            .collect();
        let path = self.path.to_string_lossy().replace('\\', "/");
        let path = path.trim_start_matches("./");
        fix::unified_diff(path, path, &self.original, &self.settled.text, &|line| lines.contains(&line)).text
    }
}

impl Plan {
    /// Writes the changes, each file whole or not at all.
    pub fn write(&self, fs: &dyn FileSystem) -> Written {
        let mut written = Written { failures: self.failures.clone(), ..Written::default() };
        for change in &self.changes {
            let (old, new) = (change.original.as_bytes(), change.settled.text.as_bytes());
            match fs.write_atomic(&change.path, old, new) {
                Ok(()) => {
                    written.files += 1;
                    written.fixed += change.settled.applied.values().sum::<usize>();
                }
                Err(error) => written.failures.push(Failure {
                    path: Some(change.path.clone()),
                    message: format!("cannot write `{}`: {error}", change.path.display()),
                }),
            }
        }
        written
    }
}
