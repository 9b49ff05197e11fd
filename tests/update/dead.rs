//! Content for Rally that no job runs, and services that had some.

use crate::story::notes;
use crate::support::{Sandbox, says};

#[test]
fn a_removal_is_told_with_its_commit() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("zaqar");
    clone.write(
        "rally-jobs/zaqar.yaml",
        "---\n  ZaqarBasic.create_queue:\n    - args: {}\n",
    );
    clone.commit_upstream("Add Rally jobs");
    let empty = |count: usize| {
        for number in 0..count {
            let message = format!("More {number}");
            clone.git(&["commit", "-q", "--allow-empty", "-m", &message]);
        }
    };
    empty(20);
    clone.git(&["checkout", "-q", "-b", "side"]);
    clone.git(&["rm", "-q", "-r", "rally-jobs"]);
    clone.git(&["commit", "-q", "-m", "Drop the \"rally\" job"]);
    let drop = clone.git(&["rev-parse", "--short=10", "HEAD"]);
    clone.git(&["checkout", "-q", "master"]);
    clone.git(&["merge", "-q", "--no-ff", "-m", "Merge it", "side"]);
    empty(150);
    clone.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
    let event = clone.rally(&["commit"]).ok("committed");
    let said = format!("{drop} of 2026-01-31 (\"Drop the \"rally\" job\")");
    says(&notes(&event), &[&said]);
    let message = clone.git(&["log", "-1", "--format=%B", "rally-perfscale"]);
    says(
        &message.replace('\n', " "),
        &[&format!("had rally-jobs until {said}, which removed it")],
    );
}
