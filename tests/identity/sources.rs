//! Whose commit it is. Git itself is the oracle.

use std::fs;
use std::path::PathBuf;

use crate::support::{Clone, Sandbox, says, write};

/// A clone in which nothing says who it is.
fn nobody(sandbox: &Sandbox) -> Clone<'_> {
    let clone = sandbox.clone_of("nova");
    configure(sandbox, "[protocol \"file\"]\n\tallow = always\n");
    clone
}

fn configure(sandbox: &Sandbox, text: &str) {
    fs::write(sandbox.path("home/gitconfig"), text).expect("gitconfig");
}

fn signed(clone: &Clone<'_>) -> String {
    clone.rally(&["commit"]).ok("committed");
    clone.git(&[
        "log",
        "-1",
        "--format=%an <%ae>|%cn <%ce>|%(trailers:key=Signed-off-by,valueonly)",
        "rally-perfscale",
    ])
}

#[test]
fn missing_empty_or_nothing_but_brackets() {
    for (config, key) in [
        ("", "user.name"),
        ("[user]\n\tname = Jane\n", "user.email"),
        ("[user]\n\temail = j@example.org\n", "user.name"),
        ("[user]\n\tname =\n\temail = j@example.org\n", "user.name"),
        ("[user]\n\tname = Jane\n\temail = <>\n", "user.email"),
        (
            "[user]\n\tname = \" ,:;<>\"\n\temail = j@example.org\n",
            "user.name",
        ),
        (
            "[author]\n\tname = Jane\n\temail = j@example.org\n",
            "user.name",
        ),
    ] {
        let sandbox = Sandbox::new();
        let clone = nobody(&sandbox);
        configure(&sandbox, config);
        let said = clone.untouched(&["commit"]).refused("identity");
        says(&said, &[key]);
    }
    let mut sandbox = Sandbox::new();
    drop(sandbox.clone_of("nova"));
    sandbox.set("GIT_AUTHOR_EMAIL", "<>");
    let clone = Clone {
        sandbox: &sandbox,
        path: sandbox.path("nova"),
    };
    let said = clone.untouched(&["commit"]).refused("identity");
    says(&said, &["GIT_AUTHOR_EMAIL"]);
}

#[test]
fn what_is_missing_is_said_with_the_command() {
    let sandbox = Sandbox::new();
    let clone = nobody(&sandbox);
    let said = clone.untouched(&["commit"]).refused("identity");
    says(&said, &["is not set", "git config --global user.name"]);
    configure(&sandbox, "[user]\n\tname = Jane\n");
    let said = clone.untouched(&["commit"]).refused("identity");
    says(&said, &["git config --global user.email"]);
    // A diff signs nothing.
    assert_eq!(clone.untouched(&["diff"]).code, 0);
}

#[test]
fn a_bad_date_is_refused() {
    for variable in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        let mut sandbox = Sandbox::new();
        drop(sandbox.clone_of("nova"));
        sandbox.set(variable, "the day after tomorrow");
        let clone = Clone {
            sandbox: &sandbox,
            path: sandbox.path("nova"),
        };
        let said = clone.untouched(&["commit"]).refused("identity");
        says(
            &said,
            &[
                variable,
                "the day after tomorrow",
                "not a date from 1970 on",
                &format!("export {variable}="),
            ],
        );
        assert!(!said.contains("export export"), "{said}");
    }
}

/// Git takes any four digits for a zone, Gerrit and other readers do not.
#[test]
fn a_zone_is_one_of_the_earths() {
    for (zone, is_one) in [
        ("+1400", true),
        ("-1400", true),
        ("+1359", true),
        ("+1401", false),
        ("-1401", false),
        ("+1500", false),
        ("+1360", false),
    ] {
        let mut sandbox = Sandbox::new();
        drop(sandbox.clone_of("nova"));
        let date = format!("1769860800 {zone}");
        sandbox.set("GIT_AUTHOR_DATE", &date);
        let clone = sandbox.at("nova");
        let ran = clone.rally(&["commit"]);
        if is_one {
            ran.ok("committed");
            let format = ["log", "-1", "--date=raw", "--format=%ad", "rally-perfscale"];
            assert_eq!(clone.git(&format), date);
        } else {
            says(&ran.refused("identity"), &["GIT_AUTHOR_DATE", &date]);
        }
    }
}

