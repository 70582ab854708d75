//! Applies fixes to texts until they settle, and shows what changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::diagnostic::{Applicability, Edit, Fix};

pub use diff::{Diff, unified_diff};

mod diff;

/// The number of times that fixes are applied to one text before it counts as one that does not
/// settle.
pub const MAX_PASSES: usize = 10;

/// A text with fixes applied. The indices are those of the fixes that were given; each fix is in one
/// of the lists, and each list is in span order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Applied {
    /// The text after the edits.
    pub text: String,
    /// The fixes that are in the text.
    pub taken: Vec<usize>,
    /// The fixes that touch a taken one.
    pub skipped: Vec<usize>,
    /// The fixes that cannot be applied: without a change, out of the text, within a character, in
    /// several files, or with edits that overlap.
    pub refused: Vec<usize>,
}

/// Applies `fixes` to `text`, which is the file that all of them edit: in the order of their spans,
/// each whole or not at all. A fix that touches one that was taken before is skipped: it overlaps it,
/// one of the two inserts at an end of the other, or both remove and nothing is left between them.
pub fn apply(text: &str, fixes: &[&Fix]) -> Applied {
    let mut applied = Applied::default();
    let mut order: Vec<(usize, Vec<&Edit>)> = Vec::with_capacity(fixes.len());
    for (index, fix) in fixes.iter().enumerate() {
        let mut edits: Vec<_> = fix.edits.iter().collect();
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        if is_applicable(text, &edits) {
            order.push((index, edits));
        } else {
            applied.refused.push(index);
        }
    }
    order.sort_by_key(|(index, edits)| (edits[0].span.start, edits[0].span.end, *index));

    // The taken bytes, by their start, with their end and whether they go; they do not overlap.
    let mut taken: BTreeMap<u32, (u32, bool)> = BTreeMap::new();
    let mut edits: Vec<&Edit> = Vec::new();
    for (index, fix) in &order {
        if fix.iter().any(|edit| touches(&taken, edit)) {
            applied.skipped.push(*index);
            continue;
        }
        for edit in fix {
            let (end, goes) = taken.entry(edit.span.start).or_insert((edit.span.end, false));
            *end = (*end).max(edit.span.end);
            *goes |= removes(edit);
        }
        edits.extend(fix);
        applied.taken.push(*index);
    }

    // Stable: two insertions of one fix at one place stay in the fix's order.
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut at = 0;
    for edit in edits {
        applied.text.push_str(&text[at..edit.span.start as usize]);
        applied.text.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    applied.text.push_str(&text[at..]);
    applied
}

/// Whether the edits of one fix, in source order, can be made in `text` and change it.
fn is_applicable(text: &str, edits: &[&Edit]) -> bool {
    let in_text = |edit: &&Edit| {
        text.get(edit.span.start as usize..edit.span.end as usize).is_some()
            && edit.span.source == edits[0].span.source
    };
    edits.iter().all(in_text)
        && edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start)
        && edits.iter().any(|edit| text[edit.span.range()] != edit.text)
}

fn removes(edit: &Edit) -> bool {
    !edit.span.is_empty() && edit.text.is_empty()
}

/// Whether `edit` overlaps taken bytes, or the two meet and one is an insertion, or both remove what
/// they cover: with the one gone, the other may be about more or fewer blank lines.
fn touches(taken: &BTreeMap<u32, (u32, bool)>, edit: &Edit) -> bool {
    let (start, end) = (edit.span.start, edit.span.end);
    let meets = |from: u32, to: u32, goes: bool| {
        let is_close = start == end || from == to || goes && removes(edit);
        if is_close { from <= end && start <= to } else { from < end && start < to }
    };
    let before = taken.range(..=start).next_back();
    let after = start.checked_add(1).and_then(|next| taken.range(next..).next());
    before.into_iter().chain(after).any(|(from, (to, goes))| meets(*from, *to, *goes))
}

/// The texts that are fixed together, by path.
pub type Texts = BTreeMap<PathBuf, String>;

/// What tells a finding from others, wherever it stands in its file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Finding {
    /// The file.
    pub path: PathBuf,
    /// The rule.
    pub rule: &'static str,
    /// The service or stage; empty if it is about none.
    pub subject: String,
    /// The message, which has no line numbers.
    pub message: String,
}

/// A fix that may be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The finding that it mends, in the file that it edits.
    pub finding: Finding,
    /// The fix.
    pub fix: Fix,
}

