//! Reads catalogue folders: built in, and the user's.

use std::collections::BTreeMap;

use super::{Catalogue, Entry, NotServices, Service, check};
use crate::files::{Files, FilesError, Kind};

/// A catalogue folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A data file is not what its schema says.
    #[error("`{file}`: {problem}")]
    Data {
        /// The data file.
        file: String,
        /// The key and what is wrong with it.
        problem: String,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Files(#[from] FilesError),
}

impl CatalogueError {
    /// Returns an error about the key `key` of `file`.
    pub(super) fn key(file: &str, key: &str, problem: impl std::fmt::Display) -> CatalogueError {
        CatalogueError::Data {
            file: file.to_owned(),
            problem: format!("`{key}`: {problem}"),
        }
    }
}

impl Catalogue {
    /// Returns the catalogue in the folder `services/` of `templates`.
    ///
    /// The built-in one is part of the program, so a mistake in it is an error.
    pub fn built_in(templates: &dyn Files) -> Result<Catalogue, CatalogueError> {
        let mut entries = BTreeMap::new();
        for name in folders(templates, "services")? {
            let entry = read_entry(templates, &format!("services/{name}"), &name, "built in")?;
            entries.insert(name, entry);
        }
        let not_services = NotServices::read(templates, "not-services.yaml")?;
        Ok(Catalogue {
            entries,
            not_services,
            broken: BTreeMap::new(),
        })
    }

    /// Adds the folders of a user's catalogue; an entry of the same name replaces ours.
    ///
    /// A folder that cannot be used is noted in [`Catalogue::broken`] and hides nothing.
    pub fn overlay(&mut self, files: &dyn Files, origin: &str) -> Result<(), CatalogueError> {
        for name in folders(files, "")? {
            if files.kind(&format!("{name}/service.yaml"))?.is_none() {
                continue;
            }
            match read_entry(files, &name, &name, origin) {
                Ok(entry) => drop(self.entries.insert(name, entry)),
                Err(error) => drop(self.broken.insert(name, error)),
            }
        }
        Ok(())
    }
}

fn folders(files: &dyn Files, dir: &str) -> Result<Vec<String>, FilesError> {
    Ok(files
        .list(dir)?
        .into_iter()
        .filter(|(name, kind)| *kind == Kind::Directory && !name.starts_with('.'))
        .map(|(name, _)| name)
        .collect())
}

fn read_entry(
    files: &dyn Files,
    dir: &str,
    name: &str,
    origin: &str,
) -> Result<Entry, CatalogueError> {
    let path = format!("{dir}/service.yaml");
    let service: Service = parse(files, &path)?;
    let mut beside = BTreeMap::new();
    let wanted = (service.plugins.iter().map(|p| ("plugins", &p.file)))
        .chain(service.extra.iter().map(|e| ("extra", &e.file)));
    for (sub, file) in wanted {
        check::file_name(&path, sub, file)?;
        let bytes = files
            .read(&format!("{dir}/{sub}/{file}"))?
            .ok_or_else(|| CatalogueError::key(&path, sub, format!("there is no file `{sub}/{file}` beside it")))?;
        beside.insert(format!("{sub}/{file}"), bytes);
    }
    check::service(&path, name, &service)?;
    Ok(Entry {
        service,
        files: beside,
        origin: origin.to_owned(),
    })
}

/// Returns the data file at `path`; an error names the file, the line and the key.
pub(super) fn parse<T: serde::de::DeserializeOwned>(
    files: &dyn Files,
    path: &str,
) -> Result<T, CatalogueError> {
    let bytes = files.read(path)?.ok_or_else(|| CatalogueError::Data {
        file: path.to_owned(),
        problem: "there is no such file".to_owned(),
    })?;
    serde_yaml::from_slice(&bytes).map_err(|error| CatalogueError::Data {
        file: path.to_owned(),
        problem: error.to_string(),
    })
}
