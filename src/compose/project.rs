//! The project that a deployment reads: its files merged, its services joined with what they build.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::context::{LostSource, lost_sources};
use super::env_file::EnvFile;
pub use super::environment::Unset;
use super::environment::{Environment, Occurrence};
use super::file::{ComposeFile, DockerfileFile, Workspace};
pub(super) use super::load::is_remote;
use super::load::{LoadProblem, Loaded, load, project_name};
use super::occurrence::{Blank, Dollar};
use super::paths::Paths;
use super::service::Service;
use crate::addresses::Address;
use crate::dockerfile::{Dockerfile, Stage};
use crate::images::Image;
use crate::schema::Violation;
use crate::source::Span;
use crate::yaml::parse::Problem;
use crate::yaml::{Entry, Kind, NodeId, Tree, Yaml, edit};

/// What one `docker compose -f … up` reads.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Deployment {
    /// The Compose files in the order of merging.
    pub files: Vec<PathBuf>,
    /// Whether the files lack what they need to run: then nothing is said of what is absent.
    pub is_fragment: bool,
    /// Whether rules for production are judged here, because this is what ships.
    pub is_production: bool,
    /// The profiles that are switched on; empty for all of them.
    pub profiles: Vec<String>,
    /// The files of variables, of which later ones win; the `.env` beside the first file if empty.
    pub env_files: Vec<PathBuf>,
    /// What becomes of variables that no file sets.
    pub unset: Unset,
    /// The project's name, if it is not to be found in the files.
    pub name: Option<String>,
}

impl Deployment {
    /// Whether both are put together to the same, whatever is judged of it.
    pub(super) fn loads_like(&self, other: &Self) -> bool {
        self.files == other.files
            && self.is_fragment == other.is_fragment
            && self.env_files == other.env_files
            && self.unset == other.unset
            && self.name == other.name
    }
}

/// What a service builds.
#[derive(Clone, Debug)]
pub enum Build {
    /// Nothing: it has no `build`.
    None,
    /// A stage of a Dockerfile that was read.
    Stage {
        /// The Dockerfile.
        file: Arc<DockerfileFile>,
        /// The stage's number from 0.
        stage: usize,
    },
    /// Something that cannot be read: a remote context, a file that is not there, a stage that the
    /// Dockerfile does not have, a value with an unknown variable.
    OutOfReach,
}

/// What services build, so that a rule can tell what it sees from what comes from elsewhere.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Built {
    /// The `FROM`s of the stages, sorted.
    stages: Vec<Span>,
    /// The names of the images, and of the contexts that stand for an image in a `FROM`, sorted.
    names: Vec<String>,
}

impl Built {
    /// All that any of `several` builds.
    pub fn union<'b>(several: impl Iterator<Item = &'b Built>) -> Self {
        let mut all = Self::default();
        for one in several {
            all.stages.extend_from_slice(&one.stages);
            all.names.extend_from_slice(&one.names);
        }
        all.sort();
        all
    }

    fn sort(&mut self) {
        self.stages.sort_unstable();
        self.stages.dedup();
        self.names.sort_unstable();
        self.names.dedup();
    }

    /// Whether a service, wholly in view, builds the stage: then checks of the services judge it, with
    /// all that they know besides.
    pub fn has_stage(&self, stage: Stage<'_>) -> bool {
        self.stages.binary_search(&stage.from().span).is_ok()
    }

    /// Whether an image's familiar name, or its text before interpolation without the tag, is that of
    /// an image which a service builds, or of a context which it adds.
    pub fn has_image(&self, name: &str) -> bool {
        self.names.binary_search_by(|built| built.as_str().cmp(name)).is_ok()
    }
}

#[derive(Debug)]
pub(super) struct ServiceData {
    pub(super) key: NodeId,
    pub(super) value: NodeId,
    pub(super) is_in_view: bool,
    /// Whether another service waits until it has completed.
    pub(super) is_awaited: bool,
    /// Whether another service waits for it, on whatever condition.
    pub(super) is_needed: bool,
    pub(super) build: Build,
    /// The Dockerfile that is built, whether or not it has the stage.
    pub(super) dockerfile: Option<Arc<DockerfileFile>>,
    /// The addresses that it names, once that was asked for.
    pub(super) addresses: OnceLock<Vec<Address>>,
    /// What is known of the image that it pulls, once that was asked for.
    pub(super) image: OnceLock<Option<Box<Image>>>,
    /// What is known of the image that what it builds ends in, once that was asked for.
    pub(super) base: OnceLock<Option<Box<Image>>>,
}

