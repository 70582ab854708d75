//! Two trees merged into one, by the rules of the Compose Specification's chapter on merging.

use std::borrow::Cow;
use std::collections::HashMap;

use super::mount::{Mount, cleaned};
use super::port::{Port, PortRange};
use crate::source::{SourceMap, Span};
use crate::yaml::{Builder, Entry, Kind, NodeId, Style, Tree, Yaml};

/// A place at which two files cannot be merged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clash {
    /// The value of the overriding file.
    pub over: Span,
    /// The value of the base, which is another kind of thing.
    pub base: Span,
    /// The dotted path of both.
    pub path: String,
}

/// How the two values at one path become one.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Rule {
    /// Mappings key by key, lists one behind the other, anything else replaced.
    Default,
    /// The later one alone.
    Replace,
    /// `KEY=value` lists and mappings alike, key by key.
    KeyValue,
    /// A single text or a list, one behind the other.
    Listed,
    /// A list of names that may be a mapping too, name by name.
    Named,
    /// A text or a mapping with the text under this key.
    Short(&'static str),
    /// Key by key if the `driver` is the same or one of them has none, else the later one alone.
    Logging,
    /// Mappings key by key, anything else replaced.
    Ulimit,
    /// Hosts with all their addresses.
    Hosts,
    /// Lists of mappings by `subnet`.
    Subnets,
}

/// What makes two items of a list the same item.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Identity {
    /// Nothing: all are kept.
    None,
    /// The text before `=`, or the whole text.
    Key,
    /// The container path of a mount or device.
    Target,
    /// The container path of a device.
    Device,
    /// Address, published port, container port and protocol.
    Port,
    /// `path` of an environment file.
    Path,
    /// Where a secret or config is mounted, relative names below this directory.
    Source(&'static str),
}

struct Merger<'t> {
    builder: Builder,
    clashes: Vec<Clash>,
    path: Vec<&'t str>,
    /// Whether what the later tree resets or overrides keeps its tag, because the result is merged
    /// onto yet another tree.
    keeps_tags: bool,
}

/// `over` merged onto `base`; without a base, `over` alone with what it resets left out.
///
/// `!reset` takes a key away, `!override` replaces what the base has. Where the two clash, the
/// later value stands and the place is among the clashes.
pub fn merge(base: Option<&Tree>, over: &Tree) -> (Tree, Vec<Clash>) {
    run(base, over, Vec::new(), false)
}

/// What [`merge`] makes of `tree` without a base, without a copy where nothing of it changes.
pub fn alone(tree: Tree) -> Tree {
    let is_settled = !tree.has_tags() && tree.root().is_none_or(|root| is_settled(root, &mut Vec::new()));
    if is_settled { tree } else { merge(None, &tree).0 }
}

/// Whether no list at or below `value` has an item twice.
fn is_settled<'t>(value: Yaml<'t>, path: &mut Vec<&'t str>) -> bool {
    match value.kind() {
        Kind::Scalar => true,
        Kind::Sequence => {
            let identity = identity(path);
            let has_each_once = || {
                let items: Vec<NodeId> = value.items().map(Yaml::id).collect();
                unique(value.tree(), &items, identity).len() == items.len()
            };
            (identity == Identity::None || has_each_once())
                && value.items().all(|item| is_settled(item, path))
        }
        Kind::Mapping => value.entries().all(|entry| {
            path.push(entry.name());
            let is_settled = is_settled(entry.value, path);
            path.pop();
            is_settled
        }),
    }
}

/// As [`merge`], but what `over` resets and overrides does so once more where the result is merged
/// onto something else: the files of a deployment, after `include`.
pub(super) fn merge_included(base: &Tree, over: &Tree) -> (Tree, Vec<Clash>) {
    run(Some(base), over, Vec::new(), true)
}

/// A service merged onto the one that it extends, each the root of its tree. What `over` resets and
/// overrides keeps its tag, as in [`merge_included`]; what `base` does is done.
pub(super) fn extend(name: &str, base: &Tree, over: &Tree) -> (Tree, Vec<Clash>) {
    let base = run(None, base, Vec::new(), false).0;
    run(Some(&base), over, vec!["services", name], true)
}

