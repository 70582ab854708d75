//! The shapes of the model's values by key, and the conversion of a value to its shape.

use super::forms;
use super::{Canon, Data, Value};
use crate::compose::duration::Duration;
use crate::compose::size::Size;
use crate::yaml::scalar::{Scalar, cast_bool};
use crate::yaml::{Kind, Yaml};

/// A conversion of its own; `None` leaves the key out.
type Convert = for<'p> fn(&mut Canon<'p>, Yaml<'_>) -> Option<Value>;

/// What a value becomes. Of each the engine leaves out what says nothing, unless it can tell nothing
/// from the default (`Optional…`).
pub(super) enum Shape {
    /// A text; a blank one is left out.
    Text,
    /// A boolean; `false` is left out.
    Flag,
    /// A boolean.
    OptionalFlag,
    /// A whole number; 0 is left out.
    Int,
    /// A whole number.
    OptionalInt,
    /// A number of 32 bits; 0 is left out.
    Float,
    /// A number of bytes, as a text; 0 is left out.
    Size,
    /// A length of time; none is left out.
    Duration,
    /// A length of time.
    OptionalDuration,
    /// A list of texts, or one alone.
    Texts,
    /// A list of texts, or one alone, in which a later one replaces those with the same text before
    /// `=`.
    Set,
    /// A list of paths, or one alone.
    Paths,
    /// A mapping of texts, or a list of `KEY=value`; nothing is a blank text.
    Pairs,
    /// A mapping with these keys, and extensions.
    Record(&'static [(&'static str, Shape)]),
    /// As [`Shape::Record`]; an empty one is left out.
    Filled(&'static [(&'static str, Shape)]),
    /// A list.
    List(&'static Shape),
    /// A mapping of any keys.
    Named(&'static Shape),
    /// Anything, as it is.
    Any,
    /// What the function makes of it.
    Custom(Convert),
}

use Shape::{
    Any, Custom, Duration as Time, Filled, Flag, Float, Int, List, Named, OptionalDuration as OptionalTime,
    OptionalFlag, OptionalInt, Pairs, Paths, Record, Set, Size as Bytes, Text, Texts,
};

/// The sections of the model besides the services.
pub(super) const SECTIONS: &[(&str, Shape)] = &[
    ("networks", Named(&NETWORK)),
    ("volumes", Named(&VOLUME)),
    ("secrets", Named(&FILE_OBJECT)),
    ("configs", Named(&FILE_OBJECT)),
    ("models", Named(&MODEL)),
];

static NETWORK: Shape = Custom(forms::network);
pub(super) static NETWORK_LONG: Shape = Record(&[
    ("name", Text),
    ("driver", Text),
    ("driver_opts", Pairs),
    (
        "ipam",
        Filled(&[
            ("driver", Text),
            (
                "config",
                List(&Record(&[
                    ("subnet", Text),
                    ("gateway", Text),
                    ("ip_range", Text),
                    ("aux_addresses", Pairs),
                ])),
            ),
            ("options", Pairs),
        ]),
    ),
    ("external", Flag),
    ("internal", Flag),
    ("attachable", Flag),
    ("labels", Pairs),
    ("enable_ipv4", OptionalFlag),
    ("enable_ipv6", OptionalFlag),
]);

static VOLUME: Shape = Custom(forms::volume);
pub(super) static VOLUME_LONG: Shape = Record(&[
    ("name", Text),
    ("driver", Text),
    ("driver_opts", Pairs),
    ("external", Flag),
    ("labels", Pairs),
]);

static FILE_OBJECT: Shape = Custom(forms::file_object);
pub(super) static FILE_OBJECT_LONG: Shape = Record(&[
    ("name", Text),
    ("file", Text),
    ("environment", Text),
    ("content", Text),
    ("external", Flag),
    ("labels", Pairs),
    ("driver", Text),
    ("driver_opts", Pairs),
    ("template_driver", Text),
]);

static MODEL: Shape =
    Record(&[("name", Text), ("model", Text), ("context_size", Int), ("runtime_flags", Texts)]);

/// A service.
pub(super) static SERVICE: Shape = Record(SERVICE_KEYS);

const HOOK: Shape = Record(&[
    ("command", Custom(forms::command)),
    ("user", Text),
    ("privileged", Flag),
    ("working_dir", Text),
    ("environment", Custom(forms::environment)),
]);

static HOOKS: Shape = HOOK;

static WEIGHT: Shape = Record(&[("path", Text), ("weight", Int)]);
static RATE: Shape = Record(&[("path", Text), ("rate", Bytes)]);

const UPDATE: &[(&str, Shape)] = &[
    ("parallelism", OptionalInt),
    ("delay", Time),
    ("failure_action", Text),
    ("monitor", Time),
    ("max_failure_ratio", Float),
    ("order", Text),
];

static DEVICE_REQUEST: Shape = Custom(forms::device_request);
pub(super) static DEVICE_REQUEST_LONG: Shape = Record(&[
    ("capabilities", Texts),
    ("driver", Text),
    ("count", Any),
    ("device_ids", Texts),
    ("options", Pairs),
]);

const RESOURCE: &[(&str, Shape)] = &[
    ("cpus", Float),
    ("memory", Bytes),
    ("pids", Int),
    ("devices", List(&DEVICE_REQUEST)),
    (
        "generic_resources",
        List(&Record(&[("discrete_resource_spec", Record(&[("kind", Text), ("value", Int)]))])),
    ),
];

pub(super) static DEPENDENCY: Shape =
    Record(&[("condition", Text), ("restart", Flag), ("required", OptionalFlag)]);

pub(super) static PORT: Shape = Record(&[
    ("name", Text),
    ("mode", Text),
    ("host_ip", Text),
    ("target", Int),
    ("published", Text),
    ("protocol", Text),
    ("app_protocol", Text),
]);

pub(super) static MOUNT: Shape = Record(&[
    ("type", Text),
    ("source", Text),
    ("target", Text),
    ("read_only", Flag),
    ("consistency", Text),
    (
        "bind",
        Record(&[
            ("selinux", Text),
            ("propagation", Text),
            ("create_host_path", Custom(forms::false_only)),
            ("recursive", Text),
        ]),
    ),
    ("volume", Record(&[("labels", Pairs), ("nocopy", Flag), ("subpath", Text)])),
    ("tmpfs", Record(&[("size", Bytes), ("mode", Int)])),
    ("image", Record(&[("subpath", Text)])),
]);

pub(super) static GRANT: Shape = Record(&[
    ("source", Text),
    ("target", Text),
    ("uid", Text),
    ("gid", Text),
    ("mode", Custom(forms::file_mode)),
]);

pub(super) static BUILD: Shape = Record(&[
    ("context", Text),
    ("dockerfile", Text),
    ("dockerfile_inline", Text),
    ("entitlements", Texts),
    ("args", Custom(forms::build_args)),
    ("provenance", Text),
    ("sbom", Text),
    ("ssh", Custom(forms::ssh)),
    ("labels", Pairs),
    ("cache_from", Texts),
    ("cache_to", Texts),
    ("no_cache", Flag),
    ("no_cache_filter", Texts),
    ("additional_contexts", Custom(forms::contexts)),
    ("pull", Flag),
    ("extra_hosts", Custom(forms::extra_hosts)),
    ("isolation", Text),
    ("network", Text),
    ("target", Text),
    ("secrets", Custom(forms::build_secrets)),
    ("shm_size", Bytes),
    ("tags", Set),
    ("ulimits", Named(&ULIMIT)),
    ("platforms", Set),
    ("privileged", Flag),
]);

pub(super) static WATCH: Shape = Record(&[
    ("path", Text),
    ("action", Text),
    ("target", Text),
    ("exec", HOOK),
    ("include", Texts),
    ("ignore", Texts),
    ("initial_sync", Flag),
]);

static ULIMIT: Shape = Custom(forms::ulimit);
static SERVICE_NETWORK: Shape = Record(&[
    ("aliases", Set),
    ("driver_opts", Pairs),
    ("gw_priority", Int),
    ("interface_name", Text),
    ("ipv4_address", Text),
    ("ipv6_address", Text),
    ("link_local_ips", Set),
    ("mac_address", Text),
    ("priority", Int),
]);
pub(super) static SERVICE_NETWORKS: Shape = Named(&SERVICE_NETWORK);
pub(super) static SERVICE_MODELS: Shape = Named(&Record(&[("endpoint_var", Text), ("model_var", Text)]));

const SERVICE_KEYS: &[(&str, Shape)] = &[
    ("annotations", Pairs),
    ("attach", OptionalFlag),
    (
        "blkio_config",
        Record(&[
            ("weight", Int),
            ("weight_device", List(&WEIGHT)),
            ("device_read_bps", List(&RATE)),
            ("device_read_iops", List(&RATE)),
            ("device_write_bps", List(&RATE)),
            ("device_write_iops", List(&RATE)),
        ]),
    ),
    ("build", Custom(forms::build)),
    ("cap_add", Set),
    ("cap_drop", Set),
    ("cgroup", Text),
    ("cgroup_parent", Text),
    ("command", Custom(forms::command)),
    ("configs", Custom(forms::configs)),
    ("container_name", Text),
    ("cpu_count", Int),
    ("cpu_percent", Float),
    ("cpu_period", Int),
    ("cpu_quota", Int),
    ("cpu_rt_period", Int),
    ("cpu_rt_runtime", Int),
    ("cpu_shares", Int),
    ("cpus", Float),
    ("cpuset", Text),
    ("credential_spec", Record(&[("config", Text), ("file", Text), ("registry", Text)])),
    ("depends_on", Custom(forms::depends_on)),
    (
        "deploy",
        Record(&[
            ("mode", Text),
            ("replicas", OptionalInt),
            ("labels", Pairs),
            ("update_config", Record(UPDATE)),
            ("rollback_config", Record(UPDATE)),
            ("resources", Filled(&[("limits", Record(RESOURCE)), ("reservations", Record(RESOURCE))])),
            (
                "restart_policy",
                Record(&[
                    ("condition", Text),
                    ("delay", OptionalTime),
                    ("max_attempts", OptionalInt),
                    ("window", OptionalTime),
                ]),
            ),
            (
                "placement",
                Filled(&[
                    ("constraints", Texts),
                    ("preferences", List(&Record(&[("spread", Text)]))),
                    ("max_replicas_per_node", Int),
                ]),
            ),
            ("endpoint_mode", Text),
        ]),
    ),
    ("develop", Record(&[("watch", List(&Custom(forms::watch)))])),
    ("device_cgroup_rules", Texts),
    ("devices", Custom(forms::devices)),
    ("dns", Custom(forms::dns)),
    ("dns_opt", Set),
    ("dns_search", Set),
    ("domainname", Text),
    ("entrypoint", Custom(forms::command)),
    ("env_file", Custom(forms::env_files)),
    ("environment", Custom(forms::environment)),
    ("expose", Set),
    ("extends", Custom(forms::extends)),
    ("external_links", Texts),
    ("extra_hosts", Custom(forms::extra_hosts)),
    ("gpus", Custom(forms::gpus)),
    ("group_add", Texts),
    (
        "healthcheck",
        Record(&[
            ("test", Custom(forms::health_test)),
            ("timeout", OptionalTime),
            ("interval", OptionalTime),
            ("retries", OptionalInt),
            ("start_period", OptionalTime),
            ("start_interval", OptionalTime),
            ("disable", Flag),
        ]),
    ),
    ("hostname", Text),
    ("image", Text),
    ("init", OptionalFlag),
    ("ipc", Text),
    ("isolation", Text),
    ("label_file", Paths),
    ("labels", Pairs),
    ("links", Set),
    ("log_driver", Text),
    ("log_opt", Pairs),
    ("logging", Record(&[("driver", Text), ("options", Pairs)])),
    ("mac_address", Text),
    ("mem_limit", Bytes),
    ("mem_reservation", Bytes),
    ("mem_swappiness", Bytes),
    ("memswap_limit", Bytes),
    ("models", Custom(forms::models)),
    ("net", Text),
    ("network_mode", Text),
    ("networks", Custom(forms::networks)),
    ("oom_kill_disable", Flag),
    ("oom_score_adj", Int),
    ("pid", Text),
    ("pids_limit", Int),
    ("platform", Text),
    ("ports", Custom(forms::ports)),
    ("post_start", List(&HOOKS)),
    ("pre_start", List(&HOOKS)),
    ("pre_stop", List(&HOOKS)),
    ("privileged", Flag),
    ("profiles", Set),
    ("provider", Record(&[("type", Text), ("options", Named(&Texts))])),
    ("pull_policy", Custom(forms::pull_policy)),
    ("read_only", Flag),
    ("restart", Text),
    ("runtime", Text),
    ("scale", OptionalInt),
    ("secrets", Custom(forms::secrets)),
    ("security_opt", Texts),
    ("shm_size", Bytes),
    ("stdin_open", Flag),
    ("stop_grace_period", OptionalTime),
    ("stop_signal", Text),
    ("storage_opt", Pairs),
    ("sysctls", Pairs),
    ("tmpfs", Set),
    ("tty", Flag),
    ("ulimits", Named(&ULIMIT)),
    ("use_api_socket", Flag),
    ("user", Text),
    ("userns_mode", Text),
    ("uts", Text),
    ("volume_driver", Text),
    ("volumes", Custom(forms::mounts)),
    ("volumes_from", Texts),
    ("working_dir", Text),
];

/// The value in its shape; `None` where the engine leaves it out.
pub(super) fn convert(canon: &mut Canon<'_>, shape: &Shape, yaml: Yaml<'_>) -> Option<Value> {
    let at = Some(yaml.span());
    // What a variable is to say stands as it is written.
    if yaml.is_unknown() {
        return text(yaml).map(|text| Value::new(Data::String(text), at));
    }
    if let Custom(convert) = shape {
        return convert(canon, yaml);
    }
    if yaml.is_null() && !matches!(shape, Any) {
        return None;
    }
    match shape {
        Text => text(yaml).filter(|text| !text.is_empty()).map(|text| Value::new(Data::String(text), at)),
        Flag | OptionalFlag => {
            let value = boolean(yaml)?;
            (value || matches!(shape, OptionalFlag)).then(|| Value::new(Data::Bool(value), at))
        }
        Int | OptionalInt => {
            let value = integer(yaml)?;
            (value != 0 || matches!(shape, OptionalInt)).then(|| Value::new(Data::Int(value), at))
        }
        Float => {
            let value = yaml.as_f64()? as f32;
            (value != 0.0).then(|| Value::new(Data::Float(widened(value)), at))
        }
        Bytes => {
            let bytes = size(canon, yaml)?;
            (bytes != 0).then(|| Value::new(Data::String(bytes.to_string()), at))
        }
        Time | OptionalTime => {
            let text = text(yaml)?;
            match Duration::parse(&text, &yaml.map()) {
                Ok(length) if length.nanoseconds == 0 && matches!(shape, Time) => None,
                Ok(length) => Some(Value::new(Data::String(length.to_string()), at)),
                Err(error) => {
                    canon.errors.push(error);
                    None
                }
            }
        }
        Texts => {
            let items = texts(yaml);
            (!items.is_empty()).then(|| Value::new(Data::Sequence(items), at))
        }
        Set => {
            let key = |item: &Value| Some(item.as_str()?.split('=').next()?.to_owned());
            let items = forms::unique(texts(yaml), key);
            (!items.is_empty()).then(|| Value::new(Data::Sequence(items), at))
        }
        Paths => {
            let mut items = texts(yaml);
            for item in &mut items {
                if let Data::String(path) = &mut item.data {
                    let base = canon.directory.clone();
                    *path = super::paths::absolute(path, &base, canon.home());
                }
            }
            (!items.is_empty()).then(|| Value::new(Data::Sequence(items), at))
        }
        Pairs => {
            let mut entries = pairs(yaml);
            for (_, value) in &mut entries {
                if value.data == Data::Null {
                    value.data = Data::String(String::new());
                }
            }
            (!entries.is_empty()).then(|| Value::new(Data::Mapping(entries), at))
        }
        Record(fields) => Some(record(canon, fields, yaml)),
        Filled(fields) => Some(record(canon, fields, yaml)).filter(|value| !value.is_blank()),
        List(shape) => {
            let items: Vec<Value> = yaml.items().filter_map(|item| convert(canon, shape, item)).collect();
            (!items.is_empty()).then(|| Value::new(Data::Sequence(items), at))
        }
        Named(shape) => {
            let mut entries = Vec::new();
            for entry in yaml.entries() {
                let null = || Value::new(Data::Null, Some(entry.key.span()));
                let value = convert(canon, shape, entry.value).unwrap_or_else(null);
                entries.push((entry.name().to_owned(), value));
            }
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            (!entries.is_empty()).then(|| Value::new(Data::Mapping(entries), at))
        }
        Any => Some(any(yaml)),
        Custom(_) => None,
    }
}

fn record(canon: &mut Canon<'_>, fields: &[(&'static str, Shape)], yaml: Yaml<'_>) -> Value {
    let mut entries = Vec::new();
    for (key, shape) in fields {
        if let Some(value) = yaml.get(key).and_then(|value| convert(canon, shape, value)) {
            entries.push(((*key).to_owned(), value));
        }
    }
    for entry in yaml.entries().filter(|entry| entry.name().starts_with("x-")) {
        entries.push((entry.name().to_owned(), any(entry.value)));
    }
    Value::new(Data::Mapping(entries), Some(yaml.span()))
}

