//! The distribution's name and entry points: `pyproject.toml`, else `setup.cfg`, else a literal in `setup.py`.
//!
//! Twelve live services have no `[project]` table, so both files are read; where both name the
//! distribution, they must agree.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::signals::{Named, malformed, normalise, text};
use super::{DetectError, Evidence};
use crate::files::Files;
use crate::ini;

/// The distribution that a repository builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// Its name, normalised.
    pub name: String,
    /// Where the name stands.
    pub evidence: Evidence,
    /// Another file that names another distribution.
    pub contradiction: Option<Evidence>,
    /// The description, evidence for people.
    pub description: Option<Evidence>,
    /// The entry points by name.
    pub entry_points: Vec<Named>,
}

impl Distribution {
    /// Returns what the files name; `None` where no file does.
    pub fn read(files: &dyn Files) -> Result<Option<Distribution>, DetectError> {
        let pyproject = pyproject(files)?;
        let setup_cfg = setup_cfg(files)?;
        match (pyproject, setup_cfg) {
            (Some(mut first), Some(second)) => {
                if first.name != second.name {
                    first.contradiction = Some(second.evidence);
                }
                first.entry_points.extend(second.entry_points);
                Ok(Some(first))
            }
            (None, None) => setup_py(files),
            (one, other) => Ok(one.or(other)),
        }
    }
}

fn pyproject(files: &dyn Files) -> Result<Option<Distribution>, DetectError> {
    let path = "pyproject.toml";
    let Some(text) = text(files, path)? else {
        return Ok(None);
    };
    let table = DeTable::parse(&text).map_err(|error| DetectError::Malformed {
        path: path.to_owned(),
        line: line_of(&text, error.span().map_or(0, |span| span.start)),
        problem: error.message().to_owned(),
    })?;
    let at = |value: &Spanned<DeValue<'_>>, says: String| {
        Evidence::new(path, line_of(&text, value.span().start), &says)
    };
    let Some(project) = table
        .get_ref()
        .get("project")
        .and_then(|v| v.get_ref().as_table())
    else {
        return Ok(None);
    };
    let string = |key: &str| {
        project
            .get(key)
            .and_then(|v| Some((v, v.get_ref().as_str()?)))
    };
    let Some((value, name)) = string("name") else {
        return Ok(None);
    };
    let description = string("description").map(|(v, d)| at(v, format!("description = \"{d}\"")));
    let mut entry_points = Vec::new();
    let groups = project
        .get("entry-points")
        .and_then(|v| v.get_ref().as_table());
    let groups = groups.into_iter().flat_map(|groups| groups.values());
    for group in project.get("scripts").into_iter().chain(groups) {
        for (name, target) in group.get_ref().as_table().into_iter().flatten() {
            let name = name.get_ref().to_string();
            let says = format!("entry point {name}");
            entry_points.push(Named {
                name,
                evidence: at(target, says),
            });
        }
    }
    Ok(Some(Distribution {
        name: normalise(name),
        evidence: at(value, format!("name = \"{name}\"")),
        contradiction: None,
        description,
        entry_points,
    }))
}

fn setup_cfg(files: &dyn Files) -> Result<Option<Distribution>, DetectError> {
    let path = "setup.cfg";
    let Some(text) = text(files, path)? else {
        return Ok(None);
    };
    let parsed = ini::parse(&text).map_err(|error| malformed(path, &error))?;
    let at = |line: usize, says: String| Evidence::new(path, line, &says);
    let Some(name) = parsed.get("metadata", "name") else {
        return Ok(None);
    };
    let summary = ["summary", "description"]
        .iter()
        .find_map(|key| parsed.get("metadata", key));
    let mut entry_points = Vec::new();
    for section in ["entry_points", "options.entry_points"] {
        for (_, group) in parsed.section(section).into_iter().flat_map(|s| &s.entries) {
            for (line, part) in &group.parts {
                let name = part.split('=').next().unwrap_or_default().trim().to_owned();
                let says = format!("entry point {name}");
                entry_points.push(Named {
                    name,
                    evidence: at(*line, says),
                });
            }
        }
    }
    Ok(Some(Distribution {
        name: normalise(&name.value),
        evidence: at(name.line, format!("name = {}", name.value.trim())),
        contradiction: None,
        description: summary.map(|s| at(s.line, format!("summary = {}", s.value.trim()))),
        entry_points,
    }))
}

/// Returns the name that `setup.py` gives as a literal argument `name="..."` of a call to `setup`.
///
/// The file is read as text, never run: anything but a plain literal is no signal.
fn setup_py(files: &dyn Files) -> Result<Option<Distribution>, DetectError> {
    let path = "setup.py";
    let Some(text) = text(files, path)? else {
        return Ok(None);
    };
    let mut in_call = false;
    for (index, line) in text.lines().enumerate() {
        let code = line.split('#').next().unwrap_or_default().trim();
        let after = match code.find("setup(") {
            Some(at) => {
                in_call = true;
                &code[at + "setup(".len()..]
            }
            None => code,
        };
        if let (true, Some(name)) = (in_call, name_literal(after)) {
            return Ok(Some(Distribution {
                name: normalise(name),
                evidence: Evidence::new(path, index + 1, &format!("name=\"{name}\"")),
                contradiction: None,
                description: None,
                entry_points: Vec::new(),
            }));
        }
    }
    Ok(None)
}

/// Returns `x` of `name="x"` or `name='x'` at the beginning of an argument.
fn name_literal(code: &str) -> Option<&str> {
    let rest = code.split(',').find_map(|argument| {
        argument
            .trim()
            .strip_prefix("name")?
            .trim_start()
            .strip_prefix('=')
    })?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    let (name, _) = rest[1..].split_once(quote)?;
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    plain.then_some(name)
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes()[..offset.min(text.len())]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
}
