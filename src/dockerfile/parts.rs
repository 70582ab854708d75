//! The instructions of a file by the stage that they stand in.

use super::{Dockerfile, Instruction, Keyword, Stage};
use crate::source::{Span, Spanned};

/// The instructions of one stage, or those that stand before the first.
#[derive(Copy, Clone)]
pub struct Part<'d> {
    /// The stage. `None` for what stands before the first `FROM`: global arguments, or all of a file
    /// that has no stage.
    pub stage: Option<Stage<'d>>,
    /// The instructions without the `FROM`, in source order.
    pub instructions: &'d [Instruction],
    /// The index of the first of them in the file's.
    pub first: usize,
    is_last: bool,
}

impl<'d> Part<'d> {
    /// The stage's name as it is written.
    pub fn name(self) -> Option<&'d str> {
        self.stage.and_then(|stage| stage.name()).map(|name| name.value.as_str())
    }

    /// Whether the part is the one that is built if none is asked for.
    pub fn is_last(self) -> bool {
        self.is_last
    }

    /// The instructions of this keyword.
    pub fn of(self, keyword: Keyword) -> impl Iterator<Item = &'d Instruction> {
        self.instructions.iter().filter(move |instruction| instruction.keyword == keyword)
    }
}

impl Dockerfile {
    /// What stands before the first stage, if anything does, and then every stage, in source order.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let all = self.instructions();
        let head = all.iter().position(|it| it.keyword == Keyword::From).unwrap_or(all.len());
        let count = self.stages().count();
        let before = Part { stage: None, instructions: &all[..head], first: 0, is_last: count == 0 };
        let stages = self.stages().map(move |stage| Part {
            stage: Some(stage),
            instructions: stage.instructions(),
            first: stage.first_instruction(),
            is_last: stage.index() + 1 == count,
        });
        std::iter::once(before).filter(|part| !part.instructions.is_empty()).chain(stages)
    }
}

impl Instruction {
    /// The instruction that is carried out: that after `ONBUILD`, or this one.
    pub fn acting(&self) -> &Instruction {
        self.trigger().unwrap_or(self)
    }

    /// The stages, images or contexts that `--from` and `--mount=from=` name without a variable, in
    /// source order.
    pub fn from_references(&self) -> Vec<Spanned<String>> {
        let mut references = Vec::new();
        for flag in &self.flags {
            let Some(value) = &flag.value else { continue };
            match (self.keyword, flag.name.value.as_str()) {
                (Keyword::Copy | Keyword::Add, "from") => {
                    references.extend(value.literal().map(|name| Spanned::new(name, value.span)));
                }
                (Keyword::Run, "mount") if value.span.len() == value.raw.len() => {
                    let mut at = value.span.range().start;
                    for option in value.raw.split(',') {
                        if let Some(name) = option.strip_prefix("from=").filter(|it| !it.contains(['$', '"']))
                        {
                            let end = at + option.len();
                            let span = Span::new(value.span.source, end - name.len(), end);
                            references.push(Spanned::new(name.to_owned(), span));
                        }
                        at += option.len() + 1;
                    }
                }
                _ => {}
            }
        }
        references.retain(|reference| !reference.value.is_empty());
        references
    }
}
