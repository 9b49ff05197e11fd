//! What `check` says of tasks with one defect each, beside what the real Rally says of them.

use std::collections::BTreeMap;

use libtest_mimic::Failed;
use serde::Deserialize;

use crate::support::{Command, Sandbox, venv};
use crate::{script, succeed, tree};

/// Fewer seeds would prove little.
const LEAST: usize = 350;

/// A task with one defect, or none.
#[derive(Debug, Deserialize)]
struct Seed {
    file: String,
    kind: String,
    refused: bool,
    why: Option<String>,
    first: u64,
    last: u64,
}

/// Rules that follow something else than Rally's validation.
const NOT_RALLYS: [&str; 6] = [
    "executable",
    "extra-missing",
    "lets-all-fail",
    "not-yaml-unrendered",
    "task-v1",
    "unknown-action",
];

pub(crate) fn seeds() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let clone = sandbox.repository("seeds", &[("README.rst", "")]);
    let mut python = Command::new(venv::bin()?.join("python"));
    python.arg(script("seeds.py")).arg(&clone.path);
    // All their scenarios are Rally's own.
    for service in ["neutron", "nova", "swift"] {
        let task = format!("rally-jobs/task-{service}.yaml");
        python.arg(tree(&sandbox, service).join(task));
    }
    succeed(&mut python)?;
    let text = std::fs::read_to_string(clone.path.join("seeds.json"))?;
    let seeds: Vec<Seed> = serde_json::from_str(&text)?;
    let found = findings(&clone.rally(&["check"]).out);
    let refused = seeds.iter().filter(|seed| seed.refused).count();
    assert!(refused >= LEAST && seeds.len() >= LEAST, "{refused}");
    let wrong: Vec<String> = seeds
        .iter()
        .filter_map(|seed| wrong(seed, &found))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let not_judged = found.values().filter(|errors| errors.is_empty()).count();
    assert!(not_judged < seeds.len() / 10, "{not_judged} are not judged");
    Ok(())
}

/// File to the lines and rules of its errors.
type Found = BTreeMap<String, Vec<(u64, String)>>;

fn findings(out: &str) -> Found {
    let mut found = Found::new();
    for line in out.lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
        // said to be not judged: no silence
        let is_noted = event["rule"] == "not-judged" && text("path").ends_with(".yaml");
        if is_noted {
            let file = text("path")
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            found.entry(file).or_default();
        }
        let is_rallys = !NOT_RALLYS.contains(&text("rule").as_str());
        if event["severity"] == "error" && is_rallys {
            let path = text("path");
            let file = path.rsplit('/').next().unwrap_or_default().to_owned();
            let line = event["line"].as_u64().unwrap_or_default();
            found.entry(file).or_default().push((line, text("rule")));
        }
    }
    found
}

/// Returns how `check` differs from Rally, if it does.
fn wrong(seed: &Seed, found: &Found) -> Option<String> {
    let errors = found.get(&seed.file).cloned().unwrap_or_default();
    let lines = seed.first.saturating_sub(1)..=seed.last + 1;
    let at = errors.iter().any(|(line, _)| lines.contains(line));
    let what = match (seed.refused, errors.is_empty()) {
        (true, true) if found.contains_key(&seed.file) => return None,
        (true, true) => "missed",
        (true, false) if !at => "on another line",
        (false, false) => "false alarm",
        _ => return None,
    };
    let Seed {
        file, kind, why, ..
    } = seed;
    Some(format!(
        "{what}: {file}, {kind}: Rally: {why:?}; check: {errors:?}"
    ))
}
