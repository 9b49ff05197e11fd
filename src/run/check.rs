//! `check`: what is wrong with what is there.

use std::path::Path;

use super::Session;
use super::stop::Stop;
use crate::check::{self, LARGEST, Report};
use crate::disk::WorkTree;
use crate::embedded;
use crate::event::Event;
use crate::git::Repo;
use crate::rally::Facts;

impl Session<'_> {
    /// Tells each finding; that there is none is a result, too.
    pub(super) fn check(&self, path: Option<&Path>, name: &str, tell: &mut dyn FnMut(Event)) {
        match self.judged(path) {
            Ok(report) => told(report, name, tell),
            Err(stop) => tell(stop.event(name.to_owned())),
        }
    }

    /// Judges the work tree, or a commit where one is given or there is no work tree.
    fn judged(&self, path: Option<&Path>) -> Result<Report, Stop> {
        let facts = Facts::read(&embedded::templates())?;
        let repo = Repo::open(path, self.env)?;
        let revision = match self.request.change.base.as_deref() {
            None if repo.is_bare() => Some("HEAD"),
            given => given,
        };
        let Some(revision) = revision else {
            let files = WorkTree::new(repo.path(), LARGEST);
            return Ok(check::check(&files, &facts)?);
        };
        let settings = repo.settings(self.env)?;
        let base = repo.base(Some(revision), &settings)?;
        let snapshot = repo.snapshot(base.commit)?;
        Ok(check::check(&snapshot, &facts)?)
    }
}

fn told(report: Report, name: &str, tell: &mut dyn FnMut(Event)) {
    let repo = || name.to_owned();
    let judged = format!(
        "{} and {} judged",
        count(report.tasks, "task"),
        count(report.jobs, "job")
    );
    for text in &report.notes {
        tell(Event::Talk(format!("{name}: note: {text}")));
    }
    if !report.is_of_rally {
        let reason = "no rally-jobs and no Rally job".to_owned();
        return tell(Event::Unchanged {
            repo: repo(),
            reason,
        });
    }
    if report.findings.is_empty() {
        let unsure = report
            .notes
            .iter()
            .map(|note| format!("; {note}"))
            .collect::<String>();
        let reason = format!("nothing wrong: {judged}{unsure}");
        return tell(Event::Unchanged {
            repo: repo(),
            reason,
        });
    }
    let text = format!("{}: {judged}", count(report.findings.len(), "finding"));
    for found in report.findings {
        tell(Event::Finding {
            repo: repo(),
            path: found.path,
            line: found.line,
            rule: found.rule.name,
            message: found.message,
        });
    }
    tell(Event::Talk(format!("{name}: {text}")));
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
