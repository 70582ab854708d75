//! The places at which a service names another service.

use super::service::Service;
use crate::source::Spanned;
use crate::yaml::Yaml;

/// Why a service needs another.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Need {
    /// `depends_on`.
    DependsOn,
    /// `network_mode`, `ipc`, `pid`, `uts` or `userns_mode` with `service:`.
    Namespace,
    /// `links`.
    Link,
    /// `volumes_from`.
    VolumesFrom,
    /// `build.additional_contexts` with `service:`.
    BuildContext,
}

/// A place at which a service names another.
#[derive(Copy, Clone, Debug)]
pub struct Reference<'p> {
    /// The name, at just its own bytes.
    ///
    /// ```text
    /// network_mode: service:vpn
    ///                       ^^^
    /// ```
    pub name: Spanned<&'p str>,
    /// Why.
    pub need: Need,
    /// Whether the engine starts without it.
    pub is_required: bool,
}

/// Every place at which the service names another, in the order of [`Need`].
pub fn references(service: Service<'_>) -> Vec<Reference<'_>> {
    let mut references: Vec<Reference<'_>> = service
        .depends_on()
        .into_iter()
        .map(|dependency| Reference {
            name: dependency.name,
            need: Need::DependsOn,
            is_required: dependency.is_required,
        })
        .collect();
    for key in ["network_mode", "ipc", "pid", "uts", "userns_mode"] {
        references.extend(service.get(key).and_then(|value| after(value, "service:", Need::Namespace)));
    }
    for link in service.get("links").into_iter().flat_map(Yaml::items) {
        references.extend(until_colon(link, Need::Link));
    }
    for from in service.get("volumes_from").into_iter().flat_map(Yaml::items) {
        if from.as_str().is_some_and(|text| !text.starts_with("container:")) {
            references.extend(until_colon(from, Need::VolumesFrom));
        }
    }
    if let Some(contexts) = service.get("build").and_then(|build| build.get("additional_contexts")) {
        for entry in contexts.entries() {
            references.extend(after(entry.value, "service:", Need::BuildContext));
        }
        for item in contexts.items() {
            let Some(text) = item.as_str() else { continue };
            let Some(at) = text.find("=service:") else { continue };
            let start = at + "=service:".len();
            let name = Spanned::new(&text[start..], item.part(start..text.len()));
            references.push(Reference { name, need: Need::BuildContext, is_required: true });
        }
    }
    references
}

fn after<'p>(value: Yaml<'p>, prefix: &str, need: Need) -> Option<Reference<'p>> {
    let text = value.as_str()?;
    let name = text.strip_prefix(prefix)?;
    let span = value.part(prefix.len()..text.len());
    Some(Reference { name: Spanned::new(name, span), need, is_required: true })
}

fn until_colon(value: Yaml<'_>, need: Need) -> Option<Reference<'_>> {
    let text = value.as_str()?;
    let end = text.find(':').unwrap_or(text.len());
    Some(Reference { name: Spanned::new(&text[..end], value.part(0..end)), need, is_required: true })
}
