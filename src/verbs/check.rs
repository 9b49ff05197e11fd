//! `check`: what is wrong with the Rally jobs that a repository has.

use std::path::Path;

use super::name_of;
use crate::check::{self, Finding, LARGEST, Report, Severity};
use crate::disk::WorkTree;
use crate::embedded;
use crate::event::Event;
use crate::git::{Environment, LocalClone, Repo};
use crate::rally::Facts;
use crate::request::Check;
use crate::stop::Stop;

/// Tells each finding; that there is none is a result, too.
pub(super) fn check(
    wanted: &Check,
    path: Option<&Path>,
    env: &Environment,
    tell: &mut dyn FnMut(Event),
) {
    let name = name_of(path);
    match judged(wanted, path, env) {
        Ok(report) => told(report, &name, tell),
        Err(stop) => tell(stop.event(name)),
    }
}

/// Checks the work tree; or a commit, where one is given or there is no work tree.
fn judged(wanted: &Check, path: Option<&Path>, env: &Environment) -> Result<Report, Stop> {
    let templates = embedded::templates();
    let facts = Facts::read(&templates)?;
    let repo = Repo::open(path, env)?;
    let revision = match wanted.revision.as_deref() {
        None if repo.is_bare() => Some("HEAD"),
        given => given,
    };
    let Some(revision) = revision else {
        let files = WorkTree::new(repo.path(), LARGEST);
        return Ok(check::check(&files, &facts)?);
    };
    let clone = LocalClone::of(repo, name_of(path), env);
    let base = clone.repo.base(Some(revision), &clone.settings)?;
    let snapshot = clone.repo.snapshot(base.commit)?;
    Ok(check::check(&snapshot, &facts)?)
}

fn told(report: Report, name: &str, tell: &mut dyn FnMut(Event)) {
    let judged = format!(
        "checked {} and {}",
        count(report.tasks, "task"),
        count(report.jobs, "job")
    );
    for text in &report.notes {
        tell(Event::Talk(format!("{name}: note: {text}")));
    }
    if !report.is_of_rally {
        let reason = "no rally-jobs and no Rally job".to_owned();
        return tell(Event::unchanged(name, reason));
    }
    if report.findings.is_empty() {
        let unsure = report.notes.iter().map(|note| format!("; {note}"));
        let reason = format!("no problems found: {judged}{}", unsure.collect::<String>());
        return tell(Event::unchanged(name, reason));
    }
    let summary = format!("{}: {judged}", counted(&report.findings));
    for found in report.findings {
        tell(Event::Finding {
            repo: name.to_owned(),
            severity: found.severity,
            path: found.path,
            line: found.line,
            rule: found.rule.name,
            message: found.message,
        });
    }
    tell(Event::Talk(format!("{name}: {summary}")));
}

/// Returns how many errors and how many warnings there are.
fn counted(findings: &[Finding]) -> String {
    let of = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    match (errors, warnings) {
        (errors, 0) => count(errors, "error"),
        (0, warnings) => format!("no errors, {}", count(warnings, "warning")),
        _ => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
