//! Comments that silence findings: this tool's own, and those of its peers.
//!
//! ```yaml
//! services:
//!   # composelint: ignore[missing-healthcheck] -- a job that ends
//!   migrate:
//!     image: example.com/migrate:1.2
//! ```
//!
//! A comment silences the node that it stands above or behind: a key with all that is under it, a list
//! item, an instruction. Where a finding's own bytes lie decides, whatever merges or aliases them.

mod collect;
mod comment;
mod foreign;
pub mod insert;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub use comment::{Fault, Keyword};

use crate::diagnostic::{Diagnostic, SuppressedBy};
use crate::lint::Selector;
use crate::policy::{CATEGORY, Policies};
use crate::rule::{Check, Rule};
use crate::rules::RULES;
use crate::source::{SourceId, Span};

/// A comment of the form `# composelint: …`.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The bytes from its `#` to the end of the comment.
    pub span: Span,
    /// What it is: `None` where its first word is none of those known.
    pub keyword: Option<Keyword>,
    /// The rules and categories that it names, in the order of writing.
    pub names: Vec<Name>,
    /// Why it is there.
    pub reason: Option<String>,
    /// What is wrong with its form; then it silences nothing.
    pub fault: Option<Fault>,
    /// The bytes that it silences; `None` if it stands apart from everything, or below the top of the
    /// file if it is about the file.
    pub scope: Option<Span>,
    /// Where the brackets close.
    list_end: u32,
    /// Whether it stands in a Dockerfile that stands in a Compose file.
    is_inline: bool,
}

/// A name in a suppression.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name as written.
    pub text: String,
    /// The bytes of it.
    pub span: Span,
    /// What it means; `None` if it is neither a rule nor a category.
    pub selector: Option<Selector>,
    /// Whether it silences a finding.
    pub is_used: bool,
    /// Whether the run has looked at all that it could silence.
    pub is_judged: bool,
}

/// What a comment in the form of nbsp1221/composelint says, a tool that goes by the same name: one of
/// the checks that it names, or a slip.
#[derive(Clone, Debug)]
pub struct Namesake {
    /// The comment.
    pub span: Span,
    /// The check as written; for another slip the word that is meant to do something.
    pub text: String,
    /// What is wrong with it.
    pub slip: Option<Slip>,
    /// Whether it silences a finding.
    pub is_used: bool,
    /// Whether the run has looked at all that it could silence.
    pub is_judged: bool,
}

/// What is wrong with a [`Namesake`].
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Slip {
    /// The word is nearly one that would do something.
    Word,
    /// That tool has no such check.
    Name,
    /// It ends what nothing has begun.
    NothingToEnd,
}

/// What is silenced in one file.
#[derive(Clone, Debug)]
pub struct FileSuppressions {
    /// The file's text.
    text: Arc<str>,
    own: Vec<Suppression>,
    namesakes: Vec<Namesake>,
    entries: Vec<Entry>,
    has_foreign: bool,
}

/// What is silenced, file by file.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    files: BTreeMap<SourceId, FileSuppressions>,
}

/// A name that is silenced somewhere.
#[derive(Clone, Debug)]
struct Entry {
    start: u32,
    end: u32,
    /// Whether a finding is to lie in these bytes as a whole, and not only to start there.
    is_node: bool,
    key: Key,
    by: By,
}

