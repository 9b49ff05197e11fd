//! What `check` says of Rally jobs that are wired wrongly, beside what the real Zuul makes of them.

use std::collections::BTreeMap;
use std::path::Path;

use git_rally::check::{Finding, Severity};
use git_rally::embedded;
use git_rally::rally::Facts;
use libtest_mimic::{Failed, Trial};
use serde::Deserialize;

use crate::support::{Sandbox, manifest};
use crate::{seeded, trial};

/// Fewer seeds would prove little.
const LEAST: usize = 100;

/// The rules that follow what Zuul makes of the wiring.
const OF_WIRING: [&str; 10] = [
    "abstract-job",
    "final-job",
    "job-in-no-pipeline",
    "task-hidden",
    "task-missing",
    "task-not-set",
    "timeout-over-limit",
    "unknown-job",
    "unknown-parent",
    "zuul-two-roots",
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("check_says_what_zuul_says_of_seeded_wiring", seeds)]
}

#[derive(Debug, Deserialize)]
struct Seed {
    tree: String,
    kind: String,
    /// `PATH:LINE`, where a finding may be.
    places: Vec<String>,
    /// Rule to what Zuul or the role says, for what does not run.
    rejected: BTreeMap<String, String>,
    /// The same for what nothing fails of.
    idle: BTreeMap<String, String>,
}

fn seeds() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let folder = sandbox.path("seeds");
    let jobs = manifest("templates/zuul/jobs.json");
    let seeds: Vec<Seed> = seeded::seeds("wiring_seeds.py", &folder, &[&jobs])?;
    let flawed = seeds
        .iter()
        .filter(|seed| !seed.kind.starts_with("harmless"));
    assert!(flawed.count() >= LEAST);
    let facts = Facts::read(&embedded::templates())?;
    let wrong: Vec<String> = seeds
        .iter()
        .flat_map(|seed| wrong(seed, &folder, &facts))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Returns how `check` differs from Zuul and the role.
fn wrong(seed: &Seed, folder: &Path, facts: &Facts) -> Vec<String> {
    let found = seeded::findings(&folder.join(&seed.tree), facts);
    let is_here = |one: &Finding| seed.places.contains(&format!("{}:{}", one.path, one.line));
    let mut wrong = Vec::new();
    for one in &found {
        let rule = one.rule.name;
        let is_rejected = seed.rejected.contains_key(rule);
        let is_known = is_rejected || seed.idle.contains_key(rule);
        let what = match one.severity {
            Severity::Error if !is_rejected => "nobody rejects it",
            _ if OF_WIRING.contains(&rule) && !is_known => "false alarm",
            _ if is_known && !is_here(one) => "on another line",
            _ => continue,
        };
        wrong.push(format!("{what}: {one:?}"));
    }
    for rule in seed.rejected.keys().chain(seed.idle.keys()) {
        if !found.iter().any(|one| one.rule.name == rule) {
            wrong.push(format!("missed: {rule}"));
        }
    }
    let is_harmless = seed.kind.starts_with("harmless");
    if is_harmless != (seed.rejected.is_empty() && seed.idle.is_empty()) {
        wrong.push("the seed is not what it says".to_owned());
    }
    let of_seed = |what: String| format!("{what}\n    {seed:?}");
    wrong.into_iter().map(of_seed).collect()
}
