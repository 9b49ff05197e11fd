//! A repository's own words in a message.

/// Returns the text, or its beginning where it is longer than anybody reads.
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}...", &text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn what_is_long_is_cut_between_characters() {
        assert_eq!(excerpt("\u{e9}"), "\u{e9}");
        let long = "\u{e9}".repeat(201);
        assert_eq!(excerpt(&long), format!("{}...", "\u{e9}".repeat(200)));
    }
}
