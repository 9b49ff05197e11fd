//! Bad input ends in a clear refusal or failure, and not one byte of the clone has moved.

mod support;

use std::fs;
use std::path::PathBuf;

use support::{Clone, Sandbox, says, write};

/// A clone of nova whose upstream then gets the files.
fn nova_with<'s>(sandbox: &'s Sandbox, files: &[(&str, &str)]) -> Clone<'s> {
    let clone = sandbox.clone_of("nova");
    for (file, text) in files {
        clone.write(file, text);
    }
    clone.commit_upstream("Other files");
    clone
}

/// Makes a symbolic link in the work tree.
fn link(clone: &Clone<'_>, file: &str, target: &str) {
    let path = clone.path.join(file);
    fs::create_dir_all(path.parent().expect("a parent")).expect("folder");
    if path.symlink_metadata().is_ok() {
        fs::remove_file(&path).expect("the old file");
    }
    std::os::unix::fs::symlink(target, path).expect("symlink");
}

/// Puts a submodule at `path` into the index.
fn submodule(clone: &Clone<'_>, path: &str) {
    let head = clone.git(&["rev-parse", "HEAD"]);
    let entry = format!("160000,{head},{path}");
    clone.git(&["update-index", "--add", "--cacheinfo", &entry]);
}

mod repository {
    use super::*;

    #[test]
    fn no_repository() {
        let mut sandbox = Sandbox::new();
        let top = sandbox.dir.path().display().to_string();
        sandbox.set("GIT_CEILING_DIRECTORIES", &top);
        let folder = sandbox.path("folder");
        write(&folder.join("file"), "");
        for verb in ["detect", "diff", "commit"] {
            let said = sandbox.untouched(&folder, &[verb]).failed();
            says(&said, &["`.` is not in a Git repository", "git clone"]);
        }
        let said = sandbox.untouched(&folder, &["commit", "nowhere"]).failed();
        says(&said, &["there is no folder `nowhere`"]);
        let said = sandbox.untouched(&folder, &["commit", "file"]).failed();
        says(&said, &["there is no folder `file`"]);
    }

    #[test]
    fn no_commit() {
        let sandbox = Sandbox::new();
        let path = sandbox.path("empty");
        sandbox.git(sandbox.dir.path(), &["init", "-q", "empty"]);
        for verb in ["detect", "diff", "commit"] {
            let said = sandbox.untouched(&path, &[verb]).failed();
            says(&said, &["there is no commit yet", "--base"]);
        }
    }

    #[test]
    fn a_base_that_is_none() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["tag", "a-blob", "HEAD:setup.py"]);
        for rev in [
            "nope",
            "a-blob",
            "HEAD:nova",
            "",
            "--all",
            "deadbeef",
            "HEAD~9",
        ] {
            let arg = format!("--base={rev}");
            let said = clone.untouched(&["commit", &arg]).failed();
            says(&said, &[&format!("`{rev}` is not a commit"), "git log"]);
        }
    }

    #[test]
    fn a_broken_configuration_is_named_with_its_line() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let config = clone.path.join(".git/config");
        let text = fs::read_to_string(&config).expect("config");
        fs::write(&config, format!("[broken\n{text}")).expect("config");
        let said = clone.untouched(&["commit"]).failed();
        says(&said, &["nova/.git/config:1", "mend that line"]);
    }

    #[test]
    fn someone_elses() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let mine = fs::metadata(&clone.path).expect("metadata");
        let uid = std::os::unix::fs::MetadataExt::uid(&mine);
        if uid == 0 {
            let chown = sandbox
                .command("chown", &clone.path)
                .args(["-R", "12345", "."])
                .status();
            assert!(chown.expect("chown runs").success());
        } else {
            // Nobody but root can give files away; a work tree that is root's is just as foreign.
            clone.git(&["config", "core.worktree", "/"]);
        }
        let ran = clone.untouched(&["commit"]);
        let said = ran.failed();
        says(
            &said,
            &[
                "belongs to another user",
                "git config --global --add safe.directory",
            ],
        );
        if uid == 0 {
            // The hint is a command that works as it is printed.
            let hint = said.split(" / ").nth(1).expect("a hint").to_owned();
            let shell = sandbox
                .command("sh", &clone.path)
                .args(["-c", &hint])
                .status();
            assert!(shell.expect("sh runs").success());
            clone.rally(&["commit"]).ok("committed");
        }
    }
}

