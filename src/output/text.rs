//! Findings drawn into excerpts of their files.
//!
//! ```text
//! warning[port-on-all-interfaces]: port 5432 is published on all interfaces
//!    ╭─ compose.yaml:7:9
//!  6 │     ports:
//!  7 │       - "5432:5432"
//!    │         ━━━━━━━━━━━ `db`
//!    ╰─ help: bind it to 127.0.0.1
//! ```
//!
//! miette draws the marks under a line where that takes more than repeating a character: several
//! labels, and characters of other widths than one. The rest is drawn here. A line is found by the
//! file's line index and cut to the terminal before it is drawn, so neither long files nor long lines
//! cost anything.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteSpanContents, ThemeStyles};

use super::masked::plain;
use super::{File, Files, Options, Style, count, paint, severity_style, shown_path};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::report::Report;
use crate::source::{SourceId, Span};

/// The most places that one block marks, and the most other places that it marks beside them.
const MOST_MARKS: usize = 8;
/// The most subjects that one mark names.
const MOST_NAMES: usize = 4;
/// The columns between two tab stops.
const TAB: usize = 4;
/// The fewest columns that are used of any terminal.
const LEAST_WIDTH: usize = 20;

/// Writes a block for each of `diagnostics`, or one for several that say the same.
pub(super) fn render(
    diagnostics: &[&Diagnostic],
    report: &Report,
    files: &mut Files<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    files.mask(diagnostics);
    let readers = Readers::new(report);
    let mut text = String::new();
    for members in fold(diagnostics, files) {
        text.clear();
        Block::new(&members, &readers, files, options).draw(&mut text);
        text.push('\n');
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Groups the findings that differ in subject and place only, or, in one file, in words that stand in the
/// marked lines as well; a group stands where its first does.
fn fold<'r>(diagnostics: &[&'r Diagnostic], files: &mut Files<'_>) -> Vec<Vec<&'r Diagnostic>> {
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    let mut index = HashMap::new();
    for diagnostic in diagnostics {
        let form = form(diagnostic, &files.get(diagnostic.span.source));
        let file = form.as_ref().map(|_| diagnostic.span.source);
        let message = form.unwrap_or_else(|| diagnostic.message.clone());
        let labels: Vec<(Span, &str)> =
            diagnostic.labels.iter().map(|label| (label.span, label.text.as_str())).collect();
        let fix = diagnostic.fix.as_ref().map(|fix| (fix.title.as_str(), fix.applicability));
        let said = (diagnostic.rule.name, diagnostic.severity, message, &diagnostic.help, file);
        let group = *index.entry((said, fix, labels, &diagnostic.deployments)).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(members) => members.push(diagnostic),
            None => groups.push(vec![diagnostic]),
        }
    }
    groups
}

/// The bytes on either side of a span that belong to its line at most.
const NEAR: usize = 200;

/// The message without the words in backticks, if all of them can be read in the line that is marked.
fn form(diagnostic: &Diagnostic, file: &File<'_>) -> Option<String> {
    let message = diagnostic.message.as_str();
    if !message.contains('`') {
        return None;
    }
    let (text, span) = (file.source.text(), diagnostic.span.range());
    let before = text.get(..span.start)?.char_indices().rev().take(NEAR);
    let start = before.take_while(|(_, letter)| *letter != '\n').last().map_or(span.start, |(at, _)| at);
    let after = text.get(span.start..)?.char_indices().take(span.len() + NEAR);
    let length = after.take_while(|(_, letter)| *letter != '\n').last();
    let length = length.map_or(0, |(at, letter)| at + letter.len_utf8());
    let line = text.get(start..span.start + length).unwrap_or_default();
    let mut form = String::new();
    for (at, part) in message.split('`').enumerate() {
        if at % 2 == 0 {
            form.push_str(part);
        } else if line.contains(part) {
            form.push('`');
        } else {
            return None;
        }
    }
    Some(form)
}

