//! The schema of Compose files, the tables made of it, and the checker that reads them.

mod agreement;
mod findings;
mod table;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use composelint::schema::COMPOSE;
use serde_json::Value;

fn schema() -> Value {
    serde_json::from_str(COMPOSE).expect("the schema is JSON")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The code as `cargo fmt` writes it.
fn formatted(code: &str) -> String {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt is there");
    child.stdin.take().expect("its input is piped").write_all(code.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "rustfmt takes the code");
    String::from_utf8(output.stdout).expect("code is text")
}

#[test]
fn the_tables_are_those_of_the_schema() {
    let path = root().join("src/schema/table.rs");
    let code = formatted(&table::table(&schema()));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, code).expect("the tables can be written");
        return;
    }
    let written = std::fs::read_to_string(&path).expect("the tables are there").replace("\r\n", "\n");
    assert!(written == code, "src/schema/table.rs is not that of the schema: run `BLESS=1 cargo test`");
}

#[test]
fn the_schema_is_one() {
    jsonschema::meta::validate(&schema()).expect("the schema follows its own");
}
