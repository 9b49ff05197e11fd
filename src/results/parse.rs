//! One file of results: from its text to runs.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::form::{Document, Info, NewWorkload, OldWorkload, SlaResult, Task};
use super::names::Names;
use super::samples::{Measured, Samples};
use super::{Duration, Key, Run, Workload};

/// Why a file gives no runs.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("it ends in the middle, at line {0}")]
    Truncated(usize),
    #[error("line {line}: `{found}` is no number of JSON")]
    NotANumber { line: usize, found: &'static str },
    #[error("it is an HTML page; `rally task report --json` writes the same as data")]
    Html,
    #[error("it is not JSON: {0}")]
    NotJson(serde_json::Error),
    #[error("it is not the results of a Rally task")]
    NotResults,
    #[error("it is not as Rally writes results: {0}")]
    OtherShape(serde_json::Error),
    #[error("its format is {}, and git-rally knows format 1", .0.escape_debug())]
    NewerFormat(String),
    #[error("it holds no task")]
    NoTask,
    #[error("it is empty")]
    Empty,
}

impl Unreadable {
    /// Returns whether it is JSON that has nothing to do with Rally, as a folder may hold it.
    pub fn is_something_else(&self) -> bool {
        matches!(self, Unreadable::NotResults)
    }
}

/// Returns the runs in the text of a file, which is called `name` for people.
pub fn parse(name: &str, text: &[u8], names: &Names) -> Result<Vec<Run>, Unreadable> {
    let mut from = serde_json::Deserializer::from_slice(text);
    let document = Document::deserialize(&mut from).and_then(|d| from.end().map(|()| d));
    runs(name, document.map_err(|error| reason(error, text))?, names)
}

/// As [`parse`], for texts that are not held as a whole; slower.
pub(super) fn parse_stream(
    name: &str,
    text: impl Read,
    names: &Names,
) -> Result<Vec<Run>, Unreadable> {
    let mut from = serde_json::Deserializer::from_reader(text);
    let document = Document::deserialize(&mut from).and_then(|d| from.end().map(|()| d));
    runs(name, document.map_err(|error| reason(error, &[]))?, names)
}

fn reason(error: serde_json::Error, text: &[u8]) -> Unreadable {
    let start = text.trim_ascii_start();
    let of_html = |prefix: &[u8]| {
        start.len() >= prefix.len() && start[..prefix.len()].eq_ignore_ascii_case(prefix)
    };
    if of_html(b"<!doctype") || of_html(b"<html") {
        return Unreadable::Html;
    }
    match error.classify() {
        serde_json::error::Category::Eof if start.is_empty() && error.line() <= 1 => {
            Unreadable::Empty
        }
        serde_json::error::Category::Eof => Unreadable::Truncated(error.line()),
        serde_json::error::Category::Data => {
            let word = b"\"atomic_actions\"";
            match text.is_empty() || text.windows(word.len()).any(|part| part == word) {
                true => Unreadable::OtherShape(error),
                false => Unreadable::NotResults,
            }
        }
        _ => {
            // What Python's json writes for what JSON has no word for.
            let mut lines = text.split(|&byte| byte == b'\n');
            let line = lines.nth(error.line().saturating_sub(1));
            let rest = line.and_then(|line| line.get(error.column().saturating_sub(2)..));
            let found = ["NaN", "Infinity"].into_iter().find(|word| {
                let mut near = rest.unwrap_or_default().windows(word.len()).take(3);
                near.any(|window| window == word.as_bytes())
            });
            match found {
                Some(found) => Unreadable::NotANumber {
                    line: error.line(),
                    found,
                },
                None => Unreadable::NotJson(error),
            }
        }
    }
}

fn runs(name: &str, document: Document, names: &Names) -> Result<Vec<Run>, Unreadable> {
    match document {
        Document::Report(report) => {
            let tasks = report.tasks.ok_or(Unreadable::NotResults)?;
            let info = report.info.unwrap_or_default();
            let format = info.format_version.as_deref().unwrap_or("1");
            if format.split('.').next() != Some("1") {
                return Err(Unreadable::NewerFormat(format.to_owned()));
            }
            let alone = tasks.len() == 1;
            let runs: Vec<Run> = tasks
                .into_iter()
                .enumerate()
                .map(|(at, task)| {
                    let name = match alone {
                        true => name.to_owned(),
                        false => format!("{name}#{}", at + 1),
                    };
                    of_task(name, task, &info, names)
                })
                .collect();
            match runs.is_empty() {
                true => Err(Unreadable::NoTask),
                false => Ok(runs),
            }
        }
        Document::Results(workloads) => {
            let mut read = Vec::new();
            for OldWorkload { key, result, sla } in workloads {
                let (Some(key), Some(samples)) = (key, result) else {
                    return Err(Unreadable::NotResults);
                };
                let setting = json!({
                    "args": sorted(key.kw.args),
                    "contexts": sorted(key.kw.context),
                    "hooks": sorted(key.kw.hooks),
                    "runner": old_runner(key.kw.runner),
                });
                let about = About {
                    scenario: key.name,
                    description: key.description.unwrap_or_default(),
                    setting,
                    limits: key.kw.sla,
                    results: sla,
                };
                read.push((about, samples));
            }
            match read.is_empty() {
                true => Err(Unreadable::NoTask),
                false => Ok(vec![run(name.to_owned(), read, names)]),
            }
        }
    }
}

