//! How the tests of policies ended.

use std::io::{self, Write};
use std::path::Path;

use super::masked::plain;
use crate::policy::suite::{Outcome, Verdict};

/// Writes a line a test under the path of its file, and how many there are of each kind; with `quiet` only
/// those that do not pass.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_tests(outcomes: &[Outcome], quiet: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut last: Option<&Path> = None;
    for outcome in outcomes.iter().filter(|it| !quiet || it.verdict != Verdict::Passed) {
        if last != Some(&outcome.path) {
            writeln!(out, "{}", plain(&outcome.path.to_string_lossy()))?;
            last = Some(&outcome.path);
        }
        let word = match outcome.verdict {
            Verdict::Passed => "pass ",
            Verdict::Failed => "FAIL ",
            Verdict::Broken(_) => "ERROR",
        };
        write!(out, "  {word} {}", plain(&outcome.name))?;
        match &outcome.verdict {
            Verdict::Passed => writeln!(out)?,
            Verdict::Failed => writeln!(out, " (line {})", outcome.line)?,
            Verdict::Broken(why) => writeln!(out, " (line {}): {}", outcome.line, plain(why))?,
        }
        if outcome.verdict != Verdict::Passed {
            for print in &outcome.prints {
                writeln!(out, "        {}", plain(print))?;
            }
        }
    }
    let count = |wanted: fn(&Verdict) -> bool| outcomes.iter().filter(|it| wanted(&it.verdict)).count();
    let passed = count(|it| *it == Verdict::Passed);
    let failed = count(|it| *it == Verdict::Failed);
    let broken = count(|it| matches!(it, Verdict::Broken(_)));
    if outcomes.is_empty() {
        return Ok(());
    }
    let plural = if outcomes.len() == 1 { "" } else { "s" };
    write!(out, "{} test{plural}: {passed} passed", outcomes.len())?;
    if failed > 0 {
        write!(out, ", {failed} failed")?;
    }
    if broken > 0 {
        write!(out, ", {broken} with errors")?;
    }
    writeln!(out)
}
