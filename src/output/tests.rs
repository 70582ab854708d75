use std::path::{Path, PathBuf};

use super::*;
use crate::diagnostic::{Edit, Fix, Label, SuppressedBy};
use crate::report::{DeploymentFiles, Failure, Fixed, Refused};
use crate::rule::{FixAvailability, Preset};
use crate::source::Span;
use crate::stakes::Stakes;

/// A rule of that name; the only place that knows all fields of one.
fn rule(name: &'static str) -> &'static Rule {
    Box::leak(Box::new(Rule {
        name,
        summary: "something is so",
        since: "0.1.0",
        stakes: Stakes::NONE,
        severity: Severity::Warning,
        preset: Preset::Recommended,
        fix: FixAvailability::Sometimes,
        page: "",
        equivalents: &[],
        deviations: &[],
        is_for_production: false,
        checks: &[],
    }))
}

/// A report on `files`, a path and a text each.
fn report(files: &[(&str, &str)]) -> Report {
    let report = Report { checked_files: files.len(), ..Report::default() };
    for (path, text) in files {
        report.sources.add(Source::new(*path, text.as_bytes().to_vec()));
    }
    report
}

/// The first place in the file number `file` that says `text`.
fn find(report: &Report, file: u32, text: &str) -> Span {
    let start = report.sources.get(SourceId(file)).text().find(text).expect("the text is in the file");
    Span::new(SourceId(file), start, start + text.len())
}

/// A warning about `span` without anything else.
fn warning(name: &'static str, message: &str, span: Span) -> Diagnostic {
    Diagnostic {
        rule: rule(name),
        severity: Severity::Warning,
        preset: Preset::Essential,
        message: message.to_owned(),
        span,
        subject: None,
        labels: Vec::new(),
        help: None,
        fix: None,
        equivalents: Cow::default(),
        deployments: Vec::new(),
        suppressed_by: None,
        in_baseline: false,
        is_everywhere: false,
    }
}

fn options() -> Options {
    Options {
        color: false,
        unicode: true,
        width: 80,
        quiet: false,
        root: None,
        fail_on: Severity::Warning,
        category: |_| "security",
    }
}

/// What `report` looks like.
fn rendered(report: &Report, format: Format, options: &Options) -> String {
    let mut out = Vec::new();
    render(report, format, options, &mut out).expect("a vector can be written to");
    String::from_utf8(out).expect("all output is UTF-8")
}

/// The text without the summary.
fn blocks(report: &Report, options: &Options) -> String {
    let text = rendered(report, Format::Text, options);
    let end = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
    text[..end].to_owned()
}

const COMPOSE: &str = "\
services:
  web:
    image: nginx:1.27
    ports:
      - \"8080:80\"
  db:
    image: postgres:17
    environment:
      DB_PASSWORD: hunter2hunter2
";

/// Findings in two files, with all that a finding may have.
fn full() -> Report {
    let prod = "services:\n  db:\n    environment:\n      DB_PASSWORD: hunter2hunter2\n";
    let mut report = report(&[("/p/compose.yaml", COMPOSE), ("/p/compose.prod.yaml", prod)]);
    report.deployments = vec![
        DeploymentFiles { files: vec!["/p/compose.yaml".into()], ..DeploymentFiles::default() },
        DeploymentFiles {
            files: vec!["/p/compose.yaml".into(), "/p/compose.prod.yaml".into()],
            ..DeploymentFiles::default()
        },
    ];
    report.fixed = vec![Fixed { path: "/p/compose.yaml".into(), rule: "obsolete-version".into(), count: 1 }];
    report.refused = vec![Refused {
        path: "/p/compose.yaml".into(),
        line: Some(5),
        rule: "writable-config-mount".into(),
        subject: Some("web".into()),
        message: "the container can write hunter2hunter2".into(),
        reason: "the file was not asked for".into(),
    }];
    let port = find(&report, 0, "\"8080:80\"");
    let secret = find(&report, 0, "hunter2hunter2");
    let again = find(&report, 1, "DB_PASSWORD");
    report.diagnostics = vec![
        Diagnostic {
            subject: Some("web".to_owned()),
            help: Some("bind it to 127.0.0.1".into()),
            fix: Some(Box::new(Fix {
                title: "bind the port to 127.0.0.1".to_owned(),
                applicability: Applicability::Unsafe,
                edits: vec![Edit { span: port, text: "\"127.0.0.1:8080:80\"".to_owned() }],
            })),
            equivalents: Cow::Borrowed(&["dclint:no-unbound-port-interfaces"]),
            deployments: vec![1],
            ..warning("port-on-all-interfaces", "port 8080 is published on all interfaces", port)
        },
        Diagnostic {
            severity: Severity::Error,
            subject: Some("db".to_owned()),
            labels: vec![Label { span: again, text: "is set again here".to_owned() }],
            help: Some("read it from a file, not as hunter2hunter2".into()),
            fix: Some(Box::new(Fix {
                title: "move hunter2hunter2 to a file".to_owned(),
                applicability: Applicability::Safe,
                edits: vec![Edit { span: again, text: "X: \"hunter2hunter2\"".to_owned() }],
            })),
            deployments: vec![0, 1],
            ..warning("secret-in-environment", "`DB_PASSWORD` holds `hunter2hunter2`", secret)
        },
        Diagnostic {
            suppressed_by: Some(Box::new(SuppressedBy {
                span: port,
                reason: Some("not hunter2hunter2".to_owned()),
            })),
            ..warning("quiet-rule", "this is silenced", port)
        },
    ];
    report.secrets.insert(SourceId(0), vec![secret.range()]);
    report.secrets.insert(SourceId(1), vec![find(&report, 1, "hunter2hunter2").range()]);
    report
}

fn rooted() -> Options {
    Options { root: Some(PathBuf::from("/p")), ..options() }
}

const FULL_TEXT: &str = "\
warning[port-on-all-interfaces]: port 8080 is published on all interfaces
   ╭─ compose.yaml:5:9
 4 │     ports:
 5 │       - \"8080:80\"
   │         ━━━━━━━━━ `web`
   ├─ help: bind it to 127.0.0.1
   ├─ fix (unsafe): bind the port to 127.0.0.1
   ╰─ in: compose.yaml + compose.prod.yaml

error[secret-in-environment]: `DB_PASSWORD` holds `**************`
   ╭─ compose.yaml:9:20
 8 │     environment:
 9 │       DB_PASSWORD: **************
   │                    ━━━━━━━━━━━━━━ `db`
   ├─ compose.prod.yaml:4:7
 4 │       DB_PASSWORD: **************
   │       ─────────── is set again here
   ├─ help: read it from a file, not as **************
   ╰─ fix: move ************** to a file

1 error, 1 warning in 2 files; 1 suppressed; 1 fixable with --fix, 1 more with --fix --unsafe-fixes
fixed 1 finding in 1 file:
  compose.yaml: obsolete-version
left 1 fixable finding as it is:
  compose.yaml:5: writable-config-mount (web): the file was not asked for
";

#[test]
fn text_shows_places_labels_help_fix_and_deployments() {
    assert_eq!(rendered(&full(), Format::Text, &rooted()), FULL_TEXT);
}

#[test]
fn concise_is_a_line_a_finding() {
    assert_eq!(
        rendered(&full(), Format::Concise, &rooted()),
        "\
compose.yaml:5:9: warning[port-on-all-interfaces] port 8080 is published on all interfaces (web)
compose.yaml:9:20: error[secret-in-environment] `DB_PASSWORD` holds `**************` (db)
1 error, 1 warning in 2 files; 1 suppressed; 1 fixable with --fix, 1 more with --fix --unsafe-fixes
fixed 1 finding in 1 file:
  compose.yaml: obsolete-version
left 1 fixable finding as it is:
  compose.yaml:5: writable-config-mount (web): the file was not asked for
"
    );
}

#[test]
fn json_is_as_blessed() {
    let json = rendered(&full(), Format::Json, &rooted());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/output/report.json");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &json).expect("the snapshot can be written");
    }
    assert_eq!(json, std::fs::read_to_string(&path).expect("the snapshot can be read"));
}

