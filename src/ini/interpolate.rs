//! `%(name)s` in a value, as `configparser.BasicInterpolation` replaces it.

use super::{Ini, IniError, Problem, Value};
use crate::excerpt::excerpt;

/// `configparser.MAX_INTERPOLATION_DEPTH`.
const MAX_DEPTH: usize = 10;

/// What references may bring into one value: so many characters, and each reference counts as one
/// more. `configparser` has no bound, and ten lines can ask for more than a machine has.
const MOST: usize = 1 << 20;

/// Returns the text of `value`, which is in `section`, with `%%` and `%(name)s` replaced.
pub(super) fn interpolate(ini: &Ini, section: &str, value: &Value) -> Result<String, IniError> {
    let mut expansion = Expansion {
        ini,
        section,
        left: MOST,
        out: String::new(),
    };
    expansion.add(value, 1)?;
    Ok(expansion.out)
}

struct Expansion<'i> {
    ini: &'i Ini,
    section: &'i str,
    /// Of [`MOST`].
    left: usize,
    out: String,
}

impl Expansion<'_> {
    fn add(&mut self, value: &Value, depth: usize) -> Result<(), IniError> {
        let at = |problem| IniError {
            line: value.line,
            problem,
        };
        if depth > MAX_DEPTH {
            return Err(at(Problem::TooDeep));
        }
        let mut rest = value.text.as_str();
        while let Some(percent) = rest.find('%') {
            self.out.push_str(&rest[..percent]);
            rest = &rest[percent + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                self.out.push('%');
                rest = after;
                continue;
            }
            let (name, after) = reference(rest).ok_or_else(|| at(Problem::Percent))?;
            rest = after;
            let found = (self.ini.get(self.section, name))
                .ok_or_else(|| at(Problem::Unknown(excerpt(name))))?;
            let size = found.text.len() + 1;
            self.left = (self.left.checked_sub(size)).ok_or_else(|| at(Problem::TooLong))?;
            match found.text.contains('%') {
                true => self.add(found, depth + 1)?,
                false => self.out.push_str(&found.text),
            }
        }
        self.out.push_str(rest);
        Ok(())
    }
}

/// Splits `(name)s..` into the name and what follows.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('(')?.split_once(')')?;
    let after = after.strip_prefix('s')?;
    (!name.is_empty()).then_some((name, after))
}
