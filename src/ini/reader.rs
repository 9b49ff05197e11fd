//! Reads INI text line by line.

use std::collections::HashMap;

use super::{DEFAULT, Ini, IniError, Problem, Section, Value};
use crate::excerpt::excerpt;

/// Reads `text`; the error is the first one in the text.
pub fn parse(text: &str) -> Result<Ini, IniError> {
    let mut reader = Reader::default();
    for (index, line) in lines(text).into_iter().enumerate() {
        reader.line(index + 1, line)?;
    }
    Ok(reader.ini)
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
    ini: Ini,
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
        let known = self.ini.by_name.get(name).copied();
        if known.is_some() && name != DEFAULT {
            return Err(Problem::DuplicateSection(excerpt(name)));
        }
        self.section = Some(known.unwrap_or_else(|| self.ini.add(name, line)));
        Ok(())
    }

    fn start_value(&mut self, line: usize, section: usize, text: &str) -> Result<(), Problem> {
        let at = text.find(['=', ':']).ok_or(Problem::NotAnOption)?;
        let key = text[..at].trim_end_matches(is_space).to_lowercase();
        if key.is_empty() {
            return Err(Problem::NotAnOption);
        }
        let section = &mut self.ini.sections[section];
        if section.by_key.contains_key(&key) {
            return Err(Problem::DuplicateKey(excerpt(&key)));
        }
        let text = text[at + 1..].trim_matches(is_space).to_owned();
        let parts = Vec::from_iter((!text.is_empty()).then(|| (line, text.clone())));
        section.by_key.insert(key.clone(), section.values.len());
        section.values.push((key, Value { text, line, parts }));
        self.in_value = true;
        Ok(())
    }

    fn go_on(&mut self, line: usize, text: &str) {
        let blank = std::mem::take(&mut self.blank);
        let value = self
            .section
            .and_then(|section| self.ini.sections[section].values.last_mut());
        if let Some((_, value)) = value {
            value.text.extend(std::iter::repeat_n('\n', blank + 1));
            value.text.push_str(text);
            value.parts.push((line, text.to_owned()));
        }
    }
}

impl Ini {
    /// Adds an empty section and returns its place.
    fn add(&mut self, name: &str, line: usize) -> usize {
        let place = self.sections.len();
        self.by_name.insert(name.to_owned(), place);
        self.sections.push(Section {
            name: name.to_owned(),
            line,
            values: Vec::new(),
            by_key: HashMap::new(),
        });
        place
    }
}

/// Returns the name in `[name]`: up to the last bracket, and whatever follows is ignored.
fn header(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let end = inner.rfind(']')?;
    (end > 0).then(|| &inner[..end])
}
