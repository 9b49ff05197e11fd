//! What can become of our commit before the next run.

use std::fs;

use crate::story::{MORE_TENANTS, Story, fate, notes};
use crate::support::{Sandbox, says};

const CLEANUP: &str = "rally-jobs/plugins/zaqar_cleanup.py";

/// A change of the zaqar entry that changes the task alone.
const ZAQAR: (&str, &str) = ("users_per_tenant: 2", "users_per_tenant: 3");

/// A change of any entry that changes the job alone.
const PROJECT: (&str, &str) = (
    "  required_projects:\n",
    "  required_projects:\n    - openstack/tempest\n",
);

#[test]
fn updates_follow_one_another() {
    let story = Story::merged("swift", &[]);
    let task = story.task();
    story.edit(
        &task,
        &[("swift.delete_object: 2", "swift.delete_object: 4")],
    );
    let clone = story.clone();
    let edited = clone.git(&["rev-parse", "HEAD"]);

    let second = ("swift.create_container: 5", "swift.create_container: 6");
    let third = ("swift.create_container: 6", "swift.create_container: 7");
    story.update(&story.catalogue(&[MORE_TENANTS, second]), &[]);
    clone.merge_upstream("rally-perfscale");
    let newest = story.catalogue(&[MORE_TENANTS, second, third]);
    let event = story.update(&newest, &[]);
    says(&notes(&event), &["which is merged"]);
    let twice = story.updated(&task);
    says(
        &twice,
        &[
            "swift.delete_object: 4",
            "swift.create_container: 7",
            "tenants: 3",
        ],
    );
    let change_id = event["change_id"].clone();

    // At once it is the same.
    clone.git(&["update-ref", "refs/remotes/origin/master", &edited]);
    clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
    let event = story.update(&newest, &[]);
    assert_eq!(story.updated(&task), twice);
    assert_ne!(event["change_id"], change_id);
}

#[test]
fn what_was_renamed_is_found() {
    let story = Story::merged("zaqar", &[]);
    let clone = story.clone();
    let task = story.task();
    clone.git(&["mv", &task, "rally-jobs/messaging.yaml"]);
    clone.git(&["mv", CLEANUP, "rally-jobs/plugins/leftovers.py"]);
    let zuul = fs::read_to_string(clone.path.join(".zuul.yaml")).expect("a file");
    let zuul = zuul.replace(
        &format!("rally_task: {task}"),
        "rally_task: rally-jobs/messaging.yaml",
    );
    clone.write(".zuul.yaml", zuul.replace("zaqar-rally", "zaqar-messaging"));
    clone.commit_upstream("Names of our own");
    clone.rally(&["commit"]).ok("unchanged");

    let newer = story.catalogue(&[ZAQAR, PROJECT]);
    let plugin = story
        .sandbox
        .path("catalogue/zaqar/plugins/zaqar_cleanup.py");
    let text = fs::read_to_string(&plugin).expect("a plugin");
    fs::write(&plugin, format!("{text}\n\n# The end.\n")).expect("a plugin");
    let event = story.update(&newer, &[]);
    assert_eq!(fate(&event, &task), None, "{event}");
    assert_eq!(fate(&event, CLEANUP), None, "{event}");
    says(
        &story.updated("rally-jobs/messaging.yaml"),
        &["users_per_tenant: 3"],
    );
    says(
        &story.updated("rally-jobs/plugins/leftovers.py"),
        &["# The end."],
    );
    let job = story.updated(".zuul.yaml");
    says(
        &job,
        &[
            "rally_task: rally-jobs/messaging.yaml",
            "name: zaqar-messaging",
            "openstack/tempest",
        ],
    );
    says(
        &notes(&event),
        &["the job zaqar-rally is called zaqar-messaging now"],
    );
    assert_eq!(job.matches("parent: rally-task-zaqar").count(), 1, "{job}");
}

