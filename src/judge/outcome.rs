//! What there is to say of runs. JSON has it all; text and the page choose.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::results::SetAside;

/// What became of a duration, a workload, or all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Worse,
    Better,
    /// No change that matters was seen.
    Same,
    /// There is too little to say.
    NotJudged,
}

impl Verdict {
    /// Returns what people read.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Worse => "worse",
            Verdict::Better => "better",
            Verdict::Same => "no change",
            Verdict::NotJudged => "no verdict",
        }
    }

    /// Returns its place among others, the worst first.
    pub fn rank(self) -> u8 {
        self as u8
    }

    /// Returns the verdict on all: the worst of those on durations and on failures. That no failure is
    /// news says nothing where no duration was judged.
    pub(super) fn of_all(durations: &[Verdict], failures: &[Failures]) -> Verdict {
        let worst = |all: &mut dyn Iterator<Item = Verdict>| {
            all.min_by_key(|verdict| verdict.rank())
                .unwrap_or(Verdict::NotJudged)
        };
        let of_durations = worst(&mut durations.iter().copied());
        let of_failures = worst(&mut failures.iter().map(|failures| failures.verdict));
        match of_failures {
            Verdict::Worse => Verdict::Worse,
            _ => of_durations,
        }
    }
}

/// What is judged: a workload as a whole, or one of its atomic actions.
#[derive(Clone, Debug, Serialize)]
pub struct Subject {
    pub scenario: String,
    pub description: String,
    /// `None` is the whole iteration.
    pub action: Option<String>,
}

/// What two sets of runs say.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    pub verdict: Verdict,
    pub before: Side,
    pub after: Side,
    /// Every duration that both sides have, the worst first.
    pub changes: Vec<Change>,
    /// Workloads with failed iterations, the worst first.
    pub failures: Vec<Failures>,
    /// Workloads that cannot be compared.
    pub others: Vec<Other>,
    /// What all workloads share, and what was taken out for it.
    pub shared: Option<Shared>,
    /// In percent: half of the durations would not be called worse if they were so by less.
    pub seen_from: Option<f64>,
    pub aside: Vec<SetAside>,
    /// Most important first.
    pub notes: Vec<String>,
}

impl Comparison {
    /// Returns whether all could be judged that was there before.
    pub fn is_whole(&self) -> bool {
        let all_judged = self
            .changes
            .iter()
            .all(|change| change.verdict != Verdict::NotJudged);
        let shares = self.shared.as_ref().is_some_and(|shared| shared.stands_out);
        all_judged && !shares && self.aside.is_empty() && self.others.iter().all(Other::is_new)
    }
}

impl Trend {
    /// Returns whether all could be judged that is there now.
    pub fn is_whole(&self) -> bool {
        let last = self.runs.len().saturating_sub(1);
        let is_judged = |series: &Series| {
            let is_over = series.levels.last().is_some_and(|level| level.to < last);
            series.verdict != Verdict::NotJudged || is_over
        };
        let is_there = |other: &Other| other.kind == OtherKind::OtherSetting;
        self.series.iter().all(is_judged)
            && self.shared.is_empty()
            && self.aside.is_empty()
            && self.others.iter().all(is_there)
            && self.verdict != Verdict::NotJudged
    }
}

impl Other {
    fn is_new(&self) -> bool {
        self.kind == OtherKind::New
    }
}

/// A set of runs.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    pub runs: Vec<RunLine>,
    /// How many runs were on which machines, where that is known.
    pub hardware: BTreeMap<String, usize>,
}

/// A run.
#[derive(Clone, Debug, Serialize)]
pub struct RunLine {
    pub name: String,
    /// When it started, `2026-11-28 21:10` in UTC.
    pub started: Option<String>,
    pub hardware: Option<String>,
    /// How much slower it was as a whole, in percent; taken out.
    pub shared: Option<f64>,
}

/// What became of one duration.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    #[serde(flatten)]
    pub subject: Subject,
    pub verdict: Verdict,
    /// Seconds: the middle of the runs.
    pub before: f64,
    pub after: f64,
    /// How much more, and its 95 % interval.
    pub percent: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// How probable it is by chance, adjusted for the number of durations.
    pub p: Option<f64>,
    /// The standard deviation between runs of the same side, in percent.
    pub between_runs: Option<f64>,
    /// The standard deviation within a run, in percent.
    pub within_runs: f64,
    #[serde(skip)]
    pub points: Points,
}

