//! `docs/noise.md`: how much is reported of real files, counted over the reference corpus, and why that is
//! right.
//!
//! The corpus is `$COMPOSELINT_CORPUS`, or `../shared/corpus` from the package. Without it only the form of
//! the page is tested.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use composelint::rule::Preset;
use composelint::rules::RULES;

const PRESETS: [&str; 3] = ["essential", "recommended", "strict"];

/// The least share of files, in percent, at which a rule needs a verdict.
const FREQUENT: f64 = 5.0;

/// What stands around a part of the page that is counted.
const BEGIN: &str = "<!-- counted: ";
const END: &str = "<!-- counted until here -->\n";

/// The findings of a rule as errors, warnings and infos, and the files that have some.
type OfRule = ([usize; 3], BTreeSet<String>);

/// What one preset reports of the files.
#[derive(Default)]
struct Counted {
    /// All findings of each file, and those that are errors or warnings.
    by_file: BTreeMap<String, (usize, usize)>,
    /// What each rule finds.
    by_rule: BTreeMap<String, OfRule>,
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/noise.md")
}

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let root = std::env::var_os("COMPOSELINT_CORPUS").map_or(beside, PathBuf::from);
    root.join("deployments.jsonl").is_file().then_some(root)
}

/// The Compose files of the corpus in the categories that are wanted, by path.
fn files(corpus: &Path, is_wanted: fn(&str) -> bool) -> BTreeSet<String> {
    let text = std::fs::read_to_string(corpus.join("deployments.jsonl")).expect("the corpus can be read");
    let deployments = text.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        line
    });
    let wanted = deployments.filter(|it| it["category"].as_str().is_some_and(is_wanted));
    wanted
        .flat_map(|it| {
            let files = it["files"].as_array().expect("a deployment has files").clone();
            files.into_iter().filter_map(|file| file.as_str().map(str::to_owned))
        })
        .collect()
}

/// What the command prints as JSON of these files.
fn counted(corpus: &Path, files: &BTreeSet<String>, preset: &str) -> Counted {
    let output = Command::new(env!("CARGO_BIN_EXE_composelint"))
        .args(["check", "--no-config", "--exit-zero", "--format", "json", "--preset", preset])
        .args(files)
        .current_dir(corpus.join("compose"))
        .output()
        .expect("the command runs");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    let mut counted = Counted::default();
    for file in files {
        counted.by_file.insert(file.clone(), (0, 0));
    }
    for diagnostic in report["diagnostics"].as_array().expect("it prints findings") {
        let text = |key: &str| diagnostic[key].as_str().unwrap_or_default().to_owned();
        let severity = ["error", "warning", "info"].iter().position(|it| *it == text("severity"));
        let severity = severity.expect("a finding has a severity");
        let of_file = counted.by_file.entry(text("path")).or_default();
        of_file.0 += 1;
        of_file.1 += usize::from(severity < 2);
        let of_rule = counted.by_rule.entry(text("rule")).or_default();
        of_rule.0[severity] += 1;
        of_rule.1.insert(text("path"));
    }
    assert_eq!(counted.by_file.len(), files.len(), "findings are in the files that were named");
    counted
}

/// The least number that `percent` of the numbers are not above.
fn percentile(numbers: &[usize], percent: usize) -> usize {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    let rank = (numbers.len() * percent).div_ceil(100);
    numbers.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

fn share(files: usize, of: usize) -> f64 {
    100.0 * files as f64 / of as f64
}

/// The table on how many findings a file has.
fn spread(by_preset: &[(&str, Counted)]) -> String {
    let mut text = String::from(
        "| preset | findings, median | 90th percentile | most | without any | errors and warnings, median | \
         without them |\n|---|---:|---:|---:|---:|---:|---:|\n",
    );
    for (preset, counted) in by_preset {
        let all: Vec<usize> = counted.by_file.values().map(|it| it.0).collect();
        let graver: Vec<usize> = counted.by_file.values().map(|it| it.1).collect();
        let without =
            |numbers: &[usize]| share(numbers.iter().filter(|number| **number == 0).count(), numbers.len());
        text += &format!(
            "| `{preset}` | {} | {} | {} | {:.0} % | {} | {:.0} % |\n",
            percentile(&all, 50),
            percentile(&all, 90),
            percentile(&all, 100),
            without(&all),
            percentile(&graver, 50),
            without(&graver),
        );
    }
    text
}

/// The table of the rules, with the verdicts that the page has.
fn rules(counted: &Counted, verdicts: &BTreeMap<String, String>) -> String {
    let mut lines: Vec<(&String, &OfRule)> = counted.by_rule.iter().collect();
    lines.sort_by_key(|(name, (_, files))| (std::cmp::Reverse(files.len()), (*name).clone()));
    let mut text = String::from(
        "| rule | errors | warnings | infos | files | verdict |\n|---|---:|---:|---:|---:|---|\n",
    );
    for (name, ([errors, warnings, infos], files)) in lines {
        let (category, _) = RULES.iter().find(|(_, rule)| rule.name == *name).expect("the rule is known");
        text += &format!(
            "| [`{name}`](../rules/{category}/{name}.md) | {errors} | {warnings} | {infos} | {:.1} % | {} |\n",
            share(files.len(), counted.by_file.len()),
            verdicts.get(name).map_or("", String::as_str),
        );
    }
    text
}

/// The cells of the lines of a table that start with a rule.
fn cells(text: &str) -> Vec<(String, Vec<String>)> {
    let lines = text.lines().filter(|line| line.starts_with("| [`"));
    lines
        .map(|line| {
            let cells: Vec<String> =
                line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
            let name = cells[0].trim_start_matches("[`").split('`').next().unwrap_or_default().to_owned();
            (name, cells[1..].to_vec())
        })
        .collect()
}

/// The part of the page that is counted under this name.
fn part<'t>(text: &'t str, name: &str) -> &'t str {
    let begin = format!("{BEGIN}{name} -->\n");
    let start = text.find(&begin).unwrap_or_else(|| panic!("docs/noise.md has no `{begin}`")) + begin.len();
    let end = text[start..].find(END).expect("a counted part ends") + start;
    &text[start..end]
}

