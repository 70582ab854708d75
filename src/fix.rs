//! Applies fixes to a text until it settles, and shows what changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Edit, Fix};

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
/// or one of the two inserts at an end of the other.
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

    // The taken bytes, by their start; they do not overlap.
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    let mut edits: Vec<&Edit> = Vec::new();
    for (index, fix) in &order {
        if fix.iter().any(|edit| touches(&taken, edit)) {
            applied.skipped.push(*index);
            continue;
        }
        for edit in fix {
            let end = taken.entry(edit.span.start).or_insert(edit.span.end);
            *end = (*end).max(edit.span.end);
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

/// Whether `edit` overlaps taken bytes, or one of the two is an insertion at an end of the other.
fn touches(taken: &BTreeMap<u32, u32>, edit: &Edit) -> bool {
    let (start, end) = (edit.span.start, edit.span.end);
    let meets = |from: u32, to: u32| {
        let inserts = start == end || from == to;
        if inserts { from <= end && start <= to } else { from < end && start < to }
    };
    let before = taken.range(..=start).next_back();
    let after = start.checked_add(1).and_then(|next| taken.range(next..).next());
    before.into_iter().chain(after).any(|(from, to)| meets(*from, *to))
}

/// A fix that may be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The rule.
    pub rule: &'static str,
    /// The finding that it mends, as in [`Pass::diagnostics`].
    pub finding: String,
    /// The fix.
    pub fix: Fix,
}

/// What is known of a text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pass {
    /// The fixes that may be applied.
    pub fixes: Vec<Candidate>,
    /// Whether the text parses.
    pub parses: bool,
    /// The number of diagnostics with the severity error.
    pub errors: usize,
    /// How often each diagnostic is found. A key tells one finding from another and stays the same
    /// when the finding only moves: the rule, the subject and the message, without line numbers.
    pub diagnostics: BTreeMap<String, usize>,
    /// What each anchor that an alias repeats stands for, by its name.
    pub shared: BTreeMap<String, u64>,
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
    /// There would be more errors.
    Error,
    /// What this anchor stands for would change wherever an alias repeats it.
    Shared(String),
    /// What Compose resolves would change, though the fix is said to be safe.
    Resolved,
    /// There would be a diagnostic that was not there before; its key.
    Diagnostic(String),
    /// The text changes for ever, or for more than [`MAX_PASSES`] passes.
    Settle,
}

/// The fixes that were stopped, by rule and finding, each with the first reason.
pub type Refusals = BTreeMap<(&'static str, String), Refusal>;

/// A text to which no more fixes are to be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settled {
    /// The text; the original one if it did not settle.
    pub text: String,
    /// The number of fixes that are in the text, by rule.
    pub applied: BTreeMap<&'static str, usize>,
    /// The fixes that were stopped.
    pub refused: Refusals,
    /// What is known of [`Settled::text`].
    pub last: Pass,
}

/// The number of times that one pass asks again to find culprits; what is then not known to be sound
/// is left out.
const MAX_QUESTIONS: usize = 64;

