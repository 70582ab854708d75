//! From the comments of the files to what they silence.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::comment::{Keyword, own};
use super::foreign::{Foreign, Reach, check, foreign, misspelt, namesakes_of};
use super::{By, Entry, FileSuppressions, Key, Name, Namesake, Slip, Suppression, Suppressions};
use crate::compose::file::{ComposeFile, DockerfileFile};
use crate::lint::Selector;
use crate::source::{Source, SourceId, Sources, Span};
use crate::yaml::{Kind, NodeId, Placement, Tree};

/// A comment and what it stands at.
struct Place {
    span: Span,
    /// The key with its value, the item or the instruction that it belongs to.
    node: Option<Span>,
    /// The stage whose `FROM` the node is.
    stage: Option<Span>,
    /// Whether it stands above everything but comments.
    is_at_top: bool,
    /// Whether something stands before it on its line.
    is_right: bool,
    /// The bytes that count as its file.
    file: Span,
    is_inline: bool,
}

impl Suppressions {
    /// What the comments of `compose` and `dockerfiles` silence; those in Compose files among the
    /// latter too.
    pub fn collect(
        compose: &[Arc<ComposeFile>],
        dockerfiles: &[Arc<DockerfileFile>],
        sources: &Sources,
    ) -> Self {
        let mut suppressions = Self::default();
        for file in compose {
            for tree in file.documents.iter().filter(|tree| !tree.comments().is_empty()) {
                suppressions.of_tree(file, tree, sources);
            }
        }
        for file in dockerfiles {
            if !file.dockerfile.comments().is_empty() || !file.dockerfile.directives().is_empty() {
                suppressions.of_dockerfile(file, sources);
            }
        }
        suppressions
    }

    fn of_tree(&mut self, file: &ComposeFile, tree: &Tree, sources: &Sources) {
        let Some(text) = tree.text(file.source) else { return };
        let speaks = |span: Span| text.get(span.range()).is_some_and(is_for_tools);
        if !tree.comments().iter().any(|comment| speaks(comment.span)) {
            return;
        }
        let mut wanted: HashMap<NodeId, Span> = HashMap::new();
        for comment in tree.comments().iter().filter(|comment| speaks(comment.span)) {
            if let Some(node) = comment.node {
                wanted.insert(node, tree.node(node).span());
            }
        }
        for mapping in tree.nodes().filter(|node| node.kind() == Kind::Mapping && !node.is_alias()) {
            for entry in mapping.entries() {
                if let Some(span) = wanted.get_mut(&entry.key.id()) {
                    *span = entry.span();
                }
            }
        }
        let top = tree.root().map_or(u32::MAX, |root| root.span().start);
        let whole = Span { source: file.source, start: 0, end: u32::MAX };
        let places = tree.comments().iter().filter(|comment| speaks(comment.span)).map(|comment| Place {
            span: comment.span,
            node: comment.node.and_then(|node| wanted.get(&node).copied()),
            stage: None,
            is_at_top: comment.span.start < top,
            is_right: comment.placement == Placement::Right,
            file: whole,
            is_inline: false,
        });
        let places: Vec<Place> = places.collect();
        self.add(&sources.get(file.source), file.source, &places);
    }

    fn of_dockerfile(&mut self, file: &DockerfileFile, sources: &Sources) {
        let dockerfile = &file.dockerfile;
        let source = sources.get(file.source);
        let instructions = dockerfile.instructions();
        let whole = if file.inline {
            let first = dockerfile.comments().first().map(|comment| comment.span);
            let first = first.or(instructions.first().map(|instruction| instruction.span));
            let last = instructions.last().map(|instruction| instruction.span);
            let Some(whole) = first.zip(last).map(|(first, last)| first.to(last)) else { return };
            whole
        } else {
            Span { source: file.source, start: 0, end: u32::MAX }
        };
        for directive in dockerfile.directives() {
            if directive.name.value == "check"
                && let Some(skipped) = check(&directive.value.value)
            {
                let entries = &mut self.file(&source, file.source).entries;
                entries.extend(skipped.entries(whole, false, directive.span, None));
                self.file(&source, file.source).has_foreign = true;
            }
        }
        let speaks = |span: Span| source.text().get(span.range()).is_some_and(is_for_tools);
        if !dockerfile.comments().iter().any(|comment| speaks(comment.span)) {
            return;
        }
        let stages: HashMap<Span, Span> = dockerfile
            .stages()
            .map(|stage| {
                let last = stage.instructions().last().map_or(stage.from().span, |last| last.span);
                (stage.from().span, stage.from().span.to(last))
            })
            .collect();
        let top = instructions.first().map_or(u32::MAX, |instruction| instruction.span.start);
        let places = dockerfile.comments().iter().filter(|comment| speaks(comment.span)).map(|comment| {
            let index = comment.above.or(comment.inside);
            let node = index.and_then(|index| instructions.get(index)).map(|it| it.span);
            Place {
                span: comment.span,
                node,
                stage: comment.above.and(node).and_then(|span| stages.get(&span).copied()),
                is_at_top: comment.span.start < top,
                is_right: false,
                file: whole,
                is_inline: file.inline,
            }
        });
        let places: Vec<Place> = places.collect();
        self.add(&source, file.source, &places);
    }