fn of_task(name: String, task: Task, info: &Info, names: &Names) -> Run {
    let workloads = task
        .subtasks
        .into_iter()
        .flat_map(|subtask| subtask.workloads);
    let read = workloads.map(|workload| {
        let NewWorkload {
            description,
            scenario,
            runner,
            contexts,
            hooks,
            data,
            sla,
            sla_results,
        } = workload;
        let (scenario, args) = scenario.into_iter().next().unwrap_or_default();
        let hooks = hooks.into_iter().map(|hook| sorted(hook.config)).collect();
        let about = About {
            scenario,
            description: description.unwrap_or_default(),
            setting: json!({
                "args": sorted(args),
                "contexts": sorted(contexts),
                "hooks": Value::Array(hooks),
                "runner": sorted(runner),
            }),
            limits: sla,
            results: sla_results.sla,
        };
        (about, data)
    });
    let mut run = run(name, read.collect(), names);
    run.identity = (task.uuid.filter(|uuid| !uuid.is_empty())).unwrap_or(run.identity);
    run.title = task.title;
    run.rally = info.rally_version.clone();
    run.started = run.started.or(task.created_at.as_deref().and_then(seconds));
    run.is_cut_short = !task.status.is_empty() && task.status != "finished";
    run
}

/// What a workload is, beside its iterations.
struct About {
    scenario: String,
    description: String,
    setting: Value,
    limits: Value,
    results: Vec<SlaResult>,
}

fn run(name: String, read: Vec<(About, Samples)>, names: &Names) -> Run {
    let mut seen: HashMap<(Arc<str>, Arc<str>), usize> = HashMap::new();
    let mut started: Option<f64> = None;
    let mut workloads = Vec::new();
    for (about, samples) in read {
        let (scenario, setting) = (
            names.get(&about.scenario),
            names.get(&about.setting.to_string()),
        );
        let nth = seen
            .entry((Arc::clone(&scenario), Arc::clone(&setting)))
            .or_default();
        let key = Key {
            scenario,
            setting,
            nth: *nth,
        };
        *nth += 1;
        if let Some(first) = samples.first.filter(|&first| is_plausible(first)) {
            started = Some(started.map_or(first, |earlier| earlier.min(first)));
        }
        workloads.push(workload(key, about, samples, names));
    }
    let content = measured(&workloads, started);
    Run {
        identity: content.clone(),
        content,
        name,
        title: String::new(),
        rally: None,
        started,
        hardware: None,
        is_cut_short: false,
        workloads,
    }
}

fn workload(key: Key, about: About, samples: Samples, names: &Names) -> Workload {
    let of = |action: Option<&str>, measured: Measured| Duration {
        action: action.map(|name| names.get(name)),
        count: measured.count,
        median: measured.median,
        mean: measured.mean,
        spread: measured.spread,
    };
    let mut durations: Vec<Duration> = samples
        .actions
        .iter()
        .map(|(name, m)| of(Some(name), *m))
        .collect();
    durations.sort_by(|a, b| a.action.cmp(&b.action));
    durations.splice(0..0, samples.whole.map(|m| of(None, m)));
    let limits = about
        .limits
        .get("max_avg_duration_per_atomic")
        .and_then(Value::as_object);
    let limits = limits
        .into_iter()
        .flatten()
        .filter_map(|(name, limit)| Some((names.get(name), limit.as_f64()?)));
    Workload {
        key,
        description: names.get(&about.description),
        iterations: samples.iterations,
        failed: samples.failed,
        timeouts: samples.timeouts,
        impossible: samples.impossible,
        errors: samples.errors,
        durations,
        limits: limits.collect::<BTreeMap<_, _>>(),
        missed: about
            .results
            .into_iter()
            .filter(|sla| !sla.success)
            .map(|sla| sla.detail)
            .collect(),
    }
}

/// Returns what tells a run from others where nothing names it: what was measured, and when. Contexts
/// are written differently in the two forms, so the setting is no part of it.
fn measured(workloads: &[Workload], started: Option<f64>) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    started.map(f64::to_bits).hash(&mut hasher);
    for workload in workloads {
        (&workload.key.scenario, workload.iterations, workload.failed).hash(&mut hasher);
        for duration in &workload.durations {
            (
                &duration.action,
                duration.mean.to_bits(),
                duration.median.to_bits(),
            )
                .hash(&mut hasher);
        }
    }
    format!("{:016x}", hasher.finish())
}

/// Returns the runner as the report has it: its type, and its settings below.
fn old_runner(mut runner: Map<String, Value>) -> Value {
    match runner.shift_remove("type") {
        Some(Value::String(kind)) => json!({ kind: sorted(Value::Object(runner)) }),
        _ => sorted(Value::Object(runner)),
    }
}

/// Returns the value with sorted keys: their order means nothing.
fn sorted(mut value: Value) -> Value {
    value.sort_all_objects();
    value
}

/// Returns the time in seconds since 1970; Rally writes it in UTC, without a zone.
fn seconds(text: &str) -> Option<f64> {
    let time: jiff::civil::DateTime = text.parse().ok()?;
    let time = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(time.timestamp().as_second() as f64).filter(|&time| is_plausible(time))
}

/// Returns whether a clock that shows this may be right: from 2010, when OpenStack began, to 2100.
fn is_plausible(time: f64) -> bool {
    (1.26e9..4.1e9).contains(&time)
}
