//! All that touches a Git repository; the only module that names `git2`.

mod attributes;
mod base;
mod branch;
mod carried;
mod checked_out;
mod commit;
mod date;
mod error;
mod facts;
mod history;
mod hooks;
mod hunks;
mod identity;
mod local;
mod merge;
mod object;
mod open;
mod own_file;
mod sample;
mod settings;
mod shared;
mod sign;
mod snapshot;
mod store;
mod tree;
mod trust;
mod update;
mod wildmatch;

pub use base::{Base, BaseFrom, RevisionError};
pub use branch::{BranchError, BranchTip, is_branch_name};
pub use commit::NewCommit;
pub use date::When;
pub use error::{Cause, Failure, GitError};
pub use history::{Look, Past, PastCommit};
pub use hooks::{CommitMsgHook, HookFolder};
pub use hunks::diff;
pub use identity::{Identity, IdentityError, Person};
pub use local::LocalClone;
pub use merge::merge_lines;
pub use object::ObjectError;
pub use open::{OpenError, Repo};
pub use settings::{Environment, Settings, SettingsError};
pub use sign::{SignError, Signer};
pub use snapshot::Snapshot;
pub use tree::NewTree;

use sha1::{Digest, Sha1};

/// An object's id, as 40 hexadecimal digits when printed.
pub type Id = git2::Oid;

/// Returns the id that the bytes would have as a blob; nothing is stored.
///
/// Texts are compared by it. What is stored is hashed by libgit2 as well, which looks for collisions, as
/// git does where it writes and fetches.
pub fn blob_id(bytes: &[u8]) -> Result<Id, GitError> {
    let id = object_id(git2::ObjectType::Blob, bytes);
    Ok(id.map_err(|e| Failure::during("hash an object", e))?)
}

/// Returns the id that the bytes would have as an object.
fn object_id(kind: git2::ObjectType, bytes: &[u8]) -> Result<Id, git2::Error> {
    let mut hash = Sha1::new_with_prefix(format!("{} {}\0", kind.str(), bytes.len()));
    hash.update(bytes);
    git2::Oid::from_bytes(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_blob_is_git_s() {
        for bytes in [&b""[..], b"hello\n", &[0; 100_000]] {
            let by_git = git2::Oid::hash_object(git2::ObjectType::Blob, bytes).expect("an id");
            assert_eq!(blob_id(bytes).expect("an id"), by_git);
        }
    }
}
