//! Applies the fixes of a report to its files.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::compose::canonical;
use crate::compose::environment::Unset;
use crate::compose::file::Workspace;
use crate::compose::project::{Deployment, Project};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::discover::is_dockerfile_name;
use crate::fix::{self, Candidate, Pass, Refusal, Settled};
use crate::fs::{FileSystem, Overlay};
use crate::lint::{Request, Selector, check_in};
use crate::report::{Failure, Fixed, Refused, Report};
use crate::rule::{Preset, Rule};
use crate::source::SourceId;
use crate::suppress::is_about_suppressions;
use crate::yaml::parse::parse;
use crate::yaml::{Kind, Yaml};

/// Which fixes are applied.
#[derive(Clone, Debug)]
pub struct Options {
    /// Up to which applicability.
    pub applicability: Applicability,
    /// The rules whose fixes are applied; all if empty.
    pub only: Vec<Selector>,
    /// The files and directories that were asked for, which nothing else than is changed; all if
    /// empty.
    pub asked: Vec<PathBuf>,
}

impl Options {
    /// All fixes up to an applicability, in all files.
    pub fn up_to(applicability: Applicability) -> Self {
        Self { applicability, only: Vec::new(), asked: Vec::new() }
    }

    fn wants(&self, rule: &Rule) -> bool {
        self.only.is_empty() || self.only.iter().any(|selector| selector.means(rule.category(), rule))
    }
}

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
    /// The fixes that were left out, by file and rule.
    pub refused: Vec<Refused>,
    /// The files that do not settle.
    pub failures: Vec<Failure>,
}

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The fixes, by file and rule.
    pub fixed: Vec<Fixed>,
    /// The files that could not be written.
    pub failures: Vec<Failure>,
}

/// One file whose findings are mended.
struct Target<'p> {
    path: &'p Path,
    /// What is judged: what reads the file.
    scope: Request,
    is_dockerfile: bool,
}

/// What applying the fixes of the findings of `report` would change.
pub fn plan(fs: &dyn FileSystem, request: &Request, report: &Report, options: &Options) -> Plan {
    let mut plan = Plan::default();
    let fixable = |diagnostic: &&Diagnostic| {
        !diagnostic.is_suppressed()
            && options.wants(diagnostic.rule)
            && request.selection.preset_of(diagnostic.rule.category(), diagnostic.rule).is_some()
            && diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability <= options.applicability)
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
    let asked: Vec<PathBuf> = options.asked.iter().map(|path| absolute(fs, path)).collect();
    let overlay = Overlay::new(fs);
    for (path, source) in files {
        let file = report.sources.get(source);
        // A link is asked for where it stands or where it leads.
        let places = [place(fs, &path), absolute(fs, &path)];
        let is_asked =
            asked.is_empty() || asked.iter().any(|root| places.iter().any(|place| place.starts_with(root)));
        let barred = if file.invalid_utf8().is_some() {
            Some(Refusal::Encoding)
        } else {
            (!is_asked).then_some(Refusal::NotAsked)
        };
        for diagnostic in report.diagnostics.iter().filter(fixable).filter(|it| it.span.source == source) {
            let other = diagnostic.fix.iter().flat_map(|fix| &fix.edits).any(|it| it.span.source != source);
            let reason = barred.clone().or(other.then_some(Refusal::OtherFile));
            if let Some(reason) = reason {
                let line = file.position(diagnostic.span.start).line;
                plan.refused.push(refused(
                    &path,
                    diagnostic.rule.name,
                    &key(diagnostic),
                    Some(line),
                    &reason,
                ));
            }
        }
        if barred.is_some() {
            continue;
        }
        let original = file.text().to_owned();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_dockerfile = request.dockerfiles.contains(&path) || is_dockerfile_name(&name);
        let target = Target {
            path: &path,
            scope: scope(request, &path, readers.get(&source), is_dockerfile),
            is_dockerfile,
        };
        let mut settled = target.settle(&overlay, &original, true, &fixable);
        if options.applicability > Applicability::Safe && !has_failed(&settled) {
            let safe = settled;
            settled = target.settle(&overlay, &safe.text, false, &fixable);
            if has_failed(&settled) {
                // The safe ones are sound by themselves.
                settled.text.clone_from(&safe.text);
            }
            for (rule, count) in safe.applied {
                *settled.applied.entry(rule).or_default() += count;
            }
            for (key, reason) in safe.refused {
                settled.refused.entry(key).or_insert(reason);
            }
        }
        for ((rule, finding), refusal) in &settled.refused {
            let place = settled.last.fixes.iter().find(|it| it.rule == *rule && it.finding == *finding);
            if place.is_none() && *refusal != Refusal::Settle {
                // Another fix has mended it.
                continue;
            }
            let line = place.and_then(|it| it.fix.edits.first()).map(|edit| {
                let at = edit.span.start as usize;
                settled.text.get(..at).map_or(1, |before| before.matches('\n').count() as u32 + 1)
            });
            plan.refused.push(refused(&path, rule, finding, line, refusal));
        }
        if has_failed(&settled) {
            let rules: BTreeSet<&str> = settled
                .refused
                .iter()
                .filter(|(_, reason)| **reason == Refusal::Settle)
                .map(|((rule, _), _)| *rule)
                .collect();
            let rules: Vec<String> = rules.into_iter().map(|rule| format!("`{rule}`")).collect();
            plan.failures.push(Failure {
                path: Some(path.clone()),
                message: format!(
                    "cannot fix `{}`: the fixes of {} undo each other; fix it by hand",
                    path.display(),
                    rules.join(" and ")
                ),
            });
        }
        overlay.insert(&path, settled.text.clone());
        if settled.text != original {
            plan.changes.push(Change { path, source, original, settled });
        }
    }
    plan.refused.sort();
    plan.refused.dedup();
    plan
}

