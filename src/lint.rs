//! Runs the rules over what a request names.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::compose::file::{ComposeFile, DockerfileFile, Workspace};
use crate::compose::project::{Build, Built, Deployment, Project};
use crate::configuration::{Configurations, Effect};
use crate::diagnostic::Diagnostic;
use crate::fs::FileSystem;
use crate::policy::{self, Judge, Places, Policies};
use crate::progress::Progress;
use crate::report::{DeploymentFiles, Failure, Report};
use crate::rule::{Check, Content, Context, File, Preset, Rule};
use crate::rules::{OPTIONS, RULES};
use crate::source::{SourceId, Sources, Span};
use crate::suppress::{Suppressions, is_about_suppressions};
use crate::yaml::parse::Problem;

thread_local! {
    /// Whether a rule runs on this thread, whose panic becomes a failure.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
    /// Where it panicked.
    static FAILED_AT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Notes where this thread panics, for the failure that names the rule. Whether a rule runs: else nobody
/// else tells of the panic.
pub fn note_panic(place: &str) -> bool {
    if IS_GUARDED.get() {
        FAILED_AT.replace(Some(place.to_owned()));
    }
    IS_GUARDED.get()
}

/// The number of files from which on several threads are worth their start.
const PARALLEL_FROM: usize = 8;

/// A word of `--select` or `--ignore`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Selector {
    /// Every rule.
    All,
    /// The rules of a category.
    Category(String),
    /// One rule.
    Rule(&'static str),
}

impl Selector {
    /// The selector that a word stands for; `None` if it is neither `all`, a category, a rule nor the name
    /// of a policy.
    pub fn parse(word: &str) -> Option<Self> {
        if word == "all" {
            return Some(Self::All);
        }
        if let Some((_, rule)) = RULES.iter().find(|(_, rule)| rule.name == word) {
            return Some(Self::Rule(rule.name));
        }
        if let Some(name) = policy::name(word) {
            return Some(Self::Rule(name));
        }
        if word == policy::CATEGORY {
            return Some(Self::Category(word.to_owned()));
        }
        RULES.iter().any(|(category, _)| *category == word).then(|| Self::Category(word.to_owned()))
    }

    /// Whether it means the rule.
    pub fn means(&self, category: &str, rule: &Rule) -> bool {
        self.closeness(category, rule).is_some()
    }

    /// How closely it means the rule; `None` if it does not mean it.
    fn closeness(&self, category: &str, rule: &Rule) -> Option<u8> {
        match self {
            Self::All => Some(1),
            Self::Category(name) => (name == category).then_some(2),
            Self::Rule(name) => (*name == rule.name).then_some(3),
        }
    }
}

/// Which rules run.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The preset that is the base; `None` if only what is selected runs.
    pub preset: Option<Preset>,
    /// What runs besides the preset.
    pub select: Vec<Selector>,
    /// What does not run. The closer word wins over the wider one, and at a tie this one.
    pub ignore: Vec<Selector>,
}

impl Default for Selection {
    fn default() -> Self {
        Self { preset: Some(Preset::Recommended), select: Vec::new(), ignore: Vec::new() }
    }
}

impl Selection {
    /// Whether the rule is switched on or off by a word of its own; `None` if the preset decides.
    pub fn by_words(&self, category: &str, rule: &Rule) -> Option<bool> {
        let closest = |selectors: &[Selector]| {
            selectors.iter().filter_map(|selector| selector.closeness(category, rule)).max().unwrap_or(0)
        };
        let (selected, ignored) = (closest(&self.select), closest(&self.ignore));
        if ignored > 0 && ignored >= selected {
            return Some(false);
        }
        (selected > 0).then_some(true)
    }

    /// The largest preset of which the rule's findings are wanted; `None` if the rule does not run.
    pub fn preset_of(&self, category: &str, rule: &Rule) -> Option<Preset> {
        match self.by_words(category, rule) {
            Some(false) => return None,
            Some(true) => return Some(Preset::Configured),
            None => {}
        }
        let preset = self.preset?;
        (rule.preset <= preset && rule.preset <= Preset::Strict).then_some(preset)
    }
}

/// What a run judges, and how.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The deployments.
    pub deployments: Vec<Deployment>,
    /// Dockerfiles that are judged whether or not a service builds them.
    pub dockerfiles: Vec<PathBuf>,
    /// Only findings in these files are wanted; all if empty.
    pub shown: Vec<PathBuf>,
    /// Which rules run.
    pub selection: Selection,
    /// Whether the machine's threads may be used.
    pub parallel: bool,
    /// What could not be done before.
    pub failures: Vec<Failure>,
    /// Whether comments that silence findings are passed over.
    pub ignore_suppressions: bool,
    /// What the configurations say.
    pub configurations: Configurations,
    /// Whether the selection's preset is the default one, which a configuration replaces.
    pub is_preset_open: bool,
    /// What is told of each deployment that is judged.
    pub progress: Progress,
    /// The directories and files with policies for all files, besides those of the configurations.
    pub policies: Vec<PathBuf>,
    /// The directory that relative paths are in; empty where that does not matter.
    pub root: PathBuf,
}

