//! What `--fix` may be trusted with: over the fixtures, over random projects, and over the reference
//! corpus where there is one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use composelint::compose::canonical;
use composelint::compose::environment::Unset;
use composelint::compose::file::Workspace;
use composelint::compose::project::{Deployment, Project, normal};
use composelint::diagnostic::Applicability;
use composelint::discover::{discover, is_dockerfile_name};
use composelint::fs::{FileSystem, Memory};
use composelint::lint::{self, Request, Selection, Selector};
use composelint::mend::{self, Options};
use composelint::report::Report;
use composelint::rule::Preset;
use proptest::prelude::*;
use rayon::prelude::*;

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Rules that take lines away, with the comments on them.
const REMOVING: &[&str] = &[
    "disabled-security-profile",
    "external-name",
    "obsolete-version",
    "unused-config",
    "unused-network",
    "unused-secret",
    "unused-volume",
];

/// A project, or several in one folder.
struct Case {
    name: String,
    files: Files,
    /// Deployments besides those that are found.
    explicit: Vec<Vec<PathBuf>>,
}

/// What fixing did.
#[derive(Default)]
struct Tally {
    files: usize,
    fixed: BTreeMap<String, usize>,
    refused: BTreeMap<(String, String), usize>,
}

fn memory(files: &Files) -> Memory {
    files.iter().map(|(path, bytes)| (path, bytes.clone())).collect()
}

fn request(memory: &Memory, case: &Case) -> Request {
    let found = discover(memory, &Workspace::new(memory), &[PathBuf::from(".")], false);
    let mut deployments = found.deployments;
    for files in &case.explicit {
        // What is in no deployment that is found would not be judged.
        if !deployments.iter().any(|it| files.iter().all(|file| it.files.contains(file))) {
            deployments.push(Deployment {
                files: files.clone(),
                is_production: true,
                ..Deployment::default()
            });
        }
    }
    Request {
        deployments,
        dockerfiles: found.dockerfiles,
        failures: found.failures,
        selection: Selection { preset: None, select: vec![Selector::All], ignore: Vec::new() },
        ..Request::default()
    }
}

/// How often each finding is there, wherever it stands in its file.
fn findings(report: &Report) -> BTreeMap<String, usize> {
    let mut findings = BTreeMap::new();
    for it in &report.diagnostics {
        let path = report.sources.get(it.span.source).path().to_owned();
        let subject = it.subject.as_deref().unwrap_or_default();
        let key = format!("{}|{}|{subject}|{}", path.display(), it.rule.name, it.message);
        *findings.entry(key).or_default() += 1;
    }
    findings
}

/// What `composelint config` prints for each deployment.
fn resolved(files: &Files, request: &Request) -> Vec<String> {
    let memory = memory(files);
    let print = |deployment: &Deployment| {
        let workspace = Workspace::new(&memory);
        let deployment = Deployment { unset: Unset::Blank, ..deployment.clone() };
        let project = Project::load(&workspace, &deployment);
        let options = canonical::Options { profiles: vec!["*".to_owned()], ..Default::default() };
        let (model, errors) = canonical::model(&workspace, &project, &options);
        let model = serde_json::to_string(&model).expect("a model is JSON");
        errors.into_iter().fold(model, |model, error| model + "\n" + &error.message)
    };
    request.deployments.iter().map(print).collect()
}

/// The comments of a Compose file in source order; `None` if it does not parse.
fn comments(text: &str) -> Option<Vec<String>> {
    let memory: Memory = [("compose.yaml", text)].into_iter().collect();
    let workspace = Workspace::new(&memory);
    let file = workspace.compose_file(Path::new("compose.yaml")).expect("it is there");
    file.problems.is_empty().then(|| {
        let of = |tree: &composelint::yaml::Tree| -> Vec<String> {
            tree.comments().iter().map(|it| text[it.span.range()].trim_end().to_owned()).collect()
        };
        file.documents.iter().flat_map(of).collect()
    })
}

fn is_subsequence(part: &[String], whole: &[String]) -> bool {
    let mut whole = whole.iter();
    part.iter().all(|it| whole.any(|other| other == it))
}

/// Checks all that is promised of fixing the case, and says what was done.
fn prove(case: &Case, applicability: Applicability) -> Tally {
    proven(case, applicability).0
}

