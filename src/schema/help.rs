//! What to write in place of what is wrong, by the mistakes that people make.

use super::check::{Name, accepted, is_like_a_service};
use super::form::{Form, near};
use super::node::{Map, Node};
use super::table;
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::yaml::scalar::Scalar;
use crate::yaml::{Entry, Kind, Yaml};

/// The longest text that is repeated in a help.
const SHORT: usize = 40;

/// Words that are used for keys, with the keys; sorted.
const MEANT: &[(&str, &str)] = &[
    ("cmd", "command"),
    ("cpu", "cpus"),
    ("cpu_limit", "cpus"),
    ("depends", "depends_on"),
    ("dependsOn", "depends_on"),
    ("env", "environment"),
    ("env_vars", "environment"),
    ("envs", "environment"),
    ("file", "path"),
    ("health_check", "healthcheck"),
    ("max_retries", "retries"),
    ("mem", "mem_limit"),
    ("memory_limit", "mem_limit"),
    ("mount", "volumes"),
    ("mounts", "volumes"),
    ("net", "network_mode"),
    ("readonly", "read_only"),
    ("requires", "depends_on"),
    ("workdir", "working_dir"),
];

/// Keys of earlier formats, with where they are now.
const MOVED: &[(&str, &str)] = &[("log_driver", "logging.driver"), ("log_opt", "logging.options")];

/// What to do about a key that is unknown.
pub(super) struct Hint {
    pub(super) help: String,
    pub(super) fix: Option<Fix>,
    /// Whether it helps to see which mapping holds the key.
    pub(super) shows_holder: bool,
}

impl Hint {
    fn new(help: String) -> Option<Self> {
        Some(Self { help, fix: None, shows_holder: false })
    }

    fn showing(help: String) -> Option<Self> {
        Some(Self { help, fix: None, shows_holder: true })
    }
}

/// What to do about the key of `entry`, which `map` does not have. `above` are the mappings that lead
/// to it, `map` the last.
pub(super) fn of_unknown(
    map: &'static Map,
    above: &[&'static Map],
    entry: Entry<'_>,
    mapping: Yaml<'_>,
) -> Option<Hint> {
    let text = entry.name();
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    if let Some((key, _)) = text.split_once(['=', ':'])
        && map.key(key).is_some()
    {
        return Hint::new(format!("write `{key}:` and the value behind a space"));
    }
    let names: Vec<&str> = map.keys.iter().map(|(name, _)| *name).collect();
    let close = near(text, &names);
    let is_slip = |name: &str| strsim::damerau_levenshtein(&text.to_lowercase(), name) <= 1;
    if let Some(name) = close.filter(|name| is_slip(name)) {
        return Some(rename(entry, name, mapping));
    }
    // A service that is indented too far stands among the keys of the one above.
    if above.len() >= 3 && is_like_a_service(entry.value) {
        return Hint::showing(format!("indent `{text}` less: it is a service of its own"));
    }
    if above.len() == 1 && is_like_a_service(entry.value) {
        return Hint::new(format!("indent `{text}`, so that it stands below `services`"));
    }
    if above.len() == 1 && table::SERVICE.map.is_some_and(|service| service.key(text).is_some()) {
        return Hint::new("indent it below the service that it belongs to".to_owned());
    }
    if let Ok(at) = MEANT.binary_search_by(|(word, _)| (*word).cmp(text))
        && let Some(name) = names.iter().find(|name| **name == MEANT[at].1)
        && accepts_kind(map.key(name)?, entry.value)
    {
        return Some(rename(entry, name, mapping));
    }
    let parts = MOVED.iter().find(|(word, _)| *word == text).map(|(_, path)| *path);
    if let Some(path) = parts.filter(|path| names.contains(&path.split('.').next().unwrap_or_default())) {
        return Hint::new(format!("move it to `{path}`"));
    }
    // A mapping above that has the key: it is indented too far.
    let holder = above.iter().rev().skip(1).find(|above| above.key(text).is_some());
    if let Some(holder) = holder {
        return Hint::showing(format!("indent it less: it is a key of {}", holder.noun));
    }
    let mut inner =
        map.keys.iter().filter_map(|(name, node)| path_to(node, text, 0).map(|path| (name, path)));
    if let (Some((name, path)), None) = (inner.next(), inner.next()) {
        let path: Vec<&str> = std::iter::once(*name).chain(path).collect();
        return Hint::new(format!("move it to `{}`", path.join(".")));
    }
    close.map(|name| rename(entry, name, mapping))
}

/// The keys below `node` that lead to a mapping with the key `text`.
fn path_to(node: &'static Node, text: &str, depth: usize) -> Option<Vec<&'static str>> {
    let map = node.map?;
    if map.key(text).is_some() {
        return Some(Vec::new());
    }
    if depth >= 1 {
        return None;
    }
    let mut inner = map.keys.iter().filter_map(|(name, node)| {
        let mut path = path_to(node, text, depth + 1)?;
        path.insert(0, *name);
        Some(path)
    });
    match (inner.next(), inner.next()) {
        (Some(path), None) => Some(path),
        _ => None,
    }
}

/// Whether a node takes values of the kind that the value is.
fn accepts_kind(node: &Node, value: Yaml<'_>) -> bool {
    match value.kind() {
        Kind::Mapping => node.map.is_some(),
        Kind::Sequence => node.list.is_some(),
        Kind::Scalar => node.text.is_some() || node.number.is_some() || node.boolean,
    }
}

fn rename(entry: Entry<'_>, name: &str, mapping: Yaml<'_>) -> Hint {
    let is_free = mapping.entry(name).is_none();
    if !is_free {
        return Hint { help: format!("move what it says to `{name}`"), fix: None, shows_holder: false };
    }
    let fix = (!entry.key.is_shared()).then(|| Fix {
        title: format!("rename `{}` to `{name}`", entry.name()),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: entry.key.span(), text: name.to_owned() }],
    });
    Hint { help: format!("write `{name}`"), fix, shows_holder: false }
}

