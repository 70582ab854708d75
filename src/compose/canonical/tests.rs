//! The short forms, each with what it becomes.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::{Options, model};
use crate::compose::environment::Unset;
use crate::compose::file::Workspace;
use crate::compose::project::{Deployment, Project};
use crate::fs::Memory;

/// The model of `/srv/shop/compose.yaml` with these files, and the errors.
fn resolve_all(files: &[(&str, &str)]) -> (Json, Vec<String>) {
    let memory: Memory = files.iter().map(|(path, text)| (format!("/srv/shop/{path}"), *text)).collect();
    let workspace = Workspace::new(&memory);
    let deployment = Deployment {
        files: vec![PathBuf::from("/srv/shop/compose.yaml")],
        unset: Unset::Blank,
        ..Deployment::default()
    };
    let project = Project::load(&workspace, &deployment);
    let options =
        Options { home: Some("/home/me".to_owned()), profiles: vec!["*".to_owned()], ..Options::default() };
    let (value, errors) = model(&workspace, &project, &options);
    let errors = errors.into_iter().map(|error| error.message).collect();
    (serde_json::to_value(value).expect("a model is JSON"), errors)
}

fn resolve(text: &str) -> Json {
    let (model, errors) = resolve_all(&[("compose.yaml", text)]);
    assert_eq!(errors, Vec::<String>::new(), "{text}");
    model
}

/// The key of a service that has these lines.
fn key(key: &str, lines: &str) -> Json {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    resolve(&format!("services:\n  web:\n    image: web\n{lines}"))["services"]["web"][key].clone()
}

#[test]
fn what_is_added_is_the_name_and_the_default_network() {
    assert_eq!(
        resolve("services:\n  web:\n    image: web\n"),
        json!({
            "name": "shop",
            "services": {"web": {"image": "web", "networks": {"default": null}}},
            "networks": {"default": {"name": "shop_default"}},
        })
    );
}

#[test]
fn ports_are_written_out_one_by_one() {
    let port = |target: i64, published: &str| json!({"mode": "ingress", "target": target, "published": published, "protocol": "tcp"});
    assert_eq!(
        key("ports", "ports: ['8000-8001:80-81', '9000-9005:90']"),
        json!([port(80, "8000"), port(81, "8001"), port(90, "9000-9005")])
    );
    assert_eq!(
        key("ports", "ports: ['127.0.0.1::53/udp', 80]"),
        json!([
            {"mode": "ingress", "host_ip": "127.0.0.1", "target": 53, "protocol": "udp"},
            {"mode": "ingress", "target": 80, "protocol": "tcp"},
        ])
    );
    assert_eq!(
        key("ports", "ports: [{target: 80, published: 8080, mode: host}]"),
        json!([{"mode": "host", "target": 80, "published": "8080", "protocol": "tcp"}])
    );
}

#[test]
fn of_the_same_ports_one_is_kept() {
    assert_eq!(key("ports", "ports: ['80-81', '80']").as_array().map(Vec::len), Some(2));
}

#[test]
fn mounts_have_a_type_and_absolute_sources() {
    assert_eq!(
        key("volumes", "volumes: ['./a/:/a/:ro,z', '~/b:/b:cached', 'data:/c:nocopy', '/d2', '/d']"),
        json!([
            {"type": "bind", "source": "/srv/shop/a", "target": "/a", "read_only": true, "bind": {"selinux": "z"}},
            {"type": "bind", "source": "/home/me/b", "target": "/b", "bind": {}},
            {"type": "volume", "source": "data", "target": "/c", "volume": {"nocopy": true}},
            {"type": "volume", "target": "/d2", "volume": {}},
            {"type": "volume", "target": "/d"},
        ])
    );
    assert_eq!(
        key("volumes", "volumes: [{type: tmpfs, target: /t, tmpfs: {size: 1m}}]"),
        json!([{"type": "tmpfs", "target": "/t", "tmpfs": {"size": "1048576"}}])
    );
}