fn run<'t>(
    base: Option<&'t Tree>,
    over: &'t Tree,
    path: Vec<&'t str>,
    keeps_tags: bool,
) -> (Tree, Vec<Clash>) {
    let mut merger = Merger { builder: Builder::new(), clashes: Vec::new(), path, keeps_tags };
    if let Some(base) = base {
        merger.builder.add_texts(base);
    }
    merger.builder.add_texts(over);
    let root = match (base.and_then(Tree::root), over.root()) {
        (Some(base), Some(over)) => Some(merger.value(base, over)),
        (Some(base), None) => Some(merger.keep(base)),
        (None, Some(over)) => Some(merger.keep(over)),
        (None, None) => None,
    };
    (merger.builder.finish(root), merger.clashes)
}

fn has_tag(value: Yaml<'_>, tag: &str) -> bool {
    value.tag().is_some_and(|it| &*it.name == tag)
}

impl<'t> Merger<'t> {
    /// Copies a value without what it resets.
    fn keep(&mut self, value: Yaml<'t>) -> NodeId {
        match value.kind() {
            Kind::Scalar => self.builder.copy_scalar(value),
            Kind::Sequence => {
                let items: Vec<NodeId> = value
                    .items()
                    .filter(|item| !has_tag(*item, "!reset"))
                    .map(|item| self.keep(item))
                    .collect();
                let items = self.unique(&items);
                self.like(value, |builder, style, span| builder.sequence(&items, style, span))
            }
            Kind::Mapping => {
                let mut children = Vec::with_capacity(value.entries().len() * 2);
                for entry in value.entries() {
                    self.keep_entry(entry, &mut children);
                }
                self.like(value, |builder, style, span| builder.mapping(&children, style, span))
            }
        }
    }

    /// Copies an entry, unless it only resets.
    fn keep_entry(&mut self, entry: Entry<'t>, children: &mut Vec<NodeId>) {
        if has_tag(entry.value, "!reset") {
            if self.keeps_tags {
                children.push(self.builder.copy_scalar(entry.key));
                children.push(self.builder.copy(entry.value));
            }
            return;
        }
        self.path.push(entry.name());
        children.push(self.builder.copy_scalar(entry.key));
        children.push(self.keep(entry.value));
        self.path.pop();
    }

    fn like(&mut self, value: Yaml<'t>, make: impl FnOnce(&mut Builder, Style, Span) -> NodeId) -> NodeId {
        let id = make(&mut self.builder, value.style(), value.span());
        if value.is_shared() {
            self.builder.set_shared(id);
        }
        if self.keeps_tags
            && let Some(tag) = value.tag()
        {
            self.builder.set_tag(id, tag.clone());
        }
        id
    }

    fn value(&mut self, base: Yaml<'t>, over: Yaml<'t>) -> NodeId {
        if has_tag(over, "!override") {
            return self.keep(over);
        }
        match self.rule() {
            Rule::Replace => self.keep(over),
            Rule::Default => self.default(base, over),
            Rule::KeyValue => self.key_value(base, over),
            Rule::Listed => self.listed(base, over),
            Rule::Named => self.named(base, over),
            Rule::Short(key) => self.short(base, over, key),
            Rule::Ulimit => match (base.kind(), over.kind()) {
                (Kind::Mapping, Kind::Mapping) => self.mappings(base, over),
                _ => self.keep(over),
            },
            Rule::Hosts => self.hosts(base, over),
            Rule::Subnets => self.subnets(base, over),
            Rule::Logging => {
                let driver = |value: Yaml<'t>| value.get("driver").and_then(Yaml::as_str).map(str::to_owned);
                match (driver(base), driver(over)) {
                    (Some(one), Some(other)) if one != other => self.keep(over),
                    _ => self.default(base, over),
                }
            }
        }
    }

    fn default(&mut self, base: Yaml<'t>, over: Yaml<'t>) -> NodeId {
        match (base.kind(), over.kind()) {
            (Kind::Mapping, Kind::Mapping) => self.mappings(base, over),
            (Kind::Sequence, Kind::Sequence) => self.sequences(base, over),
            _ if over.is_null() => self.keep(base),
            (Kind::Scalar, _) => self.keep(over),
            _ => {
                self.clashes.push(Clash { over: over.span(), base: base.span(), path: self.path.join(".") });
                self.keep(over)
            }
        }
    }

