//! `world-writable-chmod`: everyone may change a file of the image.

use crate::commands::scopes;
use crate::diagnostic::Severity;
use crate::dockerfile::Keyword;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "world-writable-chmod",
    summary: "every user of the container may change files of the image",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Foothold, Needs::Nothing)],
        weaknesses: &[732],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/world-writable-chmod.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Whether the mode lets everyone write, without the bit that keeps others' files safe.
fn is_world_writable(mode: &str) -> bool {
    if !mode.is_empty() && mode.len() <= 5 && mode.bytes().all(|byte| (b'0'..=b'7').contains(&byte)) {
        let number = u32::from_str_radix(mode, 8).unwrap_or_default();
        return number & 0o002 != 0 && number & 0o1000 == 0;
    }
    let mut writes = false;
    for clause in mode.split(',') {
        let Some(at) = clause.find(['+', '=', '-']) else { return false };
        let (who, what) = clause.split_at(at);
        if !who.chars().all(|c| matches!(c, 'u' | 'g' | 'o' | 'a')) {
            return false;
        }
        if what.starts_with(['+', '=']) && what.contains('t') {
            return false;
        }
        writes |= who.contains(['o', 'a']) && what.starts_with(['+', '=']) && what.contains('w');
    }
    writes
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for (_, _, command) in scope.commands() {
            if command.program != "chmod" {
                continue;
            }
            let is_flag = |text: &str| {
                text.starts_with("--")
                    || text
                        .strip_prefix('-')
                        .is_some_and(|it| it.chars().all(|c| matches!(c, 'R' | 'c' | 'f' | 'v')))
            };
            let Some(mode) = command.arguments.iter().find(|word| !is_flag(&word.text)) else { continue };
            // What is temporary for all is made with the sticky bit; the shell's null device is no file.
            let targets = command.arguments.iter().filter(|it| it.span != mode.span && !is_flag(&it.text));
            let is_device = targets.into_iter().all(|it| it.text.starts_with("/dev/"));
            if mode.literal().is_some_and(is_world_writable) && !is_device {
                scope
                    .report(cx, mode.span, format!("`{}` lets every user write", mode.text))
                    .help("give the files to the user that needs them with `chown` or `COPY --chown`");
            }
        }
        for instruction in scope.instructions().0 {
            if !matches!(instruction.keyword, Keyword::Copy | Keyword::Add) {
                continue;
            }
            let Some(mode) = instruction.flag("chmod").and_then(|flag| flag.value.as_ref()) else { continue };
            if mode.literal().is_some_and(|mode| is_world_writable(&mode)) {
                scope
                    .report(cx, mode.span, format!("`{}` lets every user write", mode.raw))
                    .help("write `--chown` for the user that needs to write");
            }
        }
    }
}
