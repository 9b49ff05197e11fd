//! What repositories are that are not services, and by which exact sign: `templates/not-services.yaml`.

use serde::Deserialize;

use super::{CatalogueError, load};
use crate::files::Files;

/// The contents of `templates/not-services.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotServices {
    /// Kinds of repositories, most telling first.
    pub kinds: Vec<Sign>,
    /// Repositories that were retired.
    pub retired: Retired,
    /// Services that the catalogue has no entry for.
    pub services: Vec<KnownService>,
}

/// A kind of repository and its signs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// What it is, with its article: `a client library`.
    pub what: String,
    /// What it does instead of managing resources: the reason, one sentence.
    pub why: String,
    /// Names of the distribution, or of the project in `.gitreview` without its namespace.
    /// A `*` stands for any run of characters.
    #[serde(default)]
    pub names: Vec<String>,
    /// Files or directories that are there.
    #[serde(default)]
    pub paths: Vec<String>,
}

/// How a retired repository looks: nothing but these files at the top.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retired {
    /// Names that may be left.
    pub only: Vec<String>,
    /// The file that says so.
    pub file: String,
    /// Words in that file, any of them.
    pub words: Vec<String>,
}

/// A service that the catalogue has no entry for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownService {
    /// The project: `barbican`.
    pub service: String,
    /// Its distribution names, where they differ from the project's.
    #[serde(default)]
    pub distributions: Vec<String>,
    /// Its Python package, where it differs from the project's name.
    #[serde(default)]
    pub package: Option<String>,
    /// The scenario classes that rally-openstack has for it.
    #[serde(default)]
    pub scenarios: Vec<String>,
}

impl KnownService {
    /// Returns the Python package directory.
    pub fn package(&self) -> &str {
        self.package.as_deref().unwrap_or(&self.service)
    }

    /// Returns its distribution names, normalised.
    pub fn distributions(&self) -> Vec<String> {
        match self.distributions.is_empty() {
            true => vec![self.service.clone()],
            false => self.distributions.clone(),
        }
    }
}

impl NotServices {
    /// Returns the data file at `path`.
    pub(super) fn read(files: &dyn Files, path: &str) -> Result<NotServices, CatalogueError> {
        load::parse(files, path)
    }
}
