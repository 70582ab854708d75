//! The name that was probably meant.

/// The name of `names` most like `name`; `None` if none is like it.
pub fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    names
        .filter(|other| *other != name)
        .map(|other| (strsim::damerau_levenshtein(name, other), other))
        .filter(|(distance, other)| *distance <= 1 + other.len() / 4)
        .min()
        .map(|(_, other)| other)
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
    }
}