#[test]
fn what_was_deleted_stays_so() {
    let story = Story::merged("zaqar", &[]);
    let clone = story.clone();
    clone.git(&["rm", "-q", CLEANUP, "rally-jobs/extra/README.rst"]);
    let task = fs::read_to_string(clone.path.join(story.task())).expect("the task");
    let start = task.find("      - description: >-").expect("a workload");
    let end = start
        + 6
        + task[start + 6..]
            .find("      - description: >-")
            .expect("another");
    clone.write(&story.task(), format!("{}{}", &task[..start], &task[end..]));
    clone.commit_upstream("Less");
    clone.rally(&["commit"]).ok("unchanged");

    let newer = story.catalogue(&[ZAQAR]);
    let plugin = story
        .sandbox
        .path("catalogue/zaqar/plugins/zaqar_cleanup.py");
    fs::write(&plugin, "# Other words\n").expect("a plugin");
    let event = story.update(&newer, &[]);
    assert_eq!(fate(&event, CLEANUP), None);
    assert_eq!(fate(&event, "rally-jobs/extra/README.rst"), None);
    says(&notes(&event), &[&format!("{CLEANUP} stays deleted")]);
    let updated = story.updated(&story.task());
    assert_eq!(
        updated.matches("description: >-").count(),
        task.matches("description: >-").count() - 1
    );

    // The job as well.
    let zuul = fs::read_to_string(clone.path.join(".zuul.yaml")).expect("a file");
    let start = zuul.find("- job:\n    name: zaqar-rally").expect("the job");
    let end = start + 1 + zuul[start + 1..].find("\n- ").expect("another item");
    let without = format!("{}{}", &zuul[..start], &zuul[end + 1 - 1..].trim_start());
    let entry =
        |line: &&str| !line.trim().starts_with("- zaqar-rally") && line.trim() != "voting: false";
    let without: String = without
        .lines()
        .filter(entry)
        .map(|line| format!("{line}\n"))
        .collect();
    clone.write(".zuul.yaml", without);
    clone.commit_upstream("No job");
    let event = story.update(&newer, &["--replace"]);
    says(&notes(&event), &["the job zaqar-rally stays away"]);
    assert!(!story.updated(".zuul.yaml").contains("zaqar-rally"));
}

#[test]
fn the_job_is_updated_where_it_was_moved() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let zuul = fs::read_to_string(clone.path.join(".zuul.yaml")).expect("a file");
    let start = zuul.find("- job:\n    name: swift-rally").expect("the job");
    let end = start + zuul[start..].find("\n- project:").expect("the stanza") + 1;
    let job = zuul[start..end].replace("    timeout: 7800\n", "    timeout: 7800  # two hours\n");
    // Another file, other columns, and an edit.
    let moved: String = job
        .lines()
        .map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("  {line}\n"),
        })
        .collect();
    let around = "  # Above.\n  - job:\n      name: another\n\n";
    clone.write(
        "zuul.d/project.yaml",
        format!("{}{}", &zuul[..start], &zuul[end..]),
    );
    clone.write(
        "zuul.d/rally.yaml",
        format!("---\n{around}{moved}  # Below.\n"),
    );
    clone.git(&["rm", "-q", ".zuul.yaml"]);
    clone.commit_upstream("A folder");
    clone.rally(&["commit"]).ok("unchanged");

    let newer = story.catalogue(&[PROJECT]);
    let event = story.update(&newer, &[]);
    assert_eq!(fate(&event, "zuul.d/project.yaml"), None, "{event}");
    let updated = story.updated("zuul.d/rally.yaml");
    let added = "        - openstack/tempest\n";
    assert!(updated.contains(added), "{updated}");
    assert_eq!(
        updated.replace(added, ""),
        format!("---\n{around}{moved}  # Below.\n")
    );
}

#[test]
fn an_amended_file_is_a_persons_and_the_others_are_ours() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("swift");
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["checkout", "-q", "rally-perfscale"]);
    let readme = "rally-jobs/README.rst";
    clone.write(readme, "Short.\n");
    clone.git(&["commit", "-q", "-a", "--amend", "--no-edit"]);
    clone.merge_upstream("rally-perfscale");
    let story = Story {
        sandbox,
        service: "swift".to_owned(),
    };
    let newer = story.catalogue(&[MORE_TENANTS, ("title: Swift", "title: Swift store")]);
    let event = story.update(&newer, &[]);
    says(fate(&event, readme).expect("the README").1, &["kept"]);
    says(&story.updated(&story.task()), &["tenants: 3"]);
    assert_eq!(story.updated(readme), "Short.\n");
}

