//! Variables in texts: `$NAME`, `${NAME:-default}`, `$$`.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::syntax::{Text, place};
use crate::source::{SourceMap, Span, Spanned};

/// How deep variables may be nested in each other's arguments.
const DEEPEST_NESTING: usize = 128;

/// The longest text that a template may resolve to, in bytes: 8 MiB, that of a file.
pub const LONGEST_RESULT: usize = 8 << 20;

/// What stands between a variable's name and its argument.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Operator {
    /// `:-`: the argument if the variable is unset or empty.
    DefaultIfEmpty,
    /// `-`: the argument if the variable is unset.
    DefaultIfUnset,
    /// `:?`: an error with the argument as its message if the variable is unset or empty.
    RequiredNotEmpty,
    /// `?`: an error with the argument as its message if the variable is unset.
    Required,
    /// `:+`: the argument if the variable is neither unset nor empty.
    AlternativeIfNotEmpty,
    /// `+`: the argument if the variable is set.
    AlternativeIfSet,
}

impl Operator {
    /// The operator as written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::DefaultIfEmpty => ":-",
            Self::DefaultIfUnset => "-",
            Self::RequiredNotEmpty => ":?",
            Self::Required => "?",
            Self::AlternativeIfNotEmpty => ":+",
            Self::AlternativeIfSet => "+",
        }
    }

    /// Whether the argument is what an absent variable stands for.
    pub fn is_default(self) -> bool {
        matches!(self, Self::DefaultIfEmpty | Self::DefaultIfUnset)
    }

    /// Whether an absent variable is an error.
    pub fn is_required(self) -> bool {
        matches!(self, Self::RequiredNotEmpty | Self::Required)
    }

    /// Whether an empty value is as good as none.
    pub fn treats_empty_as_unset(self) -> bool {
        self.symbol().starts_with(':')
    }

    /// The operator that `text` starts with.
    fn starting(text: &str) -> Option<Self> {
        [
            Self::DefaultIfEmpty,
            Self::DefaultIfUnset,
            Self::RequiredNotEmpty,
            Self::Required,
            Self::AlternativeIfNotEmpty,
            Self::AlternativeIfSet,
        ]
        .into_iter()
        .find(|operator| text.starts_with(operator.symbol()))
    }
}

/// What is wrong with a template.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TemplateErrorKind {
    /// A `${` without a name and an operator or a closing brace behind it.
    InvalidName,
    /// A `${` that is not closed on its line.
    Unclosed,
    /// More than 128 variables in each other's arguments.
    TooDeep,
    /// More dollars than [`MAX_DOLLARS`].
    TooMany,
}

/// The number of dollars that a text may have: each may stand for a variable, whose places take many
/// times its bytes.
pub const MAX_DOLLARS: usize = 20_000;

/// Why a text is not a template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TemplateError {
    /// What is wrong.
    pub kind: TemplateErrorKind,
    /// The bytes from the dollar sign to what is wrong; `None` for a text whose map has no runs.
    pub span: Option<Span>,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TemplateErrorKind::InvalidName => "the variable has no valid name",
            TemplateErrorKind::Unclosed => "the variable has no closing brace on its line",
            TemplateErrorKind::TooDeep => "variables are nested more than 128 deep",
            TemplateErrorKind::TooMany => "the text has more than 20000 dollars",
        })
    }
}

impl std::error::Error for TemplateError {}

/// A text with variables.
#[derive(Clone, Debug)]
pub struct Template<'t> {
    text: Text<'t, 't>,
    /// The parts, in source order; together they are the text.
    pub parts: Vec<Part<'t>>,
}

/// A part of a template. Ranges are of bytes in the text that was parsed.
#[derive(Clone, Debug)]
pub enum Part<'t> {
    /// Text that stands for itself.
    Literal(Range<usize>),
    /// `$$`, which stands for a dollar sign.
    Escaped(Range<usize>),
    /// A variable.
    Variable(Variable<'t>),
}

