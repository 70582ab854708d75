//! One service of a project, and views of what it says.

use std::sync::OnceLock;

use super::context::LostSource;
use super::env_entry::EnvEntry;
use super::file::DockerfileFile;
use super::image::ImageReference;
use super::mount::{Mount, MountKind, MountOption, clean_path, is_path};
use super::port::{Port, PortRange, Protocol};
use super::project::{Build, Project, ServiceData};
use super::size::Size;
use crate::addresses::Address;
use crate::dockerfile::{self, Stage};
use crate::images;
use crate::source::{Span, Spanned};
use crate::yaml::{Entry, Kind, Yaml};

/// Words of names, commands and profiles of what does its work and ends, or is run by hand, sorted.
const JOB_WORDS: &[&str] = &[
    "backup",
    "benchmark",
    "bootstrap",
    "build",
    "builder",
    "certbot",
    "chmod",
    "chown",
    "ci",
    "cli",
    "composer",
    "console",
    "copy",
    "createbuckets",
    "createsuperuser",
    "dump",
    "e2e",
    "fixtures",
    "generate",
    "generator",
    "import",
    "importer",
    "init",
    "initdb",
    "initialize",
    "initializer",
    "initiate",
    "install",
    "installer",
    "job",
    "k6",
    "lint",
    "linter",
    "loader",
    "mc",
    "migrate",
    "migration",
    "migrations",
    "migrator",
    "once",
    "permissions",
    "phpunit",
    "prepare",
    "provision",
    "provisioner",
    "provisioning",
    "pull",
    "pytest",
    "restore",
    "seed",
    "seeder",
    "setup",
    "task",
    "test",
    "tests",
    "tool",
    "toolbox",
    "tools",
];

/// A service of a project, merged from all files that speak of it.
#[derive(Copy, Clone, Debug)]
pub struct Service<'p> {
    project: &'p Project,
    index: usize,
}

/// A dependency on another service.
///
/// ```text
/// depends_on: [db]                             ^^
/// depends_on: {db: {condition: service_healthy}}
///              ^^              ^^^^^^^^^^^^^^^
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Dependency<'p> {
    /// The service that is waited for.
    pub name: Spanned<&'p str>,
    /// The condition of the long form; `None` in the short form and for an unknown value.
    pub condition: Option<Spanned<&'p str>>,
    /// Whether it is an item of a list.
    pub is_short: bool,
    /// Whether the engine refuses to start without it; true unless the file says otherwise.
    pub is_required: bool,
    /// The item or the value of the entry.
    pub yaml: Yaml<'p>,
}

/// A variable of the container's environment.
///
/// ```text
/// - POSTGRES_USER=app
///   ^^^^^^^^^^^^^ name
///                 ^^^ value
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Variable<'p> {
    /// The name.
    pub name: Spanned<&'p str>,
    /// The value; `None` if the variable is taken from the shell, or the value is unknown.
    pub value: Option<Spanned<&'p str>>,
    /// The value before interpolation; `None` if the variable is taken from the shell.
    pub raw: Option<Spanned<&'p str>>,
    /// The item or the value of the entry.
    pub yaml: Yaml<'p>,
}

/// A `healthcheck` of a service.
#[derive(Copy, Clone, Debug)]
pub struct Healthcheck<'p> {
    /// The key and its mapping.
    pub entry: Entry<'p>,
}

/// The command of a healthcheck.
#[derive(Clone, Debug)]
pub enum Test<'p> {
    /// `NONE`: what the image checks is switched off.
    None(Span),
    /// `CMD`: a program and its arguments.
    Exec(Vec<Yaml<'p>>),
    /// `CMD-SHELL`, or a single text: a line for the container's shell.
    Shell(Yaml<'p>),
    /// Neither, or not known.
    Unknown,
}

impl<'p> Healthcheck<'p> {
    /// The mapping.
    pub fn yaml(&self) -> Yaml<'p> {
        self.entry.value
    }

    /// `disable: true`, at that value.
    pub fn disabled(&self) -> Option<Span> {
        let value = self.yaml().get("disable")?;
        (value.as_bool() == Some(true)).then(|| value.span())
    }

    /// The command; `None` if the service has none of its own.
    pub fn test(&self) -> Option<Test<'p>> {
        let test = self.yaml().get("test").filter(|test| !test.is_null())?;
        Some(match test.kind() {
            Kind::Scalar if test.is_unknown() => Test::Unknown,
            // In its text form `NONE` is a command like any other.
            Kind::Scalar => Test::Shell(test),
            Kind::Sequence => {
                let items: Vec<Yaml<'p>> = test.items().collect();
                match items.first().and_then(|first| first.as_str()) {
                    Some("NONE") => Test::None(test.span()),
                    Some("CMD") => Test::Exec(items[1..].to_vec()),
                    Some("CMD-SHELL") if items.len() == 2 => Test::Shell(items[1]),
                    _ => Test::Unknown,
                }
            }
            Kind::Mapping => Test::Unknown,
        })
    }
}

