//! A linter and policy checker for Docker Compose files and the Dockerfiles behind them.

pub mod catalogue;
pub mod cli;
pub mod commands;
pub mod compose;
pub mod config;
pub mod credentials;
pub mod diagnostic;
pub mod discover;
pub mod dockerfile;
pub mod fix;
pub mod fs;
pub mod images;
pub mod lint;
pub mod mend;
pub mod nearest;
pub mod output;
pub mod probe;
pub mod published;
pub mod report;
pub mod rule;
pub mod rules;
pub mod schema;
pub mod shell;
pub mod source;
pub mod undeclared;
pub mod yaml;
