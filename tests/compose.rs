//! Projects as the rules see them: merged, interpolated, joined with what they build.

use std::path::{Path, PathBuf};

use composelint::compose::environment::Origin;
use composelint::compose::file::Workspace;
use composelint::compose::load::{LoadProblem, LoadProblemKind};
use composelint::compose::project::{Build, Deployment, Project, Unset};
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
        merged("^command: [a, b]\n^entrypoint: [a]\n", "^command: [c]\n^entrypoint: [b]\n"),
        "{command: [c], entrypoint: [b]}"
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
    assert_eq!(
        merged("^environment: {A: 1, B: 2}\n", "^environment: [A, B=x=y]\n"),
        "{environment: {A: null, B: x=y}}"
    );
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
    assert_eq!(
        merged("^secrets: [a, b]\n", "^secrets: [{source: c, target: /run/secrets/a}, b]\n"),
        "{secrets: [{source: c, target: /run/secrets/a}, b]}"
    );
    assert_eq!(
        merged("^devices: [/dev/a, \"/dev/b:/dev/c\"]\n", "^devices: [\"/dev/x:/dev/a:r\"]\n"),
        "{devices: [/dev/x:/dev/a:r, /dev/b:/dev/c]}"
    );
    let many: Vec<String> = (1..=20).map(|number| format!("\"{number}:{number}\"")).collect();
    let many =
        merged(&format!("^ports: [{}]\n", many.join(", ")), "^ports: [\"3:3/tcp\", \"20:20\", \"9:10\"]\n");
    assert_eq!(many.matches(':').count(), 22, "{many}");
    assert!(many.contains("2:2, 3:3/tcp, 4:4") && many.ends_with("19:19, 20:20, 9:10]}"), "{many}");
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
    assert_eq!(
        merged("^build: {context: ./a, target: prod}\n", "^build: ./b\n"),
        "{build: {target: prod, context: ./b}}"
    );
    assert_eq!(merged("^build: ./a\n", "^build: {context: ./b}\n"), "{build: {context: ./b}}");
    assert_eq!(merged("^build: {context: ./a}\n", "^build: null\n"), "{build: {context: ./a}}");
    assert_eq!(merged("^env_file: a.env\n", "^env_file: [b.env]\n"), "{env_file: [a.env, b.env]}");
    assert_eq!(merged("^env_file: [{path: a.env}]\n", "^env_file: a.env\n"), "{env_file: [a.env]}");
    assert_eq!(merged("^dns: [a]\n", "^dns: null\n"), "{dns: [a]}");
    assert_eq!(merged("^networks: null\n", "^networks: [a]\n"), "{networks: [a]}");
    assert_eq!(merged("^networks: [a]\n", "^networks: [b, a]\n"), "{networks: [a, b]}");
    assert_eq!(
        merged("^depends_on: {db: {condition: service_healthy}}\n", "^depends_on: [web, db]\n"),
        "{depends_on: {db: {condition: service_healthy}, web: null}}"
    );
}

#[test]
fn hosts_keep_all_their_addresses() {
    assert_eq!(
        merged("^extra_hosts: {a: 1.1.1.1, b: [2.2.2.2, 3.3.3.3]}\n", "^extra_hosts: [a=4.4.4.4]\n"),
        "{extra_hosts: [a=1.1.1.1, b=2.2.2.2, b=3.3.3.3, a=4.4.4.4]}"
    );
    assert_eq!(
        merged("^extra_hosts: {a: 1.1.1.1}\n", "^extra_hosts: {a: 4.4.4.4}\n"),
        "{extra_hosts: [a=1.1.1.1, a=4.4.4.4]}"
    );
    assert_eq!(
        merged("^extra_hosts: {a: 1.1.1.1}\n", "^extra_hosts: {a: 4.4.4.4, b: 5.5.5.5}\n"),
        "{extra_hosts: [a=1.1.1.1, a=4.4.4.4, b=5.5.5.5]}"
    );
    assert_eq!(
        merged("^extra_hosts: {a: 1.1.1.1}\n", "^extra_hosts: {b: 4.4.4.4}\n"),
        "{extra_hosts: {a: 1.1.1.1, b: 4.4.4.4}}"
    );
    assert_eq!(
        merged("^build: {extra_hosts: [a=1.1.1.1]}\n", "^build: {extra_hosts: [a=1.1.1.1]}\n"),
        "{build: {extra_hosts: [a=1.1.1.1, a=1.1.1.1]}}"
    );
}

#[test]
fn a_limit_is_replaced_unless_both_say_soft_and_hard() {
    assert_eq!(
        merged("^ulimits: {nproc: 5, nofile: 9}\n", "^ulimits: {nproc: 6, nofile: {soft: 1, hard: 2}}\n"),
        "{ulimits: {nproc: 6, nofile: {soft: 1, hard: 2}}}"
    );
    assert_eq!(
        merged("^ulimits: {nofile: {soft: 1, hard: 2}}\n", "^ulimits: {nofile: {hard: 3}}\n"),
        "{ulimits: {nofile: {soft: 1, hard: 3}}}"
    );
    assert_eq!(
        merged("^ulimits: {nofile: {soft: 1, hard: 2}}\n", "^ulimits: {nofile: 4}\n"),
        "{ulimits: {nofile: 4}}"
    );
}

#[test]
fn subnets_of_a_network_are_merged_one_by_one() {
    let file = |config: &str| format!("services: {{}}\nnetworks:\n  n:\n    ipam:\n      config: {config}\n");
    let both = |base: &str, over: &str| {
        with_project(&[("a.yaml", &file(base)), ("b.yaml", &file(over))], |project, _| {
            let network = project.root().and_then(|root| root.get("networks")?.get("n")?.get("ipam"));
            shown(network.expect("the network is there"))
        })
    };
    assert_eq!(
        both(
            "[{subnet: 10.1.0.0/16, gateway: 10.1.0.1}, {subnet: 10.2.0.0/16}]",
            "[{subnet: 10.3.0.0/16}, {subnet: 10.1.0.0/16, ip_range: 10.1.5.0/24}]"
        ),
        "{config: [{subnet: 10.1.0.0/16, gateway: 10.1.0.1, ip_range: 10.1.5.0/24}, \
         {subnet: 10.2.0.0/16}, {subnet: 10.3.0.0/16}]}"
    );
    assert_eq!(both("null", "[{subnet: 10.3.0.0/16}]"), "{config: [{subnet: 10.3.0.0/16}]}");
    assert_eq!(both("[{subnet: 10.3.0.0/16}]", "null"), "{config: [{subnet: 10.3.0.0/16}]}");
    assert_eq!(both("[{subnet: 10.3.0.0/16}]", "x"), "{config: x}");
}

