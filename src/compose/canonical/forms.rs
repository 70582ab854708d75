//! The values that have a short form or a default, written out.

use std::collections::HashMap;

use super::shape::{self, boolean, convert, integer, pairs, text, texts};
use super::{Canon, Data, Value, paths, words};
use crate::compose::device::Device;
use crate::compose::extra_hosts::ExtraHost;
use crate::compose::mount::{Mount, MountKind, clean_path};
use crate::compose::port::Port;
use crate::yaml::scalar::Scalar;
use crate::yaml::{Kind, Yaml};

fn sequence(items: Vec<Value>, yaml: Yaml<'_>) -> Option<Value> {
    (!items.is_empty()).then(|| Value::new(Data::Sequence(items), Some(yaml.span())))
}

fn mapping(entries: Vec<(String, Value)>, yaml: Yaml<'_>) -> Option<Value> {
    (!entries.is_empty()).then(|| Value::new(Data::Mapping(entries), Some(yaml.span())))
}

/// A text that `yaml` says.
fn said(text: impl Into<String>, yaml: Yaml<'_>) -> Value {
    Value::new(Data::String(text.into()), Some(yaml.span()))
}

fn flag(value: bool) -> Value {
    Value::new(Data::Bool(value), None)
}

/// The items without those that a later one replaces; a replacement stands where the first was. Items
/// without a key are all kept.
pub(super) fn unique(items: Vec<Value>, key: impl Fn(&Value) -> Option<String>) -> Vec<Value> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        match key(&item) {
            Some(key) => match places.get(&key) {
                Some(place) => kept[*place] = item,
                None => {
                    places.insert(key, kept.len());
                    kept.push(item);
                }
            },
            None => kept.push(item),
        }
    }
    kept
}

/// What two items are compared by: the values of these keys.
fn by<'k>(keys: &'k [&str]) -> impl Fn(&Value) -> Option<String> + 'k {
    |item| {
        // What a variable hides is like nothing else.
        if item.as_str().is_some() {
            return None;
        }
        let parts = keys.iter().map(|key| match item.get(key).map(|value| &value.data) {
            Some(Data::String(text)) => text.clone(),
            Some(Data::Int(number)) => number.to_string(),
            _ => String::new(),
        });
        Some(parts.collect::<Vec<_>>().join("\u{0}"))
    }
}

/// Makes the path that a key holds absolute.
fn resolve(
    canon: &mut Canon<'_>,
    value: &mut Value,
    key: &str,
    how: fn(&str, &std::path::Path, Option<&str>) -> String,
) {
    let Some(path) = value.get(key).and_then(Value::as_str) else { return };
    let path = how(path, &canon.directory, canon.home());
    let origin = value.get(key).and_then(|it| it.origin);
    value.set(key, Value::new(Data::String(path), origin));
}

/// `build`: a context alone, or a mapping.
pub(super) fn build(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    if yaml.is_null() {
        return None;
    }
    let mut build = match yaml.kind() {
        Kind::Scalar => {
            let mut build = Value::new(Data::Mapping(Vec::new()), Some(yaml.span()));
            build.set("context", said(text(yaml)?, yaml));
            build
        }
        _ => convert(canon, &shape::BUILD, yaml)?,
    };
    build.default("context", || Value::text("."));
    resolve(canon, &mut build, "context", paths::context);
    let says = |key: &str| yaml.get(key).is_some_and(|value| !value.is_null());
    if !says("dockerfile") && !says("dockerfile_inline") {
        build.default("dockerfile", || Value::text("Dockerfile"));
    }
    build.sort();
    Some(build)
}

/// `build.args`: what has no value takes it from the environment, or is gone.
pub(super) fn build_args(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut entries = pairs(yaml);
    inherit(canon, &mut entries);
    entries.retain(|(_, value)| value.data != Data::Null);
    mapping(entries, yaml)
}

/// `environment`: what has no value takes it from the environment, or is null.
pub(super) fn environment(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut entries = pairs(yaml);
    inherit(canon, &mut entries);
    mapping(entries, yaml)
}

fn inherit(canon: &Canon<'_>, entries: &mut [(String, Value)]) {
    for (key, value) in entries {
        if value.data == Data::Null
            && let Some(text) = canon.environment().get(key)
        {
            value.data = Data::String(text.to_owned());
        }
    }
}

