//! A `.gitreview` that git-review could not use: every verb refuses it, in the same words.

use std::fs;

use crate::support::{Clone, Sandbox, says};

const VERBS: [&str; 5] = ["detect", "diff", "commit", "patch", "review"];

/// What is broken, the bytes, and how the reason goes on behind `.gitreview:`.
const BROKEN: [(&str, &[u8], &str); 14] = [
    ("not UTF-8", b"[gerrit]\nhost=\xff\n", "2: not UTF-8"),
    ("no section", b"host=h\n", "1: no `[section]`"),
    ("a conflict", b"<<<<<<< HEAD\n", "1: no `[section]`"),
    (
        "no key",
        b"[gerrit]\nhost\n",
        "2: neither `[section]` nor `key",
    ),
    (
        "a section twice",
        b"[gerrit]\nhost=h\n[gerrit]\n",
        "3: the section `gerrit`",
    ),
    (
        "a key twice",
        b"[gerrit]\nhost=h\nHost=h\n",
        "3: the key `host`",
    ),
    ("a lone percent", b"[gerrit]\nhost=5%\n", "2: `%` must be"),
    (
        "a percent in a key that only git-review reads",
        b"[gerrit]\nhost=h\nbranchauthor=%\n",
        "3: `%` must be",
    ),
    (
        "an unknown name",
        b"[gerrit]\nhost=%(x)s\n",
        "2: `%(x)s` names no key",
    ),
    (
        "a circle",
        b"[gerrit]\nproject=%(project)s\n",
        "2: `%(..)s` refers to itself",
    ),
    ("an empty host", b"[gerrit]\nhost=\n", "2: `host` is ``"),
    ("a port", b"[gerrit]\nport=ssh\n", "2: `port` is `ssh`"),
    (
        "a branch",
        b"[gerrit]\n\ndefaultbranch=a..b\n",
        "3: `defaultbranch` is `a..b`",
    ),
    (
        "a remote",
        b"[gerrit]\ndefaultremote=--upload-pack=x\n",
        "2: `defaultremote` is",
    ),
];

/// A clone of nova that has these bytes in HEAD and upstream.
fn with<'s>(sandbox: &'s Sandbox, bytes: &[u8]) -> Clone<'s> {
    let clone = sandbox.clone_of("nova");
    fs::write(clone.path.join(".gitreview"), bytes).expect("file");
    clone.commit_upstream("Another .gitreview");
    clone
}

/// Returns the one thing that all verbs say.
fn all_say(clone: &Clone<'_>, options: &[&str]) -> String {
    let mut said = VERBS.map(|verb| {
        let args = [&[verb], options].concat();
        clone.untouched(&args).refused("undecided")
    });
    said.sort();
    assert_eq!(said[0], said[VERBS.len() - 1], "{options:?}");
    said[0].clone()
}

#[test]
fn every_verb_refuses_a_broken_file() {
    for (what, bytes, reason) in BROKEN {
        let sandbox = Sandbox::new();
        let clone = with(&sandbox, bytes);
        for options in [&[][..], &["--service", "nova"]] {
            let said = all_say(&clone, options);
            let wanted = format!("HEAD:.gitreview:{reason}");
            assert!(said.starts_with(&wanted), "{what}: {said}");
            assert!(said.ends_with("--base REV"), "{what}: {said}");
        }
        for options in [
            &["--base", "origin/master"][..],
            &["--base", "origin/master", "--service", "nova"],
        ] {
            let said = all_say(&clone, options);
            let wanted = format!(".gitreview:{reason}");
            assert!(said.starts_with(&wanted), "{what}: {said}");
            assert!(said.ends_with("--base HEAD"), "{what}: {said}");
        }
        let args = ["review", "--push", "--service", "nova"];
        clone.untouched(&args).refused("undecided");
    }
}

/// HEAD is mended, and what it names as the base is not.
#[test]
fn the_file_of_the_base_is_named() {
    let sandbox = Sandbox::new();
    let clone = with(&sandbox, b"[gerrit]\nport=x\n");
    clone.write(".gitreview", "[gerrit]\nproject=openstack/nova.git\n");
    clone.git(&["commit", "-q", "-am", "Mended"]);
    assert!(all_say(&clone, &[]).starts_with(".gitreview:2: `port` is `x`"));
    // The hint is the way out.
    clone.rally(&["commit", "--base", "HEAD"]).ok("committed");
}

/// The file of the base is fine, and that of HEAD is not.
#[test]
fn the_file_of_head_is_named() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.write(".gitreview", "[gerrit]\nport=x\n");
    clone.git(&["commit", "-q", "-am", "Broken"]);
    assert!(all_say(&clone, &[]).starts_with("HEAD:.gitreview:2: "));
    let args = ["commit", "--base", "origin/master"];
    clone.rally(&args).ok("committed");
}

#[test]
fn a_setting_that_is_of_no_use_fails_every_verb() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    for (key, value) in [("gitreview.branch", ""), ("gitreview.port", "x")] {
        clone.git(&["config", key, value]);
        for verb in VERBS {
            for options in [&[][..], &["--base", "HEAD", "--service", "nova"]] {
                let args = [&[verb], options].concat();
                let said = clone.untouched(&args).failed();
                says(&said, &[&format!("`{key}` as `{value}`")]);
                assert!(said.ends_with(&format!("git config {key} VALUE")), "{said}");
            }
        }
        clone.git(&["config", "--unset", key]);
    }
}

/// What git-review does not look at is nobody's business.
#[test]
fn what_git_review_does_not_read_does_not_matter() {
    let sandbox = Sandbox::new();
    let text = "[gerrit]\nproject=openstack/nova.git\nx=5%\n[x]\nport=%(y)s\n";
    let clone = with(&sandbox, text.as_bytes());
    clone.rally(&["commit"]).ok("committed");
}

/// 20 KB that ask `configparser` for more than a machine has.
#[test]
fn a_value_that_grows_without_end() {
    let lines = (1..10).map(|n| format!("k{n} = {}\n", format!("%(k{})s", n + 1).repeat(300)));
    let lines: String = lines.collect();
    let text = format!("[gerrit]\nproject=%(k1)s\n{lines}k10 = x\n");
    let sandbox = Sandbox::new();
    let clone = with(&sandbox, text.as_bytes());
    says(&all_say(&clone, &[]), &["makes the value too long"]);
}
