//! Limits of what runs measured.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::evidence::{Evidence, Row};
use super::matched::{Match, matched};
use super::rule::bound;
use super::{LimitSource, Limits, LimitsError, WorkloadLimits};
use crate::catalogue::{Load, Service, Workload};
use crate::results::{self, Run};
use crate::workload::LoadOptions;

/// Returns the limits of the service's workloads by these runs, each of which counts once; `load` is
/// that of the task.
///
/// A run with failed iterations in a workload does not count for this one. Runs with other
/// arguments, contexts or load are not mixed: those count that are as the newest.
pub fn of_runs(runs: &[&Run], service: &Service, load: LoadOptions) -> Result<Limits, LimitsError> {
    let mut evidence = Evidence::default();
    let mut found: Vec<Vec<One<'_>>> = service.workloads().map(|_| Vec::new()).collect();
    for (at, run) in runs.iter().enumerate() {
        for workload in &run.workloads {
            match matched(service, workload) {
                Match::One(number) => found[number].push(One {
                    run: at,
                    started: run.started,
                    workload,
                }),
                Match::Unclear => drop(evidence.unclear.insert(workload.key.scenario.to_string())),
                Match::None => {}
            }
        }
    }
    if found.iter().all(Vec::is_empty) {
        return Err(LimitsError::none_of_ours(runs, service));
    }
    let limits_iterations = !service.iteration_limit.trim().is_empty();
    let mut used = BTreeSet::new();
    let mut workloads = Vec::new();
    for (workload, all) in service.workloads().zip(found) {
        let all_count = all.len();
        let whole: Vec<One<'_>> = all.into_iter().filter(One::is_whole).collect();
        evidence.failed += all_count - whole.len();
        let (same, others) = newest_setting(whole);
        evidence.other_settings += others;
        let rows = Rows::of(workload, &same, limits_iterations);
        evidence.kept += rows.kept;
        if !rows.found.is_empty() {
            used.extend(same.iter().map(|one| one.run));
            evidence.other_load(same.first().and_then(One::load), load.load(workload));
        }
        workloads.push(rows.limits());
        evidence.rows.extend(rows.found);
    }
    if evidence.rows.is_empty() {
        return Err(match evidence.failed {
            0 => LimitsError::TooFew(runs.len()),
            _ => LimitsError::Failed,
        });
    }
    evidence.of_runs(used.into_iter().map(|at| runs[at]));
    Ok(Limits {
        workloads,
        source: LimitSource::Runs(Box::new(evidence)),
    })
}

/// A workload of one run.
#[derive(Clone, Copy)]
struct One<'r> {
    run: usize,
    started: Option<f64>,
    workload: &'r results::Workload,
}

impl One<'_> {
    /// Returns whether every iteration was measured.
    fn is_whole(&self) -> bool {
        let workload = self.workload;
        workload.iterations > 0 && workload.failed == 0 && workload.impossible == 0
    }

    /// Returns the load that the run had, where its runner has one.
    fn load(&self) -> Option<Load> {
        let setting: Value = serde_json::from_str(&self.workload.key.setting).ok()?;
        let runner = setting.get("runner")?.get("constant")?;
        let number = |key: &str| u32::try_from(runner.get(key)?.as_u64()?).ok();
        Some(Load {
            times: number("times")?,
            concurrency: number("concurrency")?,
        })
    }
}

/// Returns those with the setting of the newest run, and how many others there are.
fn newest_setting(all: Vec<One<'_>>) -> (Vec<One<'_>>, usize) {
    let newest = all.iter().max_by(|a, b| {
        let started = |one: &One<'_>| one.started.unwrap_or(f64::MIN);
        started(a).total_cmp(&started(b))
    });
    let Some(setting) = newest.map(|one| one.workload.key.setting.clone()) else {
        return (all, 0);
    };
    let count = all.len();
    let is_same = |one: &One<'_>| one.workload.key.setting == setting;
    let same: Vec<One<'_>> = all.into_iter().filter(is_same).collect();
    let others = count - same.len();
    (same, others)
}

/// The limits of one workload, with what they rest on.
struct Rows {
    found: Vec<Row>,
    /// How many limits too few runs measured.
    kept: usize,
}

impl Rows {
    fn of(workload: &Workload, runs: &[One<'_>], limits_iterations: bool) -> Rows {
        let mut rows = Rows {
            found: Vec::new(),
            kept: 0,
        };
        let actions = workload.sla.iter();
        let mut wanted: Vec<(Option<&str>, f64)> = actions
            .map(|(action, limit)| (Some(action.as_str()), *limit))
            .collect();
        if limits_iterations {
            wanted.push((None, workload.longest_iteration()));
        }
        for (action, before) in wanted {
            let averages = averages(runs, action);
            match bound(&averages) {
                Some(bound) => rows.found.push(Row {
                    scenario: workload.scenario.clone(),
                    action: action.map(str::to_owned),
                    bound,
                    before,
                }),
                None => rows.kept += 1,
            }
        }
        rows
    }

    fn limits(&self) -> WorkloadLimits {
        let mut limits = WorkloadLimits::default();
        for row in &self.found {
            match &row.action {
                Some(action) => drop(limits.actions.insert(action.clone(), row.bound.limit)),
                None => limits.iteration = Some(row.bound.limit),
            }
        }
        limits
    }
}

/// Returns the average of each run; of one that has the same workload twice, the longer.
fn averages(runs: &[One<'_>], action: Option<&str>) -> Vec<f64> {
    let mut found: BTreeMap<usize, f64> = BTreeMap::new();
    for one in runs {
        let durations = one.workload.durations.iter();
        let own = durations.filter(|d| d.action.as_deref() == action && d.count > 0);
        for duration in own.filter(|d| d.mean.is_finite()) {
            let longest = found.entry(one.run).or_insert(duration.mean);
            *longest = longest.max(duration.mean);
        }
    }
    found.into_values().collect()
}