    fn mappings(&mut self, base: Yaml<'t>, over: Yaml<'t>) -> NodeId {
        let mut children = Vec::with_capacity((base.entries().len() + over.entries().len()) * 2);
        for entry in base.entries() {
            let name = entry.name();
            let later = over.entry(name);
            if has_tag(entry.value, "!reset") {
                continue;
            }
            if let Some(reset) = later.filter(|entry| has_tag(entry.value, "!reset")) {
                self.keep_entry(reset, &mut children);
                continue;
            }
            self.path.push(name);
            let key = later.map_or(entry.key, |later| {
                // A key is where its value is, unless the value has parts from both files.
                if later.value.kind() == Kind::Scalar { later.key } else { entry.key }
            });
            children.push(self.builder.copy_scalar(key));
            children.push(match later {
                Some(later) => self.value(entry.value, later.value),
                None => self.keep(entry.value),
            });
            self.path.pop();
        }
        for entry in over.entries().filter(|entry| base.entry(entry.name()).is_none()) {
            self.keep_entry(entry, &mut children);
        }
        // A service that extends another is where it is written, not where the other is.
        let whole = if self.path.len() == 2 && self.keeps_tags { over } else { base };
        self.like(whole, |builder, style, span| builder.mapping(&children, style, span))
    }

    fn sequences(&mut self, base: Yaml<'t>, over: Yaml<'t>) -> NodeId {
        let mut items: Vec<NodeId> = Vec::new();
        for item in base.items().chain(over.items()) {
            if !has_tag(item, "!reset") {
                items.push(self.keep(item));
            }
        }
        let items = self.unique(&items);
        self.like(base, |builder, style, span| builder.sequence(&items, style, span))
    }

    /// Both as mappings of keys to values; a list's `KEY=value` is taken apart.
    fn key_value(&mut self, base: Yaml<'t>, over: Yaml<'t>) -> NodeId {
        if base.kind() == Kind::Scalar || over.kind() == Kind::Scalar {
            return self.default(base, over);
        }
        if base.kind() == Kind::Sequence && over.kind() == Kind::Sequence {
            return self.sequences(base, over);
        }
        if base.kind() == Kind::Mapping && over.kind() == Kind::Mapping {
            return self.mappings(base, over);
        }
        let mut order: Vec<String> = Vec::new();
        let mut pairs: HashMap<String, (NodeId, NodeId)> = HashMap::new();
        for side in [base, over] {
            for (name, key, value) in self.pairs(side) {
                if !pairs.contains_key(&name) {
                    order.push(name.clone());
                }
                pairs.insert(name, (key, value));
            }
        }
        let children: Vec<NodeId> = order.iter().flat_map(|name| [pairs[name].0, pairs[name].1]).collect();
        self.like(base, |builder, _, span| builder.mapping(&children, Style::Block, span))
    }

    /// All addresses of all hosts: the engine appends them, and takes none for another's.
    fn hosts(&mut self, base: Yaml<'t>, over: Yaml<'t>) -> NodeId {
        let is_apart = || over.entries().all(|entry| base.get(entry.name()).is_none());
        match (base.kind(), over.kind()) {
            (Kind::Scalar, _) | (_, Kind::Scalar) | (Kind::Sequence, Kind::Sequence) => {
                return self.default(base, over);
            }
            (Kind::Mapping, Kind::Mapping) if is_apart() => return self.mappings(base, over),
            _ => {}
        }
        let mut items = Vec::new();
        for side in [base, over] {
            for item in side.items() {
                items.push(self.keep(item));
            }
            for entry in side.entries() {
                let one = [entry.value].into_iter().filter(|value| value.kind() == Kind::Scalar);
                for address in one.chain(entry.value.items()) {
                    let text = format!("{}={}", entry.name(), address.as_str().unwrap_or_default());
                    items.push(self.builder.scalar(&text, Style::DoubleQuoted, entry.span()));
                }
            }
        }
        self.like(base, |builder, _, span| builder.sequence(&items, Style::Block, span))
    }

    /// Each of the base's subnets with what the later file says of it, then the later file's own.
    fn subnets(&mut self, base: Yaml<'t>, over: Yaml<'t>) -> NodeId {
        if base.kind() != Kind::Sequence || over.kind() != Kind::Sequence {
            return self.default(base, over);
        }
        let subnet = |item: Yaml<'t>| item.get("subnet").and_then(|it| it.as_str().map(str::to_owned));
        let mut taken = vec![false; over.items().len()];
        let mut items = Vec::new();
        for item in base.items() {
            let same = |(index, it): &(usize, Yaml<'t>)| {
                !taken[*index] && it.kind() == item.kind() && subnet(*it) == subnet(item)
            };
            let found = over.items().enumerate().find(same);
            items.push(match found {
                Some((index, later)) if later.kind() == Kind::Mapping => {
                    taken[index] = true;
                    self.mappings(item, later)
                }
                _ => self.keep(item),
            });
        }
        for (item, taken) in over.items().zip(taken) {
            if !taken {
                items.push(self.keep(item));
            }
        }
        self.like(base, |builder, style, span| builder.sequence(&items, style, span))
    }

