//! The facts, by familiar name.
//!
//! They were compiled by hand in the month [`READ`](super::READ). What differs among tags is in variants;
//! what is unsure is left out.

use super::{EndOfLife, Entry, Image, Kind, User, Variant};

/// An image of which nothing is known.
pub(super) const UNKNOWN: Image = Image {
    kind: Kind::Other,
    user: User::Unknown,
    shell: None,
    present: &[],
    absent: &[],
    healthcheck: None,
    ports: &[],
    data: &[],
    file_variables: &[],
    passwords: &[],
    probe: None,
    writable: None,
    lines: &[],
    supported: None,
};

/// The ways to name the default registry and its mirrors, the longer before its start.
///
/// The registries of LinuxServer are among them, as its images have the same names everywhere.
pub(super) const HUBS: &[&str] = &[
    "lscr.io/",
    "public.ecr.aws/docker/library/",
    "registry-1.docker.io/library/",
    "registry-1.docker.io/",
    "index.docker.io/library/",
    "index.docker.io/",
    "mirror.gcr.io/library/",
    "docker.io/library/",
    "docker.io/",
    "library/",
];

/// Other names of an image, with the name that it has in [`IMAGES`].
pub(super) const ALIASES: &[(&str, &str)] = &[
    ("berriai/litellm", "ghcr.io/berriai/litellm"),
    ("containous/whoami", "traefik/whoami"),
    ("containrrr/watchtower", "ghcr.io/containrrr/watchtower"),
    ("cr.weaviate.io/semitechnologies/weaviate", "semitechnologies/weaviate"),
    ("data.forgejo.org/forgejo/forgejo", "codeberg.org/forgejo/forgejo"),
    ("docker.elastic.co/elasticsearch/elasticsearch", "elasticsearch"),
    ("docker.elastic.co/kibana/kibana", "kibana"),
    ("docker.elastic.co/logstash/logstash", "logstash"),
    ("docker.getoutline.com/outlinewiki/outline", "outlinewiki/outline"),
    ("docker.n8n.io/n8nio/n8n", "n8nio/n8n"),
    ("docker.redpanda.com/redpandadata/redpanda", "redpandadata/redpanda"),
    ("gcr.io/cadvisor/cadvisor", "ghcr.io/google/cadvisor"),
    ("gcr.io/etcd-development/etcd", "quay.io/coreos/etcd"),
    ("ghcr.io/berriai/litellm-database", "ghcr.io/berriai/litellm"),
    ("ghcr.io/chroma-core/chroma", "chromadb/chroma"),
    ("ghcr.io/dani-garcia/vaultwarden", "vaultwarden/server"),
    ("ghcr.io/n8n-io/n8n", "n8nio/n8n"),
    ("ghcr.io/node-red/node-red", "nodered/node-red"),
    (
        "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector",
        "otel/opentelemetry-collector",
    ),
    (
        "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib",
        "otel/opentelemetry-collector-contrib",
    ),
    ("ghcr.io/qdrant/qdrant", "qdrant/qdrant"),
    ("gitlab/gitlab-ee", "gitlab/gitlab-ce"),
    ("google/cadvisor", "ghcr.io/google/cadvisor"),
    ("grafana/grafana-enterprise", "grafana/grafana"),
    ("grafana/grafana-oss", "grafana/grafana"),
    ("hashicorp/consul", "consul"),
    ("hashicorp/vault", "vault"),
    ("homeassistant/home-assistant", "ghcr.io/home-assistant/home-assistant"),
    ("jwilder/nginx-proxy", "nginxproxy/nginx-proxy"),
    ("litellm/litellm", "ghcr.io/berriai/litellm"),
    ("nvcr.io/nvidia/cuda", "nvidia/cuda"),
    ("portainer/portainer", "portainer/portainer-ce"),
    ("portainer/portainer-ee", "portainer/portainer-ce"),
    ("quay.io/go-skynet/local-ai", "localai/localai"),
    ("quay.io/minio/minio", "minio/minio"),
    ("quay.io/prometheus/alertmanager", "prom/alertmanager"),
    ("quay.io/prometheus/node-exporter", "prom/node-exporter"),
    ("quay.io/prometheus/prometheus", "prom/prometheus"),
    ("quay.io/prometheus/pushgateway", "prom/pushgateway"),
    ("requarks/wiki", "ghcr.io/requarks/wiki"),
    ("timescale/timescaledb", "postgis/postgis"),
];

/// An image whose tags are all alike.
const fn entry(name: &'static str, image: Image) -> Entry {
    Entry { name, variants: &[], image }
}

/// An image of which some tags differ.
const fn varied(name: &'static str, image: Image, variants: &'static [Variant]) -> Entry {
    Entry { name, variants, image }
}

/// The tags with all of `words`.
const fn tagged(words: &'static [&'static str], image: Image) -> Variant {
    Variant { words, below: None, image }
}

/// The tags below the version `major.minor`.
const fn below(major: u32, minor: u32, image: Image) -> Variant {
    Variant { words: &[], below: Some((major, minor)), image }
}

/// The tags below the version `major.minor` with all of `words`.
const fn tagged_below(words: &'static [&'static str], major: u32, minor: u32, image: Image) -> Variant {
    Variant { words, below: Some((major, minor)), image }
}

/// The last day of support of a line.
const fn line(line: &'static str, date: &'static str) -> EndOfLife {
    EndOfLife { line, date }
}

// ---------------------------------------------------------------------------------------- tools

/// Programs of BusyBox.
const BUSYBOX: &[&str] = &["ash", "nc", "netstat", "pgrep", "ps", "wget"];

/// What a file system with one program and nothing else lacks.
const NOTHING: &[&str] = &["ash", "bash", "curl", "nc", "netstat", "pgrep", "ps", "python3", "wget"];

/// What Debian's own image lacks.
const NOT_IN_DEBIAN: &[&str] = &["curl", "nc", "pgrep", "ps", "python3", "wget"];

// ------------------------------------------------------------------------------------ templates

/// An official image: it has a shell, and by the policy of the library no healthcheck.
const OFFICIAL: Image = Image { shell: Some(true), healthcheck: Some(false), ..UNKNOWN };

/// A distribution's image.
const BASE: Image = Image { kind: Kind::Base, user: User::Root, ..OFFICIAL };

/// A language's image.
const RUNTIME: Image = Image { kind: Kind::Runtime, ..BASE };

/// A language's image that carries the usual build tools.
const FULL: Image = Image { present: &["bash", "curl", "pgrep", "ps", "wget"], ..RUNTIME };

/// A file system without a shell.
const BARE: Image = Image { shell: Some(false), absent: NOTHING, ..UNKNOWN };

/// An exporter or server of the Prometheus project, which is built upon BusyBox.
const PROMETHEUS: Image = Image {
    kind: Kind::Observability,
    user: User::NonRoot("nobody"),
    absent: &["bash", "curl"],
    healthcheck: Some(false),
    ..UNKNOWN
};

// -------------------------------------------------------------------------------- release lines

/// Alpine Linux.
const ALPINE_LINES: &[EndOfLife] = &[
    line("3.6", "2019-05-01"),
    line("3.7", "2019-11-01"),
    line("3.8", "2020-05-01"),
    line("3.9", "2020-11-01"),
    line("3.10", "2021-05-01"),
    line("3.11", "2021-11-01"),
    line("3.12", "2022-05-01"),
    line("3.13", "2022-11-01"),
    line("3.14", "2023-05-01"),
    line("3.15", "2023-11-01"),
    line("3.16", "2024-05-23"),
    line("3.17", "2024-11-22"),
    line("3.18", "2025-05-09"),
    line("3.19", "2025-11-01"),
    line("3.20", "2026-04-01"),
    line("3.21", "2026-11-01"),
];

/// Debian, to the end of its long-term support.
const DEBIAN_LINES: &[EndOfLife] = &[
    line("8", "2020-06-30"),
    line("jessie", "2020-06-30"),
    line("9", "2022-06-30"),
    line("stretch", "2022-06-30"),
    line("10", "2024-06-30"),
    line("buster", "2024-06-30"),
    line("11", "2026-08-31"),
    line("bullseye", "2026-08-31"),
    line("12", "2028-06-30"),
    line("bookworm", "2028-06-30"),
];

/// Ubuntu, to the end of its standard support.
const UBUNTU_LINES: &[EndOfLife] = &[
    line("14.04", "2019-04-25"),
    line("trusty", "2019-04-25"),
    line("16.04", "2021-04-30"),
    line("xenial", "2021-04-30"),
    line("18.04", "2023-05-31"),
    line("bionic", "2023-05-31"),
    line("20.04", "2025-05-31"),
    line("focal", "2025-05-31"),
    line("21.10", "2022-07-14"),
    line("22.10", "2023-07-20"),
    line("23.04", "2024-01-25"),
    line("23.10", "2024-07-11"),
    line("24.10", "2025-07-10"),
    line("25.04", "2026-01-15"),
];

/// CentOS.
const CENTOS_LINES: &[EndOfLife] = &[
    line("6", "2020-11-30"),
    line("centos6", "2020-11-30"),
    line("7", "2024-06-30"),
    line("centos7", "2024-06-30"),
    line("8", "2021-12-31"),
    line("centos8", "2021-12-31"),
];

/// Fedora.
const FEDORA_LINES: &[EndOfLife] =
    &[line("37", "2023-12-05"), line("38", "2024-05-21"), line("39", "2024-11-26"), line("40", "2025-05-13")];

/// Node.js, by number and by the name of a long-term line.
const NODE_LINES: &[EndOfLife] = &[
    line("8", "2019-12-31"),
    line("10", "2021-04-30"),
    line("12", "2022-04-30"),
    line("13", "2020-06-01"),
    line("14", "2023-04-30"),
    line("fermium", "2023-04-30"),
    line("15", "2021-06-01"),
    line("16", "2023-09-11"),
    line("gallium", "2023-09-11"),
    line("17", "2022-06-01"),
    line("18", "2025-04-30"),
    line("hydrogen", "2025-04-30"),
    line("19", "2023-06-01"),
    line("20", "2026-04-30"),
    line("iron", "2026-04-30"),
    line("21", "2024-06-01"),
    line("23", "2025-06-01"),
];

/// Python.
const PYTHON_LINES: &[EndOfLife] = &[
    line("2", "2020-01-01"),
    line("3.5", "2020-09-30"),
    line("3.6", "2021-12-23"),
    line("3.7", "2023-06-27"),
    line("3.8", "2024-10-07"),
    line("3.9", "2025-10-31"),
];

/// Go, of which a line ends when the second one after it is released.
const GO_LINES: &[EndOfLife] = &[
    line("1.16", "2022-03-15"),
    line("1.17", "2022-08-02"),
    line("1.18", "2023-02-01"),
    line("1.19", "2023-08-08"),
    line("1.20", "2024-02-06"),
    line("1.21", "2024-08-13"),
    line("1.22", "2025-02-11"),
    line("1.23", "2025-08-12"),
    line("1.24", "2026-02-10"),
];

/// PHP, to the end of its security support.
const PHP_LINES: &[EndOfLife] = &[
    line("5", "2018-12-31"),
    line("7", "2022-11-28"),
    line("7.0", "2019-01-10"),
    line("7.1", "2019-12-01"),
    line("7.2", "2020-11-30"),
    line("7.3", "2021-12-06"),
    line("7.4", "2022-11-28"),
    line("8.0", "2023-11-26"),
    line("8.1", "2025-12-31"),
    line("8.2", "2026-12-31"),
];

/// Ruby.
const RUBY_LINES: &[EndOfLife] = &[
    line("2", "2023-03-31"),
    line("2.5", "2021-03-31"),
    line("2.6", "2022-03-31"),
    line("2.7", "2023-03-31"),
    line("3.0", "2024-04-23"),
    line("3.1", "2025-03-31"),
    line("3.2", "2026-03-31"),
];

