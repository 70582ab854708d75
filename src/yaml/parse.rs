//! From a file's text to its trees. The only module that knows the YAML parser in use.

mod adapted;
mod syntax;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StructureStyle};

use adapted::Adapted;
use syntax::{Scene, tab_indent, too_deep};

use super::{Builder, Comment, Duplicate, Node, NodeId, Placement, Property, Repr, Style, Tree};
use crate::source::{SourceId, Span};

/// The deepest nesting of collections that is read.
pub const MAX_DEPTH: usize = 128;

/// The number of nodes and comments that one file may have.
pub const MAX_NODES: usize = 500_000;

/// The number of problems after which a file is not read on.
const MAX_PROBLEMS: usize = 100;

/// Why a text is not read, or not to its end.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum ProblemKind {
    /// It is not YAML.
    Syntax,
    /// It is past a limit.
    Limit,
}

/// A place at which a text is not YAML or past a limit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Which of the two.
    pub kind: ProblemKind,
    /// The bytes at fault.
    pub span: Span,
    /// The fact.
    pub message: String,
    /// What to write.
    pub help: Option<String>,
    /// Another place that explains it.
    pub label: Option<(Span, String)>,
}

/// What was read of a file.
#[derive(Debug, Default)]
pub struct Parsed {
    /// The documents in order; without those that a problem cut off.
    pub documents: Vec<Tree>,
    /// The problems in source order.
    pub problems: Vec<Problem>,
}

enum Open {
    Sequence { items: Vec<NodeId>, style: Style, start: usize, properties: Properties },
    Mapping { children: Vec<NodeId>, style: Style, start: usize, properties: Properties },
}

#[derive(Default)]
struct Properties {
    anchor_id: usize,
    anchor: Option<Property>,
    tag: Option<Property>,
}

struct Reader<'s> {
    source: SourceId,
    text: &'s str,
    builder: Builder,
    open: Vec<Open>,
    root: Option<NodeId>,
    /// The end of the last token that was seen, from which headers, dashes and colons are looked for.
    cursor: usize,
    /// The last scalar.
    last: Option<(Span, Style)>,
    /// Nodes of finished anchors.
    anchored: HashMap<usize, NodeId>,
    anchor_names: HashMap<usize, Box<str>>,
    /// Mapping keys and sequence items with the offset at which they start, for comments.
    owners: Vec<(usize, NodeId, bool)>,
    comments: Vec<(Span, granit_parser::Placement)>,
    duplicates: Vec<Duplicate>,
    aliases: Vec<(NodeId, NodeId)>,
    anchors: Vec<(NodeId, Property)>,
    problems: Vec<Problem>,
    has_tabs: bool,
    nodes: usize,
}

/// Reads a file. Never fails: what is wrong is among the problems, and the documents before it are
/// kept. A document with a problem is not.
pub fn parse(source: SourceId, text: &Arc<str>) -> Parsed {
    let mut parsed = Parsed::default();
    if let Some(at) = text.bytes().position(|byte| byte == 0) {
        parsed.problems.push(Problem {
            kind: ProblemKind::Syntax,
            span: Span::new(source, at, at + 1),
            message: "the file holds a NUL byte, which YAML does not allow".into(),
            help: Some("remove it, or save the file as UTF-8 if it is UTF-16".into()),
            label: None,
        });
        return parsed;
    }
    let mut adapted = Adapted::new(text);
    loop {
        let (parsed, error) = read(source, text, &adapted);
        let Some((kind, scene)) = error else { return parsed };
        if !adapted.mend(&kind, scene.at, scene.cursor) {
            return explained(parsed, scene.explain(&kind));
        }
    }
}

fn explained(mut parsed: Parsed, problem: Problem) -> Parsed {
    parsed.problems.push(problem);
    parsed.problems.sort_by_key(|problem| problem.span);
    parsed
}

