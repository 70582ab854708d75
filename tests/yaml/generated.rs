//! Documents made at random in every style that YAML has.

use std::fmt::Write as _;

use proptest::prelude::*;

/// A value and how it is to be written.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Scalar(String, Written),
    Sequence(Vec<Value>, Written),
    Mapping(Vec<(String, Value)>, Written),
}

/// Random choices, of which each kind of value uses what it has a use for.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Written {
    style: u8,
    decoration: u8,
    width: usize,
}

fn written() -> impl Strategy<Value = Written> {
    (any::<u8>(), any::<u8>(), 1..5usize).prop_map(|(style, decoration, width)| Written {
        style,
        decoration,
        width,
    })
}

/// A text that a scalar may hold.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9_./:-]{1,12}",
        4 => "[a-z]{1,6}( [a-zäß€:#'\"$,{}\\[\\]-]{1,7}){0,4}",
        2 => "[ -~äß€\u{1f600}\t]{0,16}",
        2 => "([a-z '\"\\\\]{0,9}\n{0,3}){0,5}",
        1 => prop::sample::select(vec!["", "~", "null", "true", "no", "0777", "08", "1_000", "1e3", "2024-01-01",
            "<<", "-", "?", ":", "- a", "a: b", "a #b", "#", "&a", "*a", "!t", "|", ">", "%", "@", "`", "{{ x }}",
            "---", "...", "\u{feff}", "\u{85}", "\u{2028}", "\u{7f}", "\r", "a\rb", " a", "a ", "\n", "\na", "a\n\n"])
            .prop_map(str::to_owned),
    ]
}

/// A document of a few values.
pub(crate) fn document() -> impl Strategy<Value = Value> {
    let scalar = (text(), written()).prop_map(|(text, written)| Value::Scalar(text, written));
    scalar.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..5), written())
                .prop_map(|(items, written)| Value::Sequence(items, written)),
            (prop::collection::vec((text(), inner), 0..5), written())
                .prop_map(|(entries, written)| Value::Mapping(entries, written)),
        ]
    })
}

/// The text of a document, with CR LF or LF and perhaps without a line break at its end.
pub(crate) fn render(value: &Value, crlf: bool, ended: bool) -> String {
    let mut out = lines(value);
    if !ended {
        out.pop();
    }
    if crlf { out.replace('\n', "\r\n") } else { out }
}

fn lines(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Scalar(..) => {
            out.push_str("---");
            node(&mut out, value, 0, false);
        }
        _ => block(&mut out, value, 0, true),
    }
    out
}

fn is_flow(value: &Value) -> bool {
    match value {
        Value::Scalar(..) => false,
        Value::Sequence(items, written) => items.is_empty() || written.style % 4 == 0,
        Value::Mapping(entries, written) => entries.is_empty() || written.style % 4 == 0,
    }
}

/// The end of a line, perhaps with comments behind and below it.
fn comment(out: &mut String, written: Written, indent: usize) {
    match written.decoration % 8 {
        0 => out.push_str("  # behind: \"it\n"),
        1 => {
            let _ = write!(out, "\n{:indent$}# above - 'it\n", "");
        }
        2 => {
            let _ = write!(out, " # behind\n\n# far left\n{:indent$}  # right\n", "");
        }
        _ => out.push('\n'),
    }
}

/// The end of a line, perhaps behind a comment.
fn line_end(out: &mut String, written: Written) {
    out.push_str(if written.decoration.is_multiple_of(5) { "  # behind: \"it\n" } else { "\n" });
}

fn properties(out: &mut String, written: Written) {
    match written.decoration / 8 % 12 {
        0 => out.push_str(" !override"),
        1 => out.push_str(" &anchor-1"),
        2 => out.push_str(" &a !reset"),
        3 => out.push_str(" !reset &b"),
        _ => {}
    }
}

/// A value behind `:`, `-` or `---`, with the line break at its end.
fn node(out: &mut String, value: &Value, indent: usize, in_mapping: bool) {
    match value {
        Value::Scalar(text, written) => {
            properties(out, *written);
            scalar(out, text, *written, indent, true);
        }
        Value::Sequence(_, written) | Value::Mapping(_, written) => {
            properties(out, *written);
            if is_flow(value) {
                out.push(' ');
                flow(out, value, indent);
                line_end(out, *written);
            } else {
                let indentless = in_mapping && matches!(value, Value::Sequence(..)) && written.style % 2 == 0;
                let deeper = if indentless { indent } else { indent + written.width };
                comment(out, *written, deeper);
                block(out, value, deeper, true);
            }
        }
    }
}

fn block(out: &mut String, value: &Value, indent: usize, indented: bool) {
    if is_flow(value) {
        let _ = write!(out, "{:indent$}", "");
        flow(out, value, indent);
        out.push('\n');
        return;
    }
    let mut first = !indented;
    let mut lead = |out: &mut String| {
        if !std::mem::take(&mut first) {
            let _ = write!(out, "{:indent$}", "");
        }
    };
    match value {
        Value::Scalar(..) => {}
        Value::Sequence(items, _) => {
            for item in items {
                lead(out);
                out.push('-');
                match item {
                    // `- key: value` and `- - item`
                    Value::Sequence(_, written) | Value::Mapping(_, written)
                        if !is_flow(item) && written.style % 3 == 0 =>
                    {
                        out.push(' ');
                        block(out, item, indent + 2, false);
                    }
                    _ => node(out, item, indent, false),
                }
            }
        }
        Value::Mapping(entries, written) => {
            for (number, (key, value)) in entries.iter().enumerate() {
                lead(out);
                let key = format!("{key}{number}");
                if number % 5 == 4 && written.decoration % 16 == 0 {
                    out.push('?');
                    scalar(out, &key, *written, indent, true);
                    let _ = write!(out, "{:indent$}", "");
                } else {
                    scalar_in_line(out, &key, written.style / 16);
                }
                out.push(':');
                node(out, value, indent, true);
            }
        }
    }
}