/// .NET, by the tags of its images.
const DOTNET_LINES: &[EndOfLife] = &[
    line("2.1", "2021-08-21"),
    line("3.1", "2022-12-13"),
    line("5.0", "2022-05-10"),
    line("6.0", "2024-11-12"),
    line("7.0", "2024-05-14"),
    line("8.0", "2026-11-10"),
    line("9.0", "2026-11-10"),
];

/// PostgreSQL, by its own tags and by those of images built upon it.
const POSTGRES_LINES: &[EndOfLife] = &[
    line("9.4", "2020-02-13"),
    line("9.5", "2021-02-11"),
    line("9.6", "2021-11-11"),
    line("10", "2022-11-10"),
    line("pg10", "2022-11-10"),
    line("11", "2023-11-09"),
    line("pg11", "2023-11-09"),
    line("12", "2024-11-21"),
    line("pg12", "2024-11-21"),
    line("13", "2025-11-13"),
    line("pg13", "2025-11-13"),
    line("14", "2026-11-12"),
    line("pg14", "2026-11-12"),
];

/// MySQL.
const MYSQL_LINES: &[EndOfLife] = &[
    line("5", "2023-10-31"),
    line("5.6", "2021-02-28"),
    line("5.7", "2023-10-31"),
    line("8.0", "2026-04-30"),
];

/// MariaDB.
const MARIADB_LINES: &[EndOfLife] = &[
    line("10.0", "2019-03-31"),
    line("10.1", "2020-10-17"),
    line("10.2", "2022-05-23"),
    line("10.3", "2023-05-25"),
    line("10.4", "2024-06-18"),
    line("10.5", "2025-06-24"),
    line("10.6", "2026-07-06"),
    line("10.7", "2023-02-14"),
    line("10.8", "2023-05-20"),
    line("10.9", "2023-08-22"),
    line("10.10", "2023-11-17"),
    line("11.0", "2024-06-06"),
    line("11.1", "2024-08-21"),
    line("11.2", "2024-11-21"),
];

/// MongoDB.
const MONGO_LINES: &[EndOfLife] = &[
    line("3", "2021-04-30"),
    line("4", "2024-02-29"),
    line("4.0", "2022-04-30"),
    line("4.2", "2023-04-30"),
    line("4.4", "2024-02-29"),
    line("5", "2024-10-31"),
    line("6", "2025-07-31"),
];

/// Redis, as far as its project has declared it.
const REDIS_LINES: &[EndOfLife] = &[
    line("3", "2020-04-30"),
    line("4", "2020-04-30"),
    line("5", "2022-04-27"),
    line("6.0", "2022-05-31"),
    line("7.0", "2024-07-29"),
];

/// The Elastic stack.
const ELASTIC_LINES: &[EndOfLife] =
    &[line("5", "2019-03-11"), line("6", "2022-02-10"), line("7", "2026-01-15")];

/// Tomcat.
const TOMCAT_LINES: &[EndOfLife] =
    &[line("8", "2024-03-31"), line("8.5", "2024-03-31"), line("10.0", "2022-10-31")];

/// nginx, of which a stable line and the main line beside it end with the next stable one.
const NGINX_LINES: &[EndOfLife] = &[
    line("1.16", "2020-04-21"),
    line("1.17", "2020-04-21"),
    line("1.18", "2021-04-20"),
    line("1.19", "2021-04-20"),
    line("1.20", "2022-05-24"),
    line("1.21", "2022-05-24"),
    line("1.22", "2023-04-11"),
    line("1.23", "2023-04-11"),
    line("1.24", "2024-04-23"),
    line("1.25", "2024-04-23"),
    line("1.26", "2025-04-23"),
    line("1.27", "2025-04-23"),
];

/// RabbitMQ, to the end of its extended support.
const RABBITMQ_LINES: &[EndOfLife] = &[
    line("3.7", "2020-09-30"),
    line("3.8", "2022-07-31"),
    line("3.9", "2023-07-31"),
    line("3.10", "2023-12-31"),
    line("3.11", "2024-06-30"),
];

/// Neo4j.
const NEO4J_LINES: &[EndOfLife] = &[line("3.5", "2021-11-28"), line("4", "2025-11-30")];

/// Drupal.
const DRUPAL_LINES: &[EndOfLife] =
    &[line("7", "2025-01-05"), line("8", "2021-11-02"), line("9", "2023-11-01")];

// ------------------------------------------------------------------------------- distributions

/// Alpine Linux.
const ALPINE: Image = Image {
    present: BUSYBOX,
    absent: &["bash", "curl", "python3"],
    lines: ALPINE_LINES,
    supported: Some("3.22"),
    ..BASE
};

/// Debian, full and slim.
const DEBIAN: Image =
    Image { present: &["bash"], absent: NOT_IN_DEBIAN, lines: DEBIAN_LINES, supported: Some("13"), ..BASE };

/// Ubuntu.
const UBUNTU: Image = Image {
    present: &["bash"],
    absent: &["curl", "nc", "python3", "wget"],
    lines: UBUNTU_LINES,
    supported: Some("24.04"),
    ..BASE
};

/// A distribution of the Red Hat family, whose package manager brings curl.
const RED_HAT: Image = Image { present: &["bash", "curl"], ..BASE };

// ------------------------------------------------------------------------------------ languages

/// Python.
const PYTHON: Image =
    Image { present: &["bash", "curl", "pgrep", "pip", "ps", "python", "python3", "wget"], ..FULL };

/// Node.js.
const NODE: Image = Image {
    present: &["bash", "curl", "node", "npm", "pgrep", "ps", "python3", "wget"],
    lines: NODE_LINES,
    supported: Some("24"),
    ..FULL
};

/// Go.
const GOLANG: Image = Image {
    present: &["bash", "curl", "go", "pgrep", "ps", "wget"],
    lines: GO_LINES,
    supported: Some("1.26"),
    ..FULL
};

/// Ruby.
const RUBY: Image = Image {
    present: &["bash", "curl", "gem", "pgrep", "ps", "ruby", "wget"],
    lines: RUBY_LINES,
    supported: Some("3.4"),
    ..FULL
};

/// PHP, whose images keep curl as the extensions' builds need it.
const PHP: Image =
    Image { present: &["bash", "curl", "php"], lines: PHP_LINES, supported: Some("8.4"), ..RUNTIME };

/// The slim variant of a language's image of which no tools are known but those of Debian.
const SLIM: Image = Image { present: &["bash"], absent: &["curl", "wget"], ..RUNTIME };

/// The Alpine variant of a language's image of which no tools are known but those of BusyBox.
const ON_ALPINE: Image = Image { present: BUSYBOX, ..RUNTIME };

/// The .NET run times from version 6, on Debian or Ubuntu.
const DOTNET: Image = Image {
    present: &["bash", "dotnet"],
    absent: &["curl", "wget"],
    lines: DOTNET_LINES,
    supported: Some("10.0"),
    healthcheck: Some(false),
    shell: Some(true),
    ..RUNTIME
};

/// The .NET run times on Alpine.
const DOTNET_ALPINE: Image = Image {
    present: &["ash", "dotnet", "nc", "netstat", "pgrep", "ps", "wget"],
    absent: &["bash", "curl"],
    ..DOTNET
};

/// The .NET run times without a shell, which have a user of their own.
const DOTNET_BARE: Image =
    Image { user: User::NonRoot("app"), shell: Some(false), present: &["dotnet"], absent: NOTHING, ..DOTNET };

/// The variants of the .NET run times.
const DOTNET_VARIANTS: &[Variant] = &[
    below(6, 0, Image { present: &["dotnet"], absent: &[], ..DOTNET }),
    tagged(&["chiseled"], DOTNET_BARE),
    tagged(&["distroless"], DOTNET_BARE),
    tagged(&["alpine"], DOTNET_ALPINE),
    tagged(&["azurelinux"], Image { present: &["dotnet"], absent: &[], ..DOTNET }),
    tagged(&["cbl"], Image { present: &["dotnet"], absent: &[], ..DOTNET }),
];

// ------------------------------------------------------------------------------------ databases

/// PostgreSQL from version 18, whose volume is the parent of the data of all versions.
const POSTGRES: Image = Image {
    kind: Kind::Database,
    user: User::Drops("postgres"),
    present: &["bash", "pg_dump", "pg_isready", "psql"],
    absent: &["curl", "nc", "wget"],
    ports: &[5432],
    data: &["/var/lib/postgresql"],
    file_variables: &[
        "POSTGRES_PASSWORD_FILE",
        "POSTGRES_USER_FILE",
        "POSTGRES_DB_FILE",
        "POSTGRES_INITDB_ARGS_FILE",
    ],
    passwords: &["POSTGRES_PASSWORD"],
    probe: Some("pg_isready -U postgres"),
    writable: Some(&["/tmp", "/var/run/postgresql"]),
    lines: POSTGRES_LINES,
    supported: Some("17"),
    ..OFFICIAL
};

/// PostgreSQL from version 18 on Alpine.
const POSTGRES_ALPINE: Image = Image {
    present: &["ash", "bash", "nc", "pg_dump", "pg_isready", "pgrep", "ps", "psql", "wget"],
    absent: &["curl"],
    ..POSTGRES
};

/// The data of PostgreSQL before version 18.
const POSTGRES_DATA: &[&str] = &["/var/lib/postgresql/data"];

/// The tags of images upon PostgreSQL that name a version before 18.
const POSTGRES_BY_TAG: &[Variant] = &[
    tagged(&["pg17"], Image { data: POSTGRES_DATA, ..POSTGRES_LIKE }),
    tagged(&["pg16"], Image { data: POSTGRES_DATA, ..POSTGRES_LIKE }),
    tagged(&["pg15"], Image { data: POSTGRES_DATA, ..POSTGRES_LIKE }),
    tagged(&["pg14"], Image { data: POSTGRES_DATA, ..POSTGRES_LIKE }),
    tagged(&["pg13"], Image { data: POSTGRES_DATA, ..POSTGRES_LIKE }),
    tagged(&["pg12"], Image { data: POSTGRES_DATA, ..POSTGRES_LIKE }),
    tagged(&["pg11"], Image { data: POSTGRES_DATA, ..POSTGRES_LIKE }),
    below(18, 0, Image { data: POSTGRES_DATA, ..POSTGRES_LIKE }),
];

/// PostgreSQL with extensions; whose tools differ, and whose tags begin with other versions.
const POSTGRES_LIKE: Image = Image { absent: &[], ..POSTGRES };

/// MySQL.
const MYSQL: Image = Image {
    kind: Kind::Database,
    user: User::Drops("mysql"),
    present: &["bash", "mysql", "mysqladmin", "mysqldump"],
    ports: &[3306, 33060, 33061, 33062],
    data: &["/var/lib/mysql"],
    file_variables: &[
        "MYSQL_ROOT_PASSWORD_FILE",
        "MYSQL_ROOT_HOST_FILE",
        "MYSQL_DATABASE_FILE",
        "MYSQL_USER_FILE",
        "MYSQL_PASSWORD_FILE",
    ],
    passwords: &["MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD"],
    probe: Some("mysqladmin ping -h 127.0.0.1"),
    writable: Some(&["/tmp", "/var/run/mysqld"]),
    lines: MYSQL_LINES,
    supported: Some("8.4"),
    ..OFFICIAL
};

