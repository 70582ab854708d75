//! A baseline: the findings that a project has already, so that only what is new fails.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::compose::project::normal;
use crate::lint::Request;
use crate::output::fingerprints;
use crate::report::Report;
use crate::source::SourceId;

/// The version of the file's form.
const VERSION: u32 = 1;

/// What a file of known findings says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Baseline {
    entries: Vec<Entry>,
}

/// A finding that is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The file, relative to the baseline's directory, with `/` between its parts.
    path: String,
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    fingerprint: String,
    /// The last day on which it counts as known, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Entry>,
}

/// Entries that may or may not be fixed.
#[derive(Clone, Debug, Default)]
pub struct Open(BTreeSet<String>);

impl Open {
    fn has(&self, entry: &Entry) -> bool {
        self.0.contains(&entry.fingerprint)
    }
}

/// What a baseline did to a report.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Applied {
    /// The entries that silence a finding.
    pub known: usize,
    /// The entries whose finding is no more.
    pub fixed: usize,
    /// The entries whose day is over, though their finding is still there.
    pub expired: usize,
}

/// Where a baseline is, for the paths in it.
#[derive(Copy, Clone, Debug)]
pub struct Place<'p> {
    /// The current directory, absolute.
    pub current: &'p Path,
    /// The baseline's file.
    pub file: &'p Path,
}

impl Place<'_> {
    /// The file that an entry calls `path`.
    fn absolute(self, path: &str) -> PathBuf {
        let base = self.current.join(self.file);
        normal(&base.parent().unwrap_or(Path::new("")).join(path))
    }

    /// `path` relative to the directory of the baseline.
    fn relative(self, path: &Path) -> String {
        let base = normal(&self.current.join(self.file));
        let base: Vec<Component<'_>> = base.parent().map(|it| it.components().collect()).unwrap_or_default();
        let path = normal(&self.current.join(path));
        let path: Vec<Component<'_>> = path.components().collect();
        let shared = base.iter().zip(&path).take_while(|(a, b)| a == b).count();
        let up = std::iter::repeat_n("..".to_owned(), base.len() - shared);
        let down = path[shared..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
        up.chain(down).collect::<Vec<_>>().join("/")
    }
}

impl Baseline {
    /// The baseline that the text of a file says.
    ///
    /// # Errors
    /// If it is none; the message says why.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file.version != VERSION {
            return Err(format!("its version is {}, and only {VERSION} is known", file.version));
        }
        for until in file.findings.iter().filter_map(|entry| entry.until.as_deref()) {
            if !is_date(until) {
                return Err(format!("`until: {until}` is no date; write it as `2027-01-31`"));
            }
        }
        Ok(Self { entries: file.findings })
    }

    /// The baseline with every finding of `report` that no comment silences. Where `old` has one, its
    /// reason stays, and its day if that is not before `today`. What `old` has besides stays if it
    /// is `open` whether it is fixed.
    pub fn of(report: &Report, place: Place<'_>, old: Option<&Self>, today: &str, open: &Open) -> Self {
        let kept = old.map_or(&[][..], |old| &old.entries);
        let old: BTreeMap<&str, &Entry> = kept.iter().map(|entry| (&*entry.fingerprint, entry)).collect();
        let prints = fingerprints(report, &|path| place.relative(path));
        let mut entries: Vec<Entry> = report
            .diagnostics
            .iter()
            .zip(prints)
            .filter(|(diagnostic, _)| diagnostic.suppressed_by.is_none())
            .map(|(diagnostic, fingerprint)| {
                let old = old.get(&*fingerprint);
                Entry {
                    path: place.relative(report.sources.get(diagnostic.span.source).path()),
                    rule: diagnostic.rule.name.to_owned(),
                    subject: diagnostic.subject.clone(),
                    until: old.and_then(|old| old.until.clone()).filter(|until| **until >= *today),
                    reason: old.and_then(|old| old.reason.clone()),
                    fingerprint,
                }
            })
            .collect();
        let found: BTreeSet<&str> = entries.iter().map(|entry| &*entry.fingerprint).collect();
        let is_kept = |entry: &&Entry| !found.contains(&*entry.fingerprint) && open.has(entry);
        let kept: Vec<Entry> = kept.iter().filter(is_kept).cloned().collect();
        entries.extend(kept);
        entries.sort();
        Self { entries }
    }

    /// The entries of which `report`, made for `request`, cannot tell that they are fixed where it does not
    /// have them: it did not look at all of the file, or not with that rule. Of a file that was not read it
    /// is told by whether it `is_there`.
    pub fn open(
        &self,
        report: &Report,
        request: &Request,
        place: Place<'_>,
        is_there: &dyn Fn(&Path) -> bool,
    ) -> Open {
        let mut sources: BTreeMap<String, Vec<SourceId>> = BTreeMap::new();
        for (source, id) in report.sources.all().iter().zip(report.sources.ids()) {
            sources.entry(place.relative(source.path())).or_default().push(id);
        }
        let is_open = |entry: &&Entry| match sources.get(&entry.path) {
            Some(ids) => !ids.iter().all(|id| report.whole.has_judged(request, report, &entry.rule, *id)),
            None => is_there(&place.absolute(&entry.path)),
        };
        Open(self.entries.iter().filter(is_open).map(|entry| entry.fingerprint.clone()).collect())
    }

    /// Silences the findings of `report` that the baseline has and whose day is not before `today`. An
    /// entry without a finding is fixed, unless that is `open`.
    pub fn apply(&self, report: &mut Report, place: Place<'_>, today: &str, open: &Open) -> Applied {
        let entries: BTreeMap<&str, &Entry> =
            self.entries.iter().map(|entry| (&*entry.fingerprint, entry)).collect();
        let prints = fingerprints(report, &|path| place.relative(path));
        let mut applied = Applied::default();
        let mut found: BTreeSet<&str> = BTreeSet::new();
        for (diagnostic, print) in report.diagnostics.iter_mut().zip(&prints) {
            let Some(entry) = entries.get(&**print) else { continue };
            found.insert(&entry.fingerprint);
            if entry.until.as_deref().is_some_and(|until| until < today) {
                applied.expired += 1;
            } else {
                diagnostic.in_baseline = true;
                applied.known += 1;
            }
        }
        let fixed = |entry: &&Entry| !found.contains(&*entry.fingerprint) && !open.has(entry);
        applied.fixed = self.entries.iter().filter(fixed).count();
        applied
    }

    /// The number of findings.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no finding.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The text of a file that says it: a line a finding, so that changes read well.
    pub fn text(&self) -> String {
        let line = |entry: &Entry| serde_json::to_string(entry).expect("an entry has no map with odd keys");
        let lines: Vec<String> = self.entries.iter().map(|entry| format!("\n    {}", line(entry))).collect();
        let end = if lines.is_empty() { "" } else { "\n  " };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": [{}{end}]\n}}\n", lines.join(","))
    }
}