    fn file(&mut self, source: &Source, id: SourceId) -> &mut FileSuppressions {
        self.files.entry(id).or_insert_with(|| FileSuppressions {
            text: source.shared_text(),
            own: Vec::new(),
            namesakes: Vec::new(),
            entries: Vec::new(),
            has_foreign: false,
        })
    }

    /// Takes in the comments of one document or Dockerfile, in source order.
    fn add(&mut self, source: &Source, id: SourceId, places: &[Place]) {
        let file = self.file(source, id);
        // What `composelint-disable` has begun, by name; `None` stands for all names.
        let mut begun: BTreeMap<Option<String>, Begun> = BTreeMap::new();
        let end = places.first().map_or(0, |place| place.file.end);
        for place in places {
            let text = &source.text()[place.span.range()];
            if let Some(written) = own(text) {
                file.add_own(&written, text, place);
            }
            let others = foreign(text);
            if let Some(word) = misspelt(text).filter(|_| others.is_empty()) {
                file.namesakes.push(Namesake::slip(place.span, word, Slip::Word));
            }
            for foreign in others {
                file.has_foreign = true;
                match foreign.reach {
                    Reach::Start => {
                        let first = file.add_namesakes(&foreign, place.span);
                        for (index, name) in named(&foreign).into_iter().enumerate() {
                            let one = Foreign { names: name.iter().cloned().collect(), ..foreign.clone() };
                            let namesake = first.map(|first| first + index);
                            begun.entry(name).or_insert(Begun { by: place.span, what: one, namesake });
                        }
                    }
                    Reach::End => {
                        let ended: Vec<Begun> = if foreign.names.is_empty() {
                            std::mem::take(&mut begun).into_values().collect()
                        } else {
                            named(&foreign).iter().filter_map(|name| begun.remove(name)).collect()
                        };
                        if ended.is_empty() {
                            let word = "composelint-enable";
                            file.namesakes.push(Namesake::slip(place.span, word, Slip::NothingToEnd));
                        }
                        for begun in ended {
                            file.entries.extend(begun.entries(place.span.start));
                        }
                    }
                    reach => {
                        let first = file.add_namesakes(&foreign, place.span);
                        if let Some((range, is_node)) = place.reached(reach, source) {
                            file.entries.extend(foreign.entries(range, is_node, place.span, first));
                        }
                    }
                }
            }
        }
        for begun in begun.into_values() {
            file.entries.extend(begun.entries(end));
        }
    }
}

/// What `composelint-disable` has begun.
struct Begun {
    /// The comment.
    by: Span,
    /// The comment with one of its names.
    what: Foreign,
    /// The index of the name among the namesakes.
    namesake: Option<usize>,
}

impl Begun {
    /// What it silences up to `end`.
    fn entries(&self, end: u32) -> Vec<Entry> {
        self.what.entries(Span { end, ..self.by }, false, self.by, self.namesake)
    }
}

impl Namesake {
    fn slip(span: Span, word: &str, slip: Slip) -> Self {
        Self { span, text: word.to_owned(), slip: Some(slip), is_used: false, is_judged: false }
    }
}

/// Whether a comment may be one that silences; so that others cost nothing more.
fn is_for_tools(comment: &str) -> bool {
    ["lint", "check", "trivy:", "nosem", "kics-"].iter().any(|word| comment.contains(word))
}

/// The names, each by itself; `None` if all are meant.
fn named(foreign: &Foreign) -> Vec<Option<String>> {
    if foreign.names.is_empty() {
        return vec![None];
    }
    foreign.names.iter().cloned().map(Some).collect()
}