/// How often something is found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Count {
    /// How often at all.
    pub all: usize,
    /// How often with the severity error.
    pub errors: usize,
    /// The other files that it points to.
    pub others: BTreeSet<PathBuf>,
}

/// What is known of the texts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pass {
    /// The fixes that may be applied.
    pub fixes: Vec<Candidate>,
    /// The texts that do not parse.
    pub broken: BTreeSet<PathBuf>,
    /// What is found in them, and in other files.
    pub findings: BTreeMap<Finding, Count>,
    /// What each anchor that an alias repeats stands for, by its file and name.
    pub shared: BTreeMap<(PathBuf, String), u64>,
    /// What Compose resolves from the files, where that is to stay as it is.
    pub resolved: Option<u64>,
}

/// Why a fix was not applied.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Refusal {
    /// The edits cannot be made in the text.
    Edits,
    /// An edit is in another file than the finding.
    OtherFile,
    /// The file was not asked for.
    NotAsked,
    /// The file is not UTF-8.
    Encoding,
    /// The text would not parse any more.
    Parse,
    /// There would be more errors, from this rule.
    Error(&'static str),
    /// What this anchor stands for would change wherever an alias repeats it.
    Shared(String),
    /// What Compose resolves would change, though the fix is said to be safe.
    Resolved,
    /// There would be a finding of this rule that was not there before.
    Finding(&'static str),
    /// The text changes for ever, or for more than [`MAX_PASSES`] passes.
    Settle,
}

/// The fixes that were stopped, by what they would mend, each with the first reason.
pub type Refusals = BTreeMap<Finding, Refusal>;

/// Texts to which no more fixes are to be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settled {
    /// The texts; the original one of a file that did not settle.
    pub texts: Texts,
    /// The number of fixes that are in each text, by rule.
    pub applied: BTreeMap<PathBuf, BTreeMap<&'static str, usize>>,
    /// The fixes that were stopped.
    pub refused: Refusals,
    /// What is known of [`Settled::texts`].
    pub last: Pass,
}

/// The number of times for each text that one pass asks again to find culprits; what is then not known
/// to be sound is left out.
const MAX_QUESTIONS: usize = 64;

/// Applies fixes up to `applicability` to the texts and asks `relint` what is left, until nothing is
/// left to apply, or [`MAX_PASSES`] times. Fixes that would break a text, bring a new finding or change
/// what is to stay are left out; a text that does not settle is given back as it was.
///
/// `first` is what `relint` says of `originals`. It is called once a pass; more often only to find a
/// culprit, or to start again without a text that does not settle.
pub fn settle(
    originals: &Texts,
    first: &Pass,
    applicability: Applicability,
    relint: &mut dyn FnMut(&Texts) -> Pass,
) -> Settled {
    let mut unsettled = Refusals::new();
    loop {
        match settle_without(&unsettled, originals, first, applicability, relint) {
            Ok(mut settled) => {
                settled.refused.append(&mut unsettled);
                return settled;
            }
            Err(more) => unsettled.extend(more.into_iter().map(|finding| (finding, Refusal::Settle))),
        }
    }
}

/// What one pass left behind in one text.
struct Past {
    text: String,
    /// What was mended next.
    mended: Vec<Finding>,
}

