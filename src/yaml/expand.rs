//! Aliases and merge keys resolved, as the engine's YAML library resolves them.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Builder, Entry, Interpolation, Kind, NodeId, Style, Tree, Yaml};
use crate::source::Span;

/// The number of nodes that aliases and merge keys may add to one file. A long text counts as one
/// for each 64 bytes, an entry that is not merged because its key is taken as one too.
pub const MAX_ALIASED_NODES: usize = 100_000;

/// The number of bytes of a text that count as one node.
const BYTES_A_NODE: usize = 64;

/// What becomes of a scalar's text: [`Interpolation`] and the new text, which is `None` if it holds
/// a variable that nobody knows.
pub type Interpolated = (Interpolation, Option<String>);

/// What [`expand`] could not do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The aliases and merge keys of the file stand for more than [`MAX_ALIASED_NODES`]; the span
    /// is the alias or merged mapping at which they did.
    TooManyNodes(Span),
    /// Following the alias at this span nests collections more than
    /// [`MAX_DEPTH`](super::parse::MAX_DEPTH) deep.
    TooDeep(Span),
    /// The value of `<<` is no mapping and no list of mappings that is written there; an alias of
    /// a list is none, nor is null.
    NotAMapping(Span),
}

/// How many places use a node.
#[derive(Copy, Clone, PartialEq)]
enum Use {
    /// The one in which it is written.
    Once,
    /// That and others.
    Also,
    /// This is one of the others: an alias or merge key brings the node.
    Brought,
}

struct Expander<'a, 't> {
    builder: Builder,
    /// The nodes that aliases stand for.
    targets: HashSet<NodeId>,
    interpolate: &'a mut dyn FnMut(Yaml<'t>) -> Option<Interpolated>,
    aliased: usize,
    /// The innermost alias or merged mapping that is being followed.
    followed: Option<Span>,
    depth: usize,
    refusal: Option<Refusal>,
}

/// A copy of the document without aliases and merge keys, in which `interpolate` was asked for
/// every scalar that is no key and holds a `$`. Nodes that an alias or merge key brings are shared.
///
/// A key of the mapping itself wins over merged ones wherever `<<` stands, and of several merged
/// mappings the first wins.
///
/// # Errors
/// A [`Refusal`]; the copy is then as far as it came.
pub fn expand<'t>(
    document: &'t Tree,
    interpolate: &mut dyn FnMut(Yaml<'t>) -> Option<Interpolated>,
) -> (Tree, Option<Refusal>) {
    if let Some(copy) = document.plain_copy() {
        return (copy, None);
    }
    let mut expander = Expander {
        builder: Builder::new(),
        targets: document.aliases.iter().map(|(_, target)| *target).collect(),
        interpolate,
        aliased: 0,
        followed: None,
        depth: 0,
        refusal: None,
    };
    expander.builder.add_texts(document);
    let root = document.root().map(|root| expander.node(root, Use::Once));
    (expander.builder.finish(root), expander.refusal)
}

