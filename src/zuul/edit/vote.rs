//! The edit that brings the job of an earlier run into the gate, or takes it out again.

use std::collections::BTreeMap;

use super::super::model::{Config, ConfigFile, ConfigNode, Location, Root, covered};
use super::changes::FileEdit;
use super::compose;
use super::error::{Hindrance, Obstacle, ZuulError};
use super::fresh::Fresh;
use super::insert;
use super::plan::runs_as_wanted;
use super::same::same_but_entries;
use super::target;
use super::wanted::{Voting, Wanted};
use crate::files::{EntryKind, Files, FilesError};
use crate::yaml::lines;

/// Files with some of them changed.
struct Changed<'a> {
    files: &'a dyn Files,
    edits: BTreeMap<String, FileEdit>,
}

/// Returns the edits that make the job run and vote as wanted, on top of `edits`; an entry that
/// people gave more attributes than git-rally does is theirs.
pub fn vote(
    files: &dyn Files,
    edits: Vec<FileEdit>,
    wanted: &Wanted<'_>,
) -> Result<Vec<FileEdit>, ZuulError> {
    let edits = edits.into_iter().map(|edit| (edit.path.clone(), edit));
    let mut changed = Changed {
        files,
        edits: edits.collect(),
    };
    let attributes = changed.relist("check", wanted, &Attributes::default())?;
    match wanted.voting {
        Voting::Voting => {
            changed.relist("gate", wanted, &attributes)?;
        }
        Voting::NonVoting => changed.unlist(wanted)?,
    }
    let config = Config::read(&Root::find(&changed)?)?;
    match runs_as_wanted(&covered(&config), wanted) {
        true => Ok(changed.edits.into_values().collect()),
        false => Err(refused(wanted_at(&config, wanted), Hindrance::OtherMeaning)),
    }
}

/// What an entry says of the job.
#[derive(Clone, Default, PartialEq, Eq)]
struct Attributes {
    is_non_voting: bool,
    /// The anchor of a list.
    irrelevant_files: Option<String>,
}

impl Attributes {
    /// Returns them; `None` where there are others, or values of another form.
    fn of(entry: ConfigNode<'_>) -> Option<Attributes> {
        let mut found = Attributes::default();
        for (key, value) in entry
            .entry()?
            .attributes
            .iter()
            .flat_map(|at| at.node.pairs())
        {
            match key.text()? {
                "voting" => {
                    found.is_non_voting = !ConfigNode {
                        node: value,
                        ..entry
                    }
                    .boolean()?
                }
                "irrelevant-files" => match &value.data().kind {
                    crate::yaml::Kind::Alias { name, .. } => {
                        found.irrelevant_files = Some(name.clone());
                    }
                    _ => return None,
                },
                _ => return None,
            }
        }
        Some(found)
    }

    fn entry(&self, job: &str) -> Fresh {
        let mut pairs = Vec::new();
        if self.is_non_voting {
            pairs.push(("voting".to_owned(), Fresh::Bool(false)));
        }
        if let Some(anchor) = &self.irrelevant_files {
            let list = Fresh::Alias(anchor.clone());
            pairs.push(("irrelevant-files".to_owned(), list));
        }
        match pairs.is_empty() {
            true => Fresh::Text(job.to_owned()),
            false => Fresh::Map(vec![(job.to_owned(), Fresh::Map(pairs))]),
        }
    }
}

