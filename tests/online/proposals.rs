//! The playbook of `templates/proposals`, by the real Ansible, against stand-ins for Gerrit: a repository
//! that takes pushes as Gerrit does, and its REST API.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::support::files::{tree, write_bytes};
use crate::support::{Gerrit, Sandbox, manifest, says, venv};
use crate::zuul::ask_zuul;
use crate::{LIMIT, script, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("the_proposals_follow_their_changes", follow),
        trial("one_project_never_stops_the_others", others),
        trial("zuul_accepts_the_job_that_proposes", job),
    ]
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_git-rally");
const SERVICE: &str = "openstack/service";

struct World {
    sandbox: Sandbox,
    gerrit: Gerrit,
}

impl World {
    /// Makes a Gerrit that has the sample of nova.
    fn new() -> World {
        let sandbox = Sandbox::new();
        let nova = sandbox.clone_of("nova");
        let gerrit = Gerrit::with(&nova.path, "master");
        // By its name, Gerrit gives a patch set to everyone.
        gerrit.git(&["config", "--unset", "transfer.hideRefs"]);
        World { sandbox, gerrit }
    }

    /// Runs the playbook; returns its exit code, and the lines about the projects.
    fn propose(
        &self,
        projects: &[&str],
        options: &[&str],
    ) -> Result<(Option<i32>, String), Failed> {
        let bin = venv::bin()?;
        let folder = self.gerrit.path();
        let folder = folder.ancestors().nth(2).ok_or("a folder")?;
        let vars = json!({
            "ansible_connection": "local",
            "ansible_python_interpreter": bin.join("python"),
            "rally_projects": projects,
            "rally_options": options,
            "rally_program": PROGRAM,
            "rally_gerrit_user": "proposal-bot",
            "rally_gerrit_api": "{{ lookup('env', 'GERRIT_URL') }}",
            "rally_gerrit_remote": folder,
            "rally_gerrit_key": {"ssh_key": "no key", "ssh_known_hosts": "no host"},
            "rally_propose_dir": self.sandbox.path("work"),
            "rally_author_name": "Proposal Bot",
            "rally_author_email": "bot@example.org",
        });
        let inventory = json!({"all": {"hosts": {"node": vars}}});
        write_bytes(
            &self.sandbox.path("inventory.yaml"),
            inventory.to_string().as_bytes(),
        );
        let output = self
            .sandbox
            .command(bin.join("python"), self.sandbox.dir.path())
            .arg(script("gerrit_api.py"))
            .args([folder, Path::new("proposal-bot")])
            .arg(bin.join("ansible-playbook"))
            .args(["-i", "inventory.yaml"])
            .arg(manifest("templates/proposals/playbooks/rally-propose.yaml"))
            .env("ANSIBLE_NOCOLOR", "1")
            .env("LC_ALL", "C.UTF-8")
            .limit(LIMIT)
            .output()?;
        assert!(!self.sandbox.path("work/key").exists(), "the key is left");
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        Ok((output.status.code(), said))
    }

    /// Proposes for the one service, which must work.
    fn says(&self, options: &[&str], wanted: &str, patch_sets: usize) -> Result<(), Failed> {
        let (code, said) = self.propose(&[SERVICE], options)?;
        says(&said, &[&format!("{SERVICE}: {wanted}")]);
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(self.gerrit.patch_sets().len(), patch_sets, "{said}");
        Ok(())
    }

    fn message(&self, patch_set: &str) -> String {
        let name = format!("refs/changes/01/1/{patch_set}");
        self.gerrit.git(&["log", "-1", "--format=%an%n%B", &name])
    }

    /// Commits to a branch or a patch set of Gerrit, as a person who edits files.
    fn edit(&self, from: &str, to: &str, file: &str, message: &str) {
        let desk = self.sandbox.path("desk");
        let gerrit = self.gerrit.path().display().to_string();
        fs::remove_dir_all(&desk).unwrap_or_default();
        let git = |args: &[&str]| self.sandbox.git(&desk, args);
        fs::create_dir_all(&desk).expect("a folder");
        git(&["init", "-q"]);
        git(&["fetch", "-q", &gerrit, from]);
        git(&["checkout", "-q", "FETCH_HEAD"]);
        let text = fs::read_to_string(desk.join(file)).expect("the file");
        write_bytes(&desk.join(file), format!("{text}\n# edited\n").as_bytes());
        match to.starts_with("refs/for/") {
            true => git(&["commit", "-q", "-a", "--amend", "--no-edit"]),
            false => git(&["commit", "-q", "-a", "-m", message]),
        };
        git(&["push", "-q", &gerrit, &format!("HEAD:{to}")]);
    }
}

