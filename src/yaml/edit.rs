//! Edits of YAML text that know what the bytes mean.
//!
//! Each function says which bytes to replace so that the document says what is asked for, and leaves
//! everything else as it is: comments stay with what they describe, and what is added is indented and
//! quoted as the file does it. Each answers `None` rather than guess: for what an alias repeats, what
//! shares a line with something else, flow collections with comments inside, and the like.
//!
//! The functions take nodes of the document as it was parsed, or of a merged project where the file
//! alone explains them. [`Project::written`] and [`Project::written_entry`] lead from the second to the
//! first, which knows anchors and merge keys and so allows more.
//!
//! [`Project::written`]: crate::compose::project::Project::written
//! [`Project::written_entry`]: crate::compose::project::Project::written_entry
//!
//! ```
//! use composelint::compose::file::Workspace;
//! use composelint::fs::Memory;
//! use composelint::yaml::edit::{self, Value};
//!
//! let files: Memory = [("compose.yaml", "services:\n  web:\n    image: nginx # the proxy\n")].into_iter().collect();
//! let workspace = Workspace::new(&files);
//! let file = workspace.compose_file("compose.yaml".as_ref())?;
//! let web = file.documents[0].root().and_then(|root| root.get("services")?.get("web"));
//! let edits = web.and_then(|web| edit::add_entry(web, "read_only", &Value::raw("true"), &["image"]));
//! assert_eq!(edits.map(|edits| edits[0].text.clone()).as_deref(), Some("\n    read_only: true"));
//! # Ok::<(), composelint::fs::ReadError>(())
//! ```

use std::collections::HashSet;

use super::{Entry, Kind, Style, Tree, Yaml};
use crate::diagnostic::Edit;
use crate::source::{SourceId, Span};
use block::{Block, start_of};
use flow::Flow;
use lines::{before, is_rest, newline_at};
use value::Manner;

pub use lines::{line_end, line_start, next_line};
pub use value::{Quotes, Value, is_sexagesimal, quoted};

mod block;
mod flow;
mod lines;
#[cfg(test)]
mod tests;
mod value;

/// Edits of one file, in source order.
pub type Edits = Vec<Edit>;

/// A collection whose children can be taken apart.
enum Collection<'t> {
    Block(Block<'t>),
    Flow(Flow<'t>),
}

impl<'t> Collection<'t> {
    fn of(node: Yaml<'t>) -> Option<Self> {
        match node.style() {
            Style::Block => Block::of(node).map(Self::Block),
            Style::Flow => Flow::of(node).filter(|flow| !flow.has_comments).map(Self::Flow),
            _ => None,
        }
    }

    fn removal(&self, index: usize) -> Option<Edit> {
        match self {
            Self::Block(block) => {
                let (start, end) = block.removal(index, index)?;
                Some(edit(block.source, start, end, ""))
            }
            Self::Flow(flow) => flow.removal(index),
        }
    }
}

fn edit(source: SourceId, start: usize, end: usize, text: impl Into<String>) -> Edit {
    Edit { span: Span::new(source, start, end), text: text.into() }
}

fn manner(node: Yaml<'_>, text: &str, at: usize) -> Manner {
    Manner::of(node.tree(), text, newline_at(text, at)).within(node, text)
}

fn entry_index(mapping: Yaml<'_>, entry: Entry<'_>) -> Option<usize> {
    mapping.entries().position(|it| it.key.span() == entry.key.span())
}

fn item_index(sequence: Yaml<'_>, item: Yaml<'_>) -> Option<usize> {
    sequence.items().position(|it| it.span() == item.span())
}

/// Takes an entry out of a mapping: in block style its lines with its comments, and the blank lines
/// that would be too many. The comment at the top of a file stays.
///
/// `None` if it is the only entry, or if it has an anchor, which may be used elsewhere. For the only
/// entry see [`remove_keys`].
pub fn remove_entry(mapping: Yaml<'_>, entry: Entry<'_>) -> Option<Edits> {
    if mapping.entries().len() < 2 || holds_anchor(entry.value) {
        return None;
    }
    let index = entry_index(mapping, entry)?;
    Some(vec![Collection::of(mapping)?.removal(index)?])
}

/// Takes the entries `names` out of the mapping that `parent` has as `section`; the whole section if
/// no other is left in it. Names that are not there change nothing; `None` if none is.
pub fn remove_keys(parent: Yaml<'_>, section: &str, names: &[&str]) -> Option<Edits> {
    let entry = parent.entry(section)?;
    let mapping = entry.value;
    let wanted: HashSet<&str> = names.iter().copied().collect();
    let doomed: Vec<usize> = mapping
        .entries()
        .enumerate()
        .filter(|(_, it)| wanted.contains(it.name()))
        .map(|(index, _)| index)
        .collect();
    if doomed.is_empty() || mapping.is_alias() || mapping.kind() != Kind::Mapping {
        return None;
    }
    if doomed.len() == mapping.entries().len() {
        return remove_entry(parent, entry);
    }
    if mapping.entries().filter(|it| wanted.contains(it.name())).any(|it| holds_anchor(it.value)) {
        return None;
    }
    without(&Collection::of(mapping)?, &doomed)
}

/// Takes items out of a list; `None` if none would be left. See [`remove_entry`] for that.
pub fn remove_items(sequence: Yaml<'_>, items: &[Yaml<'_>]) -> Option<Edits> {
    if sequence.kind() != Kind::Sequence || items.iter().any(|item| holds_anchor(*item)) {
        return None;
    }
    let mut doomed: Vec<usize> =
        items.iter().map(|item| item_index(sequence, *item)).collect::<Option<_>>()?;
    doomed.sort_unstable();
    doomed.dedup();
    if doomed.is_empty() || doomed.len() == sequence.items().len() {
        return None;
    }
    without(&Collection::of(sequence)?, &doomed)
}

