//! The signature of a commit, by the user's own gpg or ssh-keygen, as `git commit` has it made.
//!
//! A signature may hold the time at which it was made (OpenPGP does), so a signed commit need not
//! get the same id twice, pinned dates or not. The Change-Id does not depend on it.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::{Environment, Failure, Identity, Settings, SettingsError};
use crate::remedy::{Refusal, Remedy};

/// Why there is no signature where the configuration asks for one.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    #[error("commit.gpgSign is set, and git-rally cannot sign with `gpg.format` `{format}`")]
    Format { format: String },
    #[error("commit.gpgSign is set and `gpg.format` is `ssh`, but `user.signingKey` names no key")]
    NoKey,
    #[error("commit.gpgSign is set, but `{command}` (gpg.ssh.defaultKeyCommand) prints no key")]
    NoKeyPrinted { command: String },
    /// The user's own program makes no signature.
    #[error("cannot sign the commit: `{program}`: {why}")]
    Program {
        program: String,
        /// What it says.
        why: String,
    },
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl Remedy for SignError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            SignError::Format { .. } | SignError::NoKey | SignError::NoKeyPrinted { .. } => {
                Some(Refusal::Identity)
            }
            SignError::Settings(error) => error.refusal(),
            SignError::Program { .. } | SignError::Failed(_) => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            SignError::Format { .. } | SignError::NoKey | SignError::NoKeyPrinted { .. } => {
                "to commit without a signature: --no-gpg-sign".to_owned()
            }
            SignError::Program { .. } => {
                "try whether git can sign: git commit --allow-empty -S; or commit without a signature: --no-gpg-sign"
                    .to_owned()
            }
            SignError::Settings(error) => error.hint(),
            SignError::Failed(failure) => failure.hint(),
        }
    }
}

/// What signs, and with which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    program: String,
    key: Key,
    /// Where the program runs: a key may be named relative to it.
    dir: PathBuf,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    /// Whatever gpg takes for a user id.
    OpenPgp(String),
    /// The file of a private key, or of a public key whose private one an agent has.
    SshFile(PathBuf),
    /// A public key whose private one an agent has.
    SshAgent(String),
}

impl Signer {
    /// Returns the signer that `commit.gpgSign`, `gpg.*` and `user.signingKey` ask for; `None` if
    /// commits are not signed. It runs in `dir`.
    ///
    /// Fails where the configuration asks for a signature that cannot be made.
    pub fn new(
        settings: &Settings,
        env: &Environment,
        who: &Identity,
        dir: &Path,
    ) -> Result<Option<Signer>, SignError> {
        if !settings.is_true("commit.gpgSign")? {
            return Ok(None);
        }
        let format = settings
            .get("gpg.format")
            .unwrap_or_else(|| "openpgp".to_owned());
        let program = |default: &str| {
            let own = settings.path(&format!("gpg.{format}.program"), env);
            own.map_or_else(|| default.to_owned(), |path| path.display().to_string())
        };
        let key = settings
            .get("user.signingKey")
            .filter(|key| !key.is_empty());
        let (program, key) = match format.as_str() {
            "openpgp" => {
                let general = settings.path("gpg.program", env);
                let general = general.map_or("gpg".to_owned(), |path| path.display().to_string());
                (
                    program(&general),
                    Key::OpenPgp(key.unwrap_or_else(|| who.committer.address())),
                )
            }
            "ssh" => (program("ssh-keygen"), ssh_key(settings, env, key, dir)?),
            _ => return Err(SignError::Format { format }),
        };
        Ok(Some(Signer {
            program,
            key,
            dir: dir.to_owned(),
        }))
    }

    /// Returns what signs: `gpg`, `ssh-keygen`, or what the configuration names instead.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Returns the signature of a commit object that has none.
    pub fn sign(&self, commit: &[u8]) -> Result<String, SignError> {
        let signature = match &self.key {
            Key::OpenPgp(key) => self.open_pgp(key, commit),
            Key::SshFile(file) => self.ssh(commit, file, &[]),
            Key::SshAgent(public) => {
                let file = draft(public.as_bytes()).map_err(|e| self.broken(&e))?;
                self.ssh(commit, file.path(), &["-U"])
            }
        }?;
        // What signs on Windows ends lines with two characters.
        let text = String::from_utf8(signature).map(|text| text.replace("\r\n", "\n"));
        match text {
            Ok(text) if text.starts_with("-----BEGIN ") => Ok(text),
            _ => Err(self.failed("it gave no signature")),
        }
    }