/// `build.ssh`: a list of `id` and `id=path`.
pub(super) fn ssh(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut items = match yaml.kind() {
        Kind::Scalar => vec![("default".to_owned(), said(String::new(), yaml))],
        _ => pairs(yaml),
    };
    let items = items
        .drain(..)
        .map(|(id, value)| {
            let path = value.as_str().unwrap_or_default();
            if path.is_empty() {
                return Value::new(Data::String(id), value.origin);
            }
            let base = canon.directory.clone();
            let path = paths::any_system(path, &base, canon.home());
            Value::new(Data::String(format!("{id}={path}")), value.origin)
        })
        .collect();
    sequence(items, yaml)
}

/// `build.additional_contexts`.
pub(super) fn contexts(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut entries = pairs(yaml);
    let base = canon.directory.clone();
    for (_, value) in &mut entries {
        let path = value.as_str().unwrap_or_default();
        value.data = Data::String(paths::context(path, &base, canon.home()));
    }
    mapping(entries, yaml)
}

/// `command` and `entrypoint`: a list of words. An empty one is kept: it takes away the image's.
pub(super) fn command(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    if yaml.is_null() {
        return None;
    }
    let items = match yaml.kind() {
        Kind::Scalar => {
            let line = text(yaml)?;
            let Some(words) = words::split(&line) else {
                canon.error(yaml.span(), "the command has a quote or parenthesis that is not closed");
                return None;
            };
            words.into_iter().map(|word| said(word, yaml)).collect()
        }
        _ => texts(yaml),
    };
    Some(Value::new(Data::Sequence(items), Some(yaml.span())))
}

/// `healthcheck.test`: a list that starts with its kind.
pub(super) fn health_test(_: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let items = match yaml.kind() {
        Kind::Scalar => vec![said("CMD-SHELL", yaml), said(text(yaml)?, yaml)],
        _ => texts(yaml),
    };
    sequence(items, yaml)
}

/// `extra_hosts`: a list of `host=address`.
pub(super) fn extra_hosts(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut items: Vec<Value> = Vec::new();
    let bare = |address: &str| match address.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        Some(inner) if !inner.is_empty() => inner.to_owned(),
        _ => address.to_owned(),
    };
    for entry in yaml.entries() {
        for address in texts(entry.value) {
            let text = address.as_str().unwrap_or_default();
            for part in text.split(',') {
                let text = format!("{}={}", entry.name(), bare(part));
                items.push(Value::new(Data::String(text), address.origin));
            }
        }
    }
    for item in yaml.items() {
        let Some(text) = text(item) else { continue };
        let map = item.map();
        match ExtraHost::parse(&text, &map) {
            Ok(host) => items.extend(
                host.addresses.iter().map(|it| said(format!("{}={}", host.host.value, it.value), item)),
            ),
            Err(error) => canon.errors.push(error),
        }
    }
    items.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
    items.dedup_by(|one, other| one.data == other.data);
    sequence(items, yaml)
}

/// `depends_on`: names alone, or conditions by name.
pub(super) fn depends_on(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut all = Value::new(Data::Mapping(Vec::new()), Some(yaml.span()));
    for item in yaml.items() {
        let Some(name) = text(item) else { continue };
        let mut dependency = Value::new(Data::Mapping(Vec::new()), Some(item.span()));
        dependency.set("condition", said("service_started", item));
        dependency.set("required", Value::new(Data::Bool(true), Some(item.span())));
        all.set(&name, dependency);
    }
    for entry in yaml.entries() {
        let mut dependency = convert(canon, &shape::DEPENDENCY, entry.value).unwrap_or_else(Value::empty);
        dependency.default("condition", || Value::text("service_started"));
        dependency.default("required", || flag(true));
        dependency.sort();
        all.set(entry.name(), dependency);
    }
    all.sort();
    Some(all).filter(|all| !all.is_blank())
}