fn flow(out: &mut String, value: &Value, indent: usize) {
    let broken = |out: &mut String, written: Written| {
        if written.decoration.is_multiple_of(5) {
            let _ = write!(out, " # in flow\n{:1$}", "", indent + 1);
        } else if written.decoration % 5 == 1 {
            let _ = write!(out, "\n{:1$}", "", indent + 1);
        }
    };
    match value {
        Value::Scalar(text, written) => scalar_in_line(out, text, written.style),
        Value::Sequence(items, written) => {
            out.push('[');
            for item in items {
                broken(out, *written);
                flow(out, item, indent);
                out.push_str(if written.width % 2 == 0 { "," } else { ", " });
            }
            out.push(']');
        }
        Value::Mapping(entries, written) => {
            out.push('{');
            for (number, (key, value)) in entries.iter().enumerate() {
                broken(out, *written);
                scalar_in_line(out, &format!("{key}{number}"), written.style / 16);
                out.push_str(": ");
                flow(out, value, indent);
                out.push_str(", ");
            }
            out.push('}');
        }
    }
}

/// Whether the text may stand without quotes, in one line, anywhere.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| "-?:,[]{}#&*!|>'\"%@`~<=.".contains(c))
        && !text.contains(": ")
        && !text.contains(" #")
        // In brackets libyaml refuses it; plain text stands there too.
        && !text.contains(":?")
        && !text.ends_with([':', ' '])
        && !text.starts_with(' ')
        && text
            .chars()
            .all(|c| (c == ' ' || c.is_alphanumeric() || c.is_ascii_graphic()) && !",[]{}".contains(c))
}

/// A scalar in one line, without a line break behind it.
fn scalar_in_line(out: &mut String, text: &str, style: u8) {
    let printable = !text.contains(|c: char| c.is_control() || matches!(c, '\u{feff}' | '\u{2028}'));
    match style % 3 {
        0 | 1 if is_plain(text) => out.push_str(text),
        1 if printable => {
            let _ = write!(out, "'{}'", text.replace('\'', "''"));
        }
        _ => double_quoted(out, text, style, None),
    }
}

fn double_quoted(out: &mut String, text: &str, style: u8, indent: Option<usize>) {
    out.push('"');
    for (at, c) in text.chars().enumerate() {
        let odd = (at + style as usize).is_multiple_of(7);
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{feff}' | '\u{2028}') || odd && !c.is_ascii() => {
                let _ = match c as u32 {
                    code @ 0..=0xff => write!(out, "\\x{code:02x}"),
                    code @ 0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    code => write!(out, "\\U{code:08x}"),
                };
            }
            ' ' if odd && indent.is_some() => {
                let _ = write!(out, "\\\n{:1$}\\ ", "", indent.unwrap_or_default() + 1);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A scalar in any style, with a space before it and the line break at its end.
fn scalar(out: &mut String, text: &str, written: Written, indent: usize, may_break: bool) {
    let lines = || text.split('\n');
    let deeper = indent + written.width;
    let is_block = may_break
        && !text.contains(|c: char| c != '\n' && c.is_control() || matches!(c, '\u{feff}' | '\u{2028}'))
        && !text.trim_matches('\n').is_empty();
    let single_spaced = !text.contains("  ") && text.trim() == text && text.contains(' ');
    match written.style % 8 {
        0 | 1 if is_block => {
            let kept = text.len() - text.trim_end_matches('\n').len();
            let chomp = ["-", "", "+"][kept.min(2)];
            let indicator = if text.starts_with([' ', '\n']) || written.decoration.is_multiple_of(3) {
                written.width.to_string()
            } else {
                String::new()
            };
            let _ = write!(out, " |{indicator}{chomp}");
            out.push_str(if written.decoration.is_multiple_of(5) { " # header > |\n" } else { "\n" });
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                if line.is_empty() && written.decoration.is_multiple_of(2) {
                    out.push('\n');
                } else {
                    let _ = writeln!(out, "{:deeper$}{line}", "");
                }
            }
        }
        2 if is_block && single_spaced => {
            // Folded: line breaks for spaces, two for one.
            out.push_str(" >-\n");
            for line in lines() {
                let words = line.replace(' ', &format!("\n{:deeper$}", ""));
                let _ = writeln!(out, "{:deeper$}{words}\n", "");
            }
        }
        3 if is_plain(text) && may_break && single_spaced => {
            let words = text.replace(' ', &format!("\n{:deeper$}", ""));
            let _ = writeln!(out, " {words}");
        }
        4 if may_break && single_spaced && !text.contains(|c: char| c.is_control()) => {
            let words = text.replace('\'', "''").replace(' ', &format!("  \n{:deeper$}", ""));
            let _ = writeln!(out, " '{words}'");
        }
        5 if may_break => {
            out.push(' ');
            double_quoted(out, text, written.style, Some(indent));
            out.push('\n');
        }
        style => {
            out.push(' ');
            scalar_in_line(out, text, style);
            line_end(out, written);
        }
    }
}