/// The rules that tell why a file could not be loaded, or what it includes and extends.
const STOPPING: &[&str] = &["extends-error", "include-error", "yaml-limit", "yaml-syntax"];

/// Whether a file that is `shown` is loaded with another one, which no deployment names.
fn is_loaded_for(request: &Request, read: &[Vec<PathBuf>], shown: &HashSet<&Path>, path: &Path) -> bool {
    let names = |deployment: &Deployment, path: &Path| deployment.files.iter().any(|file| file == path);
    !request.deployments.iter().any(|deployment| names(deployment, path))
        && request.deployments.iter().zip(read).any(|(deployment, read)| {
            deployment.files.iter().any(|file| shown.contains(file.as_path()))
                && read.iter().any(|file| file == path)
        })
}

struct Runner<'w, 'f> {
    workspace: &'w Workspace<'f>,
    configurations: &'w Configurations,
    /// The rules that run, with the preset of each. Rules of the category `secrets` always run, so
    /// that what they recognise is masked; their findings may be unwanted.
    rules: Vec<(&'static Rule, Option<Preset>)>,
}

#[derive(Default)]
struct Findings {
    found: Vec<Diagnostic>,
    /// What only a larger preset wants; comments that silence it are of use all the same.
    unwanted: Vec<Diagnostic>,
    secrets: Vec<Span>,
    failures: Vec<Failure>,
    /// Why policies could not be run.
    broken: Vec<Problem>,
}

impl Findings {
    /// Takes in what policies found.
    fn take(&mut self, judged: policy::Judged) {
        self.found.extend(judged.diagnostics);
        self.broken.extend(judged.problems);
    }
}

/// What came of one deployment.
struct Judged {
    findings: Findings,
    /// The Dockerfiles that stand in its own files.
    inline: Vec<Arc<DockerfileFile>>,
    built: Built,
    /// The Compose files that were read for it.
    read: Vec<PathBuf>,
    /// The Dockerfiles that its services build.
    dockerfiles: Vec<SourceId>,
    /// Those and the ones of which they name a stage that is not there.
    named: Vec<PathBuf>,
}

/// Judges what `request` names and says what was found.
pub fn check(fs: &dyn FileSystem, request: &Request) -> Report {
    check_in(Workspace::new(fs), request)
}

/// The same over a workspace, in which some texts may have been provided.
pub fn check_in(workspace: Workspace<'_>, request: &Request) -> Report {
    let configurations = &request.configurations;
    let rules = RULES
        .iter()
        .filter_map(|(category, rule)| {
            let selection = &request.selection;
            let preset = configurations.widest(category, rule, selection, request.is_preset_open);
            (preset.is_some() || *category == "secrets").then_some((*rule, preset))
        })
        .collect();
    let runner = Runner { workspace: &workspace, configurations, rules };
    let parallel = request.parallel && request.deployments.len() + request.dockerfiles.len() >= PARALLEL_FROM;

    let places = Places { everywhere: &request.policies, configurations, root: &request.root };
    let files = request.deployments.iter().flat_map(|it| it.files.first()).chain(&request.dockerfiles);
    let policies = Policies::load(&workspace, places, files.map(PathBuf::as_path));
    let wants = |rule: &'static Rule| {
        let selection = &request.selection;
        configurations.widest(policy::CATEGORY, rule, selection, request.is_preset_open).is_some()
    };
    let judge = |path: &Path| {
        let library = policies.of(places, path)?;
        Some(Judge { workspace: &workspace, library, root: &request.root, wants: &wants })
    };

    let load = |deployment: &Deployment| {
        let project = Project::load(&workspace, deployment);
        let built = project.built();
        let mut findings = runner.project(&project, &built);
        if let Some(judge) = deployment.files.first().and_then(|path| judge(path)) {
            findings.take(judge.project(&project));
        }
        let inline: Vec<Arc<DockerfileFile>> = project.inline_dockerfiles();
        let read: Vec<PathBuf> = project.files().iter().map(|file| file.path.clone()).collect();
        let dockerfiles = project.dockerfiles().map(|file| file.source).collect();
        let named =
            project.services().filter_map(|service| Some(service.dockerfile()?.path.clone())).collect();
        request.progress.step();
        Judged { findings, inline, built, read, dockerfiles, named }
    };
    let mut judged: Vec<Judged> = if parallel {
        request.dockerfiles.par_iter().for_each(|path| drop(workspace.dockerfile(path)));
        // One at a time, since some are a hundred times as large as others.
        request.deployments.par_iter().with_max_len(1).map(load).collect()
    } else {
        request.deployments.iter().map(load).collect()
    };

    let mut failures = request.failures.clone();
    let unreadable = request
        .deployments
        .iter()
        .flat_map(|deployment| &deployment.files)
        .filter_map(|path| Some((path, workspace.compose_file(path).err()?)))
        .chain(request.dockerfiles.iter().filter_map(|path| Some((path, workspace.dockerfile(path).err()?))))
        .chain(
            request
                .deployments
                .iter()
                .flat_map(|deployment| &deployment.env_files)
                .filter_map(|path| Some((path, workspace.text(path).err()?))),
        );
    for (path, error) in unreadable {
        failures.push(Failure {
            path: Some(path.clone()),
            message: format!("cannot read `{}`: {error}", path.display()),
        });
    }