/// The same with the files after fixing.
fn proven(case: &Case, applicability: Applicability) -> (Tally, Files) {
    let disk = memory(&case.files);
    let request = request(&disk, case);
    let before = lint::check(&disk, &request);
    let mut tally = Tally { files: before.checked_files, ..Tally::default() };
    let name = format!("{} ({applicability:?})", case.name);
    let plan = mend::plan(&disk, &request, &before, &Options::up_to(applicability));
    assert!(plan.failures.is_empty(), "{name}: {:?}", plan.failures);
    for refused in &plan.refused {
        *tally.refused.entry((refused.rule.clone(), refused.reason.clone())).or_default() += 1;
    }
    let written = plan.write(&disk);
    assert!(written.failures.is_empty(), "{name}: {:?}", written.failures);
    for fixed in &written.fixed {
        *tally.fixed.entry(fixed.rule.clone()).or_default() += fixed.count;
    }
    let after: Files = case
        .files
        .keys()
        .map(|path| (path.clone(), disk.read(path, u64::MAX).expect("no file is gone")))
        .collect();

    let changed: BTreeSet<&PathBuf> = plan.changes.iter().map(|change| &change.path).collect();
    for (path, bytes) in &after {
        let old = &case.files[path];
        assert_eq!(bytes != old, changed.contains(path), "{name}: {}", path.display());
    }
    for change in &plan.changes {
        let path = change.path.display();
        let (old, new) = (&change.original, &change.text);
        let ends = |text: &str| (text.starts_with('\u{feff}'), text.ends_with(['\n', '\r']));
        assert_eq!(ends(old), ends(new), "{name}: {path}: the ends of the file");
        let lone = |text: &str| text.replace("\r\n", "").contains('\n');
        assert!(lone(old) || !lone(new) || !old.contains('\n'), "{name}: {path}: line breaks");
        assert!(old.contains('\r') || !new.contains('\r'), "{name}: {path}: line breaks");
        let is_dockerfile =
            is_dockerfile_name(&change.path.file_name().unwrap_or_default().to_string_lossy());
        if is_dockerfile {
            continue;
        }
        if let Some(old) = comments(old) {
            let new = comments(new).unwrap_or_else(|| panic!("{name}: {path} does not parse\n{new}"));
            let is_sorted = change.applied.keys().any(|rule| rule.ends_with("-order"));
            assert!(is_sorted || is_subsequence(&new, &old), "{name}: {path}: comments\n{old:#?}\n{new:#?}");
            let removes = change.applied.keys().any(|rule| REMOVING.contains(rule));
            assert!(removes || new.len() == old.len(), "{name}: {path}: comments\n{old:#?}\n{new:#?}");
        }
        assert_eq!(applied(old, &change.diff(&before)), *new, "{name}: {path}: the diff");
    }

    if plan.changes.is_empty() {
        return (tally, after);
    }
    // Only what reads a changed file can be another.
    let workspace = Workspace::new(&disk);
    let mut scope = request.clone();
    scope.deployments.retain(|it| {
        let project = Project::outline(&workspace, it);
        it.files.iter().chain(project.files().iter().map(|file| &file.path)).any(|it| changed.contains(it))
    });
    let again = lint::check(&disk, &scope);
    let (old, new) = (findings(&lint::check(&memory(&case.files), &scope)), findings(&again));
    for (key, count) in &new {
        assert!(*count <= old.get(key).copied().unwrap_or(0), "{name}: a finding is new: {key}");
    }
    let second = mend::plan(&disk, &scope, &again, &Options::up_to(applicability));
    assert!(second.changes.is_empty(), "{name}: a second run changes {:?}", second.changes);
    if applicability == Applicability::Safe {
        assert_eq!(resolved(&case.files, &scope), resolved(&after, &scope), "{name}: what is resolved");
    }
    (tally, after)
}

/// The text with a unified diff applied, by the simplest program that can.
fn applied(old: &str, diff: &str) -> String {
    let lines: Vec<&str> = old.split_inclusive('\n').collect();
    let mut new = String::new();
    let mut at = 0;
    let mut rest = diff.split_inclusive('\n').skip(2).peekable();
    while let Some(line) = rest.next() {
        let (mark, content) = line.split_at(1);
        let content = match rest.peek() {
            Some(next) if next.starts_with('\\') => content.strip_suffix('\n').expect("a line ends"),
            _ => content,
        };
        match mark {
            "@" => {
                let from = line[4..].split([',', ' ']).next().expect("a hunk has a start");
                let from: usize = from.parse().expect("it is a number");
                let empty = line[4..].split(' ').next().is_some_and(|it| it.ends_with(",0"));
                let from = if empty { from } else { from - 1 };
                new.extend(lines[at..from].iter().copied());
                at = from;
            }
            "+" => new.push_str(content),
            "\\" => {}
            _ => {
                assert_eq!(lines[at], content, "{diff}");
                if mark == " " {
                    new.push_str(content);
                }
                at += 1;
            }
        }
    }
    new.extend(lines[at..].iter().copied());
    new
}

