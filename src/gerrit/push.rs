//! The one push, by the user's own git, and what Gerrit answers.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// What to push.
#[derive(Clone, Copy, Debug)]
pub struct Push<'a> {
    /// The user's git: a name to be found in `PATH`, or a path.
    pub git: &'a str,
    /// The top of the work tree, or a bare repository.
    pub dir: &'a Path,
    /// The name of a remote that is there.
    pub remote: &'a str,
    /// As [`super::refspec`] makes it, with `refs/heads/BRANCH` for its source.
    pub refspec: &'a str,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// What Gerrit said.
    pub answer: Answer,
    /// What git printed for people, line by line.
    pub lines: Vec<String>,
}

/// What Gerrit said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The push was taken; the changes that Gerrit names.
    Done(Vec<Change>),
    /// Gerrit has this very commit.
    NoNewChanges,
    /// Gerrit, or a hook there, refused.
    Rejected(String),
    /// Nothing was sent: a hook here, or git itself, refused.
    NotSent(String),
    /// No connection, or no access.
    Unreachable(String),
}

/// A change as Gerrit names it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// Where it is.
    pub url: String,
    /// Its subject, with what Gerrit puts behind it: `Add tests [NEW]`.
    pub title: String,
}

/// A git that does not run.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// It does not start, or its output breaks off.
    #[error("cannot run `{git}`")]
    Run {
        /// The program.
        git: String,
        /// Why.
        source: io::Error,
    },
}

/// Runs `git push`, gives `show` every line that it prints for people as it comes, and returns
/// what Gerrit said. Hooks, ssh and credentials are the user's own.
pub fn push(push: &Push, show: &mut dyn FnMut(&str)) -> Result<Pushed, PushError> {
    let failed = |source| PushError::Run {
        git: push.git.to_owned(),
        source,
    };
    let mut child = command(push).spawn().map_err(failed)?;
    let stdout = child.stdout.take();
    let report = thread::spawn(move || read_all(stdout));
    let mut lines = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        for_each_line(stderr, |line| {
            show(&line);
            lines.push(line);
        })
        .map_err(failed)?;
    }
    let report = report
        .join()
        .unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
    let report = report.map_err(failed)?;
    let status = child.wait().map_err(failed)?;
    Ok(Pushed {
        answer: classify(status.code(), &report, &lines),
        lines,
    })
}

/// Returns what Gerrit said, from git's exit code, what `--porcelain` printed, and the lines
/// for people.
///
/// Git's own words are translated, so only its signs and codes count; Gerrit speaks English.
pub fn classify(code: Option<i32>, report: &str, lines: &[String]) -> Answer {
    let row = report.lines().find_map(Row::of);
    match row {
        Some(row) if row.sign == '!' => rejected(&row, lines),
        Some(row) if row.sign == '=' => Answer::NoNewChanges,
        Some(_) if code == Some(0) => Answer::Done(changes(lines)),
        // Git dies with 128 when there is nobody to talk to, and leaves with 1 when it, or
        // the pre-push hook, does not want to.
        _ if code == Some(1) => Answer::NotSent(last_words(lines)),
        _ => match not_let_in(lines) {
            Some(why) => Answer::Rejected(why),
            None => Answer::Unreachable(last_words(lines)),
        },
    }
}

/// Returns what Gerrit says by ssh to who has agreed to nothing, or may push nowhere in the project: it
/// then does not let git in at all (`AsyncReceiveCommits.canUpload`). By http it says 403, and nothing
/// else reaches git.
fn not_let_in(lines: &[String]) -> Option<String> {
    let mut said = lines.iter().filter_map(|line| line.strip_prefix("fatal: "));
    let is_reason = |text: &&str| {
        text.contains("Contributor Agreement") || text.starts_with("Upload denied for project")
    };
    said.find(is_reason).map(str::to_owned)
}

/// Variables that bind git to a repository: this push finds its own (`git rev-parse
/// --local-env-vars`). Those that hold configuration stay: they are the user's `git -c`.
const BINDING: [&str; 12] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

fn command(push: &Push) -> Command {
    let mut command = Command::new(push.git);
    command
        .current_dir(push.dir)
        .args(["push", "--porcelain", "--no-follow-tags", "--"])
        .args([push.remote, push.refspec])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in BINDING {
        command.env_remove(name);
    }
    command
}

fn read_all(stream: Option<impl Read>) -> io::Result<String> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        stream.read_to_end(&mut bytes)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn for_each_line(stream: impl Read, mut then: impl FnMut(String)) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        // Gerrit counts in one line: each state takes the place of the last.
        let states = bytes.split(|byte| *byte == b'\r');
        let mut states = states.map(|state| String::from_utf8_lossy(state.trim_ascii_end()));
        let last = states.rfind(|state| !state.is_empty() && state != "remote:");
        let whole = String::from_utf8_lossy(bytes.trim_ascii_end()).into_owned();
        then(last.map_or(whole, |last| last.into_owned()));
        bytes.clear();
    }
    Ok(())
}

/// A line of `git push --porcelain`: sign, tab, references, tab, summary.
struct Row<'a> {
    sign: char,
    summary: &'a str,
}

impl Row<'_> {
    fn of(line: &str) -> Option<Row<'_>> {
        let mut parts = line.splitn(3, '\t');
        let (sign, names, summary) = (parts.next()?, parts.next()?, parts.next()?);
        let mut signs = sign.chars();
        let sign = signs.next().filter(|_| signs.next().is_none())?;
        names.contains(":refs/").then_some(Row { sign, summary })
    }
}

