//! The same bytes come out of the same files: on any number of threads, in whatever order the files were
//! made and are named, in any directory, and whatever the environment says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The fixtures, in two copies: enough files for several threads, and the same names in several places.
fn files() -> Files {
    fn collect(root: &Path, directory: &Path, files: &mut Files) {
        for entry in std::fs::read_dir(directory).expect("the fixtures can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                collect(root, &path, files);
            } else if entry.file_name() != "expected.txt" {
                let name = path.strip_prefix(root).expect("it is below");
                let bytes = std::fs::read(&path).expect("the fixture can be read");
                for copy in ["one", "two"] {
                    files.insert(Path::new(copy).join(name), bytes.clone());
                }
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects");
    let mut files = Files::new();
    collect(&root, &root, &mut files);
    assert!(files.len() > 60, "{} files", files.len());
    files
}

/// A sequence of numbers that looks like none.
struct Shuffle(u64);

impl Shuffle {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn order<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// A machine: where the files are, in which order they came to be there, and what is around them.
struct Machine {
    folder: TempDir,
    threads: usize,
    environment: Vec<(&'static str, &'static str)>,
    named: Vec<&'static str>,
}

impl Machine {
    fn new(files: &Files, number: u64) -> Self {
        let mut shuffle = Shuffle(number);
        let mut order: Vec<(&PathBuf, &Vec<u8>)> = files.iter().collect();
        shuffle.order(&mut order);
        let folder = TempDir::with_prefix(format!("machine-{}", "x".repeat(number as usize)))
            .expect("a temporary folder can be made");
        for (path, bytes) in order {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
            std::fs::write(path, bytes).expect("it can be written");
        }
        let mut named = vec!["one", "two"];
        shuffle.order(&mut named);
        let odd = number % 2 == 1;
        Self {
            folder,
            threads: [1, 2, 8][number as usize % 3],
            environment: if odd {
                vec![
                    ("LANG", "de_DE.UTF-8"),
                    ("TZ", "Asia/Tokyo"),
                    ("HOME", "/nowhere"),
                    ("TAG", "9"),
                    ("COLUMNS", "40"),
                ]
            } else {
                vec![("LC_ALL", "C"), ("TZ", "UTC"), ("DB_PASSWORD", "from the shell"), ("TERM", "dumb")]
            },
            named,
        }
    }

    /// What a run prints and ends with.
    fn run(&self, arguments: &[&str]) -> (Vec<u8>, Vec<u8>, Option<i32>) {
        let output = Command::new(env!("CARGO_BIN_EXE_composelint"))
            .args(arguments)
            .args(&self.named)
            .current_dir(self.folder.path())
            .envs(self.environment.iter().copied())
            .env("RAYON_NUM_THREADS", self.threads.to_string())
            .output()
            .expect("the program starts");
        (output.stdout, output.stderr, output.status.code())
    }
}

#[test]
fn the_same_files_give_the_same_bytes_on_every_machine() {
    let files = files();
    let machines: Vec<Machine> = (0..3).map(|number| Machine::new(&files, number)).collect();
    // The other formats are made of the same report in the same order.
    let formats = ["text", "json", "sarif", "gitlab"];
    let mut runs: Vec<Vec<&str>> =
        formats.iter().map(|format| vec!["--select", "all", "--format", format]).collect();
    runs.push(vec!["--diff", "--unsafe-fixes"]);
    runs.push(vec!["--statistics"]);
    for arguments in runs {
        let (first, rest) = machines.split_first().expect("there are three");
        let expected = first.run(&arguments);
        assert!(expected.0.len() > 100, "{arguments:?} prints {:?}", String::from_utf8_lossy(&expected.1));
        for machine in rest {
            let printed = machine.run(&arguments);
            assert_eq!(
                (String::from_utf8_lossy(&printed.0), String::from_utf8_lossy(&printed.1), printed.2),
                (String::from_utf8_lossy(&expected.0), String::from_utf8_lossy(&expected.1), expected.2),
                "{arguments:?} on {} threads",
                machine.threads
            );
        }
    }
}

#[test]
fn the_same_files_are_fixed_to_the_same_bytes() {
    let files = files();
    let fixed = |number: u64| {
        let machine = Machine::new(&files, number);
        let (_, stderr, code) = machine.run(&["--fix", "--unsafe-fixes", "--quiet"]);
        assert!(matches!(code, Some(0 | 1)), "{}", String::from_utf8_lossy(&stderr));
        let read =
            |path: &PathBuf| std::fs::read(machine.folder.path().join(path)).expect("it is still there");
        files.keys().map(|path| (path.clone(), read(path))).collect::<Files>()
    };
    let (one, other) = (fixed(0), fixed(5));
    assert!(one == other, "the files differ");
    assert!(one != files, "something is fixed");
}
