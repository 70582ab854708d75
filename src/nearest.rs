//! The name that was probably meant.

/// The number of names that are looked through.
const MAX_NAMES: usize = 1000;

/// The number of bytes from which on a name is no slip of another.
const MAX_LENGTH: usize = 64;

/// The number of findings of one run of a rule for which it is worth a look.
pub const MAX_LOOKS: usize = 200;

/// The name of `names` most like `name`; `None` if none is like it. Names that differ in their numbers
/// alone, such as `data1` and `data2`, are no slips of each other.
pub fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    if name.len() > MAX_LENGTH {
        return None;
    }
    names
        .take(MAX_NAMES)
        .filter(|other| other.len() <= MAX_LENGTH && name.len().abs_diff(other.len()) <= 1 + other.len() / 4)
        .filter(|other| *other != name && !differ_in_numbers(name, other))
        .map(|other| (strsim::damerau_levenshtein(name, other), other))
        .filter(|(distance, other)| *distance <= 1 + other.len() / 4)
        .min()
        .map(|(_, other)| other)
}

fn differ_in_numbers(one: &str, other: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let letters = |text: &str| -> Vec<u8> { text.bytes().filter(|byte| !is_digit(byte)).collect() };
    [one, other].iter().all(|text| text.bytes().any(|byte| is_digit(&byte))) && letters(one) == letters(other)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        let names = ["database", "cache", "web"];
        assert_eq!(nearest("databse", names.into_iter()), Some("database"));
        assert_eq!(nearest("search", names.into_iter()), None);
        assert_eq!(nearest("web", names.into_iter()), None);
        assert_eq!(nearest("data1", ["data2"].into_iter()), None);
    }
}