fn collect(root: &Path, directory: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(directory).expect("the folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("it is below the root").to_owned();
            files.insert(name, std::fs::read(&path).expect("the file can be read"));
        }
    }
}

fn folders(root: &Path) -> Vec<Case> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("the folder can be read")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    let case = |folder: PathBuf| {
        let mut files = Files::new();
        collect(&folder, &folder, &mut files);
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Case { name, files, explicit: Vec::new() }
    };
    folders.into_iter().filter(|folder| folder.is_dir()).map(case).collect()
}

#[expect(clippy::print_stderr, reason = "a person reads what was not tested, and the figures")]
fn say(line: &str) {
    eprintln!("{line}");
}

fn project_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn prove_all(cases: &[Case]) -> (Tally, Tally) {
    let both: Vec<(Tally, Tally)> = cases
        .par_iter()
        .map(|case| {
            let (safe, files) = proven(case, Applicability::Safe);
            let rest = Case { name: case.name.clone(), files, explicit: case.explicit.clone() };
            (safe, prove(&rest, Applicability::Unsafe))
        })
        .collect();
    let mut total = (Tally::default(), Tally::default());
    for (safe, all) in both {
        for (sum, part) in [(&mut total.0, safe), (&mut total.1, all)] {
            sum.files += part.files;
            for (rule, count) in part.fixed {
                *sum.fixed.entry(rule).or_default() += count;
            }
            for (key, count) in part.refused {
                *sum.refused.entry(key).or_default() += count;
            }
        }
    }
    total
}

#[test]
fn the_fixtures_are_fixed_as_promised() {
    let mut cases = folders(&project_root().join("fixtures/projects"));
    cases
        .extend(folders(&project_root().join("fixtures")).into_iter().filter(|case| case.name != "projects"));
    let (safe, all) = prove_all(&cases);
    assert!(!safe.fixed.is_empty() && !all.fixed.is_empty(), "{:?} {:?}", safe.fixed, all.fixed);
}

#[test]
fn the_corpus_is_fixed_as_promised() {
    if std::env::var_os("COMPOSELINT_CORPUS_FIXES").is_none() {
        say("skipped: COMPOSELINT_CORPUS_FIXES is not set; it takes minutes");
        return;
    }
    let root = std::env::var_os("COMPOSELINT_CORPUS")
        .map_or_else(|| project_root().join("../shared/corpus"), PathBuf::from);
    let Ok(listed) = std::fs::read_to_string(root.join("deployments.jsonl")) else {
        say(&format!("skipped: there is no reference corpus at {}", root.display()));
        return;
    };
    let mut cases = folders(&root.join("compose"));
    let mut explicit: BTreeMap<String, Vec<Vec<PathBuf>>> = BTreeMap::new();
    for line in listed.lines() {
        let deployment: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        let files = deployment["files"].as_array().expect("a deployment has files");
        let files: Vec<PathBuf> = files.iter().filter_map(|it| it.as_str()).map(PathBuf::from).collect();
        let mut parts = files[0].components();
        let folder = parts.next().expect("a path has a folder").as_os_str().to_string_lossy().into_owned();
        let inner = files.iter().map(|it| it.components().skip(1).collect()).collect();
        explicit.entry(folder).or_default().push(inner);
    }
    for case in &mut cases {
        case.explicit = explicit.remove(&case.name).unwrap_or_default();
    }
    let (safe, all) = prove_all(&cases);
    say(&format!(
        "{} files\nsafe: {:#?}\n{:#?}\nall: {:#?}\n{:#?}",
        safe.files, safe.fixed, safe.refused, all.fixed, all.refused
    ));
    assert!(safe.files > 500 && !all.fixed.is_empty());
}

