//! YAML documents as trees in which every node knows its bytes.
//!
//! A [`Tree`] is an arena: one file parsed ([`parse::parse`]), or several copied into one by
//! [`Builder`]. A [`Yaml`] is a handle on one of its nodes. Parsed trees keep aliases and merge
//! keys as they are written; [`expand::expand`] resolves them into a tree that has none.

pub mod edit;
pub mod expand;
pub mod map;
pub mod parse;
pub mod scalar;

use std::ops::Range;
use std::sync::Arc;

use crate::source::{SourceId, SourceMap, Span};
use scalar::Scalar;

/// The number of a node in its tree. A collection's number is above those of its children.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(u32);

impl NodeId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// One value: text, number, boolean or nothing.
    Scalar,
    /// A list.
    Sequence,
    /// Keys and values.
    Mapping,
}

/// How a node is written.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// A scalar in `'…'`.
    SingleQuoted,
    /// A scalar in `"…"`.
    DoubleQuoted,
    /// A scalar after `|`.
    Literal,
    /// A scalar after `>`.
    Folded,
    /// A collection by indentation.
    Block,
    /// A collection in `[…]` or `{…}`.
    Flow,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Repr {
    Scalar,
    Sequence,
    Mapping,
    Alias,
}

#[derive(Copy, Clone, Debug)]
struct Node {
    span: Span,
    /// Scalars and aliases: the text in the pool. Collections: the children; a mapping's keys and
    /// values alternate, and before them stand the [marks](mark) of its keys.
    first: u32,
    count: u32,
    repr: Repr,
    style: Style,
    /// Whether the node is written once and used in several places.
    shared: bool,
    /// Whether the text holds a variable that nobody knows.
    unknown: bool,
    /// Whether the tree has a tag for the node.
    tagged: bool,
    /// Whether the tree has a history of interpolation for the node.
    interpolated: bool,
}

/// A tag or anchor and the bytes that say it, with `!` or `&`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Property {
    /// The tag as written (`!reset`), or the anchor's name without `&`.
    pub name: Box<str>,
    /// The bytes, with `!` or `&`.
    pub span: Span,
}

/// Where a comment stands.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Placement {
    /// On lines of its own, directly above what it describes.
    Above,
    /// Behind something on the same line.
    Right,
    /// On a line of its own, apart from everything.
    Free,
}

/// A comment.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// The bytes from `#` to the end of the line.
    pub span: Span,
    /// Where it stands.
    pub placement: Placement,
    /// The mapping key or sequence item that it belongs to; `None` for a free one.
    pub node: Option<NodeId>,
}

/// Two keys of one mapping with the same text.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Duplicate {
    /// The key that stands first.
    pub first: NodeId,
    /// The one that repeats it.
    pub second: NodeId,
}

/// A use of a variable, or of an escaped dollar, in a scalar, and what came of it.
#[derive(Clone, Debug)]
pub struct Interpolation {
    /// The text before variables were put in.
    pub raw: Box<str>,
    /// The bytes that the text before came from.
    pub raw_map: SourceMap,
    /// The bytes that the text after came from; meaningless where the text is unknown.
    pub map: SourceMap,
}

/// A YAML document.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    children: Vec<NodeId>,
    pool: String,
    tags: Vec<(NodeId, Property)>,
    anchors: Vec<(NodeId, Property)>,
    interpolations: Vec<(NodeId, Arc<Interpolation>)>,
    /// Aliases with the node they stand for, by number; only in parsed trees.
    aliases: Vec<(NodeId, NodeId)>,
    comments: Vec<Comment>,
    duplicates: Vec<Duplicate>,
    texts: Vec<(SourceId, Arc<str>)>,
    /// For each mapping of more than [`INDEXED_FROM`] entries, by number: its entries by key, those
    /// with the same key in order.
    indices: Vec<(NodeId, Box<[u32]>)>,
    root: Option<NodeId>,
}

/// The number of entries from which on a mapping's keys are sorted, so that looking up each key of
/// a long one does not take the square of its length.
const INDEXED_FROM: usize = 32;

