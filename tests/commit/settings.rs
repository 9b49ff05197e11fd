//! Settings of git, for one command: taken as git takes them. Git itself is the oracle.

use crate::support::{Ran, Sandbox, says};

/// What is true, what is false, and what git refuses to take for either.
const BOOLEANS: [&str; 20] = [
    "true", "TRUE", "yes", "on", "1", "2", "-1", "+1", "1k", "false", "no", "off", "Off", "", "0",
    "00", "0m", "maybe", "truer", "1.0",
];

#[test]
fn booleans_of_git_dash_c() {
    let mut sandbox = Sandbox::new();
    sandbox.install();
    let clone = sandbox.clone_of("nova");
    // Who must sign cannot.
    clone.git(&["config", "gpg.format", "x509"]);
    for value in BOOLEANS {
        let setting = format!("commit.gpgSign={value}");
        let git = |args: &[&str]| {
            let args = [&["-c", &setting], args].concat();
            sandbox.try_git(&clone.path, &args, b"")
        };
        let theirs = git(&["config", "--type=bool", "commit.gpgSign"]);
        let theirs = String::from_utf8(theirs.stdout).expect("UTF-8");
        let ran = Ran::of(git(&["rally", "commit", "--format", "json"]));
        match theirs.trim_end() {
            "true" => says(&ran.refused("identity"), &["`x509`"]),
            "false" => {
                ran.ok("committed");
                clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
            }
            _ => {
                assert_eq!(theirs, "");
                let said = format!("is `{value}`, which is neither true nor false");
                says(&ran.failed(), &["`commit.gpgSign`", &said]);
            }
        }
    }
}
