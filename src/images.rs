//! What is known of well-known images: their user, shell, tools, healthcheck, ports, data and support.
//!
//! A fact is stated only where it is sure for every tag that it is stated for. What is not stated is
//! unknown, and unknown is never a reason for a diagnostic. Nothing here knows of rules or of Compose.

mod print;
mod table;

pub use print::{described, names};

/// The month in which the table was compiled.
///
/// As a date it means the month's first day: see [`EndOfLife::is_over`].
pub const READ: &str = "2026-11";

/// What an image is for.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A distribution, or an empty or minimal root file system, to build upon.
    Base,
    /// A language's compiler, interpreter or virtual machine, to build upon.
    Runtime,
    /// A store whose data must outlive its container.
    Database,
    /// A store whose data can be lost.
    Cache,
    /// A message broker or a coordinator of brokers.
    Queue,
    /// A web server, reverse proxy, load balancer or tunnel.
    Proxy,
    /// Metrics, logs, traces and their display.
    Observability,
    /// An application with a user interface or an API.
    App,
    /// A command or helper that serves other containers or the host.
    Tool,
    /// Nothing is known of its purpose.
    Other,
}

/// The user that an image's main process runs as when `user:` is absent.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum User {
    /// Root, from start to end; workers may have another user, as in nginx.
    Root,
    /// The container starts as root, and its own entrypoint or program becomes this user.
    Drops(&'static str),
    /// The image is configured with this user, a name or a number.
    NonRoot(&'static str),
    /// Not known.
    Unknown,
}

/// The last day of support of a release line.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct EndOfLife {
    /// The start of the tags of the line, such as `3.19`, or a code name, such as `buster`.
    pub line: &'static str,
    /// The day, as `YYYY-MM-DD`; for a line of several minor versions the day that the last of them ended.
    pub date: &'static str,
}

impl EndOfLife {
    /// Whether support ended before the day `on`, given as `YYYY-MM-DD` or, for its first day, `YYYY-MM`.
    pub fn is_over(&self, on: &str) -> bool {
        self.date < on
    }

    /// Whether `tag` belongs to the line.
    ///
    /// A number is the start of the tag up to a dot, a hyphen or the end; a name is any of its parts.
    fn covers(&self, tag: &str) -> bool {
        if self.line.starts_with(|first: char| first.is_ascii_digit()) {
            let tag = tag.strip_prefix('v').unwrap_or(tag);
            return tag
                .strip_prefix(self.line)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']));
        }
        tag.split('-').any(|part| part == self.line)
    }
}

/// What is known of an image in one of its variants.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Image {
    /// What the image is for.
    pub kind: Kind,
    /// The user that the main process runs as.
    pub user: User,
    /// Whether there is a `/bin/sh`; `None` where it is not known.
    pub shell: Option<bool>,
    /// Programs that are there on the `PATH`, sorted; not all of them.
    pub present: &'static [&'static str],
    /// Programs that are not there, sorted; not all of them.
    pub absent: &'static [&'static str],
    /// Whether the image has a `HEALTHCHECK` of its own; `None` where it is not known.
    pub healthcheck: Option<bool>,
    /// The ports that it listens on by default, the main one first; empty where not known.
    pub ports: &'static [u16],
    /// The directories whose loss is a loss of data; empty where there is none or none is known.
    pub data: &'static [&'static str],
    /// Variables that name a file with the value of another variable; others may be read as well.
    pub file_variables: &'static [&'static str],
    /// Variables that hold a password or token in clear text; others may exist.
    pub passwords: &'static [&'static str],
    /// A shell command that succeeds when the image with its default settings is ready.
    pub probe: Option<&'static str>,
    /// The directories, besides [`Image::data`], that must stay writable under a read-only root.
    ///
    /// An empty list says that there is none; `None` that they are not known.
    pub writable: Option<&'static [&'static str]>,
    /// The release lines whose last day of support is known.
    pub lines: &'static [EndOfLife],
    /// A release line that is supported, as a tag names it; `None` where none is known.
    pub supported: Option<&'static str>,
}

impl Image {
    /// Whether `program`, a name or a path, can be run; `None` where it is not known.
    pub fn has(&self, program: &str) -> Option<bool> {
        let name = program.rsplit('/').next().unwrap_or(program);
        if name == "sh" {
            return self.shell;
        }
        if self.present.contains(&name) {
            return Some(true);
        }
        self.absent.contains(&name).then_some(false)
    }

