//! Unified diffs that `git apply` and `patch -p1` accept.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

/// The lines of context around a change.
const CONTEXT: usize = 3;

/// The number of changed lines up to which the shortest difference of two texts is looked for.
const MAX_CHANGES: usize = 256;

/// A unified diff.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Diff {
    /// The diff; empty if the texts are equal.
    pub text: String,
    /// Whether a line of the old text that holds a secret is in the diff: it changes, or the diff
    /// could not be applied without it.
    pub shows_secret: bool,
}

/// The changes from `old` to `new` with three lines of context, for `git apply` and `patch -p1`.
/// Paths are relative to the directory in which the diff is to be applied, with `/` between names.
///
/// Context is cut short before a line of the old text that `secret_lines` names, by its number from
/// 0, where a line ends with LF. One such line is kept where a change is followed by it, since
/// without any line after it a change would be taken for one at the end of the file; and where lines
/// are added to a file of one line.
pub fn unified_diff(
    path_old: &str,
    path_new: &str,
    old: &str,
    new: &str,
    secret_lines: &dyn Fn(usize) -> bool,
) -> Diff {
    let (old_lines, new_lines) = (lines(old), lines(new));
    let changes = changes(&old_lines, &new_lines);
    let mut diff = Diff::default();
    if changes.is_empty() {
        return diff;
    }
    diff.text = format!("--- {}\n+++ {}\n", header("a/", path_old), header("b/", path_new));
    let mut hunks: Vec<Hunk> = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        let before = index.checked_sub(1).map_or(0, |previous| changes[previous].old.end);
        let gap = before..change.old.start;
        let is_near = gap.len() <= 2 * CONTEXT && (old_lines.len() == 1 || !gap.clone().any(secret_lines));
        if index > 0 && is_near {
            if let Some(hunk) = hunks.last_mut() {
                hunk.changes.push(change.clone());
            }
        } else {
            let lead = gap.rev().take(CONTEXT).take_while(|line| !secret_lines(*line)).count();
            hunks.push(Hunk { lead, changes: vec![change.clone()], trail: 0 });
        }
    }
    for index in 0..hunks.len() {
        let next = hunks.get(index + 1).map_or(old_lines.len(), |hunk| hunk.changes[0].old.start);
        let hunk = &mut hunks[index];
        let gap = hunk.last().old.end..next;
        hunk.trail = gap.clone().take(CONTEXT).take_while(|line| !secret_lines(*line)).count();
        if hunk.last().old.end + hunk.trail < old_lines.len() {
            // Git takes a hunk without lines after the change, patch one with fewer lines after than
            // before, for one at the end of the file.
            hunk.trail = hunk.trail.max(1);
            hunk.lead = hunk.lead.min(hunk.trail);
        }
        if hunk.old_lines() == (1..1) {
            // Git takes `-1,0` for the start of the file.
            hunk.lead = 1;
        }
    }
    for hunk in &hunks {
        diff.shows_secret |= hunk.old_lines().any(secret_lines);
        hunk.write(&mut diff.text, &old_lines, &new_lines);
    }
    diff
}

/// Lines of the old text that lines of the new text replace; one of the two may be empty.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

/// Changes with the equal lines around and between them.
struct Hunk {
    /// The number of lines before the first change.
    lead: usize,
    /// At least one.
    changes: Vec<Change>,
    /// The number of lines after the last change.
    trail: usize,
}

impl Hunk {
    fn last(&self) -> &Change {
        self.changes.last().expect("a hunk starts with a change")
    }

    fn old_lines(&self) -> Range<usize> {
        self.changes[0].old.start - self.lead..self.last().old.end + self.trail
    }

    fn new_lines(&self) -> Range<usize> {
        self.changes[0].new.start - self.lead..self.last().new.end + self.trail
    }

