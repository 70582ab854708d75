//! What Compose means: the files of a project, merged and read as the engine reads them, and the
//! short syntaxes, quantities, templates and dotenv files that they are made of.

pub mod canonical;
pub mod context;
pub mod cpus;
pub mod device;
pub mod dotenv;
pub mod duration;
pub mod env_entry;
pub mod env_file;
pub mod environment;
pub mod extends;
pub mod extra_hosts;
pub mod file;
pub mod image;
pub mod include;
pub mod interpolate;
pub mod load;
pub mod merge;
pub mod mount;
pub mod occurrence;
pub mod paths;
pub mod port;
pub mod project;
pub mod rebase;
pub mod reference;
pub mod section;
pub mod service;
pub mod size;
pub mod syntax;
