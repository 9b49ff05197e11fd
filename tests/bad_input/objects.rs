//! Objects that are missing or damaged.

use std::fs;
use std::path::PathBuf;

use crate::support::{Clone, Sandbox, says};

/// Returns the loose object of the revision.
fn object(clone: &Clone<'_>, rev: &str) -> PathBuf {
    let id = clone.git(&["rev-parse", rev]);
    clone
        .path
        .join(format!(".git/objects/{}/{}", &id[..2], &id[2..]))
}

fn broken(rev: &str, bytes: Option<&[u8]>, named: &str) {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let file = object(&clone, rev);
    fs::remove_file(&file).expect("a loose object");
    if let Some(bytes) = bytes {
        fs::write(&file, bytes).expect("object");
    }
    for verb in ["commit", "diff"] {
        let said = clone.untouched(&[verb]).failed();
        says(&said, &[named, "git fsck"]);
    }
}

#[test]
fn missing() {
    broken("origin/master:.zuul.yaml", None, "`.zuul.yaml`");
    broken("origin/master:pyproject.toml", None, "`pyproject.toml`");
    broken("origin/master:.gitreview", None, "`.gitreview`");
    broken("origin/master:nova", None, "`nova");
    broken("origin/master^{tree}", None, "commit");
    broken("origin/master", None, "the commit of `HEAD`");
}

#[test]
fn damaged() {
    for bytes in [&b""[..], b"garbage", b"x\x9c\x4b\xca\xc9\x4f"] {
        broken("origin/master:.zuul.yaml", Some(bytes), "`.zuul.yaml`");
        broken("origin/master^{tree}", Some(bytes), "commit");
        broken("origin/master", Some(bytes), "the commit of `HEAD`");
    }
}

#[test]
fn what_is_not_read_does_not_matter() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    fs::remove_file(object(&clone, "origin/master:README.rst")).expect("a loose object");
    clone.rally(&["commit"]).ok("committed");
}

#[test]
fn an_object_store_that_cannot_be_written() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["gc", "-q"]);
    let store = clone.path.join(".git/objects");
    let away = clone.path.join(".git/kept");
    // A file where a folder of objects belongs stops root as well.
    fs::rename(&store, &away).expect("rename");
    fs::create_dir(&store).expect("folder");
    for name in ["pack", "info"] {
        fs::rename(away.join(name), store.join(name)).expect("rename");
    }
    for byte in 0..=255_u8 {
        fs::write(store.join(format!("{byte:02x}")), "").expect("file");
    }
    let said = clone.untouched(&["commit"]).failed();
    says(&said, &["cannot write to the object store", "ls -ld "]);
}
