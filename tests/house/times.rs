//! What is said of time, compared with real runs: `tests/results/NAME.json` is the condensed result
//! of a service's task (`tests/results/condense.py`).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use git_rally::catalogue::{Catalogue, Durations, Load, Workload};
use git_rally::embedded;
use serde_json::Value;

/// The contexts that do nothing worth counting: the overhead of tenants and users has it.
const CHEAP: [&str; 4] = ["users", "quotas", "cleanup", "admin_cleanup"];

/// How the name of an action begins that makes something.
const MAKE: [&str; 2] = [".create_", ".boot_"];

/// What is deleted by an action with another name.
const GOES_WITH: [(&str, &str); 2] = [
    (
        "glance_v2.create_image_for_import",
        "glance_v2.delete_image",
    ),
    ("trove.create_databases", "trove.delete_instance"),
];

/// Rally waits so many seconds after each deletion of its cleanup.
const WAIT: f64 = 1.0;

/// A workload of the catalogue and what a real run of it was like.
struct Run<'a> {
    workload: &'a Workload,
    durations: &'a Durations,
    result: &'a Value,
}

impl Run<'_> {
    fn number(&self, pointer: &str) -> f64 {
        let number = self.result.pointer(pointer).and_then(Value::as_f64);
        number.unwrap_or_else(|| panic!("{pointer}: {}", self.result))
    }

    fn load(&self) -> Load {
        let count = |key: &str| self.number(&format!("/load/{key}")) as u32;
        Load {
            times: count("times"),
            concurrency: count("concurrency"),
        }
    }

    /// Returns how often the iterations performed each action, one map for each kind of iteration.
    fn iterations(&self) -> Vec<BTreeMap<String, f64>> {
        let groups = self.result["iterations"].as_array().expect("iterations");
        let actions = |group: &Value| serde_json::from_value(group["actions"].clone());
        groups
            .iter()
            .map(|group| actions(group).expect("actions"))
            .collect()
    }

    /// Returns the contexts that take their time: name, and seconds of `part`.
    fn contexts(&self, part: &str) -> BTreeMap<&str, f64> {
        let contexts = self.result["contexts"].as_object().expect("contexts");
        contexts
            .iter()
            .map(|(name, times)| (name.as_str(), times[part].as_f64().expect("seconds")))
            .collect()
    }

    /// Returns the longest time within the limits, without contexts and cleanup, counted from what
    /// really happened.
    fn iterations_at_most(&self) -> f64 {
        let once = |actions: &BTreeMap<String, f64>| -> f64 {
            let limit = |action: &str| self.workload.sla.get(action).copied();
            let all = actions.iter();
            all.map(|(action, count)| count * limit(action).expect("a limit"))
                .sum()
        };
        let slowest = self.iterations().iter().map(once).fold(0.0, f64::max);
        let load = self.load();
        let rounds = f64::from(load.times.div_ceil(load.concurrency));
        rounds * (slowest + 10.0 * self.durations.overhead.iteration.expected)
    }

    /// Returns what is wrong with what is said.
    fn faults(&self) -> Vec<String> {
        let missing: Vec<String> = self
            .iterations()
            .iter()
            .flat_map(BTreeMap::keys)
            .filter(|action| !self.workload.sla.contains_key(*action))
            .map(|action| format!("`{action}` has no limit"))
            .collect();
        if !missing.is_empty() {
            return missing;
        }
        let time = self.workload.time(self.load(), self.durations);
        let measured = self.number("/full_duration");
        let contexts = measured - self.number("/load_duration");
        let least = self.iterations_at_most() + contexts;
        let expected = time.expected.expect("an expectation");
        let mut faults = Vec::new();
        if time.worst < least {
            faults.push(format!(
                "at most {} s, but {least} s are possible",
                time.worst
            ));
        }
        if expected < measured {
            faults.push(format!("expects {expected} s, and took {measured} s"));
        }
        faults.extend(self.contexts_uncounted());
        faults.extend(self.cleanup_uncounted());
        faults
    }

    /// What a context makes has to be counted, and nothing else.
    fn contexts_uncounted(&self) -> Option<String> {
        let makes = |name: &&str| !CHEAP.contains(name);
        let setup = self.contexts("setup");
        let makes = setup.keys().any(makes);
        let counted = !self.workload.setup.is_empty();
        (makes != counted).then(|| format!("`setup`, with the contexts {:?}", setup.keys()))
    }

    /// What an iteration makes and does not delete is left to Rally's cleanup.
    fn cleanup_uncounted(&self) -> Option<String> {
        if self.number("/failed") > 0.0 {
            // On the lab, trove's guest is a fake: there is no backup to restore.
            return None;
        }
        let iterations = self.iterations();
        let actions = iterations.first().expect("an iteration");
        let deleted = |action: &str| {
            let owner = GOES_WITH.iter().find(|(made, _)| *made == action);
            let delete = match owner {
                Some((_, delete)) => (*delete).to_owned(),
                None => MAKE.iter().fold(action.to_owned(), |name, make| {
                    name.replace(make, ".delete_")
                }),
            };
            actions.contains_key(&delete) || actions.contains_key(delete.trim_end_matches('s'))
        };
        let makes = |action: &&String| MAKE.iter().any(|make| action.contains(make));
        let left: Vec<&String> = actions.keys().filter(makes).collect();
        let left: Vec<&&String> = left.iter().filter(|action| !deleted(action)).collect();
        let unknown = !left.is_empty() && self.workload.leaves.is_empty();
        let cleanup = self.contexts("cleanup");
        let seconds = cleanup.iter().filter(|(name, _)| name.ends_with("cleanup"));
        let seconds = seconds.map(|(_, seconds)| *seconds).fold(0.0, f64::max);
        let nothing = seconds < WAIT && !self.workload.leaves.is_empty();
        (unknown || nothing)
            .then(|| format!("`leaves`, with a cleanup of {seconds} s and {left:?} not deleted"))
    }

    /// A workload without contexts of its own that leaves nothing is bounded exactly.
    fn is_exact(&self) -> Option<bool> {
        let workload = self.workload;
        if !(workload.setup.is_empty() && workload.leaves.is_empty()) {
            return None;
        }
        let overhead = &self.durations.overhead;
        let (tenants, users) = workload.users();
        let contexts = overhead.workload.expected
            + f64::from(tenants) * overhead.tenant.expected
            + f64::from(tenants * users) * overhead.user.expected;
        let bound = 10.0 * contexts + self.iterations_at_most();
        let time = workload.time(self.load(), self.durations);
        Some((time.worst - bound).abs() < 0.001)
    }
}