#[test]
fn labels_of_resources_merge_by_name_in_both_forms() {
    for section in ["networks", "volumes", "secrets", "configs"] {
        let file = |labels: &str| format!("services: {{}}\n{section}: {{n: {{labels: {labels}}}}}\n");
        let (base, over) = (file("[a=1, b=2, d]"), file("{b: 3, c: null, a: null}"));
        with_project(&[("a.yaml", &base), ("b.yaml", &over)], |project, _| {
            let root = project.root().expect("it is there");
            let resource = root.get(section).and_then(|it| it.get("n")).expect("it is there");
            assert_eq!(shown(resource), "{labels: {a: null, b: 3, d: null, c: null}}");
        });
    }
    assert_eq!(merged("^labels: {a: 1, b: 2}\n", "^labels: {a: null, b: 3}\n"), "{labels: {a: null, b: 3}}");
}

#[test]
fn a_name_is_known_though_its_value_is_not() {
    assert_eq!(merged("^environment: [A=$X, B=1]\n", "^environment: [A=2]\n"), "{environment: [A=2, B=1]}");
}

#[test]
fn parts_of_a_pair_have_their_own_bytes_after_merging() {
    let base = "services:\n  web:\n    image: x\n    environment: [KEY=some=value]\n";
    let over = "services:\n  web:\n    environment: {OTHER: 1}\n";
    with_project(&[("a.yaml", base), ("b.yaml", over)], |project, text| {
        let entry = project.service("web").and_then(|it| it.get("environment")?.entry("KEY"));
        let entry = entry.expect("it is merged");
        assert_eq!((text(entry.key.span()), text(entry.value.span())), ("KEY".into(), "some=value".into()));
        assert_eq!(entry.value.as_str(), Some("some=value"));
    });
}

#[test]
fn an_empty_file_changes_nothing() {
    let base = "services:\n  web:\n    image: web\n";
    for files in [[("a.yaml", base), ("b.yaml", "")], [("a.yaml", ""), ("b.yaml", base)]] {
        with_project(&files, |project, _| {
            assert_eq!(shown(project.service("web").expect("web is there").yaml()), "{image: web}");
        });
    }
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
        let key = |key: &str| web.entry(key).expect("above").key.span().source;
        assert_eq!((key("image"), key("user")), (image.span().source, user.span().source));
    });
}

#[test]
fn what_an_alias_repeats_is_known_to_be_repeated_after_merging() {
    let base = "x-l: &l {a: b}\nservices:\n  web: {image: base, labels: *l, expose: [1]}\n";
    let over = "services:\n  web: {user: me}\n";
    with_project(&[("a.yaml", base), ("b.yaml", over)], |project, _| {
        let web = project.service("web").expect("web is there");
        assert!(web.get("labels").expect("it has labels").is_shared());
        assert!(!web.get("expose").expect("it has ports").is_shared());
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
            "compose.test.yaml",
            "Dockerfile",
        ]
    );
}

#[test]
fn without_an_overlay_for_production_the_base_is_what_ships() {
    assert_eq!(
        deployments(&[("docker-compose.yml", WHOLE), ("docker-compose.dev.yml", PART)], &["."]),
        ["docker-compose.yml!", "docker-compose.yml+docker-compose.dev.yml"]
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

/// Loads the first of the files and hands the project out.
fn with_first<T>(files: &[(&str, &str)], look: impl FnOnce(&Project, &dyn Fn(Span) -> String) -> T) -> T {
    let memory = memory(files);
    let workspace = Workspace::new(&memory);
    let project = Project::load(&workspace, &deployment(&[files[0].0]));
    look(&project, &|span| workspace.sources().slice(span))
}

fn deployment(files: &[&str]) -> Deployment {
    Deployment { files: files.iter().map(PathBuf::from).collect(), ..Deployment::default() }
}

/// The services of the project of the first file, by name, as lines of JSON-like text.
fn loaded(files: &[(&str, &str)]) -> Vec<String> {
    with_first(files, |project, _| {
        assert_eq!(problems(files), Vec::<String>::new());
        let services = project.service_names().map(|name| {
            let service = project.service(name).expect("it is named");
            format!("{name}: {}", shown(service.yaml()))
        });
        services.collect()
    })
}

/// The problems of the project of the first file: kind, message, and the bytes at fault.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    with_first(files, |project, text| {
        let problem = |it: &LoadProblem| format!("{:?}: {} [{}]", it.kind, it.message, text(it.span));
        project.load_problems().iter().map(problem).collect()
    })
}

fn in_view(files: &[(&str, &str)]) -> Vec<String> {
    with_first(files, |project, _| {
        let services = project.services().filter(|service| service.is_in_view());
        services.map(|service| service.name().to_owned()).collect()
    })
}

#[test]
fn a_service_extends_one_of_its_file() {
    let file = "services:\n  a:\n    extends: {service: b}\n    command: run\n    ports: [\"81:81\"]\n  b:\n    extends: c\n    environment: [B=2]\n  c:\n    image: app\n    environment: [A=1]\n    ports: [\"80:80\"]\n    depends_on: [d]\n  d: {image: db}\n";
    assert_eq!(
        loaded(&[("compose.yaml", file)]),
        [
            "a: {image: app, environment: [A=1, B=2], ports: [80:80, 81:81], depends_on: [d], command: run}",
            "b: {image: app, environment: [A=1, B=2], ports: [80:80], depends_on: [d]}",
            "c: {image: app, environment: [A=1], ports: [80:80], depends_on: [d]}",
            "d: {image: db}",
        ]
    );
    with_first(&[("compose.yaml", file)], |project, text| {
        let a = project.service("a").expect("it is there");
        assert!(a.is_in_view());
        assert!(a.get("image").expect("it is extended").is_shared());
        assert!(!a.get("command").expect("it is its own").is_shared());
        assert_eq!(text(a.yaml().span()).lines().next(), Some("extends: {service: b}"));
    });
}

