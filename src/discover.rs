//! From paths to deployments and lone Dockerfiles.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use rayon::prelude::*;

use crate::compose::environment::Environment;
use crate::compose::file::{ComposeFile, Workspace};
use crate::compose::project::{Deployment, Project, normal};
use crate::compose::reference::references;
use crate::compose::section::Section;
use crate::fs::{FileSystem, Kind, Walk, WalkOptions, file_name};
use crate::report::Failure;
use crate::yaml::{Entry, Kind as YamlKind, Yaml};

/// What was found at the paths of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// The deployments, by their files.
    pub deployments: Vec<Deployment>,
    /// The Dockerfiles, by path.
    pub dockerfiles: Vec<PathBuf>,
    /// The files that were named themselves; empty if a directory was.
    pub shown: Vec<PathBuf>,
    /// What could not be read.
    pub failures: Vec<Failure>,
}

/// The part that a Compose file's name gives it in its directory.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Role {
    /// `compose.yaml` and its kin.
    Base,
    /// `compose.override.yaml`.
    Override,
    /// `compose.prod.yaml`, with `prod`.
    Overlay(String),
}

/// Whether a file of this name is a Compose file, by the names that the engine and its users have.
pub fn is_compose_name(name: &str) -> bool {
    role(name).is_some()
}

/// Whether a file of this name is a Dockerfile.
pub fn is_dockerfile_name(name: &str) -> bool {
    matches!(name, "Dockerfile" | "Containerfile" | "dockerfile")
        || name
            .strip_prefix("Dockerfile.")
            .is_some_and(|rest| !rest.is_empty() && !name.ends_with(".dockerignore"))
        || name
            .strip_prefix("Containerfile.")
            .is_some_and(|rest| !rest.is_empty() && !name.ends_with(".dockerignore"))
        || name.len() > ".Dockerfile".len()
            && (name.ends_with(".Dockerfile") || name.ends_with(".dockerfile"))
}

/// Whether a walk looks for the file, by its name.
pub fn is_wanted(path: &Path) -> bool {
    let name = file_name(path);
    is_compose_name(&name) || is_dockerfile_name(&name)
}

fn role(name: &str) -> Option<Role> {
    let stem = name.strip_suffix(".yaml").or(name.strip_suffix(".yml"))?;
    for prefix in ["compose", "docker-compose"] {
        let Some(rest) = stem.strip_prefix(prefix) else { continue };
        return match rest {
            "" => Some(Role::Base),
            ".override" => Some(Role::Override),
            // `docker-compose-prod.yml` and `docker-compose_dev.yml` are common too.
            _ if rest.starts_with('.') || prefix == "docker-compose" && rest.starts_with(['-', '_']) => {
                (rest.len() > 1).then(|| Role::Overlay(rest[1..].to_owned()))
            }
            _ => None,
        };
    }
    stem.strip_suffix(".compose").filter(|name| !name.is_empty()).map(|name| Role::Overlay(name.to_owned()))
}

/// Whether an overlay of this name is for production.
fn is_production(overlay: &str) -> bool {
    overlay.split(['.', '-', '_']).any(|word| matches!(word, "prod" | "production"))
}

/// Whether an overlay of this name is for work on the project, and never ships.
fn is_for_work(overlay: &str) -> bool {
    overlay.split(['.', '-', '_']).any(|word| {
        matches!(
            word,
            "ci" | "debug" | "dev" | "devel" | "development" | "e2e" | "local" | "test" | "testing" | "tests"
        )
    })
}

/// So many Compose files are read, and their directories looked into, by several threads.
const PARALLEL: usize = 16;

