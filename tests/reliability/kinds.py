"""Clones of every kind: what git-rally makes of each, beside git's plumbing."""

import os

from sandbox import BRANCH, Sandbox

WORKS, REFUSES = "works", "refuses"

# Kind, what git-rally is to do, and how the clone comes to be: a script that
# runs in a plain clone. `W` names another place to work in.
KINDS = [
    ("plain", WORKS, ""),
    ("a folder with a space and an umlaut", WORKS, 'mv ../clone "../a ü"; W="../a ü"'),
    ("bare", WORKS, "git clone -q --bare ../remote.git ../bare; W=../bare"),
    ("shallow", WORKS, "git clone -q --depth 1 file://$PWD/../remote.git ../shallow; W=../shallow"),
    ("partial, no blobs", REFUSES, "git clone -q --filter=blob:none --no-checkout file://$PWD/../remote.git ../part; W=../part"),
    ("partial, no trees", REFUSES, "git clone -q --filter=tree:0 --no-checkout file://$PWD/../remote.git ../part; W=../part"),
    ("partial, and the remote is gone", REFUSES, "git clone -q --filter=blob:none --no-checkout file://$PWD/../remote.git ../part; rm -rf ../remote.git; W=../part"),
    ("sparse checkout", WORKS, "git sparse-checkout set --cone cinder"),
    ("sparse index", WORKS, "git sparse-checkout set --cone --sparse-index cinder"),
    ("split index", WORKS, "git update-index --split-index"),
    ("index of version 4", WORKS, "git update-index --index-version 4"),
    ("index without its hash", WORKS, "git -c index.skipHash=true add -A; git config index.skipHash true"),
    ("no index", WORKS, "rm .git/index"),
    ("a broken index", WORKS, "echo x > .git/index"),
    ("`index.lock`", WORKS, "touch .git/index.lock"),
    ("`packed-refs.lock`", WORKS, "touch .git/packed-refs.lock"),
    ("fsmonitor and untracked cache", WORKS, "git config core.fsmonitor true; git update-index --untracked-cache"),
    ("a linked worktree", WORKS, "git worktree add -q ../linked; W=../linked"),
    ("a linked worktree that has moved", REFUSES, "git worktree add -q ../linked; mv ../linked ../moved; rm -rf .git/worktrees; W=../moved"),
    ("its own configuration in a worktree", WORKS, "git worktree add -q ../linked; git config extensions.worktreeConfig true; git -C ../linked config --worktree core.autocrlf true; W=../linked"),
    ("the branch is checked out in a worktree", REFUSES, f"git worktree add -q -b {BRANCH} ../linked"),
    ("alternates (`--shared`)", WORKS, "git clone -q --shared ../clone ../shared; W=../shared"),
    ("alternates that are gone", REFUSES, "git clone -q --shared ../remote.git ../shared; rm -rf ../remote.git; W=../shared"),
    ("a submodule", WORKS, "git submodule --quiet add ../remote.git sub; git commit -q -m Sub; W=sub"),
    ("a repository with submodules", WORKS, "git submodule --quiet add ../remote.git sub; git commit -q -m Sub; git push -q origin master"),
    ("`.git` is a symbolic link", WORKS, "mv .git ../git; ln -s ../git .git"),
    ("`.git` is a file", WORKS, 'mv .git ../git; echo "gitdir: ../git" > .git'),
    ("`core.worktree` elsewhere", WORKS, "mkdir ../tree; git config core.worktree $PWD/../tree"),
    ("multi-pack-index and commit-graph", WORKS, "git repack -q -ad; git multi-pack-index write; git commit-graph write --reachable"),
    ("a cruft pack", WORKS, "echo x | git hash-object -w --stdin; git repack -q --cruft --cruft-expiration=never -d"),
    ("bitmaps", WORKS, "git repack -q -adb"),
    ("grafts", WORKS, 'git rev-parse HEAD > .git/info/grafts'),
    ("replace references", WORKS, "git replace HEAD HEAD^ -f"),
    ("20,000 packed references", WORKS, "sha=$(git rev-parse HEAD); (git pack-refs --all; for i in $(seq 20000); do echo $sha refs/changes/$i/1; done >> .git/packed-refs; sort -k2 .git/packed-refs | grep -v '^#' > p; mv p .git/packed-refs)"),
    ("detached HEAD", WORKS, "git checkout -q --detach"),
    ("HEAD on a branch without a commit", WORKS, "git checkout -q --orphan new"),
    ("no commit at all", REFUSES, "git init -q ../empty; W=../empty"),
    ("a merge in progress", WORKS, "git rev-parse HEAD > .git/MERGE_HEAD"),
    ("a rebase in progress", WORKS, "mkdir .git/rebase-merge; echo refs/heads/master > .git/rebase-merge/head-name; git rev-parse HEAD > .git/rebase-merge/onto"),
    ("changes that are not committed", WORKS, "echo x >> README.rst; echo y > new; git add new; rm setup.cfg"),
    ("a file of ours that is not committed", WORKS, "mkdir rally-jobs; echo x > rally-jobs/README.rst"),
    ("the branch is there", REFUSES, f"git branch {BRANCH}"),
    ("the branch is there, packed", REFUSES, f"git branch {BRANCH}; git pack-refs --all"),
    ("a branch in the place of its folder", REFUSES, "BRANCH=x/y; git branch x"),
    ("the same, packed", REFUSES, "BRANCH=x/y; git branch x; git pack-refs --all"),
    ("branches below its name", REFUSES, f"git branch {BRANCH}/x"),
    ("the branch is locked", REFUSES, f"touch .git/refs/heads/{BRANCH}.lock"),
    ("the branch is a symbolic reference", REFUSES, f"git symbolic-ref refs/heads/{BRANCH} refs/heads/master"),
    ("the branch's file is broken", REFUSES, f"echo broken > .git/refs/heads/{BRANCH}"),
    ("a tag of the same name", WORKS, f"git tag {BRANCH}"),
    ("`rally-jobs` is a file", REFUSES, "echo x > rally-jobs; git add -A; git commit -q -m x; git push -q origin master"),
    ("`rally-jobs` is a symbolic link", REFUSES, "ln -s /etc rally-jobs; git add -A; git commit -q -m x; git push -q origin master"),
    ("`rally-jobs` is a submodule", REFUSES, "git submodule --quiet add ../remote.git rally-jobs; git commit -q -m x; git push -q origin master"),
    ("`core.autocrlf` and `text=auto`", WORKS, "git config core.autocrlf true; echo '* text=auto' > .git/info/attributes"),
    ("`filter=lfs` on what is written", REFUSES, "echo 'rally-jobs/** filter=lfs' > .gitattributes; git add -A; git commit -q -m x; git push -q origin master"),
    ("`i18n.commitEncoding`", WORKS, "git config i18n.commitEncoding ISO-8859-1"),
    ("a `.mailmap`", WORKS, "echo 'Joe <joe@example.org> <jane@example.org>' > .mailmap"),
    ("`core.sharedRepository=group`", WORKS, "git config core.sharedRepository group"),
    ("`core.bare=true` in a clone with files", WORKS, "git config core.bare true"),
    ("no name and no mail", REFUSES, "NOBODY=1"),
    ("an empty name", REFUSES, "EMPTY=1"),
    ("GIT_DIR and GIT_INDEX_FILE of another", WORKS, "git init -q ../other; ELSEWHERE=1"),
    ("another user's files", REFUSES, "chown -R 12345 ."),
    ("another user's, `safe.directory` set", WORKS, 'chown -R 12345 .; git config --global safe.directory "$PWD"'),
    ("a broken configuration", REFUSES, "echo '[core' >> .git/config"),
    ("a configuration that must not be read", REFUSES, "rm .git/config; mkdir .git/config"),
    ("objects are SHA-256", REFUSES, "git init -q --object-format=sha256 ../sha256; cp -r cinder setup.* ../sha256; cd ../sha256; git add -A; git commit -q -m x; cd -; W=../sha256"),
    ("references are a reftable", REFUSES, "git config core.repositoryformatversion 1; git config extensions.refstorage reftable"),
    ("an extension that nobody knows", REFUSES, "git config core.repositoryformatversion 1; git config extensions.rally 1"),
    ("version 2 of the format", REFUSES, "git config core.repositoryformatversion 2"),
    ("precious objects", WORKS, "git config core.repositoryformatversion 1; git config extensions.preciousObjects true"),
    ("a corrupt file", REFUSES, "f=$(git rev-parse HEAD:setup.cfg); git unpack-objects -q < /dev/null; o=.git/objects/${f:0:2}/${f:2}; git cat-file blob $f > x; rm -f .git/objects/pack/*; cp -r ../remote.git/objects/. .git/objects; rm -f $o; printf broken > $o; rm x"),
    ("a missing tree", REFUSES, "f=$(git rev-parse HEAD^{tree}); mv .git/objects/pack ../pack; for p in ../pack/*.pack; do git unpack-objects -q < $p; done; cp -rn ../remote.git/objects/?? .git/objects; rm -f .git/objects/${f:0:2}/${f:2}"),
    ("a hook that fails", WORKS, "for h in pre-commit commit-msg reference-transaction post-commit; do printf '#!/bin/sh\\nexit 1\\n' > .git/hooks/$h; chmod +x .git/hooks/$h; done; NOHOOK=1"),
    ("`.git` is read-only", REFUSES, "RO=.git"),
    ("`.git/objects` is read-only", REFUSES, "RO=.git/objects"),
    ("`.git/refs/heads` is read-only", REFUSES, "RO=.git/refs/heads"),
    ("`.git/logs` is read-only", REFUSES, "RO=.git/logs"),
    ("the work tree is read-only", WORKS, "RO=. RW=.git"),
    ("the disk is full", REFUSES, "FULL=.git/objects"),
    ("the disk of the references is full", REFUSES, "FULL=.git/refs"),
    ("`.git/objects` is a symbolic link", WORKS, "mkdir ../store; mv .git/objects ../store/objects; ln -s ../../store/objects .git/objects"),
    ("`.git/refs/heads` is a symbolic link", WORKS, "mkdir -p ../store/refs; mv .git/refs/heads ../store/refs/heads; ln -s ../../../store/refs/heads .git/refs/heads"),
]

