//! Commands as people type them: every command that is printed goes through here.

/// Returns the words as one command line of a POSIX shell.
pub fn line<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> String {
    let words: Vec<String> = words.into_iter().map(|w| quoted(w.as_ref())).collect();
    words.join(" ")
}

/// Returns `word` so that a POSIX shell takes it as one word, unchanged.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@%_+=:,./-".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_survive_the_shell() {
        for (word, typed) in [
            ("a b", "'a b'"),
            ("it's", "'it'\\''s'"),
            ("$x", "'$x'"),
            ("", "''"),
            ("refs/for/master%topic=x", "refs/for/master%topic=x"),
        ] {
            assert_eq!(quoted(word), typed);
        }
        assert_eq!(line(["git", "-C", "a b"]), "git -C 'a b'");
    }
}
