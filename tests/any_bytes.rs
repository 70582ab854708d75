//! What the fuzzer asks of any bytes, asked of a fixed number of texts: the blocks of the pages and the
//! fixtures, each as it is and changed at random.

#[path = "../fuzz/src/properties.rs"]
#[allow(unreachable_pub, reason = "the fuzzer's package uses it")]
mod properties;
#[allow(unreachable_pub, reason = "the fuzzer's package uses it")]
#[path = "../fuzz/src/seeds.rs"]
mod seeds;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

static SEEDS: LazyLock<BTreeMap<&'static str, Vec<String>>> = LazyLock::new(|| seeds::seeds(false));

/// A change of a text: where, from 0 to 65,535 for the whole length, what and how much.
#[derive(Clone, Debug)]
enum Change {
    Insert(u16, &'static str),
    Remove(u16, u8),
    Repeat(u16, u8),
    Byte(u16, u8),
    Cut(u16),
}

const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "\t",
    "  ",
    ":",
    ": ",
    "- ",
    "#",
    "&a ",
    "*a",
    "<<: *a",
    "!reset ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "\\",
    "\\\n",
    "|",
    ">",
    "$",
    "$$",
    "${",
    "${A:-",
    "`",
    "(",
    ")",
    "&&",
    "<<EOF",
    "EOF\n",
    "FROM a\n",
    "RUN ",
    "ONBUILD ",
    "--mount=",
    "=",
    "@",
    "/",
    "0",
    "-1",
    "99999999999999999999",
    "\u{0}",
    "\u{1b}[2J",
    "ä",
    "\u{feff}",
    "\u{1f600}",
    "# composelint: ignore[",
    "]",
    "\n=== compose.override.yaml\n",
    "\n=== .env\n",
    "\n=== Dockerfile\n",
    "services:\n",
    "extends: ",
    "include: ",
    "~",
    "null",
];

fn changes() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec(
        prop_oneof![
            3 => (any::<u16>(), prop::sample::select(PIECES)).prop_map(|(at, text)| Change::Insert(at, text)),
            2 => (any::<u16>(), any::<u8>()).prop_map(|(at, length)| Change::Remove(at, length)),
            1 => (any::<u16>(), any::<u8>()).prop_map(|(at, length)| Change::Repeat(at, length)),
            1 => (any::<u16>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
            1 => any::<u16>().prop_map(Change::Cut),
        ],
        0..8,
    )
}

fn changed(text: &str, changes: &[Change]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for change in changes {
        let place = |at: u16| usize::from(at) * bytes.len() / 65_536;
        match *change {
            Change::Insert(at, piece) => {
                let at = place(at);
                bytes.splice(at..at, piece.bytes());
            }
            Change::Remove(at, length) => {
                let at = place(at);
                bytes.drain(at..(at + usize::from(length)).min(bytes.len()));
            }
            Change::Repeat(at, length) => {
                let at = place(at);
                let part = bytes[at..(at + usize::from(length)).min(bytes.len())].to_vec();
                bytes.splice(at..at, part);
            }
            Change::Byte(at, byte) => {
                let at = place(at);
                if let Some(old) = bytes.get_mut(at) {
                    *old = byte;
                }
            }
            Change::Cut(at) => bytes.truncate(place(at)),
        }
    }
    bytes
}

/// Asks the property of every seed, and of `cases` changed ones.
fn holds(name: &str, cases: u32) {
    let (name, property) = properties::ALL.iter().find(|(it, _)| *it == name).expect("the property is there");
    let seeds = &SEEDS[name];
    assert!(seeds.len() >= 3, "`{name}` has {} seeds", seeds.len());
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let texts = (prop::sample::select(seeds.as_slice()), changes());
    let outcome = runner.run(&texts, |(seed, changes)| {
        let bytes = changed(&seed, &changes);
        let held = std::panic::catch_unwind(|| property(&bytes));
        prop_assert!(held.is_ok(), "{:?}", String::from_utf8_lossy(&bytes));
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

macro_rules! properties {
    ($($name:ident $cases:literal)*) => {
        $(
            #[test]
            fn $name() {
                holds(stringify!($name), $cases);
            }
        )*

        #[test]
        fn every_property_is_asked_and_fuzzed() {
            let asked = [$(stringify!($name)),*];
            let all: Vec<&str> = properties::ALL.iter().map(|(name, _)| *name).collect();
            assert_eq!(asked.as_slice(), all);
            let targets = seeds::root().join("fuzz/fuzz_targets");
            let mut fuzzed: Vec<String> = std::fs::read_dir(targets)
                .expect("the targets are there")
                .map(|entry| entry.expect("it can be read").path())
                .map(|path| path.file_stem().expect("it has a name").to_string_lossy().into_owned())
                .collect();
            fuzzed.sort();
            assert_eq!(fuzzed, all);
        }
    };
}

properties! {
    configuration 512
    dockerfile 1024
    dotenv 512
    fixes 96
    interpolation 2048
    merge 256
    run 96
    scalar 2048
    shell 1024
    short 2048
    suppressions 96
    yaml 512
}