/// The deployments that read each file.
struct Readers<'r> {
    report: &'r Report,
    by_path: HashMap<&'r Path, Vec<usize>>,
}

impl<'r> Readers<'r> {
    /// The deployments of `report` by what they read.
    fn new(report: &'r Report) -> Self {
        let mut by_path: HashMap<&Path, Vec<usize>> = HashMap::new();
        for (index, deployment) in report.deployments.iter().enumerate() {
            for file in &deployment.files {
                by_path.entry(file).or_default().push(index);
            }
        }
        Self { report, by_path }
    }

    /// The deployments that `diagnostic` concerns, if others read its file too.
    fn distinguished(&self, diagnostic: &Diagnostic, file: &File<'_>, options: &Options) -> Option<String> {
        let readers = self.by_path.get(file.source.path())?;
        let concerned = &diagnostic.deployments;
        if concerned.is_empty() || readers.iter().all(|reader| concerned.contains(reader)) {
            return None;
        }
        let deployments = concerned.iter().filter_map(|index| self.report.deployments.get(*index));
        let names = deployments.map(|deployment| {
            let files = deployment.files.iter();
            let names: Vec<String> =
                files.map(|file| plain(&shown_path(file, options.root.as_deref())).into_owned()).collect();
            names.join(" + ")
        });
        Some(names.collect::<Vec<_>>().join(", "))
    }
}

/// What draws a row of marks that are, from left to right, primary or not.
fn pen(options: &Options, severity: Severity, is_primary: &[bool]) -> GraphicalReportHandler {
    let mut theme = if options.unicode { GraphicalTheme::unicode_nocolor() } else { GraphicalTheme::none() };
    if options.color {
        let styles = ThemeStyles::ansi();
        let primary = match severity {
            Severity::Error => styles.error.bold(),
            Severity::Warning => styles.warning.bold(),
            Severity::Info => styles.advice.bold(),
        };
        let other = ThemeStyles::none().linum.blue();
        theme.styles.highlights =
            is_primary.iter().map(|is_primary| if *is_primary { primary } else { other }).collect();
    }
    theme.characters.vbar_break = theme.characters.vbar;
    let all = |kind: bool| is_primary.iter().all(|is_primary| *is_primary == kind);
    if options.unicode && all(true) {
        (theme.characters.underline, theme.characters.underbar) = ('━', '┯');
    } else if !options.unicode && all(false) {
        theme.characters.underline = '-';
    }
    GraphicalReportHandler::new_themed(theme)
        .with_wrap_lines(false)
        .with_links(false)
        .without_cause_chain()
        .without_syntax_highlighting()
        .with_context_lines(0)
}

/// A place to mark, within one line.
#[derive(Clone, Debug)]
struct Mark {
    /// The first byte; from the file's start, once drawn from its line's.
    start: usize,
    /// The byte past the last.
    end: usize,
    /// Whether the span goes on beyond the line.
    goes_on: bool,
    /// What stands beside the mark; may be empty.
    text: String,
    /// Whether the finding is about the place.
    primary: bool,
}

/// What one file has to show in a block.
struct Excerpt<'r> {
    /// The file.
    file: Rc<File<'r>>,
    /// The file's number.
    id: SourceId,
    /// The offset that the excerpt's heading names.
    first: u32,
    /// The marks by line from 0.
    lines: BTreeMap<usize, Vec<Mark>>,
}