/// Failed iterations of one workload.
#[derive(Clone, Debug, Serialize)]
pub struct Failures {
    #[serde(flatten)]
    pub subject: Subject,
    pub verdict: Verdict,
    /// What people read: `10 of 10 iterations fail (8 timeouts), before 0 of 120`.
    pub says: String,
    /// How probable it is by chance, adjusted; `None` where it needs no test.
    pub p: Option<f64>,
}

/// A workload that cannot be compared, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Other {
    #[serde(flatten)]
    pub subject: Subject,
    pub kind: OtherKind,
    pub says: String,
}

/// Why a workload cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherKind {
    Missing,
    New,
    /// Its arguments, contexts, runner or hooks differ.
    OtherSetting,
    /// There is nothing to measure.
    NotMeasured,
}

/// What all workloads share.
#[derive(Clone, Debug, Serialize)]
pub struct Shared {
    /// How much slower all is, and its 95 % interval.
    pub percent: f64,
    pub low: f64,
    pub high: f64,
    /// Whether it matters, and chance would hardly do it.
    pub stands_out: bool,
    /// Since which run, in a series: its place among the runs, and its name.
    pub at: Option<usize>,
    pub since: Option<String>,
}

impl Shared {
    /// Returns what people read.
    pub fn says(&self) -> String {
        let since = match &self.since {
            Some(since) => format!(" since {since}"),
            None => String::new(),
        };
        let way = if self.percent > 0.0 {
            "slower"
        } else {
            "faster"
        };
        format!(
            "whole runs are {way}{since}, by {:+.1} % ({:+.0} to {:+.0}): other machines, or a change that meets every workload; it is taken out of all durations",
            self.percent, self.low, self.high
        )
    }
}

/// What a series of runs says.
#[derive(Clone, Debug, Serialize)]
pub struct Trend {
    pub verdict: Verdict,
    /// In their order.
    pub runs: Vec<RunLine>,
    pub hardware: BTreeMap<String, usize>,
    /// The worst first.
    pub series: Vec<Series>,
    pub failures: Vec<Failures>,
    pub others: Vec<Other>,
    /// Changes that all workloads share: taken out.
    pub shared: Vec<Shared>,
    pub aside: Vec<SetAside>,
    pub notes: Vec<String>,
}

/// One duration along the runs.
#[derive(Clone, Debug, Serialize)]
pub struct Series {
    #[serde(flatten)]
    pub subject: Subject,
    pub verdict: Verdict,
    /// How many runs have it.
    pub count: usize,
    /// Where it changed, in order.
    pub steps: Vec<Step>,
    /// Whether it rises or falls slowly, so that no run stands out; then the step is from the first
    /// run to the last.
    pub drifts: bool,
    /// The levels that it had, in order: one more than there are steps, or one.
    pub levels: Vec<Level>,
    /// How probable it is that a series without a change looks like this.
    pub p: Option<f64>,
    #[serde(skip)]
    pub points: Points,
}

impl Series {
    /// Returns whether it has a change, and none that is sure.
    pub fn may_have_changed(&self) -> bool {
        self.verdict == Verdict::Same && self.steps.iter().any(|step| !step.is_sure)
    }
}

/// A change of a series.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// The first run of the new level: its place among the runs, its name and date.
    pub at: usize,
    pub since: String,
    pub started: Option<String>,
    /// Seconds.
    pub before: f64,
    pub after: f64,
    pub percent: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// How probable it is that chance does as much there.
    pub p: f64,
    /// Whether it stands when all series are looked at together.
    pub is_sure: bool,
    /// Whether it is worse, and later runs did not take it back.
    pub holds: bool,
}

/// A stretch of a series.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Level {
    /// The places of the first and the last run.
    pub from: usize,
    pub to: usize,
    pub seconds: f64,
}

/// What a plot shows.
#[derive(Clone, Debug, Default)]
pub struct Points {
    /// Seconds by run; the median of its iterations.
    pub measured: Vec<Option<f64>>,
    /// The same without what the whole run shares.
    pub adjusted: Vec<Option<f64>>,
    /// The limit of the last run that has one, in seconds.
    pub limit: Option<f64>,
    /// As a logarithm: the change from which it would have been called worse.
    pub seen_from: Option<f64>,
}

/// Returns a duration for people, with three digits.
pub fn seconds(seconds: f64) -> String {
    let digits = |value: f64| match value {
        value if value < 10.0 => 2,
        value if value < 100.0 => 1,
        _ => 0,
    };
    match seconds {
        s if s < 0.9995 => {
            let ms = s * 1000.0;
            format!("{ms:.*} ms", digits(ms))
        }
        s => format!("{s:.*} s", digits(s)),
    }
}