/// The same without a fix in the files of `unsettled`; or what goes on being mended in further files.
fn settle_without(
    unsettled: &Refusals,
    originals: &Texts,
    first: &Pass,
    applicability: Applicability,
    relint: &mut dyn FnMut(&Texts) -> Pass,
) -> Result<Settled, Vec<Finding>> {
    let barred: BTreeSet<&PathBuf> = unsettled.keys().map(|finding| &finding.path).collect();
    let mut texts = originals.clone();
    let mut pass = first.clone();
    let mut applied: BTreeMap<PathBuf, BTreeMap<&'static str, usize>> = BTreeMap::new();
    let mut refused = Refusals::new();
    let mut history: BTreeMap<PathBuf, Vec<Past>> = BTreeMap::new();
    let mut passes = 0;
    loop {
        let is_open = |it: &&Candidate| {
            it.fix.applicability <= applicability
                && !refused.contains_key(&it.finding)
                && !barred.contains(&it.finding.path)
                && texts.contains_key(&it.finding.path)
        };
        let candidates: Vec<Candidate> = pass.fixes.iter().filter(is_open).cloned().collect();
        let of_file = by_file(&candidates, 0..candidates.len());
        let mut taken: Vec<usize> = Vec::new();
        let mut restless: Vec<Finding> = Vec::new();
        for (path, indices) in &of_file {
            let fixes: Vec<&Fix> = indices.iter().map(|index| &candidates[*index].fix).collect();
            let whole = apply(&texts[*path], &fixes);
            for index in &whole.refused {
                refused.entry(candidates[indices[*index]].finding.clone()).or_insert(Refusal::Edits);
            }
            if whole.taken.is_empty() {
                continue;
            }
            let past = history.get(*path).map_or(&[][..], Vec::as_slice);
            let recurs = past.iter().position(|it| it.text == whole.text);
            if passes == MAX_PASSES || recurs.is_some() {
                let cycle = past.iter().skip(recurs.unwrap_or(past.len())).flat_map(|it| &it.mended);
                restless.extend(cycle.cloned());
                restless.extend(whole.taken.iter().map(|it| candidates[indices[*it]].finding.clone()));
            }
            taken.extend(whole.taken.iter().map(|index| indices[*index]));
        }
        if !restless.is_empty() {
            return Err(restless);
        }
        if taken.is_empty() {
            return Ok(Settled { texts, applied, refused, last: pass });
        }
        let mut search = Search {
            texts: &texts,
            candidates: &candidates,
            before: &pass,
            is_safe: applicability == Applicability::Safe,
            kept: Vec::new(),
            after: None,
            questions: 0,
            limit: MAX_QUESTIONS * of_file.len(),
            blamed: BTreeSet::new(),
            relint,
        };
        search.take(&taken, &mut refused);
        let Search { kept, after, .. } = search;
        let Some((next, after)) = after else { continue };
        for (path, indices) in by_file(&candidates, kept.iter().copied()) {
            let mended = indices.iter().map(|index| candidates[*index].finding.clone()).collect();
            history.entry(path.clone()).or_default().push(Past { text: texts[path].clone(), mended });
            let rules = applied.entry(path.clone()).or_default();
            for index in indices {
                *rules.entry(candidates[index].finding.rule).or_default() += 1;
            }
        }
        texts = next;
        pass = after;
        passes += 1;
    }
}

/// The candidates with these numbers, by the file that they edit.
fn by_file(candidates: &[Candidate], numbers: impl Iterator<Item = usize>) -> BTreeMap<&PathBuf, Vec<usize>> {
    let mut of_file: BTreeMap<&PathBuf, Vec<usize>> = BTreeMap::new();
    for number in numbers {
        of_file.entry(&candidates[number].finding.path).or_default().push(number);
    }
    of_file
}

/// The search for the fixes of one pass that leave the texts sound.
struct Search<'s> {
    texts: &'s Texts,
    candidates: &'s [Candidate],
    before: &'s Pass,
    /// Whether what Compose resolves is to stay.
    is_safe: bool,
    /// The fixes that are sound together.
    kept: Vec<usize>,
    /// The texts with them, and what is known of them.
    after: Option<(Texts, Pass)>,
    /// The number of times that was asked, and how often it may be.
    questions: usize,
    limit: usize,
    /// The rules whose fixes were stopped, and for what.
    blamed: BTreeSet<(&'static str, Refusal)>,
    relint: &'s mut dyn FnMut(&Texts) -> Pass,
}

