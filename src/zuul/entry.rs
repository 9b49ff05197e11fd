//! The entries of the job lists.

use super::config::{Config, Source};
use super::fresh::Fresh;
use super::irrelevant::{self, Relevant};
use super::{Voting, Wanted};

/// Returns `count` entries for one file, in the order of the text.
///
/// Documentation changes do not start the job: its entries use the list that the DevStack jobs of
/// the file share, where that stands before `first`, the byte where the first entry goes in. Else
/// the list is written out, once, and shared.
pub(super) fn entries(
    config: &Config,
    source: &Source,
    (first, count): (usize, usize),
    wanted: &Wanted<'_>,
    notes: &mut Vec<String>,
) -> Vec<Fresh> {
    let relevant = Relevant {
        paths: &[wanted.task, source.path.as_str()],
        package: wanted.project.and_then(|name| name.rsplit('/').next()),
    };
    if let Some(anchor) = irrelevant::shared(config, source, first, relevant) {
        notes.push(format!(
            "the job shares `{anchor}` of `{}` with other DevStack jobs",
            source.path
        ));
        let alias = Fresh::Alias(anchor.to_owned());
        return vec![entry(wanted, Some(alias)); count];
    }
    if wanted.irrelevant_files.is_empty() {
        return vec![entry(wanted, None); count];
    }
    let anchor = Some(format!("{}-irrelevant-files", wanted.job));
    let anchor = anchor.filter(|name| count > 1 && is_free(source, name));
    let patterns = wanted.irrelevant_files.iter().cloned().map(Fresh::Text);
    let list = Fresh::List(anchor.clone(), patterns.collect());
    let again = anchor.map_or(list.clone(), Fresh::Alias);
    let mut entries = vec![entry(wanted, Some(again)); count];
    entries[0] = entry(wanted, Some(list));
    entries
}

/// Returns whether the file can have an anchor of that name.
fn is_free(source: &Source, name: &str) -> bool {
    let valid = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let mut nodes = source.tree.nodes.iter();
    name.chars().all(valid) && !nodes.any(|node| node.anchor.as_deref() == Some(name))
}

fn entry(wanted: &Wanted<'_>, irrelevant_files: Option<Fresh>) -> Fresh {
    let mut attributes = Vec::new();
    if wanted.voting == Voting::Trial {
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
