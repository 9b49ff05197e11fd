//! What limits rest on: for the commit message, and in short for people.

use std::collections::BTreeSet;

use serde::Serialize;

use super::rule::{Bound, FACTOR, FEWEST, FEWEST_FOR_QUANTILE, LEAST};
use crate::catalogue::Load;
use crate::results::Run;

/// How many limits a commit message shows.
const MOST_ROWS: usize = 10;

/// The first words of what a commit message says of limits.
const FIRST_WORDS: &str = "Limits from results:";

/// What limits rest on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// How many runs count for a limit.
    runs: usize,
    /// The days of the first and the last of them, where they are known.
    days: Option<(String, String)>,
    pub(super) rows: Vec<Row>,
    /// How many limits stay as the catalogue has them, as too few runs measured the action.
    pub(super) kept: usize,
    /// How often a workload of a run does not count, for its failed iterations.
    pub(super) failed: usize,
    /// How often one does not count, for other arguments, contexts or load than in the newest run.
    pub(super) other_settings: usize,
    /// How many workloads had another load than the task's, and one of these loads.
    load: Option<(usize, Load)>,
    /// Scenarios of workloads that may be one of several.
    pub(super) unclear: BTreeSet<String>,
}

/// One limit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) scenario: String,
    /// `None` is the whole iteration.
    pub(super) action: Option<String>,
    pub(super) bound: Bound,
    /// The catalogue's limit in seconds.
    pub(super) before: f64,
}

/// What the template of the message sees.
#[derive(Serialize)]
pub struct EvidenceView {
    first_words: &'static str,
    /// `61 limits`.
    limits: String,
    /// `20 workloads`.
    workloads: String,
    /// `9 runs`.
    runs: String,
    /// The first day and the last; empty where no run says.
    from: String,
    to: String,
    /// What is taken of the runs.
    measured: String,
    factor: String,
    least: String,
    /// How many limits are the least.
    at_least: usize,
    /// How many limits stay.
    kept: usize,
    fewest: usize,
    /// The highest limits.
    rows: Vec<RowView>,
    /// Whether these are not all.
    has_more: bool,
}

#[derive(Serialize)]
struct RowView {
    scenario: String,
    action: String,
    measured: String,
    limit: String,
    before: String,
}

impl Evidence {
    pub(super) fn of_runs<'r>(&mut self, runs: impl Iterator<Item = &'r Run>) {
        let mut started = Vec::new();
        for run in runs {
            self.runs += 1;
            started.extend(run.started);
        }
        let day = |at: f64| crate::judge::date(at)[..10].to_owned();
        let first = started.iter().copied().reduce(f64::min);
        let last = started.iter().copied().reduce(f64::max);
        self.days = first.zip(last).map(|(first, last)| (day(first), day(last)));
    }

    pub(super) fn other_load(&mut self, had: Option<Load>, has: Load) {
        if let Some(had) = had.filter(|had| *had != has) {
            let load = self.load.get_or_insert((0, had));
            load.0 += 1;
        }
    }

    /// Returns what the template of the message sees.
    pub fn view(&self) -> EvidenceView {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|a, b| b.bound.limit.total_cmp(&a.bound.limit));
        let shown = rows.iter().take(MOST_ROWS);
        let (from, to) = self.days.clone().unwrap_or_default();
        EvidenceView {
            first_words: FIRST_WORDS,
            limits: counted(self.rows.len(), "limit"),
            workloads: counted(self.workloads(), "workload"),
            runs: counted(self.runs, "run"),
            from,
            to,
            measured: self.measured(),
            factor: FACTOR.to_string(),
            least: LEAST.to_string(),
            at_least: rows.iter().filter(|row| row.bound.limit <= LEAST).count(),
            kept: self.kept,
            fewest: FEWEST,
            rows: shown.map(|row| row.view()).collect(),
            has_more: rows.len() > MOST_ROWS,
        }
    }

    /// Returns what people should know, most important first.
    pub fn notes(&self) -> Vec<String> {
        let days = match &self.days {
            Some((from, to)) if from == to => format!(" of {from}"),
            Some((from, to)) => format!(" from {from} to {to}"),
            None => String::new(),
        };
        let kept = match self.kept {
            0 => String::new(),
            kept => format!(
                "; {} of the catalogue stay: fewer than {FEWEST} runs measured these actions",
                counted(kept, "limit")
            ),
        };
        let mut notes = vec![format!(
            "{} of {} come from {}{days}: {FACTOR} times {}, and at least {LEAST} seconds{kept}",
            counted(self.rows.len(), "limit"),
            counted(self.workloads(), "workload"),
            counted(self.runs, "run"),
            self.measured(),
        )];
        if let Some((workloads, load)) = self.load {
            notes.push(format!(
                "the runs had another load than the task in {}, such as {} iterations, {} at a time: the more at a time, the longer they take",
                counted(workloads, "workload"),
                load.times,
                load.concurrency
            ));
        }
        let mut uncounted = |times: usize, why: &str| {
            if times > 0 {
                let times = match times {
                    1 => "once".to_owned(),
                    times => format!("{times} times"),
                };
                notes.push(format!(
                    "{times} a run does not count for a workload: {why}"
                ));
            }
        };
        uncounted(self.failed, "iterations failed there");
        uncounted(
            self.other_settings,
            "its arguments, contexts or load are not those of the newest run",
        );
        if !self.unclear.is_empty() {
            let names: Vec<&str> = self.unclear.iter().map(String::as_str).collect();
            notes.push(format!(
                "the task has several workloads of the same scenario and description, and nothing says which of them was measured: {}",
                names.join(", ")
            ));
        }
        notes
    }

    fn workloads(&self) -> usize {
        let mut names: Vec<&str> = self.rows.iter().map(|row| row.scenario.as_str()).collect();
        names.dedup();
        names.len()
    }

    /// Returns what is taken of the runs.
    fn measured(&self) -> String {
        let quantiles = self.rows.iter().filter(|row| row.bound.is_quantile).count();
        match quantiles {
            0 => "the longest average that a run measured".to_owned(),
            all if all == self.rows.len() => {
                "the 95 % quantile of the averages that the runs measured".to_owned()
            }
            _ => format!(
                "the 95 % quantile of the averages that the runs measured, or the longest of fewer than {FEWEST_FOR_QUANTILE}"
            ),
        }
    }
}

impl Row {
    fn view(&self) -> RowView {
        RowView {
            scenario: self.scenario.clone(),
            action: match &self.action {
                Some(action) => action.clone(),
                None => "the whole iteration".to_owned(),
            },
            measured: format!("{:.2}", self.bound.measured),
            limit: self.bound.limit.to_string(),
            before: self.before.to_string(),
        }
    }
}

/// Returns what a commit message says of limits: the paragraph and its list.
pub fn said(message: &str) -> Option<String> {
    let mut paragraphs = message.split("\n\n");
    let first = paragraphs.find(|paragraph| paragraph.starts_with(FIRST_WORDS))?;
    Some(match paragraphs.next() {
        Some(list) if list.starts_with("* ") => format!("{first}\n\n{list}"),
        _ => first.to_owned(),
    })
}

fn counted(count: usize, thing: &str) -> String {
    match count {
        1 => format!("1 {thing}"),
        count => format!("{count} {thing}s"),
    }
}
