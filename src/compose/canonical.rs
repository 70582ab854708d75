//! The model that the engine makes of a project: what `docker compose config` prints.
//!
//! Every short form is written out, every default that the engine fills in is there, relative paths
//! are absolute, and what has no value is gone. Each value still knows where it was said.

mod forms;
mod paths;
mod shape;
pub(crate) mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::dotenv::{DotEnv, DotEnvValue};
use super::environment::Environment;
use super::file::Workspace;
use super::interpolate::{Lookup, Resolution, Template};
use super::project::Project;
use super::syntax::SyntaxError;
use crate::source::{SourceId, SourceMap, Span};
use crate::yaml::Yaml;

/// What a value is.
#[derive(Clone, PartialEq, Debug)]
pub enum Data {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    String(String),
    /// A list.
    Sequence(Vec<Value>),
    /// Keys and values in the order in which they are printed; no key is there twice.
    Mapping(Vec<(String, Value)>),
}

/// A value and where it comes from.
#[derive(Clone, PartialEq, Debug)]
pub struct Value {
    /// What it is.
    pub data: Data,
    /// The bytes that say it; `None` for what the engine adds.
    pub origin: Option<Span>,
}

impl Value {
    /// A value that `origin` says.
    pub fn new(data: Data, origin: Option<Span>) -> Self {
        Self { data, origin }
    }

    /// A text that no file says.
    fn text(text: impl Into<String>) -> Self {
        Self::new(Data::String(text.into()), None)
    }

    /// A mapping without entries.
    fn empty() -> Self {
        Self::new(Data::Mapping(Vec::new()), None)
    }

    /// The entries of a mapping; none of anything else.
    pub fn entries(&self) -> &[(String, Value)] {
        match &self.data {
            Data::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Value] {
        match &self.data {
            Data::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is a list or mapping without anything in it, an empty text or null.
    fn is_blank(&self) -> bool {
        match &self.data {
            Data::Null => true,
            Data::String(text) => text.is_empty(),
            Data::Sequence(items) => items.is_empty(),
            Data::Mapping(entries) => entries.is_empty(),
            _ => false,
        }
    }

    /// Gives a key of a mapping a value, in place of what it had.
    fn set(&mut self, key: &str, value: Value) {
        let Data::Mapping(entries) = &mut self.data else { return };
        match entries.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => entries.push((key.to_owned(), value)),
        }
    }

    /// Gives a key of a mapping a value if it has none.
    fn default(&mut self, key: &str, value: impl FnOnce() -> Value) {
        if self.get(key).is_none() {
            self.set(key, value());
        }
    }

    /// Takes a key out of a mapping.
    fn remove(&mut self, key: &str) -> Option<Value> {
        let Data::Mapping(entries) = &mut self.data else { return None };
        let at = entries.iter().position(|(name, _)| name == key)?;
        Some(entries.remove(at).1)
    }

    /// Sorts the entries of a mapping by key.
    fn sort(&mut self) {
        if let Data::Mapping(entries) = &mut self.data {
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
    }
}

/// What the model depends on besides the files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What `~` stands for.
    pub home: Option<String>,
    /// The profiles that are switched on; `*` for all.
    pub profiles: Vec<String>,
    /// What relative paths start from, if that is not the project's directory as it is known.
    pub directory: Option<PathBuf>,
    /// The project's name, if nothing else says it.
    pub name: Option<String>,
}

/// The model of a project that was read with the engine's interpolation, and what is wrong with it.
/// Where something is, the engine refuses the project, and the model is as far as it can be told.
pub fn model(workspace: &Workspace<'_>, project: &Project, options: &Options) -> (Value, Vec<SyntaxError>) {
    let directory = options.directory.clone().unwrap_or_else(|| project.directory().to_owned());
    let mut canon = Canon { workspace, project, options, directory, errors: Vec::new() };
    canon.unknown();
    let model = canon.root();
    canon.errors.dedup();
    (model, canon.errors)
}

/// The making of a model.
struct Canon<'p> {
    workspace: &'p Workspace<'p>,
    project: &'p Project,
    options: &'p Options,
    /// What relative paths start from, those of included and extended files too.
    directory: PathBuf,
    errors: Vec<SyntaxError>,
}

impl<'p> Canon<'p> {
    fn environment(&self) -> &'p Environment {
        self.project.environment()
    }

