//! Runs that follow one another: what people did before the one is theirs in the next as well.

use std::fs;
use std::os::unix::fs::symlink;

use crate::story::{MORE_TENANTS, Story, fate, notes};
use crate::support::{Sandbox, says};

const CLEANUP: &str = "rally-jobs/plugins/zaqar_cleanup.py";
const MOVED: &str = "rally-jobs/plugins/leftovers.py";

/// A change of any entry that changes the job alone.
const PROJECT: (&str, &str) = (
    "  required_projects:\n",
    "  required_projects:\n    - openstack/tempest\n",
);

impl Story {
    /// Makes an update and merges it; the same run again has nothing to change then.
    fn update_and_merge(&self, edits: &[(&str, &str)]) -> String {
        let newer = self.catalogue(edits);
        self.update(&newer, &[]);
        let clone = self.clone();
        clone.merge_upstream("rally-perfscale");
        let args = ["commit", "--catalogue", &newer];
        clone.untouched(&args).ok("unchanged");
        newer
    }

    /// Lets people amend our change before it is merged.
    fn amended(service: &str, amend: impl Fn(&crate::support::Clone<'_>)) -> Story {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of(service);
        clone.rally(&["commit"]).ok("committed");
        clone.git(&["checkout", "-q", "rally-perfscale"]);
        amend(&clone);
        clone.git(&["commit", "-q", "-a", "--amend", "--no-edit"]);
        clone.merge_upstream("rally-perfscale");
        Story {
            sandbox,
            service: service.to_owned(),
        }
    }
}

#[test]
fn what_was_deleted_before_one_update_stays_so_in_the_next() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    clone.git(&["rm", "-q", "rally-jobs/README.rst"]);
    clone.commit_upstream("No README");
    story.update_and_merge(&[MORE_TENANTS]);
    let event = story.update(&story.catalogue(&[MORE_TENANTS, PROJECT]), &[]);
    assert_eq!(fate(&event, "rally-jobs/README.rst"), None, "{event}");
    says(&story.message(), &["Git-Rally-Wrote:", "gone=README.rst"]);
}

#[test]
fn what_was_moved_before_one_update_is_found_in_the_next() {
    let story = Story::merged("zaqar", &[]);
    let clone = story.clone();
    clone.git(&["mv", CLEANUP, MOVED]);
    clone.git(&["mv", &story.task(), "rally-jobs/messaging.yaml"]);
    clone.commit_upstream("Names of our own");
    let users = ("users_per_tenant: 2", "users_per_tenant: 3");
    let more = ("users_per_tenant: 2", "users_per_tenant: 4");
    story.update_and_merge(&[users]);
    story.update_and_merge(&[users, PROJECT]);
    // A person edits it there.
    story.edit(
        "rally-jobs/messaging.yaml",
        &[("version: 2\n", "version: 2\n# Theirs.\n")],
    );
    story.update_and_merge(&[more, PROJECT]);
    let event = story.update(&story.catalogue(&[users, PROJECT]), &[]);
    assert_eq!(fate(&event, MOVED).map(|fate| fate.0), Some("keep"));
    assert_eq!(fate(&event, CLEANUP), None, "{event}");
    says(
        &story.updated("rally-jobs/messaging.yaml"),
        &["# Theirs.", "users_per_tenant: 3"],
    );
}

#[test]
fn what_was_deleted_or_moved_before_the_merge_is_theirs() {
    let story = Story::amended("zaqar", |clone| {
        clone.git(&["rm", "-q", "rally-jobs/extra/README.rst"]);
        clone.git(&["mv", CLEANUP, MOVED]);
    });
    let clone = story.clone();
    clone.untouched(&["commit"]).ok("unchanged");
    let newer = story.catalogue(&[]);
    let plugin = story
        .sandbox
        .path("catalogue/zaqar/plugins/zaqar_cleanup.py");
    let text = fs::read_to_string(&plugin).expect("a plugin");
    fs::write(&plugin, format!("{text}\n\n# The end.\n")).expect("a plugin");
    story.update(&newer, &[]);
    says(&story.updated(MOVED), &["# The end."]);
    clone.merge_upstream("rally-perfscale");
    let args = ["commit", "--catalogue", &newer];
    clone.untouched(&args).ok("unchanged");
}