impl Foreign {
    /// What it silences in `range`; `first` is the index of its first name among the namesakes.
    fn entries(&self, range: Span, is_node: bool, by: Span, first: Option<usize>) -> Vec<Entry> {
        let keys = named(self).into_iter().map(|name| match name {
            Some(name) => Key::Foreign(format!("{}:{name}", self.tool).to_ascii_lowercase()),
            None => Key::Tool(self.tool),
        });
        keys.enumerate()
            .map(|(index, key)| Entry {
                start: range.start,
                end: range.end,
                is_node,
                key,
                by: By::Foreign {
                    span: by,
                    reason: self.reason.clone(),
                    namesake: first.map(|first| first + index),
                },
            })
            .collect()
    }
}

impl Place {
    /// The bytes that a comment here is about, and whether they are those of a node.
    fn reached(&self, reach: Reach, source: &Source) -> Option<(Span, bool)> {
        let line = |below: usize| {
            let line = source.line_of(self.span.start) + below;
            let start = *source.line_starts().get(line)?;
            let end = source.line_starts().get(line + 1).copied().unwrap_or(u32::MAX);
            Some((Span { source: self.span.source, start, end }, false))
        };
        match reach {
            Reach::Node => self.node.map(|node| (node, true)),
            Reach::NodeOrFile if self.is_at_top => Some((self.file, false)),
            Reach::NodeOrFile => self.stage.or(self.node).map(|node| (node, true)),
            Reach::Stage => self.stage.map(|stage| (stage, true)),
            Reach::File => Some((self.file, false)),
            Reach::Top => self.is_at_top.then_some((self.file, false)),
            Reach::Line => line(0),
            Reach::NextLine => line(1),
            Reach::LineOrNode if self.is_right => line(0),
            Reach::LineOrNode => self.node.map(|node| (node, true)),
            Reach::Start | Reach::End => None,
        }
    }
}

impl FileSuppressions {
    /// Takes in the checks that a comment of nbsp1221/composelint names, and returns the index of the
    /// first; `None` if it is another tool's comment, or names none.
    fn add_namesakes(&mut self, foreign: &Foreign, span: Span) -> Option<usize> {
        if !foreign.is_of_namesake() || foreign.names.is_empty() {
            return None;
        }
        let first = self.namesakes.len();
        self.namesakes.extend(foreign.names.iter().map(|name| Namesake {
            span,
            text: name.clone(),
            slip: namesakes_of(name).next().is_none().then_some(Slip::Name),
            is_used: false,
            is_judged: false,
        }));
        Some(first)
    }

    /// Takes in a comment of this tool's form, whose whole text is `text`.
    fn add_own(&mut self, written: &super::comment::Written<'_>, text: &str, place: &Place) {
        let (source, offset) = (place.span.source, place.span.start as usize);
        let scope = match written.keyword {
            Some(Keyword::Ignore) => place.node,
            Some(Keyword::IgnoreFile) => place.is_at_top.then_some(place.file),
            None => None,
        };
        let names = written.names.iter().map(|range| {
            let text = &text[range.clone()];
            Name {
                text: text.to_owned(),
                span: Span::new(source, offset + range.start, offset + range.end),
                selector: Selector::parse(text).filter(|selector| *selector != Selector::All),
                is_used: false,
                is_judged: false,
            }
        });
        let suppression = Suppression {
            span: Span { start: place.span.start + written.start as u32, ..place.span },
            keyword: written.keyword,
            names: names.collect(),
            reason: written.reason.map(str::to_owned),
            fault: written.fault.clone(),
            scope,
            list_end: (offset + written.list_end) as u32,
            is_inline: place.is_inline,
        };
        if let Some(scope) = scope.filter(|_| suppression.fault.is_none()) {
            for (index, name) in suppression.names.iter().enumerate() {
                let key = match &name.selector {
                    Some(Selector::Rule(rule)) => Key::Rule(rule),
                    Some(Selector::Category(category)) => Key::Category(category.clone()),
                    Some(Selector::All) | None => continue,
                };
                self.entries.push(Entry {
                    start: scope.start,
                    end: scope.end,
                    is_node: written.keyword == Some(Keyword::Ignore),
                    key,
                    by: By::Own { comment: self.own.len(), name: index },
                });
            }
        }
        self.own.push(suppression);
    }
}