/// Finds what `paths` mean: a directory is walked (what git ignores is left out if `gitignore`
/// says so), a file brings the deployments that it is part of.
pub fn discover(fs: &dyn FileSystem, workspace: &Workspace<'_>, paths: &[PathBuf], gitignore: bool) -> Found {
    let mut found = Found::default();
    let mut compose: BTreeSet<PathBuf> = BTreeSet::new();
    let mut dockerfiles: BTreeSet<PathBuf> = BTreeSet::new();
    let mut named: BTreeSet<PathBuf> = BTreeSet::new();
    let mut walked = false;
    for path in paths {
        match fs.kind(path) {
            Some(Kind::Directory) => {
                walked = true;
                let options = WalkOptions { hidden: true, gitignore };
                let walk = walk(fs, workspace, path, &options);
                for error in walk.errors {
                    found.failures.push(Failure {
                        message: format!("cannot read `{}`: {}", error.path.display(), error.message),
                        path: Some(error.path),
                    });
                }
                for file in walk.files {
                    let file = normal(&file);
                    let is_compose = is_compose_name(&file_name(&file));
                    if is_compose { &mut compose } else { &mut dockerfiles }.insert(file);
                }
            }
            Some(Kind::File) => {
                let path = normal(path);
                let name = file_name(&path);
                if is_dockerfile_name(&name) || !(name.ends_with(".yml") || name.ends_with(".yaml")) {
                    dockerfiles.insert(path.clone());
                } else {
                    named.insert(path.clone());
                }
                found.shown.push(path);
            }
            Some(Kind::Other) => found.failures.push(Failure {
                path: Some(path.clone()),
                message: format!("cannot read `{}`: it is neither a file nor a directory", path.display()),
            }),
            None => found.failures.push(Failure {
                path: Some(path.clone()),
                message: format!("cannot read `{}`: there is no such file or directory", path.display()),
            }),
        }
    }
    if walked {
        found.shown.clear();
    }
    let is_parallel = compose.len() >= PARALLEL;
    if is_parallel {
        compose.par_iter().for_each(|file| drop(workspace.compose_file(file)));
    }
    let mut directories: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    for file in &compose {
        directories.entry(parent(file)).or_default().insert(file.clone());
    }
    // The neighbours of a file that was named decide what it is part of.
    for file in &named {
        let files = directories.entry(parent(file)).or_default();
        files.insert(file.clone());
        for (name, kind) in fs.list(&parent(file)) {
            if kind == Kind::File && is_compose_name(&name.to_string_lossy()) {
                files.insert(normal(&parent(file).join(name)));
            }
        }
    }
    let wanted = |deployment: &Deployment| {
        deployment.files.iter().any(|file| named.contains(file) || compose.contains(file))
    };
    let look_into = |(directory, files): (PathBuf, BTreeSet<PathBuf>)| {
        debug_assert!(files.iter().all(|file| parent(file) == directory));
        let said = compose_file(workspace, &directory);
        let deployments = in_directory(workspace, &files, said.as_deref(), is_parallel);
        deployments.into_iter().filter(wanted).collect()
    };
    let deployments: Vec<Vec<Deployment>> = if is_parallel {
        let directories: Vec<_> = directories.into_iter().collect();
        directories.into_par_iter().with_max_len(1).map(look_into).collect()
    } else {
        directories.into_iter().map(look_into).collect()
    };
    found.deployments = deployments.into_iter().flatten().collect();
    // What another file includes may use names of that one; what it extends may lack anything.
    let above = bases_above(fs, &named);
    let parts: BTreeMap<PathBuf, Use> =
        compose.iter().chain(&named).chain(&above).flat_map(|file| used_by(workspace, file)).collect();
    for deployment in &mut found.deployments {
        let [file] = deployment.files.as_slice() else { continue };
        deployment.is_fragment |= match parts.get(file) {
            // One that `docker compose up` reads when it is called there is more than a part.
            Some(Use::Extended) => {
                !is_base(file) || !stands_alone(workspace, deployment, Needs::ImagesAndNames)
            }
            Some(Use::Included) => !stands_alone(workspace, deployment, Needs::ImagesAndNames),
            None => false,
        };
    }
    found.dockerfiles = dockerfiles.into_iter().collect();
    found
}

/// Walks a directory. From [`PARALLEL`] Compose files on, another thread reads them meanwhile: a walk waits
/// for the disk more than it computes. What is not read when it ends is left to all threads.
fn walk(fs: &dyn FileSystem, workspace: &Workspace<'_>, root: &Path, options: &WalkOptions) -> Walk {
    let found: RefCell<Vec<PathBuf>> = RefCell::default();
    let reader: RefCell<Option<Sender<PathBuf>>> = RefCell::default();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let wanted = |path: &Path| {
            let name = file_name(path);
            if !is_compose_name(&name) {
                return is_dockerfile_name(&name);
            }
            found.borrow_mut().push(normal(path));
            if found.borrow().len() >= PARALLEL && rayon::current_num_threads() > 1 {
                let mut reader = reader.borrow_mut();
                let reader = reader.get_or_insert_with(|| {
                    let (sender, files) = channel::<PathBuf>();
                    let is_over = &is_over;
                    let read = move || {
                        let files = files.into_iter().take_while(|_| !is_over.load(Ordering::Relaxed));
                        files.for_each(|file| drop(workspace.compose_file(&file)));
                    };
                    // Without another thread, the files are read when the walk is over.
                    drop(thread::Builder::new().spawn_scoped(scope, read));
                    sender
                });
                found.take().into_iter().for_each(|file| drop(reader.send(file)));
            }
            true
        };
        let walk = fs.walk(root, options, &wanted);
        is_over.store(true, Ordering::Relaxed);
        drop(reader.take());
        walk
    })
}

