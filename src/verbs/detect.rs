//! `detect`: which service a repository is, and the evidence.

use crate::detect;
use crate::event::Event;
use crate::git::LocalClone;
use crate::gitreview::GitReview;
use crate::propose::Library;
use crate::request::Detect;
use crate::stop::Stop;

pub(super) fn detect(
    wanted: &Detect,
    clone: &LocalClone<'_>,
    library: &Library<'_>,
) -> Result<Event, Stop> {
    let base = clone
        .repo
        .base(wanted.start.base.as_deref(), &clone.settings)?;
    let snapshot = clone.repo.snapshot(base.commit)?;
    // What the other verbs refuse, this one refuses, too.
    GitReview::read(&snapshot)?.settings(&|key| clone.settings.get(key))?;
    let service = wanted.start.service.as_deref();
    let found = detect::which(&snapshot, &library.catalogue, service)?;
    let resources = found.entry.service.resources.iter();
    let resources = resources.map(|resource| resource.name.clone()).collect();
    let mut notes: Vec<String> = found.note.iter().map(ToString::to_string).collect();
    notes.push(format!(
        "the files are those of {} ({}, {})",
        base.name(),
        &base.commit.to_string()[..12],
        base.date.day()
    ));
    notes.extend(base.note());
    Ok(Event::Detected {
        repo: clone.name.clone(),
        service: found.service().to_owned(),
        evidence: found.evidence,
        resources,
        notes,
    })
}
