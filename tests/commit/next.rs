//! The command that is printed as the next one asks for the same change.

use crate::support::{Clone, Sandbox};

/// How the job is wired; at most one of these.
const FORMS: [&[&str]; 4] = [&[], &["--trial"], &["--voting"], &["--no-zuul"]];

/// What can be given beside it.
const BESIDE: [&[&str]; 4] = [
    &["--branch", "it's;$HOME"],
    &["--job", "other-rally"],
    &["--base", "HEAD^"],
    &["--service", "ironic"],
];

/// Returns all combinations that clap accepts.
fn combinations() -> Vec<Vec<&'static str>> {
    let mut all = Vec::new();
    for form in FORMS {
        for chosen in 0..1_usize << BESIDE.len() {
            let beside = (0..BESIDE.len()).filter(|bit| chosen & (1 << bit) != 0);
            let words: Vec<&str> = beside.flat_map(|bit| BESIDE[bit]).copied().collect();
            if form != ["--no-zuul"] || !words.contains(&"--job") {
                all.push([form, &words].concat());
            }
        }
    }
    all
}

/// Types the printed command into a shell, and returns its event.
fn typed(clone: &Clone<'_>, line: &str) -> serde_json::Value {
    let line = format!("{line} --format json");
    let ran = clone.sandbox.shell(clone.sandbox.dir.path(), &line);
    assert!(ran.status.success(), "{line}: {ran:?}");
    serde_json::from_slice(&ran.stdout).expect("one event")
}

/// Runs one combination, and whatever is printed after it.
fn same_change_again(clone: &Clone<'_>, options: &[&str]) {
    let dir = clone.sandbox.dir.path();
    let commit = [&["commit"], options, &["nova"]].concat();
    let made = clone.sandbox.rally_json(dir, &commit).ok("committed");
    let review = made["next"][1].as_str().expect("a command");
    for option in options {
        let quoted = git_rally::shell::quoted(option);
        assert!(review.contains(&quoted), "{option} is not in {review}");
    }
    assert!(review.ends_with(" nova"), "{review}");
    let again = typed(clone, review);
    assert_eq!(again["commit"], made["commit"], "{review}");
    let verb = |verb: &str| review.replacen("review", verb, 1);
    assert_eq!(typed(clone, &verb("commit"))["type"], "unchanged");
    assert_eq!(typed(clone, &verb("diff"))["type"], "patch");
    let mail = typed(clone, &verb("patch"));
    let first = format!("From {} ", made["commit"].as_str().expect("an id"));
    let mail = mail["text"].as_str().expect("a mail");
    assert!(mail.starts_with(&first), "{review}: {mail}");
    let branch = made["branch"].as_str().expect("a branch");
    clone.git(&["branch", "-q", "-D", branch]);
}

#[test]
fn the_printed_command_makes_the_same_change() {
    let mut sandbox = Sandbox::new();
    sandbox.install();
    let clone = sandbox.clone_of("nova");
    // So that HEAD^ is another base than origin/master.
    clone.git(&["commit", "-q", "--allow-empty", "-m", "Own work"]);
    clone.git(&["commit", "-q", "--allow-empty", "-m", "More of it"]);
    let all = combinations();
    assert_eq!(all.len(), 3 * 16 + 8);
    for options in all {
        same_change_again(&clone, &options);
    }
}

#[test]
fn message_load_and_catalogue_are_in_the_printed_command() {
    let mut sandbox = Sandbox::new();
    sandbox.install();
    let clone = sandbox.clone_of("nova");
    sandbox.git(sandbox.dir.path(), &["init", "-q", "more services"]);
    same_change_again(
        &clone,
        &[
            "--times",
            "3",
            "--concurrency",
            "2",
            "--catalogue",
            "more services",
            "--no-signoff",
            "--no-gpg-sign",
            "--trailer",
            "Related-Bug: #1",
            "--trailer",
            "Depends-On: it's",
        ],
    );
}

#[test]
fn the_hint_of_a_branch_that_is_taken_is_a_command_to_take() {
    let mut sandbox = Sandbox::new();
    sandbox.install();
    let clone = sandbox.clone_of("nova");
    let dir = sandbox.dir.path();
    let first = sandbox.rally_json(dir, &["commit", "--trial", "nova"]);
    let first = first.ok("committed");
    let other = ["commit", "--no-zuul", "--times", "3", "nova"];
    let said = sandbox.rally_json(dir, &other).refused("branch-exists");
    let command = "git rally commit --times 3 --no-zuul --replace nova";
    assert!(said.contains(command), "{said}");
    let second = typed(&clone, command);
    assert_eq!(second["change_id"], first["change_id"]);
    assert_eq!(
        second["next"][1],
        "git rally review --times 3 --no-zuul nova"
    );
}
