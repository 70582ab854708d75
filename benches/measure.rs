//! How long the whole program takes and how much memory, against programs that do less and against
//! other linters: `cargo bench`, or `cargo bench -- SECTION…`. Prints a table and writes it as JSON.
//!
//! Every figure is of a whole process, the median of several runs in turn with what it is compared to,
//! so that what else the machine does meets all of them.
//!
//! | variable | what it says |
//! |---|---|
//! | `COMPOSELINT_BENCH_PROGRAM` | the binary that is measured; the one of this build if unset |
//! | `COMPOSELINT_BENCH_ROUNDS` | the number of runs of each program; 15 if unset |
//! | `COMPOSELINT_BENCH_JSON` | where the JSON goes; `target/bench.json` if unset |
//! | `COMPOSELINT_SHARED` | where a corpus of real files is; `../shared` if unset, generated files if there is none |
//! | `HADOLINT`, `TALLY`, `COMPOSE_LINT`, `DCLINT`, `YAMLLINT` | other linters; sought in `PATH` if unset |

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints what it measures")]

use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use wait4::Wait4;

/// A run longer than this is not repeated.
const LONG: Duration = Duration::from_secs(10);

const SMALL: &str = "services:\n  web:\n    image: example.com/shop/web:1.4\n    ports: [\"127.0.0.1:8080:80\"]\n    depends_on:\n      db: {condition: service_healthy}\n  db:\n    image: postgres:17\n    volumes: [\"data:/var/lib/postgresql/data\"]\n    healthcheck:\n      test: [\"CMD-SHELL\", \"pg_isready -U postgres\"]\nvolumes:\n  data: {}\n";

const DOCKERFILE: &str = "FROM python:3.12-slim AS build\nWORKDIR /app\nRUN apt-get update && apt-get install -y gcc libpq-dev\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n\nFROM python:3.12-slim\nENV PYTHONUNBUFFERED=1\nCOPY --from=build /app /app\nRUN cd /app && chmod 777 run.sh\nEXPOSE 8000\nCMD python -m app\n";

/// A program with its arguments, and what it is called in the table.
struct Run {
    name: String,
    program: PathBuf,
    arguments: Vec<String>,
    folder: PathBuf,
    threads: usize,
}

/// What several runs of one program took.
struct Taken {
    time: Duration,
    /// Bytes.
    peak: u64,
    runs: usize,
}

struct Bench {
    program: PathBuf,
    rounds: usize,
    rows: Vec<Value>,
    folder: TempDir,
}

/// What measures one thing.
type Section = fn(&mut Bench);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    if let Some(("--baseline", [kind, paths @ ..])) =
        arguments.split_first().map(|(one, rest)| (one.as_str(), rest))
    {
        return baseline(kind, paths);
    }
    let program = std::env::var_os("COMPOSELINT_BENCH_PROGRAM")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_composelint")), PathBuf::from);
    let rounds = std::env::var("COMPOSELINT_BENCH_ROUNDS").ok().and_then(|it| it.parse().ok()).unwrap_or(15);
    let folder = TempDir::new().expect("a temporary folder can be made");
    let mut bench = Bench { program, rounds, rows: Vec::new(), folder };
    let sections: &[(&str, Section)] = &[
        ("startup", startup),
        ("large", large),
        ("corpus", corpus),
        ("peers", peers),
        ("files", growth_of_files),
        ("services", growth_of_services),
        ("hostile", hostile),
    ];
    if let Some(unknown) = arguments.iter().find(|it| sections.iter().all(|(name, _)| name != it)) {
        let names: Vec<&str> = sections.iter().map(|(name, _)| *name).collect();
        eprintln!("error: `{unknown}` is no section; they are {}", names.join(", "));
        std::process::exit(2);
    }
    for (name, section) in sections {
        if arguments.is_empty() || arguments.iter().any(|it| it == name) {
            println!("\n{name}");
            section(&mut bench);
        }
    }
    let path = std::env::var_os("COMPOSELINT_BENCH_JSON")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench.json"), PathBuf::from);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let document = json!({ "threads_of_the_machine": threads, "rounds": bench.rounds, "rows": bench.rows });
    fs::write(&path, format!("{document:#}\n")).expect("the JSON can be written");
    println!("\nwrote {}", path.display());
}

