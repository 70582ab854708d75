//! Every rule's page is executed: its blocks are linted and compared with what it says comes out.
//! `BLESS=1` writes the blocks `output` and `diff`, the equivalents, the registry and the index.

#[path = "pages/blessed.rs"]
mod blessed;
#[path = "pages/page.rs"]
mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use composelint::compose::canonical;
use composelint::compose::environment::Unset;
use composelint::compose::file::Workspace;
use composelint::compose::project::{Deployment, Project};
use composelint::configuration::Configurations;
use composelint::diagnostic::{Applicability, Diagnostic, Severity};
use composelint::discover::discover;
use composelint::fix::{self, Candidate, Finding, Pass, Texts};
use composelint::fs::Memory;
use composelint::lint::{self, Request, Selection, Selector};
use composelint::output::{self, Format};
use composelint::report::Report;
use composelint::rule::{FixAvailability, Preset, Rule};
use composelint::rules::{OPTIONS, RULES};
use composelint::stakes::{Harm, Stake, When};
use composelint::suppress::is_about_suppressions;
use page::{Case, Page, Section};

type Files = BTreeMap<String, String>;

fn lint(files: &Files, selection: Selection) -> Report {
    let memory = Memory::new();
    for (path, text) in files {
        memory.insert(path, text.as_bytes());
    }
    let found = discover(&memory, &Workspace::new(&memory), &[PathBuf::from(".")], false);
    let request = Request {
        deployments: found.deployments,
        dockerfiles: found.dockerfiles,
        failures: found.failures,
        selection,
        configurations: configured(&memory, files),
        ..Request::default()
    };
    lint::check(&memory, &request)
}

/// The configuration among the files; a page's own is right.
fn configured(memory: &Memory, files: &Files) -> Configurations {
    let paths = files.keys().map(Path::new);
    let found = Configurations::find(memory, Path::new(""), paths);
    assert!(found.problems.is_empty() && found.failures.is_empty(), "{:?}", found.problems);
    found.configurations
}

/// What a rule by itself finds. What silences nothing is told by all of the others.
fn lint_alone(files: &Files, rule: &'static Rule) -> Report {
    if !is_about_suppressions(rule) {
        return lint(files, only(rule));
    }
    let mut report = lint(files, everything());
    report.diagnostics.retain(|diagnostic| diagnostic.rule.name == rule.name);
    report
}

fn only(rule: &'static Rule) -> Selection {
    Selection { preset: None, select: vec![Selector::Rule(rule.name)], ignore: Vec::new() }
}

fn everything() -> Selection {
    Selection { preset: None, select: vec![Selector::All], ignore: Vec::new() }
}

fn path_of(report: &Report, diagnostic: &Diagnostic) -> String {
    report.sources.get(diagnostic.span.source).path().to_string_lossy().into_owned()
}

/// The findings as the page shows them: concise lines without the summary.
fn printed(report: &Report) -> String {
    let options = output::Options {
        color: false,
        unicode: true,
        width: 100,
        quiet: false,
        root: None,
        fail_on: Severity::Info,
        category: |rule| rule.category(),
    };
    let mut bytes = Vec::new();
    output::render(report, Format::Concise, &options, &mut bytes).expect("a vector takes all");
    let text = String::from_utf8(bytes).expect("the output is text");
    let mut lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    lines.pop();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// What is found in a text, by keys that stay the same when a finding moves. Of the rules about order
/// and the like, which are opt-in, only `rule` counts.
fn keys(report: &Report, rule: &Rule) -> BTreeMap<String, usize> {
    let mut keys = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        if diagnostic.rule.preset == Preset::Style && diagnostic.rule.name != rule.name {
            continue;
        }
        let subject = diagnostic.subject.as_deref().unwrap_or_default();
        let key = format!("{}|{subject}|{}", diagnostic.rule.name, diagnostic.message).to_lowercase();
        *keys.entry(key).or_default() += 1;
    }
    keys
}