/// An occurrence of a variable.
#[derive(Clone, Debug)]
pub struct Variable<'t> {
    /// The bytes of the text that was parsed, from the dollar sign to the name or the closing brace.
    pub range: Range<usize>,
    /// The place of the whole.
    ///
    /// ```text
    /// http://${HOST:-localhost}/
    ///        ^^^^^^^^^^^^^^^^^^
    /// ```
    pub span: Span,
    /// The name.
    ///
    /// ```text
    /// http://${HOST:-localhost}/
    ///          ^^^^
    /// ```
    pub name: Spanned<&'t str>,
    /// The operator; `None` for `$NAME` and `${NAME}`.
    ///
    /// ```text
    /// http://${HOST:-localhost}/
    ///              ^^
    /// ```
    pub operator: Option<Spanned<Operator>>,
    /// What stands behind the operator, as written; `None` without an operator.
    ///
    /// ```text
    /// http://${HOST:-localhost}/
    ///                ^^^^^^^^^
    /// ```
    pub argument: Option<Spanned<&'t str>>,
    /// The argument as a template. An error in it counts only where the argument is used: the engine
    /// does not look at an argument otherwise.
    pub nested: Option<Result<Template<'t>, TemplateError>>,
}

impl Variable<'_> {
    /// Whether the variable is written with braces.
    pub fn is_braced(&self) -> bool {
        self.name.value.len() + 1 < self.range.len()
    }
}

/// What is known of a variable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lookup<'v> {
    /// The variable has a value.
    Value {
        /// The value.
        text: Cow<'v, str>,
        /// Where the value is said; `None` if nowhere, and then the occurrence is its place.
        span: Option<Span>,
    },
    /// The variable is not set.
    Unset,
    /// Whether the variable is set, and to what, cannot be known.
    Unknown,
}

/// What a template resolves to.
#[derive(Clone, Debug)]
pub enum Resolution {
    /// A text.
    Known(Resolved),
    /// A text that depends on an unknown variable.
    Unknown,
    /// An error: a required variable is absent.
    Missing(MissingVariable),
    /// An error in the argument of a variable, which is used.
    Invalid(TemplateError),
    /// More than the limit.
    TooLong,
}

/// The text that a template resolves to.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The text.
    pub text: String,
    /// Where its bytes come from: literals and defaults from where they stand, values from where they
    /// are said.
    pub map: SourceMap,
    /// The occurrences of unset variables that became blank, in source order.
    pub blanks: Vec<Spanned<String>>,
}

/// A required variable that is absent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MissingVariable {
    /// The name, at its occurrence.
    pub name: Spanned<String>,
    /// What the file says about it; may be empty. `None` if that depends on an unknown variable.
    pub message: Option<String>,
}

impl<'t> Template<'t> {
    /// The template that `text` is. The first error is the answer, errors in arguments aside: those are
    /// in [`Variable::nested`].
    pub fn parse(text: &'t str, map: &'t SourceMap) -> Result<Self, TemplateError> {
        let text = Text { text, map };
        if text.text.len() > MAX_DOLLARS
            && let Some((dollar, _)) = text.text.match_indices('$').nth(MAX_DOLLARS)
        {
            let span = text.map.span(dollar..dollar + 1);
            return Err(TemplateError { kind: TemplateErrorKind::TooMany, span });
        }
        let scan = Scan { text, braces: Braces::of(text.text) };
        scan.template(0..text.text.len(), 0)
    }

    /// The variables and those in their arguments, in source order.
    pub fn variables(&self) -> Variables<'_, 't> {
        Variables { stack: vec![self.parts.iter()] }
    }

    /// The errors in arguments, in source order.
    pub fn nested_errors(&self) -> impl Iterator<Item = &TemplateError> {
        self.variables().filter_map(|variable| variable.nested.as_ref()?.as_ref().err())
    }

