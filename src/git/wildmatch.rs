//! Patterns as git matches paths with them: `*` and `?` within a part, `**` across parts, `[a-z]`.

/// Whether letters of another case match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Sensitive,
    Ignored,
}

/// Returns whether all of `text` fits `pattern`; `None` where the pattern has a class such as
/// `[[:alpha:]]`, which is not known here.
pub(super) fn matches(pattern: &[u8], text: &[u8], case: Case) -> Option<bool> {
    if pattern.windows(2).any(|two| two == b"[:") {
        return None;
    }
    let fold = |bytes: &[u8]| match case {
        Case::Sensitive => bytes.to_vec(),
        Case::Ignored => bytes.to_ascii_lowercase(),
    };
    Some(Matcher::of(&fold(pattern)).is_some_and(|m| m.fits(&fold(text))))
}

/// One step of a pattern.
#[derive(Debug)]
enum Step {
    Byte(u8),
    /// `?`: anything but a slash.
    Any,
    /// `[..]`: ranges, and whether they are what may not be there.
    Set(Vec<(u8, u8)>, bool),
    /// `*`: any number of bytes but slashes.
    Star,
    /// `**/`: nothing, or any number of whole parts.
    Parts,
    /// `**` at the end: everything.
    Rest,
}

struct Matcher(Vec<Step>);

impl Matcher {
    /// Returns `None` for a pattern that fits nothing.
    fn of(pattern: &[u8]) -> Option<Matcher> {
        let mut steps = Vec::new();
        let mut at = 0;
        while let Some(&byte) = pattern.get(at) {
            let (step, length) = match byte {
                b'*' => stars(pattern, at),
                b'?' => (Step::Any, 1),
                b'[' => set(&pattern[at..])?,
                b'\\' => (Step::Byte(*pattern.get(at + 1)?), 2),
                byte => (Step::Byte(byte), 1),
            };
            steps.push(step);
            at += length;
        }
        Some(Matcher(steps))
    }

    /// Walks all steps side by side, so that no pattern takes more than `steps * text`.
    fn fits(&self, text: &[u8]) -> bool {
        let mut states = vec![false; self.0.len() + 1];
        states[0] = true;
        self.skip(&mut states, true);
        for &byte in text {
            let mut next = vec![false; states.len()];
            for (state, step) in self.0.iter().enumerate().filter(|(i, _)| states[*i]) {
                match step {
                    Step::Byte(wanted) => next[state + 1] |= byte == *wanted,
                    Step::Any => next[state + 1] |= byte != b'/',
                    Step::Set(ranges, negated) => {
                        let found = ranges
                            .iter()
                            .any(|(from, to)| (*from..=*to).contains(&byte));
                        next[state + 1] |= found != *negated && byte != b'/';
                    }
                    Step::Star => next[state] |= byte != b'/',
                    Step::Parts | Step::Rest => next[state] = true,
                }
            }
            self.skip(&mut next, byte == b'/');
            states = next;
        }
        states[self.0.len()]
    }

    /// Lets steps that may match nothing be passed; `**/` only where a part begins.
    fn skip(&self, states: &mut [bool], part_begins: bool) {
        for (state, step) in self.0.iter().enumerate() {
            let passes = match step {
                Step::Star | Step::Rest => true,
                Step::Parts => part_begins,
                _ => false,
            };
            states[state + 1] |= passes && states[state];
        }
    }
}

/// Returns the step of the stars at `at`: two are special where they are a whole part.
fn stars(pattern: &[u8], at: usize) -> (Step, usize) {
    let length = pattern[at..].iter().take_while(|b| **b == b'*').count();
    let starts = at == 0 || pattern[at - 1] == b'/';
    match pattern.get(at + length) {
        _ if length < 2 || !starts => (Step::Star, length),
        None => (Step::Rest, length),
        Some(b'/') => (Step::Parts, length + 1),
        Some(_) => (Step::Star, length),
    }
}

/// Returns the set that `pattern` begins with, and its length.
fn set(pattern: &[u8]) -> Option<(Step, usize)> {
    let negated = matches!(pattern.get(1), Some(b'!' | b'^'));
    let first = 1 + usize::from(negated);
    let mut at = first;
    let mut ranges = Vec::new();
    loop {
        let byte = *pattern.get(at)?;
        if byte == b']' && at > first {
            return Some((Step::Set(ranges, negated), at + 1));
        }
        let (low, mut end) = member(pattern, at)?;
        let mut high = low;
        let is_range = pattern.get(end) == Some(&b'-');
        if is_range && pattern.get(end + 1).is_some_and(|b| *b != b']') {
            (high, end) = member(pattern, end + 1)?;
        }
        ranges.push((low, high));
        at = end;
    }
}

/// Returns the byte at `at`, which may stand behind a backslash, and where the next one is.
fn member(pattern: &[u8], at: usize) -> Option<(u8, usize)> {
    match pattern.get(at)? {
        b'\\' => Some((*pattern.get(at + 1)?, at + 2)),
        byte => Some((*byte, at + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_gits_own_table_has_it() {
        let table = [
            ("foo", "foo", true),
            ("", "", true),
            ("???", "foo", true),
            ("??", "foo", false),
            ("*", "foo", true),
            ("*", "foo/bar", false),
            ("**", "foo/bar", true),
            ("f*", "foo", true),
            ("*f", "foo", false),
            ("foo/**/bar", "foo/bar", true),
            ("foo/**/bar", "foo/a/b/bar", true),
            ("foo**bar", "foo/baz/bar", false),
            ("foo**/bar", "foo/baz/bar", false),
            ("**/bar", "bar", true),
            ("**/bar", "foo/bar", true),
            ("**/bar/**", "foo/bar", false),
            ("**/bar/**", "foo/bar/x/y", true),
            ("**/bar/*", "deep/foo/bar/baz/x", false),
            ("[ab]c", "bc", true),
            ("[!ab]c", "bc", false),
            ("[^ab]c", "dc", true),
            ("[a-c]x", "bx", true),
            ("[]-]x", "]x", true),
            ("[]x", "]x", false),
            ("a[/]b", "a/b", false),
            ("\\*", "*", true),
            ("\\", "\\", false),
            (
                "https://*.org/**",
                "https://opendev.org/openstack/nova",
                true,
            ),
        ];
        for (pattern, text, wanted) in table {
            let found = matches(pattern.as_bytes(), text.as_bytes(), Case::Sensitive);
            assert_eq!(found, Some(wanted), "{pattern} {text}");
        }
        assert_eq!(matches(b"/A/**", b"/a/B", Case::Ignored), Some(true));
        assert_eq!(matches(b"[[:alpha:]]", b"a", Case::Sensitive), None);
    }
}
