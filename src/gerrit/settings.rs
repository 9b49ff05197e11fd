//! What git-review 2.5 knows of a repository: `.gitreview`, and `gitreview.*` over it.

use crate::ini::{self, IniError};

/// Where changes go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewSettings {
    /// `ssh`, `https`, ...
    pub scheme: String,
    /// Gerrit's host; `None` if nothing says it.
    pub host: Option<String>,
    /// Gerrit's port, if it is not the scheme's own.
    pub port: Option<String>,
    /// The project as Gerrit knows it: `openstack/nova.git`.
    pub project: Option<String>,
    /// The target branch.
    pub branch: String,
    /// The name of Gerrit's remote.
    pub remote: String,
    /// Whether Gerrit is where that remote pushes to, and not a remote of its own.
    pub use_push_url: bool,
    /// Whether `git review` tries a rebase first.
    pub rebase: bool,
    /// Whether `git review` takes the target from the branch that HEAD follows.
    pub track: bool,
    /// The user's name on Gerrit (`gitreview.username`).
    pub username: Option<String>,
}

/// A `.gitreview`, or a setting over it, that is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Not UTF-8.
    #[error("`.gitreview` is not UTF-8")]
    NotUtf8,
    /// Not what `configparser` reads.
    #[error("cannot read `.gitreview`")]
    Malformed(#[source] IniError),
    /// A value that cannot be a branch, a remote, a host, ...
    #[error("{from} has `{key}` as `{value}`, which {problem}")]
    Value {
        /// `.gitreview:3`, or `git config`.
        from: String,
        /// The key there.
        key: &'static str,
        /// Its value.
        value: String,
        /// Why it will not do.
        problem: &'static str,
    },
}

/// Returns the settings from the bytes of `.gitreview`, if there is one, and from the
/// configuration (`gitreview.branch` and the like), which wins even where it is empty.
///
/// The file is that of the base commit: a stable branch has its own target there.
pub fn settings(
    gitreview: Option<&[u8]>,
    config: &dyn Fn(&str) -> Option<String>,
) -> Result<ReviewSettings, SettingsError> {
    let text = std::str::from_utf8(gitreview.unwrap_or_default());
    let ini = ini::parse(text.map_err(|_| SettingsError::NotUtf8)?);
    let source = Source {
        ini: ini.map_err(SettingsError::Malformed)?,
        config,
    };
    let flag = |key, default| Ok(source.get(key)?.map_or(default, |value| is_on(&value)));
    let use_push_url = flag(&USE_PUSH_URL, false)?;
    let remote = source.get(&REMOTE)?.unwrap_or_else(|| "gerrit".to_owned());
    Ok(ReviewSettings {
        scheme: source.get(&SCHEME)?.unwrap_or_else(|| "ssh".to_owned()),
        host: source.get(&HOST)?,
        port: source.get(&PORT)?,
        project: source.get(&PROJECT)?,
        branch: source.get(&BRANCH)?.unwrap_or_else(|| "master".to_owned()),
        remote: if use_push_url {
            "origin".to_owned()
        } else {
            remote
        },
        use_push_url,
        rebase: flag(&REBASE, true)?,
        track: flag(&TRACK, false)?,
        username: config("gitreview.username").filter(|name| !name.is_empty()),
    })
}

impl ReviewSettings {
    /// Returns the URL that git-review gives Gerrit's remote; `user` where no configuration
    /// names one. `None` if the host or the project is not known.
    pub fn url(&self, user: &str) -> Option<String> {
        let (host, project) = (self.host.as_ref()?, self.project.as_ref()?);
        let user = self.username.as_deref().unwrap_or(user);
        let port = match (&self.port, self.scheme.as_str()) {
            (Some(port), _) => format!(":{port}"),
            (None, "ssh") => ":29418".to_owned(),
            (None, _) => String::new(),
        };
        Some(format!("{}://{user}@{host}{port}/{project}", self.scheme))
    }
}

/// One setting: its key in `.gitreview`, in the configuration, and what it may not be.
struct Key {
    file: &'static str,
    config: &'static str,
    check: fn(&str) -> Option<&'static str>,
}

const SCHEME: Key = Key {
    file: "scheme",
    config: "gitreview.scheme",
    check: word,
};
const HOST: Key = Key {
    file: "host",
    config: "gitreview.hostname",
    check: word,
};
const PORT: Key = Key {
    file: "port",
    config: "gitreview.port",
    check: number,
};
const PROJECT: Key = Key {
    file: "project",
    config: "gitreview.project",
    check: word,
};
const BRANCH: Key = Key {
    file: "defaultbranch",
    config: "gitreview.branch",
    check: reference,
};
const REMOTE: Key = Key {
    file: "defaultremote",
    config: "gitreview.remote",
    check: reference,
};
const REBASE: Key = Key {
    file: "defaultrebase",
    config: "gitreview.rebase",
    check: anything,
};
const TRACK: Key = Key {
    file: "track",
    config: "gitreview.track",
    check: anything,
};
const USE_PUSH_URL: Key = Key {
    file: "usepushurl",
    config: "gitreview.usepushurl",
    check: anything,
};