/// Reads the text once; the error of the parser, if there is one, is not yet among the problems.
fn read<'s>(
    source: SourceId,
    text: &'s Arc<str>,
    adapted: &Adapted<'_>,
) -> (Parsed, Option<(ErrorKind, Scene<'s>)>) {
    let options = granit_parser::options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        max_buffered_comment_events: usize::MAX,
    };
    let mut reader = Reader {
        source,
        text,
        builder: Builder::new(),
        open: Vec::new(),
        root: None,
        cursor: 0,
        last: None,
        anchored: HashMap::new(),
        anchor_names: HashMap::new(),
        owners: Vec::new(),
        comments: Vec::new(),
        duplicates: Vec::new(),
        aliases: Vec::new(),
        anchors: Vec::new(),
        problems: Vec::new(),
        has_tabs: false,
        nodes: 0,
    };
    let mut parsed = Parsed::default();
    let mut error = None;
    let mut documents = 0;
    let mut parser = Parser::new_from_str_with_options(adapted.text(), options);
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(found) => {
                let at = found.marker().byte_offset().map_or(text.len(), |at| adapted.in_file(at));
                error = Some((found.kind().clone(), reader.scene(at)));
                break;
            }
        };
        let range = in_file(adapted, &span);
        match event {
            Event::DocumentStart(explicit, ..) => {
                if documents > 0 && !explicit {
                    reader.syntax(
                        reader.span(range.start, range.start),
                        "a document starts here without a line of `---`",
                        Some("write `---` above it".into()),
                    );
                }
                documents += 1;
            }
            Event::DocumentEnd => {
                reader.check_gap(range.start);
                let tree = reader.finish(text);
                if reader.problems.is_empty() {
                    parsed.documents.push(tree);
                }
            }
            event => {
                let event = match event {
                    Event::Scalar(value, style, anchor, tag) if adapted.is_dash(range.start) => {
                        Event::Scalar(format!("-{}", &value[1..]).into(), style, anchor, tag)
                    }
                    event => event,
                };
                let tag = span.tag_span().map(|tag| in_file(adapted, &tag));
                if !reader.event(event, range, tag) || reader.problems.len() >= MAX_PROBLEMS {
                    break;
                }
            }
        }
    }
    parsed.problems = reader.problems;
    parsed.problems.sort_by_key(|problem| problem.span);
    (parsed, error)
}

/// The bytes of the file that a span of the adapted text is.
fn in_file(adapted: &Adapted<'_>, span: &granit_parser::Span) -> Range<usize> {
    let range = span.byte_range().unwrap_or(0..0);
    adapted.in_file(range.start)..adapted.in_file(range.end)
}

