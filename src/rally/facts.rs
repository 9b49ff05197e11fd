//! Which scenarios Rally has, and in which release: the data files of `templates/rally`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::jobs::Jobs;
use super::modules::Modules;
use super::plugins::Plugins;
use crate::files::{Files, FilesError};
use crate::yaml;

/// The scenarios that Rally and rally-openstack have.
#[derive(Debug)]
pub struct Facts {
    /// Scenario to the atomic actions that it can report at the top level, `*` for any text; none:
    /// not known. The development branch of rally-openstack, which Zuul runs, counts, too.
    scenarios: BTreeMap<String, Vec<String>>,
    versions: Versions,
    /// What the packages register.
    pub plugins: Plugins,
    /// What Python can import of them.
    pub modules: Modules,
    /// The jobs of other repositories.
    pub jobs: Jobs,
}

/// The releases that the facts are taken from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Versions {
    /// `5.1.1`.
    pub rally: String,
    /// `4.1.0`.
    pub rally_openstack: String,
}

const SCENARIOS: &str = "rally/scenarios.txt";
const DEVELOPMENT: &str = "rally/development.txt";
const VERSIONS: &str = "rally/versions.yaml";

impl Facts {
    /// Returns the facts of the program's own templates.
    pub fn read(templates: &dyn Files) -> Result<Facts, FilesError> {
        let text = |path: &str| -> Result<String, FilesError> {
            let bytes = templates.read(path)?.unwrap_or_default();
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        let versions = yaml::from_str(&text(VERSIONS)?).map_err(|error| FilesError {
            path: VERSIONS.to_owned(),
            reason: error.to_string(),
            remedy: "tests/online/raise_rally.py writes it anew".to_owned(),
        })?;
        let mut scenarios = scenarios_of(&text(SCENARIOS)?);
        for (scenario, actions) in scenarios_of(&text(DEVELOPMENT)?) {
            scenarios.entry(scenario).or_default().extend(actions);
        }
        Ok(Facts {
            scenarios,
            versions,
            plugins: Plugins::read(templates)?,
            modules: Modules::read(templates)?,
            jobs: Jobs::read(templates)?,
        })
    }

    /// Returns whether Rally has the scenario.
    pub fn has(&self, scenario: &str) -> bool {
        self.scenarios.contains_key(scenario)
    }

    /// Returns the names of all scenarios.
    pub fn scenarios(&self) -> Vec<&str> {
        self.scenarios.keys().map(String::as_str).collect()
    }

    /// Returns the scenarios of the class that the name begins with.
    pub fn of_class(&self, scenario: &str) -> Vec<&str> {
        let class = scenario.split('.').next();
        let names = self.scenarios.keys().map(String::as_str);
        names
            .filter(|name| name.split('.').next() == class)
            .collect()
    }

    /// Returns the actions that a scenario can report; `None` where they are not known.
    pub fn actions(&self, scenario: &str) -> Option<&[String]> {
        let actions = self.scenarios.get(scenario)?;
        (!actions.is_empty()).then_some(actions.as_slice())
    }

    /// Returns the releases that the facts are taken from.
    pub fn versions(&self) -> &Versions {
        &self.versions
    }
}

/// One scenario a line, its actions behind it.
fn scenarios_of(text: &str) -> BTreeMap<String, Vec<String>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let words = lines.map(|line| line.split_whitespace().map(str::to_owned));
    words
        .filter_map(|mut words| Some((words.next()?, words.collect())))
        .collect()
}

impl Versions {
    /// Returns both packages with their releases, as people call them: `Rally 5.1, rally-openstack
    /// 4.1`.
    pub fn words(&self) -> String {
        let release = |version: &str| {
            let parts: Vec<&str> = version.split('.').take(2).collect();
            parts.join(".")
        };
        format!(
            "Rally {}, rally-openstack {}",
            release(&self.rally),
            release(&self.rally_openstack)
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{embedded, glob};

    #[derive(Deserialize)]
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

    /// What the versions say is what the scenarios are of, and what the online tests install.
    #[test]
    fn the_versions_are_the_pins() {
        let templates = embedded::templates();
        let versions = Facts::read(&templates).expect("facts").versions;
        let scenarios = templates.read(SCENARIOS).expect("a file").expect("a file");
        let first = format!(
            "# The scenarios of rally {} and rally-openstack {},",
            versions.rally, versions.rally_openstack
        );
        assert!(
            String::from_utf8_lossy(&scenarios).starts_with(&first),
            "{first}"
        );
        for pins in [
            include_str!("../../tests/online/requirements.in"),
            include_str!("../../tests/online/requirements.txt"),
        ] {
            for (package, version) in [
                ("rally", &versions.rally),
                ("rally-openstack", &versions.rally_openstack),
            ] {
                let pin = format!("{package}=={version}");
                assert!(pins.lines().any(|line| line == pin), "{pin}");
            }
        }
        assert_eq!(
            Versions {
                rally: "5.1.1".to_owned(),
                rally_openstack: "4.1.0".to_owned()
            }
            .words(),
            "Rally 5.1, rally-openstack 4.1"
        );
    }
}
