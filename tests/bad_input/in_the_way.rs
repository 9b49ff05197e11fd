//! Files, folders and links where the change puts its own.

use crate::support::{Clone, Sandbox, says};
use crate::{nova_with, submodule};

const FOLDERS: [&str; 3] = ["rally-jobs", "rally-jobs/plugins", "rally-jobs/extra"];
const FILES: [&str; 3] = [
    "rally-jobs/README.rst",
    "rally-jobs/task-nova.yaml",
    "rally-jobs/plugins/__init__.py",
];

fn refused(clone: &Clone<'_>, path: &str, is: &str, wanted: &str) {
    clone.git(&["commit", "-q", "-m", "In the way"]);
    clone.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
    for verb in ["commit", "diff"] {
        let said = clone.untouched(&[verb]).refused("in-the-way");
        says(
            &said,
            &[
                &format!("`{path}` is {is}"),
                &format!("git-rally needs {wanted} there"),
                "move it",
            ],
        );
    }
}

#[test]
fn where_a_folder_belongs() {
    for path in FOLDERS {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.write(path, "a file\n");
        clone.git(&["add", path]);
        refused(&clone, path, "a file", "a directory");
        let clone = &Sandbox::new();
        let clone = clone.clone_of("nova");
        clone.link(path, "../elsewhere");
        clone.git(&["add", path]);
        refused(&clone, path, "a symbolic link", "a directory");
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        submodule(&clone, path);
        refused(&clone, path, "a submodule", "a directory");
    }
}

#[test]
fn where_a_file_belongs() {
    for path in FILES {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.link(path, "/etc/passwd");
        clone.git(&["add", path]);
        refused(&clone, path, "a symbolic link", "a file");
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.write(&format!("{path}/file"), "");
        clone.git(&["add", path]);
        refused(&clone, path, "a directory", "a file");
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        submodule(&clone, path);
        refused(&clone, path, "a submodule", "a file");
    }
}

#[test]
fn a_file_that_is_there_is_kept_and_said() {
    let sandbox = Sandbox::new();
    let clone = nova_with(&sandbox, &[("rally-jobs/README.rst", "Ours.\n")]);
    let event = clone.rally(&["commit"]).ok("committed");
    let files = event["files"].as_array().expect("files");
    let readme = files
        .iter()
        .find(|f| f["path"] == "rally-jobs/README.rst")
        .expect("README");
    assert_eq!(readme["change"], "keep");
    assert_eq!(
        clone.git(&["show", "rally-perfscale:rally-jobs/README.rst"]),
        "Ours."
    );
}
