//! Reads INI text as Python's `configparser` does, and keeps the place of every value.
//!
//! `.gitreview` and `setup.cfg` are read upstream by `configparser.ConfigParser()` with its
//! defaults, so its rules are the ones that count: `=` or `:` ends a key, whichever comes
//! first; keys are case-insensitive, section names are not; `#` and `;` begin a comment only
//! at the start of a line; a deeper indented line continues a value; a section or a key that
//! comes twice is an error; `[DEFAULT]` holds for every section.

use std::collections::HashSet;

/// Reads `text`; the error is the first one in the text.
pub fn parse(text: &str) -> Result<Ini, IniError> {
    let mut reader = Reader::default();
    for (index, line) in lines(text).into_iter().enumerate() {
        reader.line(index + 1, line)?;
    }
    Ok(Ini {
        sections: reader.sections,
    })
}

/// An INI text, in its own order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ini {
    sections: Vec<Section>,
}

/// One section: `[name]` and what is below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The name between the brackets, as it is written.
    pub name: String,
    /// The line of the header, counted from 1.
    pub line: usize,
    /// The entries in the order of the text; keys are in lower case.
    pub entries: Vec<(String, Entry)>,
}

/// The value of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The whole value; the lines of a longer one are stripped and joined by a line feed.
    pub value: String,
    /// The line of the key, counted from 1.
    pub line: usize,
    /// Every line of the value that is not blank, with its number.
    pub parts: Vec<(usize, String)>,
}

/// INI text that `configparser` does not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct IniError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A key stands before the first `[section]`.
    #[error("no `[section]` before this line")]
    NoSection,
    /// The line is neither a header, nor a key, nor part of a value.
    #[error("neither `[section]` nor `key = value`")]
    NotAnOption,
    /// The section was there before.
    #[error("section `{0}` comes a second time")]
    DuplicateSection(String),
    /// The key was there before in the same section.
    #[error("key `{0}` comes a second time")]
    DuplicateKey(String),
    /// A `%` that `configparser` does not understand.
    #[error("`%` must be followed by `%` or by `(name)s`")]
    Percent,
    /// `%(name)s` where there is no such key.
    #[error("`%({0})s` names no key of the section")]
    Unknown(String),
    /// `%(a)s` that leads back to itself, or too far.
    #[error("`%(..)s` refers to itself or goes too deep")]
    TooDeep,
}

impl Ini {
    /// Returns the entry of `key` in `section`, else the one in `[DEFAULT]` if the section is
    /// there. The value is as it is written, `%` included.
    pub fn get(&self, section: &str, key: &str) -> Option<&Entry> {
        let key = key.to_lowercase();
        let own = self.section(section)?;
        own.entry(&key)
            .or_else(|| self.section(DEFAULT)?.entry(&key))
    }

    /// Returns the value that `configparser.get` gives: with `%%` and `%(name)s` replaced.
    pub fn interpolated(&self, section: &str, key: &str) -> Result<Option<String>, IniError> {
        match self.get(section, key) {
            Some(entry) => self.expand(section, entry, &entry.value, 1).map(Some),
            None => Ok(None),
        }
    }

    /// Returns the sections in the order of the text.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter()
    }

    /// Returns the section called `name`.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    fn expand(
        &self,
        section: &str,
        entry: &Entry,
        value: &str,
        depth: usize,
    ) -> Result<String, IniError> {
        let error = |problem| IniError {
            line: entry.line,
            problem,
        };
        if depth > MAX_DEPTH {
            return Err(error(Problem::TooDeep));
        }
        let mut out = String::new();
        let mut rest = value;
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                out.push('%');
                rest = after;
                continue;
            }
            let (name, after) = reference(rest).ok_or_else(|| error(Problem::Percent))?;
            let other = self
                .get(section, name)
                .ok_or_else(|| error(Problem::Unknown(name.to_owned())))?;
            out.push_str(&self.expand(section, other, &other.value, depth + 1)?);
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

impl Section {
    /// Returns the entry of `key` (in lower case) of this section alone.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let mut entries = self.entries.iter();
        entries.find(|(k, _)| k == key).map(|(_, entry)| entry)
    }
}

const DEFAULT: &str = "DEFAULT";

/// `configparser.MAX_INTERPOLATION_DEPTH`.
const MAX_DEPTH: usize = 10;

/// Splits `(name)s..` into the name and what follows.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('(')?.split_once(')')?;
    let after = after.strip_prefix('s')?;
    (!name.is_empty()).then_some((name, after))
}

/// Splits at every line end that Python's text mode knows.
fn lines(text: &str) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\r', '\n']) {
        out.push(&rest[..at]);
        let end = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        rest = &rest[at + end..];
    }
    if !rest.is_empty() {
        out.push(rest);
    }
    out
}

/// What Python's `str.strip` takes away: Unicode white space and the four separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