/// A project as the engine would run it.
#[derive(Debug)]
pub struct Project {
    /// What was asked for.
    pub deployment: Deployment,
    pub(super) tree: Tree,
    pub(super) services: Vec<ServiceData>,
    by_name: HashMap<String, usize>,
    name: Option<String>,
    loaded: Loaded,
    env_files: Vec<EnvFile>,
    paths: Paths,
    /// For each service, what its build does not find.
    pub(super) lost: Vec<Vec<LostSource>>,
    /// For each value with a dollar, the variables that become blank, once that was asked for.
    pub(super) blanks: OnceLock<Vec<Vec<Blank>>>,
    /// Where the values with a dollar are, once that was asked for.
    pub(super) dollars: OnceLock<Vec<Dollar>>,
}

impl Project {
    /// Reads a deployment. Files of its own that cannot be read count as out of reach; that they
    /// cannot is the caller's to say.
    pub fn load(workspace: &Workspace<'_>, deployment: &Deployment) -> Self {
        let mut project = Self::outline(workspace, deployment);
        let directory = project.loaded.directory.clone();
        project.env_files = EnvFile::of_project(workspace, &directory, &project);
        project.paths = Paths::of_project(workspace, &directory, &project);
        project.lost = lost_sources(workspace, &project);
        project
    }

    /// The same without a look at the env files and paths that services name: enough to tell what the
    /// deployment defines and lacks.
    pub fn outline(workspace: &Workspace<'_>, deployment: &Deployment) -> Self {
        if let Some(mut project) = workspace.kept(deployment) {
            project.deployment = deployment.clone();
            return project;
        }
        let mut loaded = load(workspace, deployment);
        let name = project_name(workspace, deployment, &loaded.directory, &loaded.environment);
        let mut project = Self {
            deployment: deployment.clone(),
            services: Vec::new(),
            by_name: HashMap::new(),
            tree: std::mem::take(&mut loaded.tree),
            name,
            loaded,
            env_files: Vec::new(),
            paths: Paths::default(),
            lost: Vec::new(),
            blanks: OnceLock::new(),
            dollars: OnceLock::new(),
        };
        project.link(workspace);
        project
    }

    /// Finds the services and what they build.
    fn link(&mut self, workspace: &Workspace<'_>) {
        let mut services = Vec::new();
        for entry in
            self.tree.root().and_then(|root| root.get("services")).into_iter().flat_map(Yaml::entries)
        {
            if entry.value.kind() != Kind::Mapping {
                continue;
            }
            let has = |key: &str| entry.value.get(key).is_some_and(|value| !value.is_null());
            // One that only adds to what is included from out of reach is not here whole.
            let is_added =
                self.loaded.lacks_include && !["image", "build", "provider"].iter().any(|key| has(key));
            let (build, dockerfile) = build(workspace, &self.loaded.directory, entry.value);
            services.push(ServiceData {
                key: entry.key.id(),
                value: entry.value.id(),
                // An `extends` that is still there leads out of reach.
                is_in_view: !has("extends")
                    && !is_added
                    && !self.loaded.is_broken
                    && !self.deployment.is_fragment,
                is_awaited: false,
                is_needed: false,
                build,
                dockerfile,
                addresses: OnceLock::new(),
                image: OnceLock::new(),
                base: OnceLock::new(),
            });
        }
        self.by_name = services
            .iter()
            .enumerate()
            .map(|(index, service)| {
                (self.tree.node(service.key).raw_str().unwrap_or_default().to_owned(), index)
            })
            .collect();
        self.services = services;
        let needed: Vec<(usize, bool)> = (0..self.services.len())
            .flat_map(|index| Service::new(self, index).depends_on())
            .filter_map(|it| {
                let ends = it.condition.is_some_and(|it| it.value == "service_completed_successfully");
                Some((self.by_name.get(it.name.value).copied()?, ends))
            })
            .collect();
        for (index, ends) in needed {
            self.services[index].is_needed = true;
            self.services[index].is_awaited |= ends;
        }
    }