/// The directories above a file that was named in which a Compose file may include it.
const MOST_ABOVE: usize = 5;

/// The Compose files beside and above files that the engine reads without being told to: a hook names
/// the part that was changed, and not what includes it. Each directory is looked into once.
fn bases_above(fs: &dyn FileSystem, named: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for file in named {
        let mut directory = parent(file);
        for _ in 0..MOST_ABOVE {
            if !seen.insert(directory.clone()) {
                break;
            }
            let names = fs.list(&directory);
            let files = names.iter().filter(|(_, kind)| *kind == Kind::File);
            found.extend(files.map(|(name, _)| normal(&directory.join(name))).filter(|path| is_base(path)));
            if names.iter().any(|(name, _)| name.to_string_lossy() == ".git") {
                break;
            }
            match directory.parent() {
                Some(above) if !above.as_os_str().is_empty() => directory = above.to_owned(),
                Some(_) if directory != Path::new(".") => directory = PathBuf::from("."),
                _ => break,
            }
        }
    }
    found
}

/// How one Compose file uses another.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Use {
    /// By `include`.
    Included,
    /// By `extends`.
    Extended,
}

/// The Compose files that a file includes or extends, where it names them without variables.
fn used_by(workspace: &Workspace<'_>, path: &Path) -> Vec<(PathBuf, Use)> {
    let Ok(file) = workspace.compose_file(path) else { return Vec::new() };
    let mut names: Vec<(&str, Use)> = Vec::new();
    for root in file.documents.iter().filter_map(|document| document.root()) {
        for item in root.get("include").into_iter().flat_map(Yaml::items) {
            let path = if item.kind() == YamlKind::Mapping { item.get("path") } else { Some(item) };
            let listed = path.into_iter().flat_map(Yaml::items).filter_map(Yaml::as_str);
            names.extend(
                path.and_then(Yaml::as_str).into_iter().chain(listed).map(|name| (name, Use::Included)),
            );
        }
        for service in root.get("services").into_iter().flat_map(Yaml::entries) {
            let extends = service.value.get("extends").and_then(|extends| extends.get("file"));
            names.extend(extends.and_then(Yaml::as_str).map(|name| (name, Use::Extended)));
        }
    }
    names
        .into_iter()
        .map(|(name, how)| (normal(&parent(path).join(name)), how))
        .filter(|(part, _)| part != path)
        .collect()
}