fn rejected(row: &Row, lines: &[String]) -> Answer {
    let reason = row
        .summary
        .split_once(" (")
        .map_or(row.summary, |(_, rest)| rest);
    let reason = reason.strip_suffix(')').unwrap_or(reason);
    if reason.contains("no new changes") {
        return Answer::NoNewChanges;
    }
    // "[remote rejected]" against git's own "[rejected]", neither of which is translated there.
    if !row.summary.starts_with("[remote") {
        return Answer::NotSent(reason.to_owned());
    }
    let mut whole = reason.to_owned();
    for error in lines
        .iter()
        .filter_map(|line| remote_says(line)?.strip_prefix("ERROR: "))
    {
        if !whole.contains(error) {
            whole.push_str(&format!("; {error}"));
        }
    }
    Answer::Rejected(whole)
}

/// Returns what the other side says in a line, without git's prefix.
fn remote_says(line: &str) -> Option<&str> {
    line.strip_prefix("remote:").map(str::trim)
}

fn changes(lines: &[String]) -> Vec<Change> {
    let said = lines.iter().filter_map(|line| remote_says(line));
    said.filter(|text| text.starts_with("https://") || text.starts_with("http://"))
        .map(|text| text.split_once(' ').unwrap_or((text, "")))
        .map(|(url, title)| Change {
            url: url.to_owned(),
            title: title.trim().to_owned(),
        })
        .collect()
}

/// Returns the lines that say why, the ones of git's own advice aside.
fn last_words(lines: &[String]) -> String {
    let said = lines
        .iter()
        .filter(|line| !line.is_empty() && !line.starts_with("hint:"));
    let said: Vec<&str> = said.map(String::as_str).collect();
    let last = said.len().saturating_sub(4);
    said[last..].join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(code: i32, report: &str, lines: &[&str]) -> Answer {
        let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        classify(Some(code), report, &lines)
    }

    const NAMES: &str = "refs/heads/b:refs/for/master%topic=t";

    #[test]
    fn the_child_is_bound_to_no_repository_and_takes_no_option_from_a_name() {
        let push = Push {
            git: "git",
            dir: Path::new("/x"),
            remote: "r",
            refspec: "a:b",
        };
        let command = command(&push);
        let removed = command.get_envs().filter(|(_, value)| value.is_none());
        let removed: Vec<_> = removed.filter_map(|(name, _)| name.to_str()).collect();
        assert_eq!(removed, BINDING);
        let words: Vec<_> = command
            .get_args()
            .filter_map(|word| word.to_str())
            .collect();
        assert_eq!(words[words.len() - 3..], ["--", "r", "a:b"]);
    }

    #[test]
    fn a_taken_push_has_its_urls() {
        let report = format!("To ssh://g/p\n*\t{NAMES}\t[new reference]\nDone\n");
        let lines = [
            "remote: Processing changes: new: 1, done",
            "remote: SUCCESS",
            "remote:   https://review.opendev.org/c/openstack/nova/+/1 Add tests [NEW]",
            "remote:",
        ];
        let change = Change {
            url: "https://review.opendev.org/c/openstack/nova/+/1".to_owned(),
            title: "Add tests [NEW]".to_owned(),
        };
        assert_eq!(answer(0, &report, &lines), Answer::Done(vec![change]));
        assert_eq!(answer(0, &report, &[]), Answer::Done(vec![]));
    }

    #[test]
    fn of_a_line_that_counts_the_last_state_is_shown() {
        let said = b"remote: \rremote: refs: 1        \rremote: refs: 1, done        \nremote: \nfatal: x\r\n";
        let mut lines = Vec::new();
        for_each_line(&said[..], |line| lines.push(line)).expect("lines");
        assert_eq!(lines, ["remote: refs: 1, done", "remote:", "fatal: x"]);
    }

    #[test]
    fn refusals_are_told_apart() {
        let row = |summary| format!("To ssh://g/p\n!\t{NAMES}\t{summary}\nDone\n");
        assert_eq!(
            answer(1, &row("[remote rejected] (no new changes)"), &[]),
            Answer::NoNewChanges
        );
        let error = "remote: ERROR: commit 1: missing Change-Id in message footer";
        let reason = "[remote rejected] (commit 1: missing Change-Id in message footer)";
        assert_eq!(
            answer(1, &row(reason), &[error]),
            Answer::Rejected("commit 1: missing Change-Id in message footer".to_owned())
        );
        assert_eq!(
            answer(
                1,
                &row("[remote rejected] (internal (x) error)"),
                &["remote: ERROR: full"]
            ),
            Answer::Rejected("internal (x) error; full".to_owned())
        );
        assert_eq!(
            answer(1, &row("[rejected] (non-fast-forward)"), &[]),
            Answer::NotSent("non-fast-forward".to_owned())
        );
    }

    #[test]
    fn a_push_that_does_not_arrive_is_no_refusal_of_gerrit() {
        let lines = ["ssh: no route", "fatal: no remote", "", "hint: check it"];
        assert_eq!(
            answer(128, "", &lines),
            Answer::Unreachable("ssh: no route; fatal: no remote".to_owned())
        );
        assert_eq!(
            answer(1, "", &["error: x"]),
            Answer::NotSent("error: x".to_owned())
        );
        assert_eq!(classify(None, "", &[]), Answer::Unreachable(String::new()));
        for reason in [
            "No Contributor Agreement on file for user Jane",
            "Upload denied for project 'nova'",
        ] {
            let lines = [&format!("fatal: {reason}"), "fatal: Could not read"];
            assert_eq!(answer(128, "", &lines), Answer::Rejected(reason.to_owned()));
        }
    }
}