fn has_failed(settled: &Settled) -> bool {
    settled.refused.values().any(|reason| *reason == Refusal::Settle)
}

fn absolute(fs: &dyn FileSystem, path: &Path) -> PathBuf {
    fs.canonical(path).unwrap_or_else(|| path.to_owned())
}

/// The absolute path of the file itself, not of what it may link to.
fn place(fs: &dyn FileSystem, path: &Path) -> PathBuf {
    let directory = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    absolute(fs, directory).join(path.file_name().unwrap_or_default())
}

/// What is judged again when `path` changes: what reads it. What other files say stays as it is.
fn scope(request: &Request, path: &Path, readers: Option<&BTreeSet<usize>>, is_dockerfile: bool) -> Request {
    let mut scope = request.clone();
    let directory = path.parent().unwrap_or(Path::new(""));
    let reads = |index: usize, deployment: &Deployment| {
        deployment.files.iter().any(|file| file == path)
            || readers.is_some_and(|readers| readers.contains(&index))
            // Whose services may build it.
            || is_dockerfile
                && deployment.files.first().and_then(|file| file.parent()).is_some_and(|it| {
                    let it = it.strip_prefix(".").unwrap_or(it);
                    directory.starts_with(it) || it.starts_with(directory)
                })
    };
    let deployments = request.deployments.iter().enumerate();
    scope.deployments = deployments.filter(|(at, it)| reads(*at, it)).map(|(_, it)| it.clone()).collect();
    scope.dockerfiles.retain(|dockerfile| dockerfile == path);
    scope.parallel = false;
    scope.failures = Vec::new();
    // What a fix brings in another file counts as well.
    scope.shown = Vec::new();
    if scope.selection.preset.is_none() {
        // And what it brings to rules that were not selected.
        scope.selection.preset = Some(Preset::Recommended);
    }
    scope
}

impl Target<'_> {
    fn settle(
        &self,
        overlay: &Overlay<'_>,
        original: &str,
        only_safe: bool,
        fixable: &dyn Fn(&&Diagnostic) -> bool,
    ) -> Settled {
        let wanted = |diagnostic: &&Diagnostic| {
            fixable(diagnostic)
                && diagnostic.fix.as_ref().is_some_and(|fix| {
                    !(only_safe && fix.applicability > Applicability::Safe)
                        && fix.edits.iter().all(|edit| edit.span.source == diagnostic.span.source)
                })
        };
        fix::settle(original, &mut |text| {
            overlay.insert(self.path, text);
            let resolved = only_safe.then(|| self.resolved(overlay));
            let workspace = Workspace::new(overlay);
            if self.is_dockerfile {
                drop(workspace.dockerfile(self.path));
            } else {
                drop(workspace.compose_file(self.path));
            }
            let report = check_in(workspace, &self.scope);
            let (parses, mut shared) = self.understood(text);
            if only_safe {
                // What is resolved stays as it is, wherever an alias puts it.
                shared.clear();
            }
            self.pass(&report, &wanted, Pass { parses, shared, resolved, ..Pass::default() })
        })
    }

    fn pass(&self, report: &Report, wanted: &dyn Fn(&&Diagnostic) -> bool, mut pass: Pass) -> Pass {
        for diagnostic in &report.diagnostics {
            let source = report.sources.get(diagnostic.span.source);
            let is_own = source.path() == self.path;
            if is_own {
                pass.parses &= !matches!(diagnostic.rule.name, "yaml-syntax" | "dockerfile-syntax");
            }
            pass.errors += usize::from(diagnostic.severity == Severity::Error);
            let finding = key(diagnostic);
            let known =
                if is_own { finding.clone() } else { format!("{finding}|{}", source.path().display()) };
            // That a comment is of no use any more is no harm done by a fix.
            if !is_about_suppressions(diagnostic.rule) {
                *pass.diagnostics.entry(known).or_default() += 1;
            }
            if is_own
                && wanted(&diagnostic)
                && let Some(fix) = &diagnostic.fix
            {
                pass.fixes.push(Candidate { rule: diagnostic.rule.name, finding, fix: fix.clone() });
            }
        }
        pass
    }

    /// Whether the text parses, and what each anchor stands for that an alias repeats.
    fn understood(&self, text: &str) -> (bool, BTreeMap<String, u64>) {
        let source = SourceId(0);
        if self.is_dockerfile {
            // What is wrong with one is a finding.
            return (true, BTreeMap::new());
        }
        let parsed = parse(source, &Arc::from(text));
        let mut shared = BTreeMap::new();
        for document in &parsed.documents {
            let repeated: BTreeSet<_> = document.nodes().filter_map(Yaml::repeated).map(Yaml::id).collect();
            for id in repeated {
                let node = document.node(id);
                let name = node.anchor().map_or("", |anchor| &*anchor.name);
                // A name can be given again; then each has its place among them.
                let mut key = name.to_owned();
                while shared.contains_key(&key) {
                    key.push('\'');
                }
                let mut hasher = DefaultHasher::new();
                hash(node, &mut hasher);
                shared.insert(key, hasher.finish());
            }
        }
        (parsed.problems.is_empty(), shared)
    }

    /// What Compose resolves of all deployments that read the file.
    fn resolved(&self, overlay: &Overlay<'_>) -> u64 {
        let mut hasher = DefaultHasher::new();
        for deployment in &self.scope.deployments {
            let workspace = Workspace::new(overlay);
            let deployment = Deployment { unset: Unset::Blank, ..deployment.clone() };
            let project = Project::load(&workspace, &deployment);
            let options = canonical::Options { home: None, profiles: vec!["*".to_owned()] };
            let (model, errors) = canonical::model(&workspace, &project, &options);
            serde_json::to_string(&model).unwrap_or_default().hash(&mut hasher);
            for error in errors {
                error.message.hash(&mut hasher);
            }
        }
        hasher.finish()
    }
}

