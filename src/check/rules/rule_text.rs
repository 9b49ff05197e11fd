//! The texts of a rule, and its examples: `templates/check/RULE.yaml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::files::{Files, FilesError};
use crate::yaml;

/// What there is to say about a rule. JSON has it without the examples.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleText {
    /// `unknown-scenario`.
    #[serde(skip_deserializing)]
    pub rule: String,
    /// What is found.
    pub what: String,
    /// What happens otherwise.
    pub why: String,
    /// What the rule follows: code, a role, a test or a linter.
    pub source: String,
    /// Where the examples lie.
    #[serde(skip_serializing)]
    pub path: String,
    /// A file in which the rule finds one thing.
    #[serde(skip_serializing)]
    pub bad: String,
    /// The same file, right.
    #[serde(skip_serializing)]
    pub good: String,
    /// Whether the bad file is executable.
    #[serde(skip_serializing, default)]
    pub executable: bool,
    /// What lies beside either, path to text.
    #[serde(skip_serializing, default)]
    pub files: BTreeMap<String, String>,
}

impl Rule {
    /// Returns the texts of the rule from the program's own templates.
    pub fn text(&self, templates: &dyn Files) -> Result<RuleText, FilesError> {
        let path = format!("check/{}.yaml", self.name);
        let bytes = templates.read(&path)?.unwrap_or_default();
        let text: RuleText = yaml::from_slice(&bytes).map_err(|error| FilesError {
            path,
            reason: error.to_string(),
            remedy: "write it as the others beside it".to_owned(),
        })?;
        Ok(RuleText {
            rule: self.name.to_owned(),
            ..text
        })
    }
}
