//! What `git gc` does at the same time takes nothing of the commit away: as with git's own objects.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use crate::support::{Child, Clone, Command, Ran, Sandbox, says};

const BRANCH: &str = "rally-perfscale";

/// Makes the objects of the commit lie in a cruft pack only, as old as if they were about to expire:
/// the branch was made long ago, and deleted.
fn in_a_cruft_pack(clone: &Clone<'_>) -> String {
    clone.rally(&["commit"]).ok("committed");
    let commit = clone.git(&["rev-parse", BRANCH]);
    clone.git(&["branch", "-q", "-D", BRANCH]);
    clone.git(&["reflog", "expire", "--expire=now", "--all"]);
    let long_ago = SystemTime::now() - Duration::from_secs(90 * 24 * 3600);
    for file in clone.objects() {
        let file = fs::File::open(clone.path.join(".git/objects").join(&file));
        let file = file.expect("an object");
        file.set_modified(long_ago).expect("its time");
    }
    clone.git(&["repack", "-q", "-d", "--cruft"]);
    let loose = clone.git(&["count-objects"]);
    assert!(loose.starts_with("0 objects"), "{loose}");
    assert_eq!(clone.git(&["cat-file", "-t", &commit]), "commit");
    commit
}

/// A `git gc` that waits after it has packed, before it drops old packs: for the file `go`.
struct SlowGc {
    child: Child,
    dir: PathBuf,
}

impl SlowGc {
    /// Starts it, and returns when it has packed what is reachable (`packs` 1) or the rest, too (2).
    fn start(clone: &Clone<'_>, packs: usize) -> SlowGc {
        let dir = clone.sandbox.path("slow");
        fs::create_dir_all(&dir).expect("folder");
        for file in ["packed", "go"] {
            drop(fs::remove_file(dir.join(file)));
        }
        let real = clone.git(&["--exec-path"]);
        let script = format!(
            "#!/bin/sh\n\
             export GIT_EXEC_PATH='{real}'\n\
             case \"$1\" in repack) export GIT_EXEC_PATH='{dir}';; esac\n\
             '{real}/git' \"$@\"; code=$?\n\
             case \"$1\" in pack-objects)\n\
             \techo x >> '{dir}/packed'\n\
             \tif [ $(wc -l < '{dir}/packed') -ge {packs} ]; then\n\
             \t\tn=0; while [ ! -e '{dir}/go' ] && [ $n -lt 600 ]; do n=$((n+1)); sleep 0.05; done\n\
             \tfi;;\n\
             esac\nexit $code\n",
            dir = dir.display()
        );
        let file = dir.join("git");
        fs::write(&file, script).expect("script");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("mode");
        let mut gc = clone.sandbox.command(format!("{real}/git"), &clone.path);
        gc.env("GIT_EXEC_PATH", &dir)
            .args(["gc", "-q", "--cruft", "--prune=2.weeks.ago"])
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        let slow = SlowGc {
            child: gc.spawn().expect("git runs"),
            dir,
        };
        let end = Instant::now() + Duration::from_secs(60);
        while slow.packed() < packs {
            assert!(Instant::now() < end, "gc packs {} times", slow.packed());
            std::thread::sleep(Duration::from_millis(5));
        }
        slow
    }

    fn packed(&self) -> usize {
        let text = fs::read_to_string(self.dir.join("packed")).unwrap_or_default();
        text.lines().count()
    }

    fn finish(mut self) {
        fs::write(self.dir.join("go"), "").expect("go");
        assert!(self.child.wait().expect("gc ends").success());
    }
}

/// Returns whether all that the branch reaches is there.
fn is_whole(clone: &Clone<'_>, branch: &str) -> bool {
    let mut walk = clone.sandbox.command("git", &clone.path);
    walk.args(["rev-list", "--objects", "--quiet", branch]);
    walk.stderr(Stdio::null());
    walk.status().expect("git runs").success()
}

/// Makes the commit with git alone, from the same objects: the files of the lost commit.
fn by_git(clone: &Clone<'_>, files: &Path, name: &str) {
    let index = clone.sandbox.path("by-git-index");
    drop(fs::remove_file(&index));
    let run = |args: &[&str]| {
        let mut git: Command = clone.sandbox.command("git", &clone.path);
        git.env("GIT_INDEX_FILE", &index)
            .env("GIT_WORK_TREE", files);
        git.env("GIT_DIR", clone.path.join(".git"));
        let output = git.args(args).output().expect("git runs");
        assert!(output.status.success(), "{args:?}: {output:?}");
        String::from_utf8(output.stdout)
            .expect("UTF-8")
            .trim_end()
            .to_owned()
    };
    run(&["read-tree", "origin/master"]);
    run(&["add", "-A", "."]);
    let tree = run(&["write-tree"]);
    let commit = run(&["commit-tree", "-p", "origin/master", "-m", "By git", &tree]);
    run(&["update-ref", &format!("refs/heads/{name}"), &commit]);
}

