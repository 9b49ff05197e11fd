//! How long things take: `templates/rally/durations.yaml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CatalogueError, load};
use crate::files::Files;

const PATH: &str = "rally/durations.yaml";

/// The contents of `templates/rally/durations.yaml`. All times are seconds on a DevStack node of CI.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Durations {
    /// What the sources speak of, for documents: a paragraph.
    pub about: String,
    /// Where the figures are from: the name that a duration gives to what was measured or read,
    /// when and where.
    pub sources: BTreeMap<String, String>,
    /// Atomic action to how long one takes.
    pub actions: BTreeMap<String, Duration>,
    /// What Rally itself adds.
    pub overhead: Overhead,
    /// Kind of DevStack to how long it takes to come up.
    pub devstack: BTreeMap<String, Duration>,
}

/// An expected duration and where the figure is from.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Duration {
    /// Seconds, on average.
    pub expected: f64,
    /// A name of [`Durations::sources`], or a sentence.
    pub source: String,
}

/// What Rally itself adds to the actions: its start, and the users context.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overhead {
    /// Once for the task.
    pub task: Duration,
    /// Once for each workload: the contexts, and looking for what is left.
    pub workload: Duration,
    /// To create and delete a tenant.
    pub tenant: Duration,
    /// To create and delete a user.
    pub user: Duration,
    /// Once for each iteration: what no action counts, such as a token for it.
    pub iteration: Duration,
    /// Once for each batch that the cleanup deletes: 20 deletions at a time are slow, and Rally
    /// then waits.
    pub batch: Duration,
}

impl Durations {
    /// Returns the durations among `templates`; none where there is no such file.
    pub(super) fn read(templates: &dyn Files) -> Result<Durations, CatalogueError> {
        match templates.kind(PATH)? {
            None => Ok(Durations::default()),
            Some(_) => load::parse(templates, PATH),
        }
    }
}
