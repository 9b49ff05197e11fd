//! The lists of irrelevant files of the DevStack jobs, and who uses each.
//!
//! An entry's own list counts, else that of its job, else that of the nearest ancestor.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::config::Config;
use super::config_node::ConfigNode;
use super::devstack::Devstack;
use super::irrelevant::{self, Relevant};
use super::jobs::{Jobs, last};
use crate::rally::JOBS_OF_RALLY;
use crate::yaml::{Id, Layout, Node};

const KEY: &str = "irrelevant-files";

/// Parts of names of jobs that deploy nothing: unit tests, linters.
const WITHOUT_CLOUD: [&str; 3] = ["tox", "pep8", "lint"];

/// The lists, and the DevStack jobs that a change of the task file alone starts.
pub(crate) struct Lists<'a> {
    lists: Vec<FileList<'a>>,
    /// The jobs of check and gate, each with the lists that count; it may have none.
    started: BTreeMap<&'a str, Vec<Option<ConfigNode<'a>>>>,
}

/// One list of irrelevant files.
#[derive(Clone, Debug)]
pub(crate) struct FileList<'a> {
    /// The list itself, not an alias for it.
    pub(crate) at: ConfigNode<'a>,
    /// The first job that has it.
    pub(crate) job: &'a str,
    /// How many DevStack jobs and entries have it, and children of the former.
    uses: usize,
    /// The DevStack jobs of check and gate for which it counts, and that the task file starts.
    pub(crate) started: BTreeSet<&'a str>,
    /// It counts for a job that runs Rally, for one that is not known to deploy with DevStack, or
    /// for something else.
    is_of_others: bool,
}

impl<'a> FileList<'a> {
    /// Returns the patterns; `None` where one is no scalar.
    pub(crate) fn patterns(&self) -> Option<Vec<&'a str>> {
        patterns(self.at)
    }

    /// Returns whether it is the list of that node.
    pub(crate) fn is(&self, node: Node<'_>) -> bool {
        std::ptr::eq(self.at.node.document, node.document) && self.at.node.id == node.id
    }

    /// Returns whether a pattern more changes nothing but for DevStack jobs: all uses of the list
    /// are known, and it is written one scalar a line.
    fn takes_rally_jobs(&self) -> bool {
        let node = self.at.node;
        let is_block = node.layout() == Some(Layout::Block) && node.data().tag.is_none();
        let plain = |item: Node<'_>| item.is_scalar() && item.data().tag.is_none();
        self.started.len() > 1 && !self.is_of_others && is_block && node.items().all(plain)
    }
}

