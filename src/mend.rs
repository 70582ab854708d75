//! Applies the fixes of a report to its files.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::compose::canonical;
use crate::compose::environment::Unset;
use crate::compose::file::{ComposeFile, Workspace};
use crate::compose::project::{Deployment, Project};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::fix::{self, Candidate, Finding, Pass, Refusal, Settled, Texts};
use crate::fs::{FileSystem, Overlay};
use crate::lint::{Request, Selector, check_in};
use crate::report::{Failure, Fixed, Refused, Report};
use crate::rule::{Preset, Rule};
use crate::source::SourceId;
use crate::suppress::is_about_suppressions;
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
    /// The text after fixing.
    pub text: String,
    /// The number of fixes that are in the text, by rule.
    pub applied: BTreeMap<&'static str, usize>,
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

/// The subject and the message of each finding as they are shown.
type Said = BTreeMap<Finding, (Option<String>, String)>;

/// Which findings are to be mended.
type Fixable<'a> = &'a (dyn Fn(&Diagnostic) -> bool + Sync);

/// What applying the fixes of the findings of `report` would change.
pub fn plan(fs: &dyn FileSystem, request: &Request, report: &Report, options: &Options) -> Plan {
    let mut plan = Plan::default();
    let fixable = |diagnostic: &Diagnostic| {
        !diagnostic.is_suppressed()
            && options.wants(diagnostic.rule)
            && request.selection.preset_of(diagnostic.rule.category(), diagnostic.rule).is_some()
            && diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability <= options.applicability)
    };
    let mut of_file: BTreeMap<PathBuf, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in report.diagnostics.iter().filter(|it| fixable(it)) {
        let path = report.sources.get(diagnostic.span.source).path().to_owned();
        of_file.entry(path).or_default().push(diagnostic);
    }
    let asked: Vec<PathBuf> = options.asked.iter().map(|path| absolute(fs, path)).collect();
    let mut targets: BTreeMap<PathBuf, SourceId> = BTreeMap::new();
    for (path, diagnostics) in of_file {
        let source = diagnostics[0].span.source;
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
        for diagnostic in diagnostics {
            let other = (!edits_own_file(diagnostic)).then_some(Refusal::OtherFile);
            if let Some(reason) = barred.clone().or(other) {
                let line = file.position(diagnostic.span.start).line;
                let finding = finding(&path, diagnostic);
                let (subject, message) = (diagnostic.subject.clone(), diagnostic.message.clone());
                plan.refused.push(refused(&finding, subject, message, Some(line), &reason));
            }
        }
        if barred.is_none() {
            targets.insert(path, source);
        }
    }
    let groups = groups(request, report, &targets);
    let mend = |group: &Group| group.mend(fs, options.applicability, &fixable);
    let parts: Vec<Plan> = if request.parallel && groups.len() > 1 {
        groups.par_iter().map(mend).collect()
    } else {
        groups.iter().map(mend).collect()
    };
    for part in parts {
        plan.changes.extend(part.changes);
        plan.refused.extend(part.refused);
        plan.failures.extend(part.failures);
    }
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    plan.refused.sort();
    plan.refused.dedup();
    plan.failures.sort();
    plan
}

fn edits_own_file(diagnostic: &Diagnostic) -> bool {
    diagnostic.fix.iter().flat_map(|fix| &fix.edits).all(|it| it.span.source == diagnostic.span.source)
}

fn absolute(fs: &dyn FileSystem, path: &Path) -> PathBuf {
    fs.canonical(path).unwrap_or_else(|| path.to_owned())
}

/// The absolute path of the file itself, not of what it may link to.
fn place(fs: &dyn FileSystem, path: &Path) -> PathBuf {
    let directory = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    absolute(fs, directory).join(path.file_name().unwrap_or_default())
}

/// Files that are mended together, because what one says bears on what is found in another.
struct Group {
    /// The files with their texts, in order of path.
    files: Vec<File>,
    /// What is judged again when one of them changes: what reads it. What others say stays as it is.
    scope: Request,
}

struct File {
    path: PathBuf,
    source: SourceId,
    text: String,
    is_dockerfile: bool,
}

