//! The Change-Id by the formula of Gerrit's hook, with the commands of the hook; `tests/online` runs the hook itself.

use git_rally::message::{ChangeId, ChangeIdTrailer, hook_input, insert_change_id};

use crate::support::{DATE, JANE, Sandbox, write};

/// Returns what the hook calls `random`, with an `I` before it.
fn by_the_hook(sandbox: &Sandbox, head: &str, message: &str) -> String {
    let file = sandbox.path("message");
    write(&file, message);
    let line = format!(
        "(git var GIT_COMMITTER_IDENT; echo {head}; cat {}) | git hash-object --stdin",
        file.display()
    );
    let output = sandbox.shell(&sandbox.path("nova"), &line);
    assert!(output.status.success(), "{output:?}");
    format!("I{}", String::from_utf8_lossy(&output.stdout).trim_end())
}

#[test]
fn a_commit_has_the_change_id_of_the_hook() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    for (branch, options) in [
        ("a", &[][..]),
        ("b", &["--no-signoff"]),
        ("c", &["--trailer", "Closes-Bug: #1"]),
    ] {
        let args = [&["commit", "--branch", branch], options].concat();
        let event = clone.rally(&args).ok("committed");
        let made = clone.git(&["log", "-1", "--format=%B", branch]);
        let lines = made.lines().filter(|line| !line.starts_with("Change-Id: "));
        let without: String = lines.map(|line| format!("{line}\n")).collect();
        let base = event["base"].as_str().expect("a base");
        assert_eq!(event["change_id"], by_the_hook(&sandbox, base, &without));
    }
}

#[test]
fn the_input_is_that_of_the_hook() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let head = clone.git(&["rev-parse", "HEAD"]);
    for message in ["s\n", "s\n\nth\u{e9}", ""] {
        let input = hook_input(&format!("{JANE} {DATE}"), &head, message);
        let blob = sandbox.git_bytes(&clone.path, &["hash-object", "--stdin"], &input);
        let id = format!("I{}", String::from_utf8_lossy(&blob).trim_end());
        assert_eq!(id, by_the_hook(&sandbox, &head, message));
    }
}

/// With `gerrit.reviewUrl`, a link is the Change-Id if it ends in `/id/I` and 40 digits.
#[test]
fn another_link_is_no_change_id() {
    let id = "I0123456789abcdef0123456789abcdef01234567";
    let id: ChangeId = id.parse().expect("a Change-Id");
    let trailer = ChangeIdTrailer::from_config(None, Some("https://r.example.org"));
    let ours = format!("Link: https://r.example.org/id/{id}\n");
    let other = "I89abcdef0123456789abcdef0123456789abcdef";
    for (link, is_one) in [
        (format!("https://r.example.org/id/{other}"), true),
        (format!("https://elsewhere.example.org/x/id/{other}"), true),
        (format!("https://r.example.org/c/{other}"), false),
        (format!("https://r.example.org/id/{}", &other[..40]), false),
        (format!("https://r.example.org/id/{other}0"), false),
        (
            format!("https://r.example.org/id/{}", other.to_uppercase()),
            false,
        ),
        (format!("https://r.example.org/id/x/{other}"), false),
    ] {
        let text = format!("s\n\nLink: {link}\n");
        let got = insert_change_id(&text, &id, &trailer);
        assert_eq!(got == text, is_one, "{got}");
        assert_eq!(got.contains(&ours), !is_one, "{got}");
    }
}
