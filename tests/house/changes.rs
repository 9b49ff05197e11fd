//! What the change is, byte by byte: `fixtures/NAME/out`.

use crate::support::files::Tree;
use crate::support::{Sandbox, fixture_dir, fixtures, golden, manifest};

/// Fixtures whose whole `rally-jobs/` is kept as a golden; of the others only what is not the
/// catalogue's own text: the Zuul files and the message.
const WHOLE: [&str; 2] = ["ironic", "nova"];

#[test]
fn the_change_is_as_it_was_read_and_accepted() {
    for service in fixtures() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of(&service);
        clone.rally(&["commit"]).ok("committed");
        let mut found = Tree::new();
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
                sandbox.git_bytes(
                    &clone.path,
                    &["show", &format!("rally-perfscale:{path}")],
                    b"",
                ),
            );
        }
        // The ids depend on the program's version and on every byte of the tree.
        let message = clone.git(&["log", "-1", "--format=%B", "rally-perfscale"]);
        let unsteady = ["Change-Id: ", "Git-Rally: ", "Git-Rally-Wrote: "];
        let steady = message
            .lines()
            .filter(|line| !unsteady.iter().any(|key| line.starts_with(key)));
        found.insert(
            "COMMIT_MESSAGE".to_owned(),
            steady
                .map(|line| format!("{line}\n"))
                .collect::<String>()
                .into_bytes(),
        );
        golden::folder(&fixture_dir(&service).join("out"), &found)
            .unwrap_or_else(|why| panic!("{why}"));
    }
}

/// Returns whether the file is copied from the catalogue as it is: no golden is needed for that.
fn is_copy(service: &str, rest: &str) -> bool {
    manifest("templates/services")
        .join(service)
        .join(rest)
        .is_file()
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
            let text = clone.git(&["show", &format!("rally-perfscale:{path}")]);
            assert!(!text.contains("The job "), "{service}/{path}: {text}");
            let long = text.lines().find(|line| {
                line.len() > 79 && !line.starts_with("    ") && !line.contains("https://")
            });
            assert_eq!(long, None, "{service}/{path}");
        }
    }
}
