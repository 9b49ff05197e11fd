//! Rules of the repository's own linters.

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
}