    fn pairs(&mut self, side: Yaml<'t>) -> Vec<(String, NodeId, NodeId)> {
        let mut pairs = Vec::new();
        for entry in side.entries() {
            let key = self.builder.copy_scalar(entry.key);
            let value = self.keep(entry.value);
            pairs.push((entry.name().to_owned(), key, value));
        }
        for item in side.items() {
            let Some(text) = item.as_str().or(item.raw_str()) else { continue };
            let at = text.find('=').unwrap_or(text.len());
            let key = self.builder.scalar(&text[..at], Style::Plain, item.part(0..at));
            let value = if at < text.len() {
                let span = item.part(at + 1..text.len());
                self.builder.scalar(&text[at + 1..], Style::DoubleQuoted, span)
            } else {
                let end = item.part(at..at);
                self.builder.scalar("", Style::Plain, end)
            };
            pairs.push((text[..at].to_owned(), key, value));
        }
        pairs
    }

    fn listed(&mut self, base: Yaml<'t>, over: Yaml<'t>) -> NodeId {
        let mut items = Vec::new();
        for side in [base, over] {
            match side.kind() {
                Kind::Sequence => {
                    for item in side.items() {
                        items.push(self.keep(item));
                    }
                }
                Kind::Scalar if side.is_null() => {}
                _ => items.push(self.keep(side)),
            }
        }
        let items = self.unique(&items);
        let whole =
            if over.span().source == base.span().source { base.span().to(over.span()) } else { over.span() };
        self.builder.sequence(&items, Style::Block, whole)
    }

    /// Lists of names and mappings by name; the result is a mapping if one of them is.
    fn named(&mut self, base: Yaml<'t>, over: Yaml<'t>) -> NodeId {
        if base.kind() == over.kind() {
            return self.default(base, over);
        }
        if base.kind() == Kind::Scalar || over.kind() == Kind::Scalar {
            return self.default(base, over);
        }
        let mut children: Vec<NodeId> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let (list, mapping) = if base.kind() == Kind::Sequence { (base, over) } else { (over, base) };
        for entry in mapping.entries() {
            names.push(entry.name().to_owned());
            self.path.push(entry.name());
            children.push(self.builder.copy_scalar(entry.key));
            children.push(self.keep(entry.value));
            self.path.pop();
        }
        for item in list.items() {
            let Some(name) = item.as_str() else { continue };
            if !names.iter().any(|it| it == name) {
                names.push(name.to_owned());
                let end = Span { start: item.span().end, ..item.span() };
                children.push(self.builder.copy_scalar(item));
                children.push(self.builder.scalar("", Style::Plain, end));
            }
        }
        self.like(mapping, |builder, style, span| builder.mapping(&children, style, span))
    }

    /// A text on one side and a mapping on the other.
    fn short(&mut self, base: Yaml<'t>, over: Yaml<'t>, key: &str) -> NodeId {
        match (base.kind(), over.kind()) {
            (Kind::Mapping, Kind::Scalar) if !over.is_null() => {
                let mut children = Vec::new();
                for entry in base.entries().filter(|entry| entry.name() != key) {
                    children.push(self.builder.copy_scalar(entry.key));
                    children.push(self.keep(entry.value));
                }
                let start = Span { end: over.span().start, ..over.span() };
                children.push(self.builder.scalar(key, Style::Plain, start));
                children.push(self.keep(over));
                self.like(base, |builder, style, span| builder.mapping(&children, style, span))
            }
            (Kind::Scalar, Kind::Mapping) if !base.is_null() => {
                let mut children = Vec::new();
                if over.get(key).is_none() {
                    let start = Span { end: base.span().start, ..base.span() };
                    children.push(self.builder.scalar(key, Style::Plain, start));
                    children.push(self.keep(base));
                }
                for entry in over.entries() {
                    self.path.push(entry.name());
                    children.push(self.builder.copy_scalar(entry.key));
                    children.push(self.keep(entry.value));
                    self.path.pop();
                }
                self.like(over, |builder, style, span| builder.mapping(&children, style, span))
            }
            _ => self.default(base, over),
        }
    }

