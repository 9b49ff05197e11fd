//! What a run rendered: the next one knows it by its digests.

use super::Options;
use super::update::Update;
use crate::rally;
use crate::zuul::Voting;

/// What was rendered, whatever of it is in the change.
#[derive(Clone, Debug, Default)]
pub struct Wrote {
    /// The files, those that are kept as a person wrote them left out.
    pub files: Vec<Vec<u8>>,
    /// The item of the job.
    pub job: Option<String>,
    /// Subject and body.
    pub message: String,
    /// Names of files that people gave others, with what was rendered for them.
    pub moved: Vec<(String, Vec<u8>)>,
    /// Names of files that people deleted.
    pub gone: Vec<String>,
    /// Names of people's own files, where these are not those of the base.
    pub others: Option<Vec<String>>,
    /// Which form the job of an earlier run was rendered in.
    pub voting: Option<Voting>,
    /// Whether that form is one that runs in `periodic`.
    pub periodic: bool,
}

impl Wrote {
    /// Adds what the next run cannot tell from the commit of an update.
    pub(super) fn of_update(
        &mut self,
        update: &Update<'_>,
        rendered: &[(String, Vec<u8>)],
        asked: &Options,
    ) {
        let name = |path: &String| {
            let name = path.strip_prefix(rally::DIRECTORY)?.strip_prefix('/')?;
            (!name.contains([' ', ':'])).then(|| name.to_owned())
        };
        self.gone = update.gone.iter().filter_map(name).collect();
        let moved = rendered
            .iter()
            .filter(|(path, _)| update.moved.contains(path));
        self.moved = moved
            .filter_map(|(path, text)| Some((name(path)?, text.clone())))
            .collect();
        let job = update.earlier.job.as_ref();
        self.voting = job.map(|job| asked.voting.unwrap_or(job.voting));
        self.periodic = job.is_some_and(|job| asked.periodic.unwrap_or(job.periodic));
    }
}
