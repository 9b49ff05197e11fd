//! Objects by their id, read so that a damaged one is an error.
//!
//! libgit2 1.9.7 never returns from a loose object whose end is missing, as a full disk or a power
//! cut leaves it (libgit2#7342; the repair is not released). So the loose file is looked at first.
//! When a libgit2 with the repair is required, `untruncated` and `flate2` can go.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, Once};

use flate2::{Decompress, FlushDecompress, Status};
use git2::{
    Commit, Error, ErrorClass, ErrorCode, ObjectType, Odb, OdbObject, Repository, Tree, opts,
};

use super::{Cause, Failure, Id, Repo, own_file};
use crate::files::FilesError;
use crate::remedy::{Refusal, Remedy};
use crate::shell;

/// An object of the repository that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    #[error("cannot read {what}")]
    Unreadable {
        /// What it is, for people.
        what: String,
        /// What to type.
        hint: String,
        source: Cause,
    },
    #[error("cannot write to the object store `{path}`")]
    Unwritable {
        path: String,
        source: std::io::Error,
    },
    #[error("`{path}` is {is} in the base commit, but git-rally needs a directory there")]
    InTheWay { path: String, is: &'static str },
    #[error(
        "`.gitattributes` sends `{path}` through the filter `{filter}`, and git-rally stores files as they are"
    )]
    Filtered { path: String, filter: String },
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl ObjectError {
    /// Returns the error of a file of a commit that cannot be read.
    pub(super) fn of_file(error: FilesError) -> ObjectError {
        ObjectError::Unreadable {
            what: format!("`{}`", error.path),
            hint: error.remedy,
            source: Cause::of_words(error.reason),
        }
    }
}

impl Remedy for ObjectError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            ObjectError::InTheWay { .. } | ObjectError::Filtered { .. } => Some(Refusal::InTheWay),
            ObjectError::Unreadable { .. }
            | ObjectError::Unwritable { .. }
            | ObjectError::Failed(_) => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            ObjectError::Unreadable { hint, .. } => hint.clone(),
            ObjectError::Unwritable { path, source } => {
                super::error::for_cause(source.kind(), path)
            }
            ObjectError::InTheWay { .. } => "move it in a change of your own first".to_owned(),
            ObjectError::Filtered { path, .. } => format!(
                "take the path out of the filter in .gitattributes: {}",
                shell::line(["git", "check-attr", "filter", "--", path])
            ),
            ObjectError::Failed(failure) => failure.hint(),
        }
    }
}

/// Returns the bytes of a blob.
pub(super) fn blob(repo: &Repo, id: Id) -> Result<Vec<u8>, Error> {
    let odb = repo.inner.odb()?;
    let object = checked(repo, &odb, id)?;
    match object.kind() {
        ObjectType::Blob => Ok(object.data().to_vec()),
        kind => Err(Error::new(
            ErrorCode::Invalid,
            ErrorClass::Odb,
            format!("the object {id} is a {kind}, not a blob"),
        )),
    }
}

/// Returns a tree.
pub(super) fn tree(repo: &Repo, id: Id) -> Result<Tree<'_>, Error> {
    whole(repo, id)?;
    repo.inner.find_tree(id)
}

/// Returns the commit `id`, or the one that the tag `id` is of.
pub(super) fn commit(repo: &Repo, id: Id) -> Result<Commit<'_>, Error> {
    let mut id = id;
    whole(repo, id)?;
    if let Ok(commit) = repo.inner.find_commit(id) {
        return Ok(commit);
    }
    loop {
        whole(repo, id)?;
        let object = repo.inner.find_object(id, None)?;
        match object.as_tag() {
            Some(tag) => id = tag.target_id(),
            None => return object.peel_to_commit(),
        }
    }
}

/// Errors if the object is not there or damaged.
pub(super) fn whole(repo: &Repo, id: Id) -> Result<(), Error> {
    checked(repo, &repo.inner.odb()?, id).map(drop)
}

/// Lets this module compare the ids of what is read, and libgit2 not: its hash looks for collisions
/// as well, which takes as long as all else of reading. Git looks for them when it fetches.
pub(super) fn compare_ids() {
    // Once, so that a repository that is opened takes it away from no other one in `strictly`.
    static FIRST: Once = Once::new();
    FIRST.call_once(|| opts::strict_hash_verification(false));
}