    /// What the template stands for, with the variables that `lookup` knows.
    pub fn resolve<'v>(&self, lookup: &dyn Fn(&str) -> Lookup<'v>) -> Resolution {
        self.resolve_within(lookup, LONGEST_RESULT)
    }

    /// As [`Template::resolve`], but no longer than `limit` bytes.
    pub(crate) fn resolve_within<'v>(&self, lookup: &dyn Fn(&str) -> Lookup<'v>, limit: usize) -> Resolution {
        let mut output = Output {
            resolved: Resolved { text: String::new(), map: SourceMap::empty(), blanks: Vec::new() },
            is_unknown: false,
            limit,
        };
        match output.add(self, lookup) {
            Err(failure) => failure,
            Ok(()) if output.is_unknown => Resolution::Unknown,
            Ok(()) => Resolution::Known(output.resolved),
        }
    }
}

/// An iterator over the variables of a template and of their arguments, in source order.
#[derive(Clone, Debug)]
pub struct Variables<'p, 't> {
    stack: Vec<std::slice::Iter<'p, Part<'t>>>,
}

impl<'p, 't> Iterator for Variables<'p, 't> {
    type Item = &'p Variable<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.stack.last_mut()?.next() {
                Some(Part::Variable(variable)) => {
                    if let Some(Ok(nested)) = &variable.nested {
                        self.stack.push(nested.parts.iter());
                    }
                    return Some(variable);
                }
                Some(_) => {}
                None => {
                    self.stack.pop();
                }
            }
        }
    }
}

struct Output {
    resolved: Resolved,
    is_unknown: bool,
    limit: usize,
}

impl Output {
    fn add<'v>(
        &mut self,
        template: &Template<'_>,
        lookup: &dyn Fn(&str) -> Lookup<'v>,
    ) -> Result<(), Resolution> {
        let Text { text, map } = template.text;
        for part in &template.parts {
            match part {
                Part::Literal(range) => {
                    self.make_room(range.len())?;
                    self.resolved.text.push_str(&text[range.clone()]);
                    self.resolved.map.push_part(map, range.clone());
                }
                Part::Escaped(range) => {
                    self.make_room(1)?;
                    self.resolved.text.push('$');
                    self.resolved.map.push_derived(1, place(map, range.clone()));
                }
                Part::Variable(variable) => self.add_variable(variable, lookup)?,
            }
        }
        Ok(())
    }

    fn add_variable<'v>(
        &mut self,
        variable: &Variable<'_>,
        lookup: &dyn Fn(&str) -> Lookup<'v>,
    ) -> Result<(), Resolution> {
        let found = lookup(variable.name.value);
        let operator = variable.operator.map(|operator| operator.value);
        let is_absent = match &found {
            Lookup::Unknown => {
                self.is_unknown = true;
                return Ok(());
            }
            Lookup::Unset => true,
            Lookup::Value { text, .. } => {
                text.is_empty() && operator.is_some_and(Operator::treats_empty_as_unset)
            }
        };
        match operator {
            Some(operator) if operator.is_required() && is_absent => {
                return Err(missing(variable, lookup, self.limit));
            }
            Some(operator) if operator.is_default() == is_absent && !operator.is_required() => {
                return match &variable.nested {
                    Some(Ok(nested)) => self.add(nested, lookup),
                    Some(Err(error)) => Err(Resolution::Invalid(error.clone())),
                    None => Ok(()),
                };
            }
            _ => {}
        }
        match found {
            Lookup::Value { text, span } => {
                self.make_room(text.len())?;
                self.resolved.text.push_str(&text);
                self.resolved.map.push_derived(text.len(), span.unwrap_or(variable.span));
            }
            _ if operator.is_none() => {
                self.resolved.blanks.push(Spanned::new(variable.name.value.to_owned(), variable.span));
            }
            _ => {}
        }
        Ok(())
    }

    fn make_room(&self, bytes: usize) -> Result<(), Resolution> {
        if self.resolved.text.len() + bytes > self.limit { Err(Resolution::TooLong) } else { Ok(()) }
    }
}