mod branch {
    use super::*;

    #[test]
    fn names_that_git_refuses() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let long = "x".repeat(300);
        for name in [
            "-x",
            "HEAD",
            "@",
            "a..b",
            "a b",
            "x.lock",
            "refs/tags/x",
            "",
            "a//b",
            "/a",
            "a/",
            ".a",
            "a/.b",
            "a~b",
            "a^",
            "a:b",
            "a?b",
            "a*b",
            "a[b",
            "a\\b",
            "a@{b",
            "a\tb",
            "a\u{7f}",
            "a.",
            "refs/heads/-x",
            &long,
        ] {
            let ran = clone.untouched(&["commit", &format!("--branch={name}")]);
            says(ran.usage(), &["branch"]);
        }
    }

    #[test]
    fn it_exists_loose_or_packed() {
        for pack in [false, true] {
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            clone.git(&["branch", "rally-perfscale", "HEAD"]);
            if pack {
                clone.git(&["pack-refs", "--all"]);
            }
            for args in [&["commit"][..], &["commit", "--replace"], &["diff"]] {
                let said = clone.untouched(args).refused("branch-exists");
                says(
                    &said,
                    &["`rally-perfscale` is there already", "--branch NAME"],
                );
            }
        }
    }

    #[test]
    fn branches_below_it_or_above_it() {
        for pack in [false, true] {
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            clone.git(&["branch", "folder/one"]);
            clone.git(&["branch", "file"]);
            if pack {
                clone.git(&["pack-refs", "--all"]);
            }
            let said = clone
                .untouched(&["commit", "--branch", "folder"])
                .refused("branch-exists");
            says(&said, &["`folder`", "`folder/one`", "--branch NAME"]);
            for below in ["file/x", "file/x/y"] {
                let said = clone
                    .untouched(&["commit", "--branch", below])
                    .refused("branch-exists");
                says(
                    &said,
                    &[
                        &format!("`{below}`"),
                        "`file` is in its way",
                        "--branch NAME",
                    ],
                );
            }
            // The check is of whole names, not of their first letters.
            clone.rally(&["commit", "--branch", "fold"]).ok("committed");
            clone
                .rally(&["commit", "--branch", "folder/two"])
                .ok("committed");
        }
    }

    #[test]
    fn references_that_are_broken_or_point_to_others() {
        for text in [
            "garbage\n",
            "",
            "ref: refs/heads/nowhere\n",
            "ref: refs/heads/master\n",
            "0123456789012345678901234567890123456789\n",
        ] {
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            clone.write(".git/refs/heads/rally-perfscale", text);
            let ran = clone.untouched(&["commit"]);
            assert!(ran.code == 1 || ran.code == 3, "{ran:?}");
            says(
                ran.event()["reason"].as_str().expect("reason"),
                &["rally-perfscale"],
            );
        }
    }
}

mod in_the_way {
    use super::*;

    const FOLDERS: [&str; 3] = ["rally-jobs", "rally-jobs/plugins", "rally-jobs/extra"];
    const FILES: [&str; 3] = [
        "rally-jobs/README.rst",
        "rally-jobs/task-nova.yaml",
        "rally-jobs/plugins/__init__.py",
    ];

    fn refused(clone: &Clone<'_>, path: &str, is: &str, wanted: &str) {
        clone.git(&["commit", "-q", "-m", "In the way"]);
        clone.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
        for verb in ["commit", "diff"] {
            let said = clone.untouched(&[verb]).refused("in-the-way");
            says(
                &said,
                &[
                    &format!("`{path}` is {is}"),
                    &format!("where {wanted} belongs"),
                    "move it",
                ],
            );
        }
    }

