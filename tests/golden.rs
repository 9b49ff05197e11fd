//! What the change is, byte by byte: `fixtures/NAME/out`. `GIT_RALLY_BLESS=1` writes it anew; the
//! difference is then read before it is committed.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use support::{Sandbox, fixture_dir, fixtures, write};

/// Fixtures whose whole `rally-jobs/` is kept as a golden; of the others only what is not the
/// catalogue's own text: the Zuul files and the message.
const WHOLE: [&str; 2] = ["ironic", "nova"];

#[test]
fn the_change_is_as_it_was_read_and_accepted() {
    for service in fixtures() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of(&service);
        clone.rally(&["commit"]).ok("committed");
        let mut found = BTreeMap::new();
        let changed = clone.git(&["diff", "--name-only", "origin/master", "rally-perfscale"]);
        for path in changed.lines() {
            let ours = path.strip_prefix("rally-jobs/");
            if ours
                .is_some_and(|rest| !WHOLE.contains(&service.as_str()) || is_copy(&service, rest))
            {
                continue;
            }
            found.insert(
                path.to_owned(),
                sandbox.git_bytes(&clone.path, &["show", &format!("rally-perfscale:{path}")]),
            );
        }
        // The ids depend on the program's version and on every byte of the tree.
        let message = clone.git(&["log", "-1", "--format=%B", "rally-perfscale"]);
        let steady = message
            .lines()
            .filter(|line| !line.starts_with("Change-Id: ") && !line.starts_with("Git-Rally: "));
        found.insert(
            "COMMIT_MESSAGE".to_owned(),
            steady.map(|line| format!("{line}\n")).collect(),
        );
        compare(&fixture_dir(&service).join("out"), &found);
    }
}

/// doc8 allows long lines in literal blocks and for links.
#[test]
fn without_a_job_no_document_speaks_of_one_and_the_lines_are_short() {
    for service in fixtures() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of(&service);
        clone.rally(&["commit", "--no-zuul"]).ok("committed");
        let changed = clone.git(&["diff", "--name-only", "origin/master", "rally-perfscale"]);
        for path in changed.lines().filter(|path| path.ends_with(".rst")) {
            let text =
                sandbox.git_bytes(&clone.path, &["show", &format!("rally-perfscale:{path}")]);
            assert!(!text.contains("The job "), "{service}/{path}: {text}");
            let long = text.lines().find(|line| {
                line.len() > 79 && !line.starts_with("    ") && !line.contains("https://")
            });
            assert_eq!(long, None, "{service}/{path}");
        }
    }
}

/// Returns whether the file is copied from the catalogue as it is: no golden is needed for that.
fn is_copy(service: &str, rest: &str) -> bool {
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/services");
    services.join(service).join(rest).is_file()
}

fn compare(out: &Path, found: &BTreeMap<String, String>) {
    if std::env::var_os("GIT_RALLY_BLESS").is_some() {
        // The folder holds nothing but what this test wrote.
        drop(fs::remove_dir_all(out));
        found
            .iter()
            .for_each(|(path, text)| write(&out.join(path), text));
        return;
    }
    let there = support::files(out);
    let names: Vec<&String> = there.keys().collect();
    assert_eq!(names, found.keys().collect::<Vec<_>>(), "{}", out.display());
    for (path, text) in found {
        let golden = String::from_utf8_lossy(&there[path]);
        assert!(
            golden == *text,
            "{}/{path} differs: GIT_RALLY_BLESS=1 cargo test --test golden, and read the difference",
            out.display()
        );
    }
}
