//! The modules of Rally and rally-openstack and the names at their top: `templates/rally/modules*.txt`,
//! which `tests/online/raise_rally.py` writes from the released packages and the development branches.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::files::{Files, FilesError};

const MODULES: [&str; 2] = ["rally/modules.txt", "rally/modules-development.txt"];

/// Stands for names that nobody has listed.
const ANY: &str = "*";

/// The modules; read only when somebody asks.
#[derive(Debug)]
pub struct Modules {
    texts: Vec<String>,
    index: OnceLock<BTreeMap<String, BTreeSet<String>>>,
}

/// What a dotted name stops at.
#[derive(Debug, PartialEq, Eq)]
pub struct Missing<'n> {
    /// The last module that is there.
    pub module: &'n str,
    /// What it lacks.
    pub name: &'n str,
}

impl Modules {
    pub(super) fn read(templates: &dyn Files) -> Result<Modules, FilesError> {
        let text = |path: &&str| -> Result<String, FilesError> {
            let bytes = templates.read(path)?.unwrap_or_default();
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        Ok(Modules {
            texts: MODULES.iter().map(text).collect::<Result<_, _>>()?,
            index: OnceLock::new(),
        })
    }

    /// Returns what keeps Python from `import PATH`; `None` for what is there, is not Rally's, or
    /// cannot be told.
    pub fn missing_module<'n>(&self, path: &'n str) -> Option<Missing<'n>> {
        self.walk(path).filter(|at| !at.name.starts_with('_'))
    }

    /// Returns what keeps Python from finding a module's own name, `rally.task.scenario.configure`;
    /// what is behind such a name is not judged.
    pub fn missing<'n>(&self, path: &'n str) -> Option<Missing<'n>> {
        let at = self.missing_module(path)?;
        let names = self.index().get(at.module)?;
        (!names.contains(at.name) && !names.contains(ANY)).then_some(at)
    }

    /// Returns the name of the module that is nearest, if one is near.
    pub fn nearest(&self, at: &Missing<'_>) -> Option<&str> {
        let names = self.index().get(at.module)?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        similar::get_close_matches(at.name, &names, 1, 0.6)
            .first()
            .copied()
    }

    /// Returns where the chain of modules ends, if it ends before the path does.
    fn walk<'n>(&self, path: &'n str) -> Option<Missing<'n>> {
        let ends = path.match_indices('.').map(|(at, _)| at);
        let mut known: Option<&str> = None;
        for end in ends.chain([path.len()]) {
            let module = &path[..end];
            match known {
                _ if self.index().contains_key(module) => known = Some(module),
                None => return None,
                Some(known) => {
                    return Some(Missing {
                        module: known,
                        name: &path[known.len() + 1..end],
                    });
                }
            }
        }
        None
    }

    fn index(&self) -> &BTreeMap<String, BTreeSet<String>> {
        self.index.get_or_init(|| {
            let mut index: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            let lines = self.texts.iter().flat_map(|text| text.lines());
            for line in lines.filter(|line| !line.starts_with('#')) {
                let mut words = line.split_ascii_whitespace().map(str::to_owned);
                if let Some(module) = words.next() {
                    index.entry(module).or_default().extend(words);
                }
            }
            index
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded;

    #[test]
    fn what_rally_lacks_is_named() {
        let modules = Modules::read(&embedded::templates()).expect("modules");
        let lacks = |path: &'static str| {
            let module = modules.missing_module(path).map(|at| (at.module, at.name));
            (module, modules.missing(path).map(|at| at.name))
        };
        assert_eq!(lacks("rally.task.scenario"), (None, None));
        assert_eq!(
            lacks("rally.task.scenario.configure"),
            (Some(("rally.task.scenario", "configure")), None)
        );
        assert_eq!(
            lacks("rally.task.scenario.Scenario.run"),
            (Some(("rally.task.scenario", "Scenario")), None)
        );
        assert_eq!(
            lacks("rally.task.atomic.optional_action_timer"),
            (
                Some(("rally.task.atomic", "optional_action_timer")),
                Some("optional_action_timer")
            )
        );
        assert_eq!(
            lacks("rally.plugins.openstack.scenario"),
            (Some(("rally.plugins", "openstack")), Some("openstack"))
        );
        for path in ["rallyx.task", "os.path", "rally.task._private", ""] {
            assert_eq!(lacks(path), (None, None), "{path}");
        }
        // only the development branch has it
        assert_eq!(
            modules.missing_module("rally_openstack.common.clients.base"),
            None
        );
        let at = modules
            .missing("rally.task.scenario.Scenrio")
            .expect("a name");
        assert_eq!(modules.nearest(&at), Some("Scenario"));
    }
}
