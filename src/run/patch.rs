//! `diff` and `patch`: the change as text. Nothing is written to the repository, not an object.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Session;
use super::prepare::{Prepared, Standing};
use super::stop::Stop;
use crate::event::{Event, Refusal};
use crate::git::{self, Identity};
use crate::patch;
use crate::request::Output;

impl Prepared {
    /// Returns the change as a unified diff, equal to `git diff --full-index`.
    pub(super) fn diff(self, session: &Session<'_>, name: &str) -> Result<Event, Stop> {
        // Without an identity there is no message to compare; the tree is enough to show.
        let who = Identity::resolve(&self.settings, session.env).ok();
        self.standing(session, who.as_ref())?;
        let diff = git::diff(&self.plan.change)?;
        Ok(Event::Patch {
            repo: name.to_owned(),
            text: lossless(patch::unified(&diff))?,
            coloured: Some(patch::coloured(&diff)),
            notes: self.notes,
            file: None,
        })
    }

    /// Returns the change as a mail for `git am`: of the commit that the branch holds, else of
    /// the one that `commit` would make now; unsigned then, so that no key is asked for, which shows
    /// in the id of the first line only.
    pub(super) fn patch(
        self,
        session: &Session<'_>,
        name: &str,
        output: &Output,
    ) -> Result<Event, Stop> {
        let who = Identity::resolve(&self.settings, session.env)?;
        let (commit, message, author) = match self.standing(session, Some(&who))? {
            Standing::Ours {
                commit,
                message,
                author,
            } => (commit, message, author),
            Standing::New => self.not_stored(session, &who, None)?,
            Standing::Earlier { change_id, .. } => self.not_stored(session, &who, change_id)?,
        };
        let mail = patch::Mail {
            commit: &commit.to_string(),
            name: &author.name,
            email: &author.email,
            seconds: author.when.seconds,
            offset: author.when.offset,
            message: &message,
        };
        let diff = git::diff(&self.plan.change)?;
        let mut notes = self.notes;
        if diff.has_carriage_returns() {
            notes.push(
                "lines of the change end in CR LF: `git am --keep-cr` takes it, `git am` does not"
                    .to_owned(),
            );
        }
        let bytes = patch::mail(&mail, &diff)
            .map_err(|e| Stop::failed(e.to_string(), "git rally commit, then git format-patch"))?;
        let text = lossless(bytes)?;
        let file = match &output.path {
            None => None,
            Some(path) => Some(write_new(
                path,
                &patch::file_name(&message),
                &text,
                output.force,
            )?),
        };
        Ok(Event::Patch {
            repo: name.to_owned(),
            text,
            coloured: None,
            notes,
            file,
        })
    }

    fn not_stored(
        &self,
        session: &Session<'_>,
        who: &Identity,
        earlier: Option<crate::message::ChangeId>,
    ) -> Result<(git::Id, String, git::Person), Stop> {
        let (commit, text) = self.new_commit(session, who, earlier)?;
        Ok((commit.id, text, who.author.clone()))
    }
}

/// Returns the text; what is not UTF-8 cannot go into a patch of ours, since every file of the
/// change is text that was parsed.
fn lossless(bytes: Vec<u8>) -> Result<String, Stop> {
    String::from_utf8(bytes).map_err(|e| {
        Stop::failed(
            format!("the patch is not UTF-8: {e}"),
            "git rally commit, then git format-patch",
        )
    })
}

/// Writes `text` to `path`, or below it if it is a folder, as a whole or not at all; returns the file.
fn write_new(path: &Path, name: &str, text: &str, force: bool) -> Result<String, Stop> {
    let is_folder = path.is_dir() || path.to_string_lossy().ends_with('/');
    let file: PathBuf = if is_folder {
        path.join(name)
    } else {
        path.to_owned()
    };
    let shown = file.display().to_string();
    let failed = |e: &std::io::Error| {
        Stop::failed(
            format!("cannot write `{shown}`: {e}"),
            "-o FILE, in a folder that is there",
        )
    };
    // A rename over a device, a pipe or a link would put a file in its place: `/dev/null`, for one.
    let there = file.symlink_metadata();
    if force && there.is_ok_and(|data| !data.is_file()) {
        return Err(Stop::refused(
            Refusal::InTheWay,
            format!("`{shown}` is there and is no regular file"),
            "-o FILE, another; or without -o, with > FILE",
        ));
    }
    let dir = match file.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    let mut draft = tempfile::Builder::new()
        .prefix(".git-rally-")
        .tempfile_in(dir)
        .map_err(|e| failed(&e))?;
    draft.write_all(text.as_bytes()).map_err(|e| failed(&e))?;
    readable(draft.as_file()).map_err(|e| failed(&e))?;
    let done = if force {
        draft.persist(&file)
    } else {
        draft.persist_noclobber(&file)
    };
    match done {
        Ok(_) => Ok(shown),
        Err(e) if e.error.kind() == std::io::ErrorKind::AlreadyExists => Err(Stop::refused(
            Refusal::InTheWay,
            format!("`{shown}` is there already"),
            "--force overwrites it",
        )),
        Err(e) => Err(failed(&e.error)),
    }
}

/// Gives the draft the mode of an ordinary file; a temporary one is its owner's alone.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