    /// The end of life of the line that `tag` belongs to, past or to come; `None` where it is not known.
    pub fn end_of_life(&self, tag: &str) -> Option<&'static EndOfLife> {
        self.lines.iter().filter(|line| line.covers(tag)).max_by_key(|line| line.line.len())
    }

    /// Whether a volume mounted at `target` holds a data directory or a part of it.
    pub fn keeps_data_in(&self, target: &str) -> bool {
        let target = target.trim_end_matches('/');
        let within = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.data.iter().any(|data| within(target, data) || within(data, target))
    }

    /// What is true of both images; of two lists the one within the other, or nothing.
    fn agreed(self, other: Self) -> Self {
        fn same<T: PartialEq>(one: T, other: T, unknown: T) -> T {
            if one == other { one } else { unknown }
        }
        fn shared<T: PartialEq>(one: &'static [T], other: &'static [T]) -> &'static [T] {
            let within = |inner: &[T], outer: &[T]| inner.iter().all(|item| outer.contains(item));
            match (within(one, other), within(other, one)) {
                (true, _) => one,
                (false, true) => other,
                (false, false) => &[],
            }
        }
        let unknown = table::UNKNOWN;
        Self {
            kind: same(self.kind, other.kind, unknown.kind),
            user: same(self.user, other.user, unknown.user),
            shell: same(self.shell, other.shell, unknown.shell),
            present: shared(self.present, other.present),
            absent: shared(self.absent, other.absent),
            healthcheck: same(self.healthcheck, other.healthcheck, unknown.healthcheck),
            ports: shared(self.ports, other.ports),
            data: shared(self.data, other.data),
            file_variables: shared(self.file_variables, other.file_variables),
            passwords: shared(self.passwords, other.passwords),
            probe: same(self.probe, other.probe, unknown.probe),
            writable: same(self.writable, other.writable, unknown.writable),
            lines: shared(self.lines, other.lines),
            supported: same(self.supported, other.supported, unknown.supported),
        }
    }
}

/// An image's name, or the start of the names of a family, with what is known of it.
struct Entry {
    /// The familiar name, or for a family the start of it.
    name: &'static str,
    /// The tags that differ from the rest; the first that matches is taken.
    variants: &'static [Variant],
    /// All other tags.
    image: Image,
}

/// Some tags of an image.
struct Variant {
    /// Parts of the tag between hyphens, without the digits that end them; all must be there.
    words: &'static [&'static str],
    /// The version, major and minor, that the tag must be below; a tag without a number is not.
    below: Option<(u32, u32)>,
    /// What is known of the image with these tags.
    image: Image,
}

impl Variant {
    /// Whether the variant is meant by `tag`.
    fn covers(&self, tag: &str) -> bool {
        self.words.iter().all(|word| has_word(tag, word))
            && self.below.is_none_or(|bound| version(tag).is_some_and(|version| version < bound))
    }
}

/// Whether a part of `tag` between hyphens is `word`, perhaps with a version at its end.
fn has_word(tag: &str, word: &str) -> bool {
    let digits = |byte: char| byte.is_ascii_digit() || byte == '.';
    tag.split('-').any(|part| part == word || part.trim_end_matches(digits) == word)
}

/// The major and minor version that `tag` starts with; a version without a minor number has the highest.
///
/// So `8` is not below 8.0, nor, as it moves with its minor versions, below 8.4.
fn version(tag: &str) -> Option<(u32, u32)> {
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let mut numbers = tag.split('-').next().unwrap_or(tag).split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next().map_or(Some(u32::MAX), |minor| minor.parse().ok()).unwrap_or(u32::MAX);
    Some((major, minor))
}

/// Whether `tag` is of a Windows image, of which nothing here is true.
fn is_windows(tag: &str) -> bool {
    ["windowsservercore", "nanoserver", "windows"].iter().any(|word| has_word(tag, word))
}

/// The image called `familiar_name` with `tag`, or with `latest` where that is `None`.
///
/// The name is without a tag and a digest; it may have a registry: `docker.io/library/redis` is `redis`.
/// `None` is an image of which nothing is known. Where an image is known by a digest, or has a tag that
/// cannot be told, ask [`lookup_any_tag`].
pub fn lookup(familiar_name: &str, tag: Option<&str>) -> Option<&'static Image> {
    let entry = entry(familiar_name)?;
    let tag = tag.unwrap_or("latest");
    if is_windows(tag) {
        return None;
    }
    Some(entry.variants.iter().find(|variant| variant.covers(tag)).map_or(&entry.image, |found| &found.image))
}

