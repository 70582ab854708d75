//! Ports that are published to every network: what the rules on them share.

use std::net::IpAddr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::compose::port::PortRange;
use crate::compose::service::{PortView, Service};
use crate::configuration::options::{Form, OptionKey, Options};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::images::Kind;
use crate::source::Span;
use crate::yaml::edit::{self, Value};
use crate::yaml::{Style, Yaml};

/// The number of ports up to which a range is looked through for single ones.
const MAX_RANGE: usize = 16;

/// Ports of the container on which nothing else listens as a rule, sorted, with what does.
const SENSITIVE: &[(u16, &str)] = &[
    (23, "Telnet"),
    (111, "the port mapper"),
    (139, "file shares"),
    (389, "LDAP"),
    (445, "file shares"),
    (512, "rexec"),
    (513, "rlogin"),
    (873, "rsync"),
    (1433, "SQL Server"),
    (1521, "Oracle Database"),
    (2049, "NFS"),
    (2181, "ZooKeeper"),
    (2375, "Docker"),
    (2376, "Docker"),
    (2379, "etcd"),
    (2380, "etcd"),
    (3306, "MySQL"),
    (3389, "the remote desktop"),
    (5432, "PostgreSQL"),
    (5672, "RabbitMQ"),
    (5900, "VNC"),
    (5901, "VNC"),
    (5984, "CouchDB"),
    (6379, "Redis"),
    (7199, "Cassandra"),
    (7687, "Neo4j"),
    (9042, "Cassandra"),
    (9092, "Kafka"),
    (9200, "Elasticsearch"),
    (9229, "the debugger of Node.js"),
    (9300, "Elasticsearch"),
    (10250, "the kubelet"),
    (11211, "Memcached"),
    (11434, "Ollama"),
    (15672, "the management of RabbitMQ"),
    (27017, "MongoDB"),
    (27018, "MongoDB"),
    (27019, "MongoDB"),
    (28015, "RethinkDB"),
];

/// Images, by the last part of their names, sorted, through which a database or broker is administered.
const CONSOLES: &[&str] = &[
    "adminer",
    "cloudbeaver",
    "kafka-ui",
    "mongo-express",
    "pgadmin4",
    "phpmyadmin",
    "redis-commander",
    "redisinsight",
];

/// Stores and brokers, by the last part of their images' names, sorted, that browsers and devices call.
const SERVED: &[&str] = &["eclipse-mosquitto", "emqx", "meilisearch", "minio", "typesense-server"];

/// The ports that are meant to be reached: the options of the rules on published ports.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Public {
    public: Vec<Ports>,
}

impl Options for Public {
    const KEYS: &'static [OptionKey] = &[OptionKey {
        name: "public",
        about: "Ports of the host that other machines are meant to reach; `8000-8010` is a range.",
        form: Form::Ports,
    }];
}

impl Public {
    /// Whether the configuration says that every port of the exposure is meant to be reached.
    pub fn has(&self, exposure: &Exposure<'_>) -> bool {
        exposure.view.port.published.is_some_and(|published| {
            let ports = published.value;
            self.public.iter().any(|public| public.0.contains(ports.start) && public.0.contains(ports.end))
        })
    }
}

/// Ports as a configuration writes them: a number, or a text with two.
#[derive(Copy, Clone, Debug)]
struct Ports(PortRange);

impl Serialize for Ports {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Ports {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let ports = PortRange::parse(text.trim()).filter(|ports| ports.start > 0);
        let wrong =
            || serde::de::Error::custom(format!("`{text}` is no port, nor a range such as `8000-8010`"));
        ports.map(Self).ok_or_else(wrong)
    }
}

/// A port that everyone who reaches the host reaches.
#[derive(Clone, Debug)]
pub struct Exposure<'p> {
    /// The port.
    pub view: PortView<'p>,
    /// What listens there, if only the project's own programs have reason to call it.
    pub sensitive: Option<&'static str>,
}

impl Exposure<'_> {
    /// The port as it is written, or what a mapping says of it in the short form.
    pub fn shown(&self) -> String {
        match self.view.yaml.as_str() {
            Some(text) => text.to_owned(),
            None => match self.view.port.published {
                Some(published) => format!("{}:{}", published.value, self.view.port.target.value),
                None => self.view.port.target.value.to_string(),
            },
        }
    }

    /// The bytes of the entry that say it: the whole of a short one, of a long one what is published.
    pub fn span(&self) -> Span {
        match self.view.port.published {
            Some(published) if self.view.is_long => published.span,
            _ if self.view.is_long => self.view.port.target.span,
            _ => self.view.yaml.span(),
        }
    }
}

