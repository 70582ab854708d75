//! Aliases and merge keys resolved, as the engine's YAML library resolves them.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Builder, Entry, Interpolation, Kind, NodeId, Tree, Yaml};
use crate::source::Span;

/// The number of nodes that aliases may add to one file.
pub const MAX_ALIASED_NODES: usize = 100_000;

/// What becomes of a scalar's text: [`Interpolation`] and the new text, which is `None` if it holds
/// a variable that nobody knows.
pub type Interpolated = (Interpolation, Option<String>);

/// What [`expand`] could not do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The aliases of the file stand for more than [`MAX_ALIASED_NODES`]; the span is the alias
    /// at which they did.
    TooManyNodes(Span),
    /// Following the alias at this span nests collections more than
    /// [`MAX_DEPTH`](super::parse::MAX_DEPTH) deep.
    TooDeep(Span),
    /// The value of `<<` is no mapping and no list of mappings.
    NotAMapping(Span),
}

struct Expander<'a, 't> {
    builder: Builder,
    interpolate: &'a mut dyn FnMut(Yaml<'t>) -> Option<Interpolated>,
    aliased: usize,
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
    let mut expander = Expander { builder: Builder::new(), interpolate, aliased: 0, depth: 0, refusal: None };
    expander.builder.add_texts(document);
    let root = document.root().map(|root| expander.node(root, false));
    (expander.builder.finish(root), expander.refusal)
}

impl<'t> Expander<'_, 't> {
    fn node(&mut self, from: Yaml<'t>, shared: bool) -> NodeId {
        if from.is_alias() {
            return self.aliased(from, |this, target| this.node(target, true));
        }
        if shared {
            self.aliased += 1;
        }
        self.depth += 1;
        let id = match from.kind() {
            Kind::Scalar => self.scalar(from),
            Kind::Sequence => {
                let items: Vec<NodeId> = from.items().map(|item| self.node(item, shared)).collect();
                self.builder.sequence(&items, from.style(), from.span())
            }
            Kind::Mapping => {
                let mut children = Vec::with_capacity(from.entries().len() * 2);
                for entry in from.entries() {
                    if !is_merge(entry) {
                        children.push(self.key(entry.key, shared));
                        children.push(self.node(entry.value, shared));
                    }
                }
                for entry in from.entries() {
                    if is_merge(entry) {
                        self.merge(entry.value, &mut children);
                    }
                }
                self.builder.mapping(&children, from.style(), from.span())
            }
        };
        self.depth -= 1;
        if from.kind() != Kind::Scalar
            && let Some(tag) = from.tag()
        {
            self.builder.set_tag(id, tag.clone());
        }
        if shared || from.anchor().is_some() {
            self.builder.set_shared(id);
        }
        id
    }

    /// Follows an alias unless that would be too much; then a null stands in its place.
    fn aliased(&mut self, alias: Yaml<'t>, follow: impl FnOnce(&mut Self, Yaml<'t>) -> NodeId) -> NodeId {
        let target = alias.target();
        if self.aliased >= MAX_ALIASED_NODES && self.refusal.is_none() {
            self.refusal = Some(Refusal::TooManyNodes(alias.span()));
        }
        if self.depth > super::parse::MAX_DEPTH && self.refusal.is_none() {
            self.refusal = Some(Refusal::TooDeep(alias.span()));
        }
        if self.refusal.is_some() || target.is_alias() {
            return self.builder.scalar("", super::Style::Plain, alias.span());
        }
        follow(self, target)
    }

    fn key(&mut self, from: Yaml<'t>, shared: bool) -> NodeId {
        let from = from.target();
        if from.kind() != Kind::Scalar {
            return self.node(from, shared);
        }
        let id = self.builder.copy_scalar(from);
        if shared {
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

    fn merge(&mut self, value: Yaml<'t>, children: &mut Vec<NodeId>) {
        let target = value.target();
        match target.kind() {
            Kind::Mapping => self.merge_mapping(value, children),
            Kind::Sequence => {
                for item in target.items() {
                    if item.target().kind() == Kind::Mapping {
                        self.merge_mapping(item, children);
                    } else {
                        self.refusal.get_or_insert(Refusal::NotAMapping(item.span()));
                    }
                }
            }
            Kind::Scalar if target.is_null() && !target.is_alias() => {}
            Kind::Scalar => {
                self.refusal.get_or_insert(Refusal::NotAMapping(value.span()));
            }
        }
    }

    fn merge_mapping(&mut self, mapping: Yaml<'t>, children: &mut Vec<NodeId>) {
        if self.aliased >= MAX_ALIASED_NODES {
            self.refusal.get_or_insert(Refusal::TooManyNodes(mapping.span()));
        }
        if self.depth > super::parse::MAX_DEPTH {
            self.refusal.get_or_insert(Refusal::TooDeep(mapping.span()));
        }
        if self.refusal.is_some() {
            return;
        }
        self.depth += 1;
        let target = mapping.target();
        let taken: HashSet<String> = children.iter().step_by(2).map(|id| self.text(*id).to_owned()).collect();
        for entry in target.entries().filter(|entry| !is_merge(*entry)) {
            if !taken.contains(entry.name()) {
                let key = self.key(entry.key, true);
                let value = self.node(entry.value, true);
                children.extend([key, value]);
            }
        }
        for entry in target.entries().filter(|entry| is_merge(*entry)) {
            self.merge(entry.value, children);
        }
        self.depth -= 1;
    }

    fn text(&self, id: NodeId) -> &str {
        let node = &self.builder.tree.nodes[id.index()];
        if node.repr != super::Repr::Scalar {
            return "";
        }
        &self.builder.tree.pool[node.first as usize..(node.first + node.count) as usize]
    }
}

fn is_merge(entry: Entry<'_>) -> bool {
    entry.name() == "<<"
        && entry.key.style() == super::Style::Plain
        && entry.key.tag().is_none_or(|tag| &*tag.name == "!!merge")
}