    let compose_files = workspace.take_compose_files();
    let mut dockerfiles = workspace.take_dockerfiles();
    let mut seen: HashSet<(SourceId, Option<Span>)> = HashSet::new();
    for file in judged.iter_mut().flat_map(|it| std::mem::take(&mut it.inline)) {
        let place = (file.source, file.dockerfile.instructions().first().map(|instruction| instruction.span));
        if seen.insert(place) {
            dockerfiles.push(file);
        }
    }
    let built = Built::union(judged.iter().map(|it| &it.built));
    let dockerfiles_of_services = judged.iter().flat_map(|it| &it.dockerfiles).copied().collect();
    let read: Vec<Vec<PathBuf>> = judged.iter_mut().map(|it| std::mem::take(&mut it.read)).collect();
    let mut whole = Whole::of(request, &read, &compose_files, &dockerfiles, dockerfiles_of_services);
    let suppressions = (!request.ignore_suppressions)
        .then(|| Suppressions::collect(&compose_files, &dockerfiles, workspace.sources()));
    let compose_sources: BTreeSet<SourceId> = compose_files.iter().map(|file| file.source).collect();
    let dockerfile_sources: BTreeSet<SourceId> =
        dockerfiles.iter().filter(|file| !file.inline).map(|file| file.source).collect();

    // What was made of a file ends with its judgement: of many files, most of the memory.
    let of_compose = |file: Arc<ComposeFile>| runner.file(Content::Compose(&file), &built);
    let of_dockerfile = |file: Arc<DockerfileFile>| {
        let mut findings = runner.file(Content::Dockerfile(&file), &built);
        if let Some(judge) = judge(&file.path) {
            findings.take(judge.dockerfile(&file));
        }
        findings
    };
    let of_files: Vec<Findings> = if parallel {
        let compose_files = compose_files.into_par_iter().map(of_compose);
        compose_files.chain(dockerfiles.into_par_iter().map(of_dockerfile)).collect()
    } else {
        let compose_files = compose_files.into_iter().map(of_compose);
        compose_files.chain(dockerfiles.into_iter().map(of_dockerfile)).collect()
    };

    let effects = Effects { request, sources: workspace.sources(), known: HashMap::new() };
    let mut collected = Collected { failures, ..Collected::new(effects) };
    let mut named = Vec::new();
    for (index, judged) in judged.into_iter().enumerate() {
        collected.take(judged.findings, Some(index));
        named.push(judged.named);
    }
    for findings in of_files {
        collected.take(findings, None);
    }
    if let Some(mut suppressions) = suppressions {
        suppressions.silence(&mut collected.diagnostics, &collected.unwanted);
        suppressions.judge(&policies, &|rule, source| {
            let path = workspace.sources().get(source).path().to_owned();
            let (selection, is_open) = (&request.selection, request.is_preset_open);
            let rule_in_category = (rule.category(), rule);
            collected.failures.is_empty()
                && whole.is_judged(rule, source)
                && configurations.effect(rule_in_category, (&path, None), selection, is_open).is_some()
        });
        let findings = runner.suppressions(&suppressions, &built, workspace.sources());
        let before = collected.diagnostics.len();
        collected.take(findings, None);
        suppressions.silence(&mut collected.diagnostics[before..], &[]);
    }
    let Collected { mut diagnostics, mut failures, mut secrets, broken, .. } = collected;
    for ranges in secrets.values_mut() {
        ranges.sort_by_key(|range| (range.start, range.end));
        ranges.dedup();
    }
    if !request.shown.is_empty() {
        let shown: HashSet<&Path> = request.shown.iter().map(PathBuf::as_path).collect();
        let mut wanted: HashMap<SourceId, bool> = HashMap::new();
        diagnostics.retain(|diagnostic: &Diagnostic| {
            let source = diagnostic.span.source;
            let path = || workspace.sources().get(source).path().to_owned();
            *wanted.entry(source).or_insert_with(|| shown.contains(path().as_path()))
                || STOPPING.contains(&diagnostic.rule.name) && is_loaded_for(request, &read, &shown, &path())
        });
    }
    // What is wrong with a policy is told whatever is asked for.
    let (broken, of_policies) = policy::complaints(&policies, broken, &workspace);
    diagnostics.extend(broken);
    failures.extend(of_policies);
    failures.sort();
    failures.dedup();
    whole.has_failures = !failures.is_empty();
    let mut diagnostics = merged(diagnostics, &read, &workspace);
    policy::mask(&mut diagnostics, &secrets, workspace.sources());
    Report {
        deployments: request
            .deployments
            .iter()
            .zip(read.into_iter().zip(named))
            .map(|(deployment, (mut read, named))| {
                read.extend(named);
                read.sort();
                read.dedup();
                DeploymentFiles { files: deployment.files.clone(), read }
            })
            .collect(),
        diagnostics,
        failures,
        secrets,
        checked_files: compose_sources.len() + dockerfile_sources.len(),
        compose_files: compose_sources,
        dockerfiles: dockerfile_sources,
        fixed: Vec::new(),
        refused: Vec::new(),
        whole,
        sources: workspace.into_sources(),
    }
}

