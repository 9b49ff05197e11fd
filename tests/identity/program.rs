//! The program itself: the real `git -c`, a link that leads to the clone, a zone.

use std::fs;

use crate::support::{Clone, Sandbox};

#[test]
fn as_a_subcommand_of_git() {
    let mut sandbox = Sandbox::new();
    sandbox.install();
    sandbox.env.remove("GIT_AUTHOR_DATE");
    sandbox.env.remove("GIT_COMMITTER_DATE");
    let clone = sandbox.clone_of("nova");
    let work = sandbox.path("home/work");
    fs::write(&work, "[user]\n\temail = work@example.org\n").expect("file");
    let work = work.display().to_string();
    let link = sandbox.path("link");
    std::os::unix::fs::symlink(&clone.path, &link).expect("link");
    let include = format!("include.path={work}");
    let by_link = format!("includeIf.gitdir:{}/.path={work}", link.display());
    let by_real = format!("includeIf.gitdir:{}/.path={work}", clone.path.display());
    let by_url = format!("includeIf.hasconfig:remote.*.url:**/upstream-nova.path={work}");
    for (dir, setting, zone, date) in [
        (&clone.path, &include, "UTC", "2026-06-21T00:00:00"),
        (&clone.path, &by_link, "Asia/Kolkata", "2026-06-21T00:00:00"),
        (
            &clone.path,
            &by_real,
            "CET-1CEST,M3.5.0,M10.5.0/3",
            "2026-07-21 00:00:00",
        ),
        (
            &link,
            &by_link,
            "CET-1CEST,M3.5.0,M10.5.0/3",
            "2026-01-21 00:00:00",
        ),
        (&link, &by_real, "America/St_Johns", "1782000000"),
        (&clone.path, &by_url, "Pacific/Chatham", "@1782000000"),
    ] {
        let run = |args: &[&str]| {
            let output = (sandbox.command("git", dir))
                .env("PWD", dir)
                .env("TZ", zone)
                .env("GIT_AUTHOR_DATE", date)
                .args(["-c", setting])
                .args(args)
                .output()
                .expect("git runs");
            assert!(output.status.success(), "{args:?}: {output:?}");
            String::from_utf8(output.stdout).expect("UTF-8")
        };
        let wanted = run(&["var", "GIT_AUTHOR_IDENT"]);
        run(&["rally", "commit", "--branch", "by-us"]);
        let found = author(&clone);
        assert_eq!(found, wanted.trim_end(), "{setting} {zone} {date}");
        clone.git(&["branch", "-D", "by-us"]);
    }
}

fn author(clone: &Clone<'_>) -> String {
    let format = "--format=%an <%ae> %ad";
    clone.git(&["log", "-1", "--date=raw", format, "by-us"])
}

/// As in a hook of another repository: its variables do not hold for the one that is named, and the
/// user's own do.
#[test]
fn a_named_repository_among_the_variables_of_another() {
    let mut sandbox = Sandbox::new();
    drop(sandbox.clone_of("nova"));
    let elsewhere = sandbox.repository("elsewhere", &[("x", "y")]).path.clone();
    sandbox.git(&elsewhere, &["config", "user.email", "hook@example.org"]);
    fs::write(
        sandbox.path("home/.gitconfig"),
        "[user]\n\tname = Not\n\temail = not@example.org\n",
    )
    .expect("file");
    let git_dir = elsewhere.join(".git");
    let objects = git_dir.join("objects");
    for (key, value) in [
        ("GIT_DIR", &git_dir),
        ("GIT_WORK_TREE", &elsewhere),
        ("GIT_OBJECT_DIRECTORY", &objects),
    ] {
        sandbox.set(key, &value.display().to_string());
    }
    let ran = sandbox.rally_json(&elsewhere, &["commit", "--branch", "by-us", "../nova"]);
    let event = ran.ok("committed");
    for key in ["GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY"] {
        sandbox.env.remove(key);
    }
    let clone = Clone {
        sandbox: &sandbox,
        path: sandbox.path("nova"),
    };
    let mail = clone.git(&["log", "-1", "--format=%an <%ae>", "by-us"]);
    assert_eq!(mail, "Jane Doe <jane@example.org>", "{event}");
    clone.git(&["fsck", "--strict"]);
}
