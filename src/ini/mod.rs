//! Reads INI text as Python's `configparser` does, and keeps the place of every value.
//!
//! `.gitreview` and `setup.cfg` are read upstream by `configparser.ConfigParser()` with its
//! defaults, so its rules are the ones that count: `=` or `:` ends a key, whichever comes
//! first; keys are case-insensitive, section names are not; `#` and `;` begin a comment only
//! at the start of a line; a deeper indented line continues a value; a section or a key that
//! comes twice is an error; `[DEFAULT]` holds for every section.
//!
//! Whoever wrote the file may be hostile: time and memory grow with its length and no faster.

mod interpolate;
mod reader;

use std::collections::HashMap;

pub use reader::parse;

/// An INI text, in its own order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ini {
    sections: Vec<Section>,
    by_name: HashMap<String, usize>,
}

/// One section: `[name]` and what is below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// As it is written between the brackets.
    pub name: String,
    /// The line of the header, counted from 1.
    pub line: usize,
    values: Vec<(String, Value)>,
    by_key: HashMap<String, usize>,
}

/// The value of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The lines of a longer one are stripped and joined by a line feed.
    pub text: String,
    /// The line of the key, counted from 1.
    pub line: usize,
    /// Every line of the value that is not blank, with its number.
    pub parts: Vec<(usize, String)>,
}

/// INI text that `configparser` does not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct IniError {
    /// Counted from 1.
    pub line: usize,
    pub problem: Problem,
}

/// What is wrong with a line. Names are shortened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("no `[section]` before this line")]
    NoSection,
    #[error("neither `[section]` nor `key = value`")]
    NotAnOption,
    #[error("the section `{0}` exists already")]
    DuplicateSection(String),
    /// In the same section.
    #[error("the key `{0}` exists already in this section")]
    DuplicateKey(String),
    #[error("`%` must be followed by `%` or by `(name)s`")]
    Percent,
    #[error("`%({0})s` names no key of the section")]
    Unknown(String),
    #[error("`%(..)s` refers to itself or goes too deep")]
    TooDeep,
    /// `configparser` itself would take all the memory it gets.
    #[error("`%(..)s` makes the value too long")]
    TooLong,
}

impl Ini {
    /// Returns the value of `key` in `section`, else the one in `[DEFAULT]` if the section
    /// exists; as it is written, `%` included.
    pub fn get(&self, section: &str, key: &str) -> Option<&Value> {
        let key = key.to_lowercase();
        let own = self.section(section)?;
        own.get(&key).or_else(|| self.section(DEFAULT)?.get(&key))
    }

    /// Returns the value that `configparser.get` gives: with `%%` and `%(name)s` replaced.
    pub fn interpolated(&self, section: &str, key: &str) -> Result<Option<String>, IniError> {
        let value = self.get(section, key);
        let text = value.map(|value| interpolate::interpolate(self, section, value));
        text.transpose()
    }

    /// Returns the sections in the order of the text.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter()
    }

    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.get(*self.by_name.get(name)?)
    }
}

impl Section {
    /// Returns the value of `key` (in lower case) of this section alone.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let (_, value) = self.values.get(*self.by_key.get(key)?)?;
        Some(value)
    }

    /// Returns keys, in lower case, and values in the order of the text.
    pub fn values(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }
}

const DEFAULT: &str = "DEFAULT";

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn value<'a>(ini: &'a Ini, section: &str, key: &str) -> Option<&'a str> {
        ini.get(section, key).map(|value| value.text.as_str())
    }

    #[test]
    fn keys_end_at_the_first_delimiter_and_forget_their_case() {
        let ini = parse("[a]\nHost : x=y\nport=1:2\n[b]\nhost = z ; no comment\n").expect("valid");
        assert_eq!(value(&ini, "a", "HOST"), Some("x=y"));
        assert_eq!(value(&ini, "a", "port"), Some("1:2"));
        assert_eq!(value(&ini, "b", "host"), Some("z ; no comment"));
        assert_eq!(value(&ini, "A", "host"), None);
    }

    #[test]
    fn a_deeper_line_continues_and_comments_do_not_count() {
        let text = "[e]\nx =\n  one = 1\n# gone\n  ; gone\n\n\ttwo\n\n\ny = 2\n";
        let ini = parse(text).expect("valid");
        let entry = ini.get("e", "x").expect("valid");
        assert_eq!(entry.text, "\none = 1\n\ntwo");
        assert_eq!(
            entry.parts,
            [(3, "one = 1".to_owned()), (7, "two".to_owned())]
        );
        assert_eq!(
            (entry.line, ini.get("e", "y").expect("valid").line),
            (2, 10)
        );
    }

    #[test]
    fn the_default_section_holds_for_the_others() {
        let ini =
            parse("[DEFAULT]\nremote = g\n[DEFAULT]\nx = 1\n[gerrit]\nhost=h").expect("valid");
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
        let ini = parse(text).expect("valid");
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

    /// `[g]` with ten keys, of which each refers to the next one `times` times.
    fn nested(times: usize, last: &str) -> String {
        let lines =
            (1..10).map(|n| format!("k{n} = {}\n", format!("%(k{})s", n + 1).repeat(times)));
        format!("[g]\n{}k10 = {last}\n", lines.collect::<String>())
    }

    #[test]
    fn interpolation_is_bounded() {
        let twice = parse(&nested(2, "x")).expect("valid");
        let text = twice
            .interpolated("g", "k1")
            .expect("valid")
            .expect("valid");
        assert_eq!(text, "x".repeat(512));
        // Without a bound: 300 to the ninth, of nothing or of something.
        for last in ["", "x", "%%"] {
            let ini = parse(&nested(300, last)).expect("valid");
            let error = ini.interpolated("g", "k1").unwrap_err();
            assert_eq!(error.problem, Problem::TooLong, "{last:?}");
            assert!((2..=11).contains(&error.line), "{error}");
        }
    }

    /// A hostile file costs no more than its length.
    #[test]
    fn long_files_take_no_longer_than_they_are() {
        let sections: String = (0..200_000).map(|n| format!("[s{n}]\n")).collect();
        let ini = parse(&format!("{sections}x = 1\n")).expect("valid");
        assert_eq!(value(&ini, "s199999", "x"), Some("1"));
        assert!(parse(&format!("{sections}[s7]\n")).is_err());
        let keys: String = (0..200_000).map(|n| format!("k{n} = %(k0)s\n")).collect();
        let long = "  %(k1)s\n".repeat(50_000);
        let ini = parse(&format!("[g]\n{keys}x =\n{long}k0 = 1\n").replace("k0 = %(k0)s", "a = 1"));
        let text = ini
            .expect("valid")
            .interpolated("g", "x")
            .expect("valid")
            .expect("valid");
        assert_eq!(text.matches('1').count(), 50_000);
    }
}
