//! Documents and content that exist: stubs are replaced, everything else is kept, and all of it is
//! said.

use serde_json::Value;

use crate::support::{Clone, Sandbox, says};

/// Returns what happens to the file, and why.
fn fate<'e>(event: &'e Value, path: &str) -> (&'e str, &'e str) {
    let files = event["files"].as_array().expect("files");
    let file = files.iter().find(|file| file["path"] == path);
    let file = file.unwrap_or_else(|| panic!("no {path} in {event}"));
    let text = |key: &str| file[key].as_str().expect("a text");
    (text("change"), text("why"))
}

fn notes(event: &Value) -> String {
    event["notes"].to_string()
}

fn shown(clone: &Clone<'_>, path: &str) -> String {
    clone.git(&["show", &format!("rally-perfscale:{path}")])
}

const README: &str = "rally-jobs/README.rst";
const EXTRA: &str = "rally-jobs/extra/README.rst";

/// The sample has the words of the specification there, which are the boilerplate's.
#[test]
fn a_known_stub_is_replaced_and_nothing_else() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("keystone");
    clone.write(README, "Rally\n=====\n\nOur own words.\n");
    clone.commit_upstream("A README of their own");
    let event = clone.rally(&["commit"]).ok("committed");
    let stub = "replaces the known stub: boilerplate on extra files in general";
    assert_eq!(fate(&event, EXTRA), ("modify", stub));
    assert_eq!(
        fate(&event, README),
        ("keep", "exists already with other content; kept")
    );
    says(
        &notes(&event),
        &[
            "rally-jobs/README.rst is kept",
            "--replace-docs replaces it",
        ],
    );
    assert!(shown(&clone, README).ends_with("Our own words."));
    assert!(!shown(&clone, EXTRA).contains("copy pasted"));
    let message = clone.git(&["log", "-1", "--format=%B", "rally-perfscale"]);
    let message = message.replace('\n', " ");
    says(
        &message,
        &["Rewrite rally-jobs/extra/README.rst (boilerplate on extra files in general)."],
    );
}

#[test]
fn a_stub_with_one_more_word_is_somebodys() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("keystone");
    let stub = std::fs::read_to_string(clone.path.join(EXTRA)).expect("the stub");
    clone.write(EXTRA, format!("{stub}\nOurs.\n"));
    clone.commit_upstream("One more word");
    let event = clone.rally(&["commit"]).ok("committed");
    assert_eq!(fate(&event, EXTRA).0, "keep");
}

/// Tasks, plugins and extra files are never touched.
#[test]
fn replace_docs_replaces_the_readmes_and_nothing_else() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("keystone");
    let theirs = [
        README,
        "rally-jobs/plugins/README.rst",
        "rally-jobs/plugins/__init__.py",
        "rally-jobs/plugins/keystone_basic.py",
        "rally-jobs/task-keystone.yaml",
    ];
    for path in theirs {
        clone.write(path, format!("# their {path}\n"));
    }
    clone.commit_upstream("Files of their own");
    let event = clone.rally(&["commit", "--replace-docs"]).ok("committed");
    for path in theirs {
        let (change, why) = fate(&event, path);
        match path.ends_with(".rst") {
            true => assert_eq!((change, why), ("modify", "replaced (--replace-docs)")),
            false => assert_eq!(change, "keep", "{path}: {why}"),
        }
    }
    assert!(!notes(&event).contains("README.rst is kept"), "{event}");
    let message = clone.git(&["log", "-1", "--format=%B", "rally-perfscale"]);
    says(
        &message.replace('\n', " "),
        &["Rewrite rally-jobs/README.rst, rally-jobs/extra/README.rst (boilerplate"],
    );
    // With the change upstream, the documents are ours, and nothing is left to replace.
    clone.git(&[
        "update-ref",
        "refs/remotes/origin/master",
        "rally-perfscale",
    ]);
    let again = clone.rally(&["commit", "--replace-docs", "--branch", "b"]);
    says(
        again.ok("unchanged")["reason"].as_str().expect("a reason"),
        &["has a file at every path already"],
    );
}

/// What no job runs is named, and stays as it is.
#[test]
fn dead_content_is_named() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("keystone");
    let event = clone.rally(&["commit"]).ok("committed");
    let left = "rally-jobs/keystone.yaml is left as it is: no job in this repository runs it; it has Rally's old task format, version 1";
    says(&notes(&event), &[left]);
    let clone = sandbox.clone_of("heat");
    let event = clone.rally(&["commit"]).ok("committed");
    says(
        &notes(&event),
        &["rally-scenarios/ is left as it is: no job"],
    );
    // A job of their own runs both.
    let zuul = "- job:\n    name: theirs\n    parent: rally-task-at-devstack\n    vars:\n      rally_task: rally-scenarios/heat.yaml\n";
    clone.write(".zuul.yaml", zuul);
    clone.commit_upstream("A job of their own");
    let event = clone
        .rally(&["commit", "--no-zuul", "--branch", "b"])
        .ok("committed");
    assert!(!notes(&event).contains("left as it is"), "{event}");
}

/// Our READMEs replace boilerplate that lists them, so they list them as well.
#[test]
fn files_that_exist_are_listed() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("keystone");
    clone.write("rally-jobs/extra/their.img", "");
    clone.write("rally-jobs/extra/.hidden", "");
    clone.write("rally-jobs/extra/no``markup.txt", "");
    clone.write("rally-jobs/plugins/their_plugin.py", "");
    clone.commit_upstream("More files");
    clone.rally(&["commit"]).ok("committed");
    says(&shown(&clone, README), &["``keystone.yaml``"]);
    says(&shown(&clone, EXTRA), &["``their.img``"]);
    assert!(!shown(&clone, EXTRA).contains("hidden"));
    assert!(!shown(&clone, EXTRA).contains("markup"));
    let plugins = shown(&clone, "rally-jobs/plugins/README.rst");
    says(&plugins, &["``their_plugin.py``"]);
    assert!(!plugins.contains("``__init__.py``"));
}

/// An image that only the job makes must be made by hand for a local run.
#[test]
fn a_local_run_has_the_images_that_the_task_names() {
    let sandbox = Sandbox::new();
    for (service, is_named) in [("glance", true), ("keystone", false)] {
        let clone = sandbox.clone_of(service);
        clone.rally(&["commit"]).ok("committed");
        let task = shown(&clone, &format!("rally-jobs/task-{service}.yaml"));
        assert_eq!(task.contains("dummy_image"), is_named, "{service}");
        let made = shown(&clone, README).contains("qemu-img create");
        assert_eq!(made, is_named, "{service}");
    }
}