/// What is true of the image called `familiar_name` whatever its tag, Windows apart.
pub fn lookup_any_tag(familiar_name: &str) -> Option<Image> {
    let entry = entry(familiar_name)?;
    Some(entry.variants.iter().fold(entry.image, |image, variant| image.agreed(variant.image)))
}

/// The distribution that `tag` names as its base, with the end of life of that release.
///
/// `3.8-slim-buster` is on `debian` `buster`, `18-alpine3.17` on `alpine` `3.17`; `None` where the tag
/// names none, or its end is not known.
pub fn base_end_of_life(tag: &str) -> Option<(&'static str, &'static EndOfLife)> {
    tag.split('-').find_map(|part| match part.strip_prefix("alpine") {
        Some(release) => lookup("alpine", None)?.end_of_life(release).map(|line| ("alpine", line)),
        None if part.starts_with(|first: char| first.is_ascii_alphabetic()) => {
            ["debian", "ubuntu"].into_iter().find_map(|name| {
                let line = lookup(name, None)?.end_of_life(part)?;
                (line.line == part).then_some((name, line))
            })
        }
        None => None,
    })
}

/// The entry of an image, by its name or the longest start of it that is a family.
fn entry(name: &str) -> Option<&'static Entry> {
    let name = table::HUBS.iter().find_map(|hub| name.strip_prefix(hub)).unwrap_or(name);
    let name = table::ALIASES
        .binary_search_by(|(alias, _)| (*alias).cmp(name))
        .map_or(name, |index| table::ALIASES[index].1);
    if let Ok(index) = table::IMAGES.binary_search_by(|entry| entry.name.cmp(name)) {
        return Some(&table::IMAGES[index]);
    }
    table::FAMILIES
        .iter()
        .filter(|family| name.len() > family.name.len() && name.starts_with(family.name))
        .max_by_key(|family| family.name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The image, which must be known.
    fn known(name: &str, tag: &str) -> &'static Image {
        lookup(name, Some(tag)).expect("the image is in the table")
    }

    /// Every image of the table with the name that it is found by.
    fn all() -> impl Iterator<Item = (&'static str, &'static Image)> {
        let entries = table::IMAGES.iter().chain(table::FAMILIES);
        entries.flat_map(|entry| {
            let variants = entry.variants.iter().map(|variant| &variant.image);
            variants.chain([&entry.image]).map(|image| (entry.name, image))
        })
    }

    #[test]
    fn the_tables_are_sorted_without_repetition() {
        assert!(table::IMAGES.is_sorted_by(|one, next| one.name < next.name));
        assert!(table::FAMILIES.is_sorted_by(|one, next| one.name < next.name));
        assert!(table::ALIASES.is_sorted_by(|one, next| one.0 < next.0));
        for (name, image) in all() {
            assert!(image.present.is_sorted_by(|one, next| one < next), "{name}: {:?}", image.present);
            assert!(image.absent.is_sorted_by(|one, next| one < next), "{name}: {:?}", image.absent);
        }
    }

    #[test]
    fn an_alias_leads_to_an_image_of_the_table() {
        for (alias, name) in table::ALIASES {
            assert!(table::IMAGES.iter().any(|entry| entry.name == *name), "{alias} -> {name}");
            assert!(table::IMAGES.iter().all(|entry| entry.name != *alias), "{alias} has its own entry");
        }
    }

    #[test]
    fn no_fact_contradicts_another() {
        for (name, image) in all() {
            assert!(!image.present.iter().any(|tool| image.absent.contains(tool)), "{name}");
            assert!(!image.present.contains(&"sh") && !image.absent.contains(&"sh"), "{name}: say `shell`");
            assert!(image.shell != Some(false) || image.absent.contains(&"bash"), "{name}");
            let probe = image.probe.and_then(|probe| probe.split(' ').next());
            assert!(probe.is_none_or(|program| image.has(program) == Some(true)), "{name}: {probe:?}");
            assert!(image.file_variables.iter().all(|variable| variable.ends_with("_FILE")), "{name}");
            let paths = image.data.iter().chain(image.writable.into_iter().flatten());
            assert!(paths.copied().all(|path| path.starts_with('/') && !path.ends_with('/')), "{name}");
        }
    }

    #[test]
    fn variants_that_come_later_are_not_hidden_by_their_own_words() {
        for entry in table::IMAGES.iter().chain(table::FAMILIES) {
            for (index, variant) in entry.variants.iter().enumerate() {
                let hidden = |earlier: &Variant| {
                    earlier.below.is_none() && earlier.words.iter().all(|word| variant.words.contains(word))
                };
                assert!(!entry.variants[..index].iter().any(hidden), "{} {:?}", entry.name, variant.words);
            }
        }
    }

    #[test]
    fn dates_are_days_and_lines_are_unique() {
        for (name, image) in all() {
            for line in image.lines {
                let digits = |range: std::ops::Range<usize>| line.date[range].parse::<u32>().is_ok();
                assert_eq!(line.date.len(), 10, "{name} {}", line.line);
                assert!(digits(0..4) && digits(5..7) && digits(8..10), "{name} {}", line.line);
                assert_eq!(image.lines.iter().filter(|other| other.line == line.line).count(), 1, "{name}");
            }
        }
    }

    #[test]
    fn a_supported_line_has_not_ended() {
        for (name, image) in all() {
            let Some(supported) = image.supported else { continue };
            let line = image.end_of_life(supported);
            assert!(line.is_none_or(|line| !line.is_over(READ)), "{name} {supported}: {line:?}");
            assert!(!image.lines.is_empty(), "{name}: nothing ends that could be left");
        }
    }

    #[test]
    fn a_name_is_found_with_and_without_its_registry() {
        let postgres = lookup("postgres", None);
        assert!(postgres.is_some());
        for name in [
            "docker.io/library/postgres",
            "docker.io/postgres",
            "index.docker.io/library/postgres",
            "library/postgres",
            "public.ecr.aws/docker/library/postgres",
        ] {
            assert_eq!(lookup(name, None), postgres, "{name}");
        }
        assert_eq!(lookup("quay.io/prometheus/prometheus", None), lookup("prom/prometheus", None));
        assert_eq!(lookup("lscr.io/linuxserver/plex", None), lookup("linuxserver/plex", None));
        assert_eq!(lookup("ghcr.io/linuxserver/plex", None), lookup("linuxserver/plex", None));
        assert!(lookup("ghcr.io/nobody/postgres", None).is_none());
        assert!(lookup("postgresql", None).is_none());
    }

    #[test]
    fn a_tag_picks_the_variant() {
        assert_eq!(known("python", "3.12").has("curl"), Some(true));
        assert_eq!(known("python", "3.12-slim-bookworm").has("curl"), Some(false));
        assert_eq!(known("python", "3.12-slim").has("pgrep"), Some(false));
        assert_eq!(known("python", "3.12-alpine3.20").has("wget"), Some(true));
        assert_eq!(known("node", "20-alpine").has("/usr/local/bin/node"), Some(true));
        assert_eq!(known("nginx", "alpine-slim").has("curl"), Some(false));
        assert_eq!(known("nginx", "1.27-alpine").has("curl"), Some(true));
        assert_eq!(known("qdrant/qdrant", "v1.12.0-unprivileged").user, User::NonRoot("1000"));
        assert!(lookup("golang", Some("1.24-windowsservercore-ltsc2022")).is_none());
    }

    #[test]
    fn a_version_picks_the_variant() {
        assert_eq!(known("mariadb", "10.11").has("mysqladmin"), Some(true));
        assert_eq!(known("mariadb", "11.4-noble").has("mysqladmin"), Some(false));
        assert_eq!(known("postgres", "16-alpine").data, ["/var/lib/postgresql/data"]);
        assert_eq!(known("postgres", "18").data, ["/var/lib/postgresql"]);
        assert_eq!(known("haproxy", "2.3").user, User::Root);
        assert_eq!(known("mariadb", "11-ubi9").has("mysqladmin"), None);
        assert_eq!(known("haproxy", "2").user, User::NonRoot("haproxy"));
        assert_eq!(known("mongo", "8").has("mongosh"), Some(true));
        assert_eq!(known("traefik", "v1.7").shell, None);
        assert_eq!(known("redis", "3.0").has("curl"), None);
        assert_eq!(known("redis", "7.4").has("curl"), Some(false));
    }

    #[test]
    fn what_the_five_systems_probe_with_is_known() {
        assert_eq!(known("qdrant/qdrant", "latest").has("curl"), Some(false));
        assert_eq!(known("ollama/ollama", "latest").has("curl"), Some(false));
        assert_eq!(known("postgres", "15-alpine").has("pg_isready"), Some(true));
        assert_eq!(known("alpine", "3.19").has("wget"), Some(true));
        assert_eq!(known("node", "18-alpine").has("node"), Some(true));
    }

    #[test]
    fn without_a_tag_only_what_all_variants_share_is_true() {
        let python = lookup_any_tag("python").expect("python is in the table");
        assert_eq!(python.user, User::Root);
        assert_eq!(python.has("curl"), None);
        let qdrant = lookup_any_tag("qdrant/qdrant").expect("qdrant is in the table");
        assert_eq!(qdrant.user, User::Unknown);
        assert_eq!(qdrant.has("curl"), None);
        let postgres = lookup_any_tag("postgres").expect("postgres is in the table");
        assert_eq!(postgres.has("pg_isready"), Some(true));
        assert_eq!(postgres.has("wget"), None);
        assert!(postgres.data.is_empty());
        let memcached = lookup_any_tag("memcached").expect("memcached is in the table");
        assert_eq!((memcached.has("curl"), memcached.has("wget")), (Some(false), None));
    }

    #[test]
    fn a_family_answers_for_its_members_alone() {
        assert_eq!(known("bitnami/zookeeper", "3.9").user, User::NonRoot("1001"));
        assert_eq!(known("bitnamilegacy/redis", "7.2").user, User::NonRoot("1001"));
        assert_eq!(known("gcr.io/distroless/static-debian12", "nonroot").user, User::NonRoot("65532"));
        assert_eq!(known("gcr.io/distroless/base", "latest").shell, Some(false));
        assert_eq!(known("gcr.io/distroless/base", "debug").has("wget"), None);
        assert_eq!(known("gcr.io/distroless/python3-debian12", "latest").has("python3"), Some(true));
        assert!(lookup("bitnami/", None).is_none());
    }

    #[test]
    fn the_longest_line_tells_the_end_of_life() {
        let date = |name, tag| known(name, tag).end_of_life(tag).map(|line| line.date);
        assert_eq!(date("alpine", "3.19"), Some("2025-11-01"));
        assert_eq!(date("alpine", "3.19.1"), Some("2025-11-01"));
        assert_eq!(date("alpine", "3"), None);
        assert_eq!(date("node", "18-alpine"), Some("2025-04-30"));
        assert_eq!(date("php", "7.3-fpm"), Some("2021-12-06"));
        assert_eq!(date("php", "7-fpm"), Some("2022-11-28"));
        assert_eq!(date("debian", "buster-slim"), Some("2024-06-30"));
        assert_eq!(date("postgres", "1"), None);
        assert_eq!(date("python", "3.13"), None);
        assert_eq!(date("pgvector/pgvector", "0.7.0-pg12"), Some("2024-11-21"));
    }

    #[test]
    fn a_line_is_over_the_day_after_its_end() {
        let line = EndOfLife { line: "3.21", date: "2026-11-01" };
        assert!(!line.is_over(READ));
        assert!(!line.is_over("2026-11-01"));
        assert!(line.is_over("2026-11-02"));
        assert!(EndOfLife { line: "3.19", date: "2025-11-01" }.is_over(READ));
    }

    #[test]
    fn a_tag_names_the_release_of_its_base() {
        let base = |tag| base_end_of_life(tag).map(|(name, line)| (name, line.line));
        assert_eq!(base("3.8-slim-buster"), Some(("debian", "buster")));
        assert_eq!(base("18-alpine3.17"), Some(("alpine", "3.17")));
        assert_eq!(base("11-jre-focal"), Some(("ubuntu", "focal")));
        assert_eq!(base("3.12-alpine"), None);
        assert_eq!(base("latest"), None);
    }

    #[test]
    fn a_mount_over_or_inside_a_data_directory_keeps_data() {
        let postgres = known("postgres", "16");
        assert!(postgres.keeps_data_in("/var/lib/postgresql/data"));
        assert!(postgres.keeps_data_in("/var/lib/postgresql/data/"));
        assert!(postgres.keeps_data_in("/var/lib/postgresql"));
        assert!(postgres.keeps_data_in("/var/lib/postgresql/data/pgdata"));
        assert!(!postgres.keeps_data_in("/var/lib/postgresql/database"));
        assert!(!postgres.keeps_data_in("/docker-entrypoint-initdb.d"));
    }
}