fn missing<'v>(variable: &Variable<'_>, lookup: &dyn Fn(&str) -> Lookup<'v>, limit: usize) -> Resolution {
    let message = match &variable.nested {
        Some(Ok(nested)) => match nested.resolve_within(lookup, limit) {
            Resolution::Known(message) => Some(message.text),
            Resolution::Unknown => None,
            failure => return failure,
        },
        Some(Err(error)) => return Resolution::Invalid(error.clone()),
        None => Some(String::new()),
    };
    Resolution::Missing(MissingVariable { name: variable.name.map(str::to_owned), message })
}

/// Where braces stand in a text, so that each variable finds its end at once.
struct Braces {
    /// Opening braces that count and the closing brace that ends each, if any; ascending.
    pairs: Vec<(usize, Option<usize>)>,
    /// All closing braces, ascending.
    closing: Vec<usize>,
    /// All line feeds, ascending.
    line_feeds: Vec<usize>,
}

impl Braces {
    /// The braces of `text` as the engine counts them: what follows an opening brace is not looked at.
    fn of(text: &str) -> Self {
        let mut braces = Self { pairs: Vec::new(), closing: Vec::new(), line_feeds: Vec::new() };
        if !text.contains("${") {
            return braces;
        }
        let mut open = Vec::new();
        let mut is_skipped = false;
        for (index, byte) in text.bytes().enumerate() {
            let counts = !std::mem::replace(&mut is_skipped, false);
            match byte {
                b'\n' => braces.line_feeds.push(index),
                b'{' if counts => {
                    open.push(braces.pairs.len());
                    braces.pairs.push((index, None));
                    is_skipped = true;
                }
                b'}' => {
                    braces.closing.push(index);
                    if counts && let Some(pair) = open.pop() {
                        braces.pairs[pair].1 = Some(index);
                    }
                }
                _ => {}
            }
        }
        braces
    }

    /// The closing brace of the variable whose opening brace is at `open` and whose argument starts at
    /// `argument`: the balanced one on the line, else the last one on the line before `end`.
    fn end_of(&self, open: usize, argument: usize, end: usize) -> Option<usize> {
        let next_line = self.line_feeds.partition_point(|at| *at < argument);
        let limit = self.line_feeds.get(next_line).map_or(end, |at| end.min(*at));
        let last = self.closing[..self.closing.partition_point(|at| *at < limit)].last().copied()?;
        if last < argument {
            return None;
        }
        let pair = self.pairs.binary_search_by_key(&open, |pair| pair.0).ok()?;
        Some(self.pairs[pair].1.filter(|balanced| *balanced <= last).unwrap_or(last))
    }
}

struct Scan<'t> {
    text: Text<'t, 't>,
    braces: Braces,
}