#[test]
fn a_build_has_a_context_and_a_dockerfile() {
    assert_eq!(key("build", "build: ./api"), json!({"context": "/srv/shop/api", "dockerfile": "Dockerfile"}));
    assert_eq!(
        key("build", "build: {dockerfile_inline: FROM a, args: [A=1, B]}"),
        json!({"context": "/srv/shop", "dockerfile_inline": "FROM a", "args": {"A": "1"}})
    );
    assert_eq!(
        key("build", "build: https://example.com/a.git")["context"],
        json!("https://example.com/a.git")
    );
}

#[test]
fn dependencies_have_conditions_and_come_from_links_too() {
    let started = json!({"condition": "service_started", "required": true});
    assert_eq!(key("depends_on", "depends_on: [db]"), json!({"db": started}));
    assert_eq!(
        key("depends_on", "depends_on: {db: {condition: service_healthy, required: false}}"),
        json!({"db": {"condition": "service_healthy", "required": false}})
    );
    let restarted = json!({"condition": "service_started", "required": true, "restart": true});
    assert_eq!(
        key("depends_on", "links: ['db:database']\nnetwork_mode: service:vpn\nvolumes_from: [data:ro]"),
        json!({"db": restarted, "vpn": restarted, "data": started})
    );
}

#[test]
fn variables_are_texts_or_null() {
    assert_eq!(
        key("environment", "environment: {A: 1, B: true, C: 1.50, D: '', E: null}"),
        json!({"A": "1", "B": "true", "C": "1.5", "D": "", "E": null})
    );
    assert_eq!(key("environment", "environment: [A=1, A=2, B]"), json!({"A": "2", "B": null}));
    assert_eq!(key("labels", "labels: [a=1, b]"), json!({"a": "1", "b": ""}));
}

#[test]
fn env_files_are_read_under_the_environment() {
    let files = [
        (
            "compose.yaml",
            "services:\n  web:\n    image: web:${TAG}\n    environment: [A=own, TAG]\n    env_file: [web.env, {path: gone.env, required: false}]\n",
        ),
        (".env", "TAG=7\n"),
        ("web.env", "A=file\nB=x${TAG}\n"),
    ];
    let (model, errors) = resolve_all(&files);
    assert_eq!(errors, Vec::<String>::new());
    let web = &model["services"]["web"];
    assert_eq!(web["environment"], json!({"A": "own", "B": "x7", "TAG": "7"}));
    assert_eq!(
        web["env_file"],
        json!([{"path": "/srv/shop/web.env"}, {"path": "/srv/shop/gone.env", "required": false}])
    );
    assert_eq!(web["image"], json!("web:7"));
}

#[test]
fn what_the_engine_refuses_is_an_error() {
    let text =
        "services:\n  web:\n    image: web:${TAG:?say one}\n    env_file: gone.env\n    ports: ['x']\n";
    let (_, errors) = resolve_all(&[("compose.yaml", text)]);
    assert_eq!(
        errors,
        [
            "the required variable `TAG` has no value: say one",
            "`x` is not a port or a range of ports",
            "the env file `/srv/shop/gone.env` does not exist",
        ]
    );
}

#[test]
fn unset_variables_are_blank_and_blank_is_nothing() {
    assert_eq!(key("hostname", "hostname: $NOBODY"), Json::Null);
    assert_eq!(key("command", "command: run ${NOBODY} x"), json!(["run", "x"]));
    assert_eq!(key("command", "command: []"), json!([]));
}

#[test]
fn commands_and_healthchecks_are_lists() {
    assert_eq!(key("entrypoint", "entrypoint: sh -c 'a b'"), json!(["sh", "-c", "a b"]));
    assert_eq!(
        key("healthcheck", "healthcheck: {test: curl x, interval: 90s, retries: 0}"),
        json!({"test": ["CMD-SHELL", "curl x"], "interval": "1m30s", "retries": 0})
    );
}

#[test]
fn quantities_are_in_their_canonical_units() {
    assert_eq!(key("mem_limit", "mem_limit: 512m"), json!("536870912"));
    assert_eq!(key("cpus", "cpus: '0.5'"), json!(0.5));
    assert_eq!(key("cpus", "cpus: 2.0"), json!(2));
    assert_eq!(key("stop_grace_period", "stop_grace_period: 0s"), json!("0s"));
    assert_eq!(key("init", "init: false"), json!(false));
    assert_eq!(key("tty", "tty: false"), Json::Null);
}