/// Takes the items out of the list that `mapping` has as `key`, and the key with the last of them.
pub fn remove_from_list(mapping: Yaml<'_>, key: &str, items: &[Yaml<'_>]) -> Option<Edits> {
    let entry = mapping.entry(key)?;
    let same = |item: Yaml<'_>| items.iter().any(|it| it.span() == item.span());
    if entry.value.kind() == Kind::Sequence && !entry.value.is_alias() && entry.value.items().all(same) {
        return remove_entry(mapping, entry);
    }
    remove_items(entry.value, items)
}

/// The edits that take several children out; some are left.
fn without(collection: &Collection<'_>, doomed: &[usize]) -> Option<Edits> {
    match collection {
        // A run at the end goes with the comma before it, any other with the one behind it.
        Collection::Flow(flow) => runs(doomed, &|_| true)
            .into_iter()
            .map(|(first, last)| {
                Some(match flow.parts.get(last + 1) {
                    Some((next, _)) => flow.edit(flow.parts[first].0, *next, String::new()),
                    None => flow.edit(flow.parts[first.checked_sub(1)?].1, flow.parts[last].1, String::new()),
                })
            })
            .collect(),
        // A comment that stands apart between two of them stays.
        Collection::Block(block) => runs(doomed, &|index| block.is_clear_behind(index))
            .into_iter()
            .map(|(first, last)| {
                let (start, end) = block.removal(first, last)?;
                Some(edit(block.source, start, end, ""))
            })
            .collect(),
    }
}

/// The runs of neighbours in ascending numbers; none goes past a number for which `goes_on` is false.
fn runs(numbers: &[usize], goes_on: &dyn Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number && goes_on(*last) => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    runs
}

/// Adds a key with its value to a mapping that does not have it: behind the last of the keys `after`
/// that is there, else at the end.
pub fn add_entry(mapping: Yaml<'_>, key: &str, value: &Value, after: &[&str]) -> Option<Edits> {
    if mapping.kind() != Kind::Mapping || mapping.entry(key).is_some() {
        return None;
    }
    let behind = mapping
        .entries()
        .enumerate()
        .filter(|(_, entry)| after.contains(&entry.name()))
        .map(|(index, _)| index)
        .next_back()
        .or(mapping.entries().len().checked_sub(1));
    match Collection::of(mapping)? {
        Collection::Block(block) => {
            let at = block.behind(behind?)?;
            let manner = manner(mapping, block.text, at);
            let column = block.column;
            let lines = format!("{}{:column$}{}", manner.newline, "", manner.entry(key, value, column));
            Some(vec![edit(block.source, at, at, lines)])
        }
        Collection::Flow(flow) => {
            let manner = manner(mapping, flow.text, 0);
            Some(vec![flow.insertion(behind, &manner.flow_entry(key, value))?])
        }
    }
}

