//! The YAML layer: what is read, where it stands, and what is said of what cannot be read.

mod differential;
mod generated;
mod messages;
mod places;
mod properties;
mod support;
