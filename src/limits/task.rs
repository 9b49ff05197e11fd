//! The limits of a task that an earlier run rendered.

use super::matched::words;
use super::{LimitSource, Limits, WorkloadLimits};
use crate::catalogue::Service;
use crate::yaml::{self, Node};

/// Returns the limits that the task has for the service's workloads, known by scenario and
/// description; `None` where it is no YAML, or has none of them. `said` is what the commit message
/// says of them.
pub fn of_task(text: &str, service: &Service, said: Option<String>) -> Option<Limits> {
    let document = yaml::parse(text).ok()?;
    let subtasks = document.root()?.own("subtasks")?.items();
    let workloads = subtasks.filter_map(|subtask| subtask.own("workloads"));
    let mut theirs: Vec<Option<Node<'_>>> = workloads.flat_map(Node::items).map(Some).collect();
    let mut found = Vec::new();
    for workload in service.workloads() {
        let is_same = |node: &Node<'_>| {
            let scenario = node.own("scenario").and_then(|node| node.pairs().next());
            let scenario = scenario.and_then(|(name, _)| name.text());
            let description = node.own("description").and_then(Node::text);
            scenario == Some(workload.scenario.as_str())
                && description.is_some_and(|text| words(text) == words(&workload.description))
        };
        // Several with the same are in the same order.
        let same = theirs
            .iter_mut()
            .find(|node| node.as_ref().is_some_and(is_same));
        let node = same.and_then(Option::take);
        found.push(node.map(limits).unwrap_or_default());
    }
    let has_some = found.iter().any(|limits| !limits.actions.is_empty());
    has_some.then_some(Limits {
        workloads: found,
        source: LimitSource::Task(said),
    })
}

fn limits(workload: Node<'_>) -> WorkloadLimits {
    let sla = workload.own("sla");
    let actions = sla.and_then(|sla| sla.own("max_avg_duration_per_atomic"));
    let actions = actions.into_iter().flat_map(Node::pairs);
    let actions =
        actions.filter_map(|(action, limit)| Some((action.text()?.to_owned(), limit.number()?)));
    let iteration = sla.and_then(|sla| sla.own("max_avg_duration")?.number());
    WorkloadLimits {
        actions: actions.collect(),
        iteration,
    }
}