#[derive(Default)]
struct Reader {
    sections: Vec<Section>,
    /// Section and key of what was read, to find the second one.
    seen: HashSet<(usize, String)>,
    /// The section that the next key belongs to.
    section: Option<usize>,
    /// Whether the last thing in the section was a key, so that a value can go on.
    in_value: bool,
    /// The indentation of the last header or key.
    indent: usize,
    /// Line feeds of blank lines, which count only if the value goes on.
    blank: usize,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), IniError> {
        let text = line.trim_matches(is_space);
        if text.starts_with(['#', ';']) {
            return Ok(());
        }
        if text.is_empty() {
            self.blank += 1;
            return Ok(());
        }
        let indent = line.chars().take_while(|&c| is_space(c)).count();
        if self.in_value && indent > self.indent {
            self.go_on(number, text);
            return Ok(());
        }
        self.indent = indent;
        self.blank = 0;
        let done = match (header(text), self.section) {
            (Some(name), _) => self.start_section(number, name),
            (None, None) => Err(Problem::NoSection),
            (None, Some(section)) => self.start_value(number, section, text),
        };
        done.map_err(|problem| IniError {
            line: number,
            problem,
        })
    }

    fn start_section(&mut self, line: usize, name: &str) -> Result<(), Problem> {
        self.in_value = false;
        let known = self.sections.iter().position(|s| s.name == name);
        if known.is_some() && name != DEFAULT {
            return Err(Problem::DuplicateSection(name.to_owned()));
        }
        self.section = known.or(Some(self.sections.len()));
        if known.is_none() {
            self.sections.push(Section {
                name: name.to_owned(),
                line,
                entries: Vec::new(),
            });
        }
        Ok(())
    }

    fn start_value(&mut self, line: usize, section: usize, text: &str) -> Result<(), Problem> {
        let at = text.find(['=', ':']).ok_or(Problem::NotAnOption)?;
        let key = text[..at].trim_end_matches(is_space).to_lowercase();
        if key.is_empty() {
            return Err(Problem::NotAnOption);
        }
        if !self.seen.insert((section, key.clone())) {
            return Err(Problem::DuplicateKey(key));
        }
        let value = text[at + 1..].trim_matches(is_space).to_owned();
        let parts = Vec::from_iter((!value.is_empty()).then(|| (line, value.clone())));
        let entry = Entry { value, line, parts };
        self.sections[section].entries.push((key, entry));
        self.in_value = true;
        Ok(())
    }

    fn go_on(&mut self, line: usize, text: &str) {
        let blank = std::mem::take(&mut self.blank);
        let entry = self
            .section
            .and_then(|section| self.sections[section].entries.last_mut());
        if let Some((_, entry)) = entry {
            entry.value.extend(std::iter::repeat_n('\n', blank + 1));
            entry.value.push_str(text);
            entry.parts.push((line, text.to_owned()));
        }
    }
}

/// Returns the name in `[name]`: up to the last bracket, and whatever follows is ignored.
fn header(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let end = inner.rfind(']')?;
    (end > 0).then(|| &inner[..end])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn value<'a>(ini: &'a Ini, section: &str, key: &str) -> Option<&'a str> {
        ini.get(section, key).map(|entry| entry.value.as_str())
    }

    #[test]
    fn keys_end_at_the_first_delimiter_and_forget_their_case() {
        let ini = parse("[a]\nHost : x=y\nport=1:2\n[b]\nhost = z ; no comment\n").unwrap();
        assert_eq!(value(&ini, "a", "HOST"), Some("x=y"));
        assert_eq!(value(&ini, "a", "port"), Some("1:2"));
        assert_eq!(value(&ini, "b", "host"), Some("z ; no comment"));
        assert_eq!(value(&ini, "A", "host"), None);
    }

    #[test]
    fn a_deeper_line_continues_and_comments_do_not_count() {
        let text = "[e]\nx =\n  one = 1\n# gone\n  ; gone\n\n\ttwo\n\n\ny = 2\n";
        let ini = parse(text).unwrap();
        let entry = ini.get("e", "x").unwrap();
        assert_eq!(entry.value, "\none = 1\n\ntwo");
        assert_eq!(
            entry.parts,
            [(3, "one = 1".to_owned()), (7, "two".to_owned())]
        );
        assert_eq!((entry.line, ini.get("e", "y").unwrap().line), (2, 10));
    }

    #[test]
    fn the_default_section_holds_for_the_others() {
        let ini = parse("[DEFAULT]\nremote = g\n[DEFAULT]\nx = 1\n[gerrit]\nhost=h").unwrap();
        assert_eq!(value(&ini, "gerrit", "remote"), Some("g"));
        assert_eq!(value(&ini, "other", "remote"), None);
    }

    #[test]
    fn errors_name_the_line() {
        let cases = [
            ("x = 1\n", 1, Problem::NoSection),
            ("[a]\nx = 1\nrubbish\n", 3, Problem::NotAnOption),
            ("[a]\r\n= 1\r\n", 2, Problem::NotAnOption),
            ("[a]\n[]\n", 2, Problem::NotAnOption),
            (
                "[a]\nx=1\n\nX=2\n",
                4,
                Problem::DuplicateKey("x".to_owned()),
            ),
            ("[a]\n[a]\n", 2, Problem::DuplicateSection("a".to_owned())),
            ("\u{feff}[a]\n", 1, Problem::NoSection),
        ];
        for (text, line, problem) in cases {
            assert_eq!(parse(text), Err(IniError { line, problem }), "{text:?}");
        }
    }

    #[test]
    fn interpolation_is_that_of_configparser() {
        let text = "[g]\nhost = h\nproject = %(HOST)s/100%%\nbad = 5%\nloop = %(loop)s\nno = %(x)s";
        let ini = parse(text).unwrap();
        assert_eq!(
            ini.interpolated("g", "project"),
            Ok(Some("h/100%".to_owned()))
        );
        assert_eq!(ini.interpolated("g", "none"), Ok(None));
        let problem = |key| ini.interpolated("g", key).unwrap_err().problem;
        assert_eq!(problem("bad"), Problem::Percent);
        assert_eq!(problem("loop"), Problem::TooDeep);
        assert_eq!(problem("no"), Problem::Unknown("x".to_owned()));
    }
}