#[test]
fn the_paths_of_an_extended_file_are_its_own() {
    let common = "services:\n  base:\n    build: .\n    env_file: [a.env, {path: ./b.env}]\n    volumes: [./data:/data, named:/n, /abs:/abs, ~/x:/x, {type: bind, source: src, target: /src}]\n  far:\n    build: {context: https://example.com/x.git, additional_contexts: [docs=../docs, up=service:up]}\n";
    let root = "services:\n  web: {extends: {file: ../lib/common.yaml, service: base}}\n  far: {extends: {file: ../lib/common.yaml, service: far}}\n";
    let files = [
        ("app/compose.yaml", root),
        ("lib/common.yaml", common),
        ("lib/Dockerfile", "FROM alpine:3.22\nUSER app\n"),
    ];
    assert_eq!(
        loaded(&files),
        [
            "web: {build: ../lib, env_file: [../lib/a.env, {path: ../lib/b.env}], volumes: [../lib/data:/data, named:/n, /abs:/abs, ~/x:/x, {type: bind, source: ../lib/src, target: /src}]}",
            "far: {build: {context: https://example.com/x.git, additional_contexts: [docs=../docs, up=service:up]}}",
        ]
    );
    with_first(&files, |project, text| {
        let web = project.service("web").expect("it is there");
        assert_eq!(web.runs_as(), RunsAs::Other);
        let mount = &web.mounts()[0];
        assert_eq!(text(mount.mount.source.expect("it has one").span), "./data");
        assert_eq!(text(mount.mount.target.expect("it has one").span), "/data");
        assert_eq!(text(web.get("build").expect("it has one").span()), ".");
    });
}

#[test]
fn services_extend_one_another_through_files() {
    let mut files = vec![("compose.yaml".to_owned(), String::new())];
    for number in 0..200 {
        let next = number + 1;
        files.push((
            format!("d{number}/c.yaml"),
            format!(
                "services: {{s: {{labels: [l{number}=1], extends: {{file: ../d{next}/c.yaml, service: s}}}}}}\n"
            ),
        ));
    }
    files.push(("d200/c.yaml".to_owned(), "services: {s: {image: last, build: .}}\n".to_owned()));
    files[0].1 = "services: {s: {extends: {file: d0/c.yaml, service: s}}}\n".to_owned();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    with_first(&files, |project, _| {
        assert_eq!(project.load_problems(), []);
        let service = project.service("s").expect("it is there");
        assert_eq!(service.text("image").map(|it| it.value), Some("last"));
        assert_eq!(service.text("build").map(|it| it.value), Some("./d200"));
        assert_eq!(service.get("labels").expect("it has some").items().len(), 200);
    });
}

#[test]
fn what_a_service_resets_is_reset_in_what_it_extends_and_overrides() {
    let base = "services:\n  web:\n    ports: [\"1:1\"]\n    volumes: [a:/a]\n";
    let over = "services:\n  old:\n    ports: [\"2:2\"]\n    command: x\n  web:\n    extends: old\n    ports: !override [\"3:3\"]\n    volumes: !reset []\n    command: !reset null\n";
    with_project(&[("a.yaml", base), ("b.yaml", over)], |project, _| {
        assert_eq!(shown(project.service("web").expect("it is there").yaml()), "{ports: [3:3]}");
    });
}

#[test]
fn an_extends_that_leads_nowhere_is_one_problem_and_hides_its_service() {
    let one = |extends: &str| {
        let root = format!("services:\n  web:\n    extends: {extends}\n  other: {{image: x}}\n");
        let files = [
            ("compose.yaml", root.as_str()),
            ("none.yaml", "volumes: {}\n"),
            ("some.yaml", "services: {base: {image: x}, empty: }\n"),
            ("dir/compose.yaml", WHOLE),
        ];
        (problems(&files), in_view(&files))
    };
    let said = |extends: &str| {
        let (problems, in_view) = one(extends);
        assert_eq!(in_view, ["other"], "{extends}");
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems.into_iter().next().unwrap_or_default()
    };
    assert_eq!(
        said("{file: some.yaml, service: bas}"),
        "Extends: service `web` cannot extend `bas`: `some.yaml` has no such service [bas]"
    );
    assert_eq!(
        said("{file: none.yaml, service: base}"),
        "Extends: service `web` cannot extend `base`: `none.yaml` has no services [none.yaml]"
    );
    assert_eq!(
        said("{file: gone.yaml, service: base}"),
        "Extends: `gone.yaml` cannot be read: there is no such file [gone.yaml]"
    );
    assert_eq!(said("{file: dir, service: base}"), "Extends: `dir` cannot be read: it is a directory [dir]");
    assert_eq!(
        said("{file: \"https://example.com/x.yaml\", service: base}"),
        "OutOfReach: `https://example.com/x.yaml` is fetched from elsewhere, and is not looked at [\"https://example.com/x.yaml\"]"
    );
    assert_eq!(said("web"), "Extends: service `web` extends itself [web]");
    assert_eq!(one("{file: some.yaml, service: empty}"), (vec![], vec!["web".into(), "other".into()]));
    assert_eq!(one("{file: $FILE, service: base}"), (vec![], vec!["other".into()]));
}

#[test]
fn services_that_extend_one_another_in_a_circle_are_one_problem() {
    let file = "services:\n  a: {extends: b}\n  b: {extends: c}\n  c: {extends: b}\n";
    assert_eq!(
        problems(&[("compose.yaml", file)]),
        ["Extends: services extend one another in a circle: `b` → `c` → `b` [b]"]
    );
    let one = "services: {web: {extends: {file: b.yaml, service: web}}}\n";
    let other = "services: {web: {extends: {file: a.yaml, service: web}}}\n";
    let files = [("a.yaml", one), ("b.yaml", other)];
    assert_eq!(problems(&files).len(), 1);
    assert_eq!(in_view(&files), Vec::<String>::new());
}

