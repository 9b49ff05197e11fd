//! The real things: Rally, Zuul, Ansible, the linters, git-review and Gerrit's hook. They come from PyPI, pinned, into one
//! virtual environment below the build folder, which is made when it is missing.
//!
//! `GIT_RALLY_OFFLINE=1` turns these tests off; they are then reported as ignored.

mod extended;
mod git_review;
mod hook;
mod monitoring;
mod plugin_seeds;
mod proposals;
mod seeded;
mod seeds;
#[path = "../support/mod.rs"]
mod support;
mod updated;
mod wheel;
mod wiring_seeds;
mod zuul;
mod zuul_seeds;

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use support::{Command, Sandbox, fixtures, manifest, venv};

/// Python is slow to start, and many run at once.
const LIMIT: Duration = Duration::from_secs(600);

fn main() {
    let off = std::env::var_os("GIT_RALLY_OFFLINE").is_some_and(|value| !value.is_empty());
    let mut trials = vec![
        trial("rally_accepts_every_task", rally_accepts),
        trial("rally_check_itself_bites", rally_check_bites),
        trial("rally_has_the_scenarios_that_we_know", scenarios),
        trial("rally_has_the_plugins_that_we_know", plugins),
        trial("rally_has_the_modules_that_we_know", modules),
        trial("check_says_what_rally_says_of_seeded_defects", seeds::seeds),
        trial(
            "check_says_what_rally_says_of_seeded_plugins",
            plugin_seeds::seeds,
        ),
        trial("plugins_pass_their_unit_tests", plugin_tests),
    ];
    trials.extend(extended::trials());
    trials.extend(updated::trials());
    trials.extend(wheel::trials());
    trials.extend(hook::trials());
    trials.extend(monitoring::trials());
    trials.extend(proposals::trials());
    trials.extend(git_review::trials());
    trials.extend(zuul::trials());
    trials.extend(zuul_seeds::trials());
    trials.extend(wiring_seeds::trials());
    for service in fixtures() {
        let name = service.clone();
        trials.push(trial(&format!("linters_accept_{service}"), move || {
            lint(&name)
        }));
    }
    let trials = trials
        .into_iter()
        .map(|t| t.with_ignored_flag(off))
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn trial(name: &str, test: impl FnOnce() -> Result<(), Failed> + Send + 'static) -> Trial {
    Trial::test(name, test)
}

/// Checks the change of the fixture `service` out and returns its folder.
fn tree(sandbox: &Sandbox, service: &str) -> PathBuf {
    let clone = sandbox.clone_of(service);
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["switch", "-q", "rally-perfscale"]);
    clone.path
}

fn script(name: &str) -> PathBuf {
    manifest("tests/online").join(name)
}

fn facts() -> PathBuf {
    manifest("templates/rally/atomic-actions.yaml")
}

/// Runs the command; what it prints is the reason if it fails.
fn succeed(command: &mut Command) -> Result<String, Failed> {
    let output = command.limit(LIMIT).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        Ok(text)
    } else {
        Err(text.into())
    }
}

fn rally_check(trees: &[PathBuf]) -> Result<String, Failed> {
    succeed(
        Command::new(venv::bin()?.join("python"))
            .arg(script("rally_check.py"))
            .arg(facts())
            .args(trees),
    )
}

fn rally_accepts() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let trees: Vec<PathBuf> = fixtures()
        .iter()
        .map(|service| tree(&sandbox, service))
        .collect();
    let said = rally_check(&trees)?;
    assert_eq!(said.matches("accepted: ").count(), trees.len(), "{said}");
    let fifty: Vec<PathBuf> = fixtures()
        .iter()
        .zip(trees)
        .map(|(service, path)| fifty_by_ten(&sandbox, &path, service))
        .collect();
    let said = rally_check(&fifty)?;
    assert_eq!(said.matches("accepted: ").count(), fifty.len(), "{said}");
    Ok(())
}

fn rally_check_bites() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let path = tree(&sandbox, "nova");
    let task = path.join("rally-jobs/task-nova.yaml");
    let good = std::fs::read_to_string(&task)?;
    for (from, to, why) in [
        (
            "NovaServers.boot_and_delete_server",
            "NovaServers.boot_and_forget_server",
            "boot_and_forget_server",
        ),
        ("nova.boot_server", "nova.boots_server", "never reports"),
        ("max: 0", "max: 100", "lets iterations fail"),
        ("# {% set", "{% set", "YAML"),
    ] {
        std::fs::write(&task, good.replacen(from, to, 1))?;
        let said = rally_check(std::slice::from_ref(&path));
        let said = said
            .expect_err("the check takes a bad task")
            .message()
            .unwrap_or_default()
            .to_owned();
        assert!(
            said.contains("NOT accepted") && (said.contains(why) || why == "YAML"),
            "{from} -> {to}: {said}"
        );
    }
    Ok(())
}

