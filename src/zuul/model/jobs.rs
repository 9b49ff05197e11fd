//! The jobs and their parents.

use std::collections::{BTreeMap, HashMap};

use super::config::Config;
use super::config_node::ConfigNode;

/// The jobs that are defined here, by name.
pub(super) struct Jobs<'a> {
    /// Name to definitions; several of one name are variants.
    definitions: BTreeMap<&'a str, Vec<ConfigNode<'a>>>,
    /// Name to parent, which may be defined elsewhere.
    parents: HashMap<&'a str, &'a str>,
}

impl<'a> Jobs<'a> {
    pub(super) fn of(config: &'a Config) -> Jobs<'a> {
        let mut jobs = Jobs {
            definitions: BTreeMap::new(),
            parents: HashMap::new(),
        };
        for body in config.items("job").map(|item| item.body) {
            let text = |key: &str| body.get(key).and_then(ConfigNode::text);
            let Some(name) = text("name") else { continue };
            jobs.definitions.entry(name).or_default().push(body);
            if let Some(parent) = text("parent") {
                jobs.parents.insert(name, parent);
            }
        }
        jobs
    }

    /// Returns names and definitions, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &[ConfigNode<'a>])> {
        self.definitions
            .iter()
            .map(|(name, d)| (*name, d.as_slice()))
    }

    /// Returns the definitions of a job; none where it is defined elsewhere.
    pub(super) fn definitions(&self, name: &str) -> &[ConfigNode<'a>] {
        self.definitions
            .get(name)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Returns the name of the job's parent; of variants the last that has one.
    pub(super) fn parent(&self, name: &str) -> Option<&'a str> {
        self.parents.get(name).copied()
    }

    /// Looks something up in every job, then in its ancestors, and asks no job twice: a chain of
    /// parents may be as long as the file.
    pub(super) fn inherited<T, F>(&self, ask: F) -> Inherited<'a, T, F>
    where
        T: Copy,
        F: Fn(&str, &[ConfigNode<'a>]) -> Option<T>,
    {
        let mut answers: HashMap<&'a str, Option<T>> = HashMap::new();
        for name in self.definitions.keys() {
            let mut without = Vec::new();
            let mut answer = None;
            let mut next = Some(*name);
            while let Some(name) = next {
                if let Some(known) = answers.get(name) {
                    answer = *known;
                    break;
                }
                answer = ask(name, self.definitions(name));
                // no answer yet: that also ends a circle of parents
                answers.insert(name, answer);
                if answer.is_some() {
                    break;
                }
                without.push(name);
                next = self.parent(name);
            }
            answers.extend(without.into_iter().map(|name| (name, answer)));
        }
        Inherited { answers, ask }
    }
}

/// What each job says, or else the nearest ancestor that says anything.
pub(super) struct Inherited<'a, T, F> {
    answers: HashMap<&'a str, Option<T>>,
    ask: F,
}

impl<'a, T, F> Inherited<'a, T, F>
where
    T: Copy,
    F: Fn(&str, &[ConfigNode<'a>]) -> Option<T>,
{
    /// Returns the answer for a job, wherever it is defined.
    pub(super) fn of(&self, name: &str) -> Option<T> {
        match self.answers.get(name) {
            Some(answer) => *answer,
            None => (self.ask)(name, &[]),
        }
    }
}

/// Asks the variants of a job, the last first.
pub(super) fn last<'a, T>(
    ask: impl Fn(ConfigNode<'a>) -> Option<T>,
) -> impl Fn(&str, &[ConfigNode<'a>]) -> Option<T> {
    move |_, variants| variants.iter().rev().find_map(|variant| ask(*variant))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::fmt::Write;

    use super::super::config_file::ConfigFile;
    use super::*;

    fn config(text: &str) -> Config {
        Config {
            files: vec![ConfigFile::parse("zuul.yaml", text).expect("jobs")],
        }
    }

    fn timeout(at: ConfigNode<'_>) -> Option<u64> {
        at.get("timeout")?.text()?.parse().ok()
    }

    #[test]
    fn the_nearest_answer_counts() {
        let config = config(
            "- job: {name: a, timeout: 1}\n- job: {name: b, parent: a}\n\
             - job: {name: c, parent: b, timeout: 3}\n- job: {name: d, parent: c}\n\
             - job: {name: b, timeout: 2}\n- job: {name: b, voting: false}\n\
             - job: {name: x, parent: y}\n- job: {name: y, parent: z}\n\
             - job: {name: z, parent: y}\n- job: {name: own, parent: own}\n",
        );
        let jobs = Jobs::of(&config);
        let timeouts = jobs.inherited(last(timeout));
        for (name, expected) in [("a", 1), ("b", 2), ("c", 3), ("d", 3)] {
            assert_eq!(timeouts.of(name), Some(expected), "{name}");
        }
        for name in ["x", "y", "z", "own", "elsewhere"] {
            assert_eq!(timeouts.of(name), None, "{name}");
        }
        assert_eq!(jobs.parent("b"), Some("a"));
    }

    #[test]
    fn a_parent_elsewhere_is_asked_by_its_name() {
        let config =
            config("- job: {name: a, parent: rally-task-a}\n- job: {name: b, parent: a}\n");
        let jobs = Jobs::of(&config);
        let known = jobs.inherited(|name, _| name.starts_with("rally-task-").then_some(()));
        assert!(known.of("b").is_some() && known.of("rally-task-b").is_some());
        assert!(known.of("c").is_none());
    }

    #[test]
    fn no_job_is_asked_twice() {
        let mut text = String::new();
        for job in 0..10_000 {
            writeln!(text, "- job: {{name: j{job}, parent: j{}}}", job + 1).expect("a string");
        }
        // the chain ends in a circle
        writeln!(text, "- job: {{name: j10000, parent: j9999}}").expect("a string");
        let config = config(&text);
        let jobs = Jobs::of(&config);
        let asked = Cell::new(0);
        let timeouts = jobs.inherited(|_, variants| {
            asked.set(asked.get() + 1);
            variants.iter().find_map(|v| timeout(*v))
        });
        assert_eq!(timeouts.of("j0"), None);
        assert_eq!(asked.get(), 10_001);
    }
}