    #[test]
    fn where_a_folder_belongs() {
        for path in FOLDERS {
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            clone.write(path, "a file\n");
            clone.git(&["add", path]);
            refused(&clone, path, "a file", "a directory");
            let clone = &Sandbox::new();
            let clone = clone.clone_of("nova");
            link(&clone, path, "../elsewhere");
            clone.git(&["add", path]);
            refused(&clone, path, "a symbolic link", "a directory");
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            submodule(&clone, path);
            refused(&clone, path, "a submodule", "a directory");
        }
    }

    #[test]
    fn where_a_file_belongs() {
        for path in FILES {
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            link(&clone, path, "/etc/passwd");
            clone.git(&["add", path]);
            refused(&clone, path, "a symbolic link", "a file");
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            clone.write(&format!("{path}/file"), "");
            clone.git(&["add", path]);
            refused(&clone, path, "a directory", "a file");
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            submodule(&clone, path);
            refused(&clone, path, "a submodule", "a file");
        }
    }

    #[test]
    fn a_file_that_is_there_is_kept_and_said() {
        let sandbox = Sandbox::new();
        let clone = nova_with(&sandbox, &[("rally-jobs/README.rst", "Ours.\n")]);
        let event = clone.rally(&["commit"]).ok("committed");
        let files = event["files"].as_array().expect("files");
        let readme = files
            .iter()
            .find(|f| f["path"] == "rally-jobs/README.rst")
            .expect("README");
        assert_eq!(readme["change"], "keep");
        assert_eq!(
            clone.git(&["show", "rally-perfscale:rally-jobs/README.rst"]),
            "Ours."
        );
    }
}

mod zuul {
    use super::*;

    #[test]
    fn not_yaml() {
        for (text, line) in [
            ("---\n- job: [\n", "line"),
            ("- project:\n    check:\n\tjobs: []\n", "line 3"),
            ("- job:\n    name: \"open\n", "line"),
            ("\u{1b}[31m: [}\n", "line 1"),
        ] {
            let sandbox = Sandbox::new();
            let clone = nova_with(&sandbox, &[(".zuul.yaml", text)]);
            for verb in ["commit", "diff"] {
                let said = clone.untouched(&[verb]).refused("zuul");
                says(&said, &["`.zuul.yaml`", line]);
            }
            clone.rally(&["commit", "--no-zuul"]).ok("committed");
        }
    }

    #[test]
    fn not_text() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        fs::write(
            clone.path.join(".zuul.yaml"),
            b"- job:\n    name: \xff\xfe\n",
        )
        .expect("file");
        clone.commit_upstream("Not UTF-8");
        let said = clone.untouched(&["commit"]).refused("zuul");
        says(&said, &["`.zuul.yaml`", "line 2", "UTF-8"]);
    }

    #[test]
    fn a_link() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        link(&clone, ".zuul.yaml", "/etc/hostname");
        clone.commit_upstream("A link");
        let said = clone.untouched(&["commit"]).refused("in-the-way");
        says(&said, &["`.zuul.yaml` is a symbolic link", "--no-zuul"]);
    }
}

mod names {
    use super::*;

    fn pyproject(name: &str) -> String {
        format!("[project]\nname = {name}\n")
    }

    fn distribution(name: &str) -> (Sandbox, PathBuf) {
        let sandbox = Sandbox::new();
        let text = pyproject(name);
        let path = sandbox.repository("r", &[("pyproject.toml", &text)]).path;
        (sandbox, path)
    }

