//! A task file.

use std::collections::BTreeSet;
use std::ops::Range;

use super::jinja::{Template, UNKNOWN};
use super::rule::Rule;
use crate::glob;
use crate::rally::{self, Facts, is_scenario_name};
use crate::yaml::{self, Document, Flaw, FlawKind, Node};

/// What the task is judged with.
pub(super) struct Ground<'a> {
    /// Rally's own scenarios.
    pub(super) facts: &'a Facts,
    /// The scenarios of the repository's plugins; `None` where they cannot be told.
    pub(super) plugins: Option<&'a BTreeSet<String>>,
    /// The files of `rally-jobs/extra`, below it.
    pub(super) extra: &'a dyn Fn(&str) -> bool,
}

/// What is found in one file: line, rule, message.
pub(super) type Found = (usize, Rule, String);

/// A task file, read as far as that is possible without rendering it.
pub(super) struct Task<'t> {
    text: &'t str,
    template: Template<'t>,
    document: Document,
    conditional: Vec<Range<usize>>,
}

impl<'t> Task<'t> {
    /// Returns the task, or why it cannot be judged.
    pub(super) fn read(text: &'t str) -> Result<Task<'t>, String> {
        let template = Template::parse(text).ok_or("a Jinja2 sign is not closed")?;
        if let Some(word) = template.beyond_us() {
            return Err(format!(
                "it uses Jinja2's `{word}`, and is not rendered here"
            ));
        }
        let document = yaml::parse(&template.without_jinja()).map_err(|flaw| {
            let what = match flaw.kind {
                FlawKind::Syntax(what) => what,
                FlawKind::SecondDocument => "a second document".to_owned(),
                FlawKind::Unhashable => "a key that is no name".to_owned(),
                FlawKind::Twice(key) => format!("`{key}` twice in one mapping"),
                other => other.to_string(),
            };
            format!(
                "without its Jinja2 it is no YAML: line {}: {what}",
                flaw.line
            )
        })?;
        if document.root().is_none() {
            return Err("it is empty".to_owned());
        }
        Ok(Task {
            text,
            conditional: template.conditional(),
            template,
            document,
        })
    }

    /// Returns whether it has a task's form, of either version.
    pub(super) fn is_task(&self) -> bool {
        let is_task = |root: Node<'_>| root.own("subtasks").is_some() || is_version_1(root);
        self.document.root().is_some_and(is_task)
    }

    /// Returns everything that is wrong with it.
    pub(super) fn judge(&self, ground: &Ground<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        for (name, line) in self.template.undeclared() {
            let message = format!(
                "the variable `{name}` has no default, and the job gives none: write \
                 `{{% set {name} = {name} or .. %}}` or `{name} | default(..)`"
            );
            found.push((line, Rule::UndeclaredVariable, message));
        }
        let root = self.document.root();
        if let Some(root) = root.filter(|root| is_version_1(*root)) {
            let message = "task format version 1, which is deprecated; version 2 has `subtasks`";
            found.push((root.line(), Rule::TaskV1, message.to_owned()));
        }
        let mut less_sure = Vec::new();
        for workload in root.map(workloads).unwrap_or_default() {
            workload.judge(ground, &mut less_sure);
        }
        self.extra_files(ground, &mut less_sure);
        let sure = less_sure
            .into_iter()
            .filter(|(line, ..)| !self.conditional.iter().any(|range| range.contains(line)));
        found.extend(sure);
        found
    }

    /// Returns where a YAML reader stops that does not know Jinja2, and whether it is the form
    /// of the text or only a key that it cannot take.
    pub(super) fn not_yaml(&self) -> Option<(usize, bool, String)> {
        let Flaw { line, kind, .. } = yaml::parse(self.text).err()?;
        match kind {
            // the other parser has the last word: it is closer to Python's
            FlawKind::Syntax(what) => {
                yaml::libyaml::refuses(self.text).then_some((line, true, what))
            }
            FlawKind::Unhashable => Some((line, false, "a bare `{{ }}` is a mapping".to_owned())),
            FlawKind::Twice(key) => Some((line, false, format!("the key `{key}` stands twice"))),
            _ => None,
        }
    }

    fn extra_files(&self, ground: &Ground<'_>, found: &mut Vec<Found>) {
        let scalars = self.document.nodes().filter(|node| node.is_scalar());
        let scalars = scalars.filter_map(|at| Some((at.line(), at.text()?)));
        let mut seen = BTreeSet::new();
        for (line, text) in scalars.chain(self.template.insides()) {
            for name in extra_names(text) {
                let made = rally::IMAGES_OF_THE_ROLE.contains(&name);
                if made || (ground.extra)(name) || !seen.insert((line, name.to_owned())) {
                    continue;
                }
                let message = format!("`rally-jobs/extra/{name}` is not there");
                found.push((line, Rule::ExtraMissing, message));
            }
        }
    }
}

/// Returns the names behind `~/.rally/extra/`, those that are whole.
fn extra_names(text: &str) -> impl Iterator<Item = &str> {
    let place = "~/.rally/extra/";
    text.match_indices(place).filter_map(move |(at, _)| {
        let rest = &text[at + place.len()..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let whole = rest[end..]
            .chars()
            .next()
            .is_none_or(|c| "\"'),]} \n".contains(c));
        let name = &rest[..end];
        let plain = !name.is_empty() && !name.contains(UNKNOWN) && !name.contains("..");
        (whole && plain).then_some(name)
    })
}

/// Version 1 has scenarios at the top, each with a list of workloads.
fn is_version_1(root: Node<'_>) -> bool {
    let mut pairs = root.pairs().peekable();
    pairs.peek().is_some()
        && pairs.all(|(key, value)| {
            let is_scenario = key.text().is_some_and(is_scenario_name);
            is_scenario && value.is_list()
        })
}

/// A workload, of either version.
struct Workload<'d> {
    name: Node<'d>,
    /// The configuration of the constant runner.
    constant: Option<Node<'d>>,
    /// Key and value.
    sla: Option<(Node<'d>, Node<'d>)>,
}

fn workloads(root: Node<'_>) -> Vec<Workload<'_>> {
    if is_version_1(root) {
        let mut found = Vec::new();
        for (name, list) in root.pairs() {
            found.extend(list.items().map(|item| {
                Workload {
                    name,
                    constant: (item.own("runner"))
                        .filter(|r| r.own("type").and_then(Node::text) == Some("constant")),
                    sla: item.entry("sla"),
                }
            }));
        }
        return found;
    }
    let mut found = Vec::new();
    for subtask in root.own("subtasks").into_iter().flat_map(Node::items) {
        match subtask.own("workloads") {
            Some(list) => found.extend(list.items().filter_map(workload)),
            None => found.extend(workload(subtask)),
        }
    }
    found
}

fn workload(at: Node<'_>) -> Option<Workload<'_>> {
    Some(Workload {
        name: at.own("scenario")?.pairs().next()?.0,
        constant: at.own("runner").and_then(|r| r.own("constant")),
        sla: at.entry("sla"),
    })
}

fn is_unknown(at: Node<'_>) -> bool {
    at.text().is_some_and(|text| text.contains(UNKNOWN))
}

impl Workload<'_> {
    fn judge(&self, ground: &Ground<'_>, found: &mut Vec<Found>) {
        let Some(name) = self.name.text().filter(|_| !is_unknown(self.name)) else {
            return;
        };
        self.scenario(name, ground, found);
        self.load(found);
        if let Some((key, sla)) = self.sla.filter(|(_, sla)| sla.is_mapping()) {
            lets_all_fail(name, key, sla, found);
            self.actions(name, sla, ground, found);
        }
    }

    fn scenario(&self, name: &str, ground: &Ground<'_>, found: &mut Vec<Found>) {
        let unknown = ground
            .plugins
            .is_some_and(|plugins| !plugins.contains(name));
        if ground.facts.has(name) || !unknown {
            return;
        }
        let near = ground.facts.nearest(name);
        let hint = near.map_or(String::new(), |near| format!("; Rally has `{near}`"));
        let message = format!(
            "no scenario `{name}` in {} or rally-jobs/plugins{hint}",
            ground.facts.versions().words()
        );
        found.push((self.name.line(), Rule::UnknownScenario, message));
    }

    fn load(&self, found: &mut Vec<Found>) {
        let Some(runner) = self.constant.filter(|r| r.is_mapping()) else {
            return;
        };
        let number = |key: &str| match runner.own(key) {
            None => Some(1.0),
            Some(at) => at.number(),
        };
        if let (Some(times), Some(concurrency)) = (number("times"), number("concurrency"))
            && concurrency > times
        {
            let line = runner
                .entry("concurrency")
                .map_or(runner.line(), |(k, _)| k.line());
            let message = format!(
                "`concurrency` ({concurrency}) is above `times` ({times}), which Rally refuses"
            );
            found.push((line, Rule::ConcurrencyOverTimes, message));
        }
    }

    /// Judges the limits of a scenario whose actions are known.
    fn actions(&self, name: &str, sla: Node<'_>, ground: &Ground<'_>, found: &mut Vec<Found>) {
        let of_plugin = ground.plugins.is_none_or(|plugins| plugins.contains(name));
        let Some(known) = ground.facts.actions(name).filter(|_| !of_plugin) else {
            return;
        };
        let limits = sla.own("max_avg_duration_per_atomic");
        for (key, _) in limits.into_iter().flat_map(Node::pairs) {
            let Some(action) = key.text().filter(|_| !is_unknown(key)) else {
                continue;
            };
            if action == "<<" || known.iter().any(|pattern| glob::matches(pattern, action)) {
                continue;
            }
            let message = format!(
                "`{name}` never reports `{action}`, so this limit always holds; it can report {}",
                known.join(", ")
            );
            found.push((key.line(), Rule::UnknownAction, message));
        }
    }
}

/// An SLA without `failure_rate` below 100 holds when all fails; without any `sla`, Rally itself
/// takes `failure_rate: max: 0`.
fn lets_all_fail(name: &str, key: Node<'_>, sla: Node<'_>, found: &mut Vec<Found>) {
    if sla
        .pairs()
        .any(|(key, _)| is_unknown(key) || key.text() == Some("<<"))
    {
        return;
    }
    let (line, lax) = match sla.entry("failure_rate") {
        None => (key.line(), true),
        Some((key, rate)) if rate.is_mapping() => match rate.entry("max") {
            None => (key.line(), rate.own("<<").is_none()),
            Some((key, max)) => (key.line(), max.number().is_some_and(|max| max >= 100.0)),
        },
        Some((key, _)) => (key.line(), false),
    };
    if lax {
        let message = format!(
            "`{name}` passes when every iteration fails: `failure_rate` needs a `max` below 100"
        );
        found.push((line, Rule::LetsAllFail, message));
    }
}
