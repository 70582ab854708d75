//! What holds for any bytes, for the fuzzer; `tests/any_bytes.rs` asks the same of a fixed number of
//! texts on every machine.

pub mod properties;
pub mod seeds;