    #[test]
    fn no_escape_sequence_reaches_the_terminal() {
        for name in [
            r#""nova\u001b[2Jx""#,
            r#""a\u009bb""#,
            r#""a\nb: committed""#,
            r#""a\u202eb""#,
            r#""a\u0007\u007f""#,
        ] {
            let (sandbox, path) = distribution(name);
            let clone = Clone {
                sandbox: &sandbox,
                path,
            };
            let said = clone.untouched(&["commit"]).refused("not-a-service");
            says(&said, &["pyproject.toml:2"]);
            for args in [
                &["commit"][..],
                &["detect"],
                &["commit", "--service", "nova"],
            ] {
                let ran = clone.rally_text(args);
                let text = format!("{}{}", ran.out, ran.err);
                let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
                assert!(!text.contains(bad), "{text:?}");
                assert!(!text.contains("\nb: committed"), "{text:?}");
            }
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        let (sandbox, path) = distribution(&format!("\"{}\"", "n".repeat(1_000_000)));
        let clone = Clone {
            sandbox: &sandbox,
            path,
        };
        let said = clone.untouched(&["commit"]).refused("not-a-service");
        says(&said, &["pyproject.toml:2", "nnnn"]);
        assert!(said.len() < 2_000, "{} bytes", said.len());
    }

    #[test]
    fn not_a_service_name() {
        for name in [
            r#""""#,
            r#""../../etc""#,
            r#""NOVA!""#,
            r#""nova x""#,
            "7",
            "[\"nova\"]",
        ] {
            let (sandbox, path) = distribution(name);
            let clone = Clone {
                sandbox: &sandbox,
                path,
            };
            let said = clone.untouched(&["commit"]).refused("not-a-service");
            says(
                &said,
                &[
                    "nothing says that it is an OpenStack service",
                    "--service NAME",
                ],
            );
        }
    }

    #[test]
    fn a_hostile_project_of_gitreview() {
        for project in [
            "openstack/../../x",
            "openstack/nova\u{1b}[31m",
            "openstack/nova;rm",
            &"p".repeat(100_000),
        ] {
            let sandbox = Sandbox::new();
            let text = format!("[gerrit]\nhost=h\nproject={project}\n");
            let clone = nova_with(&sandbox, &[(".gitreview", &text)]);
            let said = clone.untouched(&["commit"]).refused("undecided");
            says(&said, &[".gitreview:3"]);
            assert!(said.len() < 2_000, "{} bytes", said.len());
            let ran = clone.rally_text(&["detect"]);
            assert!(!ran.err.contains('\u{1b}'), "{:?}", ran.err);
        }
    }
}

mod identity {
    use super::*;

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
        says(&said, &["not guessed", "git config --global user.name"]);
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
                &[variable, "the day after tomorrow", "is not a date"],
            );
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
}

mod objects {
    use super::*;

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
}

mod signals {
    use super::*;

    #[test]
    fn malformed_files_are_named_with_their_line() {
        for (file, text, line) in [
            ("pyproject.toml", "[project]\nname = nova\n", 2),
            (
                "pyproject.toml",
                "[project]\nname = \"nova\"\nname = \"nova\"\n",
                3,
            ),
            ("setup.cfg", "[metadata]\nname = nova\nrubbish\n", 3),
            ("setup.cfg", "name = nova\n", 1),
        ] {
            let sandbox = Sandbox::new();
            let clone = nova_with(&sandbox, &[(file, text)]);
            for verb in ["detect", "commit"] {
                let said = clone.untouched(&[verb]).refused("undecided");
                says(&said, &[&format!("{file}:{line}: "), "--service NAME"]);
            }
        }
    }

    #[test]
    fn bytes_that_are_not_text() {
        for file in ["pyproject.toml", "setup.cfg"] {
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            fs::write(clone.path.join(file), b"[x]\ny = \xff\n").expect("file");
            clone.commit_upstream("Not UTF-8");
            let said = clone.untouched(&["commit"]).refused("undecided");
            says(&said, &[&format!("{file}:2: not UTF-8")]);
        }
    }

