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
mod hooks;
mod hunks;
mod identity;
mod local;
mod merge;
mod object;
mod open;
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

/// An object's id, as 40 hexadecimal digits when printed.
pub type Id = git2::Oid;

/// Returns the id that the bytes would have as a blob; nothing is stored.
pub fn blob_id(bytes: &[u8]) -> Result<Id, GitError> {
    Ok(git2::Oid::hash_object(git2::ObjectType::Blob, bytes)
        .map_err(|source| Failure::during("hash a blob", source))?)
}
