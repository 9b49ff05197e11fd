//! The push itself, on a library call, to the stand-in for Gerrit; `tests/online` has git-review.
use git_rally::files::FileMap;
use git_rally::gerrit::{
    Answer, CloneFacts, Push, PushOptions, Pushed, Steps, push, refspec, steps,
};
use git_rally::git::CommitMsgHook;
use git_rally::gitreview::GitReview;

use crate::support::files::write_program;
use crate::support::{Gerrit, JANE, Repo};

const ID: &str = "I0123456789abcdef0123456789abcdef01234567";
const GITREVIEW: &str =
    "[gerrit]\nhost=review.example.org\nport=29418\nproject=openstack/service.git\n";

/// A Gerrit, and a clone of it with the branch `rally-perfscale` and a work tree in use.
struct World {
    gerrit: Gerrit,
    clone: Repo,
}

fn world(message: &str) -> World {
    let clone = Repo::new();
    clone.write(".gitreview", GITREVIEW.as_bytes());
    clone.git(&["add", "."]);
    clone.git(&["commit", "-q", "-m", "base"]);
    let gerrit = Gerrit::with(clone.path(), "master");
    let world = World { gerrit, clone };
    world.commit("master", message, "one\n");
    world
}

impl World {
    /// Puts a commit on the branch without a checkout, as the tool does.
    fn commit(&self, base: &str, message: &str, content: &str) -> String {
        let clone = &self.clone;
        let run = |args: &[&str], input: &str| {
            let printed = clone.git_text(args, input.as_bytes());
            printed.trim_end().to_owned()
        };
        let blob = run(&["hash-object", "-w", "--stdin"], content);
        let base_tree = clone.git(&["ls-tree", "master"]);
        let entries = format!("{base_tree}\n100644 blob {blob}\ttask.yaml\n");
        let tree = run(&["mktree"], &entries);
        let commit = run(&["commit-tree", &tree, "-p", base], message);
        clone.git(&["update-ref", "refs/heads/rally-perfscale", &commit]);
        commit
    }

    fn with_remote(self) -> World {
        let path = self.gerrit.path().display().to_string();
        self.clone.git(&["remote", "add", "gerrit", &path]);
        self
    }

    fn push(&self, options: &PushOptions) -> Pushed {
        let refspec = refspec("refs/heads/rally-perfscale", "master", options);
        let git = self.git_alone();
        let what = Push {
            git: &git,
            dir: self.clone.path(),
            remote: "gerrit",
            refspec: &refspec,
        };
        let mut shown = Vec::new();
        let pushed = push(&what, &mut |line| shown.push(line.to_owned())).expect("a value");
        assert_eq!(shown, pushed.lines);
        pushed
    }

    /// A git that sees the sandbox and not whoever runs the tests.
    fn git_alone(&self) -> String {
        let variables = self.clone.sandbox.env.iter();
        let variables: String = variables
            .map(|(key, value)| format!(" '{key}={value}'"))
            .collect();
        let file = self.clone.path().join(".git/git-alone");
        write_program(
            &file,
            &format!("#!/bin/sh\nexec env -i{variables} git \"$@\"\n"),
        );
        file.display().to_string()
    }

    fn facts(&self) -> CloneFacts {
        let head = self.clone.git(&["branch", "--show-current"]);
        let remotes = self.clone.git(&["remote"]);
        let target = ["rev-parse", "-q", "--verify", "refs/remotes/gerrit/master"];
        CloneFacts {
            bare: false,
            head: Some(head).filter(|name| !name.is_empty()),
            dirty: !self
                .clone
                .git(&["status", "--porcelain", "-uno"])
                .is_empty(),
            remotes: remotes.lines().map(str::to_owned).collect(),
            push_url: false,
            fetched: self.clone.try_git(&target, b"").status.success(),
            hook: CommitMsgHook::Absent,
            user: "me".to_owned(),
        }
    }

    fn steps(&self, options: &PushOptions) -> Steps {
        let read = GitReview::read(&FileMap::of([(".gitreview", GITREVIEW)])).expect("a value");
        let review = read.settings(&|_| None).expect("a value");
        steps(&review, &self.facts(), "rally-perfscale", options).expect("a value")
    }

    /// Types the steps into a shell.
    fn follow(&self, steps: &Steps) {
        for line in steps.lines(".") {
            let output = self.clone.sandbox.shell(self.clone.path(), &line);
            assert!(output.status.success(), "{line}: {output:?}");
        }
    }
}

fn message(footer: &str) -> String {
    format!("Add Rally performance tests\n\nBody.\n\n{footer}\n")
}

fn good() -> String {
    message(&format!("Change-Id: {ID}\nSigned-off-by: {JANE}"))
}

fn topic() -> PushOptions {
    PushOptions {
        topic: Some("rally-perfscale".parse().expect("a value")),
        ..PushOptions::default()
    }
}

