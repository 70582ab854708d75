//! Writes the tables of the checker from the schema.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// The keywords that the tables know, or that only describe.
const KEYWORDS: &[&str] = &[
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "additionalProperties",
    "anyOf",
    "deprecated",
    "description",
    "enum",
    "format",
    "items",
    "maximum",
    "minimum",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "required",
    "title",
    "type",
    "uniqueItems",
];

const NAMES: &str = "^[a-zA-Z0-9._-]+$";
const VARIABLE: &str = r"\$";

struct Writer<'s> {
    defs: &'s Object,
    /// The definitions that are shown by their title in backticks: they are the value of that key.
    keyed: BTreeSet<String>,
}

/// The text of `src/schema/table.rs`.
pub(crate) fn table(schema: &Value) -> String {
    let root = schema.as_object().expect("the schema is an object");
    let defs = root["$defs"].as_object().expect("there are definitions");
    let mut keyed = BTreeSet::new();
    note_keyed(schema, defs, &mut keyed);
    let writer = Writer { defs, keyed };
    let mut text = String::from(
        "//! GENERATED from `schemas/compose.schema.json` by `BLESS=1 cargo test --test schema`.\n\n\
         use super::form::Form;\n\
         use super::node::{List, Map, Node, Number, Others, Text};\n",
    );
    let statics: Vec<(String, String)> = std::iter::once(("ROOT".to_owned(), writer.node(schema, None)))
        .chain(defs.iter().map(|(name, schema)| {
            let key = writer.keyed.contains(name).then_some(name.as_str());
            (name.to_uppercase(), writer.node(schema, key))
        }))
        .collect();
    // A definition that is only one of several branches is part of what refers to it.
    let is_used = |name: &str| {
        let used = [format!("&{name},"), format!("&{name})"), format!("&{name} ")];
        name == "ROOT" || statics.iter().any(|(_, node)| used.iter().any(|used| node.contains(used)))
    };
    for (name, node) in statics.iter().filter(|(name, _)| is_used(name)) {
        write!(text, "\npub(super) static {name}: Node = {node};\n").expect("a text takes all");
    }
    text
}

/// Notes the definitions that a property of the same name refers to, where nothing else does.
fn note_keyed(schema: &Value, defs: &Object, keyed: &mut BTreeSet<String>) {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        for (name, value) in properties {
            if defs.contains_key(name) && refers_to(value, name) {
                keyed.insert(name.clone());
            }
        }
    }
    match schema {
        Value::Object(object) => object.values().for_each(|value| note_keyed(value, defs, keyed)),
        Value::Array(items) => items.iter().for_each(|value| note_keyed(value, defs, keyed)),
        _ => {}
    }
}

fn refers_to(schema: &Value, name: &str) -> bool {
    schema.get("$ref").and_then(Value::as_str) == Some(&format!("#/$defs/{name}"))
        || schema
            .get("oneOf")
            .and_then(Value::as_array)
            .is_some_and(|it| it.iter().any(|it| refers_to(it, name)))
}

/// What a schema says, by the kind of the value.
#[derive(Default)]
struct Kinds {
    null: bool,
    boolean: bool,
    number: Option<String>,
    text: Option<String>,
    list: Option<String>,
    map: Option<String>,
}

fn once<T>(slot: &mut Option<T>, value: T) {
    assert!(slot.replace(value).is_none(), "two branches are for one kind of value");
}