struct Source<'a> {
    ini: ini::Ini,
    config: &'a dyn Fn(&str) -> Option<String>,
}

impl Source<'_> {
    fn get(&self, key: &Key) -> Result<Option<String>, SettingsError> {
        let (value, name, from) = match (self.config)(key.config) {
            Some(value) => (Some(value), key.config, "the configuration".to_owned()),
            None => (self.in_file(key)?, key.file, self.place(key)),
        };
        let Some(value) = value else { return Ok(None) };
        match (key.check)(&value) {
            None => Ok(Some(value)),
            Some(problem) => Err(SettingsError::Value {
                from,
                key: name,
                value,
                problem,
            }),
        }
    }

    fn in_file(&self, key: &Key) -> Result<Option<String>, SettingsError> {
        let value = self.ini.interpolated("gerrit", key.file);
        value.map_err(SettingsError::Malformed)
    }

    fn place(&self, key: &Key) -> String {
        let line = self
            .ini
            .get("gerrit", key.file)
            .map_or(0, |entry| entry.line);
        format!("`.gitreview`, line {line},")
    }
}

/// What git-review takes for true.
fn is_on(value: &str) -> bool {
    matches!(value, "1" | "true" | "True")
}

fn anything(_: &str) -> Option<&'static str> {
    None
}

fn number(value: &str) -> Option<&'static str> {
    value.parse::<u16>().is_err().then_some("is not a port")
}

fn word(value: &str) -> Option<&'static str> {
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if value.is_empty() {
        Some("is empty")
    } else if value.contains(odd) {
        Some("has white space in it")
    } else if value.starts_with('-') {
        Some("begins with `-`")
    } else {
        None
    }
}

/// Branches and remotes become part of references and arguments.
fn reference(value: &str) -> Option<&'static str> {
    word(value).or_else(|| {
        (!super::options::fits_reference(value)).then_some("Git does not take in a name")
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn of(text: &str, config: &[(&str, &str)]) -> Result<ReviewSettings, SettingsError> {
        let lookup = |key: &str| {
            let found = config.iter().find(|(k, _)| *k == key);
            found.map(|(_, value)| (*value).to_owned())
        };
        settings(Some(text.as_bytes()), &lookup)
    }

    const NOVA: &str =
        "[gerrit]\nhost=review.opendev.org\nport=29418\nproject=openstack/nova.git\n";

    #[test]
    fn the_file_is_read_and_completed() {
        let nova = of(NOVA, &[]).unwrap();
        assert_eq!(
            (nova.branch.as_str(), nova.remote.as_str()),
            ("master", "gerrit")
        );
        assert!(nova.rebase && !nova.track);
        assert_eq!(
            nova.url("me").unwrap(),
            "ssh://me@review.opendev.org:29418/openstack/nova.git"
        );
        let stable = of(&format!("{NOVA}DefaultBranch = stable/2026.1\n"), &[]).unwrap();
        assert_eq!(stable.branch, "stable/2026.1");
    }

    #[test]
    fn the_configuration_wins() {
        let config = [
            ("gitreview.hostname", "g"),
            ("gitreview.scheme", "https"),
            ("gitreview.branch", "b"),
            ("gitreview.remote", "r"),
            ("gitreview.rebase", "0"),
            ("gitreview.username", "u"),
        ];
        let got = of("[gerrit]\nhost=h\nproject=p\n", &config).unwrap();
        assert_eq!(got.url("me").unwrap(), "https://u@g/p");
        assert_eq!((got.branch.as_str(), got.remote.as_str()), ("b", "r"));
        assert!(!got.rebase);
        assert_eq!(
            of(NOVA, &[("gitreview.usepushurl", "1")]).unwrap().remote,
            "origin"
        );
    }

    #[test]
    fn without_a_file_there_are_defaults() {
        let got = settings(None, &|_| None).unwrap();
        assert_eq!((got.branch.as_str(), got.host.as_deref()), ("master", None));
        assert_eq!(got.url("me"), None);
    }

    #[test]
    fn what_is_malformed_is_named_with_its_line() {
        let error = of("[gerrit]\nhost\n", &[]).unwrap_err();
        assert!(matches!(&error, SettingsError::Malformed(e) if e.line == 2));
        assert_eq!(
            settings(Some(b"\xff"), &|_| None),
            Err(SettingsError::NotUtf8)
        );
        for (key, value) in [
            ("defaultbranch", "a b"),
            ("defaultbranch", "-x"),
            ("defaultbranch", "a..b"),
            ("defaultremote", "--exec=x"),
            ("defaultremote", "ext::sh"),
            ("port", "x"),
            ("host", ""),
        ] {
            let text = format!("{NOVA}x=y\n").replace(&format!("{key}="), "old=");
            let error = of(&format!("{text}{key}={value}\n"), &[]).unwrap_err();
            assert!(
                error.to_string().contains("`.gitreview`, line 6,"),
                "{error}"
            );
        }
        let error = of(NOVA, &[("gitreview.branch", "")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the configuration has `gitreview.branch` as ``, which is empty"
        );
    }
}