/// `items` in another order, which has the number of each once, without a second list of them.
fn permuted<T>(mut items: Vec<T>, mut order: Vec<usize>) -> Vec<T> {
    for first in 0..order.len() {
        // Along a circle of places, each of which takes what belongs there; those that have it say so.
        let mut place = first;
        while order[place] != first {
            let from = std::mem::replace(&mut order[place], place);
            items.swap(place, from);
            place = from;
        }
        order[place] = place;
    }
    items
}

/// The findings in order of path, place and rule; one for all deployments that share it. One that
/// every deployment with the file has names none. `read` are the files of each deployment, with what
/// they include and extend.
fn merged(diagnostics: Vec<Diagnostic>, read: &[Vec<PathBuf>], workspace: &Workspace<'_>) -> Vec<Diagnostic> {
    let sources: BTreeSet<SourceId> = diagnostics.iter().map(|it| it.span.source).collect();
    let mut paths: Vec<(PathBuf, SourceId)> =
        sources.into_iter().map(|id| (workspace.sources().get(id).path().to_owned(), id)).collect();
    paths.sort();
    // The place of a file's path among all: a path is compared once, not once a finding.
    let mut ranks: HashMap<SourceId, usize> = HashMap::new();
    let mut rank = 0;
    for (index, (path, source)) in paths.iter().enumerate() {
        rank += usize::from(index > 0 && paths[index - 1].0 != *path);
        ranks.insert(*source, rank);
    }
    let mut order: Vec<(usize, usize)> =
        diagnostics.iter().enumerate().map(|(index, it)| (ranks[&it.span.source], index)).collect();
    order.sort_by(|(a_rank, a), (b_rank, b)| {
        let (a, b) = (&diagnostics[*a], &diagnostics[*b]);
        let key = |it: &Diagnostic| (it.span.start, it.span.end, it.rule.name);
        a_rank
            .cmp(b_rank)
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| a.message.cmp(&b.message))
            .then_with(|| a.subject.cmp(&b.subject))
            .then_with(|| a.deployments.cmp(&b.deployments))
    });
    let mut merged = permuted(diagnostics, order.into_iter().map(|(_, index)| index).collect());
    merged.dedup_by(|diagnostic, last| {
        let is_same = last.rule.name == diagnostic.rule.name
            && last.span == diagnostic.span
            && last.message == diagnostic.message
            && last.subject == diagnostic.subject;
        if is_same {
            last.severity = last.severity.max(diagnostic.severity);
            if diagnostic.suppressed_by.is_none() {
                last.suppressed_by = None;
            }
            last.deployments.append(&mut diagnostic.deployments);
            last.deployments.sort_unstable();
            last.deployments.dedup();
        }
        is_same
    });
    // The deployments that read each file.
    let mut readers: HashMap<&Path, Vec<usize>> = HashMap::new();
    for (index, files) in read.iter().enumerate() {
        for file in files {
            let of_file = readers.entry(file).or_default();
            if of_file.last() != Some(&index) {
                of_file.push(index);
            }
        }
    }
    let readers: HashMap<SourceId, &[usize]> = paths
        .iter()
        .map(|(path, source)| (*source, readers.get(path.as_path()).map_or(&[][..], Vec::as_slice)))
        .collect();
    merged.retain_mut(|diagnostic| {
        let all = readers[&diagnostic.span.source];
        if diagnostic.deployments.is_empty() {
            diagnostic.deployments = all.to_vec();
        }
        !diagnostic.is_everywhere || all.len() == diagnostic.deployments.len()
    });
    merged
}

