//! From a file's text to its trees. The only module that knows the YAML parser in use.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle};

use super::{Builder, Comment, Duplicate, Node, NodeId, Placement, Property, Repr, Style, Tree};
use crate::source::{SourceId, Span};

/// The deepest nesting of collections that is read.
pub const MAX_DEPTH: usize = 128;

/// The number of nodes that one file may have.
pub const MAX_NODES: usize = 500_000;

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
    /// The end of the last token that was seen, from which block headers and colons are looked for.
    cursor: usize,
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
        anchored: HashMap::new(),
        anchor_names: HashMap::new(),
        owners: Vec::new(),
        comments: Vec::new(),
        duplicates: Vec::new(),
        aliases: Vec::new(),
        anchors: Vec::new(),
        problems: Vec::new(),
        nodes: 0,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let problem = reader.explain(&error);
                reader.problems.push(problem);
                break;
            }
        };
        if let Event::DocumentEnd = event {
            let tree = reader.finish(text);
            if reader.problems.is_empty() {
                parsed.documents.push(tree);
            }
            continue;
        }
        if !reader.event(event, span) {
            break;
        }
    }
    parsed.problems = reader.problems;
    parsed.problems.sort_by_key(|problem| problem.span);
    parsed
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
    fn event(&mut self, event: Event<'_>, at: granit_parser::Span) -> bool {
        let range = at.byte_range().unwrap_or(0..0);
        if event.is_node() || matches!(event, Event::UnresolvedAlias(_)) {
            self.nodes += 1;
            if self.nodes > MAX_NODES {
                self.limit(range.start, format!("the file has more than {MAX_NODES} values"));
                return false;
            }
        }
        match event {
            Event::Comment(_, placement) => {
                let span = self.span(range.start, range.end);
                self.comments.push((span, placement));
            }
            Event::Anchor(id, name) => {
                let span = self.span(range.start, range.end);
                let property = Property { name: name.as_ref().into(), span };
                self.anchor_names.insert(id, property.name.clone());
                match self.open.last_mut() {
                    Some(
                        Open::Sequence { properties, items: children, .. }
                        | Open::Mapping { properties, children, .. },
                    ) if properties.anchor_id == id && children.is_empty() => {
                        properties.anchor = Some(property);
                    }
                    _ => {
                        if let Some(node) = self.anchored.get(&id) {
                            self.anchors.push((*node, property));
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
                    Some(format!("define `&{name}` above, or put the value in quotes if it is text")),
                );
                let node = self.alias(&name, span);
                self.cursor = range.end;
                self.place(node, range.start);
            }
            Event::Scalar(value, style, anchor_id, tag) => {
                let tag = tag.and_then(|_| self.tag(&at));
                self.scalar(&value, style, range, anchor_id, tag);
            }
            Event::SequenceStart(style, anchor_id, tag) => {
                let tag = tag.and_then(|_| self.tag(&at));
                let style = structure(style);
                if style == Style::Flow {
                    self.cursor = range.end;
                }
                self.open.push(Open::Sequence {
                    items: Vec::new(),
                    style,
                    start: range.start,
                    properties: Properties { anchor_id, anchor: None, tag },
                });
                return self.check_depth(range.start);
            }
            Event::MappingStart(style, anchor_id, tag) => {
                let tag = tag.and_then(|_| self.tag(&at));
                let style = structure(style);
                if style == Style::Flow {
                    self.cursor = range.end;
                }
                self.open.push(Open::Mapping {
                    children: Vec::new(),
                    style,
                    start: range.start,
                    properties: Properties { anchor_id, anchor: None, tag },
                });
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
            self.limit(at, format!("collections are nested more than {MAX_DEPTH} deep"));
            return false;
        }
        true
    }

    fn tag(&self, at: &granit_parser::Span) -> Option<Property> {
        let range = at.tag_span()?.byte_range()?;
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
        })
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        range: std::ops::Range<usize>,
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
                let mut end = range.end.max(start);
                let body = &self.text[start..end];
                end = start + body.trim_end_matches([' ', '\t', '\n', '\r']).len();
                (start, end)
            }
            Style::Plain if range.is_empty() => {
                value = "";
                let at = match &tag {
                    Some(tag) => tag.span.end as usize,
                    None => self.absent(range.start),
                };
                (at, at)
            }
            _ => (range.start, range.end),
        };
        let span = self.span(start, end);
        let node = self.builder.scalar(value, style, span);
        if let Some(tag) = tag {
            self.builder.set_tag(node, tag);
        }
        if anchor_id != 0 {
            self.anchored.insert(anchor_id, node);
        }
        self.cursor = self.cursor.max(end);
        self.place(node, start);
    }

    /// The place of a value that is not written: behind the `:` or `-` that asks for it.
    fn absent(&self, at: usize) -> usize {
        if let Some(Open::Mapping { children, .. }) = self.open.last()
            && let Some(key) = children.last()
            && children.len() % 2 == 1
        {
            let end = self.builder.tree.nodes[key.index()].span.end as usize;
            let end = end.max(self.cursor.min(at.max(end)));
            let rest = &self.text[end..];
            let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            return if rest[blank..].starts_with(':') { end + blank + 1 } else { end };
        }
        if let Some(Open::Sequence { style: Style::Block, .. }) = self.open.last() {
            // The event may lie on the next token; the dash is the last one before it.
            let before = &self.text[..at];
            let trimmed = before.trim_end_matches([' ', '\t', '\n', '\r']);
            return trimmed.len().max(self.cursor.min(at));
        }
        at
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

    /// Reports a tab before a block key or item; the parser in use lets some of them pass, the
    /// engine's does not.
    fn check_tabs(&mut self, start: usize) {
        let line = self.text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let before = &self.text[line..start];
        if !before.contains('\t') || !before.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'-' | b'?')) {
            return;
        }
        let at = line + before.find('\t').unwrap_or_default();
        let end = at + self.text[at..start].bytes().take_while(|byte| *byte == b'\t').count();
        let span = self.span(at, end);
        if self.problems.iter().any(|problem| problem.span == span) {
            return;
        }
        self.syntax(
            span,
            "a tab indents this line, and YAML allows only spaces",
            Some("indent with spaces".into()),
        );
    }

    fn close(&mut self, range: std::ops::Range<usize>) {
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
            let start =
                if repr == Repr::Sequence { self.dash_before(first) } else { first.min(start.max(first)) };
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

    /// The offset of the dash that introduces the item at `item`.
    fn dash_before(&self, item: usize) -> usize {
        let mut at = item;
        let bytes = self.text.as_bytes();
        // Tags and anchors may stand between the dash and the item.
        while at > 0 {
            match bytes[at - 1] {
                b' ' | b'\t' | b'\n' | b'\r' => at -= 1,
                b'-' if bytes.get(at).is_none_or(|next| next.is_ascii_whitespace()) => return at - 1,
                b'#' => return item,
                _ => {
                    let word = bytes[..at].iter().rposition(u8::is_ascii_whitespace).map_or(0, |it| it + 1);
                    if !matches!(bytes[word], b'!' | b'&') {
                        return self.dash_past_comments(item);
                    }
                    at = word;
                }
            }
        }
        item
    }

    /// The same where comment lines stand between the dash and its item.
    fn dash_past_comments(&self, item: usize) -> usize {
        let mut line_end = item;
        while let Some(start) = self.text[..line_end].rfind('\n') {
            let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
            let line = &self.text[line_start..start];
            let code = line.trim_start();
            if code.starts_with('-') {
                return line_start + (line.len() - code.len());
            }
            if !(code.is_empty() || code.starts_with('#')) {
                break;
            }
            line_end = start;
        }
        item
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

    /// A problem in a person's words for an error of the parser.
    fn explain(&self, error: &ScanError) -> Problem {
        let mut at = error.marker().byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let next = self.text[at..].chars().next();
        let here = self.span(at, at + next.filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8));
        let problem = |span: Span, message: &str, help: &str| Problem {
            kind: ProblemKind::Syntax,
            span,
            message: message.into(),
            help: (!help.is_empty()).then(|| help.into()),
            label: None,
        };
        let opener = |what: &str| {
            self.open.iter().rev().find_map(|open| match open {
                Open::Sequence { style: Style::Flow, start, .. }
                | Open::Mapping { style: Style::Flow, start, .. } => {
                    Some((self.span(*start, *start + 1), what.to_string()))
                }
                _ => None,
            })
        };
        if let Some(slip) = self.slip(at) {
            return slip;
        }
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => Problem {
                kind: ProblemKind::Limit,
                span: here,
                message: format!("collections are nested more than {MAX_DEPTH} deep"),
                help: None,
                label: None,
            },
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar => {
                problem(here, "a tab indents this line, and YAML allows only spaces", "indent with spaces")
            }
            ErrorKind::UnexpectedCharacter { character } => problem(
                here,
                &format!("`{}` cannot start a value without quotes", character.escape_debug()),
                "put the value in quotes",
            ),
            ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
                let start = self.quote_start(at);
                problem(
                    self.span(start, start + 1),
                    "this quote is never closed",
                    "close it on the same line",
                )
            }
            ErrorKind::InvalidQuotedScalarIndent => problem(
                here,
                "a quoted value continues on a line that is not indented deeper than its key",
                "indent the line deeper than the key, or put the value on one line",
            ),
            ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape
            | ErrorKind::InvalidUnicodeEscape => problem(
                here,
                "this escape is none that a double-quoted value has",
                "use single quotes, or write `\\\\` for a backslash",
            ),
            ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::InvalidFlowScalarIndent
            | ErrorKind::BlockEntryInFlowCollection => {
                let label = opener("opened here");
                let mut found = match &label {
                    Some((span, _)) if at >= self.text.len() => {
                        let bracket =
                            if self.text.as_bytes()[span.start as usize] == b'[' { ']' } else { '}' };
                        problem(
                            *span,
                            "this bracket is never closed",
                            &format!("add the closing `{bracket}`"),
                        )
                    }
                    _ => problem(
                        here,
                        "a `,` or the closing bracket is missing before this",
                        "separate the entries with `,` and close the bracket",
                    ),
                };
                found.label = label.filter(|(span, _)| *span != found.span);
                found
            }
            ErrorKind::MisplacedFlowCollectionEnd => {
                problem(here, "this bracket closes nothing", "remove it, or put the value in quotes")
            }
            ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
                let mut found = problem(
                    here,
                    &format!("`{close}` closes a collection that `{open}` opened"),
                    "close each bracket with its own kind",
                );
                found.label = opener("opened here");
                found
            }
            ErrorKind::MappingValueNotAllowed | ErrorKind::FlowMappingValueAdjacentCollection => problem(
                here,
                "a second `: ` on one line",
                "put the value in quotes, or the inner key on a line of its own",
            ),
            ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey | ErrorKind::MappingKeyNotAllowed => {
                problem(
                    self.line_at(at),
                    "this line is neither `key: value` nor `- item`",
                    "write `key: value`",
                )
            }
            ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::ExpectedBlockSequenceEntry
            | ErrorKind::BlockSequenceEntryNotAllowed
            | ErrorKind::InvalidIndentation => problem(
                self.line_at(at),
                "the indentation of this line fits nothing above it",
                "align it with the entries that it belongs to",
            ),
            ErrorKind::UndeclaredTagHandle => {
                problem(here, "a tag of this form is not declared", "put the value in quotes if it is text")
            }
            _ => problem(here, &error.kind().to_string().replace('`', ""), ""),
        }
    }

    /// The commonest slips, told by the line at or above the error.
    fn slip(&self, at: usize) -> Option<Problem> {
        let make = |span: Span, message: String, help: String| {
            Some(Problem { kind: ProblemKind::Syntax, span, message, help: Some(help), label: None })
        };
        let line_start = |at: usize| self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        let here = line_start(at);
        let above = (here > 0).then(|| line_start(here - 1));
        for start in [Some(here), above].into_iter().flatten() {
            let line = self.text[start..].split(['\n', '\r']).next().unwrap_or_default();
            let code = line.trim_start_matches([' ', '\t']);
            let indent = &line[..line.len() - code.len()];
            if let Some(tab) = indent.find('\t')
                && !code.is_empty()
                && start == here
            {
                let tabs = indent[tab..].bytes().take_while(|byte| *byte == b'\t').count();
                return make(
                    self.span(start + tab, start + tab + tabs),
                    "a tab indents this line, and YAML allows only spaces".into(),
                    "indent with spaces".into(),
                );
            }
            let offset = start + indent.len();
            let code = code.strip_prefix("- ").map_or(code, |rest| rest.trim_start());
            let offset = offset + (line.len() - indent.len() - code.len());
            if let Some((key, value)) = code.split_once(':')
                && !key.is_empty()
                && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
                && value
                    .starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '"' | '\'' | '.' | '$'))
                && !value.contains(": ")
            {
                let word = code.split(' ').next().unwrap_or_default();
                return make(
                    self.span(offset, offset + word.len()),
                    format!("`{key}:` has no space behind the colon"),
                    format!("write `{key}: ` and then the value"),
                );
            }
            if start != here {
                continue;
            }
            let value = code.split_once(": ").map_or(code, |(_, value)| value).trim_start();
            if let Some(first) = value.chars().next()
                && matches!(first, '@' | '`' | '%' | '*')
            {
                let value_at =
                    start + line.len() - line.trim_start().len() + line.trim_start().len() - value.len();
                return make(
                    self.span(value_at, value_at + first.len_utf8()),
                    format!(
                        "`{}` cannot start a value without quotes",
                        if first == '`' { "a backtick".to_string() } else { first.to_string() }
                    )
                    .replace("`a backtick`", "a backtick"),
                    "put the value in quotes".into(),
                );
            }
            if value.starts_with("{{") {
                let value_at = start + line.len() - value.len();
                return make(
                    self.span(value_at, value_at + 2),
                    "`{{` opens a YAML mapping here".into(),
                    "put the template in quotes".into(),
                );
            }
        }
        None
    }

    /// The bytes of the line at `at` without its indentation.
    fn line_at(&self, at: usize) -> Span {
        let start = self.text[..at].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let line = self.text[start..].split(['\n', '\r']).next().unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        self.span(start + indent, start + line.trim_end().len())
    }

    /// The offset of the quote that the unclosed scalar starts with.
    fn quote_start(&self, at: usize) -> usize {
        let from = self.cursor.min(at);
        let rest = &self.text[from..];
        let mut previous = ' ';
        for (offset, c) in rest.char_indices() {
            if matches!(c, '"' | '\'') && (previous.is_whitespace() || matches!(previous, '[' | '{' | ',')) {
                return from + offset;
            }
            previous = c;
        }
        at.saturating_sub(1)
    }
}

fn structure(style: StructureStyle) -> Style {
    match style {
        StructureStyle::Block => Style::Block,
        StructureStyle::Flow => Style::Flow,
    }
}