/// MariaDB from version 11, which no longer has the names of MySQL's programs.
const MARIADB: Image = Image {
    kind: Kind::Database,
    user: User::Drops("mysql"),
    present: &["bash", "healthcheck.sh", "mariadb", "mariadb-admin", "mariadb-dump"],
    absent: &["mysql", "mysqladmin", "mysqldump"],
    ports: &[3306],
    data: &["/var/lib/mysql"],
    file_variables: &[
        "MARIADB_ROOT_PASSWORD_FILE",
        "MARIADB_ROOT_PASSWORD_HASH_FILE",
        "MARIADB_ROOT_HOST_FILE",
        "MARIADB_DATABASE_FILE",
        "MARIADB_USER_FILE",
        "MARIADB_PASSWORD_FILE",
        "MARIADB_PASSWORD_HASH_FILE",
        "MYSQL_ROOT_PASSWORD_FILE",
        "MYSQL_ROOT_HOST_FILE",
        "MYSQL_DATABASE_FILE",
        "MYSQL_USER_FILE",
        "MYSQL_PASSWORD_FILE",
    ],
    passwords: &["MARIADB_ROOT_PASSWORD", "MARIADB_PASSWORD", "MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD"],
    probe: Some("healthcheck.sh --connect --innodb_initialized"),
    writable: Some(&["/tmp", "/run/mysqld"]),
    lines: MARIADB_LINES,
    supported: Some("11.8"),
    ..OFFICIAL
};

/// MongoDB from version 6.
const MONGO: Image = Image {
    kind: Kind::Database,
    user: User::Drops("mongodb"),
    present: &["bash", "mongod", "mongosh"],
    absent: &["curl", "mongo"],
    ports: &[27017],
    data: &["/data/db"],
    file_variables: &["MONGO_INITDB_ROOT_USERNAME_FILE", "MONGO_INITDB_ROOT_PASSWORD_FILE"],
    passwords: &["MONGO_INITDB_ROOT_PASSWORD"],
    probe: Some("mongosh --quiet --eval 'db.adminCommand(\"ping\")'"),
    lines: MONGO_LINES,
    supported: Some("8"),
    ..OFFICIAL
};

/// Redis.
const REDIS: Image = Image {
    kind: Kind::Cache,
    user: User::Drops("redis"),
    present: &["bash", "redis-cli"],
    absent: &["curl", "nc", "wget"],
    ports: &[6379],
    data: &["/data"],
    probe: Some("redis-cli ping"),
    writable: Some(&[]),
    lines: REDIS_LINES,
    supported: Some("8"),
    ..OFFICIAL
};

/// Valkey.
const VALKEY: Image = Image {
    user: User::Drops("valkey"),
    present: &["bash", "valkey-cli"],
    probe: Some("valkey-cli ping"),
    lines: &[],
    supported: None,
    ..REDIS
};

/// Elasticsearch from version 8.
const ELASTICSEARCH: Image = Image {
    kind: Kind::Database,
    user: User::NonRoot("1000"),
    present: &["bash", "curl"],
    ports: &[9200, 9300],
    data: &["/usr/share/elasticsearch/data"],
    file_variables: &["ELASTIC_PASSWORD_FILE"],
    passwords: &["ELASTIC_PASSWORD"],
    lines: ELASTIC_LINES,
    supported: Some("9.2.0"),
    ..OFFICIAL
};

/// InfluxDB, of whose major versions nothing but the maker is the same.
const INFLUXDB: Image = Image { kind: Kind::Database, present: &["bash"], ..OFFICIAL };

/// A database of Bitnami's.
const BITNAMI: Image = Image {
    user: User::NonRoot("1001"),
    shell: Some(true),
    present: &["bash"],
    healthcheck: Some(false),
    ..UNKNOWN
};

/// ClickHouse.
const CLICKHOUSE: Image = Image {
    kind: Kind::Database,
    user: User::Drops("clickhouse"),
    present: &["clickhouse-client", "wget"],
    ports: &[8123, 9000, 9004, 9005, 9009, 8443, 9440],
    data: &["/var/lib/clickhouse"],
    passwords: &["CLICKHOUSE_PASSWORD"],
    probe: Some("wget -q --spider http://127.0.0.1:8123/ping"),
    ..OFFICIAL
};

/// RabbitMQ.
const RABBITMQ: Image = Image {
    kind: Kind::Queue,
    user: User::Drops("rabbitmq"),
    present: &["bash", "rabbitmq-diagnostics", "rabbitmqctl"],
    ports: &[5672],
    data: &["/var/lib/rabbitmq"],
    passwords: &["RABBITMQ_DEFAULT_PASS"],
    probe: Some("rabbitmq-diagnostics -q ping"),
    lines: RABBITMQ_LINES,
    supported: Some("4"),
    ..OFFICIAL
};

/// RabbitMQ with its management interface.
const RABBITMQ_MANAGEMENT: Image = Image { ports: &[5672, 15672], ..RABBITMQ };

/// A component of Confluent's platform from version 6.
const CONFLUENT: Image = Image {
    kind: Kind::Queue,
    user: User::NonRoot("appuser"),
    shell: Some(true),
    present: &["bash"],
    healthcheck: Some(false),
    ..UNKNOWN
};

// -------------------------------------------------------------------------------------- servers

/// nginx.
const NGINX: Image = Image {
    kind: Kind::Proxy,
    user: User::Root,
    present: &["bash", "nginx"],
    absent: &["wget"],
    ports: &[80],
    writable: Some(&["/tmp", "/var/cache/nginx", "/var/run"]),
    lines: NGINX_LINES,
    supported: Some("stable"),
    ..OFFICIAL
};

/// nginx on Alpine.
const NGINX_ALPINE: Image = Image {
    present: &["ash", "curl", "nc", "netstat", "nginx", "pgrep", "ps", "wget"],
    absent: &["bash"],
    probe: Some("wget -q --spider http://127.0.0.1/"),
    ..NGINX
};

/// nginx that listens above 1024 without root.
const NGINX_UNPRIVILEGED: Image =
    Image { user: User::NonRoot("101"), ports: &[8080], writable: Some(&["/tmp"]), ..NGINX };

/// nginx without root on Alpine.
const NGINX_UNPRIVILEGED_ALPINE: Image = Image {
    present: NGINX_ALPINE.present,
    absent: NGINX_ALPINE.absent,
    probe: Some("wget -q --spider http://127.0.0.1:8080/"),
    ..NGINX_UNPRIVILEGED
};

/// Apache's HTTP server.
const HTTPD: Image = Image {
    kind: Kind::Proxy,
    user: User::Root,
    present: &["bash"],
    absent: &["curl", "wget"],
    ports: &[80],
    writable: Some(&["/usr/local/apache2/logs"]),
    ..OFFICIAL
};

/// HAProxy from version 2.4.
const HAPROXY: Image = Image {
    kind: Kind::Proxy,
    user: User::NonRoot("haproxy"),
    present: &["bash"],
    absent: &["curl", "wget"],
    ..OFFICIAL
};

/// Traefik from version 2.
const TRAEFIK: Image = Image {
    kind: Kind::Proxy,
    user: User::Root,
    present: &["ash", "nc", "netstat", "pgrep", "ps", "traefik", "wget"],
    absent: &["curl"],
    ports: &[80],
    probe: Some("traefik healthcheck --ping"),
    ..OFFICIAL
};

/// An application upon the official PHP image, with Apache or FPM started by root.
const PHP_APP: Image =
    Image { kind: Kind::App, user: User::Root, present: &["curl", "php"], ports: &[80], ..OFFICIAL };

/// WordPress.
const WORDPRESS: Image = Image {
    data: &["/var/www/html"],
    file_variables: &[
        "WORDPRESS_DB_HOST_FILE",
        "WORDPRESS_DB_USER_FILE",
        "WORDPRESS_DB_PASSWORD_FILE",
        "WORDPRESS_DB_NAME_FILE",
        "WORDPRESS_AUTH_KEY_FILE",
        "WORDPRESS_SECURE_AUTH_KEY_FILE",
        "WORDPRESS_LOGGED_IN_KEY_FILE",
        "WORDPRESS_NONCE_KEY_FILE",
        "WORDPRESS_AUTH_SALT_FILE",
        "WORDPRESS_SECURE_AUTH_SALT_FILE",
        "WORDPRESS_LOGGED_IN_SALT_FILE",
        "WORDPRESS_NONCE_SALT_FILE",
    ],
    passwords: &["WORDPRESS_DB_PASSWORD"],
    ..PHP_APP
};

/// Nextcloud.
const NEXTCLOUD: Image = Image {
    data: &["/var/www/html"],
    file_variables: &[
        "MYSQL_DATABASE_FILE",
        "MYSQL_PASSWORD_FILE",
        "MYSQL_USER_FILE",
        "NEXTCLOUD_ADMIN_PASSWORD_FILE",
        "NEXTCLOUD_ADMIN_USER_FILE",
        "POSTGRES_DB_FILE",
        "POSTGRES_PASSWORD_FILE",
        "POSTGRES_USER_FILE",
        "REDIS_HOST_PASSWORD_FILE",
        "SMTP_PASSWORD_FILE",
    ],
    passwords: &["NEXTCLOUD_ADMIN_PASSWORD", "MYSQL_PASSWORD", "POSTGRES_PASSWORD"],
    ..PHP_APP
};

/// Drupal.
const DRUPAL: Image = Image { lines: DRUPAL_LINES, supported: Some("11"), ..PHP_APP };

/// phpMyAdmin.
const PHPMYADMIN: Image = Image {
    kind: Kind::Tool,
    file_variables: &["MYSQL_PASSWORD_FILE", "MYSQL_ROOT_PASSWORD_FILE", "PMA_PASSWORD_FILE"],
    passwords: &["PMA_PASSWORD", "MYSQL_ROOT_PASSWORD"],
    ..PHP_APP
};

/// Ghost.
const GHOST: Image = Image {
    kind: Kind::App,
    user: User::Drops("node"),
    present: &["bash", "node"],
    ports: &[2368],
    data: &["/var/lib/ghost/content"],
    ..OFFICIAL
};

/// Keycloak from version 22, which is built upon a micro image without a package manager.
const KEYCLOAK: Image = Image {
    kind: Kind::App,
    user: User::NonRoot("1000"),
    shell: Some(true),
    present: &["bash"],
    absent: &["curl", "nc", "wget"],
    healthcheck: Some(false),
    ports: &[8080, 8443],
    passwords: &["KC_BOOTSTRAP_ADMIN_PASSWORD", "KEYCLOAK_ADMIN_PASSWORD", "KC_DB_PASSWORD"],
    ..UNKNOWN
};

/// Qdrant.
const QDRANT: Image = Image {
    kind: Kind::Database,
    user: User::Root,
    shell: Some(true),
    present: &["bash"],
    absent: &["curl", "nc", "wget"],
    healthcheck: Some(false),
    ports: &[6333, 6334, 6335],
    data: &["/qdrant/storage"],
    probe: Some("bash -c ':> /dev/tcp/127.0.0.1/6333'"),
    ..UNKNOWN
};

/// Portainer, which has one program and no shell.
const PORTAINER: Image = Image {
    kind: Kind::Tool,
    user: User::Root,
    healthcheck: Some(false),
    ports: &[9000, 9443, 8000],
    data: &["/data"],
    ..BARE
};

/// A collector of the OpenTelemetry project.
const COLLECTOR: Image = Image {
    kind: Kind::Observability,
    user: User::NonRoot("10001"),
    healthcheck: Some(false),
    ports: &[4317, 4318],
    ..BARE
};

/// SQL Server from 2019.
const MSSQL: Image = Image {
    kind: Kind::Database,
    user: User::NonRoot("mssql"),
    shell: Some(true),
    present: &["bash"],
    healthcheck: Some(false),
    ports: &[1433],
    data: &["/var/opt/mssql"],
    passwords: &["MSSQL_SA_PASSWORD", "SA_PASSWORD"],
    ..UNKNOWN
};

/// Jaeger.
const JAEGER: Image =
    Image { kind: Kind::Observability, healthcheck: Some(false), ports: &[16686, 4317, 4318], ..UNKNOWN };

/// A server of Temporal's.
const TEMPORAL: Image = Image { kind: Kind::App, user: User::NonRoot("temporal"), ..UNKNOWN };

/// A distroless image.
const DISTROLESS: Image = Image { kind: Kind::Base, user: User::Root, healthcheck: Some(false), ..BARE };

