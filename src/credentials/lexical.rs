//! Secrets in any text, found line by line without a parser.

use std::ops::Range;

use super::{ValueKind, classify, credential_key, may_name_credential, merge, tokens, url_passwords};

/// The length of a value past which it is none: the rest of the line of a broken file.
const MAX_VALUE: usize = 64 * 1024;

/// The bytes of `text` that look like secrets, sorted and apart: literal values of credential names
/// in `KEY: value`, `KEY=value`, `ENV KEY value`, `--key value` and JSON, the defaults of credential
/// variables, passwords in URLs, providers' tokens and private keys. For any text: Compose files,
/// Dockerfiles, dotenv files, broken ones.
pub fn lexical_secrets(text: &str) -> Vec<Range<usize>> {
    let mut scan = Scan { text, found: Vec::new(), block: None, flag: false };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        scan.line(start, line.trim_end_matches(['\n', '\r']));
        start += line.len();
    }
    let mut found = scan.found;
    found.extend(
        url_passwords(text)
            .into_iter()
            .filter(|url| {
                !url.is_reference && classify(&text[url.password.clone()]) != ValueKind::Placeholder
            })
            .map(|url| url.password),
    );
    found.extend(tokens(text).into_iter().map(|token| token.range));
    merge(found)
}

/// The length of a default past which it is none.
const MAX_DEFAULT: usize = 1024;

struct Scan<'t> {
    text: &'t str,
    found: Vec<Range<usize>>,
    /// The indentation of a credential's key whose value is a block of the lines that follow.
    block: Option<usize>,
    /// Whether the line before is a list item that is a credential's flag, so that this one is its
    /// value.
    flag: bool,
}

