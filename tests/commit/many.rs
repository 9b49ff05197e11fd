//! Many repositories in one call: each has its own result, and the exit code is that of the worst.

use crate::support::Sandbox;

#[test]
fn the_exit_code_is_that_of_the_worst() {
    let sandbox = Sandbox::new();
    drop(sandbox.clone_of("nova"));
    // `glance` is done, `nova` is refused, `gone` fails.
    sandbox
        .clone_of("glance")
        .rally(&["commit"])
        .ok("committed");
    sandbox.at("nova").git(&["branch", "rally-perfscale"]);
    for (repos, code) in [
        (&["glance"][..], 0),
        (&["glance", "glance"], 0),
        (&["nova", "glance"], 3),
        (&["glance", "nova"], 3),
        (&["gone", "glance"], 1),
        (&["glance", "gone"], 1),
        (&["gone", "nova"], 1),
        (&["nova", "gone"], 1),
        (&["nova", "gone", "glance"], 1),
        (&["gone", "nova", "glance", "nova"], 1),
    ] {
        let ran = sandbox.untouched(sandbox.dir.path(), &[&["commit"], repos].concat());
        assert_eq!(ran.code, code, "{repos:?}: {ran:?}");
        assert_eq!(ran.out.lines().count(), repos.len(), "{ran:?}");
    }
}
