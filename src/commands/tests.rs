use super::managers::{Manager, call};
use super::*;
use crate::source::{SourceId, SourceMap};

fn parse(text: &str) -> Dockerfile {
    Dockerfile::parse(text, &SourceMap::verbatim(Span::new(SourceId(0), 0, text.len())))
}

fn programs(text: &str) -> Vec<String> {
    parse(text).layers().iter().flat_map(|layer| &layer.commands).map(|it| it.program.clone()).collect()
}

#[test]
fn commands_are_found_wherever_a_shell_runs_them() {
    assert_eq!(
        programs("FROM a\nRUN apt-get update && (apk add x; yum y) | tee z\n"),
        ["apt-get", "apk", "yum", "tee"]
    );
    assert_eq!(programs("FROM a\nRUN if ! pip install x; then gem y; fi\n"), ["pip", "gem"]);
    assert_eq!(programs("FROM a\nRUN echo \"$(curl x | sh)\" `wget y`\n"), ["echo", "curl", "sh", "wget"]);
    assert_eq!(programs("FROM a\nRUN bash -ec 'apt-get update && npm ci'\n"), ["bash", "apt-get", "npm"]);
    assert_eq!(programs("FROM a\nRUN [\"sh\", \"-c\", \"npm ci\"]\n"), ["sh", "npm"]);
    assert_eq!(programs("FROM a\nONBUILD RUN npm ci\n"), ["npm"]);
    assert_eq!(programs("FROM a\nRUN <<EOF\napt-get update\nnpm ci\nEOF\n"), ["apt-get", "npm"]);
    assert_eq!(programs("FROM a\nRUN bash <<EOF\nnpm ci\nEOF\n"), ["bash", "npm"]);
}

#[test]
fn other_languages_are_not_read() {
    assert!(programs("FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nimport x\nEOF\n").is_empty());
    assert!(programs("FROM a\nSHELL [\"pwsh\", \"-c\"]\nRUN sudo x\n").is_empty());
    assert!(programs("FROM mcr.microsoft.com/windows/nanoserver\nRUN sudo x\n").is_empty());
    assert!(programs("# escape=`\nFROM a\nRUN sudo x\n").is_empty());
    assert_eq!(programs("FROM a\nRUN python3 <<EOF\nimport x\nEOF\n"), ["python3"]);
    assert_eq!(programs("FROM a AS b\nSHELL [\"pwsh\"]\nFROM b\nRUN x\nFROM a\nRUN y\n"), ["y"]);
}

#[test]
fn programs_that_run_another_one_are_looked_through() {
    let text = "FROM a\nRUN A=b sudo -E -u root C=d env E=f /usr/bin/apt-get install x\n";
    let file = parse(text);
    let command = &file.layers()[0].commands[0];
    assert_eq!(command.program, "apt-get");
    assert_eq!(command.wrappers.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["sudo", "env"]);
    assert_eq!(
        command.assignments.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(),
        ["A=b", "C=d", "E=f"]
    );
    assert_eq!(&text[command.head().range()], "/usr/bin/apt-get");
    assert_eq!(
        programs("FROM a\nRUN python3.12 -m pip install x; xargs -r apk add; timeout -k 1 5 npm ci\n"),
        ["pip", "apk", "npm"]
    );
    assert_eq!(programs("FROM a\nRUN command -v curl\n"), ["command"]);
}

#[test]
fn spans_lead_into_the_file_through_continuations_and_quotes() {
    let text = "FROM a\nRUN x && \\\n  # why\n  bash -c 'npm install express'\n";
    let file = parse(text);
    let command = &file.layers()[0].commands[2];
    assert_eq!(&text[command.span.range()], "npm install express");
    assert_eq!(&text[command.arguments[1].span.range()], "express");
    assert_eq!(command.place, Place::Script);
}

#[test]
fn flags_take_their_values() {
    let text = "FROM a\nRUN apt-get -qqy -o X=Y install -t bookworm-backports curl git -- -z\n";
    let file = parse(text);
    let call = call(&file.layers()[0].commands[0]).expect("a call");
    assert_eq!(call.manager, Manager::Apt);
    assert_eq!(call.subcommand.text, "install");
    assert_eq!(call.operands.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["curl", "git", "-z"]);
    assert!(call.assumes_yes());
    assert_eq!(call.flag(&["-t"]).and_then(|flag| flag.value), Some("bookworm-backports"));
}

#[test]
fn questions_are_answered_in_many_ways() {
    let assumes = |line: &str| {
        let file = parse(&format!("FROM a\nRUN {line}\n"));
        call(&file.layers()[0].commands[0]).expect("a call").assumes_yes()
    };
    for line in [
        "apt-get install -yq x",
        "apt-get -q -q install x",
        "apt-get install -q=2 x",
        "apt-get install --quiet --quiet x",
        "apt-get -o APT::Get::Assume-Yes=true install x",
        "yum -y install x",
        "dnf --setopt=assumeyes=1 install x",
        "zypper --non-interactive install x",
    ] {
        assert!(assumes(line), "{line}");
    }
    for line in ["apt-get install -q x", "yum install x", "zypper install x", "apt-get install --quiet x"] {
        assert!(!assumes(line), "{line}");
    }
}

