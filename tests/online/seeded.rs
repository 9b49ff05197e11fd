//! Seeds: small trees with a flaw each, or none, which a script writes, with what the real thing
//! says of every one.

use std::path::Path;

use git_rally::check::{Finding, LARGEST, check};
use git_rally::disk::WorkTree;
use git_rally::rally::Facts;
use libtest_mimic::Failed;
use serde::de::DeserializeOwned;

use crate::support::{Command, venv};
use crate::{script, succeed};

/// Returns what the script writes into `seeds.json` of the folder, its first argument.
pub(crate) fn seeds<S: DeserializeOwned>(
    name: &str,
    folder: &Path,
    arguments: &[&Path],
) -> Result<Vec<S>, Failed> {
    std::fs::create_dir_all(folder)?;
    let mut python = Command::new(venv::bin()?.join("python"));
    python.arg(script(name)).arg(folder).args(arguments);
    succeed(python.env("PYTHONDONTWRITEBYTECODE", "1"))?;
    let text = std::fs::read_to_string(folder.join("seeds.json"))?;
    Ok(serde_json::from_str(&text)?)
}

/// Returns what `check` finds in the tree.
pub(crate) fn findings(tree: &Path, facts: &Facts) -> Vec<Finding> {
    let files = WorkTree::new(tree, LARGEST);
    check(&files, facts).expect("a report").findings
}
