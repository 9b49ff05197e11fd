//! Which part of one text is which of another.
//!
//! Pairs are known by their key. Items are known by what a person would call them, first by all
//! of it and then by less; what is alike is taken in order. A workload is found in any subtask.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::parts::{Parts, Shape};
use super::sense;
use crate::yaml::Node;

/// How sure two parts have to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// One text came of the other, so that names may have been edited.
    Edited,
    /// Both were written apart.
    Named,
}

/// Returns for each part of `a` the one of `b` that it is.
pub(super) fn pair(a: &Parts<'_>, b: &Parts<'_>, likeness: Likeness) -> Vec<Option<usize>> {
    let mut pairing = Pairing {
        a,
        b,
        likeness,
        found: vec![None; a.all.len()],
        taken: vec![false; b.all.len()],
    };
    pairing.workloads();
    pairing.meet(0, 0);
    pairing.found
}

/// Returns the name of the scenario, where the item is a workload.
pub(super) fn scenario(item: Node<'_>) -> Option<&str> {
    let scenario = item
        .own("scenario")
        .filter(|scenario| scenario.is_mapping())?;
    let mut pairs = scenario.pairs();
    let (name, _) = pairs.next()?;
    name.text().filter(|_| pairs.next().is_none())
}

/// Returns the name by which people know an item, where it has one.
pub(super) fn name(item: Node<'_>) -> Option<String> {
    if let Some(text) = item.text() {
        return Some(text.to_owned());
    }
    let text = |key| item.own(key).and_then(Node::text).map(str::to_owned);
    if item.own("workloads").is_some() {
        return text("title");
    }
    let mut pairs = item.pairs();
    match (pairs.next(), pairs.next()) {
        // a Zuul item (`job:` with a `name`), or an entry with settings
        (Some((key, value)), None) if value.is_mapping() => {
            let name = value.own("name").and_then(Node::text);
            let key = key.text()?;
            Some(name.map_or(key.to_owned(), |name| format!("{key} {name}")))
        }
        _ => text("name"),
    }
}

struct Pairing<'p, 't> {
    a: &'p Parts<'t>,
    b: &'p Parts<'t>,
    likeness: Likeness,
    found: Vec<Option<usize>>,
    taken: Vec<bool>,
}

