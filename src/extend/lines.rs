//! The lines of the new workloads.

use serde::Serialize;

use super::style::{Dash, Form, Style};
use super::wanted::Group;
use crate::catalogue::Entry;
use crate::render::{RenderError, Renderer, Values};
use crate::workload::{LoadOptions, WorkloadView};
use crate::yaml::lines::shifted;

/// Columns of a task, as of those that git-rally writes.
const WIDTH: usize = 79;

/// A subtask that the task gets.
pub(super) struct GroupView<'e> {
    pub(super) title: &'e str,
    pub(super) workloads: Vec<WorkloadView<'e>>,
    pub(super) has_iteration_limit: bool,
}

/// What a template sees.
#[derive(Serialize)]
struct Filling<'v, 'e> {
    workload: &'v WorkloadView<'e>,
    iteration_limit: bool,
    /// Columns that are left for text.
    width: usize,
}

/// Returns what is to be written: without Jinja2, as the task may not define the catalogue's
/// variables.
pub(super) fn views<'e>(
    groups: &[Group<'e>],
    entry: &'e Entry,
    load: LoadOptions,
) -> Vec<GroupView<'e>> {
    let view = |group: &Group<'e>| GroupView {
        title: group.title,
        workloads: (group.workloads.iter())
            .map(|workload| WorkloadView::new(workload, load).filled(&entry.service))
            .collect(),
        has_iteration_limit: !entry.service.iteration_limit.trim().is_empty(),
    };
    groups.iter().map(view).collect()
}

/// Returns the lines, at the columns of the task; line breaks are line feeds.
pub(super) fn lines(
    groups: &[GroupView<'_>],
    style: &Style,
    renderer: &Renderer,
) -> Result<String, RenderError> {
    let writer = Writer { style, renderer };
    let mut blocks = Vec::new();
    match &style.form {
        Form::One { workload } => {
            for (scenario, views) in by_scenario(groups) {
                blocks.push(writer.scenario(scenario, &views, *workload)?);
            }
        }
        Form::Two { .. } => {
            for group in groups {
                blocks.push(writer.subtask(group)?);
            }
        }
    }
    let separator = if style.spaced { "\n" } else { "" };
    let blocks = blocks.iter();
    let blocks = blocks.map(|block| format!("{separator}{}", shifted(block, style.column, "\n")));
    Ok(blocks.collect())
}

/// Returns the workloads of each scenario: a name is in a task of version 1 once.
pub(super) fn by_scenario<'v, 'e>(
    groups: &'v [GroupView<'e>],
) -> Vec<(&'v str, Vec<(&'v GroupView<'e>, &'v WorkloadView<'e>)>)> {
    let mut found: Vec<(&str, Vec<_>)> = Vec::new();
    for group in groups {
        for view in &group.workloads {
            match found.iter_mut().find(|(name, _)| *name == view.scenario) {
                Some((_, views)) => views.push((group, view)),
                None => found.push((view.scenario, vec![(group, view)])),
            }
        }
    }
    found
}

struct Writer<'a> {
    style: &'a Style,
    renderer: &'a Renderer,
}