/// Whether a running container's health is known to the engine.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Health {
    /// The service has a healthcheck of its own.
    Declared,
    /// The stage that the service builds has one.
    Built,
    /// The image has one.
    Shipped,
    /// It is switched off here.
    Disabled(Span),
    /// There is none.
    Missing,
    /// The image is unknown, and nothing else has one.
    Unknown,
}

/// The user that a container's main process runs as.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RunsAs {
    /// Root because `user:` says so.
    RootByService(Span),
    /// Root because the stage's last `USER` says so.
    RootByStage(Span),
    /// Root because neither the service, nor the stage, nor its well-known image says anything else.
    /// The span is of the `FROM` or `image`.
    RootByImage(Span, String),
    /// Another user.
    Other,
    /// Not known.
    Unknown,
}

/// The limits or reservations of a service, each at its value.
#[derive(Copy, Clone, Debug, Default)]
pub struct Resources {
    /// Bytes of memory.
    pub memory: Option<Spanned<i64>>,
    /// Processors.
    pub cpus: Option<Spanned<f64>>,
    /// Processes.
    pub pids: Option<Spanned<i64>>,
}

impl<'p> Service<'p> {
    pub(super) fn new(project: &'p Project, index: usize) -> Self {
        Self { project, index }
    }

    fn data(self) -> &'p ServiceData {
        &self.project.services[self.index]
    }

    /// Where the addresses that it names are kept once they are found.
    pub(crate) fn found_addresses(self) -> &'p OnceLock<Vec<Address>> {
        &self.data().addresses
    }

    /// The project.
    pub fn project(self) -> &'p Project {
        self.project
    }

    /// The name's node.
    pub fn key(self) -> Yaml<'p> {
        self.project.tree.node(self.data().key)
    }

    /// The name.
    pub fn name(self) -> &'p str {
        self.key().raw_str().unwrap_or_default()
    }

    /// What the service says.
    pub fn yaml(self) -> Yaml<'p> {
        self.project.tree.node(self.data().value)
    }

    /// What the first file that speaks of the service says of it, with the anchors, aliases and merge
    /// keys that the merged document does not have.
    pub fn written(self) -> Option<Yaml<'p>> {
        let entry = Entry { key: self.key(), value: self.yaml() };
        Some(self.project.written_entry(entry)?.1.value)
    }

    /// The value of a key, unless it is null.
    pub fn get(self, key: &str) -> Option<Yaml<'p>> {
        self.yaml().get(key).filter(|value| !value.is_null())
    }

    /// The entry of a key, unless its value is null.
    pub fn entry(self, key: &str) -> Option<Entry<'p>> {
        self.yaml().entry(key).filter(|entry| !entry.value.is_null())
    }

    /// The text of a key; `None` if it is absent, unknown or no scalar.
    pub fn text(self, key: &str) -> Option<Spanned<&'p str>> {
        let value = self.get(key)?;
        Some(Spanned::new(value.as_str()?, value.span()))
    }

    /// Whether all that is said of the service is here: it is part of a whole project, and extends
    /// nothing.
    pub fn is_in_view(self) -> bool {
        self.data().is_in_view
    }

    /// Whether the service is known not to have a key.
    pub fn lacks(self, key: &str) -> bool {
        self.is_in_view() && self.get(key).is_none()
    }

    /// Whether the service runs when `profiles` are switched on. With none chosen, every service
    /// counts.
    pub fn is_enabled(self, profiles: &[String]) -> bool {
        if profiles.is_empty() || profiles.iter().any(|profile| profile == "*") {
            return true;
        }
        let Some(own) = self.get("profiles") else { return true };
        own.items()
            .any(|item| item.as_str().is_none_or(|name| profiles.iter().any(|profile| profile == name)))
            || own.items().len() == 0
    }

    /// Whether the service surely has neither an image, nor a build, nor a provider.
    pub fn has_nothing_to_run(self) -> bool {
        !self.project.is_open() && ["image", "build", "provider"].into_iter().all(|key| self.lacks(key))
    }

    /// The name of the first file, if the service is first spoken of in a later one.
    pub fn overlay(self) -> Option<String> {
        let source = self.key().span().source;
        let (first, later) = self.project.deployment.files.split_first()?;
        let file = self.project.files().iter().find(|file| file.source == source)?;
        if !later.contains(&file.path) || file.path == *first {
            return None;
        }
        Some(first.file_name()?.to_string_lossy().into_owned())
    }

    /// The items of `profiles`.
    fn profiles(self) -> Vec<Yaml<'p>> {
        self.get("profiles").into_iter().flat_map(Yaml::items).collect()
    }

    /// Whether the service runs whatever profiles are switched on.
    pub fn always_runs(self) -> bool {
        self.profiles().is_empty()
    }

    /// Whether this service runs whenever `other` does, or that cannot be told.
    pub fn runs_with(self, other: Service<'_>) -> bool {
        let chosen = &self.project.deployment.profiles;
        if !chosen.is_empty() {
            return self.is_enabled(chosen);
        }
        let (own, theirs) = (self.profiles(), other.profiles());
        let is_unknown = |item: &Yaml<'_>| item.as_str().is_none();
        own.is_empty()
            || own.iter().any(is_unknown)
            || theirs.iter().any(is_unknown)
            || own.iter().any(|item| theirs.iter().any(|other| item.as_str() == other.as_str()))
    }

    /// Whether both services surely run at once: neither has profiles, or one profile switches both on.
    /// That all profiles may be switched on together does not count.
    pub fn meets(self, other: Service<'_>) -> bool {
        let chosen = &self.project.deployment.profiles;
        if !chosen.is_empty() && !chosen.iter().any(|profile| profile == "*") {
            return true;
        }
        let (own, theirs) = (self.profiles(), other.profiles());
        let is_same = |one: &Yaml<'_>, two: &Yaml<'_>| one.as_str().is_some() && one.as_str() == two.as_str();
        own.is_empty()
            || theirs.is_empty()
            || self.name() == other.name()
            || own.iter().any(|one| theirs.iter().any(|two| is_same(one, two)))
    }

    /// The number of containers that the service has; `None` if it is unknown.
    pub fn replicas(self) -> Option<i64> {
        let deploy = self.get("deploy").and_then(|deploy| deploy.get("replicas"));
        match self.get("scale").or(deploy.filter(|replicas| !replicas.is_null())) {
            Some(number) => number.as_int(),
            None => Some(1),
        }
    }

    /// The image; `None` if it is absent, unknown or no reference.
    pub fn image(self) -> Option<ImageReference<'p>> {
        let value = self.get("image")?;
        ImageReference::parse(value.as_str()?, &value.map()).ok()
    }

    /// What is known of the image that the service runs as it is pulled. `None` for one that it
    /// builds.
    pub fn known_image(self) -> Option<&'p images::Image> {
        let look_up = || {
            let image = self.get("build").is_none().then(|| self.image()).flatten()?;
            known(&image).map(Box::new)
        };
        self.data().image.get_or_init(look_up).as_deref()
    }

    /// What the service builds.
    pub fn build(self) -> &'p Build {
        &self.data().build
    }

    /// The stage that the service builds.
    pub fn stage(self) -> Option<Stage<'p>> {
        match &self.data().build {
            Build::Stage { file, stage } => file.dockerfile.stages().nth(*stage),
            Build::None | Build::OutOfReach => None,
        }
    }

    /// The Dockerfile that the service builds, whether or not it has the stage that is asked for. `None` if
    /// it cannot be read.
    pub fn dockerfile(self) -> Option<&'p DockerfileFile> {
        self.data().dockerfile.as_deref()
    }

    /// The sources of `COPY` and `ADD` that the build does not find in its context.
    pub fn lost_sources(self) -> &'p [LostSource] {
        self.project.lost.get(self.index).map(Vec::as_slice).unwrap_or_default()
    }

    /// The arguments of `build.args`, in order.
    pub fn build_args(self) -> Vec<Variable<'p>> {
        self.get("build").and_then(|build| build.get("args")).map(pairs).unwrap_or_default()
    }

    /// The value that `build.args` gives to a build argument.
    pub fn build_arg(self, name: &str) -> Option<String> {
        pair(self.get("build")?.get("args")?, name)?.value.map(|value| value.value.to_owned())
    }

    /// What is known of the image that the stage ends in.
    pub fn known_base(self) -> Option<&'p images::Image> {
        let look_up = || {
            let base = self.stage()?.base_image(&|name| self.build_arg(name))?;
            let map = crate::source::SourceMap::empty();
            known(&ImageReference::parse(&base, &map).ok()?).map(Box::new)
        };
        self.data().base.get_or_init(look_up).as_deref()
    }

    /// The published and exposed ports of `ports`, in order, without those that are malformed or
    /// unknown.
    pub fn ports(self) -> Vec<PortView<'p>> {
        self.get("ports").into_iter().flat_map(Yaml::items).filter_map(port).collect()
    }

    /// The mounts of `volumes`, in order, without those that are malformed or unknown.
    pub fn mounts(self) -> Vec<MountView<'p>> {
        self.get("volumes").into_iter().flat_map(Yaml::items).filter_map(mount).collect()
    }

    /// The paths of the host that the container sees, in the order of `volumes`: bind mounts, named
    /// pipes and volumes whose driver binds a path. A variable without a value leaves a source as it is
    /// written; a mount whose target or options hold one is left out.
    pub fn host_mounts(self) -> Vec<HostMount<'p>> {
        let items = self.get("volumes").into_iter().flat_map(Yaml::items);
        items.filter_map(|item| host_mount(self.project, item)).collect()
    }

    /// The environment, in order.
    pub fn environment(self) -> Vec<Variable<'p>> {
        self.get("environment").map(pairs).unwrap_or_default()
    }

    /// The variable of the environment with this name; of several, the last.
    pub fn variable(self, name: &str) -> Option<Variable<'p>> {
        pair(self.get("environment")?, name)
    }

    /// The healthcheck.
    pub fn healthcheck(self) -> Option<Healthcheck<'p>> {
        let entry = self.entry("healthcheck").filter(|entry| entry.value.kind() == Kind::Mapping)?;
        Some(Healthcheck { entry })
    }

    /// Whether the engine knows the container's health, and from where.
    pub fn health(self) -> Health {
        let own = self.healthcheck();
        if let Some(own) = own {
            if let Some(span) = own.disabled() {
                return Health::Disabled(span);
            }
            match own.test() {
                Some(Test::None(span)) => return Health::Disabled(span),
                Some(_) => return Health::Declared,
                None => {}
            }
        } else if self.get("healthcheck").is_some() {
            return Health::Unknown;
        }
        if !self.is_in_view() {
            return Health::Unknown;
        }
        let shipped = |image: Option<&images::Image>| match image.and_then(|image| image.healthcheck) {
            Some(true) => Health::Shipped,
            Some(false) => Health::Missing,
            None => Health::Unknown,
        };
        match self.build() {
            Build::OutOfReach => Health::Unknown,
            Build::None => shipped(self.known_image()),
            Build::Stage { .. } => {
                let instruction = self.stage().and_then(|stage| stage.healthcheck());
                match instruction.map(|instruction| instruction.healthcheck()) {
                    Some(Some(dockerfile::Healthcheck::Command(_))) => Health::Built,
                    Some(Some(dockerfile::Healthcheck::None(_))) => Health::Missing,
                    Some(None) => Health::Unknown,
                    None => shipped(self.known_base()),
                }
            }
        }
    }

    /// The user that the main process runs as.
    pub fn runs_as(self) -> RunsAs {
        if let Some(user) = self.get("user") {
            return match user.as_str() {
                Some(name) if is_root(name) => RunsAs::RootByService(user.span()),
                Some(_) => RunsAs::Other,
                None => RunsAs::Unknown,
            };
        }
        if !self.is_in_view() {
            return RunsAs::Unknown;
        }
        match self.build() {
            Build::OutOfReach => RunsAs::Unknown,
            Build::None => {
                let Some(image) = self.image() else { return RunsAs::Unknown };
                match user_of(&image) {
                    images::User::Root => {
                        RunsAs::RootByImage(image.name.span, image.familiar_name().to_owned())
                    }
                    images::User::Drops(_) | images::User::NonRoot(_) => RunsAs::Other,
                    images::User::Unknown => RunsAs::Unknown,
                }
            }
            Build::Stage { .. } => {
                let Some(stage) = self.stage() else { return RunsAs::Unknown };
                stage_runs_as(stage, &|name| self.build_arg(name))
            }
        }
    }

    /// Whether another service names it in `depends_on`.
    pub fn is_needed(self) -> bool {
        self.data().is_needed
    }

    /// Whether the service does its work and ends: another waits until it has completed, or nothing
    /// starts it anew and its name, command or profile says that it is a job or a tool.
    pub fn is_job(self) -> bool {
        if self.data().is_awaited {
            return true;
        }
        let mode = self.get("deploy").and_then(|deploy| deploy.get("mode")?.as_str());
        if mode.is_some_and(|mode| mode.ends_with("-job")) {
            return true;
        }
        // What cannot be told may start it anew.
        let ends = self.get("restart").is_none()
            || self.text("restart").is_some_and(|it| it.value == "no" || it.value.starts_with("on-failure"));
        ends && self.ports().is_empty() && self.sounds_like_a_job()
    }

    /// Whether the words of a job are in the name, a profile or the last of the commands, and the image
    /// is no server that is run as it is.
    fn sounds_like_a_job(self) -> bool {
        let says = |text: &str| {
            let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
            words.any(|word| JOB_WORDS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok())
        };
        let line = |key: &str| {
            let words: Vec<&str> = self.names(key).into_iter().map(|it| it.value).collect();
            words.join(" ")
        };
        let (entrypoint, command) = (line("entrypoint"), line("command"));
        let is_server = entrypoint.is_empty()
            && command.is_empty()
            && self.known_image().is_some_and(|image| {
                !matches!(
                    image.kind,
                    images::Kind::Base | images::Kind::Runtime | images::Kind::Tool | images::Kind::Other
                )
            });
        if is_server {
            return false;
        }
        let is_said = |line: &str| line.rsplit(['\n', ';', '&']).next().is_some_and(says);
        says(self.name())
            || self.names("profiles").into_iter().any(|it| says(it.value))
            || is_said(&entrypoint)
            || is_said(&command)
    }

    /// What the service waits for, in order.
    pub fn depends_on(self) -> Vec<Dependency<'p>> {
        let Some(value) = self.get("depends_on") else { return Vec::new() };
        let short = value.items().filter_map(|item| {
            let name = Spanned::new(item.as_str()?, item.span());
            Some(Dependency { name, condition: None, is_short: true, is_required: true, yaml: item })
        });
        let long = value.entries().map(|entry| Dependency {
            name: Spanned::new(entry.name(), entry.key.span()),
            condition: entry
                .value
                .get("condition")
                .and_then(|condition| Some(Spanned::new(condition.as_str()?, condition.span()))),
            is_short: false,
            is_required: entry.value.get("required").and_then(Yaml::as_bool) != Some(false),
            yaml: entry.value,
        });
        short.chain(long).collect()
    }

    /// The limits, from `deploy.resources.limits` or the keys of the service.
    pub fn limits(self) -> Resources {
        let deploy = self.get("deploy").and_then(|deploy| deploy.get("resources")?.get("limits"));
        let own = |key: &str| self.get(key);
        Resources {
            memory: deploy.and_then(|it| it.get("memory")).or(own("mem_limit")).and_then(size),
            cpus: deploy.and_then(|it| it.get("cpus")).or(own("cpus")).and_then(number),
            pids: deploy.and_then(|it| it.get("pids")).or(own("pids_limit")).and_then(whole),
        }
    }

    /// The value that says a limit: that of `name` in `deploy.resources.limits`, else of the service's
    /// own `key`.
    pub fn limit(self, name: &str, key: &str) -> Option<Yaml<'p>> {
        let deploy = self.get("deploy").and_then(|deploy| deploy.get("resources")?.get("limits")?.get(name));
        deploy.filter(|limit| !limit.is_null()).or(self.get(key))
    }

    /// Whether containers of the service are run by the engine: it is no provider's, and its number of
    /// replicas is not zero.
    pub fn has_containers(self) -> bool {
        let replicas = self.get("deploy").and_then(|deploy| deploy.get("replicas")).or(self.get("scale"));
        self.get("provider").is_none() && replicas.and_then(Yaml::as_int) != Some(0)
    }

    /// The reservations, from `deploy.resources.reservations` or the keys of the service.
    pub fn reservations(self) -> Resources {
        let deploy = self.get("deploy").and_then(|deploy| deploy.get("resources")?.get("reservations"));
        Resources {
            memory: deploy.and_then(|it| it.get("memory")).or(self.get("mem_reservation")).and_then(size),
            cpus: deploy.and_then(|it| it.get("cpus")).and_then(number),
            pids: deploy.and_then(|it| it.get("pids")).and_then(whole),
        }
    }

    /// The bytes that a key of the service says; `None` if it is absent, unknown or no size.
    pub fn size(self, key: &str) -> Option<Spanned<i64>> {
        self.get(key).and_then(size)
    }

    /// The names in a list or the keys of a mapping, as of `networks`, `cap_add`, `profiles` or
    /// `security_opt`; the text alone for a scalar. Unknown ones are left out.
    pub fn names(self, key: &str) -> Vec<Spanned<&'p str>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let of = |yaml: Yaml<'p>| Some(Spanned::new(yaml.as_str()?, yaml.span()));
        match value.kind() {
            Kind::Scalar => of(value).into_iter().collect(),
            Kind::Sequence => value.items().filter_map(of).collect(),
            Kind::Mapping => value.entries().filter_map(|entry| of(entry.key)).collect(),
        }
    }

    /// The secrets or configs that are mounted: for each the name, and the entry.
    pub fn grants(self, key: &str) -> Vec<(Spanned<&'p str>, Yaml<'p>)> {
        let items = self.get(key).into_iter().flat_map(Yaml::items);
        items
            .filter_map(|item| {
                let name = if item.kind() == Kind::Mapping { item.get("source")? } else { item };
                Some((Spanned::new(name.as_str()?, name.span()), item))
            })
            .collect()
    }

    /// When the engine starts a container anew; `None` if never or unknown.
    pub fn restart(self) -> Option<Spanned<&'p str>> {
        self.text("restart").filter(|restart| restart.value != "no")
    }
}