/// What this program is when it starts itself: a baseline that does less than a linter, or what makes
/// files, which is not done by the process that measures because the peak memory of a process counts
/// what its parent had.
fn baseline(kind: &str, paths: &[String]) {
    match (kind, paths) {
        ("generate", [services, path]) => {
            let services = services.parse().expect("a number of services");
            fs::write(path, generated(services)).expect("it can be written");
            return;
        }
        ("extract", [cases, folder]) => return extract(Path::new(cases), Path::new(folder)),
        ("hostile", [name, folder]) => {
            let (_, make) = HOSTILE.iter().find(|(it, _)| it == name).expect("there is one of that name");
            return make(Path::new(folder));
        }
        _ => {}
    }
    let mut sum = 0usize;
    for path in paths.iter().flat_map(|path| files_below(Path::new(path))) {
        let mut bytes = Vec::new();
        let read = fs::File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes));
        assert!(read.is_ok(), "`{}` can be read", path.display());
        sum += bytes.len();
        if kind == "events" {
            let text = String::from_utf8_lossy(&bytes);
            let mut parser = granit_parser::Parser::new_from_str(&text);
            // A file with an error ends there, as it does for a linter.
            while let Some(Ok(_)) = parser.next_event() {
                sum += 1;
            }
        }
    }
    std::hint::black_box(sum);
}

fn files_below(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(path).expect("the folder can be read").flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let wanted =
        |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|it| it == "yml" || it == "yaml");
    entries.into_iter().filter(wanted).flat_map(|path| files_below(&path)).collect()
}

fn once(run: &Run) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new(&run.program)
        .args(&run.arguments)
        .current_dir(&run.folder)
        .env("RAYON_NUM_THREADS", run.threads.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("`{}` cannot be started: {error}", run.program.display()));
    let used = child.wait4().expect("the program ends");
    (start.elapsed(), used.rusage.maxrss)
}

impl Bench {
    fn own(&self, name: &str, arguments: &[&str], folder: &Path, threads: usize) -> Run {
        let arguments = arguments.iter().map(|it| (*it).to_owned()).collect();
        Run {
            name: name.to_owned(),
            program: self.program.clone(),
            arguments,
            folder: folder.to_owned(),
            threads,
        }
    }

    fn less(&self, name: &str, kind: &str, path: &str, folder: &Path) -> Run {
        let program = std::env::current_exe().expect("a program knows its path");
        let arguments = ["--baseline", kind, path].map(str::to_owned).to_vec();
        Run { name: name.to_owned(), program, arguments, folder: folder.to_owned(), threads: 1 }
    }

    fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        fs::create_dir_all(&folder).expect("a folder can be made");
        folder
    }

    /// Runs all of them in turn, and prints each with its ratio to the first.
    fn compare(&mut self, what: &str, runs: &[Run]) -> Vec<Taken> {
        let mut times: Vec<Vec<Duration>> = vec![Vec::new(); runs.len()];
        let mut peaks = vec![0; runs.len()];
        for round in 0..=self.rounds {
            for (index, run) in runs.iter().enumerate() {
                let is_long = times[index].first().is_some_and(|time| *time > LONG);
                if is_long {
                    continue;
                }
                let (time, peak) = once(run);
                // The first round fills the caches.
                if round > 0 || time > LONG {
                    times[index].push(time);
                }
                peaks[index] = peaks[index].max(peak);
            }
        }
        let taken: Vec<Taken> = times
            .into_iter()
            .zip(peaks)
            .map(|(mut times, peak)| {
                times.sort_unstable();
                Taken { time: times[times.len() / 2], peak, runs: times.len() }
            })
            .collect();
        let first = taken[0].time.as_secs_f64();
        println!("  {what}");
        for (run, taken) in runs.iter().zip(&taken) {
            let seconds = taken.time.as_secs_f64();
            let ratio = seconds / first;
            let mebibytes = taken.peak as f64 / f64::from(1 << 20);
            println!("    {:44} {:>10.3} ms  {ratio:>9.2}×  {mebibytes:>7.1} MiB", run.name, seconds * 1e3);
            self.rows.push(json!({
                "what": what,
                "program": run.name,
                "seconds": seconds,
                "ratio_to_first": ratio,
                "peak_bytes": taken.peak,
                "runs": taken.runs,
            }));
        }
        taken
    }

    /// A program that does nothing, compiled with the settings of a release.
    fn empty(&self) -> Run {
        let source = self.folder.path().join("empty.rs");
        let program = self.folder.path().join("empty");
        fs::write(&source, "fn main() {}\n").expect("it can be written");
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
        let status = Command::new(rustc)
            .args(["-C", "opt-level=3", "-C", "lto=fat", "-C", "strip=symbols"])
            .args(flags.split_whitespace())
            .arg("-o")
            .args([&program, &source])
            .status();
        assert!(status.is_ok_and(|status| status.success()), "an empty program compiles");
        Run {
            name: "an empty program".to_owned(),
            program,
            arguments: Vec::new(),
            folder: self.folder.path().to_owned(),
            threads: 1,
        }
    }
}