impl Writer<'_> {
    fn node(&self, schema: &Value, key: Option<&str>) -> String {
        if *schema == Value::Bool(true) {
            return "Node { anything: true, ..Node::NONE }".to_owned();
        }
        let mut kinds = Kinds::default();
        self.add(schema, key, &mut kinds);
        let mut text = String::from("Node { ");
        for (field, is_set) in [("null", kinds.null), ("boolean", kinds.boolean)] {
            if is_set {
                write!(text, "{field}: true, ").expect("a text takes all");
            }
        }
        for (field, value) in
            [("number", kinds.number), ("text", kinds.text), ("list", kinds.list), ("map", kinds.map)]
        {
            if let Some(value) = value {
                write!(text, "{field}: Some({value}), ").expect("a text takes all");
            }
        }
        text + "..Node::NONE }"
    }

    /// A reference to the node of a schema.
    fn reference(&self, schema: &Value, key: Option<&str>) -> String {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let name = reference.strip_prefix("#/$defs/").expect("references are to definitions");
                assert!(self.defs.contains_key(name), "{name} is not defined");
                format!("&{}", name.to_uppercase())
            }
            None => format!("&{}", self.node(schema, key)),
        }
    }

    fn add(&self, schema: &Value, key: Option<&str>, kinds: &mut Kinds) {
        let schema = schema.as_object().expect("a schema is an object");
        for keyword in schema.keys() {
            assert!(KEYWORDS.contains(&keyword.as_str()), "the tables know no `{keyword}`");
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.strip_prefix("#/$defs/").expect("references are to definitions");
            let key = self.keyed.contains(name).then_some(name);
            return self.add(&self.defs[name], key, kinds);
        }
        if let Some(branches) = schema.get("oneOf") {
            for branch in branches.as_array().expect("branches are a list") {
                self.add(branch, key, kinds);
            }
            return;
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            several => {
                several.as_array().expect("types are a list").iter().filter_map(Value::as_str).collect()
            }
        };
        for kind in types {
            match kind {
                "null" => kinds.null = true,
                "boolean" => kinds.boolean = true,
                "integer" | "number" => once(&mut kinds.number, number(schema, kind == "integer")),
                "string" => once(&mut kinds.text, text(schema)),
                "array" => once(&mut kinds.list, self.list(schema)),
                "object" => once(&mut kinds.map, self.map(schema, key)),
                other => panic!("the tables know no type `{other}`"),
            }
        }
    }

    fn list(&self, schema: &Object) -> String {
        let first = match schema.get("prefixItems").and_then(Value::as_array) {
            Some(items) => {
                assert_eq!(items.len(), 1, "one item may be another");
                format!("Some({})", self.reference(&items[0], None))
            }
            None => "None".to_owned(),
        };
        let is_distinct = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let item = self.reference(&schema["items"], None);
        format!("&List {{ first: {first}, item: {item}, is_distinct: {is_distinct} }}")
    }

    fn map(&self, schema: &Object, key: Option<&str>) -> String {
        let title = schema["title"].as_str().expect("a title is a text");
        let noun = if key == Some(title) {
            format!("`{title}`")
        } else if title.starts_with(['a', 'e', 'i', 'o']) {
            format!("an {title}")
        } else {
            format!("a {title}")
        };
        let mut keys = String::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        let mut sorted: Vec<(&String, &Value)> = properties.into_iter().flatten().collect();
        sorted.sort_by_key(|(name, _)| *name);
        for (name, value) in sorted {
            write!(keys, "({name:?}, {}), ", self.reference(value, Some(name))).expect("a text takes all");
        }
        let extensions = match schema.get("patternProperties").and_then(Value::as_object) {
            Some(patterns) => {
                assert_eq!(patterns.keys().collect::<Vec<_>>(), ["^x-"], "extensions are the one pattern");
                true
            }
            None => false,
        };
        let others = match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => "Others::Refused".to_owned(),
            Some(value) => format!("Others::Each({})", self.reference(value, None)),
            None => "Others::Anything".to_owned(),
        };
        let has_names = match schema.get("propertyNames") {
            Some(names) => {
                assert_eq!(names["pattern"], NAMES, "names have one pattern");
                true
            }
            None => false,
        };
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        format!(
            "&Map {{ noun: {noun:?}, keys: &[{keys}], others: {others}, extensions: {extensions}, \
             has_names: {has_names}, required: &{required:?} }}"
        )
    }
}

fn number(schema: &Object, whole: bool) -> String {
    let bound = |key: &str| match schema.get(key).map(|it| it.as_i64().expect("bounds are whole")) {
        Some(bound) => format!("Some({bound})"),
        None => "None".to_owned(),
    };
    format!("Number {{ whole: {whole}, least: {}, most: {} }}", bound("minimum"), bound("maximum"))
}

fn text(schema: &Object) -> String {
    let form = match schema.get("format").and_then(Value::as_str) {
        Some(format) => {
            let known = composelint::schema::formats().any(|known| known == format);
            assert!(known, "the checker knows no format `{format}`");
            assert!(schema.contains_key("pattern"), "`{format}` says nothing to an editor");
            let name: String = format.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
            format!("Some(Form::{name})")
        }
        None => {
            assert!(!schema.contains_key("pattern"), "a pattern stands beside a format");
            "None".to_owned()
        }
    };
    let values: Vec<&str> = match schema.get("anyOf").and_then(Value::as_array) {
        Some(branches) => {
            assert_eq!(branches[1]["pattern"], VARIABLE, "a variable may stand for the values");
            branches[0]["enum"]
                .as_array()
                .expect("values are a list")
                .iter()
                .filter_map(Value::as_str)
                .collect()
        }
        None => Vec::new(),
    };
    format!("Text {{ form: {form}, values: &{values:?} }}")
}
