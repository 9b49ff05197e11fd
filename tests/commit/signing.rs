//! Signed commits, with real ssh-keygen and gpg, judged by `git verify-commit`.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Clone, Command, JANE, Ran, Sandbox, says, write};

/// Makes a key of the user and returns its file; git knows that it is hers.
fn ssh_key(sandbox: &Sandbox) -> PathBuf {
    let key = sandbox.path("home/.ssh/id_ed25519");
    fs::create_dir_all(key.parent().expect("a parent")).expect("folder");
    let made = sandbox
        .command("ssh-keygen", sandbox.dir.path())
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "jane", "-f"])
        .arg(&key)
        .status();
    assert!(made.expect("ssh-keygen is needed (OpenSSH)").success());
    let signers = sandbox.path("home/signers");
    write(&signers, &format!("jane@example.org {}", public(&key)));
    configure(
        sandbox,
        "gpg.ssh.allowedSignersFile",
        &signers.display().to_string(),
    );
    configure(sandbox, "gpg.format", "ssh");
    key
}

fn public(key: &std::path::Path) -> String {
    fs::read_to_string(key.with_extension("pub")).expect("the public key")
}

fn configure(sandbox: &Sandbox, key: &str, value: &str) {
    sandbox.git(sandbox.dir.path(), &["config", "--global", key, value]);
}

fn notes(event: &Value) -> String {
    event["notes"].to_string()
}

/// Returns a clone, of which every new commit is to be signed.
fn clone(sandbox: &Sandbox) -> Clone<'_> {
    let clone = sandbox.clone_of("nova");
    clone.git(&["config", "commit.gpgSign", "true"]);
    clone
}