    fn home(&self) -> Option<&'p str> {
        self.options.home.as_deref()
    }

    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(SyntaxError { message: message.into(), span: Some(span) });
    }

    /// Says of each text that could not be resolved why.
    fn unknown(&mut self) {
        let Some(root) = self.project.root() else { return };
        for node in root.tree().nodes().filter(|node| node.is_unknown()) {
            let Some(raw) = node.raw_str() else { continue };
            let map = node.raw_map();
            let environment = self.environment();
            let resolution =
                Template::parse(raw, &map).map(|template| template.resolve(&|name| environment.lookup(name)));
            let (span, message) = match resolution {
                Err(error) | Ok(Resolution::Invalid(error)) => (error.span, error.to_string()),
                Ok(Resolution::Missing(missing)) => {
                    let name = missing.name.value;
                    let why = missing.message.filter(|message| !message.is_empty());
                    let why = why.map_or(String::new(), |why| format!(": {why}"));
                    (Some(missing.name.span), format!("the required variable `{name}` has no value{why}"))
                }
                Ok(Resolution::TooLong) => {
                    (None, "the text is too long with its variables put in".to_owned())
                }
                Ok(Resolution::Known(_) | Resolution::Unknown) => continue,
            };
            self.errors.push(SyntaxError { message, span: span.or(Some(node.span())) });
        }
    }

    fn root(&mut self) -> Value {
        let mut model = Value::empty();
        let name = self.environment().get("COMPOSE_PROJECT_NAME").filter(|name| !name.is_empty());
        let name = name.or(self.options.name.as_deref()).unwrap_or_default().to_owned();
        let root = self.project.root();
        let said = root.and_then(|root| root.get("name")).map(Yaml::span);
        model.set("name", Value::new(Data::String(name.clone()), said));
        let mut services = self.services(root.and_then(|root| root.get("services")));
        let mut sections: Vec<(&str, Value)> = Vec::new();
        for (section, shape) in shape::SECTIONS {
            let value = root.and_then(|root| root.get(section)).filter(|value| !value.is_null());
            let mut resources = Value::empty();
            if let Some(section) = value {
                resources = shape::convert(self, shape, section).unwrap_or(resources);
                Self::keep_blank_names(section, &mut resources);
            }
            let mut value = resources;
            if *section == "networks" {
                connect(&mut services, &mut value);
            }
            if *section != "models" {
                named(&mut value, &name);
            }
            if !value.is_blank() {
                value.sort();
                sections.push((*section, value));
            }
        }
        model.set("services", services);
        for (section, value) in sections {
            model.set(section, value);
        }
        for entry in root.into_iter().flat_map(Yaml::entries) {
            if entry.name().starts_with("x-") {
                model.set(entry.name(), shape::any(entry.value));
            }
        }
        model
    }

    /// Keeps a blank `name` of a resource, so that it is not given one.
    fn keep_blank_names(section: Yaml<'_>, resources: &mut Value) {
        for entry in section.entries() {
            let said = entry.value.get("name").filter(|name| !name.is_null());
            let Data::Mapping(entries) = &mut resources.data else { return };
            let resource = entries.iter_mut().find(|(key, _)| key == entry.name());
            if let (Some(name), Some((_, resource))) = (said, resource)
                && name.as_str() == Some("")
            {
                resource.set("name", Value::new(Data::String(String::new()), Some(name.span())));
            }
        }
    }

    fn services(&mut self, section: Option<Yaml<'_>>) -> Value {
        let mut services = Value::empty();
        for entry in section.into_iter().flat_map(Yaml::entries) {
            let on = self.project.service(entry.name()).is_none_or(|service| self.is_on(service.yaml()));
            if !on {
                continue;
            }
            let mut service = shape::convert(self, &shape::SERVICE, entry.value).unwrap_or_else(Value::empty);
            self.read_env_files(&mut service, entry.value);
            self.read_label_files(&mut service, entry.value);
            depend(&mut service);
            if let Some(scale) = service.get("scale").cloned()
                && let Some(mut deploy) = service.remove("deploy")
            {
                deploy.set("replicas", scale);
                service.set("deploy", deploy);
            }
            service.sort();
            services.set(entry.name(), service);
        }
        services.sort();
        services
    }

    /// Whether the chosen profiles switch a service on.
    fn is_on(&self, service: Yaml<'_>) -> bool {
        let Some(profiles) = service.get("profiles").filter(|value| value.items().len() > 0) else {
            return true;
        };
        let chosen = &self.options.profiles;
        chosen.iter().any(|it| it == "*")
            || profiles.items().filter_map(Yaml::as_str).any(|it| chosen.iter().any(|chosen| chosen == it))
    }

    /// Puts what the service's `env_file`s say under what its `environment` says.
    fn read_env_files(&mut self, service: &mut Value, written: Yaml<'_>) {
        let own = service.remove("environment").unwrap_or_else(Value::empty);
        let mut all: BTreeMap<String, Value> = BTreeMap::new();
        let files = service.get("env_file").map(|files| files.items().to_vec()).unwrap_or_default();
        for file in &files {
            let text = |key: &str| file.get(key).and_then(Value::as_str);
            let Some(path) = text("path") else { continue };
            let required = !file.get("required").is_some_and(|it| it.data == Data::Bool(false));
            let Some(id) = self.file_text(path, required, file.origin.unwrap_or(written.span()), "env file")
            else {
                continue;
            };
            let source = self.workspace.sources().get(id);
            let map = SourceMap::verbatim(Span::new(id, 0, source.text().len()));
            let lookup = |name: &str| -> Lookup<'_> {
                let value = self.environment().get(name).or_else(|| own.get(name).and_then(Value::as_str));
                value.map_or(Lookup::Unset, |text| Lookup::Value { text: text.into(), span: None })
            };
            let earlier = |name: &str| -> Lookup<'_> {
                let value = all.get(name).and_then(Value::as_str);
                value.map_or(Lookup::Unset, |text| Lookup::Value { text: text.to_owned().into(), span: None })
            };
            let parsed = if text("format") == Some("raw") {
                DotEnv::parse_raw(source.text(), &map, &lookup)
            } else {
                DotEnv::parse_after(source.text(), &map, &lookup, &earlier)
            };
            let mut said = Vec::new();
            for entry in parsed.entries {
                if let DotEnvValue::Known(value) = entry.value {
                    said.push((
                        entry.key.value.to_owned(),
                        Value::new(Data::String(value.text), Some(entry.key.span)),
                    ));
                }
            }
            all.extend(said);
            if let Some(error) = parsed.error {
                self.errors.push(SyntaxError { message: error.to_string(), span: error.span });
            }
        }
        if let Data::Mapping(entries) = own.data {
            all.extend(entries);
        }
        if !all.is_empty() {
            service.set("environment", Value::new(Data::Mapping(all.into_iter().collect()), own.origin));
        }
    }

    /// Puts what the service's `label_file`s say under what its `labels` say.
    fn read_label_files(&mut self, service: &mut Value, written: Yaml<'_>) {
        let files = service.get("label_file").map(|files| files.items().to_vec()).unwrap_or_default();
        if files.is_empty() {
            return;
        }
        let own = service.remove("labels").unwrap_or_else(Value::empty);
        let mut all: BTreeMap<String, Value> = BTreeMap::new();
        for file in &files {
            let Some(path) = file.as_str() else { continue };
            let at = file.origin.unwrap_or(written.span());
            let Some(id) = self.file_text(path, true, at, "label file") else { continue };
            let source = self.workspace.sources().get(id);
            let map = SourceMap::verbatim(Span::new(id, 0, source.text().len()));
            let parsed = DotEnv::parse(source.text(), &map, &|_| Lookup::Unset);
            for entry in parsed.entries {
                if let DotEnvValue::Known(value) = entry.value {
                    let value = Value::new(Data::String(value.text), Some(entry.key.span));
                    all.insert(entry.key.value.to_owned(), value);
                }
            }
        }
        if let Data::Mapping(entries) = own.data {
            all.extend(entries);
        }
        service.set("labels", Value::new(Data::Mapping(all.into_iter().collect()), own.origin));
    }

    /// The text of a file that the model needs; an error where it is required and not there.
    fn file_text(&mut self, path: &str, required: bool, at: Span, what: &str) -> Option<SourceId> {
        let path = Path::new(path);
        if self.workspace.kind(path).is_none() {
            if required {
                self.error(at, format!("the {what} `{}` does not exist", path.display()));
            }
            return None;
        }
        match self.workspace.text(path) {
            Ok(source) => Some(source),
            Err(error) => {
                self.error(at, format!("cannot read the {what} `{}`: {error}", path.display()));
                None
            }
        }
    }
}

