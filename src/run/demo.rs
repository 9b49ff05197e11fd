//! `demo`: a small sample repository, and the main job on it.

use std::path::Path;

use super::Session;
use super::prepare::Prepared;
use super::stop::Stop;
use crate::embedded;
use crate::event::Event;
use crate::git::Repo;

impl Session<'_> {
    /// Lays out `git-rally-demo-SERVICE` in the current directory and commits there.
    pub(super) fn demo(&self, service: &str, tell: &mut dyn FnMut(Event)) {
        let folder = format!("git-rally-demo-{service}");
        tell(match self.on_sample(service, &folder) {
            Ok(event) => event,
            Err(stop) => stop.event(folder),
        });
    }

    fn on_sample(&self, service: &str, folder: &str) -> Result<Event, Stop> {
        let Some(sample) = embedded::sample(service) else {
            let known = embedded::samples().join(", ");
            return Err(Stop::failed(
                format!("there is no sample of `{service}`"),
                format!("git rally demo SERVICE, one of {known}"),
            ));
        };
        let path = Path::new(folder);
        if path.symlink_metadata().is_ok() {
            return Err(Stop::failed(
                format!("`{folder}` is there already, and nothing is overwritten"),
                format!("remove it, or run git rally demo {service} in another folder"),
            ));
        }
        let repo = Repo::sample(path, &sample, self.env)?;
        Prepared::new(self, repo)?.commit(self, folder)
    }
}
