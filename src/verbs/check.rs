//! `check`: what is wrong with the Rally jobs that a repository has.

use std::collections::BTreeMap;

use super::UsageError;
use super::many::{Turns, each, paths};
use super::targets::{NoTarget, Target, targets};
use crate::change::{ChangeSet, FileChange, Reason};
use crate::check::{self, Finding, LARGEST, RULES, Repair, Report, Severity};
use crate::disk::WorkTree;
use crate::embedded;
use crate::event::{Event, Found, Patch, Stream};
use crate::files::Files;
use crate::git::{self, Environment};
use crate::patch;
use crate::rally::Facts;
use crate::request::{Check, Repairs};
use crate::stop::Stop;

/// Tells each finding; that there is none is a result, too.
pub(super) fn check(
    wanted: &Check,
    env: &Environment,
    tell: &mut dyn FnMut(Event),
) -> Result<Option<u8>, UsageError> {
    let targets = targets(&paths(&wanted.paths, &wanted.many)?, env);
    let name = |target: &Result<Target, NoTarget>| match target {
        Ok(target) => target.name.clone(),
        Err(none) => none.name.clone(),
    };
    let turn = |target: &Result<Target, NoTarget>, tell: &mut dyn FnMut(Event)| match target {
        Ok(target) => {
            if let Err(stop) = of_target(wanted, target, env, tell) {
                tell(stop.event(target.name.clone()));
            }
        }
        Err(NoTarget { name, stop }) => tell(stop.event(name.clone())),
    };
    let turns = Turns::beside(&wanted.many);
    Ok(each(&targets, &turns, name, turn, tell))
}

/// Tells every rule.
pub(super) fn list(tell: &mut dyn FnMut(Event)) {
    let templates = embedded::templates();
    for rule in RULES {
        tell(match rule.text(&templates) {
            Ok(text) => Event::Rule(Box::new(text)),
            Err(error) => Stop::from(error).event(rule.name.to_owned()),
        });
    }
}

/// Checks the work tree; or a commit, where one is given or there is no work tree.
fn of_target(
    wanted: &Check,
    target: &Target,
    env: &Environment,
    tell: &mut dyn FnMut(Event),
) -> Result<(), Stop> {
    let repo = target.open(env)?;
    let revision = match wanted.revision.as_deref() {
        None if repo.is_bare() => Some("HEAD"),
        given => given,
    };
    match revision {
        None => {
            let files = WorkTree::new(repo.path(), LARGEST);
            verdict(wanted, target, &files, tell)
        }
        Some(revision) => {
            let base = repo.base(Some(revision), repo.configuration())?;
            verdict(wanted, target, &repo.snapshot(base.commit)?, tell)
        }
    }
}

fn verdict(
    wanted: &Check,
    target: &Target,
    files: &dyn Files,
    tell: &mut dyn FnMut(Event),
) -> Result<(), Stop> {
    target.exists_in(files)?;
    let facts = Facts::read(&embedded::templates())?;
    let mut report = check::check(files, &facts)?;
    let findings = &mut report.findings;
    findings.retain(|found| target.has(&found.path) && wanted.selection.has(found));
    let stream = match wanted.repairs {
        Repairs::Show => {
            repairs(&report, target, files, tell)?;
            Stream::Error
        }
        Repairs::None => Stream::Output,
    };
    told(report, target, stream, tell);
    Ok(())
}

/// Tells the repairs as a diff that `git apply` takes.
fn repairs(
    report: &Report,
    target: &Target,
    files: &dyn Files,
    tell: &mut dyn FnMut(Event),
) -> Result<(), Stop> {
    let mut of_path: BTreeMap<&str, Vec<&Repair>> = BTreeMap::new();
    for found in &report.findings {
        let repairs = of_path.entry(&found.path).or_default();
        repairs.extend(&found.repair);
    }
    let mut change = ChangeSet::default();
    for (path, repairs) in of_path {
        let before = files.read(path).ok().flatten().unwrap_or_default();
        let text = std::str::from_utf8(&before).unwrap_or_default();
        if let Some(after) = check::mended(text, &repairs) {
            let what = Reason::Edited("repaired".to_owned());
            let mut file = FileChange::replaced(before, after.into_bytes(), what);
            file.mode = files.mode(path)?;
            change.0.insert(path.to_owned(), file);
        }
    }
    if change.is_empty() {
        let text = "git-rally has no repair for what it found";
        tell(Event::Talk(format!("{}: {text}", target.name)));
        return Ok(());
    }
    let diff = git::diff(&change)?;
    tell(Event::Patch(Patch {
        repo: target.name.clone(),
        text: patch::utf8(patch::unified(&diff))?,
        coloured: Some(patch::coloured(&diff)),
        notes: Vec::new(),
        file: None,
    }));
    Ok(())
}

fn told(report: Report, target: &Target, stream: Stream, tell: &mut dyn FnMut(Event)) {
    let name = &target.name;
    let judged = format!(
        "checked {} and {}",
        count(report.tasks, "task"),
        count(report.jobs, "job")
    );
    if report.findings.is_empty() {
        let reason = match report.is_of_rally {
            true => format!("no problems found: {judged}"),
            false => "no rally-jobs and no Rally job".to_owned(),
        };
        return tell(Event::unchanged(name, reason));
    }
    let summary = format!("{}: {judged}", counted(&report.findings));
    for found in report.findings {
        tell(Event::Finding(Box::new(Found {
            repo: name.clone(),
            severity: found.severity,
            shown: target.shown(&found.path),
            path: found.path,
            line: found.line,
            column: found.column,
            rule: found.rule.name,
            message: found.message,
            stream,
        })));
    }
    tell(Event::Talk(format!("{name}: {summary}")));
}

/// Returns how many errors, warnings and notes there are.
fn counted(findings: &[Finding]) -> String {
    let of = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let warnings = match of(Severity::Warning) {
        0 => String::new(),
        number => format!(", {}", count(number, "warning")),
    };
    let notes = match of(Severity::Note) {
        0 => String::new(),
        number => format!(", {number} not judged"),
    };
    let errors = match of(Severity::Error) {
        0 => "no errors".to_owned(),
        number => count(number, "error"),
    };
    format!("{errors}{warnings}{notes}")
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