/// The folder with the corpus, if there is one.
fn shared() -> Option<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder =
        std::env::var_os("COMPOSELINT_SHARED").map_or_else(|| package.join("../shared"), PathBuf::from);
    let folder = fs::canonicalize(folder.join("corpus")).ok()?;
    folder.join("compose").is_dir().then_some(folder)
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("it has one")).expect("a folder can be made");
    fs::write(path, text).expect("it can be written");
}

/// A Compose file with that many services, each of several lines.
fn generated(services: usize) -> String {
    let mut text = String::from("services:\n");
    for number in 0..services {
        write!(
            text,
            "  app{number}:\n    image: registry.example.com/shop/app{number}:1.{number}\n    restart: unless-stopped\n    environment:\n      PORT: \"8080\"\n      DATABASE_URL: postgres://app@db{number}:5432/app\n    ports:\n      - \"127.0.0.1:{port}:8080\"\n    volumes:\n      - ./data/{number}:/data\n    networks: [front]\n",
            port = 1024 + number % 60_000,
        )
        .expect("a string takes all");
    }
    text + "networks:\n  front: {}\n"
}

const CONCISE: &[&str] = &["--no-config", "--format", "concise"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    CONCISE.iter().copied().chain(more.iter().copied()).collect()
}

fn startup(bench: &mut Bench) {
    let folder = bench.folder("small");
    write(&folder, "compose.yaml", SMALL);
    write(&folder, "Dockerfile", DOCKERFILE);
    let rounds = bench.rounds;
    // So short a run needs more of them.
    bench.rounds = rounds * 10;
    let runs = [
        bench.empty(),
        bench.less("reading the bytes", "read", "compose.yaml", &folder),
        bench.less("bare YAML events", "events", "compose.yaml", &folder),
        bench.own("composelint --version", &["--version"], &folder, 1),
        bench.own("composelint compose.yaml", &with(&["compose.yaml"]), &folder, 1),
        bench.own("composelint Dockerfile", &with(&["Dockerfile"]), &folder, 1),
    ];
    bench.compare("one small file", &runs);
    bench.rounds = rounds;
}

fn large(bench: &mut Bench) {
    let folder = bench.folder("large");
    let path = folder.join("compose.yaml");
    myself("generate", &[&(5_000 / 12).to_string(), &path.to_string_lossy()]);
    let lines = fs::read_to_string(&path).expect("it was written").lines().count();
    let runs = [
        bench.less("bare YAML events", "events", "compose.yaml", &folder),
        bench.less("reading the bytes", "read", "compose.yaml", &folder),
        bench.own("composelint", &with(&["compose.yaml"]), &folder, 1),
    ];
    bench.compare(&format!("one file of {lines} lines"), &runs);
}

/// Starts this program to do something that takes memory.
fn myself(kind: &str, arguments: &[&str]) {
    let program = std::env::current_exe().expect("a program knows its path");
    let status = Command::new(program).args(["--baseline", kind]).args(arguments).status();
    assert!(status.is_ok_and(|status| status.success()), "`{kind}` works");
}

