//! The job and the entries of the job lists.

use super::super::model::{ConfigError, ConfigFile};
use super::fresh::Fresh;
use super::irrelevant::Irrelevant;
use super::wanted::{PERIODIC, Voting, Wanted};

/// Returns the job as a file of its own, with its irrelevant files.
pub(super) fn job(wanted: &Wanted<'_>, irrelevant: &Irrelevant) -> Result<ConfigFile, ConfigError> {
    let mut text = wanted.job_text.trim_end().to_owned();
    text.push('\n');
    if let Irrelevant::Own(patterns) = irrelevant
        && !patterns.is_empty()
    {
        let patterns = patterns.iter().cloned().map(Fresh::Text);
        let list = Fresh::List(None, patterns.collect());
        let pairs = Fresh::Map(vec![("irrelevant-files".to_owned(), list)]).pairs(2);
        pairs
            .lines()
            .for_each(|line| text.push_str(&format!("    {line}\n")));
    }
    ConfigFile::parse("job.yaml", &text)
}

/// Returns the entry of a pipeline's job list. Irrelevant files count for changes only: a build that
/// a timer starts has no files, and Zuul's matcher never holds it back.
pub(super) fn entry(wanted: &Wanted<'_>, pipeline: &str, irrelevant: &Irrelevant) -> Fresh {
    let mut attributes = Vec::new();
    if wanted.voting == Voting::NonVoting {
        attributes.push(("voting".to_owned(), Fresh::Bool(false)));
    }
    if let Irrelevant::Alias(anchor) = irrelevant
        && pipeline != PERIODIC
    {
        let list = Fresh::Alias(anchor.clone());
        attributes.push(("irrelevant-files".to_owned(), list));
    }
    if attributes.is_empty() {
        Fresh::Text(wanted.job.into())
    } else {
        Fresh::Map(vec![(wanted.job.into(), Fresh::Map(attributes))])
    }
}