/// Gives a key of a mapping this value, whether or not it is there.
pub fn set_entry(mapping: Yaml<'_>, key: &str, value: &Value, after: &[&str]) -> Option<Edits> {
    match mapping.entry(key) {
        Some(entry) => replace_value(mapping, entry, value),
        None => add_entry(mapping, key, value, after),
    }
}

/// Adds an item to the end of a list.
pub fn add_item(sequence: Yaml<'_>, value: &Value) -> Option<Edits> {
    if sequence.kind() != Kind::Sequence {
        return None;
    }
    let behind = sequence.items().len().checked_sub(1);
    match Collection::of(sequence)? {
        Collection::Block(block) => {
            let at = block.behind(behind?)?;
            let manner = manner(sequence, block.text, at);
            let column = block.column;
            let lines = format!("{}{:column$}{}", manner.newline, "", manner.item(value, column));
            Some(vec![edit(block.source, at, at, lines)])
        }
        Collection::Flow(flow) => {
            let manner = manner(sequence, flow.text, 0);
            Some(vec![flow.insertion(behind, &manner.flow(value))?])
        }
    }
}

/// Adds an item to the list that `mapping` has as `key`, or the key with a list of it, behind the last
/// of the keys `after`. `None` if the key has something else than a list.
pub fn add_to_list(mapping: Yaml<'_>, key: &str, item: &Value, after: &[&str]) -> Option<Edits> {
    match mapping.entry(key) {
        None => add_entry(mapping, key, &Value::List(vec![item.clone()]), after),
        Some(entry) if entry.value.is_null() => {
            replace_value(mapping, entry, &Value::List(vec![item.clone()]))
        }
        Some(entry) => add_item(entry.value, item),
    }
}

/// Adds keys with values to the mapping that `section` is at the root of a document, or, where the
/// root does not have it, the section with them at the end of the file.
///
/// `root` is the only document of its file. `None` if `entries` is empty, or the root or the section
/// is an alias or shares a line with something else.
pub fn add_keys(root: Yaml<'_>, section: &str, entries: &[(&str, Value)]) -> Option<Edits> {
    if entries.is_empty() || root.kind() != Kind::Mapping {
        return None;
    }
    let new = Value::map(entries.iter().map(|(key, value)| (*key, value.clone())));
    let Some(entry) = root.entry(section) else {
        if root.style() != Style::Block {
            return add_entry(root, section, &new, &[]);
        }
        let block = Block::of(root)?;
        let text = block.text;
        let last = text.lines().rev().find(|line| !line.trim().is_empty())?;
        if block.column != 0 || last.starts_with("...") || block.parts.last()?.keeps {
            return None;
        }
        let manner = manner(root, text, text.len());
        let lines = manner.entry(section, &new, 0);
        let newline = manner.newline;
        // The blank lines at the end stay there.
        let at = text.trim_end_matches([' ', '\t', '\n', '\r']).len();
        return Some(vec![edit(block.source, at, at, format!("{newline}{newline}{lines}"))]);
    };
    let value = entry.value;
    if value.is_null() {
        return replace_value(root, entry, &new);
    }
    if value.kind() != Kind::Mapping || value.is_alias() || value.tag().is_some() {
        return None;
    }
    let mut edits: Edits = Vec::new();
    if value.entries().len() == 0 {
        return replace_value(root, entry, &new);
    }
    for (key, value_of) in entries {
        let [one] = <[Edit; 1]>::try_from(add_entry(value, key, value_of, &[])?).ok()?;
        match edits.last_mut() {
            Some(last) => last.text.push_str(&one.text),
            None => edits.push(one),
        }
    }
    Some(edits)
}