/// One or more findings that are said once.
struct Block<'r, 'o> {
    options: &'o Options,
    severity: Severity,
    /// The first line.
    header: String,
    /// What is shown of each file, that of the first finding first.
    excerpts: Vec<Excerpt<'r>>,
    /// The names and texts of what stands under the excerpts.
    notes: Vec<(&'static str, String, Style)>,
    /// Whether lines without a mark are shown too.
    has_context: bool,
}

impl<'r, 'o> Block<'r, 'o> {
    /// The block for `members`, which differ in subject and place only; there is at least one.
    fn new(
        members: &[&Diagnostic],
        readers: &Readers<'_>,
        files: &mut Files<'r>,
        options: &'o Options,
    ) -> Self {
        let first = members[0];
        let file = files.get(first.span.source);
        let mut block = Self {
            options,
            severity: first.severity,
            header: header(members, &file),
            excerpts: Vec::new(),
            notes: Vec::new(),
            has_context: members.len() == 1,
        };

        // An alias gives several subjects the same bytes; they share a mark.
        let mut places: Vec<(Span, Vec<&str>)> = Vec::new();
        let mut index = HashMap::new();
        for member in members {
            let place = *index.entry(member.span).or_insert(places.len());
            if place == places.len() {
                places.push((member.span, Vec::new()));
            }
            let subjects = &mut places[place].1;
            subjects.extend(member.subject.as_deref().filter(|subject| !subjects.contains(subject)));
        }
        for (span, subjects) in places.iter().take(MOST_MARKS) {
            block.mark(*span, &subject_text(subjects, *span, files), true, files);
        }
        let hidden = places.get(MOST_MARKS..).unwrap_or_default();
        if !hidden.is_empty() {
            let more = block.more(hidden);
            block.notes.push(("", more, Style::Frame));
        }
        for label in first.labels.iter().take(MOST_MARKS) {
            block.mark(label.span, &file.prose(&label.text), false, files);
        }
        let hidden = first.labels.len().saturating_sub(MOST_MARKS);
        if hidden > 0 {
            block.notes.push(("", format!("and {} more", count(hidden, "place")), Style::Frame));
        }

        if let Some(help) = &first.help {
            block.notes.push(("help", file.prose(help).into_owned(), Style::Info));
        }
        if let Some(fix) = &first.fix {
            let name = match fix.applicability {
                Applicability::Safe => "fix",
                Applicability::Unsafe => "fix (unsafe)",
            };
            block.notes.push((name, file.prose(&fix.title).into_owned(), Style::Good));
        }
        if let Some(deployments) = readers.distinguished(first, &file, options) {
            block.notes.push(("in", deployments, Style::Strong));
        }
        block
    }

    /// Adds a mark at `span`.
    fn mark(&mut self, span: Span, text: &str, primary: bool, files: &mut Files<'r>) {
        let excerpt = match self.excerpts.iter().position(|excerpt| excerpt.id == span.source) {
            Some(index) => &mut self.excerpts[index],
            None => {
                let file = files.get(span.source);
                let excerpt = Excerpt { file, id: span.source, first: span.start, lines: BTreeMap::new() };
                self.excerpts.push(excerpt);
                let last = self.excerpts.len() - 1;
                &mut self.excerpts[last]
            }
        };
        let (line, mut mark) = place(&excerpt.file, span);
        mark.text = excerpt.file.prose(text).into_owned();
        mark.primary = primary;
        let marks = excerpt.lines.entry(line).or_default();
        match marks.iter_mut().find(|other| other.start == mark.start && other.end == mark.end) {
            Some(other) if other.text.is_empty() => other.text = mark.text,
            Some(other) if mark.text.is_empty() || other.text == mark.text => {}
            Some(other) => {
                other.text.push_str(", ");
                other.text.push_str(&mark.text);
            }
            None => marks.push(mark),
        }
    }

    /// `and 12 more: a, b, c …` with as many names as fit a line.
    fn more(&self, hidden: &[(Span, Vec<&str>)]) -> String {
        let names: Vec<&str> = hidden.iter().flat_map(|(_, subjects)| subjects.iter().copied()).collect();
        if names.is_empty() {
            return format!("and {} more", count(hidden.len(), "place"));
        }
        let mut text = format!("and {} more: ", hidden.len());
        let width = self.options.width.max(LEAST_WIDTH).saturating_sub(8);
        let mut column = columns(&text);
        for (index, name) in names.iter().enumerate() {
            let name = plain(name);
            column += columns(&name) + 2;
            if index > 0 && column + 1 > width {
                text.push_str(if self.options.unicode { " …" } else { " ..." });
                break;
            }
            text.push_str(if index > 0 { ", " } else { "" });
            text.push_str(&name);
        }
        text
    }