/// The user that a stage's main process runs as.
pub fn stage_runs_as(stage: Stage<'_>, arg: &dyn Fn(&str) -> Option<String>) -> RunsAs {
    match stage.user() {
        dockerfile::Setting::Known(user) if is_root(user.value) => RunsAs::RootByStage(user.span),
        dockerfile::Setting::Known(_) => RunsAs::Other,
        dockerfile::Setting::Unknown(_) => RunsAs::Unknown,
        dockerfile::Setting::Inherited => {
            let Some(base) = stage.base_image(arg) else { return RunsAs::Unknown };
            let map = crate::source::SourceMap::empty();
            let Ok(image) = ImageReference::parse(&base, &map) else { return RunsAs::Unknown };
            match user_of(&image) {
                images::User::Root => RunsAs::RootByImage(
                    stage.external_base().map_or(stage.from().span, |word| word.span),
                    image.familiar_name().to_owned(),
                ),
                images::User::Drops(_) | images::User::NonRoot(_) => RunsAs::Other,
                images::User::Unknown => RunsAs::Unknown,
            }
        }
    }
}

/// What is known of an image. Of one that is named by a digest alone, what holds for all of its tags.
pub fn known(image: &ImageReference<'_>) -> Option<images::Image> {
    let name = image.familiar_name();
    match (image.tag, image.digest) {
        (None, Some(_)) => images::lookup_any_tag(name),
        (tag, _) => images::lookup(name, tag.map(|tag| tag.value)).copied(),
    }
}