/// Writes the Dockerfile of each case to a folder of its own.
fn extract(cases: &Path, folder: &Path) {
    let mut number = 0;
    for file in fs::read_dir(cases).expect("cases are there").flatten() {
        for line in fs::read_to_string(file.path()).expect("cases can be read").lines() {
            let case: Value = serde_json::from_str(line).expect("a case is JSON");
            if let Some(text) = case["files"]["Dockerfile"].as_str() {
                write(folder, &format!("{number}/Dockerfile"), text);
                number += 1;
            }
        }
    }
}

/// The Dockerfiles of other linters' cases, or generated ones, each in a folder of its own.
fn dockerfiles(bench: &Bench) -> (PathBuf, usize) {
    let folder = bench.folder("dockerfiles");
    let mut number = 0;
    let cases = shared().map(|it| it.join("cases"));
    if let Some(cases) = &cases {
        myself("extract", &[&cases.to_string_lossy(), &folder.to_string_lossy()]);
        number = fs::read_dir(&folder).expect("it was made").count();
    }
    while cases.is_none() && number < 500 {
        write(
            &folder,
            &format!("{number}/Dockerfile"),
            &DOCKERFILE.replace("8000", &format!("{}", 8000 + number)),
        );
        number += 1;
    }
    (folder, number)
}

/// The folder of Compose files, and their number.
fn compose_files(bench: &Bench) -> (PathBuf, usize) {
    let folder = shared().map_or_else(
        || {
            let folder = bench.folder("generated");
            for number in 0..500 {
                write(&folder, &format!("{number}/compose.yaml"), &generated(1 + number % 12));
            }
            folder
        },
        |shared| shared.join("compose"),
    );
    let number = files_below(&folder).len();
    (folder, number)
}

fn corpus(bench: &mut Bench) {
    let (folder, number) = compose_files(bench);
    let runs = [
        bench.less("bare YAML events", "events", ".", &folder),
        bench.less("reading the bytes", "read", ".", &folder),
        bench.own("composelint, 1 thread", &with(&["."]), &folder, 1),
        bench.own("composelint, 2 threads", &with(&["."]), &folder, 2),
        bench.own(
            "composelint --diff --unsafe-fixes, 2 threads",
            &["--no-config", "--diff", "--unsafe-fixes", "."],
            &folder,
            2,
        ),
    ];
    bench.compare(&format!("{number} Compose files"), &runs);
    let (folder, number) = dockerfiles(bench);
    let runs = [
        bench.own("composelint, 1 thread", &with(&["."]), &folder, 1),
        bench.own("composelint, 2 threads", &with(&["."]), &folder, 2),
    ];
    bench.compare(&format!("{number} Dockerfiles"), &runs);
}

/// Another linter's program: what the variable names, or what is in `PATH`.
fn program(variable: &str, name: &str) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Some(PathBuf::from(path)).filter(|path| path.is_file());
    }
    std::env::split_paths(&std::env::var_os("PATH")?).map(|path| path.join(name)).find(|path| path.is_file())
}

fn peers(bench: &mut Bench) {
    let folder = bench.folder("small");
    write(&folder, "compose.yaml", SMALL);
    write(&folder, "Dockerfile", DOCKERFILE);
    let (dockerfiles, dockerfile_number) = dockerfiles(bench);
    let (compose, compose_number) = compose_files(bench);
    let relative = |folder: &Path, paths: Vec<PathBuf>| -> Vec<String> {
        let below =
            |path: &PathBuf| path.strip_prefix(folder).expect("it is below").to_string_lossy().into_owned();
        paths.iter().map(below).collect()
    };
    let all_dockerfiles: Vec<PathBuf> =
        (0..dockerfile_number).map(|number| dockerfiles.join(format!("{number}/Dockerfile"))).collect();
    let all_dockerfiles = relative(&dockerfiles, all_dockerfiles);
    let all_compose = relative(&compose, files_below(&compose));
    let others: &[(&str, &str, &[&str], bool)] = &[
        ("HADOLINT", "hadolint", &[], false),
        ("TALLY", "tally", &["lint"], false),
        ("COMPOSE_LINT", "compose-lint", &[], true),
        ("DCLINT", "dclint", &[], true),
        ("YAMLLINT", "yamllint", &[], true),
    ];
    for (is_compose, file, folder_of_all, all, what) in [
        (false, "Dockerfile", &dockerfiles, &all_dockerfiles, format!("{dockerfile_number} Dockerfiles")),
        (true, "compose.yaml", &compose, &all_compose, format!("{compose_number} Compose files")),
    ] {
        let mut one = vec![bench.own("composelint", &with(&[file]), &folder, 1)];
        let mut many = vec![bench.own("composelint, 2 threads", &with(&["."]), folder_of_all, 2)];
        for (variable, name, first, of_compose) in others {
            if *of_compose != is_compose {
                continue;
            }
            let Some(program) = program(variable, name) else {
                println!("    {name} is not there: neither `{variable}` nor `PATH` leads to it");
                continue;
            };
            let run = |files: &[String], folder: &Path| Run {
                name: (*name).to_owned(),
                program: program.clone(),
                arguments: first.iter().map(|it| (*it).to_owned()).chain(files.iter().cloned()).collect(),
                folder: folder.to_owned(),
                threads: 2,
            };
            one.push(run(&[file.to_owned()], &folder));
            many.push(run(all, folder_of_all));
        }
        bench.compare(&format!("one {file}"), &one);
        let rounds = std::mem::replace(&mut bench.rounds, 3);
        bench.compare(&what, &many);
        bench.rounds = rounds;
    }
}