impl Search<'_> {
    /// Keeps `batch` if it is sound beside what is kept; else parts of it, down to the single fix that
    /// is not, which is stopped.
    fn take(&mut self, batch: &[usize], refused: &mut Refusals) {
        let batch: Vec<usize> = batch
            .iter()
            .copied()
            .filter(|index| !refused.contains_key(&self.candidates[*index].finding))
            .collect();
        if batch.is_empty() {
            return;
        }
        let mut next = self.texts.clone();
        for (path, indices) in by_file(self.candidates, self.kept.iter().chain(&batch).copied()) {
            let fixes: Vec<&Fix> = indices.iter().map(|index| &self.candidates[*index].fix).collect();
            let text = apply(&self.texts[path], &fixes).text;
            next.insert(path.clone(), text);
        }
        let after = (self.relint)(&next);
        self.questions += 1;
        let objections = objections(self.before, &after, self.is_safe);
        match objections.first() {
            None => {
                self.kept.extend(&batch);
                self.after = Some((next, after));
            }
            Some((reason, _)) if batch.len() == 1 || self.questions >= self.limit => {
                for index in batch {
                    let finding = &self.candidates[index].finding;
                    self.blamed.insert((finding.rule, reason.clone()));
                    refused.insert(finding.clone(), reason.clone());
                }
            }
            Some(_) => {
                let (left, right) = self.split(batch, &objections);
                self.take(&left, refused);
                self.take(&right, refused);
            }
        }
    }

    /// Parts the fixes that stand where something was objected to from the others, which come first: those
    /// of rules that were stopped for the same before, else all; where all stand so, the one place that
    /// comes first, to learn from it what to blame; in two halves where nothing tells them apart.
    fn split(&self, batch: Vec<usize>, objections: &[(Refusal, Suspect<'_>)]) -> (Vec<usize>, Vec<usize>) {
        let finding = |index: usize| &self.candidates[index].finding;
        let is_blamed = |index: usize, refusal: &Refusal| {
            self.blamed.iter().any(|(rule, reason)| *rule == finding(index).rule && reason == refusal)
        };
        let splits: [&dyn Fn(usize) -> bool; 3] = [
            &|index| objections.iter().any(|(why, it)| it.means(finding(index)) && is_blamed(index, why)),
            &|index| objections.iter().any(|(_, it)| it.means(finding(index))),
            &|index| !objections.first().is_some_and(|(_, it)| it.means(finding(index))),
        ];
        for is_suspect in splits {
            let (with, without): (Vec<usize>, Vec<usize>) =
                batch.iter().copied().partition(|index| is_suspect(*index));
            if !with.is_empty() && !without.is_empty() {
                return (without, with);
            }
        }
        let (left, right) = batch.split_at(batch.len() / 2);
        (left.to_vec(), right.to_vec())
    }
}

/// Where something was objected to.
struct Suspect<'p> {
    path: Option<&'p Path>,
    /// The service or stage; empty for the whole file.
    subject: &'p str,
}

impl Suspect<'_> {
    /// Whether a fix of the finding may be the cause.
    fn means(&self, finding: &Finding) -> bool {
        self.path.is_some_and(|path| finding.path == path)
            && (self.subject.is_empty() || finding.subject == self.subject)
    }
}