impl<'a> Lists<'a> {
    pub(crate) fn of(config: &'a Config, task: &str) -> Lists<'a> {
        let mut found = Found::of(config);
        let jobs = Jobs::of(config);
        found.look_at_jobs(&jobs);
        found.look_at_entries(config, &jobs);
        found.look_at_the_rest(config);
        let irrelevant = jobs.inherited(last(|at| at.get(KEY)));
        let files = jobs.inherited(last(|at| at.get("files")));
        let mut started: BTreeMap<&str, Vec<Option<ConfigNode<'a>>>> = BTreeMap::new();
        // Most jobs share one list.
        let mut hidden: HashMap<(&str, Id), bool> = HashMap::new();
        for (pipeline, entry) in config.entries() {
            let own = |key| entry.attributes.and_then(|at| at.get(key));
            let irrelevant = own(KEY).or_else(|| irrelevant.of(entry.name));
            let files = own("files").or_else(|| files.of(entry.name));
            if !is_checked(pipeline) || !found.devstack.has(entry.name) || !is_among(task, files) {
                continue;
            }
            let is_hidden = irrelevant.is_some_and(|list| {
                let key = (list.file.path.as_str(), list.node.resolved().id);
                *hidden.entry(key).or_insert_with(|| hides(list, task))
            });
            if is_hidden {
                continue;
            }
            if let Some(list) = irrelevant {
                found.list(entry.name, list).started.insert(entry.name);
            }
            started.entry(entry.name).or_default().push(irrelevant);
        }
        Lists {
            lists: found.lists,
            started,
        }
    }

    /// Returns the list of a node.
    pub(crate) fn get(&self, node: Node<'_>) -> Option<&FileList<'a>> {
        self.lists.iter().find(|list| list.is(node))
    }

    /// Returns the list that is most the service's own, and those of its patterns that are
    /// harmless: the one that most DevStack jobs have or inherit, rather not for one deployment.
    pub(crate) fn of_the_service(
        &self,
        relevant: Relevant<'_>,
        longest: usize,
    ) -> Option<(&FileList<'a>, Vec<&'a str>)> {
        let usable = self.lists.iter().filter_map(|list| {
            let patterns = list.patterns().filter(|_| list.uses > 0)?;
            let own = irrelevant::harmless(&patterns, relevant);
            let is_special = irrelevant::is_special(&patterns, relevant);
            let rank = (is_special, std::cmp::Reverse(list.uses));
            let fits = (1..=longest).contains(&own.len());
            fits.then_some((list, own, rank))
        });
        // of equals the first
        let best = usable.min_by_key(|(_, _, rank)| *rank);
        best.map(|(list, own, _)| (list, own))
    }

    /// Returns the lists that take the pattern of `rally-jobs`.
    pub(crate) fn without_rally_jobs(&self) -> Vec<&FileList<'a>> {
        let lists = self.lists.iter();
        lists.filter(|list| list.takes_rally_jobs()).collect()
    }

    /// Returns the DevStack jobs that a change of the task file alone starts, if the lists in
    /// `gains` have the pattern of `rally-jobs`.
    pub(crate) fn started(&self, gains: &[&FileList<'a>]) -> Vec<&'a str> {
        let gains = |at: &ConfigNode<'_>| gains.iter().any(|gain| gain.is(at.node.resolved()));
        let starts = |list: &Option<ConfigNode<'_>>| !list.as_ref().is_some_and(gains);
        let started = self.started.iter();
        let started = started.filter(|(_, lists)| lists.iter().any(starts));
        started.map(|(name, _)| *name).collect()
    }
}

/// What is found so far.
struct Found<'a> {
    devstack: Devstack<'a>,
    lists: Vec<FileList<'a>>,
    places: HashMap<(&'a str, Id), usize>,
    /// The lists and aliases that are seen, each where it stands.
    seen: HashSet<(&'a str, Id)>,
}

impl<'a> Found<'a> {
    fn of(config: &'a Config) -> Found<'a> {
        Found {
            devstack: Devstack::of(config),
            lists: Vec::new(),
            places: HashMap::new(),
            seen: HashSet::new(),
        }
    }

    /// Notes the lists of the jobs, their own and those that they inherit.
    fn look_at_jobs(&mut self, jobs: &Jobs<'a>) {
        let inherited = jobs.inherited(last(|at| at.get(KEY)));
        let others = jobs.inherited(|name, variants| is_other(name, variants).then_some(()));
        for (name, definitions) in jobs.iter() {
            let is_other = others.of(name).is_some() || !self.devstack.has(name);
            let own = definitions.iter().filter_map(|at| at.get(KEY));
            own.for_each(|list| self.uses(name, list, is_other));
        }
        for (name, _) in jobs.iter() {
            let is_other = others.of(name).is_some() || !self.devstack.has(name);
            let parent = jobs.parent(name).unwrap_or_default();
            let parents = jobs.definitions(parent).iter();
            for list in parents.filter_map(|at| at.get(KEY)) {
                self.uses(parent, list, false);
            }
            if let Some(list) = inherited.of(name) {
                self.list(name, list).is_of_others |= is_other;
            }
        }
    }

    /// Notes the lists of the entries of all stanzas and templates, used or not.
    fn look_at_entries(&mut self, config: &'a Config, jobs: &Jobs<'a>) {
        let inherited = jobs.inherited(last(|at| at.get(KEY)));
        let others = jobs.inherited(|name, variants| is_other(name, variants).then_some(()));
        let bodies = config
            .items("project")
            .chain(config.items("project-template"));
        let pipelines = bodies.flat_map(|item| item.body.pipelines());
        let entries = pipelines.flat_map(|(name, body)| body.entries().map(move |e| (name, e)));
        for (pipeline, entry) in entries {
            let is_unknown = is_checked(pipeline) && !self.devstack.has(entry.name);
            let is_other = is_unknown || others.of(entry.name).is_some();
            match entry.attributes.and_then(|at| at.get(KEY)) {
                Some(list) => self.uses(entry.name, list, is_other),
                None => {
                    if let Some(list) = inherited.of(entry.name) {
                        self.list(entry.name, list).is_of_others |= is_other;
                    }
                }
            }
        }
    }

    fn list(&mut self, job: &'a str, list: ConfigNode<'a>) -> &mut FileList<'a> {
        let node = list.node.resolved();
        let next = self.lists.len();
        let key = (list.file.path.as_str(), node.id);
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.lists.push(FileList {
                at: ConfigNode { node, ..list },
                job,
                uses: 0,
                started: BTreeSet::new(),
                is_of_others: false,
            });
        }
        &mut self.lists[place]
    }

    /// Notes what stands anywhere else: nobody knows what it is there for.
    fn look_at_the_rest(&mut self, config: &'a Config) {
        for file in &config.files {
            let path = file.path.as_str();
            for node in file.document.nodes().filter(|node| node.is_list()) {
                let place = self.places.get(&(path, node.resolved().id));
                if let Some(place) = place.filter(|_| !self.seen.contains(&(path, node.id))) {
                    self.lists[*place].is_of_others = true;
                }
            }
        }
    }

    fn uses(&mut self, job: &'a str, list: ConfigNode<'a>, is_other: bool) {
        let is_devstack = self.devstack.has(job);
        self.seen.insert((list.file.path.as_str(), list.node.id));
        let list = self.list(job, list);
        list.uses += usize::from(is_devstack);
        list.is_of_others |= is_other;
    }
}

/// Returns whether the pipeline runs for changes as they come.
fn is_checked(pipeline: &str) -> bool {
    matches!(pipeline, "check" | "gate")
}

fn is_other(name: &str, variants: &[ConfigNode<'_>]) -> bool {
    let sets_task = |at: &ConfigNode<'_>| {
        at.get("vars")
            .is_some_and(|v| v.get("rally_task").is_some())
    };
    name.starts_with(JOBS_OF_RALLY)
        || WITHOUT_CLOUD.iter().any(|part| name.contains(part))
        || variants.iter().any(sets_task)
}

/// Returns whether the file is one that the job's `files` name, if it has any.
fn is_among(path: &str, files: Option<ConfigNode<'_>>) -> bool {
    let is_listed = |files: Vec<&str>| !irrelevant::keeps(&files, path);
    files.and_then(patterns).is_none_or(is_listed)
}

/// Returns whether the list of irrelevant files has the file.
fn hides(irrelevant: ConfigNode<'_>, path: &str) -> bool {
    patterns(irrelevant).is_some_and(|list| irrelevant::hides(&list, path))
}

fn patterns(list: ConfigNode<'_>) -> Option<Vec<&str>> {
    let list = list.node.resolved();
    match list.is_list() {
        true => list.items().map(Node::text).collect(),
        // Zuul takes a single pattern as well
        false => list.text().map(|pattern| vec![pattern]),
    }
}
