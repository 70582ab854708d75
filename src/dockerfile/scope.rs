//! The variables that an instruction sees.

use super::Dockerfile;
use super::stage::PLATFORM;
use super::words::{Binding, Word};
use crate::source::Span;

/// The arguments that BuildKit takes without an `ARG`, in upper and in lower case; they are set while a
/// `RUN` runs, and in no other instruction.
const PROXIES: [&str; 5] = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

/// The variables that an instruction sees: for `FROM`, the `ARG`s before the first stage and those of the
/// build's platform; else `ENV` and `ARG` above it in its stage and in the stages under that. A global
/// `ARG` is seen in a stage only if it is declared there again.
#[derive(Copy, Clone)]
pub struct Scope<'d> {
    dockerfile: &'d Dockerfile,
    stage: Option<usize>,
    before: usize,
}

impl<'d> Scope<'d> {
    pub(super) fn new(dockerfile: &'d Dockerfile, stage: Option<usize>, before: usize) -> Self {
        Self { dockerfile, stage, before }
    }

    /// What is known of the variable. One that nothing declares is unset below `scratch`, and unknown
    /// below an image, which may set it.
    pub fn binding(self, name: &str) -> Binding {
        self.dockerfile.variable(self.stage, name, self.before)
    }

    /// The name and value of the `ENV` or `ARG` that declares the variable. `None` if this file does not.
    pub fn declaration(self, name: &str) -> Option<Span> {
        self.dockerfile.declaration(self.stage, name, self.before)
    }

    /// Whether this file, or BuildKit by itself, declares the variable.
    pub fn declares(self, name: &str) -> bool {
        let is_predefined = match self.stage {
            Some(_) => name == "PATH",
            None => PLATFORM.contains(&name),
        };
        is_predefined || self.declaration(name).is_some()
    }

    /// The names that this file declares, in alphabetical order.
    pub fn names(self) -> Vec<&'d str> {
        self.dockerfile.declared_names(self.stage, self.before)
    }

    /// Whether no image may set more variables: the stages end in `scratch`, or it is a `FROM`.
    pub fn is_whole(self) -> bool {
        self.dockerfile.is_whole(self.stage)
    }

    /// What `word` comes to here. `None` if it depends on a variable without a known value.
    pub fn resolve(self, word: &Word) -> Option<String> {
        word.resolve(&|name| self.binding(name))
    }
}

/// Whether `name` is an argument that BuildKit takes without an `ARG`: a proxy's.
pub fn is_proxy_argument(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    PROXIES.contains(&upper.as_str()) && (name == upper || name == name.to_ascii_lowercase())
}

/// Whether `name` is a variable of the build's or the target's platform, which an `ARG` without a value
/// makes visible in a stage.
pub fn is_platform_argument(name: &str) -> bool {
    PLATFORM.contains(&name)
}
