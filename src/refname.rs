//! What git takes in the name of a reference.

/// Returns whether `text` may be part of a reference's name (`git check-ref-format`), wherever
/// in it that part is.
pub fn fits(text: &str) -> bool {
    let odd = |c: char| c <= ' ' || c == '\x7f' || "~^:?*[\\".contains(c);
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    let banned = text.contains(odd) || text.contains("..") || text.contains("@{");
    !banned && !text.ends_with('.') && text.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_check_ref_format_has_it() {
        for bad in [
            "", "a b", "a\tb", "a..b", "a:b", "~a", "a.lock", "a.lock/b", "a/", "/a", ".a", "a/.b",
            "a.", "a@{b", "a*", "a\\b", "a\x7f",
        ] {
            assert!(!fits(bad), "{bad:?}");
        }
        for good in ["a", "stable/2026.1", "-a", "a-b_c.d", "a@b", "\u{e9}"] {
            assert!(fits(good), "{good:?}");
        }
    }
}
