//! Rules of the repository's own linters.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::Sandbox;
use crate::{LICENCE, with};

#[test]
fn linters_of_the_repository() {
    let init = "rally-jobs/plugins/__init__.py";
    assert_eq!(
        with(&[(init, LICENCE)]),
        ["rally-jobs/plugins/__init__.py:1 comments-only"]
    );
    let plugin = format!("\"\"\"A plugin.\"\"\"\n{}", "x = 1\n".repeat(12));
    let bare = ("rally-jobs/plugins/a.py", plugin.as_str());
    assert_eq!(with(&[bare]), ["rally-jobs/plugins/a.py:1 no-licence"]);
    let long = format!(
        "Rally\n=====\n\n{}end\n\n::\n\n  {}\n\nhttps://a.b {}\n",
        "word ".repeat(16),
        "word ".repeat(20),
        "word ".repeat(20)
    );
    let readme = ("rally-jobs/README.rst", long.as_str());
    assert_eq!(with(&[readme]), ["rally-jobs/README.rst:4 long-line"]);
    let none: [&str; 0] = [];
    // where a repository does not use the linter, or turns the rule off
    let off = (
        "tox.ini",
        "[flake8]\nignore = H102,H104\n[doc8]\nignore = D001\n[x]\n  doc8 doc\n",
    );
    assert_eq!(with(&[(init, LICENCE), bare, readme, off]), none);
    let unused = [("tox.ini", ""), ("test-requirements.txt", "")];
    assert_eq!(
        with(&[(init, LICENCE), bare, readme, unused[0], unused[1]]),
        none
    );
    let wider = (
        "tox.ini",
        "[x]\n  doc8 doc\n[doc8]\nmax-line-length = 100\n",
    );
    assert_eq!(with(&[readme, wider]), none);
    assert_eq!(with(&[("rally-jobs/plugins/short.py", "x = 1\n")]), none);
    // where the linter does not read the file
    let none_of = |tox: &str| with(&[(init, LICENCE), bare, readme, ("tox.ini", tox)]);
    for tox in [
        "[a]\ncommands =\n  flake8 sample\n  doc8 doc/source\n",
        "[a]\ncommands =\n  flake8 {posargs:sample}\n  doc8 -e .rst -e .inc README.rst\n",
        "[a]\ncommands =\n  flake8\n  doc8\n[flake8]\nexclude =\n  .git,\n  rally-jobs\n[doc8]\nignore-path = *jobs*\n",
        "[a]\ncommands =\n  flake8\n  doc8\n[flake8]\nextend-exclude = ./rally-jobs/*\n[doc8]\nignore-path = rally-jobs/README.rst\n",
    ] {
        assert_eq!(none_of(tox), none, "{tox}");
    }
    let both = "[a]\ncommands = flake8 sample rally-jobs\n  doc8 \\\n    README.rst rally-jobs/\n[flake8]\nexclude = doc,.*\n";
    assert_eq!(none_of(both).len(), 3);
}

/// Only the hook asks for `#!`.
#[test]
fn executables() {
    let hooks = |more: &str| {
        let id = "      - id: check-executables-have-shebangs\n";
        format!("repos:\n  - repo: x\n    hooks:\n{id}{more}")
    };
    let of = |config: &str| {
        let sandbox = Sandbox::new();
        let repo = sandbox.repository("r", &[(".pre-commit-config.yaml", config)]);
        repo.write("rally-jobs/run.py", "x = 1\n");
        let path = repo.path.join("rally-jobs/run.py");
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
        repo.untouched(&["check"]).out.contains("\"executable\"")
    };
    assert!(of(&hooks("")));
    assert!(!of(&hooks("        exclude: ^rally-jobs/\n")));
    assert!(!of("repos: []\n"));
}