/// The files after the safe and unsafe fixes of `rule` have settled.
fn fixed(files: &Files, rule: &'static Rule, safe_only: bool) -> Files {
    let texts: Texts = files.iter().map(|(path, text)| (PathBuf::from(path), text.clone())).collect();
    let mut relint = |texts: &Texts| {
        let now: Files =
            texts.iter().map(|(path, text)| (path.to_string_lossy().into_owned(), text.clone())).collect();
        let report = lint(&now, everything());
        let mut pass = Pass::default();
        for it in &report.diagnostics {
            let path = PathBuf::from(path_of(&report, it));
            if it.rule.name.ends_with("-syntax") {
                pass.broken.insert(path.clone());
            }
            let subject = it.subject.as_deref().unwrap_or_default().to_lowercase();
            let finding = Finding { path, rule: it.rule.name, subject, message: it.message.to_lowercase() };
            if it.rule.name == rule.name
                && let Some(fix) = &it.fix
            {
                pass.fixes.push(Candidate { finding: finding.clone(), fix: (**fix).clone() });
            }
            // Rules about order and the like are opt-in.
            if it.rule.preset != Preset::Style || it.rule.name == rule.name {
                let count = pass.findings.entry(finding).or_default();
                count.all += 1;
                count.errors += usize::from(it.severity == Severity::Error);
            }
        }
        pass
    };
    let applicability = if safe_only { Applicability::Safe } else { Applicability::Unsafe };
    let first = relint(&texts);
    let settled = fix::settle(&texts, &first, applicability, &mut relint);
    assert!(settled.refused.is_empty(), "{}: fixes are refused: {:?}", rule.name, settled.refused);
    settled.texts.into_iter().map(|(path, text)| (path.to_string_lossy().into_owned(), text)).collect()
}

/// Writes a text in another way.
type Spelling = fn(&str) -> String;

/// Fixes are the same in files with other line breaks, with a byte order mark, and without a line break
/// at the end.
fn check_spellings(rule: &'static Rule, files: &Files, after: &Files) {
    let spellings: [(&str, Spelling); 3] = [
        ("CRLF", |text| text.replace('\n', "\r\n")),
        ("a byte order mark", |text| format!("\u{feff}{text}")),
        ("no line break at the end", |text| text.trim_end_matches('\n').to_owned()),
    ];
    let changes = |path: &String| files[path] != after[path];
    for (what, spelling) in spellings {
        let spelt = |files: &Files| -> Files {
            let one = |(path, text): (&String, &String)| {
                (path.clone(), if changes(path) { spelling(text) } else { text.clone() })
            };
            files.iter().map(one).collect()
        };
        if files.keys().any(changes) {
            let (found, wanted) = (fixed(&spelt(files), rule, false), spelt(after));
            assert_eq!(found, wanted, "{}: the fixes in a file with {what}", rule.name);
        }
    }
}

/// What Compose resolves from the files, to compare.
fn resolved(files: &Files) -> Vec<String> {
    let memory = Memory::new();
    for (path, text) in files {
        memory.insert(path, text.as_bytes());
    }
    let workspace = Workspace::new(&memory);
    let found = discover(&memory, &workspace, &[PathBuf::from(".")], false);
    found
        .deployments
        .iter()
        .map(|deployment| {
            let deployment = Deployment { unset: Unset::Blank, ..deployment.clone() };
            let project = Project::load(&workspace, &deployment);
            let options = canonical::Options { profiles: vec!["*".to_owned()], ..Default::default() };
            let (model, errors) = canonical::model(&workspace, &project, &options);
            let errors: Vec<String> = errors.into_iter().map(|error| error.message).collect();
            let written = serde_json::to_string(&model).expect("a model is JSON");
            format!("{written}{errors:?}")
        })
        .collect()
}

fn check_wording(rule: &Rule, what: &str, text: &str) {
    let name = rule.name;
    assert!(!text.is_empty() && !text.contains('\n'), "{name}: the {what} is one line: {text:?}");
    assert!(!text.ends_with('.'), "{name}: the {what} has no final period: {text:?}");
    let first = text.chars().next().unwrap_or('x');
    assert!(!first.is_uppercase(), "{name}: the {what} starts in lower case: {text:?}");
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let word = word.to_lowercase();
        assert!(
            !matches!(word.as_str(), "should" | "please" | "you"),
            "{name}: the {what} says {word:?}: {text:?}"
        );
    }
}