/// The number of 64 bits that is written as this one of 32 bits is.
fn widened(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

/// The text that the engine makes of a scalar, as it is written if it has an unknown variable; `None` for
/// null and collections.
pub(super) fn text(yaml: Yaml<'_>) -> Option<String> {
    if yaml.is_unknown() {
        return yaml.raw_str().map(str::to_owned);
    }
    match yaml.scalar()? {
        Scalar::Null => None,
        Scalar::Bool(value) => Some(value.to_string()),
        Scalar::Int(value) => Some(value.to_string()),
        Scalar::Float(value) => Some(float(value)),
        Scalar::Timestamp(text) if text.len() <= 10 => Some(format!("{text} 00:00:00 +0000 UTC")),
        Scalar::Timestamp(text) | Scalar::Str(text) => Some(text.to_owned()),
    }
}

/// A number as Go prints it: with an exponent below 1e-4 and from 1e21 on.
fn float(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        }
        .to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(exponent) => ('-', exponent),
            None => ('+', exponent),
        };
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    value.to_string()
}

pub(super) fn boolean(yaml: Yaml<'_>) -> Option<bool> {
    match yaml.scalar()? {
        Scalar::Bool(value) => Some(value),
        Scalar::Str(text) => cast_bool(text).or(match text {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        }),
        _ => None,
    }
}

