//! Edits of a real task, by people and by us.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::files::fixture_dir;

/// A task taken apart: lines as git-rally writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    /// Up to `subtasks:`.
    head: String,
    subtasks: Vec<Subtask>,
    /// Dashes are where their key is.
    flush: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Subtask {
    title: String,
    /// Number and lines.
    workloads: Vec<(usize, String)>,
}

/// Who edits; it is seen in what they write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Person,
    Us,
}

/// One edit. Workloads are those of the first text; one that is gone is not edited.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Number(Index, Index, u8),
    Description(Index),
    Comment(Index, Index),
    Behind(Index, Index),
    Swap(Index),
    Drop(Index),
    Move(Index, Index),
    Add(Index, u8),
    Argument(Index),
    Jinja(u8),
    Title(Index),
    Flush,
}

pub(crate) fn real(service: &str) -> Task {
    let path = fixture_dir(service).join(format!("out/rally-jobs/task-{service}.yaml"));
    Task::read(&std::fs::read_to_string(path).expect("a task"))
}

/// Some edits.
pub(crate) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let at = any::<Index>;
    let edit = prop_oneof![
        4 => (at(), at(), 0u8..3).prop_map(|(at, line, to)| Edit::Number(at, line, to)),
        1 => at().prop_map(Edit::Description),
        2 => (at(), at()).prop_map(|(at, line)| Edit::Comment(at, line)),
        1 => (at(), at()).prop_map(|(at, line)| Edit::Behind(at, line)),
        1 => at().prop_map(Edit::Swap),
        2 => at().prop_map(Edit::Drop),
        2 => (at(), at()).prop_map(|(at, to)| Edit::Move(at, to)),
        2 => (at(), 0u8..3).prop_map(|(at, name)| Edit::Add(at, name)),
        1 => at().prop_map(Edit::Argument),
        1 => (0u8..3).prop_map(Edit::Jinja),
        1 => at().prop_map(Edit::Title),
        1 => Just(Edit::Flush),
    ];
    prop::collection::vec(edit, 0..6)
}

impl Task {
    fn read(text: &str) -> Task {
        let mut task = Task {
            head: String::new(),
            subtasks: Vec::new(),
            flush: false,
        };
        let mut number = 0;
        for line in text.split_inclusive('\n') {
            if let Some(title) = line.strip_prefix("  - title: ") {
                task.subtasks.push(Subtask {
                    title: title.trim_end().to_owned(),
                    workloads: Vec::new(),
                });
            } else if let Some(subtask) = task.subtasks.last_mut() {
                if line.starts_with("      - ") {
                    subtask.workloads.push((number, String::new()));
                    number += 1;
                }
                if let Some((_, lines)) = subtask.workloads.last_mut() {
                    lines.push_str(&line[6..]);
                }
            } else {
                task.head.push_str(line);
            }
        }
        task
    }

    pub(crate) fn text(&self) -> String {
        let mut text = self.head.clone();
        let pad = if self.flush { "  " } else { "      " };
        let item = if self.flush {
            ("", "  ")
        } else {
            ("  ", "    ")
        };
        for subtask in &self.subtasks {
            text.push_str(&format!(
                "{}- title: {}\n{}workloads:\n",
                item.0, subtask.title, item.1
            ));
            for (_, lines) in &subtask.workloads {
                text.extend(lines.lines().map(|line| format!("{pad}{line}\n")));
            }
        }
        text
    }

    /// Returns whether a subtask has no workload.
    pub(crate) fn has_empty(&self) -> bool {
        self.subtasks
            .iter()
            .any(|subtask| subtask.workloads.is_empty())
    }

    /// Returns the task with edits; of workloads only those that `mine` says.
    pub(crate) fn with(&self, edits: &[Edit], who: Who, mine: impl Fn(usize) -> bool) -> Task {
        let mut task = self.clone();
        for edit in edits {
            task.edit(edit, who, &mine);
        }
        task
    }