/// What is silenced.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Key {
    /// A rule.
    Rule(&'static str),
    /// The rules of a category.
    Category(String),
    /// A check of another tool, `hadolint:dl3008`, in lower case.
    Foreign(String),
    /// All checks of another tool.
    Tool(&'static str),
}

/// The comment that silences.
#[derive(Clone, Debug)]
enum By {
    /// The name with this index in the own comment with that index.
    Own { comment: usize, name: usize },
    /// Another tool's comment.
    Foreign {
        span: Span,
        reason: Option<String>,
        /// The index of its check among the namesakes.
        namesake: Option<usize>,
    },
}

impl Suppression {
    /// Whether anything follows from it: its form is right, and it is about something.
    pub fn is_effective(&self) -> bool {
        self.fault.is_none() && self.scope.is_some()
    }
}

impl FileSuppressions {
    /// The comments of this tool's form, in source order.
    pub fn own(&self) -> &[Suppression] {
        &self.own
    }

    /// What comments in the form of nbsp1221/composelint say, in source order.
    pub fn namesakes(&self) -> &[Namesake] {
        &self.namesakes
    }

    /// The bytes to remove to be rid of a comment: its line, or, behind something, the white space
    /// before it too. `None` within the text of a scalar.
    pub fn removal(&self, suppression: &Suppression) -> Option<Span> {
        if suppression.is_inline {
            return None;
        }
        let text = &*self.text;
        let (start, end) = (suppression.span.start as usize, suppression.span.end as usize);
        let line = text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let before = &text[line..start];
        let code = before.trim_end();
        if !code.trim_start_matches('\u{feff}').is_empty() {
            return Some(Span::new(suppression.span.source, line + code.len(), end));
        }
        let line = if before.starts_with('\u{feff}') { line + '\u{feff}'.len_utf8() } else { line };
        let rest = &text[end..];
        let next = rest.find('\n').map_or(text.len(), |at| end + at + 1);
        Some(Span::new(suppression.span.source, line, next))
    }

    /// The bytes to remove to be rid of one name of a comment that has others.
    pub fn removal_of_name(&self, suppression: &Suppression, index: usize) -> Option<Span> {
        let name = suppression.names.get(index)?;
        if suppression.is_inline {
            return None;
        }
        let source = name.span.source;
        if let Some(next) = suppression.names.get(index + 1) {
            return Some(Span { source, start: name.span.start, end: next.span.start });
        }
        let before = index.checked_sub(1).and_then(|before| suppression.names.get(before))?;
        Some(Span { source, start: before.span.end, end: name.span.end })
    }
}

/// A finding as far as silencing goes.
struct Candidate<'d> {
    span: Span,
    rule: &'static Rule,
    category: &'static str,
    equivalents: &'d [&'static str],
}

impl Suppressions {
    /// The files with comments of any form.
    pub fn files(&self) -> impl Iterator<Item = (SourceId, &FileSuppressions)> {
        self.files.iter().map(|(source, file)| (*source, file))
    }

    /// What is silenced in a file; `None` if nothing is.
    pub fn of(&self, source: SourceId) -> Option<&FileSuppressions> {
        self.files.get(&source)
    }

