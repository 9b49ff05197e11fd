//! What `check` says of Zuul configurations with one defect each, beside what the real Zuul says.

use std::path::PathBuf;

use libtest_mimic::{Failed, Trial};
use serde::Deserialize;

use crate::support::{Command, Sandbox, manifest, venv};
use crate::{patch, script, succeed, tree, trial};

/// Fewer seeds would prove little.
const LEAST: usize = 120;

/// Rules that follow something else than Zuul's loader.
const NOT_ZUULS: [&str; 6] = [
    "job-in-no-pipeline",
    "non-voting-in-gate",
    "playbook-missing",
    "task-missing",
    "zuul-not-read",
    "zuul-two-roots",
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("zuul_has_the_schemas_that_we_know", schemas),
        trial("check_says_what_zuul_says_of_seeded_defects", seeds),
    ]
}

/// What `zuul_schema.py` wrote is what the installed Zuul says.
fn schemas() -> Result<(), Failed> {
    let mut python = Command::new(venv::bin()?.join("python"));
    let found = succeed(python.arg(script("zuul_schema.py")))?;
    let known = std::fs::read_to_string(manifest("templates/zuul/schema.json"))?;
    let changed = patch(&known, &found);
    assert!(
        changed.is_empty(),
        "tests/online/zuul_schema.py prints templates/zuul/schema.json:\n{changed}"
    );
    Ok(())
}

/// A configuration with one defect, or none.
#[derive(Debug, Deserialize)]
struct Seed {
    tree: String,
    path: String,
    kind: String,
    errors: Vec<String>,
    first: u64,
    last: u64,
}

fn seeds() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let folder = sandbox.dir.path().join("seeds");
    std::fs::create_dir(&folder)?;
    let mut python = Command::new(venv::bin()?.join("python"));
    python.arg(script("zuul_seeds.py")).arg(&folder);
    python.arg(manifest("tests/online/zuul-parents.yaml"));
    for service in ["neutron", "nova", "heat"] {
        python.arg(configuration(&sandbox, service));
    }
    succeed(python.env("PYTHONDONTWRITEBYTECODE", "1"))?;
    let text = std::fs::read_to_string(folder.join("seeds.json"))?;
    let seeds: Vec<Seed> = serde_json::from_str(&text)?;
    let refused = seeds.iter().filter(|seed| !seed.errors.is_empty()).count();
    assert!(refused >= LEAST, "{refused}");
    let mut wrong = Vec::new();
    for seed in &seeds {
        let path = folder.join(&seed.tree);
        sandbox.git(&path, &["init", "-q"]);
        let said = sandbox.rally(&path, &["check", "--format", "json"]).out;
        wrong.extend(differs(seed, &errors(&said)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Returns the file of the service's own change that configures Zuul.
fn configuration(sandbox: &Sandbox, service: &str) -> PathBuf {
    let tree = tree(sandbox, service);
    let names = [
        ".zuul.yaml",
        "zuul.yaml",
        "zuul.d/rally.yaml",
        ".zuul.d/rally.yaml",
    ];
    let mut paths = names.iter().map(|name| tree.join(name));
    paths.find(|path| path.is_file()).unwrap_or(tree)
}

/// Returns path, line and rule of the errors.
fn errors(out: &str) -> Vec<(String, u64, String)> {
    let mut found = Vec::new();
    for line in out.lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
        if event["severity"] == "error" && !NOT_ZUULS.contains(&text("rule").as_str()) {
            let line = event["line"].as_u64().unwrap_or_default();
            found.push((text("path"), line, text("rule")));
        }
    }
    found
}

/// Returns how `check` differs from Zuul, if it does.
fn differs(seed: &Seed, errors: &[(String, u64, String)]) -> Option<String> {
    let lines = seed.first.saturating_sub(1)..=seed.last + 1;
    let is_here =
        |(path, line, _): &(String, u64, String)| *path == seed.path && lines.contains(line);
    let what = match (seed.errors.is_empty(), errors.is_empty()) {
        (false, true) => "missed",
        (false, false) if !errors.iter().any(is_here) => "on another line",
        (true, false) => "false alarm",
        _ => return None,
    };
    let Seed { tree, kind, .. } = seed;
    let zuul = &seed.errors;
    Some(format!(
        "{what}: {tree}, {kind}, lines {lines:?}: check: {errors:?}; Zuul: {zuul:?}"
    ))
}