/// The user that an image's main process runs as.
pub fn user_of(image: &ImageReference<'_>) -> images::User {
    known(image).map_or(images::User::Unknown, |known| known.user)
}

/// Whether a `user` or `USER` is root, by name or number, whatever its group.
pub fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default().trim();
    name == "root" || (!name.is_empty() && name.bytes().all(|byte| byte == b'0'))
}

/// The `KEY=value` items of a list, or the entries of a mapping.
pub fn pairs(value: Yaml<'_>) -> Vec<Variable<'_>> {
    value.items().filter_map(listed).chain(value.entries().map(mapped)).collect()
}

/// The last of [`pairs`] with this name, without the work for the others.
fn pair<'p>(value: Yaml<'p>, name: &str) -> Option<Variable<'p>> {
    let may_be = |text: Option<&str>| text.is_some_and(|text| text.starts_with(name));
    let items = value.items().rev().filter(|item| may_be(item.raw_str()) || may_be(item.as_str()));
    let entries = value.entries().rev().filter(|entry| entry.name() == name).map(mapped);
    items.filter_map(listed).chain(entries).find(|pair| pair.name.value == name)
}

/// The variable that an item is.
fn listed(item: Yaml<'_>) -> Option<Variable<'_>> {
    let raw = EnvEntry::parse(item.raw_str()?, &item.raw_map()).ok()?;
    // Without variables, what is read is what is written.
    let parsed = match item.as_str() {
        Some(_) if item.interpolation().is_none() => Some(raw.clone()),
        Some(text) => EnvEntry::parse(text, &item.map()).ok(),
        None => None,
    };
    Some(Variable {
        name: parsed.as_ref().map_or(raw.key, |entry| entry.key),
        value: parsed.and_then(|entry| entry.value),
        raw: raw.value,
        yaml: item,
    })
}

/// The variable that an entry is.
fn mapped(entry: Entry<'_>) -> Variable<'_> {
    let span = entry.value.span();
    let raw = entry.value.raw_str().filter(|_| !entry.value.is_null());
    Variable {
        name: Spanned::new(entry.name(), entry.key.span()),
        value: entry.value.as_str().map(|text| Spanned::new(text, span)),
        raw: raw.map(|text| Spanned::new(text, span)),
        yaml: entry.value,
    }
}

/// A port of a service and the entry that says it.
#[derive(Clone, Debug)]
pub struct PortView<'p> {
    /// What it says.
    pub port: Port<'p>,
    /// The item of the list.
    pub yaml: Yaml<'p>,
    /// Whether it is written as a mapping.
    pub is_long: bool,
}

fn port(item: Yaml<'_>) -> Option<PortView<'_>> {
    if item.kind() == Kind::Scalar {
        let port = Port::parse(item.as_str()?, &item.map()).ok()?;
        return Some(PortView { port, yaml: item, is_long: false });
    }
    let field = |key: &str| item.get(key).filter(|value| !value.is_null());
    let text = |key: &str| field(key).and_then(|value| Some(Spanned::new(value.as_str()?, value.span())));
    // A field that is there and cannot be read makes the whole unknown.
    let known = |key: &str| field(key).is_none() == text(key).is_none();
    if !(known("host_ip") && known("published") && known("protocol")) {
        return None;
    }
    let range = |it: Spanned<&str>| Some(Spanned::new(PortRange::parse(it.value)?, it.span));
    let host_ip_text = text("host_ip");
    let port = Port {
        span: item.span(),
        host_ip: host_ip_text.and_then(|it| Some(Spanned::new(it.value.parse().ok()?, it.span))),
        host_ip_text,
        published: text("published").filter(|it| !it.value.is_empty()).and_then(range),
        target: range(text("target")?)?,
        protocol: text("protocol").and_then(|it| Some(Spanned::new(Protocol::parse(it.value)?, it.span))),
    };
    Some(PortView { port, yaml: item, is_long: true })
}

/// A mount of a service and the entry that says it.
#[derive(Clone, Debug)]
pub struct MountView<'p> {
    /// What it says.
    pub mount: Mount<'p>,
    /// The item of the list.
    pub yaml: Yaml<'p>,
    /// Whether it is written as a mapping.
    pub is_long: bool,
    /// Whether the container cannot write to it.
    pub is_read_only: bool,
}

/// A path of the host that a container sees.
#[derive(Clone, Debug)]
pub struct HostMount<'p> {
    /// The path without detours, with `/` for every `\\` of a Windows path and `~` for the home directory,
    /// however that is spelt.
    pub path: String,
    /// The source as it is written: a path, or the name of the volume that binds one.
    ///
    /// ```text
    /// ./data:/var/lib/data:ro,z
    /// ^^^^^^
    /// ```
    pub source: Spanned<&'p str>,
    /// Where the container sees it.
    pub target: Spanned<&'p str>,
    /// The options of the short form, and the propagation of the long one.
    pub options: Vec<Spanned<MountOption<'p>>>,
    /// Whether the container cannot write to it.
    pub is_read_only: bool,
    /// Whether it is written as a mapping.
    pub is_long: bool,
    /// The item of the list.
    pub yaml: Yaml<'p>,
    /// The path in the options of the volume's driver, if a named volume binds it.
    pub device: Option<Spanned<&'p str>>,
}