impl Runner<'_, '_> {
    /// Runs one check of one rule; a panic becomes a failure that names the rule and the file.
    #[expect(clippy::too_many_arguments, reason = "all of them are what one run of one check needs")]
    fn run(
        &self,
        rule: &'static Rule,
        preset: Option<Preset>,
        subject: Option<&str>,
        path: &Path,
        built: &Built,
        findings: &mut Findings,
        check: impl FnOnce(&mut Context<'_>),
    ) {
        let options = self.options(rule, path, subject);
        let before = findings.found.len();
        let (found, secrets) = (&mut findings.found, &mut findings.secrets);
        IS_GUARDED.set(true);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            check(&mut Context::new(rule, subject, built, options, found, secrets));
        }));
        match preset {
            None => findings.found.truncate(before),
            Some(preset) => {
                findings.unwanted.extend(findings.found.extract_if(before.., |found| found.preset > preset));
            }
        }
        IS_GUARDED.set(false);
        if outcome.is_err() {
            // Never the panic's message: it may quote the file.
            let place = FAILED_AT.take().map_or(String::new(), |place| format!(" at {place}"));
            findings.failures.push(Failure {
                path: Some(path.to_owned()),
                message: format!(
                    "internal error: rule `{}` failed on `{}`{place}; the other rules have reported",
                    rule.name,
                    path.display(),
                ),
            });
        }
    }

    /// What the configuration of the file tells the rule.
    fn options(&self, rule: &Rule, path: &Path, subject: Option<&str>) -> Option<Arc<dyn Any + Send + Sync>> {
        if self.configurations.is_empty() || !OPTIONS.iter().any(|(name, _)| *name == rule.name) {
            return None;
        }
        let path = self.configurations.absolute(path);
        self.configurations.of(&path)?.options(rule.category(), rule, &path, subject)
    }

    fn project(&self, project: &Project, built: &Built) -> Findings {
        let mut findings = Findings::default();
        let path = project.deployment.files.first().cloned().unwrap_or_default();
        for (rule, preset) in &self.rules {
            if rule.is_for_production && !project.deployment.is_production {
                continue;
            }
            for check in rule.checks {
                match check {
                    Check::Project(check) => {
                        self.run(rule, *preset, None, &path, built, &mut findings, |cx| check(project, cx));
                    }
                    Check::Service(check) => {
                        for service in project.services() {
                            let subject = Some(service.name());
                            self.run(rule, *preset, subject, &path, built, &mut findings, |cx| {
                                check(service, cx)
                            });
                        }
                    }
                    Check::Build(check) => {
                        for service in project.services() {
                            let Some(stage) = service.stage() else { continue };
                            let subject = Some(service.name());
                            self.run(rule, *preset, subject, &path, built, &mut findings, |cx| {
                                check(service, stage, cx);
                            });
                        }
                    }
                    Check::File(_) | Check::Stage(_) | Check::Suppressions(_) => {}
                }
            }
        }
        findings
    }

    /// Runs the rules that look at what is silenced.
    fn suppressions(&self, suppressions: &Suppressions, built: &Built, sources: &Sources) -> Findings {
        let mut findings = Findings::default();
        for (source, file) in suppressions.files() {
            let path = sources.get(source).path().to_owned();
            for (rule, preset) in &self.rules {
                for check in rule.checks {
                    if let Check::Suppressions(check) = check {
                        self.run(rule, *preset, None, &path, built, &mut findings, |cx| check(file, cx));
                    }
                }
            }
        }
        findings
    }

    fn file(&self, content: Content<'_>, built: &Built) -> Findings {
        let mut findings = Findings::default();
        let (source, path) = match content {
            Content::Compose(file) => (file.source, &file.path),
            Content::Dockerfile(file) => (file.source, &file.path),
        };
        let text = self.workspace.sources().get(source).shared_text();
        let file = File { content, source, text: &text };
        for (rule, preset) in &self.rules {
            for check in rule.checks {
                match check {
                    Check::File(check) => {
                        self.run(rule, *preset, None, path, built, &mut findings, |cx| check(file, cx));
                    }
                    Check::Stage(check) => {
                        for stage in file.dockerfile().into_iter().flat_map(|dockerfile| dockerfile.stages())
                        {
                            let name = stage.name().map(|name| name.value.as_str());
                            self.run(rule, *preset, name, path, built, &mut findings, |cx| check(stage, cx));
                        }
                    }
                    Check::Service(_) | Check::Project(_) | Check::Build(_) | Check::Suppressions(_) => {}
                }
            }
        }
        findings.found.shrink_to_fit();
        findings
    }
}

/// What a run has found so far.
struct Collected<'r> {
    diagnostics: Vec<Diagnostic>,
    /// What only a larger preset wants.
    unwanted: Vec<Diagnostic>,
    failures: Vec<Failure>,
    secrets: BTreeMap<SourceId, Vec<std::ops::Range<usize>>>,
    /// Why policies could not be run.
    broken: Vec<Problem>,
    effects: Effects<'r>,
}

impl<'r> Collected<'r> {
    fn new(effects: Effects<'r>) -> Self {
        Self {
            diagnostics: Vec::new(),
            unwanted: Vec::new(),
            failures: Vec::new(),
            secrets: BTreeMap::new(),
            broken: Vec::new(),
            effects,
        }
    }

    /// Takes in what the configurations want of `findings`, which are of the deployment with that index.
    fn take(&mut self, findings: Findings, deployment: Option<usize>) {
        for span in findings.secrets {
            self.secrets.entry(span.source).or_default().push(span.range());
        }
        self.failures.extend(findings.failures);
        self.broken.extend(findings.broken);
        self.unwanted.extend(findings.unwanted);
        let mut found = findings.found;
        if !self.effects.request.configurations.is_empty() {
            found.retain_mut(|diagnostic| match self.effects.of(diagnostic) {
                Some(effect) => {
                    diagnostic.severity = effect.severity.unwrap_or(diagnostic.severity);
                    if diagnostic.preset > effect.preset {
                        self.unwanted.push(diagnostic.clone());
                    }
                    diagnostic.preset <= effect.preset
                }
                None => false,
            });
        }
        if let Some(deployment) = deployment {
            // Most findings keep one, and have no room for more.
            found.iter_mut().for_each(|diagnostic| diagnostic.deployments = vec![deployment]);
        }
        if self.diagnostics.is_empty() {
            // Of one large project, the findings are not there twice.
            self.diagnostics = found;
        } else {
            self.diagnostics.append(&mut found);
        }
    }
}

