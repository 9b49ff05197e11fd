//! Names of branches, and branches that are there.

use crate::support::{Sandbox, says};

#[test]
fn names_that_git_refuses() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let long = "x".repeat(300);
    for name in [
        "-x",
        "HEAD",
        "@",
        "a..b",
        "a b",
        "x.lock",
        "refs/tags/x",
        "",
        "a//b",
        "/a",
        "a/",
        ".a",
        "a/.b",
        "a~b",
        "a^",
        "a:b",
        "a?b",
        "a*b",
        "a[b",
        "a\\b",
        "a@{b",
        "a\tb",
        "a\u{7f}",
        "a.",
        "refs/heads/-x",
        &long,
    ] {
        let ran = clone.untouched(&["commit", &format!("--branch={name}")]);
        says(ran.usage(), &["branch"]);
    }
}

#[test]
fn it_exists_loose_or_packed() {
    for pack in [false, true] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["branch", "rally-perfscale", "HEAD"]);
        if pack {
            clone.git(&["pack-refs", "--all"]);
        }
        for args in [&["commit"][..], &["commit", "--replace"], &["diff"]] {
            let said = clone.untouched(args).refused("branch-exists");
            says(
                &said,
                &["`rally-perfscale` exists already", "--branch NAME"],
            );
        }
    }
}

#[test]
fn branches_below_it_or_above_it() {
    for pack in [false, true] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["branch", "folder/one"]);
        clone.git(&["branch", "deep/er/one"]);
        clone.git(&["branch", "file"]);
        if pack {
            clone.git(&["pack-refs", "--all"]);
        }
        let said = clone
            .untouched(&["commit", "--branch", "folder"])
            .refused("branch-exists");
        says(&said, &["`folder`", "`folder/one`", "--branch NAME"]);
        let said = clone
            .untouched(&["commit", "--branch", "deep"])
            .refused("branch-exists");
        says(&said, &["`deep`", "`deep/er/one`", "--branch NAME"]);
        for below in ["file/x", "file/x/y"] {
            let said = clone
                .untouched(&["commit", "--branch", below])
                .refused("branch-exists");
            says(
                &said,
                &[
                    &format!("`{below}`"),
                    "the branch `file` is in the way",
                    "--branch NAME",
                ],
            );
        }
        // The check is of whole names, not of their first letters.
        clone.rally(&["commit", "--branch", "fold"]).ok("committed");
        // Folders that git left behind are in nobody's way.
        let left = clone.path.join(".git/refs/heads/left/behind");
        std::fs::create_dir_all(left).expect("folders");
        clone.rally(&["commit", "--branch", "left"]).ok("committed");
        clone
            .rally(&["commit", "--branch", "folder/two"])
            .ok("committed");
    }
}

#[test]
fn references_that_are_broken_or_point_to_others() {
    for text in [
        "garbage\n",
        "",
        "ref: refs/heads/nowhere\n",
        "ref: refs/heads/master\n",
        "0123456789012345678901234567890123456789\n",
    ] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.write(".git/refs/heads/rally-perfscale", text);
        let ran = clone.untouched(&["commit"]);
        assert!(ran.code == 1 || ran.code == 3, "{ran:?}");
        says(
            ran.event()["reason"].as_str().expect("reason"),
            &["rally-perfscale"],
        );
    }
}