#[test]
fn a_circle_of_many_is_told_in_one_line() {
    let services: String =
        (0..12).map(|number| format!("  s{number}: {{extends: s{}}}\n", (number + 1) % 12)).collect();
    let services = format!("services:\n{services}");
    assert_eq!(
        problems(&[("compose.yaml", &services)])[0],
        "Extends: service `s0` extends itself through 11 others [s0]"
    );
    let few: String =
        (0..8).map(|number| format!("  s{number}: {{extends: s{}}}\n", (number + 1) % 8)).collect();
    assert_eq!(
        problems(&[("compose.yaml", &format!("services:\n{few}"))])[0],
        "Extends: services extend one another in a circle: \
         `s0` → `s1` → `s2` → `s3` → `s4` → `s5` → `s6` → `s7` → `s0` [s0]"
    );
    let names: Vec<String> = (0..10).map(|number| format!("f{number}.yaml")).collect();
    let texts: Vec<String> =
        (0..10).map(|number| format!("include: [f{}.yaml]\n", (number + 1) % 10)).collect();
    let files: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    assert_eq!(problems(&files), ["Include: `f0.yaml` includes itself through 9 others [f0.yaml]"]);
}

#[test]
fn no_more_services_extend_one_another_than_the_limit() {
    let chain = |length: usize| {
        let mut file = "services:\n".to_owned();
        for number in 1..length {
            file += &format!("  s{}: {{extends: s{number}}}\n", number - 1);
        }
        file += &format!("  s{}: {{image: x}}\n", length - 1);
        problems(&[("compose.yaml", &file)])
    };
    assert_eq!(chain(512), Vec::<String>::new());
    assert_eq!(chain(514).len(), 1);
    assert_eq!(chain(514)[0], "Limit: more than 512 services extend one another [s512]");
}

#[test]
fn services_of_one_name_in_several_files_are_not_taken_for_one_another() {
    let files = [
        (
            "compose.yaml",
            "services:\n  web: {extends: {file: lib.yaml, service: x}}\n  x: {image: own, extends: y}\n  y: {user: me}\n",
        ),
        ("lib.yaml", "services: {x: {image: other, extends: x}}\n"),
    ];
    assert_eq!(problems(&files).len(), 1);
    with_first(&files, |project, _| {
        let x = project.service("x").expect("it is there");
        assert_eq!(shown(x.yaml()), "{user: me, image: own}");
    });
}

#[test]
fn what_stands_beside_services_that_extend_stays() {
    let file = "name: shop\nvolumes: {v: {external: true}}\nservices:\n  web: {extends: base}\n  base: {image: x}\nnetworks: {n: {internal: true}}\n";
    with_first(&[("compose.yaml", file)], |project, _| {
        assert_eq!(
            shown(project.root().expect("it is there")),
            "{name: shop, volumes: {v: {external: true}}, services: {web: {image: x}, base: {image: x}}, \
             networks: {n: {internal: true}}}"
        );
    });
}

#[test]
fn an_extended_file_gives_its_service_and_nothing_else() {
    let files = [
        ("compose.yaml", "services: {web: {extends: {file: lib.yaml, service: base}}}\n"),
        (
            "lib.yaml",
            "include: [gone.yaml]\nvolumes: {v: }\nservices: {base: {image: x}, bad: {extends: gone}}\n",
        ),
    ];
    assert_eq!(loaded(&files), ["web: {image: x}"]);
    with_first(&files, |project, _| {
        assert!(project.root().expect("it is there").get("volumes").is_none());
        assert!(!project.is_open());
    });
}

#[test]
fn an_included_project_has_its_own_directory_and_variables() {
    let root = "include:\n  - lib/compose.yaml\n  - path: [other/a.yaml, other/b.yaml]\n    project_directory: elsewhere\n    env_file: x.env\nservices:\n  web: {image: \"web:$TAG\", depends_on: [db]}\n";
    let files = [
        ("compose.yaml", root),
        (".env", "TAG=1\n"),
        ("x.env", "TAG=x\nNAME=x\n"),
        ("lib/.env", "TAG=2\nDB=3\n"),
        (
            "lib/compose.yaml",
            "include: [deep/compose.yaml]\nservices: {db: {image: \"db:$TAG-$DB\", volumes: [./d:/d], build: {target: x}}}\nvolumes: {v: }\n",
        ),
        ("lib/deep/compose.yaml", "services: {deep: {image: deep, env_file: e.env}}\n"),
        ("other/a.yaml", "services: {a: {image: \"a:$NAME\", build: .}}\n"),
        ("other/b.yaml", "services: {a: {command: b}}\n"),
    ];
    assert_eq!(
        loaded(&files),
        [
            "a: {image: a:x, build: ./elsewhere, command: b}",
            "deep: {image: deep, env_file: ./lib/deep/e.env}",
            "db: {image: db:1-3, volumes: [./lib/d:/d], build: {context: lib, target: x}}",
            "web: {image: web:1, depends_on: [db]}",
        ]
    );
    with_first(&files, |project, text| {
        assert!(!project.is_open());
        assert!(project.root().expect("it is there").get("volumes").is_some());
        assert_eq!(project.files().len(), 5);
        let image = project.service("db").expect("it is there").get("image").expect("it has one");
        assert_eq!(text(image.span()), "\"db:$TAG-$DB\"");
    });
}

#[test]
fn the_paths_of_an_included_file_are_its_own() {
    let included = "services:\n  a:\n    build: {context: ., additional_contexts: {docs: ../docs, base: 'docker-image://alpine', up: 'service:up'}}\n    env_file: 'C:\\a.env'\n    label_file: a.labels\n    develop: {watch: [{path: ./src, action: rebuild}]}\n    volumes: [./d:/d, {type: volume, source: src, target: /src}]\nsecrets: {s: {file: ./s.txt}}\nconfigs: {c: {file: /etc/c}}\nvolumes:\n  bound: {driver_opts: {o: bind, type: none, device: ./data}}\n  far: {driver: other, driver_opts: {o: bind, device: ./data}}\n  memory: {driver_opts: {type: tmpfs, device: tmpfs}}\n";
    let files = [("compose.yaml", "include: [lib/compose.yaml]\n"), ("lib/compose.yaml", included)];
    with_first(&files, |project, text| {
        let root = project.root().expect("it is there");
        let section = |name: &str| shown(root.get(name).expect("it is included"));
        assert_eq!(
            section("services"),
            "{a: {build: {context: ./lib, additional_contexts: {docs: ./docs, \
             base: docker-image://alpine, up: service:up}}, env_file: C:\\a.env, label_file: ./lib/a.labels, \
             develop: {watch: [{path: ./lib/src, action: rebuild}]}, \
             volumes: [./lib/d:/d, {type: volume, source: src, target: /src}]}}"
        );
        assert_eq!(section("secrets"), "{s: {file: ./lib/s.txt}}");
        assert_eq!(section("configs"), "{c: {file: /etc/c}}");
        assert_eq!(
            section("volumes"),
            "{bound: {driver_opts: {o: bind, type: none, device: ./lib/data}}, \
             far: {driver: other, driver_opts: {o: bind, device: ./data}}, \
             memory: {driver_opts: {type: tmpfs, device: tmpfs}}}"
        );
        let file = root.get("secrets").and_then(|it| it.get("s")?.get("file")).expect("it is included");
        assert_eq!(text(file.span()), "./s.txt");
    });
}

