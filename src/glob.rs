//! The one pattern that our data files use: `*` is any run of characters.

/// Returns whether the whole of `name` fits `pattern`; time is at most the product of both lengths.
pub fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut left) = name.strip_prefix(head) else {
        return false;
    };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        // The first place is as good as any: what follows may begin with `*`.
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_run() {
        for (pattern, name, fits) in [
            ("a.b", "a.b", true),
            ("a.b", "a.bc", false),
            ("a*_*b", "a1_2b", true),
            ("a*_*b", "a12b", false),
            ("*", "", true),
            ("*-lib", "x-lib", true),
            ("*-lib", "x-lib-y", false),
            ("python-*client", "python-novaclient", true),
            ("aa*aa", "aaa", false),
            ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }
}