/// A random Compose file out of lines that rules have something to say about.
fn random_project() -> impl Strategy<Value = Files> {
    let service = prop::collection::vec(
        prop_oneof![
            Just("depends_on: [db] # both\n"),
            Just("depends_on:\n- db\n# the other\n- cache\n"),
            Just("ports:\n  - 8022:22 # ssh\n  - '80:80'\n"),
            Just("ports: [8022:22, \"80:80\"]\n"),
            Just("volumes:\n  - ./nginx.conf:/etc/nginx/nginx.conf # conf\n  - data:/data\n"),
            Just("volumes: [\"./nginx.conf:/etc/nginx/nginx.conf\", data:/data]\n"),
            Just("volumes:\n  - type: bind\n    source: ./a.conf\n    target: /etc/a.conf\n"),
            Just("command: 'echo $$HOME $NOBODY\t$OTHER'\n"),
            Just("command: [sh, -c, \"echo $NOBODY\"]\n"),
            Just("init: yes # reap\n"),
            Just("privileged: no\n"),
            Just("networks: [front]\n"),
            Just("networks:\n  front: # there\n"),
            Just("healthcheck:\n  test: [CMD, curl, -f, http://localhost/, '||', exit, '1']\n"),
            Just("<<: *base\n"),
            Just("labels: {a: \"ä\\tö\", b: 'x # y'}\n"),
        ],
        0..5,
    );
    let sections = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (prop::collection::vec(service, 1..4), sections).prop_map(|(services, sections)| {
        let (version, external, carriage, ends, deep) = sections;
        let mut text = String::from("# the shop\n");
        if version {
            text += "version: '3.8' # old\n\n";
        }
        text += "x-base: &base\n  init: on\n  volumes:\n  - ./z.conf:/etc/z.conf\n\nservices:\n  db:\n    image: postgres:17\n    healthcheck:\n      test: [CMD, pg_isready]\n  cache: &cache\n    image: redis:7\n\n";
        for (index, lines) in services.iter().enumerate() {
            text += &format!("  # number {index}\n  s{index}:\n    image: nginx:1.27\n");
            let mut taken = BTreeSet::new();
            for line in lines {
                let key = line.split(':').next().unwrap_or_default();
                if taken.insert(key) {
                    text.extend(line.split_inclusive('\n').map(|line| format!("    {line}")));
                }
            }
        }
        if external {
            text += "\nnetworks:\n  back:\n    external:\n      name: \"there\" # outside\n";
        }
        if deep {
            text = text.split_inclusive('\n').map(|line| {
                let indent = line.len() - line.trim_start_matches(' ').len();
                format!("{:indent$}{line}", "")
            }).collect();
        }
        if carriage {
            text = text.replace('\n', "\r\n");
        }
        if !ends {
            text.truncate(text.trim_end().len());
        }
        [
            (PathBuf::from("compose.yaml"), text.into_bytes()),
            (PathBuf::from("nginx.conf"), Vec::new()),
            (PathBuf::from("a.conf"), Vec::new()),
            (PathBuf::from("z.conf"), Vec::new()),
        ]
        .into_iter()
        .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn random_projects_are_fixed_as_promised(files in random_project()) {
        let case = Case { name: "random".to_owned(), files, explicit: Vec::new() };
        let text = String::from_utf8_lossy(&case.files[Path::new("compose.yaml")]).into_owned();
        let proven = std::panic::catch_unwind(|| {
            prove(&case, Applicability::Safe);
            prove(&case, Applicability::Unsafe);
        });
        prop_assert!(proven.is_ok(), "{text}");
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_composelint"));
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn a_process_that_is_killed_leaves_the_old_file_or_the_new_one() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("compose.yaml");
    let services: String = (0..150).map(|it| format!("  s{it}:\n    image: nginx:1.{it}\n")).collect();
    let old = format!("version: '3'\n\nservices:\n{services}");
    let new = format!("services:\n{services}");
    std::fs::write(&path, &old).expect("it can be written");
    let started = std::time::Instant::now();
    let status = command(folder.path()).args(["--fix", "--quiet"]).status().expect("it runs");
    let whole = started.elapsed();
    assert!(status.code().is_some());
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), new);
    let (mut olds, mut news) = (0, 0);
    for round in 0..40 {
        std::fs::write(&path, &old).expect("it can be written");
        let mut child = command(folder.path()).args(["--fix", "--quiet"]).spawn().expect("it runs");
        // From before the start to behind the end, closest where the write is.
        let moment = whole.mul_f64(f64::from(round) / 32.0);
        std::thread::sleep(moment.min(Duration::from_secs(3)));
        let _ = child.kill();
        let _ = child.wait();
        let now = std::fs::read_to_string(&path).expect("it is there");
        match () {
            () if now == old => olds += 1,
            () if now == new => news += 1,
            () => panic!("round {round}: the file is neither the old one nor the new one:\n{now}"),
        }
    }
    assert!(olds > 0, "every process was done before it was killed");
    let _ = news;
    let status = command(folder.path()).args(["--fix", "--quiet"]).status().expect("it runs");
    assert!(status.code().is_some());
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), new);
}

