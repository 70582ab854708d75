//! The resolved model in print: YAML for eyes, JSON for machines.