/// Replaces the value of an entry. A comment on the key's line stays there.
///
/// `None` for a collection with comments inside, which would be lost, and for an anchor or tag.
pub fn replace_value(mapping: Yaml<'_>, entry: Entry<'_>, value: &Value) -> Option<Edits> {
    let old = entry.value;
    entry_index(mapping, entry)?;
    let (source, text) = replaceable(old)?;
    if entry.key.span().source != source || entry.key.is_alias() {
        return None;
    }
    let manner = manner(mapping, text, start_of(old));
    let range = old.span().range();
    if mapping.style() == Style::Flow {
        let space = if range.is_empty() { " " } else { "" };
        let new = match value {
            Value::Null => String::new(),
            value => format!("{space}{}", manner.flow(value)),
        };
        return Some(vec![edit(source, range.start, range.end, new)]);
    }
    let colon = entry.key.span().end as usize;
    let between = text.get(colon..range.start)?;
    let colon = colon + between.find(':')? + 1;
    let at_line_end = line_end(text, range.end);
    let rest = text.get(range.end..at_line_end)?;
    // What stood below its key has no line for the comments above or behind it any more.
    let is_below = between.contains(['\n', '\r']);
    if !is_rest(rest) || is_below && (between.contains('#') || !rest.trim().is_empty()) {
        return None;
    }
    if value.is_inline() {
        let new = manner.at(value, 0);
        let space = if new.is_empty() { "" } else { " " };
        return Some(vec![edit(source, colon, range.end, format!("{space}{new}"))]);
    }
    let column_of_key = before(text, entry.key.span().start as usize).len();
    let lines = manner.below(value, column_of_key);
    if rest.trim().is_empty() {
        return Some(vec![edit(source, colon, at_line_end, lines)]);
    }
    let mut edits = vec![edit(source, colon, range.end, ""), edit(source, at_line_end, at_line_end, lines)];
    edits.retain(|edit| !edit.span.is_empty() || !edit.text.is_empty());
    Some(edits)
}

/// Replaces an item of a list. A comment behind the item stays on its first line.
///
/// `None` for a collection with comments inside, which would be lost, and for an anchor or tag.
pub fn replace_item(sequence: Yaml<'_>, item: Yaml<'_>, value: &Value) -> Option<Edits> {
    item_index(sequence, item)?;
    let (source, text) = replaceable(item)?;
    let range = item.span().range();
    let manner = manner(sequence, text, range.start);
    if sequence.style() == Style::Flow {
        return Some(vec![edit(source, range.start, range.end, manner.flow(value))]);
    }
    let at_line_end = line_end(text, range.end);
    let rest = text.get(range.end..at_line_end)?;
    if !is_rest(rest) || range.is_empty() {
        return None;
    }
    let before = before(text, range.start);
    if !before.bytes().all(|byte| matches!(byte, b' ' | b'-')) {
        return None;
    }
    let new = manner.at(value, before.len());
    match new.split_once(manner.newline) {
        Some((first, others)) if !rest.trim().is_empty() => {
            let others = format!("{}{others}", manner.newline);
            Some(vec![
                edit(source, range.start, range.end, first),
                edit(source, at_line_end, at_line_end, others),
            ])
        }
        _ => Some(vec![edit(source, range.start, range.end, new)]),
    }
}

/// Where the node stands, if its bytes can be replaced by others without loss.
fn replaceable(node: Yaml<'_>) -> Option<(SourceId, &str)> {
    let source = node.span().source;
    let text = node.tree().text(source)?;
    let written = text.get(node.span().range())?;
    let has_comment = node.kind() != Kind::Scalar
        && (written.contains('#') || node.style() == Style::Block && written.is_empty());
    if node.is_shared() && !node.is_alias() || node.anchor().is_some() || node.tag().is_some() || has_comment
    {
        return None;
    }
    if matches!(node.style(), Style::Literal | Style::Folded) || holds_anchor(node) {
        return None;
    }
    Some((source, text))
}