impl Tree {
    /// The document's root; `None` for a file without content.
    pub fn root(&self) -> Option<Yaml<'_>> {
        self.root.map(|id| Yaml { tree: self, id })
    }

    /// The node with this number.
    pub fn node(&self, id: NodeId) -> Yaml<'_> {
        Yaml { tree: self, id }
    }

    /// The comments in source order.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// The keys that repeat another of their mapping, in source order.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// All nodes in the order of their numbers.
    pub fn nodes(&self) -> impl Iterator<Item = Yaml<'_>> {
        (0..self.nodes.len() as u32).map(|id| Yaml { tree: self, id: NodeId(id) })
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the document has no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether a node has a tag.
    pub fn has_tags(&self) -> bool {
        !self.tags.is_empty()
    }

    /// The text of a file that this tree has nodes of.
    pub fn text(&self, source: SourceId) -> Option<&str> {
        self.texts.iter().find(|(id, _)| *id == source).map(|(_, text)| &**text)
    }

    /// The text of a scalar or alias.
    fn text_of(&self, node: &Node) -> &str {
        &self.pool[node.first as usize..(node.first + node.count) as usize]
    }

    /// A copy for which nothing has to be resolved; `None` where aliases, merge keys or variables are to be.
    /// What only the file as it is written has stays behind: anchors, comments, keys that repeat.
    fn plain_copy(&self) -> Option<Tree> {
        let is_plain = self.nodes.iter().all(|node| node.repr != Repr::Alias)
            && !self.pool.contains('$')
            && !self.pool.contains("<<");
        is_plain.then(|| Tree {
            nodes: self.nodes.clone(),
            children: self.children.clone(),
            pool: self.pool.clone(),
            tags: self.tags.clone(),
            texts: self.texts.clone(),
            indices: self.indices.clone(),
            root: self.root,
            ..Tree::default()
        })
    }

    fn looked_up<T>(table: &[(NodeId, T)], id: NodeId) -> Option<&T> {
        table.binary_search_by_key(&id, |(node, _)| *node).ok().map(|at| &table[at].1)
    }
}

/// A node of a tree. Reading through an alias reads what it stands for.
#[derive(Copy, Clone, Debug)]
pub struct Yaml<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl PartialEq for Yaml<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

/// A key and its value.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Entry<'t> {
    /// The key.
    pub key: Yaml<'t>,
    /// The value; a null scalar with an empty span where none is written.
    pub value: Yaml<'t>,
}

impl<'t> Entry<'t> {
    /// The key's text; empty for a key that is a collection.
    pub fn name(self) -> &'t str {
        self.key.raw_str().unwrap_or_default()
    }

    /// The bytes from the key to the end of the value.
    pub fn span(self) -> Span {
        self.key.span().to(self.value.span())
    }
}