    /// Draws the block.
    fn draw(&self, out: &mut String) {
        let name = self.header.find(": ").unwrap_or(self.header.len());
        let (name, message) = self.header.split_at(name);
        out.push_str(&paint(self.options, severity_style(self.severity), name));
        out.push_str(&paint(self.options, Style::Strong, message));
        out.push('\n');
        let last = self.excerpts.iter().filter_map(|excerpt| excerpt.lines.keys().next_back()).max();
        let gutter = (last.copied().unwrap_or_default() + 1).to_string().len();
        for (index, excerpt) in self.excerpts.iter().enumerate() {
            self.draw_excerpt(excerpt, index == 0, gutter, out);
        }
        for (index, (name, text, style)) in self.notes.iter().enumerate() {
            self.draw_note(name, text, *style, index + 1 == self.notes.len(), gutter, out);
        }
        if self.notes.is_empty() && self.options.unicode {
            self.push_frame(format_args!("{:gutter$}  ╰─", ""), out);
            out.push('\n');
        }
    }

    /// Draws the file's path and its lines with marks.
    fn draw_excerpt(&self, excerpt: &Excerpt<'_>, is_first: bool, gutter: usize, out: &mut String) {
        let corner = match (self.options.unicode, is_first) {
            (true, true) => format!("{:gutter$}  ╭─ ", ""),
            (true, false) => format!("{:gutter$}  ├─ ", ""),
            (false, true) => format!("{:gutter$} --> ", ""),
            (false, false) => format!("{:gutter$} ::: ", ""),
        };
        self.push_frame(format_args!("{corner}"), out);
        let at = excerpt.file.position(excerpt.first);
        push(out, format_args!("{}:{}:{}\n", excerpt.file.path, at.line, at.column));

        let is_blank = |line| self.line_text(excerpt, line).trim().is_empty();
        let mut previous = None;
        for (line, marks) in &excerpt.lines {
            let before = line.saturating_sub(1);
            let is_wanted =
                marks.iter().any(|mark| mark.primary) || previous.is_some_and(|it| it + 1 == before);
            if self.has_context
                && is_wanted
                && before < *line
                && previous != Some(before)
                && !is_blank(before)
            {
                self.draw_line(excerpt, before, &[], gutter, out);
            }
            self.draw_line(excerpt, *line, marks, gutter, out);
            previous = Some(*line);
        }
    }

    /// The masked text of the line, without a byte order mark.
    fn line_text<'e>(&self, excerpt: &'e Excerpt<'_>, line: usize) -> &'e str {
        let text = excerpt.file.text().get(excerpt.file.source.line_range(line)).unwrap_or_default();
        text.strip_prefix('\u{feff}').filter(|_| line == 0).unwrap_or(text)
    }

    /// Draws a line with its marks under it.
    fn draw_line(&self, excerpt: &Excerpt<'_>, line: usize, marks: &[Mark], gutter: usize, out: &mut String) {
        let text = self.line_text(excerpt, line);
        let start = excerpt.file.source.line_range(line).end - text.len();
        let mut marks: Vec<Mark> = marks
            .iter()
            .map(|mark| Mark { start: mark.start - start, end: mark.end - start, ..mark.clone() })
            .collect();
        let width = self.options.width.max(LEAST_WIDTH).saturating_sub(gutter + 4);
        let text = window(text, &mut marks, width, self.options.unicode);

        let bar = if self.options.unicode { '│' } else { '|' };
        self.push_frame(format_args!(" {:>gutter$} {bar}", line + 1), out);
        if !text.is_empty() {
            push(out, format_args!(" {text}"));
        }
        out.push('\n');
        for layer in layers(marks) {
            for row in self.underline(&text, &layer) {
                self.push_frame(format_args!(" {:gutter$} {bar}", ""), out);
                push(out, format_args!(" {}\n", row.trim_end()));
            }
        }
    }