/// The directory of a file; `.` for a bare name.
fn parent(file: &Path) -> PathBuf {
    match file.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Whether the engine reads a file of this name without being told to.
fn is_base(file: &Path) -> bool {
    role(&file_name(file)) == Some(Role::Base)
}

/// The files that `COMPOSE_FILE` in the directory's `.env` names.
fn compose_file(workspace: &Workspace<'_>, directory: &Path) -> Option<Vec<PathBuf>> {
    if workspace.kind(&directory.join(".env")) != Some(Kind::File) {
        return None;
    }
    let environment = Environment::of_directory(workspace, directory);
    let value = environment.get("COMPOSE_FILE").filter(|value| !value.is_empty())?;
    let separator = environment.get("COMPOSE_PATH_SEPARATOR").filter(|it| !it.is_empty()).unwrap_or(":");
    let names = value.split(separator).filter(|name| !name.is_empty());
    let files: Vec<PathBuf> = names.map(|name| normal(&directory.join(name))).collect();
    // `-` is the standard input.
    (!files.is_empty() && !value.split(separator).any(|name| name == "-")).then_some(files)
}

/// The deployments of one directory's Compose files. `said` are the files that the directory's
/// `.env` names: what `docker compose up` reads there, instead of the base and its override.
fn in_directory(
    workspace: &Workspace<'_>,
    files: &BTreeSet<PathBuf>,
    said: Option<&[PathBuf]>,
    is_parallel: bool,
) -> Vec<Deployment> {
    let role_of = |file: &Path| role(&file_name(file));
    // In the engine's order of preference.
    let preferred = |file: &Path| {
        let name = file_name(file);
        (name.starts_with("docker-"), name.ends_with(".yml"))
    };
    let mut bases: Vec<&PathBuf> = files.iter().filter(|file| role_of(file) == Some(Role::Base)).collect();
    bases.sort_by_key(|file| preferred(file));
    let mut overrides: Vec<&PathBuf> =
        files.iter().filter(|file| role_of(file) == Some(Role::Override)).collect();
    overrides.sort_by_key(|file| preferred(file));

    let mut deployments: Vec<Deployment> = Vec::new();
    let base = said.and_then(<[PathBuf]>::first).or(bases.first().copied());
    if let Some(said) = said {
        let names_production =
            |file: &PathBuf| matches!(role_of(file), Some(Role::Overlay(name)) if is_production(&name));
        deployments.push(Deployment {
            files: said.to_vec(),
            is_production: said.iter().any(names_production),
            ..Deployment::default()
        });
    } else if let Some(base) = base {
        let mut chosen = vec![base.clone()];
        chosen.extend(overrides.first().map(|file| (*file).clone()));
        deployments.push(Deployment { files: chosen, ..Deployment::default() });
    }
    let is_said = |file: &Path| said.is_some_and(|said| said.iter().any(|it| it == file));
    let taken = usize::from(base.is_some() && said.is_none());
    let first = usize::from(said.is_none());
    for extra in bases.iter().skip(first).chain(overrides.iter().skip(taken)) {
        if is_said(extra) {
            continue;
        }
        deployments.push(Deployment { files: vec![(*extra).clone()], ..Deployment::default() });
    }
    let overlays: Vec<(&PathBuf, String)> = files
        .iter()
        .filter(|file| !is_said(file))
        .filter_map(|file| match role_of(file) {
            Some(Role::Overlay(name)) => Some((file, name)),
            None => Some((file, String::new())),
            Some(Role::Base | Role::Override) => None,
        })
        .collect();
    let of_overlay = |(file, overlay): (&PathBuf, String)| {
        let alone = Deployment { files: vec![file.clone()], ..Deployment::default() };
        let deployment = match base {
            // A file of another name is an overlay of the base only if the base has what it lacks.
            Some(base)
                if !overlay.is_empty() && !stands_alone(workspace, &alone, Needs::ImagesAndNames)
                    || needs_another(workspace, &alone, &BTreeSet::from([base.clone()])) =>
            {
                Deployment { files: vec![base.clone(), file.clone()], ..Deployment::default() }
            }
            _ => alone,
        };
        Deployment { is_production: is_production(&overlay), ..deployment }
    };
    let judge = |deployment: &mut Deployment| {
        if let [file] = deployment.files.as_slice() {
            let needs = match role_of(file) {
                // A file of another name that was given on the command line is a whole one as well.
                Some(Role::Base) | None => Needs::Images,
                Some(Role::Override | Role::Overlay(_)) => Needs::ImagesAndNames,
            };
            deployment.is_fragment = !stands_alone(workspace, deployment, needs);
        } else if deployment.files.iter().any(|file| matches!(role_of(file), Some(Role::Overlay(_)))) {
            // An overlay may be meant for the base and yet another overlay.
            deployment.is_fragment = needs_another(workspace, deployment, files);
        }
    };
    // A large directory is not one thread's work, where others have none left.
    if is_parallel {
        let overlays: Vec<Deployment> = overlays.into_par_iter().with_max_len(1).map(of_overlay).collect();
        deployments.extend(overlays);
        deployments.par_iter_mut().with_max_len(1).for_each(judge);
    } else {
        deployments.extend(overlays.into_iter().map(of_overlay));
        deployments.iter_mut().for_each(judge);
    }
    // What ships is the base with the overlay for production; where there is none, every deployment but
    // those whose names say that they are for work on the project.
    let shared_base = |deployment: &Deployment| base.is_some() && deployment.files.first() == base;
    let has_production = deployments.iter().any(|it| it.is_production && shared_base(it));
    for deployment in &mut deployments {
        let overlay = deployment.files.last().and_then(|file| role_of(file));
        let works = matches!(overlay, Some(Role::Overlay(name)) if is_for_work(&name));
        let is_other = has_production && shared_base(deployment);
        deployment.is_production |= !works && !is_other;
    }
    deployments
}

/// Whether another of the directory's `files` has something that the deployment lacks.
fn needs_another(workspace: &Workspace<'_>, deployment: &Deployment, files: &BTreeSet<PathBuf>) -> bool {
    let project = Project::outline(workspace, deployment);
    let needs = lacks_what_another_has(workspace, &project, files);
    workspace.keep(project);
    needs
}

fn lacks_what_another_has(workspace: &Workspace<'_>, project: &Project, files: &BTreeSet<PathBuf>) -> bool {
    let mut lacking: HashSet<(&str, &str)> = HashSet::new();
    for service in project.services() {
        if service.has_nothing_to_run() {
            lacking.insert(("services", service.name()));
        }
        let needed = references(service).into_iter().filter(|reference| reference.is_required);
        let unknown = needed.map(|it| it.name.value).filter(|name| project.service(name).is_none());
        lacking.extend(unknown.map(|name| ("services", name)));
    }
    for section in Section::ALL {
        let Some(declared) = section.declared(project) else { continue };
        let declared: HashSet<&str> = declared.into_iter().collect();
        let used = project.services().flat_map(|service| section.used_by(service));
        let unknown = used.map(|name| name.value).filter(|name| !declared.contains(name));
        lacking.extend(unknown.map(|name| (section.key(), name)));
    }
    if lacking.is_empty() {
        return false;
    }
    let runs =
        |entry: Entry<'_>| ["image", "build", "extends"].iter().any(|key| entry.value.get(key).is_some());
    let supplies = |root: Yaml<'_>| {
        let sections = Section::ALL.map(Section::key);
        let named = |section: &str, entry: Entry<'_>| lacking.contains(&(section, entry.name()));
        let entries = |section: &str| root.get(section).into_iter().flat_map(Yaml::entries);
        entries("services").any(|entry| named("services", entry) && runs(entry))
            || sections.into_iter().any(|section| entries(section).any(|entry| named(section, entry)))
    };
    files
        .iter()
        .filter(|file| !project.deployment.files.contains(file))
        .filter_map(|file| workspace.compose_file(file).ok())
        .any(|file| file.documents.iter().filter_map(|document| document.root()).any(supplies))
}