fn host_mount<'p>(project: &'p Project, item: Yaml<'p>) -> Option<HostMount<'p>> {
    let (kind, source, target, options, is_read_only) = if item.kind() == Kind::Scalar {
        let (text, map) = match item.as_str() {
            Some(text) => (text, item.map()),
            None => (item.raw_str()?, item.raw_map()),
        };
        let mount = Mount::parse(text, &map).ok()?;
        let (source, target) = (mount.source?, mount.target?);
        let is_unknown = |text: &str| item.is_unknown() && text.contains('$');
        if is_unknown(target.value)
            || mount
                .options
                .iter()
                .any(|option| matches!(option.value, MountOption::Ignored(text) if is_unknown(text)))
        {
            return None;
        }
        let kind = if is_unknown(source.value) { MountKind::Bind } else { mount.kind };
        let is_read_only = mount.is_read_only();
        (kind, source, target, mount.options, is_read_only)
    } else {
        let text = |key: &str| {
            let value = item.get(key).filter(|value| !value.is_null())?;
            Some(Spanned::new(value.as_str()?, value.span()))
        };
        let source = item.get("source").filter(|source| !source.is_null())?;
        let source = Spanned::new(source.as_str().or(source.raw_str())?, source.span());
        let read_only = item.get("read_only").filter(|value| !value.is_null());
        if read_only.is_some_and(Yaml::is_unknown) {
            return None;
        }
        let is_read_only = read_only.and_then(Yaml::as_bool) == Some(true);
        (MountKind::from_name(text("type")?.value)?, source, text("target")?, Vec::new(), is_read_only)
    };
    let (path, device, is_read_only) = match kind {
        MountKind::Bind | MountKind::NamedPipe => (source.value, None, is_read_only),
        MountKind::Volume => {
            let volume = project.root()?.get("volumes")?.get(source.value)?;
            if volume.get("driver").is_some_and(|driver| driver.as_str() != Some("local")) {
                return None;
            }
            let options = volume.get("driver_opts")?;
            let flags = options.get("o")?.as_str()?;
            if !flags.split(',').any(|flag| matches!(flag.trim(), "bind" | "rbind")) {
                return None;
            }
            let device = options.get("device")?;
            let text = device.as_str().or(device.raw_str())?;
            let is_read_only = is_read_only || flags.split(',').any(|flag| flag.trim() == "ro");
            (text, Some(Spanned::new(text, device.span())), is_read_only)
        }
        MountKind::Tmpfs | MountKind::Cluster | MountKind::Image => return None,
    };
    // What a variable brings from another file is said here, where the mount is written.
    let source = if source.span.source == item.span().source {
        source
    } else {
        Spanned::new(source.value, item.span())
    };
    Some(HostMount {
        path: host_path(path),
        source,
        target,
        options,
        is_read_only,
        is_long: item.kind() == Kind::Mapping,
        yaml: item,
        device,
    })
}

