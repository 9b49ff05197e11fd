//! A task file, rendered and read as Rally does.

use std::collections::BTreeMap;

use serde_json::Value;

use super::budget::{Budget, SPENT};
use super::finding::Place;
use super::render::{self, Included, Rendered, Rows, Unrendered};
use super::value::{self, Unloadable};
use crate::files::Files;
use crate::rally;
use crate::yaml::{self, Document, Flaw, FlawKind, Node};

/// Bytes of a rendered task; the nodes of a larger one take too much memory. The largest upstream
/// task has some 100 kB.
const LARGEST: usize = 1 << 19;

/// A task file.
pub(crate) struct Task<'t> {
    pub(crate) path: &'t str,
    text: &'t str,
    rows: Rows,
    rendered: Rendered,
    /// The rendered text; lines of its nodes are the rendered text's.
    document: Document,
    /// What Rally's loader makes of it.
    value: Value,
}

/// Why there is no task.
#[derive(Debug)]
pub(crate) enum NoTask {
    /// Variables without a value, and the lines that need them.
    Variables(BTreeMap<String, usize>),
    /// Jinja2 fails, at the line of the template.
    Template { line: usize, why: String },
    /// Rally's YAML loader fails, at the line of the template.
    Yaml { line: usize, why: String },
    /// It cannot be told.
    NotJudged(String),
}

/// What a YAML reader that does not know Jinja2 cannot take, and why.
pub(super) enum Unreadable {
    /// The form of the text: no reader takes it.
    Form(String),
    /// A key: only a reader that makes values of the text refuses it.
    Key(String),
}

impl<'t> Task<'t> {
    /// Returns the task as Rally gets it.
    pub(crate) fn read(
        files: &dyn Files,
        path: &'t str,
        text: &'t str,
        budget: &Budget,
    ) -> Result<Self, NoTask> {
        let spent = || NoTask::NotJudged(SPENT.to_owned());
        budget.take_bytes(text.len()).ok_or_else(spent)?;
        let rendered = render::render(files, path, text, budget)?;
        if rendered.text.len() > LARGEST {
            let why = format!("it has more than {} KiB", LARGEST >> 10);
            return Err(NoTask::NotJudged(why));
        }
        let more = rendered.text.len().saturating_sub(text.len());
        budget.take_bytes(more).ok_or_else(spent)?;
        let flaw = |flaw: Flaw| match flaw.kind {
            FlawKind::Deep | FlawKind::Repeated => NoTask::NotJudged(flaw.to_string()),
            kind => NoTask::Yaml {
                line: rendered.line(flaw.line),
                why: kind.to_string(),
            },
        };
        yaml::readable(&rendered.text).map_err(flaw)?;
        let document = yaml::parse(&rendered.text).map_err(flaw)?;
        let value = document.root().map_or(Ok(Value::Null), value::value);
        let value = value.map_err(|Unloadable { line, why }| NoTask::Yaml {
            line: rendered.line(line),
            why,
        })?;
        Ok(Task {
            path,
            text,
            rows: Rows::default(),
            rendered,
            document,
            value,
        })
    }

    /// Returns what Rally's loader makes of it.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the topmost node; `None` where there is nothing.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        self.document.root()
    }

    /// Returns the text that Rally's loader reads: nodes are in it.
    pub(crate) fn rendered(&self) -> &str {
        &self.rendered.text
    }

    /// Returns the line of the template that a line of the rendered text comes from.
    pub(crate) fn line(&self, rendered: usize) -> usize {
        self.rendered.line(rendered)
    }

    /// Returns the place in the template that a place in the rendered text comes from.
    pub(super) fn place(&self, rendered: Place) -> Place {
        let line = self.rendered.line(rendered.line);
        let row = self.rows.row(self.text, line);
        let column = row.and_then(|row| self.rendered.column(rendered.line, rendered.column, row));
        Place {
            line,
            column: column.unwrap_or(0),
        }
    }

    /// Returns the other files of its folder that its own tags name, and that it is rendered with.
    pub(super) fn included(&self) -> Vec<Included> {
        let read = &self.rendered.read;
        if read.is_empty() {
            return Vec::new();
        }
        let named = render::included(self.text).into_iter();
        named
            .filter(|included| read.contains(&included.name))
            .collect()
    }

    /// Returns whether it has a task's form, of either version.
    pub(super) fn is_task(&self) -> bool {
        self.subtasks().is_some() || self.version_1().is_some()
    }

    /// Returns the topmost node of a task of version 1, which has scenarios at the top, each with
    /// a list of workloads.
    pub(crate) fn version_1(&self) -> Option<Node<'_>> {
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
    pub(crate) fn workloads(&self) -> Vec<Workload<'_>> {
        let Some(root) = self.version_1() else {
            return self.workloads_of_version_2();
        };
        let lists = root.pairs();
        lists
            .flat_map(|(name, list)| list.items().map(move |item| (name, item)))
            .filter_map(|(name, item)| Workload::of_version_1(self.path, name, item))
            .collect()
    }

    fn workloads_of_version_2(&self) -> Vec<Workload<'_>> {
        let subtasks = self.subtasks().into_iter().flat_map(Node::items);
        subtasks
            .flat_map(|subtask| match subtask.own("workloads") {
                Some(list) => list.items().collect(),
                None => vec![subtask],
            })
            .filter_map(|node| Workload::of_version_2(self.path, node))
            .collect()
    }

    /// Returns the texts that Rally reads, with their lines.
    pub(super) fn texts(&self) -> impl Iterator<Item = (usize, &str)> {
        let scalars = self.document.nodes().filter(|node| node.is_scalar());
        scalars.filter_map(|node| Some((node.line(), node.text()?)))
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

/// Returns whether a text that may be no YAML seems to be meant as a task: it has a key of one,
/// however deep, as a task may be indented throughout.
pub(super) fn looks_like_one(text: &str) -> bool {
    let is_key = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '-', '{', '"', '\'']);
        let key = line.split_once(':').map_or("", |(key, _)| key);
        let key = key.trim_end_matches([' ', '"', '\'']);
        key == "subtasks" || rally::is_scenario_name(key)
    };
    text.lines().any(is_key)
}