# Read-only and full file systems are mounted, in a name space of mounts of
# the command's own; modes would not stop root.
MOUNTED = """
set -e
for m in $RO; do mount --bind $m $m; mount -o remount,bind,ro $m; done
for m in $RW; do mount --bind $m $m; mount -o remount,bind,rw $m; done
if [ "$FULL" ]; then
    cp -a $FULL $SCRATCH/full
    mount -t tmpfs -o size=$(( $(du -sk $FULL | cut -f1) + 4 ))k full $FULL
    cp -a $SCRATCH/full/. $FULL
    head -c 1000000 /dev/zero > $FULL/fill 2>/dev/null || true
fi
exec "$@"
"""


def prepare(sandbox, script):
    """Make the clone; return the command's prefix and environment."""
    ran = sandbox.sh(script + '\necho "@ $W|$BRANCH|$NOBODY|$EMPTY|$ELSEWHERE|$RO|$RW|$FULL"')
    last = ran.stdout.splitlines()[-1].removeprefix("@ ")
    where, branch, nobody, empty, elsewhere, ro, rw, full = last.split("|")
    if where:
        sandbox.where = sandbox.where.joinpath(where)
        sandbox.where = sandbox.where.resolve()
    names = [n for n in sandbox.env if n.startswith(("GIT_AUTHOR", "GIT_COMMITTER"))]
    for name in names:
        if nobody or (empty and name.endswith("NAME")):
            sandbox.env[name] = ""
        if nobody:
            del sandbox.env[name]
    if nobody:
        with open(sandbox.env["GIT_CONFIG_GLOBAL"], "a") as config:
            config.write("[user]\n\tuseConfigOnly = true\n")
    if elsewhere:
        other = (sandbox.top / "other").resolve()
        sandbox.env["GIT_INDEX_FILE"] = str(other / "index")
    prefix = []
    if ro or full:
        sandbox.env.update(RO=ro, RW=rw, FULL=full)
        prefix = ["unshare", "-m", "bash", "-c", MOUNTED, "mounted"]
    return prefix, branch or BRANCH


