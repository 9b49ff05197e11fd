//! Renders a task as Rally does, by a real Jinja engine, with bounds on time and memory.
//!
//! ```text
//! engine    the environment: Rally's functions, what other files a template may read
//! python    values printed as Python prints them
//! lines     from a line of the rendered text to the line of the template
//! columns   the same for columns
//! included  the other templates that a template names
//! needed    variables that Rally demands
//! ```

mod columns;
mod defaults;
mod engine;
mod included;
mod lines;
mod loops;
mod needed;
mod python;
mod tags;

use std::collections::{BTreeMap, BTreeSet};

use super::budget::Budget;
use crate::files::Files;
pub(super) use columns::Rows;
pub(super) use included::{Included, included};
use lines::Lines;
pub(crate) use tags::open as open_block;

/// A rendered task.
#[derive(Debug)]
pub(super) struct Rendered {
    /// What Rally's YAML loader reads.
    pub(super) text: String,
    lines: Lines,
    rows: Rows,
    /// The other templates that were read for it, relative to the task's folder.
    pub(super) read: BTreeSet<String>,
}

/// Why there is no text to judge.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unrendered {
    /// Rally refuses the task.
    Variables(BTreeMap<String, usize>),
    /// Jinja2 fails, at the line.
    Fails { line: usize, why: String },
    /// It cannot be told what Jinja2 makes of it.
    NotJudged(String),
}

/// Returns what Rally makes of the template without task arguments, as the CI roles give none.
///
/// `path` is the task's: other templates are looked for in its folder, as Rally does.
pub(super) fn render(
    files: &dyn Files,
    path: &str,
    text: &str,
    budget: &Budget,
) -> Result<Rendered, Unrendered> {
    if !text.contains(['{', '#']) || !has_tags(text) {
        return Ok(Rendered {
            text: text.to_owned(),
            lines: Lines::same(),
            rows: Rows::default(),
            read: BTreeSet::new(),
        });
    }
    let mut engine = engine::Engine::new(files, path, budget);
    let missing = needed::missing(&engine, text)?;
    if !missing.is_empty() {
        return Err(Unrendered::Variables(missing));
    }
    let rendered = engine.render(text)?;
    let marked = tags::marked(text).and_then(|marked| engine.render(&marked).ok());
    Ok(Rendered {
        lines: Lines::of(marked.as_deref(), &rendered),
        rows: Rows::default(),
        text: rendered,
        read: engine.read,
    })
}

fn has_tags(text: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|sign| text.contains(sign))
}

impl Rendered {
    /// Returns the line of the template that the line of the rendered text comes from; both from 1.
    pub(super) fn line(&self, rendered: usize) -> usize {
        self.lines.of_template(rendered)
    }

    /// Returns the column of the template, a line of which is given, that a place in the rendered
    /// text comes from; `None` where that cannot be told.
    pub(super) fn column(&self, line: usize, column: usize, template: &str) -> Option<usize> {
        columns::column(self.rows.row(&self.text, line)?, column, template)
    }
}

#[cfg(test)]
mod tests;
