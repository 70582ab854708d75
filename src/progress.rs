//! The line that says how far a long run is.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How long a job takes before a line is worth a look.
const DELAY: Duration = Duration::from_secs(1);

/// The time between two looks at how far the job is.
const INTERVAL: Duration = Duration::from_millis(100);

/// Back to the start of the line, and nothing on it.
const ERASE: &str = "\r\u{1b}[K";

/// A number that several threads count up; its clones are the same number.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<AtomicUsize>);

impl Counter {
    /// One more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// The number.
    pub fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a run is at.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Work<'c> {
    /// It walks through directories.
    Searching,
    /// It reads files and runs the rules.
    Judging {
        /// The number of deployments that are done.
        done: &'c Counter,
        /// The number of all deployments.
        total: usize,
    },
    /// It tries what fixes or comments do.
    Fixing,
}

impl PartialEq for Counter {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Counter {}

impl fmt::Display for Work<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Searching => f.write_str("searching for Compose files and Dockerfiles…"),
            Self::Judging { total: 0, .. } => f.write_str("judging Dockerfiles…"),
            Self::Judging { done, total } => {
                write!(f, "judging deployments: {} of {total}…", done.get().min(*total))
            }
            Self::Fixing => f.write_str("trying what the changes do…"),
        }
    }
}

/// What `job` returns. If it takes longer than a second, a line on the terminal `out` says how far it
/// is, and is gone when the job is done.
pub fn during<T>(out: Option<impl Write + Send>, work: Work<'_>, job: impl FnOnce() -> T) -> T {
    during_after(DELAY, out, work, job)
}

fn during_after<T>(
    delay: Duration,
    out: Option<impl Write + Send>,
    work: Work<'_>,
    job: impl FnOnce() -> T,
) -> T {
    let Some(out) = out else { return job() };
    let (running, ended) = mpsc::channel::<()>();
    thread::scope(|scope| {
        // It is there for whoever looks; a terminal that takes no line is no reason to fail.
        scope.spawn(move || drop(draw(out, delay, work, &ended)));
        let result = job();
        drop(running);
        result
    })
}

/// Draws the line until the other end of `ended` is gone.
fn draw(mut out: impl Write, delay: Duration, work: Work<'_>, ended: &Receiver<()>) -> io::Result<()> {
    let mut drawn = String::new();
    let mut wait = delay;
    while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = INTERVAL;
        let line = work.to_string();
        if line != drawn {
            write!(out, "{ERASE}{line}")?;
            out.flush()?;
            drawn = line;
        }
    }
    if !drawn.is_empty() {
        write!(out, "{ERASE}")?;
        out.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written, for the test to read meanwhile.
    #[derive(Clone, Default)]
    struct Screen(Arc<std::sync::Mutex<Vec<u8>>>);

    impl Screen {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().expect("no thread panics").clone()).expect("it is text")
        }

        /// Waits until `wanted` is on the screen.
        fn shows(&self, wanted: &str) -> bool {
            (0..500).any(|_| {
                thread::sleep(Duration::from_millis(10));
                self.text().ends_with(wanted)
            })
        }
    }

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no thread panics").extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_long_job_says_how_far_it_is_and_leaves_an_empty_line() {
        let (screen, done) = (Screen::default(), Counter::default());
        let work = Work::Judging { done: &done, total: 2 };
        let result = during_after(Duration::ZERO, Some(screen.clone()), work, || {
            assert!(screen.shows("judging deployments: 0 of 2…"), "{}", screen.text());
            done.add();
            assert!(screen.shows("judging deployments: 1 of 2…"), "{}", screen.text());
            7
        });
        assert_eq!(result, 7);
        assert!(screen.text().ends_with("1 of 2…\r\u{1b}[K"), "{}", screen.text());
    }

    #[test]
    fn a_short_job_draws_nothing() {
        let screen = Screen::default();
        during_after(Duration::from_secs(3600), Some(screen.clone()), Work::Searching, || {});
        assert_eq!(screen.text(), "");
    }

    #[test]
    fn a_job_that_panics_ends_the_line_too() {
        let screen = Screen::default();
        let job = || {
            assert!(screen.shows("Dockerfiles…"));
            panic!("on purpose");
        };
        let out = Some(screen.clone());
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            during_after(Duration::ZERO, out, Work::Searching, job)
        }));
        assert!(outcome.is_err() && screen.text().ends_with("…\r\u{1b}[K"), "{}", screen.text());
    }
}