/// Every source that git takes an identity from, in git's order; git itself is the oracle.
#[test]
fn from_every_place_that_git_takes_it() {
    let file = "[user]\n\tname = File\n\temail = file@example.org\n";
    let author = "[author]\n\tname = Author\n\temail = author@example.org\n[committer]\n\temail = committer@example.org\n";
    let both = format!("{file}{author}");
    let name = "[user]\n\tname = File\n";
    let count: &[(&str, &str)] = &[
        ("GIT_CONFIG_COUNT", "2"),
        ("GIT_CONFIG_KEY_0", "USER.Name"),
        ("GIT_CONFIG_VALUE_0", "Counted"),
        ("GIT_CONFIG_KEY_1", "user.email"),
        ("GIT_CONFIG_VALUE_1", "counted@example.org"),
    ];
    let cases: &[(&str, &[(&str, &str)])] = &[
        (file, &[]),
        (&both, &[]),
        (name, &[("EMAIL", "env@example.org")]),
        (file, &[("EMAIL", "env@example.org")]),
        (file, count),
        (&both, count),
        (
            file,
            &[(
                "GIT_CONFIG_PARAMETERS",
                "'user.name'='Para Meter' 'user.email'='p@example.org'",
            )],
        ),
        (file, &[("GIT_CONFIG_PARAMETERS", "'user.name=Old Form'")]),
        (
            &both,
            &[
                ("GIT_AUTHOR_NAME", "Env"),
                ("GIT_AUTHOR_EMAIL", "env@example.org"),
            ],
        ),
        (
            &both,
            &[
                ("GIT_COMMITTER_NAME", "Env"),
                ("GIT_COMMITTER_EMAIL", "env@example.org"),
            ],
        ),
        (
            "",
            &[
                ("GIT_AUTHOR_NAME", "A"),
                ("GIT_AUTHOR_EMAIL", "a@e"),
                ("GIT_COMMITTER_NAME", "C"),
                ("GIT_COMMITTER_EMAIL", "c@e"),
            ],
        ),
        (
            "[user]\n\tname = \" <Odd,> \"\n\temail = <odd@example.org>\n",
            &[],
        ),
    ];
    for (config, variables) in cases {
        let mut sandbox = Sandbox::new();
        drop(sandbox.clone_of("nova"));
        configure(&sandbox, config);
        for (key, value) in *variables {
            sandbox.set(key, value);
        }
        let clone = Clone {
            sandbox: &sandbox,
            path: sandbox.path("nova"),
        };
        clone.git(&["commit", "-q", "--allow-empty", "-s", "-m", "By git"]);
        let theirs = clone.git(&["log", "-1", "--format=%an <%ae>|%cn <%ce>"]);
        let signer = theirs.split('|').next().expect("author");
        assert_eq!(
            signed(&clone),
            format!("{theirs}|{signer}"),
            "{config} {variables:?}"
        );
    }
}

#[test]
fn git_dash_c_reaches_the_subcommand() {
    let mut sandbox = Sandbox::new();
    drop(sandbox.clone_of("nova"));
    let bin = PathBuf::from(env!("CARGO_BIN_EXE_git-rally"));
    let path = format!(
        "{}:{}",
        bin.parent().expect("bin").display(),
        sandbox.env["PATH"]
    );
    sandbox.set("PATH", &path);
    let clone = Clone {
        sandbox: &sandbox,
        path: sandbox.path("nova"),
    };
    clone.git(&[
        "-c",
        "user.name=On The Line",
        "-c",
        "user.email=line@example.org",
        "rally",
        "commit",
    ]);
    let who = clone.git(&["log", "-1", "--format=%an <%ae>", "rally-perfscale"]);
    assert_eq!(who, "On The Line <line@example.org>");
}

#[test]
fn an_environment_that_git_did_not_write() {
    for (variables, key) in [
        (&[("GIT_CONFIG_COUNT", "many")][..], "GIT_CONFIG_COUNT"),
        (&[("GIT_CONFIG_COUNT", "1")], "GIT_CONFIG_COUNT"),
        (
            &[("GIT_CONFIG_PARAMETERS", "'open")],
            "GIT_CONFIG_PARAMETERS",
        ),
    ] {
        let mut sandbox = Sandbox::new();
        drop(sandbox.clone_of("nova"));
        for (key, value) in variables {
            sandbox.set(key, value);
        }
        let clone = Clone {
            sandbox: &sandbox,
            path: sandbox.path("nova"),
        };
        let said = clone.untouched(&["commit"]).refused("identity");
        says(&said, &[key, "unset"]);
    }
}

#[test]
fn a_conditional_include_that_cannot_be_evaluated() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let work = sandbox.path("home/work");
    write(&work, "[user]\n\temail = work@example.org\n");
    let config = sandbox.path("home/gitconfig");
    let mut text = fs::read_to_string(&config).expect("gitconfig");
    text.push_str(&format!(
        "[includeIf \"worktree:**\"]\n\tpath = {}\n",
        work.display()
    ));
    fs::write(&config, text).expect("gitconfig");
    let said = clone.untouched(&["commit"]).refused("identity");
    says(
        &said,
        &[
            "includeif.worktree:**.path",
            "cannot evaluate",
            "GIT_AUTHOR_EMAIL",
        ],
    );
    let mut sandbox = sandbox;
    for who in ["AUTHOR", "COMMITTER"] {
        sandbox.set(&format!("GIT_{who}_NAME"), "Sure");
        sandbox.set(&format!("GIT_{who}_EMAIL"), "sure@example.org");
    }
    let clone = Clone {
        sandbox: &sandbox,
        path: sandbox.path("nova"),
    };
    says(&signed(&clone), &["Sure <sure@example.org>"]);
}

/// The conditions that every git evaluates are taken as git takes them.
#[test]
fn conditional_includes_that_can() {
    for condition in [
        "gitdir:**/nova/.git",
        "hasconfig:remote.*.url:**/upstream-nova",
        "gitdir/i:**/NOVA/",
        "onbranch:master",
        "gitdir:**/ironic/",
        "onbranch:other",
    ] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let work = sandbox.path("home/work");
        write(&work, "[user]\n\temail = work@example.org\n");
        let text = format!(
            "[user]\n\tname = Jane\n\temail = jane@example.org\n[includeIf \"{condition}\"]\n\tpath = {}\n",
            work.display()
        );
        configure(&sandbox, &text);
        let theirs = clone.git(&["config", "user.email"]);
        says(&signed(&clone), &[&format!("|Jane <{theirs}>")]);
    }
}

#[test]
fn a_date_before_1970_is_no_commits() {
    let mut sandbox = Sandbox::new();
    sandbox.clone_of("nova");
    sandbox.env.remove("GIT_AUTHOR_DATE");
    sandbox.set("SOURCE_DATE_EPOCH", "-5");
    let clone = Clone {
        path: sandbox.path("nova"),
        sandbox: &sandbox,
    };
    let why = clone.untouched(&["commit"]).refused("identity");
    assert!(why.contains("SOURCE_DATE_EPOCH is `-5`"), "{why}");
}
