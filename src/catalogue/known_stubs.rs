//! Documents that are known to be stubs: `templates/known-stubs.yaml`.

use serde::Deserialize;

/// Versions of a document that say nothing of the service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownStub {
    /// Where it lies.
    pub path: String,
    /// What it is: a phrase without a period.
    pub what: String,
    /// The services that have it, or had it.
    pub services: Vec<String>,
    /// The ids of its contents, as `git hash-object` prints them.
    pub blobs: Vec<String>,
}