/// Runs what reads objects without this module; libgit2 compares their ids meanwhile.
pub(super) fn strictly<T>(read: impl FnOnce() -> T) -> T {
    // The switch is the process's, and nobody may turn it off while another needs it.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock();
    opts::strict_hash_verification(true);
    let done = read();
    opts::strict_hash_verification(false);
    done
}

/// Returns an object whose bytes have its id. libgit2 keeps a small one, so that to take it apart
/// next reads nothing.
fn checked<'o>(repo: &Repo, odb: &'o Odb<'_>, id: Id) -> Result<OdbObject<'o>, Error> {
    untruncated(repo, id)?;
    let object = odb.read(id)?;
    let found = super::object_id(object.kind(), object.data())?;
    if found == id {
        return Ok(object);
    }
    Err(Error::new(
        ErrorCode::HashsumMismatch,
        ErrorClass::Odb,
        format!("object hash mismatch - expected {id} but got {found}"),
    ))
}

/// Errors if a loose object is truncated.
fn untruncated(repo: &Repo, id: Id) -> Result<(), Error> {
    let stores = repo.stores.get_or_init(|| stores(&repo.inner));
    // In a fresh clone all is packed.
    if stores.iter().all(|store| store.loose.is_empty()) {
        return Ok(());
    }
    let hex = id.to_string();
    let (dir, file) = hex.split_at(2);
    for store in stores {
        if !store.loose.contains(OsStr::new(dir)) {
            continue;
        }
        let path = store.dir.join(dir).join(file);
        if own_file::bytes(&path).is_ok_and(|bytes| is_cut(&bytes)) {
            return Err(Error::new(
                ErrorCode::Invalid,
                ErrorClass::Zlib,
                format!("the end of `{}` is missing", path.display()),
            ));
        }
    }
    Ok(())
}

/// A folder of objects, and which of its 256 folders of loose ones there are: in a fresh clone none,
/// and a history has many commits to look for.
#[derive(Debug)]
pub(super) struct Folder {
    dir: PathBuf,
    /// As they were when the folder was read.
    loose: HashSet<OsString>,
}

impl Folder {
    fn new(dir: PathBuf) -> Folder {
        // One that cannot be listed has nothing that can be looked at first.
        let entries = fs::read_dir(&dir).into_iter().flatten().flatten();
        let loose = entries.map(|entry| entry.file_name());
        Folder {
            loose: loose.filter(|name| name.len() == 2).collect(),
            dir,
        }
    }
}

/// Returns the folders of objects: the repository's own, and those it borrows from.
fn stores(repo: &Repository) -> Vec<Folder> {
    let mut found = vec![repo.commondir().join("objects")];
    let mut next = 0;
    // Git follows alternates five deep; a circle ends here as well.
    while next < found.len() && found.len() < 32 {
        let list = own_file::text(&found[next].join("info/alternates")).unwrap_or_default();
        for line in list
            .lines()
            .filter(|l| !l.is_empty() && !l.starts_with('#'))
        {
            let path = found[next].join(line);
            if !found.contains(&path) {
                found.push(path);
            }
        }
        next += 1;
    }
    found.into_iter().map(Folder::new).collect()
}

/// Returns whether the zlib stream stops before its end; other damage libgit2 finds by itself.
fn is_cut(bytes: &[u8]) -> bool {
    let mut stream = Decompress::new(true);
    let mut out = vec![0; 64 * 1024];
    loop {
        let (read, written) = (stream.total_in(), stream.total_out());
        let rest = &bytes[usize::try_from(read).unwrap_or(bytes.len())..];
        match stream.decompress(rest, &mut out, FlushDecompress::None) {
            Ok(Status::StreamEnd) | Err(_) => return false,
            Ok(_) if (stream.total_in(), stream.total_out()) == (read, written) => return true,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_cut_at_every_place_but_its_end() {
        let mut whole = Vec::with_capacity(1000);
        let mut stream = flate2::Compress::new(flate2::Compression::best(), true);
        stream
            .compress_vec(
                b"blob 6\0hello\n",
                &mut whole,
                flate2::FlushCompress::Finish,
            )
            .expect("zlib");
        assert!(!is_cut(&whole));
        for end in 0..whole.len() {
            assert!(is_cut(&whole[..end]), "{end} of {} bytes", whole.len());
        }
        // Other damage is found by libgit2.
        assert!(!is_cut(b"garbage"));
    }
}
