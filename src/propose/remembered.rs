//! The options of the last run: they hold unless they are given anew.

use crate::git::{GitError, Id, LocalClone};
use crate::message::{self, ChangeId};
use crate::plan::{self, JobName};
use crate::request::{ChangeOptions, Start};
use crate::zuul::Voting;

/// What a run was asked for, as far as the next one goes by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Remembered {
    pub(super) service: Option<String>,
    pub(super) base: Option<String>,
    pub(super) times: Option<u32>,
    pub(super) concurrency: Option<u32>,
    pub(super) voting: Option<Voting>,
    pub(super) periodic: Option<bool>,
    pub(super) job: Option<JobName>,
    pub(super) without_zuul: bool,
    pub(super) extend: bool,
    pub(super) task: Option<String>,
    /// Whether limits came of results; the task has them, and where the results are, only a person
    /// knows.
    pub(super) limits: bool,
    /// Whether the service came of another catalogue; which one, only a person knows.
    pub(super) catalogue: bool,
}

/// What the branch holds that is not merged yet.
#[derive(Clone, Debug)]
pub(super) struct OnBranch {
    pub(super) commit: Id,
    pub(super) options: Remembered,
    pub(super) change_id: Option<ChangeId>,
}

impl Remembered {
    /// Returns the options that the words give, as [`Remembered::words`] writes them; what this
    /// version does not know is passed over, for it is a commit message that says it.
    pub(super) fn of_words(words: &[String]) -> Remembered {
        let mut found = Remembered::default();
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            match word {
                "--service" => found.service = words.next().map(str::to_owned),
                "--base" => found.base = words.next().map(str::to_owned),
                "--times" => found.times = words.next().and_then(count),
                "--concurrency" => found.concurrency = words.next().and_then(count),
                "--trial" => found.voting = Some(Voting::NonVoting),
                "--voting" => found.voting = Some(Voting::Voting),
                "--periodic" => found.periodic = Some(true),
                "--catalogue" => found.catalogue = true,
                "--extend" => found.extend = true,
                "--task" => found.task = words.next().map(str::to_owned),
                "--limits-from" => found.limits = true,
                "--no-zuul" => found.without_zuul = true,
                "--job" => found.job = words.next().and_then(|name| name.parse().ok()),
                _ => {}
            }
        }
        found
    }

    /// Returns the options of the change that the branch holds, if git-rally made it, the base `into`
    /// has it not yet, and it is not of another job than the one that is asked for.
    pub(super) fn on_branch(
        clone: &LocalClone<'_>,
        wanted: &ChangeOptions,
        into: Id,
    ) -> Result<Option<OnBranch>, GitError> {
        let Some(tip) = clone.repo.branch(wanted.branch.as_ref())? else {
            return Ok(None);
        };
        let Some(made) = message::provenance(&tip.message) else {
            return Ok(None);
        };
        let options = Remembered::of_words(&made.options);
        let asked = wanted.plan.job.as_ref();
        let is_of_another = asked.is_some() && asked != options.job.as_ref();
        if is_of_another || clone.repo.is_reachable(tip.commit, into)? {
            return Ok(None);
        }
        Ok(Some(OnBranch {
            commit: tip.commit,
            options,
            change_id: message::change_id(&tip.message),
        }))
    }

    /// Returns what people should know of the options that hold, and of those that changed.
    pub(super) fn note(&self, given: &plan::Options, changed: &[String]) -> Option<String> {
        let held = self.held(given);
        let mut said = Vec::new();
        if !held.is_empty() {
            said.push(format!(
                "as in the last run: {} (--forget takes the defaults)",
                held.join(" ")
            ));
        }
        if !changed.is_empty() {
            said.push(format!(
                "otherwise than in the last run: {}",
                changed.join(", ")
            ));
        }
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// Returns what a run with these options is remembered by.
    pub(super) fn of(start: &Start, options: &plan::Options) -> Remembered {
        Remembered {
            service: start.service.clone().filter(|name| is_word(name)),
            base: start.base.clone().filter(|rev| is_word(rev)),
            times: options.load.times,
            concurrency: options.load.concurrency,
            voting: options.voting,
            periodic: options.periodic,
            job: options.job.clone(),
            without_zuul: options.without_zuul,
            extend: options.extend,
            task: options.task.clone().filter(|task| is_word(task)),
            limits: options.limits.is_some(),
            catalogue: start.catalogue.is_some(),
        }
    }

    /// Returns the words that give the options, in a fixed order. What takes back another needs no
    /// word: the other is gone.
    pub(super) fn words(&self) -> Vec<String> {
        self.pairs()
            .into_iter()
            .filter(|(name, _)| *name != "--no-periodic")
            .flat_map(|(name, value)| [Some(name.to_owned()), value])
            .flatten()
            .collect()
    }

    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        let mut pairs = Vec::new();
        let mut add = |name, value: Option<String>| {
            if value.is_some() {
                pairs.push((name, value));
            }
        };
        add("--service", self.service.clone());
        add("--base", self.base.clone());
        add("--times", self.times.map(|n| n.to_string()));
        add("--concurrency", self.concurrency.map(|n| n.to_string()));
        add("--task", self.task.clone());
        add("--job", self.job.as_ref().map(ToString::to_string));
        match self.voting {
            Some(Voting::NonVoting) => pairs.push(("--trial", None)),
            Some(Voting::Voting) => pairs.push(("--voting", None)),
            None => {}
        }
        match self.periodic {
            Some(true) => pairs.push(("--periodic", None)),
            Some(false) => pairs.push(("--no-periodic", None)),
            None => {}
        }
        let flags = [
            ("--no-zuul", self.without_zuul),
            ("--extend", self.extend),
            ("--limits-from", self.limits),
            ("--catalogue", self.catalogue),
        ];
        for (name, is_on) in flags {
            if is_on {
                pairs.push((name, None));
            }
        }
        pairs
    }

    /// Returns the options of this run: what is given, else what is remembered.
    pub(super) fn fill(&self, given: &plan::Options) -> plan::Options {
        let wants_zuul = given.voting.is_some() || given.periodic.is_some() || given.job.is_some();
        let without_zuul = given.without_zuul || (self.without_zuul && !wants_zuul);
        let mut options = given.clone();
        options.load.times = given.load.times.or(self.load().0);
        options.load.concurrency = given.load.concurrency.or(self.load().1);
        options.voting = given.voting.or(self.voting).filter(|_| !without_zuul);
        options.periodic = given.periodic.or(self.periodic).filter(|_| !without_zuul);
        options.job = given.job.clone().or_else(|| self.job.clone());
        options.without_zuul = without_zuul;
        options.extend = given.extend || (self.extend && !wants_zuul && !given.without_zuul);
        options.task = given.task.clone().or_else(|| self.task.clone());
        options
    }

    fn load(&self) -> (Option<u32>, Option<u32>) {
        (self.times, self.concurrency)
    }

    /// Returns what is otherwise than it was, for people.
    pub(super) fn changed_by(&self, options: &plan::Options) -> Vec<String> {
        let said = |(name, value): &(&str, Option<String>)| match value {
            Some(value) => format!("{name} {value}"),
            None => (*name).to_owned(),
        };
        // where it starts is no option of the change
        let only = |pairs: Vec<(&'static str, Option<String>)>| -> Vec<String> {
            let options = pairs.iter().filter(|(name, _)| !STARTS.contains(name));
            options.map(said).collect()
        };
        let (old, new) = (
            only(self.pairs()),
            only(Remembered::of(&Start::default(), options).pairs()),
        );
        let name = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
        let mut changed = Vec::new();
        for option in new.iter().filter(|option| !old.contains(option)) {
            let before = old.iter().find(|old| same_kind(&name(old), &name(option)));
            changed.push(match before {
                Some(before) => format!("{option} (it was {before})"),
                None => option.clone(),
            });
        }
        changed
    }

    /// Returns the options that were not given and hold from the last run, for people.
    pub(super) fn held(&self, given: &plan::Options) -> Vec<String> {
        let given = Remembered::of(&Start::default(), given);
        let is_given = |name: &str| {
            given
                .pairs()
                .iter()
                .any(|(other, _)| same_kind(other, name))
        };
        let held = self.pairs().into_iter();
        let held = held.filter(|(name, _)| !STARTS.contains(name) && !is_given(name));
        held.map(|(name, value)| match value {
            Some(value) => format!("{name} {value}"),
            None => name.to_owned(),
        })
        .collect()
    }
}

