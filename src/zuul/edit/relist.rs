//! Entries of a job that is there: each pipeline's is added, rewritten or taken out, in the text, and
//! nothing else means anything else then.

use std::collections::BTreeMap;

use super::super::model::{Config, ConfigFile, ConfigNode, Item, Location, Root};
use super::changes::FileEdit;
use super::compose;
use super::error::{Hindrance, Obstacle, ZuulError};
use super::fresh::Fresh;
use super::insert;
use super::same::same_but_entries;
use super::target;
use super::wanted::Wanted;
use crate::files::{EntryKind, Files, FilesError};
use crate::yaml::lines;

/// Files with some of them changed.
pub(super) struct Changed<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) edits: BTreeMap<String, FileEdit>,
    /// What changes of the entries, for people.
    pub(super) why: String,
}

/// What an entry says of the job.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) is_non_voting: bool,
    /// The anchor of a list.
    pub(super) irrelevant_files: Option<String>,
}

impl Attributes {
    /// Returns them; `None` where there are others, or values of another form.
    pub(super) fn of(entry: ConfigNode<'_>) -> Option<Attributes> {
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

impl<'a> Changed<'a> {
    pub(super) fn new(files: &'a dyn Files, edits: Vec<FileEdit>, why: String) -> Changed<'a> {
        let edits = edits.into_iter().map(|edit| (edit.path.clone(), edit));
        Changed {
            files,
            edits: edits.collect(),
            why,
        }
    }

    pub(super) fn config(&self) -> Result<Config, ZuulError> {
        Ok(Config::read(&Root::find(self)?)?)
    }

    /// Makes the entry of a pipeline vote like the attributes, or adds one with all of them; returns
    /// those that it has.
    pub(super) fn relist(
        &mut self,
        pipeline: &'static str,
        wanted: &Wanted<'_>,
        attributes: &Attributes,
    ) -> Result<Attributes, ZuulError> {
        let root = Root::find(self)?;
        let config = Config::read(&root)?;
        let Some((_, at)) = listed(&config, wanted, pipeline)? else {
            let entry = attributes.entry(wanted.job);
            let edit = compose::listing(&root, config, wanted, pipeline, entry)?;
            self.put(edit);
            return Ok(attributes.clone());
        };
        let theirs =
            Attributes::of(at).ok_or_else(|| refused(at.location(), Hindrance::OtherAttributes))?;
        let entry = Attributes {
            is_non_voting: attributes.is_non_voting,
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

    /// Takes the job out of a pipeline; one that has nothing else goes as well, and so does a stanza.
    pub(super) fn unlist(&mut self, pipeline: &str, wanted: &Wanted<'_>) -> Result<(), ZuulError> {
        let config = self.config()?;
        let Some((list, item)) = listed(&config, wanted, pipeline)? else {
            return Ok(());
        };
        if list.node.items().len() > 1 {
            return self.replace(item, "", wanted);
        }
        let empty = || refused(list.location(), Hindrance::EmptyList);
        let own = target::own_stanzas(&config, wanted.project)?;
        let has = |stanza: &&Item<'_>| {
            let jobs = (stanza.body.node.own(pipeline)).and_then(|body| body.own("jobs"));
            jobs.is_some_and(|jobs| jobs.id == list.node.id)
        };
        let stanza = own.iter().find(has).ok_or_else(empty)?;
        let (key, body) = stanza.body.node.entry(pipeline).ok_or_else(empty)?;
        if body.pairs().len() > 1 {
            return Err(empty());
        }
        let items = list.file.list().map_or(0, |list| list.items().len());
        let (first, last) = match stanza.body.node.pairs().len() {
            // One of our own goes as a whole.
            1 if items > 1 => {
                let item = stanza.item.node.data();
                let dash = lines::dash(&list.file.text, item.start);
                let dash = dash.ok_or_else(|| refused(list.location(), Hindrance::NoDash))?;
                (dash.0, item.end)
            }
            1 => return Err(empty()),
            _ => (key.data().start, body.data().end),
        };
        let text = &list.file.text;
        let mut start = lines::line_start(text, first);
        let end = lines::after(text, last, first - start)
            .ok_or_else(|| refused(list.location(), Hindrance::LineGoesOn))?;
        if text[start..end].contains('#') {
            return Err(refused(list.location(), Hindrance::Comment));
        }
        // What set it off from the text before sets off nothing at the end.
        if text[end..].trim().is_empty() {
            start = text[..start].trim_end().len();
            start = lines::next_line(text, start);
        }
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
            why: String::new(),
        });
        Ok(())
    }

    /// Adds the edit to those of its file.
    fn put(&mut self, edit: FileEdit) {
        let path = edit.path.clone();
        let edit = match self.edits.remove(&path) {
            Some(earlier) if earlier.why.ends_with(&self.why) => FileEdit {
                before: earlier.before,
                why: earlier.why,
                ..edit
            },
            Some(earlier) => FileEdit {
                before: earlier.before,
                why: format!("{}; {}", earlier.why, self.why),
                ..edit
            },
            None => FileEdit {
                why: self.why.clone(),
                ..edit
            },
        };
        self.edits.insert(path, edit);
    }
}

/// Returns the list of the pipeline that has the job, and the job's entry in it.
pub(super) fn listed<'c>(
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

pub(super) fn wanted_at(config: &Config, wanted: &Wanted<'_>) -> Location {
    let found = config.definitions(wanted.job).next();
    found.map_or_else(
        || Location::of_line(wanted.task.to_owned(), 1),
        ConfigNode::named_at,
    )
}

pub(super) fn refused(location: Location, why: Hindrance) -> ZuulError {
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