#[test]
fn secrets_are_in_no_format() {
    for format in [Format::Text, Format::Concise, Format::Json] {
        let out = rendered(&full(), format, &rooted());
        assert!(!out.contains("hunter2"), "{out}");
    }
}

#[test]
fn a_bad_password_leaves_messages_readable_but_no_edit() {
    let mut report = report(&[("compose.yaml", "image: postgres\nPASSWORD: postgres\n")]);
    let secret = Span::new(SourceId(0), 26, 34);
    report.secrets.insert(SourceId(0), vec![secret.range()]);
    let mut finding = warning("r", "`postgres` has no tag", Span::new(SourceId(0), 7, 15));
    let edits = vec![Edit { span: secret, text: "postgres".to_owned() }];
    finding.fix =
        Some(Box::new(Fix { title: "pin it".to_owned(), applicability: Applicability::Safe, edits }));
    report.diagnostics.push(finding);
    let json = rendered(&report, Format::Json, &options());
    assert!(json.contains("`postgres` has no tag"), "{json}");
    assert!(json.contains("\"text\": \"********\""), "{json}");
}

#[test]
fn without_colour_there_is_no_escape_byte_and_with_it_nothing_else_changes() {
    for unicode in [true, false] {
        for format in [Format::Text, Format::Concise] {
            let plain = rendered(&full(), format, &Options { unicode, ..rooted() });
            let colored = rendered(&full(), format, &Options { unicode, color: true, ..rooted() });
            assert!(!plain.contains('\u{1b}') && colored.contains('\u{1b}'));
            assert_eq!(without_escapes(&colored), plain);
        }
    }
}