/// A distroless image with BusyBox beside its root.
const DISTROLESS_DEBUG: Image = Image { shell: None, absent: &[], ..DISTROLESS };

/// A distroless image with Python.
const DISTROLESS_PYTHON: Image = Image {
    kind: Kind::Runtime,
    shell: None,
    present: &["python3"],
    absent: &["curl", "nc", "pgrep", "wget"],
    ..DISTROLESS
};

/// The name of distroless's own user.
const NONROOT: User = User::NonRoot("65532");

/// A Chainguard image without a shell.
const CHAINGUARD: Image = Image { user: NONROOT, healthcheck: Some(false), ..BARE };

/// What is known of a Chainguard image whose tag ends in `dev`.
const CHAINGUARD_DEV: Image = Image { user: NONROOT, shell: Some(true), healthcheck: Some(false), ..UNKNOWN };

/// The variants of a Chainguard image.
const CHAINGUARD_VARIANTS: &[Variant] = &[tagged(&["dev"], CHAINGUARD_DEV)];

/// An image of LinuxServer's, whose init system stays root while the program runs as `PUID`.
const LINUXSERVER: Image =
    Image { user: User::Drops("abc"), shell: Some(true), healthcheck: Some(false), ..UNKNOWN };

/// A third party's application of which its own healthcheck is known.
const WITH_HEALTHCHECK: Image = Image { kind: Kind::App, healthcheck: Some(true), ..UNKNOWN };

