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