#[test]
fn diffs_are_accepted_by_git_and_by_patch() {
    let texts = [
        ("plain", "version: '3'\n\nservices:\n  a: {image: 'x:1'}\n"),
        ("no newline", "services:\n  a: {image: 'x:1'}\nversion: '3'"),
        ("carriage", "version: '3'\r\n\r\nservices:\r\n  a: {image: 'x:1'}\r\n"),
        ("mark", "\u{feff}version: '3'\nservices:\n  a: {image: 'x:1'}\n"),
        ("ünï", "version: '3'\nservices:\n  a: {image: 'x:1'}"),
    ];
    for tool in [&["git", "apply", "-"][..], &["patch", "-p1", "--binary"]] {
        if Command::new(tool[0]).arg("--version").stdout(Stdio::null()).status().is_err() {
            say(&format!("skipped: there is no {}", tool[0]));
            continue;
        }
        let folders = [(); 2].map(|()| tempfile::tempdir().expect("a temporary folder can be made"));
        for folder in &folders {
            for (name, text) in texts {
                let path = folder.path().join(format!("my {name}/compose.yaml"));
                std::fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
                std::fs::write(path, text).expect("it can be written");
            }
        }
        let [patched, fixed] = folders;
        let diff = command(patched.path()).arg("--diff").stdout(Stdio::piped()).output().expect("it runs");
        let patch = patched.path().join("fix.patch");
        std::fs::write(&patch, &diff.stdout).expect("it can be written");
        let input = std::fs::File::open(&patch).expect("it is there");
        let output = Command::new(tool[0])
            .args(&tool[1..])
            .current_dir(patched.path())
            .stdin(input)
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{tool:?}: {output:?}\n{}", String::from_utf8_lossy(&diff.stdout));
        command(fixed.path()).arg("--fix").status().expect("it runs");
        for (name, text) in texts {
            let path = format!("my {name}/compose.yaml");
            let read = |folder: &Path| std::fs::read(folder.join(&path)).expect("it is there");
            assert_eq!(read(patched.path()), read(fixed.path()), "{tool:?}: {name}");
            assert_ne!(read(fixed.path()), text.as_bytes(), "{name}");
        }
    }
}

#[test]
fn what_an_alias_repeats_is_left_and_told() {
    let text = "x-web: &web\n  volumes:\n    - ./site.conf:/etc/nginx/nginx.conf\nservices:\n  a:\n    image: nginx:1.27\n    <<: *web\n  b:\n    image: nginx:1.27\n    volumes:\n      - ./site.conf:/etc/nginx/nginx.conf\n";
    let files: Files =
        [(normal(Path::new("compose.yaml")), text.as_bytes().to_vec()), ("site.conf".into(), Vec::new())]
            .into();
    let case = Case { name: "alias".to_owned(), files, explicit: Vec::new() };
    prove(&case, Applicability::Unsafe);
}

#[test]
fn a_file_of_several_deployments_is_fixed_as_all_of_them_allow() {
    let including = "include: [../common.yaml]\n";
    let common = "version: '3'\nservices:\n  db:\n    image: postgres:17\n    healthcheck: {test: [CMD, pg_isready]}\n  web:\n    image: nginx:1.27\n    depends_on: [db]\n";
    let files: Files = [
        ("a/compose.yaml", including),
        ("b/compose.yaml", including),
        ("b/compose.override.yaml", "services:\n  db:\n    healthcheck: {disable: true}\n"),
        ("common.yaml", common),
    ]
    .into_iter()
    .map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec()))
    .collect();
    for parallel in [false, true] {
        let disk = memory(&files);
        let case = Case { name: "shared".to_owned(), files: files.clone(), explicit: Vec::new() };
        let request = Request { selection: Selection::default(), parallel, ..request(&disk, &case) };
        let report = lint::check(&disk, &request);
        let plan = mend::plan(&disk, &request, &report, &Options::up_to(Applicability::Unsafe));
        // In `a` the database tells that it is healthy; in `b` it never would.
        let refused: Vec<_> =
            plan.refused.iter().map(|it| (it.path.to_str(), it.rule.as_str(), it.reason.as_str())).collect();
        let reason = "`healthy-without-healthcheck` would report a new error";
        assert_eq!(refused, [(Some("common.yaml"), "depends-on-without-condition", reason)]);
        // Where it would be in the file as it is now, without `version`.
        assert_eq!(plan.refused[0].line, Some(7));
        let texts: BTreeMap<_, _> =
            plan.changes.iter().map(|change| (change.path.to_str(), change.text.as_str())).collect();
        assert_eq!(texts, [(Some("common.yaml"), &*common.replace("version: '3'\n", ""))].into());
    }
}