#[test]
fn what_was_edited_before_the_merge_and_deleted_then_stays_so() {
    let readme = "rally-jobs/README.rst";
    let story = Story::amended("swift", |clone| clone.write(readme, "Short.\n"));
    let clone = story.clone();
    clone.git(&["rm", "-q", readme]);
    clone.commit_upstream("No README");
    clone.untouched(&["commit"]).ok("unchanged");
    story.update_and_merge(&[MORE_TENANTS]);
}

/// The entry gives a plugin another name: it is not a person who moved it.
#[test]
fn a_plugin_that_we_rename_is_renamed() {
    let story = Story::merged("zaqar", &[]);
    let newer = story.catalogue(&[("zaqar_cleanup", "zaqar_clean")]);
    let plugins = story.sandbox.path("catalogue/zaqar/plugins");
    let (old, new) = ("zaqar_cleanup.py", "zaqar_clean.py");
    fs::rename(plugins.join(old), plugins.join(new)).expect("a plugin");
    let event = story.update(&newer, &[]);
    let change = |path| fate(&event, path).map(|fate| fate.0);
    assert_eq!(change(CLEANUP), Some("remove"), "{event}");
    assert_eq!(change("rally-jobs/plugins/zaqar_clean.py"), Some("create"));
}

#[test]
fn copies_and_files_of_people_stay() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let task = fs::read_to_string(clone.path.join(story.task())).expect("the task");
    clone.write("rally-jobs/mine.yaml", &task);
    clone.write("rally-jobs/plugins/theirs.py", "\"\"\"Theirs.\"\"\"\n");
    clone.commit_upstream("Of our own");
    story.update_and_merge(&[PROJECT]);
    let event = story.update(&story.catalogue(&[PROJECT, MORE_TENANTS]), &[]);
    assert_eq!(fate(&event, "rally-jobs/mine.yaml"), None, "{event}");
}

#[test]
fn a_job_that_people_took_out_of_the_gate_is_described_as_before() {
    let story = Story::merged("swift", &[]);
    story.edit(
        ".zuul.yaml",
        &[
            ("name: swift-rally\n", "name: swift-perf\n"),
            ("        - swift-rally\n", "        - swift-perf\n"),
            ("        - swift-rally\n", ""),
        ],
    );
    story.update_and_merge(&[PROJECT]);
}

#[test]
fn the_variant_that_runs_the_task_is_updated() {
    let story = Story::merged("swift", &[]);
    let variant = "\n- job:\n    name: swift-rally\n    branches: stable/.*\n    voting: false\n";
    let zuul = fs::read_to_string(story.clone().path.join(".zuul.yaml")).expect("a file");
    story
        .clone()
        .write(".zuul.yaml", format!("{zuul}{variant}"));
    story.clone().commit_upstream("A variant");
    story.update(&story.catalogue(&[PROJECT]), &[]);
    let updated = story.updated(".zuul.yaml");
    assert_eq!(
        updated.replace("      - openstack/tempest\n", ""),
        format!("{zuul}{variant}")
    );
}

#[test]
fn a_link_in_our_place_is_said_and_stays() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let readme = clone.path.join("rally-jobs/README.rst");
    fs::remove_file(&readme).expect("a file");
    symlink("../README.rst", &readme).expect("a link");
    clone.commit_upstream("A link");
    let newer = story.catalogue(&[MORE_TENANTS]);
    let event = story.update(&newer, &[]);
    says(&notes(&event), &["somebody made it a symbolic link"]);
    clone.merge_upstream("rally-perfscale");
    let args = ["commit", "--catalogue", &newer];
    clone.untouched(&args).ok("unchanged");
}

#[test]
fn a_document_in_another_encoding_is_merged() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let path = clone.path.join("rally-jobs/README.rst");
    let mut text = fs::read(&path).expect("a file");
    text.extend(b"\nJ\xfcrgen\n");
    fs::write(&path, &text).expect("a file");
    clone.commit_upstream("Latin 1");
    let event = story.update(&story.catalogue(&[MORE_TENANTS]), &[]);
    says(
        fate(&event, "rally-jobs/README.rst").expect("the README").1,
        &["what people changed stays"],
    );
    let blob = "rally-perfscale:rally-jobs/README.rst";
    clone.git(&["checkout", "-q", "--detach", "rally-perfscale"]);
    let merged = fs::read(&path).expect(blob);
    assert!(merged.ends_with(b"\nJ\xfcrgen\n"));
    assert_ne!(merged, text);
}