#[test]
fn real_runs_are_within_what_is_said() {
    let templates = embedded::templates();
    let catalogue = Catalogue::new(&templates, None).expect("the catalogue");
    let (mut faults, mut exact) = (Vec::new(), 0);
    for name in catalogue.names() {
        let file = format!("tests/results/{name}.json");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{file:?}: {e}"));
        let results: Vec<Value> = serde_json::from_str(&text).expect("JSON");
        let entry = catalogue.entry(name).expect("readable").expect("there");
        let scenarios: Vec<&str> = entry.service.workloads().map(|w| &*w.scenario).collect();
        let ran: Vec<&str> = results
            .iter()
            .filter_map(|r| r["scenario"].as_str())
            .collect();
        assert_eq!(ran, scenarios, "run {name} again, and condense the result");
        for (workload, result) in entry.service.workloads().zip(&results) {
            let durations = &entry.durations;
            let run = Run {
                workload,
                durations,
                result,
            };
            let scenario = &workload.scenario;
            faults.extend(
                run.faults()
                    .iter()
                    .map(|f| format!("{name}: {scenario}: {f}")),
            );
            match run.is_exact() {
                Some(false) => faults.push(format!("{name}: {scenario}: another bound")),
                Some(true) => exact += 1,
                None => (),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(exact > 40, "{exact} exact bounds");
}
