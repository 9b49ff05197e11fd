//! A clone whose history has a change of ours: merged, edited by people, and updated with another
//! catalogue.

use std::fs;

use serde_json::Value;

use crate::support::{Clone, Sandbox, copy, says};

/// A clone, and a catalogue that differs from the one that ships.
pub(crate) struct Story {
    pub(crate) sandbox: Sandbox,
    pub(crate) service: String,
}

impl Story {
    /// Returns a clone of the sample of a service, with our change merged upstream by a merge commit.
    pub(crate) fn merged(service: &str, options: &[&str]) -> Story {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of(service);
        let args = [&["commit"], options].concat();
        clone.rally(&args).ok("committed");
        clone.merge_upstream("rally-perfscale");
        Story {
            sandbox,
            service: service.to_owned(),
        }
    }

    pub(crate) fn clone(&self) -> Clone<'_> {
        self.sandbox.at(&self.service)
    }

    pub(crate) fn task(&self) -> String {
        format!("rally-jobs/task-{}.yaml", self.service)
    }

    /// Returns the path of a catalogue in which `edits` are made to the service's entry: every `from`
    /// must be there, and all of them become `to`.
    pub(crate) fn catalogue(&self, edits: &[(&str, &str)]) -> String {
        let catalogue = self.sandbox.path("catalogue");
        let folder = catalogue.join(&self.service);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the folder");
        }
        let ours = format!("{}/templates/services", env!("CARGO_MANIFEST_DIR"));
        copy(&std::path::Path::new(&ours).join(&self.service), &folder);
        let file = folder.join("service.yaml");
        let mut text = fs::read_to_string(&file).expect("an entry");
        for (from, to) in edits {
            assert!(text.contains(from), "`{from}` is not in the entry");
            text = text.replace(from, to);
        }
        fs::write(&file, text).expect("an entry");
        catalogue.display().to_string()
    }

    /// Lets people edit a file upstream: every `from` must be there.
    pub(crate) fn edit(&self, path: &str, edits: &[(&str, &str)]) -> String {
        let clone = self.clone();
        let mut text = fs::read_to_string(clone.path.join(path)).expect("the file");
        for (from, to) in edits {
            assert!(text.contains(from), "`{from}` is not in {path}");
            text = text.replacen(from, to, 1);
        }
        clone.write(path, &text);
        clone.commit_upstream(&format!("Edit {path}"));
        text
    }

    /// Runs `commit` with another catalogue, and returns the event.
    pub(crate) fn update(&self, catalogue: &str, options: &[&str]) -> Value {
        let args = [&["commit", "--catalogue", catalogue], options].concat();
        self.clone().rally(&args).ok("committed")
    }

    /// Returns a file of the update.
    pub(crate) fn updated(&self, path: &str) -> String {
        let clone = self.clone();
        let blob = format!("rally-perfscale:{path}");
        self.sandbox.git_text(&clone.path, &["show", &blob])
    }

    /// Returns the message of the update.
    pub(crate) fn message(&self) -> String {
        let clone = self.clone();
        clone.git(&["log", "-1", "--format=%B", "rally-perfscale"])
    }
}

/// Returns the notes of an event.
pub(crate) fn notes(event: &Value) -> String {
    let notes = event["notes"].as_array().expect("notes");
    let notes = notes.iter().filter_map(Value::as_str);
    notes.collect::<Vec<_>>().join("\n")
}

/// Returns what an event says of a file: the change and why.
pub(crate) fn fate<'e>(event: &'e Value, path: &str) -> Option<(&'e str, &'e str)> {
    let files = event["files"].as_array().expect("files");
    let file = files.iter().find(|file| file["path"] == path)?;
    Some((file["change"].as_str()?, file["why"].as_str()?))
}

impl Clone<'_> {
    /// Merges a branch into master by a merge commit, as Gerrit does, and makes that `origin/master`.
    pub(crate) fn merge_upstream(&self, branch: &str) {
        self.git(&["checkout", "-q", "master"]);
        self.git(&["merge", "-q", "--no-ff", "-m", "Merge the change", branch]);
        self.push_upstream();
    }

    /// Makes what is at HEAD `origin/master`.
    pub(crate) fn push_upstream(&self) {
        self.git(&["push", "-q", "-f", "origin", "HEAD:refs/heads/upstream"]);
        self.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
    }
}

/// A change of the catalogue that shows in the task, and in nothing else of a service.
pub(crate) const MORE_TENANTS: (&str, &str) = (
    "users: {tenants: 2, users_per_tenant: 1,",
    "users: {tenants: 3, users_per_tenant: 1,",
);

#[test]
fn an_edit_of_people_and_one_of_ours_are_both_there() {
    let story = Story::merged("swift", &[]);
    let task = story.task();
    let theirs = story.edit(
        &task,
        &[
            ("version: 2\n", "version: 2\n# Ask in #openstack-swift.\n"),
            ("title: Rally Task", "title: Our Rally task"),
            // the line above one of ours
            (
                "          users:\n",
                "          # each is an operator\n          users:\n",
            ),
        ],
    );
    let readme = story.edit("rally-jobs/README.rst", &[("Structure\n", "Structure!\n")]);
    let newer = story.catalogue(&[MORE_TENANTS]);
    let event = story.update(&newer, &[]);
    says(
        fate(&event, &task).expect("the task").1,
        &["updated; what people changed stays"],
    );
    // The expected time of the task is another: a paragraph.
    let updated = story.updated("rally-jobs/README.rst");
    let other = updated.lines().zip(readme.lines()).filter(|(a, b)| a != b);
    assert!((1..=3).contains(&other.count()), "{updated}");
    says(&updated, &["Structure!\n"]);
    let ours = theirs.replace("tenants: 2\n", "tenants: 3\n");
    assert_ne!(ours, theirs);
    assert_eq!(story.updated(&task), ours);
    says(
        &story.message().replace('\n', " "),
        &[
            "Update Rally performance tests for Swift",
            &format!(
                "People have edited rally-jobs/README.rst and {task} since then; their edits stay."
            ),
            "All 5 workloads change.",
        ],
    );
    // One commit on the base, and HEAD is where it was.
    let clone = story.clone();
    assert_eq!(
        clone.git(&["rev-list", "--count", "origin/master..rally-perfscale"]),
        "1"
    );
    clone
        .untouched(&["commit", "--catalogue", &newer])
        .ok("unchanged");
}
