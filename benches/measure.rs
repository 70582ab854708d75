//! One small Compose file, whole process, against an empty Rust program: run with
//! `cargo bench --bench startup`. Prints medians, their ratio and the peak memory.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

const ROUNDS: usize = 200;

/// The wall time of one run and its peak memory in bytes.
fn once(program: &Path, arguments: &[&str], folder: &Path) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let used = child.wait4().expect("the program ends");
    (start.elapsed(), used.rusage.maxrss)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Compiles a program that does nothing, with the settings of a release.
fn empty(folder: &Path) -> PathBuf {
    let source = folder.join("empty.rs");
    let program = folder.join("empty");
    std::fs::write(&source, "fn main() {}\n").expect("it can be written");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let status = Command::new(rustc)
        .args(["-C", "opt-level=3", "-C", "lto=fat", "-C", "strip=symbols", "-o"])
        .arg(&program)
        .arg(&source)
        .status();
    assert!(status.is_ok_and(|status| status.success()), "an empty program compiles");
    program
}

fn main() {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    let file = "services:\n  web:\n    image: example.com/shop/web:1.4\n    ports: [\"127.0.0.1:8080:80\"]\n    depends_on:\n      db: {condition: service_healthy}\n  db:\n    image: postgres:17\n    volumes: [\"data:/var/lib/postgresql/data\"]\n    healthcheck:\n      test: [\"CMD-SHELL\", \"pg_isready -U postgres\"]\nvolumes:\n  data: {}\n";
    std::fs::write(folder.path().join("compose.yaml"), file).expect("it can be written");
    let ours = PathBuf::from(env!("CARGO_BIN_EXE_composelint"));
    let none = empty(folder.path());
    let arguments = ["--format", "concise", "compose.yaml"];
    let (mut with, mut without, mut peak) = (Vec::new(), Vec::new(), 0);
    for round in 0..ROUNDS + 10 {
        let (time, memory) = once(&ours, &arguments, folder.path());
        let (base, _) = once(&none, &[], folder.path());
        // The first rounds fill the caches.
        if round >= 10 {
            with.push(time);
            without.push(base);
            peak = peak.max(memory);
        }
    }
    let (with, without) = (median(with), median(without));
    let ratio = with.as_secs_f64() / without.as_secs_f64();
    println!("one small file   {:7.2} ms", with.as_secs_f64() * 1e3);
    println!("an empty program {:7.2} ms", without.as_secs_f64() * 1e3);
    println!("ratio            {ratio:7.2}");
    println!("peak memory      {:7.2} MiB", peak as f64 / f64::from(1 << 20));
}