/// `env_file`: paths alone, or paths with what they are read for.
pub(super) fn env_files(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let each: Vec<Yaml<'_>> = if yaml.kind() == Kind::Sequence { yaml.items().collect() } else { vec![yaml] };
    let mut items = Vec::new();
    for item in each {
        let mut file = Value::new(Data::Mapping(Vec::new()), Some(item.span()));
        let path = if item.kind() == Kind::Mapping { item.get("path") } else { Some(item) };
        let Some(path) = path.filter(|path| !path.is_null()) else { continue };
        let Some(text) = text(path) else { continue };
        file.set("path", said(text, path));
        resolve(canon, &mut file, "path", paths::absolute);
        if let Some(required) = item.get("required")
            && boolean(required) == Some(false)
        {
            file.set("required", Value::new(Data::Bool(false), Some(required.span())));
        }
        if let Some(format) = item.get("format").and_then(|it| convert(canon, &shape::Shape::Text, it)) {
            file.set("format", format);
        }
        items.push(file);
    }
    sequence(unique(items, by(&["path"])), yaml)
}

/// `dns`: of a list, blank ones are left out.
pub(super) fn dns(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut value = convert(canon, &shape::Shape::Set, yaml)?;
    if let Data::Sequence(items) = &mut value.data {
        items.retain(|item| !item.is_blank());
    }
    Some(value).filter(|value| !value.is_blank())
}

/// `extends`, where the engine leaves it.
pub(super) fn extends(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut extends = Value::new(Data::Mapping(Vec::new()), Some(yaml.span()));
    match yaml.kind() {
        Kind::Scalar => extends.set("service", said(text(yaml)?, yaml)),
        _ => {
            for key in ["file", "service"] {
                if let Some(value) = yaml.get(key).and_then(|it| convert(canon, &shape::Shape::Text, it)) {
                    extends.set(key, value);
                }
            }
            resolve(canon, &mut extends, "file", paths::absolute);
        }
    }
    Some(extends)
}

/// `ports`: one entry for each port of the container.
pub(super) fn ports(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut items: Vec<Value> = Vec::new();
    for item in yaml.items() {
        if item.kind() == Kind::Mapping {
            let Some(mut port) = convert(canon, &shape::PORT, item) else { continue };
            port.default("mode", || Value::text("ingress"));
            port.default("protocol", || Value::text("tcp"));
            items.push(port);
            continue;
        }
        let Some(text) = text(item) else { continue };
        if item.is_unknown() {
            items.push(said(text, item));
            continue;
        }
        let map = item.map();
        match Port::parse(&text, &map) {
            Ok(parsed) => {
                for single in parsed.expand() {
                    let mut port = Value::new(Data::Mapping(Vec::new()), Some(item.span()));
                    port.set("mode", Value::text("ingress"));
                    if let Some(address) = single.host_ip {
                        port.set("host_ip", said(address, item));
                    }
                    port.set("target", Value::new(Data::Int(i64::from(single.target)), Some(item.span())));
                    if let Some(published) = single.published {
                        port.set("published", said(published.to_string(), item));
                    }
                    port.set("protocol", said(single.protocol.name(), item));
                    items.push(port);
                }
            }
            Err(error) => canon.errors.push(error),
        }
    }
    sequence(unique(items, by(&["host_ip", "target", "published", "protocol"])), yaml)
}

/// A service's `volumes`.
pub(super) fn mounts(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut items: Vec<Value> = Vec::new();
    for item in yaml.items() {
        let mount = if item.kind() == Kind::Mapping {
            convert(canon, &shape::MOUNT, item)
        } else {
            short_mount(canon, item)
        };
        let Some(mut mount) = mount else { continue };
        if mount.get("type").and_then(Value::as_str) == Some("bind") {
            resolve(canon, &mut mount, "source", paths::any_system);
        }
        if let Some(target) = mount.get("target").and_then(Value::as_str) {
            let target = clean_path(target);
            mount.set("target", said(target, item));
        }
        items.push(mount);
    }
    sequence(unique(items, by(&["target"])), yaml)
}

