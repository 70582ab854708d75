use std::path::PathBuf;

use super::insert;
use crate::compose::file::Workspace;
use crate::discover::discover;
use crate::fs::Memory;
use crate::lint::{self, Request, Selection, Selector};
use crate::report::Report;
use crate::source::Sources;

fn request(memory: &Memory, rules: &[&'static str]) -> Request {
    let found = discover(memory, &Workspace::new(memory), &[PathBuf::from(".")], false);
    let select = rules.iter().map(|rule| Selector::Rule(rule)).collect();
    Request {
        deployments: found.deployments,
        dockerfiles: found.dockerfiles,
        selection: Selection { preset: None, select, ignore: Vec::new() },
        ..Request::default()
    }
}

fn memory(files: &[(&str, &str)]) -> Memory {
    let memory = Memory::new();
    for (path, text) in files {
        memory.insert(path, text.as_bytes());
    }
    memory
}

fn report(files: &[(&str, &str)], rules: &[&'static str]) -> Report {
    let memory = memory(files);
    lint::check(&memory, &request(&memory, rules))
}

/// The lines of the findings that nothing silences, and of those that something does.
fn lines(files: &[(&str, &str)], rules: &[&'static str]) -> (Vec<u32>, Vec<u32>) {
    let report = report(files, rules);
    let line =
        |sources: &Sources, span: crate::source::Span| sources.get(span.source).position(span.start).line;
    let of = |suppressed: bool| {
        let found = report.diagnostics.iter().filter(|it| it.is_suppressed() == suppressed);
        found.map(|it| line(&report.sources, it.span)).collect()
    };
    (of(false), of(true))
}

fn compose(text: &str) -> (Vec<u32>, Vec<u32>) {
    lines(&[("compose.yaml", text)], &["privileged-container", "unpinned-image"])
}

fn dockerfile(text: &str) -> (Vec<u32>, Vec<u32>) {
    lines(&[("Dockerfile", text)], &["unpinned-image", "root-user"])
}

#[test]
fn a_comment_silences_the_key_that_it_stands_above_or_behind() {
    let text = "\
services:
  a:
    # composelint: ignore[privileged-container]
    privileged: true
  b:
    privileged: true # composelint: ignore[privileged-container]
  c:
    privileged: true
";
    assert_eq!(compose(text), (vec![8], vec![4, 6]));
}

#[test]
fn a_comment_above_a_service_silences_all_of_it_and_no_other() {
    let text = "\
services:
  # the builder
  # composelint: ignore[security] -- it builds
  # images
  a:
    image: postgres
    privileged: true
  b: # composelint: ignore[unpinned-image, privileged-container]
    image: postgres
    privileged: true
  c: {image: postgres, privileged: true}
";
    assert_eq!(compose(text), (vec![6, 11, 11], vec![7, 9, 10]));
}

#[test]
fn a_blank_line_parts_a_comment_from_the_key() {
    let text = "services:\n  # composelint: ignore[security]\n\n  a:\n    privileged: true\n";
    assert_eq!(compose(text), (vec![5], vec![]));
}

#[test]
fn what_a_comment_above_the_first_key_of_a_service_silences_is_that_key() {
    let text = "\
services:
  a:
    # composelint: ignore[missing-healthcheck]
    image: example.com/a:1
";
    let (found, silenced) = lines(&[("compose.yaml", text)], &["missing-healthcheck"]);
    assert_eq!((found, silenced), (vec![2], vec![]));
}

#[test]
fn the_file_is_silenced_from_its_top_only() {
    let text = "# composelint: ignore-file[security]\n\nservices:\n  a:\n    privileged: true\n";
    assert_eq!(compose(text), (vec![], vec![5]));
    let text = "services:\n  # composelint: ignore-file[security]\n  a:\n    privileged: true\n";
    assert_eq!(compose(text), (vec![4], vec![]));
}

#[test]
fn where_an_anchored_value_is_written_decides() {
    let text = "\
x-base: &base # composelint: ignore[privileged-container]
  privileged: true
services:
  a:
    <<: *base
";
    assert_eq!(compose(text), (vec![], vec![2]));
    let text = "\
x-base: &base
  privileged: true
services:
  a:
    <<: *base # composelint: ignore[privileged-container]
";
    assert_eq!(compose(text), (vec![2], vec![]));
}

#[test]
fn an_instruction_is_silenced_with_its_continuation_lines_and_heredocs() {
    let text = "\
# syntax=docker/dockerfile:1
# composelint: ignore[unpinned-image]
FROM debian
# composelint: ignore[root-user] -- it steps down itself
USER \\
  root
RUN true
";
    assert_eq!(dockerfile(text), (vec![], vec![3, 6]));
    let text = "\
FROM debian
# composelint: ignore[unpinned-image]

RUN <<EOF
# composelint: ignore[unpinned-image]
EOF
# composelint: ignore[unpinned-image]
# the next stage
FROM debian
USER nobody
";
    assert_eq!(dockerfile(text), (vec![1], vec![9]));
}

#[test]
fn comments_of_other_tools_silence_their_equivalents() {
    for comment in [
        "# hadolint ignore=DL3006",
        "# trivy:ignore:DS-0001",
        "# checkov:skip=CKV_DOCKER_7: it moves",
        "# hadolint global ignore = DL3006 , DL3008",
        "# hadolint stage ignore=DL3006",
    ] {
        let (found, silenced) = dockerfile(&format!("ARG a\n{comment}\nFROM debian\n"));
        if comment.contains("trivy") || comment.contains("checkov") {
            // Which of the peers' checks fit a finding is the rule's to say.
            assert_eq!(found.len() + silenced.len(), 1, "{comment}");
        } else {
            assert_eq!((found, silenced), (vec![], vec![3]), "{comment}");
        }
    }
    let (found, _) = dockerfile("# hadolint ignore=DL3008\nFROM debian\n");
    assert_eq!(found, [2]);
}

#[test]
fn lines_and_regions_of_other_tools_end_where_they_end() {
    let text = "\
services:
  a:
    privileged: true # composelint-disable-line no-privileged -- why
  # composelint-disable no-privileged
  b:
    privileged: true
  # composelint-enable no-privileged
  c:
    privileged: true
  d:
    # composelint-disable-next-line
    privileged: true
  e: # composelint-disable-line
    privileged: true
";
    assert_eq!(compose(text), (vec![9, 14], vec![3, 6, 12]));
}

#[test]
fn a_region_ends_with_its_end_or_the_file() {
    let text = "\
services:
  # composelint-disable no-privileged
  a: {privileged: true}
  # composelint-enable
  b: {privileged: true}
  # composelint-disable
  c: {privileged: true}
";
    let rules = &["privileged-container", "unused-suppression"];
    assert_eq!(lines(&[("compose.yaml", text)], rules), (vec![5], vec![3, 7]));
    // What was not asked for cannot be missed.
    let text = "services:\n  a: {init: true} # composelint-disable-line no-privileged\n";
    assert_eq!(lines(&[("compose.yaml", text)], rules), (vec![2], vec![]));
    assert_eq!(lines(&[("compose.yaml", text)], &["unused-suppression"]), (vec![], vec![]));
}

#[test]
fn of_several_names_each_is_of_use_by_itself() {
    let text = "\
version: '3'
services:
  # composelint-disable-next-line no-privileged, no-version-field
  a: {privileged: true}
  # composelint-disable no-version-field, no-privileged
  b: {privileged: true}
";
    let rules = ["privileged-container", "obsolete-version", "unused-suppression"];
    let report = report(&[("compose.yaml", text)], &rules);
    let unused: Vec<&str> = report
        .diagnostics
        .iter()
        .filter(|it| it.rule.name == "unused-suppression")
        .map(|it| it.message.split('`').nth(1).expect("it names one"))
        .collect();
    assert_eq!(unused, ["no-version-field", "no-version-field"]);
    assert_eq!(lines(&[("compose.yaml", text)], &["privileged-container"]), (vec![], vec![4, 6]));
}

#[test]
fn nosemgrep_is_about_its_line_or_what_is_below() {
    let text = "\
services:
  a:
    privileged: true # nosemgrep: privileged-service
  b:
    # nosemgrep: privileged-service
    privileged: true
  c:
    image: example.com/c:1 # nosemgrep: privileged-service
    privileged: true
";
    assert_eq!(lines(&[("compose.yaml", text)], &["privileged-container"]), (vec![9], vec![3, 6]));
}

#[test]
fn that_a_comment_is_of_no_use_can_be_silenced() {
    let text = "\
# composelint: ignore-file[unused-suppression]
services:
  # composelint: ignore[privileged-container]
  a: {image: example.com/a:1}
";
    let rules = &["privileged-container", "unused-suppression"];
    assert_eq!(lines(&[("compose.yaml", text)], rules), (vec![], vec![3]));
}

#[test]
fn a_line_that_is_silenced_ends_where_the_next_begins() {
    let both = "name: x # composelint-disable-line\nversion: '3'\nservices: {}\n";
    assert_eq!(lines(&[("compose.yaml", both)], &["obsolete-version"]), (vec![2], vec![]));
    let one = "version: '3' # composelint-disable-line\nservices: {}\n";
    assert_eq!(lines(&[("compose.yaml", one)], &["obsolete-version"]), (vec![], vec![1]));
}

#[test]
fn a_directive_silences_its_dockerfile_and_no_other() {
    let rules = &["stage-name-casing"];
    let text = "# check=skip=StageNameCasing\nFROM debian AS Builder\n";
    assert_eq!(lines(&[("Dockerfile", text)], rules), (vec![], vec![2]));
    let inline = "\
services:
  a:
    build:
      dockerfile_inline: |
        # check=skip=StageNameCasing
        FROM debian AS Builder
  b:
    build:
      dockerfile_inline: |
        FROM debian AS Builder
";
    assert_eq!(lines(&[("compose.yaml", inline)], rules), (vec![10], vec![6]));
}

#[test]
fn a_dockerfile_is_silenced_from_its_top_only() {
    let top = "# composelint: ignore-file[unpinned-image]\n\nFROM debian\nUSER 1\n";
    assert_eq!(dockerfile(top), (vec![], vec![3]));
    let below = "FROM debian\n# composelint: ignore-file[unpinned-image]\nUSER 1\n";
    assert_eq!(dockerfile(below), (vec![1], vec![]));
    let between = "ARG A\n# composelint: ignore-file[unpinned-image]\nFROM debian\nUSER 1\n";
    assert_eq!(dockerfile(between), (vec![3], vec![]));
}

/// The text after the fixes of what is found.
fn fixed(text: &str, rules: &[&'static str]) -> String {
    let report = report(&[("compose.yaml", text)], rules);
    let fixes: Vec<_> = report.diagnostics.iter().filter_map(|it| it.fix.as_deref()).collect();
    crate::fix::apply(text, &fixes).text
}

#[test]
fn what_is_removed_of_a_comment_leaves_the_rest_in_form() {
    let rules = &["privileged-container", "unused-suppression", "root-user", "obsolete-version"];
    for (names, left) in [
        ("root-user, privileged-container", "privileged-container"),
        ("privileged-container, root-user", "privileged-container"),
        ("root-user, privileged-container,obsolete-version", "privileged-container"),
    ] {
        let text = |names: &str| {
            format!("services:\n  a:\n    # composelint: ignore[{names}]\n    privileged: true\n")
        };
        assert_eq!(fixed(&text(names), rules), text(left));
    }
    let marked = "\u{feff}# composelint: ignore-file[obsolete-version]\nservices: {}\n";
    assert_eq!(fixed(marked, rules), "\u{feff}services: {}\n");
}

#[test]
fn the_reason_and_the_place_are_kept() {
    let text = "services:\n  a:\n    # composelint: ignore[security] -- a b\n    privileged: true\n";
    let report = report(&[("compose.yaml", text)], &["privileged-container"]);
    let by = report.diagnostics[0].suppressed_by.clone().expect("it is silenced");
    assert_eq!(by.reason.as_deref(), Some("a b"));
    assert_eq!(report.sources.slice(by.span), "# composelint: ignore[security] -- a b");
}

#[test]
fn the_outer_of_two_is_the_unused_one() {
    let text = "\
services:
  # composelint: ignore[privileged-container]
  a:
    # composelint: ignore[privileged-container]
    privileged: true
";
    let rules = &["privileged-container", "unused-suppression"];
    assert_eq!(lines(&[("compose.yaml", text)], rules), (vec![2], vec![5]));
}

#[test]
fn what_was_not_looked_at_is_not_unused() {
    let text = "services:\n  # composelint: ignore[privileged-container]\n  a:\n    image: example.com/a:1\n";
    assert_eq!(lines(&[("compose.yaml", text)], &["unused-suppression"]), (vec![], vec![]));
    let memory = memory(&[("compose.yaml", text)]);
    let mut request = request(&memory, &["unused-suppression", "privileged-container"]);
    assert_eq!(lint::check(&memory, &request).diagnostics.len(), 1);
    let category = text.replace("privileged-container", "security");
    let rules = ["unused-suppression", "privileged-container"];
    assert_eq!(lines(&[("compose.yaml", &category)], &rules), (vec![], vec![]));
    let whole: &[Selector] =
        &[Selector::Category("security".to_owned()), Selector::Rule("unused-suppression")];
    let category = "services: {}\n# composelint: ignore[security]\nvolumes: {v: }\n";
    let of_category = self::memory(&[("compose.yaml", category)]);
    let selection = Selection { preset: None, select: whole.to_vec(), ignore: Vec::new() };
    let all = Request { selection, ..self::request(&of_category, &[]) };
    let found = lint::check(&of_category, &all).diagnostics;
    assert_eq!(found.iter().filter(|it| it.rule.name == "unused-suppression").count(), 1);
    request.deployments[0].profiles = vec!["debug".into()];
    assert_eq!(lint::check(&memory, &request).diagnostics.len(), 0);
}

#[test]
fn suppressions_can_be_passed_over() {
    let text = "services:\n  a:\n    privileged: true # composelint: ignore[security]\n";
    let memory = memory(&[("compose.yaml", text)]);
    let mut request = request(&memory, &["privileged-container"]);
    request.ignore_suppressions = true;
    assert!(lint::check(&memory, &request).diagnostics.iter().all(|it| !it.is_suppressed()));
}

/// The texts with a comment for each finding, after a look at whether each comment is right.
fn inserted(files: &[(&str, &str)], rules: &[&'static str], reason: Option<&str>) -> Vec<String> {
    let memory = memory(files);
    let mut all = rules.to_vec();
    all.extend(["unused-suppression", "unknown-suppression"]);
    let request = request(&memory, &all);
    let plan = insert::plan(&memory, &request, &lint::check(&memory, &request), reason, &|_| {});
    assert_eq!(plan.write(&memory), []);
    let report = lint::check(&memory, &request);
    let left = report.diagnostics.iter().filter(|it| !it.is_suppressed()).count();
    assert_eq!(left, 0, "a finding is left");
    let again = insert::plan(&memory, &request, &report, reason, &|_| {});
    assert!(again.changes.is_empty(), "a second run changes something");
    plan.changes.into_iter().map(|change| change.text).collect()
}

#[test]
fn comments_are_inserted_above_what_is_found_in_its_indentation() {
    let text = "\
services:
    a:
        image: postgres
        volumes: [
            /etc:/etc,
        ]
        privileged: true
    b: {image: postgres, privileged: true}
";
    let with = "\
services:
    a:
        # composelint: ignore[unpinned-image]
        image: postgres
        volumes: [
            /etc:/etc,
        ]
        # composelint: ignore[privileged-container]
        privileged: true
    # composelint: ignore[privileged-container, unpinned-image]
    b: {image: postgres, privileged: true}
";
    let rules = &["privileged-container", "unpinned-image"];
    assert_eq!(inserted(&[("compose.yaml", text)], rules, None), [with]);
    let crlf = text.replace('\n', "\r\n");
    assert_eq!(inserted(&[("compose.yaml", &crlf)], rules, None), [with.replace('\n', "\r\n")]);
}

#[test]
fn names_go_into_the_comment_that_is_there() {
    let text = "\
services:
  # composelint: ignore[privileged-container]
  a: {image: postgres, privileged: true}
  b: {image: postgres, privileged: true} # composelint: ignore[unpinned-image] -- old
";
    let with = "\
services:
  # composelint: ignore[privileged-container, unpinned-image] -- new
  a: {image: postgres, privileged: true}
  # composelint: ignore[privileged-container] -- new
  b: {image: postgres, privileged: true} # composelint: ignore[unpinned-image] -- old
";
    let rules = &["privileged-container", "unpinned-image"];
    assert_eq!(inserted(&[("compose.yaml", text)], rules, Some("new")), [with]);
}

#[test]
fn what_stands_on_no_line_of_its_own_is_silenced_for_the_file() {
    for text in [
        "--- {services: {a: {privileged: true}}}\n",
        "{services: {a: {privileged: true}}}",
        "\u{feff}{services: {a: {privileged: true}}}",
        "%YAML 1.2\n---\n{services: {a: {privileged: true}}}",
    ] {
        let after = inserted(&[("compose.yaml", text)], &["privileged-container"], None);
        assert!(after[0].contains("# composelint: ignore-file[privileged-container]\n"), "{after:?}");
    }
}

#[test]
fn comments_in_a_dockerfile_stay_below_its_directives() {
    let text = "# syntax=docker/dockerfile:1\nFROM debian AS a\nRUN <<E\n# x\nE\n\nFROM postgres";
    let with = "\
# syntax=docker/dockerfile:1
# composelint: ignore[unpinned-image]
FROM debian AS a
RUN <<E
# x
E

# composelint: ignore[unpinned-image]
FROM postgres";
    assert_eq!(inserted(&[("Dockerfile", text)], &["unpinned-image"], None), [with]);
}

#[test]
fn many_comments_and_findings_are_all_judged() {
    let mut text = String::from("services:\n");
    for index in 0..3000 {
        for _ in 0..3 {
            text.push_str("  # composelint: ignore[privileged-container, nothing-like-it]\n");
        }
        text.push_str(&format!("  # composelint-disable a{index}\n  s{index}: {{privileged: true}}\n"));
    }
    let rules = &["privileged-container", "unused-suppression", "unknown-suppression"];
    let (found, silenced) = lines(&[("compose.yaml", &text)], rules);
    // Two of three comments are unused, and four names of each service are unknown.
    assert_eq!((found.len(), silenced.len()), (18_000, 3000));
}
