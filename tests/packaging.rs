//! What stands in several files of the packaging, and must be the same in all of them.

use std::path::Path;

use clap::Parser;
use serde_yaml::Value;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn yaml(path: &str) -> Value {
    serde_yaml::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_hooks_look_at_the_same_files_and_take_no_name_for_an_option() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_sequence().expect("hooks are a list");
    assert_eq!(hooks.len(), 3);
    for hook in hooks {
        assert_eq!(hook["files"], hooks[0]["files"], "{hook:?}");
        assert_eq!(hook["args"], Value::Sequence(vec!["--".into()]), "{hook:?}");
        let entry = hook["entry"].as_str().expect("a hook runs something");
        assert!(entry.starts_with("composelint check"), "{entry}");
    }
}

#[test]
fn every_input_of_the_action_reaches_the_script_and_the_guide() {
    let (action, script, guide) = (yaml("action.yml"), read("ci/action.sh"), read("docs/ci.md"));
    let inputs = action["inputs"].as_mapping().expect("an action has inputs");
    let steps = action["runs"]["steps"].as_sequence().expect("an action has steps");
    let environment = &steps.last().expect("the last one lints")["env"];
    for name in inputs.keys() {
        let name = name.as_str().expect("a name is a text");
        let variable = format!("INPUT_{}", name.to_uppercase().replace('-', "_"));
        assert_eq!(environment[&*variable].as_str(), Some(&*format!("${{{{ inputs.{name} }}}}")), "{name}");
        assert!(script.contains(&format!("{variable}:-")), "{variable}");
        assert!(guide.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn the_archive_of_a_release_is_the_one_that_is_looked_for() {
    let (manifest, script) = (read("Cargo.toml"), read("ci/release.sh"));
    for told in [
        "/{ name }-{ target }{ archive-suffix }\"",
        "pkg-fmt = \"tgz\"",
        "bin-dir = \"{ name }-{ target }/{ bin }{ binary-ext }\"",
    ] {
        assert!(manifest.contains(told), "{told}");
    }
    for made in ["name=composelint-$target\n", "target/dist/$name.tgz\"", "cp \"$binary\" README.md"] {
        assert!(script.contains(made), "{made}");
    }
}

#[test]
fn the_package_has_what_the_code_includes() {
    let manifest = read("Cargo.toml");
    let include =
        manifest.lines().find(|line| line.starts_with("include = ")).expect("the package is listed");
    let listed: Vec<&str> = include.split('"').skip(1).step_by(2).map(|it| it.trim_matches('/')).collect();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("it can be listed").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).expect("the code is text");
            for part in text.split("include_str!(\"").skip(1).chain(text.split("include_bytes!(\"").skip(1)) {
                let path = part.split('"').next().expect("a path ends");
                let place =
                    folder.join(path).canonicalize().unwrap_or_else(|error| panic!("{path}: {error}"));
                let root = Path::new(env!("CARGO_MANIFEST_DIR")).canonicalize().expect("it is there");
                let relative = place.strip_prefix(&root).expect("it is in the package");
                assert!(listed.iter().any(|it| relative.starts_with(it)), "{}", relative.display());
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn the_job_for_gitlab_runs_a_command_that_there_is() {
    let job = yaml("ci/gitlab.yml");
    let lines = job["composelint"]["script"].as_sequence().expect("a job has a script");
    for line in lines {
        let line = line.as_str().expect("a line is a text");
        composelint::cli::Cli::try_parse_from(line.split(' '))
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        let reports = &job["composelint"]["artifacts"]["reports"];
        for report in ["codequality", "junit"] {
            let file = reports[report].as_str().expect("a report is a file");
            assert!(line.contains(&format!("={file}")), "{line}");
        }
    }
}