impl<'t> Yaml<'t> {
    fn data(self) -> &'t Node {
        &self.tree.nodes[self.id.index()]
    }

    /// The node that an alias stands for; any other node itself.
    fn target(self) -> Yaml<'t> {
        if self.data().repr != Repr::Alias {
            return self;
        }
        match Tree::looked_up(&self.tree.aliases, self.id) {
            Some(target) => Yaml { tree: self.tree, id: *target },
            None => self,
        }
    }

    /// The tree.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// The number in the tree.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// What it is. An alias that leads nowhere is a scalar.
    pub fn kind(self) -> Kind {
        match self.target().data().repr {
            Repr::Scalar | Repr::Alias => Kind::Scalar,
            Repr::Sequence => Kind::Sequence,
            Repr::Mapping => Kind::Mapping,
        }
    }

    /// How it is written.
    pub fn style(self) -> Style {
        self.target().data().style
    }

    /// The bytes that say it: a scalar with its quotes or block header, a collection from its
    /// first to its last descendant (with brackets, if it has them), an alias with its `*`. An
    /// absent value is empty and stands behind the `:` or `-`.
    pub fn span(self) -> Span {
        self.data().span
    }

    /// Whether it is an alias (only in parsed trees).
    pub fn is_alias(self) -> bool {
        self.data().repr == Repr::Alias
    }

    /// The name that an alias says, without `*`; `None` for any other node.
    pub fn alias_name(self) -> Option<&'t str> {
        self.is_alias().then(|| self.pooled())
    }

    /// The node that an alias stands for; `None` for any other node, and if there is none.
    pub fn repeated(self) -> Option<Yaml<'t>> {
        let target = self.target();
        (self.is_alias() && !target.is_alias()).then_some(target)
    }

    /// Whether an alias or merge key uses these bytes in another place too.
    pub fn is_shared(self) -> bool {
        self.data().shared
    }

    /// Whether the value holds a variable that nobody knows.
    pub fn is_unknown(self) -> bool {
        self.target().data().unknown
    }

    /// The tag, as in `!reset`.
    pub fn tag(self) -> Option<&'t Property> {
        if !self.data().tagged {
            return None;
        }
        Tree::looked_up(&self.tree.tags, self.id)
    }

    /// The anchor.
    pub fn anchor(self) -> Option<&'t Property> {
        Tree::looked_up(&self.tree.anchors, self.id)
    }

    /// What interpolation did to the text; `None` where it holds no `$`.
    pub fn interpolation(self) -> Option<&'t Interpolation> {
        let target = self.target();
        if !target.data().interpolated {
            return None;
        }
        Tree::looked_up(&self.tree.interpolations, target.id).map(|it| &**it)
    }

    fn pooled(self) -> &'t str {
        self.tree.text_of(self.data())
    }

    /// A scalar's text, quotes and escapes resolved, variables not yet put in.
    pub fn raw_str(self) -> Option<&'t str> {
        let target = self.target();
        let node = target.data();
        match node.repr {
            Repr::Scalar if node.interpolated => {
                Some(target.interpolation().map_or_else(|| self.tree.text_of(node), |it| &it.raw))
            }
            Repr::Scalar => Some(self.tree.text_of(node)),
            _ => None,
        }
    }

    /// A scalar's text as the engine reads it. `None` for collections, for null and for a text that
    /// holds an unknown variable.
    pub fn as_str(self) -> Option<&'t str> {
        let target = self.target();
        let node = target.data();
        if node.repr != Repr::Scalar || node.unknown || target.is_null() {
            return None;
        }
        Some(self.tree.text_of(node))
    }

    /// A scalar's value by the engine's rules for plain scalars and tags. `None` for collections
    /// and unknown text.
    pub fn scalar(self) -> Option<Scalar<'t>> {
        let target = self.target();
        let node = target.data();
        if node.repr != Repr::Scalar || node.unknown {
            return None;
        }
        if target.interpolation().is_some() {
            return Some(Scalar::Str(target.pooled()));
        }
        Some(scalar::resolve(target.pooled(), node.style, target.tag().map(|tag| &*tag.name)))
    }

    /// Whether it is null: nothing written, `~` or `null` without quotes.
    pub fn is_null(self) -> bool {
        let target = self.target();
        let node = target.data();
        node.repr == Repr::Scalar
            && node.style == Style::Plain
            && node.count <= 4
            && matches!(self.tree.text_of(node), "" | "~" | "null" | "Null" | "NULL")
            && matches!(target.scalar(), Some(Scalar::Null))
    }

    /// A boolean as the engine casts it: a YAML boolean, or an interpolated text that says one.
    pub fn as_bool(self) -> Option<bool> {
        match self.scalar()? {
            Scalar::Bool(value) => Some(value),
            Scalar::Str(text) if self.interpolation().is_some() || self.style() == Style::Plain => {
                scalar::cast_bool(text)
            }
            _ => None,
        }
    }

    /// A whole number, also one written in quotes.
    pub fn as_int(self) -> Option<i64> {
        match self.scalar()? {
            Scalar::Int(value) => Some(value),
            Scalar::Str(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A number, also one written in quotes.
    pub fn as_f64(self) -> Option<f64> {
        match self.scalar()? {
            Scalar::Int(value) => Some(value as f64),
            Scalar::Float(value) => Some(value),
            Scalar::Str(text) => text.trim().parse().ok().filter(|value: &f64| value.is_finite()),
            _ => None,
        }
    }

    fn child_ids(self) -> &'t [NodeId] {
        let node = self.data();
        match node.repr {
            Repr::Sequence | Repr::Mapping => {
                &self.tree.children[node.first as usize..(node.first + node.count) as usize]
            }
            Repr::Scalar | Repr::Alias => &[],
        }
    }

    /// A sequence's items in order; nothing for other kinds.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Yaml<'t>> + ExactSizeIterator {
        let target = self.target();
        let ids = if target.data().repr == Repr::Sequence { target.child_ids() } else { &[] };
        ids.iter().map(move |id| Yaml { tree: self.tree, id: *id })
    }

    /// A mapping's entries in order, as written; nothing for other kinds.
    pub fn entries(self) -> impl DoubleEndedIterator<Item = Entry<'t>> + ExactSizeIterator {
        let target = self.target();
        let ids = if target.data().repr == Repr::Mapping { target.child_ids() } else { &[] };
        ids.chunks_exact(2).map(move |pair| Entry {
            key: Yaml { tree: self.tree, id: pair[0] },
            value: Yaml { tree: self.tree, id: pair[1] },
        })
    }

    /// The entry with this key; where keys repeat, the last.
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        let target = self.target();
        if target.data().count as usize > 2 * INDEXED_FROM
            && let Some(index) = Tree::looked_up(&self.tree.indices, target.id)
        {
            let at = |position: u32| target.entry_at(position as usize);
            let end = index.partition_point(|position| at(*position).name() <= key);
            let last = at(index[end.checked_sub(1)?]);
            return (last.name() == key).then_some(last);
        }
        // Most keys that are asked for are not there.
        if target.key_marks() & mark(key) == 0 {
            return None;
        }
        self.entries().rev().find(|entry| entry.key.says(key))
    }

    /// The marks of a mapping's keys, of which each key has one; 0 for other kinds.
    fn key_marks(self) -> u32 {
        let node = self.data();
        if node.repr == Repr::Mapping { self.tree.children[node.first as usize - 1].0 } else { 0 }
    }

    /// The entry with this number, of a mapping that has as many.
    fn entry_at(self, position: usize) -> Entry<'t> {
        let ids = self.child_ids();
        let of = |id: NodeId| Yaml { tree: self.tree, id };
        Entry { key: of(ids[2 * position]), value: of(ids[2 * position + 1]) }
    }

    /// Whether the text is `text`.
    fn says(self, text: &str) -> bool {
        let node = self.data();
        if node.repr != Repr::Scalar || node.interpolated {
            return self.raw_str().unwrap_or_default() == text;
        }
        node.count as usize == text.len()
            && self.tree.pool.as_bytes()[node.first as usize..][..text.len()] == *text.as_bytes()
    }

    /// The value of this key; where keys repeat, the last.
    pub fn get(self, key: &str) -> Option<Yaml<'t>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// The bytes that the text of the scalar comes from, byte by byte where that can be told.
    pub fn map(self) -> SourceMap {
        let target = self.target();
        if let Some(interpolation) = target.interpolation() {
            return if target.data().unknown {
                interpolation.raw_map.clone()
            } else {
                interpolation.map.clone()
            };
        }
        target.raw_map()
    }

    /// The bytes that the text before interpolation comes from.
    pub fn raw_map(self) -> SourceMap {
        let target = self.target();
        if let Some(interpolation) = target.interpolation() {
            return interpolation.raw_map.clone();
        }
        let node = target.data();
        if node.repr != Repr::Scalar {
            return SourceMap::empty();
        }
        map::of_scalar(self.tree.text(node.span.source), node.span, node.style, target.pooled())
    }

    /// Whether a key or a scalar in it, as it is and as it is written, has `text` in it.
    pub fn mentions(self, text: &str) -> bool {
        match self.kind() {
            Kind::Scalar => {
                self.raw_str().is_some_and(|raw| raw.contains(text))
                    || self.as_str().is_some_and(|value| value.contains(text))
            }
            Kind::Sequence => self.items().any(|item| item.mentions(text)),
            Kind::Mapping => {
                self.entries().any(|entry| entry.name().contains(text) || entry.value.mentions(text))
            }
        }
    }

    /// The bytes that a part of the scalar's text comes from; the whole value where that cannot be
    /// told.
    pub fn part(self, range: Range<usize>) -> Span {
        self.map().span(range).unwrap_or(self.span())
    }
}

