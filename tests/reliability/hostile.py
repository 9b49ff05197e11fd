"""Hostile clones: nothing of them runs, nothing outside is read, no raw escape.

`$MARK` in a trap is a file that must not appear.
"""

import re
import shutil

from sandbox import Sandbox

# A program that a clone asks git to run.
RUN = "touch $MARK"
TRAPS = [
    ("`core.fsmonitor`", f'git config core.fsmonitor "{RUN}; false"'),
    ("`core.hooksPath` and all hooks", f'mkdir h; for n in pre-commit prepare-commit-msg commit-msg post-commit post-checkout reference-transaction pre-push post-rewrite post-index-change; do printf "#!/bin/sh\\n{RUN}\\n" > h/$n; chmod +x h/$n; cp h/$n .git/hooks; done; git config core.hooksPath $PWD/h'),
    ("`core.pager`, `core.editor`, `core.askPass`", f'for k in core.pager core.editor core.askPass sequence.editor pager.commit; do git config $k "sh -c \'{RUN}\'"; done'),
    ("`filter.NAME.clean` for all files", f'git config filter.x.clean "{RUN}; cat"; git config filter.x.smudge "{RUN}; cat"; echo "*.py filter=x" > .git/info/attributes; touch setup.py'),
    ("`diff.external` and `textconv`", f'git config diff.external "{RUN}"; git config diff.x.textconv "{RUN}"; echo "* diff=x" > .git/info/attributes'),
    ("`merge.NAME.driver`", f'git config merge.x.driver "{RUN}"; echo "* merge=x" > .git/info/attributes'),
    ("`core.sshCommand`, `credential.helper`", f'git config core.sshCommand "{RUN}"; git config credential.helper "!{RUN}"; git config core.gitProxy "{RUN}"'),
    ("`trailer.NAME.command`", f'git config trailer.x.key X; git config trailer.x.command "{RUN}"'),
    ("an alias `rally`", f'git config alias.rally "!{RUN}"'),
    ("`remote.origin.url` with `ext::`", f'git config remote.origin.url "ext::sh -c {RUN.replace(" ", "% ")}"; git config protocol.ext.allow always'),
    ("`url.*.insteadOf`", f'git config url."ext::sh -c touch% $MARK".insteadOf "https://"; git config protocol.ext.allow always'),
    ("`setup.py` that does something", f'echo "import os; os.system(\'{RUN}\')" > setup.py; git add -A; git commit -q -m x; git push -q origin master'),
    ("`conftest.py`, `sitecustomize.py`", f'for f in conftest.py sitecustomize.py rally.py yaml.py; do echo "import os; os.system(\'{RUN}\')" > $f; done'),
    ("a Jinja template that calls Python", "mkdir -p rally-jobs; echo '{{ ().__class__.__base__.__subclasses__() }}{% import \"os\" as os %}{{ os.system(\"touch $MARK\") }}' > rally-jobs/task-cinder.yaml; git add -A; git commit -q -m x; git push -q origin master"),
    ("YAML that makes Python objects", "echo '- !!python/object/apply:os.system [\"touch $MARK\"]' > .zuul.yaml; git add -A; git commit -q -m x; git push -q origin master"),
    ("a plugin that does something when it is read", f'mkdir -p rally-jobs/plugins; echo "import os; os.system(\'{RUN}\')" > rally-jobs/plugins/x.py; git add -A; git commit -q -m x; git push -q origin master'),
]

# What must not be on the terminal: controls but line feeds, and characters
# that turn the direction of the text.
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ESC = "$(printf '\\033]0;owned\\007\\033[2J\\342\\200\\256\\302\\233')"
WORDS = [
    ("in the name of a branch of the remote", f"git push -q origin HEAD:refs/heads/x; git config branch.master.merge \"refs/heads/{ESC}\""),
    ("in `setup.cfg`", f"printf '[metadata]\\nname = cinder{ESC}\\n' > setup.cfg; git add -A; git commit -q -m x; git push -q origin master"),
    ("in `.gitreview`", f"printf '[gerrit]\\nhost=a{ESC}\\nproject=openstack/cin{ESC}der\\n' > .gitreview; git add -A; git commit -q -m x; git push -q origin master"),
    ("in `.zuul.yaml`", f"printf -- '- job:\\n    name: \"{ESC}\"\\n    parent: [{ESC}\\n' > .zuul.yaml; git add -A; git commit -q -m x; git push -q origin master"),
    ("in `pyproject.toml`", f"printf '[project]\\nname = \"cin{ESC}der\\n' > pyproject.toml; git add -A; git commit -q -m x; git push -q origin master"),
    ("in the name of a file", f"mkdir -p rally-jobs/plugins; echo x > \"rally-jobs/{ESC}.yaml\"; echo '(' > \"rally-jobs/plugins/{ESC}.py\"; git add -A; git commit -q -m x; git push -q origin master"),
    ("in a task", f"mkdir -p rally-jobs; printf 'version: 2\\n{ESC}: [\\n' > rally-jobs/task-cinder.yaml; git add -A; git commit -q -m x; git push -q origin master"),
    ("in a plugin", f"mkdir -p rally-jobs/plugins; printf 'x = \"{ESC}\\nimport {ESC}\\n' > rally-jobs/plugins/x.py; git add -A; git commit -q -m x; git push -q origin master"),
    ("in a message of the branch", f"git commit -q --allow-empty -m \"{ESC}\"; git branch rally-change; git reset -q --hard HEAD^"),
    ("in the configuration", f"git config user.name \"{ESC}\"; unset GIT_AUTHOR_NAME; printf '[{ESC}\\n' >> .git/config"),
]