/// The README says how long the task takes: whoever removed that does not want it again.
#[test]
fn a_paragraph_that_people_removed_stays_out() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let readme = "rally-jobs/README.rst";
    let text = fs::read_to_string(clone.path.join(readme)).expect("a README");
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let rest: Vec<&str> = paragraphs
        .iter()
        .filter(|paragraph| !paragraph.contains("The whole task is expected"))
        .copied()
        .collect();
    assert_eq!(rest.len() + 1, paragraphs.len());
    clone.write(readme, rest.join("\n\n"));
    clone.commit_upstream("No times");
    let newer = story.catalogue(&[MORE_TENANTS]);
    let event = story.update(&newer, &[]);
    says(&notes(&event), &["a text stays out: git-rally changes it"]);
    assert!(!story.updated(readme).contains("The whole task is expected"));
    clone.merge_upstream("rally-perfscale");
    let args = ["commit", "--catalogue", &newer];
    clone.untouched(&args).ok("unchanged");
}

/// Somebody adds a plugin to our change before it is merged.
#[test]
fn a_file_that_people_add_to_our_change_is_no_reason_for_another() {
    let story = Story::amended("zaqar", |clone| {
        clone.write("rally-jobs/plugins/theirs.py", "\"\"\"Theirs.\"\"\"\n");
        clone.git(&["add", "-A"]);
    });
    story.clone().untouched(&["commit"]).ok("unchanged");
}

#[test]
fn a_revert_of_a_revert_is_ours_again() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    clone.git(&["revert", "--no-edit", "-m", "1", "HEAD"]);
    clone.git(&["revert", "--no-edit", "HEAD"]);
    clone.push_upstream();
    clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
    clone.untouched(&["commit"]).ok("unchanged");
    story.update(&story.catalogue(&[MORE_TENANTS]), &[]);
    says(&story.updated(&story.task()), &["tenants: 3"]);
}

/// The task is as it is rendered, and a plugin is another: history alone tells whose it is.
#[test]
fn a_shallow_clone_with_an_earlier_plugin_is_told_too() {
    let story = Story::merged("zaqar", &[]);
    let clone = story.clone();
    clone.write("README.rst", "Newer\n");
    clone.commit_upstream("Newer");
    let url = format!("file://{}", story.sandbox.path("upstream-zaqar").display());
    clone.git(&["push", "-q", "-f", &url, "HEAD:refs/heads/deep"]);
    let args = ["clone", "-q", "--depth", "1", "-b", "deep", &url, "shallow"];
    story.sandbox.git(story.sandbox.dir.path(), &args);
    let newer = story.catalogue(&[]);
    let plugin = story
        .sandbox
        .path("catalogue/zaqar/plugins/zaqar_cleanup.py");
    fs::write(&plugin, "# Other words\n").expect("a plugin");
    let shallow = story.sandbox.at("shallow");
    let args = ["commit", "--catalogue", &newer];
    let said = shallow.untouched(&args).refused("unsupported-repository");
    says(&said, &["git fetch --unshallow origin"]);
}

#[test]
fn copies_that_people_add_to_our_change_stay() {
    let story = Story::amended("swift", |clone| {
        let copy = |from: &str, to: &str| {
            let text = fs::read_to_string(clone.path.join(from)).expect("a file");
            clone.write(to, text);
        };
        copy("rally-jobs/task-swift.yaml", "rally-jobs/mine.yaml");
        copy("rally-jobs/README.rst", "rally-jobs/OLD.rst");
        clone.git(&["add", "-A"]);
    });
    story.clone().untouched(&["commit"]).ok("unchanged");
    story.update_and_merge(&[MORE_TENANTS]);
    story.update_and_merge(&[MORE_TENANTS, PROJECT]);
}

#[test]
fn a_job_that_people_edited_before_the_merge_is_theirs_in_every_run() {
    let story = Story::amended("swift", |clone| {
        let zuul = fs::read_to_string(clone.path.join(".zuul.yaml")).expect("a file");
        let name = "    name: swift-rally\n";
        let edited = format!("{name}    # Ask us.\n");
        clone.write(".zuul.yaml", zuul.replace(name, &edited));
    });
    story.update_and_merge(&[MORE_TENANTS]);
    let newer = story.catalogue(&[MORE_TENANTS, PROJECT]);
    let args = ["commit", "--catalogue", &newer];
    let event = story.clone().untouched(&args).ok("unchanged");
    let said = event["reason"].as_str().expect("a reason");
    says(said, &["the job swift-rally is left as it is"]);
}

