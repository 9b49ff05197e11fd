//! Data files and serialised values.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Flaw, FlawKind};

/// Returns the value of a data file.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Flaw> {
    serde_yaml::from_slice(bytes).map_err(|error| flaw(&error))
}

/// Returns the value of a text.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Flaw> {
    serde_yaml::from_str(text).map_err(|error| flaw(&error))
}

/// Returns the value as YAML in block style, keys in their own order.
pub fn to_string(value: &impl Serialize) -> Result<String, Flaw> {
    serde_yaml::to_string(value).map_err(|error| flaw(&error))
}

/// Returns the error with its place, or the first where it has none.
pub(super) fn flaw(error: &serde_yaml::Error) -> Flaw {
    let place = error.location();
    let (line, column) = place.map_or((1, 1), |at| (at.line(), at.column()));
    FlawKind::Data(error.to_string()).at(line, column)
}