fn check_case(rule: &'static Rule, case: &Case, fixes: &mut Vec<bool>) {
    let name = rule.name;
    let report = lint_alone(&case.files, rule);
    assert!(report.failures.is_empty(), "{name}: {:?}", report.failures);
    for diagnostic in &report.diagnostics {
        let source = report.sources.get(diagnostic.span.source);
        let text = source.text();
        for (what, span) in std::iter::once(("span", diagnostic.span))
            .chain(diagnostic.labels.iter().map(|label| ("label", label.span)))
        {
            let text = report.sources.get(span.source).shared_text();
            assert!(
                text.get(span.range()).is_some(),
                "{name}: a {what} is out of its file or within a character"
            );
        }
        let at_end = diagnostic.span.start as usize == text.len();
        assert!(!diagnostic.span.is_empty() || at_end || text.is_empty(), "{name}: a span is empty");
        check_wording(rule, "message", &diagnostic.message);
        if let Some(help) = &diagnostic.help {
            check_wording(rule, "help", help);
        }
        for label in &diagnostic.labels {
            check_wording(rule, "label", &label.text);
        }
        fixes.push(diagnostic.fix.is_some());
        if let Some(fix) = &diagnostic.fix {
            check_wording(rule, "fix title", &fix.title);
            check_fix(rule, case, &report, diagnostic);
        }
    }
}

/// Applies one fix alone: it parses, removes its finding and adds none.
fn check_fix(rule: &'static Rule, case: &Case, report: &Report, diagnostic: &Diagnostic) {
    let name = rule.name;
    let Some(fix) = &diagnostic.fix else { return };
    let path = path_of(report, diagnostic);
    let before = keys(&lint(&case.files, everything()), rule);
    let applied = fix::apply(&case.files[&path], &[fix]);
    assert_eq!(applied.taken, [0], "{name}: a fix cannot be applied");
    let mut files = case.files.clone();
    files.insert(path, applied.text);
    let report = lint(&files, everything());
    let after = keys(&report, rule);
    let count = |keys: &BTreeMap<String, usize>| -> usize {
        keys.iter().filter(|(key, _)| key.starts_with(&format!("{name}|"))).map(|(_, count)| count).sum()
    };
    assert!(count(&after) < count(&before), "{name}: a fix leaves its finding");
    for (key, count) in &after {
        assert!(*count <= before.get(key).copied().unwrap_or_default(), "{name}: a fix adds {key:?}");
    }
    if fix.applicability == Applicability::Safe {
        assert_eq!(
            resolved(&case.files),
            resolved(&files),
            "{name}: a safe fix changes the resolved project"
        );
    }
}