fn growth_of_files(bench: &mut Bench) {
    let root = bench.folder("growth");
    let mut number = 0;
    for size in [1, 10, 100, 1_000, 10_000] {
        // In turn a Compose file and the Dockerfile beside it.
        while number < size {
            let (name, text) =
                if number % 2 == 0 { ("compose.yaml", SMALL) } else { ("Dockerfile", DOCKERFILE) };
            write(&root, &format!("{}/{}/{name}", number / 200, number / 2), text);
            number += 1;
        }
        let rounds = std::mem::replace(&mut bench.rounds, if size >= 1_000 { 3 } else { 15 });
        let runs = [
            bench.own("composelint, 1 thread", &with(&["--quiet", "."]), &root, 1),
            bench.own("composelint, 2 threads", &with(&["--quiet", "."]), &root, 2),
        ];
        let taken = bench.compare(&format!("{size} files, Compose files and Dockerfiles"), &runs);
        bench.rounds = rounds;
        println!("    {:44} {:>10.3} ms a file", "", taken[0].time.as_secs_f64() * 1e3 / f64::from(size));
    }
}

fn growth_of_services(bench: &mut Bench) {
    let root = bench.folder("services");
    for size in [10_u32, 100, 1_000, 10_000] {
        let path = root.join("compose.yaml");
        myself("generate", &[&size.to_string(), &path.to_string_lossy()]);
        let bytes = fs::metadata(&path).expect("it was written").len();
        let rounds = std::mem::replace(&mut bench.rounds, if size >= 1_000 { 3 } else { 15 });
        let runs = [
            bench.less("bare YAML events", "events", "compose.yaml", &root),
            bench.own("composelint", &with(&["compose.yaml"]), &root, 1),
        ];
        let taken = bench.compare(&format!("{size} services in a file of {bytes} bytes"), &runs);
        bench.rounds = rounds;
        let nanoseconds = taken[1].time.as_secs_f64() * 1e9 / bytes as f64;
        println!("    {:44} {nanoseconds:>10.1} ns a byte", "");
    }
}

/// What makes a hostile project in a folder.
type Make = fn(&Path);

