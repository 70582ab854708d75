//! The paths of an included or extended file, made relative to the project that uses it.

use std::path::Path;
use std::sync::Arc;

use super::load::{is_remote, like};
use super::project::normal;
use crate::source::SourceMap;
use crate::yaml::{Builder, Interpolation, Kind, NodeId, Tree, Yaml};

/// What a node of a Compose file is, as far as paths go.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Place {
    /// Nothing with a path.
    Other,
    /// The document.
    Root,
    /// The services.
    Services,
    /// A service.
    Service,
    /// A context, or a mapping with one.
    Build,
    /// A context of a build.
    Context,
    /// Contexts by name, or a list of `name=context`.
    Contexts,
    /// Files, alone or listed, in the short or long form.
    Files,
    /// One file or directory.
    Path,
    /// Mounts.
    Mounts,
    /// A mount in the long form.
    BindMount,
    /// How a service is developed.
    Develop,
    /// Directories that are watched.
    Watches,
    /// A directory that is watched, and what for.
    Watch,
    /// Secrets or configs.
    Sources,
    /// A secret or config.
    Source,
    /// The volumes of the project.
    Volumes,
    /// A volume that is a directory of the host.
    Volume,
    /// The options of a volume that is a directory of the host.
    BindOptions,
}

impl Place {
    /// What the value of a key is.
    fn below(self, key: &str, value: Yaml<'_>) -> Self {
        match (self, key) {
            (Self::Root, "services") => Self::Services,
            (Self::Root, "secrets" | "configs") => Self::Sources,
            (Self::Root, "volumes") => Self::Volumes,
            (Self::Services, _) => Self::Service,
            (Self::Service, "build") => Self::Build,
            (Self::Service, "env_file" | "label_file") => Self::Files,
            (Self::Service, "volumes") => Self::Mounts,
            (Self::Service, "develop") => Self::Develop,
            (Self::Build, "context") => Self::Context,
            (Self::Build, "additional_contexts") => Self::Contexts,
            (Self::Contexts, _) => Self::Context,
            (Self::Files, "path") | (Self::BindMount, "source") => Self::Path,
            (Self::Watch, "path") | (Self::Source, "file") | (Self::BindOptions, "device") => Self::Path,
            (Self::Develop, "watch") => Self::Watches,
            (Self::Sources, _) => Self::Source,
            (Self::Volumes, _) if is_bind(value) => Self::Volume,
            (Self::Volume, "driver_opts") => Self::BindOptions,
            _ => Self::Other,
        }
    }

    /// What an item of a list is.
    fn item(self, value: Yaml<'_>) -> Self {
        match (self, value.kind()) {
            (Self::Files | Self::Contexts, _) => self,
            (Self::Mounts, Kind::Scalar) => Self::Mounts,
            (Self::Mounts, Kind::Mapping) if said(value, "type") == Some("bind") => Self::BindMount,
            (Self::Watches, _) => Self::Watch,
            _ => Self::Other,
        }
    }
}

fn said<'t>(value: Yaml<'t>, key: &str) -> Option<&'t str> {
    value.get(key).and_then(Yaml::as_str)
}

/// Whether a volume is a directory of the host.
fn is_bind(volume: Yaml<'_>) -> bool {
    let option = volume.get("driver_opts").and_then(|options| said(options, "o"));
    said(volume, "driver").is_none_or(|driver| driver == "local") && option == Some("bind")
}

struct Rebaser<'a> {
    builder: Builder,
    /// The directory of the file, from the project.
    prefix: &'a Path,
}

/// A copy of the document in which every relative path starts from the project, where `prefix` leads
/// from the project to what they start from. The bytes that say them are what they were.
pub(super) fn rebase(tree: &Tree, prefix: &Path) -> Tree {
    let mut rebaser = Rebaser { builder: Builder::new(), prefix };
    rebaser.builder.add_texts(tree);
    let root = tree.root().map(|root| rebaser.node(root, Place::Root));
    rebaser.builder.finish(root)
}

impl Rebaser<'_> {
    fn node(&mut self, value: Yaml<'_>, place: Place) -> NodeId {
        if place == Place::Other {
            return self.builder.copy(value);
        }
        match value.kind() {
            Kind::Scalar => self.scalar(value, place),
            Kind::Sequence => {
                let items: Vec<NodeId> =
                    value.items().map(|item| self.node(item, place.item(item))).collect();
                like(&mut self.builder, value, &items)
            }
            Kind::Mapping => {
                let mut children = Vec::with_capacity(value.entries().len() * 2);
                for entry in value.entries() {
                    children.push(self.builder.copy(entry.key));
                    children.push(self.node(entry.value, place.below(entry.name(), entry.value)));
                }
                like(&mut self.builder, value, &children)
            }
        }
    }

    fn scalar(&mut self, value: Yaml<'_>, place: Place) -> NodeId {
        let Some(text) = value.as_str() else { return self.builder.copy(value) };
        let range = match place {
            Place::Path | Place::Files => 0..text.len(),
            Place::Build | Place::Context => 0..text.len(),
            Place::Contexts => text.find('=').map_or(0, |at| at + 1)..text.len(),
            Place::Mounts => 0..text.find(':').unwrap_or(0),
            _ => return self.builder.copy(value),
        };
        let path = &text[range.clone()];
        let is_context = matches!(place, Place::Build | Place::Context | Place::Contexts);
        let is_elsewhere = path.is_empty()
            || path.starts_with(['/', '~'])
            || path.as_bytes().get(1) == Some(&b':')
            || path.starts_with("\\\\")
            || is_context && (is_remote(path) || path.starts_with("service:"))
            // Without a dot, it is the name of a volume.
            || place == Place::Mounts && !path.starts_with('.');
        if is_elsewhere {
            return self.builder.copy(value);
        }
        let moved = self.moved(path);
        let map = value.map();
        let mut new_map = SourceMap::empty();
        new_map.push_part(&map, 0..range.start);
        new_map.push_derived(moved.len(), value.part(range.clone()));
        new_map.push_part(&map, range.end..text.len());
        let moved = format!("{}{moved}{}", &text[..range.start], &text[range.end..]);
        let id = self.builder.scalar(&moved, value.style(), value.span());
        if value.is_shared() {
            self.builder.set_shared(id);
        }
        if let Some(tag) = value.tag() {
            self.builder.set_tag(id, tag.clone());
        }
        let interpolation = Interpolation {
            raw: value.raw_str().unwrap_or_default().into(),
            raw_map: value.raw_map(),
            map: new_map,
        };
        self.builder.set_interpolation(id, Arc::new(interpolation), false);
        id
    }

    /// The path from the project, with a dot in front.
    fn moved(&self, path: &str) -> String {
        let moved = normal(&self.prefix.join(path)).to_string_lossy().into_owned();
        if moved.starts_with(['.', '/']) { moved } else { format!("./{moved}") }
    }
}
