//! What the schema says of a value, as static data: [`Node`]s that are judged by the kind of the value.

use super::form::Form;

/// What a value may be. Each kind of value has at most one form, so that a value that is wrong is
/// wrong in one way.
#[derive(Debug)]
pub(super) struct Node {
    /// Whether it may be anything.
    pub(super) anything: bool,
    /// Whether it may be nothing.
    pub(super) null: bool,
    /// Whether it may be `true` or `false`.
    pub(super) boolean: bool,
    /// What it is as a number; `None` if it is none.
    pub(super) number: Option<Number>,
    /// What it is as a text; `None` if it is none.
    pub(super) text: Option<Text>,
    /// What it is as a list; `None` if it is none.
    pub(super) list: Option<&'static List>,
    /// What it is as a mapping; `None` if it is none.
    pub(super) map: Option<&'static Map>,
}

/// A number.
#[derive(Debug)]
pub(super) struct Number {
    /// Whether it has no fraction.
    pub(super) whole: bool,
    /// The least.
    pub(super) least: Option<i64>,
    /// The most.
    pub(super) most: Option<i64>,
}

/// A text.
#[derive(Debug)]
pub(super) struct Text {
    /// How it is written; `None` for any text.
    pub(super) form: Option<Form>,
    /// The texts that it may be; empty for any.
    pub(super) values: &'static [&'static str],
}

/// A list.
#[derive(Debug)]
pub(super) struct List {
    /// The first item, if it is another than the others.
    pub(super) first: Option<&'static Node>,
    /// An item.
    pub(super) item: &'static Node,
    /// Whether no item may be there twice.
    pub(super) is_distinct: bool,
}

/// A mapping.
#[derive(Debug)]
pub(super) struct Map {
    /// What has the keys, with an article or in backticks.
    pub(super) noun: &'static str,
    /// The keys, sorted, with their values.
    pub(super) keys: &'static [(&'static str, &'static Node)],
    /// The other keys.
    pub(super) others: Others,
    /// Whether keys that start with `x-` may be there.
    pub(super) extensions: bool,
    /// Whether keys are names of letters, digits, `.`, `_` and `-`.
    pub(super) has_names: bool,
    /// The keys that must be there.
    pub(super) required: &'static [&'static str],
}

/// What becomes of keys that a mapping does not list.
#[derive(Debug)]
pub(super) enum Others {
    /// They are refused.
    Refused,
    /// They may have any value.
    Anything,
    /// They have values of one kind.
    Each(&'static Node),
}

impl Node {
    /// What accepts nothing.
    pub(super) const NONE: Self = Self {
        anything: false,
        null: false,
        boolean: false,
        number: None,
        text: None,
        list: None,
        map: None,
    };

    /// Whether a text may be the value, so that a variable may stand for it.
    pub(super) fn takes_text(&self) -> bool {
        self.anything || self.text.is_some()
    }
}

impl Map {
    /// The value of a key that is listed.
    pub(super) fn key(&self, name: &str) -> Option<&'static Node> {
        self.keys.binary_search_by(|(key, _)| (*key).cmp(name)).ok().map(|at| self.keys[at].1)
    }
}
