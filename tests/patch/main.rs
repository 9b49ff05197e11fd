//! Diffs and mails against the real `git diff`, `git format-patch` and `git am`.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

mod diffs;
mod laws;
mod mails;
mod output;
#[path = "../support/mod.rs"]
mod support;

use std::rc::Rc;

use git_rally::change::{ChangeSet, FileChange, Reason};
use git_rally::git;
use git_rally::patch::{self, Mail};
use support::Repo;

/// A commit to be: what the mail says, and the files.
#[derive(Clone, Debug)]
struct Case {
    name: String,
    email: String,
    seconds: i64,
    offset: i32,
    message: String,
    change: ChangeSet,
}

impl Default for Case {
    fn default() -> Case {
        Case {
            name: "A U Thor".to_owned(),
            email: "author@example.org".to_owned(),
            seconds: 1_750_000_000,
            offset: 120,
            message: "Add Rally performance tests\n\nBody.\n\nSigned-off-by: A U Thor <author@example.org>\n"
                .to_owned(),
            change: change(&[("rally-jobs/README.rst", None, Some("Rally\n=====\n"))]),
        }
    }
}

/// Path, content before, content after.
type File<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

fn change(files: &[File]) -> ChangeSet {
    let bytes = |text: Option<&str>| text.map(|text| text.as_bytes().to_vec());
    let files = files.iter().map(|(path, before, after)| {
        let file = FileChange {
            before: bytes(*before),
            after: bytes(*after),
            mode: 0o100_644,
            reason: Reason::New,
        };
        ((*path).to_owned(), file)
    });
    ChangeSet(files.collect())
}

/// The commit with its base below, in a repository of git's own making.
struct Real {
    repo: Rc<Repo>,
    commit: String,
}

impl Real {
    fn of(case: &Case) -> Real {
        Real::on(&Rc::new(Repo::new()), case)
    }

    /// The same, in place of what was there.
    fn on(repo: &Rc<Repo>, case: &Case) -> Real {
        let mut stream = b"reset refs/heads/master\n".to_vec();
        add_commit(&mut stream, case, "base\n", |file| file.before.as_ref());
        stream.extend(b"M 100644 inline other\ndata 6\nother\n\n");
        add_commit(&mut stream, case, &case.message, |file| file.after.as_ref());
        repo.git_bytes(&["fast-import", "--quiet", "--force"], &stream);
        let commit = repo.git(&["rev-parse", "master"]).trim().to_owned();
        let repo = Rc::clone(repo);
        Real { repo, commit }
    }

    fn mail(&self) -> Vec<u8> {
        let args = [
            "format-patch",
            "-1",
            "--stdout",
            "--full-index",
            "--no-signature",
            &self.commit,
        ];
        self.repo.git_bytes(&args, b"")
    }

    fn diff(&self) -> Vec<u8> {
        self.repo.git_bytes(
            &["diff", "--full-index", "--no-renames", "master~1", "master"],
            b"",
        )
    }

    /// Applies a mail to the base and returns what came of it: tree, author, date, message.
    fn am(&self, mail: &[u8]) -> String {
        self.try_am(mail).expect("`git am` to take the mail")
    }

    fn try_am(&self, mail: &[u8]) -> Option<String> {
        let base = ["checkout", "-q", "-f", "--detach", "master~1"];
        self.repo.git(&base);
        self.repo.try_git(&["am", "--quit"], b"");
        let done = self.repo.try_git(&["am", "-q", "--keep-cr"], mail);
        done.status.success().then(|| self.described("HEAD"))
    }

    fn described(&self, rev: &str) -> String {
        let format = "--format=%T%n%an%n%ae%n%ad%n%B";
        let args = ["log", "-1", "--date=raw", format, rev];
        self.repo.git_text(&args, b"")
    }
}

fn add_commit(
    stream: &mut Vec<u8>,
    case: &Case,
    message: &str,
    side: fn(&FileChange) -> Option<&Vec<u8>>,
) {
    let Case {
        name,
        email,
        seconds,
        ..
    } = case;
    let zone = zone(case.offset);
    let head = format!(
        "commit refs/heads/master\nauthor {name} <{email}> {seconds} {zone}\n\
         committer C <c@example.org> 1750000001 +0000\ndata {}\n{message}\n",
        message.len()
    );
    stream.extend(head.into_bytes());
    for (path, file) in &case.change.0 {
        let path = path
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n");
        match side(file) {
            Some(bytes) => {
                let head = format!(
                    "M {:o} inline \"{path}\"\ndata {}\n",
                    file.mode,
                    bytes.len()
                );
                stream.extend(head.into_bytes());
                stream.extend(bytes);
                stream.push(b'\n');
            }
            None => stream.extend(format!("D \"{path}\"\n").into_bytes()),
        }
    }
}

fn zone(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    format!("{sign}{:02}{:02}", offset.abs() / 60, offset.abs() % 60)
}

fn our_mail(case: &Case, commit: &str) -> Vec<u8> {
    let mail = Mail {
        commit,
        name: &case.name,
        email: &case.email,
        seconds: case.seconds,
        offset: case.offset,
        message: &case.message,
    };
    patch::mail(&mail, &git::diff(&case.change).unwrap()).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The mail and the diff are git's, and `git am` gives back what was in the commit.
fn check(case: &Case) {
    let real = compare(case);
    let mail = our_mail(case, &real.commit);
    assert_eq!(real.am(&mail), real.described("master"), "{case:?}");
}

/// The mail and the diff are git's.
fn compare(case: &Case) -> Real {
    let real = Real::of(case);
    let mail = our_mail(case, &real.commit);
    assert_eq!(text(&mail), text(&real.mail()), "{case:?}");
    assert_eq!(mail, real.mail());
    let diff = git::diff(&case.change).unwrap();
    assert_eq!(text(&patch::unified(&diff)), text(&real.diff()));
    real
}

fn many(count: usize) -> String {
    (0..count).map(|n| format!("line {n}\n")).collect()
}