/// What to do about a key that is not there.
pub(super) fn of_missing(required: &str) -> String {
    let example = match required {
        "condition" => "condition: service_started",
        "capabilities" => "capabilities: [gpu]",
        "path" => "path: .",
        "action" => "action: sync",
        "type" => "type: bind",
        "soft" | "hard" => return format!("add `{required}`, or write one number for both"),
        "service" => return "add `service` with the name of the one to start from".to_owned(),
        _ => return format!("add `{required}`"),
    };
    format!("add `{example}`")
}

/// The key and value of an item that is a mapping only because there is a space behind its colon.
pub(super) fn split_item<'t>(map: &'static Map, item: Yaml<'t>) -> Option<(&'t str, &'t str)> {
    let mut entries = item.entries();
    let (Some(entry), None) = (entries.next(), entries.next()) else { return None };
    let key = entry.key.raw_str()?;
    let value = entry.value.raw_str()?;
    let names: Vec<&str> = map.keys.iter().map(|(name, _)| *name).collect();
    let is_plain = !key.is_empty() && !value.is_empty() && key.len() + value.len() <= 120;
    let is_path = key.contains(['/', '.', '~', '$']) || key.starts_with(|first: char| first.is_ascii_digit());
    (is_plain && (is_path || value.starts_with('/')) && near(key, &names).is_none()).then_some((key, value))
}

/// What to do about a value of another kind than any that `node` takes.
pub(super) fn of_type(
    node: &'static Node,
    value: Yaml<'_>,
    name: Name<'_>,
    holder: Option<&'static Map>,
) -> Option<String> {
    if let Name::Document = name {
        return Some("start the file with `services:`".to_owned());
    }
    match value.kind() {
        Kind::Mapping => of_mapping(node, value, name, holder),
        Kind::Sequence => of_list(node, value, name),
        Kind::Scalar => of_scalar(node, value, name),
    }
}

fn of_mapping(
    node: &'static Node,
    value: Yaml<'_>,
    name: Name<'_>,
    holder: Option<&'static Map>,
) -> Option<String> {
    let first = value.entries().next()?;
    let key = short(first.key.raw_str())?;
    if let Name::Item(list) = name {
        // The list may be written as a mapping too.
        let is_mapping_too = holder.and_then(|map| map.key(list)).is_some_and(|node| node.map.is_some());
        let is_pair = first.value.kind() == Kind::Scalar && value.entries().len() == 1;
        return Some(match (is_mapping_too, is_pair && !first.value.is_null()) {
            (true, true) => format!("write `{key}=` and the value, or remove the dashes of the list"),
            (true, false) => "remove the dashes of the list".to_owned(),
            (false, true) => "put the item in quotes: a colon with a space makes it a mapping".to_owned(),
            (false, false) => format!("write {}", accepted(node)),
        });
    }
    if let Some(list) = node.list {
        let form = list.item.text.as_ref().and_then(|text| text.form);
        if matches!(form, Some(Form::Port | Form::Mount | Form::Device))
            && let Some(value) = short(first.value.raw_str()).filter(|value| !value.is_empty())
        {
            return Some(format!("write each as an item: `- \"{key}:{value}\"`"));
        }
        if list.item.map.is_some_and(|map| map.key(key).is_some()) {
            return Some(format!("start it with a dash: `- {key}:`"));
        }
        return Some(match first.value.is_null() || first.value.kind() != Kind::Scalar {
            true => format!("write each as an item: `- {key}`"),
            false => "write each as an item that starts with a dash".to_owned(),
        });
    }
    Some(format!("write {}", accepted(node)))
}