#[test]
fn a_context_of_an_included_file_is_beside_it_however_it_is_said() {
    let build = |directory: &str, build: &str| {
        let root = format!("include: [{directory}lib.yaml]\n");
        let lib = format!("services: {{a: {{build: {build}}}}}\n");
        let path = format!("{directory}lib.yaml");
        loaded(&[("compose.yaml", &root), (&path, &lib)])
    };
    assert_eq!(build("", "{target: x}"), ["a: {build: {target: x}}"]);
    assert_eq!(build("lib/", "{target: x}"), ["a: {build: {context: lib, target: x}}"]);
    assert_eq!(build("lib/", "{target: x, context: null}"), ["a: {build: {context: lib, target: x}}"]);
    assert_eq!(
        build("lib/", "{context: ., additional_contexts: [docs=./a=b, up=service:up]}"),
        ["a: {build: {context: ./lib, additional_contexts: [docs=./lib/a=b, up=service:up]}}"]
    );
}

#[test]
fn files_that_are_included_together_override_and_hide_one_another() {
    let files = [
        ("compose.yaml", "include: [{path: [lib/a.yaml, lib/b.yaml]}]\n"),
        ("lib/a.yaml", "services: {a: {image: x, volumes: [./old:/old]}}\n"),
        ("lib/b.yaml", "services: {a: {volumes: !override [./new:/new]}}\n"),
    ];
    assert_eq!(loaded(&files), ["a: {image: x, volumes: [./lib/new:/new]}"]);
    // Without one of them, nothing is known of what they say together.
    for other in ["gone.yaml", "compose.yaml", "https://example.com/x.yaml"] {
        let root = format!("include: [{{path: [lib.yaml, '{other}']}}]\n");
        let files = [("compose.yaml", root.as_str()), ("lib.yaml", WHOLE)];
        assert_eq!(problems(&files).len(), 1, "{other}");
        with_first(&files, |project, _| {
            assert!(project.is_open() && project.service_names().next().is_none(), "{other}");
        });
    }
}

#[test]
fn a_file_that_is_extended_from_two_inclusions_has_the_variables_of_each() {
    let compose = "services: {NAME: {extends: {file: ../lib.yaml, service: base}}}\n";
    let files = [
        ("compose.yaml", "include: [a/compose.yaml, b/compose.yaml]\n"),
        ("a/compose.yaml", &compose.replace("NAME", "a")),
        ("a/.env", "TAG=1\n"),
        ("b/compose.yaml", &compose.replace("NAME", "b")),
        ("b/.env", "TAG=2\n"),
        ("lib.yaml", "services: {base: {image: 'app:$TAG'}}\n"),
    ];
    assert_eq!(loaded(&files), ["b: {image: app:2}", "a: {image: app:1}"]);
}

#[test]
fn what_an_alias_repeats_is_known_to_be_repeated_in_an_included_file() {
    let lib = "services:\n  a: {build: &b {context: .}, env_file: &e a.env}\n  c: {build: *b, env_file: *e}\n  d: {build: {context: .}, env_file: a.env}\n";
    let files = [("compose.yaml", "include: [lib/compose.yaml]\n"), ("lib/compose.yaml", lib)];
    with_first(&files, |project, _| {
        for (name, is_shared) in [("c", true), ("d", false)] {
            let service = project.service(name).expect("it is included");
            for key in ["build", "env_file"] {
                assert_eq!(service.get(key).expect("it has one").is_shared(), is_shared, "{name}.{key}");
            }
        }
    });
}

#[test]
fn an_include_that_is_no_list_opens_the_project() {
    for (include, is_open) in [("lib.yaml", true), ("{path: lib.yaml}", true), ("null", false), ("[]", false)]
    {
        let root = format!("include: {include}\nservices: {{web: {{image: x}}}}\n");
        with_first(&[("compose.yaml", &root)], |project, _| {
            assert_eq!(project.is_open(), is_open, "{include}")
        });
    }
}

#[test]
fn of_an_extended_service_is_told_what_is_wrong_and_not_what_it_lacks() {
    let told = |base: &str| {
        let root = "services: {web: {image: x, extends: {file: lib.yaml, service: base}}}\n";
        let lib = format!("services: {{base: {base}}}\n");
        with_first(&[("compose.yaml", root), ("lib.yaml", &lib)], |project, text| {
            project.violations().iter().map(|it| text(it.span)).collect::<Vec<_>>()
        })
    };
    assert_eq!(told("{user: me}"), Vec::<String>::new());
    assert_eq!(told("{ports: 80}"), ["80"]);
    // What an alias repeats is told once.
    let twice = "x-p: &p 80\nservices: {a: {image: x, ports: *p}, b: {image: x, ports: *p}}\n";
    with_first(&[("compose.yaml", twice)], |project, _| assert_eq!(project.violations().len(), 1));
    let same = "services: {web: {extends: {file: null, service: base}}, base: {image: x}}\n";
    assert_eq!(loaded(&[("compose.yaml", same)]), ["web: {image: x}", "base: {image: x}"]);
}

#[test]
fn the_variables_of_a_project_are_named_in_order() {
    let env: String = ["h", "c", "a", "g", "b", "f", "d", "e"].map(|name| format!("{name}=1\n")).concat();
    with_first(&[("compose.yaml", WHOLE), (".env", &env), (".env.example", "aa=\nb=\n")], |project, _| {
        assert_eq!(project.environment().names(), ["a", "aa", "b", "c", "d", "e", "f", "g", "h"]);
    });
}