/// What a file must have to stand alone.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Needs {
    /// Something to run for every service. A base that uses a name it does not define is wrong, not a
    /// part of something else.
    Images,
    /// The same, and a definition for every name that is used.
    ImagesAndNames,
}

/// Whether the engine could run the deployment's files without others. A file that cannot be read
/// stands for itself.
fn stands_alone(workspace: &Workspace<'_>, deployment: &Deployment, needs: Needs) -> bool {
    if let [file] = deployment.files.as_slice()
        && let Ok(file) = workspace.compose_file(file)
    {
        if plainly_stands_alone(&file, needs) {
            return true;
        }
        if plainly_lacks(&file) {
            return false;
        }
    }
    let project = Project::outline(workspace, deployment);
    let stands = is_whole(&project, needs);
    workspace.keep(project);
    stands
}

fn is_whole(project: &Project, needs: Needs) -> bool {
    let Some(root) = project.root() else { return true };
    if project.files().iter().any(|file| !file.problems.is_empty()) {
        return true;
    }
    let includes = project.has_includes();
    let Some(services) = root.get("services").filter(|services| services.kind() == YamlKind::Mapping) else {
        // Only volumes or networks, or a file of another kind.
        return includes;
    };
    if includes {
        return true;
    }
    let defines = |section: &str, name: &str| root.get(section).is_some_and(|it| it.get(name).is_some());
    services.entries().all(|entry| {
        let service = entry.value;
        if service.kind() != YamlKind::Mapping {
            return true;
        }
        let has = |key: &str| service.get(key).is_some_and(|value| !value.is_null());
        if has("extends") {
            return true;
        }
        let names = |key: &str| -> Vec<&str> {
            let Some(value) = service.get(key) else { return Vec::new() };
            let listed = value.items().filter_map(Yaml::as_str);
            listed.chain(value.entries().map(|entry| entry.name())).collect()
        };
        if !(has("image") || has("build") || has("provider")) {
            return false;
        }
        if needs == Needs::Images {
            return true;
        }
        let linked = names("links");
        let linked = linked.iter().map(|link| link.split_once(':').map_or(*link, |(name, _)| name));
        names("depends_on").iter().copied().chain(linked).all(|name| defines("services", name))
            && names("networks").iter().all(|name| *name == "default" || defines("networks", name))
            && project.service(entry.name()).is_none_or(|service| {
                service.mounts().iter().all(|mount| {
                    mount.mount.kind != crate::compose::mount::MountKind::Volume
                        || mount.mount.source.is_none_or(|source| defines("volumes", source.value))
                })
            })
    })
}