/// One of 32 bits, by the length of the key and its first and last bytes. A mapping without the mark has no
/// such key.
fn mark(key: &str) -> u32 {
    let bytes = key.as_bytes();
    let (first, last) = (bytes.first().copied().unwrap_or(0), bytes.last().copied().unwrap_or(0));
    let ends = u32::from(first) << 8 | u32::from(last);
    let mixed = ends.wrapping_add((bytes.len() as u32).wrapping_mul(0x1_0001));
    1 << (mixed.wrapping_mul(0x9e37_79b1) >> 27)
}

/// Makes a tree node by node; children come before the collection that holds them.
#[derive(Debug, Default)]
pub struct Builder {
    tree: Tree,
}

impl Builder {
    /// A tree without nodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the text of a file known, so that places within scalars can be found.
    pub fn add_text(&mut self, source: SourceId, text: Arc<str>) {
        if self.tree.text(source).is_none() {
            self.tree.texts.push((source, text));
        }
    }

    /// Makes the texts of all files of `tree` known.
    pub fn add_texts(&mut self, tree: &Tree) {
        for (source, text) in &tree.texts {
            self.add_text(*source, Arc::clone(text));
        }
    }

    /// The number of nodes so far.
    pub fn len(&self) -> usize {
        self.tree.nodes.len()
    }