impl Changed<'_> {
    /// Makes the entry of a pipeline what is wanted, or adds one with the attributes; returns those
    /// that it has.
    fn relist(
        &mut self,
        pipeline: &'static str,
        wanted: &Wanted<'_>,
        attributes: &Attributes,
    ) -> Result<Attributes, ZuulError> {
        let root = Root::find(self)?;
        let config = Config::read(&root)?;
        let is_non_voting = wanted.voting == Voting::NonVoting;
        let Some((_, at)) = listed(&config, wanted, pipeline)? else {
            let entry = Attributes {
                is_non_voting,
                ..attributes.clone()
            };
            let edit = compose::listing(&root, config, wanted, pipeline, entry.entry(wanted.job))?;
            self.put(edit);
            return Ok(entry);
        };
        let theirs =
            Attributes::of(at).ok_or_else(|| refused(at.location(), Hindrance::OtherAttributes))?;
        let entry = Attributes {
            is_non_voting,
            ..theirs.clone()
        };
        if entry == theirs {
            return Ok(entry);
        }
        let dash = insert::indentation(at.file);
        let text = entry.entry(wanted.job).item(dash);
        self.replace(at, &text, wanted)?;
        Ok(entry)
    }

    /// Takes the job out of the gate; a pipeline that has nothing else goes as well.
    fn unlist(&mut self, wanted: &Wanted<'_>) -> Result<(), ZuulError> {
        let config = Config::read(&Root::find(self)?)?;
        let Some((list, item)) = listed(&config, wanted, "gate")? else {
            return Ok(());
        };
        if list.node.items().len() > 1 {
            return self.replace(item, "", wanted);
        }
        let own = target::own_stanzas(&config, wanted.project)?;
        let pair = own.iter().find_map(|stanza| {
            let (key, body) = stanza.body.node.entry("gate")?;
            (body.own("jobs")?.id == list.node.id && body.pairs().len() == 1).then_some((key, body))
        });
        let (key, body) = pair.ok_or_else(|| refused(list.location(), Hindrance::EmptyList))?;
        let text = &list.file.text;
        let start = lines::line_start(text, key.data().start);
        let column = key.data().start - start;
        let end = lines::after(text, body.data().end, column)
            .ok_or_else(|| refused(list.location(), Hindrance::LineGoesOn))?;
        self.splice(list.file, start..end, "", wanted)
    }

    /// Puts `text`, an item with its dash at column 0, in the place of an item.
    fn replace(
        &mut self,
        item: ConfigNode<'_>,
        text: &str,
        wanted: &Wanted<'_>,
    ) -> Result<(), ZuulError> {
        let file = item.file;
        let no_dash = || refused(item.location(), Hindrance::NoDash);
        let (dash, column) = lines::dash(&file.text, item.node.data().start).ok_or_else(no_dash)?;
        let start = lines::line_start(&file.text, dash);
        let end = lines::after(&file.text, item.node.data().end, column).ok_or_else(no_dash)?;
        // People wrote it of the entry as it is.
        if file.text[start..end].contains('#') {
            return Err(refused(item.location(), Hindrance::Comment));
        }
        let line_break = lines::line_break(&file.text, start.max(1));
        let text = lines::shifted(text, column, line_break);
        self.splice(file, start..end, &text, wanted)
    }

    fn splice(
        &mut self,
        file: &ConfigFile,
        range: std::ops::Range<usize>,
        text: &str,
        wanted: &Wanted<'_>,
    ) -> Result<(), ZuulError> {
        let after = format!(
            "{}{text}{}",
            &file.text[..range.start],
            &file.text[range.end..]
        );
        let new = ConfigFile::parse(&file.path, &after)?;
        let same = match (file.list(), new.list()) {
            (Some(old), Some(new)) => same_but_entries(old, new, wanted.job),
            _ => false,
        };
        if !same {
            let line = 1 + file.text[..range.start].matches('\n').count();
            let location = Location::of_line(file.path.clone(), line);
            return Err(refused(location, Hindrance::OtherMeaning));
        }
        let path = file.path.clone();
        let before = self.files.read(&path)?;
        self.put(FileEdit {
            path,
            before,
            after: after.into_bytes(),
            why: why(wanted),
        });
        Ok(())
    }

    fn put(&mut self, edit: FileEdit) {
        let path = edit.path.clone();
        let earlier = self.edits.remove(&path);
        let edit = match earlier {
            Some(earlier) if earlier.why != edit.why => FileEdit {
                before: earlier.before,
                why: format!("{}; {}", earlier.why, edit.why),
                ..edit
            },
            Some(earlier) => FileEdit {
                before: earlier.before,
                ..edit
            },
            None => edit,
        };
        self.edits.insert(path, edit);
    }
}

fn why(wanted: &Wanted<'_>) -> String {
    let runs = match wanted.voting {
        Voting::Voting => "listed in check and gate, voting",
        Voting::NonVoting => "listed in check, non-voting",
    };
    format!("`{}` {runs}", wanted.job)
}

/// Returns the list of the pipeline that has the job, and the job's entry in it.
fn listed<'c>(
    config: &'c Config,
    wanted: &Wanted<'_>,
    pipeline: &str,
) -> Result<Option<(ConfigNode<'c>, ConfigNode<'c>)>, ZuulError> {
    for stanza in target::own_stanzas(config, wanted.project)? {
        let jobs = stanza.body.get(pipeline).and_then(|body| body.get("jobs"));
        let Some(jobs) = jobs else { continue };
        let is_own = |item: &ConfigNode<'_>| {
            let entry = item.entry();
            entry.is_some_and(|entry| entry.name == wanted.job)
        };
        if let Some(own) = jobs.items().find(is_own) {
            return match jobs.node.is_alias() || jobs.node.is_shared() {
                true => Err(refused(jobs.location(), Hindrance::Shared)),
                false => Ok(Some((jobs, own))),
            };
        }
    }
    Ok(None)
}

fn wanted_at(config: &Config, wanted: &Wanted<'_>) -> Location {
    let found = config.definitions(wanted.job).next();
    found.map_or_else(
        || Location::of_line(wanted.task.to_owned(), 1),
        ConfigNode::named_at,
    )
}

fn refused(location: Location, why: Hindrance) -> ZuulError {
    ZuulError::Refused {
        location,
        obstacle: Obstacle::Entry(why),
    }
}

impl Files for Changed<'_> {
    fn kind(&self, path: &str) -> Result<Option<EntryKind>, FilesError> {
        match self.edits.contains_key(path) {
            true => Ok(Some(EntryKind::File)),
            false => self.files.kind(path),
        }
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, FilesError> {
        match self.edits.get(path) {
            Some(edit) => Ok(Some(edit.after.clone())),
            None => self.files.read(path),
        }
    }

    fn mode(&self, path: &str) -> Result<u32, FilesError> {
        self.files.mode(path)
    }

    fn list(&self, dir: &str) -> Result<Vec<(String, EntryKind)>, FilesError> {
        self.files.list(dir)
    }
}
