//! Bad input ends in a clear refusal or failure, and not one byte of the clone has moved.

mod branch;
mod catalogue;
mod in_the_way;
mod objects;
mod repository;
#[path = "../support/mod.rs"]
mod support;
mod zuul;

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

/// Puts a submodule at `path` into the index.
fn submodule(clone: &Clone<'_>, path: &str) {
    let head = clone.git(&["rev-parse", "HEAD"]);
    let entry = format!("160000,{head},{path}");
    clone.git(&["update-index", "--add", "--cacheinfo", &entry]);
}