impl Writer<'_> {
    /// Returns a subtask of version 2, dash included, at column 0.
    fn subtask(&self, group: &GroupView<'_>) -> Result<String, RenderError> {
        let Form::Two {
            subtask,
            workload,
            workloads,
            always_list,
        } = self.style.form
        else {
            return Ok(String::new());
        };
        let keys = self.style.column + subtask.content;
        let mut block = format!("title: {}\n", plain(group.title));
        match group.workloads.as_slice() {
            [view] if !always_list => block += &self.workload("workload", group, view, keys)?,
            views => {
                block += "workloads:\n";
                for view in views {
                    let column = keys + workloads + workload.content;
                    let body = self.workload("workload", group, view, column)?;
                    block += &shifted(&workload.item(&body), workloads, "\n");
                }
            }
        }
        Ok(subtask.item(&block))
    }

    /// Returns a scenario of version 1 with its workloads, each below a comment, at column 0.
    fn scenario(
        &self,
        scenario: &str,
        views: &[(&GroupView<'_>, &WorkloadView<'_>)],
        dash: Dash,
    ) -> Result<String, RenderError> {
        let mut block = format!("{scenario}:\n");
        let column = self.style.column + self.style.dashes;
        for (group, view) in views {
            let comment = self.render("comment", group, view, column)?;
            let body = self.workload("workload-1", group, view, column + dash.content)?;
            let item = format!("{comment}{}", dash.item(&body));
            block += &shifted(&item, self.style.dashes, "\n");
        }
        Ok(block)
    }

    /// Returns the keys of a workload, which will be at `column`.
    fn workload(
        &self,
        template: &str,
        group: &GroupView<'_>,
        view: &WorkloadView<'_>,
        column: usize,
    ) -> Result<String, RenderError> {
        let text = self.render(template, group, view, column)?;
        Ok(restyled(&text, self.style.step, self.style.dashes))
    }

    fn render(
        &self,
        template: &str,
        group: &GroupView<'_>,
        view: &WorkloadView<'_>,
        column: usize,
    ) -> Result<String, RenderError> {
        // The deepest text is two steps in, and the template has steps of two.
        let more = column + 2 * self.style.step.saturating_sub(2);
        let filling = Filling {
            workload: view,
            iteration_limit: group.has_iteration_limit,
            width: WIDTH.saturating_sub(more).max(WIDTH / 2),
        };
        let values = Values::of(&filling)?;
        let name = format!("extend/{template}.yaml");
        self.renderer.render(&name, &values)
    }
}

impl Dash {
    /// Returns a block as an item, its dash at column 0.
    fn item(self, block: &str) -> String {
        let content = shifted(block, self.content, "\n");
        match self.alone {
            true => format!("-\n{content}"),
            false => format!("-{}", &content[1.min(content.len())..]),
        }
    }
}

/// Returns the title as a scalar on one line.
fn plain(title: &str) -> String {
    let text = crate::yaml::to_string(&title).unwrap_or_default();
    text.trim_end().to_owned()
}

/// Returns a block that has steps of two, and dashes below their keys, in another style.
fn restyled(block: &str, step: usize, dashes: usize) -> String {
    let mut out = String::with_capacity(block.len() * 2);
    // columns of the open collections: in the block, and in the other style
    let mut open = vec![(0, 0)];
    for line in block.lines() {
        let text = line.trim_start_matches(' ');
        let column = line.len() - text.len();
        open.retain(|(old, _)| *old <= column);
        let (old, new) = open.last().copied().unwrap_or_default();
        let mut to = new;
        if column > old {
            to = new + step;
            open.push((column, to));
        }
        if text.starts_with("- ") {
            to += dashes;
            open.push((column + 2, to + 2));
        }
        out.push_str(&" ".repeat(to));
        out.push_str(text);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_in_another_style() {
        let block = "a:\n  b: {}\n  # why\n  c:\n  - d: 1\n    e:\n    - 2\n  - f\ng: >-\n  h\n";
        assert_eq!(restyled(block, 2, 0), block);
        let wide = "a:\n    b: {}\n    # why\n    c:\n      - d: 1\n        e:\n          - 2\n      - f\ng: >-\n    h\n";
        assert_eq!(restyled(block, 4, 2), wide);
    }

    #[test]
    fn an_item_and_its_dash() {
        let dash = |content, alone| Dash { content, alone };
        assert_eq!(dash(2, false).item("a: 1\nb: 2\n"), "- a: 1\n  b: 2\n");
        assert_eq!(dash(4, false).item("a: 1\nb: 2\n"), "-   a: 1\n    b: 2\n");
        assert_eq!(dash(2, true).item("a: 1\nb: 2\n"), "-\n  a: 1\n  b: 2\n");
    }
}
