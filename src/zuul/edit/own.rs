//! The job that an earlier run added: where it is now, and the edit that gives it another text.
//!
//! A person may have moved it to another file, or given it another name; it is known by its name or
//! by the task that it runs. Nothing but its own lines changes.

use super::super::model::{Config, ConfigFile, Item, Location, Root};
use super::changes::FileEdit;
use super::error::{Hindrance, Obstacle, ZuulError};
use crate::files::Files;
use crate::yaml::lines;

/// The definition of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnJob {
    pub name: String,
    pub location: Location,
    /// The lines of the item: line feeds, dash at column 0.
    pub text: String,
    /// The task that it names.
    pub task: Option<String>,
}

/// What a search for a job finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    One(Box<OwnJob>),
    /// Variants, or several jobs that run the task: which one is meant is open.
    Several(Vec<Location>),
    None,
}

/// Returns the definition of the job `name`, else of the one job that runs `task`.
pub fn own_job(files: &dyn Files, name: &str, task: &str) -> Result<Found, ZuulError> {
    let root = Root::find(files)?;
    let mut named = Vec::new();
    let mut running = Vec::new();
    for (path, bytes) in &root.files {
        let text = String::from_utf8_lossy(bytes);
        // To parse every file takes longer than to look into it.
        if !text.contains(name) && !text.contains(task) {
            continue;
        }
        let file = ConfigFile::read(path, bytes)?;
        for item in file.items("job") {
            let text_of = |key: &str| item.body.get(key)?.text();
            if text_of("name") == Some(name) {
                named.push(own(item)?);
            } else if task_of(item) == Some(task) {
                running.push(own(item)?);
            }
        }
    }
    // A variant for some branches, say, names no task: the one that does is ours.
    if named.len() > 1 {
        let (main, variants): (Vec<OwnJob>, _) = named
            .into_iter()
            .partition(|own: &OwnJob| own.task.as_deref() == Some(task));
        named = match main.len() {
            1 => main,
            _ => main.into_iter().chain(variants).collect(),
        };
    }
    let mut found: Vec<OwnJob> = match named.is_empty() {
        true => running,
        false => named,
    };
    Ok(match (found.pop(), found.is_empty()) {
        (None, _) => Found::None,
        (Some(own), true) => Found::One(Box::new(own)),
        (Some(last), false) => {
            let all = found.into_iter().chain([last]);
            Found::Several(all.map(|own| own.location).collect())
        }
    })
}

fn task_of(item: Item<'_>) -> Option<&str> {
    item.body.get("vars")?.get("rally_task")?.text()
}

fn own(item: Item<'_>) -> Result<OwnJob, ZuulError> {
    let (range, column) = lines_of(item).ok_or_else(|| by_hand(item))?;
    let text = unshifted(&item.item.file.text[range], column).ok_or_else(|| by_hand(item))?;
    let name = item.body.get("name").and_then(|name| name.text());
    Ok(OwnJob {
        name: name.unwrap_or_default().to_owned(),
        location: item.body.named_at(),
        text,
        task: task_of(item).map(str::to_owned),
    })
}

/// Returns the lines of an item, and the column of its dash.
fn lines_of(item: Item<'_>) -> Option<(std::ops::Range<usize>, usize)> {
    let (file, data) = (item.item.file, item.item.node.data());
    let (dash, column) = lines::dash(&file.text, data.start)?;
    let start = lines::line_start(&file.text, dash);
    let end = lines::after(&file.text, data.end, column)?;
    Some((start..end, column))
}

/// Returns the block moved to the left; `None` where a line does not reach that far.
fn unshifted(block: &str, column: usize) -> Option<String> {
    let pad = " ".repeat(column);
    let mut text = String::with_capacity(block.len());
    for line in block.lines() {
        match line.strip_prefix(&pad) {
            Some(rest) => text.push_str(rest),
            None if line.trim().is_empty() => {}
            None => return None,
        }
        text.push('\n');
    }
    Some(text)
}

