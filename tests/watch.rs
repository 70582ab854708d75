//! `--watch` from the outside.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

const GOOD: &str = "services:\n  web:\n    image: example.com/web:1.2\n";
const OLD: &str = "version: '3'\nservices:\n  web:\n    image: example.com/web:1.2\n";

/// A run that watches, and the lines that it prints.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    /// Watches `directory`, whose files are not what other tests have.
    fn start(directory: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("composelint"))
            .args(["check", "--watch", "--format", "concise", "--select", "obsolete-version"])
            .args(arguments)
            .current_dir(directory)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let (sender, lines) = channel();
        let (out, err) = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
        let from_err = sender.clone();
        thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).try_for_each(|it| sender.send(it))
        });
        thread::spawn(move || {
            BufReader::new(err).lines().map_while(Result::ok).try_for_each(|it| from_err.send(it))
        });
        Self { child, lines }
    }

    /// Waits for a line with `wanted`; what came before it is passed over.
    fn says(&self, wanted: &str) {
        let mut seen = Vec::new();
        for _ in 0..200 {
            match self.lines.recv_timeout(Duration::from_millis(100)) {
                Ok(line) if line.contains(wanted) => return,
                Ok(line) => seen.push(line),
                Err(_) => {}
            }
        }
        panic!("nothing says `{wanted}`: {seen:#?}");
    }

    /// Waits until the run over the files as they are is over. Its two streams come in any order.
    fn says_and_waits(&self, wanted: &str) {
        let mut missing = vec![wanted, "Ctrl-C ends"];
        let mut seen = Vec::new();
        for _ in 0..200 {
            if let Ok(line) = self.lines.recv_timeout(Duration::from_millis(100)) {
                missing.retain(|it| !line.contains(it));
                seen.push(line);
            }
            if missing.is_empty() {
                return;
            }
        }
        panic!("nothing says {missing:?}: {seen:#?}");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
    std::fs::write(path, text).expect("it can be written");
}

#[test]
fn a_change_of_a_file_is_judged_at_once() {
    let folder = folder(&[("compose.yaml", GOOD)]);
    let watch = Watch::start(folder.path(), &[]);
    watch.says_and_waits("no problems in 1 file");
    write(folder.path(), "compose.yaml", OLD);
    watch.says_and_waits("compose.yaml:1:1: warning[obsolete-version]");
    // As editors save: another file takes the name.
    write(folder.path(), "draft", GOOD);
    std::fs::rename(folder.path().join("draft"), folder.path().join("compose.yaml")).expect("it is renamed");
    watch.says_and_waits("no problems in 1 file");
}

#[test]
fn files_that_come_and_go_are_seen() {
    let folder = folder(&[("compose.yaml", GOOD)]);
    let watch = Watch::start(folder.path(), &[]);
    watch.says_and_waits("no problems in 1 file");
    write(folder.path(), "deep/er/compose.yaml", OLD);
    watch.says_and_waits("deep/er/compose.yaml:1:1: warning[obsolete-version]");
    std::fs::remove_dir_all(folder.path().join("deep")).expect("it is removed");
    watch.says_and_waits("no problems in 1 file");
    std::fs::remove_file(folder.path().join("compose.yaml")).expect("it is removed");
    watch.says("there is no Compose file or Dockerfile");
}

#[test]
fn a_configuration_that_is_wrong_is_told_and_waited_for() {
    let folder = folder(&[("compose.yaml", OLD), (".composelint.yaml", "rules: {}\n")]);
    let watch = Watch::start(folder.path(), &[]);
    watch.says_and_waits("warning[obsolete-version]");
    write(folder.path(), ".composelint.yaml", "preset: most\n");
    watch.says("`most` is nothing that `preset` can be");
    write(folder.path(), ".composelint.yaml", "rules: {obsolete-version: error}\n");
    watch.says("error[obsolete-version]");
}

#[test]
fn what_a_file_includes_and_lacks_is_watched_too() {
    let folder =
        folder(&[("compose.yaml", "include: [part/stack.yaml]\nservices:\n  web:\n    image: a/b:1\n")]);
    let watch = Watch::start(folder.path(), &["--select", "include-error,unknown-key"]);
    watch.says_and_waits("error[include-error]");
    write(folder.path(), "part/stack.yaml", "services:\n  db:\n    image: a/b:1\n    imagee: c\n");
    watch.says_and_waits("part/stack.yaml:4:5: error[unknown-key]");
    write(folder.path(), "part/stack.yaml", "services:\n  db:\n    image: a/b:1\n");
    watch.says_and_waits("no problems in 2 files");
}

#[test]
fn what_writes_files_or_reads_a_stream_is_not_watched() {
    let folder = folder(&[("compose.yaml", GOOD)]);
    for arguments in
        [&["--fix"][..], &["--add-ignore"], &["--write-baseline"], &["--output", "report"], &["-"]]
    {
        let mut watch = Watch::start(folder.path(), arguments);
        let status = watch.child.wait().expect("it ends");
        assert_eq!(status.code(), Some(2), "{arguments:?}");
    }
}

/// Whether interrupts are ignored, as in a background job of a script, and with them in what is started.
fn ignores_interrupts() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 2 != 0)
}

#[test]
fn an_interrupt_ends_it() {
    use std::os::unix::process::ExitStatusExt;
    let (name, number) = if ignores_interrupts() { ("-TERM", 15) } else { ("-INT", 2) };
    let folder = folder(&[("compose.yaml", GOOD)]);
    let mut watch = Watch::start(folder.path(), &[]);
    watch.says_and_waits("no problems in 1 file");
    let sent = Command::new("kill").args([name, &watch.child.id().to_string()]).status();
    assert!(sent.expect("kill is there").success());
    let status = watch.child.wait().expect("it ends");
    assert_eq!(status.signal(), Some(number));
}