#[test]
fn grants_devices_hosts_and_limits_are_written_out() {
    assert_eq!(key("secrets", "secrets: [s]"), json!([{"source": "s", "target": "/run/secrets/s"}]));
    assert_eq!(
        key("configs", "configs: [c, {source: d, target: /d, mode: 0440}]"),
        json!([{"source": "c"}, {"source": "d", "target": "/d", "mode": "0440"}])
    );
    assert_eq!(
        key("devices", "devices: ['/dev/a', '/dev/b:/dev/c:r']"),
        json!([
            {"source": "/dev/a", "target": "/dev/a", "permissions": "rwm"},
            {"source": "/dev/b", "target": "/dev/c", "permissions": "r"},
        ])
    );
    assert_eq!(key("extra_hosts", "extra_hosts: ['b:1.2.3.4', 'a=[::1]']"), json!(["a=::1", "b=1.2.3.4"]));
    assert_eq!(
        key("ulimits", "ulimits: {nproc: 5, nofile: {soft: 1, hard: 2}}"),
        json!({"nproc": 5, "nofile": {"soft": 1, "hard": 2}})
    );
    assert_eq!(key("gpus", "gpus: all"), json!([{"count": -1}]));
    assert_eq!(key("tmpfs", "tmpfs: /run"), json!(["/run"]));
}

#[test]
fn resources_are_named_by_the_project_unless_they_are_others() {
    let model = resolve(
        "name: other\nservices: {}\nvolumes: {a: null, b: {external: true}, c: {external: {name: x}}}\nsecrets: {s: {file: ./s.txt}}\n",
    );
    assert_eq!(
        model["volumes"],
        json!({"a": {"name": "other_a"}, "b": {"name": "b", "external": true}, "c": {"name": "x", "external": true}})
    );
    assert_eq!(model["secrets"], json!({"s": {"name": "other_s", "file": "/srv/shop/s.txt"}}));
}

#[test]
fn extensions_stay_as_they_are_and_the_version_goes() {
    let model = resolve("version: '3'\nservices: {}\nx-a: {b: [1, 1.5, null, '${NOBODY}x']}\n");
    assert_eq!(model["x-a"], json!({"b": [1, 1.5, null, "x"]}));
    assert_eq!(model["version"], Json::Null);
}

#[test]
fn what_a_build_takes_from_elsewhere_has_absolute_paths() {
    let text = "build:\n  context: .\n  ssh: [default, deploy=./keys/id]\n  additional_contexts: {docs: ../docs, base: 'docker-image://alpine:3', api: 'service:api'}\n  secrets: [token, {source: key, target: id}]";
    let build = key("build", text);
    assert_eq!(build["ssh"], json!(["default", "deploy=/srv/shop/keys/id"]));
    assert_eq!(
        build["additional_contexts"],
        json!({"api": "service:api", "base": "docker-image://alpine:3", "docs": "/srv/docs"})
    );
    assert_eq!(build["secrets"], json!([{"source": "token"}, {"source": "key", "target": "id"}]));
    assert_eq!(key("build", "build: {ssh: default}")["ssh"], json!(["default"]));
}

#[test]
fn long_forms_of_hosts_devices_and_limits_are_written_out() {
    assert_eq!(
        key("extra_hosts", "extra_hosts: {b: '[::1]', a: [1.2.3.4, 1.2.3.5], c: '1.1.1.1,2.2.2.2'}"),
        json!(["a=1.2.3.4", "a=1.2.3.5", "b=::1", "c=1.1.1.1", "c=2.2.2.2"])
    );
    assert_eq!(
        key("devices", "devices: [{source: /dev/a, target: /dev/b, permissions: r}, '/dev/c:/dev/b']"),
        json!([{"source": "/dev/c", "target": "/dev/b", "permissions": "rwm"}])
    );
    assert_eq!(key("ulimits", "ulimits: {core: 0}"), json!({"core": {"soft": 0, "hard": 0}}));
    assert_eq!(
        key("secrets", "secrets: [{source: s, mode: '0440'}]"),
        json!([{"source": "s", "target": "/run/secrets/s", "mode": "0440"}])
    );
    assert_eq!(key("dns", "dns: [1.1.1.1, '$NOBODY', 1.1.1.1]"), json!(["1.1.1.1"]));
    assert_eq!(key("dns", "dns: ['$NOBODY']"), Json::Null);
}