/// A change is proposed once, updated where what it does has changed, and left where people decided.
fn follow() -> Result<(), Failed> {
    let world = World::new();
    world.says(&["--trial"], "proposed: ", 1)?;
    let first = world.message("1");
    says(
        &first,
        &[
            "Proposal Bot\n",
            "Signed-off-by: Proposal Bot <bot@example.org>",
        ],
    );
    assert!(world.gerrit.pushes()[0].contains("topic=rally-perfscale"));
    let change_id = first.lines().find(|line| line.starts_with("Change-Id: "));
    let change_id = change_id.ok_or("a Change-Id")?;
    world.says(&["--trial"], "unchanged: change 1 says the same", 1)?;
    // A base that moved elsewhere is no reason for a patch set.
    world.edit("master", "refs/heads/master", "README.rst", "Elsewhere");
    world.says(&["--trial"], "unchanged: change 1 says the same", 1)?;
    world.says(&["--trial", "--times=3"], "updated: ", 2)?;
    says(&world.message("2"), &[change_id]);
    // Somebody edits the change: it is theirs.
    let theirs = "refs/for/master%topic=rally-perfscale";
    world.edit(
        "refs/changes/01/1/2",
        theirs,
        "rally-jobs/task-nova.yaml",
        "",
    );
    assert_eq!(world.gerrit.patch_sets().len(), 3);
    world.says(&["--trial", "--times=4"], "refused: ", 3)?;
    // Somebody abandons it.
    write_bytes(&world.gerrit.path().join("abandoned"), b"1\n");
    world.says(&["--trial"], "left: change 1 was abandoned", 3)
}

/// Projects that fail or are no service are told, the rest is done, and the job fails.
fn others() -> Result<(), Failed> {
    let world = World::new();
    let library = world
        .sandbox
        .repository("library", &[("README.rst", "A library\n")]);
    let place = world.gerrit.path().with_file_name("library.git");
    let (from, to) = (
        library.path.display().to_string(),
        place.display().to_string(),
    );
    library.git(&["clone", "-q", "--bare", &from, &to]);
    let projects = [
        "openstack/missing",
        "../up",
        "openstack/library",
        SERVICE,
        SERVICE,
    ];
    let (code, said) = world.propose(&projects, &["--trial"])?;
    assert_eq!(code, Some(2), "{said}");
    says(
        &said,
        &[
            "openstack/missing: failed: git clone: ",
            "../up: failed: no name of a project",
            "openstack/library: refused: ",
            "openstack/service: proposed: ",
        ],
    );
    assert_eq!(world.gerrit.patch_sets().len(), 1);
    // What is merged needs no change.
    world
        .gerrit
        .git(&["update-ref", "refs/heads/master", "refs/changes/01/1/1"]);
    world
        .gerrit
        .git(&["update-ref", "-d", "refs/changes/01/1/1"]);
    world.says(&["--trial"], "unchanged: ", 0)
}

/// The real Zuul reads the job of the example, but for the secret, of which the key is none.
fn job() -> Result<(), Failed> {
    let top = tempfile::TempDir::new()?;
    let mut files = tree(&manifest("templates/proposals"));
    let text = String::from_utf8(files.remove("job.yaml").ok_or("a job")?)?;
    let text = text.replace("!encrypted/pkcs1-oaep\n        - AAAA", "AAAA");
    files.insert(".zuul.yaml".to_owned(), text.into_bytes());
    let zuul = ask_zuul(top.path(), &vec![("job".to_owned(), files)])?;
    let said = &zuul["job"];
    assert_eq!(said["errors"], json!([]), "{said}");
    let vars = &said["periodic"]["propose-rally-jobs"]["vars"];
    assert_ne!(*vars, Value::Null, "{said}");
    Ok(())
}
