//! A project of the real Gerrit, and a clone of it.

use std::fs;

use libtest_mimic::Failed;
use serde_json::{Value, json};

use crate::server::{PASSWORD, Server};
use crate::support::{Clone, Ran, Sandbox};

/// One project for each test: its name is that of the test.
pub(crate) struct World<'s> {
    pub(crate) server: &'s Server,
    pub(crate) project: String,
    pub(crate) sandbox: Sandbox,
}

impl World<'_> {
    pub(crate) fn new<'s>(server: &'s Server, name: &str) -> Result<World<'s>, Failed> {
        let world = World {
            server,
            project: name.replace('_', "-"),
            sandbox: Sandbox::new(),
        };
        server.ask("PUT", &world.at(""), Some(json!({})))?;
        let clone = world.sandbox.clone_of("nova");
        let admin = server.address("admin", "secret", &world.project);
        clone.git(&["push", "-q", &admin, "HEAD:refs/heads/master"]);
        let jane = server.address("jane", PASSWORD, &world.project);
        clone.git(&["remote", "add", "gerrit", &jane]);
        clone.git(&["fetch", "-q", "gerrit"]);
        Ok(world)
    }

    /// Returns the path of the project in Gerrit's API, and below it.
    pub(crate) fn at(&self, below: &str) -> String {
        format!("projects/{}{below}", self.project)
    }

    pub(crate) fn clone(&self) -> Clone<'_> {
        self.sandbox.at("nova")
    }

    /// Returns a sandbox whose clone has the remote by ssh, with a key of jane's.
    pub(crate) fn with_ssh(&self) -> Result<Sandbox, Failed> {
        let mut sandbox = Sandbox::new();
        let key = sandbox.path("key").display().to_string();
        let mut keygen = sandbox.command("ssh-keygen", sandbox.dir.path());
        let made = keygen
            .args(["-q", "-t", "ed25519", "-N", "", "-f", &key])
            .output()?;
        assert!(made.status.success(), "{made:?}");
        let public = fs::read_to_string(format!("{key}.pub"))?;
        self.server.add_key("jane", &public)?;
        let options = "-o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=no";
        let command = format!("ssh -F none -i {key} {options} -o UserKnownHostsFile=/dev/null");
        sandbox.set("GIT_SSH_COMMAND", &command);
        let clone = sandbox.clone_of("nova");
        let address = self.server.ssh_address("jane", &self.project);
        clone.git(&["remote", "add", "gerrit", &address]);
        clone.git(&["fetch", "-q", "gerrit"]);
        Ok(sandbox)
    }

    /// Runs `git rally review`, for programs.
    pub(crate) fn review(&self, args: &[&str]) -> Ran {
        self.clone().rally(&[&["review"], args].concat())
    }

    /// Runs the commands of a text that a person reads, which stand behind `; ` or `: `, from the first that
    /// begins with `start`.
    pub(crate) fn type_hint(&self, hint: &str, start: &str) -> Ran {
        let at = hint
            .find(start)
            .unwrap_or_else(|| panic!("`{start}` is not in {hint}"));
        let line = hint[at..].split(';').next().expect("a command").trim();
        let words: Vec<&str> = line.split(' ').skip(2).collect();
        assert!(line.starts_with("git rally "), "{line}");
        self.clone().rally(&words)
    }

    pub(crate) fn changes(&self) -> Result<Vec<Value>, Failed> {
        self.server.changes(&self.project)
    }

    /// Returns the one change of the project.
    pub(crate) fn change(&self) -> Result<Value, Failed> {
        let changes = self.changes()?;
        assert_eq!(changes.len(), 1, "{changes:#?}");
        Ok(changes[0].clone())
    }

    /// Does something to a change, as its administrator.
    pub(crate) fn act(&self, change: &Value, action: &str, body: Value) -> Result<(), Failed> {
        let path = format!("changes/{}/{action}", change["_number"]);
        self.server.ask("POST", &path, Some(body)).map(drop)
    }

    /// Commits to the branch in Gerrit, as somebody else.
    pub(crate) fn commit_upstream(&self, file: &str) {
        let clone = self.clone();
        let desk = self.sandbox.path("desk");
        let admin = self.server.address("admin", "secret", &self.project);
        let place = desk.display().to_string();
        clone.git(&["clone", "-q", &admin, &place]);
        fs::write(desk.join(file), "# more\n").expect("a file");
        let git = |args: &[&str]| self.sandbox.git(&desk, args);
        git(&["add", "."]);
        git(&["commit", "-q", "-m", "Elsewhere"]);
        git(&["push", "-q", "origin", "HEAD:refs/heads/master"]);
    }
}

/// Returns the commit that Gerrit has, and how many patch sets.
pub(crate) fn state(change: &Value) -> (String, u64) {
    let current = change["current_revision"].as_str().expect("a commit");
    let number = &change["revisions"][current]["_number"];
    (current.to_owned(), number.as_u64().expect("a number"))
}