#[test]
fn an_included_file_that_does_not_parse_opens_the_project() {
    let files = [("compose.yaml", "include: [lib.yaml]\n"), ("lib.yaml", "services: [\n")];
    with_first(&files, |project, _| assert!(project.is_open()));
}

#[test]
fn an_env_file_of_an_inclusion_that_is_not_there_is_a_problem() {
    let said = |env_file: &str| {
        let root = format!("include: [{{path: lib.yaml, env_file: {env_file}}}]\n");
        problems(&[("compose.yaml", &root), ("lib.yaml", WHOLE), ("dir/x", "")])
    };
    assert_eq!(said("gone.env"), ["Include: `gone.env` cannot be read: there is no such file [gone.env]"]);
    assert_eq!(said("dir"), ["Include: `dir` cannot be read: it is a directory [dir]"]);
}

#[test]
fn only_what_is_defined_differently_is_told() {
    let said = |here: &str, there: &str| {
        let file = |text: &str| format!("services: {{web: {text}}}\n");
        let root = format!("include: [lib.yaml]\n{}", file(here));
        problems(&[("compose.yaml", &root), ("lib.yaml", &file(there))]).len()
    };
    assert_eq!(said("{image: a, command: [b, c]}", "{command: [b, c], image: a}"), 0);
    assert_eq!(said("{command: [b, c]}", "{command: [b, d]}"), 1);
    assert_eq!(said("{command: [b, c]}", "{command: [b]}"), 1);
    assert_eq!(said("{image: a, user: u}", "{image: a, tty: u}"), 1);
    assert_eq!(said("{image: a, user: u}", "{image: a}"), 1);
    assert_eq!(said("{image: $TAG}", "{image: b}"), 0);
    assert_eq!(said("{labels: {}}", "{labels: null}"), 0);
    assert_eq!(said("{labels: null}", "{labels: []}"), 0);
    assert_eq!(said("{labels: null}", "{labels: {a: b}}"), 1);
}

#[test]
fn what_clashes_with_an_included_or_extended_value_is_a_problem() {
    let files = [
        ("compose.yaml", "include: [lib.yaml]\nservices: {web: {deploy: 3}}\n"),
        ("lib.yaml", "services: {web: {image: x, deploy: {replicas: 2}}}\n"),
    ];
    assert_eq!(
        problems(&files)[1..],
        ["Clash: `services.web.deploy` is another kind of value than in what it is merged onto [3]"]
    );
    for (key, base, over) in
        [("environment", "{A: 1}", "x"), ("extra_hosts", "{a: 1.1.1.1}", "x"), ("networks", "[a]", "x")]
    {
        let file = |value: &str| format!("services: {{web: {{{key}: {value}}}}}\n");
        let problems = with_project(&[("a.yaml", &file(base)), ("b.yaml", &file(over))], |project, _| {
            project.load_problems().iter().map(|problem| problem.kind).collect::<Vec<_>>()
        });
        assert_eq!(problems, [LoadProblemKind::Clash], "{key}");
    }
    let file = "services: {web: {extends: base, deploy: 3}, base: {image: x, deploy: {replicas: 2}}}\n";
    assert_eq!(
        problems(&[("compose.yaml", file)]),
        ["Clash: `services.web.deploy` is another kind of value than in what it is merged onto [3]"]
    );
}

#[test]
fn an_including_file_adds_to_what_it_includes() {
    let root = "include: [a.yaml, b.yaml]\nservices:\n  web:\n    environment: !override [X=1]\n    command: own\nnetworks: {same: {external: true}}\n";
    let files = [
        ("compose.yaml", root),
        (
            "a.yaml",
            "services: {web: {image: a, environment: [A=1], command: a}}\nnetworks: {same: {external: true}}\n",
        ),
        ("b.yaml", "services: {b: {image: b}}\nnetworks: {same: {external: true}}\n"),
    ];
    assert_eq!(
        problems(&files),
        ["Redefined: `services.web` is defined here and in an included file, differently [web]"]
    );
    with_first(&files, |project, _| {
        assert_eq!(
            shown(project.service("web").expect("it is there").yaml()),
            "{image: a, environment: [X=1], command: own}"
        );
        assert!(project.service("web").expect("it is there").is_in_view());
    });
}

#[test]
fn an_include_that_leads_nowhere_is_one_problem_and_opens_the_project() {
    let said = |include: &str| {
        let root = format!("include: [{include}]\nservices: {{whole: {{image: x}}, part: {{user: x}}}}\n");
        let files =
            [("compose.yaml", root.as_str()), ("dir/x.yaml", WHOLE), ("loop.yaml", "include: [loop.yaml]")];
        with_first(&files, |project, _| assert!(project.is_open(), "{include}"));
        assert_eq!(in_view(&files), ["whole"], "{include}");
        let problems = problems(&files);
        assert!(problems.len() < 2, "{problems:?}");
        problems.into_iter().next().unwrap_or_default()
    };
    assert_eq!(said("gone.yaml"), "Include: `gone.yaml` cannot be read: there is no such file [gone.yaml]");
    assert_eq!(said("./dir"), "Include: `./dir` cannot be read: it is a directory [./dir]");
    assert_eq!(said("compose.yaml"), "Include: `compose.yaml` includes itself [compose.yaml]");
    assert_eq!(said("loop.yaml"), "Include: `loop.yaml` includes itself [loop.yaml]");
    assert_eq!(
        said("\"oci://example.com/x:1\""),
        "OutOfReach: `oci://example.com/x:1` is fetched from elsewhere, and is not looked at [\"oci://example.com/x:1\"]"
    );
    assert!(said("https://example.com/x.git").starts_with("OutOfReach"));
    assert_eq!(said("$WHERE"), "");
}

#[test]
fn files_that_include_one_another_in_a_circle_are_one_problem() {
    let files = [
        ("a.yaml", "include: [b.yaml]\nservices: {a: {image: a}}\n"),
        ("b.yaml", "include: [c.yaml]\nservices: {b: {image: b}}\n"),
        ("c.yaml", "include: [b.yaml]\nservices: {c: {image: c}}\n"),
    ];
    assert_eq!(
        problems(&files),
        ["Include: files include one another in a circle: `b.yaml` → `c.yaml` → `b.yaml` [b.yaml]"]
    );
    assert_eq!(in_view(&files), ["c", "b", "a"]);
}