    /// The rows under `text` that draw `marks`, which are in order and do not overlap.
    fn underline(&self, text: &str, marks: &[Mark]) -> Vec<String> {
        let [mark] = marks else { return self.measured(text, marks) };
        let style = if mark.primary { severity_style(self.severity) } else { Style::Other };
        let is_ascii = |text: &str| text.chars().all(|char| char.is_ascii() || char == '…');
        let mut row = if mark.end > mark.start && is_ascii(&text[..mark.end]) {
            let line = match (self.options.unicode, mark.primary) {
                (true, true) => "━",
                (true, false) => "─",
                (false, true) => "^",
                (false, false) => "-",
            };
            let (before, length) = (columns(&text[..mark.start]), columns(&text[mark.start..mark.end]));
            format!("{:before$}{}", "", paint(self.options, style, &line.repeat(length)))
        } else {
            let unlabelled = Mark { text: String::new(), ..mark.clone() };
            self.measured(text, &[unlabelled]).into_iter().next().unwrap_or_default()
        };
        let dots = if self.options.unicode { "…" } else { "..." };
        let space = if mark.text.is_empty() { "" } else { " " };
        let text = format!("{}{space}{}", if mark.goes_on { dots } else { "" }, mark.text);
        row.push_str(&paint(self.options, style, &text));
        vec![row]
    }

    /// The same as miette draws them, which knows how wide every character is and how several labels
    /// find room.
    fn measured(&self, text: &str, marks: &[Mark]) -> Vec<String> {
        let kinds: Vec<bool> = marks.iter().map(|mark| mark.primary).collect();
        let labels = marks.iter().map(|mark| {
            let text = Some(mark.text.clone()).filter(|text| !text.is_empty());
            LabeledSpan::new_with_span(text, (mark.start, mark.end - mark.start))
        });
        let line = Line { text: format!("{text}\n"), labels: labels.collect() };
        let mut drawn = String::new();
        if pen(self.options, self.severity, &kinds).render_report(&mut drawn, &line).is_err() {
            return Vec::new();
        }
        // An empty message, a heading and the line come before the marks, a closing line after them.
        let bar = if self.options.unicode { '│' } else { '|' };
        let rows: Vec<&str> = drawn.lines().collect();
        let rows = rows.get(3..rows.len().saturating_sub(1)).unwrap_or_default();
        let rows = rows.iter().filter_map(|row| row.split_once(bar));
        rows.map(|(_, row)| row.strip_prefix(' ').unwrap_or(row).to_owned()).collect()
    }

    /// Draws `name: text` beside the frame, wrapped to the terminal.
    fn draw_note(
        &self,
        name: &str,
        text: &str,
        style: Style,
        is_last: bool,
        gutter: usize,
        out: &mut String,
    ) {
        let (corner, rest) = match (self.options.unicode, is_last) {
            (true, true) => ("╰─ ", "   "),
            (true, false) => ("├─ ", "│  "),
            (false, _) => ("= ", "  "),
        };
        self.push_frame(format_args!("{:gutter$}  {corner}", ""), out);
        let mut indent = 0;
        if !name.is_empty() {
            push(out, format_args!("{}: ", paint(self.options, style, name)));
            indent = name.len() + 2;
        }
        let width = self.options.width.max(LEAST_WIDTH).saturating_sub(gutter + 5 + indent);
        for (index, row) in wrapped(text, width.max(LEAST_WIDTH / 2)).iter().enumerate() {
            if index > 0 {
                self.push_frame(format_args!("{:gutter$}  {rest}", ""), out);
                push(out, format_args!("{:indent$}", ""));
            }
            push(out, format_args!("{row}\n"));
        }
    }

