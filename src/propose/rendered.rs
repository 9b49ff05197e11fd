//! What an earlier run had rendered: found by its digests, or worked out where the commit has a merge.

use std::collections::BTreeMap;

use super::earlier::{Before, Run, id_of};
use super::untouched::has_our_files;
use crate::files::{EntryKind, Files};
use crate::git::{LocalClone, Snapshot};
use crate::merge::{self, MergeLines, Sides};
use crate::message::Wrote;
use crate::plan::{JobName, files_of_rally_jobs, has_rendered_name, place_in};
use crate::rally;
use crate::stop::Stop;

impl Run {
    /// Returns what was rendered. A file that is in the commit as it was rendered is known by its
    /// digest. Of one that people had edited before, so that the commit has a merge, what was
    /// rendered is what their edits, taken out of the merge, leave; the digest proves it.
    pub(super) fn rendered(
        &self,
        clone: &LocalClone<'_>,
        lines: MergeLines<'_>,
        runs: usize,
    ) -> Result<Rendered, Stop> {
        let files = clone.repo.snapshot(self.commit.id)?;
        let wrote = self.wrote(clone, &files)?;
        let mut found = Rendered::default();
        let mut there: BTreeMap<String, (Vec<u8>, Vec<String>)> = BTreeMap::new();
        let mut documents = String::new();
        for path in files_of_rally_jobs(&files)? {
            let content = files.read(&path)?.unwrap_or_default();
            if path.ends_with(".rst") {
                documents += &String::from_utf8_lossy(&content);
            }
            let id = id_of(&content)?;
            if wrote.has_file(&id) {
                let same = there.entry(id).or_insert_with(|| (content, Vec::new()));
                same.1.push(path);
            }
        }
        for (id, (content, paths)) in &there {
            let name = wrote.name_of(id);
            let name = name.map(|name| format!("{}/{name}", rally::DIRECTORY));
            for path in originals(paths, &self.task(), &documents) {
                let name = name.clone().unwrap_or_else(|| path.clone());
                found.add(name, path, content.clone());
            }
        }
        let there: Vec<String> = there.into_keys().collect();
        let own = self.own_job(&files);
        let is_ours = |text: &str| Ok::<bool, Stop>(wrote.has_job(&id_of(text.as_bytes())?));
        if let Some(own) = &own
            && is_ours(&own.text)?
        {
            found.job = Some(own.text.clone());
        }
        let lacks_job = own.is_some() && found.job.is_none() && wrote.job.is_some();
        if (wrote.has_only(&there) && !lacks_job) || runs == 0 {
            return Ok(found);
        }
        let Some(parent) = self.commit.parent else {
            return Ok(found);
        };
        let job = self.remembered().job;
        let is_same = |other: Option<&JobName>| other == job.as_ref();
        let service = &self.provenance.service;
        let Before::Run(before) = Run::find(clone, parent, service, &is_same)? else {
            return Ok(found);
        };
        let base = before.rendered(clone, lines, runs - 1)?;
        let edited = clone.repo.snapshot(parent)?;
        let paths = files_of_rally_jobs(&clone.repo.snapshot(before.commit.id)?)?;
        let paths = paths.into_iter().collect();
        // Then what our change has left of people's edits is ours.
        let is_untouched = has_our_files(clone, files.tree_id(), Some(parent), &self.provenance)?;
        for (path, was) in base.files {
            let place = base.places.get(&path).unwrap_or(&path);
            let Some(then) = place_in(&paths, &edited, place, &was)? else {
                continue;
            };
            if found.files.contains_key(&path) || files.kind(&then)? != Some(EntryKind::File) {
                continue;
            }
            let people = edited.read(&then)?.unwrap_or_default();
            let merged = files.read(&then)?.unwrap_or_default();
            let out = without_edits(&path, &people, &was, &merged, lines);
            let is_proven = match &out {
                Some(out) => is_untouched || wrote.has_file(&id_of(out)?),
                None => false,
            };
            // What the run before had rendered is a base as well: what this one changed counts as
            // a person's then, and stays.
            let rendered = out.filter(|_| is_proven).unwrap_or(was);
            found.add(path, then, rendered);
        }
        if let (true, Some(own), Some(was)) = (lacks_job, own, base.job) {
            let people = self.own_job(&edited);
            let out = people.and_then(|people| {
                let (people, merged) = (people.text.as_bytes(), own.text.as_bytes());
                let out = without_edits("job.yaml", people, was.as_bytes(), merged, lines)?;
                String::from_utf8(out).ok()
            });
            let is_proven = match &out {
                Some(out) => is_untouched || is_ours(out)?,
                None => false,
            };
            found.job = Some(out.filter(|_| is_proven).unwrap_or(was));
        }
        Ok(found)
    }

