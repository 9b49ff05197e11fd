//! How a task is written: measured on the rendered text, whose columns are what Rally's loader sees.

use super::Obstacle;
use crate::check::Task;
use crate::yaml::lines;
use crate::yaml::{Layout, Node};

/// The form and the columns of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) form: Form,
    /// The column of what is added: of the dashes of subtasks, or of the names of scenarios.
    pub(super) column: usize,
    /// How far a value is right of its key.
    pub(super) step: usize,
    /// How far dashes are right of the key of their list.
    pub(super) dashes: usize,
    /// Whether a blank line is between two items.
    pub(super) spaced: bool,
    /// The byte of the rendered text where the last item ends.
    pub(super) end: usize,
    /// The line of the rendered text where the last item begins.
    pub(super) line: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Version 1: names of scenarios, each with a list of workloads.
    One { workload: Dash },
    /// Version 2.
    Two {
        subtask: Dash,
        workload: Dash,
        /// How far the dashes of workloads are right of `workloads`.
        workloads: usize,
        /// Whether a subtask with one workload has a list, too.
        always_list: bool,
    },
}

/// How an item follows its dash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dash {
    /// Columns from the dash to the content.
    pub(super) content: usize,
    /// Whether the dash has a line of its own.
    pub(super) alone: bool,
}

/// A list as it is written.
struct List {
    dash: Dash,
    column: usize,
}

impl List {
    /// Returns how far the dashes are right of the list's key.
    fn below(&self, key: Node<'_>) -> usize {
        self.column.saturating_sub(key.column() - 1)
    }
}

const PLAIN: Dash = Dash {
    content: 2,
    alone: false,
};

/// What is in the way, and the line of the rendered text.
type Blocked = (usize, Obstacle);

impl Style {
    /// Returns the style of the task.
    pub(super) fn of(task: &Task<'_>, text: &str) -> Result<Style, Blocked> {
        let root = task.root().ok_or((1, Obstacle::NoTask))?;
        match (task.version_1(), root.entry("subtasks")) {
            (Some(root), _) => Style::one(task.rendered(), root),
            (None, Some((key, list))) => Style::two(task.rendered(), key, list),
            (None, None) => Err((1, Obstacle::NoTask)),
        }
        .map(|style| Style {
            // tags leave blank lines behind that are not in the template
            spaced: style.spaced && text.lines().any(|line| line.trim().is_empty()),
            ..style
        })
    }

    fn one(text: &str, root: Node<'_>) -> Result<Style, Blocked> {
        let last = root.pairs().next_back();
        let (key, value) = last.ok_or((1, Obstacle::Empty))?;
        extensible(root)?;
        let mut lists = root
            .pairs()
            .filter_map(|(key, list)| Some((key, measured(text, list)?)));
        let (dash, dashes) = match lists.next() {
            Some((key, list)) => (list.dash, list.below(key)),
            None => (PLAIN, 0),
        };
        let column = key.column() - 1;
        Ok(Style {
            form: Form::One { workload: dash },
            column,
            step: root
                .pairs()
                .flat_map(|(_, list)| list.items())
                .find_map(step)
                .unwrap_or(2),
            dashes,
            spaced: root.pairs().len() > 1 && follows_blank(text, key.data().start),
            end: key.data().end.max(value.data().end),
            line: key.line(),
        })
    }

    fn two(text: &str, key: Node<'_>, list: Node<'_>) -> Result<Style, Blocked> {
        if !list.is_list() {
            return Err((key.line(), Obstacle::NoTask));
        }
        extensible(list)?;
        let last = list.items().next_back();
        let last = last.ok_or((key.line(), Obstacle::Empty))?;
        if let Some(item) = list.items().find(|item| !item.is_mapping()) {
            return Err((item.line(), Obstacle::NoTask));
        }
        let subtasks = measured(text, list).ok_or((last.line(), Obstacle::NoDash))?;
        let nested = list
            .items()
            .filter_map(|subtask| subtask.entry("workloads"));
        let nested: Vec<(Node<'_>, Node<'_>)> = nested.collect();
        let found = nested
            .iter()
            .find_map(|(key, list)| Some((*key, measured(text, *list)?)));
        let dashes = subtasks.below(key);
        let (workload, workloads) = match &found {
            Some((key, list)) => (list.dash, list.below(*key)),
            None => (subtasks.dash, dashes),
        };
        let of_workloads = nested.iter().flat_map(|(_, list)| list.items());
        let mut all = list.items().chain(of_workloads);
        let start = last.data().start;
        let dash = lines::dash(text, start).ok_or((last.line(), Obstacle::NoDash))?;
        Ok(Style {
            form: Form::Two {
                subtask: subtasks.dash,
                workload,
                workloads,
                always_list: !nested.is_empty(),
            },
            column: dash.1,
            step: all.find_map(step).unwrap_or(2),
            dashes,
            spaced: list.items().len() > 1 && follows_blank(text, dash.0),
            end: last.data().end,
            line: last.line(),
        })
    }
}

/// Fails where new lines could not go in, or would count elsewhere as well.
fn extensible(node: Node<'_>) -> Result<(), Blocked> {
    let blocked = |obstacle| Err((node.line(), obstacle));
    if node.is_alias() || node.is_shared() {
        return blocked(Obstacle::Alias);
    }
    if node.data().tag.is_some() {
        return blocked(Obstacle::Tag);
    }
    match node.layout() {
        Some(Layout::Block) => Ok(()),
        _ if node.items().len() + node.pairs().len() == 0 => blocked(Obstacle::Empty),
        _ => blocked(Obstacle::Flow),
    }
}

/// Returns how a list is written, after its first item that is a mapping in block style.
fn measured(text: &str, list: Node<'_>) -> Option<List> {
    if list.is_alias() || list.layout() != Some(Layout::Block) {
        return None;
    }
    let found = list.items().find_map(|item| {
        let (key, _) = item.pairs().next().filter(|_| is_block(item))?;
        let (at, column) = lines::dash(text, item.data().start)?;
        let content = (key.column() - 1).checked_sub(column)?;
        let start = item.data().start;
        Some(List {
            dash: Dash {
                content,
                alone: text[at..start].contains('\n'),
            },
            column,
        })
    });
    let first = || {
        let (_, column) = lines::dash(text, list.items().next()?.data().start)?;
        Some(List {
            dash: PLAIN,
            column,
        })
    };
    found.or_else(first)
}

/// Returns how far a value of the mapping is right of its key.
fn step(mapping: Node<'_>) -> Option<usize> {
    let mut pairs = mapping.pairs().filter(|(_, value)| is_block(*value));
    pairs.find_map(|(key, value)| {
        let (inner, _) = value.pairs().next()?;
        inner.column().checked_sub(key.column()).filter(|n| *n > 0)
    })
}

fn is_block(node: Node<'_>) -> bool {
    !node.is_alias() && node.is_mapping() && node.layout() == Some(Layout::Block)
}

/// Returns whether a blank line is above the comments above the line of `at`.
fn follows_blank(text: &str, at: usize) -> bool {
    let mut at = lines::line_start(text, at);
    while let Some(line) = lines::line_before(text, at) {
        if lines::comment_column(line).is_none() {
            return line.is_empty();
        }
        at = lines::line_start(text, at - 1);
    }
    false
}
