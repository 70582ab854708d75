use std::path::{Path, PathBuf};

use super::{Configurations, Found, init, show};
use crate::compose::file::Workspace;
use crate::discover::discover;
use crate::fs::Memory;
use crate::lint::{self, Request, Selection, Selector};
use crate::report::Report;

fn memory(files: &[(&str, &str)]) -> Memory {
    files.iter().map(|(path, text)| (*path, text.as_bytes().to_vec())).collect()
}

fn found(files: &[(&str, &str)]) -> Found {
    let memory = memory(files);
    Configurations::find(&memory, Path::new(""), files.iter().map(|(path, _)| Path::new(*path)))
}

/// The problems of one configuration, each with the bytes that it is about.
fn problems(text: &str) -> Vec<String> {
    let found = found(&[(".composelint.yaml", text)]);
    let told = found.problems.iter().map(|problem| {
        let help = problem.help.as_deref().map_or(String::new(), |help| format!("; {help}"));
        format!("{}: {}{help}", found.sources.slice(problem.span), problem.message)
    });
    told.collect()
}

fn report_with(files: &[(&str, &str)], change: impl FnOnce(&mut Request)) -> Report {
    let memory = memory(files);
    let mut discovered = discover(&memory, &Workspace::new(&memory), &[PathBuf::from(".")], false);
    let found = found(files);
    assert_eq!(found.problems, []);
    found.configurations.apply(&mut discovered, &[]);
    let mut request = Request {
        deployments: discovered.deployments,
        dockerfiles: discovered.dockerfiles,
        configurations: found.configurations,
        is_preset_open: true,
        ..Request::default()
    };
    change(&mut request);
    lint::check(&memory, &request)
}

/// The findings of `rules` as `path:line severity rule`.
fn findings(files: &[(&str, &str)], rules: &[&str], change: impl FnOnce(&mut Request)) -> Vec<String> {
    let report = report_with(files, change);
    let wanted = report.diagnostics.iter().filter(|it| rules.contains(&it.rule.name));
    wanted
        .map(|it| {
            let source = report.sources.get(it.span.source);
            let line = source.position(it.span.start).line;
            format!("{}:{line} {} {}", source.path().display(), it.severity.name(), it.rule.name)
        })
        .collect()
}

const PRIVILEGED: &str = "services:\n  a:\n    image: example.com/a:1\n    privileged: true\n";
const OLD: &str = "version: '3'\nservices:\n  a:\n    image: postgres\n";

#[test]
fn the_nearest_configuration_holds_whole() {
    let files = [
        (".composelint.yaml", "rules: {unpinned-image: error, obsolete-version: off}"),
        ("a/compose.yaml", OLD),
        ("b/composelint.yaml", "rules: {unpinned-image: info}"),
        ("b/c/compose.yaml", OLD),
    ];
    let rules = &["unpinned-image", "obsolete-version"];
    let wanted = [
        "a/compose.yaml:4 error unpinned-image",
        "b/c/compose.yaml:1 warning obsolete-version",
        "b/c/compose.yaml:4 info unpinned-image",
    ];
    assert_eq!(findings(&files, rules, |_| {}), wanted);
}

#[test]
fn the_search_ends_at_the_root_of_the_repository() {
    let files = [
        (".composelint.yaml", "rules: {unpinned-image: off}"),
        ("repository/.git/HEAD", ""),
        ("repository/a/compose.yaml", OLD),
    ];
    let memory = memory(&files);
    let paths = [Path::new("repository/a/compose.yaml")];
    let found = Configurations::find(&memory, Path::new(""), paths.into_iter());
    assert!(found.configurations.is_empty());
}

#[test]
fn a_rule_that_is_named_runs_and_a_category_is_only_changed() {
    let text = "preset: essential\nrules:\n  unpinned-image: info\n  security: warning\n";
    let files = [(".composelint.yaml", text), ("compose.yaml", OLD), ("b/compose.yaml", PRIVILEGED)];
    let rules = &["unpinned-image", "privileged-container"];
    assert_eq!(findings(&files, rules, |_| {}), ["compose.yaml:4 info unpinned-image"]);
    let files = [(".composelint.yaml", "rules: {security: warning}"), ("b/compose.yaml", PRIVILEGED)];
    assert_eq!(findings(&files, rules, |_| {}), ["b/compose.yaml:4 warning privileged-container"]);
}