fn without_escapes(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[test]
fn ascii_only_draws_with_ascii() {
    let text = rendered(&full(), Format::Text, &Options { unicode: false, ..rooted() });
    assert!(text.is_ascii());
    let expected = "\
error[secret-in-environment]: `DB_PASSWORD` holds `**************`
  --> compose.yaml:9:20
 8 |     environment:
 9 |       DB_PASSWORD: **************
   |                    ^^^^^^^^^^^^^^ `db`
  ::: compose.prod.yaml:4:7
 4 |       DB_PASSWORD: **************
   |       ----------- is set again here
   = help: read it from a file, not as **************
   = fix: move ************** to a file
";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn what_a_terminal_obeys_never_gets_out() {
    let evil = "\u{1b}[31m\u{7f}\u{9b}2J\u{202e}\u{2066}\u{200f}\u{61c}\u{8}";
    let mut report = report(&[(&format!("a{evil}.yaml"), &format!("key: {evil}value\n"))]);
    let span = find(&report, 0, "value");
    let mut finding = warning("r", evil, span);
    finding.subject = Some(evil.to_owned());
    finding.help = Some(format!("{evil}\r\nnext").into());
    finding.labels.push(Label { span: find(&report, 0, "key"), text: evil.to_owned() });
    let fix = Fix { title: evil.to_owned(), applicability: Applicability::Safe, edits: Vec::new() };
    finding.fix = Some(Box::new(fix));
    report.failures.push(Failure { path: Some(PathBuf::from(evil)), message: evil.to_owned() });
    report
        .deployments
        .push(DeploymentFiles { files: vec![PathBuf::from(evil)], ..DeploymentFiles::default() });
    report.diagnostics.push(finding);
    for format in [Format::Text, Format::Concise, Format::Json] {
        let out = rendered(&report, format, &options());
        let bad = |char: &char| *char != '\n' && masked::is_hidden(*char) || matches!(char, '\r' | '\t');
        assert_eq!(out.chars().find(bad), None, "{out}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&rendered(&report, Format::Json, &options())).expect("it is JSON");
    assert_eq!(json["diagnostics"][0]["message"], evil);
}

#[test]
fn masking_keeps_every_offset() {
    let source = Source::new("a", "é: \u{1b}\u{9b}\u{202e}x\r\npass: gehéim\n".as_bytes().to_vec());
    let start = source.text().find("gehéim").expect("it is there");
    let secret = start..start + "gehéim".len();
    let shown = masked(&source, std::slice::from_ref(&secret));
    assert_eq!(&*shown, "é: ???\u{fffd}x\r\npass: *******\n");
    assert_eq!(shown.len(), source.text().len());
}

#[test]
fn what_several_services_share_is_said_once() {
    let names = ["a", "b", "cc", "d", "e", "f", "g", "h", "i", "j", "k"];
    let text = names.map(|name| format!("  {name}: {{}}\n")).concat();
    let mut report = report(&[("compose.yaml", &format!("services:\n{text}"))]);
    for name in names {
        let mut finding =
            warning("restart-missing", "no restart policy", find(&report, 0, &format!("{name}:")));
        finding.subject = Some(name.to_owned());
        finding.help = Some("set `restart`".into());
        report.diagnostics.push(finding);
    }
    assert_eq!(
        blocks(&report, &options()),
        "\
warning[restart-missing]: no restart policy (11 services)
   ╭─ compose.yaml:2:3
 2 │   a: {}
   │   ━━
 3 │   b: {}
   │   ━━
 4 │   cc: {}
   │   ━━━
 5 │   d: {}
   │   ━━
 6 │   e: {}
   │   ━━
 7 │   f: {}
   │   ━━
 8 │   g: {}
   │   ━━
 9 │   h: {}
   │   ━━
   ├─ and 3 more: i, j, k
   ╰─ help: set `restart`

"
    );
}

#[test]
fn services_that_share_bytes_by_an_alias_share_a_mark() {
    let mut report = report(&[("compose.yaml", "x-base: &base\n  image: nginx\n")]);
    for name in ["web", "api"] {
        let mut finding = warning("tag-missing", "the image has no tag", find(&report, 0, "nginx"));
        finding.subject = Some(name.to_owned());
        report.diagnostics.push(finding);
    }
    assert_eq!(
        blocks(&report, &options()),
        "\
warning[tag-missing]: the image has no tag (2 services)
   ╭─ compose.yaml:2:10
 2 │   image: nginx
   │          ━━━━━ `web`, `api`
   ╰─

"
    );
}

#[test]
fn folded_findings_have_an_excerpt_a_file() {
    let mut report = report(&[("a.yaml", "one: 1\n"), ("b.yaml", "one: 1\n")]);
    for file in [0, 1] {
        report.diagnostics.push(warning("r", "it is one", find(&report, file, "1")));
    }
    assert_eq!(
        blocks(&report, &options()),
        "\
warning[r]: it is one (2 places)
   ╭─ a.yaml:1:6
 1 │ one: 1
   │      ━
   ├─ b.yaml:1:6
 1 │ one: 1
   │      ━
   ╰─

"
    );
}

#[test]
fn findings_of_a_file_are_folded_if_the_marked_lines_say_in_what_they_differ() {
    let mut report = report(&[("a.yaml", "one: \"80\"\ntwo:  81\n"), ("b.yaml", "one: \"82\"\n")]);
    for (file, port) in [(0, "80"), (0, "81"), (1, "82")] {
        report.diagnostics.push(warning("r", &format!("`{port}` is open"), find(&report, file, port)));
    }
    // What stands nowhere near is not to be lost.
    report.diagnostics.push(warning("r", "`9000` is open", find(&report, 0, "two")));
    assert_eq!(
        blocks(&report, &options()),
        "\
warning[r]: `80` is open (and 1 more like it)
   ╭─ a.yaml:1:7
 1 │ one: \"80\"
   │       ━━
 2 │ two:  81
   │       ━━
   ╰─

warning[r]: `82` is open
   ╭─ b.yaml:1:7
 1 │ one: \"82\"
   │       ━━
   ╰─

warning[r]: `9000` is open
   ╭─ a.yaml:2:1
 1 │ one: \"80\"
 2 │ two:  81
   │ ━━━
   ╰─

"
    );
}

/// The excerpt of one finding at `span` of `text`, without its first two lines and the closing one.
fn excerpt(text: &str, start: usize, end: usize, options: &Options) -> String {
    let mut report = report(&[("compose.yaml", text)]);
    report.diagnostics.push(warning("r", "it is so", Span::new(SourceId(0), start, end)));
    let text = blocks(&report, options);
    let rows: Vec<&str> =
        text.lines().skip(2).filter(|row| !row.is_empty() && !row.ends_with("╰─")).collect();
    rows.join("\n")
}

#[test]
fn of_many_lines_the_first_is_shown() {
    let text = format!("services:\n{}", "  - item\n".repeat(300));
    assert_eq!(excerpt(&text, 0, text.len(), &options()), " 1 │ services:\n   │ ━━━━━━━━━…");
    assert_eq!(excerpt(&text, 9, text.len(), &options()), " 1 │ services:\n 2 │   - item\n   │   ━━━━━━…");
}

#[test]
fn a_long_line_is_cut_around_its_mark() {
    let text = format!("{}here{}", "x".repeat(500_000), "y".repeat(500_000));
    let narrow = Options { width: 40, ..options() };
    assert_eq!(
        excerpt(&text, 500_000, 500_004, &narrow),
        " 1 │ …xxxxxxxxxxxhereyyyyyyyyyyyyyyyyyy…\n   │             ━━━━"
    );
    assert_eq!(
        excerpt(&text, 0, 1_000_004, &narrow),
        " 1 │ xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\n   │ ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━"
    );
    let source = Source::new("a", text.into_bytes());
    let report = Report::default();
    let id = report.sources.add(source);
    let file = Files::new(&report, None).get(id);
    assert_eq!(file.position(500_001), Position { line: 1, column: 500_002 });
}

#[test]
fn columns_far_into_a_line_are_those_of_the_source() {
    let text = format!("\u{feff}{}\nx{}", "é漢a".repeat(3000), "漢".repeat(9000));
    let report = report(&[("a", &text)]);
    let file = Files::new(&report, None).get(SourceId(0));
    for offset in (0..text.len() as u32 + 3).step_by(97) {
        assert_eq!(file.position(offset), file.source.position(offset), "at {offset}");
    }
}

#[test]
fn an_empty_span_is_pointed_at_even_at_the_end_of_the_file() {
    assert_eq!(excerpt("a: 1\nb", 6, 6, &options()), " 1 │ a: 1\n 2 │ b\n   │  ▲");
    assert_eq!(excerpt("a: 1\n", 5, 5, &options()), " 1 │ a: 1\n 2 │\n   │ ▲");
    assert_eq!(excerpt("", 0, 0, &options()), " 1 │\n   │ ▲");
    assert_eq!(excerpt("a", 90, 95, &options()), " 1 │ a\n   │  ▲");
}

#[test]
fn marks_stand_under_tabs_and_wide_characters() {
    assert_eq!(excerpt("\ta: 1", 1, 2, &options()), " 1 │     a: 1\n   │     ━");
    assert_eq!(excerpt("漢字: x", 8, 9, &options()), " 1 │ 漢字: x\n   │       ━");
    assert_eq!(excerpt("漢字: x", 0, 6, &options()), " 1 │ 漢字: x\n   │ ━━━━");
    // A span that cuts a character begins where the character does.
    assert_eq!(excerpt("漢字: x", 1, 6, &options()), " 1 │ 漢字: x\n   │ ━━━━");
}

#[test]
fn line_endings_and_the_byte_order_mark_are_not_shown() {
    assert_eq!(excerpt("\u{feff}a: 1\r\nb: 2\r\n", 3, 4, &options()), " 1 │ a: 1\n   │ ━");
    assert_eq!(excerpt("\u{feff}a: 1\r\nb: 2\r\n", 9, 15, &options()), " 1 │ a: 1\n 2 │ b: 2\n   │ ━━━━");
    assert_eq!(excerpt("a: 1\rb: 2\r", 5, 6, &options()), " 1 │ a: 1\n 2 │ b: 2\n   │ ━");
}

#[test]
fn overlapping_places_have_rows_of_their_own() {
    let mut report = report(&[("compose.yaml", "ports: [\"1:1\", \"2:2\"]\n")]);
    let mut finding = warning("r", "it is so", find(&report, 0, "\"1:1\""));
    finding.labels = vec![
        Label { span: find(&report, 0, "\"2:2\""), text: "the other".to_owned() },
        Label { span: find(&report, 0, "[\"1:1\", \"2:2\"]"), text: "the list".to_owned() },
    ];
    report.diagnostics.push(finding);
    assert_eq!(
        blocks(&report, &options()),
        "\
warning[r]: it is so
   ╭─ compose.yaml:1:9
 1 │ ports: [\"1:1\", \"2:2\"]
   │         ━━━━━
   │        ────────────── the list
   │                ───── the other
   ╰─

"
    );
}

#[test]
fn two_marks_with_texts_share_a_row() {
    let mut report = report(&[("compose.yaml", "ports: [\"1:1\", \"2:2\"]\n")]);
    for (port, subject) in [("\"1:1\"", "a"), ("\"2:2\"", "b")] {
        let mut finding = warning("r", "it is so", find(&report, 0, port));
        finding.subject = Some(subject.to_owned());
        report.diagnostics.push(finding);
    }
    assert_eq!(
        blocks(&report, &options()),
        "\
warning[r]: it is so (2 services)
   ╭─ compose.yaml:1:9
 1 │ ports: [\"1:1\", \"2:2\"]
   │         ━━┯━━  ━━┯━━
   │           │      ╰── `b`
   │           ╰── `a`
   ╰─

"
    );
}

#[test]
fn the_summary_counts_with_the_right_plurals() {
    let mut report = report(&[("a", "a")]);
    let span = Span::new(SourceId(0), 0, 1);
    let summary = |report: &Report, options: &Options| {
        let text = rendered(report, Format::Concise, options);
        text.lines().last().unwrap_or_default().to_owned()
    };
    let quiet = Options { quiet: true, ..options() };
    assert_eq!(summary(&report, &options()), "no problems in 1 file");
    assert_eq!(summary(&report, &quiet), "");
    for severity in [Severity::Info, Severity::Info, Severity::Error] {
        report.diagnostics.push(Diagnostic { severity, ..warning("r", "it is so", span) });
    }
    assert_eq!(summary(&report, &options()), "1 error, 2 infos in 1 file");
    assert_eq!(summary(&report, &quiet), "1 error in 1 file");
    report.diagnostics.truncate(1);
    assert_eq!(rendered(&report, Format::Text, &quiet), "");
}

#[test]
fn failures_stand_before_the_summary() {
    let mut report = report(&[("a", "a")]);
    let path = Some(PathBuf::from("/p/x.yaml"));
    report.failures = vec![
        Failure { path: path.clone(), message: "cannot read x.yaml: permission denied".to_owned() },
        Failure { path, message: "permission denied".to_owned() },
    ];
    assert_eq!(
        rendered(&report, Format::Text, &rooted()),
        "\
error: cannot read x.yaml: permission denied
error: x.yaml: permission denied
no other problems in 1 file
"
    );
}

#[test]
fn a_closed_pipe_is_an_error_and_no_panic() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for format in [Format::Text, Format::Concise, Format::Json] {
        let error = render(&full(), format, &options(), &mut Closed).expect_err("the pipe is closed");
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}

#[test]
fn no_span_makes_it_panic() {
    let text = "\u{feff}a\r\n\r\n\tb漢\rc\n\n";
    for start in 0..text.len() + 2 {
        for end in start..text.len() + 2 {
            for width in [0, 20, 80] {
                excerpt(text, start, end, &Options { width, ..options() });
            }
        }
    }
}

/// A report with what formats stumble over: markup in names, a secret, a suppressed finding, a failure.
fn awkward() -> Report {
    let text = "services:\n  \"a<&\\\"b\":\n    image: x # 100%, a:b\n    command: café secret-value-1\n";
    let mut report = report(&[("dir, a/comp%se:1.yaml", text)]);
    let mut first = warning("rule-one", "`image: <x>` & \"y\" | *z* @all", find(&report, 0, "image: x"));
    first.subject = Some("a<&\"b".to_owned());
    first.help = Some("write `y`, 100% of it".into());
    let mut second = warning("rule-two", "`secret-value-1` is in clear", find(&report, 0, "secret-value-1"));
    second.severity = Severity::Error;
    let edit = Edit { span: second.span, text: "é".to_owned() };
    second.fix = Some(Box::new(Fix {
        title: "do it".to_owned(),
        applicability: Applicability::Safe,
        edits: vec![edit],
    }));
    let mut third = warning("rule-one", "never mind", find(&report, 0, "services"));
    third.severity = Severity::Info;
    let mut fourth = warning("rule-one", "not shown", find(&report, 0, "command"));
    fourth.suppressed_by = Some(Box::new(SuppressedBy {
        span: find(&report, 0, "# 100%, a:b"),
        reason: Some("a reason".to_owned()),
    }));
    report.secrets.insert(SourceId(0), vec![second.span.range()]);
    report.diagnostics = vec![third, first, fourth, second];
    report.failures =
        vec![Failure { path: Some(PathBuf::from("gone.yaml")), message: "cannot read it: <no>".to_owned() }];
    report
}

#[test]
fn annotations_escape_what_a_workflow_command_reads() {
    assert_eq!(
        rendered(&awkward(), Format::Github, &options()),
        "::notice file=dir%2C a/comp%25se%3A1.yaml,line=1,col=1,endLine=1,endColumn=9,\
         title=composelint[rule-one]::never mind\n\
         ::warning file=dir%2C a/comp%25se%3A1.yaml,line=3,col=5,endLine=3,endColumn=13,\
         title=composelint[rule-one]::`image: <x>` & \"y\" | *z* @all (a<&\"b)%0A\
         help: write `y`, 100%25 of it\n\
         ::error file=dir%2C a/comp%25se%3A1.yaml,line=4,col=19,endLine=4,endColumn=33,\
         title=composelint[rule-two]::`**************` is in clear\n\
         ::error file=gone.yaml,title=composelint::cannot read it: <no>\n"
    );
}

#[test]
fn xml_formats_escape_markup_and_count_what_fails() {
    let junit = rendered(&awkward(), Format::Junit, &options());
    assert!(junit.contains("<testsuites name=\"composelint\" tests=\"4\" failures=\"2\" errors=\"1\">"));
    assert!(
        junit.contains("message=\"`image: &lt;x&gt;` &amp; &quot;y&quot; | *z* @all (a&lt;&amp;&quot;b)\"")
    );
    assert!(junit.contains("<system-out>dir, a/comp%se:1.yaml:1:1: info[rule-one] never mind</system-out>"));
    let checkstyle = rendered(&awkward(), Format::Checkstyle, &options());
    assert_eq!(checkstyle.matches("<file ").count(), 2);
    assert_eq!(checkstyle.matches("<error ").count(), 4);
    assert!(checkstyle.contains("line=\"4\" column=\"19\" severity=\"error\""));
    for xml in [junit, checkstyle] {
        assert!(!xml.contains("secret-value-1") && !xml.contains("not shown"), "{xml}");
        assert!(!xml.contains("<x>") && !xml.contains("<no>"), "{xml}");
    }
}

#[test]
fn xml_holds_no_character_that_xml_does_not_have() {
    assert_eq!(xml::escaped("a\u{0}\u{ffff}\u{b}é\n"), "a???é&#10;");
}

#[test]
fn a_report_of_nothing_is_a_whole_document_in_every_format() {
    let nothing = report(&[("a.yaml", "")]);
    let json = |format| -> serde_json::Value {
        serde_json::from_str(&rendered(&nothing, format, &options())).expect("it is JSON")
    };
    assert_eq!(json(Format::Gitlab), serde_json::json!([]));
    assert_eq!(json(Format::Rdjson)["diagnostics"], serde_json::json!([]));
    assert_eq!(json(Format::Sarif)["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(json(Format::JsonLines)["type"], "summary");
    assert!(rendered(&nothing, Format::Junit, &options()).contains("<testcase name=\"no problems\""));
    assert_eq!(rendered(&nothing, Format::Github, &options()), "");
    assert_eq!(rendered(&nothing, Format::Markdown, &options()), "### composelint: no problems in 1 file\n");
}

#[test]
fn fingerprints_stay_when_lines_and_prose_change() {
    let prints = |text: &str, message: &str| {
        let mut report = report(&[("a.yaml", text)]);
        report.diagnostics = vec![
            warning("one", message, find(&report, 0, "image")),
            warning("one", message, find(&report, 0, "image")),
            warning("two", message, find(&report, 0, "image")),
        ];
        let json: serde_json::Value =
            serde_json::from_str(&rendered(&report, Format::Gitlab, &options())).expect("it is JSON");
        let print = |entry: &serde_json::Value| entry["fingerprint"].as_str().map(str::to_owned);
        json.as_array().expect("an array").iter().filter_map(print).collect::<Vec<_>>()
    };
    let before = prints("image: x\n", "so");
    assert_eq!(before, prints("# new\n\nimage: x\n", "otherwise"));
    let distinct: std::collections::BTreeSet<_> = before.iter().collect();
    assert_eq!(distinct.len(), 3, "equal findings and other rules are told apart");
}

#[test]
fn a_fingerprint_does_not_depend_on_a_secret() {
    let print = |secret: &str| {
        let text = format!("password: {secret}\n");
        let mut report = report(&[("a.yaml", &text)]);
        let span = find(&report, 0, secret);
        report.secrets.insert(SourceId(0), vec![span.range()]);
        report.diagnostics = vec![warning("one", "so", span)];
        rendered(&report, Format::Gitlab, &options())
    };
    assert_eq!(print("aaaaaaaaaaaa"), print("bbbbbbbbbbbb"));
}

#[test]
fn sarif_tells_suppressed_findings_fixes_and_failures() {
    let log: serde_json::Value =
        serde_json::from_str(&rendered(&awkward(), Format::Sarif, &options())).expect("it is JSON");
    let run = &log["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let tags = run["tool"]["driver"]["rules"][0]["properties"]["tags"].clone();
    assert_eq!(tags, serde_json::json!(["security"]), "tags are unique");
    let results = run["results"].as_array().expect("there are results");
    assert_eq!(results.len(), 4);
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("a number") as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        let suppressed = result["message"]["text"] == "not shown";
        assert_eq!(result["suppressions"].as_array().map(Vec::len), Some(usize::from(suppressed)));
        assert!(!suppressed || result["suppressions"][0]["justification"] == "a reason");
    }
    let place = &results[3]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "dir%2C%20a/comp%25se%3A1.yaml");
    assert_eq!(place["region"]["startColumn"], 19, "columns count characters");
    assert_eq!(
        results[3]["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"],
        "é"
    );
}

#[test]
fn rdjson_counts_columns_in_bytes() {
    let json: serde_json::Value =
        serde_json::from_str(&rendered(&awkward(), Format::Rdjson, &options())).expect("it is JSON");
    let finding = &json["diagnostics"][2];
    assert_eq!(finding["location"]["range"]["start"], serde_json::json!({"line": 4, "column": 20}));
    assert_eq!(finding["suggestions"][0]["text"], "é");
}

#[test]
fn markdown_is_text_but_for_the_words_in_backticks() {
    let markdown = rendered(&awkward(), Format::Markdown, &options());
    assert!(markdown.starts_with("### composelint: 1 error, 1 warning, 1 info in 1 file\n"));
    assert!(
        markdown.contains("`image: <x>` &amp; \"y\" \\| \\*z\\* &#64;all (a&lt;&amp;\"b)<br>"),
        "{markdown}"
    );
    assert!(markdown.contains("**Not done:** `gone.yaml`: cannot read it: &lt;no>"), "{markdown}");
}

#[test]
fn statistics_count_the_findings_of_a_rule() {
    let mut out = Vec::new();
    render_statistics(&awkward(), Format::Json, &options(), &mut out).expect("a vector can be written to");
    let lines: serde_json::Value = serde_json::from_slice(&out).expect("it is JSON");
    assert_eq!(lines[0]["rule"], "rule-one");
    assert_eq!(lines[0]["count"], 2);
    assert_eq!(lines[1]["fixable"], 1);
    assert_eq!(
        (&lines[0]["warnings"], &lines[0]["infos"], &lines[0]["files"]),
        (&1.into(), &1.into(), &1.into())
    );
}

#[test]
fn statistics_say_how_findings_are_spread_over_files() {
    let mut report = report(&[("a.yaml", "one: 1\n"), ("b.yaml", "one: 1\n"), ("c.yaml", "one: 1\n")]);
    for file in [0, 0, 1] {
        report.diagnostics.push(warning("r", "it is one", find(&report, file, "1")));
    }
    let statistics = |format| {
        let mut out = Vec::new();
        render_statistics(&report, format, &options(), &mut out).expect("a vector can be written to");
        String::from_utf8(out).expect("all output is UTF-8")
    };
    let spread =
        "findings in a file: 1 at the median, 2 at the 90th percentile, 2 at most; none in 1 of 3 files";
    let text = statistics(Format::Text);
    assert!(text.starts_with("3  warning  r  something is so  [in 2 files]\n"), "{text}");
    assert!(text.contains(spread), "{text}");
    let table = statistics(Format::Markdown);
    assert!(table.contains("| `r` | recommended | 0 | 3 | 0 | 2 | 67 % |\n"), "{table}");
    assert!(table.contains(spread), "{table}");
}