/// Applies fixes to `original` and asks `relint` what is left, until nothing is left to apply, or
/// [`MAX_PASSES`] times. Fixes that would break the text, bring a new diagnostic or change what is to
/// stay are left out; a text that does not settle is given back as it was.
///
/// `relint` is called once for the original and once a pass; more often only to find a culprit.
pub fn settle(original: &str, relint: &mut dyn FnMut(&str) -> Pass) -> Settled {
    let mut text = original.to_owned();
    let mut pass = relint(&text);
    let first = pass.clone();
    let mut applied: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut refused = Refusals::new();
    // Each text that was there before, with the fixes that changed it.
    let mut history: Vec<(String, BTreeSet<(&'static str, String)>)> = Vec::new();
    loop {
        let candidates: Vec<Candidate> =
            pass.fixes.iter().filter(|it| !refused.contains_key(&it.key())).cloned().collect();
        let fixes: Vec<&Fix> = candidates.iter().map(|it| &it.fix).collect();
        let whole = apply(&text, &fixes);
        for index in &whole.refused {
            refused.entry(candidates[*index].key()).or_insert(Refusal::Edits);
        }
        if whole.taken.is_empty() {
            return Settled { text, applied, refused, last: pass };
        }
        let taken: BTreeSet<_> = whole.taken.iter().map(|index| candidates[*index].key()).collect();
        let recurs = history.iter().position(|(earlier, _)| *earlier == whole.text);
        if history.len() == MAX_PASSES || recurs.is_some() {
            let cycle = history.iter().skip(recurs.unwrap_or(history.len())).map(|(_, fixes)| fixes);
            for key in cycle.flatten().chain(&taken) {
                refused.entry(key.clone()).or_insert(Refusal::Settle);
            }
            let text = original.to_owned();
            return Settled { text, applied: BTreeMap::new(), refused, last: first };
        }
        let mut search =
            Search { text: &text, before: &pass, kept: Vec::new(), after: None, questions: 0, relint };
        search.take(&candidates, &whole.taken, &mut refused);
        let Search { kept, after, .. } = search;
        let Some((next, after)) = after else { continue };
        let keys = kept.iter().map(|index| candidates[*index].key()).collect();
        history.push((std::mem::replace(&mut text, next), keys));
        for index in kept {
            *applied.entry(candidates[index].rule).or_default() += 1;
        }
        pass = after;
    }
}

impl Candidate {
    fn key(&self) -> (&'static str, String) {
        (self.rule, self.finding.clone())
    }
}

/// The search for the fixes of one pass that leave the text sound.
struct Search<'s> {
    text: &'s str,
    before: &'s Pass,
    /// The fixes that are sound together.
    kept: Vec<usize>,
    /// The text with them, and what is known of it.
    after: Option<(String, Pass)>,
    /// The number of times that was asked.
    questions: usize,
    relint: &'s mut dyn FnMut(&str) -> Pass,
}

impl Search<'_> {
    /// Keeps `batch` if it is sound beside what is kept; else its halves, down to the single fix that
    /// is not, which is stopped.
    fn take(&mut self, candidates: &[Candidate], batch: &[usize], refused: &mut Refusals) {
        let batch: Vec<usize> =
            batch.iter().copied().filter(|index| !refused.contains_key(&candidates[*index].key())).collect();
        if batch.is_empty() {
            return;
        }
        let mut fixes: Vec<&Fix> = Vec::with_capacity(self.kept.len() + batch.len());
        fixes.extend(self.kept.iter().chain(&batch).map(|index| &candidates[*index].fix));
        let next = apply(self.text, &fixes).text;
        let after = (self.relint)(&next);
        self.questions += 1;
        match objection(self.before, &after) {
            None => {
                self.kept.extend(&batch);
                self.after = Some((next, after));
            }
            Some(reason) if batch.len() == 1 || self.questions >= MAX_QUESTIONS => {
                for index in batch {
                    refused.insert(candidates[index].key(), reason.clone());
                }
            }
            Some(_) => {
                let (left, right) = batch.split_at(batch.len() / 2);
                self.take(candidates, left, refused);
                self.take(candidates, right, refused);
            }
        }
    }
}

