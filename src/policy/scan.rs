//! The words and brackets of a Rego text: enough to tell what it calls before it runs.

use std::ops::Range;

/// A piece of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    /// Names with dots between them, `input.services`.
    Path,
    /// The same directly before a `(`.
    Call,
    /// A text, with its quotes.
    Text,
    /// An opening bracket, with the number of `[` and `{` that are open with it.
    Open(u32),
}

/// The pieces of a text with their bytes, in order; without comments.
pub(super) fn pieces(text: &str) -> Vec<(Piece, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut depth = 0_u32;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        match byte {
            b'#' => at += text[at..].find('\n').unwrap_or(text.len() - at),
            b'"' | b'`' => {
                at += 1;
                while let Some(inner) = bytes.get(at) {
                    at += 1;
                    match inner {
                        b'\\' if *byte == b'"' => at += 1,
                        // A text in quotes ends with its line.
                        b'\n' if *byte == b'"' => break,
                        inner if inner == byte => break,
                        _ => {}
                    }
                }
                at = at.min(text.len());
                pieces.push((Piece::Text, start..at));
            }
            b'[' | b'{' => {
                at += 1;
                depth += 1;
                pieces.push((Piece::Open(depth), start..at));
            }
            b']' | b'}' => {
                at += 1;
                depth = depth.saturating_sub(1);
            }
            byte if byte.is_ascii_alphabetic() || *byte == b'_' => {
                while bytes.get(at).is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'))
                {
                    at += 1;
                }
                let end = text[..at].trim_end_matches('.').len();
                at = end;
                let is_call = bytes.get(at) == Some(&b'(');
                pieces.push((if is_call { Piece::Call } else { Piece::Path }, start..at));
            }
            byte if byte.is_ascii_digit() => {
                while bytes.get(at).is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'.') {
                    at += 1;
                }
            }
            _ => at += 1,
        }
    }
    pieces
}

/// How often the interpreter reads what is in brackets: it takes `[` and `{` for a comprehension first,
/// and reads anew where that is wrong, so each level doubles the work.
pub(super) fn work(pieces: &[(Piece, Range<usize>)]) -> u64 {
    let of_piece = |piece: &Piece| match piece {
        Piece::Open(depth) => 1_u64.checked_shl(*depth).unwrap_or(u64::MAX),
        _ => 0,
    };
    pieces.iter().fold(0, |sum: u64, (piece, _)| sum.saturating_add(of_piece(piece)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(Piece, &str)> {
        pieces(text).into_iter().map(|(piece, range)| (piece, &text[range])).collect()
    }

    #[test]
    fn calls_are_told_from_names_texts_and_comments() {
        assert_eq!(
            shown("a := lib.f(`x(`) # g(\nb[\"c(\\\"\"].D"),
            [
                (Piece::Path, "a"),
                (Piece::Call, "lib.f"),
                (Piece::Text, "`x(`"),
                (Piece::Path, "b"),
                (Piece::Open(1), "["),
                (Piece::Text, "\"c(\\\"\""),
                (Piece::Path, "D"),
            ]
        );
    }

    #[test]
    fn any_text_has_pieces() {
        for text in ["", "\"", "\"\\", "`é", "é(\"", "]]}", "1.a", "a.", "\"é\\é"] {
            assert!(pieces(text).iter().all(|(_, range)| text.get(range.clone()).is_some()), "{text}");
        }
    }

    #[test]
    fn each_level_of_brackets_doubles_the_work() {
        assert_eq!(work(&pieces("[{1}]")), 2 + 4);
        assert!(work(&pieces(&"[".repeat(200))) > 1 << 60);
    }
}