#[test]
fn a_squash_that_keeps_the_message_is_a_base() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("swift");
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["checkout", "-q", "rally-perfscale"]);
    clone.write("swift/more.py", "x = 1\n");
    clone.git(&["add", "-A"]);
    clone.git(&[
        "commit",
        "-q",
        "-m",
        "More\n\nChange-Id: I0123456789012345678901234567890123456789",
    ]);
    clone.git(&["checkout", "-q", "master"]);
    clone.git(&["merge", "-q", "--squash", "rally-perfscale"]);
    clone.git(&["commit", "-q", "--no-edit"]);
    clone.push_upstream();
    let story = Story {
        sandbox,
        service: "swift".to_owned(),
    };
    story.update(&story.catalogue(&[MORE_TENANTS]), &["--branch", "b"]);
    let task = story.sandbox.git(
        &story.clone().path,
        &["show", &format!("b:{}", story.task())],
    );
    says(&task, &["tenants: 3"]);
}

#[test]
fn a_rebase_and_a_cherry_pick_are_bases() {
    for linear in [
        &["rebase", "-q", "master", "rally-perfscale"][..],
        &["cherry-pick", "rally-perfscale"],
    ] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("swift");
        clone.rally(&["commit"]).ok("committed");
        clone.write(
            ".zuul.yaml",
            format!(
                "# Ours.\n{}",
                fs::read_to_string(clone.path.join(".zuul.yaml")).expect("a file")
            ),
        );
        clone.git(&["commit", "-q", "-a", "-m", "Before"]);
        clone.git(linear);
        clone.push_upstream();
        clone.git(&["checkout", "-q", "--detach"]);
        clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
        let story = Story {
            sandbox,
            service: "swift".to_owned(),
        };
        let newer = story.catalogue(&[MORE_TENANTS, ("timeout: 7800", "timeout: 8000")]);
        story.update(&newer, &[]);
        says(&story.updated(&story.task()), &["tenants: 3"]);
        says(&story.updated(".zuul.yaml"), &["timeout: 8000", "# Ours."]);
    }
}

/// Without the trailer nothing is known to be ours.
#[test]
fn a_rewritten_history_leaves_it_to_people() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let tree = clone.git(&["rev-parse", "HEAD^{tree}"]);
    let root = clone.git(&["commit-tree", &tree, "-m", "Start anew"]);
    clone.git(&["reset", "-q", "--hard", &root]);
    clone.push_upstream();
    clone.rally(&["commit", "--branch", "b"]).ok("unchanged");
    let newer = story.catalogue(&[MORE_TENANTS]);
    let args = ["commit", "--branch", "b", "--catalogue", &newer];
    let event = clone.untouched(&args).ok("unchanged");
    let said = event["reason"].as_str().expect("a reason");
    says(said, &["kept: ", "rally-jobs/task-swift.yaml"]);
}

#[test]
fn a_revert_is_told_and_a_new_change_made() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    clone.git(&["revert", "--no-edit", "-m", "1", "HEAD"]);
    clone.push_upstream();
    let id = clone.git(&["rev-parse", "--short=10", "HEAD"]);
    let event = clone.rally(&["commit", "--branch", "b"]).ok("committed");
    says(
        &notes(&event),
        &["this repository had rally-jobs until", &id, "Revert"],
    );
    let message = clone
        .git(&["log", "-1", "--format=%B", "b"])
        .replace('\n', " ");
    says(
        &message,
        &["Add Rally performance tests", "had rally-jobs until", &id],
    );
}

