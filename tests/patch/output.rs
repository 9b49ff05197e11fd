//! `patch -o`: a file that is written as a whole, and never over another.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{Sandbox, says};

fn text<'e>(event: &'e Value, key: &str) -> &'e str {
    event[key].as_str().expect("text")
}

const NAME: &str = "0001-Add-Rally-performance-tests-for-Nova.patch";

#[test]
fn written_as_a_whole_and_never_over_another() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let out = sandbox.path("out");
    fs::create_dir(&out).expect("folder");
    let mail = text(&clone.untouched(&["patch"]).ok("patch"), "text").to_owned();
    let (before, objects) = (clone.everything(), clone.objects());
    let names = || {
        let mut names: Vec<_> = fs::read_dir(&out)
            .expect("out")
            .map(|e| e.expect("entry").file_name())
            .collect();
        names.sort();
        names
    };

    let event = clone.rally(&["patch", "-o", "../out/x.patch"]).ok("patch");
    assert_eq!(text(&event, "file"), "../out/x.patch");
    let file = out.join("x.patch");
    assert_eq!(fs::read_to_string(&file).expect("the patch"), mail);
    assert_eq!(
        fs::metadata(&file).expect("mode").permissions().mode() & 0o777,
        0o644
    );

    fs::write(&file, "mine\n").expect("a file");
    let said = clone
        .untouched(&["patch", "-o", "../out/x.patch"])
        .refused("in-the-way");
    says(&said, &["`../out/x.patch` exists already", "--force"]);
    clone
        .rally(&["patch", "-o", "../out/x.patch", "--force"])
        .ok("patch");
    assert_eq!(fs::read_to_string(&file).expect("the patch"), mail);

    for folder in ["../out/", "../out"] {
        let event = clone.rally(&["patch", "-o", folder, "--force"]).ok("patch");
        assert_eq!(text(&event, "file"), format!("../out/{NAME}"));
    }
    clone
        .untouched(&["patch", "-o", "../out"])
        .refused("in-the-way");
    let theirs = sandbox.path("theirs");
    clone.rally(&["commit"]).ok("committed");
    clone.git(&[
        "format-patch",
        "-q",
        "-1",
        "-o",
        &theirs.display().to_string(),
        "rally-perfscale",
    ]);
    assert!(theirs.join(NAME).exists());
    assert_eq!(names(), [NAME, "x.patch"]);
    clone.git(&["update-ref", "-d", "refs/heads/rally-perfscale"]);
    let mut after = clone.everything();
    after.retain(|path, _| !path.contains("refs/heads"));
    let mut before = before;
    before.retain(|path, _| !path.contains("refs/heads"));
    assert_eq!(after, before);
    assert!(clone.objects().len() > objects.len());
}

#[test]
fn a_place_that_cannot_be_written() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    for place in ["nowhere/x.patch", "nowhere/", "setup.py/x.patch"] {
        for force in [&[][..], &["--force"]] {
            let args: Vec<&str> = ["patch", "-o", place]
                .iter()
                .chain(force)
                .copied()
                .collect();
            let said = clone.untouched(&args).failed();
            says(&said, &["cannot write `", "write to a folder that exists"]);
        }
    }
    sandbox.clone_of("glance");
    let args = ["patch", "nova", "glance", "-o", "x.patch"];
    let ran = sandbox.rally(sandbox.dir.path(), &args);
    says(ran.usage(), &["-o takes the patch of one repository"]);
    assert!(!sandbox.path("x.patch").exists());
    says(
        clone.untouched(&["patch", "--force"]).usage(),
        &["--output"],
    );
}

#[test]
fn what_is_no_regular_file_is_not_replaced() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let link = sandbox.path("link");
    std::os::unix::fs::symlink("/dev/null", &link).expect("a link");
    let socket = sandbox.path("socket");
    let _open = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    for place in ["../link", "../socket"] {
        let said = clone.rally(&["patch", "-o", place, "--force"]);
        says(&said.refused("in-the-way"), &[place, "no regular file"]);
    }
    assert!(link.is_symlink());
    assert!(!socket.is_file());
    // Nor does the hint name an option that is refused then.
    let said = clone
        .rally(&["patch", "-o", "../link"])
        .refused("in-the-way");
    says(&said, &["no regular file"]);
    assert!(!said.contains("--force"), "{said}");
}

#[test]
fn a_new_file_has_the_mode_that_the_umask_leaves() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let rally = env!("CARGO_BIN_EXE_git-rally");
    for (umask, mode) in [("022", 0o644), ("077", 0o600), ("002", 0o664)] {
        let mut sh = sandbox.command("sh", &clone.path);
        let line = format!("umask {umask}; exec '{rally}' patch -o ../{umask}.patch");
        let output = sh.args(["-c", &line]).output().expect("sh");
        assert!(output.status.success(), "{output:?}");
        let data = sandbox.path(&format!("{umask}.patch")).metadata();
        let found = data.expect("a file").permissions().mode() & 0o777;
        assert_eq!(found, mode, "{umask}");
    }
}

#[test]
fn where_nothing_can_be_printed_what_was_done_is_named() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let full = fs::File::create("/dev/full").expect("a full device");
    let mut rally = sandbox.command(env!("CARGO_BIN_EXE_git-rally"), &clone.path);
    let stderr = std::process::Stdio::piped();
    let output = rally.arg("commit").stdout(full).stderr(stderr).spawn();
    let output = output
        .and_then(|child| child.wait_with_output())
        .expect("git-rally");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let made = clone.git(&["rev-parse", "rally-perfscale"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    says(&said, &["cannot print", "`rally-perfscale`", &made]);
}

#[test]
fn a_patch_with_carriage_returns_says_how_git_am_takes_it() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let plain = clone.rally(&["patch"]).ok("patch");
    assert!(!plain["notes"].to_string().contains("--keep-cr"), "{plain}");
    let text = fs::read_to_string(clone.path.join(".zuul.yaml")).expect("text");
    clone.write(".zuul.yaml", text.replace('\n', "\r\n"));
    clone.commit_upstream("Lines that end in CR LF");
    let event = clone.rally(&["patch", "-o", "../x.patch"]).ok("patch");
    says(&event["notes"].to_string(), &["git am --keep-cr"]);
    clone.git(&["am", "-q", "--keep-cr", "../x.patch"]);
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["diff", "--exit-code", "HEAD", "rally-perfscale"]);
}