    fn write(&self, text: &mut String, old_lines: &[&str], new_lines: &[&str]) {
        let (old, new) = (self.old_lines(), self.new_lines());
        let _ = writeln!(text, "@@ -{} +{} @@", position(&old), position(&new));
        let mut at = old.start;
        for change in &self.changes {
            push_lines(text, ' ', &old_lines[at..change.old.start]);
            push_lines(text, '-', &old_lines[change.old.clone()]);
            push_lines(text, '+', &new_lines[change.new.clone()]);
            at = change.old.end;
        }
        push_lines(text, ' ', &old_lines[at..old.end]);
    }
}

fn push_lines(text: &mut String, sign: char, lines: &[&str]) {
    for line in lines {
        text.push(sign);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// The first line, from 1, and the number of lines; an empty range is given by the line before it.
fn position(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

/// The lines with their LF; the last may be without.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// The path as git writes it in a header: quoted if it holds a quote, a backslash, a control
/// character or a byte beyond ASCII; followed by a tab if it holds a space.
fn header(prefix: &str, path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    if path.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')) {
        let tab = if path.contains(' ') { "\t" } else { "" };
        return format!("{prefix}{path}{tab}");
    }
    let mut quoted = format!("\"{prefix}");
    for byte in path.bytes() {
        match byte {
            b'"' => quoted.push_str("\\\""),
            b'\\' => quoted.push_str("\\\\"),
            b'\t' => quoted.push_str("\\t"),
            b'\n' => quoted.push_str("\\n"),
            b'\r' => quoted.push_str("\\r"),
            b' '..=b'~' => quoted.push(char::from(byte)),
            _ => {
                let _ = write!(quoted, "\\{byte:03o}");
            }
        }
    }
    quoted.push('"');
    quoted
}

/// The changes that lead from `old` to `new`, in order, with equal lines between any two.
fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let (old, new) = numbered(old, new);
    let mut found = Vec::new();
    compare(&old, &new, 0, 0, true, &mut found);
    found
}

/// A number for each line; equal lines have equal numbers.
fn numbered<'t>(old: &[&'t str], new: &[&'t str]) -> (Vec<u32>, Vec<u32>) {
    let mut numbers: HashMap<&'t str, u32> = HashMap::new();
    let mut number = |line: &&'t str| {
        let next = numbers.len() as u32;
        *numbers.entry(*line).or_insert(next)
    };
    (old.iter().map(&mut number).collect(), new.iter().map(&mut number).collect())
}

/// Appends the changes from `old` to `new`, which start at these lines of the texts.
fn compare(
    old: &[u32],
    new: &[u32],
    mut old_start: usize,
    mut new_start: usize,
    may_split: bool,
    found: &mut Vec<Change>,
) {
    let prefix = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[prefix..], &new[prefix..]);
    (old_start, new_start) = (old_start + prefix, new_start + prefix);
    let suffix = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - suffix], &new[..new.len() - suffix]);
    if old.is_empty() && new.is_empty() {
        return;
    }
    if !old.is_empty() && !new.is_empty() {
        if let Some(pairs) = shortest(old, new) {
            push_between(&pairs, old.len(), new.len(), |o, n| {
                if !o.is_empty() || !n.is_empty() {
                    found.push(shifted(o, n, old_start, new_start));
                }
            });
            return;
        }
        if may_split {
            let anchors = anchors(old, new);
            push_between(&anchors, old.len(), new.len(), |o, n| {
                let (from, to) = (old_start + o.start, new_start + n.start);
                compare(&old[o], &new[n], from, to, false, found);
            });
            return;
        }
    }
    found.push(shifted(0..old.len(), 0..new.len(), old_start, new_start));
}

fn shifted(old: Range<usize>, new: Range<usize>, by_old: usize, by_new: usize) -> Change {
    Change { old: old.start + by_old..old.end + by_old, new: new.start + by_new..new.end + by_new }
}

/// Calls `each` with what is before, between and after the pairs of equal lines.
fn push_between(
    pairs: &[(usize, usize)],
    old_end: usize,
    new_end: usize,
    mut each: impl FnMut(Range<usize>, Range<usize>),
) {
    let (mut old_at, mut new_at) = (0, 0);
    for (old, new) in pairs {
        each(old_at..*old, new_at..*new);
        (old_at, new_at) = (old + 1, new + 1);
    }
    each(old_at..old_end, new_at..new_end);
}

