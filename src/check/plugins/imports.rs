//! What a file of plugins takes from Rally and Rally has not.

use ruff_python_ast::{Stmt, StmtImport, StmtImportFrom};

use super::names::Names;
use crate::files::{EntryKind, Files, FilesError};
use crate::rally::modules::{Missing, Modules};

/// The packages that [`Modules`] lists.
const PACKAGES: [&str; 2] = ["rally", "rally_openstack"];

/// What can be imported.
pub(super) struct Imports<'r> {
    modules: &'r Modules,
    /// The packages that the repository brings itself, so that the released ones say nothing.
    own: Vec<&'static str>,
}

impl<'r> Imports<'r> {
    pub(super) fn of(files: &dyn Files, modules: &'r Modules) -> Result<Imports<'r>, FilesError> {
        let mut own = Vec::new();
        for package in PACKAGES {
            if files.kind(&format!("{package}/__init__.py"))? == Some(EntryKind::File) {
                own.push(package);
            }
        }
        Ok(Imports { modules, own })
    }

    /// Returns whether the repository brings one of Rally's packages.
    pub(super) fn has_own(&self) -> bool {
        !self.own.is_empty()
    }

    /// Returns the first thing that a statement at the top of a module needs of Rally for certain,
    /// and that is not there: its offset, and what it is.
    pub(super) fn missing<'a>(&self, stmt: &'a Stmt, names: &Names<'a>) -> Option<(usize, String)> {
        match stmt {
            Stmt::Import(import) => self.of_import(import),
            Stmt::ImportFrom(import) => self.of_import_from(import),
            stmt => names.attributes(stmt).into_iter().find_map(|(at, path)| {
                let missing = self.judged(&path)?.missing(&path)?;
                Some((at, self.words(&missing)))
            }),
        }
    }

    fn of_import(&self, import: &StmtImport) -> Option<(usize, String)> {
        import.names.iter().find_map(|alias| {
            let path = alias.name.as_str();
            let missing = self.judged(path)?.missing_module(path)?;
            Some((alias.range.start().to_usize(), self.words(&missing)))
        })
    }

    fn of_import_from(&self, import: &StmtImportFrom) -> Option<(usize, String)> {
        let source = import.module.as_ref().filter(|_| import.level == 0)?;
        let modules = self.judged(source)?;
        if let Some(missing) = modules.missing_module(source) {
            return Some((source.range.start().to_usize(), self.words(&missing)));
        }
        let names = import.names.iter().filter(|alias| &alias.name != "*");
        names.into_iter().find_map(|alias| {
            let path = format!("{source}.{}", alias.name);
            let missing = modules.missing(&path)?;
            Some((alias.range.start().to_usize(), self.words(&missing)))
        })
    }

    /// Returns the modules, if they say something about the path.
    fn judged(&self, path: &str) -> Option<&'r Modules> {
        let package = path.split('.').next().unwrap_or(path);
        (!self.own.contains(&package)).then_some(self.modules)
    }

    fn words(&self, missing: &Missing<'_>) -> String {
        let hint = match self.modules.nearest(missing) {
            Some(near) => format!("; it has `{near}`"),
            None => String::new(),
        };
        format!("`{}` has no `{}`{hint}", missing.module, missing.name)
    }
}
