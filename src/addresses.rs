//! Hosts and ports that services name, and which services listen there: what the rules on connections
//! between services share.

use std::collections::HashSet;
use std::ops::Range;

use crate::compose::port::PortRange;
use crate::compose::project::{Build, Project};
use crate::compose::service::Service;
use crate::images::Kind as ImageKind;
use crate::source::Span;
use crate::yaml::{Kind, Yaml};

/// The number of bytes of a text that are looked through.
const MAX_TEXT: usize = 16 * 1024;

/// The number of services up to which they are compared with each other.
const MAX_SERVICES: usize = 500;

/// The number of variables up to which they are compared with each other.
const MAX_VARIABLES: usize = 500;

/// The number of `network_mode: service:` that are followed.
const MAX_STEPS: usize = 8;

/// The least port that counts without a scheme before it: a smaller number is rather a tag or a time.
const LEAST_BARE_PORT: u16 = 80;

/// Words of the names of variables whose addresses are for browsers and other machines, or say where the
/// program itself is.
const FOR_OTHERS: &[&str] = &[
    "ADVERTISE",
    "ADVERTISED",
    "ALLOWED",
    "AUDIENCE",
    "BROWSER",
    "CALLBACK",
    "CLIENT",
    "CORS",
    "CSP",
    "CSRF",
    "DOMAIN",
    "EXTERNAL",
    "FRONTEND",
    "GATSBY",
    "IMAGE",
    "ISSUER",
    "LISTEN",
    "LISTENER",
    "LISTENERS",
    "NUXT",
    "ORIGIN",
    "ORIGINS",
    "PUBLIC",
    "REACT",
    "REDIRECT",
    "SITE",
    "TRUSTED",
    "VITE",
    "VUE",
    "WEBSITE",
];

/// Names of variables for the program's own address as others call it.
const OWN_ADDRESS: &[&str] = &["APP_URL", "BASE_URL", "HOST_URL", "ROOT_URL", "SERVER_URL", "WEB_URL", "URL"];

/// Where a service names an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A variable of the environment.
    Environment,
    /// `command` or `entrypoint`.
    Command,
    /// The healthcheck.
    Healthcheck,
}

/// A host that a service names, perhaps with a port.
///
/// ```text
/// postgres://app:secret@db:5432/app
///                       ^^^^^^^
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address {
    /// The host.
    pub host: String,
    /// The port.
    pub port: Option<u16>,
    /// What stands before `://`, in lower case; `None` without it.
    pub scheme: Option<String>,
    /// The host with its port.
    pub span: Span,
    /// Where it is named.
    pub place: Place,
}

/// The addresses that a service names for programs to connect to, in order. Those for browsers, and those
/// that a variable might change, are left out.
pub fn addresses(service: Service<'_>) -> &[Address] {
    service.found_addresses().get_or_init(|| find(service))
}

fn find(service: Service<'_>) -> Vec<Address> {
    let mut found = Vec::new();
    let variables = service.environment();
    for variable in &variables {
        let name = variable.name.value.to_ascii_uppercase();
        if is_for_others(&name) {
            continue;
        }
        scan(variable.yaml, Place::Environment, &mut found);
        let Some(value) = variable.value else { continue };
        let is_host = ["HOST", "HOSTNAME", "SERVER"].iter().any(|word| name.ends_with(&format!("_{word}")));
        if is_host && variables.len() <= MAX_VARIABLES && is_host_name(value.value) {
            let prefix = &name[..name.rfind('_').unwrap_or(0)];
            let port =
                variables.iter().find(|it| it.name.value.eq_ignore_ascii_case(&format!("{prefix}_PORT")));
            found.push(Address {
                host: value.value.to_owned(),
                port: port.and_then(|port| port.value?.value.trim().parse().ok()),
                scheme: None,
                span: own_span(variable.yaml, value.span),
                place: Place::Environment,
            });
        }
    }
    for key in ["entrypoint", "command"] {
        each_scalar(service.get(key), &mut |scalar| scan(scalar, Place::Command, &mut found));
    }
    let test = service.healthcheck().and_then(|own| own.yaml().get("test"));
    each_scalar(test, &mut |scalar| scan(scalar, Place::Healthcheck, &mut found));
    found
}