/// What is worse after a change than before it.
fn objections<'p>(before: &'p Pass, after: &'p Pass, is_safe: bool) -> Vec<(Refusal, Suspect<'p>)> {
    let in_file = |path: &'p Path| Suspect { path: Some(path), subject: "" };
    let mut found: Vec<(Refusal, Suspect<'p>)> = Vec::new();
    found.extend(after.broken.difference(&before.broken).map(|path| (Refusal::Parse, in_file(path))));
    if !is_safe {
        let changed =
            after.shared.iter().filter(|(name, now)| before.shared.get(*name).is_some_and(|it| it != *now));
        found.extend(changed.map(|((path, name), _)| (Refusal::Shared(name.clone()), in_file(path))));
    }
    for (finding, count) in &after.findings {
        // Nothing was known of a text that did not parse, so what is found now is not the fix's.
        if before.broken.contains(&finding.path) {
            continue;
        }
        let then = before.findings.get(finding);
        let refusal = if count.errors > then.map_or(0, |it| it.errors) {
            Refusal::Error(finding.rule)
        } else if count.all > then.map_or(0, |it| it.all) {
            Refusal::Finding(finding.rule)
        } else {
            continue;
        };
        found.extend(count.others.iter().map(|path| (refusal.clone(), in_file(path))));
        found.push((refusal, Suspect { path: Some(&finding.path), subject: &finding.subject }));
    }
    if is_safe && before.resolved.is_some() && before.resolved != after.resolved {
        found.push((Refusal::Resolved, Suspect { path: None, subject: "" }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceId, Span};
    use proptest::prelude::*;

    fn fix(edits: &[(usize, usize, &str)]) -> Fix {
        let edits = edits.iter().map(|(start, end, text)| Edit {
            span: Span::new(SourceId(0), *start, *end),
            text: (*text).to_owned(),
        });
        Fix { title: "change it".to_owned(), applicability: Applicability::Safe, edits: edits.collect() }
    }

    #[test]
    fn fixes_are_applied_whole_and_by_span() {
        let (a, b) = (fix(&[(4, 5, "E")]), fix(&[(0, 1, "A"), (6, 6, "!")]));
        let applied = apply("abcdef", &[&a, &b]);
        assert_eq!(applied.text, "AbcdEf!");
        assert_eq!(applied.taken, [1, 0]);
        assert_eq!(apply("abcdef", &[&fix(&[(6, 6, "!"), (0, 1, "A")])]).text, "Abcdef!");
    }

    #[test]
    fn a_fix_that_touches_a_taken_one_is_skipped() {
        let taken = fix(&[(2, 4, "X")]);
        for (other, is_taken) in [
            (fix(&[(3, 5, "")]), false),
            (fix(&[(4, 4, "i")]), false),
            (fix(&[(3, 3, "i"), (5, 5, "i")]), false),
            (fix(&[(4, 5, "")]), true),
            (fix(&[(5, 5, "i")]), true),
        ] {
            let applied = apply("abcdef", &[&taken, &other]);
            assert_eq!(applied.taken.contains(&1), is_taken, "{other:?}");
            assert_eq!(applied.skipped.contains(&1), !is_taken, "{other:?}");
        }
        let gone = fix(&[(2, 4, "")]);
        assert_eq!(apply("abcdef", &[&gone, &fix(&[(4, 5, "")])]).skipped, [1]);
        assert_eq!(apply("abcdef", &[&gone, &fix(&[(0, 2, "")])]).skipped, [0]);
        assert_eq!(apply("abcdef", &[&gone, &fix(&[(4, 5, "x")])]).text, "abxf");
        let twice = fix(&[(2, 2, "i")]);
        assert_eq!(apply("abc", &[&twice, &twice]).text, "abic");
    }

    #[test]
    fn a_fix_that_cannot_be_applied_is_refused() {
        for bad in [
            fix(&[]),
            fix(&[(0, 9, "")]),
            fix(&[(1, 2, "")]),
            fix(&[(3, 2, "")]),
            fix(&[(2, 3, "b")]),
            fix(&[(0, 3, "x"), (2, 4, "y")]),
        ] {
            let applied = apply("äbc", &[&bad]);
            assert_eq!((applied.text.as_str(), applied.refused), ("äbc", vec![0]), "{bad:?}");
        }
    }

    #[test]
    fn byte_order_mark_line_endings_and_missing_newline_are_kept() {
        let text = "\u{feff}a: 1\r\nb: 2";
        let at = text.find('1').expect("the text holds it");
        assert_eq!(apply(text, &[&fix(&[(at, at + 1, "3")])]).text, "\u{feff}a: 3\r\nb: 2");
    }

    #[test]
    fn what_was_taken_goes_on_even_where_two_edits_start_together() {
        // An insertion and a removal at one place are one stretch, which goes.
        let taken = fix(&[(2, 2, "i"), (2, 4, "")]);
        assert_eq!(apply("abcdef", &[&taken, &fix(&[(4, 5, "")])]).skipped, [1]);
    }

    #[test]
    fn a_fix_whose_edits_do_not_fit_is_told_and_the_others_go_on() {
        let (text, settled) = settle_one("ab", &mut |text| {
            let mut pass = upper(text, |_| Pass::default());
            pass.fixes.push(Candidate { finding: named("bad"), fix: fix(&[(9, 10, "x")]) });
            pass
        });
        assert_eq!((text.as_str(), settled.refused), ("AB", stopped(&[("bad", Refusal::Edits)])));
    }

    #[test]
    fn what_is_found_in_a_text_that_did_not_parse_before_stops_no_fix() {
        let heals = |text: &str| {
            let mut pass = broken(!text.contains('A'));
            if text.contains('A') {
                pass.findings.insert(named("new"), Count { all: 1, errors: 1, ..Count::default() });
            }
            pass
        };
        assert_eq!(settle_one("ab", &mut |text| upper(text, heals)).0, "AB");
    }

    fn named(rule: &'static str) -> Finding {
        Finding { path: "f".into(), rule, subject: String::new(), message: String::new() }
    }

    /// Settles one text.
    fn settle_one(text: &str, relint: &mut dyn FnMut(&str) -> Pass) -> (String, Settled) {
        settle_with(text, Applicability::Unsafe, relint)
    }

    fn settle_with(
        text: &str,
        applicability: Applicability,
        relint: &mut dyn FnMut(&str) -> Pass,
    ) -> (String, Settled) {
        let path = PathBuf::from("f");
        let first = relint(text);
        let texts = [(path.clone(), text.to_owned())].into();
        let settled = settle(&texts, &first, applicability, &mut |texts| relint(&texts[&path]));
        (settled.texts[&path].clone(), settled)
    }

    /// A rule for each lower-case letter: it wants the letter in upper case.
    fn upper(text: &str, objection: impl Fn(&str) -> Pass) -> Pass {
        let mut pass = objection(text);
        for (at, letter) in text.char_indices() {
            let rule = match letter {
                'a' => "a",
                'b' => "b",
                'c' => "c",
                _ => continue,
            };
            pass.findings.entry(named(rule)).or_default().all += 1;
            let fix = fix(&[(at, at + 1, &letter.to_uppercase().to_string())]);
            pass.fixes.push(Candidate { finding: named(rule), fix });
        }
        pass
    }

    fn stopped(rules: &[(&'static str, Refusal)]) -> Refusals {
        rules.iter().map(|(rule, reason)| (named(rule), reason.clone())).collect()
    }

    fn one(rule: &'static str, fix: Fix) -> Vec<Candidate> {
        vec![Candidate { finding: named(rule), fix }]
    }

    fn broken(is_broken: bool) -> Pass {
        Pass { broken: is_broken.then(|| "f".into()).into_iter().collect(), ..Pass::default() }
    }

    #[test]
    fn fixes_are_applied_until_none_is_left() {
        let (text, settled) = settle_one("abcab", &mut |text| upper(text, |_| Pass::default()));
        assert_eq!(text, "ABCAB");
        assert_eq!(settled.applied[Path::new("f")], [("a", 2), ("b", 2), ("c", 1)].into());
        assert!(settled.refused.is_empty() && settled.last.fixes.is_empty());
    }

    #[test]
    fn only_fixes_up_to_the_applicability_are_applied() {
        let mut relint = |text: &str| {
            let mut pass = upper(text, |_| Pass::default());
            for it in pass.fixes.iter_mut().filter(|it| it.finding.rule == "b") {
                it.fix.applicability = Applicability::Unsafe;
            }
            pass
        };
        assert_eq!(settle_with("abcab", Applicability::Safe, &mut relint).0, "AbCAb");
        assert_eq!(settle_with("abcab", Applicability::Unsafe, &mut relint).0, "ABCAB");
    }

    #[test]
    fn the_rule_that_breaks_the_text_is_named_and_the_others_go_on() {
        let (text, settled) = settle_one("abcab", &mut |text| upper(text, |text| broken(text.contains('B'))));
        assert_eq!(text, "AbCAb");
        assert_eq!(settled.refused, stopped(&[("b", Refusal::Parse)]));
    }

    #[test]
    fn a_fix_that_brings_an_error_or_a_finding_is_left_out() {
        let errors = |text: &str| {
            let errors = text.matches('C').count();
            Pass {
                findings: [(named("x"), Count { all: 1, errors, ..Count::default() })].into(),
                ..Pass::default()
            }
        };
        let (text, settled) = settle_one("abc", &mut |text| upper(text, errors));
        assert_eq!((text.as_str(), settled.refused), ("ABc", stopped(&[("c", Refusal::Error("x"))])));

        let brings = |text: &str| {
            let mut pass = Pass::default();
            if text.contains('A') {
                pass.findings.insert(named("new"), Count { all: 1, errors: 0, ..Count::default() });
            }
            pass
        };
        let (text, settled) = settle_one("abc", &mut |text| upper(text, brings));
        assert_eq!((text.as_str(), settled.refused), ("aBC", stopped(&[("a", Refusal::Finding("new"))])));
    }

    #[test]
    fn a_fix_that_changes_what_is_to_stay_is_left_out() {
        let anchor = |text: &str| Pass {
            shared: [(("f".into(), "x".to_owned()), text.matches('B').count() as u64)].into(),
            ..Pass::default()
        };
        let (text, settled) = settle_one("abc", &mut |text| upper(text, anchor));
        let reason = Refusal::Shared("x".to_owned());
        assert_eq!((text.as_str(), settled.refused), ("AbC", stopped(&[("b", reason)])));
        // Of a safe fix it is asked that what Compose resolves stays, whatever an anchor stands for.
        assert_eq!(settle_with("abc", Applicability::Safe, &mut |text| upper(text, anchor)).0, "ABC");

        let project =
            |text: &str| Pass { resolved: Some(text.matches('C').count() as u64), ..Pass::default() };
        let (text, settled) = settle_with("abc", Applicability::Safe, &mut |text| upper(text, project));
        let refused = stopped(&[("c", Refusal::Resolved)]);
        assert_eq!((text.as_str(), settled.refused), ("ABc", refused));
    }

    #[test]
    fn many_culprits_are_not_asked_for_one_by_one() {
        let mut calls = 0;
        let never = |text: &str| {
            let count = Count { all: text.matches('A').count(), errors: 0, ..Count::default() };
            Pass { findings: [(named("new"), count)].into(), ..Pass::default() }
        };
        let (text, settled) = settle_one(&"a".repeat(5000), &mut |text| {
            calls += 1;
            let mut pass = upper(text, never);
            for (at, it) in pass.fixes.iter_mut().enumerate() {
                it.finding.message = at.to_string();
            }
            pass
        });
        assert_eq!((text.len(), settled.refused.len()), (5000, 5000));
        assert!(calls < 2 * MAX_QUESTIONS, "{calls}");
    }

    #[test]
    fn two_fixes_that_are_unsound_only_together_give_one() {
        let (text, settled) = settle_one("ab", &mut |text| upper(text, |text| broken(text.contains("AB"))));
        assert_eq!((text.as_str(), settled.refused), ("Ab", stopped(&[("b", Refusal::Parse)])));
    }

    #[test]
    fn a_text_that_goes_round_in_circles_is_left_as_it_was() {
        let mut swap = |text: &str| {
            let other = if text.starts_with('x') { "y" } else { "x" };
            let rule = if other == "x" { "to-x" } else { "to-y" };
            Pass { fixes: one(rule, fix(&[(0, 1, other)])), ..Pass::default() }
        };
        let (text, settled) = settle_one("x!", &mut swap);
        assert_eq!(text, "x!");
        assert_eq!(settled.refused, stopped(&[("to-x", Refusal::Settle), ("to-y", Refusal::Settle)]));
        assert!(settled.applied.is_empty());
    }

    #[test]
    fn a_text_that_grows_for_ever_is_left_as_it_was() {
        let mut calls = 0;
        let mut grow = |text: &str| {
            calls += 1;
            Pass { fixes: one("grow", fix(&[(text.len(), text.len(), "x")])), ..Pass::default() }
        };
        let (text, settled) = settle_one("", &mut grow);
        assert_eq!((text.as_str(), settled.refused), ("", stopped(&[("grow", Refusal::Settle)])));
        assert_eq!(calls, MAX_PASSES + 1);
    }

    #[test]
    fn a_culprit_among_many_is_found_in_few_calls() {
        let text = "c".repeat(500) + "a" + &"c".repeat(500);
        let mut calls = 0;
        let (text, _) = settle_one(&text, &mut |text| {
            calls += 1;
            upper(text, |text| broken(text.contains('A')))
        });
        assert_eq!(text, "C".repeat(500) + "a" + &"C".repeat(500));
        assert!(calls < 30, "{calls}");
    }

    /// Texts `0`, `1`, …, in which `a` and `b` want to be in upper case.
    fn settle_several(texts: &[&str], relint: &mut dyn FnMut(&Texts, &mut Pass)) -> (Vec<String>, Settled) {
        let path = |number: usize| PathBuf::from(format!("{number:03}"));
        let texts: Texts =
            texts.iter().enumerate().map(|(number, text)| (path(number), (*text).to_owned())).collect();
        let mut relint = |texts: &Texts| {
            let mut pass = Pass::default();
            for (path, text) in texts {
                let one = upper(text, |_| Pass::default());
                pass.fixes.extend(one.fixes.into_iter().map(|mut it| {
                    it.finding.path.clone_from(path);
                    it
                }));
            }
            relint(texts, &mut pass);
            pass
        };
        let first = relint(&texts);
        let settled = settle(&texts, &first, Applicability::Unsafe, &mut relint);
        (settled.texts.values().cloned().collect(), settled)
    }

    #[test]
    fn texts_are_asked_about_together() {
        let mut calls = 0;
        let (texts, settled) = settle_several(&["ab"; 100], &mut |_, _| calls += 1);
        assert!(texts.iter().all(|text| text == "AB") && texts.len() == 100);
        assert_eq!(settled.applied.len(), 100);
        assert_eq!(calls, 2);
    }

    #[test]
    fn the_culprit_is_looked_for_first_where_the_objection_is() {
        let mut calls = 0;
        let mut relint = |texts: &Texts, pass: &mut Pass| {
            calls += 1;
            for (path, text) in
                texts.iter().filter(|(path, _)| path.ends_with("042") || path.ends_with("077"))
            {
                let finding = Finding { path: path.clone(), ..named("new") };
                pass.findings
                    .insert(finding, Count { all: text.matches('B').count(), errors: 0, ..Count::default() });
            }
        };
        let (texts, settled) = settle_several(&["ab"; 100], &mut relint);
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(text, if matches!(number, 42 | 77) { "Ab" } else { "AB" });
        }
        assert_eq!(settled.refused.len(), 2);
        // At first, once, all, all others, those of the two files, and these in halves.
        assert!(calls <= 10, "{calls}");
    }

    #[test]
    fn the_rule_that_was_stopped_once_is_the_first_suspect() {
        let mut calls = 0;
        let (text, settled) = settle_one(&"abc".repeat(20), &mut |text| {
            calls += 1;
            let mut pass = upper(text, |_| Pass::default());
            for it in &mut pass.fixes {
                it.finding.subject = (it.fix.edits[0].span.start / 3).to_string();
            }
            for (at, _) in text.match_indices('B') {
                let finding = Finding { subject: (at / 3).to_string(), ..named("new") };
                pass.findings.entry(finding).or_default().all += 1;
            }
            pass
        });
        assert_eq!(text, "AbC".repeat(20));
        assert_eq!(settled.refused.len(), 20);
        // Two for each culprit, and a few for the first.
        assert!(calls < 55, "{calls}");
    }

    #[test]
    fn a_culprit_in_another_text_than_the_objection_is_found() {
        for (others, most) in [(BTreeSet::new(), 30), (BTreeSet::from(["070".into()]), 10)] {
            let mut calls = 0;
            let mut relint = |texts: &Texts, pass: &mut Pass| {
                calls += 1;
                let finding = Finding { path: "001".into(), ..named("new") };
                let all = texts[Path::new("070")].matches('B').count();
                pass.findings.insert(finding, Count { all, errors: 0, others: others.clone() });
            };
            let (texts, settled) = settle_several(&["ab"; 100], &mut relint);
            for (number, text) in texts.iter().enumerate() {
                assert_eq!(text, if number == 70 { "Ab" } else { "AB" });
            }
            assert_eq!(settled.refused.len(), 1);
            assert!(calls <= most, "{calls}");
        }
    }

    #[test]
    fn a_text_that_does_not_settle_does_not_hold_up_the_others() {
        let mut relint = |texts: &Texts, pass: &mut Pass| {
            let (path, text) = texts.iter().nth(1).expect("there are three");
            let other = if text.starts_with('x') { "y" } else { "x" };
            let finding = Finding { path: path.clone(), ..named(if other == "x" { "to-x" } else { "to-y" }) };
            pass.fixes.push(Candidate { finding, fix: fix(&[(0, 1, other)]) });
        };
        let (texts, settled) = settle_several(&["ab", "x", "b"], &mut relint);
        assert_eq!(texts, ["AB", "x", "B"]);
        let rules: Vec<&str> = settled.refused.keys().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["to-x", "to-y"]);
        assert!(settled.refused.values().all(|refusal| *refusal == Refusal::Settle));
    }

    proptest! {
        #[test]
        fn any_fixes_give_a_text_or_are_refused(
            text in "[aä\r\n]{0,12}",
            fixes in prop::collection::vec(
                prop::collection::vec((0usize..20, 0usize..20, "[xä]{0,2}"), 0..3), 0..6),
        ) {
            let fixes: Vec<Fix> = fixes
                .iter()
                .map(|edits| {
                    let edits: Vec<_> = edits.iter().map(|(a, b, text)| (*a, *b, text.as_str())).collect();
                    fix(&edits)
                })
                .collect();
            let fixes: Vec<&Fix> = fixes.iter().collect();
            let applied = apply(&text, &fixes);
            prop_assert_eq!(
                applied.taken.len() + applied.skipped.len() + applied.refused.len(), fixes.len());
            // From the back, one edit at a time, gives the same.
            let mut edits: Vec<&Edit> = applied.taken.iter().flat_map(|index| &fixes[*index].edits).collect();
            edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
            let mut slow = text.clone();
            for edit in edits.iter().rev() {
                slow.replace_range(edit.span.range(), &edit.text);
            }
            prop_assert_eq!(applied.text, slow);
        }
    }
}