    fn rule(&self) -> Rule {
        match self.path.as_slice() {
            ["networks" | "volumes" | "secrets" | "configs", _, "labels"] => Rule::KeyValue,
            ["networks", _, "ipam", "config"] => Rule::Subnets,
            ["services", _, key] => match *key {
                "command" | "entrypoint" => Rule::Replace,
                "environment" | "labels" | "annotations" | "sysctls" => Rule::KeyValue,
                "extra_hosts" => Rule::Hosts,
                "dns" | "dns_opt" | "dns_search" | "env_file" | "label_file" | "tmpfs" => Rule::Listed,
                "depends_on" | "networks" | "models" => Rule::Named,
                "build" => Rule::Short("context"),
                "logging" => Rule::Logging,
                _ => Rule::Default,
            },
            ["services", _, "build", "extra_hosts"] => Rule::Hosts,
            ["services", _, "build", "args" | "additional_contexts" | "labels"]
            | ["services", _, "deploy", "labels"] => Rule::KeyValue,
            ["services", _, "healthcheck", "test"] => Rule::Replace,
            ["services", _, "ulimits", _] => Rule::Ulimit,
            // A pair without a value is one whose value the shell has, not the base.
            ["networks" | "volumes" | "secrets" | "configs", _, "labels", _]
            | ["services", _, "environment" | "labels" | "annotations" | "sysctls", _]
            | ["services", _, "build", "args" | "additional_contexts" | "labels", _]
            | ["services", _, "deploy", "labels", _] => Rule::Replace,
            _ => Rule::Default,
        }
    }

    fn unique(&self, items: &[NodeId]) -> Vec<NodeId> {
        unique(self.builder.peek(), items, identity(&self.path))
    }
}

fn identity(path: &[&str]) -> Identity {
    match path {
        ["services", _, key] => match *key {
            "annotations" | "cap_add" | "cap_drop" | "depends_on" | "dns" | "dns_opt" | "dns_search"
            | "environment" | "expose" | "labels" | "links" | "models" | "networks" | "profiles"
            | "sysctls" | "tmpfs" => Identity::Key,
            "ports" => Identity::Port,
            "volumes" => Identity::Target,
            "devices" => Identity::Device,
            "secrets" => Identity::Source("/run/secrets/"),
            "configs" => Identity::Source("/"),
            "env_file" => Identity::Path,
            _ => Identity::None,
        },
        ["services", _, "build", "args" | "additional_contexts" | "tags" | "labels" | "platform"]
        | ["services", _, "deploy", "labels"]
        | ["services", _, "networks", _, "aliases" | "link_local_ips"]
        | ["networks" | "volumes", _, "labels"] => Identity::Key,
        _ => Identity::None,
    }
}

