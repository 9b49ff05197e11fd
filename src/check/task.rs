//! A task file, read as far as that is possible without rendering it.

use std::collections::HashSet;
use std::ops::Range;

use super::jinja::{Template, UNKNOWN};
use super::text::LARGEST;
use crate::rally;
use crate::yaml::{self, Document, Flaw, FlawKind, Node};

/// No file has room for more, unless aliases give one list to many scenarios.
const MOST_WORKLOADS: usize = LARGEST as usize / 10;

/// A task file.
pub(super) struct Task<'t> {
    pub(super) path: &'t str,
    pub(super) template: Template<'t>,
    text: &'t str,
    document: Document,
    /// The lines that are there only on a condition.
    conditional: Vec<Range<usize>>,
}

/// What a YAML reader that does not know Jinja2 cannot take, and why.
pub(super) enum Unreadable {
    /// The form of the text: no reader takes it.
    Form(String),
    /// A key: only a reader that makes values of the text refuses it.
    Key(String),
}

impl<'t> Task<'t> {
    /// Returns the task, or why it cannot be judged.
    pub(super) fn read(path: &'t str, text: &'t str) -> Result<Task<'t>, String> {
        let template = Template::parse(text).ok_or("a Jinja2 sign is not closed")?;
        if let Some(word) = template.beyond_us() {
            return Err(format!(
                "it uses Jinja2's `{word}`, and git-rally does not render it"
            ));
        }
        let document = yaml::parse(&template.without_jinja()).map_err(no_document)?;
        if document.root().is_none() {
            return Err("it is empty".to_owned());
        }
        Ok(Task {
            path,
            text,
            conditional: template.conditional(),
            template,
            document,
        })
    }

    /// Returns whether it has a task's form, of either version.
    pub(super) fn is_task(&self) -> bool {
        self.subtasks().is_some() || self.version_1().is_some()
    }

    /// Returns the topmost node of a task of version 1, which has scenarios at the top, each with
    /// a list of workloads.
    pub(super) fn version_1(&self) -> Option<Node<'_>> {
        let root = self.document.root()?;
        let is_scenario = |(key, value): (Node<'_>, Node<'_>)| {
            key.text().is_some_and(rally::is_scenario_name) && value.is_list()
        };
        (root.pairs().len() > 0 && root.pairs().all(is_scenario)).then_some(root)
    }

    fn subtasks(&self) -> Option<Node<'_>> {
        self.document.root()?.own("subtasks")
    }

    /// Returns the workloads whose scenario can be told.
    pub(super) fn workloads(&self) -> Vec<Workload<'_>> {
        let Some(root) = self.version_1() else {
            return self.workloads_of_version_2();
        };
        let lists = root.pairs();
        lists
            .flat_map(|(name, list)| list.items().map(move |item| (name, item)))
            .take(MOST_WORKLOADS)
            .filter_map(|(name, item)| Workload::of_version_1(self.path, name, item))
            .collect()
    }

    /// Takes a list once that many subtasks share by aliases.
    fn workloads_of_version_2(&self) -> Vec<Workload<'_>> {
        let mut seen = HashSet::new();
        let subtasks = self.subtasks().into_iter().flat_map(Node::items);
        subtasks
            .flat_map(|subtask| match subtask.own("workloads") {
                Some(list) if !seen.insert(list.resolved().id) => Vec::new(),
                Some(list) => list.items().collect(),
                None => vec![subtask],
            })
            .filter_map(|node| Workload::of_version_2(self.path, node))
            .collect()
    }

    /// Returns the texts that Rally may read, with their lines: values, and what is inside Jinja2.
    pub(super) fn texts(&self) -> impl Iterator<Item = (usize, &str)> {
        let scalars = self.document.nodes().filter(|node| node.is_scalar());
        let scalars = scalars.filter_map(|node| Some((node.line(), node.text()?)));
        scalars.chain(self.template.code())
    }

    /// Returns whether the line is there only on a condition.
    pub(super) fn is_conditional(&self, line: usize) -> bool {
        let after = self
            .conditional
            .partition_point(|range| range.start <= line);
        let last = after.checked_sub(1).map(|index| &self.conditional[index]);
        last.is_some_and(|range| range.contains(&line))
    }

    /// Returns where a YAML reader stops that does not know Jinja2.
    pub(super) fn unreadable_unrendered(&self) -> Option<(usize, Unreadable)> {
        let Flaw { line, kind, .. } = yaml::parse(self.text).err()?;
        let unreadable = match kind {
            // the other parser has the last word: it is closer to Python's
            FlawKind::Syntax(_) if !yaml::libyaml::refuses(self.text) => return None,
            FlawKind::Syntax(what) => Unreadable::Form(what),
            FlawKind::Unhashable => Unreadable::Key("a bare `{{ }}` is a mapping".to_owned()),
            FlawKind::Twice(key) => Unreadable::Key(format!("the key `{key}` exists twice")),
            _ => return None,
        };
        Some((line, unreadable))
    }
}

fn no_document(flaw: Flaw) -> String {
    let what = match flaw.kind {
        FlawKind::Syntax(what) => what,
        FlawKind::SecondDocument => "a second document".to_owned(),
        FlawKind::Unhashable => "a key that is no name".to_owned(),
        FlawKind::Twice(key) => format!("`{key}` twice in one mapping"),
        other => other.to_string(),
    };
    let line = flaw.line;
    format!("without its Jinja2 it is not YAML: line {line}: {what}")
}

/// A workload, of either version.
#[derive(Clone, Copy)]
pub(super) struct Workload<'d> {
    /// The task's.
    pub(super) path: &'d str,
    /// The line of the scenario's name.
    pub(super) line: usize,
    pub(super) scenario: &'d str,
    /// The configuration of the constant runner.
    pub(super) constant: Option<Node<'d>>,
    /// Key and value.
    pub(super) sla: Option<(Node<'d>, Node<'d>)>,
}

impl<'d> Workload<'d> {
    fn of_version_1(path: &'d str, name: Node<'d>, item: Node<'d>) -> Option<Workload<'d>> {
        let is_constant =
            |runner: &Node<'d>| runner.own("type").and_then(Node::text) == Some("constant");
        let constant = item.own("runner").filter(is_constant);
        Workload::new(path, name, constant, item.entry("sla"))
    }

    fn of_version_2(path: &'d str, at: Node<'d>) -> Option<Workload<'d>> {
        let (name, _) = at.own("scenario")?.pairs().next()?;
        let constant = at.own("runner").and_then(|runner| runner.own("constant"));
        Workload::new(path, name, constant, at.entry("sla"))
    }

    fn new(
        path: &'d str,
        name: Node<'d>,
        constant: Option<Node<'d>>,
        sla: Option<(Node<'d>, Node<'d>)>,
    ) -> Option<Workload<'d>> {
        Some(Workload {
            path,
            line: name.line(),
            scenario: name.text().filter(|_| !is_unknown(name))?,
            constant,
            sla,
        })
    }
}

/// Returns whether a part of the value is Jinja2's.
pub(super) fn is_unknown(at: Node<'_>) -> bool {
    at.text().is_some_and(|text| text.contains(UNKNOWN))
}
