//! Projects as the rules see them: merged, interpolated, joined with what they build.

use std::path::{Path, PathBuf};

use composelint::compose::file::Workspace;
use composelint::compose::project::{Build, Deployment, Project};
use composelint::compose::service::{Health, RunsAs, Test};
use composelint::discover::discover;
use composelint::fs::Memory;
use composelint::source::Span;
use composelint::yaml::{Kind, Yaml};

fn memory(files: &[(&str, &str)]) -> Memory {
    let memory = Memory::new();
    for (path, text) in files {
        memory.insert(path, text.as_bytes());
    }
    memory
}

/// Loads the files that are Compose files as one deployment and hands the project out.
fn with_project<T>(files: &[(&str, &str)], look: impl FnOnce(&Project, &dyn Fn(Span) -> String) -> T) -> T {
    let memory = memory(files);
    let workspace = Workspace::new(&memory);
    let compose = files.iter().map(|(path, _)| PathBuf::from(path));
    let compose = compose.filter(|path| path.extension().is_some_and(|it| it == "yaml")).collect();
    let project = Project::load(&workspace, &Deployment { files: compose, ..Deployment::default() });
    look(&project, &|span| workspace.sources().slice(span))
}

/// A value as one line of JSON-like text.
fn shown(value: Yaml<'_>) -> String {
    match value.kind() {
        Kind::Scalar => value.as_str().map_or("null".into(), str::to_owned),
        Kind::Sequence => format!("[{}]", value.items().map(shown).collect::<Vec<_>>().join(", ")),
        Kind::Mapping => {
            let entries = value.entries().map(|it| format!("{}: {}", it.name(), shown(it.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// What `web` is after `over` is merged onto `base`, both the text under `web:`.
fn merged(base: &str, over: &str) -> String {
    let file =
        |text: &str| format!("services:\n  web:\n{}", text.replace("  ", "      ").replace("^", "    "));
    let (base, over) = (file(base), file(over));
    with_project(&[("a.yaml", &base), ("b.yaml", &over)], |project, _| {
        shown(project.service("web").expect("web is there").yaml())
    })
}

#[test]
fn mappings_merge_and_scalars_are_replaced() {
    assert_eq!(
        merged("^image: a\n^deploy: {mode: global}\n", "^image: b\n^deploy: {replicas: 2}\n"),
        "{image: b, deploy: {mode: global, replicas: 2}}"
    );
}

#[test]
fn lists_are_appended_and_commands_replaced() {
    assert_eq!(
        merged("^cap_add: [A]\n^command: [a, b]\n", "^cap_add: [B, A]\n^command: c\n"),
        "{cap_add: [A, B], command: c}"
    );
    assert_eq!(
        merged("^healthcheck: {test: [CMD, a], retries: 2}\n", "^healthcheck: {test: [CMD, b]}\n"),
        "{healthcheck: {test: [CMD, b], retries: 2}}"
    );
}

#[test]
fn environment_merges_by_name_in_both_forms() {
    assert_eq!(
        merged("^environment: [A=1, B=2]\n", "^environment: {B: 3, C: 4}\n"),
        "{environment: {A: 1, B: 3, C: 4}}"
    );
    assert_eq!(merged("^environment: [A=1, B=2]\n", "^environment: [B=3]\n"), "{environment: [A=1, B=3]}");
}

#[test]
fn ports_and_mounts_are_one_by_what_they_are() {
    assert_eq!(
        merged("^ports: [\"80:80\", \"81:81\"]\n", "^ports: [\"80:80/tcp\", \"90:80\"]\n"),
        "{ports: [80:80/tcp, 81:81, 90:80]}"
    );
    assert_eq!(
        merged("^volumes: [\"va:/x\", \"vb:/y\"]\n", "^volumes: [\"./c:/x/:ro\"]\n"),
        "{volumes: [./c:/x/:ro, vb:/y]}"
    );
}

#[test]
fn reset_takes_away_and_override_replaces() {
    assert_eq!(merged("^image: a\n^ports: [\"80:80\"]\n", "^ports: !reset []\n"), "{image: a}");
    assert_eq!(merged("^ports: [\"80:80\"]\n", "^ports: !override [\"90:90\"]\n"), "{ports: [90:90]}");
    assert_eq!(
        merged("^environment: {A: 1, B: 2}\n", "^environment: {A: !reset null}\n"),
        "{environment: {B: 2}}"
    );
}

#[test]
fn short_forms_meet_long_ones() {
    assert_eq!(
        merged("^depends_on: [db]\n", "^depends_on: {db: {condition: service_healthy}}\n"),
        "{depends_on: {db: {condition: service_healthy}}}"
    );
    assert_eq!(merged("^build: ./a\n", "^build: {target: prod}\n"), "{build: {context: ./a, target: prod}}");
    assert_eq!(merged("^env_file: a.env\n", "^env_file: [b.env]\n"), "{env_file: [a.env, b.env]}");
}

#[test]
fn logging_of_another_driver_replaces() {
    assert_eq!(
        merged("^logging: {driver: json-file, options: {max-size: 1m}}\n", "^logging: {driver: syslog}\n"),
        "{logging: {driver: syslog}}"
    );
    assert_eq!(
        merged("^logging: {driver: local, options: {a: b}}\n", "^logging: {options: {c: d}}\n"),
        "{logging: {driver: local, options: {a: b, c: d}}}"
    );
}

#[test]
fn every_value_keeps_its_file() {
    let base = "services:\n  web:\n    image: base\n    user: \"1\"\n";
    let over = "services:\n  web:\n    image: over\n";
    with_project(&[("a.yaml", base), ("b.yaml", over)], |project, text| {
        let web = project.service("web").expect("web is there");
        assert_eq!(text(web.get("image").expect("it has an image").span()), "over");
        assert_eq!(text(web.get("user").expect("it has a user").span()), "\"1\"");
        let (image, user) = (web.get("image").expect("above"), web.get("user").expect("above"));
        assert_ne!(image.span().source, user.span().source);
    });
}

#[test]
fn variables_come_from_the_env_file_and_defaults_and_nowhere_else() {
    let files = [
        (
            "compose.yaml",
            "services:\n  web:\n    image: app:${TAG}\n    user: ${WHO:-app}\n    hostname: ${UNSET}\n    domainname: ${HOME}\n    working_dir: $$X\n",
        ),
        (".env", "TAG=1.2\n"),
    ];
    with_project(&files, |project, text| {
        let web = project.service("web").expect("web is there");
        assert_eq!(web.text("image").map(|it| it.value), Some("app:1.2"));
        let user = web.get("user").expect("it has a user");
        assert_eq!(user.as_str(), Some("app"));
        assert_eq!(text(user.part(0..3)), "app");
        assert_eq!(web.text("hostname"), None);
        assert!(web.get("hostname").expect("it is written").is_unknown());
        assert_eq!(web.text("domainname"), None);
        assert_eq!(web.text("working_dir").map(|it| it.value), Some("$X"));
        let tag = web.image().and_then(|image| image.tag).expect("the image has a tag");
        assert_eq!((tag.value, text(tag.span).as_str()), ("1.2", "1.2"));
    });
}

#[test]
fn a_sample_of_the_env_file_makes_its_variables_unknown() {
    let files = [
        ("compose.yaml", "services:\n  web:\n    user: ${WHO:-app}\n    image: ${IMAGE:-nginx}\n"),
        (".env.example", "WHO=\n"),
    ];
    with_project(&files, |project, _| {
        let web = project.service("web").expect("web is there");
        assert!(web.get("user").expect("it is written").is_unknown());
        assert_eq!(web.text("image").map(|it| it.value), Some("nginx"));
    });
}

#[test]
fn parts_of_short_syntaxes_have_their_own_bytes() {
    let file = "services:\n  web:\n    image: \"reg.example:5000/team/app:1.2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n    ports: ['127.0.0.1:8080-8081:80-81/udp']\n    volumes:\n      - ./data:/var/lib/data:ro,z\n    environment:\n      - A=b\\c\n";
    with_project(&[("compose.yaml", file)], |project, text| {
        let web = project.service("web").expect("web is there");
        let image = web.image().expect("it is a reference");
        assert_eq!(text(image.tag.expect("it has a tag").span), "1.2");
        assert_eq!(text(image.registry.expect("it has a registry").span), "reg.example:5000");
        let ports = web.ports();
        assert_eq!(text(ports[0].port.host_ip.expect("it has an address").span), "127.0.0.1");
        assert_eq!(text(ports[0].port.target.span), "80-81");
        let mounts = web.mounts();
        assert_eq!(text(mounts[0].mount.target.expect("it has a target").span), "/var/lib/data");
        assert!(mounts[0].is_read_only);
        let variables = web.environment();
        assert_eq!(text(variables[0].value.expect("it has a value").span), "b\\c");
    });
}

#[test]
fn one_bad_value_hides_no_other() {
    let file = "services:\n  web:\n    image: a\n    ports: [\"80:80\", \"x:y:z\", \"81:81\", {target: 82, published: \"8082\"}]\n    volumes: [\"/x::ro\", \"v:/data\", {type: bind, source: ./x, target: /y, read_only: true}]\n    depends_on: [db, {x: y}]\n  broken: 3\n";
    with_project(&[("compose.yaml", file)], |project, _| {
        let web = project.service("web").expect("web is there");
        let published: Vec<u16> =
            web.ports().iter().filter_map(|it| Some(it.port.published?.value.start)).collect();
        assert_eq!(published, [80, 81, 8082]);
        assert_eq!(web.mounts().len(), 2);
        assert!(web.mounts()[1].is_read_only);
        assert_eq!(web.depends_on().len(), 1);
        assert!(project.service("broken").is_none());
    });
}

#[test]
fn a_service_leads_to_the_stage_that_it_builds() {
    let dockerfile = "FROM golang:1.24 AS build\nUSER root\nFROM alpine:3.22 AS run\nUSER app\nHEALTHCHECK CMD true\nFROM run\nEXPOSE 80\n";
    let file = "services:\n  last:\n    build: ./app\n  named:\n    build: {context: app, target: build}\n  gone:\n    build: {context: app, target: nothing}\n  remote:\n    build: https://example.com/x.git\n";
    with_project(&[("compose.yaml", file), ("app/Dockerfile", dockerfile)], |project, _| {
        let service = |name: &str| project.service(name).expect("it is there");
        assert_eq!(service("last").stage().map(|stage| stage.index()), Some(2));
        assert_eq!(service("last").health(), Health::Built);
        assert_eq!(service("last").runs_as(), RunsAs::Other);
        assert!(matches!(service("named").runs_as(), RunsAs::RootByStage(_)));
        assert!(matches!(service("gone").build(), Build::OutOfReach));
        assert!(matches!(service("remote").build(), Build::OutOfReach));
        assert_eq!(service("remote").health(), Health::Unknown);
    });
}

#[test]
fn build_arguments_of_compose_decide_the_base() {
    let file = "services:\n  web:\n    build:\n      context: .\n      args: [BASE=postgres:17]\n";
    let dockerfile = "ARG BASE=alpine:3.22\nFROM $BASE\n";
    with_project(&[("compose.yaml", file), ("Dockerfile", dockerfile)], |project, _| {
        // PostgreSQL's entrypoint gives up root; Alpine would stay root.
        assert_eq!(project.service("web").expect("web is there").runs_as(), RunsAs::Other);
    });
}

#[test]
fn an_inline_dockerfile_maps_back_to_the_compose_file() {
    let file = "services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM alpine:3.22\n        RUN true \\\n          && false\n        USER root\n";
    with_project(&[("compose.yaml", file)], |project, text| {
        let web = project.service("web").expect("web is there");
        let RunsAs::RootByStage(span) = web.runs_as() else { panic!("it runs as root by its stage") };
        assert_eq!(text(span), "root");
    });
}

#[test]
fn healthchecks_have_three_forms() {
    let file = "services:\n  a:\n    healthcheck: {test: curl x}\n  b:\n    healthcheck: {test: [CMD, curl, x]}\n  c:\n    healthcheck: {test: [NONE]}\n  d:\n    image: postgres:17\n    healthcheck: {interval: 5s}\n  e:\n    healthcheck: {disable: true}\n";
    with_project(&[("compose.yaml", file)], |project, _| {
        let test =
            |name: &str| project.service(name).and_then(|it| it.healthcheck()).and_then(|it| it.test());
        assert!(matches!(test("a"), Some(Test::Shell(_))));
        assert!(matches!(test("b"), Some(Test::Exec(words)) if words.len() == 2));
        assert!(matches!(test("c"), Some(Test::None(_))));
        assert!(test("d").is_none());
        assert_eq!(project.service("d").expect("d is there").health(), Health::Missing);
        assert!(matches!(project.service("e").expect("e is there").health(), Health::Disabled(_)));
    });
}

#[test]
fn limits_come_from_deploy_or_the_service() {
    let file = "services:\n  a:\n    mem_limit: 512m\n    cpus: \"1.5\"\n  b:\n    deploy: {resources: {limits: {memory: 1G, cpus: 2}, reservations: {memory: 100M}}}\n";
    with_project(&[("compose.yaml", file)], |project, _| {
        let service = |name: &str| project.service(name).expect("it is there");
        assert_eq!(service("a").limits().memory.map(|it| it.value), Some(512 << 20));
        assert_eq!(service("a").limits().cpus.map(|it| it.value), Some(1.5));
        assert_eq!(service("b").limits().memory.map(|it| it.value), Some(1 << 30));
        assert_eq!(service("b").reservations().memory.map(|it| it.value), Some(100 << 20));
    });
}

/// The deployments of a directory: files joined with `+`, with `~` before a fragment and `!` behind
/// one for production.
fn deployments(files: &[(&str, &str)], paths: &[&str]) -> Vec<String> {
    let memory = memory(files);
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    let found = discover(&memory, &Workspace::new(&memory), &paths, false);
    let name = |path: &PathBuf| path.to_string_lossy().into_owned();
    let deployments = found.deployments.iter().map(|deployment| {
        let files: Vec<String> = deployment.files.iter().map(name).collect();
        let (before, behind) =
            (if deployment.is_fragment { "~" } else { "" }, if deployment.is_production { "!" } else { "" });
        format!("{before}{}{behind}", files.join("+"))
    });
    deployments.chain(found.dockerfiles.iter().map(name)).collect()
}

const WHOLE: &str = "services: {web: {image: nginx}}\n";
const PART: &str = "services: {web: {user: app}}\n";

#[test]
fn a_directory_has_one_deployment_an_overlay() {
    let files = [
        ("compose.yaml", WHOLE),
        ("compose.override.yaml", PART),
        ("compose.prod.yaml", PART),
        ("compose.test.yaml", WHOLE),
        ("Dockerfile", "FROM scratch\n"),
    ];
    assert_eq!(
        deployments(&files, &["."]),
        [
            "compose.yaml+compose.override.yaml",
            "compose.yaml+compose.prod.yaml!",
            "compose.test.yaml!",
            "Dockerfile",
        ]
    );
}

#[test]
fn without_an_overlay_for_production_the_base_is_what_ships() {
    assert_eq!(
        deployments(&[("docker-compose.yml", WHOLE), ("docker-compose.dev.yml", PART)], &["."]),
        ["docker-compose.yml!", "docker-compose.yml+docker-compose.dev.yml!"]
    );
}

#[test]
fn a_part_without_a_base_is_a_fragment() {
    assert_eq!(deployments(&[("compose.prod.yaml", PART)], &["."]), ["~compose.prod.yaml!"]);
    let names = "services: {web: {image: nginx, networks: [outside]}}\n";
    assert_eq!(deployments(&[("web.compose.yaml", names)], &["."]), ["~web.compose.yaml!"]);
}

#[test]
fn a_file_brings_the_deployments_it_is_part_of() {
    let files = [("compose.yaml", WHOLE), ("compose.prod.yaml", PART), ("compose.dev.yaml", PART)];
    assert_eq!(deployments(&files, &["compose.prod.yaml"]), ["compose.yaml+compose.prod.yaml!"]);
    assert_eq!(deployments(&files, &["compose.yaml"]).len(), 3);
    let stack =
        [("compose.yaml", WHOLE), ("stack.yml", "services: {web: {image: nginx, depends_on: [gone]}}\n")];
    assert_eq!(deployments(&stack, &["stack.yml"]), ["stack.yml!"]);
}

#[test]
fn projects_of_one_tree_are_apart() {
    let files =
        [("a/compose.yaml", WHOLE), ("b/docker-compose.yml", WHOLE), ("b/x.Dockerfile", "FROM scratch\n")];
    assert_eq!(deployments(&files, &["."]), ["a/compose.yaml!", "b/docker-compose.yml!", "b/x.Dockerfile"]);
    assert!(Path::new("a").is_relative());
}

#[test]
fn what_another_file_includes_or_extends_is_a_part_of_it() {
    let root = "include: [a/compose.yaml, {path: [b/compose.yaml]}]\nservices: {web: {extends: {file: ./compose.common.yaml, service: web}}}\n";
    let files = [
        ("a/compose.yaml", WHOLE),
        ("b/compose.yaml", "services: {web: {image: nginx, networks: [front]}}\n"),
        ("c/compose.yaml", WHOLE),
        ("compose.common.yaml", WHOLE),
        ("compose.yaml", root),
    ];
    assert_eq!(
        deployments(&files, &["."]),
        ["compose.yaml!", "~compose.common.yaml!", "a/compose.yaml!", "~b/compose.yaml!", "c/compose.yaml!"]
    );
}