impl Scan<'_> {
    fn line(&mut self, start: usize, line: &str) {
        let indentation = line.len() - line.trim_start().len();
        if let Some(outer) = self.block {
            if line.trim().is_empty() {
                return;
            }
            if indentation > outer {
                let value = line.trim();
                if classify(value) == ValueKind::Literal {
                    self.found.push(start + indentation..start + indentation + value.len());
                }
                return;
            }
            self.block = None;
        }
        if std::mem::take(&mut self.flag)
            && let Some(item) = line.trim_start().strip_prefix("- ")
            && !item.trim_start_matches([' ', '"', '\'']).starts_with('-')
        {
            self.whole(start + line.len() - item.len(), start + line.len());
        }
        if may_name_credential(line.as_bytes()) {
            self.assignments(start, line);
            self.instruction(start, line);
            self.defaults(start, line);
        }
    }

    /// Every `key: value`, `key=value` and `--key value` of a line.
    fn assignments(&mut self, start: usize, line: &str) {
        let bytes = line.as_bytes();
        let flow = line.find(['{', '[']);
        let mut at = 0;
        while at < bytes.len() {
            if !is_key_byte(bytes[at]) {
                at += 1;
                continue;
            }
            let key = at..at + bytes[at..].iter().take_while(|byte| is_key_byte(**byte)).count();
            at = key.end;
            let name = &line[key.clone()];
            let opening = key.start.checked_sub(1).map(|before| bytes[before]);
            let quote = match (opening, &bytes[key.end..]) {
                (Some(b'"' | b'\''), [quote, ..]) if Some(*quote) == opening => 1,
                // `\"key\": \"value\"` in a quoted text.
                (Some(b'"'), [b'\\', b'"', ..]) => 2,
                _ => 0,
            };
            let quoted = quote > 0;
            let after = key.end + quote;
            let sign = after + spaces(&bytes[after..]);
            let value = match bytes.get(sign) {
                Some(b':') if quoted || matches!(bytes.get(sign + 1), None | Some(b' ' | b'\t')) => {
                    Some((sign + 1, Assignment::Mapping))
                }
                Some(b'=') if !matches!(bytes.get(sign + 1), Some(b'=' | b'~')) => {
                    Some((sign + 1, Assignment::Equals))
                }
                Some(b',') if quoted && name.starts_with("--") => Some((sign + 1, Assignment::Flag)),
                None if name.starts_with("--") => {
                    self.flag = credential_key(name);
                    None
                }
                Some(_) if name.starts_with("--") && sign > after && !quoted => {
                    Some((sign, Assignment::Flag))
                }
                _ => None,
            };
            if let Some((from, assignment)) = value
                && credential_key(name)
            {
                at = self.value(start, line, flow, &key, from, assignment).max(at);
            }
        }
    }

    /// Judges the value that starts at `from` in the line, in which the first brace or bracket is at
    /// `flow`; the offset past the value.
    fn value(
        &mut self,
        start: usize,
        line: &str,
        flow: Option<usize>,
        key: &Range<usize>,
        from: usize,
        assignment: Assignment,
    ) -> usize {
        let bytes = line.as_bytes();
        let mut from = from + spaces(&bytes[from..]);
        let before = line[..key.start].trim_start_matches([' ', '\t', '#', '-', '"', '\'']);
        let is_statement = before.is_empty() || before.trim_end() == "export";
        let is_comment = line.trim_start().starts_with('#');
        if assignment == Assignment::Mapping {
            // A tag and an anchor stand before the value.
            while matches!(bytes.get(from), Some(b'&' | b'!')) {
                from += bytes[from..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
                from += spaces(&bytes[from..]);
            }
            match bytes.get(from) {
                Some(b'|' | b'>') if is_block_header(&line[from..]) => {
                    let list = line.len() - line.trim_start_matches([' ', '-']).len();
                    self.block = Some(list.min(key.start));
                    return line.len();
                }
                Some(b'{' | b'[' | b'*') => return from,
                _ => {}
            }
        }
        let rest = &line[from..];
        let end = match bytes.get(from) {
            None => return from,
            Some(quote @ (b'"' | b'\'')) => {
                let end = from + 1 + closing(&bytes[from + 1..], *quote);
                self.literal(start + from + 1, start + end);
                return end + 1;
            }
            // `\"KEY\": \"value\"` in a quoted text.
            Some(b'\\') if bytes.get(from + 1) == Some(&b'"') => {
                let end = rest[2..].find('\\').map_or(line.len(), |at| from + 2 + at);
                self.literal(start + from + 2, start + end);
                return end;
            }
            Some(b'-') if assignment == Assignment::Flag => return from,
            Some(_) if assignment == Assignment::Mapping && flow.is_some_and(|flow| flow < key.start) => {
                from + until(rest, |letter| matches!(letter, b',' | b'}' | b']'))
            }
            Some(_)
                if assignment == Assignment::Flag || !is_statement && assignment == Assignment::Equals =>
            {
                from + word(rest)
            }
            Some(_) => {
                let quote = line[..key.start].chars().next_back().filter(|it| matches!(it, '"' | '\''));
                let end = match quote {
                    // `- "KEY=value"`
                    Some(quote) => closing(rest.as_bytes(), quote as u8),
                    None => comment(rest),
                };
                from + end
            }
        };
        let mut value = line[from..end].trim_end();
        if assignment == Assignment::Mapping && bytes.get(key.end) == Some(&b'"') {
            value = value.strip_suffix(',').unwrap_or(value);
        }
        // Prose after a word such as `password:` in a comment is none.
        if !(is_comment && value.contains(' ')) {
            self.literal(start + from, start + from + value.len());
        }
        end
    }

    /// `ENV KEY value` of a Dockerfile, without an equals sign.
    fn instruction(&mut self, start: usize, line: &str) {
        let trimmed = line.trim_start();
        let Some(rest) = trimmed.get(..4).filter(|it| it.eq_ignore_ascii_case("env ")).map(|_| &trimmed[4..])
        else {
            return;
        };
        let rest = rest.trim_start();
        let key = rest.bytes().take_while(|byte| is_key_byte(*byte)).count();
        if rest[key..].starts_with([' ', '\t']) && credential_key(&rest[..key]) {
            let value = rest[key..].trim_start();
            self.whole(start + line.len() - value.len(), start + line.len());
        }
    }

    /// The defaults in `${KEY:-default}`.
    fn defaults(&mut self, start: usize, line: &str) {
        let bytes = line.as_bytes();
        let mut open: Vec<usize> = Vec::new();
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'{' => open.push(at),
                b'}' => {
                    if let Some(brace) = open.pop() {
                        self.default(start, line, brace, at);
                    }
                }
                _ => {}
            }
        }
        // Cut off; a default has no blanks and no quotes.
        for brace in open {
            let is_value = |byte: &&u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`');
            let end = brace + bytes[brace..].iter().take(256).take_while(is_value).count();
            self.default(start, line, brace, end);
        }
    }

    /// Judges the default of the reference whose braces are at these offsets in the line.
    fn default(&mut self, start: usize, line: &str, brace: usize, end: usize) {
        let bytes = line.as_bytes();
        if brace == 0 || bytes[brace - 1] != b'$' || end - brace > MAX_DEFAULT {
            return;
        }
        let name =
            brace + 1..brace + 1 + bytes[brace + 1..].iter().take_while(|byte| is_name_byte(**byte)).count();
        let sign = match &bytes[name.end..] {
            [b':', b'-' | b'=', ..] => 2,
            [b'-' | b'=', ..] => 1,
            _ => return,
        };
        if credential_key(&line[name.clone()]) {
            self.literal(start + name.end + sign, start + end);
        }
    }

    /// A value to the end of its line, in quotes or not.
    fn whole(&mut self, start: usize, end: usize) {
        let value = self.text[start..end].trim();
        let offset = start + (end - start - self.text[start..end].trim_start().len());
        let quoted = value.len() >= 2
            && matches!(value.as_bytes()[0], b'"' | b'\'')
            && value.as_bytes()[value.len() - 1] == value.as_bytes()[0];
        let (from, to) =
            if quoted { (offset + 1, offset + value.len() - 1) } else { (offset, offset + comment(value)) };
        self.literal(from, to);
    }

    /// Takes the bytes for a secret if they are a literal.
    fn literal(&mut self, start: usize, end: usize) {
        if start >= end || end - start > MAX_VALUE {
            return;
        }
        let value = &self.text[start..end];
        if classify(value) == ValueKind::Literal {
            let trimmed = value.trim_end();
            self.found.push(start..start + trimmed.len());
        }
    }
}

/// How a key and its value are joined.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Assignment {
    /// `key: value`
    Mapping,
    /// `key=value`
    Equals,
    /// `--key value`, `"--key", "value"`
    Flag,
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_key_byte(byte: u8) -> bool {
    is_name_byte(byte) || byte == b'.' || byte == b'-'
}

fn spaces(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// The number of bytes before the quote that closes a quoted text.
fn closing(bytes: &[u8], quote: u8) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 1,
            byte if byte == quote => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The number of bytes before a comment, without the blanks before it.
fn comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_comment = |at: &usize| *at > 0 && matches!(bytes[at - 1], b' ' | b'\t');
    let end = text.match_indices('#').map(|(at, _)| at).find(is_comment).unwrap_or(text.len());
    text[..end].trim_end().len()
}

/// The number of bytes of the word that a text starts with, as a shell, a connection string and a
/// query of a URL end it.
fn word(text: &str) -> usize {
    until(text, |letter| letter.is_ascii_whitespace() || b";&|,\"'`)]}".contains(&letter))
}

