//! The proof that the new text is the old task and the new workloads.

use std::ops::Range;

use serde_json::Value;

use super::Obstacle;
use super::lines::{GroupView, by_scenario};
use super::style::Form;
use crate::check::{Budget, Task};
use crate::files::Files;
use crate::yaml::{Kind, Style};

/// Fails unless every byte of the old text is in the new one, in order, and Rally reads the new one
/// as what it reads of the old one with `groups` behind it.
pub(super) fn prove(
    files: &dyn Files,
    old: &Task<'_>,
    before: &str,
    after: &str,
    inserted: Range<usize>,
    groups: &[GroupView<'_>],
    form: &Form,
) -> Result<(), Obstacle> {
    let rest = [&after[..inserted.start], &after[inserted.end..]].concat();
    if rest != before {
        return Err(Obstacle::OtherMeaning);
    }
    if inserted.end == after.len() && ends_in_block_scalar(old, before) {
        return Err(Obstacle::CutBlock);
    }
    let new = Task::read(files, old.path, after, &Budget::default());
    let new = new.map_err(|_| Obstacle::NotValid)?;
    let mut meant = old.value().clone();
    let is_added = match form {
        Form::One { .. } => add_scenarios(&mut meant, groups),
        Form::Two { always_list, .. } => add_subtasks(&mut meant, groups, *always_list),
    };
    match is_added == Some(()) && *new.value() == meant {
        true => Ok(()),
        false => Err(Obstacle::OtherMeaning),
    }
}

/// Returns whether a line break behind the old text would change the value of its last scalar.
fn ends_in_block_scalar(old: &Task<'_>, before: &str) -> bool {
    if before.ends_with("\n\n") || before.ends_with("\r\n\r\n") {
        return false;
    }
    let end = old.rendered().trim_end().len();
    let mut nodes = old
        .root()
        .into_iter()
        .flat_map(|root| root.document.nodes());
    nodes.any(|node| {
        let data = node.data();
        matches!(&data.kind, Kind::Scalar { value, style: Style::Literal | Style::Folded }
            if data.end == end && value.ends_with('\n'))
    })
}

/// Returns nothing where there is no place for them.
fn add_subtasks(task: &mut Value, groups: &[GroupView<'_>], always_list: bool) -> Option<()> {
    let subtasks = task.get_mut("subtasks")?.as_array_mut()?;
    subtasks.extend(groups.iter().map(|group| group.subtask(always_list)));
    Some(())
}

fn add_scenarios(task: &mut Value, groups: &[GroupView<'_>]) -> Option<()> {
    let scenarios = task.as_object_mut()?;
    for (name, views) in by_scenario(groups) {
        let workloads = views.iter().map(|(group, view)| group.one(view)).collect();
        let known = scenarios.insert(name.to_owned(), Value::Array(workloads));
        if known.is_some() {
            return None;
        }
    }
    Some(())
}
