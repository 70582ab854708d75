//! The YAML layer: what is read, where it stands, and what is said of what cannot be read.

mod differential;
mod expansion;
mod generated;
mod hostile;
mod maps;
mod messages;
mod places;
mod properties;
mod support;