/// Whether the address under this name, in upper case, is for browsers and other machines.
fn is_for_others(name: &str) -> bool {
    OWN_ADDRESS.contains(&name) || name.split('_').any(|word| FOR_OTHERS.contains(&word))
}

fn each_scalar<'p>(value: Option<Yaml<'p>>, look: &mut dyn FnMut(Yaml<'p>)) {
    let Some(value) = value else { return };
    match value.kind() {
        Kind::Scalar => look(value),
        Kind::Sequence => value.items().for_each(look),
        Kind::Mapping => {}
    }
}

/// The span, or that of the node where a variable brought the text from another file.
fn own_span(node: Yaml<'_>, span: Span) -> Span {
    if span.source == node.span().source && !span.is_empty() { span } else { node.span() }
}

fn is_host_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && text.bytes().any(|byte| byte.is_ascii_alphabetic() || byte == b'.')
}

/// Adds the addresses in a scalar.
fn scan(scalar: Yaml<'_>, place: Place, found: &mut Vec<Address>) {
    // What stands beside a variable without a value is there all the same.
    let is_unknown = scalar.is_unknown();
    let text = if is_unknown { scalar.raw_str() } else { scalar.as_str() };
    let Some(text) = text.filter(|text| text.len() <= MAX_TEXT) else { return };
    for (host, port, scheme, range) in hosts(text) {
        found.push(Address {
            host: host.to_owned(),
            port,
            scheme: scheme.map(str::to_ascii_lowercase),
            span: own_span(scalar, scalar.part(range)),
            place,
        });
    }
}

type Host<'t> = (&'t str, Option<u16>, Option<&'t str>, Range<usize>);

/// The hosts in a text, with port and scheme: behind `//`, or with a port.
fn hosts(text: &str) -> Vec<Host<'_>> {
    let is_part =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'@' | b'%');
    let bytes = text.as_bytes();
    let mut hosts = Vec::new();
    let mut scheme: Option<&str> = None;
    let mut start = 0;
    while start < bytes.len() {
        if !is_part(bytes[start]) {
            start += 1;
            continue;
        }
        let end = bytes[start..].iter().position(|byte| !is_part(*byte)).map_or(bytes.len(), |at| start + at);
        let token = &text[start..end];
        let before = &text[..start];
        if before.ends_with(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '=' | '('))
            && start > 0
        {
            scheme = scheme.filter(|_| before.ends_with('('));
        }
        let is_variable = before.ends_with('$') || before.ends_with("${");
        let is_authority = before.ends_with("//") || scheme.is_some() && token.contains('@');
        if text[end..].starts_with("//") && token.ends_with(':') {
            scheme = token.trim_end_matches(':').rsplit(':').next();
            start = end;
            continue;
        }
        let from = token.rfind('@').map_or(0, |at| at + 1);
        let host = token[from..].trim_end_matches(['.', ':']);
        let (name, port) = match host.split_once(':') {
            Some((name, port)) => (name, port.parse::<u16>().ok().filter(|port| *port > 0).map(Some)),
            None => (host, Some(None)),
        };
        if let Some(port) = port
            && is_host_name(name)
            && !is_variable
            && !is_cut(text, start + from, end)
            && (is_authority || port.is_some_and(|port| port >= LEAST_BARE_PORT))
        {
            hosts.push((name, port, scheme, start + from..start + from + host.len()));
        }
        start = end;
    }
    hosts
}

/// Whether a variable is a part of the word, so that it is not the whole host.
fn is_cut(text: &str, start: usize, end: usize) -> bool {
    (text[..start].ends_with('}') || text[end..].starts_with('$')) && !text[..start].ends_with('@')
}

/// The networks that a service is on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Networks {
    /// Networks of the project, by the names that the engine has for them.
    Named(HashSet<String>),
    /// The host's.
    Host,
    /// Not known, or one that other projects are on too.
    Unknown,
}

