//! What a change may do to Rally's files without a job that runs Rally.
//!
//! The lists of a parent elsewhere are not known, so a job without a list of its own is not judged.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use regex_lite::Regex;

use super::{NOT_JUDGED, Rule};
use crate::check::Finding;
use crate::check::folder::Folder;
use crate::check::named::{NamedTask, Target, plain};
use crate::rally::{EXTRA, Jobs, is_plugin};
use crate::zuul::{Location, Setting, Use, Wiring, compiled};

/// A change of the task alone does not start the job; or one of a plugin or an extra file starts
/// none.
pub(super) const TASK_HIDDEN: Rule = Rule {
    name: "task-hidden",
};

pub(in crate::check) fn task_hidden(
    wiring: &Wiring,
    jobs: &Jobs,
    named: &[NamedTask],
    folder: &Folder,
) -> Vec<Finding> {
    let mut lists = Lists::new();
    let mut found = of_tasks(wiring, jobs, named, &mut lists);
    for path in beside_tasks(folder) {
        let hidden: Option<Vec<Hidden<'_>>> = (wiring.uses.iter())
            .filter(|one| one.is_of_changes())
            .map(|one| lists.hide(one, path).into_iter().next())
            .collect();
        let Some(first) = hidden.and_then(|hidden| hidden.into_iter().next()) else {
            continue;
        };
        let message = format!(
            "a change of `{path}` alone starts no job that runs Rally: {}",
            first.why
        );
        let place = first.place;
        let is_told = |one: &Finding| one.path == place.path && one.line == place.line;
        if !found.iter().any(is_told) {
            found.push(TASK_HIDDEN.doubtful(&place.path, place, message));
        }
    }
    found.extend(lists.not_judged(named));
    found
}

fn of_tasks(wiring: &Wiring, jobs: &Jobs, named: &[NamedTask], lists: &mut Lists) -> Vec<Finding> {
    // `task-missing` says so
    let lost = named
        .iter()
        .filter(|task| matches!(task.target, Target::Nothing));
    let lost: BTreeSet<&str> = lost.map(|task| task.path.as_str()).collect();
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for one in wiring.uses.iter().filter(|one| one.is_of_changes()) {
        let Some(task) = task_of(one, jobs).and_then(plain) else {
            continue;
        };
        if lost.contains(task.as_str()) {
            continue;
        }
        for Hidden { place, why } in lists.hide(one, &task) {
            // a list that many jobs share is told of once
            if told.insert((task.clone(), place)) {
                let job = &one.job;
                let message = format!("a change of `{task}` alone does not start `{job}`: {why}");
                found.push(TASK_HIDDEN.doubtful(&place.path, place, message));
            }
        }
    }
    found
}

/// Returns the first plugin, and the first extra file: what hides one hides the others.
fn beside_tasks(folder: &Folder) -> impl Iterator<Item = &str> {
    let paths = || folder.paths.iter().map(String::as_str);
    let is_plugin = |path: &&str| is_plugin(path) && !path.ends_with("/__init__.py");
    let is_extra = |path: &&str| {
        let name = path.strip_prefix(EXTRA);
        name.is_some_and(|name| name.starts_with('/') && !name.contains("/README"))
    };
    let plugin = paths().find(is_plugin);
    plugin.into_iter().chain(paths().find(is_extra))
}

/// Returns the task that a job runs in a pipeline, wherever it is named.
pub(super) fn task_of<'a>(one: &'a Use, jobs: &'a Jobs) -> Option<&'a str> {
    match &one.task {
        Setting::Is(task, _) => Some(task),
        Setting::Absent => Some(jobs.task(&one.elsewhere.as_ref()?.0)?.1),
        Setting::Unsure => None,
    }
}

/// A list that keeps a job from a change.
struct Hidden<'a> {
    place: &'a Location,
    why: String,
}

/// Patterns that are compared with paths, in all.
const MOST_COMPARED: usize = 100_000;

/// What compiling a pattern costs, in comparisons.
const COMPILING: usize = 10;

/// Patterns that are kept compiled: each may take tens of kilobytes.
const MOST_COMPILED: usize = 500;

/// What each list says of each path: many jobs share one, and lists share patterns.
struct Lists {
    judged: BTreeMap<(*const String, bool, String), Option<String>>,
    compiled: HashMap<String, Option<Regex>>,
    /// Comparisons that may still be made.
    left: usize,
}

impl Lists {
    fn new() -> Lists {
        Lists {
            judged: BTreeMap::new(),
            compiled: HashMap::new(),
            left: MOST_COMPARED,
        }
    }

    /// Returns the lists of the job that hide the path for certain.
    fn hide<'a>(&mut self, one: &'a Use, path: &str) -> Vec<Hidden<'a>> {
        let lists = [(true, &one.irrelevant), (false, &one.files)];
        let known = lists.into_iter().filter_map(|(is_irrelevant, list)| {
            let (patterns, place) = list.known()?;
            let key = (patterns.as_ptr(), is_irrelevant, path.to_owned());
            let why = match self.judged.get(&key) {
                Some(known) => known.clone(),
                None => {
                    let why = match is_irrelevant {
                        true => self.hides(patterns, path),
                        false => self.misses(patterns, path),
                    };
                    self.judged.insert(key, why.clone());
                    why
                }
            }?;
            Some(Hidden { place, why })
        });
        known.collect()
    }

    fn hides(&mut self, patterns: &[String], path: &str) -> Option<String> {
        let mut patterns = patterns.iter();
        let pattern = patterns.find(|pattern| self.matches(pattern, path) == Some(true))?;
        Some(format!("`{pattern}` of `irrelevant-files` matches it"))
    }

    fn misses(&mut self, patterns: &[String], path: &str) -> Option<String> {
        let mut patterns = patterns.iter();
        let misses = patterns.all(|pattern| self.matches(pattern, path) == Some(false));
        misses.then(|| "no pattern of `files` matches it".to_owned())
    }

    /// Returns whether Zuul's pattern matches; `None` where that cannot be told.
    fn matches(&mut self, pattern: &str, path: &str) -> Option<bool> {
        let is_new = !self.compiled.contains_key(pattern);
        let cost = if is_new { COMPILING } else { 1 };
        self.left = self.left.saturating_sub(cost);
        if self.left == 0 {
            return None;
        }
        if is_new && self.compiled.len() >= MOST_COMPILED {
            return Some(compiled(pattern)?.is_match(path));
        }
        let regex = self
            .compiled
            .entry(pattern.to_owned())
            .or_insert_with(|| compiled(pattern));
        regex.as_ref().map(|regex| regex.is_match(path))
    }

    /// Returns that not all patterns were compared.
    fn not_judged(&self, named: &[NamedTask]) -> Option<Finding> {
        let place = &named.first().filter(|_| self.left == 0)?.place;
        let why = "the patterns are too many to be compared with all tasks".to_owned();
        Some(NOT_JUDGED.noted(&place.path, place, why))
    }
}