    /// Whether there are no nodes so far.
    pub fn is_empty(&self) -> bool {
        self.tree.nodes.is_empty()
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.tree.nodes.push(node);
        NodeId(self.tree.nodes.len() as u32 - 1)
    }

    /// Adds a scalar.
    pub fn scalar(&mut self, text: &str, style: Style, span: Span) -> NodeId {
        let first = self.tree.pool.len() as u32;
        self.tree.pool.push_str(text);
        self.push(Node {
            span,
            first,
            count: text.len() as u32,
            repr: Repr::Scalar,
            style,
            shared: false,
            unknown: false,
            tagged: false,
            interpolated: false,
        })
    }

    /// Adds a sequence of nodes that were added before.
    pub fn sequence(&mut self, items: &[NodeId], style: Style, span: Span) -> NodeId {
        self.collection(Repr::Sequence, items, style, span)
    }

    /// Adds a mapping of keys and values, in turn, that were added before.
    pub fn mapping(&mut self, keys_and_values: &[NodeId], style: Style, span: Span) -> NodeId {
        self.collection(Repr::Mapping, keys_and_values, style, span)
    }

    fn collection(&mut self, repr: Repr, children: &[NodeId], style: Style, span: Span) -> NodeId {
        if repr == Repr::Mapping {
            let mark_of = |key: &NodeId| {
                let node = &self.tree.nodes[key.index()];
                // What an alias says is not known yet, nor what interpolation makes of a key.
                let is_plain = node.repr == Repr::Scalar && !node.interpolated;
                if is_plain { mark(self.tree.text_of(node)) } else { u32::MAX }
            };
            let marks = children.iter().step_by(2).fold(0, |marks, key| marks | mark_of(key));
            self.tree.children.push(NodeId(marks));
        }
        let first = self.tree.children.len() as u32;
        self.tree.children.extend_from_slice(children);
        self.push(Node {
            span,
            first,
            count: children.len() as u32,
            repr,
            style,
            shared: false,
            unknown: false,
            tagged: false,
            interpolated: false,
        })
    }

    /// Says that the node is used in several places.
    pub fn set_shared(&mut self, id: NodeId) {
        self.tree.nodes[id.index()].shared = true;
    }