/// A workload that people removed has no text any more, and the others have the last one.
#[test]
fn a_workload_that_people_removed_is_no_conflict_in_the_others() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let task = fs::read_to_string(clone.path.join(story.task())).expect("the task");
    let starts: Vec<usize> = task
        .match_indices("      - description: ")
        .map(|(at, _)| at)
        .collect();
    let [.., start, end] = starts[..] else {
        panic!("workloads");
    };
    clone.write(&story.task(), format!("{}{}", &task[..start], &task[end..]));
    clone.commit_upstream("Less");
    for times in ["3", "2"] {
        clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
        clone.rally(&["commit", "--times", times]).ok("committed");
        says(
            &story.updated(&story.task()),
            &[&format!("default({times})")],
        );
        clone.merge_upstream("rally-perfscale");
        clone.untouched(&["commit"]).ok("unchanged");
    }
}

/// The README of that run does not know the file: nobody can tell that it is ours.
#[test]
fn a_copy_stays_where_people_edited_the_file() {
    let story = Story::merged("zaqar", &[]);
    let clone = story.clone();
    let init = "rally-jobs/plugins/__init__.py";
    let text = fs::read_to_string(clone.path.join(init)).expect("a file");
    clone.write("rally-jobs/plugins/old.py", &text);
    clone.write(init, format!("{text}# Theirs.\n"));
    clone.commit_upstream("A copy");
    story.update_and_merge(&[PROJECT]);
    story.update_and_merge(&[PROJECT, ("users_per_tenant: 2", "users_per_tenant: 3")]);
}

/// `git merge --squash` writes down the newest commit first.
#[test]
fn two_runs_in_one_commit_are_a_base() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("swift");
    let story = Story {
        sandbox: Sandbox::new(),
        service: "swift".to_owned(),
    };
    let newer = story.catalogue(&[MORE_TENANTS]);
    let start = clone.git(&["rev-parse", "HEAD"]);
    for args in [&["commit"][..], &["commit", "--catalogue", &newer]] {
        clone.rally(args).ok("committed");
        clone.git(&["merge", "-q", "--ff-only", "rally-perfscale"]);
        clone.push_upstream();
        clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
    }
    clone.git(&["branch", "-q", "side"]);
    clone.git(&["reset", "-q", "--hard", &start]);
    clone.git(&["merge", "-q", "--squash", "side"]);
    clone.git(&["commit", "-q", "--no-edit"]);
    clone.push_upstream();
    let newest = story.catalogue(&[("users: {tenants: 2, users", "users: {tenants: 4, users")]);
    let args = ["commit", "--catalogue", &newest];
    clone.rally(&args).ok("committed");
    let task = clone.git(&["show", "rally-perfscale:rally-jobs/task-swift.yaml"]);
    says(&task, &["tenants: 4"]);
}

/// What stays is said, even where nothing else changes.
#[test]
fn what_stays_deleted_is_said() {
    let story = Story::merged("zaqar", &[]);
    let clone = story.clone();
    clone.git(&["rm", "-q", CLEANUP]);
    clone.commit_upstream("No cleanup");
    let newer = story.catalogue(&[]);
    let plugin = story
        .sandbox
        .path("catalogue/zaqar/plugins/zaqar_cleanup.py");
    fs::write(&plugin, "# Other words\n").expect("a plugin");
    let args = ["commit", "--catalogue", &newer];
    let event = clone.untouched(&args).ok("unchanged");
    let said = event["reason"].as_str().expect("a reason");
    says(said, &[&format!("{CLEANUP} stays deleted")]);
}

/// Trailers that a mail program or a person wrote anew.
#[test]
fn folded_and_quoted_trailers_are_read() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("swift");
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["checkout", "-q", "rally-perfscale"]);
    let message = clone.git(&["log", "-1", "--format=%B"]);
    let folded = message.replacen("Wrote: ", "Wrote:\n ", 1);
    assert_ne!(folded, message);
    let folded = message
        .lines()
        .map(|line| match line.starts_with("Git-Rally") {
            true => {
                let (start, end) = line.rsplit_once(' ').expect("words");
                format!("    {start}\n      {end}\n").replace("Git-", "git-")
            }
            false => format!("    {line}\n"),
        })
        .collect::<String>();
    clone.git(&["commit", "-q", "--amend", "-m", "All in one", "-m", &folded]);
    clone.merge_upstream("rally-perfscale");
    clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
    let story = Story {
        sandbox,
        service: "swift".to_owned(),
    };
    story.update(&story.catalogue(&[MORE_TENANTS]), &[]);
    says(&story.updated(&story.task()), &["tenants: 3"]);
}
