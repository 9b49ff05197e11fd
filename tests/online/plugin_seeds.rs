//! What `check` says of plugins with one defect each, beside what the real Rally says of them.

use std::collections::BTreeMap;
use std::path::Path;

use git_rally::check::Severity;
use git_rally::embedded;
use git_rally::rally::Facts;
use libtest_mimic::Failed;
use serde::Deserialize;

use crate::seeded;
use crate::support::Sandbox;

/// Fewer seeds would prove little.
const LEAST: usize = 50;

const TASK: &str = "rally-jobs/task.yaml";

#[derive(Debug, Deserialize)]
struct Seed {
    seed: String,
    kind: String,
    /// File to why Rally does not load it.
    skipped: BTreeMap<String, String>,
    /// Why Rally refuses the task.
    refused: Option<String>,
    /// File to the lines that a finding should name.
    marks: BTreeMap<String, Vec<usize>>,
}

/// Rules that follow something else than Rally's loading and validation.
const NOT_RALLYS: [&str; 2] = ["lets-all-fail", "no-licence"];

pub(crate) fn seeds() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let top = sandbox.path("seeds");
    let seeds: Vec<Seed> = seeded::seeds("plugin_seeds.py", &top, &[])?;
    assert!(seeds.len() >= LEAST, "{}", seeds.len());
    let facts = Facts::read(&embedded::templates())?;
    let wrong: Vec<String> = seeds
        .iter()
        .filter_map(|seed| wrong(seed, &top, &facts))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Returns how `check` differs from Rally, if it does.
fn wrong(seed: &Seed, top: &Path, facts: &Facts) -> Option<String> {
    let findings = seeded::findings(&top.join(&seed.seed), facts);
    let errors: Vec<(String, usize)> = (findings.iter())
        .filter(|found| found.severity == Severity::Error)
        .filter(|found| !NOT_RALLYS.contains(&found.rule.name))
        .map(|found| (found.path.clone(), found.line))
        .collect();
    let in_plugins = errors.iter().any(|(path, _)| path != TASK);
    let in_task = errors.iter().any(|(path, _)| path == TASK);
    // what only a skipped file has is found in that file
    let wants_task = seed.refused.is_some() && seed.skipped.is_empty();
    let at_marks = seed.marks.iter().all(|(path, lines)| {
        let mut here = errors.iter().filter(|(at, _)| at == path);
        here.any(|(_, line)| lines.contains(line))
    });
    let what = match () {
        () if in_plugins && seed.skipped.is_empty() => "false alarm in a plugin",
        () if in_task && seed.refused.is_none() => "false alarm in the task",
        () if !in_plugins && !seed.skipped.is_empty() => "missed in a plugin",
        () if wants_task && !in_task => "missed in the task",
        () if !errors.is_empty() && !at_marks => "on another line",
        () => return None,
    };
    let found: Vec<String> = (findings.iter())
        .map(|found| {
            format!(
                "{}:{} {} {}",
                found.path, found.line, found.rule, found.message
            )
        })
        .collect();
    Some(format!(
        "{what}: {}: {seed:?}\n    {}",
        seed.kind,
        found.join("\n    ")
    ))
}