    /// Marks the silenced ones of `diagnostics`, and the names that silence them. Those of `unwanted`
    /// count as found, though nobody asked for them.
    pub fn silence(&mut self, diagnostics: &mut [Diagnostic], unwanted: &[Diagnostic]) {
        if self.files.is_empty() {
            return;
        }
        let mut by_file: BTreeMap<SourceId, Vec<(Candidate<'_>, Option<usize>)>> = BTreeMap::new();
        let wanted = diagnostics.iter().enumerate().map(|(index, it)| (it, Some(index)));
        for (diagnostic, index) in wanted.chain(unwanted.iter().map(|it| (it, None))) {
            if self.files.contains_key(&diagnostic.span.source) {
                let candidate = Candidate {
                    span: diagnostic.span,
                    rule: diagnostic.rule,
                    category: diagnostic.rule.category(),
                    equivalents: &diagnostic.equivalents,
                };
                by_file.entry(diagnostic.span.source).or_default().push((candidate, index));
            }
        }
        let mut silenced: Vec<(usize, SuppressedBy)> = Vec::new();
        for (source, mut candidates) in by_file {
            let Some(file) = self.files.get_mut(&source) else { continue };
            candidates.sort_by_key(|(it, _)| (it.span.start, std::cmp::Reverse(it.span.end)));
            let mut sweep = Sweep::new(&file.entries);
            let mut used = Vec::new();
            let mut used_namesakes = Vec::new();
            for (candidate, index) in &candidates {
                let Some(by) = sweep.silencing(candidate, file.has_foreign) else { continue };
                let suppressed_by = match by {
                    By::Own { comment, name } => {
                        used.push((*comment, *name));
                        let comment = &file.own[*comment];
                        SuppressedBy { span: comment.span, reason: comment.reason.clone() }
                    }
                    By::Foreign { span, reason, namesake } => {
                        used_namesakes.extend(*namesake);
                        SuppressedBy { span: *span, reason: reason.clone() }
                    }
                };
                silenced.extend(index.map(|index| (index, suppressed_by)));
            }
            for (comment, name) in used {
                file.own[comment].names[name].is_used = true;
            }
            for namesake in used_namesakes {
                file.namesakes[namesake].is_used = true;
            }
        }
        for (index, by) in silenced {
            diagnostics[index].suppressed_by = Some(Box::new(by));
        }
    }

    /// Says of each name whether the run looked at all that it could silence. `is_judged` answers for a
    /// rule and a file; a category is judged if all of its rules are that a preset has.
    pub fn judge(&mut self, policies: &Policies, is_judged: &dyn Fn(&'static Rule, SourceId) -> bool) {
        for (source, file) in &mut self.files {
            for namesake in file.namesakes.iter_mut().filter(|it| it.slip.is_none()) {
                namesake.is_judged = foreign::namesakes_of(&namesake.text).all(|it| is_judged(it, *source));
            }
            for name in file.own.iter_mut().flat_map(|comment| &mut comment.names) {
                name.is_judged = match &name.selector {
                    None | Some(Selector::All) => false,
                    Some(Selector::Rule(rule)) => RULES
                        .binary_search_by_key(rule, |(_, rule)| rule.name)
                        .map_or_else(|_| policies.rule(rule), |at| Some(RULES[at].1))
                        .is_some_and(|rule| is_judged(rule, *source)),
                    // What policies a run has is not known of a category.
                    Some(Selector::Category(category)) if category == CATEGORY => false,
                    Some(Selector::Category(category)) => RULES
                        .iter()
                        .filter(|(of, _)| of == category)
                        .all(|(_, rule)| !is_ordinary(rule) || is_judged(rule, *source)),
                };
            }
        }
    }
}

/// Whether a rule runs without being configured, and on more than suppressions.
fn is_ordinary(rule: &Rule) -> bool {
    rule.preset != crate::rule::Preset::Configured && !is_about_suppressions(rule)
}

/// Whether a rule looks at suppressions.
pub fn is_about_suppressions(rule: &Rule) -> bool {
    rule.checks.iter().any(|check| matches!(check, Check::Suppressions(_)))
}

/// A walk through a file's entries and findings, both in source order.
struct Sweep<'e> {
    /// In the order of their starts; of those with one start the widest first.
    entries: Vec<&'e Entry>,
    next: usize,
    /// The entries that have started, by key; the innermost last.
    open: HashMap<&'e Key, Vec<&'e Entry>>,
}

impl<'e> Sweep<'e> {
    fn new(entries: &'e [Entry]) -> Self {
        let mut entries: Vec<&Entry> = entries.iter().collect();
        entries.sort_by_key(|it| (it.start, std::cmp::Reverse(it.end)));
        Self { entries, next: 0, open: HashMap::new() }
    }

    /// What silences the finding: an own comment before a foreign one, the innermost before the others.
    /// The findings come in the order of their starts.
    fn silencing(&mut self, finding: &Candidate<'_>, has_foreign: bool) -> Option<&'e By> {
        let at = finding.span.start;
        while let Some(entry) = self.entries.get(self.next).filter(|entry| entry.start <= at) {
            let open = self.open.entry(&entry.key).or_default();
            // The second of two for the same bytes silences nothing that the first does not.
            if open.last().is_none_or(|last| (last.start, last.end) != (entry.start, entry.end)) {
                open.push(entry);
            }
            self.next += 1;
        }
        if self.open.is_empty() {
            return None;
        }
        let own = [Key::Rule(finding.rule.name), Key::Category(finding.category.to_owned())];
        let own = own.iter().filter_map(|key| self.innermost(key, finding.span)).max_by_key(|it| it.start);
        if own.is_some() || !has_foreign {
            return own.map(|entry| &entry.by);
        }
        let foreign = finding.equivalents.iter().find_map(|equivalent| {
            let (tool, _) = equivalent.split_once(':')?;
            self.innermost(&Key::Foreign(equivalent.to_ascii_lowercase()), finding.span)
                .or_else(|| self.innermost(&Key::Tool(tool), finding.span))
        });
        foreign.map(|entry| &entry.by)
    }

    fn innermost(&mut self, key: &Key, span: Span) -> Option<&'e Entry> {
        let open = self.open.get_mut(key)?;
        while open.last().is_some_and(|last| last.end < span.start) {
            open.pop();
        }
        let holds = |entry: &Entry| {
            let starts = span.start < entry.end || span.is_empty() && span.start == entry.end;
            starts && (!entry.is_node || span.end <= entry.end)
        };
        open.iter().rev().find(|entry| holds(entry)).copied()
    }
}