const STARTS: [&str; 3] = ["--service", "--base", "--catalogue"];

/// Returns whether one option is given instead of the other.
fn same_kind(a: &str, b: &str) -> bool {
    const WIRING: [[&str; 3]; 2] = [
        ["--trial", "--voting", "--no-zuul"],
        ["--periodic", "--no-periodic", "--no-zuul"],
    ];
    let are_both_of = |kind: &[&str; 3]| kind.contains(&a) && kind.contains(&b);
    a == b || WIRING.iter().any(are_both_of)
}

fn count(word: &str) -> Option<u32> {
    word.parse().ok().filter(|n| *n > 0)
}

/// Returns whether a value can stand in a list of words.
fn is_word(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn of(text: &str) -> Remembered {
        Remembered::of_words(&words(text))
    }

    #[test]
    fn words_come_back() {
        for text in [
            "--times 3 --concurrency 2",
            "--service nova --base gerrit/stable/2026.1 --trial",
            "--job a.b-c --voting",
            "--times 3 --trial --periodic",
            "--task rally-jobs/x.yaml --extend",
            "--no-zuul --catalogue",
            "--times 3 --limits-from",
        ] {
            assert_eq!(of(text).words(), words(text));
        }
        // what is no option, or no value of one
        for text in [
            "--times 0",
            "--times x",
            "--job ../x",
            "--unknown",
            "x",
            "--times",
        ] {
            assert_eq!(of(text), Remembered::default(), "{text}");
        }
    }

    #[test]
    fn what_is_given_comes_before_what_is_remembered() {
        let last = of("--times 3 --concurrency 2 --trial --job a");
        let given = plan::Options {
            load: plan::LoadOptions {
                times: Some(5),
                concurrency: None,
            },
            voting: Some(Voting::Voting),
            ..plan::Options::default()
        };
        let options = last.fill(&given);
        assert_eq!(options.load.times, Some(5));
        assert_eq!(options.load.concurrency, Some(2));
        assert_eq!(options.voting, Some(Voting::Voting));
        assert_eq!(
            last.changed_by(&options),
            ["--times 5 (it was --times 3)", "--voting (it was --trial)"]
        );
        assert_eq!(last.held(&given), ["--concurrency 2", "--job a"]);
        assert_eq!(last.note(&plan::Options::default(), &[]), Some("as in the last run: --times 3 --concurrency 2 --job a --trial (--forget takes the defaults)".to_owned()));
    }

    #[test]
    fn who_asks_for_the_job_wants_zuul() {
        let none = of("--no-zuul");
        assert!(none.fill(&plan::Options::default()).without_zuul);
        let trial = plan::Options {
            voting: Some(Voting::NonVoting),
            ..plan::Options::default()
        };
        assert!(!none.fill(&trial).without_zuul);
        let extended = of("--extend");
        assert!(extended.fill(&plan::Options::default()).extend);
        assert!(!extended.fill(&trial).extend);
        let without = plan::Options {
            without_zuul: true,
            ..plan::Options::default()
        };
        assert_eq!(of("--trial").fill(&without).voting, None);
        let last = of("--trial --periodic");
        assert_eq!(last.fill(&without).periodic, None);
        assert_eq!(last.held(&without), [""; 0]);
        let daily = plan::Options {
            periodic: Some(true),
            ..plan::Options::default()
        };
        assert!(!none.fill(&daily).without_zuul);
    }

    #[test]
    fn what_takes_back_another_is_said_and_not_remembered() {
        let last = of("--trial --periodic");
        let given = plan::Options {
            periodic: Some(false),
            ..plan::Options::default()
        };
        let options = last.fill(&given);
        assert_eq!(
            last.changed_by(&options),
            ["--no-periodic (it was --periodic)"]
        );
        assert_eq!(last.held(&given), ["--trial"]);
        let next = Remembered::of(&Start::default(), &options);
        assert_eq!(next.words(), ["--trial"]);
    }
}