/// Whether that can be told from the file as it is written, without putting the project together: every
/// service says itself what it runs, and uses nothing that needs a closer look.
fn plainly_stands_alone(file: &ComposeFile, needs: Needs) -> bool {
    let [document] = file.documents.as_slice() else { return false };
    let Some(root) = document.root().filter(|_| file.problems.is_empty()) else { return false };
    let defines = |section: &str, name: &str| root.get(section).is_some_and(|it| it.get(name).is_some());
    let is_plain = |value: Yaml<'_>| value.tag().is_none() && !value.is_null();
    // A text with a variable, a tag, a merge key may say anything.
    let names = |value: Yaml<'_>, section: &str| {
        let is_defined = |name: &str| {
            !name.contains('$') && (defines(section, name) || section == "networks" && name == "default")
        };
        value.tag().is_none()
            && match value.kind() {
                YamlKind::Scalar => false,
                YamlKind::Sequence => value.items().all(|item| item.as_str().is_some_and(is_defined)),
                YamlKind::Mapping => value.entries().all(|entry| is_defined(entry.name())),
            }
    };
    let is_bind = |item: Yaml<'_>| item.as_str().is_some_and(|text| text.starts_with(['.', '/', '~']));
    let Some(services) = root.get("services").filter(|it| it.kind() == YamlKind::Mapping) else {
        return false;
    };
    services.tag().is_none()
        && services.entries().all(|entry| {
            let service = entry.value;
            let has = |key: &str| service.get(key).is_some_and(is_plain);
            let is_named = |key: &str, section: &str| service.get(key).is_none_or(|it| names(it, section));
            entry.name() != "<<"
                && service.kind() == YamlKind::Mapping
                && service.tag().is_none()
                && (has("image") || has("build") || has("provider"))
                && (needs == Needs::Images
                    || service.get("<<").is_none()
                        && service.get("extends").is_none()
                        && service.get("links").is_none()
                        && is_named("depends_on", "services")
                        && is_named("networks", "networks")
                        && service.get("volumes").is_none_or(|volumes| {
                            volumes.kind() == YamlKind::Sequence && volumes.items().all(is_bind)
                        }))
        })
}

