//! The second opinion: PyYAML's form is libyaml's, and our own parser is stricter in places and
//! laxer in others.

use serde::de::IgnoredAny;

use super::{Flaw, FlawKind, data};

/// Brackets that may be open: libyaml's time grows with their square.
const MOST_OPEN: usize = 200;

/// Fails where libyaml does not read the text. It counts a byte order mark as a column; PyYAML
/// drops it.
pub fn read(text: &str) -> Result<(), Flaw> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_yaml::from_str::<IgnoredAny>(text) {
        Ok(_) => Ok(()),
        Err(error) if error.location().is_none() && text.trim().is_empty() => Ok(()),
        Err(error) => {
            let flaw = data::flaw(&error);
            Err(FlawKind::Syntax(error.to_string()).at(flaw.line, flaw.column))
        }
    }
}

/// Returns whether libyaml refuses the text; `false` as well where it would take minutes.
pub fn refuses(text: &str) -> bool {
    let mut open = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MOST_OPEN {
            return false;
        }
    }
    serde_yaml::from_str::<serde_yaml::Value>(text).is_err()
}