#[test]
fn a_conflict_leaves_everything_as_it_was() {
    let story = Story::merged("swift", &[]);
    let task = story.task();
    story.edit(
        &task,
        &[("            tenants: 2\n", "            tenants: 7\n")],
    );
    let newer = story.catalogue(&[MORE_TENANTS]);
    let clone = story.clone();
    for verb in ["commit", "diff", "patch", "review"] {
        let said = clone
            .untouched(&[verb, "--catalogue", &newer])
            .refused("conflict");
        says(
            &said,
            &[
                "rally-jobs/task-swift.yaml:",
                "tenants: 7",
                "tenants: 3",
                "--keep rally-jobs/task-swift.yaml",
            ],
        );
    }
    let event = story.update(
        &story.catalogue(&[MORE_TENANTS, ("timeout: 7800", "timeout: 8000")]),
        &["--keep", &task],
    );
    assert_eq!(fate(&event, &task), Some(("keep", "kept (--keep)")));
    says(&story.updated(&task), &["tenants: 7"]);

    // Whoever takes our text has no conflict.
    story.edit(
        &task,
        &[("            tenants: 7\n", "            tenants: 3\n")],
    );
    story.update(&newer, &["--branch", "b"]);
}

#[test]
fn what_we_drop_goes_while_it_is_ours() {
    let story = Story::merged("zaqar", &[]);
    let clone = story.clone();
    let entry = fs::read_to_string(format!(
        "{}/templates/services/zaqar/service.yaml",
        env!("CARGO_MANIFEST_DIR")
    ))
    .expect("an entry");
    let start = entry.find("      - scenario: ").expect("a workload");
    let next = |from: usize| {
        from + 1
            + entry[from + 1..]
                .find("      - scenario: ")
                .expect("another")
    };
    let (second, third) = (next(start), next(next(start)));
    let (first, gone) = (&entry[start..second], &entry[second..third]);
    let name = |text: &str| text.split_whitespace().nth(2).expect("a name").to_owned();
    // People edited the second of the two that we drop.
    let task = fs::read_to_string(clone.path.join(story.task())).expect("the task");
    let at = task.find(&name(gone)).expect("the workload");
    let edited = format!(
        "{}{}",
        &task[..at],
        task[at..].replacen("tenants: ", "tenants: 1", 1)
    );
    clone.write(&story.task(), edited);
    clone.commit_upstream("More tenants");
    let newer = story.catalogue(&[(first, ""), (gone, "")]);
    let event = story.update(&newer, &[]);
    let updated = story.updated(&story.task());
    assert!(!updated.contains(&format!("{}:", name(first))), "{updated}");
    says(&updated, &[&name(gone)]);
    says(&notes(&event), &[&name(gone), "edited"]);
}

#[test]
fn a_shallow_clone_is_told_how_to_get_the_history() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    story.edit(
        &story.task(),
        &[("swift.delete_object: 2", "swift.delete_object: 4")],
    );
    let url = format!("file://{}", story.sandbox.path("upstream-swift").display());
    clone.git(&["push", "-q", "-f", &url, "HEAD:refs/heads/deep"]);
    let args = ["clone", "-q", "--depth", "1", "-b", "deep", &url, "shallow"];
    story.sandbox.git(story.sandbox.dir.path(), &args);
    let shallow = story.sandbox.at("shallow");
    let said = shallow
        .untouched(&["commit"])
        .refused("unsupported-repository");
    says(
        &said,
        &["rally-jobs/task-swift.yaml", "git fetch --unshallow origin"],
    );
    shallow.git(&["fetch", "-q", "--unshallow", "origin"]);
    shallow.rally(&["commit"]).ok("unchanged");
}

#[test]
fn the_branch_of_a_merged_change_moves_on_unless_it_is_checked_out() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let newer = story.catalogue(&[MORE_TENANTS]);
    clone.git(&["checkout", "-q", "rally-perfscale"]);
    let said = clone.untouched(&["commit", "--catalogue", &newer]);
    says(&said.refused("branch-exists"), &["is checked out in"]);
    clone.git(&["checkout", "-q", "master"]);
    story.update(&newer, &[]);
}