    fn open_pgp(&self, key: &str, commit: &[u8]) -> Result<Vec<u8>, SignError> {
        let mut gpg = Command::new(&self.program);
        gpg.args(["--status-fd=2", "-bsau", key]);
        let output = self.run(&mut gpg, commit)?;
        let status = String::from_utf8_lossy(&output.stderr);
        let created = status
            .lines()
            .any(|line| line.starts_with("[GNUPG:] SIG_CREATED "));
        match output.status.success() && created {
            true => Ok(output.stdout),
            false => Err(self.refused_by_program(&output)),
        }
    }

    fn ssh(&self, commit: &[u8], key: &Path, more: &[&str]) -> Result<Vec<u8>, SignError> {
        let folder = tempfile::tempdir().map_err(|e| self.broken(&e))?;
        let file = folder.path().join("commit");
        std::fs::write(&file, commit).map_err(|e| self.broken(&e))?;
        let mut keygen = Command::new(&self.program);
        keygen.args(["-Y", "sign", "-n", "git", "-f"]).arg(key);
        keygen.args(more).arg(&file);
        let output = self.run(&mut keygen, b"")?;
        if !output.status.success() {
            return Err(self.refused_by_program(&output));
        }
        std::fs::read(file.with_extension("sig")).map_err(|_| self.failed("it gave no signature"))
    }

    fn run(&self, command: &mut Command, input: &[u8]) -> Result<Output, SignError> {
        command
            .current_dir(&self.dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|e| self.broken(&e))?;
        let written = child
            .stdin
            .take()
            .map_or(Ok(()), |mut to| to.write_all(input));
        let output = child.wait_with_output().map_err(|e| self.broken(&e))?;
        match written {
            // It ended before it had read all: its exit code and words tell why.
            Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(self.broken(&e)),
            _ => Ok(output),
        }
    }

    fn refused_by_program(&self, output: &Output) -> SignError {
        let said = String::from_utf8_lossy(&output.stderr);
        let said: Vec<&str> = said
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with("[GNUPG:]"))
            .collect();
        match said.is_empty() {
            true => self.failed(&output.status.to_string()),
            false => self.failed(&said.join("; ")),
        }
    }

    fn broken(&self, error: &std::io::Error) -> SignError {
        self.failed(&error.to_string())
    }

    fn failed(&self, why: &str) -> SignError {
        SignError::Program {
            program: self.program.clone(),
            why: why.to_owned(),
        }
    }
}

/// Returns the key for `ssh-keygen`: `user.signingKey`, else what `gpg.ssh.defaultKeyCommand`
/// prints first.
fn ssh_key(
    settings: &Settings,
    env: &Environment,
    key: Option<String>,
    dir: &Path,
) -> Result<Key, SignError> {
    if let Some(key) = key {
        return Ok(match literal(&key) {
            Some(key) => Key::SshAgent(key.to_owned()),
            None => Key::SshFile(settings.path("user.signingKey", env).unwrap_or(key.into())),
        });
    }
    let Some(command) = settings.get("gpg.ssh.defaultKeyCommand") else {
        return Err(SignError::NoKey);
    };
    let output = Command::new("sh")
        .args(["-c", &command])
        .current_dir(dir)
        .stdin(Stdio::null())
        .output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let first = said.as_deref().ok().and_then(|said| said.lines().next());
    match first.and_then(literal) {
        Some(key) => Ok(Key::SshAgent(key.to_owned())),
        None => Err(SignError::NoKeyPrinted { command }),
    }
}

/// Returns the key if it is one, not the name of a file.
fn literal(key: &str) -> Option<&str> {
    key.strip_prefix("key::")
        .or_else(|| key.starts_with("ssh-").then_some(key))
}

fn draft(bytes: &[u8]) -> std::io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(bytes)?;
    file.write_all(b"\n")?;
    Ok(file)
}