def judge(program, script, command):
    """Return `works` or `refuses`, the first words, and what is wrong."""
    with Sandbox(program) as sandbox:
        sandbox.seed()
        prefix, branch = prepare(sandbox, script)
        complaints = sandbox.complaints()
        had_branch = sandbox.has_branch(branch)
        before = sandbox.state()
        ran = sandbox.run(prefix + command(sandbox, branch))
        wrong = sandbox.moved(before, branch)
        more = [c for c in sandbox.complaints() if c not in complaints]
        wrong += [f"fsck: {c}" for c in more]
        words = next((l for l in ran.stderr.splitlines() if l.strip()), "")
        if ran.returncode == 0:
            if not sandbox.is_whole(branch):
                wrong.append("the branch is not whole")
            return WORKS, words, wrong
        if not had_branch and sandbox.has_branch(branch):
            wrong.append("refused, and the branch is there")
        if ran.returncode < 0 or ran.returncode > 100:
            wrong.append(f"exit code {ran.returncode}")
        if command is Sandbox.rally_command and "\n  try: " not in ran.stderr:
            wrong.append("no word of what to type")
        return REFUSES, words, wrong


def rows(program, only=None):
    """Yield kind, git's outcome, git-rally's, its words, and what is wrong."""
    for kind, wanted, script in KINDS:
        if only and only not in kind:
            continue
        git, git_words, git_wrong = judge(program, script, Sandbox.git_command)
        ours, words, wrong = judge(program, script, Sandbox.rally_command)
        if ours != wanted:
            wrong.append(f"{ours}, and is to be: {wanted}")
        yield kind, git, ours, words, wrong, git_wrong