#[test]
fn every_page_says_what_its_rule_does() {
    for (category, rule) in RULES {
        let name = rule.name;
        let path = page::root().join("rules").join(category).join(format!("{name}.md"));
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let page = Page::parse(&text);
        assert_eq!(page.title, name, "the title of {name}");
        let mut summary = rule.summary.to_owned();
        summary[..1].make_ascii_uppercase();
        assert_eq!(page.summary, format!("{summary}."), "the first sentence of {name}");
        let titles: Vec<&str> = page.sections.iter().map(|section| section.title.as_str()).collect();
        let wanted: Vec<&str> = [
            "Why",
            "What it flags",
            "What it leaves alone",
            "Options",
            "Severity",
            "References",
            "Equivalents",
        ]
        .into_iter()
        .filter(|title| match *title {
            "Options" => titles.contains(title),
            "Severity" => !rule.stakes.grades.is_empty(),
            _ => true,
        })
        .collect();
        assert_eq!(titles, wanted, "the sections of {name}");
        check_wording(rule, "summary", rule.summary);

        let mut fixes = Vec::new();
        let mut severities = BTreeSet::new();
        let mut blessed = page.clone();
        for (at, section) in page.sections.iter().enumerate() {
            match section.title.as_str() {
                "What it flags" => {
                    assert!(!section.cases.is_empty(), "{name}: nothing is flagged on the page");
                    for (index, case) in section.cases.iter().enumerate() {
                        let report = lint_alone(&case.files, rule);
                        assert!(
                            !report.diagnostics.is_empty(),
                            "{name}: case {index} is not flagged:\n{:?}",
                            case.files
                        );
                        check_case(rule, case, &mut fixes);
                        severities.extend(report.diagnostics.iter().map(|it| it.severity));
                        let after = fixed(&case.files, rule, false);
                        check_spellings(rule, &case.files, &after);
                        let diff: String = case
                            .files
                            .iter()
                            .filter(|(path, text)| after[*path] != **text)
                            .map(|(path, text)| {
                                fix::unified_diff(path, path, text, &after[path], &|_| false).text
                            })
                            .collect();
                        blessed.sections[at].cases[index].output = Some(printed(&report));
                        blessed.sections[at].cases[index].diff = (!diff.is_empty()).then_some(diff);
                    }
                }
                "What it leaves alone" => {
                    assert!(!section.cases.is_empty(), "{name}: nothing is left alone on the page");
                    for case in &section.cases {
                        let report = lint_alone(&case.files, rule);
                        assert_eq!(printed(&report), "", "{name}: this is flagged:\n{:?}", case.files);
                    }
                }
                "Severity" => {
                    let prose = page::without_grades(&section.text);
                    assert!(prose.len() > 80, "{name}: the page does not say why it has its severity");
                    blessed.sections[at].text = page::grades(rule) + "\n" + prose;
                }
                "References" => {
                    assert!(section.text.contains("https://"), "{name}: the references name no source");
                    let told: Vec<u16> = section.text.lines().filter_map(page::weakness).collect();
                    assert_eq!(told, rule.stakes.weaknesses, "the weaknesses that {name} refers to");
                }
                "Equivalents" => {
                    blessed.sections[at] = Section {
                        title: "Equivalents".into(),
                        text: page::equivalents(rule),
                        cases: Vec::new(),
                    };
                }
                _ => {}
            }
        }
        if !rule.stakes.grades.is_empty() {
            let told: BTreeSet<Severity> = rule.stakes.grades.iter().map(|grade| grade.severity).collect();
            assert_eq!(severities, told, "{name}: the severities on the page are not those of its grades");
        }
        match rule.fix {
            FixAvailability::None => assert!(!fixes.contains(&true), "{name} has a fix but declares none"),
            FixAvailability::Sometimes => {
                assert!(fixes.contains(&true), "{name} declares a fix but shows none")
            }
            FixAvailability::Always => {
                assert!(!fixes.contains(&false), "{name} declares to be always fixable")
            }
        }
        blessed::compare(&path, &text, &blessed.render(&text));
    }
}

#[test]
fn the_registry_lists_the_rule_files() {
    blessed::registry();
}

#[test]
fn the_rule_indexes_list_the_registry() {
    blessed::indexes(RULES);
}

#[test]
fn the_page_on_severity_lists_the_rules_of_the_model() {
    blessed::severities(RULES);
}

#[test]
fn the_examples_and_the_table_of_faults_are_what_the_model_says() {
    let path = page::root().join("docs/severity.md");
    let text = std::fs::read_to_string(path).expect("the page on severities can be read");
    let (_, examples) = text.split_once("\n## Examples\n").expect("there are examples");
    let (examples, _) = examples.split_once("\n## ").expect("something follows");
    let mut told = 0;
    for paragraph in examples.split("\n\n") {
        for link in paragraph.split("](../rules/").skip(1) {
            let (name, _) = link.split_once(".md)").expect("a link is to a page");
            let (_, name) = name.split_once('/').expect("a page is in a folder");
            let (_, rule) = RULES.iter().find(|(_, rule)| rule.name == name).expect("it is a rule's page");
            let score = rule.stakes.score().map(|score| score.to_string()).unwrap_or_default();
            assert!(paragraph.contains(&score), "{name} has the number {score}");
            assert!(
                paragraph.contains(&format!("`{}`", rule.severity.name())),
                "{name}: {}",
                rule.severity.name()
            );
            told += 1;
        }
    }
    assert!(told > 5, "{told} examples");
    for (title, harm) in [
        ("the engine refuses it, or it cannot work", Harm::Refused),
        ("a service is down, slow or wrong", Harm::Outage),
        ("data is lost", Harm::Loss),
        ("a failure goes unnoticed", Harm::Unnoticed),
        ("time, space or clarity is wasted", Harm::Waste),
    ] {
        let whens = [When::Start, When::Failure, When::Elsewhere, When::Load, When::Time, When::Depends];
        let cells = whens.map(|when| format!(" `{}` |", Stake::Fault(harm, when).severity().name()));
        let row = format!("\n| {title} |{}\n", cells.concat());
        assert!(text.contains(&row), "the table of faults has another row than{row}");
    }
}