/// Replaces the text of a scalar and keeps its quotes, where it has some; else the new text gets
/// quotes if it needs them. `None` for block scalars and what is written on several lines.
pub fn replace_scalar(node: Yaml<'_>, new: &str) -> Option<Edits> {
    let (source, text) = scalar(node)?;
    let written = match node.style() {
        Style::SingleQuoted => quoted(new, Quotes::Single),
        Style::DoubleQuoted => {
            let quoted = quoted(new, Quotes::Double);
            if quoted.starts_with('"') { quoted } else { format!("\"{}\"", escaped(new)) }
        }
        _ => value::scalar(new, manner(node, text, 0).quotes, is_in_flow(node, text)),
    };
    let range = node.span().range();
    Some(vec![edit(source, range.start, range.end, written)])
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Puts a scalar without quotes into some; what it says as text stays the same. `None` for what has
/// quotes, says nothing, has a tag or is written on several lines.
pub fn quote(node: Yaml<'_>, quotes: Quotes) -> Option<Edits> {
    let (source, _) = scalar(node)?;
    if node.style() != Style::Plain || node.span().is_empty() {
        return None;
    }
    let range = node.span().range();
    Some(vec![edit(source, range.start, range.end, quoted(node.raw_str()?, quotes))])
}

/// Takes the quotes from a scalar. `None` if it would then say something else, to readers of YAML 1.1
/// too, has a tag or is written on several lines.
pub fn unquote(node: Yaml<'_>) -> Option<Edits> {
    let (source, _) = scalar(node)?;
    let is_quoted = matches!(node.style(), Style::SingleQuoted | Style::DoubleQuoted);
    let new = node.raw_str()?;
    if !is_quoted || !value::is_plain(new, true) {
        return None;
    }
    let range = node.span().range();
    Some(vec![edit(source, range.start, range.end, new)])
}

/// The quotes that the file of the node uses, as its first nodes show it; double ones if it has none.
pub fn quotes(node: Yaml<'_>) -> Quotes {
    let text = node.tree().text(node.span().source).unwrap_or_default();
    Manner::of(node.tree(), text, "\n").quotes
}

/// A scalar on one line that is written here and has no properties.
fn scalar(node: Yaml<'_>) -> Option<(SourceId, &str)> {
    let source = node.span().source;
    let text = node.tree().text(source)?;
    let is_fit = node.kind() == Kind::Scalar
        && !node.is_alias()
        && !node.is_shared()
        && node.tag().is_none()
        && !matches!(node.style(), Style::Literal | Style::Folded)
        && value::is_on_one_line(node, text);
    is_fit.then_some((source, text))
}

/// Whether the scalar may stand in a flow collection: something else than a comment is behind it, or
/// its line opens one.
fn is_in_flow(node: Yaml<'_>, text: &str) -> bool {
    let span = node.span();
    let (start, end) = (line_start(text, span.start as usize), line_end(text, span.end as usize));
    text[start..span.start as usize].contains(['[', '{'])
        || text[span.end as usize..end].contains([',', ']', '}'])
}

/// Renames a key; its quotes stay. `None` if the mapping has the new name already.
pub fn rename_key(mapping: Yaml<'_>, entry: Entry<'_>, name: &str) -> Option<Edits> {
    entry_index(mapping, entry)?;
    if mapping.is_shared() || mapping.entry(name).is_some() {
        return None;
    }
    replace_scalar(entry.key, name)
}

/// Puts the entries of a mapping in another order, each with its comments. `order` lists the numbers
/// that the entries have now.
///
/// `None` if `order` is none of them all, if nothing moves, if a comment between two blank lines or an
/// anchor makes the order matter, or if blank lines are part of a value.
pub fn reorder_entries(mapping: Yaml<'_>, order: &[usize]) -> Option<Edits> {
    if mapping.kind() != Kind::Mapping {
        return None;
    }
    let children: Vec<Vec<Yaml<'_>>> = mapping.entries().map(|entry| vec![entry.key, entry.value]).collect();
    reorder(mapping, &children, order)
}

/// Puts the items of a list in another order, as [`reorder_entries`] does it for a mapping.
pub fn reorder_items(sequence: Yaml<'_>, order: &[usize]) -> Option<Edits> {
    if sequence.kind() != Kind::Sequence {
        return None;
    }
    let children: Vec<Vec<Yaml<'_>>> = sequence.items().map(|item| vec![item]).collect();
    reorder(sequence, &children, order)
}

fn reorder(collection: Yaml<'_>, children: &[Vec<Yaml<'_>>], order: &[usize]) -> Option<Edits> {
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    if sorted.len() != children.len() || sorted.iter().enumerate().any(|(at, number)| at != *number) {
        return None;
    }
    let first = order.iter().enumerate().position(|(at, number)| at != *number)?;
    let last = order.iter().enumerate().rposition(|(at, number)| at != *number)?;
    if !anchors_allow(children, order) {
        return None;
    }
    let (source, parts): (SourceId, Vec<(usize, usize)>) = match Collection::of(collection)? {
        Collection::Flow(flow) => (flow.source, flow.parts),
        Collection::Block(block) => {
            let keeps = block.parts[first..=last].iter().any(|part| part.keeps);
            let is_clear = (first..last).all(|index| block.is_clear_behind(index));
            if keeps || !is_clear || first > 0 && block.parts[first - 1].keeps {
                return None;
            }
            let head_moves = |index: &usize| block.parts[*index].head != block.parts[*index].start;
            if block.is_compact && first == 0 && order.first().is_some_and(head_moves) {
                return None;
            }
            (block.source, block.parts.iter().map(|part| (part.head, part.end)).collect())
        }
    };
    let text = collection.tree().text(source)?;
    let moved = (first..=last).filter(|at| order[*at] != *at);
    Some(
        moved
            .map(|at| {
                let (from, to) = parts[order[at]];
                edit(source, parts[at].0, parts[at].1, &text[from..to])
            })
            .collect(),
    )
}