#[derive(Clone, Copy)]
enum Maker {
    GitRally,
    Git,
}

/// gc is stopped at both moments that matter. Returns how many of `rounds` lost objects; the other
/// maker writes none, since the objects are the same ones.
fn losses(maker: Maker, rounds: usize) -> usize {
    let mut lost = 0;
    for round in 0..rounds {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let commit = in_a_cruft_pack(&clone);
        let files = sandbox.path("files");
        fs::create_dir(&files).expect("folder");
        let archive = format!("git archive {commit} | tar -x -C '{}'", files.display());
        let mut sh = sandbox.command("sh", &clone.path);
        assert!(sh.args(["-c", &archive]).status().expect("sh").success());
        let gc = SlowGc::start(&clone, 1 + round % 2);
        match maker {
            Maker::GitRally => drop(clone.rally(&["commit"]).ok("committed")),
            Maker::Git => by_git(&clone, &files, BRANCH),
        }
        gc.finish();
        lost += usize::from(!is_whole(&clone, BRANCH));
    }
    lost
}

#[test]
fn a_slow_gc_with_the_objects_in_a_cruft_pack() {
    assert_eq!(losses(Maker::Git, 2), 0, "git");
    assert_eq!(losses(Maker::GitRally, 4), 0, "git-rally");
}

/// The same objects, written by git-rally alone, while gc runs as fast as it does.
#[test]
fn a_gc_at_the_same_moment() {
    for round in 0..4 {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        in_a_cruft_pack(&clone);
        let mut gc = sandbox.command("git", &clone.path);
        gc.args(["gc", "-q", "--cruft", "--prune=2.weeks.ago"]);
        let mut gc = gc.spawn().expect("git runs");
        std::thread::sleep(Duration::from_millis(10 * round));
        clone.rally(&["commit"]).ok("committed");
        assert!(gc.wait().expect("gc ends").success());
        assert!(is_whole(&clone, BRANCH), "round {round}");
    }
}

/// What lies in a pack that is kept is written again, too: whoever drops the pack later keeps it.
#[test]
fn every_object_of_the_commit_is_loose() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    in_a_cruft_pack(&clone);
    clone.rally(&["commit"]).ok("committed");
    let new = clone.git(&["rev-list", "--objects", BRANCH, "--not", "origin/master"]);
    for line in new.lines() {
        let (folder, name) = line.split(' ').next().expect("an id").split_at(2);
        let file = clone.path.join(".git/objects").join(folder).join(name);
        let data = fs::metadata(&file).expect(line);
        assert_eq!(data.permissions().mode() & 0o777, 0o444, "{line}");
        let age = data.modified().expect("time").elapsed().unwrap_or_default();
        assert!(age < Duration::from_secs(600), "{line}");
    }
}

/// A branch whose objects are gone is not called unchanged: they are stored them again.
#[test]
fn unchanged_only_where_the_objects_are_there() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.rally(&["commit"]).ok("committed");
    let reason = |ran: Ran| ran.ok("unchanged")["reason"].to_string();
    assert!(!reason(clone.rally(&["commit"])).contains("stored them again"));
    let listed = clone.git(&["rev-list", "--objects", BRANCH, "--not", "origin/master"]);
    let ids: Vec<&str> = (listed.lines())
        .filter_map(|line| line.split(' ').next())
        .collect();
    let file = |id: &str| {
        let (folder, name) = id.split_at(2);
        clone.path.join(".git/objects").join(folder).join(name)
    };
    // All but the commit itself, one after the other: gone, and cut short.
    for id in &ids[1..] {
        fs::remove_file(file(id)).expect(id);
        assert!(!is_whole(&clone, BRANCH));
        says(
            &reason(clone.rally(&["commit"])),
            &["1 of its objects", "stored them again"],
        );
        assert!(is_whole(&clone, BRANCH), "{id}");
        let bytes = fs::read(file(id)).expect("object");
        fs::remove_file(file(id)).expect(id);
        fs::write(file(id), &bytes[..bytes.len() / 2]).expect("half");
        says(&reason(clone.rally(&["commit"])), &["stored them again"]);
        clone.git(&["fsck", "--strict"]);
    }
}
