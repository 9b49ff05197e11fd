//! What is known of Rally's own scenarios: data files of `templates/rally`.

use std::collections::BTreeMap;

use crate::files::{Files, FilesError};

/// The scenarios that Rally and rally-openstack have.
#[derive(Debug, Default)]
pub struct Facts {
    /// Scenario to the atomic actions that it can report, `*` for any text; none: not known.
    scenarios: BTreeMap<String, Vec<String>>,
}

const SCENARIOS: &str = "rally/scenarios.txt";

impl Facts {
    /// Returns the facts of the program's own templates.
    pub fn read(templates: &dyn Files) -> Result<Facts, FilesError> {
        let bytes = templates.read(SCENARIOS)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let mut scenarios = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace().map(str::to_owned);
            if let Some(name) = words.next() {
                scenarios.insert(name, words.collect());
            }
        }
        Ok(Facts { scenarios })
    }

    /// Returns whether Rally has the scenario.
    pub(super) fn has(&self, scenario: &str) -> bool {
        self.scenarios.contains_key(scenario)
    }

    /// Returns the scenario whose name is nearest, if one is near.
    pub(super) fn nearest(&self, scenario: &str) -> Option<&str> {
        let class = scenario.split('.').next()?;
        let of_class = |name: &&String| name.split('.').next() == Some(class);
        let names: Vec<&str> = (self.scenarios.keys().filter(of_class))
            .map(String::as_str)
            .collect();
        similar::get_close_matches(scenario, &names, 1, 0.6)
            .first()
            .copied()
    }

    /// Returns the actions that a scenario can report; `None` where they are not known.
    pub(super) fn actions(&self, scenario: &str) -> Option<&[String]> {
        let actions = self.scenarios.get(scenario)?;
        (!actions.is_empty()).then_some(actions.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{embedded, glob, yaml};

    #[derive(serde::Deserialize)]
    struct Measured {
        scenarios: BTreeMap<String, Vec<String>>,
    }

    #[test]
    fn what_was_measured_is_possible() {
        let templates = embedded::templates();
        let bytes = templates.read("rally/atomic-actions.yaml").expect("a file");
        let measured: Measured =
            yaml::from_slice(&bytes.expect("a file")).expect("measured actions");
        let facts = Facts::read(&templates).expect("facts");
        let mut judged = 0;
        for (scenario, actions) in &measured.scenarios {
            let Some(known) = facts.actions(scenario) else {
                continue;
            };
            judged += 1;
            for action in actions {
                let possible = known.iter().any(|pattern| glob::matches(pattern, action));
                assert!(possible, "{scenario}: {action}");
            }
        }
        assert!(judged > 5 && facts.scenarios.len() > 300);
    }
}