/// What a node says, without the order of keys and the way in which it is written.
fn hash(node: Yaml<'_>, hasher: &mut DefaultHasher) {
    node.tag().map(|tag| &tag.name).hash(hasher);
    if node.is_alias() {
        node.alias_name().hash(hasher);
        return;
    }
    match node.kind() {
        Kind::Scalar => format!("{:?}", node.scalar()).hash(hasher),
        Kind::Sequence => {
            node.items().len().hash(hasher);
            for item in node.items() {
                hash(item, hasher);
            }
        }
        Kind::Mapping => {
            let mut entries: Vec<_> = node.entries().collect();
            entries.sort_by_key(|entry| entry.name());
            entries.len().hash(hasher);
            for entry in entries {
                hash(entry.key, hasher);
                hash(entry.value, hasher);
            }
        }
    }
}

/// What tells a finding from others, wherever it stands.
fn key(diagnostic: &Diagnostic) -> String {
    let subject = diagnostic.subject.as_deref().unwrap_or_default();
    // A fix may write a stage's name or a keyword in another case.
    format!("{}|{subject}|{}", diagnostic.rule.name, diagnostic.message).to_lowercase()
}

fn refused(path: &Path, rule: &str, finding: &str, line: Option<u32>, refusal: &Refusal) -> Refused {
    let reason = match refusal {
        Refusal::Edits => "its edits do not fit the file".to_owned(),
        Refusal::OtherFile => "it would change another file".to_owned(),
        Refusal::NotAsked => "the file was not asked for".to_owned(),
        Refusal::Encoding => "the file is not UTF-8".to_owned(),
        Refusal::Parse => "the file would not parse any more".to_owned(),
        Refusal::Error => "there would be more errors".to_owned(),
        Refusal::Shared(anchor) => {
            format!("it would change `&{}` wherever an alias repeats it", anchor.trim_end_matches('\''))
        }
        Refusal::Resolved => "it would change what Compose resolves".to_owned(),
        Refusal::Diagnostic(key) => {
            format!("`{}` would report something new", key.split('|').next().unwrap_or_default())
        }
        Refusal::Settle => "the fixes undo each other".to_owned(),
    };
    let mut parts = finding.splitn(3, '|').skip(1);
    let subject = parts.next().filter(|subject| !subject.is_empty()).map(str::to_owned);
    let message = parts.next().unwrap_or_default().to_owned();
    Refused { path: path.to_owned(), line, rule: rule.to_owned(), subject, message, reason }
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

    /// What was fixed, by rule.
    pub fn fixed(&self) -> Vec<Fixed> {
        let fixed = |(rule, count): (&&'static str, &usize)| Fixed {
            path: self.path.clone(),
            rule: (*rule).to_owned(),
            count: *count,
        };
        self.settled.applied.iter().map(fixed).collect()
    }
}

impl Plan {
    /// Writes the changes, each file whole or not at all.
    pub fn write(&self, fs: &dyn FileSystem) -> Written {
        let mut written = Written { failures: self.failures.clone(), ..Written::default() };
        for change in &self.changes {
            let (old, new) = (change.original.as_bytes(), change.settled.text.as_bytes());
            match fs.write_atomic(&change.path, old, new) {
                Ok(()) => written.fixed.extend(change.fixed()),
                Err(error) => written.failures.push(Failure {
                    path: Some(change.path.clone()),
                    message: format!("cannot write `{}`: {error}", change.path.display()),
                }),
            }
        }
        written
    }
}