    /// Says that every node so far is used in several places.
    pub fn share_all(&mut self) {
        for node in &mut self.tree.nodes {
            node.shared = true;
        }
    }

    /// Gives the node, which must be the newest, a tag.
    pub fn set_tag(&mut self, id: NodeId, tag: Property) {
        self.tree.nodes[id.index()].tagged = true;
        self.tree.tags.push((id, tag));
    }

    /// Gives the scalar, which must be the newest, its history of interpolation.
    pub fn set_interpolation(&mut self, id: NodeId, interpolation: Arc<Interpolation>, unknown: bool) {
        let node = &mut self.tree.nodes[id.index()];
        (node.unknown, node.interpolated) = (unknown, true);
        self.tree.interpolations.push((id, interpolation));
    }

    /// Copies a scalar of another tree with all it has but its anchor; a collection, which a key may be,
    /// with all below it.
    pub fn copy_scalar(&mut self, from: Yaml<'_>) -> NodeId {
        let node = from.data();
        if matches!(node.repr, Repr::Sequence | Repr::Mapping) {
            return self.copy(from);
        }
        let first = self.tree.pool.len() as u32;
        self.tree.pool.push_str(from.tree.text_of(node));
        let id = self.push(Node { first, tagged: false, interpolated: false, ..*node });
        if node.tagged || node.interpolated {
            self.finish_copy(id, from);
        }
        id
    }

    fn finish_copy(&mut self, id: NodeId, from: Yaml<'_>) {
        let node = from.data();
        self.tree.nodes[id.index()].shared = node.shared;
        self.tree.nodes[id.index()].unknown = node.unknown;
        if let Some(tag) = from.tag() {
            self.set_tag(id, tag.clone());
        }
        if node.interpolated
            && let Some(interpolation) = Tree::looked_up(&from.tree.interpolations, from.id)
        {
            self.set_interpolation(id, Arc::clone(interpolation), node.unknown);
        }
    }

    /// Copies a node of an expanded tree and all below it.
    pub fn copy(&mut self, from: Yaml<'_>) -> NodeId {
        let node = from.data();
        match node.repr {
            Repr::Scalar | Repr::Alias => self.copy_scalar(from),
            Repr::Sequence | Repr::Mapping => {
                let children: Vec<NodeId> = from
                    .child_ids()
                    .iter()
                    .map(|child| self.copy(Yaml { tree: from.tree, id: *child }))
                    .collect();
                let id = self.collection(node.repr, &children, node.style, node.span);
                self.finish_copy(id, from);
                id
            }
        }
    }

    /// The nodes so far, as a tree without a root.
    pub fn peek(&self) -> &Tree {
        &self.tree
    }

    /// The tree with this root.
    pub fn finish(mut self, root: Option<NodeId>) -> Tree {
        self.tree.root = root;
        self.tree.tags.sort_by_key(|(id, _)| *id);
        self.tree.interpolations.sort_by_key(|(id, _)| *id);
        self.tree.indices = self.indices();
        self.tree.nodes.shrink_to_fit();
        self.tree.children.shrink_to_fit();
        self.tree.pool.shrink_to_fit();
        self.tree
    }

    /// The entries of each long mapping by key.
    fn indices(&self) -> Vec<(NodeId, Box<[u32]>)> {
        let is_long = |yaml: &Yaml<'_>| {
            yaml.data().repr == Repr::Mapping && yaml.data().count as usize > 2 * INDEXED_FROM
        };
        let index = |mapping: Yaml<'_>| {
            let mut positions: Box<[u32]> = (0..mapping.data().count / 2).collect();
            positions.sort_by_key(|position| mapping.entry_at(*position as usize).name());
            (mapping.id, positions)
        };
        // What an alias as a key stands for is not known yet.
        let is_plain = |mapping: &Yaml<'_>| mapping.entries().all(|entry| !entry.key.is_alias());
        self.tree.nodes().filter(is_long).filter(is_plain).map(index).collect()
    }
}