/// The pairs of equal lines of a shortest difference (Myers' algorithm). `None` past
/// [`MAX_CHANGES`] changed lines.
fn shortest(old: &[u32], new: &[u32]) -> Option<Vec<(usize, usize)>> {
    let (n, m) = (old.len() as isize, new.len() as isize);
    let bound = (MAX_CHANGES as isize).min(n + m);
    let offset = bound + 1;
    // The furthest old line on each diagonal (old − new), after each number of changes.
    let mut furthest = vec![0isize; 2 * offset as usize + 1];
    let mut trace: Vec<Vec<isize>> = Vec::new();
    for changes in 0..=bound {
        trace.push(furthest[(offset - changes - 1) as usize..=(offset + changes + 1) as usize].to_vec());
        for k in (-changes..=changes).step_by(2) {
            let at = |k: isize| furthest[(k + offset) as usize];
            let down = k == -changes || k != changes && at(k - 1) < at(k + 1);
            let mut x = if down { at(k + 1) } else { at(k - 1) + 1 };
            while x < n && x - k < m && x - k >= 0 && old[x as usize] == new[(x - k) as usize] {
                x += 1;
            }
            furthest[(k + offset) as usize] = x;
            if x >= n && x - k >= m {
                return Some(backtrack(&trace, n, m));
            }
        }
    }
    None
}

fn backtrack(trace: &[Vec<isize>], n: isize, m: isize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut x, mut y) = (n, m);
    for (changes, furthest) in trace.iter().enumerate().rev() {
        let changes = changes as isize;
        let at = |k: isize| furthest[(k + changes + 1) as usize];
        let k = x - y;
        let down = k == -changes || k != changes && at(k - 1) < at(k + 1);
        let k_before = if down { k + 1 } else { k - 1 };
        let (x_before, y_before) =
            if changes == 0 { (0, 0) } else { (at(k_before), at(k_before) - k_before) };
        let (x_start, y_start) = match (changes, down) {
            (0, _) => (0, 0),
            (_, true) => (x_before, y_before + 1),
            (_, false) => (x_before + 1, y_before),
        };
        while x > x_start && y > y_start {
            (x, y) = (x - 1, y - 1);
            pairs.push((x as usize, y as usize));
        }
        (x, y) = (x_before, y_before);
    }
    pairs.reverse();
    pairs
}