/// Gerrit closes a change when it merges it, whatever commit that makes.
#[test]
fn a_change_that_was_picked_is_closed() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("swift");
    let args = ["commit", "--times", "7"];
    let id = clone.rally(&args).ok("committed")["change_id"].clone();
    clone.write("swift/more.py", "x = 1\n");
    clone.git(&["add", "-A"]);
    clone.git(&["commit", "-q", "-m", "Before"]);
    clone.git(&["cherry-pick", "rally-perfscale"]);
    clone.push_upstream();
    let story = Story {
        sandbox,
        service: "swift".to_owned(),
    };
    clone_is_unchanged(&story);
    let event = story.update(&story.catalogue(&[MORE_TENANTS]), &[]);
    assert_ne!(event["change_id"], id);
    says(&notes(&event), &["which is merged", "--times 7"]);
}

fn clone_is_unchanged(story: &Story) {
    story.clone().untouched(&["commit"]).ok("unchanged");
}

#[test]
fn what_is_to_be_kept_is_not_touched() {
    let story = Story::merged("swift", &[]);
    let newer = story.catalogue(&[MORE_TENANTS, PROJECT]);
    let task = story.task();
    let args = [
        "--keep",
        "rally-jobs/README.rst",
        "--keep",
        "./.zuul.yaml",
        "--keep",
        "none",
    ];
    let event = story.update(&newer, &args);
    assert_eq!(
        fate(&event, "rally-jobs/README.rst"),
        Some(("keep", "kept (--keep)"))
    );
    assert_eq!(fate(&event, ".zuul.yaml"), None, "{event}");
    says(
        &notes(&event),
        &["--keep none has no effect: there is no such file"],
    );
    let changed = story
        .clone()
        .git(&["diff", "--name-only", "origin/master", "rally-perfscale"]);
    assert_eq!(changed, task);
    // It is still ours.
    story.clone().merge_upstream("rally-perfscale");
    let event = story.update(&newer, &[]);
    assert_eq!(
        fate(&event, "rally-jobs/README.rst"),
        Some(("modify", "updated"))
    );
}

#[test]
fn a_job_that_is_there_twice_is_left() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let zuul = fs::read_to_string(clone.path.join(".zuul.yaml")).expect("a file");
    let variant = format!(
        "- job:\n    name: swift-rally\n    branches: stable/.*\n    vars:\n      rally_task: {}\n\n",
        story.task()
    );
    clone.write(".zuul.yaml", format!("{variant}{zuul}"));
    clone.commit_upstream("A variant");
    let event = story.update(&story.catalogue(&[MORE_TENANTS, PROJECT]), &[]);
    says(
        &notes(&event),
        &["is defined several times: `.zuul.yaml`, line 2"],
    );
    assert_eq!(fate(&event, ".zuul.yaml"), None, "{event}");
}

/// A configuration that was broken on the day of our commit, and is not today.
#[test]
fn an_old_flaw_is_not_in_the_way() {
    let story = Story::merged("swift", &["--no-zuul"]);
    let clone = story.clone();
    let zuul = fs::read_to_string(clone.path.join(".zuul.yaml")).expect("a file");
    clone.git(&["checkout", "-q", "-b", "again", "rally-perfscale"]);
    clone.write(".zuul.yaml", "- job: [\n# swift-rally\n");
    clone.git(&["commit", "-q", "-a", "--amend", "--no-edit"]);
    clone.git(&["checkout", "-q", "master"]);
    clone.git(&["reset", "-q", "--hard", "again"]);
    clone.write(".zuul.yaml", zuul);
    clone.git(&["commit", "-q", "-a", "-m", "Mend it"]);
    clone.push_upstream();
    let event = story.update(
        &story.catalogue(&[MORE_TENANTS]),
        &["--replace", "--branch", "b"],
    );
    assert_eq!(fate(&event, &story.task()), Some(("modify", "updated")));
}

#[test]
fn another_catalogue_is_remembered_as_one() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    story.update(&story.catalogue(&[MORE_TENANTS]), &[]);
    clone.merge_upstream("rally-perfscale");
    let event = clone.rally(&["commit"]).ok("committed");
    says(
        &notes(&event),
        &["the last run used --catalogue, and this one does not"],
    );
}