#[test]
fn a_request_for_devices_is_for_all_that_it_does_not_count_or_name() {
    let requests = "gpus:\n  - {driver: nvidia}\n  - {count: 2}\n  - {count: all}\n  - {device_ids: ['0']}\n  - {count: 0}";
    assert_eq!(
        key("gpus", requests),
        json!([{"driver": "nvidia", "count": -1}, {"count": 2}, {"count": -1}, {"device_ids": ["0"]}, {}])
    );
    let deploy = "deploy: {resources: {reservations: {devices: [{capabilities: [gpu], count: all}]}}}";
    assert_eq!(
        key("deploy", deploy)["resources"]["reservations"]["devices"],
        json!([{"capabilities": ["gpu"], "count": -1}])
    );
}

#[test]
fn label_files_are_read_under_the_labels() {
    let files = [
        (
            "compose.yaml",
            "services:\n  web:\n    image: web\n    labels: {a: own}\n    label_file: [one.labels, ./two.labels]\n",
        ),
        ("one.labels", "a=file\nb=one\nc=one\n"),
        ("two.labels", "c=two\n"),
    ];
    let (model, errors) = resolve_all(&files);
    assert_eq!(errors, Vec::<String>::new());
    let web = &model["services"]["web"];
    assert_eq!(web["labels"], json!({"a": "own", "b": "one", "c": "two"}));
    assert_eq!(web["label_file"], json!(["/srv/shop/one.labels", "/srv/shop/two.labels"]));
    let (_, errors) = resolve_all(&files[..2]);
    assert_eq!(errors, ["the label file `/srv/shop/two.labels` does not exist"]);
}

#[test]
fn an_env_file_is_read_in_the_format_that_is_said() {
    let files = [
        ("compose.yaml", "services:\n  web:\n    image: web\n    env_file: [{path: web.env, format: raw}]\n"),
        ("web.env", "A='$B'\n"),
    ];
    let (model, errors) = resolve_all(&files);
    assert_eq!(errors, Vec::<String>::new());
    let web = &model["services"]["web"];
    assert_eq!(web["environment"], json!({"A": "'$B'"}));
    assert_eq!(web["env_file"], json!([{"path": "/srv/shop/web.env", "format": "raw"}]));
}

#[test]
fn models_what_is_watched_and_bound_volumes_are_written_out() {
    let model = resolve(
        "services:\n  web:\n    image: web\n    models: [llm]\n    develop: {watch: [{path: ./src, action: sync, target: /src}]}\nmodels: {llm: {model: ai/small}}\nvolumes: {data: {driver: local, driver_opts: {type: none, o: bind, device: ./data}}, far: {driver: nfs, driver_opts: {o: bind, device: ./data}}}\n",
    );
    let web = &model["services"]["web"];
    assert_eq!(web["models"], json!({"llm": null}));
    assert_eq!(
        web["develop"]["watch"],
        json!([{"path": "/srv/shop/src", "action": "sync", "target": "/src"}])
    );
    assert_eq!(model["volumes"]["data"]["driver_opts"]["device"], json!("/srv/shop/data"));
    assert_eq!(model["volumes"]["far"]["driver_opts"]["device"], json!("./data"));
}

#[test]
fn numbers_and_dates_are_texts_as_the_engine_writes_them() {
    assert_eq!(
        key("environment", "environment: {A: .inf, B: -.inf, C: .nan, D: 1e3, E: 2020-01-02}"),
        json!({"A": "+Inf", "B": "-Inf", "C": "NaN", "D": "1000", "E": "2020-01-02 00:00:00 +0000 UTC"})
    );
}