/// The longest ascending sequence of lines that are in each text once.
fn anchors(old: &[u32], new: &[u32]) -> Vec<(usize, usize)> {
    let once = |lines: &[u32]| {
        let mut at: HashMap<u32, Option<usize>> = HashMap::with_capacity(lines.len());
        for (index, line) in lines.iter().enumerate() {
            at.entry(*line).and_modify(|at| *at = None).or_insert(Some(index));
        }
        at
    };
    let (in_old, in_new) = (once(old), once(new));
    let pairs: Vec<(usize, usize)> = old
        .iter()
        .enumerate()
        .filter(|(_, line)| in_old.get(line).is_some_and(Option::is_some))
        .filter_map(|(index, line)| Some((index, (*in_new.get(line)?)?)))
        .collect();
    // Patience: the top of each pile, and below each card the one it follows.
    let mut tops: Vec<usize> = Vec::new();
    let mut below: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (card, (_, value)) in pairs.iter().enumerate() {
        let pile = tops.partition_point(|top| pairs[*top].1 < *value);
        below.push(pile.checked_sub(1).map(|left| tops[left]));
        if pile == tops.len() {
            tops.push(card);
        } else {
            tops[pile] = card;
        }
    }
    let mut sequence = Vec::with_capacity(tops.len());
    let mut card = tops.last().copied();
    while let Some(index) = card {
        sequence.push(pairs[index]);
        card = below[index];
    }
    sequence.reverse();
    sequence
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;
    use std::process::{Command, Stdio};

    fn diff(old: &str, new: &str) -> String {
        unified_diff("f", "f", old, new, &|_| false).text
    }

    /// The file after `program` applied the diff to it; `None` if the program is not installed.
    fn applied(program: &str, arguments: &[&str], path: &str, old: &str, diff: &str) -> Option<Vec<u8>> {
        let root = tempfile::tempdir().expect("a temporary directory can be made");
        let file = root.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).expect("a directory can be made");
        std::fs::write(&file, old).expect("a file can be written");
        let patch = root.path().join("the.patch");
        std::fs::write(&patch, diff).expect("a file can be written");
        let output = Command::new(program)
            .args(arguments)
            .arg(&patch)
            .current_dir(root.path())
            .env("GIT_CEILING_DIRECTORIES", root.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program}: {said}\n{diff}\n{old:?}");
        assert!(!said.contains("fuzz") && !said.contains("offset"), "{program}: {said}\n{diff}");
        Some(std::fs::read(&file).expect("the file can be read"))
    }

    /// Applies the diff with git and with patch, as far as they are installed.
    fn check(path: &str, old: &str, new: &str, secret_lines: &dyn Fn(usize) -> bool) -> Diff {
        let diff = unified_diff(path, path, old, new, secret_lines);
        assert_eq!(diff.text.is_empty(), old == new);
        if old != new {
            for (program, arguments) in
                [("git", &["apply", "--whitespace=nowarn"][..]), ("patch", &["-p1", "-s", "-i"][..])]
            {
                if let Some(bytes) = applied(program, arguments, path, old, &diff.text) {
                    assert_eq!(String::from_utf8_lossy(&bytes), new, "{program}\n{}", diff.text);
                }
            }
        }
        diff
    }

    #[test]
    fn a_diff_has_three_lines_of_context() {
        assert_eq!(
            diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5!\n6\n7\n8\n9\n"),
            "--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+5!\n 6\n 7\n 8\n"
        );
        assert_eq!(diff("1\n", "1\n"), "");
    }

    #[test]
    fn changes_that_are_near_share_a_hunk() {
        let old: String = (1..40).map(|line| format!("{line}\n")).collect();
        let near = old.replace("10\n", "ten\n").replace("17\n", "");
        assert_eq!(check("f", &old, &near, &|_| false).text.matches("@@ ").count(), 1);
        let far = old.replace("10\n", "ten\n").replace("18\n", "");
        assert_eq!(check("f", &old, &far, &|_| false).text.matches("\n@@ ").count(), 2);
    }

    #[test]
    fn a_missing_newline_is_marked() {
        assert_eq!(
            check("f", "a\nb", "a\nc\n", &|_| false).text,
            "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
        );
        check("f", "a\nb", "c\nb", &|_| false);
        check("f", "a\nb\n", "a\nb", &|_| false);
        check("f", "", "a", &|_| false);
    }

    #[test]
    fn line_endings_and_byte_order_mark_are_bytes_like_others() {
        check("f", "\u{feff}a: 1\r\nb: 2\r\n", "\u{feff}a: 2\r\nb: 2\r\n", &|_| false);
        check("f", "a\r\nb\nc\rd\n", "a\nb\r\nc\rd\n", &|_| false);
    }

    #[test]
    fn paths_are_quoted_as_git_does() {
        assert_eq!(header("a/", "./x y.yml"), "a/x y.yml\t");
        assert_eq!(header("a/", "ä\"\\"), "\"a/\\303\\244\\\"\\\\\"");
        assert_eq!(header("b/", "x/\t\n\r\u{1}y"), "\"b/x/\\t\\n\\r\\001y\"");
        check("some dir/the file.yml", "a\n", "b\n", &|_| false);
        check("dír/\"é\".yml", "a\n", "b\n", &|_| false);
    }

    #[test]
    fn context_stops_before_a_secret() {
        let old = "1\n2\nsecret\n4\n5\n6\nsecret\n8\n";
        let secret = |line: usize| line == 2 || line == 6;
        let found = check("f", old, &old.replace('5', "five"), &secret);
        assert!(!found.shows_secret && !found.text.contains("secret"), "{}", found.text);
        let found = check("f", old, &old.replace('4', "four"), &secret);
        assert!(!found.shows_secret && !found.text.contains("secret"), "{}", found.text);
    }

    #[test]
    fn a_secret_after_a_change_is_kept_and_told() {
        let old = "1\n2\n3\nsecret\n5\n6\n7\n8\n";
        let found = check("f", old, &old.replace('3', "three"), &|line| line == 3);
        assert!(found.shows_secret);
        let found = check("f", old, &old.replace("secret", "none"), &|line| line == 3);
        assert!(found.shows_secret);
        let found = check("f", "1\nsecret\n3\n", "1\nsecret\n4\n", &|line| line == 1);
        assert!(!found.shows_secret);
        let far = "secret\n".to_owned() + &"x\n".repeat(20);
        assert!(
            check("f", &far, &format!("{}y\n", far.replace("secret", "none")), &|line| line == 0)
                .shows_secret
        );
        assert!(check("f", "secret\n", "secret\n2\n", &|_| true).shows_secret);
        assert!(check("f", "secret\n", "0\nsecret\n2\n", &|_| true).shows_secret);
    }

    #[test]
    fn of_large_texts_with_many_changes_only_what_changes_is_shown() {
        let old: String = (0..200_000).map(|line| format!("key{}: {line}\n", line % 7)).collect();
        let new: String =
            (0..200_000)
                .map(|line| {
                    if line % 100 == 0 {
                        "changed\n".to_owned()
                    } else {
                        format!("key{}: {line}\n", line % 7)
                    }
                })
                .collect();
        let text = diff(&old, &new);
        assert_eq!(text.matches("\n-").count(), 2000);
        assert_eq!(text.matches("\n+changed\n").count(), 2000);
        // No line is there once, and too many change to look for the shortest difference.
        let (old, new) = ("a\nb\n".repeat(100_000), "b\nc\nc\n".repeat(60_000));
        let numbers = numbered(&lines(&old), &lines(&new));
        assert_eq!(shortest(&numbers.0, &numbers.1), None);
        assert_eq!(changes(&lines(&old), &lines(&new)), [Change { old: 0..200_000, new: 0..180_000 }]);
    }

    #[test]
    fn no_more_lines_change_than_have_to() {
        for (old, new, kept) in
            [("abcabba", "cbabac", 4), ("ab", "ba", 1), ("aab", "ab", 2), ("abc", "xyz", 0)]
        {
            let numbers = |text: &str| -> Vec<u32> { text.bytes().map(u32::from).collect() };
            let (old, new) = (numbers(old), numbers(new));
            let pairs = shortest(&old, &new).expect("there are few");
            assert_eq!(pairs.len(), kept, "{pairs:?}");
            assert!(pairs.iter().all(|(o, n)| old[*o] == new[*n]));
            assert!(pairs.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
        }
    }

    #[test]
    fn of_many_changes_the_lines_that_are_there_once_are_kept_in_order() {
        assert_eq!(anchors(&[1, 2, 3, 4, 5], &[4, 5, 1, 2, 3]), [(0, 2), (1, 3), (2, 4)]);
        assert_eq!(anchors(&[1, 9, 2, 1], &[3, 1, 2, 8]), [(2, 2)]);
        assert_eq!(anchors(&[1, 2], &[3, 1, 1]), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn git_and_patch_apply_any_diff(
            old in "([ab]?\r?\n|s\n|[c-k]\n){0,30}[ab]?",
            edits in prop::collection::vec((any::<prop::sample::Index>(), "([xa]?\r?\n){0,2}", any::<bool>()), 1..4),
        ) {
            let mut kept: Vec<String> = lines(&old).iter().map(|line| (*line).to_owned()).collect();
            for (at, text, replace) in edits {
                let at = at.index(kept.len() + 1);
                if replace && at < kept.len() {
                    kept.remove(at);
                }
                kept.insert(at, text);
            }
            let new = kept.concat();
            // Both take an empty file for one to be removed.
            if !new.is_empty() {
                check("f", &old, &new, &|_| false);
                let old_lines = lines(&old);
                check("f", &old, &new, &|line| old_lines[line] == "s\n");
            }
        }
    }
}