impl<'t> Expander<'_, 't> {
    fn node(&mut self, from: Yaml<'t>, used: Use) -> NodeId {
        if from.is_alias() {
            return self.alias(from);
        }
        let used = self.used(from, used);
        if used == Use::Brought && !self.afford(from) {
            return self.builder.scalar("", Style::Plain, from.span());
        }
        self.depth += 1;
        let id = match from.kind() {
            Kind::Scalar => self.scalar(from),
            Kind::Sequence => {
                let items: Vec<NodeId> = from.items().map(|item| self.node(item, used)).collect();
                self.builder.sequence(&items, from.style(), from.span())
            }
            Kind::Mapping => self.mapping(from, used),
        };
        self.depth -= 1;
        if from.kind() != Kind::Scalar
            && let Some(tag) = from.tag()
        {
            self.builder.set_tag(id, tag.clone());
        }
        if used != Use::Once {
            self.builder.set_shared(id);
        }
        id
    }

    fn used(&self, node: Yaml<'t>, holder: Use) -> Use {
        if holder == Use::Once && self.targets.contains(&node.id()) { Use::Also } else { holder }
    }

    fn mapping(&mut self, from: Yaml<'t>, used: Use) -> NodeId {
        let mut children = Vec::with_capacity(from.entries().len() * 2);
        for entry in from.entries().filter(|entry| !is_merge(*entry)) {
            children.push(self.key(entry.key, used));
            children.push(self.node(entry.value, used));
        }
        let mut merges = from.entries().filter(|entry| is_merge(*entry)).peekable();
        if merges.peek().is_some() {
            let own = from.entries().filter(|entry| !is_merge(*entry));
            let mut taken: HashSet<&'t str> = own.map(Entry::name).collect();
            for entry in merges {
                self.merge(entry.value, &mut children, &mut taken);
            }
        }
        self.builder.mapping(&children, from.style(), from.span())
    }

    /// Counts a node that an alias or merge key brings; `false` if there are too many.
    fn afford(&mut self, node: Yaml<'t>) -> bool {
        self.aliased += 1 + node.raw_str().map_or(0, |text| text.len() / BYTES_A_NODE);
        if self.aliased > MAX_ALIASED_NODES {
            let at = self.followed.unwrap_or(node.span());
            self.refusal.get_or_insert(Refusal::TooManyNodes(at));
        }
        self.refusal.is_none()
    }

    /// Follows an alias or merged mapping unless that is too much.
    fn follow<T>(&mut self, from: Yaml<'t>, step: impl FnOnce(&mut Self, Yaml<'t>) -> T) -> Option<T> {
        if self.depth > super::parse::MAX_DEPTH {
            self.refusal.get_or_insert(Refusal::TooDeep(from.span()));
        }
        if self.refusal.is_some() {
            return None;
        }
        let outer = self.followed.replace(from.span());
        let done = step(self, from.target());
        self.followed = outer;
        Some(done)
    }

    /// What an alias stands for; null if that is nothing or too much.
    fn alias(&mut self, alias: Yaml<'t>) -> NodeId {
        let followed =
            self.follow(alias, |this, target| (!target.is_alias()).then(|| this.node(target, Use::Brought)));
        followed.flatten().unwrap_or_else(|| self.builder.scalar("", Style::Plain, alias.span()))
    }

    /// A key; its `$` are no variables.
    fn key(&mut self, from: Yaml<'t>, used: Use) -> NodeId {
        let target = from.target();
        if target.kind() != Kind::Scalar || target.is_alias() {
            return self.node(from, used);
        }
        let used = if from.is_alias() { Use::Brought } else { self.used(from, used) };
        if used == Use::Brought && !self.afford(target) {
            return self.builder.scalar("", Style::Plain, from.span());
        }
        let id = self.builder.copy_scalar(target);
        if used != Use::Once {
            self.builder.set_shared(id);
        }
        id
    }

    fn scalar(&mut self, from: Yaml<'t>) -> NodeId {
        if from.raw_str().is_some_and(|text| text.contains('$'))
            && let Some((interpolation, text)) = (self.interpolate)(from)
        {
            let unknown = text.is_none();
            let text = text.unwrap_or_default();
            let id = self.builder.scalar(&text, from.style(), from.span());
            if let Some(tag) = from.tag() {
                self.builder.set_tag(id, tag.clone());
            }
            self.builder.set_interpolation(id, Arc::new(interpolation), unknown);
            return id;
        }
        self.builder.copy_scalar(from)
    }

    fn merge(&mut self, value: Yaml<'t>, children: &mut Vec<NodeId>, taken: &mut HashSet<&'t str>) {
        match value.kind() {
            Kind::Mapping => self.merge_mapping(value, children, taken),
            Kind::Sequence if !value.is_alias() => {
                for item in value.items() {
                    if item.kind() == Kind::Mapping {
                        self.merge_mapping(item, children, taken);
                    } else {
                        self.refusal.get_or_insert(Refusal::NotAMapping(item.span()));
                    }
                }
            }
            Kind::Sequence | Kind::Scalar => {
                self.refusal.get_or_insert(Refusal::NotAMapping(value.span()));
            }
        }
    }

    fn merge_mapping(&mut self, from: Yaml<'t>, children: &mut Vec<NodeId>, taken: &mut HashSet<&'t str>) {
        self.depth += 1;
        self.follow(from, |this, mapping| {
            for entry in mapping.entries().filter(|entry| !is_merge(*entry)) {
                if taken.insert(entry.name()) {
                    children.push(this.key(entry.key, Use::Brought));
                    children.push(this.node(entry.value, Use::Brought));
                } else if !this.afford(entry.key) {
                    return;
                }
            }
            for entry in mapping.entries().filter(|entry| is_merge(*entry)) {
                this.merge(entry.value, children, taken);
            }
        });
        self.depth -= 1;
    }
}

fn is_merge(entry: Entry<'_>) -> bool {
    entry.name() == "<<"
        && entry.key.style() == Style::Plain
        && entry.key.tag().is_none_or(|tag| &*tag.name == "!!merge")
}
