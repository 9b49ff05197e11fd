//! A path of ours that goes through a filter (Git LFS) is refused: the oracle is `git check-attr`.

use std::fs;

use super::support::{Clone, Sandbox, says, write};

const PATHS: [&str; 5] = [
    ".zuul.yaml",
    "rally-jobs/README.rst",
    "rally-jobs/extra/README.rst",
    "rally-jobs/plugins/__init__.py",
    "rally-jobs/task-nova.yaml",
];

/// Files of attributes, each with its place: in the base, in the clone, or the user's own.
const TABLE: &[&[(&str, &str)]] = &[
    &[(
        ".gitattributes",
        "*.yaml filter=lfs diff=lfs merge=lfs -text\n",
    )],
    &[(".gitattributes", "*.bin filter=lfs\n")],
    &[(".gitattributes", "# *.yaml filter=lfs\n\n  *.rst text\n")],
    &[(
        ".gitattributes",
        "*.yaml -filter\n*.rst filter\n*.py !filter\n",
    )],
    &[(".gitattributes", "rally-jobs/** filter=lfs\n")],
    &[(
        ".gitattributes",
        "rally-jobs/* filter=lfs\n*/README.rst -filter\n",
    )],
    &[(".gitattributes", "rally-jobs/ filter=lfs\n")],
    &[(".gitattributes", "rally-jobs filter=lfs\n")],
    &[(".gitattributes", "/*.yaml filter=lfs\n")],
    &[(".gitattributes", "/task-*.yaml filter=lfs\n")],
    &[(".gitattributes", "**/task-*.yaml\tfilter=crypt\r\n")],
    &[(".gitattributes", "task-[a-z]*.yaml filter=lfs\n")],
    &[(
        ".gitattributes",
        "\"rally-jobs/task-nova.yaml\" filter=lfs\n",
    )],
    &[(".gitattributes", "!*.yaml filter=lfs\n")],
    &[(".gitattributes", "*.yaml filter=lfs\n*.yaml filter=\n")],
    &[(".gitattributes", "*.yaml filter=lfs\n*.yaml -filter\n")],
    &[(".gitattributes", "*.yaml filter=lfs\n*.yaml !filter\n")],
    &[(".gitattributes", "*.yaml filter=a filter=b\n")],
    &[(".gitattributes", "[attr]big filter=lfs -text\n*.yaml big\n")],
    &[(
        ".gitattributes",
        "[attr]big filter=lfs\n[attr]own big\n*.py own\n*.yaml -big\n",
    )],
    &[(".gitattributes", "*.yaml binary\n*.py notamacro\n")],
    &[
        (".gitattributes", "*.yaml filter=lfs\n"),
        ("rally-jobs/.gitattributes", "*.yaml -filter\n"),
    ],
    &[("rally-jobs/.gitattributes", "/task-nova.yaml filter=lfs\n")],
    &[(
        "rally-jobs/.gitattributes",
        "rally-jobs/task-nova.yaml filter=lfs\n",
    )],
    &[("rally-jobs/.gitattributes", "extra/* filter=lfs\n")],
    &[("rally-jobs/extra/.gitattributes", "* filter=lfs\n")],
    &[(".git/info/attributes", "*.py filter=lfs\n")],
    &[
        (".gitattributes", "*.py filter=lfs\n"),
        (".git/info/attributes", "*.py -filter\n"),
    ],
    &[("../home/.config/git/attributes", "*.py filter=lfs\n")],
    &[
        ("../home/.config/git/attributes", "*.py filter=lfs\n"),
        (".gitattributes", "*.py -filter\n"),
    ],
];

/// Returns the filter of the path, as git has it for the files of the work tree.
fn filter(clone: &Clone<'_>, path: &str) -> Option<String> {
    let said = clone.git(&["check-attr", "filter", "--", path]);
    let (_, value) = said.rsplit_once(": ").expect("a value");
    // An empty value goes with the end of the line.
    let none = ["unspecified", "unset", "set", "filter:"];
    (!none.contains(&value)).then(|| value.to_owned())
}

#[test]
fn as_git_has_it() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let mut refused = 0;
    for row in TABLE {
        for (file, text) in *row {
            write(&clone.path.join(file), text);
        }
        clone.commit_upstream("attributes");
        let filters: Vec<String> = PATHS.iter().filter_map(|p| filter(&clone, p)).collect();
        let ran = clone.untouched(&["diff"]);
        assert_eq!(ran.code == 3, !filters.is_empty(), "{row:?} {filters:?}");
        match filters.first() {
            None => drop(ran.ok("patch")),
            Some(first) => {
                refused += 1;
                let filter = format!("the filter `{first}`");
                says(
                    &ran.refused("in-the-way"),
                    &[&filter, "git check-attr filter"],
                );
            }
        }
        for (file, _) in *row {
            fs::remove_file(clone.path.join(file)).expect("remove");
        }
    }
    assert!(refused >= 10, "{refused}");
}
