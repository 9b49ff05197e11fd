//! Object stores: shallow, partial, borrowed, packed.

use std::fs;

use crate::support::{Clone, Sandbox, says};
use crate::{commits, fsck, text};

#[test]
fn shallow() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.write("more", "history\n");
    clone.git(&["add", "more"]);
    clone.git(&["commit", "-q", "-m", "More"]);
    let url = format!("file://{}", text(&clone.path));
    sandbox.git(
        sandbox.dir.path(),
        &["clone", "-q", "--depth=1", &url, "shallow"],
    );
    let shallow = sandbox.path("shallow");
    assert_eq!(
        sandbox.git(&shallow, &["rev-parse", "--is-shallow-repository"]),
        "true"
    );
    commits(&sandbox, &shallow, &[]);
    fsck(&sandbox, &shallow);
}

/// A partial clone with nothing checked out: git-rally fetches nothing by itself, and says the
/// one command that does.
#[test]
fn partial() {
    for filter in ["blob:none", "tree:0"] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["config", "uploadpack.allowFilter", "true"]);
        clone.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        let url = format!("file://{}", text(&clone.path));
        let args = [
            "clone",
            "-q",
            "--no-checkout",
            &format!("--filter={filter}"),
            &url,
            "partial",
        ];
        sandbox.git(sandbox.dir.path(), &args);
        let partial = sandbox.path("partial");
        for verb in ["commit", "diff", "detect"] {
            let said = sandbox.untouched(&partial, &[verb]).failed();
            says(&said, &["cannot read", "git -C", "grep -c '' "]);
        }
        let ran = sandbox.untouched(sandbox.dir.path(), &["commit", "partial"]);
        let said = ran.failed();
        let hint = said.rsplit_once(" / ").expect("a hint").1;
        let shell = sandbox
            .command("sh", sandbox.dir.path())
            .args(["-c", hint])
            .output();
        assert!(shell.expect("sh runs").status.success(), "{hint}");
        commits(&sandbox, &partial, &[]);
    }
}

#[test]
fn a_partial_clone_that_is_checked_out_has_what_is_needed() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", text(&clone.path));
    sandbox.git(
        sandbox.dir.path(),
        &["clone", "-q", "--filter=blob:none", &url, "partial"],
    );
    commits(&sandbox, &sandbox.path("partial"), &[]);
}

#[test]
fn alternates() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    sandbox.git(
        sandbox.dir.path(),
        &["clone", "-q", "--shared", "nova", "borrower"],
    );
    let borrower = sandbox.path("borrower");
    commits(&sandbox, &borrower, &[]);
    fsck(&sandbox, &borrower);
    sandbox.git(&borrower, &["branch", "-D", "rally-perfscale"]);
    // A loose object without its end, which libgit2 would read forever, is found here too.
    let id = clone.git(&["rev-parse", "HEAD:.zuul.yaml"]);
    let file = clone
        .path
        .join(format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    let bytes = fs::read(&file).expect("a loose object");
    fs::remove_file(&file).expect("object");
    fs::write(&file, &bytes[..bytes.len() / 2]).expect("object");
    let said = sandbox.untouched(&borrower, &["commit"]).failed();
    says(&said, &["`.zuul.yaml`", "the end of", &text(&file)]);
    fs::rename(&clone.path, sandbox.path("gone")).expect("rename");
    let said = sandbox.untouched(&borrower, &["commit"]).failed();
    says(&said, &["cannot read"]);
}

/// Gives the object `rev` the bytes of `other`: it is whole to zlib, and nothing of it may be taken for
/// what it is not.
fn swap(clone: &Clone<'_>, rev: &str, other: &str) {
    let [file, other] = [rev, other].map(|rev| {
        let id = clone.git(&["rev-parse", rev]);
        let path = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
        clone.path.join(path)
    });
    fs::remove_file(&file).expect("a loose object");
    fs::copy(&other, &file).expect("a loose object");
}

/// Returns a clone with three commits more than it had.
fn longer(sandbox: &Sandbox) -> Clone<'_> {
    let clone = sandbox.clone_of("nova");
    for text in ["a", "history", "of some length"] {
        clone.write("more", text);
        clone.git(&["add", "more"]);
        clone.git(&["commit", "-q", "-m", text]);
    }
    clone.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
    clone
}

#[test]
fn an_object_with_the_bytes_of_another() {
    for (rev, other, what) in [
        ("HEAD:.zuul.yaml", "HEAD:setup.cfg", "`.zuul.yaml`"),
        ("HEAD^{tree}", "HEAD~^{tree}", "the files of"),
        ("HEAD", "HEAD~", "the commit"),
    ] {
        let sandbox = Sandbox::new();
        let clone = longer(&sandbox);
        swap(&clone, rev, other);
        for args in [&["commit"] as &[&str], &["commit", "--base", "HEAD"]] {
            let said = sandbox.untouched(&clone.path, args).failed();
            says(&said, &["cannot read", what, "hash mismatch"]);
        }
    }
}

/// libgit2 walks by itself here: `HEAD~2` is behind a commit that says it has another parent.
#[test]
fn a_way_through_an_object_with_the_bytes_of_another() {
    let sandbox = Sandbox::new();
    let clone = longer(&sandbox);
    swap(&clone, "HEAD~", "HEAD~2");
    let args = ["commit", "--base", "HEAD~2"];
    let said = sandbox.untouched(&clone.path, &args).failed();
    says(&said, &["the commit of `HEAD~2`", "hash mismatch"]);
}

#[test]
fn packed_with_every_index() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["repack", "-adq", "--write-midx", "--write-bitmap-index"]);
    clone.git(&["commit-graph", "write", "--reachable"]);
    clone.git(&["pack-refs", "--all"]);
    commits(&sandbox, &clone.path, &[]);
}