pub(super) fn integer(yaml: Yaml<'_>) -> Option<i64> {
    match yaml.scalar()? {
        Scalar::Float(value) => Some(value as i64),
        _ => yaml.as_int(),
    }
}

fn size(canon: &mut Canon<'_>, yaml: Yaml<'_>) -> Option<i64> {
    match yaml.scalar()? {
        Scalar::Int(value) => Some(value),
        Scalar::Float(value) => Some(value as i64),
        Scalar::Str(text) => match Size::parse(text, &yaml.map()) {
            Ok(size) => Some(size.bytes),
            // What an interpolation leaves blank is none, and a limit may be lifted.
            Err(_) if text.is_empty() => None,
            Err(_) if text == "-1" => Some(-1),
            Err(error) => {
                canon.errors.push(error);
                None
            }
        },
        _ => None,
    }
}

/// A list of texts, or one alone.
pub(super) fn texts(yaml: Yaml<'_>) -> Vec<Value> {
    let item = |item: Yaml<'_>| Some(Value::new(Data::String(text(item)?), Some(item.span())));
    match yaml.kind() {
        Kind::Sequence => yaml.items().filter_map(item).collect(),
        Kind::Scalar => item(yaml).into_iter().collect(),
        Kind::Mapping => Vec::new(),
    }
}