/// What holds for the findings of a run, each looked up once for a file and a service.
struct Effects<'r> {
    request: &'r Request,
    sources: &'r Sources,
    known: HashMap<(SourceId, &'static str, Option<String>), Option<Effect>>,
}

impl Effects<'_> {
    fn of(&mut self, diagnostic: &Diagnostic) -> Option<Effect> {
        let rule = diagnostic.rule;
        let key = (diagnostic.span.source, rule.name, diagnostic.subject.clone());
        *self.known.entry(key).or_insert_with(|| {
            let source = self.sources.get(diagnostic.span.source);
            let place = (source.path(), diagnostic.subject.as_deref());
            let request = self.request;
            let rule = (rule.category(), rule);
            request.configurations.effect(rule, place, &request.selection, request.is_preset_open)
        })
    }
}

/// What of the files a run has looked at whole, so that what was not found is not there.
#[derive(Debug, Default)]
pub struct Whole {
    /// Whether something could not be done.
    has_failures: bool,
    /// Whether services were left out.
    has_profiles: bool,
    /// The files that were read to their end.
    readable: HashSet<SourceId>,
    /// The Dockerfiles, and those of them that services of the run build.
    dockerfiles: HashSet<SourceId>,
    dockerfiles_of_services: HashSet<SourceId>,
    /// The Compose files of deployments that ship.
    shipping: HashSet<SourceId>,
}

impl Whole {
    fn of(
        request: &Request,
        read: &[Vec<PathBuf>],
        compose_files: &[Arc<ComposeFile>],
        dockerfiles: &[Arc<DockerfileFile>],
        dockerfiles_of_services: HashSet<SourceId>,
    ) -> Self {
        let shipping: HashSet<&PathBuf> = request
            .deployments
            .iter()
            .zip(read)
            .filter(|(deployment, _)| deployment.is_production && !deployment.is_fragment)
            .flat_map(|(_, files)| files)
            .collect();
        let of_compose = compose_files.iter().filter(|file| file.problems.is_empty());
        let of_docker = dockerfiles
            .iter()
            .filter(|file| !file.inline && file.problems.is_empty() && file.dockerfile.errors().is_empty());
        Self {
            has_failures: false,
            has_profiles: request.deployments.iter().any(|deployment| !deployment.profiles.is_empty()),
            readable: of_compose.map(|file| file.source).chain(of_docker.map(|file| file.source)).collect(),
            dockerfiles: dockerfiles.iter().filter(|file| !file.inline).map(|file| file.source).collect(),
            dockerfiles_of_services,
            shipping: compose_files
                .iter()
                .filter(|file| shipping.contains(&file.path))
                .map(|file| file.source)
                .collect(),
        }
    }

    /// Whether a run for `request` that ended with `report` has said all that the rule of this name can
    /// say about the file.
    pub fn has_judged(&self, request: &Request, report: &Report, rule: &str, source: SourceId) -> bool {
        let path = report.sources.get(source).path().to_owned();
        let is_shown = request.shown.is_empty() || request.shown.contains(&path);
        if self.has_failures || self.has_profiles || !is_shown {
            return false;
        }
        let selection = &request.selection;
        let Some((category, rule)) = RULES.iter().find(|(_, it)| it.name == rule) else {
            // It may be of another version; nothing is known of it but that this one does not report it.
            return selection.preset.is_some() && selection.ignore.is_empty();
        };
        let (configurations, is_open) = (&request.configurations, request.is_preset_open);
        if configurations.effect((category, rule), (&path, None), selection, is_open).is_none() {
            return false;
        }
        let is_text = !report.compose_files.contains(&source) && !report.dockerfiles.contains(&source);
        match is_about_suppressions(rule) {
            true => self.readable.contains(&source) && !request.ignore_suppressions,
            false => is_text || self.is_judged(rule, source),
        }
    }

    /// Whether all that the rule could say about the file has been said.
    fn is_judged(&self, rule: &Rule, source: SourceId) -> bool {
        let is_of_files = |check: &Check| matches!(check, Check::File(_) | Check::Stage(_));
        let is_reached = if self.dockerfiles.contains(&source) {
            // What no service builds is judged stage by stage.
            self.dockerfiles_of_services.contains(&source) || rule.checks.iter().any(is_of_files)
        } else {
            !rule.is_for_production || self.shipping.contains(&source)
        };
        if rule.category() == policy::CATEGORY {
            return self.readable.contains(&source) && !self.has_profiles;
        }
        self.readable.contains(&source)
            && !is_about_suppressions(rule)
            && (rule.checks.iter().all(is_of_files) || is_reached && !self.has_profiles)
    }
}

impl Project {
    /// The Dockerfiles that stand in the project's own files.
    pub fn inline_dockerfiles(&self) -> Vec<Arc<DockerfileFile>> {
        self.dockerfiles().filter(|file| file.inline).map(Arc::clone).collect()
    }