/// A path of the host without detours.
fn host_path(path: &str) -> String {
    let home = ["${HOME}", "$HOME"].iter().find_map(|home| path.strip_prefix(home));
    if let Some(rest) = home.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        return clean_path(&format!("~{rest}"));
    }
    let is_windows = is_path(path) && !path.starts_with(['/', '.', '~']);
    if is_windows { clean_path(&path.replace('\\', "/")) } else { clean_path(path) }
}

fn mount(item: Yaml<'_>) -> Option<MountView<'_>> {
    if item.kind() == Kind::Scalar {
        let mount = Mount::parse(item.as_str()?, &item.map()).ok()?;
        let is_read_only = mount.is_read_only();
        return Some(MountView { mount, yaml: item, is_long: false, is_read_only });
    }
    let field = |key: &str| item.get(key).filter(|value| !value.is_null());
    let text = |key: &str| field(key).and_then(|value| Some(Spanned::new(value.as_str()?, value.span())));
    if field("source").is_some() != text("source").is_some()
        || field("read_only").is_some_and(Yaml::is_unknown)
    {
        return None;
    }
    let mut options = Vec::new();
    if let Some(value) = item.get("bind").and_then(|bind| bind.get("propagation"))
        && let Some(name) = value.as_str()
    {
        options.push(Spanned::new(MountOption::Propagation(name), value.span()));
    }
    let mount = Mount {
        span: item.span(),
        kind: MountKind::from_name(text("type")?.value)?,
        source: text("source"),
        target: text("target"),
        options,
    };
    let is_read_only = item.get("read_only").and_then(Yaml::as_bool) == Some(true);
    Some(MountView { mount, yaml: item, is_long: true, is_read_only })
}

fn size(value: Yaml<'_>) -> Option<Spanned<i64>> {
    let bytes = match value.as_int() {
        Some(bytes) => bytes,
        None => Size::parse(value.as_str()?, &value.map()).ok()?.bytes,
    };
    Some(Spanned::new(bytes, value.span()))
}

fn number(value: Yaml<'_>) -> Option<Spanned<f64>> {
    Some(Spanned::new(value.as_f64()?, value.span()))
}

fn whole(value: Yaml<'_>) -> Option<Spanned<i64>> {
    Some(Spanned::new(value.as_int()?, value.span()))
}

#[cfg(test)]
mod tests {
    use super::host_path;

    #[test]
    fn a_path_of_the_host_has_one_spelling() {
        for (written, path) in [
            ("/run/../var//run/docker.sock", "/var/run/docker.sock"),
            ("//", "/"),
            ("/..", "/"),
            ("~/.ssh/", "~/.ssh"),
            ("$HOME/.aws", "~/.aws"),
            ("${HOME}", "~"),
            ("$HOMER/.aws", "$HOMER/.aws"),
            (r"\\.\pipe\docker_engine", "/pipe/docker_engine"),
            (r"C:\Users\", "C:/Users"),
            ("./a/../b", "b"),
        ] {
            assert_eq!(host_path(written), path, "{written}");
        }
    }
}