fn short_mount(canon: &mut Canon<'_>, item: Yaml<'_>) -> Option<Value> {
    let text = text(item)?;
    if item.is_unknown() {
        return Some(said(text, item));
    }
    let map = item.map();
    let parsed = match Mount::parse(&text, &map) {
        Ok(parsed) => parsed,
        Err(error) => {
            canon.errors.push(error);
            return None;
        }
    };
    let mut mount = Value::new(Data::Mapping(Vec::new()), Some(item.span()));
    mount.set("type", said(parsed.kind.name(), item));
    if let Some(source) = parsed.source {
        mount.set("source", Value::new(Data::String(source.value.to_owned()), Some(source.span)));
    }
    if let Some(target) = parsed.target {
        mount.set("target", Value::new(Data::String(target.value.to_owned()), Some(target.span)));
    }
    if parsed.is_read_only() {
        mount.set("read_only", Value::new(Data::Bool(true), Some(item.span())));
    }
    let mut bind = Value::empty();
    for (key, option) in [("propagation", parsed.propagation()), ("selinux", parsed.selinux())] {
        if let Some(option) = option {
            bind.set(key, Value::new(Data::String(option.value.to_owned()), Some(option.span)));
        }
    }
    if parsed.kind == MountKind::Bind || !bind.is_blank() {
        mount.set("bind", bind);
    }
    let mut volume = Value::empty();
    if parsed.is_nocopy() {
        volume.set("nocopy", Value::new(Data::Bool(true), Some(item.span())));
    }
    // What is too short to have parts is read by no one.
    if parsed.kind == MountKind::Volume && text.len() > 2 || !volume.is_blank() {
        mount.set("volume", volume);
    }
    Some(mount)
}

/// `create_host_path`, which is on unless it is off.
pub(super) fn false_only(_: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    (boolean(yaml) == Some(false)).then(|| Value::new(Data::Bool(false), Some(yaml.span())))
}

/// A service's `secrets`, each with the path that it is mounted at.
pub(super) fn secrets(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut items = grants(canon, yaml);
    for grant in &mut items {
        let target =
            format!("/run/secrets/{}", grant.get("source").and_then(Value::as_str).unwrap_or_default());
        grant.default("target", || Value::text(target));
    }
    sequence(unique(items, by(&["target"])), yaml)
}

/// A service's `configs`.
pub(super) fn configs(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let items = grants(canon, yaml);
    let key = |grant: &Value| {
        let name = grant.get("target").or_else(|| grant.get("source"))?;
        name.as_str().map(str::to_owned)
    };
    sequence(unique(items, key), yaml)
}

/// `build.secrets`.
pub(super) fn build_secrets(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    configs(canon, yaml)
}