#[test]
fn mounts_hold_what_is_below_them() {
    let mount = |target: &str| Mount { kind: "cache".into(), target: Some(target.into()) };
    assert!(mount("/var/lib/apt").holds("/var/lib/apt/lists"));
    assert!(!mount("/var/lib/apt").holds("/var/lib/aptitude"));
    assert!(mount("/home/app/.cache/pip").holds("~/.cache/pip"));
    assert!(mount("/home/app/.cache").holds("~/.cache/pip"));
    assert!(mount("/root/.cache/").holds("~/.cache/pip"));
    assert!(!mount("/root/.npm").holds("~/.cache/pip"));
    assert!(!Mount { kind: "bind".into(), target: None }.holds("/x"));
}

#[test]
fn variables_hold_from_where_they_are_set() {
    let text = "FROM a AS b\nENV A=1\nARG B=2\nFROM b\nRUN x\nENV C=3\nRUN export D=4 && y\n";
    let file = parse(text);
    let scope = scopes_of(&file, &Built::default())[2];
    let variables = scope.variables();
    let layers: Vec<_> = scope.runs().collect();
    assert_eq!(variables.at("A", layers[0].index), Variable::Known("1".into()));
    assert_eq!(variables.at("B", layers[0].index), Variable::Undefined);
    assert_eq!(variables.at("C", layers[0].index), Variable::Undefined);
    assert_eq!(variables.at("C", layers[1].index), Variable::Known("3".into()));
    assert_eq!(variables.in_command("D", layers[1], 1), Variable::Known("4".into()));
    assert_eq!(variables.in_command("D", layers[1], 0), Variable::Undefined);
}

#[test]
fn stages_that_are_not_kept_do_not_ship() {
    let file = parse("FROM a AS base\nFROM base AS build\nFROM base\n");
    let ships: Vec<bool> = scopes_of(&file, &Built::default()).iter().map(|it| it.ships).collect();
    assert_eq!(ships, [true, true, false, true]);
}

fn appended(text: &str) -> Option<String> {
    let file = parse(text);
    let fix = edit::append(&file.layers()[0], text, "rm -rf /x")?;
    Some(crate::fix::apply(text, &[&fix]).text)
}

#[test]
fn a_command_is_appended_in_the_manner_of_the_chain() {
    let cases = [
        ("FROM a\nRUN x && y\n", "FROM a\nRUN x && y && rm -rf /x\n"),
        (
            "FROM a\nRUN x \\\n && y a \\\n      b\n",
            "FROM a\nRUN x \\\n && y a \\\n      b \\\n && rm -rf /x\n",
        ),
        ("FROM a\nRUN x && \\\n    y a\n", "FROM a\nRUN x && \\\n    y a && \\\n    rm -rf /x\n"),
        (
            "FROM a\nRUN set -eux; \\\n  x; \\\n  y\n",
            "FROM a\nRUN set -eux; \\\n  x; \\\n  y; \\\n  rm -rf /x\n",
        ),
        ("FROM a\nRUN x && y \\\n\ta \\\n\tb\n", "FROM a\nRUN x && y \\\n\ta \\\n\tb \\\n\t&& rm -rf /x\n"),
        ("FROM a\nRUN <<EOF\nx\ny\nEOF\n", "FROM a\nRUN <<EOF\nx\ny\nrm -rf /x\nEOF\n"),
        ("FROM a\r\nRUN x \\\r\n && y\r\n", "FROM a\r\nRUN x \\\r\n && y \\\r\n && rm -rf /x\r\n"),
        ("FROM a\nRUN x | y\n", "FROM a\nRUN x | y && rm -rf /x\n"),
    ];
    for (before, after) in cases {
        assert_eq!(appended(before).as_deref(), Some(after));
    }
    for text in [
        "FROM a\nRUN x; y\n",
        "FROM a\nRUN x || y\n",
        "FROM a\nRUN (x && y)\n",
        "FROM a\nRUN x && y $((\n",
        "FROM a\nRUN [\"x\"]\n",
        "FROM a\nRUN x &\n",
        "FROM a\nRUN if x; then y; fi\n",
        "FROM a\nRUN bash -c 'x && y'\n",
    ] {
        let is_script = text.contains("bash");
        assert_eq!(appended(text).is_some(), is_script, "{text}");
    }
}

#[test]
fn hostile_texts_are_read_in_time() {
    let deep = format!("FROM a\nRUN {}", "echo $(".repeat(18_000));
    assert!(!programs(&deep).is_empty());
    let wide = format!("FROM a\nRUN {}", "a $(b) | ".repeat(14_000));
    let file = parse(&wide);
    let layer = &file.layers()[0];
    assert!(layer.commands.len() > 25_000);
    let _ = layer.pipe_sources(layer.commands.len() - 2).take(10).count();
}