/// A mapping of texts, or a list of `KEY=value`, by key; a key alone is null. Of several with one key
/// the last counts.
pub(super) fn pairs(yaml: Yaml<'_>) -> Vec<(String, Value)> {
    let mut entries = std::collections::BTreeMap::new();
    for entry in yaml.entries() {
        let data = text(entry.value).map_or(Data::Null, Data::String);
        let span = if entry.value.span().is_empty() { entry.key.span() } else { entry.value.span() };
        entries.insert(entry.name().to_owned(), Value::new(data, Some(span)));
    }
    for item in yaml.items() {
        let Some(text) = text(item) else { continue };
        let (key, data) = match text.split_once('=') {
            Some((key, value)) => (key, Data::String(value.to_owned())),
            None => (text.as_str(), Data::Null),
        };
        entries.insert(key.to_owned(), Value::new(data, Some(item.span())));
    }
    entries.into_iter().collect()
}

/// The value as it is.
pub(super) fn any(yaml: Yaml<'_>) -> Value {
    let data = match yaml.kind() {
        Kind::Sequence => Data::Sequence(yaml.items().map(any).collect()),
        Kind::Mapping => {
            let mut value = Value::empty();
            for entry in yaml.entries() {
                value.set(entry.name(), any(entry.value));
            }
            value.data
        }
        Kind::Scalar if yaml.is_unknown() => text(yaml).map_or(Data::Null, Data::String),
        Kind::Scalar => match yaml.scalar() {
            None | Some(Scalar::Null) => Data::Null,
            Some(Scalar::Bool(value)) => Data::Bool(value),
            Some(Scalar::Int(value)) => Data::Int(value),
            Some(Scalar::Float(value)) => Data::Float(value),
            Some(Scalar::Timestamp(text)) if text.len() <= 10 => Data::String(format!("{text}T00:00:00Z")),
            Some(Scalar::Timestamp(text) | Scalar::Str(text)) => Data::String(text.to_owned()),
        },
    };
    Value::new(data, Some(yaml.span()))
}

#[cfg(test)]
mod tests {
    use super::float;

    #[test]
    fn numbers_are_printed_as_go_prints_them() {
        assert_eq!(float(1.0), "1");
        assert_eq!(float(0.5), "0.5");
        assert_eq!(float(0.00001), "1e-05");
        assert_eq!(float(1.5e21), "1.5e+21");
    }
}
