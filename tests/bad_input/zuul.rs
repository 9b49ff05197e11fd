//! A Zuul configuration that nobody can edit.

use std::fs;

use crate::nova_with;
use crate::support::{Sandbox, says};

#[test]
fn not_yaml() {
    for (text, line) in [
        ("---\n- job: [\n", "line"),
        ("- project:\n    check:\n\tjobs: []\n", "line 3"),
        ("- job:\n    name: \"open\n", "line"),
        ("\u{1b}[31m: [}\n", "line 1"),
    ] {
        let sandbox = Sandbox::new();
        let clone = nova_with(&sandbox, &[(".zuul.yaml", text)]);
        for verb in ["commit", "diff"] {
            let said = clone.untouched(&[verb]).refused("zuul");
            says(&said, &["`.zuul.yaml`", line]);
        }
        clone.rally(&["commit", "--no-zuul"]).ok("committed");
    }
}

#[test]
fn not_text() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    fs::write(
        clone.path.join(".zuul.yaml"),
        b"- job:\n    name: \xff\xfe\n",
    )
    .expect("file");
    clone.commit_upstream("Not UTF-8");
    let said = clone.untouched(&["commit"]).refused("zuul");
    says(&said, &["`.zuul.yaml`", "line 2", "UTF-8"]);
}

#[test]
fn a_link() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.link(".zuul.yaml", "/etc/hostname");
    clone.commit_upstream("A link");
    let said = clone.untouched(&["commit"]).refused("in-the-way");
    says(&said, &["`.zuul.yaml` is a symbolic link", "--no-zuul"]);
}
