//! The Python wheel, as `pip install .` makes it, in an environment of its own.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::path::Path;

use libtest_mimic::{Failed, Trial};

use crate::support::{Command, Sandbox, manifest, says};
use crate::{LIMIT, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("pip_installs_the_program_and_its_manual", wheel)]
}

fn wheel() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let (place, wheels) = (sandbox.path("env"), sandbox.path("wheels"));
    let ran = |command: &mut Command| -> Result<String, Failed> {
        let output = command.limit(LIMIT).output()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}{errors}");
        Ok(said)
    };
    ran(Command::new("python3").args(["-m", "venv"]).arg(&place))?;
    let pip = place.join("bin/pip");
    // A folder of its own: maturin moves the program that it has built.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wheel");
    let mut build = Command::new(&pip);
    build.args(["wheel", "--quiet", "--no-deps", "--wheel-dir"]);
    build.arg(&wheels).arg(manifest("."));
    build.env("CARGO_TARGET_DIR", target);
    build.env("MATURIN_PEP517_ARGS", "--profile dev");
    ran(&mut build)?;
    let mut install = Command::new(&pip);
    install.args(["install", "--quiet", "--no-index", "--find-links"]);
    ran(install.arg(&wheels).arg("git-rally"))?;
    // Git finds it, and man looks beside the folder of programs.
    let path = format!("{}:{}", place.join("bin").display(), sandbox.env["PATH"]);
    let mut git = sandbox.command("git", sandbox.dir.path());
    let version = ran(git.args(["rally", "--version"]).env("PATH", path))?;
    says(
        &version,
        &[&format!("git-rally {}", env!("CARGO_PKG_VERSION"))],
    );
    for file in [
        "man/man1/git-rally.1",
        "bash-completion/completions/git-rally",
        "zsh/site-functions/_git-rally",
        "fish/vendor_completions.d/git-rally.fish",
    ] {
        let installed = std::fs::read(place.join("share").join(file))?;
        let ours = std::fs::read(manifest("templates/install/data/share").join(file))?;
        assert!(installed == ours, "{file}");
    }
    Ok(())
}