#[test]
fn a_change_is_taken_and_then_its_next_patch_set() {
    let world = world(&good()).with_remote();
    world.clone.write("unfinished", b"work\n");
    world.clone.git(&["add", "unfinished"]);
    let Answer::Done(changes) = world.push(&topic()).answer else {
        panic!("not taken");
    };
    assert_eq!(changes[0].url, "https://review.example.org/c/project/+/1");
    assert_eq!(changes[0].title, "Add Rally performance tests [NEW]");
    assert_eq!(world.push(&topic()).answer, Answer::NoNewChanges);

    let second = world.commit("master", &good(), "two\n");
    let options = PushOptions {
        wip: true,
        reviewers: vec!["r@example.org".parse().expect("a value")],
        hashtags: vec!["perf".parse().expect("a value")],
        ..topic()
    };
    let Answer::Done(changes) = world.push(&options).answer else {
        panic!("not taken");
    };
    assert_eq!(changes[0].title, "Add Rally performance tests [WIP]");
    let sets = world.gerrit.patch_sets();
    assert_eq!(sets[1], format!("01/1/2 {second}"));
    assert_eq!(sets.len(), 2);
    assert_eq!(
        world.gerrit.pushes()[2],
        format!("master topic=rally-perfscale,t=perf,r=r@example.org,wip {second}")
    );
}

#[test]
fn what_gerrit_refuses_is_told_with_its_reason() {
    let sign_off = &format!("Signed-off-by: {JANE}");
    let cases = [
        (message(sign_off), "missing Change-Id in message footer"),
        (
            message(&format!("Change-Id: {ID}\nChange-Id: {ID}\n{sign_off}")),
            "multiple Change-Id lines in message footer",
        ),
        (
            message(&format!("Change-Id: x\n{sign_off}")),
            "invalid Change-Id line format in message footer",
        ),
        (
            message(&format!("Change-Id: {ID}\n\n{sign_off}")),
            "Change-Id must be in message footer",
        ),
        (
            message(&format!(
                "Change-Id: {ID}\nSigned-off-by: B <b@example.org>"
            )),
            "not Signed-off-by author/committer/uploader in message footer",
        ),
    ];
    for (text, reason) in cases {
        let world = world(&text).with_remote();
        let Answer::Rejected(said) = world.push(&topic()).answer else {
            panic!("not rejected: {text}");
        };
        assert!(said.ends_with(reason), "{said}");
        assert_eq!(world.gerrit.patch_sets(), Vec::<String>::new());
    }
}

#[test]
fn two_commits_and_unknown_branches_are_refused() {
    let world = world(&good()).with_remote();
    world.commit("rally-perfscale", &good(), "two\n");
    let Answer::Rejected(said) = world.push(&topic()).answer else {
        panic!("not rejected");
    };
    assert_eq!(said, "2 commits where one is expected");
    let refspec = refspec("refs/heads/rally-perfscale", "stable/x", &topic());
    let what = Push {
        git: &world.git_alone(),
        dir: world.clone.path(),
        remote: "gerrit",
        refspec: &refspec,
    };
    let answer = push(&what, &mut |_| {}).expect("a value").answer;
    assert_eq!(
        answer,
        Answer::Rejected("branch stable/x not found".to_owned())
    );
}

#[test]
fn no_connection_is_not_a_refusal() {
    let world = world(&good());
    let push = |world: &World| world.push(&topic()).answer;
    assert!(matches!(push(&world), Answer::Unreachable(said) if said.contains("gerrit")));
    world
        .clone
        .git(&["remote", "add", "gerrit", "/nonexistent/x.git"]);
    assert!(matches!(push(&world), Answer::Unreachable(_)));
    world
        .clone
        .git(&["remote", "set-url", "gerrit", "ssh://127.0.0.1:1/x.git"]);
    assert!(matches!(push(&world), Answer::Unreachable(_)));
}

#[test]
fn the_users_own_hook_can_stop_the_push() {
    let world = world(&good()).with_remote();
    write_program(
        &world.clone.path().join(".git/hooks/pre-push"),
        "#!/bin/sh\necho not today >&2\nexit 1\n",
    );
    let Answer::NotSent(said) = world.push(&topic()).answer else {
        panic!("sent");
    };
    assert!(said.contains("not today"), "{said}");
    assert_eq!(world.gerrit.pushes(), Vec::<String>::new());
}

#[test]
fn a_git_that_is_not_there_is_an_error() {
    let world = world(&good());
    let what = Push {
        git: "/nonexistent/git",
        dir: world.clone.path(),
        remote: "gerrit",
        refspec: "a:b",
    };
    let error = push(&what, &mut |_| {}).expect_err("no git");
    assert_eq!(error.to_string(), "cannot run `/nonexistent/git`");
}

#[test]
fn the_one_push_line_is_taken_from_a_dirty_clone() {
    let world = world(&good()).with_remote();
    world.clone.write(".gitreview", b"changed\n");
    let steps = world.steps(&topic());
    assert_eq!(steps.lines(".").len(), 1);
    world.follow(&steps);
    assert_eq!(world.gerrit.patch_sets().len(), 1);
    assert_eq!(world.clone.git(&["status", "--porcelain"]), " M .gitreview");
}
