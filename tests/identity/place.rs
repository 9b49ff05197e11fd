//! A clone with a home, and what one row of the table puts there.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use git_rally::git::{Environment, GitError, Identity, Repo};

use crate::support::{Command, Sandbox};

pub(crate) type Bytes = Vec<u8>;

/// One row: what the files hold and what the environment adds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) global: Bytes,
    pub(crate) xdg: Bytes,
    pub(crate) local: Bytes,
    pub(crate) included: Bytes,
    pub(crate) variables: BTreeMap<String, Bytes>,
}

/// A clone with a home, written anew for every row.
pub(crate) struct Place {
    sandbox: Sandbox,
}

impl Place {
    pub(crate) fn new() -> Place {
        let place = Place {
            sandbox: Sandbox::new(),
        };
        for folder in ["home/.config/git", "work"] {
            fs::create_dir_all(place.path(folder)).expect("folder");
        }
        let done = (place.git(&Row::default()))
            .args(["init", "-q", "-b", "topic/x"])
            .status();
        assert!(done.expect("git runs").success());
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.sandbox
            .path("")
            .canonicalize()
            .expect("real")
            .join(name)
    }

    fn environment(&self, row: &Row) -> BTreeMap<OsString, OsString> {
        let mut found: BTreeMap<OsString, OsString> = BTreeMap::new();
        found.insert("HOME".into(), self.path("home").into());
        found.insert("GIT_CONFIG_NOSYSTEM".into(), "1".into());
        found.insert("PATH".into(), std::env::var_os("PATH").expect("PATH"));
        if let Some(zone) = std::env::var_os("TZ") {
            found.insert("TZ".into(), zone);
        }
        for (key, value) in &row.variables {
            found.insert(key.into(), OsString::from_vec(self.filled(value)));
        }
        found
    }

    /// Returns the text with the place's own folder in it.
    fn filled(&self, text: &[u8]) -> Bytes {
        let mut found = Vec::new();
        let mut rest = text;
        let mark = b"@DIR@";
        while let Some(at) = rest.windows(mark.len()).position(|part| part == mark) {
            found.extend_from_slice(&rest[..at]);
            found.extend_from_slice(self.path("").as_os_str().as_bytes());
            rest = &rest[at + mark.len()..];
        }
        found.extend_from_slice(rest);
        found
    }

    pub(crate) fn lay_out(&self, row: &Row) {
        let core = b"[core]\n\trepositoryformatversion = 0\n\tbare = false\n".to_vec();
        let local = [core, row.local.clone()].concat();
        for (file, text) in [
            ("home/.gitconfig", &row.global),
            ("home/.config/git/config", &row.xdg),
            ("work/.git/config", &local),
            ("home/included", &row.included),
        ] {
            fs::write(self.path(file), self.filled(text)).expect("file");
        }
    }

    fn git(&self, row: &Row) -> Command {
        let mut command = Command::new("git");
        command.only_env(self.environment(row));
        command.current_dir(self.path("work"));
        command
    }

    pub(crate) fn var(&self, row: &Row, variable: &str) -> Option<Bytes> {
        let output = self.git(row).args(["var", variable]).output();
        let output = output.expect("git runs");
        let line = output.stdout.strip_suffix(b"\n").map(<[u8]>::to_vec);
        line.filter(|_| output.status.success())
    }

    pub(crate) fn ours(&self, row: &Row) -> Result<Identity, GitError> {
        let env: Environment = self.environment(row).into_iter().collect();
        let repo = Repo::open(Some(&self.path("work")), &env)?;
        Ok(Identity::resolve(&repo.settings(&env)?, &env)?)
    }
}