    #[test]
    fn contradictions() {
        for (file, text, words) in [
            (
                "pyproject.toml",
                "[project]\nname = \"glance\"\n",
                &["pyproject.toml:2", "glance", "`nova/`"][..],
            ),
            (
                ".gitreview",
                "[gerrit]\nproject=openstack/glance.git\n",
                &[".gitreview:2", "`glance`", "`nova`"],
            ),
            (
                "setup.cfg",
                "[metadata]\nname = cinder\n",
                &["setup.cfg:2", "cinder", "pyproject.toml"],
            ),
        ] {
            let sandbox = Sandbox::new();
            let clone = nova_with(&sandbox, &[(file, text)]);
            for verb in ["detect", "diff", "commit"] {
                let said = clone.untouched(&[verb]).refused("undecided");
                says(&said, &["disagree", "--service NAME"]);
                says(&said, words);
            }
        }
    }

    #[test]
    fn a_package_that_is_none() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["rm", "-rq", "nova"]);
        clone.commit_upstream("No package");
        let said = clone.untouched(&["commit"]).refused("undecided");
        says(&said, &["no package directory"]);
        link(&clone, "nova", "elsewhere");
        clone.commit_upstream("A link");
        clone.untouched(&["commit"]).refused("undecided");
    }

    #[test]
    fn other_kinds_of_repositories() {
        let project = |name: &str| format!("[gerrit]\nproject=openstack/{name}.git\n");
        let cfg = |name: &str| format!("[metadata]\nname = {name}\n");
        for (name, dist, taken_for) in [
            ("python-novaclient", "python-novaclient", "a client library"),
            ("openstacksdk", "openstacksdk", "an SDK"),
            ("nova-specs", "nova-specs", "a specification repository"),
            (
                "ironic-tempest-plugin",
                "ironic-tempest-plugin",
                "a Tempest plugin",
            ),
            ("heat-dashboard", "heat-dashboard", "a dashboard"),
            ("horizon", "horizon", "a dashboard"),
            ("networking-ovn", "networking-ovn", "a Neutron extension"),
            ("oslo.config", "oslo.config", "a library"),
            ("keystoneauth", "keystoneauth1", "a library"),
            (
                "ironic-python-agent",
                "ironic-python-agent",
                "an agent or a tool",
            ),
            ("kolla-ansible", "kolla-ansible", "a deployment repository"),
            ("puppet-nova", "puppet-nova", "a deployment repository"),
            (
                "project-config",
                "project-config",
                "a configuration repository",
            ),
        ] {
            let sandbox = Sandbox::new();
            let package = format!("{}/__init__.py", name.replace('-', "_"));
            let clone = sandbox.repository(
                "r",
                &[
                    (".gitreview", &project(name)),
                    ("setup.cfg", &cfg(dist)),
                    (&package, ""),
                ],
            );
            for verb in ["detect", "diff", "commit"] {
                let said = clone.untouched(&[verb]).refused("not-a-service");
                says(
                    &said,
                    &[
                        &format!("it is {taken_for}"),
                        ".gitreview:2",
                        "--service NAME",
                    ],
                );
            }
        }
    }

    /// A client keeps its kind even where a directory is called as the service is.
    #[test]
    fn a_directory_called_like_a_service_does_not_make_one() {
        let sandbox = Sandbox::new();
        let clone = sandbox.repository(
            "r",
            &[
                ("setup.cfg", "[metadata]\nname = nova-specs\n"),
                ("nova/__init__.py", ""),
            ],
        );
        let said = clone.untouched(&["commit"]).refused("not-a-service");
        says(&said, &["a specification repository", "setup.cfg:2"]);
        let sandbox = Sandbox::new();
        let clone = sandbox.repository(
            "charm",
            &[
                ("charmcraft.yaml", "name: nova\n"),
                ("README.rst", "nova\n"),
            ],
        );
        let said = clone.untouched(&["commit"]).refused("not-a-service");
        says(&said, &["a deployment repository", "charmcraft.yaml"]);
    }

    #[test]
    fn retired() {
        let sandbox = Sandbox::new();
        let clone = sandbox.repository(
            "r",
            &[
                (".gitreview", "[gerrit]\nproject=openstack/senlin.git\n"),
                ("README.rst", "This project is no longer maintained.\n"),
            ],
        );
        let said = clone.untouched(&["commit"]).refused("not-a-service");
        says(&said, &["retired", "README.rst:1", "--base REV"]);
    }

    #[test]
    fn nothing_at_all() {
        let sandbox = Sandbox::new();
        let clone = sandbox.repository("r", &[("main.c", "int main;\n")]);
        let said = clone.untouched(&["commit"]).refused("not-a-service");
        says(
            &said,
            &["nothing says", "git rally services", "--service NAME"],
        );
    }

    #[test]
    fn a_known_service_without_an_entry_names_scenarios_and_lines_to_write() {
        let sandbox = Sandbox::new();
        let clone = sandbox.repository(
            "r",
            &[
                (".gitreview", "[gerrit]\nproject=openstack/barbican.git\n"),
                ("setup.cfg", "[metadata]\nname = barbican\n"),
                ("barbican/__init__.py", ""),
            ],
        );
        for args in [
            &["detect"][..],
            &["diff"],
            &["commit"],
            &["commit", "--service", "barbican"],
        ] {
            let said = clone.untouched(args).refused("not-a-service");
            says(
                &said,
                &[
                    "`barbican`",
                    "BarbicanSecrets",
                    "DIR/barbican/service.yaml",
                    "--catalogue DIR",
                ],
            );
        }
    }

    #[test]
    fn an_unknown_service_is_a_usage_error() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        for name in ["nope", "../nova", "", "NOVA", "nova\u{1b}[31m"] {
            for args in [
                &["commit", "--service", name][..],
                &["detect", "--service", name],
                &["services", name],
                &["demo", name],
            ] {
                let ran = clone.untouched(args);
                says(ran.usage(), &["unknown service", "nova"]);
                assert!(!ran.err.contains('\u{1b}'), "{:?}", ran.err);
            }
        }
    }

    #[test]
    fn an_override_is_said() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("ironic");
        let event = clone
            .rally(&["commit", "--service", "nova"])
            .ok("committed");
        assert_eq!(event["service"], "nova");
        says(
            &event["notes"].to_string(),
            &["--service nova overrides", "`ironic`"],
        );
        let sandbox = Sandbox::new();
        let clone = nova_with(&sandbox, &[("setup.cfg", "rubbish\n")]);
        let event = clone
            .rally(&["commit", "--service", "nova"])
            .ok("committed");
        says(
            &event["notes"].to_string(),
            &["--service nova overrides", "setup.cfg:1"],
        );
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let event = clone
            .rally(&["commit", "--service", "nova"])
            .ok("committed");
        says(
            &event["notes"].to_string(),
            &["--service nova says what was detected"],
        );
    }
}