impl<'t> Scan<'t> {
    fn template(&self, range: Range<usize>, depth: usize) -> Result<Template<'t>, TemplateError> {
        let text = self.text.text;
        let mut parts = Vec::new();
        let (mut literal, mut position) = (range.start, range.start);
        while let Some(found) = text[position..range.end].find('$') {
            let dollar = position + found;
            let after = &text[dollar + 1..range.end];
            let part = if after.starts_with('$') {
                Part::Escaped(dollar..dollar + 2)
            } else if after.starts_with('{') {
                if depth >= DEEPEST_NESTING {
                    return Err(self.error(TemplateErrorKind::TooDeep, dollar..dollar + 2));
                }
                Part::Variable(self.braced(dollar, range.end, depth)?)
            } else {
                let length = name_length(after);
                if length == 0 {
                    position = dollar + 1;
                    continue;
                }
                let range = dollar..dollar + 1 + length;
                Part::Variable(Variable {
                    span: place(self.text.map, range.clone()),
                    name: self.text.part(dollar + 1..range.end),
                    range,
                    operator: None,
                    argument: None,
                    nested: None,
                })
            };
            if literal < dollar {
                parts.push(Part::Literal(literal..dollar));
            }
            position = match &part {
                Part::Literal(range) | Part::Escaped(range) => range.end,
                Part::Variable(variable) => variable.range.end,
            };
            literal = position;
            parts.push(part);
        }
        if literal < range.end {
            parts.push(Part::Literal(literal..range.end));
        }
        Ok(Template { text: self.text, parts })
    }

    /// The variable whose `${` is at `dollar` in a template that ends at `end`.
    fn braced(&self, dollar: usize, end: usize, depth: usize) -> Result<Variable<'t>, TemplateError> {
        let text = &self.text.text[..end];
        let name_start = dollar + 2;
        let name_end = name_start + name_length(&text[name_start..]);
        let behind = &text[name_end..];
        let name = self.text.part(name_start..name_end);
        if name_start < name_end && behind.starts_with('}') {
            let range = dollar..name_end + 1;
            let span = place(self.text.map, range.clone());
            return Ok(Variable { range, span, name, operator: None, argument: None, nested: None });
        }
        let operator = Operator::starting(behind).filter(|_| name_start < name_end);
        let Some(operator) = operator else {
            let line = behind.find('\n').unwrap_or(behind.len());
            let kind = if behind[..line].contains('}') {
                TemplateErrorKind::InvalidName
            } else {
                TemplateErrorKind::Unclosed
            };
            let shown = behind[..line].find('}').map_or(name_end, |brace| name_end + brace + 1);
            return Err(self.error(kind, dollar..shown));
        };
        let start = name_end + operator.symbol().len();
        let Some(close) = self.braces.end_of(dollar + 1, start, end) else {
            return Err(self.error(TemplateErrorKind::Unclosed, dollar..start));
        };
        Ok(Variable {
            range: dollar..close + 1,
            span: place(self.text.map, dollar..close + 1),
            name,
            operator: Some(self.text.at(name_end..start, operator)),
            argument: Some(self.text.part(start..close)),
            nested: Some(self.template(start..close, depth + 1)),
        })
    }

    fn error(&self, kind: TemplateErrorKind, range: Range<usize>) -> TemplateError {
        TemplateError { kind, span: self.text.map.span(range) }
    }
}