/// The groups of `targets`: two files are in one if a deployment reads both.
fn groups(request: &Request, report: &Report, targets: &BTreeMap<PathBuf, SourceId>) -> Vec<Group> {
    let paths: Vec<&PathBuf> = targets.keys().collect();
    let read: Vec<Vec<usize>> = report
        .deployments
        .iter()
        .map(|it| {
            let mut numbers: Vec<usize> =
                it.read.iter().filter_map(|path| paths.binary_search(&path).ok()).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        })
        .collect();
    // Each file is in the group of the first file that it hangs together with.
    let mut first: Vec<usize> = (0..paths.len()).collect();
    for numbers in &read {
        let Some(least) = numbers.iter().map(|number| first[*number]).min() else { continue };
        let joined: BTreeSet<usize> = numbers.iter().map(|number| first[*number]).collect();
        for of in &mut first {
            if joined.contains(of) {
                *of = least;
            }
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, of) in first.iter().enumerate() {
        members.entry(*of).or_default().push(number);
    }
    let group = |members: &Vec<usize>| {
        let files: Vec<File> = members
            .iter()
            .map(|number| {
                let source = targets[paths[*number]];
                File {
                    path: paths[*number].clone(),
                    source,
                    text: report.sources.get(source).text().to_owned(),
                    is_dockerfile: report.dockerfiles.contains(&source),
                }
            })
            .collect();
        let reads = |index: usize| read[index].first().is_some_and(|number| members.contains(number));
        Group { scope: scope(request, &files, &reads), files }
    };
    members.values().map(group).collect()
}

fn scope(request: &Request, files: &[File], reads: &dyn Fn(usize) -> bool) -> Request {
    let mut scope = request.clone();
    let deployments = request.deployments.iter().enumerate();
    scope.deployments = deployments.filter(|(at, _)| reads(*at)).map(|(_, it)| it.clone()).collect();
    scope.dockerfiles.retain(|dockerfile| files.iter().any(|file| file.path == *dockerfile));
    scope.failures = Vec::new();
    // What a fix brings in another file counts as well.
    scope.shown = Vec::new();
    if scope.selection.preset.is_none() {
        // And what it brings to rules that were not selected.
        scope.selection.preset = Some(Preset::Recommended);
    }
    scope
}

impl Group {
    fn mend(&self, fs: &dyn FileSystem, applicability: Applicability, fixable: Fixable<'_>) -> Plan {
        let originals: Texts = self.files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
        let mut said = Said::new();
        let overlay = Overlay::new(fs);
        let first = self.pass(&overlay, &originals, fixable, &mut said);
        let mut settled =
            fix::settle(&originals, &self.resolve(&overlay, first), Applicability::Safe, &mut |texts| {
                let pass = self.pass(&overlay, texts, fixable, &mut said);
                Pass { resolved: Some(self.resolved(&overlay)), ..pass }
            });
        if applicability > Applicability::Safe {
            // The safe ones are sound by themselves, whatever becomes of the others.
            let safe = settled;
            let is_settled = |finding: &Finding| {
                !safe.refused.iter().any(|(it, why)| *why == Refusal::Settle && it.path == finding.path)
            };
            let mut first = safe.last.clone();
            first.fixes.retain(|it| is_settled(&it.finding));
            settled = fix::settle(&safe.texts, &first, applicability, &mut |texts| {
                let mut pass = self.pass(&overlay, texts, fixable, &mut said);
                pass.fixes.retain(|it| is_settled(&it.finding));
                pass
            });
            for (path, rules) in safe.applied {
                let all = settled.applied.entry(path).or_default();
                for (rule, count) in rules {
                    *all.entry(rule).or_default() += count;
                }
            }
            for (finding, reason) in safe.refused {
                settled.refused.entry(finding).or_insert(reason);
            }
        }
        self.plan(settled, &said)
    }

    fn plan(&self, mut settled: Settled, said: &Said) -> Plan {
        let mut plan = Plan::default();
        let mut restless: BTreeMap<&Path, BTreeSet<&str>> = BTreeMap::new();
        for (finding, refusal) in &settled.refused {
            let place = settled.last.fixes.iter().find(|it| it.finding == *finding);
            if *refusal == Refusal::Settle {
                restless.entry(&finding.path).or_default().insert(finding.rule);
            } else if place.is_none() {
                // Another fix has mended it.
                continue;
            }
            let text = &settled.texts[&finding.path];
            let line = place.and_then(|it| it.fix.edits.first()).map(|edit| {
                let at = edit.span.start as usize;
                text.get(..at).map_or(1, |before| before.matches('\n').count() as u32 + 1)
            });
            let (subject, message) = said.get(finding).cloned().unwrap_or_default();
            plan.refused.push(refused(finding, subject, message, line, refusal));
        }
        for (path, rules) in restless {
            let rules: Vec<String> = rules.into_iter().map(|rule| format!("`{rule}`")).collect();
            plan.failures.push(Failure {
                path: Some(path.to_owned()),
                message: format!(
                    "cannot fix `{}`: the fixes of {} undo each other; fix it by hand",
                    path.display(),
                    rules.join(" and ")
                ),
            });
        }
        for file in &self.files {
            let text = settled.texts.remove(&file.path).unwrap_or_default();
            if text != file.text {
                plan.changes.push(Change {
                    path: file.path.clone(),
                    source: file.source,
                    original: file.text.clone(),
                    text,
                    applied: settled.applied.remove(&file.path).unwrap_or_default(),
                });
            }
        }
        plan
    }

    /// What is known of the texts, but for what Compose resolves.
    fn pass(&self, overlay: &Overlay<'_>, texts: &Texts, fixable: Fixable<'_>, said: &mut Said) -> Pass {
        for (path, text) in texts {
            overlay.insert(path, text.as_str());
        }
        let workspace = Workspace::new(overlay);
        let mut pass = Pass::default();
        for file in &self.files {
            if file.is_dockerfile {
                // What is wrong with one is a finding.
                drop(workspace.dockerfile(&file.path));
            } else if let Ok(file) = workspace.compose_file(&file.path) {
                if !file.problems.is_empty() {
                    pass.broken.insert(file.path.clone());
                }
                share(&file, &mut pass.shared);
            }
        }
        let report = check_in(workspace, &self.scope);
        for diagnostic in &report.diagnostics {
            let source = report.sources.get(diagnostic.span.source);
            let path = source.path();
            let is_own = texts.contains_key(path);
            if is_own && matches!(diagnostic.rule.name, "yaml-syntax" | "dockerfile-syntax") {
                pass.broken.insert(path.to_owned());
            }
            let finding = finding(path, diagnostic);
            if is_own
                && fixable(diagnostic)
                && edits_own_file(diagnostic)
                && let Some(fix) = &diagnostic.fix
            {
                let shown = || (diagnostic.subject.clone(), diagnostic.message.clone());
                said.entry(finding.clone()).or_insert_with(shown);
                pass.fixes.push(Candidate { finding: finding.clone(), fix: (**fix).clone() });
            }
            // That a comment is of no use any more is no harm done by a fix.
            if !is_about_suppressions(diagnostic.rule) {
                let count = pass.findings.entry(finding).or_default();
                count.all += 1;
                count.errors += usize::from(diagnostic.severity == Severity::Error);
                let labels = diagnostic.labels.iter().map(|label| label.span.source);
                let others = labels.filter(|source| *source != diagnostic.span.source);
                count.others.extend(others.map(|source| report.sources.get(source).path().to_owned()));
            }
        }
        pass
    }

    /// The pass with what Compose resolves, if a fix is to leave that as it is.
    fn resolve(&self, overlay: &Overlay<'_>, pass: Pass) -> Pass {
        let is_asked = pass.fixes.iter().any(|it| it.fix.applicability == Applicability::Safe);
        Pass { resolved: is_asked.then(|| self.resolved(overlay)), ..pass }
    }

    /// What Compose resolves of all deployments that read one of the files.
    fn resolved(&self, overlay: &Overlay<'_>) -> u64 {
        let workspace = Workspace::new(overlay);
        let mut hasher = DefaultHasher::new();
        for deployment in &self.scope.deployments {
            let deployment = Deployment { unset: Unset::Blank, ..deployment.clone() };
            let project = Project::load(&workspace, &deployment);
            let options =
                canonical::Options { profiles: vec!["*".to_owned()], ..canonical::Options::default() };
            let (model, errors) = canonical::model(&workspace, &project, &options);
            serde_json::to_string(&model).unwrap_or_default().hash(&mut hasher);
            for error in errors {
                error.message.hash(&mut hasher);
            }
        }
        hasher.finish()
    }
}

/// Adds what each anchor of the file stands for that an alias repeats.
fn share(file: &ComposeFile, shared: &mut BTreeMap<(PathBuf, String), u64>) {
    for document in &file.documents {
        let repeated: BTreeSet<_> = document.nodes().filter_map(Yaml::repeated).map(Yaml::id).collect();
        for id in repeated {
            let node = document.node(id);
            let name = node.anchor().map_or("", |anchor| &*anchor.name);
            // A name can be given again; then each has its place among them.
            let mut key = (file.path.clone(), name.to_owned());
            while shared.contains_key(&key) {
                key.1.push('\'');
            }
            let mut hasher = DefaultHasher::new();
            hash(node, &mut hasher);
            shared.insert(key, hasher.finish());
        }
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
fn finding(path: &Path, diagnostic: &Diagnostic) -> Finding {
    Finding {
        path: path.to_owned(),
        rule: diagnostic.rule.name,
        // A fix may write a stage's name or a keyword in another case.
        subject: diagnostic.subject.as_deref().unwrap_or_default().to_lowercase(),
        message: diagnostic.message.to_lowercase(),
    }
}

fn refused(
    finding: &Finding,
    subject: Option<String>,
    message: String,
    line: Option<u32>,
    refusal: &Refusal,
) -> Refused {
    let reason = match refusal {
        Refusal::Edits => "its edits do not fit the file".to_owned(),
        Refusal::OtherFile => "it would change another file".to_owned(),
        Refusal::NotAsked => "the file was not asked for".to_owned(),
        Refusal::Encoding => "the file is not UTF-8".to_owned(),
        Refusal::Parse => "the file would not parse any more".to_owned(),
        Refusal::Error(rule) => format!("`{rule}` would report a new error"),
        Refusal::Shared(anchor) => {
            format!("it would change `&{}` wherever an alias repeats it", anchor.trim_end_matches('\''))
        }
        Refusal::Resolved => "it would change what Compose resolves".to_owned(),
        Refusal::Finding(rule) => format!("`{rule}` would report something new"),
        Refusal::Settle => "the fixes undo each other".to_owned(),
    };
    let (path, rule) = (finding.path.clone(), finding.rule.to_owned());
    Refused { path, line, rule, subject, message, reason }
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
        fix::unified_diff(path, path, &self.original, &self.text, &|line| lines.contains(&line)).text
    }

    /// What was fixed, by rule.
    pub fn fixed(&self) -> Vec<Fixed> {
        let fixed = |(rule, count): (&&'static str, &usize)| Fixed {
            path: self.path.clone(),
            rule: (*rule).to_owned(),
            count: *count,
        };
        self.applied.iter().map(fixed).collect()
    }
}

impl Plan {
    /// Writes the changes, each file whole or not at all.
    pub fn write(&self, fs: &dyn FileSystem) -> Written {
        let mut written = Written { failures: self.failures.clone(), ..Written::default() };
        for change in &self.changes {
            let (old, new) = (change.original.as_bytes(), change.text.as_bytes());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::Memory;
    use crate::rules::RULES;

    /// The files as one group, judged as one deployment of the first.
    fn group(files: &[(&str, &str)]) -> (Memory, Group) {
        let memory: Memory = files.iter().copied().collect();
        let mut files: Vec<File> = files
            .iter()
            .enumerate()
            .map(|(number, (path, text))| File {
                path: (*path).into(),
                source: SourceId(number as u32),
                text: (*text).to_owned(),
                is_dockerfile: path.ends_with("Dockerfile"),
            })
            .collect();
        let deployment = Deployment { files: vec![files[0].path.clone()], ..Deployment::default() };
        files.sort_by(|a, b| a.path.cmp(&b.path));
        (memory, Group { files, scope: Request { deployments: vec![deployment], ..Request::default() } })
    }

    fn texts(files: &[(&str, &str)]) -> Texts {
        files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect()
    }

    fn named(path: &str, rule: &str) -> Finding {
        let (_, rule) = RULES.iter().find(|(_, it)| it.name == rule).expect("it is a rule");
        Finding { path: path.into(), rule: rule.name, subject: String::new(), message: "m".to_owned() }
    }

    /// What each anchor of the text stands for.
    fn anchors(text: &str) -> BTreeMap<String, u64> {
        let memory: Memory = [("compose.yaml", text)].into_iter().collect();
        let workspace = Workspace::new(&memory);
        let mut shared = BTreeMap::new();
        share(&workspace.compose_file(Path::new("compose.yaml")).expect("it is there"), &mut shared);
        shared.into_iter().map(|((_, name), hash)| (name, hash)).collect()
    }

    #[test]
    fn an_anchor_stands_for_what_it_says_however_it_is_written() {
        let one = anchors("x-a: &a {b: 1, c: [d]}\nx-b: *a\n");
        assert_eq!(one.len(), 1);
        assert_eq!(anchors("x-a: &a\n  c:\n    - \"d\"\n  b: 1 # a number\nx-b: *a\n"), one);
        for other in [
            "x-a: &a {b: '1', c: [d]}\nx-b: *a\n",
            "x-a: &a {b: 1, c: [d, d]}\nx-b: *a\n",
            "x-a: &a {b: 1, c: [e]}\nx-b: *a\n",
            "x-a: &a {b: 1, e: [d]}\nx-b: *a\n",
            "x-a: &a {b: 1, c: !reset [d]}\nx-b: *a\n",
        ] {
            assert_ne!(anchors(other), one, "{other}");
        }
        let inner = |name: &str| anchors(&format!("x-1: &b 1\nx-2: &c 1\nx-a: &a [*{name}]\nx-b: *a\n"))["a"];
        assert_ne!(inner("b"), inner("c"));
        // What no alias repeats may change.
        assert!(anchors("x-a: &a {b: 1}\n").is_empty());
    }

    #[test]
    fn an_anchor_that_is_given_twice_has_two_meanings() {
        let both = anchors("x-a: &a 1\nx-b: *a\nx-c: &a 2\nx-d: *a\n");
        assert_eq!(both.keys().collect::<Vec<_>>(), ["a", "a'"]);
        assert_ne!(both["a"], both["a'"]);
    }

    #[test]
    fn a_text_that_does_not_parse_is_broken_and_no_other() {
        let good = [("compose.yaml", "services: {web: {build: .}}\n"), ("Dockerfile", "FROM a:1\n")];
        let (memory, group) = group(&good);
        let broken = |path: &str, text: &str| {
            let overlay = Overlay::new(&memory);
            let mut texts = texts(&good);
            texts.insert(path.into(), text.to_owned());
            let pass = group.pass(&overlay, &texts, &|_| true, &mut Said::new());
            pass.broken.into_iter().map(|path| path.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(broken("compose.yaml", good[0].1), Vec::<String>::new());
        assert_eq!(broken("compose.yaml", "services: [\n"), ["compose.yaml"]);
        assert_eq!(broken("Dockerfile", "FROM a:1\nRUN <<E\n"), ["Dockerfile"]);
    }

    #[test]
    fn findings_are_counted_and_errors_among_them() {
        let text = "version: '3'\nservices: {a: {image: x:1, privileged: true, restart: sometimes}}\n";
        let files = [("compose.yaml", text)];
        let (memory, group) = group(&files);
        let pass = group.pass(&Overlay::new(&memory), &texts(&files), &|_| true, &mut Said::new());
        let count = |rule: &str| {
            let counts = pass.findings.iter().filter(|(finding, _)| finding.rule == rule);
            counts.map(|(_, count)| (count.all, count.errors)).collect::<Vec<_>>()
        };
        assert_eq!(count("obsolete-version"), [(1, 0)]);
        assert_eq!(count("privileged-container"), [(1, 1)]);
        assert!(pass.fixes.iter().any(|it| it.finding.rule == "obsolete-version"));
        // That a comment is of no use any more is no harm done by a fix.
        let commented = "# composelint: ignore-file[obsolete-version]\nservices: {a: {image: x:1}}\n";
        let pass = group.pass(
            &Overlay::new(&memory),
            &texts(&[("compose.yaml", commented)]),
            &|_| true,
            &mut Said::new(),
        );
        assert!(pass.findings.keys().all(|finding| finding.rule != "unused-suppression"));
        assert!(pass.fixes.iter().any(|it| it.finding.rule == "unused-suppression"));
    }

    #[test]
    fn what_compose_resolves_changes_with_what_the_files_mean() {
        let resolved = |text: &str| {
            let (memory, group) = group(&[("compose.yaml", text)]);
            group.resolved(&Overlay::new(&memory))
        };
        let one = resolved("version: '3'\nservices: {a: {image: x, ports: ['80:80']}}\n");
        assert_eq!(resolved("services: {a: {ports: [\"80:80/tcp\"], image: x}} # the same\n"), one);
        assert_ne!(resolved("services: {a: {image: x, ports: ['80:81']}}\n"), one);
        assert_ne!(resolved("services: {a: {image: x, ports: ['80:x']}}\n"), one);
    }

    #[test]
    fn a_file_that_does_not_settle_is_a_failure_that_names_the_rules() {
        let text = "a: 1\n";
        let (_, group) = group(&[("compose.yaml", text)]);
        let rules = ["obsolete-version", "unpinned-image"];
        let settled = Settled {
            texts: texts(&[("compose.yaml", text)]),
            applied: BTreeMap::new(),
            refused: rules.iter().map(|rule| (named("compose.yaml", rule), Refusal::Settle)).collect(),
            last: Pass::default(),
        };
        let plan = group.plan(settled, &Said::new());
        let message = "cannot fix `compose.yaml`: the fixes of `obsolete-version` and `unpinned-image` undo each other; fix it by hand";
        assert_eq!(plan.failures.iter().map(|it| it.message.as_str()).collect::<Vec<_>>(), [message]);
        assert!(plan.changes.is_empty());
        let reasons: Vec<&str> = plan.refused.iter().map(|it| it.reason.as_str()).collect();
        assert_eq!(reasons, ["the fixes undo each other"; 2]);
    }

    #[test]
    fn what_another_fix_has_mended_is_not_told() {
        let text = "a: 1\n";
        let (_, group) = group(&[("compose.yaml", text)]);
        let settled = Settled {
            texts: texts(&[("compose.yaml", text)]),
            applied: BTreeMap::new(),
            refused: [(named("compose.yaml", "obsolete-version"), Refusal::Parse)].into(),
            last: Pass::default(),
        };
        assert!(group.plan(settled, &Said::new()).refused.is_empty());
    }

    #[test]
    fn each_reason_is_said() {
        let said = |reason: &Refusal| {
            refused(&named("f", "obsolete-version"), None, String::new(), Some(2), reason).reason
        };
        for (reason, words) in [
            (Refusal::Edits, "its edits do not fit the file"),
            (Refusal::OtherFile, "it would change another file"),
            (Refusal::NotAsked, "the file was not asked for"),
            (Refusal::Encoding, "the file is not UTF-8"),
            (Refusal::Parse, "the file would not parse any more"),
            (Refusal::Error("x"), "`x` would report a new error"),
            (Refusal::Finding("x"), "`x` would report something new"),
            (Refusal::Shared("a'".to_owned()), "it would change `&a` wherever an alias repeats it"),
            (Refusal::Resolved, "it would change what Compose resolves"),
            (Refusal::Settle, "the fixes undo each other"),
        ] {
            assert_eq!(said(&reason), words);
        }
    }
}
