//! The commit object.

use git2::{ObjectType, Oid};

use super::{Failure, GitError, Id, Identity, NewTree, SignError, Signer};

/// A commit that may not be stored yet.
#[derive(Clone, Debug)]
pub struct NewCommit {
    pub id: Id,
    pub tree: Id,
    /// The commit object.
    pub(super) bytes: Vec<u8>,
    /// The committer's line, `Name <mail> seconds zone`.
    pub(super) committer: String,
    /// What it needs: trees and blobs.
    pub(super) below: Vec<(ObjectType, Vec<u8>)>,
}

impl NewCommit {
    /// Returns the commit of `tree` on top of `parent`; stores nothing.
    pub fn new(
        tree: NewTree,
        parent: Id,
        who: &Identity,
        message: &str,
    ) -> Result<NewCommit, GitError> {
        let text = format!(
            "tree {}\nparent {parent}\nauthor {}\ncommitter {}\n\n{message}",
            tree.id,
            who.author.ident(),
            who.committer.ident()
        );
        Ok(NewCommit {
            id: id_of(text.as_bytes())?,
            tree: tree.id,
            bytes: text.into_bytes(),
            committer: who.committer.ident(),
            below: tree.objects,
        })
    }

    /// Returns the same commit with the signature of `signer`, and thus another id.
    pub fn signed(self, signer: &Signer) -> Result<NewCommit, SignError> {
        let signature = signer.sign(&self.bytes)?;
        // A header goes on in the next line behind a space, and headers end at the first blank line.
        let header = format!("\ngpgsig {}", signature.trim_end().replace('\n', "\n "));
        let end = self.bytes.windows(2).position(|two| two == b"\n\n");
        let mut bytes = self.bytes;
        let at = end.unwrap_or(bytes.len());
        bytes.splice(at..at, header.into_bytes());
        let id = id_of(&bytes)?;
        Ok(NewCommit { id, bytes, ..self })
    }
}

fn id_of(commit: &[u8]) -> Result<Id, Failure> {
    Oid::hash_object(ObjectType::Commit, commit)
        .map_err(|source| Failure::during("hash the commit", source))
}
