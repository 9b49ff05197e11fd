//! The entries of the job lists.

use super::super::model::{Config, ConfigFile, Relevant, shared};
use super::changes::Note;
use super::fresh::Fresh;
use super::wanted::{Voting, Wanted};

/// The entries of one file.
pub(super) struct Entries {
    /// In the order of the text.
    pub(super) entries: Vec<Fresh>,
    pub(super) note: Option<Note>,
}

/// Returns `count` entries for one file.
///
/// Documentation changes do not start the job: its entries use the list that the DevStack jobs of
/// the file share, where that is before `first`, the byte where the first entry goes in. Else
/// the list is written out, once, and shared.
pub(super) fn entries(
    config: &Config,
    file: &ConfigFile,
    first: usize,
    count: usize,
    wanted: &Wanted<'_>,
) -> Entries {
    let relevant = Relevant {
        paths: &[wanted.task, file.path.as_str()],
        package: wanted.project.and_then(|name| name.rsplit('/').next()),
    };
    if let Some(anchor) = shared(config, file, first, relevant) {
        let alias = Fresh::Alias(anchor.to_owned());
        return Entries {
            entries: vec![entry(wanted, Some(alias)); count],
            note: Some(Note::SharedList {
                anchor: anchor.to_owned(),
                path: file.path.clone(),
            }),
        };
    }
    let mut entries = vec![entry(wanted, None); count];
    if !wanted.irrelevant_files.is_empty() {
        let anchor = Some(format!("{}-irrelevant-files", wanted.job));
        let anchor = anchor.filter(|name| count > 1 && is_free(file, name));
        let patterns = wanted.irrelevant_files.iter().cloned().map(Fresh::Text);
        let list = Fresh::List(anchor.clone(), patterns.collect());
        let again = anchor.map_or(list.clone(), Fresh::Alias);
        entries = vec![entry(wanted, Some(again)); count];
        entries[0] = entry(wanted, Some(list));
    }
    Entries {
        entries,
        note: None,
    }
}

/// Returns whether the file can have an anchor of that name.
fn is_free(file: &ConfigFile, name: &str) -> bool {
    let valid = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    name.chars().all(valid) && file.document.anchored(name) == 0
}

fn entry(wanted: &Wanted<'_>, irrelevant_files: Option<Fresh>) -> Fresh {
    let mut attributes = Vec::new();
    if wanted.voting == Voting::NonVoting {
        attributes.push(("voting".to_owned(), Fresh::Bool(false)));
    }
    if let Some(list) = irrelevant_files {
        attributes.push(("irrelevant-files".to_owned(), list));
    }
    if attributes.is_empty() {
        Fresh::Text(wanted.job.into())
    } else {
        Fresh::Map(vec![(wanted.job.into(), Fresh::Map(attributes))])
    }
}