mod catalogue {
    use super::*;

    /// A folder `mine` with the built-in entry of nova, edited, as `NAME/service.yaml`.
    fn entry(sandbox: &Sandbox, name: &str, edit: impl Fn(String) -> String) {
        let ran = sandbox.rally(sandbox.dir.path(), &["services", "nova", "--yaml"]);
        let path = sandbox.path("mine").join(name).join("service.yaml");
        let text = edit(ran.out.clone());
        assert!(
            name != "nova" || text != ran.out,
            "the edit changes nothing"
        );
        write(&path, &text);
    }

    fn replace(from: &'static str, to: &'static str) -> impl Fn(String) -> String {
        move |text| text.replacen(from, to, 1)
    }

    fn says_of(edit: impl Fn(String) -> String, words: &[&str]) {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        entry(&sandbox, "nova", edit);
        for verb in ["commit", "diff", "detect"] {
            let said = clone.untouched(&[verb, "--catalogue", "../mine"]).failed();
            says(&said, &["mine/nova/service.yaml", "mend that file"]);
            says(&said, words);
        }
        // Another service is not affected by it.
        let other = sandbox.clone_of("ironic");
        other
            .rally(&["commit", "--catalogue", "../mine"])
            .ok("committed");
        // Nor is the list: the broken one fails, the others are there.
        let ran = sandbox.rally(
            sandbox.dir.path(),
            &["services", "--catalogue", "mine", "--format", "json"],
        );
        assert_eq!(ran.code, 1, "{ran:?}");
        let of = |kind: &str| (ran.out.lines().filter(|line| line.contains(kind))).count();
        assert_eq!(of("\"reason\":\"`mine/nova/service.yaml`"), 1, "{ran:?}");
        assert!(
            of("\"service\":\"ironic\"") == 1 && of("\"service\":\"nova\"") == 0,
            "{ran:?}"
        );
    }