#[test]
fn the_command_line_wins() {
    let text = "preset: strict\nrules:\n  obsolete-version: off\n  unpinned-image: error\n";
    let files = [(".composelint.yaml", text), ("compose.yaml", OLD)];
    let rules = &["unpinned-image", "obsolete-version", "missing-cpu-limit"];
    let select = |words: &[&'static str], preset| Selection {
        preset,
        select: words.iter().map(|word| Selector::Rule(word)).collect(),
        ignore: Vec::new(),
    };
    let selected = findings(&files, rules, |request| {
        request.selection = select(&["obsolete-version"], None);
        request.is_preset_open = false;
    });
    assert_eq!(selected, ["compose.yaml:1 warning obsolete-version"]);
    let ignored = findings(&files, rules, |request| {
        request.selection.ignore = vec![Selector::Rule("unpinned-image")];
        request.is_preset_open = false;
    });
    assert_eq!(ignored, Vec::<String>::new());
    assert_eq!(findings(&files, rules, |_| {}).len(), 2);
}

#[test]
fn overrides_are_for_files_and_services() {
    let text = "\
overrides:
  - files: [compose.dev.yaml, 'tests/**']
    rules: {privileged-container: off}
  - services: ['b*']
    rules: {privileged-container: info}
";
    let dev = "services:\n  c:\n    image: example.com/c:1\n    privileged: true\n";
    let base = "services:\n  a:\n    image: example.com/a:1\n    privileged: true\n  bee:\n    image: example.com/b:1\n    privileged: true\n";
    let files = [
        (".composelint.yaml", text),
        ("compose.yaml", base),
        ("deep/compose.dev.yaml", dev),
        ("tests/x/compose.yaml", base),
    ];
    let wanted = [
        "compose.yaml:4 error privileged-container",
        "compose.yaml:7 info privileged-container",
        "tests/x/compose.yaml:7 info privileged-container",
    ];
    assert_eq!(findings(&files, &["privileged-container"], |_| {})[..2], wanted[..2]);
}

#[test]
fn what_is_extended_holds_where_nothing_else_is_said() {
    let files = [
        (
            "base/shared.yaml",
            "preset: essential\nrules: {unpinned-image: error, obsolete-version: error}\nexclude: [old]",
        ),
        (".composelint.yaml", "extends: base/shared.yaml\nrules: {obsolete-version: off}"),
        ("compose.yaml", OLD),
    ];
    let rules = &["unpinned-image", "obsolete-version"];
    assert_eq!(findings(&files, rules, |_| {}), ["compose.yaml:4 error unpinned-image"]);
}

#[test]
fn configurations_that_extend_each_other_are_told() {
    let found =
        found(&[(".composelint.yaml", "extends: b.yaml"), ("b.yaml", "extends: ./.composelint.yaml")]);
    let messages: Vec<&str> = found.problems.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, ["`./.composelint.yaml` extends this configuration, so neither comes to an end"]);
    assert_eq!(problems("extends: gone.yaml"), ["gone.yaml: there is no file `gone.yaml`"]);
}

#[test]
fn configurations_extend_one_another_to_a_depth() {
    let chain = |length: usize| {
        let name =
            |number: usize| if number == 0 { ".composelint.yaml".into() } else { format!("c{number}.yaml") };
        let mut files: Vec<(String, String)> =
            (0..length).map(|number| (name(number), format!("extends: {}", name(number + 1)))).collect();
        files.push((name(length), "preset: strict".to_owned()));
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let found = found(&files);
        found.problems.into_iter().map(|it| it.message).collect::<Vec<_>>()
    };
    assert_eq!(chain(15), Vec::<String>::new());
    assert_eq!(chain(16), ["more than 16 configurations extend one another"]);
}