/// The images, sorted by name.
pub(super) static IMAGES: &[Entry] = &[
    varied(
        "adminer",
        Image { kind: Kind::Tool, user: User::NonRoot("adminer"), ports: &[8080], ..OFFICIAL },
        &[tagged(&["fastcgi"], Image { kind: Kind::Tool, ports: &[9000], ..OFFICIAL })],
    ),
    entry("almalinux", RED_HAT),
    entry("alpine", ALPINE),
    entry(
        "alpine/curl",
        Image { kind: Kind::Tool, user: User::Root, shell: Some(true), present: &["curl"], ..UNKNOWN },
    ),
    entry(
        "alpine/git",
        Image { kind: Kind::Tool, user: User::Root, shell: Some(true), present: &["git"], ..UNKNOWN },
    ),
    entry("amazon/aws-cli", Image { kind: Kind::Tool, user: User::Root, present: &["aws"], ..UNKNOWN }),
    varied(
        "amazoncorretto",
        Image { present: &["java"], ..RUNTIME },
        &[tagged(&["alpine"], Image { present: &["ash", "java", "nc", "pgrep", "ps", "wget"], ..ON_ALPINE })],
    ),
    entry(
        "amazonlinux",
        Image {
            lines: &[line("1", "2023-12-31"), line("2", "2026-06-30")],
            supported: Some("2023"),
            ..RED_HAT
        },
    ),
    entry("amir20/dozzle", Image { kind: Kind::Tool, user: User::Root, ports: &[8080], ..BARE }),
    entry(
        "apache/activemq-classic",
        Image { kind: Kind::Queue, ports: &[61616, 8161, 5672, 61613, 1883, 61614], ..UNKNOWN },
    ),
    entry(
        "apache/airflow",
        Image { kind: Kind::App, user: User::NonRoot("50000"), shell: Some(true), ports: &[8080], ..UNKNOWN },
    ),
    entry(
        "apache/kafka",
        Image {
            kind: Kind::Queue,
            user: User::NonRoot("appuser"),
            shell: Some(true),
            present: &["bash"],
            healthcheck: Some(false),
            ports: &[9092],
            ..UNKNOWN
        },
    ),
    entry("apache/superset", Image { ports: &[8088], user: User::NonRoot("superset"), ..WITH_HEALTHCHECK }),
    entry("apache/tika", Image { kind: Kind::App, ports: &[9998], ..UNKNOWN }),
    entry("apachepulsar/pulsar", Image { kind: Kind::Queue, ports: &[6650, 8080], ..UNKNOWN }),
    entry(
        "appsmith/appsmith-ce",
        Image { ports: &[80, 443], data: &["/appsmith-stacks"], ..WITH_HEALTHCHECK },
    ),
    entry(
        "arangodb",
        Image {
            kind: Kind::Database,
            ports: &[8529],
            data: &["/var/lib/arangodb3"],
            passwords: &["ARANGO_ROOT_PASSWORD"],
            ..OFFICIAL
        },
    ),
    entry("archlinux", RED_HAT),
    entry("authelia/authelia", Image { ports: &[9091], data: &["/config"], ..WITH_HEALTHCHECK }),
    entry(
        "axllent/mailpit",
        Image { ports: &[8025, 1025], shell: Some(true), kind: Kind::Tool, ..WITH_HEALTHCHECK },
    ),
    entry("baserow/baserow", Image { ports: &[80], data: &["/baserow/data"], ..WITH_HEALTHCHECK }),
    entry("binwiederhier/ntfy", Image { kind: Kind::App, ports: &[80], ..UNKNOWN }),
    entry("bitnami/kafka", Image { kind: Kind::Queue, ports: &[9092], data: &["/bitnami/kafka"], ..BITNAMI }),
    entry(
        "bitnami/mariadb",
        Image {
            kind: Kind::Database,
            ports: &[3306],
            data: &["/bitnami/mariadb"],
            file_variables: &["MARIADB_ROOT_PASSWORD_FILE", "MARIADB_PASSWORD_FILE"],
            passwords: &["MARIADB_ROOT_PASSWORD", "MARIADB_PASSWORD"],
            ..BITNAMI
        },
    ),
    entry(
        "bitnami/mongodb",
        Image {
            kind: Kind::Database,
            ports: &[27017],
            data: &["/bitnami/mongodb"],
            passwords: &["MONGODB_ROOT_PASSWORD", "MONGODB_PASSWORD"],
            ..BITNAMI
        },
    ),
    entry(
        "bitnami/mysql",
        Image {
            kind: Kind::Database,
            ports: &[3306],
            data: &["/bitnami/mysql/data"],
            file_variables: &["MYSQL_ROOT_PASSWORD_FILE", "MYSQL_PASSWORD_FILE"],
            passwords: &["MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD"],
            ..BITNAMI
        },
    ),
    entry(
        "bitnami/postgresql",
        Image {
            kind: Kind::Database,
            present: &["bash", "pg_isready", "psql"],
            ports: &[5432],
            data: &["/bitnami/postgresql"],
            file_variables: &["POSTGRESQL_PASSWORD_FILE", "POSTGRES_PASSWORD_FILE"],
            passwords: &["POSTGRESQL_PASSWORD", "POSTGRES_PASSWORD"],
            probe: Some("pg_isready -U postgres"),
            ..BITNAMI
        },
    ),
    entry(
        "bitnami/rabbitmq",
        Image {
            kind: Kind::Queue,
            present: &["bash", "rabbitmq-diagnostics"],
            ports: &[5672, 15672],
            data: &["/bitnami/rabbitmq/mnesia"],
            passwords: &["RABBITMQ_PASSWORD"],
            probe: Some("rabbitmq-diagnostics -q ping"),
            ..BITNAMI
        },
    ),
    entry(
        "bitnami/redis",
        Image {
            kind: Kind::Cache,
            present: &["bash", "redis-cli"],
            ports: &[6379],
            data: &["/bitnami/redis/data"],
            file_variables: &["REDIS_PASSWORD_FILE"],
            passwords: &["REDIS_PASSWORD"],
            probe: Some("redis-cli ping"),
            ..BITNAMI
        },
    ),
    varied(
        "buildpack-deps",
        Image { kind: Kind::Base, lines: DEBIAN_LINES, supported: Some("13"), ..FULL },
        &[tagged(
            &["curl"],
            Image {
                kind: Kind::Base,
                lines: DEBIAN_LINES,
                supported: Some("13"),
                present: &["bash", "curl", "wget"],
                ..RUNTIME
            },
        )],
    ),
    entry("busybox", Image { present: BUSYBOX, absent: &["bash", "curl", "python3"], ..BASE }),
    entry(
        "caddy",
        Image {
            kind: Kind::Proxy,
            user: User::Root,
            present: &["ash", "caddy", "nc", "netstat", "pgrep", "ps", "wget"],
            absent: &["curl"],
            ports: &[80, 443],
            data: &["/data"],
            ..OFFICIAL
        },
    ),
    entry(
        "cassandra",
        Image {
            kind: Kind::Database,
            user: User::Drops("cassandra"),
            present: &["bash", "cqlsh", "nodetool"],
            ports: &[9042, 7000, 7001, 7199, 9160],
            data: &["/var/lib/cassandra"],
            probe: Some("nodetool status"),
            ..OFFICIAL
        },
    ),
    entry("centos", Image { lines: CENTOS_LINES, ..RED_HAT }),
    entry("cgr.dev/chainguard/glibc-dynamic", Image { kind: Kind::Base, ..CHAINGUARD }),
    varied(
        "cgr.dev/chainguard/python",
        Image {
            kind: Kind::Runtime,
            present: &["python3"],
            absent: &["ash", "bash", "curl", "nc", "pgrep", "wget"],
            ..CHAINGUARD
        },
        CHAINGUARD_VARIANTS,
    ),
    entry("cgr.dev/chainguard/static", Image { kind: Kind::Base, ..CHAINGUARD }),
    entry("chromadb/chroma", Image { kind: Kind::Database, ports: &[8000], ..UNKNOWN }),
    entry("clickhouse", CLICKHOUSE),
    varied(
        "clickhouse/clickhouse-server",
        CLICKHOUSE,
        &[tagged(
            &["distroless"],
            Image { shell: None, present: &[], probe: None, user: User::Unknown, ..CLICKHOUSE },
        )],
    ),
    entry(
        "cloudflare/cloudflared",
        Image { kind: Kind::Proxy, user: NONROOT, healthcheck: Some(false), ..BARE },
    ),
    entry(
        "cockroachdb/cockroach",
        Image {
            kind: Kind::Database,
            shell: Some(true),
            present: &["bash", "curl"],
            ports: &[26257, 8080],
            data: &["/cockroach/cockroach-data"],
            ..UNKNOWN
        },
    ),
    entry(
        "codeberg.org/forgejo/forgejo",
        Image {
            kind: Kind::App,
            shell: Some(true),
            present: &["git"],
            ports: &[3000, 22],
            data: &["/data"],
            ..UNKNOWN
        },
    ),
    entry("composer", Image { kind: Kind::Tool, user: User::Root, ..OFFICIAL }),
    varied(
        "confluentinc/cp-kafka",
        Image { ports: &[9092], data: &["/var/lib/kafka/data"], ..CONFLUENT },
        &[below(
            6,
            0,
            Image { kind: Kind::Queue, ports: &[9092], data: &["/var/lib/kafka/data"], ..UNKNOWN },
        )],
    ),
    varied(
        "confluentinc/cp-schema-registry",
        Image { kind: Kind::App, ports: &[8081], ..CONFLUENT },
        &[below(6, 0, Image { kind: Kind::App, ports: &[8081], ..UNKNOWN })],
    ),
    varied(
        "confluentinc/cp-zookeeper",
        Image {
            ports: &[2181, 2888, 3888],
            data: &["/var/lib/zookeeper/data", "/var/lib/zookeeper/log"],
            ..CONFLUENT
        },
        &[below(
            6,
            0,
            Image {
                kind: Kind::Queue,
                ports: &[2181, 2888, 3888],
                data: &["/var/lib/zookeeper/data", "/var/lib/zookeeper/log"],
                ..UNKNOWN
            },
        )],
    ),
    entry(
        "consul",
        Image {
            kind: Kind::App,
            user: User::Drops("consul"),
            present: &["ash", "consul", "nc", "pgrep", "ps", "wget"],
            ports: &[8500, 8600, 8300, 8301, 8302],
            data: &["/consul/data"],
            probe: Some("consul members"),
            ..OFFICIAL
        },
    ),
    entry("coredns/coredns", Image { kind: Kind::Tool, ports: &[53], ..BARE }),
    varied(
        "couchdb",
        Image {
            kind: Kind::Database,
            user: User::Drops("couchdb"),
            present: &["bash"],
            ports: &[5984, 4369, 9100],
            data: &["/opt/couchdb/data"],
            passwords: &["COUCHDB_PASSWORD"],
            ..OFFICIAL
        },
        &[below(
            2,
            0,
            Image { kind: Kind::Database, ports: &[5984], passwords: &["COUCHDB_PASSWORD"], ..OFFICIAL },
        )],
    ),
    entry(
        "curlimages/curl",
        Image {
            kind: Kind::Tool,
            user: User::NonRoot("curl_user"),
            shell: Some(true),
            present: &["curl"],
            healthcheck: Some(false),
            ..UNKNOWN
        },
    ),
    varied(
        "debian",
        DEBIAN,
        &[
            below(9, 0, Image { absent: &[], ..DEBIAN }),
            tagged(&["jessie"], Image { absent: &[], ..DEBIAN }),
            tagged(&["wheezy"], Image { absent: &[], ..DEBIAN }),
        ],
    ),
    entry("denoland/deno", Image { kind: Kind::Runtime, present: &["deno"], ..UNKNOWN }),
    entry(
        "dgraph/dgraph",
        Image { kind: Kind::Database, ports: &[8080, 9080], data: &["/dgraph"], ..UNKNOWN },
    ),
    entry(
        "directus/directus",
        Image {
            kind: Kind::App,
            user: User::NonRoot("node"),
            present: &["node"],
            ports: &[8055],
            passwords: &["ADMIN_PASSWORD", "DB_PASSWORD"],
            ..UNKNOWN
        },
    ),
    varied(
        "docker",
        Image {
            kind: Kind::Tool,
            user: User::Root,
            present: &["ash", "docker", "nc", "pgrep", "ps", "wget"],
            ..OFFICIAL
        },
        &[tagged(
            &["rootless"],
            Image { kind: Kind::Tool, user: User::NonRoot("rootless"), present: &["docker"], ..OFFICIAL },
        )],
    ),
    entry(
        "dpage/pgadmin4",
        Image {
            kind: Kind::Tool,
            user: User::NonRoot("5050"),
            shell: Some(true),
            present: &["wget"],
            ports: &[80, 443],
            data: &["/var/lib/pgadmin"],
            file_variables: &["PGADMIN_DEFAULT_PASSWORD_FILE"],
            passwords: &["PGADMIN_DEFAULT_PASSWORD"],
            ..UNKNOWN
        },
    ),
    varied("drupal", DRUPAL, &[tagged(&["fpm"], Image { ports: &[9000], ..DRUPAL })]),
    entry(
        "eclipse-mosquitto",
        Image {
            kind: Kind::Queue,
            user: User::Drops("mosquitto"),
            present: &["ash", "mosquitto", "mosquitto_pub", "mosquitto_sub"],
            ports: &[1883],
            data: &["/mosquitto/data"],
            ..OFFICIAL
        },
    ),
    varied(
        "eclipse-temurin",
        Image { present: &["java"], ..RUNTIME },
        &[tagged(&["alpine"], Image { present: &["ash", "java", "nc", "pgrep", "ps", "wget"], ..ON_ALPINE })],
    ),
    varied(
        "elasticsearch",
        ELASTICSEARCH,
        &[
            below(
                7,
                0,
                Image { user: User::Unknown, present: &["bash"], file_variables: &[], ..ELASTICSEARCH },
            ),
            below(8, 0, Image { user: User::Drops("elasticsearch"), ..ELASTICSEARCH }),
        ],
    ),
    entry("elixir", RUNTIME),
    entry(
        "emqx/emqx",
        Image {
            kind: Kind::Queue,
            user: User::NonRoot("emqx"),
            shell: Some(true),
            present: &["bash", "emqx"],
            ports: &[1883, 18083],
            ..UNKNOWN
        },
    ),
    varied(
        "envoyproxy/envoy",
        Image {
            kind: Kind::Proxy,
            user: User::Drops("envoy"),
            shell: Some(true),
            absent: &["curl", "wget"],
            healthcheck: Some(false),
            ..UNKNOWN
        },
        &[tagged(&["distroless"], Image { kind: Kind::Proxy, healthcheck: Some(false), ..BARE })],
    ),
    entry("eqalpha/keydb", Image { kind: Kind::Cache, ports: &[6379], data: &["/data"], ..UNKNOWN }),
    entry("erlang", RUNTIME),
    entry("fedora", Image { lines: FEDORA_LINES, ..RED_HAT }),
    entry(
        "flowiseai/flowise",
        Image { kind: Kind::App, present: &["node"], ports: &[3000], data: &["/root/.flowise"], ..UNKNOWN },
    ),
    entry("fluent/fluent-bit", Image { kind: Kind::Observability, ports: &[2020, 24224], ..UNKNOWN }),
    entry("fluent/fluentd", Image { kind: Kind::Observability, ports: &[24224], ..UNKNOWN }),
    entry("gcc", FULL),
    entry(
        "getmeili/meilisearch",
        Image {
            kind: Kind::Database,
            shell: Some(true),
            ports: &[7700],
            data: &["/meili_data"],
            passwords: &["MEILI_MASTER_KEY"],
            ..UNKNOWN
        },
    ),
    entry(
        "ghcr.io/berriai/litellm",
        Image { kind: Kind::App, ports: &[4000], passwords: &["LITELLM_MASTER_KEY"], ..UNKNOWN },
    ),
    entry("ghcr.io/containrrr/watchtower", Image { kind: Kind::Tool, user: User::Root, ..BARE }),
    entry(
        "ghcr.io/goauthentik/server",
        Image {
            user: User::NonRoot("1000"),
            ports: &[9000, 9443],
            passwords: &["AUTHENTIK_SECRET_KEY", "AUTHENTIK_POSTGRESQL__PASSWORD"],
            ..WITH_HEALTHCHECK
        },
    ),
    entry(
        "ghcr.io/google/cadvisor",
        Image {
            kind: Kind::Observability,
            user: User::Root,
            shell: Some(true),
            present: &["wget"],
            ports: &[8080],
            ..WITH_HEALTHCHECK
        },
    ),
    entry(
        "ghcr.io/home-assistant/home-assistant",
        Image {
            kind: Kind::App,
            user: User::Root,
            shell: Some(true),
            present: &["bash", "python3"],
            ports: &[8123],
            data: &["/config"],
            ..UNKNOWN
        },
    ),
    entry(
        "ghcr.io/huggingface/text-embeddings-inference",
        Image { kind: Kind::App, ports: &[80], ..UNKNOWN },
    ),
    entry(
        "ghcr.io/huggingface/text-generation-inference",
        Image { kind: Kind::App, ports: &[80], ..UNKNOWN },
    ),
    entry("ghcr.io/immich-app/immich-server", Image { kind: Kind::App, ports: &[2283], ..UNKNOWN }),
    entry("ghcr.io/mlflow/mlflow", Image { kind: Kind::App, present: &["python", "python3"], ..UNKNOWN }),
    entry(
        "ghcr.io/open-webui/open-webui",
        Image {
            user: User::Root,
            shell: Some(true),
            present: &["bash", "curl"],
            ports: &[8080],
            data: &["/app/backend/data"],
            ..WITH_HEALTHCHECK
        },
    ),
    entry(
        "ghcr.io/paperless-ngx/paperless-ngx",
        Image {
            shell: Some(true),
            ports: &[8000],
            data: &["/usr/src/paperless/data", "/usr/src/paperless/media"],
            ..WITH_HEALTHCHECK
        },
    ),
    entry("ghcr.io/plausible/community-edition", Image { kind: Kind::App, ports: &[8000], ..UNKNOWN }),
    entry(
        "ghcr.io/requarks/wiki",
        Image {
            kind: Kind::App,
            user: User::NonRoot("node"),
            present: &["node"],
            ports: &[3000],
            passwords: &["DB_PASS"],
            ..UNKNOWN
        },
    ),
    entry(
        "ghcr.io/umami-software/umami",
        Image { kind: Kind::App, present: &["node"], ports: &[3000], ..UNKNOWN },
    ),
    varied(
        "ghost",
        GHOST,
        &[tagged(&["alpine"], Image { present: &["ash", "bash", "nc", "node", "wget"], ..GHOST })],
    ),
    varied(
        "gitea/gitea",
        Image {
            kind: Kind::App,
            user: User::Drops("git"),
            shell: Some(true),
            present: &["bash", "git"],
            healthcheck: Some(false),
            ports: &[3000, 22],
            data: &["/data"],
            ..UNKNOWN
        },
        &[tagged(
            &["rootless"],
            Image {
                kind: Kind::App,
                user: User::NonRoot("1000"),
                shell: Some(true),
                present: &["bash", "git"],
                healthcheck: Some(false),
                ports: &[3000, 2222],
                data: &["/var/lib/gitea"],
                ..UNKNOWN
            },
        )],
    ),
    entry(
        "gitlab/gitlab-ce",
        Image {
            user: User::Root,
            shell: Some(true),
            present: &["bash"],
            ports: &[80, 443, 22],
            data: &["/etc/gitlab", "/var/opt/gitlab"],
            ..WITH_HEALTHCHECK
        },
    ),
    varied(
        "golang",
        GOLANG,
        &[tagged(
            &["alpine"],
            Image {
                present: &["ash", "go", "nc", "netstat", "pgrep", "ps", "wget"],
                absent: &["bash", "curl"],
                ..GOLANG
            },
        )],
    ),
    entry(
        "gotenberg/gotenberg",
        Image { kind: Kind::App, user: User::NonRoot("gotenberg"), ports: &[3000], ..UNKNOWN },
    ),
    entry("gotify/server", Image { ports: &[80], data: &["/app/data"], ..WITH_HEALTHCHECK }),
    entry("gradle", Image { user: User::Unknown, ..RUNTIME }),
    entry(
        "grafana/alloy",
        Image { kind: Kind::Observability, healthcheck: Some(false), ports: &[12345], ..UNKNOWN },
    ),
    entry(
        "grafana/grafana",
        Image {
            kind: Kind::Observability,
            user: User::NonRoot("472"),
            healthcheck: Some(false),
            ports: &[3000],
            data: &["/var/lib/grafana"],
            file_variables: &["GF_SECURITY_ADMIN_PASSWORD__FILE", "GF_DATABASE_PASSWORD__FILE"],
            passwords: &["GF_SECURITY_ADMIN_PASSWORD"],
            ..UNKNOWN
        },
    ),
    entry("grafana/k6", Image { kind: Kind::Tool, user: User::NonRoot("12345"), ..UNKNOWN }),
    entry(
        "grafana/loki",
        Image {
            kind: Kind::Observability,
            user: User::NonRoot("10001"),
            absent: &["curl"],
            healthcheck: Some(false),
            ports: &[3100],
            ..UNKNOWN
        },
    ),
    entry("grafana/mimir", Image { kind: Kind::Observability, healthcheck: Some(false), ..UNKNOWN }),
    entry(
        "grafana/promtail",
        Image { kind: Kind::Observability, user: User::Root, healthcheck: Some(false), ..UNKNOWN },
    ),
    entry(
        "grafana/tempo",
        Image { kind: Kind::Observability, absent: &["curl"], healthcheck: Some(false), ..UNKNOWN },
    ),
    varied(
        "haproxy",
        HAPROXY,
        &[
            tagged_below(
                &["alpine"],
                2,
                4,
                Image { user: User::Root, present: BUSYBOX, absent: &[], ..HAPROXY },
            ),
            below(2, 4, Image { user: User::Root, ..HAPROXY }),
            tagged(&["alpine"], Image { present: BUSYBOX, absent: &[], ..HAPROXY }),
        ],
    ),
    entry(
        "hasura/graphql-engine",
        Image { kind: Kind::App, ports: &[8080], passwords: &["HASURA_GRAPHQL_ADMIN_SECRET"], ..UNKNOWN },
    ),
    entry("hello-world", Image { kind: Kind::Tool, user: User::Root, healthcheck: Some(false), ..BARE }),
    varied(
        "httpd",
        HTTPD,
        &[tagged(
            &["alpine"],
            Image {
                present: BUSYBOX,
                absent: &[],
                probe: Some("wget -q --spider http://127.0.0.1/"),
                ..HTTPD
            },
        )],
    ),
    varied(
        "influxdb",
        INFLUXDB,
        &[
            below(
                2,
                0,
                Image {
                    present: &[],
                    ports: &[8086],
                    data: &["/var/lib/influxdb"],
                    passwords: &["INFLUXDB_ADMIN_PASSWORD", "INFLUXDB_USER_PASSWORD"],
                    ..INFLUXDB
                },
            ),
            below(
                3,
                0,
                Image {
                    user: User::Drops("influxdb"),
                    present: &["bash", "influx"],
                    ports: &[8086],
                    data: &["/var/lib/influxdb2"],
                    file_variables: &[
                        "DOCKER_INFLUXDB_INIT_USERNAME_FILE",
                        "DOCKER_INFLUXDB_INIT_PASSWORD_FILE",
                        "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN_FILE",
                    ],
                    passwords: &["DOCKER_INFLUXDB_INIT_PASSWORD", "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN"],
                    probe: Some("influx ping"),
                    ..INFLUXDB
                },
            ),
        ],
    ),
    entry("jaegertracing/all-in-one", JAEGER),
    entry("jaegertracing/jaeger", JAEGER),
    entry(
        "jc21/nginx-proxy-manager",
        Image { kind: Kind::Proxy, shell: Some(true), ports: &[81, 80, 443], data: &["/data"], ..UNKNOWN },
    ),
    entry(
        "jellyfin/jellyfin",
        Image { shell: Some(true), ports: &[8096], data: &["/config"], ..WITH_HEALTHCHECK },
    ),
    entry(
        "jenkins/jenkins",
        Image {
            kind: Kind::App,
            user: User::NonRoot("jenkins"),
            shell: Some(true),
            present: &["bash", "curl"],
            healthcheck: Some(false),
            ports: &[8080, 50000],
            data: &["/var/jenkins_home"],
            ..UNKNOWN
        },
    ),
    varied(
        "joomla",
        Image { file_variables: &["JOOMLA_DB_PASSWORD_FILE"], passwords: &["JOOMLA_DB_PASSWORD"], ..PHP_APP },
        &[tagged(
            &["fpm"],
            Image {
                file_variables: &["JOOMLA_DB_PASSWORD_FILE"],
                passwords: &["JOOMLA_DB_PASSWORD"],
                ports: &[9000],
                ..PHP_APP
            },
        )],
    ),
    varied(
        "kibana",
        Image {
            kind: Kind::Observability,
            user: User::NonRoot("1000"),
            present: &["bash", "curl"],
            ports: &[5601],
            lines: ELASTIC_LINES,
            supported: Some("9.2.0"),
            ..OFFICIAL
        },
        &[below(
            7,
            0,
            Image {
                kind: Kind::Observability,
                ports: &[5601],
                lines: ELASTIC_LINES,
                supported: Some("9.2.0"),
                ..OFFICIAL
            },
        )],
    ),
    entry(
        "kong",
        Image {
            kind: Kind::Proxy,
            user: User::NonRoot("kong"),
            present: &["kong"],
            ports: &[8000, 8443, 8001, 8444],
            passwords: &["KONG_PG_PASSWORD"],
            probe: Some("kong health"),
            ..OFFICIAL
        },
    ),
    entry(
        "langfuse/langfuse",
        Image {
            kind: Kind::App,
            present: &["node"],
            ports: &[3000],
            passwords: &["NEXTAUTH_SECRET", "SALT"],
            ..UNKNOWN
        },
    ),
    entry(
        "langfuse/langfuse-worker",
        Image { kind: Kind::App, present: &["node"], ports: &[3030], ..UNKNOWN },
    ),
    entry("localai/localai", Image { ports: &[8080], ..WITH_HEALTHCHECK }),
    entry(
        "localstack/localstack",
        Image { shell: Some(true), present: &["bash", "curl"], ports: &[4566], ..WITH_HEALTHCHECK },
    ),
    varied(
        "logstash",
        Image {
            kind: Kind::Observability,
            user: User::NonRoot("1000"),
            present: &["bash"],
            lines: ELASTIC_LINES,
            supported: Some("9.2.0"),
            ..OFFICIAL
        },
        &[below(
            7,
            0,
            Image { kind: Kind::Observability, lines: ELASTIC_LINES, supported: Some("9.2.0"), ..OFFICIAL },
        )],
    ),
    entry(
        "louislam/uptime-kuma",
        Image {
            shell: Some(true),
            present: &["node"],
            ports: &[3001],
            data: &["/app/data"],
            ..WITH_HEALTHCHECK
        },
    ),
    entry(
        "maildev/maildev",
        Image { user: User::NonRoot("node"), present: &["node"], ports: &[1080, 1025], ..WITH_HEALTHCHECK },
    ),
    entry(
        "mailhog/mailhog",
        Image {
            kind: Kind::Tool,
            user: User::NonRoot("mailhog"),
            shell: Some(true),
            present: &["wget"],
            healthcheck: Some(false),
            ports: &[1025, 8025],
            ..UNKNOWN
        },
    ),
    varied(
        "mariadb",
        MARIADB,
        &[
            tagged(&["ubi"], Image { absent: &[], ..MARIADB }),
            below(
                11,
                0,
                Image {
                    present: &["bash", "mysql", "mysqladmin", "mysqldump"],
                    absent: &[],
                    probe: Some("mysqladmin ping -h 127.0.0.1"),
                    ..MARIADB
                },
            ),
        ],
    ),
    entry(
        "matomo",
        Image { ports: &[80], data: &["/var/www/html"], passwords: &["MATOMO_DATABASE_PASSWORD"], ..PHP_APP },
    ),
    entry(
        "matrixdotorg/synapse",
        Image { present: &["curl", "python3"], ports: &[8008], data: &["/data"], ..WITH_HEALTHCHECK },
    ),
    entry(
        "mattermost/mattermost-team-edition",
        Image {
            user: User::NonRoot("mattermost"),
            ports: &[8065],
            data: &["/mattermost/data"],
            ..WITH_HEALTHCHECK
        },
    ),
    varied(
        "maven",
        Image { present: &["java", "mvn"], ..RUNTIME },
        &[tagged(
            &["alpine"],
            Image { present: &["ash", "java", "mvn", "nc", "pgrep", "ps", "wget"], ..ON_ALPINE },
        )],
    ),
    entry(
        "mcr.microsoft.com/azure-storage/azurite",
        Image { kind: Kind::Database, ports: &[10000, 10001, 10002], ..UNKNOWN },
    ),
    varied("mcr.microsoft.com/dotnet/aspnet", DOTNET, DOTNET_VARIANTS),
    varied("mcr.microsoft.com/dotnet/runtime", DOTNET, DOTNET_VARIANTS),
    varied(
        "mcr.microsoft.com/dotnet/runtime-deps",
        Image { present: &["bash"], ..DOTNET },
        &[
            below(6, 0, Image { present: &[], absent: &[], ..DOTNET }),
            tagged(&["chiseled"], Image { present: &[], ..DOTNET_BARE }),
            tagged(&["distroless"], Image { present: &[], ..DOTNET_BARE }),
            tagged(&["alpine"], Image { present: BUSYBOX, ..DOTNET_ALPINE }),
            tagged(&["azurelinux"], Image { present: &[], absent: &[], ..DOTNET }),
            tagged(&["cbl"], Image { present: &[], absent: &[], ..DOTNET }),
        ],
    ),
    entry("mcr.microsoft.com/dotnet/sdk", Image { present: &["dotnet"], absent: &[], ..DOTNET }),
    varied("mcr.microsoft.com/mssql/server", MSSQL, &[below(2019, 0, Image { user: User::Root, ..MSSQL })]),
    entry("mediawiki", Image { ports: &[80], ..PHP_APP }),
    varied(
        "memcached",
        Image {
            kind: Kind::Cache,
            user: User::NonRoot("memcache"),
            present: &["bash"],
            absent: &["curl", "wget"],
            ports: &[11211],
            writable: Some(&[]),
            ..OFFICIAL
        },
        &[tagged(
            &["alpine"],
            Image {
                kind: Kind::Cache,
                user: User::NonRoot("memcache"),
                present: BUSYBOX,
                absent: &["curl"],
                ports: &[11211],
                writable: Some(&[]),
                ..OFFICIAL
            },
        )],
    ),
    entry(
        "memgraph/memgraph",
        Image { kind: Kind::Database, ports: &[7687], data: &["/var/lib/memgraph"], ..UNKNOWN },
    ),
    entry(
        "metabase/metabase",
        Image {
            kind: Kind::App,
            shell: Some(true),
            healthcheck: Some(false),
            ports: &[3000],
            file_variables: &["MB_DB_PASS_FILE", "MB_DB_USER_FILE", "MB_DB_CONNECTION_URI_FILE"],
            passwords: &["MB_DB_PASS"],
            ..UNKNOWN
        },
    ),
    entry(
        "milvusdb/milvus",
        Image {
            kind: Kind::Database,
            shell: Some(true),
            present: &["bash", "curl"],
            ports: &[19530, 9091],
            data: &["/var/lib/milvus"],
            probe: Some("curl -f http://localhost:9091/healthz"),
            ..UNKNOWN
        },
    ),
    entry("minio/mc", Image { kind: Kind::Tool, present: &["mc"], healthcheck: Some(false), ..UNKNOWN }),
    entry(
        "minio/minio",
        Image {
            kind: Kind::Database,
            user: User::Root,
            present: &["minio"],
            healthcheck: Some(false),
            ports: &[9000, 9001],
            file_variables: &["MINIO_ROOT_USER_FILE", "MINIO_ROOT_PASSWORD_FILE"],
            passwords: &["MINIO_ROOT_PASSWORD", "MINIO_SECRET_KEY"],
            ..UNKNOWN
        },
    ),
    varied(
        "mongo",
        MONGO,
        &[below(6, 0, Image { present: &["bash", "mongod"], absent: &[], probe: None, ..MONGO })],
    ),
    entry(
        "mongo-express",
        Image {
            kind: Kind::Tool,
            present: &["node"],
            ports: &[8081],
            passwords: &["ME_CONFIG_BASICAUTH_PASSWORD", "ME_CONFIG_MONGODB_ADMINPASSWORD"],
            ..OFFICIAL
        },
    ),
    entry("mysql", MYSQL),
    entry(
        "n8nio/n8n",
        Image {
            kind: Kind::App,
            user: User::NonRoot("node"),
            present: &["node"],
            healthcheck: Some(false),
            ports: &[5678],
            data: &["/home/node/.n8n"],
            file_variables: &["N8N_ENCRYPTION_KEY_FILE", "DB_POSTGRESDB_PASSWORD_FILE"],
            passwords: &["N8N_ENCRYPTION_KEY", "DB_POSTGRESDB_PASSWORD"],
            ..UNKNOWN
        },
    ),
    varied(
        "nats",
        Image {
            kind: Kind::Queue,
            user: User::Root,
            healthcheck: Some(false),
            ports: &[4222, 8222, 6222],
            writable: Some(&[]),
            ..BARE
        },
        &[tagged(
            &["alpine"],
            Image {
                kind: Kind::Queue,
                user: User::Root,
                present: BUSYBOX,
                ports: &[4222, 8222, 6222],
                writable: Some(&[]),
                ..OFFICIAL
            },
        )],
    ),
    entry(
        "neo4j",
        Image {
            kind: Kind::Database,
            user: User::Drops("neo4j"),
            present: &["bash", "cypher-shell"],
            ports: &[7474, 7687, 7473],
            data: &["/data"],
            passwords: &["NEO4J_AUTH"],
            lines: NEO4J_LINES,
            supported: Some("5"),
            ..OFFICIAL
        },
    ),
    entry("netdata/netdata", Image { kind: Kind::Observability, ports: &[19999], ..WITH_HEALTHCHECK }),
    varied("nextcloud", NEXTCLOUD, &[tagged(&["fpm"], Image { ports: &[9000], ..NEXTCLOUD })]),
    varied(
        "nginx",
        NGINX,
        &[
            tagged(
                &["alpine", "slim"],
                Image {
                    present: &["ash", "nc", "netstat", "nginx", "pgrep", "ps", "wget"],
                    absent: &["bash", "curl"],
                    ..NGINX_ALPINE
                },
            ),
            tagged(&["alpine"], NGINX_ALPINE),
        ],
    ),
    varied(
        "nginxinc/nginx-unprivileged",
        NGINX_UNPRIVILEGED,
        &[
            tagged(
                &["alpine", "slim"],
                Image {
                    present: &["ash", "nc", "netstat", "nginx", "pgrep", "ps", "wget"],
                    absent: &["bash", "curl"],
                    ..NGINX_UNPRIVILEGED_ALPINE
                },
            ),
            tagged(&["alpine"], NGINX_UNPRIVILEGED_ALPINE),
        ],
    ),
    entry(
        "nginxproxy/acme-companion",
        Image { kind: Kind::Tool, user: User::Root, shell: Some(true), ..UNKNOWN },
    ),
    entry(
        "nginxproxy/nginx-proxy",
        Image {
            kind: Kind::Proxy,
            user: User::Root,
            shell: Some(true),
            present: &["nginx"],
            ports: &[80],
            ..UNKNOWN
        },
    ),
    entry(
        "nocodb/nocodb",
        Image { kind: Kind::App, present: &["node"], ports: &[8080], data: &["/usr/app/data"], ..UNKNOWN },
    ),
    varied(
        "node",
        NODE,
        &[
            tagged(
                &["alpine"],
                Image {
                    present: &["ash", "nc", "netstat", "node", "npm", "pgrep", "ps", "wget"],
                    absent: &["bash", "curl", "python3"],
                    ..NODE
                },
            ),
            tagged(&["slim"], Image { present: &["bash", "node", "npm"], absent: NOT_IN_DEBIAN, ..NODE }),
        ],
    ),
    entry(
        "nodered/node-red",
        Image {
            user: User::NonRoot("node-red"),
            present: &["bash", "node"],
            ports: &[1880],
            data: &["/data"],
            ..WITH_HEALTHCHECK
        },
    ),
    entry("nvidia/cuda", Image { kind: Kind::Base, user: User::Root, shell: Some(true), ..UNKNOWN }),
    varied(
        "ollama/ollama",
        Image {
            kind: Kind::App,
            user: User::Root,
            shell: Some(true),
            present: &["bash", "ollama"],
            absent: &["curl", "wget"],
            healthcheck: Some(false),
            ports: &[11434],
            data: &["/root/.ollama"],
            probe: Some("ollama list"),
            ..UNKNOWN
        },
        &[tagged(
            &["rocm"],
            Image {
                kind: Kind::App,
                user: User::Root,
                shell: Some(true),
                present: &["bash", "ollama"],
                healthcheck: Some(false),
                ports: &[11434],
                data: &["/root/.ollama"],
                probe: Some("ollama list"),
                ..UNKNOWN
            },
        )],
    ),
    varied(
        "openjdk",
        Image { present: &["java"], ..RUNTIME },
        &[
            tagged(
                &["alpine"],
                Image { present: &["ash", "java", "nc", "pgrep", "ps", "wget"], ..ON_ALPINE },
            ),
            tagged(&["slim"], Image { present: &["bash", "java"], ..SLIM }),
        ],
    ),
    entry("openpolicyagent/opa", Image { kind: Kind::Tool, ports: &[8181], ..UNKNOWN }),
    entry(
        "opensearchproject/opensearch",
        Image {
            kind: Kind::Database,
            user: User::NonRoot("1000"),
            shell: Some(true),
            present: &["bash", "curl"],
            healthcheck: Some(false),
            ports: &[9200, 9600],
            data: &["/usr/share/opensearch/data"],
            passwords: &["OPENSEARCH_INITIAL_ADMIN_PASSWORD"],
            ..UNKNOWN
        },
    ),
    entry(
        "opensearchproject/opensearch-dashboards",
        Image {
            kind: Kind::Observability,
            user: User::NonRoot("1000"),
            shell: Some(true),
            present: &["bash"],
            healthcheck: Some(false),
            ports: &[5601],
            ..UNKNOWN
        },
    ),
    entry("openzipkin/zipkin", Image { kind: Kind::Observability, ports: &[9411], ..WITH_HEALTHCHECK }),
    entry("oraclelinux", Image { present: &["bash"], ..BASE }),
    entry("otel/opentelemetry-collector", COLLECTOR),
    entry("otel/opentelemetry-collector-contrib", COLLECTOR),
    entry(
        "outlinewiki/outline",
        Image {
            kind: Kind::App,
            user: User::NonRoot("nodejs"),
            present: &["node"],
            ports: &[3000],
            ..UNKNOWN
        },
    ),
    varied(
        "oven/bun",
        Image {
            kind: Kind::Runtime,
            present: &["bun"],
            shell: Some(true),
            healthcheck: Some(false),
            ..UNKNOWN
        },
        &[tagged(
            &["distroless"],
            Image { kind: Kind::Runtime, present: &["bun"], healthcheck: Some(false), ..BARE },
        )],
    ),
    entry(
        "percona",
        Image {
            kind: Kind::Database,
            user: User::NonRoot("mysql"),
            present: &["bash", "mysql", "mysqladmin"],
            ports: &[3306, 33060],
            data: &["/var/lib/mysql"],
            passwords: &["MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD"],
            probe: Some("mysqladmin ping -h 127.0.0.1"),
            ..OFFICIAL
        },
    ),
    varied("perl", FULL, &[tagged(&["slim"], Image { present: &["bash", "perl"], ..RUNTIME })]),
    varied("pgvector/pgvector", POSTGRES_LIKE, POSTGRES_BY_TAG),
    varied(
        "php",
        PHP,
        &[
            tagged(
                &["fpm", "alpine"],
                Image {
                    present: &["ash", "curl", "nc", "netstat", "pgrep", "php", "ps", "wget"],
                    ports: &[9000],
                    ..PHP
                },
            ),
            tagged(
                &["alpine"],
                Image { present: &["ash", "curl", "nc", "netstat", "pgrep", "php", "ps", "wget"], ..PHP },
            ),
            tagged(&["fpm"], Image { ports: &[9000], ..PHP }),
            tagged(&["apache"], Image { ports: &[80], ..PHP }),
        ],
    ),
    varied("phpmyadmin", PHPMYADMIN, &[tagged(&["fpm"], Image { ports: &[9000], ..PHPMYADMIN })]),
    varied(
        "phpmyadmin/phpmyadmin",
        Image { healthcheck: None, ..PHPMYADMIN },
        &[tagged(&["fpm"], Image { healthcheck: None, ports: &[9000], ..PHPMYADMIN })],
    ),
    entry("pihole/pihole", Image { shell: Some(true), ports: &[53, 80], ..WITH_HEALTHCHECK }),
    entry("plexinc/pms-docker", Image { shell: Some(true), ports: &[32400], ..WITH_HEALTHCHECK }),
    varied(
        "portainer/portainer-ce",
        PORTAINER,
        &[tagged(&["alpine"], Image { shell: Some(true), present: BUSYBOX, absent: &[], ..PORTAINER })],
    ),
    varied("postgis/postgis", POSTGRES_LIKE, POSTGRES_BY_TAG),
    varied(
        "postgres",
        POSTGRES,
        &[
            tagged_below(&["alpine"], 18, 0, Image { data: POSTGRES_DATA, ..POSTGRES_ALPINE }),
            tagged(&["alpine"], POSTGRES_ALPINE),
            below(10, 0, Image { data: POSTGRES_DATA, absent: &[], ..POSTGRES }),
            below(18, 0, Image { data: POSTGRES_DATA, ..POSTGRES }),
        ],
    ),
    varied(
        "postgrest/postgrest",
        Image { kind: Kind::App, healthcheck: Some(false), ports: &[3000], ..BARE },
        &[below(9, 0, Image { kind: Kind::App, ports: &[3000], ..UNKNOWN })],
    ),
    entry("prom/alertmanager", Image { ports: &[9093], data: &["/alertmanager"], ..PROMETHEUS }),
    entry("prom/blackbox-exporter", Image { user: User::Unknown, ports: &[9115], ..PROMETHEUS }),
    entry("prom/node-exporter", Image { ports: &[9100], ..PROMETHEUS }),
    varied(
        "prom/prometheus",
        Image {
            shell: Some(true),
            present: &["nc", "promtool", "wget"],
            ports: &[9090],
            data: &["/prometheus"],
            ..PROMETHEUS
        },
        &[tagged(
            &["distroless"],
            Image {
                user: User::Unknown,
                absent: &["bash", "curl", "wget"],
                ports: &[9090],
                data: &["/prometheus"],
                ..PROMETHEUS
            },
        )],
    ),
    entry("prom/pushgateway", Image { ports: &[9091], ..PROMETHEUS }),
    varied(
        "python",
        Image { lines: PYTHON_LINES, supported: Some("3.13"), ..PYTHON },
        &[
            tagged(
                &["alpine"],
                Image {
                    present: &["ash", "nc", "netstat", "pgrep", "pip", "ps", "python", "python3", "wget"],
                    absent: &["bash", "curl"],
                    lines: PYTHON_LINES,
                    supported: Some("3.13"),
                    ..RUNTIME
                },
            ),
            tagged(
                &["slim"],
                Image {
                    present: &["bash", "pip", "python", "python3"],
                    absent: &["curl", "nc", "pgrep", "ps", "wget"],
                    lines: PYTHON_LINES,
                    supported: Some("3.13"),
                    ..RUNTIME
                },
            ),
        ],
    ),
    entry(
        "pytorch/pytorch",
        Image {
            kind: Kind::Runtime,
            user: User::Root,
            shell: Some(true),
            present: &["bash", "python", "python3"],
            ..UNKNOWN
        },
    ),
    varied(
        "qdrant/qdrant",
        QDRANT,
        &[
            tagged(&["unprivileged"], Image { user: User::NonRoot("1000"), ..QDRANT }),
            tagged(&["gpu"], Image { absent: &[], user: User::Unknown, ..QDRANT }),
        ],
    ),
    entry(
        "quay.io/coreos/etcd",
        Image {
            kind: Kind::Database,
            present: &["etcd", "etcdctl"],
            healthcheck: Some(false),
            ports: &[2379, 2380],
            probe: Some("etcdctl endpoint health"),
            ..UNKNOWN
        },
    ),
    varied(
        "quay.io/keycloak/keycloak",
        KEYCLOAK,
        &[
            below(17, 0, Image { kind: Kind::App, ports: &[8080, 8443], ..UNKNOWN }),
            below(22, 0, Image { absent: &[], ..KEYCLOAK }),
        ],
    ),
    entry("quay.io/oauth2-proxy/oauth2-proxy", Image { kind: Kind::Proxy, ports: &[4180], ..UNKNOWN }),
    entry(
        "questdb/questdb",
        Image {
            kind: Kind::Database,
            ports: &[9000, 8812, 9009, 9003],
            data: &["/var/lib/questdb"],
            ..UNKNOWN
        },
    ),
    varied(
        "rabbitmq",
        RABBITMQ,
        &[
            tagged(
                &["management", "alpine"],
                Image {
                    present: &["ash", "bash", "nc", "rabbitmq-diagnostics", "rabbitmqctl", "wget"],
                    ..RABBITMQ_MANAGEMENT
                },
            ),
            tagged(&["management"], RABBITMQ_MANAGEMENT),
            tagged(
                &["alpine"],
                Image {
                    present: &["ash", "bash", "nc", "rabbitmq-diagnostics", "rabbitmqctl", "wget"],
                    ..RABBITMQ
                },
            ),
        ],
    ),
    varied(
        "redis",
        REDIS,
        &[
            tagged(
                &["alpine"],
                Image {
                    present: &["ash", "nc", "netstat", "pgrep", "ps", "redis-cli", "wget"],
                    absent: &["curl"],
                    ..REDIS
                },
            ),
            below(5, 0, Image { absent: &[], ..REDIS }),
        ],
    ),
    entry(
        "redis/redis-stack",
        Image {
            kind: Kind::Cache,
            shell: Some(true),
            present: &["redis-cli"],
            ports: &[6379, 8001],
            data: &["/data"],
            probe: Some("redis-cli ping"),
            ..UNKNOWN
        },
    ),
    entry(
        "redis/redis-stack-server",
        Image {
            kind: Kind::Cache,
            shell: Some(true),
            present: &["redis-cli"],
            ports: &[6379],
            data: &["/data"],
            probe: Some("redis-cli ping"),
            ..UNKNOWN
        },
    ),
    entry("redis/redisinsight", Image { kind: Kind::Tool, ports: &[5540], ..UNKNOWN }),
    entry(
        "redmine",
        Image {
            kind: Kind::App,
            user: User::Drops("redmine"),
            ports: &[3000],
            data: &["/usr/src/redmine/files"],
            file_variables: &["REDMINE_DB_PASSWORD_FILE"],
            passwords: &["REDMINE_DB_PASSWORD"],
            ..OFFICIAL
        },
    ),
    entry(
        "redpandadata/redpanda",
        Image {
            kind: Kind::Queue,
            shell: Some(true),
            present: &["bash", "rpk"],
            ports: &[9092, 9644, 8081, 8082],
            data: &["/var/lib/redpanda/data"],
            probe: Some("rpk cluster health"),
            ..UNKNOWN
        },
    ),
    varied(
        "registry",
        Image {
            kind: Kind::App,
            user: User::Root,
            present: &["ash", "nc", "netstat", "pgrep", "ps", "registry", "wget"],
            absent: &["curl"],
            ports: &[5000],
            data: &["/var/lib/registry"],
            ..OFFICIAL
        },
        &[below(2, 0, Image { kind: Kind::App, ports: &[5000], ..OFFICIAL })],
    ),
    entry("rockylinux", RED_HAT),
    varied(
        "ruby",
        RUBY,
        &[
            tagged(
                &["alpine"],
                Image { present: &["ash", "gem", "nc", "netstat", "pgrep", "ps", "ruby", "wget"], ..RUBY },
            ),
            tagged(&["slim"], Image { present: &["bash", "gem", "ruby"], absent: &["curl", "wget"], ..RUBY }),
        ],
    ),
    varied(
        "rust",
        Image { present: &["bash", "cargo", "curl", "pgrep", "ps", "wget"], ..FULL },
        &[
            tagged(
                &["alpine"],
                Image { present: &["ash", "cargo", "nc", "pgrep", "ps", "wget"], ..ON_ALPINE },
            ),
            tagged(&["slim"], Image { present: &["bash", "cargo"], ..SLIM }),
        ],
    ),
    entry("scratch", Image { kind: Kind::Base, user: User::Root, healthcheck: Some(false), ..BARE }),
    entry(
        "scylladb/scylla",
        Image {
            kind: Kind::Database,
            shell: Some(true),
            present: &["bash", "cqlsh", "nodetool"],
            ports: &[9042, 9160, 7000, 7001, 10000],
            data: &["/var/lib/scylla"],
            ..UNKNOWN
        },
    ),
    entry(
        "semitechnologies/weaviate",
        Image {
            kind: Kind::Database,
            shell: Some(true),
            healthcheck: Some(false),
            ports: &[8080, 50051],
            data: &["/var/lib/weaviate"],
            ..UNKNOWN
        },
    ),
    varied(
        "solr",
        Image {
            kind: Kind::Database,
            user: User::NonRoot("solr"),
            present: &["bash", "solr"],
            ports: &[8983],
            data: &["/var/solr"],
            ..OFFICIAL
        },
        &[below(
            8,
            0,
            Image {
                kind: Kind::Database,
                user: User::NonRoot("solr"),
                present: &["bash", "solr"],
                ports: &[8983],
                ..OFFICIAL
            },
        )],
    ),
    entry("sonarqube", Image { kind: Kind::App, ports: &[9000], data: &["/opt/sonarqube/data"], ..OFFICIAL }),
    entry(
        "sonatype/nexus3",
        Image {
            kind: Kind::App,
            user: User::NonRoot("nexus"),
            shell: Some(true),
            healthcheck: Some(false),
            ports: &[8081],
            data: &["/nexus-data"],
            ..UNKNOWN
        },
    ),
    entry(
        "supabase/postgres",
        Image {
            kind: Kind::Database,
            shell: Some(true),
            present: &["pg_isready", "psql"],
            ports: &[5432],
            data: &["/var/lib/postgresql/data"],
            passwords: &["POSTGRES_PASSWORD"],
            probe: Some("pg_isready -U postgres"),
            ..UNKNOWN
        },
    ),
    entry("surrealdb/surrealdb", Image { kind: Kind::Database, ports: &[8000], ..UNKNOWN }),
    entry("swift", RUNTIME),
    entry(
        "syncthing/syncthing",
        Image { ports: &[8384, 22000], data: &["/var/syncthing"], ..WITH_HEALTHCHECK },
    ),
    entry(
        "tailscale/tailscale",
        Image { kind: Kind::Proxy, shell: Some(true), data: &["/var/lib/tailscale"], ..UNKNOWN },
    ),
    entry("telegraf", Image { kind: Kind::Observability, ..OFFICIAL }),
    entry("temporalio/admin-tools", Image { kind: Kind::Tool, ..TEMPORAL }),
    entry("temporalio/auto-setup", Image { ports: &[7233], ..TEMPORAL }),
    entry("temporalio/server", Image { ports: &[7233], ..TEMPORAL }),
    entry("temporalio/ui", Image { ports: &[8080], ..TEMPORAL }),
    entry(
        "tensorflow/tensorflow",
        Image {
            kind: Kind::Runtime,
            user: User::Root,
            shell: Some(true),
            present: &["bash", "python", "python3"],
            ..UNKNOWN
        },
    ),
    entry(
        "tomcat",
        Image { present: &["java"], ports: &[8080], lines: TOMCAT_LINES, supported: Some("11"), ..RUNTIME },
    ),
    varied("traefik", TRAEFIK, &[below(2, 0, Image { kind: Kind::Proxy, ports: &[80], ..UNKNOWN })]),
    entry("traefik/whoami", Image { kind: Kind::Tool, healthcheck: Some(false), ports: &[80], ..BARE }),
    entry(
        "trinodb/trino",
        Image {
            kind: Kind::Database,
            user: User::NonRoot("trino"),
            shell: Some(true),
            present: &["bash"],
            ports: &[8080],
            ..WITH_HEALTHCHECK
        },
    ),
    entry("typesense/typesense-server", Image { kind: Kind::Database, ports: &[8108], ..UNKNOWN }),
    varied(
        "ubuntu",
        UBUNTU,
        &[
            below(18, 0, Image { absent: &[], ..UBUNTU }),
            tagged(&["trusty"], Image { absent: &[], ..UBUNTU }),
            tagged(&["xenial"], Image { absent: &[], ..UBUNTU }),
        ],
    ),
    entry(
        "unleashorg/unleash-server",
        Image { kind: Kind::App, user: User::NonRoot("node"), present: &["node"], ports: &[4242], ..UNKNOWN },
    ),
    varied(
        "valkey/valkey",
        VALKEY,
        &[tagged(
            &["alpine"],
            Image {
                present: &["ash", "nc", "netstat", "pgrep", "ps", "valkey-cli", "wget"],
                absent: &["curl"],
                ..VALKEY
            },
        )],
    ),
    entry("varnish", Image { kind: Kind::Proxy, ports: &[80], ..OFFICIAL }),
    entry(
        "vault",
        Image {
            kind: Kind::App,
            user: User::Drops("vault"),
            present: &["ash", "nc", "pgrep", "ps", "vault", "wget"],
            ports: &[8200],
            data: &["/vault/file"],
            passwords: &["VAULT_DEV_ROOT_TOKEN_ID"],
            ..OFFICIAL
        },
    ),
    entry(
        "vaultwarden/server",
        Image {
            user: User::Root,
            shell: Some(true),
            present: &["curl"],
            ports: &[80],
            data: &["/data"],
            file_variables: &["ADMIN_TOKEN_FILE", "DATABASE_URL_FILE", "SMTP_PASSWORD_FILE"],
            passwords: &["ADMIN_TOKEN", "SMTP_PASSWORD"],
            ..WITH_HEALTHCHECK
        },
    ),
    entry(
        "victoriametrics/victoria-metrics",
        Image { kind: Kind::Observability, ports: &[8428], data: &["/victoria-metrics-data"], ..UNKNOWN },
    ),
    entry(
        "vllm/vllm-openai",
        Image { kind: Kind::App, user: User::Root, shell: Some(true), ports: &[8000], ..UNKNOWN },
    ),
    entry("wallabag/wallabag", Image { ports: &[80], ..WITH_HEALTHCHECK }),
    varied(
        "wordpress",
        WORDPRESS,
        &[
            tagged(
                &["cli"],
                Image { kind: Kind::Tool, user: User::Unknown, ports: &[], data: &[], ..WORDPRESS },
            ),
            tagged(&["fpm"], Image { ports: &[9000], ..WORDPRESS }),
        ],
    ),
    entry(
        "zookeeper",
        Image {
            kind: Kind::Queue,
            user: User::Drops("zookeeper"),
            present: &["bash"],
            ports: &[2181, 2888, 3888, 8080],
            data: &["/data", "/datalog"],
            ..OFFICIAL
        },
    ),
];

