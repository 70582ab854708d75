//! What tells one finding from another, and stays when the file changes above it.

use std::collections::HashMap;

use super::{File, Files};
use crate::diagnostic::Diagnostic;

/// The number of bytes of the place that are looked at.
const EXCERPT: usize = 256;

/// A fingerprint for each of `diagnostics`, in their order: 32 hexadecimal digits, from the rule, the
/// path as `path` gives it, the service of a Compose file and the bytes of the place, white space aside;
/// from neither lines nor prose. Which service builds a Dockerfile has no part, as a run over the Dockerfile
/// alone does not know it. Equal findings of one file are told apart by their order. A secret has no part in it.
pub(super) fn fingerprints(
    diagnostics: &[&Diagnostic],
    files: &mut Files<'_>,
    path: &dyn Fn(&File<'_>) -> String,
) -> Vec<String> {
    let mut seen: HashMap<u128, u32> = HashMap::new();
    let fingerprint = |diagnostic: &&Diagnostic| {
        let file = files.get(diagnostic.span.source);
        let is_dockerfile = files.report.dockerfiles.contains(&diagnostic.span.source);
        let subject = diagnostic.subject.as_deref().filter(|_| !is_dockerfile).unwrap_or_default();
        let mut hash = Hash::default();
        hash.part(diagnostic.rule.name);
        hash.part(&path(&file));
        hash.part(subject);
        let excerpt = file.text().as_bytes().get(diagnostic.span.range()).unwrap_or_default();
        let excerpt = String::from_utf8_lossy(&excerpt[..excerpt.len().min(EXCERPT)]);
        for word in excerpt.split_whitespace() {
            hash.part(word);
        }
        let count = seen.entry(hash.0).or_default();
        *count += 1;
        if *count > 1 {
            hash.part(&count.to_string());
        }
        format!("{:032x}", hash.0)
    };
    diagnostics.iter().map(fingerprint).collect()
}

/// FNV-1a with 128 bits: the same on every machine, and no defence against anybody.
struct Hash(u128);

impl Default for Hash {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Hash {
    /// Adds a part and its end.
    fn part(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 ^= u128::from(byte);
            self.0 = self.0.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}