/// Connects the services that name no network to `default`, which is there if one uses it.
fn connect(services: &mut Value, networks: &mut Value) {
    let Data::Mapping(entries) = &mut services.data else { return };
    let mut used = false;
    for (_, service) in entries {
        if service.get("provider").is_some() || service.get("network_mode").is_some() {
            continue;
        }
        if service.get("networks").is_none_or(Value::is_blank) {
            let default = ("default".to_owned(), Value::new(Data::Null, None));
            service.set("networks", Value::new(Data::Mapping(vec![default]), None));
            service.sort();
        }
        used |= service.get("networks").is_some_and(|networks| networks.get("default").is_some());
    }
    if used {
        networks.default("default", Value::empty);
    }
}

/// Names the resources of a section: by the project and their key, or by the key alone if they are
/// another's.
fn named(section: &mut Value, project: &str) {
    let Data::Mapping(entries) = &mut section.data else { return };
    for (key, resource) in entries {
        if matches!(resource.data, Data::Null) {
            *resource = Value::empty();
        }
        let external = resource.get("external").is_some_and(|it| it.data == Data::Bool(true));
        let name = if external { key.clone() } else { format!("{project}_{key}") };
        // A name that is said and blank is none.
        resource.default("name", || Value::text(name));
        if resource.get("name").is_some_and(Value::is_blank) {
            resource.remove("name");
        }
        resource.sort();
    }
}