#[test]
fn no_more_files_are_included_than_the_limit() {
    let chain = |length: usize| {
        let mut files = Vec::new();
        for number in 0..length {
            let text = format!("include: [f{}.yaml]\nservices: {{s{number}: {{image: x}}}}\n", number + 1);
            files.push((format!("f{number}.yaml"), text));
        }
        files.push((format!("f{length}.yaml"), WHOLE.to_owned()));
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        problems(&files)
    };
    assert_eq!(chain(64), Vec::<String>::new());
    assert_eq!(chain(300), ["Limit: files include one another more than 64 deep [f65.yaml]"]);
    let names: Vec<String> = (0..600).map(|number| format!("f{number}.yaml")).collect();
    let root = format!("include: [{}]\n", names.join(", "));
    let mut files = vec![("compose.yaml", root.as_str())];
    files.extend(names.iter().map(|name| (name.as_str(), "volumes: {v: }\n")));
    assert_eq!(problems(&files), ["Limit: more than 512 files are included [f512.yaml]"]);
    // Every file includes the next one twice: two to the power of thirty inclusions.
    let mut files = Vec::new();
    for number in 0..30 {
        let next = number + 1;
        files.push((format!("f{number}.yaml"), format!("include: [f{next}.yaml, ./f{next}.yaml]\n")));
    }
    files.push(("f30.yaml".to_owned(), WHOLE.to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(problems(&files), ["Limit: files are included more than 1024 times [./f30.yaml]"]);
}

#[test]
fn values_of_different_kinds_clash() {
    with_project(
        &[
            ("a.yaml", "services: {web: {image: x, deploy: {replicas: 2}}}\n"),
            ("b.yaml", "services: {web: {deploy: 3}}\n"),
        ],
        |project, text| {
            let [problem] = project.load_problems() else { panic!("there is one problem") };
            assert_eq!(problem.kind, LoadProblemKind::Clash);
            assert_eq!(text(problem.span), "3");
            let (label, _) = problem.label.as_ref().expect("it has a label");
            assert_eq!(text(*label), "{replicas: 2}");
        },
    );
}

#[test]
fn a_project_has_the_name_that_the_engine_gives_it() {
    let named = |files: &[(&str, &str)], given: Option<&str>| {
        let memory = memory(files);
        let workspace = Workspace::new(&memory);
        let compose = files.iter().map(|(path, _)| PathBuf::from(path));
        let compose = compose.filter(|path| path.extension().is_some_and(|it| it == "yaml")).collect();
        let deployment =
            Deployment { files: compose, name: given.map(str::to_owned), ..Deployment::default() };
        Project::load(&workspace, &deployment).name().map(str::to_owned)
    };
    let one = |text: &str| named(&[("my app/compose.yaml", text)], None);
    assert_eq!(one("services: {}\n").as_deref(), Some("myapp"));
    assert_eq!(one("name: shop\n").as_deref(), Some("shop"));
    assert_eq!(one("name: null\n").as_deref(), Some("myapp"));
    assert_eq!(one("name: '!'\n").as_deref(), Some("myapp"));
    // What no file sets, the shell may set.
    assert_eq!(one("name: 'x-${NONE:-y}'\n"), None);
    let set = [("compose.yaml", "name: 'x-${NONE:-y}'\n"), (".env", "NONE=z\n")];
    assert_eq!(named(&set, None).as_deref(), Some("x-z"));
    assert_eq!(one("name: 'x-${'\n"), None);
    let two = [("compose.yaml", "name: a\n"), ("b.yaml", "name: b\n"), ("c.yaml", "name:\n")];
    assert_eq!(named(&two, None).as_deref(), Some("b"));
    assert_eq!(named(&two, Some("given")).as_deref(), Some("given"));
    assert_eq!(named(&two, Some("")).as_deref(), Some("b"));
    let env = |text| named(&[("compose.yaml", "name: a\n"), (".env", text)], None);
    assert_eq!(env("COMPOSE_PROJECT_NAME=set\n").as_deref(), Some("set"));
    assert_eq!(env("COMPOSE_PROJECT_NAME=\n").as_deref(), Some("a"));
}

#[test]
fn later_env_files_win_and_replace_the_default_one() {
    let memory = memory(&[
        ("compose.yaml", "services: {web: {image: \"$A-$B-$C\"}}\n"),
        (".env", "A=0\nB=0\nC=0\n"),
        ("one.env", "A=1\nB=1\n"),
        ("two.env", "B=2-$A\nC=\n"),
    ]);
    let workspace = Workspace::new(&memory);
    let env_files = vec![PathBuf::from("one.env"), PathBuf::from("two.env")];
    let project = Project::load(&workspace, &Deployment { env_files, ..deployment(&["compose.yaml"]) });
    let web = project.service("web").expect("it is there");
    assert_eq!(web.text("image").map(|it| it.value), Some("1-2-1-"));
}

#[test]
fn an_env_file_that_the_engine_refuses_is_a_problem() {
    let files = [
        ("compose.yaml", "services: {web: {image: \"app:$A\", user: \"$B\", hostname: \"${C:-c}\"}}\n"),
        (".env", "A=1\nB='2\n"),
    ];
    assert_eq!(problems(&files).len(), 1);
    assert!(problems(&files)[0].starts_with("EnvFile: the value has no closing quote"));
    with_first(&files, |project, _| {
        let web = project.service("web").expect("it is there");
        assert_eq!(web.text("image").map(|it| it.value), Some("app:1"));
        assert!(web.get("user").expect("it is written").is_unknown());
        assert!(web.get("hostname").expect("it is written").is_unknown());
    });
}

#[test]
fn unset_variables_become_blank_when_that_is_asked_for() {
    let memory = memory(&[
        (
            "shop/compose.yaml",
            "services: {web: {image: \"app:${TAG:-1}\", user: \"x$NOBODY\", hostname: \"$HOME\", domainname: \"$COMPOSE_PROJECT_NAME\"}}\n",
        ),
        ("shop/.env.example", "TAG=\n"),
    ]);
    let workspace = Workspace::new(&memory);
    let asked = deployment(&["shop/compose.yaml"]);
    let project = Project::load(&workspace, &Deployment { unset: Unset::Blank, ..asked.clone() });
    let web = project.service("web").expect("it is there");
    assert_eq!(shown(web.yaml()), "{image: app:1, user: x, hostname: , domainname: shop}");
    let project = Project::load(&workspace, &asked);
    let web = project.service("web").expect("it is there");
    assert!(web.yaml().entries().all(|entry| entry.value.is_unknown()));
    assert_eq!(project.name(), Some("shop"));
}

#[test]
fn every_use_of_a_variable_knows_where_its_value_comes_from() {
    let files = [
        (
            "compose.yaml",
            "x-a: &a \"$SET\"\nservices: {web: {image: *a, user: \"${NONE}\", command: \"${NONE:-${OTHER}} ${SET:-${OTHER}} $HOME\"}}\n",
        ),
        (".env", "SET=1\n"),
    ];
    with_first(&files, |project, text| {
        let uses: Vec<String> = project
            .occurrences()
            .iter()
            .map(|it| {
                let origin = match it.origin {
                    Origin::File(span) => format!("={}", span.map(text).unwrap_or_default()),
                    other => format!("{other:?}"),
                };
                format!("{} {origin}{}", text(it.span), if it.is_used { "" } else { " (not used)" })
            })
            .collect();
        assert_eq!(
            uses,
            [
                "$SET =1",
                "${NONE} Nowhere",
                "${NONE:-${OTHER}} Default",
                "${OTHER} Nowhere",
                "${SET:-${OTHER}} =1",
                "${OTHER} Nowhere (not used)",
                "$HOME Elsewhere",
            ]
        );
    });
}

#[test]
fn what_an_operator_takes_is_used_and_nothing_else() {
    let said = |value: &str| {
        let root = format!("services: {{web: {{image: \"{value}\"}}}}\n");
        let files = [("compose.yaml", root.as_str()), (".env", "SET=1\nEMPTY=\n")];
        with_first(&files, |project, _| {
            let [_, inner] = project.occurrences() else { panic!("{value}") };
            inner.is_used
        })
    };
    for (value, is_used) in [
        ("${SET:-${X}}", false),
        ("${EMPTY:-${X}}", true),
        ("${EMPTY-${X}}", false),
        ("${NONE-${X}}", true),
        ("${SET:+${X}}", true),
        ("${EMPTY:+${X}}", false),
        ("${EMPTY+${X}}", true),
        ("${NONE+${X}}", false),
        ("${SET:?${X}}", false),
        ("${NONE?${X}}", true),
        ("${HOME:-${X}}", true),
    ] {
        assert_eq!(said(value), is_used, "{value}");
    }
}

#[test]
fn a_variable_that_depends_on_the_unknown_is_unknown_wherever_it_is_used() {
    let image = |env: &str| {
        let files = [("compose.yaml", "services: {web: {image: \"web:$A\"}}\n"), (".env", env)];
        with_first(&files, |project, _| {
            let image = project.service("web").expect("it is there").get("image").expect("it has one");
            (!image.is_unknown()).then(|| shown(image))
        })
    };
    assert_eq!(image("A=1\n").as_deref(), Some("web:1"));
    assert_eq!(image("A=$HOME\n"), None);
    assert_eq!(image("A=$HOME\nA=1\n").as_deref(), Some("web:1"));
    assert_eq!(image("A=1\nA=$HOME\n"), None);
}

#[test]
fn the_env_file_of_a_directory_says_what_is_deployed_there() {
    let env = ".env";
    let files = [
        (env, "COMPOSE_FILE=base.yml:compose.prod.yaml\n"),
        ("base.yml", WHOLE),
        ("compose.dev.yaml", PART),
        ("compose.prod.yaml", PART),
        ("compose.yaml", "services: {other: {image: nginx}}\n"),
    ];
    assert_eq!(
        deployments(&files, &["."]),
        ["base.yml+compose.prod.yaml!", "compose.yaml!", "base.yml+compose.dev.yaml"]
    );
    let files = [
        (env, "COMPOSE_PATH_SEPARATOR=;\nCOMPOSE_FILE=compose.yaml;compose.prod.yaml\n"),
        ("compose.prod.yaml", PART),
        ("compose.yaml", WHOLE),
    ];
    assert_eq!(deployments(&files, &["."]), ["compose.yaml+compose.prod.yaml!"]);
}

#[test]
fn a_base_that_others_extend_is_still_a_base() {
    let files = [
        ("a/compose.yaml", "services: {web: {extends: {file: ../b/compose.yaml, service: web}}}\n"),
        ("b/compose.yaml", WHOLE),
        ("c/compose.yaml", "services: {web: {image: x, extends: {file: ../d/compose.yaml, service: web}}}\n"),
        ("d/compose.yaml", PART),
    ];
    assert_eq!(
        deployments(&files, &["."]),
        ["a/compose.yaml!", "b/compose.yaml!", "c/compose.yaml!", "~d/compose.yaml!"]
    );
}

#[cfg(unix)]
#[test]
fn links_that_lead_to_themselves_are_one_problem() {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    let link = |from: &str, to: &str| {
        std::os::unix::fs::symlink(to, folder.path().join(from)).expect("a link can be made");
    };
    let said = |text: &str| {
        let path = folder.path().join("compose.yaml");
        std::fs::write(&path, text).expect("it can be written");
        let workspace = Workspace::new(&composelint::fs::Disk);
        let project = Project::load(&workspace, &Deployment { files: vec![path], ..Deployment::default() });
        let kinds: Vec<LoadProblemKind> = project.load_problems().iter().map(|it| it.kind).collect();
        kinds
    };
    link("round.yaml", "round.yaml");
    link("again.yaml", "compose.yaml");
    link("here", ".");
    assert_eq!(said("include: [round.yaml]\n"), [LoadProblemKind::Include]);
    assert_eq!(said("include: [again.yaml]\n"), [LoadProblemKind::Include]);
    // The system follows only so many links, and so does the project.
    assert_eq!(said("include: [here/compose.yaml]\n").len(), 1);
    let extends = |file: &str| format!("services: {{web: {{extends: {{file: {file}, service: web}}}}}}\n");
    assert_eq!(said(&extends("round.yaml")), [LoadProblemKind::Extends]);
    assert_eq!(said(&extends("again.yaml")), [LoadProblemKind::Extends]);
    assert_eq!(said(&extends("here/compose.yaml")).len(), 1);
}
