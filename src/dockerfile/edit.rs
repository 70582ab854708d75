//! Edits of instructions. Where it is not plain which bytes an edit concerns, there is none.
//!
//! Every function takes the text of the file that the spans are of.

use super::{Flag, Instruction};
use crate::diagnostic::Edit;
use crate::source::Span;

/// The edit that writes `new` over the bytes of `span`, which say `old`. `None` if they say something
/// else, as where a line continuation stands between them.
pub fn replace(text: &str, span: Span, old: &str, new: &str) -> Option<Edit> {
    (old != new && text.get(span.range()) == Some(old)).then(|| Edit { span, text: new.to_owned() })
}

/// The edit that writes another keyword, in the case of the one that is there.
pub fn keyword(text: &str, instruction: &Instruction, new: &str) -> Option<Edit> {
    let old = instruction.name.value.as_str();
    let is_lower = old.chars().all(|char| !char.is_ascii_uppercase());
    let new = if is_lower { new.to_ascii_lowercase() } else { new.to_ascii_uppercase() };
    replace(text, instruction.name.span, old, &new)
}

/// The edit that inserts a flag behind the keyword, such as `--link`.
pub fn insert_flag(text: &str, instruction: &Instruction, flag: &str) -> Option<Edit> {
    let end = instruction.name.span.range().end;
    text.get(end..)?
        .starts_with([' ', '\t'])
        .then(|| Edit { span: Span::new(instruction.name.span.source, end, end), text: format!(" {flag}") })
}

/// The edit that removes a flag with the blanks behind it. `None` if it is the last word of its line.
pub fn remove_flag(text: &str, flag: &Flag) -> Option<Edit> {
    let range = flag.span.range();
    if text.get(range.clone())?.contains('\n') {
        return None;
    }
    let rest = &text[range.end..];
    let next = rest.trim_start_matches([' ', '\t']);
    let blanks = rest.len() - next.len();
    let goes_on = next.starts_with(|char: char| !matches!(char, '\r' | '\n' | '\\' | '`'));
    (blanks > 0 && goes_on).then(|| Edit {
        span: Span::new(flag.span.source, range.start, range.end + blanks),
        text: String::new(),
    })
}

/// The edit that writes other arguments behind the keyword and the flags. `None` if the arguments go
/// over several lines.
pub fn arguments(text: &str, instruction: &Instruction, new: &str) -> Option<Edit> {
    let before = instruction.flags.last().map_or(instruction.name.span, |flag| flag.span);
    let (from, end) = (before.range().end, instruction.span.range().end);
    let old = text.get(from..end)?;
    if !instruction.heredocs.is_empty() || old.contains(['\n', '\r']) {
        return None;
    }
    let start = from + (old.len() - old.trim_start_matches([' ', '\t']).len());
    let end = end - (old.len() - old.trim_end_matches([' ', '\t']).len());
    (from < start && start < end)
        .then(|| Edit { span: Span::new(instruction.span.source, start, end), text: new.to_owned() })
}

/// The edit that removes the instruction with all of its lines, and the comments among them. `None`
/// for one that shares its first line, as after `ONBUILD`.
pub fn remove(text: &str, instruction: &Instruction) -> Option<Edit> {
    let range = instruction.span.range();
    let before = text.get(..range.start)?;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let lead = before[start..].trim_start_matches('\u{feff}');
    if !lead.trim_matches([' ', '\t']).is_empty() {
        return None;
    }
    let start = range.start - lead.len();
    let rest = text.get(range.end..)?;
    let line = rest.find('\n').map_or(rest, |newline| &rest[..=newline]);
    let is_over = line.trim_end_matches(['\r', '\n']).trim_matches([' ', '\t']).is_empty();
    is_over.then(|| Edit {
        span: Span::new(instruction.span.source, start, range.end + line.len()),
        text: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockerfile::Dockerfile;
    use crate::source::{SourceId, SourceMap};

    /// The text after the edit that is made of its second instruction.
    fn edited(text: &str, edit: impl Fn(&str, &Instruction) -> Option<Edit>) -> Option<String> {
        let map = SourceMap::verbatim(Span::new(SourceId(0), 0, text.len()));
        let dockerfile = Dockerfile::parse(text, &map);
        let edit = edit(text, &dockerfile.instructions()[1])?;
        let mut after = text.to_owned();
        after.replace_range(edit.span.range(), &edit.text);
        Some(after)
    }

    #[test]
    fn a_keyword_keeps_its_case() {
        let add = |text: &str, it: &Instruction| keyword(text, it.acting(), "COPY");
        assert_eq!(edited("FROM a\nADD x y\n", add).as_deref(), Some("FROM a\nCOPY x y\n"));
        assert_eq!(edited("FROM a\nadd x y\n", add).as_deref(), Some("FROM a\ncopy x y\n"));
        assert_eq!(edited("FROM a\nONBUILD ADD x y\n", add).as_deref(), Some("FROM a\nONBUILD COPY x y\n"));
        assert_eq!(edited("FROM a\nAD\\\nD x y\n", add), None);
    }

    #[test]
    fn an_instruction_goes_with_its_lines() {
        let gone = Some("FROM a\r\nUSER b\r\n");
        assert_eq!(edited("FROM a\r\nRUN x \\\r\n # why\r\n  && y\r\nUSER b\r\n", remove).as_deref(), gone);
        assert_eq!(edited("FROM a\nRUN <<EOF\nx\nEOF\nUSER b", remove).as_deref(), Some("FROM a\nUSER b"));
        assert_eq!(edited("FROM a\nCMD x", remove).as_deref(), Some("FROM a\n"));
        let trigger = |text: &str, it: &Instruction| remove(text, it.acting());
        assert_eq!(edited("FROM a\nONBUILD RUN x\n", trigger), None);
    }

    #[test]
    fn arguments_are_written_on_one_line_only() {
        let other = |text: &str, it: &Instruction| arguments(text, it, "[\"b\"]");
        assert_eq!(edited("FROM a\nCMD b  \r\n", other).as_deref(), Some("FROM a\nCMD [\"b\"]  \r\n"));
        assert_eq!(
            edited("FROM a\nCOPY --link x y\n", other).as_deref(),
            Some("FROM a\nCOPY --link [\"b\"]\n")
        );
        assert_eq!(edited("FROM a\nCMD b \\\n  c\n", other), None);
        assert_eq!(edited("FROM a\nCMD\n", other), None);
    }

    #[test]
    fn flags_come_and_go() {
        let add = |text: &str, it: &Instruction| insert_flag(text, it, "--link");
        assert_eq!(edited("FROM a\nCOPY x y\n", add).as_deref(), Some("FROM a\nCOPY --link x y\n"));
        assert_eq!(edited("FROM a\nCOPY\\\n x y\n", add), None);
        let drop = |text: &str, it: &Instruction| remove_flag(text, it.flags.first()?);
        assert_eq!(edited("FROM a\nCOPY --link  x y\n", drop).as_deref(), Some("FROM a\nCOPY x y\n"));
        assert_eq!(edited("FROM a\nCOPY --link \\\n x y\n", drop), None);
    }
}