    /// The merged document.
    pub fn root(&self) -> Option<Yaml<'_>> {
        self.tree.root()
    }

    /// The name of the project, by the engine's rules: `COMPOSE_PROJECT_NAME`, the last `name` of the
    /// files, the directory. `None` if it depends on an unknown variable, or the directory has no name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The directory that relative paths start from, those of included and extended files too: the
    /// one of the first file.
    pub fn directory(&self) -> &Path {
        &self.loaded.directory
    }

    /// The variables.
    pub fn environment(&self) -> &Environment {
        &self.loaded.environment
    }

    /// The `.env` file and those that services name, in that order, each once.
    pub fn env_files(&self) -> &[EnvFile] {
        &self.env_files
    }

    /// What is at the paths that the project names.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// The uses of variables in all files, in the order in which the files were read; each once,
    /// whatever repeats it.
    pub fn occurrences(&self) -> &[Occurrence] {
        &self.loaded.occurrences
    }

    /// The Compose files that were read: those of the deployment in the order of merging, then those
    /// that they include or extend.
    pub fn files(&self) -> &[Arc<ComposeFile>] {
        &self.loaded.files
    }

    /// The node as its file says it, with the anchors, aliases and merge keys that the merged document
    /// does not have. `None` if it is not written in a Compose file of the project.
    pub fn written(&self, node: Yaml<'_>) -> Option<Yaml<'_>> {
        let file = self.files().iter().find(|file| file.source == node.span().source)?;
        edit::written(&file.documents, node)
    }

    /// The entry as its file says it, with the mapping that holds it there. `None` if it is not written
    /// in a Compose file of the project.
    pub fn written_entry(&self, entry: Entry<'_>) -> Option<(Yaml<'_>, Entry<'_>)> {
        let file = self.files().iter().find(|file| file.source == entry.key.span().source)?;
        edit::written_entry(&file.documents, entry)
    }

    /// What is wrong with the files as YAML, once aliases and merge keys are resolved.
    pub fn problems(&self) -> &[Problem] {
        &self.loaded.refusals
    }

    /// Why the files could not be put together, or not wholly.
    pub fn load_problems(&self) -> &[LoadProblem] {
        &self.loaded.problems
    }

    /// What the schema refuses of the files, each at its place.
    pub fn violations(&self) -> &[Violation] {
        &self.loaded.violations
    }

    /// Whether services, networks or volumes may be defined where this run does not look: then a name
    /// that is not there says nothing.
    pub fn is_open(&self) -> bool {
        self.loaded.is_open
    }

    /// Whether a file of the project includes others.
    pub fn has_includes(&self) -> bool {
        self.loaded.includes
    }

    /// The services that the chosen profiles switch on, in source order.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        (0..self.services.len())
            .map(|index| Service::new(self, index))
            .filter(|service| service.is_enabled(&self.deployment.profiles))
    }

    /// All services, in source order.
    pub(super) fn all_services(&self) -> impl Iterator<Item = Service<'_>> {
        (0..self.services.len()).map(|index| Service::new(self, index))
    }

    /// The service with this name, whatever its profile.
    pub fn service(&self, name: &str) -> Option<Service<'_>> {
        self.by_name.get(name).map(|index| Service::new(self, *index))
    }

    /// What its services build, whatever their profiles.
    pub fn built(&self) -> Built {
        let mut built = Built::default();
        for service in (0..self.services.len()).map(|index| Service::new(self, index)) {
            let Some(build) = service.get("build") else { continue };
            if service.is_in_view()
                && let Some(stage) = service.stage()
            {
                built.stages.push(stage.from().span);
            }
            match service.get("image") {
                Some(image) => {
                    let text = image.raw_str().unwrap_or_default();
                    built.names.push(untagged(text).to_owned());
                    built.names.extend(service.image().map(|image| image.familiar_name().to_owned()));
                }
                // The engine names the image after the project and the service.
                None => {
                    let project = self.root().and_then(|root| root.get("name")?.as_str());
                    let directory = self.deployment.files.first().and_then(|file| file.parent()?.file_name());
                    let directory = directory.map(|name| name.to_string_lossy().to_lowercase());
                    for name in project.map(str::to_owned).into_iter().chain(directory) {
                        built.names.push(format!("{name}-{}", service.name()));
                        built.names.push(format!("{name}_{}", service.name()));
                    }
                }
            }
            let contexts = build.get("additional_contexts");
            built.names.extend(
                contexts
                    .map(super::service::pairs)
                    .into_iter()
                    .flatten()
                    .map(|pair| untagged(pair.name.value).to_owned()),
            );
            let tags = build.get("tags").into_iter().flat_map(Yaml::items);
            built.names.extend(tags.filter_map(|tag| Some(untagged(tag.raw_str()?).to_owned())));
        }
        built.sort();
        built
    }

    /// The names of all services, in source order.
    pub fn service_names(&self) -> impl Iterator<Item = &str> {
        (0..self.services.len()).map(|index| Service::new(self, index).name())
    }
}