impl<'s> Reader<'s> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end.max(start))
    }

    fn syntax(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        self.problems.push(Problem {
            kind: ProblemKind::Syntax,
            span,
            message: message.into(),
            help,
            label: None,
        });
    }

    fn limit(&mut self, at: usize, message: String) {
        let span = self.span(at, at + self.text[at..].chars().next().map_or(0, char::len_utf8));
        self.problems.push(Problem { kind: ProblemKind::Limit, span, message, help: None, label: None });
    }

    /// Takes one event in; `false` ends the reading.
    fn event(&mut self, event: Event<'_>, range: Range<usize>, tag: Option<Range<usize>>) -> bool {
        if event.is_node() || matches!(event, Event::Comment(..)) {
            self.nodes += 1;
            if self.nodes > MAX_NODES {
                self.limit(range.start, format!("the file has more than {MAX_NODES} values and comments"));
                return false;
            }
        }
        if event.is_node() && !self.is_in_flow() {
            self.check_gap(range.start);
        }
        match event {
            Event::Comment(_, placement) => {
                let span = self.span(range.start, range.end);
                self.comments.push((span, placement));
            }
            Event::Anchor(id, name) => {
                let span = self.span(range.start, range.end);
                let property = Property { name: name.as_ref().into(), span };
                if let Some(odd) = name.chars().find(|c| !is_in_name(*c)) {
                    self.syntax(
                        span,
                        format!("the anchor `&{name}` has `{odd}` in its name"),
                        Some("use letters, digits, `-` and `_` only".into()),
                    );
                }
                self.anchor_names.insert(id, property.name.clone());
                match self.open.last_mut() {
                    Some(
                        Open::Sequence { properties, items: children, .. }
                        | Open::Mapping { properties, children, .. },
                    ) if properties.anchor_id == id && children.is_empty() => {
                        properties.anchor = Some(property);
                    }
                    _ => {
                        if let Some(node) = self.anchored.get(&id).copied() {
                            self.put_behind(node, property.span);
                            self.anchors.push((node, property));
                        }
                    }
                }
            }
            Event::Alias(id) => {
                let span = self.span(range.start, range.end);
                let target = self.anchored.get(&id).copied();
                if target.is_none() {
                    let name = self.anchor_names.get(&id).cloned().unwrap_or_default();
                    self.syntax(
                        span,
                        format!("alias `*{name}` stands inside the value of its own anchor"),
                        Some("repeat the value, or move the anchor".into()),
                    );
                }
                let node = self.alias(&self.text[range.start + 1..range.end], span);
                if let Some(target) = target {
                    self.aliases.push((node, target));
                }
                self.cursor = range.end;
                self.place(node, range.start);
            }
            Event::UnresolvedAlias(name) => {
                let span = self.span(range.start, range.end);
                self.syntax(
                    span,
                    format!("alias `*{name}` has no anchor before it"),
                    Some(if name.chars().all(is_in_name) {
                        format!("define `&{name}` above, or put the value in quotes if it is text")
                    } else {
                        "put the value in quotes".into()
                    }),
                );
                let node = self.alias(&name, span);
                self.cursor = range.end;
                self.place(node, range.start);
            }
            Event::Scalar(value, style, anchor_id, _) => {
                let tag = tag.and_then(|range| self.tag(range));
                self.scalar(&value, style, range, anchor_id, tag);
            }
            Event::SequenceStart(style, anchor_id, _) => {
                let style = structure(style);
                let start = if style == Style::Block { self.dash(range.start) } else { range.start };
                self.cursor = if style == Style::Flow { range.end } else { start };
                let properties =
                    Properties { anchor_id, anchor: None, tag: tag.and_then(|range| self.tag(range)) };
                self.open.push(Open::Sequence { items: Vec::new(), style, start, properties });
                return self.check_depth(range.start);
            }
            Event::MappingStart(style, anchor_id, _) => {
                let style = structure(style);
                if style == Style::Flow {
                    self.cursor = range.end;
                }
                let properties =
                    Properties { anchor_id, anchor: None, tag: tag.and_then(|range| self.tag(range)) };
                self.open.push(Open::Mapping { children: Vec::new(), style, start: range.start, properties });
                return self.check_depth(range.start);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range),
            // Events without content, and any kind that a later version of the parser brings.
            _ => {}
        }
        true
    }

    fn check_depth(&mut self, at: usize) -> bool {
        if self.open.len() > MAX_DEPTH {
            self.limit(at, too_deep());
            return false;
        }
        true
    }

    fn tag(&self, range: Range<usize>) -> Option<Property> {
        let name = self.text.get(range.clone())?;
        Some(Property { name: name.into(), span: self.span(range.start, range.end) })
    }

    fn alias(&mut self, name: &str, span: Span) -> NodeId {
        let first = self.builder.tree.pool.len() as u32;
        self.builder.tree.pool.push_str(name);
        self.builder.push(Node {
            span,
            first,
            count: name.len() as u32,
            repr: Repr::Alias,
            style: Style::Plain,
            shared: true,
            unknown: false,
            tagged: false,
            interpolated: false,
        })
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        range: Range<usize>,
        anchor_id: usize,
        tag: Option<Property>,
    ) {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let mut value = value;
        let (start, end) = match style {
            Style::Literal | Style::Folded => {
                let start = self.block_header(range.start, style);
                if range.end == self.text.len() && !self.text.trim_end_matches(' ').ends_with(['\n', '\r']) {
                    // The engine's library adds no line break where the file ends without one.
                    value = value.strip_suffix('\n').unwrap_or(value);
                }
                (start, self.block_end(start, range.end))
            }
            Style::Plain if range.is_empty() => {
                value = "";
                let at = match &tag {
                    Some(tag) => tag.span.end as usize,
                    None => self.absent(range.start, anchor_id != 0),
                };
                (at, at)
            }
            _ => (range.start, range.end),
        };
        if style == Style::Plain
            && let Some(comment) = comment_within(&self.text[start..end])
        {
            // The parser in use reads on behind it; by YAML's rules, and for the engine, the value ends.
            let at = self.span(start + comment.start, start + comment.end);
            let help = "move the comment above the value, or put the value in quotes";
            self.syntax(at, "a comment stands within a value of several lines", Some(help.into()));
        }
        let span = self.span(start, end);
        let node = self.builder.scalar(value, style, span);
        if let Some(tag) = tag {
            self.builder.set_tag(node, tag);
        }
        if anchor_id != 0 {
            self.anchored.insert(anchor_id, node);
        }
        self.cursor = self.cursor.max(end);
        self.last = Some((span, style));
        self.place(node, start);
    }

    /// Moves a node that is not written behind its anchor.
    fn put_behind(&mut self, node: NodeId, anchor: Span) {
        let span = &mut self.builder.tree.nodes[node.index()].span;
        if span.is_empty() && span.start < anchor.end {
            (span.start, span.end) = (anchor.end, anchor.end);
            self.cursor = self.cursor.max(anchor.end as usize);
        }
    }

    /// The place of a scalar that is not written: behind the `:` or `-` that asks for it.
    fn absent(&mut self, at: usize, is_anchored: bool) -> usize {
        match self.open.last() {
            Some(Open::Mapping { children, .. }) if children.len() % 2 == 1 => {
                let colon = self.skip_blank(self.cursor);
                if self.text[colon..].starts_with(':') { colon + 1 } else { self.cursor }
            }
            Some(Open::Mapping { .. }) => {
                let before = self.text[..at].trim_end();
                if !is_anchored && self.text[at..].starts_with(':') && !before.ends_with('?') {
                    self.syntax(
                        self.span(at, at + 1),
                        "no key stands before this `:`",
                        Some("write `key: value`".into()),
                    );
                }
                at
            }
            Some(Open::Sequence { style: Style::Block, .. }) => {
                let dash = self.skip_blank(self.cursor);
                if self.text[dash..].starts_with('-') { dash + 1 } else { at }
            }
            _ => at,
        }
    }

    /// The offset of the dash with which the block sequence starts whose event lies at `at`. Below a
    /// key the event may lie on the first item instead.
    fn dash(&self, at: usize) -> usize {
        if !matches!(self.open.last(), Some(Open::Mapping { .. })) {
            return at;
        }
        let mut from = self.skip_blank(self.cursor);
        while from < at {
            let word = self.text[from..].split([' ', '\t', '\n', '\r']).next().unwrap_or_default();
            if word == "-" {
                return from;
            }
            // The `:` or `?`, a tag or an anchor.
            from = self.skip_blank(from + word.len());
        }
        at
    }

    /// The offset of the first character from `at` on that is neither white space nor in a comment.
    fn skip_blank(&self, at: usize) -> usize {
        let mut at = at;
        loop {
            at = self.text.len() - self.text[at..].trim_start_matches([' ', '\t', '\n', '\r']).len();
            if !self.text[at..].starts_with('#') {
                return at;
            }
            at += self.text[at..].find(['\n', '\r']).unwrap_or(self.text.len() - at);
        }
    }

    /// The offset of the `|` or `>` of a block scalar whose content starts at `content`.
    fn block_header(&self, content: usize, style: Style) -> usize {
        let indicator = if style == Style::Literal { '|' } else { '>' };
        let mut at = self.cursor.min(content);
        while at < self.text.len() {
            let rest = &self.text[at..];
            let Some(next) = rest.chars().next() else { break };
            if next == indicator {
                return at;
            }
            at += match next {
                '#' => rest.find(['\n', '\r']).unwrap_or(rest.len()),
                '!' | '&' => rest.find([' ', '\t', '\n', '\r']).unwrap_or(rest.len()),
                _ => next.len_utf8(),
            };
        }
        content
    }

    /// The end of the last line with content of a block scalar whose header stands at `start`.
    fn block_end(&self, start: usize, end: usize) -> usize {
        let written = &self.text[start..end.max(start)];
        let solid = written.trim_end().len();
        start + written[solid..].find(['\n', '\r']).map_or(written.len(), |blank| solid + blank)
    }

    /// Puts a finished node into the innermost open collection.
    fn place(&mut self, node: NodeId, start: usize) {
        match self.open.last_mut() {
            Some(Open::Sequence { items, style, .. }) => {
                items.push(node);
                let block = *style == Style::Block;
                self.owners.push((start, node, false));
                if block {
                    self.check_tabs(start);
                }
            }
            Some(Open::Mapping { children, style, .. }) => {
                children.push(node);
                if children.len() % 2 == 1 {
                    let block = *style == Style::Block;
                    self.owners.push((start, node, true));
                    if block {
                        self.check_tabs(start);
                    }
                }
            }
            None => self.root = Some(node),
        }
    }

    fn is_in_flow(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Open::Sequence { style: Style::Flow, .. } | Open::Mapping { style: Style::Flow, .. })
        )
    }

    /// Reports a tab before a block key or item. The parser in use lets some of them pass, the
    /// engine's library does not.
    fn check_tabs(&mut self, start: usize) {
        let line = self.text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let before = &self.text[line..start];
        if before.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'-' | b'?'))
            && let Some(tab) = before.find('\t')
        {
            self.tab(line + tab);
        }
    }

    /// Reports a line that starts with a tab between the last token and `to`, be it blank or a
    /// comment.
    fn check_gap(&mut self, to: usize) {
        let gap = self.text.get(self.cursor..to).unwrap_or_default();
        if let Some(found) = gap.find("\n\t").or_else(|| gap.find("\r\t")) {
            self.tab(self.cursor + found + 1);
        }
    }

    /// Reports the tabs at `at`, once a file: others come from the same habit.
    fn tab(&mut self, at: usize) {
        if !std::mem::replace(&mut self.has_tabs, true) {
            let tabs = self.text[at..].bytes().take_while(|byte| *byte == b'\t').count();
            self.problems.push(tab_indent(self.text, self.span(at, at + tabs)));
        }
    }

    fn close(&mut self, range: Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        let (repr, children, style, start, properties) = match open {
            Open::Sequence { items, style, start, properties } => {
                (Repr::Sequence, items, style, start, properties)
            }
            Open::Mapping { children, style, start, properties } => {
                (Repr::Mapping, children, style, start, properties)
            }
        };
        let (start, end) = if style == Style::Flow {
            self.cursor = range.end;
            (start, range.end)
        } else {
            let nodes = &self.builder.tree.nodes;
            let first = children.first().map_or(start, |id| nodes[id.index()].span.start as usize);
            let start = if repr == Repr::Sequence { start } else { first };
            let end = children.iter().rev().take(2).map(|id| nodes[id.index()].span.end as usize).max();
            (start, end.unwrap_or(start).max(start))
        };
        if repr == Repr::Mapping {
            self.find_duplicates(&children);
        }
        let span = self.span(start, end);
        let node = self.builder.collection(repr, &children, style, span);
        if let Some(tag) = properties.tag {
            self.builder.set_tag(node, tag);
        }
        if let Some(anchor) = properties.anchor {
            self.anchors.push((node, anchor));
        }
        if properties.anchor_id != 0 {
            self.anchored.insert(properties.anchor_id, node);
        }
        self.place(node, start);
    }

    fn find_duplicates(&mut self, children: &[NodeId]) {
        let tree = &self.builder.tree;
        let key = |id: NodeId| {
            let node = &tree.nodes[id.index()];
            (node.repr == Repr::Scalar)
                .then(|| &tree.pool[node.first as usize..(node.first + node.count) as usize])
        };
        let mut found = Vec::new();
        let keys = || children.iter().step_by(2);
        if children.len() <= 32 {
            for (index, second) in keys().enumerate() {
                if let Some(text) = key(*second)
                    && let Some(first) = keys().take(index).find(|first| key(**first) == Some(text))
                {
                    found.push(Duplicate { first: *first, second: *second });
                }
            }
        } else {
            let mut seen = HashMap::new();
            for id in keys() {
                if let Some(text) = key(*id)
                    && let Some(first) = seen.insert(text, *id)
                {
                    seen.insert(text, first);
                    found.push(Duplicate { first, second: *id });
                }
            }
        }
        self.duplicates.extend(found);
    }

    /// Ends a document.
    fn finish(&mut self, text: &Arc<str>) -> Tree {
        let builder = std::mem::take(&mut self.builder);
        let root = self.root.take().filter(|root| {
            let node = &builder.tree.nodes[root.index()];
            !(node.repr == Repr::Scalar && node.span.is_empty() && builder.tree.nodes.len() == 1)
        });
        let mut tree = builder.finish(root);
        tree.texts = vec![(self.source, Arc::clone(text))];
        tree.aliases = std::mem::take(&mut self.aliases);
        tree.anchors = std::mem::take(&mut self.anchors);
        tree.anchors.sort_by_key(|(id, _)| *id);
        tree.duplicates = std::mem::take(&mut self.duplicates);
        tree.duplicates.sort_by_key(|duplicate| tree.nodes[duplicate.second.index()].span.start);
        let mut owners = std::mem::take(&mut self.owners);
        // An item stands before the keys of its mapping, at the same place.
        owners.sort_by_key(|(start, id, is_key)| (*start, *is_key, *id));
        tree.comments = std::mem::take(&mut self.comments)
            .into_iter()
            .map(|(span, placement)| self.own(span, placement, &owners))
            .collect();
        self.anchored.clear();
        self.anchor_names.clear();
        tree
    }

    /// What there is to tell about an error at `at`.
    fn scene(&self, at: usize) -> Scene<'s> {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let opened = |open: &Open| match open {
            Open::Sequence { style, start, .. } => (*start, *style, true),
            Open::Mapping { style, start, .. } => (*start, *style, false),
        };
        // `[a: b]` holds a mapping without brackets.
        let bracket = |open: &Open| {
            let (start, style, _) = opened(open);
            (style == Style::Flow && self.text[start..].starts_with(['[', '{'])).then_some(start)
        };
        Scene {
            source: self.source,
            text: self.text,
            at,
            cursor: self.cursor.min(at),
            last: self.last,
            open: self.open.last().map(opened),
            bracket: self.open.iter().rev().find_map(bracket),
        }
    }

    /// Finds what a comment belongs to.
    fn own(
        &self,
        span: Span,
        placement: granit_parser::Placement,
        owners: &[(usize, NodeId, bool)],
    ) -> Comment {
        let start = span.start as usize;
        let line_start = self.text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let after = owners.partition_point(|(at, ..)| *at < start);
        let behind = !self.text[line_start..start].trim_start_matches('\u{feff}').trim().is_empty();
        if behind {
            let first = owners.partition_point(|(at, ..)| *at < line_start);
            let line = &owners[first..after];
            // Behind a lone dash it describes the item that follows.
            let lone = self.text[line_start..start].bytes().all(|byte| matches!(byte, b' ' | b'-'));
            let near = if lone { owners.get(after) } else { owners[..after].last() };
            let owner = line.iter().find(|(.., is_key)| *is_key).or(line.first()).or(near);
            return Comment { span, placement: Placement::Right, node: owner.map(|(_, id, _)| *id) };
        }
        if placement == granit_parser::Placement::Above
            && let Some((_, id, _)) = owners.get(after)
        {
            return Comment { span, placement: Placement::Above, node: Some(*id) };
        }
        Comment { span, placement: Placement::Free, node: None }
    }
}

/// Whether the engine's library allows the character in the name of an anchor.
fn is_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

fn structure(style: StructureStyle) -> Style {
    match style {
        StructureStyle::Block => Style::Block,
        StructureStyle::Flow => Style::Flow,
    }
}

/// The bytes of the first comment on a line of its own within a plain scalar's text.
fn comment_within(text: &str) -> Option<std::ops::Range<usize>> {
    let mut at = text.find(['\n', '\r'])?;
    while at < text.len() {
        let line = text[at..].split(['\n', '\r']).next().unwrap_or_default();
        let code = line.trim_start_matches([' ', '\t']);
        if code.starts_with('#') {
            return Some(at + line.len() - code.len()..at + line.len());
        }
        at += line.len() + 1;
    }
    None
}
