//! The examples that end each help text. What stands behind `#` is a comment of the shell: the lines
//! can be pasted.

pub(super) const OF_ALL: &str = "\
Examples:
  git rally detect            # which service this clone is, and why
  git rally diff --trial      # the whole change, with a job that does not vote
  git rally commit --trial    # one commit on the new branch rally-perfscale
  git rally review --push     # the same commit, pushed to Gerrit
  git rally check             # what Rally and Zuul would refuse

`git rally VERB -h` prints the options of a verb, `git rally --help` the manual.";

pub(super) const DETECT: &str = "\
Examples:
  git rally detect
  git rally detect ~/src/nova ~/src/cinder
  git rally detect --from clones.txt --format json";

pub(super) const DIFF: &str = "\
Examples:
  git rally diff
  git rally diff --times 5 --concurrency 2
  git rally diff --limits-from results/    # limits by what runs measured";

pub(super) const COMMIT: &str = "\
Examples:
  git rally commit
  git rally commit --trial               # the job is in check only, non-voting
  git rally commit --base origin/stable/2026.1
  git rally commit --replace --times 5   # the next patch set, with another load
  git rally commit --extend              # to a task of people, what it lacks
  git rally commit --from clones.txt     # many repositories in one run";

pub(super) const PATCH: &str = "\
Examples:
  git rally patch | git -C ../other-clone am
  git rally patch -o patches/";

pub(super) const REVIEW: &str = "\
Examples:
  git rally review                    # the steps that remain
  git rally review --push --wip --reviewer jane@example.org
  git rally review --replace --push   # the next patch set of the same change";

pub(super) const CHECK: &str = "\
Examples:
  git rally check
  git rally check rally-jobs/task-nova.yaml
  git rally check --fix | git apply
  git rally check --base HEAD~1 --format sarif > findings.sarif";

pub(super) const COMPARE: &str = "\
Examples:
  git rally compare before/ after/
  git rally compare old.json new.json --html page.html
  git rally compare a.json b.json -- c.json d.json";

pub(super) const TREND: &str = "\
Examples:
  git rally trend results/
  git rally trend results/ --html page.html --smallest 10";

pub(super) const SERVICES: &str = "\
Examples:
  git rally services
  git rally services nova
  git rally services nova --yaml > my-services/nova/service.yaml";

pub(super) const DEMO: &str = "\
Examples:
  git rally demo
  git rally demo cinder";