/// An image reference, perhaps with variables, without its tag and digest.
pub fn untagged(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let mut depth = 0_usize;
    let mut end = image.len();
    for (at, byte) in image.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'/' if depth == 0 => end = image.len(),
            b':' if depth == 0 && end == image.len() => end = at,
            _ => {}
        }
    }
    &image[..end]
}

/// What a service builds, and the Dockerfile that says how.
fn build(
    workspace: &Workspace<'_>,
    directory: &Path,
    service: Yaml<'_>,
) -> (Build, Option<Arc<DockerfileFile>>) {
    let Some(build) = service.get("build").filter(|build| !build.is_null()) else {
        return (Build::None, None);
    };
    let Some(file) = find_dockerfile(workspace, directory, build) else { return (Build::OutOfReach, None) };
    let target = build.get("target").filter(|target| !target.is_null());
    let stage = match target.map(|target| target.as_str()) {
        Some(Some(target)) => file.dockerfile.stage(target),
        // A key that is there with an unknown value makes the whole unknown.
        Some(None) => None,
        None => file.dockerfile.final_stage(),
    };
    let stage = stage.map(|stage| stage.index());
    let build = match stage {
        Some(stage) => Build::Stage { file: Arc::clone(&file), stage },
        None => Build::OutOfReach,
    };
    (build, Some(file))
}

fn find_dockerfile(
    workspace: &Workspace<'_>,
    directory: &Path,
    build: Yaml<'_>,
) -> Option<Arc<DockerfileFile>> {
    let text = |key: &str| match build.get(key).filter(|value| !value.is_null()) {
        Some(value) => value.as_str().map(Some),
        None => Some(None),
    };
    let context = match build.kind() {
        Kind::Scalar => build.as_str()?,
        Kind::Mapping => text("context")?.unwrap_or("."),
        Kind::Sequence => return None,
    };
    if let Some(inline) = build.get("dockerfile_inline").filter(|inline| !inline.is_null()) {
        let map = inline.map();
        let source = inline.span().source;
        return Some(Arc::new(DockerfileFile {
            source,
            path: workspace.sources().get(source).path().to_owned(),
            dockerfile: Dockerfile::parse(inline.as_str()?, &map),
            inline: true,
            problems: Vec::new(),
            ignore: None,
        }));
    }
    if is_remote(context) {
        return None;
    }
    let name = text("dockerfile")?.unwrap_or("Dockerfile");
    if context.starts_with('~') || name.starts_with('~') {
        return None;
    }
    let path = normal(&directory.join(context).join(name));
    // What a placeholder stands for is not known.
    workspace.dockerfile(&path).ok().filter(|file| !file.dockerfile.is_placeholder())
}

/// The path without `.` and, where a name stands before it, `..`.
pub fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir
                if matches!(parts.components().next_back(), Some(std::path::Component::Normal(_))) =>
            {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.as_os_str().is_empty() { PathBuf::from(".") } else { parts }
}

#[cfg(test)]
mod tests {
    use super::untagged;

    #[test]
    fn a_tag_is_told_from_a_port_and_from_a_variable() {
        for (image, name) in [
            ("nginx", "nginx"),
            ("nginx:1.27", "nginx"),
            ("registry:5000/app", "registry:5000/app"),
            ("registry:5000/app:1@sha256:00", "registry:5000/app"),
            ("${REGISTRY:-docker.io}/app:${TAG:-latest}", "${REGISTRY:-docker.io}/app"),
            ("", ""),
        ] {
            assert_eq!(untagged(image), name, "{image}");
        }
    }
}
