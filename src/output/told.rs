//! A finding in words and numbers that may be shown.

use super::Files;
use crate::diagnostic::Diagnostic;
use crate::source::Position;

/// A finding as formats of one line show it.
pub(super) struct Told {
    /// The path, harmless to a terminal.
    pub(super) path: String,
    /// The path with all of its characters.
    pub(super) raw_path: String,
    /// Where it starts.
    pub(super) start: Position,
    /// Behind its last character.
    pub(super) end: Position,
    /// The fact, with the subject behind it.
    pub(super) message: String,
    /// How to end the problem.
    pub(super) help: Option<String>,
}

impl Told {
    /// What is told of `diagnostic`.
    pub(super) fn of(diagnostic: &Diagnostic, files: &mut Files<'_>) -> Self {
        let file = files.get(diagnostic.span.source);
        let mut message = file.prose(&diagnostic.message).into_owned();
        if let Some(subject) = &diagnostic.subject {
            message = format!("{message} ({})", super::masked::plain(subject));
        }
        Self {
            path: file.path.clone(),
            raw_path: file.raw_path.clone(),
            start: file.position(diagnostic.span.start),
            end: file.position(diagnostic.span.end),
            message,
            help: diagnostic.help.as_deref().map(|help| file.prose(help).into_owned()),
        }
    }

    /// The fact and, behind it, how to end the problem.
    pub(super) fn sentence(&self) -> String {
        match &self.help {
            Some(help) => format!("{}; {help}", self.message),
            None => self.message.clone(),
        }
    }
}