/// The length in bytes of the variable name that `text` starts with; 0 if it starts with none.
fn name_length(text: &str) -> usize {
    // U+017F and U+212A are `s` and `k` to the case-insensitive pattern of the engine.
    let is_letter = |char: char| char.is_ascii_alphabetic() || matches!(char, '_' | '\u{17f}' | '\u{212a}');
    if !text.starts_with(is_letter) {
        return 0;
    }
    text.find(|char: char| !is_letter(char) && !char.is_ascii_digit()).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::super::syntax::testing::{covered, map_of, texts};
    use super::*;
    use crate::source::SourceId;
    use proptest::prelude::*;

    fn lookup(name: &str) -> Lookup<'static> {
        match name {
            "HOST" => Lookup::Value { text: "example.org".into(), span: Some(Span::new(SourceId(7), 5, 16)) },
            "EMPTY" => Lookup::Value { text: "".into(), span: None },
            "HOME" => Lookup::Unknown,
            _ => Lookup::Unset,
        }
    }

    fn resolve(text: &str) -> Resolution {
        match Template::parse(text, &map_of(text)) {
            Ok(template) => template.resolve(&lookup),
            Err(error) => Resolution::Invalid(error),
        }
    }

    #[track_caller]
    fn resolves(text: &str, expected: &str) {
        match resolve(text) {
            Resolution::Known(resolved) => assert_eq!(resolved.text, expected, "{text}"),
            other => panic!("{text} resolves to {other:?}"),
        }
    }

    #[track_caller]
    fn refused(text: &str, at: &str, expected: TemplateErrorKind) {
        match resolve(text) {
            Resolution::Invalid(error) => {
                let span = error.span.expect("the text has a place");
                assert_eq!((covered(text, span), error.kind), (at, expected));
            }
            other => panic!("{text} resolves to {other:?}"),
        }
    }

    #[test]
    fn nothing_stands_between_variables_that_touch() {
        let text = "$A${B}$$$C";
        let map = map_of(text);
        let template = Template::parse(text, &map).expect("the template is valid");
        assert_eq!(template.parts.len(), 4, "{:?}", template.parts);
    }

    #[test]
    fn every_part_of_a_variable_has_its_place() {
        let text = "http://${NAME:-local$HOST}/";
        let map = map_of(text);
        let template = Template::parse(text, &map).expect("the template is valid");
        let variables: Vec<_> = template.variables().collect();
        assert_eq!(covered(text, variables[0].span), "${NAME:-local$HOST}");
        assert_eq!(covered(text, variables[0].name.span), "NAME");
        let operator = variables[0].operator.expect("an operator");
        assert_eq!((operator.value, covered(text, operator.span)), (Operator::DefaultIfEmpty, ":-"));
        assert_eq!(covered(text, variables[0].argument.expect("an argument").span), "local$HOST");
        assert_eq!(covered(text, variables[1].span), "$HOST");
        assert!(variables[0].is_braced() && !variables[1].is_braced());
    }

    #[test]
    fn operators_answer_for_set_empty_and_unset_variables() {
        for (operator, set, empty, unset) in [
            (":-", "example.org", "x", "x"),
            ("-", "example.org", "", "x"),
            (":+", "x", "", ""),
            ("+", "x", "x", ""),
        ] {
            resolves(&format!("${{HOST{operator}x}}"), set);
            resolves(&format!("${{EMPTY{operator}x}}"), empty);
            resolves(&format!("${{OTHER{operator}x}}"), unset);
        }
        resolves("${HOST:?x}${HOST?x}${EMPTY?x}", "example.orgexample.org");
    }

    #[test]
    fn a_required_variable_that_is_absent_says_why() {
        for (text, expected) in [
            ("a ${OTHER:?set it on $HOST}", "set it on example.org"),
            ("${EMPTY:?}", ""),
            ("${OTHER?x}", "x"),
        ] {
            match resolve(text) {
                Resolution::Missing(missing) => {
                    assert_eq!(missing.message.as_deref(), Some(expected));
                    assert_eq!(covered(text, missing.name.span), missing.name.value);
                }
                other => panic!("{text} resolves to {other:?}"),
            }
        }
    }

    #[test]
    fn an_unknown_variable_makes_the_text_unknown_but_hides_no_error() {
        assert!(matches!(resolve("${HOME}/x"), Resolution::Unknown));
        assert!(matches!(resolve("${HOME:-x}"), Resolution::Unknown));
        assert!(matches!(resolve("${HOME} ${OTHER?}"), Resolution::Missing(_)));
        resolves("${HOST:-$HOME}", "example.org");
    }

    #[test]
    fn blanks_are_unset_variables_without_an_operator() {
        let Resolution::Known(resolved) = resolve("$OTHER ${A:-} ${B:-$C}") else {
            panic!("the text is known");
        };
        let names: Vec<_> = resolved.blanks.iter().map(|blank| blank.value.as_str()).collect();
        assert_eq!(names, ["OTHER", "C"]);
    }

    #[test]
    fn a_dollar_sign_without_a_name_stands_for_itself() {
        resolves("a $ b $1 $", "a $ b $1 $");
        resolves("$$HOST $${HOST}", "$HOST ${HOST}");
    }

    #[test]
    fn braces_in_an_argument_are_balanced() {
        resolves("${A:-{\"a\":{\"b\":1}}} ${HOST}", "{\"a\":{\"b\":1}} example.org");
        // What follows an opening brace is not looked at, so the brackets of `{}` do not balance, and
        // the argument goes on to the last brace of the line.
        resolves("${A:-{}}", "{}");
        refused("${A:-{}} ${B:-x}", "${B:-", TemplateErrorKind::Unclosed);
    }

    #[test]
    fn more_dollars_than_the_limit_are_refused() {
        resolves(&"$$".repeat(MAX_DOLLARS / 2), &"$".repeat(MAX_DOLLARS / 2));
        refused(&"$x".repeat(MAX_DOLLARS + 1), "$", TemplateErrorKind::TooMany);
    }

    #[test]
    fn a_variable_ends_on_its_line() {
        refused("${A:-x\n}", "${A:-", TemplateErrorKind::Unclosed);
        resolves("${A:-{}\n}", "{\n}");
    }

    #[test]
    fn what_the_engine_refuses_is_pointed_at() {
        refused("a ${} b", "${}", TemplateErrorKind::InvalidName);
        refused("${HOST }", "${HOST }", TemplateErrorKind::InvalidName);
        refused("${1}", "${1}", TemplateErrorKind::InvalidName);
        refused("${HOST", "${HOST", TemplateErrorKind::Unclosed);
        refused("${HOST:-x", "${HOST:-", TemplateErrorKind::Unclosed);
    }

    #[test]
    fn an_error_in_an_argument_counts_where_the_argument_is_used() {
        resolves("${HOST:-${1}}", "example.org");
        refused("${OTHER:-${1}}", "${1}", TemplateErrorKind::InvalidName);
        let text = "${HOST:-${1}}";
        let map = map_of(text);
        let template = Template::parse(text, &map).expect("the template is valid");
        assert_eq!(template.nested_errors().count(), 1);
    }

    #[test]
    fn deep_nesting_is_an_error_not_an_overflow() {
        let nested = |depth: usize| format!("{}{}", "${A:-".repeat(depth), "}".repeat(depth));
        resolves(&nested(DEEPEST_NESTING), "");
        refused(&nested(MAX_DOLLARS), "${", TemplateErrorKind::TooDeep);
    }

    #[test]
    fn the_result_leads_back_to_the_bytes_it_came_from() {
        let text = "a-$HOST-${A:-b}$$";
        let Resolution::Known(resolved) = resolve(text) else {
            panic!("the text is known");
        };
        assert_eq!(resolved.text, "a-example.org-b$");
        let span = |range| resolved.map.span(range).expect("the text has a place");
        assert_eq!(covered(text, span(0..2)), "a-");
        assert_eq!(span(2..13), Span::new(SourceId(7), 5, 16));
        assert_eq!(covered(text, span(14..15)), "b");
        assert_eq!(covered(text, span(15..16)), "$$");
        assert_eq!(resolved.map.len(), resolved.text.len());
    }

    #[test]
    fn a_result_has_a_limit() {
        let text = "${A:-12345678}";
        let map = map_of(text);
        let template = Template::parse(text, &map).expect("the template is valid");
        assert!(matches!(template.resolve_within(&lookup, 7), Resolution::TooLong));
        assert!(matches!(template.resolve_within(&lookup, 8), Resolution::Known(_)));
    }

    proptest! {
        #[test]
        fn no_text_panics_and_spans_are_in_it(text in texts()) {
            let map = map_of(&text);
            match Template::parse(&text, &map) {
                Ok(template) => {
                    for variable in template.variables() {
                        prop_assert_eq!(covered(&text, variable.name.span), variable.name.value);
                        prop_assert_eq!(covered(&text, variable.span), &text[variable.range.clone()]);
                    }
                    if let Resolution::Known(resolved) = template.resolve(&lookup) {
                        prop_assert_eq!(resolved.map.len(), resolved.text.len());
                    }
                }
                Err(error) => {
                    covered(&text, error.span.expect("the text has a place"));
                }
            }
        }

        #[test]
        fn a_text_without_dollar_signs_resolves_to_itself(text in "[^$]*") {
            resolves(&text, &text);
        }
    }
}