/// Whether every alias of the children stands behind the anchor that it repeats in the new order too.
fn anchors_allow(children: &[Vec<Yaml<'_>>], order: &[usize]) -> bool {
    let mut names: HashSet<&str> = HashSet::new();
    let mut places = Vec::new();
    for (index, nodes) in children.iter().enumerate() {
        let mut stack: Vec<Yaml<'_>> = nodes.clone();
        let mut anchors = Vec::new();
        let mut aliases = Vec::new();
        while let Some(node) = stack.pop() {
            if node.is_alias() {
                aliases.push(node.pooled());
                continue;
            }
            if node.is_shared() {
                return false;
            }
            if let Some(anchor) = node.anchor() {
                // Which of two anchors of one name counts depends on the order.
                if !names.insert(&anchor.name) {
                    return false;
                }
                anchors.push(&*anchor.name);
            }
            stack.extend(node.items());
            stack.extend(node.entries().flat_map(|entry| [entry.key, entry.value]));
        }
        places.push((index, anchors, aliases));
    }
    if names.is_empty() {
        return true;
    }
    let mut new_place = vec![0; order.len()];
    for (place, index) in order.iter().enumerate() {
        new_place[*index] = place;
    }
    places.iter().all(|(index, _, aliases)| {
        aliases.iter().all(|alias| {
            let home = places.iter().find(|(_, anchors, _)| anchors.contains(alias));
            home.is_none_or(|(home, _, _)| home == index || new_place[*home] < new_place[*index])
        })
    })
}

/// Turns the list that `mapping` has as `key` into a mapping: each item, a scalar, becomes the entry
/// that `entries` has in its place. Comments stay with what was the item.
///
/// ```text
/// depends_on:            depends_on:
///   - db # the data  →     db: # the data
///                            condition: service_healthy
/// ```
/// `None` if two entries have the same key, or an item is not a scalar on one line of its own.
pub fn list_to_mapping(mapping: Yaml<'_>, key: &str, entries: &[(String, Value)]) -> Option<Edits> {
    let entry = mapping.entry(key)?;
    let list = entry.value;
    if list.kind() != Kind::Sequence || list.items().len() != entries.len() || entries.is_empty() {
        return None;
    }
    let keys: HashSet<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
    if keys.len() != entries.len() || list.anchor().is_some() || list.tag().is_some() {
        return None;
    }
    if list.items().any(|item| scalar(item).is_none() || item.anchor().is_some() || item.span().is_empty()) {
        return None;
    }
    let collection = match list.style() {
        Style::Flow => Collection::Flow(Flow::of(list)?),
        _ => Collection::of(list)?,
    };
    match collection {
        Collection::Block(block) => {
            let source = block.source;
            let text = block.text;
            let key_at = entry.key.span().start as usize;
            if entry.key.span().source != source
                || !before(text, key_at).bytes().all(|it| matches!(it, b' ' | b'-'))
            {
                return None;
            }
            let outer = before(text, key_at).len();
            let manner = manner(mapping, text, key_at);
            // Without indentation the keys would be the parent's.
            let step = match block.column.checked_sub(outer)? {
                0 => manner.step,
                step => step,
            };
            let (column, added) = (outer + step, outer + step - block.column);
            let manner = Manner { step, ..manner };
            let mut edits = Vec::new();
            for ((part, item), (key, value)) in block.parts.iter().zip(list.items()).zip(entries) {
                let end = item.span().end as usize;
                let at_line_end = line_end(text, end);
                let new = manner.entry(key, value, column);
                let (mut first, others) = match new.split_once(manner.newline) {
                    Some((first, others)) => (first.to_owned(), Some(others)),
                    None => (new.clone(), None),
                };
                if others.is_some() && item.raw_str() == Some(key.as_str()) {
                    // The quotes stay.
                    first = format!("{}:", &text[item.span().range()]);
                }
                edits.push(edit(source, part.start, end, format!("{:added$}{first}", "")));
                if let Some(others) = others {
                    let others = format!("{}{others}", manner.newline);
                    edits.push(edit(source, at_line_end, at_line_end, others));
                }
            }
            let (first, last) = (block.parts.first()?.head, block.parts.last()?.end);
            let mut line = line_start(text, first);
            while added > 0 && line < last {
                // The comments between stay level with what they describe.
                let indent = text[line..].bytes().take_while(|byte| *byte == b' ').count();
                if indent == block.column && text[line + indent..].starts_with('#') {
                    edits.push(edit(source, line, line, " ".repeat(added)));
                }
                line = next_line(text, line_end(text, line));
            }
            edits.sort_by_key(|edit| edit.span.start);
            Some(edits)
        }
        Collection::Flow(flow) => {
            let text = flow.text;
            let source = flow.source;
            let range = list.span().range();
            let manner = manner(mapping, text, range.start);
            let key_at = entry.key.span().start as usize;
            let is_alone = mapping.style() == Style::Block
                && text[range.end..line_end(text, range.end)].trim().is_empty()
                && !text[range.clone()].contains(['\n', '\r']);
            let between = text.get(entry.key.span().end as usize..range.start)?;
            if is_alone && !between.contains(['\n', '\r', '#']) && entry.key.span().source == source {
                let column = before(text, key_at).len();
                let colon = entry.key.span().end as usize + between.find(':')? + 1;
                let lines = manner.below(&Value::Map(entries.to_vec()), column);
                return Some(vec![edit(source, colon, range.end, lines)]);
            }
            let mut edits = vec![edit(source, range.start, range.start + 1, "{")];
            for ((start, end), (key, value)) in flow.parts.iter().zip(entries) {
                edits.push(edit(source, *start, *end, manner.flow_entry(key, value)));
            }
            edits.push(edit(source, range.end - 1, range.end, "}"));
            Some(edits)
        }
    }
}

/// Whether something at or below the node has an anchor, which may be used elsewhere, or is brought by
/// one.
fn holds_anchor(node: Yaml<'_>) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if node.is_alias() {
            continue;
        }
        if node.anchor().is_some() || node.is_shared() {
            return true;
        }
        stack.extend(node.items());
        stack.extend(node.entries().flat_map(|entry| [entry.key, entry.value]));
    }
    false
}

