//! What `check` says of Zuul configurations with one defect each, beside what the real Zuul says.

use std::path::{Path, PathBuf};

use git_rally::check::Severity;
use git_rally::embedded;
use git_rally::rally::Facts;
use libtest_mimic::{Failed, Trial};
use serde::Deserialize;

use crate::support::{Command, Sandbox, manifest, venv};
use crate::{patch, script, seeded, succeed, tree, trial};

/// Fewer seeds would prove little.
const LEAST: usize = 120;

/// Rules that follow something else than Zuul's loader.
const NOT_ZUULS: [&str; 1] = ["task-missing"];

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
    first: usize,
    last: usize,
}

fn seeds() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let folder = sandbox.dir.path().join("seeds");
    let parents = manifest("tests/online/zuul-parents.yaml");
    let services = ["neutron", "nova", "heat"];
    let services = services.map(|service| configuration(&sandbox, service));
    let mut arguments = vec![parents.as_path()];
    arguments.extend(services.iter().map(PathBuf::as_path));
    let seeds: Vec<Seed> = seeded::seeds("zuul_seeds.py", &folder, &arguments)?;
    let refused = seeds.iter().filter(|seed| !seed.errors.is_empty()).count();
    assert!(refused >= LEAST, "{refused}");
    let facts = Facts::read(&embedded::templates())?;
    let wrong: Vec<String> = seeds
        .iter()
        .filter_map(|seed| differs(seed, &errors(&folder.join(&seed.tree), &facts)))
        .collect();
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

/// Path, line and rule of an error.
type Found = (String, usize, &'static str);

fn errors(tree: &Path, facts: &Facts) -> Vec<Found> {
    let found = seeded::findings(tree, facts).into_iter();
    found
        .filter(|found| found.severity == Severity::Error)
        .filter(|found| !NOT_ZUULS.contains(&found.rule.name))
        .map(|found| (found.path, found.line, found.rule.name))
        .collect()
}

/// Returns how `check` differs from Zuul, if it does.
fn differs(seed: &Seed, errors: &[Found]) -> Option<String> {
    let lines = seed.first.saturating_sub(1)..=seed.last + 1;
    let is_here = |(path, line, _): &Found| *path == seed.path && lines.contains(line);
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