/// Commits, and returns what `git verify-commit` says; it has to be content.
fn verified(clone: &Clone<'_>, branch: &str) -> String {
    let event = clone.rally(&["commit", "--branch", branch]).ok("committed");
    says(&notes(&event), &["signed the commit"]);
    clone.git(&["fsck", "--strict", "--no-dangling"]);
    let output = clone
        .sandbox
        .command("git", &clone.path)
        .args(["verify-commit", "-v", branch])
        .output()
        .expect("git");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

/// Fails unless git-rally does, and not one file of the sandbox has moved.
fn nothing_made(clone: &Clone<'_>) -> Ran {
    let before = clone.objects();
    let ran = clone.untouched(&["commit"]);
    assert_eq!(before, clone.objects());
    ran
}

/// A folder of gpg with a key of the user; its agent ends with the test.
struct Gpg(TempDir);

impl Gpg {
    fn new(sandbox: &mut Sandbox) -> Gpg {
        let home = TempDir::new().expect("a temporary folder");
        sandbox.set("GNUPGHOME", &home.path().display().to_string());
        let made = sandbox
            .command("gpg", home.path())
            .args(["-q", "--batch", "--passphrase", "", "--quick-generate-key"])
            .args([JANE, "ed25519", "sign", "never"])
            .output()
            .expect("gpg is needed (GnuPG 2)");
        assert!(made.status.success(), "{made:?}");
        Gpg(home)
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let mut end = Command::new("gpgconf");
        end.arg("--homedir")
            .arg(self.0.path())
            .args(["--kill", "all"]);
        drop(end.status());
    }
}

#[test]
fn ssh_signs_byte_for_byte_as_git_has_it_done() {
    let sandbox = Sandbox::new();
    ssh_key(&sandbox);
    configure(&sandbox, "user.signingKey", "~/.ssh/id_ed25519");
    let clone = clone(&sandbox);
    let before = clone.everything();
    let said = verified(&clone, "signed");
    says(&said, &["Good \"git\" signature for jane@example.org"]);
    let mut after = clone.everything();
    after.retain(|path, _| !path.ends_with("refs/heads/signed"));
    assert_eq!(before, after);

    // An Ed25519 signature has no time in it: git gets the same commit.
    let message = sandbox.path("message");
    fs::write(
        &message,
        clone.git(&["log", "-1", "--format=%B", "signed"]) + "\n",
    )
    .expect("message");
    let theirs = clone.git(&[
        "commit-tree",
        "-S",
        "-p",
        "signed~1",
        "-F",
        "../message",
        "signed^{tree}",
    ]);
    assert_eq!(clone.git(&["rev-parse", "signed"]), theirs);

    // Nothing else of the commit depends on it, and a later run knows it.
    clone
        .untouched(&["commit", "--branch", "signed"])
        .ok("unchanged");
    let plain = clone.rally(&["commit", "--branch", "plain", "--no-gpg-sign"]);
    says(
        &notes(&plain.ok("committed")),
        &["not signed: --no-gpg-sign"],
    );
    let raw = |branch: &str| clone.git(&["cat-file", "commit", branch]);
    assert!(!raw("plain").contains("gpgsig"));
    let signed = raw("signed");
    let (top, rest) = signed.split_once("\ngpgsig ").expect("a signature");
    let end = "\n -----END SSH SIGNATURE-----\n";
    let (_, below) = rest.split_once(end).expect("its end");
    assert_eq!(format!("{top}\n{below}"), raw("plain"));

    // The mail of a commit that is there has its id; of one that is not, the unsigned one's.
    let mail = |branch: &str| {
        let event = clone.untouched(&["patch", "--branch", branch]).ok("patch");
        event["text"].as_str().expect("text")[5..45].to_owned()
    };
    assert_eq!(mail("signed"), clone.git(&["rev-parse", "signed"]));
    assert_eq!(mail("new"), clone.git(&["rev-parse", "plain"]));
}

#[test]
fn ssh_signs_with_the_key_of_an_agent() {
    let mut sandbox = Sandbox::new();
    let key = ssh_key(&sandbox);
    let socket = sandbox.path("agent");
    let mut agent = sandbox.command("ssh-agent", sandbox.dir.path());
    agent.arg("-D").arg("-a").arg(&socket).stdout(Stdio::null());
    let _agent = agent.spawn().expect("ssh-agent is needed (OpenSSH)");
    sandbox.set("SSH_AUTH_SOCK", &socket.display().to_string());
    for _ in 0..100 {
        if socket.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let added = sandbox
        .command("ssh-add", sandbox.dir.path())
        .arg("-q")
        .arg(&key)
        .status();
    assert!(added.expect("ssh-add").success());
    let public = public(&key);
    fs::remove_file(&key).expect("the private key");

    let clone = clone(&sandbox);
    configure(&sandbox, "gpg.ssh.defaultKeyCommand", "ssh-add -L");
    says(&verified(&clone, "first"), &["Good \"git\" signature"]);
    configure(&sandbox, "user.signingKey", public.trim());
    says(&verified(&clone, "second"), &["Good \"git\" signature"]);
    configure(
        &sandbox,
        "user.signingKey",
        &format!("key::{}", public.trim()),
    );
    says(&verified(&clone, "third"), &["Good \"git\" signature"]);
    let file = key.with_extension("pub").display().to_string();
    configure(&sandbox, "user.signingKey", &file);
    says(&verified(&clone, "fourth"), &["Good \"git\" signature"]);
}

#[test]
fn gpg_signs_with_the_committers_key_or_another() {
    let mut sandbox = Sandbox::new();
    let gpg = Gpg::new(&mut sandbox);
    let clone = clone(&sandbox);
    says(
        &verified(&clone, "first"),
        &["Good signature from \"Jane Doe <jane@example.org>\""],
    );
    clone
        .untouched(&["commit", "--branch", "first"])
        .ok("unchanged");

    sandbox.set("GIT_COMMITTER_NAME", "Joe");
    sandbox.set("GIT_COMMITTER_EMAIL", "joe@example.org");
    let clone = Clone {
        sandbox: &sandbox,
        path: sandbox.path("nova"),
    };
    let said = nothing_made(&clone).failed();
    says(
        &said,
        &[
            "cannot sign the commit: `gpg`",
            "Joe <joe@example.org>",
            "--no-gpg-sign",
        ],
    );
    configure(&sandbox, "user.signingKey", "jane@example.org");
    says(
        &verified(&clone, "second"),
        &["Good signature from \"Jane Doe"],
    );
    drop(gpg);
}

#[test]
fn what_cannot_be_signed_is_not_committed() {
    let sandbox = Sandbox::new();
    let key = ssh_key(&sandbox);
    let clone = clone(&sandbox);
    says(
        &nothing_made(&clone).refused("identity"),
        &["`user.signingKey` names no key", "--no-gpg-sign"],
    );
    configure(&sandbox, "gpg.ssh.defaultKeyCommand", "true");
    says(
        &nothing_made(&clone).refused("identity"),
        &["`true` (gpg.ssh.defaultKeyCommand) prints no key"],
    );
    configure(&sandbox, "user.signingKey", "~/.ssh/none");
    says(
        &nothing_made(&clone).failed(),
        &["cannot sign the commit: `ssh-keygen`: ", "home/.ssh/none"],
    );
    configure(&sandbox, "user.signingKey", &key.display().to_string());
    for (program, words) in [
        ("/nonexistent/keygen", "No such file"),
        ("true", "it gave no signature"),
        ("false", "exit status: 1"),
    ] {
        configure(&sandbox, "gpg.ssh.program", program);
        let said = nothing_made(&clone).failed();
        says(
            &said,
            &[
                &format!("cannot sign the commit: `{program}`: "),
                words,
                "git commit --allow-empty -S",
            ],
        );
    }
    configure(&sandbox, "gpg.format", "openpgp");
    for (program, words) in [
        ("true", "exit status: 0"),
        ("/nonexistent/gpg", "No such file"),
    ] {
        configure(&sandbox, "gpg.program", program);
        let said = nothing_made(&clone).failed();
        says(
            &said,
            &[&format!("cannot sign the commit: `{program}`: "), words],
        );
    }
    configure(&sandbox, "gpg.format", "x509");
    says(
        &nothing_made(&clone).refused("identity"),
        &["`gpg.format` `x509`", "--no-gpg-sign"],
    );
    // What writes nothing needs no signature.
    for verb in ["diff", "patch"] {
        clone.untouched(&[verb]).ok("patch");
    }
    // For one command, by git's own means and by ours.
    let mut git = sandbox.command(env!("CARGO_BIN_EXE_git-rally"), &clone.path);
    git.env("GIT_CONFIG_PARAMETERS", "'commit.gpgsign'='false'")
        .args(["commit", "--branch", "b"]);
    assert!(git.output().expect("git-rally").status.success());
    clone.rally(&["commit", "--no-gpg-sign"]).ok("committed");
    assert!(
        !clone
            .git(&["cat-file", "commit", "rally-perfscale"])
            .contains("gpgsig")
    );
}

#[test]
fn a_bare_key_in_the_configuration_is_true() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let file = clone.path.join(".git/config");
    let text = fs::read_to_string(&file).expect("config");
    fs::write(
        &file,
        format!("{text}[commit]\n\tgpgSign\n[gpg]\n\tformat = x509\n"),
    )
    .expect("config");
    nothing_made(&clone).refused("identity");
}