/// The networks of a service.
pub fn networks(service: Service<'_>) -> Networks {
    let mut service = service;
    for _ in 0..MAX_STEPS {
        if !service.is_in_view() {
            return Networks::Unknown;
        }
        let Some(mode) = service.get("network_mode") else { return named(service) };
        match mode.as_str() {
            Some("host") => return Networks::Host,
            Some("none") => return Networks::Named(HashSet::new()),
            Some(mode) => {
                let other = mode.strip_prefix("service:").and_then(|name| service.project().service(name));
                match other {
                    Some(other) => service = other,
                    None => return Networks::Unknown,
                }
            }
            None => return Networks::Unknown,
        }
    }
    Networks::Unknown
}

fn named(service: Service<'_>) -> Networks {
    let declared = service.project().root().and_then(|root| root.get("networks"));
    let names: Vec<&str> = match service.get("networks") {
        None => vec!["default"],
        Some(value) => {
            let names = service.names("networks");
            let count = value.items().len() + value.entries().len();
            if names.len() != count {
                return Networks::Unknown;
            }
            names.into_iter().map(|name| name.value).collect()
        }
    };
    let names = if names.is_empty() { vec!["default"] } else { names };
    let mut networks = HashSet::new();
    for key in names {
        let network = declared.and_then(|declared| declared.get(key)).filter(|network| !network.is_null());
        let has = |field: &str| network.and_then(|it| it.get(field)).filter(|value| !value.is_null());
        // Other projects may be on it, with services of any name.
        if has("external").is_some_and(|external| external.as_bool() != Some(false)) {
            return Networks::Unknown;
        }
        match has("name") {
            Some(name) => match name.as_str() {
                Some(name) => networks.insert(format!("name {name}")),
                None => return Networks::Unknown,
            },
            None => networks.insert(format!("key {key}")),
        };
    }
    Networks::Named(networks)
}

/// The other names under which others reach a service.
pub fn other_names(service: Service<'_>) -> Vec<&str> {
    let mut names = Vec::new();
    for key in ["container_name", "hostname"] {
        names.extend(service.text(key).map(|name| name.value));
    }
    let networks = service.get("networks").into_iter().flat_map(Yaml::entries);
    let aliases = networks.filter_map(|entry| entry.value.get("aliases")).flat_map(Yaml::items);
    names.extend(aliases.filter_map(Yaml::as_str));
    names
}

/// What is known of the ports that a container listens on.
#[derive(Clone, Debug, Default)]
pub struct Listening {
    /// The ports, where they are known.
    pub ports: Vec<PortRange>,
    /// The texts that may name others: values of the environment and words of commands.
    texts: String,
}

impl Listening {
    /// Whether the container surely listens on the port.
    pub fn is_on(&self, port: u16) -> bool {
        self.ports.iter().any(|range| range.contains(port))
    }

    /// Whether the container may listen on the port, as far as its service says.
    pub fn may_be_on(&self, port: u16) -> bool {
        self.is_on(port) || numbers(&self.texts).any(|number| number == port.to_string())
    }
}

/// The runs of digits in a text.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty())
}