#[test]
fn frequent_rules_have_a_verdict() {
    let text = std::fs::read_to_string(page()).expect("the page can be read").replace("\r\n", "\n");
    let lines = cells(part(&text, "rules"));
    assert!(lines.len() > 30, "{} rules", lines.len());
    for (name, cells) in lines {
        let (_, rule) = RULES.iter().find(|(_, rule)| rule.name == name).expect("the rule is known");
        assert!(rule.preset <= Preset::Recommended, "`{name}` is not in the preset");
        let share: f64 = cells[3].trim_end_matches(" %").parse().expect("a share is a number");
        let verdict = cells.get(4).map_or("", String::as_str);
        assert!(share < FREQUENT || verdict.len() > 20, "`{name}` is in {share} % of the files: say why");
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test is to be seen")]
fn the_page_says_what_is_counted() {
    let Some(corpus) = corpus() else {
        eprintln!("skipped: no corpus at COMPOSELINT_CORPUS or ../shared/corpus");
        return;
    };
    let path = page();
    let text = std::fs::read_to_string(&path).expect("the page can be read").replace("\r\n", "\n");
    let apps = files(&corpus, |category| category == "app");
    let by_preset = PRESETS.map(|preset| (preset, counted(&corpus, &apps, preset)));
    let others = counted(
        &corpus,
        &files(&corpus, |category| !matches!(category, "app" | "tool-fixtures")),
        "recommended",
    );
    let verdicts = cells(part(&text, "rules"))
        .into_iter()
        .filter_map(|(name, cells)| Some((name, cells.get(4).filter(|it| !it.is_empty())?.clone())))
        .collect();
    let repositories = |files: &BTreeSet<String>| {
        let names: BTreeSet<&str> = files.iter().filter_map(|file| file.split('/').next()).collect();
        names.len()
    };
    let measured = format!("{} Compose files of {} public repositories.\n", apps.len(), repositories(&apps));
    let mut wanted = text.clone();
    for (name, new) in
        [("files", measured), ("spread", spread(&by_preset)), ("rules", rules(&by_preset[1].1, &verdicts))]
    {
        let begin = format!("{BEGIN}{name} -->\n");
        wanted = wanted.replace(&format!("{begin}{}{END}", part(&text, name)), &format!("{begin}{new}{END}"));
    }
    // What was read by eye is all that there is.
    for (category, rule) in RULES.iter().filter(|(category, _)| *category == "secrets") {
        let found: usize = [&by_preset[1].1, &others]
            .into_iter()
            .filter_map(|counted| counted.by_rule.get(rule.name))
            .flat_map(|(counts, _)| counts)
            .sum();
        let read = cells(&text)
            .into_iter()
            .find(|(name, cells)| name == rule.name && cells.len() == 5 && !cells[3].ends_with('%'))
            .map(|(_, cells)| cells[0].parse::<usize>().expect("a number"));
        assert_eq!(read.unwrap_or(0), found, "{category}: read all findings of `{}`", rule.name);
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, wanted).expect("the page can be written");
        return;
    }
    assert!(text == wanted, "docs/noise.md is not what is counted: run `BLESS=1 cargo test --test noise`");
}

/// The numbers of a line on how secrets were read: findings, secrets, guessed ones, placeholders, and what is
/// no credential.
#[test]
fn what_was_read_adds_up() {
    let text = std::fs::read_to_string(page()).expect("the page can be read").replace("\r\n", "\n");
    let (_, after) = text.split_once("## Secrets").expect("the page has the section");
    let lines = cells(after);
    assert!(lines.len() >= 5, "{lines:?}");
    for (name, cells) in lines {
        let numbers: Vec<usize> = cells.iter().map(|cell| cell.parse().expect("a number")).collect();
        assert_eq!(numbers[0], numbers[1..].iter().sum::<usize>(), "{name}");
    }
}