/// Whether `text` is a day as `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize| -> Option<u32> {
        (part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let [year, month, day] = parts[..] else { return false };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// The day, in UTC, that is `seconds` after the start of 1970, as `YYYY-MM-DD`.
pub fn day(seconds: u64) -> String {
    // Years that start in March end with the day that leap years add.
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The name of the file that is written where none is named.
pub const DEFAULT_NAME: &str = ".composelint-baseline.json";

/// The file that `--baseline` names, or the default one.
pub fn file(named: Option<&Path>) -> PathBuf {
    named.map_or_else(|| PathBuf::from(DEFAULT_NAME), Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, wanted) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_795_132_800, "2026-11-20"),
            (4_107_369_600, "2100-02-27"),
            (4_107_456_000, "2100-02-28"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(day(seconds), wanted);
        }
    }

    #[test]
    fn dates_are_days_that_there_are() {
        for date in ["2027-01-31", "2027-04-30", "2027-12-01", "2024-02-29", "2000-02-29"] {
            assert!(is_date(date), "{date}");
        }
        for date in [
            "2027-1-31",
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-04-31",
            "soon",
            "2027-01-00",
            "2027-01-32",
            "2027-1a-31",
        ] {
            assert!(!is_date(date), "{date}");
        }
    }

    #[test]
    fn an_entry_holds_until_the_end_of_its_day() {
        let fs: crate::fs::Memory = [("compose.yaml", "version: '3'\nservices: {}\n")].into_iter().collect();
        let deployment =
            crate::compose::project::Deployment { files: vec!["compose.yaml".into()], ..Default::default() };
        let request = Request { deployments: vec![deployment], ..Request::default() };
        let mut report = crate::lint::check(&fs, &request);
        let place = Place { current: Path::new("/a"), file: Path::new("base.json") };
        let open = Open::default();
        let mut baseline = Baseline::of(&report, place, None, "2027-01-31", &open);
        assert!(!baseline.is_empty());
        baseline.entries.iter_mut().for_each(|entry| entry.until = Some("2027-01-31".to_owned()));
        let all = baseline.len();
        let counts = |applied: Applied| (applied.known, applied.expired, applied.fixed);
        assert_eq!(counts(baseline.apply(&mut report, place, "2027-01-31", &open)), (all, 0, 0));
        assert_eq!(counts(baseline.apply(&mut report, place, "2027-02-01", &open)), (0, all, 0));
        // What a comment silences is not written.
        let by = crate::diagnostic::SuppressedBy { span: report.diagnostics[0].span, reason: None };
        report.diagnostics.iter_mut().for_each(|it| it.suppressed_by = Some(Box::new(by.clone())));
        assert!(Baseline::of(&report, place, None, "2027-01-31", &open).is_empty());
        assert!(Baseline { entries: Vec::new() }.is_empty());
    }

    #[test]
    fn paths_are_relative_to_the_baseline() {
        let place = Place { current: Path::new("/a/b"), file: Path::new("../base.json") };
        assert_eq!(place.relative(Path::new("c/d.yaml")), "b/c/d.yaml");
        assert_eq!(place.relative(Path::new("/e.yaml")), "../e.yaml");
    }
}
