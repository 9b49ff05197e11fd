//! Which service a repository is, and why it is none.

mod gitreview;
mod names;
mod signals;
#[path = "../support/mod.rs"]
mod support;
mod table;
mod words;

use support::{Clone, Sandbox};

/// A clone of nova whose upstream then gets the files.
fn nova_with<'s>(sandbox: &'s Sandbox, files: &[(&str, &str)]) -> Clone<'s> {
    let clone = sandbox.clone_of("nova");
    for (file, text) in files {
        clone.write(file, text);
    }
    clone.commit_upstream("Other files");
    clone
}
