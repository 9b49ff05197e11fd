//! The syntax of git's configuration files (git-config(1), "Syntax").

use std::path::{Path, PathBuf};

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// `section.subsection.variable`, section and variable in lower case.
    pub(super) key: Vec<u8>,
    /// `None` where the variable stands alone, which is true for a boolean.
    pub(super) value: Option<Vec<u8>>,
    pub(super) origin: Origin,
}

/// Where a setting is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    File(PathBuf),
    /// `git -c` and its variables.
    Command,
}

/// Returns `section.subsection.variable` with section and variable in lower case, as git compares
/// them; `None` where git takes it for no key.
pub(super) fn canonical(key: &[u8]) -> Option<Vec<u8>> {
    let first = key.iter().position(|b| *b == b'.')?;
    let last = key.iter().rposition(|b| *b == b'.')?;
    let (section, middle, variable) = (&key[..first], &key[first..=last], &key[last + 1..]);
    let fits = !(section.is_empty() && first == last)
        && section.iter().all(|b| is_key(*b))
        && variable.first().is_some_and(u8::is_ascii_alphabetic)
        && variable.iter().all(|b| is_key(*b))
        && !middle.contains(&b'\n');
    fits.then(|| {
        let parts = [section.to_ascii_lowercase(), middle.to_vec()];
        [parts.concat(), variable.to_ascii_lowercase()].concat()
    })
}

/// Returns the settings of the file `path` in their order, or the number of the line that git does
/// not take.
pub(super) fn parse(bytes: &[u8], path: &Path) -> Result<Vec<Entry>, usize> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = Reader { bytes, line: 1 };
    let mut found = Vec::new();
    let mut section = Vec::new();
    while let Some(byte) = reader.next() {
        let line = reader.line;
        let read = match byte {
            b'\n' => continue,
            byte if is_space(byte) => continue,
            b'#' | b';' => {
                reader.comment();
                continue;
            }
            b'[' => reader.section().map(|name| section = name),
            byte if byte.is_ascii_alphabetic() => reader.variable(byte).map(|(name, value)| {
                let key = match section.is_empty() {
                    true => name,
                    false => [&section, b".".as_slice(), &name].concat(),
                };
                found.push(Entry {
                    key,
                    value,
                    origin: Origin::File(path.to_owned()),
                });
            }),
            _ => None,
        };
        read.ok_or(line)?;
    }
    Ok(found)
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// The line of the byte that comes next.
    line: usize,
}

impl Reader<'_> {
    /// Returns the next byte; a carriage return before a line feed does not count.
    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = match self.bytes {
            [b'\r', b'\n', rest @ ..] => (b'\n', rest),
            [byte, rest @ ..] => (*byte, rest),
            [] => return None,
        };
        self.bytes = rest;
        self.line += usize::from(byte == b'\n');
        Some(byte)
    }

    /// Returns the next byte; the end of the file ends a line.
    fn next_or_end(&mut self) -> u8 {
        self.next().unwrap_or(b'\n')
    }

    fn comment(&mut self) {
        while self.next_or_end() != b'\n' {}
    }

    /// Reads `section]`, `section.sub]` or `section "sub"]`, behind the opening bracket.
    fn section(&mut self) -> Option<Vec<u8>> {
        let mut name = Vec::new();
        loop {
            match self.next()? {
                b']' => return (!name.is_empty()).then_some(name),
                byte if is_space(byte) => return self.subsection(name, byte),
                byte if is_key(byte) || byte == b'.' => name.push(byte.to_ascii_lowercase()),
                _ => return None,
            }
        }
    }

    fn subsection(&mut self, mut name: Vec<u8>, first: u8) -> Option<Vec<u8>> {
        let mut byte = first;
        while is_space(byte) {
            if byte == b'\n' {
                return None;
            }
            byte = self.next()?;
        }
        if byte != b'"' {
            return None;
        }
        name.push(b'.');
        loop {
            match self.next()? {
                b'\n' => return None,
                b'"' => break,
                b'\\' => match self.next()? {
                    b'\n' => return None,
                    byte => name.push(byte),
                },
                byte => name.push(byte),
            }
        }
        (self.next()? == b']').then_some(name)
    }

    /// Reads a variable whose first letter is `first`, to the end of its line.
    fn variable(&mut self, first: u8) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
        let mut name = vec![first.to_ascii_lowercase()];
        let mut byte = self.next_or_end();
        while is_key(byte) {
            name.push(byte.to_ascii_lowercase());
            byte = self.next_or_end();
        }
        while byte == b' ' || byte == b'\t' {
            byte = self.next_or_end();
        }
        match byte {
            b'\n' => Some((name, None)),
            b'=' => Some((name, Some(self.value()?))),
            _ => None,
        }
    }

    /// Reads a value. Blanks within it stay as they are, as in git 2.45 and later; earlier ones make
    /// a space of each.
    fn value(&mut self) -> Option<Vec<u8>> {
        let mut value = Vec::new();
        // Where the blanks begin that go if nothing follows them.
        let mut end = None;
        let mut in_quotes = false;
        loop {
            match self.next_or_end() {
                b'\n' if in_quotes => return None,
                b'\n' => break,
                byte if is_space(byte) && !in_quotes => {
                    end = end.or(Some(value.len()));
                    if !value.is_empty() {
                        value.push(byte);
                    }
                    continue;
                }
                b'#' | b';' if !in_quotes => {
                    self.comment();
                    break;
                }
                b'\\' => match self.next_or_end() {
                    b'\n' => {}
                    b't' => value.push(b'\t'),
                    b'b' => value.push(8),
                    b'n' => value.push(b'\n'),
                    byte @ (b'\\' | b'"') => value.push(byte),
                    _ => return None,
                },
                b'"' => in_quotes = !in_quotes,
                byte => value.push(byte),
            }
            end = None;
        }
        value.truncate(end.unwrap_or(value.len()));
        Some(value)
    }
}
