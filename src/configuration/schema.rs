//! The JSON Schema of configurations, for editors.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::options::{Form, OptionKey, OptionsType};
use super::read::{LEVELS, PRESETS};
use crate::rules::{OPTIONS, RULES};

/// The schema as one object.
pub fn schema() -> Value {
    let mut rules = Map::new();
    let categories: BTreeMap<&str, ()> = RULES.iter().map(|(category, _)| (*category, ())).collect();
    for category in categories.keys() {
        let about = format!("All rules of the category `{category}`.");
        rules.insert((*category).to_owned(), json!({"description": about, "$ref": "#/$defs/setting"}));
    }
    rules.insert(
        crate::policy::CATEGORY.to_owned(),
        json!({"description": "All policies.", "$ref": "#/$defs/setting"}),
    );
    for (_, rule) in RULES {
        let mut about = rule.summary.to_owned();
        about.get_mut(..1).map(str::make_ascii_uppercase);
        let options = OPTIONS.iter().find(|(name, _)| *name == rule.name).map(|(_, options)| *options);
        let setting = match options {
            None => json!({"description": format!("{about}."), "$ref": "#/$defs/setting"}),
            Some(options) => json!({
                "description": format!("{about}."),
                "oneOf": [{"$ref": "#/$defs/level"}, with_options(options)],
            }),
        };
        rules.insert(rule.name.to_owned(), setting);
    }
    let texts = json!({"type": "array", "items": {"type": "string", "minLength": 1}});
    let described = |about: &str, value: &Value| {
        let mut value = value.clone();
        value["description"] = about.into();
        value
    };
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "composelint configuration",
        "description": "What `.composelint.yaml` says.",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": {
            "extends": {
                "description": "Another configuration, relative to this one, that holds where this one says nothing.",
                "type": "string",
                "minLength": 1,
            },
            "preset": {
                "description": "The set of rules to start from.",
                "enum": PRESETS,
                "default": "recommended",
            },
            "rules": {
                "description": "Rules and categories: a severity, `off`, or options. A rule that is named runs.",
                "$ref": "#/$defs/rules",
            },
            "overrides": {
                "description": "Other settings for some files or services; later ones win.",
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["rules"],
                    "properties": {
                        "files": described("Patterns of paths, relative to this file; one without `/` fits anywhere.", &texts),
                        "services": described("Patterns of service names.", &texts),
                        "rules": {"$ref": "#/$defs/rules"},
                    },
                },
            },
            "projects": {
                "description": "What is deployed together, where the files' names do not say it.",
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["files"],
                    "properties": {
                        "name": {"description": "The project's name.", "type": "string", "minLength": 1},
                        "files": described("The Compose files in the order of merging.", &texts),
                        "env-files": described("The files of variables, in place of `.env`.", &texts),
                        "profiles": described("The profiles that are switched on; all if none is named.", &texts),
                        "production": {
                            "description": "Whether this is what ships: rules about production are judged here.",
                            "type": "boolean",
                        },
                    },
                },
            },
            "exclude": described("Patterns of paths that are not looked for; a file that is named on the command line is linted all the same.", &texts),
            "policies": described("Directories with policies in Rego, relative to this file.", &texts),
            "fail-on": {
                "description": "The least severity that makes the exit code 1.",
                "enum": &LEVELS[1..],
                "default": "warning",
            },
            "baseline": {
                "description": "The file of known findings, relative to this file: only what it does not have is reported.",
                "type": "string",
                "minLength": 1,
            },
        },
        "$defs": {
            "level": {"enum": [LEVELS[0], LEVELS[1], LEVELS[2], LEVELS[3], false]},
            "setting": {
                "oneOf": [
                    {"$ref": "#/$defs/level"},
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "properties": {"severity": {"$ref": "#/$defs/level"}},
                    },
                ],
            },
            "rules": {
                "type": ["object", "null"],
                "additionalProperties": false,
                "properties": rules,
                "patternProperties": {
                    "^policy/[A-Za-z0-9._-]{1,64}$": {
                        "description": "A policy, by its identifier.",
                        "$ref": "#/$defs/setting",
                    },
                },
            },
        },
    })
}

/// The form of a rule's setting with options.
fn with_options(options: &OptionsType) -> Value {
    let defaults = (options.defaults)();
    let mut properties = Map::new();
    properties.insert("severity".into(), json!({"$ref": "#/$defs/level"}));
    for key in options.keys {
        properties.insert(key.name.to_owned(), option(key, &defaults[key.name]));
    }
    json!({"type": "object", "additionalProperties": false, "properties": properties})
}

fn option(key: &OptionKey, default: &Value) -> Value {
    let mut form = match key.form {
        Form::Text => json!({"type": ["string", "null"]}),
        Form::Texts => json!({"type": "array", "items": {"type": "string"}}),
        Form::Integers => json!({"type": "array", "items": {"type": "integer", "minimum": 0}}),
        Form::Ports => json!({
            "type": "array",
            "items": {
                "oneOf": [
                    {"type": "integer", "minimum": 1, "maximum": 65535},
                    {"type": "string", "pattern": "^[0-9]{1,5}(-[0-9]{1,5})?$"},
                ],
            },
        }),
        Form::Number => json!({"type": ["number", "null"]}),
        Form::Size => json!({"type": ["string", "integer", "null"]}),
        Form::Switch => json!({"type": "boolean"}),
        Form::WordByName(words) => json!({"type": "object", "additionalProperties": {"enum": words}}),
        Form::TextByName => json!({"type": "object", "additionalProperties": {"type": "string"}}),
    };
    form["description"] = key.about.into();
    form["default"] = default.clone();
    form
}