/// Whether the file as it is written has a service with nothing to run, and nothing that could bring it
/// something: most overlays do.
fn plainly_lacks(file: &ComposeFile) -> bool {
    let [document] = file.documents.as_slice() else { return false };
    let Some(root) = document.root().filter(|_| file.problems.is_empty()) else { return false };
    let services = root.get("services").filter(|it| it.kind() == YamlKind::Mapping);
    let brings = ["image", "build", "provider", "extends", "<<"];
    let lacks = |entry: Entry<'_>| {
        let service = entry.value;
        service.kind() == YamlKind::Mapping
            && !service.is_alias()
            && service.tag().is_none()
            && brings.iter().all(|key| service.get(key).is_none())
    };
    root.get("include").is_none()
        && root.get("<<").is_none()
        && root.tag().is_none()
        && services.is_some_and(|services| {
            services.tag().is_none()
                && !services.is_alias()
                && services.entries().all(|entry| entry.name() != "<<" && !entry.key.is_alias())
                && services.entries().any(lacks)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The deployments of the files that were named among all that there are: the names, and whether they
    /// are parts of something else.
    fn found(files: &[(&str, &str)], named: &[&str]) -> Vec<(Vec<String>, bool)> {
        let memory: crate::fs::Memory = files.iter().copied().collect();
        let workspace = Workspace::new(&memory);
        let paths: Vec<PathBuf> = named.iter().map(PathBuf::from).collect();
        let found = discover(&memory, &workspace, &paths, true);
        let name = |path: &PathBuf| path.to_string_lossy().replace('\\', "/");
        let deployments = found.deployments.into_iter();
        deployments.map(|it| (it.files.iter().map(name).collect(), it.is_fragment)).collect()
    }

    #[test]
    fn a_named_part_is_known_by_what_includes_it_from_above() {
        let part = "services: {web: {image: a, depends_on: [db], links: [db]}}";
        let base = "include: [parts/web/compose.yaml]\nservices: {db: {image: b}}";
        let files = [("p/compose.yaml", base), ("p/parts/web/compose.yaml", part)];
        assert_eq!(
            found(&files, &["p/parts/web/compose.yaml"]),
            [(vec!["p/parts/web/compose.yaml".to_owned()], true)]
        );
        assert_eq!(
            found(&files[1..], &["p/parts/web/compose.yaml"]),
            [(vec!["p/parts/web/compose.yaml".to_owned()], false)]
        );
    }

    #[test]
    fn a_file_of_another_name_joins_the_base_that_has_what_it_lacks() {
        let base = "services: {web: {image: a}}\nnetworks: {back: {}}";
        let more = "services: {logs: {image: b, networks: [back]}}";
        let joined = |text| found(&[("compose.yaml", base), ("logs.yaml", text)], &["logs.yaml"]);
        assert_eq!(joined(more), [(vec!["compose.yaml".to_owned(), "logs.yaml".to_owned()], false)]);
        let other = "services: {logs: {image: b, networks: [front]}}";
        assert_eq!(joined(other), [(vec!["logs.yaml".to_owned()], false)]);
    }

    #[test]
    fn what_docker_ignores_is_no_dockerfile() {
        assert!(is_dockerfile_name("Dockerfile.dev"));
        assert!(!is_dockerfile_name("Dockerfile.dockerignore"));
        assert!(!is_dockerfile_name("Dockerfile.dev.dockerignore"));
        assert!(!is_dockerfile_name("Containerfile.dockerignore"));
    }

    /// The short way and the long one are of one mind, on the examples of every kind and on the fixtures.
    #[test]
    fn what_plainly_stands_alone_does() {
        let mut texts: Vec<String> = [
            "services: {a: {image: x}}",
            "services: {a: {image: x, links: [b]}}",
            "services: {a: {image: x, depends_on: [b]}}",
            "services: {a: {image: x, networks: [n]}}\nnetworks: {n: {}}",
            "services: {a: {image: x, volumes: ['v:/v']}}",
            "services: {a: {image: x, volumes: [./v:/v]}}",
            "services: {a: {extends: {file: b.yaml, service: b}, image: x}}",
            "services: {a: {command: x}}",
            "services: {a: {command: x}, b: {image: x}}",
            "services: {a: !reset {command: x}, b: {image: x}}",
            "services: {a: {command: x, <<: {image: x}}}",
            "services: {a: {command: x}, <<: {a: {image: x}}}",
            "services: {a: {command: x}, a: {image: x}}",
            "include: [b.yaml]\nservices: {a: {command: x}}",
            "volumes: {}",
        ]
        .map(str::to_owned)
        .to_vec();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let options = WalkOptions { hidden: true, gitignore: false };
        let walk = crate::fs::Disk.walk(&fixtures, &options, &|path| is_compose_name(&file_name(path)));
        texts.extend(walk.files.iter().filter_map(|path| std::fs::read_to_string(path).ok()));
        let (mut plain, mut lacking) = (0, 0);
        for text in texts {
            let fs: crate::fs::Memory = [("compose.yaml", text.as_str())].into_iter().collect();
            let workspace = Workspace::new(&fs);
            let path = PathBuf::from("compose.yaml");
            let file = workspace.compose_file(&path).expect("it is there");
            let deployment = Deployment { files: vec![path], ..Deployment::default() };
            for needs in [Needs::Images, Needs::ImagesAndNames] {
                if plainly_stands_alone(&file, needs) {
                    plain += 1;
                    assert!(is_whole(&Project::outline(&workspace, &deployment), needs), "{needs:?}: {text}");
                }
                if plainly_lacks(&file) {
                    lacking += 1;
                    assert!(
                        !is_whole(&Project::outline(&workspace, &deployment), needs),
                        "{needs:?}: {text}"
                    );
                }
            }
        }
        assert!(plain > 20 && lacking > 3, "{plain} {lacking}");
    }
}