#[test]
fn a_configuration_that_is_not_text_is_one_problem() {
    let memory: Memory = [(".composelint.yaml", b"rule: \xff\n".to_vec())].into_iter().collect();
    let found = Configurations::find(&memory, Path::new(""), [Path::new("compose.yaml")].into_iter());
    let [problem] = found.problems.as_slice() else { panic!("{:?}", found.problems) };
    assert_eq!(problem.message, "a byte that is not UTF-8");
    assert_eq!(found.sources.slice(problem.span), "\u{fffd}");
}

#[test]
fn off_may_be_written_as_what_yaml_once_took_it_for() {
    let files = [
        (".composelint.yaml", "rules: {unpinned-image: false, obsolete-version: {severity: info}}"),
        ("compose.yaml", OLD),
    ];
    let rules = &["unpinned-image", "obsolete-version"];
    assert_eq!(findings(&files, rules, |_| {}), ["compose.yaml:1 info obsolete-version"]);
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_was_meant() {
    for (text, wanted) in [
        ("rule: {}", "rule: the configuration has no key `rule`; write `rules`"),
        ("- a", "- a: the configuration is no mapping; write `key: value` on lines of their own"),
        (
            "preset: recomended",
            "recomended: `recomended` is nothing that `preset` can be; write `recommended`",
        ),
        (
            "fail-on: off",
            "off: `off` is nothing that `fail-on` can be; write one of `info`, `warning`, `error`",
        ),
        ("rules: {root-usr: off}", "root-usr: `root-usr` is no rule or category; write `root-user`"),
        (
            "rules: {root-user: warn}",
            "warn: `warn` is nothing that `root-user` can be; write one of `off`, `info`, `warning`, `error`",
        ),
        (
            "rules: {root-user: {allow: x}}",
            "allow: `root-user` has no option `allow`; `severity` is all it takes",
        ),
        (
            "rules: {untrusted-registry: {registry: []}}",
            "registry: the rule has no option `registry`; write `registries`",
        ),
        (
            "rules: {untrusted-registry: {registries: x}}",
            "x: invalid type: string \"x\", expected a sequence",
        ),
        (
            "rules: {missing-label: {labels: {a: uri}}}",
            "uri: `uri` is none of `text`, `url`, `date`, `spdx`, `git-hash`, `semver`, `email`",
        ),
        ("rules: {limit-out-of-range: {max-memory: 1x}}", "1x: `1x` is no size, such as `512m`"),
        ("rules: {container-name-form: {pattern: '('}}", "'(': `(` is no regular expression"),
        ("overrides: [{files: [a]}]", "{files: [a]}: the override has no `rules`; say what it changes"),
        ("exclude: ['a[']", "'a[': `a[` is no pattern: unclosed character class; missing ']'"),
        (
            "projects: [{name: a}]",
            "{name: a}: the project has no `files`; list its Compose files in the order of merging",
        ),
        ("preset: strict\npreset: strict", "preset: `preset` stands here twice; put the two together"),
        ("overrides: [a]", "a: an override is no mapping; write `key: value` on lines of their own"),
        (
            "overrides: [{rules: {}}]",
            "{rules: {}}: the override is about all files and services; \
             name `files` or `services`, or put the rules into `rules`",
        ),
        ("projects: [a]", "a: a project is no mapping; write `key: value` on lines of their own"),
        ("projects: [{files: [a], production: 1}]", "1: `production` is neither true nor false"),
        ("rules: [a]", "[a]: `rules` is no mapping; write `key: value` on lines of their own"),
        (
            "rules: {root-user: [off]}",
            "[off]: `root-user` is a list; write one of `off`, `info`, `warning`, `error`, or a mapping",
        ),
        (
            "rules: {security: {severity: error, allow: x}}",
            "allow: `security` has no option `allow`; `severity` is all it takes",
        ),
        (
            "preset: [strict]",
            "[strict]: `preset` is not one word; write one of `essential`, `recommended`, `strict`",
        ),
        ("baseline: null", "null: `baseline` is no text"),
        (
            "exclude: vendor",
            "vendor: `exclude` is no list; write each item behind a dash on a line of its own",
        ),
        (
            "policies: [gone]",
            "gone: there is nothing at `gone`; name a directory with `.rego` files, relative to this file",
        ),
        (
            "preset: strict\n---\npreset: strict",
            "preset: strict: a configuration is one document; remove the others",
        ),
    ] {
        assert_eq!(problems(text), [wanted], "{text}");
    }
    for right in ["exclude:", "overrides:", "projects:", "rules:", "rules: {root-user: {severity: info}}"] {
        assert_eq!(problems(right), Vec::<String>::new(), "{right}");
    }
    let all = problems("rules: {all: off}");
    assert!(all.len() == 1 && all[0].starts_with("all: `all` is no rule or category"), "{all:?}");
    let many: String = (0..200).map(|number| format!("key{number}: 1\n")).collect();
    assert_eq!(problems(&many).len(), 100);
    assert_eq!(problems("a: [").len(), 1);
    assert_eq!(problems(""), Vec::<String>::new());
    assert_eq!(problems("# nothing\n"), Vec::<String>::new());
}

#[test]
fn projects_take_the_place_of_what_the_names_say() {
    let text = "\
projects:
  - name: shop
    files: [base.compose.yaml, compose.big.yaml]
    production: true
";
    let big = "services:\n  a:\n    mem_limit: 1g\n";
    let files = [
        (".composelint.yaml", text),
        ("base.compose.yaml", PRIVILEGED),
        ("compose.big.yaml", big),
        ("other/compose.yaml", PRIVILEGED),
    ];
    let report = report_with(&files, |_| {});
    let deployments: Vec<Vec<String>> = report
        .deployments
        .iter()
        .map(|it| it.files.iter().map(|file| file.display().to_string()).collect())
        .collect();
    assert_eq!(deployments, [vec!["base.compose.yaml", "compose.big.yaml"], vec!["other/compose.yaml"]]);
}

#[test]
fn projects_ship_as_they_say_or_all_of_them() {
    let found_with = |projects: &str| {
        let text = format!("projects:\n{projects}");
        let files = [
            (".composelint.yaml", text.as_str()),
            ("compose.yaml", PRIVILEGED),
            ("compose.dev.yaml", "services:\n  a:\n    tty: true\n"),
        ];
        let memory = memory(&files);
        let mut discovered = discover(&memory, &Workspace::new(&memory), &[PathBuf::from(".")], false);
        found(&files).configurations.apply(&mut discovered, &[]);
        let deployments = discovered.deployments.iter().map(|it| {
            let files: Vec<String> = it.files.iter().map(|file| file.display().to_string()).collect();
            format!("{}{}", files.join("+"), if it.is_production { "!" } else { "" })
        });
        deployments.collect::<Vec<_>>()
    };
    let (one, both) = ("  - files: [compose.yaml]\n", "  - files: [compose.yaml, compose.dev.yaml]\n");
    assert_eq!(found_with(&format!("{one}{both}")), ["compose.yaml!", "compose.yaml+compose.dev.yaml!"]);
    assert_eq!(
        found_with(&format!("{one}    production: true\n{both}")),
        ["compose.yaml!", "compose.yaml+compose.dev.yaml"]
    );
    assert_eq!(
        found_with(&format!("{one}    production: false\n{both}")),
        ["compose.yaml", "compose.yaml+compose.dev.yaml!"]
    );
    // A project of which no file is looked for is not judged.
    assert_eq!(found_with(&format!("  - files: [far/compose.yaml]\n{one}"))[0], "compose.yaml!");
}

#[test]
fn a_file_that_is_excluded_leaves_its_deployment() {
    let files = [
        (".composelint.yaml", "exclude: [compose.override.yaml]"),
        ("compose.yaml", PRIVILEGED),
        ("compose.override.yaml", "services:\n  a:\n    tty: true\n"),
    ];
    let report = report_with(&files, |_| {});
    assert_eq!(report.deployments.len(), 1);
    assert_eq!(report.deployments[0].files, [Path::new("compose.yaml")]);
}

#[test]
fn a_rule_of_a_larger_preset_runs_where_it_is_named() {
    let rules = &["missing-cpu-limit"];
    let report = |text| {
        let files = [(".composelint.yaml", text), ("compose.yaml", PRIVILEGED)];
        findings(&files, rules, |_| {})
    };
    assert_eq!(report("preset: essential"), Vec::<String>::new());
    assert_eq!(report("preset: essential\nrules: {missing-cpu-limit: info}").len(), 1);
    let of_a = "preset: essential\noverrides: [{services: [a], rules: {missing-cpu-limit: info}}]";
    assert_eq!(report(of_a).len(), 1);
    let of_b = "preset: essential\noverrides: [{services: [b], rules: {missing-cpu-limit: info}}]";
    assert_eq!(report(of_b), Vec::<String>::new());
    let of_files = "preset: essential\noverrides: [{files: [other.yaml, compose.yaml], rules: {missing-cpu-limit: info}}]";
    assert_eq!(report(of_files).len(), 1);
    let of_others = "preset: essential\noverrides: [{files: [other.yaml], rules: {missing-cpu-limit: info}}]";
    assert_eq!(report(of_others), Vec::<String>::new());
}

#[test]
fn what_is_excluded_is_not_looked_for_but_may_be_named() {
    let files = [
        (".composelint.yaml", "exclude: [vendor, '*/old/']"),
        ("a/vendor/compose.yaml", PRIVILEGED),
        ("a/old/Dockerfile", "FROM a\n"),
        ("compose.yaml", PRIVILEGED),
    ];
    let memory = memory(&files);
    let configurations = found(&files).configurations;
    let looked_for = |named: &[PathBuf]| {
        let mut discovered = discover(&memory, &Workspace::new(&memory), &[PathBuf::from(".")], false);
        configurations.apply(&mut discovered, named);
        (discovered.deployments.len(), discovered.dockerfiles.len())
    };
    assert_eq!(looked_for(&[]), (1, 0));
    assert_eq!(looked_for(&["a/vendor/compose.yaml".into(), "a/old/Dockerfile".into()]), (2, 1));
}

#[test]
fn a_setting_is_shown_with_the_line_that_says_it() {
    let text = "rules:\n  root-user: off\n  untrusted-registry:\n    registries: [docker.io]\n";
    let found = found(&[(".composelint.yaml", text)]);
    let selection = Selection { ignore: vec![Selector::Rule("known-token")], ..Selection::default() };
    let shown =
        show::show(&found.configurations, &found.sources, Path::new("compose.yaml"), &selection, true);
    for line in [
        "# compose.yaml  # configured by .composelint.yaml\n",
        "preset: recommended  # default\n",
        "  root-user: off  # .composelint.yaml:2\n",
        "  untrusted-registry:\n    severity: error  # .composelint.yaml:3\n    registries: [\"docker.io\"]  # .composelint.yaml:3\n",
        "  known-token: off  # --ignore\n",
        "  obsolete-version: warning  # preset\n",
    ] {
        assert!(shown.contains(line), "{line:?} is not in\n{shown}");
    }
}

#[test]
fn the_configuration_that_is_shown_is_the_nearest_and_not_what_it_extends() {
    let files = [(".composelint.yaml", "extends: base.yaml"), ("base.yaml", "preset: strict")];
    let found = found(&files);
    let selection = Selection::default();
    let shown =
        show::show(&found.configurations, &found.sources, Path::new("compose.yaml"), &selection, true);
    assert!(shown.starts_with("# compose.yaml  # configured by .composelint.yaml\n"), "{shown}");
    assert!(shown.contains("preset: strict  # base.yaml:1\n"), "{shown}");
}

#[test]
fn what_init_writes_is_a_configuration() {
    let files = [("compose.yaml", PRIVILEGED), ("compose.dev.yaml", "services:\n  a:\n    tty: true\n")];
    let memory = memory(&files);
    let discovered = discover(&memory, &Workspace::new(&memory), &[PathBuf::from(".")], false);
    for text in [init::text(&discovered.deployments), init::text(&[])] {
        assert_eq!(problems(&text), Vec::<String>::new(), "{text}");
        let unfolded =
            text.replace("# projects:", "projects:").replace("#   ", "  ").replace("#     ", "    ");
        assert_eq!(problems(&unfolded), Vec::<String>::new(), "{unfolded}");
    }
    assert!(init::text(&discovered.deployments).contains("files: [compose.dev.yaml]"));
}