/// Adds the dependencies that are said by other means than `depends_on`.
fn depend(service: &mut Value) {
    let mut implied: Vec<(String, bool)> = Vec::new();
    let texts = |key: &str| -> Vec<String> {
        let items = service.get(key).map(Value::items).unwrap_or_default();
        items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    for link in texts("links") {
        let parts: Vec<&str> = link.split(':').collect();
        let name = if let [name, _] = parts.as_slice() { name } else { link.as_str() };
        implied.push((name.to_owned(), true));
    }
    for key in ["network_mode", "ipc", "pid", "uts", "cgroup"] {
        let value = service.get(key).and_then(Value::as_str);
        if let Some(name) = value.and_then(|value| value.strip_prefix("service:")) {
            implied.push((name.to_owned(), true));
        }
    }
    for source in texts("volumes_from") {
        if !source.starts_with("container:") {
            implied.push((source.split(':').next().unwrap_or_default().to_owned(), false));
        }
    }
    if implied.is_empty() {
        return;
    }
    let mut all = service.remove("depends_on").unwrap_or_else(Value::empty);
    for (name, restart) in implied {
        all.default(&name, || {
            let mut dependency = Value::empty();
            dependency.set("condition", Value::text("service_started"));
            dependency.set("required", Value::new(Data::Bool(true), None));
            if restart {
                dependency.set("restart", Value::new(Data::Bool(true), None));
            }
            dependency
        });
    }
    all.sort();
    service.set("depends_on", all);
}

#[cfg(test)]
mod tests;