fn by_hand(item: Item<'_>) -> ZuulError {
    ZuulError::Refused {
        location: item.body.named_at(),
        obstacle: Obstacle::Hindrance(Hindrance::NoDash),
    }
}

/// Returns the edit that puts `text` in the place of the job: an item with its dash at column 0.
pub fn replace_job(files: &dyn Files, job: &OwnJob, text: &str) -> Result<FileEdit, ZuulError> {
    let path = &job.location.path;
    let before = files.read(path)?.unwrap_or_default();
    let file = ConfigFile::read(path, &before)?;
    let refused = |why: Hindrance| ZuulError::Refused {
        location: job.location.clone(),
        obstacle: Obstacle::Hindrance(why),
    };
    let item = file.items("job");
    let item = item
        .into_iter()
        .find(|item| item.body.named_at() == job.location);
    let item = item.ok_or_else(|| refused(Hindrance::OtherMeaning))?;
    let (range, column) = lines_of(item).ok_or_else(|| by_hand(item))?;
    let line_break = lines::line_break(&file.text, range.start.max(1));
    let mut fresh = lines::shifted(text, column, line_break);
    if range.end == file.text.len() && !file.text.ends_with('\n') {
        fresh.truncate(fresh.trim_end_matches(['\r', '\n']).len());
    }
    let after = format!(
        "{}{fresh}{}",
        &file.text[..range.start],
        &file.text[range.end..]
    );
    let edited = ConfigFile::parse(path, &after)?;
    prove(&file, &edited, item.index, text).map_err(refused)?;
    Ok(FileEdit {
        path: path.clone(),
        before: Some(before),
        after: after.into_bytes(),
        why: format!("job `{}` updated", job.name),
    })
}

/// Returns whether the item at `index` says what `text` says, and all others what they said.
fn prove(old: &ConfigFile, new: &ConfigFile, index: usize, text: &str) -> Result<(), Hindrance> {
    let items = |file: &ConfigFile| -> Vec<usize> {
        let list = file.list().into_iter();
        list.flat_map(|list| list.items().map(|item| item.id))
            .collect()
    };
    let (before, after) = (items(old), items(new));
    let mut pairs = before.iter().zip(&after).enumerate();
    let others_are_same = pairs.all(|(at, (a, b))| {
        at == index || old.document.tree().same_node(*a, new.document.tree(), *b)
    });
    // An alias in it leads out of the item, which then cannot be read by itself.
    let meant = ConfigFile::parse("job.yaml", text).ok();
    let is_meant = meant.is_none_or(|meant| {
        let ids = items(&meant);
        ids.len() == 1
            && meant
                .document
                .tree()
                .same_node(ids[0], new.document.tree(), after[index])
    });
    match before.len() == after.len() && others_are_same && is_meant {
        true => Ok(()),
        false => Err(Hindrance::OtherMeaning),
    }
}

/// Returns `text`, a job as the templates have it, with the irrelevant files of `earlier`: which
/// ones a job has was decided when it was added.
pub fn with_irrelevant_files(text: &str, earlier: &str) -> Option<String> {
    let mut out = text.trim_end().to_owned();
    out.push('\n');
    let file = ConfigFile::parse("job.yaml", earlier).ok()?;
    let item = file.items("job").next()?;
    if let Some((key, value)) = item.body.node.entry("irrelevant-files") {
        let start = lines::line_start(earlier, key.data().start);
        let column = key.data().start - start;
        let end = lines::after(earlier, value.data().end, column)?;
        out.push_str(&earlier[start..end]);
    }
    Some(out)
}

/// Returns whether the job is listed in the gate pipeline of this configuration.
pub fn is_gated(files: &dyn Files, name: &str) -> Result<bool, ZuulError> {
    let config = Config::read(&Root::find(files)?)?;
    let entries = config.entries();
    Ok(entries
        .iter()
        .any(|(pipeline, entry)| *pipeline == "gate" && entry.name == name))
}