    /// The Dockerfiles that the services build.
    fn dockerfiles(&self) -> impl Iterator<Item = &Arc<DockerfileFile>> {
        self.services().filter_map(|service| match service.build() {
            Build::Stage { file, .. } => Some(file),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::Memory;

    #[test]
    fn a_rule_that_panics_is_named_without_what_it_quotes() {
        static RULE: Rule = Rule {
            checks: &[Check::File(|file, _| {
                assert!(note_panic("here:1:2"));
                panic!("{}", file.text)
            })],
            ..Rule::apart("obsolete-version", "it panics")
        };
        let fs: Memory = [("compose.yaml", "hunter2")].into_iter().collect();
        let workspace = Workspace::new(&fs);
        let file = workspace.compose_file(Path::new("compose.yaml")).expect("it is there");
        let rules = vec![(&RULE, Some(Preset::Strict))];
        let runner = Runner { workspace: &workspace, configurations: &Configurations::default(), rules };
        let findings = runner.file(Content::Compose(&file), &Built::default());
        let [failure] = findings.failures.as_slice() else { panic!("one rule fails") };
        assert!(failure.message.contains("rule `obsolete-version` failed on `compose.yaml`"));
        assert!(failure.message.contains("here:1:2"), "{}", failure.message);
        assert!(!failure.message.contains("hunter2"), "{}", failure.message);
        assert!(!note_panic("outside"));
    }

    #[test]
    fn each_item_takes_the_place_that_the_order_gives_it() {
        let permuted =
            |order: &[usize]| String::from_iter(permuted(vec!['a', 'b', 'c', 'd'], order.to_vec()));
        assert_eq!(permuted(&[2, 0, 3, 1]), "cadb");
        assert_eq!(permuted(&[1, 0, 2, 3]), "bacd");
        assert_eq!(permuted(&[0, 1, 2, 3]), "abcd");
    }

    fn deployment(files: &[&str]) -> Deployment {
        Deployment {
            files: files.iter().map(PathBuf::from).collect(),
            is_production: true,
            ..Deployment::default()
        }
    }

    fn only(rule: &'static str) -> Selection {
        Selection { preset: None, select: vec![Selector::Rule(rule)], ignore: Vec::new() }
    }

    #[test]
    fn of_files_that_are_not_asked_for_is_told_what_stops_those_that_are() {
        let fs: Memory = [
            ("compose.yaml", "include: [lib.yaml]\nservices: {}\n"),
            ("other.yaml", "services: {}\n"),
            ("lib.yaml", "services: [\n"),
        ]
        .into_iter()
        .collect();
        let told = |shown: &str, deployments: &[&str]| {
            let request = Request {
                deployments: deployments.iter().map(|file| deployment(&[file])).collect(),
                shown: vec![shown.into()],
                selection: only("yaml-syntax"),
                ..Request::default()
            };
            check(&fs, &request).diagnostics.len()
        };
        assert_eq!(told("compose.yaml", &["compose.yaml", "other.yaml"]), 1);
        assert_eq!(told("other.yaml", &["compose.yaml", "other.yaml"]), 0);
        // A file that is judged by itself is told of where it is asked for.
        assert_eq!(told("compose.yaml", &["compose.yaml", "lib.yaml"]), 0);
        assert_eq!(told("lib.yaml", &["compose.yaml", "lib.yaml"]), 1);
    }

    #[test]
    fn what_is_secret_is_known_whatever_rules_run() {
        let text = "services: {web: {image: x, environment: {DB_PASSWORD: hunter2hunter2}}}\n";
        let fs: Memory = [("compose.yaml", text)].into_iter().collect();
        let request = Request {
            deployments: vec![deployment(&["compose.yaml"])],
            selection: only("obsolete-version"),
            ..Request::default()
        };
        let report = check(&fs, &request);
        assert!(report.diagnostics.is_empty());
        let secrets: Vec<&str> =
            report.secrets.values().flatten().map(|range| &text[range.clone()]).collect();
        assert_eq!(secrets, ["hunter2hunter2"]);
    }

    #[test]
    fn a_deployment_names_each_file_that_it_reads_once() {
        let compose = "services: {a: {build: .}, b: {build: {context: ., target: gone}}}\n";
        let fs: Memory = [("compose.yaml", compose), ("Dockerfile", "FROM scratch\n")].into_iter().collect();
        let request = Request { deployments: vec![deployment(&["compose.yaml"])], ..Request::default() };
        let report = check(&fs, &request);
        assert_eq!(report.deployments[0].read, [Path::new("Dockerfile"), Path::new("compose.yaml")]);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_one_failure() {
        let fs: Memory = [("compose.yaml", "services: {}\n")].into_iter().collect();
        let deployments =
            vec![deployment(&["compose.yaml", "gone.yaml"]), deployment(&["compose.yaml", "gone.yaml"])];
        let report = check(&fs, &Request { deployments, ..Request::default() });
        let messages: Vec<&str> = report.failures.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, ["cannot read `gone.yaml`: no such file"]);
    }

    #[test]
    fn an_extends_that_misses_its_service_is_told_what_was_meant() {
        let told = |extends: &str| {
            let text = format!("services: {{base: {{image: x}}, web: {{extends: {extends}}}}}\n");
            let fs: Memory = [("compose.yaml", text.as_str())].into_iter().collect();
            let request = Request {
                deployments: vec![deployment(&["compose.yaml"])],
                selection: only("extends-error"),
                ..Request::default()
            };
            let report = check(&fs, &request);
            let [found] = report.diagnostics.as_slice() else { panic!("{:?}", report.diagnostics) };
            found.help.clone()
        };
        assert_eq!(told("bas").as_deref(), Some("extend `base`"));
        // Not the service itself, however near its name is.
        assert_ne!(told("wev").as_deref(), Some("extend `web`"));
    }

    #[test]
    fn the_closer_word_decides_and_of_two_the_one_that_ignores() {
        let (_, rule) = RULES.iter().find(|(_, it)| it.name == "privileged-container").expect("it is a rule");
        let (all, category, one) =
            (Selector::All, Selector::Category("security".to_owned()), Selector::Rule(rule.name));
        let decided = |select: &[&Selector], ignore: &[&Selector]| {
            let words = |words: &[&Selector]| words.iter().map(|it| (*it).clone()).collect();
            let selection = Selection { preset: None, select: words(select), ignore: words(ignore) };
            selection.by_words("security", rule)
        };
        assert_eq!(decided(&[], &[]), None);
        assert_eq!(decided(&[&all], &[&category]), Some(false));
        assert_eq!(decided(&[&category], &[&all]), Some(true));
        assert_eq!(decided(&[&category], &[&one]), Some(false));
        assert_eq!(decided(&[&one], &[&category, &all]), Some(true));
        for word in [&all, &category, &one] {
            assert_eq!(decided(&[word], &[word]), Some(false));
        }
        assert_eq!(decided(&[&Selector::Category("style".to_owned())], &[]), None);
    }

    /// Whether a run over these files has said all that the rule can say about the file.
    fn judged(change: impl Fn(&mut Request), rule: &str, path: &str) -> bool {
        let fs: Memory = [
            ("compose.yaml", "services: {web: {build: .}}\n"),
            ("compose.dev.yaml", "services: {web: {tty: true}}\n"),
            ("broken.yaml", "services: [\n"),
            ("Dockerfile", "FROM scratch\n"),
            ("other.Dockerfile", "FROM scratch\n"),
        ]
        .into_iter()
        .collect();
        let dev = Deployment { is_production: false, ..deployment(&["compose.yaml", "compose.dev.yaml"]) };
        let mut request = Request {
            deployments: vec![deployment(&["compose.yaml"]), dev, deployment(&["broken.yaml"])],
            dockerfiles: vec!["Dockerfile".into(), "other.Dockerfile".into()],
            selection: Selection { preset: Some(Preset::Strict), ..Selection::default() },
            ..Request::default()
        };
        change(&mut request);
        let report = check(&fs, &request);
        let source = report.sources.ids().zip(report.sources.all());
        let source = source.into_iter().find(|(_, it)| it.path() == Path::new(path));
        report.whole.has_judged(&request, &report, rule, source.expect("it was read").0)
    }

    #[test]
    fn what_was_looked_at_whole_has_been_judged_and_nothing_else() {
        let as_is = |rule, path| judged(|_| {}, rule, path);
        assert!(as_is("obsolete-version", "compose.yaml"));
        assert!(as_is("obsolete-version", "compose.dev.yaml"));
        assert!(!as_is("obsolete-version", "broken.yaml"));
        // A rule about what ships says nothing of an overlay for development.
        assert!(as_is("missing-memory-limit", "compose.yaml"));
        assert!(!as_is("missing-memory-limit", "compose.dev.yaml"));
        // A rule about services says nothing of a Dockerfile that none builds.
        assert!(as_is("missing-memory-limit", "Dockerfile"));
        assert!(!as_is("missing-memory-limit", "other.Dockerfile"));
        assert!(as_is("unpinned-image", "other.Dockerfile"));
        assert!(as_is("unused-suppression", "compose.yaml"));
        // A rule of another version is one that this one does not have, unless not all were asked.
        assert!(as_is("of-another-version", "compose.yaml"));

        let privileged =
            |change: &dyn Fn(&mut Request)| judged(change, "privileged-container", "compose.yaml");
        assert!(privileged(&|_| {}));
        assert!(privileged(&|request| request.shown = vec!["compose.yaml".into()]));
        assert!(!privileged(&|request| request.shown = vec!["compose.dev.yaml".into()]));
        assert!(!privileged(&|request| request.deployments[0].profiles = vec!["x".to_owned()]));
        assert!(!privileged(&|request| request.deployments.push(deployment(&["gone.yaml"]))));
        assert!(!privileged(&|request| {
            request.selection.ignore = vec![Selector::Rule("privileged-container")];
        }));
        assert!(!privileged(&|request| request.selection.preset = None));

        let other = |change: &dyn Fn(&mut Request)| judged(change, "of-another-version", "compose.yaml");
        assert!(!other(&|request| request.selection.preset = None));
        assert!(!other(&|request| request.selection.ignore = vec![Selector::Rule("root-user")]));
        assert!(!judged(|request| request.ignore_suppressions = true, "unused-suppression", "compose.yaml"));
    }
}