fn of_list(node: &'static Node, value: Yaml<'_>, name: Name<'_>) -> Option<String> {
    let Some(map) = node.map else {
        if let (Some(_), Some(item), Name::Key(key)) = (&node.text, short_item(value), name)
            && value.items().len() == 1
        {
            return Some(format!("write `{key}: {item}`"));
        }
        return Some(format!("write {} without a dash", accepted(node)));
    };
    let is_of_mappings = value.items().all(|item| item.kind() == Kind::Mapping);
    let item = short_item(value);
    match item {
        _ if is_of_mappings => Some("remove the dashes".to_owned()),
        Some(item) if map.keys.is_empty() => Some(format!("write each as a key: `{item}:`")),
        _ => Some("write keys and values, without dashes".to_owned()),
    }
}

fn of_scalar(node: &'static Node, value: Yaml<'_>, name: Name<'_>) -> Option<String> {
    let form = node.text.as_ref().and_then(|text| text.form);
    let raw = value.raw_str().unwrap_or_default();
    match value.scalar() {
        Some(Scalar::Null) => Some(match name {
            Name::Item(_) => "remove the dash, or write the item behind it".to_owned(),
            Name::Named(..) => "write its keys below it, indented".to_owned(),
            _ if node.map.is_some() || node.list.is_some() => {
                "write what it holds below it, indented, or remove it".to_owned()
            }
            _ => "write a value behind it, or remove it".to_owned(),
        }),
        _ if matches!(name, Name::Key("version")) => Some("remove it: it has no effect".to_owned()),
        Some(Scalar::Int(_)) if form == Some(Form::Duration) => {
            Some(format!("write `{raw}s` for seconds, or another unit"))
        }
        Some(Scalar::Int(_) | Scalar::Float(_)) if form == Some(Form::Size) => {
            Some(format!("write `\"{raw}\"` for bytes, or a unit such as `512m`"))
        }
        Some(Scalar::Bool(false)) if form == Some(Form::Restart) => Some("write `\"no\"`".to_owned()),
        Some(Scalar::Bool(true)) if form == Some(Form::Restart) => {
            Some("write `always` or `unless-stopped`".to_owned())
        }
        Some(Scalar::Int(number)) if node.boolean && matches!(number, 0 | 1) => {
            Some(format!("write `{}`", number == 1))
        }
        Some(Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool(_) | Scalar::Timestamp(_))
            if node.text.is_some() && raw.len() <= SHORT =>
        {
            Some(format!("put it in quotes: `\"{raw}\"`"))
        }
        _ => of_text(node, raw, name),
    }
}

/// What to do about a text where a list or mapping belongs.
fn of_text(node: &'static Node, raw: &str, name: Name<'_>) -> Option<String> {
    if let Some(map) = node.map
        && let Some((key, _)) = raw.split_once(':')
        && map.key(key.trim()).is_some()
    {
        return Some(format!("write a space behind `{}:`", key.trim()));
    }
    let key = match name {
        Name::Key(key) | Name::Named(_, key) => key,
        Name::Document | Name::Item(_) => return Some(format!("write {}", accepted(node))),
    };
    let pair = raw.split_once('=').map(|(name, _)| name).filter(|name| is_word(name));
    match (node.list, node.map) {
        (Some(_), Some(map)) if map.keys.is_empty() && pair.is_some() => {
            let pair = pair.unwrap_or_default();
            Some(format!("write it below `{key}:` as an item, `- {pair}=` and the value"))
        }
        (Some(_), _) if is_word(raw) => Some(format!("write `{key}: [{raw}]`")),
        (Some(_), _) if raw.len() <= SHORT && !raw.contains(['"', '\\', '\n', '=']) => {
            Some(format!("write `{key}: [\"{raw}\"]`"))
        }
        (Some(_), _) => Some("write it as an item that starts with a dash".to_owned()),
        (None, Some(map)) if map.key("test").is_some() => Some(format!("write it below `{key}:` as `test:`")),
        (None, Some(_)) => Some(format!("write keys and values below `{key}:`")),
        _ => None,
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= SHORT
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/'))
}

fn short(text: Option<&str>) -> Option<&str> {
    text.filter(|text| text.len() <= SHORT && !text.contains(['\n', '"']))
}

fn short_item(value: Yaml<'_>) -> Option<&str> {
    let item = value.items().next()?;
    short(item.raw_str()).filter(|text| is_word(text))
}