/// The node of a parsed document that stands at the same bytes as `node`, which may be of a merged
/// tree. `None` if the documents have none there.
pub fn written<'t>(documents: &'t [Tree], node: Yaml<'_>) -> Option<Yaml<'t>> {
    let span = node.span();
    find(documents, span, &|at, _| (at.span() == span && at.kind() == node.kind()).then_some(at))
}

/// The entry of a parsed document whose key stands at the same bytes as the one of `entry`, and the
/// mapping that holds it. `None` if the documents have none there.
pub fn written_entry<'t>(documents: &'t [Tree], entry: Entry<'_>) -> Option<(Yaml<'t>, Entry<'t>)> {
    let span = entry.key.span();
    find(documents, span, &|at, parent| {
        let holder = parent.filter(|_| at.span() == span)?;
        let found = holder.entries().find(|it| it.key.span() == span)?;
        Some((holder, found))
    })
}

/// The first thing that `wanted` finds of a node and the collection around it, on the way to `span`.
fn find<'t, T>(
    documents: &'t [Tree],
    span: Span,
    wanted: &dyn Fn(Yaml<'t>, Option<Yaml<'t>>) -> Option<T>,
) -> Option<T> {
    let mut at = documents.iter().filter_map(Tree::root).find(|root| root.span().contains(span))?;
    let mut parent = None;
    loop {
        if at.is_alias() {
            return None;
        }
        if let Some(found) = wanted(at, parent) {
            return Some(found);
        }
        let children: Vec<Yaml<'t>> =
            at.items().chain(at.entries().flat_map(|entry| [entry.key, entry.value])).collect();
        let first = children.partition_point(|child| child.span().end < span.end);
        parent = Some(at);
        // An empty value may stand where its neighbour starts.
        at = *children.get(first..)?.iter().take(2).find(|child| child.span().contains(span))?;
    }
}
