//! The `composelint` command.
fn main() {}
