//! Commands that git's errors print are right for every folder: they are run as they are printed.

use std::fs;
use std::path::Path;

use crate::support::Sandbox;
use git_rally::git::OpenError;
use git_rally::remedy::Remedy;

fn run(sandbox: &Sandbox, hint: &str) -> String {
    let (_, command) = hint.rsplit_once(": ").unwrap_or(("", hint));
    let output = sandbox
        .command("sh", sandbox.dir.path())
        .args(["-c", command])
        .output()
        .expect("sh runs");
    assert!(output.status.success(), "{command}: {output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn hint(said: &str) -> &str {
    said.rsplit_once(" / ").expect("a hint").1
}

#[test]
fn the_lock_in_a_folder_with_a_quote() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let odd = sandbox.path("it's");
    fs::rename(&clone.path, &odd).expect("rename");
    let lock = odd.join(".git/refs/heads/rally-perfscale.lock");
    fs::write(&lock, "").expect("lock");
    let said = sandbox
        .rally(&odd, &["commit", "--format", "json"])
        .failed();
    run(&sandbox, hint(&said));
    assert!(!lock.exists(), "{said}");
    sandbox
        .rally(&odd, &["commit", "--format", "json"])
        .ok("committed");
}

#[test]
fn the_fetch_in_a_partial_clone_with_a_quote() {
    let sandbox = Sandbox::new();
    let full = sandbox.clone_of("nova");
    full.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", full.path.display());
    sandbox.git(
        sandbox.dir.path(),
        &[
            "clone",
            "-q",
            "--no-checkout",
            "--filter=blob:none",
            &url,
            "it's",
        ],
    );
    let odd = sandbox.path("it's");
    let said = sandbox
        .rally(&odd, &["commit", "--format", "json"])
        .failed();
    run(&sandbox, hint(&said));
    sandbox
        .rally(&odd, &["commit", "--format", "json"])
        .ok("committed");
}

#[test]
fn the_owner_of_a_folder_with_a_quote() {
    let sandbox = Sandbox::new();
    let path = "/srv/it's".to_owned();
    run(&sandbox, &OpenError::Owner { path: path.clone() }.hint());
    let safe = sandbox.git(Path::new("/"), &["config", "--global", "safe.directory"]);
    assert_eq!(safe, path);
}