    fn edit(&mut self, edit: &Edit, who: Who, mine: &impl Fn(usize) -> bool) {
        let name = if who == Who::Person { "person" } else { "us" };
        match edit {
            Edit::Jinja(number) => {
                let line = format!("# {{% set {name}_{number} = 1 %}}\n");
                if !self.head.contains(&line) {
                    let at = self.head.find("version:").expect("a key");
                    self.head.insert_str(at, &line);
                }
            }
            Edit::Title(at) if who == Who::Person => {
                let at = at.index(self.subtasks.len());
                self.subtasks[at].title.push_str(" by a person");
            }
            Edit::Flush if who == Who::Person => self.flush = true,
            Edit::Add(at, number) => {
                let at = at.index(self.subtasks.len());
                let scenario = format!("New.{name}_{number}");
                if !self.text().contains(&scenario) {
                    let lines = format!(
                        "- description: Check.\n  scenario:\n    {scenario}: {{}}\n  runner:\n    serial:\n      \
                         times: 1\n"
                    );
                    self.subtasks[at].workloads.push((usize::MAX, lines));
                }
            }
            Edit::Move(at, to) if who == Who::Person => {
                let to = to.index(self.subtasks.len());
                if let Some((subtask, place)) = self.find(*at, mine) {
                    let moved = self.subtasks[subtask].workloads.remove(place);
                    self.subtasks[to].workloads.insert(0, moved);
                }
            }
            Edit::Drop(at) => {
                let found = self.find(*at, mine);
                let found = found.filter(|(at, _)| self.subtasks[*at].workloads.len() > 1);
                if let Some((subtask, place)) = found {
                    self.subtasks[subtask].workloads.remove(place);
                }
            }
            Edit::Number(at, ..)
            | Edit::Description(at)
            | Edit::Comment(at, _)
            | Edit::Behind(at, _)
            | Edit::Swap(at)
            | Edit::Argument(at) => {
                if let Some((subtask, place)) = self.find(*at, mine) {
                    let (_, lines) = &mut self.subtasks[subtask].workloads[place];
                    *lines = edited(lines, edit, who, name);
                }
            }
            _ => {}
        }
    }

    /// Finds a workload of the first text.
    fn find(&self, at: Index, mine: &impl Fn(usize) -> bool) -> Option<(usize, usize)> {
        let wanted = at.index(40);
        let mut all = self.subtasks.iter().enumerate().flat_map(|(subtask, all)| {
            let places = all.workloads.iter().enumerate();
            places.map(move |(place, (number, _))| (*number, subtask, place))
        });
        let found = all.find(|(number, ..)| *number == wanted && mine(*number));
        found.map(|(_, subtask, place)| (subtask, place))
    }
}

/// Edits the lines of a workload.
fn edited(text: &str, edit: &Edit, who: Who, name: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let person = who == Who::Person;
    let values: Vec<usize> = (0..lines.len())
        .filter(|at| {
            lines[*at]
                .trim_end()
                .ends_with(|c: char| c.is_ascii_digit())
        })
        .collect();
    let value = |index: &Index| (!values.is_empty()).then(|| values[index.index(values.len())]);
    match edit {
        Edit::Number(_, index, to) => {
            if let Some(at) = value(index) {
                let key = lines[at].split(": ").next().unwrap_or_default().to_owned();
                let number = u32::from(*to) + if person { 9000 } else { 5000 };
                lines[at] = format!("{key}: {number}");
            }
        }
        Edit::Behind(_, index) if person => {
            if let Some(at) = value(index) {
                lines[at].push_str("  # by a person");
            }
        }
        Edit::Comment(_, index) => {
            if let Some(at) = value(index) {
                let column = lines[at].len() - lines[at].trim_start().len();
                lines.insert(at, format!("{}# by {name}", " ".repeat(column)));
            }
        }
        Edit::Description(_) => {
            let key = lines
                .iter()
                .position(|line| line.ends_with("description: >-"));
            if let Some(text) = key.and_then(|at| lines.get_mut(at + 1)) {
                text.push_str(&format!(" By {name}."));
            }
        }
        Edit::Argument(_) => {
            let is_there = text.contains(&format!("  {name}:\n"));
            let runner = lines.iter().position(|line| line.starts_with("  runner:"));
            if let Some(at) = runner.filter(|_| !is_there) {
                lines.insert(at, format!("  {name}:\n    deep: 1"));
            }
        }
        Edit::Swap(_) if person => {
            // the keys of the workload, last first
            let mut keys: Vec<Vec<String>> = Vec::new();
            for (at, line) in lines.iter().enumerate() {
                let line = if at == 0 {
                    format!("  {}", &line[2..])
                } else {
                    line.clone()
                };
                if line.starts_with("  ") && !line.starts_with("   ") {
                    keys.push(Vec::new());
                }
                keys.last_mut().expect("a key").push(line);
            }
            keys.reverse();
            lines = keys.concat();
            lines[0].replace_range(..1, "-");
        }
        _ => {}
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

/// Returns what a YAML text means, in an order of its own.
pub(crate) fn meaning(text: &str) -> String {
    let value: serde_json::Value = git_rally::yaml::from_str(text).expect(text);
    ordered(&value)
}

fn ordered(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(map) => {
            let sorted: BTreeMap<_, _> = map.iter().map(|(k, v)| (k, ordered(v))).collect();
            format!("{sorted:?}").replace('\\', "")
        }
        serde_json::Value::Array(items) => {
            let mut sorted: Vec<String> = items.iter().map(ordered).collect();
            sorted.sort_unstable();
            format!("[{}]", sorted.join(", "))
        }
        other => other.to_string(),
    }
}
