//! A linter and policy checker for Docker Compose files and the Dockerfiles behind them.

pub mod source;
