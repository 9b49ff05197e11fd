"""Run the commit-msg hook of git-review, as installed from PyPI, on a message.

usage: commit_msg.py REPOSITORY MESSAGE_FILE...

The hook runs in REPOSITORY, whose HEAD and configuration it reads. The committer is the one of
GIT_COMMITTER_NAME, GIT_COMMITTER_EMAIL and GIT_COMMITTER_DATE. Each file is edited in place, as
`git commit` has it done. The exit code is the largest of the hook's; on a failure it says why and
leaves the file alone.
"""

import os
import subprocess
import sys
import tempfile

from git_review import hooks


def main(repository, *messages):
    with tempfile.TemporaryDirectory() as folder:
        hook = os.path.join(folder, "commit-msg")
        with open(hook, "w", encoding="utf-8") as script:
            script.write(hooks.COMMIT_MSG)
        paths = [os.path.abspath(message) for message in messages]
        calls = [["sh", hook, path] for path in paths]
        return max(subprocess.call(call, cwd=repository) for call in calls)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