/// The items without those that a later one replaces; a replacement stands where the first was.
fn unique(tree: &Tree, items: &[NodeId], identity: Identity) -> Vec<NodeId> {
    if identity == Identity::None || items.len() < 2 {
        return items.to_vec();
    }
    let keys: Vec<Option<ItemKey<'_>>> = items.iter().map(|id| item_key(tree.node(*id), identity)).collect();
    let mut unique: Vec<NodeId> = Vec::with_capacity(items.len());
    if items.len() <= FEW {
        let mut places: Vec<(&ItemKey<'_>, usize)> = Vec::with_capacity(items.len());
        for (id, key) in items.iter().zip(&keys) {
            let known = key.as_ref().and_then(|key| places.iter().find(|(it, _)| *it == key));
            if let Some((_, place)) = known {
                unique[*place] = *id;
            } else {
                places.extend(key.as_ref().map(|key| (key, unique.len())));
                unique.push(*id);
            }
        }
        return unique;
    }
    let mut places: HashMap<&ItemKey<'_>, usize> = HashMap::new();
    for (id, key) in items.iter().zip(&keys) {
        match key {
            Some(key) => {
                if let Some(place) = places.get(key) {
                    unique[*place] = *id;
                } else {
                    places.insert(key, unique.len());
                    unique.push(*id);
                }
            }
            None => unique.push(*id),
        }
    }
    unique
}

/// The number of items up to which they are compared one with another.
const FEW: usize = 16;

/// What two items of a list have in common that are the same item.
#[derive(PartialEq, Eq, Hash)]
enum ItemKey<'t> {
    /// A name or path, or a port that is no number.
    Text(Cow<'t, str>),
    /// A port by its address, published and container ports and protocol.
    Port(&'t str, Option<PortRange>, PortRange, &'t str),
}

impl<'t, T: Into<Cow<'t, str>>> From<T> for ItemKey<'t> {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

fn item_key(item: Yaml<'_>, identity: Identity) -> Option<ItemKey<'_>> {
    // No place in the text is asked for.
    let map = SourceMap::empty();
    let field = |key: &str| item.get(key).and_then(Yaml::as_str);
    let text = item.as_str().or_else(|| item.is_unknown().then(|| item.raw_str()).flatten());
    match identity {
        Identity::None => None,
        Identity::Key => Some(text?.split('=').next().unwrap_or_default().into()),
        Identity::Path => Some(text.or_else(|| field("path"))?.into()),
        Identity::Target => match text {
            Some(text) => {
                let mount = Mount::parse(text, &map).ok()?;
                Some(match mount.clean_target() {
                    Some(target) => target.into(),
                    None => mount.target?.value.into(),
                })
            }
            None => Some(cleaned(field("target")?).into()),
        },
        Identity::Device => match text {
            Some(text) => {
                let mut parts = text.split(':');
                let source = parts.next();
                parts.next().or(source).map(ItemKey::from)
            }
            None => Some(field("target")?.into()),
        },
        Identity::Source(directory) => match text {
            Some(text) => Some(format!("{directory}{text}").into()),
            None => Some(match field("target") {
                Some(target) => target.into(),
                None => format!("{directory}{}", field("source")?).into(),
            }),
        },
        Identity::Port => match text {
            Some(text) => {
                let port = Port::parse(text, &map).ok()?;
                let ip = port.host_ip_text.map_or("0.0.0.0", |it| it.value);
                let published = port.published.map(|it| it.value);
                let protocol = port.protocol_or_default().name();
                Some(ItemKey::Port(ip, published, port.target.value, protocol))
            }
            None => {
                let ip = field("host_ip").unwrap_or("0.0.0.0");
                let published = field("published").filter(|text| !text.is_empty());
                let target = field("target")?;
                let protocol = field("protocol").unwrap_or("tcp");
                let range = published.map(PortRange::parse);
                match (range, PortRange::parse(target)) {
                    (None, Some(target)) => Some(ItemKey::Port(ip, None, target, protocol)),
                    (Some(Some(range)), Some(target)) => {
                        Some(ItemKey::Port(ip, Some(range), target, protocol))
                    }
                    _ => {
                        let published = published.unwrap_or_default();
                        Some(format!("{ip}:{published}:{target}/{protocol}").into())
                    }
                }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::SourceId;
    use crate::yaml::expand::expand;
    use crate::yaml::parse::parse;

    /// What a tree says, and where.
    fn said(value: Yaml<'_>) -> String {
        let parts = match value.kind() {
            Kind::Scalar => value.raw_str().unwrap_or_default().to_owned(),
            Kind::Sequence => value.items().map(said).collect(),
            Kind::Mapping => value.entries().map(|it| said(it.key) + &said(it.value)).collect(),
        };
        format!("<{:?} {:?} {parts}>", value.kind(), value.span())
    }

    /// The short way and the long one are of one mind, and the short one is taken where it can be.
    #[test]
    fn a_tree_alone_is_what_merging_it_onto_nothing_makes() {
        for (services, is_settled) in [
            ("{a: {image: x, ports: ['80:80', '80:81']}}", true),
            ("{a: {image: x, ports: ['80:80', '80:80/tcp']}}", false),
            ("{a: {volumes: ['data:/x', {type: volume, source: b, target: /x/}]}}", false),
            ("{a: {command: [a, a], cap_add: [A]}}", true),
            ("{a: {cap_add: [A, A]}}", false),
            ("{a: {environment: [A=1, B=1, A=2]}}", false),
            ("{a: {image: !reset null, command: a}}", false),
        ] {
            let text: Arc<str> = format!("services: {services}").into();
            let document = parse(SourceId(0), &text).documents.remove(0);
            let tree = expand(&document, &mut |_| None).0;
            let (merged, _) = merge(None, &tree);
            let alone = alone(tree);
            assert_eq!(alone.root().map(said), merged.root().map(said), "{services}");
            assert_eq!(alone.root().map(said) == document.root().map(said), is_settled, "{services}");
        }
    }

    #[test]
    fn a_key_that_is_a_list_stays_one() {
        let text: Arc<str> = "services:\n  ö: {image: x}\n  ? - a\n    - ü\n  : {image: y}\n".into();
        let document = parse(SourceId(0), &text).documents.remove(0);
        let (merged, _) = merge(Some(&document), &document);
        assert_eq!(merged.root().map(said), document.root().map(said));
    }
}
