//! `patch`: the change as a mail for `git am`. Nothing is written to the repository, not an object.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::event::{Event, Patch};
use crate::git::{self, Id, Identity, LocalClone, Person};
use crate::patch::{self, Mail};
use crate::propose::{
    BranchState, Carried, Library, Proposal, Proposed, branch_state, draft, propose,
};
use crate::remedy::{Refusal, Remedy};
use crate::request::{self, ChangeOptions, Output};
use crate::stop::Stop;

pub(super) fn patch(
    wanted: &request::Patch,
    clone: &LocalClone<'_>,
    library: &Library<'_>,
) -> Result<Event, Stop> {
    let change = &wanted.change;
    let proposal = match propose(clone, change, library)? {
        Proposed::Change(proposal) => proposal,
        Proposed::Nothing(reason) => return Ok(Event::unchanged(&clone.name, reason)),
    };
    let who = Identity::resolve(&clone.settings, clone.env)?;
    let (commit, message, author) = mailed(clone, &proposal, change, &who)?;
    let diff = git::diff(&proposal.plan.change)?;
    let mail = Mail {
        commit: &commit.to_string(),
        name: &author.name,
        email: &author.email,
        seconds: author.when.seconds,
        offset: author.when.offset,
        message: &message,
    };
    let text = patch::utf8(patch::mail(&mail, &diff)?)?;
    let mut notes = proposal.notes;
    if diff.has_carriage_returns() {
        notes.push(
            "some lines of the change end in CR LF: apply it with `git am --keep-cr`".to_owned(),
        );
    }
    let name = patch::file_name(&message);
    let file = match &wanted.output {
        Output::Standard => None,
        Output::Create(path) => {
            let file = below(path, &name);
            let shown = file.display().to_string();
            let again = change.command("patch", &["-o", &shown, "--force"], &clone.name);
            Some(create(&file, &text, again)?)
        }
        Output::Overwrite(path) => Some(overwrite(&below(path, &name), &text)?),
    };
    Ok(Event::Patch(Patch {
        repo: clone.name.clone(),
        text,
        coloured: None,
        notes,
        file,
    }))
}

/// Returns the commit that the branch holds, else the one that `commit` would make now; unsigned
/// then, so that no key is asked for, which shows in the id of the first line only.
fn mailed(
    clone: &LocalClone<'_>,
    proposal: &Proposal,
    change: &ChangeOptions,
    who: &Identity,
) -> Result<(Id, String, Person), Stop> {
    let earlier = match branch_state(clone, proposal, change, Some(who))? {
        BranchState::Current(tip) => return Ok((tip.commit, tip.message, tip.author)),
        BranchState::Absent | BranchState::Merged(_) => Carried::default(),
        BranchState::Earlier(_, carried) => carried,
    };
    let draft = draft(clone, proposal, who, &change.message, &earlier)?;
    Ok((draft.commit.id, draft.message, who.author.clone()))
}

/// Why the patch is not written to the file.
#[derive(Debug, thiserror::Error)]
enum FileError {
    #[error("`{file}` exists already")]
    Exists {
        file: String,
        /// The command that overwrites it.
        again: String,
    },
    #[error("`{0}` exists and is no regular file")]
    NotRegular(String),
    #[error("cannot write `{file}`")]
    Write { file: String, source: io::Error },
}

impl Remedy for FileError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            FileError::Exists { .. } | FileError::NotRegular(_) => Some(Refusal::InTheWay),
            FileError::Write { .. } => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            FileError::Exists { again, .. } => format!("overwrite it: {again}"),
            FileError::NotRegular(_) => {
                "write to another file: -o FILE; or to standard output: > FILE".to_owned()
            }
            FileError::Write { .. } => {
                "write to a folder that exists and that you can write to: -o FILE".to_owned()
            }
        }
    }
}

/// Returns the file itself, or the file `name` in it where it is a folder.
fn below(path: &Path, name: &str) -> PathBuf {
    match path.is_dir() || path.to_string_lossy().ends_with('/') {
        true => path.join(name),
        false => path.to_owned(),
    }
}

/// Writes a new file, as a whole or not at all; returns its name. `again` is the command that
/// overwrites one.
fn create(file: &Path, text: &str, again: String) -> Result<String, FileError> {
    if file.symlink_metadata().is_ok() && !is_regular(file) {
        return Err(FileError::NotRegular(file.display().to_string()));
    }
    match full_draft(file, text)?.persist_noclobber(file) {
        Ok(_) => Ok(file.display().to_string()),
        Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => {
            let file = file.display().to_string();
            Err(FileError::Exists { file, again })
        }
        Err(e) => Err(failed(file, e.error)),
    }
}

/// Writes a file over the one that exists, as a whole or not at all; returns its name.
fn overwrite(file: &Path, text: &str) -> Result<String, FileError> {
    // A rename over a device, a pipe or a link would put a file in its place: `/dev/null`, for one.
    if file.symlink_metadata().is_ok() && !is_regular(file) {
        return Err(FileError::NotRegular(file.display().to_string()));
    }
    match full_draft(file, text)?.persist(file) {
        Ok(_) => Ok(file.display().to_string()),
        Err(e) => Err(failed(file, e.error)),
    }
}

fn is_regular(file: &Path) -> bool {
    file.symlink_metadata().is_ok_and(|data| data.is_file())
}

/// Returns a temporary file with the text, beside `file`, with the mode of an ordinary new file.
fn full_draft(file: &Path, text: &str) -> Result<tempfile::NamedTempFile, FileError> {
    let dir = match file.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".git-rally-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The umask applies, as for every new file.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let written = builder.tempfile_in(dir).and_then(|mut draft| {
        draft.write_all(text.as_bytes())?;
        Ok(draft)
    });
    written.map_err(|error| failed(file, error))
}

fn failed(file: &Path, source: io::Error) -> FileError {
    FileError::Write {
        file: file.display().to_string(),
        source,
    }
}