/// The ports that the containers of a service listen on.
pub fn listening(service: Service<'_>) -> Listening {
    let mut listening = Listening::default();
    for view in service.ports() {
        listening.ports.push(view.port.target.value);
    }
    for exposed in service.get("expose").into_iter().flat_map(Yaml::items) {
        let text = exposed.raw_str().unwrap_or_default();
        listening.ports.extend(PortRange::parse(text.split('/').next().unwrap_or_default()));
    }
    if let Some(stage) = service.stage() {
        for word in stage.exposed() {
            let text: &str = &word.raw;
            listening.ports.extend(PortRange::parse(text.split('/').next().unwrap_or_default()));
        }
    }
    let image = service.known_image().or_else(|| service.known_base());
    listening
        .ports
        .extend(image.into_iter().flat_map(|image| image.ports).map(|port| PortRange::single(*port)));
    // A port that the program is told is one that it may listen on. Addresses name those of others.
    let variables = service.environment();
    let names: HashSet<String> = variables.iter().map(|it| it.name.value.to_ascii_uppercase()).collect();
    let is_of_another = |name: &str| {
        let prefix = name.strip_suffix("PORT");
        prefix.is_some_and(|prefix| {
            names.contains(&format!("{prefix}HOST")) || names.contains(&format!("{prefix}HOSTNAME"))
        })
    };
    for variable in &variables {
        let name = variable.name.value.to_ascii_uppercase();
        if let Some(raw) = variable.raw
            && ["PORT", "LISTEN", "BIND", "ADDR"].iter().any(|word| name.contains(word))
            && !is_of_another(&name)
        {
            listening.texts += raw.value;
            listening.texts.push(' ');
        }
    }
    for key in ["entrypoint", "command"] {
        each_scalar(service.get(key), &mut |scalar| {
            let text = scalar.raw_str().unwrap_or_default();
            if text.len() <= MAX_TEXT {
                listening.texts += text;
                listening.texts.push(' ');
            }
        });
    }
    listening
}

/// Whether the service runs a well-known store or broker, which others call and no browser does.
pub fn is_store(service: Service<'_>) -> bool {
    let known = service.known_image();
    known.is_some_and(|image| matches!(image.kind, ImageKind::Database | ImageKind::Cache | ImageKind::Queue))
}

/// Whether all services are in view, so that what is not there is nowhere, and they are not too many to
/// be compared with each other.
pub fn is_whole(project: &Project) -> bool {
    project.service_names().count() <= MAX_SERVICES
        && !project.is_open()
        && !project.deployment.is_fragment
        && project.services().all(|service| service.is_in_view())
}

/// Whether what the service builds cannot be looked at.
pub fn is_opaque(service: Service<'_>) -> bool {
    matches!(service.build(), Build::OutOfReach)
}

#[cfg(test)]
mod tests {
    use super::hosts;

    #[test]
    fn hosts_are_found_in_addresses_of_every_kind() {
        let found = |text| -> Vec<(String, Option<u16>)> {
            hosts(text).into_iter().map(|(host, port, ..)| (host.to_owned(), port)).collect()
        };
        let one = |host: &str, port| vec![(host.to_owned(), port)];
        assert_eq!(found("postgres://app:pa-ss@db:5432/app?x=y"), one("db", Some(5432)));
        assert_eq!(found("jdbc:mysql://db/app"), one("db", None));
        assert_eq!(found("app:secret@tcp(db:3306)/app"), one("db", Some(3306)));
        assert_eq!(found("a:9092,b:9093"), [("a".to_owned(), Some(9092)), ("b".to_owned(), Some(9093))]);
        assert_eq!(found("http://api"), one("api", None));
        assert_eq!(found("postgres://${USER:-app}:${PASSWORD}@db:5432/app"), one("db", Some(5432)));
        assert_eq!(found("amqp://a:5672,b:5672/%2f")[1], ("b".to_owned(), Some(5672)));
        assert_eq!(found("wait-for db:5432 -- serve"), one("db", Some(5432)));
        assert_eq!(found("--target=http://api:8000/x"), one("api", Some(8000)));
    }

    #[test]
    fn what_is_no_address_is_not_found() {
        for text in [
            "postgres:16",
            "redis:7-alpine",
            "12:30",
            "a:b",
            "::",
            "C:\\x",
            "db",
            "user@example.com",
            "ä:9000ö",
        ] {
            assert!(hosts(text).is_empty(), "{text}: {:?}", hosts(text));
        }
    }

    #[test]
    fn the_bytes_are_those_of_host_and_port() {
        let text = "amqp://guest:x@queue:5672//";
        let [(.., scheme, range)] = hosts(text)[..].to_vec().try_into().expect("one host");
        assert_eq!((scheme, &text[range]), (Some("amqp"), "queue:5672"));
    }
}
