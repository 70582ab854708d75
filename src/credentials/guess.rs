//! Passwords that are put together from what anyone would try.

use super::{credential_key, is_trivial};

/// The longest value that is taken apart.
const MOST_BYTES: usize = 64;
/// The most bytes that are tried one after the other.
const MOST_TRIED: usize = 3;
/// The fewest letters of a name that counts as a part.
const SHORTEST_NAME: usize = 3;
/// The most letters that may stand beside `123456`.
const MOST_BESIDE_ROW: usize = 10;

/// What passwords in examples are made of, sorted.
const PARTS: &[&str] = &[
    "a",
    "abc",
    "access",
    "account",
    "admin",
    "and",
    "api",
    "app",
    "auth",
    "bar",
    "base",
    "bootstrap",
    "cache",
    "change",
    "client",
    "cookie",
    "data",
    "database",
    "db",
    "default",
    "demo",
    "dev",
    "development",
    "dont",
    "elastic",
    "encryption",
    "example",
    "first",
    "foo",
    "for",
    "good",
    "guest",
    "hello",
    "here",
    "in",
    "invite",
    "is",
    "jwt",
    "key",
    "local",
    "login",
    "long",
    "mail",
    "maria",
    "master",
    "me",
    "mongo",
    "my",
    "mysql",
    "name",
    "new",
    "not",
    "only",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "pg",
    "plain",
    "plaintext",
    "please",
    "postgres",
    "private",
    "prod",
    "production",
    "public",
    "pw",
    "pwd",
    "queue",
    "rabbit",
    "random",
    "redis",
    "root",
    "safe",
    "sample",
    "secret",
    "secure",
    "security",
    "server",
    "service",
    "session",
    "setup",
    "simple",
    "some",
    "staging",
    "storage",
    "store",
    "string",
    "strong",
    "super",
    "sure",
    "system",
    "temp",
    "test",
    "tests",
    "text",
    "the",
    "this",
    "to",
    "token",
    "top",
    "use",
    "user",
    "value",
    "very",
    "web",
    "welcome",
    "with",
    "word",
    "world",
    "your",
];

/// Whether `value` is guessed at once: trivial, or put together from common words, short numbers and
/// the words of `near`, which are names that stand beside it.
///
/// ```
/// use composelint::credentials::is_guessable;
/// assert!(is_guessable("My-Secure-Password5", &[]) && is_guessable("shop_pass", &["shop-db"]));
/// assert!(!is_guessable("shop_pass", &[]) && !is_guessable("correct horse", &[]));
/// ```
pub fn is_guessable(value: &str, near: &[&str]) -> bool {
    let value = value.trim();
    // The name of a variable in place of what the variable holds.
    let is_name = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    if value.contains('_')
        && value.bytes().all(|it| is_name(it) || it.is_ascii_digit())
        && credential_key(value)
    {
        return true;
    }
    let value = value.to_lowercase();
    if is_trivial(&value) || (1..=MOST_TRIED).contains(&value.len()) {
        return true;
    }
    if value.is_empty() || value.len() > MOST_BYTES || !value.is_ascii() {
        return false;
    }
    if ["123456", "0123456789abcdef"].iter().any(|row| value.contains(row))
        && value.bytes().filter(u8::is_ascii_alphabetic).count() <= MOST_BESIDE_ROW
    {
        return true;
    }
    let names: Vec<String> = near
        .iter()
        .flat_map(|name| name.split(|letter: char| !letter.is_ascii_alphabetic()))
        .filter(|name| name.len() >= SHORTEST_NAME)
        .map(str::to_ascii_lowercase)
        .collect();
    // `s3cr3t` is `secret`.
    let spelt: String = value
        .chars()
        .map(|letter| match letter {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            other => other,
        })
        .collect();
    is_made_of(&value, &names) || is_made_of(&spelt, &names)
}

/// Whether all letters are of known words, and all digits of short or regular numbers.
fn is_made_of(value: &str, names: &[String]) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic();
    let mut has_words = false;
    let mut rest = value;
    while let Some(first) = rest.bytes().next() {
        let length = if is_letter(first) {
            let length = rest.bytes().take_while(|byte| is_letter(*byte)).count();
            if !is_words(&rest[..length], names) {
                return false;
            }
            has_words = true;
            length
        } else if first.is_ascii_digit() {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            if !is_regular(&rest[..length]) {
                return false;
            }
            length
        } else {
            1
        };
        rest = &rest[length..];
    }
    has_words
}

/// Whether the letters are words one after the other.
fn is_words(letters: &str, names: &[String]) -> bool {
    // Whether the first letters, as many as the index says, are.
    let mut ends = vec![false; letters.len() + 1];
    ends[0] = true;
    for start in 0..letters.len() {
        if !ends[start] {
            continue;
        }
        for word in PARTS.iter().copied().chain(names.iter().map(String::as_str)) {
            if letters[start..].starts_with(word) {
                ends[start + word.len()] = true;
            }
        }
    }
    ends[letters.len()]
}

/// Whether the digits are few, a year, a row or one digit many times.
fn is_regular(digits: &str) -> bool {
    let is_year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    let is_row = ["01234567890123456789", "98765432109876543210"].iter().any(|row| row.contains(digits));
    let same = digits.bytes().all(|byte| digits.as_bytes().first() == Some(&byte));
    digits.len() <= 3 || is_year || is_row || same
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_sorted_and_lower_case() {
        assert!(PARTS.is_sorted());
        assert!(PARTS.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_lowercase())));
    }

    #[test]
    fn what_examples_have_is_guessed() {
        for value in [
            "super_long_secure_password",
            "adminpw",
            "mypass",
            "rootsecretpassword",
            "supersecretkey",
            "s3cr3t",
            "My-Secure-Password5",
            "ThisIsAVerySecretString",
            "sk-lf-1234567890",
            "admin5678@",
            "dev-api-key",
            "plaintext-root-token",
            "password2024",
            "bpm",
        ] {
            assert!(is_guessable(value, &[]), "{value}");
        }
        assert!(is_guessable("rustfsadmin", &["RUSTFS_SECRET_KEY"]));
        assert!(is_guessable("HISTORY_S3_SECRET_ACCESS_KEY", &[]));
    }

    #[test]
    fn what_is_made_up_is_not_guessed() {
        for value in [
            "jcui51lw747yuuk4zrpm",
            "FmTKs5vX52ufKR1rd8tn4MoSP7zvCJwb",
            "Tr0ub4dor-and-3",
            "correct horse battery",
            "e95b599e-166e-7d80-08ad-aee76e7ddf19",
            "9b1dd0c5e2f74a6f",
            "Sw2cqdcc1IM",
            "GoodNewsEveryone",
            "secret-839201",
            "hunter2",
            "4711-0815-4242",
            "",
        ] {
            assert!(!is_guessable(value, &["db", "postgres"]), "{value}");
        }
    }
}