    /// Appends a piece of the frame.
    fn push_frame(&self, text: fmt::Arguments<'_>, out: &mut String) {
        match self.options.color {
            true => out.push_str(&paint(self.options, Style::Frame, &text.to_string())),
            false => push(out, text),
        }
    }
}

/// Appends to a string.
fn push(out: &mut String, text: fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string can always be written to");
}

/// `severity[rule]: message (4 services)`, or `(and 3 more like it)` where the messages differ.
fn header(members: &[&Diagnostic], file: &File<'_>) -> String {
    let first = members[0];
    let (severity, rule) = (first.severity.name(), first.rule.name);
    let mut header = format!("{severity}[{rule}]: {}", file.prose(&first.message));
    if members.iter().any(|member| member.message != first.message) {
        push(&mut header, format_args!(" (and {} more like it)", members.len() - 1));
    } else if members.len() > 1 {
        let mut subjects: Vec<&str> = members.iter().filter_map(|member| member.subject.as_deref()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let is_yaml = |path: &str| path.ends_with(".yml") || path.ends_with(".yaml");
        let noun = if subjects.len() < members.len() {
            "place"
        } else if is_yaml(&file.path) {
            "service"
        } else {
            "stage"
        };
        push(&mut header, format_args!(" ({})", count(members.len(), noun)));
    }
    header
}

/// The subjects in backticks; empty if the marked text is the subject.
fn subject_text(subjects: &[&str], span: Span, files: &mut Files<'_>) -> String {
    let file = files.get(span.source);
    let said = file.source.text().get(span.range()).unwrap_or_default();
    if let [subject] = subjects
        && said.trim_end_matches(':').trim_matches(['"', '\'']) == *subject
    {
        return String::new();
    }
    let names = subjects.iter().take(MOST_NAMES).map(|subject| format!("`{}`", plain(subject)));
    let mut text = names.collect::<Vec<_>>().join(", ");
    if subjects.len() > MOST_NAMES {
        push(&mut text, format_args!(" and {} more", subjects.len() - MOST_NAMES));
    }
    text
}

/// The line, from 0, that `span` is shown on, and the part of the span within it.
fn place(file: &File<'_>, span: Span) -> (usize, Mark) {
    let source = &file.source;
    let text = source.text();
    let boundary = |offset: u32| {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let (mut start, end) = (boundary(span.start), boundary(span.end.max(span.start)));
    // A collection may start with the line ending before it; the first line that says something counts.
    let said = text[start..end].trim_start().len();
    if said > 0 && text[start..end - said].contains(['\n', '\r']) {
        start = end - said;
    }
    let line = source.line_of(start as u32);
    let mut range = source.line_range(line);
    if line == 0 && text.starts_with('\u{feff}') {
        range.start = '\u{feff}'.len_utf8();
    }
    let mut start = start.clamp(range.start, range.end);
    let goes_on = end > range.end && !text[range.end..end].trim().is_empty();
    let mut end = end.clamp(start, range.end);
    if goes_on || end - start < span.len() {
        let part = &text[start..end];
        end -= part.len() - part.trim_end().len();
        start += part.len() - part.trim_start().len();
        end = end.max(start);
    }
    (line, Mark { start, end, goes_on, text: String::new(), primary: false })
}

/// The part of the line `text` that fits `width` columns and has the first of `marks` in it, its tabs
/// expanded. The marks are from the line's start and become those of the part.
fn window(text: &str, marks: &mut [Mark], width: usize, unicode: bool) -> String {
    let dots = if unicode { "…" } else { "..." };
    let dots_width = if unicode { 1 } else { 3 };
    let mut begin = 0;
    let is_whole = fits(text, width);
    if is_whole && !text.contains('\t') {
        return text.to_owned();
    }
    if !is_whole && let Some(focus) = marks.iter().find(|mark| mark.primary).or(marks.first()) {
        // Half a line of the mark is enough of it; before it goes a third of a line at most.
        let mut marked = text[focus.start..focus.end].char_indices();
        let wanted = marked.nth(width / 2).map_or(focus.end, |(at, _)| focus.start + at);
        if !fits(&text[..wanted], width.saturating_sub(dots_width)) {
            let before = text[..focus.start].char_indices().rev().take(width / 3);
            begin = before.last().map_or(focus.start, |(at, _)| at);
        }
    }
    let mut shown = String::new();
    let mut column = 0;
    if begin > 0 {
        shown.push_str(dots);
        column = dots_width;
    }
    let mut offsets = Vec::new();
    let mut end = text.len();
    for (at, char) in text[begin..].char_indices() {
        let taken = step(char, column);
        let is_tight = column + taken + dots_width > width;
        if is_tight && !is_whole && !fits(&text[begin + at..], width.saturating_sub(column)) {
            end = begin + at;
            break;
        }
        offsets.push((begin + at, shown.len()));
        column += taken;
        match char {
            '\t' => shown.extend(std::iter::repeat_n(' ', taken)),
            _ => shown.push(char),
        }
    }
    let content = shown.len();
    if end < text.len() {
        shown.push_str(dots);
    }
    let lead = if begin > 0 { dots.len() } else { 0 };
    let place = |offset: usize| match offsets.binary_search_by_key(&offset, |(from, _)| *from) {
        Ok(index) => offsets[index].1,
        Err(_) if offset < begin => 0,
        Err(_) if offset > end => shown.len(),
        Err(_) => content,
    };
    for mark in marks {
        // A mark beside the part marks the dots that stand for it.
        let is_empty = mark.start == mark.end;
        mark.start = place(mark.start).min(content);
        mark.end = if is_empty { mark.start } else { place(mark.end).max(lead).max(mark.start) };
    }
    shown
}

/// Whether `text` takes at most `width` columns; looks at no more than that.
fn fits(text: &str, width: usize) -> bool {
    let mut column = 0;
    text.chars().all(|char| {
        column += step(char, column);
        column <= width
    })
}

/// The marks in rows in which none touches another and all or none have a text, each from left to
/// right.
fn layers(mut marks: Vec<Mark>) -> Vec<Vec<Mark>> {
    marks.sort_by_key(|mark| (!mark.primary, mark.start, mark.end));
    let mut layers: Vec<Vec<Mark>> = Vec::new();
    for mark in marks {
        // Beside others that have a text, a mark without one would get a line that leads nowhere.
        let touches = |other: &Mark| {
            mark.start <= other.end && other.start <= mark.end
                || mark.text.is_empty() != other.text.is_empty()
        };
        match layers.iter_mut().find(|layer| !layer.iter().any(touches)) {
            Some(layer) => layer.push(mark),
            None => layers.push(vec![mark]),
        }
    }
    for layer in &mut layers {
        layer.sort_by_key(|mark| mark.start);
    }
    layers
}

/// `text` in lines of at most `width` columns, broken at spaces; a longer word stays whole.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut column = 0;
    for word in text.split(' ') {
        let taken = columns(word);
        if column > 0 && column + 1 + taken > width {
            lines.push(String::new());
            column = 0;
        }
        if let Some(line) = lines.last_mut() {
            if column > 0 {
                line.push(' ');
                column += 1;
            }
            line.push_str(word);
        }
        column += taken;
    }
    lines
}

/// The columns that `text` takes.
fn columns(text: &str) -> usize {
    text.chars().fold(0, |column, char| column + step(char, column))
}

/// The columns that `char` takes at `column`; the wide blocks of Unicode take two.
fn step(char: char, column: usize) -> usize {
    match char {
        '\t' => TAB - column % TAB,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => 0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}' => 2,
        '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' => 2,
        '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' => 2,
        '\u{1f300}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6ff}' | '\u{1f900}'..='\u{1f9ff}' => 2,
        '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// One line as miette sees it.
#[derive(Debug)]
struct Line {
    /// The text with a line ending, so that a mark may stand at the end.
    text: String,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Line {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Line {}

impl miette::Diagnostic for Line {
    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl miette::SourceCode for Line {
    fn read_span<'a>(
        &'a self,
        _: &miette::SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, miette::MietteError> {
        let whole = (0, self.text.len()).into();
        Ok(Box::new(MietteSpanContents::new(self.text.as_bytes(), whole, 0, 0, 1)))
    }
}