/// What is worse after a change than before it.
fn objection(before: &Pass, after: &Pass) -> Option<Refusal> {
    if !before.parses {
        // Nothing was known of a text that did not parse, so what is found now is not the fix's.
        return None;
    }
    if !after.parses {
        return Some(Refusal::Parse);
    }
    let changes = |(name, now): &(&String, &u64)| before.shared.get(*name).is_some_and(|then| then != *now);
    if let Some((name, _)) = after.shared.iter().find(changes) {
        return Some(Refusal::Shared(name.clone()));
    }
    if after.errors > before.errors {
        return Some(Refusal::Error);
    }
    if before.resolved.is_some() && before.resolved != after.resolved {
        return Some(Refusal::Resolved);
    }
    let more =
        |(key, count): &(&String, &usize)| **count > before.diagnostics.get(*key).copied().unwrap_or(0);
    after.diagnostics.iter().find(more).map(|(key, _)| Refusal::Diagnostic(key.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Applicability;
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
            *pass.diagnostics.entry(rule.to_owned()).or_default() += 1;
            let fix = fix(&[(at, at + 1, &letter.to_uppercase().to_string())]);
            pass.fixes.push(Candidate { rule, finding: rule.to_owned(), fix });
        }
        pass
    }

    fn stopped(rules: &[(&'static str, Refusal)]) -> Refusals {
        rules.iter().map(|(rule, reason)| ((*rule, (*rule).to_owned()), reason.clone())).collect()
    }

    fn one(rule: &'static str, fix: Fix) -> Vec<Candidate> {
        vec![Candidate { rule, finding: rule.to_owned(), fix }]
    }

    fn sound() -> Pass {
        Pass { parses: true, ..Pass::default() }
    }

    #[test]
    fn fixes_are_applied_until_none_is_left() {
        let settled = settle("abcab", &mut |text| upper(text, |_| sound()));
        assert_eq!(settled.text, "ABCAB");
        assert_eq!(settled.applied, [("a", 2), ("b", 2), ("c", 1)].into());
        assert!(settled.refused.is_empty() && settled.last.fixes.is_empty());
    }

    #[test]
    fn the_rule_that_breaks_the_text_is_named_and_the_others_go_on() {
        let parses = |text: &str| Pass { parses: !text.contains('B'), ..Pass::default() };
        let settled = settle("abcab", &mut |text| upper(text, parses));
        assert_eq!(settled.text, "AbCAb");
        assert_eq!(settled.refused, stopped(&[("b", Refusal::Parse)]));
    }

    #[test]
    fn a_fix_that_brings_an_error_or_a_diagnostic_is_left_out() {
        let errors = |text: &str| Pass { errors: text.matches('C').count(), ..sound() };
        let settled = settle("abc", &mut |text| upper(text, errors));
        assert_eq!((settled.text.as_str(), settled.refused), ("ABc", stopped(&[("c", Refusal::Error)])));

        let brings = |text: &str| {
            let mut pass = sound();
            if text.contains('A') {
                pass.diagnostics.insert("new".to_owned(), 1);
            }
            pass
        };
        let settled = settle("abc", &mut |text| upper(text, brings));
        let reason = Refusal::Diagnostic("new".to_owned());
        assert_eq!((settled.text.as_str(), settled.refused), ("aBC", stopped(&[("a", reason)])));
    }

    #[test]
    fn a_fix_that_changes_what_is_to_stay_is_left_out() {
        let anchor = |text: &str| Pass {
            shared: [("x".to_owned(), text.matches('B').count() as u64)].into(),
            ..sound()
        };
        let settled = settle("abc", &mut |text| upper(text, anchor));
        let reason = Refusal::Shared("x".to_owned());
        assert_eq!((settled.text.as_str(), settled.refused), ("AbC", stopped(&[("b", reason)])));

        let project = |text: &str| Pass { resolved: Some(text.matches('C').count() as u64), ..sound() };
        let settled = settle("abc", &mut |text| upper(text, project));
        let refused = stopped(&[("c", Refusal::Resolved)]);
        assert_eq!((settled.text.as_str(), settled.refused), ("ABc", refused));
    }

    #[test]
    fn many_culprits_are_not_asked_for_one_by_one() {
        let mut calls = 0;
        let never = |text: &str| Pass { errors: text.matches('A').count(), ..sound() };
        let settled = settle(&"a".repeat(5000), &mut |text| {
            calls += 1;
            let mut pass = upper(text, never);
            for (at, it) in pass.fixes.iter_mut().enumerate() {
                it.finding = at.to_string();
            }
            pass
        });
        assert_eq!((settled.text.len(), settled.refused.len()), (5000, 5000));
        assert!(calls < 2 * MAX_QUESTIONS, "{calls}");
    }

    #[test]
    fn two_fixes_that_are_unsound_only_together_give_one() {
        let parses = |text: &str| Pass { parses: !text.contains("AB"), ..Pass::default() };
        let settled = settle("ab", &mut |text| upper(text, parses));
        assert_eq!((settled.text.as_str(), settled.refused), ("Ab", stopped(&[("b", Refusal::Parse)])));
    }

    #[test]
    fn a_text_that_goes_round_in_circles_is_left_as_it_was() {
        let mut swap = |text: &str| {
            let other = if text.starts_with('x') { "y" } else { "x" };
            let rule = if other == "x" { "to-x" } else { "to-y" };
            Pass { fixes: one(rule, fix(&[(0, 1, other)])), ..sound() }
        };
        let settled = settle("x!", &mut swap);
        assert_eq!(settled.text, "x!");
        assert_eq!(settled.refused, stopped(&[("to-x", Refusal::Settle), ("to-y", Refusal::Settle)]));
        assert!(settled.applied.is_empty());
    }

    #[test]
    fn a_text_that_grows_for_ever_is_left_as_it_was() {
        let mut calls = 0;
        let mut grow = |text: &str| {
            calls += 1;
            Pass { fixes: one("grow", fix(&[(text.len(), text.len(), "x")])), ..sound() }
        };
        let settled = settle("", &mut grow);
        assert_eq!((settled.text.as_str(), settled.refused), ("", stopped(&[("grow", Refusal::Settle)])));
        assert_eq!(calls, MAX_PASSES + 1);
    }

    #[test]
    fn a_culprit_among_many_is_found_in_few_calls() {
        let text = "c".repeat(500) + "a" + &"c".repeat(500);
        let mut calls = 0;
        let parses = |text: &str| Pass { parses: !text.contains('A'), ..Pass::default() };
        let settled = settle(&text, &mut |text| {
            calls += 1;
            upper(text, parses)
        });
        assert_eq!(settled.text, "C".repeat(500) + "a" + &"C".repeat(500));
        assert!(calls < 30, "{calls}");
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