/// What `raise_rally.py` wrote is what the installed packages say.
fn scenarios() -> Result<(), Failed> {
    let mut python = Command::new(venv::bin()?.join("python"));
    let found = succeed(python.arg(script("rally_scenarios.py")))?;
    let known = std::fs::read_to_string(manifest("templates/rally/scenarios.txt"))?;
    let changed = patch(&known, &found);
    assert!(
        changed.is_empty(),
        "tests/online/raise_rally.py writes it:\n{changed}"
    );
    Ok(())
}

/// What `raise_rally.py` wrote is what the installed packages register.
fn plugins() -> Result<(), Failed> {
    let mut python = Command::new(venv::bin()?.join("python"));
    let output = python
        .arg(script("rally_plugins.py"))
        .limit(LIMIT)
        .output()?;
    let found = String::from_utf8_lossy(&output.stdout);
    let known = std::fs::read_to_string(manifest("templates/rally/plugins.json"))?;
    let changed = patch(&known, &found);
    assert!(
        changed.is_empty(),
        "tests/online/raise_rally.py writes it:\n{changed}"
    );
    Ok(())
}

/// What `raise_rally.py` wrote is what Python finds in the installed packages.
fn modules() -> Result<(), Failed> {
    let mut python = Command::new(venv::bin()?.join("python"));
    let output = python
        .arg(script("rally_modules.py"))
        .limit(LIMIT)
        .output()?;
    let found = String::from_utf8_lossy(&output.stdout);
    let known = std::fs::read_to_string(manifest("templates/rally/modules.txt"))?;
    let changed = patch(&known, &found);
    assert!(
        changed.is_empty(),
        "tests/online/raise_rally.py writes it:\n{changed}"
    );
    Ok(())
}

/// Returns the lines that differ.
fn patch(known: &str, found: &str) -> String {
    let diff = similar::TextDiff::from_lines(known, found);
    let changes = diff.iter_all_changes();
    changes
        .filter(|change| change.tag() != similar::ChangeTag::Equal)
        .map(|change| format!("{}{change}", change.tag()))
        .collect()
}

fn plugin_tests() -> Result<(), Failed> {
    let tests = manifest("tests/plugins");
    let mut pytest = Command::new(venv::bin()?.join("python"));
    pytest
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .arg(&tests);
    let said = succeed(pytest.env("PYTHONDONTWRITEBYTECODE", "1"))?;
    assert!(said.contains(" passed"), "{said}");
    Ok(())
}

fn lint(service: &str) -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let path = tree(&sandbox, service);
    linters_accept(&sandbox, &path)?;
    // Without a job, the documents say other things.
    sandbox.git(&path, &["switch", "-q", "master"]);
    let arguments = ["commit", "--no-zuul", "--branch", "no-job"];
    let said = sandbox.rally(&path, &[&arguments[..], &["--format", "json"]].concat());
    said.ok("committed");
    sandbox.git(&path, &["switch", "-q", "no-job"]);
    linters_accept(&sandbox, &path)?;
    // A job of another name, under the load of the template's own sample.
    let path = fifty_by_ten(&sandbox, &path, service);
    linters_accept(&sandbox, &path)
}

/// Commits `--job` with 50 iterations, ten at a time, checks that out and returns its folder.
fn fifty_by_ten(sandbox: &Sandbox, path: &Path, service: &str) -> PathBuf {
    sandbox.git(path, &["switch", "-q", "master"]);
    let job = format!("{service}-rally-perfscale");
    let load = ["--times", "50", "--concurrency", "10"];
    let arguments = ["commit", "--branch", "fifty", "--job", &job];
    let json = ["--format", "json"];
    let said = sandbox.rally(path, &[&arguments[..], &load, &json].concat());
    said.ok("committed");
    sandbox.git(path, &["switch", "-q", "fifty"]);
    path.to_owned()
}

fn linters_accept(sandbox: &Sandbox, path: &Path) -> Result<(), Failed> {
    let before = sandbox.git(path, &["status", "--porcelain"]);
    succeed(
        Command::new("sh")
            .arg(script("lint.sh"))
            .arg(venv::bin()?)
            .arg(path),
    )?;
    assert_eq!(
        before,
        sandbox.git(path, &["status", "--porcelain"]),
        "a linter changed a file"
    );
    Ok(())
}
