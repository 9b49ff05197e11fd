//! Paths in a patch: quoted as `core.quotePath` asks by default.

/// Returns `path`, in double quotes with C escapes if Git would quote it.
pub(super) fn quoted(prefix: &str, path: &str) -> String {
    if path.bytes().all(is_plain) {
        return format!("{prefix}{path}");
    }
    let mut out = format!("\"{prefix}");
    for byte in path.bytes() {
        match byte {
            _ if is_plain(byte) => out.push(char::from(byte)),
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            0x07..=0x0d => {
                out.push('\\');
                out.push(char::from(b"abtnvfr"[usize::from(byte - 0x07)]));
            }
            _ => out.push_str(&format!("\\{byte:03o}")),
        }
    }
    out.push('"');
    out
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_as_git_does() {
        assert_eq!(quoted("a/", "x y/z.yaml"), "a/x y/z.yaml");
        assert_eq!(quoted("", "\u{e9}\t\"\\\u{1}"), r#""\303\251\t\"\\\001""#);
    }
}
