//! A linter and policy checker for Docker Compose files and the Dockerfiles behind them.

pub mod diagnostic;
pub mod report;
pub mod rule;
pub mod images;
pub mod source;
pub mod yaml;