/// The number of bytes before the first that stops, outside of `${…}`.
fn until(text: &str, stops: impl Fn(u8) -> bool) -> usize {
    let mut depth = 0usize;
    let mut previous = b' ';
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' if depth > 0 || previous == b'$' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            // A reference that does not close ends where a word does.
            byte if depth == 0 && stops(byte) || byte.is_ascii_whitespace() && stops(byte) => return at,
            _ => {}
        }
        previous = byte;
    }
    text.len()
}

/// Whether the text after a key is `|` or `>` with its indicators and nothing else.
fn is_block_header(text: &str) -> bool {
    let rest = text[1..].trim_start_matches(|letter: char| letter.is_ascii_digit() || "+-".contains(letter));
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        lexical_secrets(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn values_of_credentials_are_found_in_every_syntax() {
        for text in [
            "DB_PASSWORD: hunter2",
            "DB_PASSWORD: hunter2   # the one",
            "  DB_PASSWORD: \"hunter2\" # x",
            "DB_PASSWORD: 'hunter2'",
            "DB_PASSWORD=hunter2\r\n",
            "export DB_PASSWORD=hunter2",
            "  - DB_PASSWORD=hunter2",
            "  - \"DB_PASSWORD=hunter2\"",
            "  - 'DB_PASSWORD=hunter2'  # x",
            "- DB_PASSWORD: hunter2",
            "{\"DB_PASSWORD\": \"hunter2\", \"b\": 1}",
            "{\"DB_PASSWORD\":\"hunter2\"}",
            "environment: {DB_PASSWORD: hunter2, A: b}",
            "environment: [\"DB_PASSWORD=hunter2\", A=b]",
            "ENV DB_PASSWORD hunter2",
            "ENV DB_PASSWORD \"hunter2\"",
            "env A=b DB_PASSWORD=hunter2 C=d",
            "ARG DB_PASSWORD=hunter2",
            "# DB_PASSWORD=hunter2",
            "DB_PASSWORD: &pw hunter2",
            "DB_PASSWORD: !!str hunter2",
            "command: redis-server --requirepass hunter2 --port 1",
            "command: [\"redis-server\", \"--requirepass\", \"hunter2\"]",
            "command: app --db-password=hunter2 --x",
            "command:\n  - --requirepass\n  - hunter2\n",
            "command:\n  - \"--requirepass\"\n  - \"hunter2\"\n",
            "conn: Server=db;User=sa;Password=hunter2;Timeout=3",
            "url: jdbc:x?user=a&password=hunter2&b=c",
            "x: ${DB_PASSWORD:-hunter2}",
            "x: ${DB_PASSWORD-hunter2} y",
            "x: \"${DB_PASSWORD:-hunter2\"",
            "x: postgres://u:hunter2@db",
            "password = \"hunter2\"",
            "DB_PASSWORD: |\n  hunter2\nA: b\n",
            "- DB_PASSWORD: >-\n    hunter2\n",
            "label: \"{\\\"password\\\": \\\"hunter2\\\"}\"",
        ] {
            assert_eq!(secrets(text), ["hunter2"], "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_is_left_alone() {
        for text in [
            "DB_PASSWORD:",
            "DB_PASSWORD=",
            "DB_PASSWORD: ${DB_PASSWORD}",
            "DB_PASSWORD: ${DB_PASSWORD:?is not set}",
            "DB_PASSWORD: changeme",
            "DB_PASSWORD_FILE: /run/secrets/db",
            "  - db_password:/run/secrets/db_password:ro",
            "secrets:\n  db_password:\n    file: ./db\n",
            "secrets: [db_password, api_key]",
            "secrets:\n  - db_password\n",
            "RUN --mount=type=secret,id=npm_token cat /run/secrets/npm_token",
            "image: registry/secret:1.2",
            "# the password: ask the one who knows",
            "PASSWORD: *shared",
            "password: {file: ./x}",
            "command: redis-server --requirepass ${P} --port 1",
            "environment: {DB_PASSWORD: ${P:-}, A: b}",
            "  \"password\": null,",
            "MAX_TOKENS=4096",
            "command: app --token",
            "if [ \"$PASSWORD\" == \"\" ]",
            "x: postgres://u:${P}@db",
        ] {
            assert_eq!(secrets(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn overlapping_findings_are_one() {
        assert_eq!(
            secrets("DB_PASSWORD: postgres://u:hunter2@db\nTOKEN: a,b c\n"),
            ["postgres://u:hunter2@db", "a,b c"]
        );
    }

    #[test]
    fn large_texts_are_searched_in_bounds() {
        let inputs = [
            "  db:\n    image: postgres:17\n    - DB_PASSWORD=hunter2 # x\n".repeat(90_000),
            "password=".repeat(60_000),
            "${DB_PASSWORD:-".repeat(35_000),
            "${PASSWORD:-".repeat(40_000) + &"}".repeat(40_000),
            "a://${".repeat(80_000),
            "PASSWORD: \"".repeat(45_000),
            "PASSWORD: |".repeat(45_000),
            "password=a\t#".repeat(45_000),
            concat!("-----BEGIN PRIVATE", " KEY-----").repeat(20_000),
            "password ".repeat(60_000),
            "--token ${".repeat(50_000),
            "a".repeat(500_000),
            "eyJ.".repeat(120_000),
            "SG.".repeat(120_000),
        ];
        for input in inputs {
            // A search that is not linear would take minutes here.
            for found in lexical_secrets(&input) {
                assert!(input.get(found.clone()).is_some_and(|it| !it.is_empty()), "{}", &input[..20]);
            }
        }
    }
}