/// Hostile projects, each with what it is.
const HOSTILE: &[(&str, Make)] = &[
    ("aliases that stand for 1,000,000,000 values", |folder| {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for number in 1..9 {
            let alias = format!("*a{}", number - 1);
            text += &format!("a{number}: &a{number} [{}]\n", [alias.as_str(); 10].join(", "));
        }
        write(folder, "compose.yaml", &text);
    }),
    ("20,000 `[`", |folder| write(folder, "compose.yaml", &"[".repeat(20_000))),
    ("8 MB of `[`", |folder| write(folder, "compose.yaml", &"[".repeat(8_000_000))),
    ("8 MB of `- `", |folder| write(folder, "compose.yaml", &"- ".repeat(4_000_000))),
    ("8 MB of `&a `", |folder| write(folder, "compose.yaml", &"&a ".repeat(2_700_000))),
    ("a key of 1 MB that is not known", |folder| {
        let key = "k".repeat(1 << 20);
        write(folder, "compose.yaml", &format!("services:\n  web:\n    image: a/b:1.0\n    {key}: x\n"));
    }),
    ("a quoted text of 8 MB", |folder| {
        let text = "$x\\n".repeat(2_000_000);
        write(
            folder,
            "compose.yaml",
            &format!("services:\n  web:\n    image: a/b:1.0\n    command: \"{text}\"\n"),
        );
    }),
    ("100,000 services", |folder| {
        let mut text = "services:\n".to_owned();
        (0..100_000).for_each(|number| text += &format!("  s{number}: {{image: a/b:1.0}}\n"));
        write(folder, "compose.yaml", &text);
    }),
    ("100,000 services in a file and its override", |folder| {
        for name in ["compose.yaml", "compose.override.yaml"] {
            let mut text = "services:\n".to_owned();
            (0..100_000).for_each(|number| text += &format!("  s{number}: {{image: a/b:1.0}}\n"));
            write(folder, name, &text);
        }
    }),
    ("3,000 services that depend on each other", |folder| {
        let mut text = "services:\n".to_owned();
        for number in 0..3_000 {
            let next = (number + 1) % 3_000;
            text += &format!(
                "  s{number}: {{image: a/b:1.0, depends_on: [s{next}], environment: [\"A=http://s{next}:80\"]}}\n"
            );
        }
        write(folder, "compose.yaml", &text);
    }),
    ("20,000 ports published twice", |folder| {
        let mut text = "services:\n".to_owned();
        for number in 0..20_000 {
            let port = 1024 + number % 10_000;
            text += &format!("  s{number}: {{image: a/b:1.0, ports: [\"{port}:80\"]}}\n");
        }
        write(folder, "compose.yaml", &text);
    }),
    ("20,000 passwords", |folder| {
        let mut text = "services:\n  web:\n    image: a/b:1.0\n    environment:\n".to_owned();
        (0..20_000).for_each(|number| text += &format!("      DB{number}_PASSWORD: hunter{number}hunter\n"));
        write(folder, "compose.yaml", &text);
    }),
    ("60,000 findings of one rule", |folder| {
        let mut text = "services:\n  web:\n    image: a/b:1.0\n".to_owned();
        (0..60_000).for_each(|number| text += &format!("    key{number}: x\n"));
        write(folder, "compose.yaml", &text);
    }),
    ("100,000 suppressing comments", |folder| {
        let mut text = "services:\n".to_owned();
        for number in 0..50_000 {
            text += &format!(
                "  # composelint: ignore[no-such-rule]\n  s{number}: {{image: a/b:1.0}} # composelint: ignore[unpinned-image]\n"
            );
        }
        write(folder, "compose.yaml", &text);
    }),
    ("64 files that include one another", |folder| {
        for number in 0..64 {
            let next = number + 1;
            let name = if number == 0 { "compose.yaml".to_owned() } else { format!("part{number}.yaml") };
            let text = format!("include: [part{next}.yaml]\nservices: {{s{number}: {{image: a/b:1.0}}}}\n");
            write(folder, &name, &text);
        }
        write(folder, "part64.yaml", "services: {last: {image: a/b:1.0}}\n");
    }),
    ("files that include two others each, 2^12 times", |folder| {
        for number in 0..12 {
            let next = number + 1;
            let name = if number == 0 { "compose.yaml".to_owned() } else { format!("part{number}.yaml") };
            let text = format!(
                "include: [part{next}.yaml, part{next}.yaml]\nservices: {{s{number}: {{image: a/b:1.0}}}}\n"
            );
            write(folder, &name, &text);
        }
        write(folder, "part12.yaml", "services: {last: {image: a/b:1.0}}\n");
    }),
    ("a chain of 5,000 `extends`", |folder| {
        let mut text = "services:\n  s0: {image: a/b:1.0}\n".to_owned();
        (1..5_000).for_each(|number| text += &format!("  s{number}: {{extends: s{}}}\n", number - 1));
        write(folder, "compose.yaml", &text);
    }),
    ("300 services on a Dockerfile of 3,000 stages", |folder| {
        let mut text = "services:\n".to_owned();
        for number in 0..300 {
            text += &format!("  s{number}: {{build: {{context: ., target: t{}}}}}\n", number * 10);
        }
        write(folder, "compose.yaml", &text);
        let mut text = String::new();
        for number in 0..3_000 {
            text += &format!(
                "FROM debian:12.1 AS t{number}\nRUN apt-get update && apt-get install -y curl\nUSER 1000\n"
            );
        }
        write(folder, "Dockerfile", &text);
    }),
    ("a Dockerfile of 3,000 stages, each on the one before", |folder| {
        let mut text = "FROM debian:12.1 AS t0\nRUN apt-get update\n".to_owned();
        (1..3_000).for_each(|number| {
            text += &format!("FROM t{} AS t{number}\nENV A{number}=1\nRUN echo $A{number}\n", number - 1)
        });
        write(folder, "Dockerfile", &text);
    }),
    ("a Dockerfile of one line of 8 MB", |folder| {
        write(folder, "Dockerfile", &format!("FROM a/b:1.0\nUSER 1\nRUN echo {}\n", "a ".repeat(4_000_000)));
    }),
    ("a Dockerfile of one line of 50 MB", |folder| {
        write(folder, "Dockerfile", &format!("FROM a/b:1.0\nUSER 1\nRUN echo {}\n", "a".repeat(50_000_000)));
    }),
    ("a Dockerfile of 200,000 instructions", |folder| {
        write(folder, "Dockerfile", &format!("FROM a/b:1.0\n{}", "RUN apt-get update\n".repeat(200_000)));
    }),
    ("a shell text of 1 MB of `$(`", |folder| {
        write(folder, "Dockerfile", &format!("FROM a/b:1.0\nRUN {}\n", "$(".repeat(500_000)));
    }),
    ("a shell text of 1 MB of quotes and backticks", |folder| {
        write(folder, "Dockerfile", &format!("FROM a/b:1.0\nRUN {}\n", "\"`'".repeat(333_333)));
    }),
    ("`${` nested 500,000 deep", |folder| {
        let text = "${A:-".repeat(500_000);
        write(
            folder,
            "compose.yaml",
            &format!("services:\n  web:\n    image: a/b:1.0\n    command: \"{text}\"\n"),
        );
    }),
    ("a `.env` of 8 MB whose variables double each other", |folder| {
        let mut text = "A0=xxxxxxxxxxxxxxxx\n".to_owned();
        (1..200_000).for_each(|number| text += &format!("A{number}=$A{0}$A{0}\n", number - 1));
        write(folder, ".env", &text);
        write(folder, "compose.yaml", "services: {web: {image: \"a/b:${A199999}\"}}\n");
    }),
    ("a `.dockerignore` of 100,000 patterns", |folder| {
        write(folder, ".dockerignore", &"**/*a*/**/b*c\n".repeat(100_000));
        write(
            folder,
            "Dockerfile",
            &format!("FROM a/b:1.0\n{}", "COPY aaaaaaaaaa/bbbbbbbb/bbbbc /x\n".repeat(100)),
        );
        write(folder, "aaaaaaaaaa/bbbbbbbb/bbbbc", "x");
    }),
    ("a pattern of the configuration that backtracks elsewhere", |folder| {
        let name = "a".repeat(100_000) + "!";
        write(
            folder,
            ".composelint.yaml",
            "rules:\n  container-name-form:\n    pattern: '(a+)+(a*)*(a|aa)+'\n",
        );
        write(
            folder,
            "compose.yaml",
            &format!("services: {{web: {{image: a/b:1.0, container_name: {name}}}}}\n"),
        );
    }),
];

fn hostile(bench: &mut Bench) {
    let rounds = std::mem::replace(&mut bench.rounds, 1);
    for (index, (name, _)) in HOSTILE.iter().enumerate() {
        let folder = bench.folder(&format!("hostile{index}"));
        myself("hostile", &[name, &folder.to_string_lossy()]);
        let run = bench.own("composelint", &["--format", "concise", "."], &folder, 2);
        bench.compare(name, &[run]);
        fs::remove_dir_all(&folder).expect("it can be removed");
    }
    bench.rounds = rounds;
}