    #[test]
    fn a_key_that_is_unknown() {
        says_of(replace("\ntitle:", "\ntitel:"), &["titel", "line"]);
    }

    #[test]
    fn a_key_that_is_missing() {
        says_of(
            |text| text.replacen("- scenario:", "- description: x\n        summary:", 1),
            &["subtasks[0].workloads[0]", "line"],
        );
        says_of(
            |text| {
                text.lines()
                    .filter(|l| !l.starts_with("kind:"))
                    .map(|l| format!("{l}\n"))
                    .collect()
            },
            &["kind"],
        );
    }

    #[test]
    fn a_number_that_is_none_or_makes_no_sense() {
        says_of(
            |text| with_line(&text, "times:", "times: many"),
            &["times", "line"],
        );
        says_of(
            |text| with_line(&text, "times:", "times: -1"),
            &["times", "line"],
        );
        says_of(
            |text| with_line(&text, "times:", "times: 0"),
            &["`subtasks[0].workloads[0].load`"],
        );
        says_of(
            |text| with_line(&text, "timeout:", "timeout: 99999"),
            &["`job.timeout`", "99999"],
        );
    }

    /// Returns the text with the first `key` of it, and its value, replaced.
    fn with_line(text: &str, key: &str, new: &str) -> String {
        let at = text.find(key).expect("the key");
        let end = at + text[at..].find(['\n', ',', '}']).expect("an end");
        format!("{}{new}{}", &text[..at], &text[end..])
    }

    #[test]
    fn a_plugin_that_is_not_there() {
        let plugin = "\nplugins:\n  - file: missing.py\n    purpose: Nothing.\n";
        says_of(
            |text| format!("{text}{plugin}"),
            &["`plugins`", "plugins/missing.py"],
        );
        let plugin = "\nplugins:\n  - file: ../../x.py\n    purpose: Nothing.\n";
        says_of(
            |text| format!("{text}{plugin}"),
            &["`plugins`", "../../x.py", "plain file name"],
        );
    }

    #[test]
    fn not_yaml() {
        says_of(|_| "service: [nova\n".to_owned(), &["line"]);
        says_of(|_| String::new(), &["service.yaml"]);
    }

    #[test]
    fn a_name_that_is_not_its_folders_or_not_a_services() {
        says_of(
            replace("service: nova", "service: nova2"),
            &["`service`", "nova2"],
        );
        for name in ["Nova", "no_va", "nova x", "n\u{1b}"] {
            let sandbox = Sandbox::new();
            entry(&sandbox, name, |text| text);
            let ran = sandbox.rally(sandbox.dir.path(), &["services", "--catalogue", "mine"]);
            assert_eq!(ran.code, 1, "{ran:?}");
            says(&ran.err, &["not a service name", "service.yaml"]);
            assert!(!ran.err.contains('\u{1b}'), "{ran:?}");
            says(&ran.out, &["nova", "ironic"]);
        }
    }

    #[test]
    fn a_folder_that_is_not_there() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        for dir in ["nowhere", "setup.py"] {
            let ran = clone.untouched(&["commit", "--catalogue", dir]);
            says(ran.usage(), &["--catalogue", dir, "not a folder"]);
        }
    }

    #[test]
    fn a_good_entry_of_ones_own_is_used() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        entry(&sandbox, "nova", replace("title: Nova", "title: Supernova"));
        clone
            .rally(&["commit", "--catalogue", "../mine"])
            .ok("committed");
        assert_eq!(
            clone.git(&["log", "-1", "--format=%s", "rally-perfscale"]),
            "Add Rally performance tests for Supernova"
        );
    }
}