/// The families, by the start of their members' names, sorted.
pub(super) static FAMILIES: &[Entry] = &[
    entry("bitnami/", BITNAMI),
    entry("bitnamilegacy/", BITNAMI),
    varied("confluentinc/cp-", CONFLUENT, &[below(6, 0, UNKNOWN)]),
    varied(
        "gcr.io/distroless/",
        DISTROLESS,
        &[
            tagged(&["debug", "nonroot"], Image { user: NONROOT, ..DISTROLESS_DEBUG }),
            tagged(&["debug"], DISTROLESS_DEBUG),
            tagged(&["nonroot"], Image { user: NONROOT, ..DISTROLESS }),
        ],
    ),
    varied(
        "gcr.io/distroless/python3",
        DISTROLESS_PYTHON,
        &[
            tagged(&["debug", "nonroot"], Image { user: NONROOT, absent: &[], ..DISTROLESS_PYTHON }),
            tagged(&["debug"], Image { absent: &[], ..DISTROLESS_PYTHON }),
            tagged(&["nonroot"], Image { user: NONROOT, ..DISTROLESS_PYTHON }),
        ],
    ),
    entry("ghcr.io/linuxserver/", LINUXSERVER),
    entry("linuxserver/", LINUXSERVER),
    entry(
        "quay.io/jupyter/",
        Image {
            kind: Kind::App,
            user: User::NonRoot("jovyan"),
            shell: Some(true),
            ports: &[8888],
            ..UNKNOWN
        },
    ),
    entry(
        "selenium/",
        Image { kind: Kind::Tool, user: User::NonRoot("1200"), shell: Some(true), ports: &[4444], ..UNKNOWN },
    ),
];