# Files that are no files, or are elsewhere.
LINKS = [
    ("`.zuul.yaml` is a link to a secret", "ln -sf $SCRATCH/secret .zuul.yaml; git add -A; git commit -q -m x; git push -q origin master"),
    ("`setup.cfg` is a link to a secret", "ln -sf $SCRATCH/secret setup.cfg; git add -A; git commit -q -m x; git push -q origin master"),
    ("the task is a link to a secret", "mkdir -p rally-jobs; ln -s $SCRATCH/secret rally-jobs/task-cinder.yaml; git add -A; git commit -q -m x; git push -q origin master"),
    ("the task is a link to `/dev/zero`", "mkdir -p rally-jobs; ln -s /dev/zero rally-jobs/task-cinder.yaml"),
    ("the task is a pipe", "mkdir -p rally-jobs; mkfifo rally-jobs/task-cinder.yaml"),
    ("`rally-jobs/plugins` is a link to its parent", "mkdir -p rally-jobs; ln -s .. rally-jobs/plugins"),
    ("`.git/config` includes `/dev/zero`", "git config include.path /dev/zero"),
    ("`.git/config` includes itself", "git config include.path config"),
    ("`.git/info/attributes` is a pipe", "rm -f .git/info/attributes; mkfifo .git/info/attributes"),
    ("`alternates` names itself", "echo $PWD/.git/objects > .git/objects/info/alternates"),
]

COMMANDS = [
    ["detect"],
    ["diff"],
    ["check"],
    ["commit", "--branch", "rally-change"],
    ["patch", "-o", "-"],
    ["review", "--branch", "rally-change"],
    ["commit", "--branch", "rally-change", "--replace"],
]
SECRET = "do-not-tell-anybody"


def attacked(program, script, commands):
    """Return which of the commands ran something, and what is wrong with all."""
    wrong, ran_by = [], set()
    with Sandbox(program) as sandbox:
        sandbox.seed()
        mark = sandbox.top / "home/mark"
        sandbox.env["MARK"] = str(mark)
        (sandbox.scratch / "secret").write_text(f"password = {SECRET}\n: [\n")
        sandbox.sh(script, check=False)
        mark.unlink(missing_ok=True)
        for command in commands:
            words = " ".join(command[:3])
            ran = sandbox.run(["timeout", "-s", "KILL", "20", *command])
            out = ran.stdout + ran.stderr
            if mark.exists():
                ran_by.add(words)
                mark.unlink()
            if ran.returncode < 0 or ran.returncode > 100:
                wrong.append(f"{words}: exit code {ran.returncode} {out[:200]!r}")
            if SECRET in out or SECRET in patched(sandbox):
                wrong.append(f"{words}: tells what another file holds")
            # A patch is data, and has the bytes of the files.
            told = ran.stderr if {"patch", "diff"} & set(command) else out
            raw = RAW.search(told)
            if raw:
                wrong.append(f"{words}: {raw[0]!r} is raw in {told[max(0, raw.start() - 80):raw.end() + 20]!r}")
    return ran_by, wrong


def patched(sandbox):
    """Return what the branch has, whatever the attributes are."""
    script = """git rev-parse -q --verify refs/heads/rally-change &&
        git rev-list --objects -n 1 refs/heads/rally-change |
        cut -d' ' -f1 | git cat-file --batch"""
    return sandbox.sh(script, check=False).stdout


GIT = [
    ["git", "status"],
    ["git", "diff", "HEAD"],
    ["git", "commit", "-q", "--allow-empty", "-a", "-m", "x"],
    ["git", "fetch", "-q"],
]


def rows(program):
    """Yield kind, trap, what ran it of git and of git-rally, and what is wrong."""
    ours = [[program, *command] for command in COMMANDS]
    for kind, traps in (("runs", TRAPS), ("escape", WORDS), ("file", LINKS)):
        for name, script in traps:
            git = attacked(program, script, GIT) if kind != "escape" else (set(), [])
            ran_by, wrong = attacked(program, script, ours)
            wrong += [f"runs it: {words}" for words in sorted(ran_by)]
            yield kind, name, git[0], git[1], wrong