fn grants(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Vec<Value> {
    let mut items = Vec::new();
    for item in yaml.items() {
        if item.kind() == Kind::Mapping {
            items.extend(convert(canon, &shape::GRANT, item));
        } else if let Some(name) = text(item) {
            let mut grant = Value::new(Data::Mapping(Vec::new()), Some(item.span()));
            grant.set("source", said(name, item));
            items.push(grant);
        }
    }
    items
}

/// `mode`: a number, of base 8 if it is a text.
pub(super) fn file_mode(_: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mode = match yaml.scalar()? {
        Scalar::Int(mode) => mode,
        Scalar::Str(text) => i64::from_str_radix(text, 8).ok()?,
        _ => return None,
    };
    (mode != 0).then(|| said(format!("0{mode:o}"), yaml))
}

/// `devices`: with source, target and permissions.
pub(super) fn devices(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut items = Vec::new();
    for item in yaml.items() {
        let mut device = Value::new(Data::Mapping(Vec::new()), Some(item.span()));
        if item.kind() == Kind::Mapping {
            for key in ["source", "target", "permissions"] {
                if let Some(value) = item.get(key).and_then(|it| convert(canon, &shape::Shape::Text, it)) {
                    device.set(key, value);
                }
            }
        } else {
            let Some(text) = text(item) else { continue };
            let map = item.map();
            match Device::parse(&text, &map) {
                Ok(parsed) => {
                    device.set("source", said(parsed.source.value, item));
                    device.set("target", said(parsed.target_or_source(), item));
                    device.set("permissions", said(parsed.permissions_or_default(), item));
                }
                Err(error) => {
                    canon.errors.push(error);
                    continue;
                }
            }
        }
        items.push(device);
    }
    sequence(unique(items, by(&["target"])), yaml)
}

/// A limit of `ulimits`: one number, or a soft and a hard one.
pub(super) fn ulimit(_: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let at = Some(yaml.span());
    let mut both = Value::new(Data::Mapping(Vec::new()), at);
    let mut number = |key: &str, value: i64| both.set(key, Value::new(Data::Int(value), at));
    if yaml.kind() == Kind::Scalar {
        match integer(yaml)? {
            0 => {
                number("soft", 0);
                number("hard", 0);
            }
            single => return Some(Value::new(Data::Int(single), at)),
        }
    } else {
        for key in ["soft", "hard"] {
            number(key, yaml.get(key).and_then(integer).unwrap_or(0));
        }
    }
    Some(both)
}

/// `gpus`: `all`, or a list of requests.
pub(super) fn gpus(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    if yaml.kind() == Kind::Scalar {
        if yaml.is_null() {
            return None;
        }
        let mut request = Value::new(Data::Mapping(Vec::new()), Some(yaml.span()));
        request.set("count", Value::new(Data::Int(-1), Some(yaml.span())));
        return sequence(vec![request], yaml);
    }
    let items: Vec<Value> = yaml.items().filter_map(|item| device_request(canon, item)).collect();
    sequence(items, yaml)
}

/// A request for devices: all of them where neither a number nor names are said.
pub(super) fn device_request(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut request = convert(canon, &shape::DEVICE_REQUEST_LONG, yaml)?;
    request.remove("count");
    let count = match yaml.get("count").filter(|count| !count.is_null()) {
        Some(count) if text(count).as_deref() == Some("all") => Some(-1),
        Some(count) => integer(count),
        None if request.get("device_ids").is_none() => Some(-1),
        None => None,
    };
    if let Some(count) = count.filter(|count| *count != 0) {
        let origin = yaml.get("count").map(Yaml::span);
        request.set("count", Value::new(Data::Int(count), origin));
    }
    Some(request)
}

/// A service's `networks`: names alone, or settings by name.
pub(super) fn networks(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    names(canon, yaml, &shape::SERVICE_NETWORKS)
}

/// A service's `models`: names alone, or settings by name.
pub(super) fn models(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    names(canon, yaml, &shape::SERVICE_MODELS)
}

fn names(canon: &mut Canon<'_>, yaml: Yaml<'_>, long: &shape::Shape) -> Option<Value> {
    if yaml.kind() != Kind::Sequence {
        return convert(canon, long, yaml);
    }
    let mut all = Value::new(Data::Mapping(Vec::new()), Some(yaml.span()));
    for item in yaml.items() {
        if let Some(name) = text(item) {
            all.set(&name, Value::new(Data::Null, Some(item.span())));
        }
    }
    all.sort();
    Some(all)
}

/// `pull_policy`: `if_not_present` is another word for `missing`.
pub(super) fn pull_policy(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    match text(yaml)?.as_str() {
        "if_not_present" => Some(said("missing", yaml)),
        _ => convert(canon, &shape::Shape::Text, yaml),
    }
}

/// An entry of `develop.watch`.
pub(super) fn watch(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut watch = convert(canon, &shape::WATCH, yaml)?;
    resolve(canon, &mut watch, "path", paths::absolute);
    Some(watch)
}

/// The `external` of a resource with its old form, which holds the name.
fn external(resource: &mut Value, yaml: Yaml<'_>) {
    let Some(external) = yaml.get("external").filter(|it| it.kind() == Kind::Mapping) else { return };
    resource.set("external", Value::new(Data::Bool(true), Some(external.span())));
    if let Some(name) = external.get("name")
        && let Some(text) = text(name)
    {
        resource.default("name", || said(text, name));
    }
}

/// A network.
pub(super) fn network(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut network = convert(canon, &shape::NETWORK_LONG, yaml)?;
    external(&mut network, yaml);
    Some(network)
}

/// A volume. The device of a local one that is bound is a path of this machine.
pub(super) fn volume(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut volume = convert(canon, &shape::VOLUME_LONG, yaml)?;
    external(&mut volume, yaml);
    let local = volume.get("driver").and_then(Value::as_str).is_none_or(|driver| driver == "local");
    if local
        && let Some(mut options) = volume.get("driver_opts").cloned()
        && options.get("o").and_then(Value::as_str) == Some("bind")
    {
        resolve(canon, &mut options, "device", paths::any_system);
        volume.set("driver_opts", options);
    }
    Some(volume)
}

/// A secret or config.
pub(super) fn file_object(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<Value> {
    let mut object = convert(canon, &shape::FILE_OBJECT_LONG, yaml)?;
    external(&mut object, yaml);
    resolve(canon, &mut object, "file", paths::any_system);
    Some(object)
}