    /// Returns the digests of what was rendered. A version that did not write them down has only the
    /// tree: if the commit has it still, all that the commit brought was rendered.
    fn wrote(&self, clone: &LocalClone<'_>, files: &Snapshot<'_>) -> Result<Wrote, Stop> {
        if let Some(wrote) = &self.provenance.wrote {
            return Ok(wrote.clone());
        }
        let mut wrote = Wrote::default();
        if files.tree_id().to_string() != self.provenance.tree {
            return Ok(wrote);
        }
        let before = match self.commit.parent {
            Some(parent) => Some(clone.repo.snapshot(parent)?),
            None => None,
        };
        for path in files_of_rally_jobs(files)? {
            let content = files.read(&path)?;
            let old = match &before {
                Some(before) => before.read(&path)?,
                None => None,
            };
            if old != content {
                let id = id_of(&content.unwrap_or_default())?;
                wrote.files.push(Wrote::digest(&id));
            }
        }
        if let Some(own) = self.own_job(files) {
            wrote.job = Some(Wrote::digest(&id_of(own.text.as_bytes())?));
        }
        Ok(wrote)
    }
}

/// What a run rendered: path to content, and the item of the job.
#[derive(Default)]
pub(super) struct Rendered {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// Path to where the commit has the file, where people have moved it.
    pub(super) places: BTreeMap<String, String>,
    pub(super) job: Option<String>,
}

impl Rendered {
    /// Adds a file that was rendered for a path and is at a place.
    fn add(&mut self, path: String, place: String, content: Vec<u8>) {
        if path != place {
            self.places.insert(path.clone(), place);
        }
        self.files.insert(path, content);
    }

    /// Returns whether a rendered file is at the place.
    pub(super) fn is_ours(&self, place: &str) -> bool {
        match self.places.values().any(|other| other == place) {
            true => true,
            false => self.files.contains_key(place) && !self.places.contains_key(place),
        }
    }
}

/// Returns what the merge `merged` of a rendered text with `people`'s text would be without their
/// edits: `was` is what they had edited.
fn without_edits(
    path: &str,
    people: &[u8],
    was: &[u8],
    merged: &[u8],
    lines: MergeLines<'_>,
) -> Option<Vec<u8>> {
    let text = |bytes| std::str::from_utf8(bytes).ok();
    let sides = Sides {
        base: text(people)?,
        theirs: text(was)?,
        ours: text(merged)?,
    };
    let out = match path.ends_with(".yaml") {
        true => merge::yaml(&sides, lines),
        false => merge::text(&sides, lines),
    };
    Some(out.ok()?.text.into_bytes())
}

/// Returns which of the files with the same content were rendered; the others are people's copies.
fn originals(paths: &[String], task: &str, documents: &str) -> Vec<String> {
    let is_known = |path: &str| path == task || has_rendered_name(path);
    let is_named = |path: &str| documents.contains(path.rsplit('/').next().unwrap_or(path));
    for is_ours in [&is_known as &dyn Fn(&str) -> bool, &is_named] {
        let ours: Vec<String> = paths.iter().filter(|path| is_ours(path)).cloned().collect();
        if !ours.is_empty() {
            return ours;
        }
    }
    paths.to_vec()
}