/// A project with something for each preset, and what is left of it.
fn mended(preset: Preset, select: &[Selector]) -> (String, Vec<String>) {
    let text = "version: '3'\nservices:\n  web:\n    image: nginx:1.27\n";
    let files: Files = [(PathBuf::from("compose.yaml"), text.as_bytes().to_vec())].into();
    let disk = memory(&files);
    let case = Case { name: "preset".to_owned(), files, explicit: Vec::new() };
    let selection = Selection { preset: Some(preset), select: select.to_vec(), ignore: Vec::new() };
    let request = Request { selection, ..request(&disk, &case) };
    let report = lint::check(&disk, &request);
    let plan = mend::plan(&disk, &request, &report, &Options::up_to(Applicability::Unsafe));
    let refused = plan.refused.iter().map(|it| format!("{}: {}", it.rule, it.reason)).collect();
    (plan.changes.first().map(|it| it.text.clone()).unwrap_or_default(), refused)
}

#[test]
fn what_is_mended_is_what_the_preset_asks_for() {
    let (essential, _) = mended(Preset::Essential, &[]);
    let (strict, refused) = mended(Preset::Strict, &[]);
    assert!(!essential.contains("no-new-privileges"), "{essential}");
    assert!(strict.contains("no-new-privileges"), "{strict}{refused:?}");
    let named = [Selector::Rule("missing-no-new-privileges")];
    assert!(mended(Preset::Essential, &named).0.contains("no-new-privileges"));
}

#[cfg(unix)]
#[test]
fn a_link_is_mended_where_it_stands() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let old = "version: '3'\n\nservices:\n  web:\n    image: nginx:1.27\n";
    for directory in ["app/inner", "far"] {
        std::fs::create_dir_all(folder.path().join(directory)).expect("it can be made");
    }
    for (asked, link) in [(".", "app/compose.yaml"), ("inner", "app/inner/compose.yaml")] {
        let target = folder.path().join("far/shared.yaml");
        std::fs::write(&target, old).expect("it can be written");
        let link = folder.path().join(link);
        std::os::unix::fs::symlink(&target, &link).expect("a link can be made");
        let arguments = ["--fix", "--quiet", asked];
        command(&folder.path().join("app")).args(arguments).status().expect("it runs");
        let now = std::fs::read_to_string(&target).expect("it is there");
        assert_eq!(now, old.replace("version: '3'\n\n", ""), "{asked}");
        std::fs::remove_file(&link).expect("it can be removed");
    }
}

#[test]
fn what_is_mended_can_be_said_by_several_words() {
    let text = "version: '3'\nservices:\n  web:\n    image: nginx:1.27\n    ports: [80:80]\n";
    let files: Files = [(PathBuf::from("compose.yaml"), text.as_bytes().to_vec())].into();
    let disk = memory(&files);
    let case = Case { name: "words".to_owned(), files, explicit: Vec::new() };
    let request = request(&disk, &case);
    let report = lint::check(&disk, &request);
    let fixed = |only: &[&'static str]| {
        let only = only.iter().map(|rule| Selector::Rule(rule)).collect();
        let options = Options { only, ..Options::up_to(Applicability::Unsafe) };
        let plan = mend::plan(&disk, &request, &report, &options);
        plan.changes.into_iter().flat_map(|it| it.applied.into_keys()).collect::<Vec<_>>()
    };
    assert_eq!(fixed(&["obsolete-version"]), ["obsolete-version"]);
    let both = ["missing-no-new-privileges", "obsolete-version"];
    assert_eq!(fixed(&both), both);
}
