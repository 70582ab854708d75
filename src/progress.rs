//! The line that says how far a long run is.

use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a job takes before a line is worth a look.
const DELAY: Duration = Duration::from_secs(1);

/// The time between two changes of the line.
const INTERVAL: Duration = Duration::from_millis(100);

/// Back to the start of the line, and nothing on it.
const ERASE: &[u8] = b"\r\x1b[K";

/// What a run is at.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Work {
    /// It walks through directories.
    Searching,
    /// It reads files and runs the rules.
    Judging {
        /// The number of deployments.
        total: usize,
    },
    /// It tries what fixes or comments do.
    Changing,
}

/// A line on a terminal about a job that takes longer than a second. The job says when it has taken a
/// step; there is no thread beside it, so that a short one costs nothing. Clones draw the same line, and
/// the default one draws none.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<Line>>);

struct Line {
    delay: Duration,
    /// The steps of the job.
    done: AtomicUsize,
    state: Mutex<State>,
}

struct State {
    out: Box<dyn Write + Send>,
    work: Work,
    /// When the line may be drawn next.
    next: Instant,
    is_drawn: bool,
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Progress(shown)" } else { "Progress(not shown)" })
    }
}

impl Progress {
    /// A line on the terminal `out`.
    pub fn on(out: impl Write + Send + 'static) -> Self {
        Self::after(DELAY, out)
    }

    fn after(delay: Duration, out: impl Write + Send + 'static) -> Self {
        let (work, next) = (Work::Searching, Instant::now());
        let state = State { out: Box::new(out), work, next, is_drawn: false };
        Self(Some(Arc::new(Line { delay, done: AtomicUsize::new(0), state: Mutex::new(state) })))
    }

    /// What `job` returns. The line is about it meanwhile, and gone afterwards.
    pub fn during<T>(&self, work: Work, job: impl FnOnce() -> T) -> T {
        let Some(line) = &self.0 else { return job() };
        line.done.store(0, Ordering::Relaxed);
        {
            let mut state = line.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.work = work;
            state.next = Instant::now() + line.delay;
        }
        let result = job();
        let mut state = line.state.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut state.is_drawn) {
            // A terminal that takes no line is no reason to fail.
            drop(state.out.write_all(ERASE).and_then(|()| state.out.flush()));
        }
        result
    }

    /// The job has taken a step.
    pub fn step(&self) {
        let Some(line) = &self.0 else { return };
        let done = line.done.fetch_add(1, Ordering::Relaxed) + 1;
        // Whoever comes while another thread draws has nothing to add.
        let Ok(mut state) = line.state.try_lock() else { return };
        let now = Instant::now();
        if now < state.next {
            return;
        }
        state.next = now + INTERVAL.min(line.delay);
        drop(state.draw(done));
    }
}

impl State {
    fn draw(&mut self, done: usize) -> io::Result<()> {
        self.out.write_all(ERASE)?;
        self.is_drawn = true;
        match self.work {
            Work::Searching => write!(self.out, "searching: {done} files…")?,
            Work::Judging { total } => {
                write!(self.out, "judging: {} of {total} deployments…", done.min(total))?;
            }
            Work::Changing => write!(self.out, "trying what the changes do…")?,
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written, for the test to read meanwhile.
    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Screen {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().expect("no thread panics").clone()).expect("it is text")
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
        let screen = Screen::default();
        let progress = Progress::after(Duration::ZERO, screen.clone());
        let result = progress.during(Work::Judging { total: 2 }, || {
            progress.clone().step();
            progress.step();
            7
        });
        assert_eq!(result, 7);
        let wanted = "\r\x1b[Kjudging: 1 of 2 deployments…\r\x1b[Kjudging: 2 of 2 deployments…\r\x1b[K";
        assert_eq!(screen.text(), wanted);
        progress.during(Work::Searching, || {});
        assert_eq!(screen.text(), wanted, "a job without a step draws nothing");
    }

    #[test]
    fn a_short_job_draws_nothing() {
        let screen = Screen::default();
        let progress = Progress::after(Duration::from_secs(3600), screen.clone());
        progress.during(Work::Searching, || progress.step());
        assert_eq!(screen.text(), "");
    }
}