/// A workload, of either version. Lines are those of the rendered text.
#[derive(Clone, Copy)]
pub(crate) struct Workload<'d> {
    /// The task's.
    pub(super) path: &'d str,
    /// The line of the scenario's name.
    pub(crate) line: usize,
    pub(crate) scenario: &'d str,
    /// What has the rest of the workload.
    at: Node<'d>,
    arguments: Option<Node<'d>>,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Version 1.
    One,
    /// Version 2.
    Two,
}

/// A plugin that a workload names, with its configuration.
pub(super) struct Named<'d> {
    pub(super) kind: PluginKind,
    pub(super) name: &'d str,
    /// The line of the name.
    pub(super) line: usize,
    /// The configuration; of a runner of version 1, with its `type`.
    pub(super) config: Node<'d>,
    form: Form,
}

/// What plugins a workload names, beside its scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PluginKind {
    Runner,
    Context,
    Sla,
    Hook,
    Trigger,
}

impl<'d> Workload<'d> {
    fn of_version_1(path: &'d str, name: Node<'d>, at: Node<'d>) -> Option<Workload<'d>> {
        Some(Workload {
            path,
            line: name.line(),
            scenario: name.text()?,
            at,
            arguments: at.own("args"),
            form: Form::One,
        })
    }

    fn of_version_2(path: &'d str, at: Node<'d>) -> Option<Workload<'d>> {
        let (name, arguments) = at.own("scenario")?.pairs().next()?;
        Some(Workload {
            path,
            line: name.line(),
            scenario: name.text()?,
            at,
            arguments: Some(arguments),
            form: Form::Two,
        })
    }

    /// Returns the scenario's arguments; `None` where there are none.
    pub(super) fn arguments(&self) -> Option<Node<'d>> {
        self.arguments.filter(|node| node.is_mapping())
    }

    /// Returns the contexts.
    pub(super) fn contexts(&self) -> Option<Node<'d>> {
        self.at.own(match self.form {
            Form::One => "context",
            Form::Two => "contexts",
        })
    }

    /// Returns the key and the value of `sla`.
    pub(super) fn sla(&self) -> Option<(Node<'d>, Node<'d>)> {
        self.at.entry("sla")
    }

    /// Returns the plugins that the workload names, beside its scenario.
    pub(super) fn plugins(&self) -> Vec<Named<'d>> {
        let mut named: Vec<Named<'d>> = self.runner().into_iter().collect();
        let pairs = |node: Option<Node<'d>>| node.into_iter().flat_map(Node::pairs);
        named.extend(
            pairs(self.contexts()).filter_map(|pair| self.named(PluginKind::Context, pair)),
        );
        let sla = self.sla().map(|(_, sla)| sla);
        named.extend(pairs(sla).filter_map(|pair| self.named(PluginKind::Sla, pair)));
        for hook in self.at.own("hooks").into_iter().flat_map(Node::items) {
            named.extend(self.of_hook(hook));
        }
        named
    }

    /// Returns the runner.
    pub(super) fn runner(&self) -> Option<Named<'d>> {
        let runner = self.at.own("runner")?;
        match self.form {
            Form::Two => self.named(PluginKind::Runner, runner.pairs().next()?),
            Form::One => self.named(PluginKind::Runner, (runner.own("type")?, runner)),
        }
    }

    fn named(&self, kind: PluginKind, pair: (Node<'d>, Node<'d>)) -> Option<Named<'d>> {
        let (name, config) = pair;
        Some(Named {
            kind,
            name: name.text()?,
            line: name.line(),
            config,
            form: self.form,
        })
    }

    fn of_hook(&self, hook: Node<'d>) -> Vec<Named<'d>> {
        // of more than one, the form says that there is one too many
        let single = |key: &str| {
            let node = hook.own(key).filter(|node| node.pairs().len() == 1)?;
            node.pairs().next()
        };
        let of_args = |node: Node<'d>| Some((node.own("name")?, node.own("args")?));
        let (action, trigger) = match self.form {
            Form::Two => (single("action"), single("trigger")),
            Form::One => (of_args(hook), hook.own("trigger").and_then(of_args)),
        };
        let action = action.and_then(|pair| self.named(PluginKind::Hook, pair));
        let trigger = trigger.and_then(|pair| self.named(PluginKind::Trigger, pair));
        action.into_iter().chain(trigger).collect()
    }
}

impl Named<'_> {
    /// Returns the configuration as Rally hands it to the plugin.
    pub(super) fn value(&self) -> Value {
        let mut value = value::value(self.config).unwrap_or_default();
        let is_runner = self.kind == PluginKind::Runner && self.form == Form::One;
        if let (true, Some(map)) = (is_runner, value.as_object_mut()) {
            map.shift_remove("type");
        }
        value
    }
}

impl From<Unrendered> for NoTask {
    fn from(why: Unrendered) -> NoTask {
        match why {
            Unrendered::Variables(names) => NoTask::Variables(names),
            Unrendered::Fails { line, why } => NoTask::Template { line, why },
            Unrendered::NotJudged(why) => NoTask::NotJudged(why),
        }
    }
}