/// What an item is called in one of the ways to know it; `None` where it cannot be known so.
type Called = fn(&Parts<'_>, usize) -> Option<String>;

impl Pairing<'_, '_> {
    /// Pairs the workloads of all subtasks.
    fn workloads(&mut self) {
        let of = |parts: &Parts<'_>| -> Vec<usize> {
            let all = 0..parts.all.len();
            all.filter(|at| is_workload(parts, *at)).collect()
        };
        let (a, b) = (of(self.a), of(self.b));
        let described: Called = |parts, at| {
            let description = parts.node(at).own("description").and_then(Node::text);
            let name = scenario(parts.node(at))?;
            Some(format!("{name}\u{1}{}", description.unwrap_or_default()))
        };
        let in_subtask = |called: Called| {
            move |parts: &Parts<'_>, at: usize| {
                let subtask = parts.upwards(at).nth(2);
                let title = subtask.and_then(|at| parts.node(at).own("title"));
                let title = title.and_then(Node::text).unwrap_or_default();
                called(parts, at).map(|name| format!("{title}\u{1}{name}"))
            }
        };
        let named: Called = |parts, at| scenario(parts.node(at)).map(str::to_owned);
        self.tier(&a, &b, in_subtask(described));
        self.tier(&a, &b, described);
        if self.likeness == Likeness::Edited {
            self.tier(&a, &b, in_subtask(named));
            self.tier(&a, &b, named);
        }
        for at in a {
            if let Some(other) = self.found[at] {
                self.meet(at, other);
            }
        }
    }

    /// Pairs what is below two parts that are the same.
    fn meet(&mut self, a: usize, b: usize) {
        (self.found[a], self.taken[b]) = (Some(b), true);
        let (one, other) = (&self.a.all[a], &self.b.all[b]);
        match (one.shape, other.shape) {
            (Shape::Mapping, Shape::Mapping) => {
                let key: Called = |parts, at| parts.key(at).map(str::to_owned);
                self.tier(&one.children, &other.children, key);
            }
            (Shape::List, Shape::List) => self.items(&one.children, &other.children),
            _ => {}
        }
        for child in &one.children {
            if let Some(other) = self.found[*child].filter(|_| !is_workload(self.a, *child)) {
                self.meet(*child, other);
            }
        }
    }

    fn items(&mut self, a: &[usize], b: &[usize]) {
        let known: Called = |parts, at| name(parts.node(at)).filter(|_| !is_workload(parts, at));
        let whole: Called = |parts, at| is_nameless(parts, at).then(|| sense::inner(parts, at));
        let place: Called = |parts, at| is_nameless(parts, at).then(String::new);
        self.tier(a, b, known);
        self.tier(a, b, whole);
        if self.likeness == Likeness::Edited {
            self.subtasks(a, b);
            self.tier(a, b, place);
            self.lone(a, b);
        }
    }

    /// Pairs two items that are alone, whatever they are called: the job of a Zuul item may have got
    /// another name.
    fn lone(&mut self, a: &[usize], b: &[usize]) {
        let ([one], [other]) = (a, b) else {
            return;
        };
        let is_free = self.found[*one].is_none() && !self.taken[*other];
        let kind = |node: Node<'_>| Some(node.pairs().next()?.0.text()?.to_owned());
        let kinds = (kind(self.a.node(*one)), kind(self.b.node(*other)));
        if is_free && kinds.0.is_some() && kinds.0 == kinds.1 {
            (self.found[*one], self.taken[*other]) = (Some(*other), true);
        }
    }

    /// Pairs subtasks with those that have most of their workloads.
    fn subtasks(&mut self, a: &[usize], b: &[usize]) {
        let free: HashSet<usize> = b.iter().filter(|at| !self.taken[**at]).copied().collect();
        let open: Vec<usize> = a
            .iter()
            .copied()
            .filter(|at| self.found[*at].is_none())
            .collect();
        for at in open {
            let mut times: BTreeMap<usize, usize> = BTreeMap::new();
            let lists = self.a.all[at].children.iter();
            for workload in lists.flat_map(|list| &self.a.all[*list].children) {
                let subtask = self.found[*workload].and_then(|other| self.b.upwards(other).nth(2));
                if let Some(subtask) = subtask.filter(|at| free.contains(at)) {
                    *times.entry(subtask).or_default() += 1;
                }
            }
            let most = times.into_iter().filter(|(at, _)| !self.taken[*at]);
            if let Some((other, _)) = most.max_by_key(|(_, times)| *times) {
                (self.found[at], self.taken[other]) = (Some(other), true);
            }
        }
    }

    /// Pairs what is called the same and is not paired yet, in order.
    fn tier(
        &mut self,
        a: &[usize],
        b: &[usize],
        called: impl Fn(&Parts<'_>, usize) -> Option<String>,
    ) {
        let mut waiting: HashMap<String, VecDeque<usize>> = HashMap::new();
        for at in b.iter().filter(|at| !self.taken[**at]) {
            if let Some(name) = called(self.b, *at) {
                waiting.entry(name).or_default().push_back(*at);
            }
        }
        for at in a {
            if waiting.is_empty() {
                return;
            }
            if self.found[*at].is_some() {
                continue;
            }
            let name = called(self.a, *at);
            let other = name.and_then(|name| waiting.get_mut(&name)?.pop_front());
            if let Some(other) = other {
                (self.found[*at], self.taken[other]) = (Some(other), true);
            }
        }
    }
}

fn is_item(parts: &Parts<'_>, at: usize) -> bool {
    let parent = parts.all[at].parent;
    parent.is_some_and(|parent| parts.all[parent].shape == Shape::List)
}

pub(super) fn is_workload(parts: &Parts<'_>, at: usize) -> bool {
    is_item(parts, at) && scenario(parts.node(at)).is_some()
}

fn is_nameless(parts: &Parts<'_>, at: usize) -> bool {
    let node = parts.node(at);
    !is_workload(parts, at) && name(node).is_none() && node.own("workloads").is_none()
}
