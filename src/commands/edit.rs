//! Changes of commands, where it is clear what they do.

use super::{Argument, Command, Form, Layer, Place};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::shell::Operator;
use crate::source::Span;

/// Whether the command is written where a word can be put in without quotes being in the way.
fn is_open(layer: &Layer, command: &Command) -> bool {
    layer.is_whole
        && match command.place {
            Place::Own => true,
            // A heredoc that a shell reads; not a word in quotes.
            Place::Script => {
                layer.form != Form::Exec && command.name.as_ref().is_some_and(|name| name.is_verbatim())
            }
            Place::Substitution => command.name.as_ref().is_some_and(|name| name.is_verbatim()),
        }
}

/// The edit that puts `words` behind the argument `after` of the command.
fn insertion(layer: &Layer, command: &Command, after: &Argument, words: &[&str]) -> Option<Edit> {
    let at = Span { start: after.span.end, ..after.span };
    if layer.form == Form::Exec && command.place == Place::Own {
        let text = words.iter().map(|word| format!(", \"{word}\"")).collect();
        return Some(Edit { span: at, text });
    }
    (is_open(layer, command) && after.is_verbatim())
        .then(|| Edit { span: at, text: words.iter().map(|word| format!(" {word}")).collect() })
}

/// The fix that puts the flag behind the argument `after` of the command. `None` where quotes are in
/// the way.
pub fn insert_flag(layer: &Layer, command: &Command, after: &Argument, flag: &[&str]) -> Option<Fix> {
    let edit = insertion(layer, command, after, flag)?;
    Some(Fix {
        title: format!("add `{}`", flag.join(" ")),
        applicability: Applicability::Unsafe,
        edits: vec![edit],
    })
}

/// The fix that writes `text` for the word. `None` where quotes are in the way.
pub fn replace_word(layer: &Layer, command: &Command, word: &Argument, text: &str) -> Option<Fix> {
    let edit = if layer.form == Form::Exec && command.place == Place::Own {
        Edit { span: word.span, text: format!("\"{text}\"") }
    } else if is_open(layer, command) && word.is_verbatim() {
        Edit { span: word.span, text: text.to_owned() }
    } else {
        return None;
    };
    Some(Fix { title: format!("write `{text}`"), applicability: Applicability::Unsafe, edits: vec![edit] })
}

/// The fix that runs `command` at the end of the layer, once all that is before it has succeeded.
/// `source` is the text of the file. `None` unless the layer is a plain list: joined by `&&`; by `;`
/// or line breaks after a `set -e`.
pub fn append(layer: &Layer, source: &str, command: &str) -> Option<Fix> {
    if layer.form == Form::Exec || !layer.is_whole {
        return None;
    }
    let own: Vec<&Command> =
        layer.commands.iter().filter(|it| it.place == Place::Own && it.script == 0).collect();
    let (first, last) = (own.first()?, own.last()?);
    let is_flat = own.iter().all(|it| {
        it.nesting == 0
            && !it.is_negated
            && it.join != Some(Operator::Background)
            && it.redirections.iter().all(|it| it.redirect != crate::shell::Redirect::Heredoc)
    });
    let joins = || own[..own.len() - 1].iter().filter_map(|it| it.join).filter(|it| *it != Operator::Pipe);
    let exits = first.program == "set"
        && first.arguments.iter().any(|it| it.text.starts_with('-') && it.text.contains('e'));
    if !is_flat || last.program == "exit" || last.program == "exec" {
        return None;
    }
    let is_chain = joins().all(|join| join == Operator::And);
    let is_list =
        exits && joins().all(|join| matches!(join, Operator::And | Operator::Semicolon | Operator::Newline));
    let at = Span { start: last.span.end, ..last.span };
    let ends_open = last.join.is_some_and(|join| !matches!(join, Operator::Newline));
    if ends_open {
        return None;
    }
    let text = source.get(layer.span.range())?;
    let is_crlf = text.contains("\r\n");
    let from = layer.span.start as usize;
    let rest = source.get(last.span.end as usize..layer.span.end as usize)?;
    let text = if layer.form == Form::Script {
        if !(is_list || joins().all(|join| join == Operator::Newline) || is_chain) {
            return None;
        }
        let line = source.get(line_start(source, last.span.start as usize)..)?;
        let indent: String = line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        format!("\n{indent}{command}")
    } else {
        if !rest.trim().is_empty() || !(is_chain || is_list) {
            return None;
        }
        let operator = if is_chain { "&&" } else { ";" };
        let head = text.get(..(last.span.start as usize).checked_sub(from)?)?;
        if !text.get(..(last.span.end as usize).checked_sub(from)?)?.contains('\n') {
            format!(" {operator} {command}").replace(" ; ", "; ")
        } else {
            let escape = if head.contains("`\n") && !head.contains("\\\n") { '`' } else { '\\' };
            // In the manner of the lines before: the operator leads or trails.
            let leading = head
                .lines()
                .skip(1)
                .find(|line| line.trim_start().starts_with("&&"))
                .map(|line| (&line[..line.len() - line.trim_start().len()], true));
            let trailing = head.lines().collect::<Vec<_>>().windows(2).find_map(|pair| {
                let line = pair[0].trim_end().strip_suffix(escape)?.trim_end();
                let next = pair[1];
                line.ends_with(operator).then(|| (&next[..next.len() - next.trim_start().len()], false))
            });
            // Else below the last of the lines that one command goes over.
            let whole = text.get(..(last.span.end as usize).checked_sub(from)?)?;
            let line = whole.lines().skip(1).last().unwrap_or_default();
            let level = (&line[..line.len() - line.trim_start().len()], is_chain);
            let (indent, leads) = leading.or(trailing).unwrap_or(level);
            match (leads, is_chain) {
                (true, true) => format!(" {escape}\n{indent}&& {command}"),
                (false, true) => format!(" && {escape}\n{indent}{command}"),
                (_, false) => format!("; {escape}\n{indent}{command}"),
            }
        }
    };
    let text = if is_crlf { text.replace('\n', "\r\n") } else { text };
    Some(Fix {
        title: format!("run `{command}` in the same layer"),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: at, text }],
    })
}

fn line_start(source: &str, at: usize) -> usize {
    source.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}
