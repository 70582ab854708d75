//! The sections in which a project declares what its services use by name.

use super::mount::{Mount, MountKind};
use super::project::Project;
use super::service::Service;
use crate::source::Spanned;
use crate::yaml::{Kind, Yaml};

/// A top-level section of named things.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Section {
    /// `networks`.
    Networks,
    /// `volumes`.
    Volumes,
    /// `secrets`.
    Secrets,
    /// `configs`.
    Configs,
    /// `models`.
    Models,
}

impl Section {
    /// Every section.
    pub const ALL: [Self; 5] = [Self::Networks, Self::Volumes, Self::Secrets, Self::Configs, Self::Models];

    /// The top-level key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Networks => "networks",
            Self::Volumes => "volumes",
            Self::Secrets => "secrets",
            Self::Configs => "configs",
            Self::Models => "models",
        }
    }

    /// What one of the section is called.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Networks => "network",
            Self::Volumes => "volume",
            Self::Secrets => "secret",
            Self::Configs => "config",
            Self::Models => "model",
        }
    }

    /// The names that the project declares, in source order. The network `default` is always there.
    ///
    /// `None` if the section is not a mapping, so that what it declares cannot be told.
    pub fn declared(self, project: &Project) -> Option<Vec<&str>> {
        let mut names = Vec::new();
        if self == Self::Networks {
            names.push("default");
        }
        let Some(section) = project.root().and_then(|root| root.get(self.key())) else { return Some(names) };
        if section.kind() != Kind::Mapping && !section.is_null() {
            return None;
        }
        names.extend(section.entries().map(|entry| entry.name()));
        Some(names)
    }

    /// The names that a service uses, in source order, each at just its own bytes. A name that
    /// depends on an unknown variable is left out.
    ///
    /// ```text
    /// volumes: ["db-data:/var/lib/data:ro"]
    ///            ^^^^^^^
    /// networks: {backend: {aliases: [db]}}
    ///            ^^^^^^^
    /// secrets: [{source: key, target: /key}]
    ///                    ^^^
    /// ```
    pub fn used_by(self, service: Service<'_>) -> Vec<Spanned<&str>> {
        match self {
            Self::Networks | Self::Models => {
                service.names(self.key()).into_iter().filter(|name| !name.value.is_empty()).collect()
            }
            Self::Volumes => {
                let items = service.get("volumes").into_iter().flat_map(Yaml::items);
                items.filter_map(volume).map(|(name, item)| at_item(name, item)).collect()
            }
            Self::Secrets | Self::Configs => {
                let built = service.get("build").and_then(|build| build.get(self.key()));
                let items = service.get(self.key()).into_iter().chain(built).flat_map(Yaml::items);
                items
                    .filter_map(|item| {
                        let name = if item.kind() == Kind::Mapping { item.get("source")? } else { item };
                        Some(at_item(Spanned::new(name.as_str()?, name.span()), name))
                    })
                    .collect()
            }
        }
    }
}

/// What a variable brings from another file is said where it is used.
fn at_item<'p>(name: Spanned<&'p str>, item: Yaml<'p>) -> Spanned<&'p str> {
    if name.span.source == item.span().source { name } else { Spanned::new(name.value, item.span()) }
}

/// The named volume of an item of `volumes`, and the item. Only the name must be known.
fn volume(item: Yaml<'_>) -> Option<(Spanned<&str>, Yaml<'_>)> {
    if item.kind() == Kind::Mapping {
        let source = item.get("source")?;
        if MountKind::from_name(item.get("type")?.as_str()?)? != MountKind::Volume {
            return None;
        }
        let name = Spanned::new(source.as_str().filter(|name| !name.is_empty())?, source.span());
        return Some((name, source));
    }
    let (text, map) = match item.as_str() {
        Some(text) => (text, item.map()),
        None => (item.raw_str()?, item.raw_map()),
    };
    let mount = Mount::parse(text, &map).ok()?;
    let source = mount.source.filter(|_| mount.kind == MountKind::Volume)?;
    (!(item.is_unknown() && source.value.contains('$'))).then_some((source, item))
}