#[test]
fn every_rule_about_attacks_has_its_place_in_the_model() {
    for (category, rule) in RULES {
        let name = rule.name;
        let grades = rule.stakes.grades;
        let wanted = ["security", "secrets", "supply-chain", "reliability"].contains(category);
        assert!(!wanted || !grades.is_empty(), "{name} has no place in the model");
        // The category of that name is a tag by which GitHub knows security findings.
        assert!(*category != "security" || rule.stakes.score().is_some(), "{name} is about no attack");
        assert!(*category != "reliability" || rule.stakes.score().is_none(), "{name} is about an attack");
        let Some(own) = grades.first() else { continue };
        assert_eq!(own.severity, rule.severity, "{name}: its first grade is not of its own severity");
        let severities: BTreeSet<Severity> = grades.iter().map(|grade| grade.severity).collect();
        assert_eq!(severities.len(), grades.len(), "{name}: two grades have one severity");
        for grade in grades {
            assert_eq!(grade.case.is_empty(), grades.len() == 1, "{name}: {grade:?}");
            let follows = grade.severity == grade.stake.severity();
            assert_eq!(follows, grade.departure.is_empty(), "{name}: a departure and its reason: {grade:?}");
            for text in [grade.case, grade.departure].into_iter().filter(|text| !text.is_empty()) {
                check_wording(rule, "grade", text);
            }
        }
        assert!(rule.stakes.weaknesses.is_sorted(), "{name}: the weaknesses are in order");
    }
}

#[test]
fn names_and_equivalents_have_their_form() {
    for (category, rule) in RULES {
        let name = rule.name;
        assert!(
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{name}"
        );
        assert!(!rule.checks.is_empty(), "{name} checks nothing");
        assert!(rule.preset <= Preset::Configured);
        assert_eq!(rule.category(), *category);
        for equivalent in rule.equivalents.iter().chain(rule.deviations.iter().map(|(peer, _)| peer)) {
            assert!(
                equivalent.split_once(':').is_some_and(|(peer, _)| page::PEERS.contains(&peer)),
                "{equivalent}"
            );
        }
    }
}

#[test]
fn the_schema_of_configurations_has_every_rule_and_option() {
    let path = page::root().join("schemas/config.schema.json");
    let schema = composelint::configuration::schema::schema();
    let mut text = serde_json::to_string_pretty(&schema).expect("the schema is JSON");
    text.push('\n');
    blessed::compare(&path, &std::fs::read_to_string(&path).unwrap_or_default(), &text);
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for (name, options) in OPTIONS {
        let defaults = (options.defaults)();
        let keys: Vec<&String> = defaults.as_object().expect("options are keys").keys().collect();
        let mut told: Vec<&str> = options.keys.iter().map(|key| key.name).collect();
        told.sort_unstable();
        assert_eq!(keys, told, "the options of {name}");
        let (_, rule) = RULES.iter().find(|(_, rule)| rule.name == *name).expect("options are a rule's");
        let page = Page::parse(rule.page);
        let section = page.sections.iter().find(|section| section.title == "Options");
        let section = section.unwrap_or_else(|| panic!("the page of {name} has no section on options"));
        for key in options.keys {
            assert!(section.text.contains(&format!("`{}`", key.name)), "{name}: {} is not told", key.name);
            assert!(key.about.ends_with('.'), "{name}: {}", key.about);
        }
        let cases = page.sections.iter().flat_map(|section| &section.cases);
        let configured: Vec<&String> = cases.filter_map(|case| case.files.get(".composelint.yaml")).collect();
        assert!(!configured.is_empty(), "{name}: no case is configured");
        for text in configured {
            let value: serde_json::Value = serde_yaml::from_str(text).expect("a configuration is YAML");
            let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:?}");
        }
    }
    for wrong in [
        serde_json::json!({"rule": {}}),
        serde_json::json!({"rules": {"no-such-rule": "off"}}),
        serde_json::json!({"rules": {"root-user": "warn"}}),
        serde_json::json!({"rules": {"untrusted-registry": {"registries": "x"}}}),
        serde_json::json!({"projects": [{"name": "a"}]}),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}