/// The ports that a service publishes on every interface of the host, in order. Nothing for a service
/// that is on the host's own network, where `ports` has no effect.
pub fn exposures(service: Service<'_>) -> Vec<Exposure<'_>> {
    if !service.has_containers() || service.get("network_mode").is_some_and(|mode| is_without_ports(mode)) {
        return Vec::new();
    }
    let ports = service.ports().into_iter().filter(is_on_all_interfaces);
    ports.map(|view| Exposure { sensitive: sensitive(service, &view), view }).collect()
}

/// Whether a `network_mode` leaves the container without ports of its own, or that cannot be told.
fn is_without_ports(mode: Yaml<'_>) -> bool {
    mode.as_str().is_none_or(|mode| {
        matches!(mode, "host" | "none") || mode.starts_with("service:") || mode.starts_with("container:")
    })
}

fn is_on_all_interfaces(view: &PortView<'_>) -> bool {
    // What is said of the published port or the address and cannot be read is not known.
    let has =
        |key: &str| view.yaml.get(key).is_some_and(|value| !value.is_null() && value.raw_str() != Some(""));
    if view.is_long && (has("published") != view.port.published.is_some()) {
        return false;
    }
    match (view.port.host_ip, view.port.host_ip_text) {
        (Some(address), _) => is_every_address(address.value),
        (None, Some(text)) => text.value.is_empty(),
        (None, None) => true,
    }
}

/// Whether an address stands for all that the host has.
fn is_every_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_unspecified(),
        IpAddr::V6(six) => six.is_unspecified() || six.to_ipv4_mapped().is_some_and(|it| it.is_unspecified()),
    }
}

/// What listens on the port, if only the project's own programs have reason to call it.
fn sensitive(service: Service<'_>, view: &PortView<'_>) -> Option<&'static str> {
    let targets = view.port.target.value;
    let image = service.image();
    let name =
        image.as_ref().map(|image| image.name_without_registry().rsplit('/').next().unwrap_or_default());
    if service.get("build").is_none() && name.is_some_and(|name| CONSOLES.binary_search(&name).is_ok()) {
        return Some("the administration of a database or broker");
    }
    if targets.count() > MAX_RANGE || name.is_some_and(|name| SERVED.binary_search(&name).is_ok()) {
        return None;
    }
    if let Some((_, what)) = SENSITIVE.iter().find(|(port, _)| targets.contains(*port)) {
        return Some(what);
    }
    let known =
        service.known_image().filter(|known| known.ports.iter().any(|port| targets.contains(*port)))?;
    match known.kind {
        Kind::Database => Some("a database"),
        Kind::Cache => Some("a cache"),
        Kind::Queue => Some("a message broker"),
        _ => None,
    }
}

/// The fix that binds the port to the host itself. `None` where the text does not allow it, where the
/// engine chooses the port, or another file lists ports of the service too: the same port there would
/// then be another one.
pub fn bind(service: Service<'_>, view: &PortView<'_>) -> Option<Fix> {
    view.port.published?;
    let others = service.project().files().iter().filter(|file| file.source != view.yaml.span().source);
    let has_ports = |root: Yaml<'_>| {
        let own = root.get("services").and_then(|services| services.get(service.name())?.get("ports"));
        own.is_some()
    };
    if others.flat_map(|file| &file.documents).filter_map(|document| document.root()).any(has_ports) {
        return None;
    }
    let edit = if view.is_long { bind_long(service, view)? } else { bind_short(view)? };
    Some(Fix {
        title: "bind the port to the host itself".into(),
        applicability: Applicability::Unsafe,
        edits: vec![edit],
    })
}

/// The address of the host itself that takes the place of one for all interfaces.
fn own_address(address: Option<IpAddr>) -> &'static str {
    match address {
        Some(IpAddr::V6(six)) if six.is_unspecified() => "::1",
        _ => "127.0.0.1",
    }
}

fn bind_short(view: &PortView<'_>) -> Option<Edit> {
    let (item, port) = (view.yaml, &view.port);
    let span = item.span();
    let text = item.tree().text(span.source)?;
    let is_quoted = match item.style() {
        Style::Plain => false,
        Style::SingleQuoted | Style::DoubleQuoted => true,
        _ => return None,
    };
    if item.is_alias() || item.tag().is_some() || item.anchor().is_some() {
        return None;
    }
    if let Some(address) = port.host_ip {
        let place = address.span;
        if place.source != span.source || item.interpolation().is_some() {
            return None;
        }
        let brackets = text.get(..place.start as usize)?.ends_with('[');
        let own = own_address(Some(address.value));
        let own = if own.contains(':') && !brackets { format!("[{own}]") } else { own.to_owned() };
        return Some(Edit { span: place, text: own });
    }
    if has_address(text.get(span.range())?) {
        return None;
    }
    let at = span.start as usize + usize::from(is_quoted);
    Some(Edit { span: Span::new(span.source, at, at), text: "127.0.0.1:".into() })
}

/// Whether the port has a place for an address already, which a variable leaves empty, as in
/// `${BIND:-}:80:80`.
fn has_address(written: &str) -> bool {
    let (mut depth, mut colons) = (0usize, 0);
    for char in written.chars() {
        match char {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => colons += 1,
            _ => {}
        }
    }
    colons > 1
}

fn bind_long(service: Service<'_>, view: &PortView<'_>) -> Option<Edit> {
    let item = view.yaml;
    if let Some(entry) = item.entry("host_ip") {
        let value = entry.value;
        if value.is_alias() || value.interpolation().is_some() || value.tag().is_some() {
            return None;
        }
        let own = own_address(view.port.host_ip.map(|address| address.value));
        let own = if own.contains(':') { format!("\"{own}\"") } else { own.to_owned() };
        let own = if value.span().is_empty() { format!(" {own}") } else { own };
        return Some(Edit { span: value.span(), text: own });
    }
    let written = service.project().written(item)?;
    let edits = edit::add_entry(written, "host_ip", &Value::raw("127.0.0.1"), &["target", "published"])?;
    edits.into_iter().next()
}
