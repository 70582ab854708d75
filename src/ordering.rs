//! Keys and items that are not in order: what the rules on order share.

use crate::configuration::options::{Form, OptionKey, Options};
use crate::diagnostic::{Applicability, Fix};
use crate::rule::Context;
use crate::source::Span;
use crate::yaml::edit::{self, Edits};
use crate::yaml::{Kind, Yaml};

/// The order of a service's keys: what it is, what it needs, what runs, what it is given, how it is reached, how
/// it is kept alive, what it may do. Others may be anywhere.
pub const SERVICE_KEYS: &[&str] = &[
    "extends",
    "image",
    "build",
    "provider",
    "pull_policy",
    "platform",
    "container_name",
    "hostname",
    "domainname",
    "profiles",
    "depends_on",
    "entrypoint",
    "command",
    "working_dir",
    "user",
    "group_add",
    "init",
    "tty",
    "stdin_open",
    "env_file",
    "environment",
    "models",
    "network_mode",
    "networks",
    "links",
    "external_links",
    "extra_hosts",
    "dns",
    "dns_search",
    "dns_opt",
    "configs",
    "secrets",
    "volumes",
    "volumes_from",
    "tmpfs",
    "expose",
    "ports",
    "healthcheck",
    "restart",
    "stop_signal",
    "stop_grace_period",
    "deploy",
    "scale",
    "cpus",
    "mem_limit",
    "mem_reservation",
    "memswap_limit",
    "pids_limit",
    "shm_size",
    "ulimits",
    "sysctls",
    "logging",
    "labels",
    "annotations",
    "privileged",
    "read_only",
    "cap_drop",
    "cap_add",
    "security_opt",
    "devices",
];

/// The order of keys that a configuration asks for: the options of the rules on the order of keys.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Order {
    order: Vec<String>,
}

impl Options for Order {
    const KEYS: &'static [OptionKey] = &[OptionKey {
        name: "order",
        about: "The keys that come first, in order; the others follow in the usual one.",
        form: Form::Texts,
    }];
}

impl Order {
    /// The order that is asked for, and behind it what is left of the usual one.
    pub fn or<'a>(&'a self, usual: &[&'a str]) -> Vec<&'a str> {
        let first = self.order.iter().map(String::as_str);
        let is_first = |key: &&str| self.order.iter().any(|first| first == key);
        first.chain(usual.iter().copied().filter(|key| !is_first(key))).collect()
    }
}

/// The keys of a service that stand above `key`, in order.
pub fn above(key: &str) -> &'static [&'static str] {
    let at = SERVICE_KEYS.iter().position(|other| *other == key).unwrap_or(SERVICE_KEYS.len());
    &SERVICE_KEYS[..at]
}

/// Reports the first key of a mapping that stands behind one of those that it belongs above. What is not in
/// `order` stays behind what it follows.
pub fn report_keys(mapping: Yaml<'_>, order: &[&str], subject: Option<&str>, cx: &mut Context<'_>) {
    let mut rank = 0;
    let mut ranks = Vec::new();
    let mut known = Vec::new();
    for entry in mapping.entries() {
        let place = order.iter().position(|key| *key == entry.name());
        rank = place.unwrap_or(rank);
        ranks.push(rank);
        known.push(place.is_some());
    }
    let Some((late, before)) = first_late(&ranks) else { return };
    let names: Vec<&str> = mapping.entries().map(|entry| entry.name()).collect();
    // The key that it is to stand above is one of the order.
    let before = (before..late).find(|at| known[*at]).unwrap_or(before);
    let Some(entry) = mapping.entries().nth(late) else { return };
    let message = format!("`{}` belongs above `{}`", names[late], names[before]);
    finish(
        cx,
        entry.key.span(),
        message,
        subject,
        fix(edit::reorder_entries(mapping, &sorted(&ranks)), Applicability::Safe),
    );
}

/// Reports the first name of a mapping or list of names that stands behind a later one.
pub fn report_names(collection: Yaml<'_>, subject: Option<&str>, cx: &mut Context<'_>) {
    let names: Option<Vec<(&str, Span)>> = match collection.kind() {
        Kind::Mapping => Some(collection.entries().map(|entry| (entry.name(), entry.key.span())).collect()),
        Kind::Sequence => {
            collection.items().map(|item| item.raw_str().map(|name| (name, item.span()))).collect()
        }
        Kind::Scalar => None,
    };
    let Some(names) = names else { return };
    // A merge key is no name.
    if names.iter().any(|(name, _)| *name == "<<") {
        return;
    }
    let keys: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    let Some((late, before)) = first_late(&keys) else { return };
    let order = sorted(&keys);
    let edits = match collection.kind() {
        Kind::Mapping => edit::reorder_entries(collection, &order),
        _ => edit::reorder_items(collection, &order),
    };
    let message = format!("`{}` belongs above `{}`", names[late].0, names[before].0);
    finish(cx, names[late].1, message, subject, fix(edits, Applicability::Safe));
}

/// Reports the first item of a list that stands behind one with a later key. `keys` are those of its
/// items, which `shown` names; an item without one has no place in the order, and keeps the list from
/// being put in order.
pub fn report_items<K: Ord>(
    list: Yaml<'_>,
    keys: &[Option<K>],
    shown: fn(&K) -> String,
    subject: Option<&str>,
    cx: &mut Context<'_>,
) {
    let known: Vec<usize> = (0..keys.len()).filter(|at| keys[*at].is_some()).collect();
    let of_known: Vec<&K> = keys.iter().flatten().collect();
    let Some((late, before)) = first_late(&of_known) else { return };
    let Some(item) = list.items().nth(known[late]) else { return };
    let message = format!("`{}` belongs above `{}`", shown(of_known[late]), shown(of_known[before]));
    let edits = (known.len() == keys.len()).then(|| edit::reorder_items(list, &sorted(keys))).flatten();
    // The engine keeps the order of a list, though it means nothing here.
    finish(cx, item.span(), message, subject, fix(edits, Applicability::Unsafe));
}

/// The first number whose key is below one before it, and the first number with such a key.
fn first_late<K: Ord>(keys: &[K]) -> Option<(usize, usize)> {
    let late = (1..keys.len()).find(|at| keys[*at] < keys[*at - 1])?;
    let before = (0..late).find(|at| keys[*at] > keys[late])?;
    Some((late, before))
}

/// The numbers in the order of their keys; equal ones stay in theirs.
fn sorted<K: Ord>(keys: &[K]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|one, two| keys[*one].cmp(&keys[*two]));
    order
}

/// The fix of these edits, where the text allows it.
fn fix(edits: Option<Edits>, applicability: Applicability) -> Option<Fix> {
    Some(Fix { title: "put them in order".into(), applicability, edits: edits? })
}

fn finish(cx: &mut Context<'_>, span: Span, message: String, subject: Option<&str>, fix: Option<Fix>) {
    let finding = cx.report(span, message).help("move it there").fix(fix);
    if let Some(subject) = subject {
        finding.subject(subject);
    }
}
