//! Reads catalogue folders: built in, and the user's.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{BUILT_IN, Durations, Entry, KnownStub, NotServices, Service, check};
use crate::embedded;
use crate::files::{EntryKind, Files, FilesError};
use crate::remedy::{Refusal, Remedy};
use crate::yaml;

/// The services that are known; each folder is read when it is asked for, by whichever thread.
pub struct Catalogue<'f> {
    templates: &'f (dyn Files + Sync),
    user: Option<(&'f (dyn Files + Sync), String)>,
    /// Service name to whose folder it is.
    names: BTreeMap<String, Owner>,
    read: Mutex<BTreeMap<String, Arc<Entry>>>,
    not_services: OnceLock<NotServices>,
    known_stubs: OnceLock<Vec<KnownStub>>,
    durations: OnceLock<Arc<Durations>>,
}

#[derive(Clone, Copy)]
enum Owner {
    BuiltIn,
    User,
}

/// A catalogue folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A data file is not what its schema says.
    #[error("`{file}`: {problem}")]
    Data {
        file: String,
        /// The key and what is wrong with it.
        problem: String,
    },
    #[error(transparent)]
    Files(#[from] FilesError),
}

impl Remedy for CatalogueError {
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    fn hint(&self) -> String {
        match self {
            CatalogueError::Data { .. } => {
                "fix that file; print a complete entry: git rally services NAME --yaml".to_owned()
            }
            CatalogueError::Files(error) => error.hint(),
        }
    }
}

impl CatalogueError {
    /// Returns an error about the key `key` of `file`.
    pub(super) fn key(file: &str, key: &str, problem: impl std::fmt::Display) -> CatalogueError {
        CatalogueError::Data {
            file: file.to_owned(),
            problem: format!("`{key}`: {problem}"),
        }
    }

    /// Returns the error with the path of the file as the user can open it: `shown` instead of `dir`.
    fn below(self, dir: &str, shown: &str) -> CatalogueError {
        match self {
            CatalogueError::Data { file, problem } => {
                let file = match file.strip_prefix(dir) {
                    Some(rest) => format!("{shown}{rest}"),
                    None => file,
                };
                CatalogueError::Data { file, problem }
            }
            other => other,
        }
    }
}

impl<'f> Catalogue<'f> {
    /// Returns the catalogue in the folder `services/` of `templates`, with the folders of the
    /// user's own catalogue over it: an entry of the same name replaces ours.
    pub fn new(
        templates: &'f (dyn Files + Sync),
        user: Option<(&'f (dyn Files + Sync), String)>,
    ) -> Result<Catalogue<'f>, CatalogueError> {
        let mut names = BTreeMap::new();
        for name in folders(templates, "services")? {
            names.insert(name, Owner::BuiltIn);
        }
        if let Some((files, _)) = &user {
            for name in folders(*files, "")? {
                if files.kind(&format!("{name}/service.yaml"))?.is_some() {
                    names.insert(name, Owner::User);
                }
            }
        }
        Ok(Catalogue {
            templates,
            user,
            names,
            read: Mutex::default(),
            not_services: OnceLock::new(),
            known_stubs: OnceLock::new(),
            durations: OnceLock::new(),
        })
    }

    /// Returns the names of the services, in byte order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Returns the entry of the service `name`; `None` where there is no such folder.
    pub fn entry(&self, name: &str) -> Result<Option<Arc<Entry>>, CatalogueError> {
        let read_already = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = read_already().get(name) {
            return Ok(Some(entry.clone()));
        }
        let dir = format!("services/{name}");
        let read = |folder: &Folder<'_>| {
            let durations = self.durations()?;
            read_entry(self.templates, folder, name, durations)
        };
        let entry = match (self.names.get(name), &self.user) {
            (None, _) => return Ok(None),
            (Some(Owner::User), Some((files, origin))) => {
                let shown = format!("{}/{name}", origin.trim_end_matches('/'));
                let folder = Folder {
                    files: *files,
                    dir: name,
                    origin,
                };
                read(&folder).map_err(|e| e.below(name, &shown))?
            }
            _ => read(&Folder {
                files: self.templates,
                dir: &dir,
                origin: BUILT_IN,
            })?,
        };
        let entry = Arc::new(entry);
        read_already().insert(name.to_owned(), entry.clone());
        Ok(Some(entry))
    }

    /// Returns what repositories are that are not services.
    pub fn not_services(&self) -> Result<&NotServices, CatalogueError> {
        if let Some(known) = self.not_services.get() {
            return Ok(known);
        }
        let read = NotServices::read(self.templates, "not-services.yaml")?;
        Ok(self.not_services.get_or_init(|| read))
    }

    /// Returns the documents that are known to be stubs.
    pub fn known_stubs(&self) -> Result<&[KnownStub], CatalogueError> {
        if let Some(known) = self.known_stubs.get() {
            return Ok(known);
        }
        let read = parse(self.templates, "known-stubs.yaml")?;
        Ok(self.known_stubs.get_or_init(|| read))
    }

    fn durations(&self) -> Result<Arc<Durations>, CatalogueError> {
        if let Some(known) = self.durations.get() {
            return Ok(known.clone());
        }
        let read = Arc::new(Durations::read(self.templates)?);
        Ok(self.durations.get_or_init(|| read).clone())
    }
}

/// Where an entry is.
struct Folder<'a> {
    files: &'a dyn Files,
    dir: &'a str,
    /// For people.
    origin: &'a str,
}

fn folders(files: &dyn Files, dir: &str) -> Result<Vec<String>, FilesError> {
    Ok(files
        .list(dir)?
        .into_iter()
        .filter(|(name, kind)| *kind == EntryKind::Directory && !name.starts_with('.'))
        .map(|(name, _)| name)
        .collect())
}

/// Returns the entry of the folder. A plugin or extra file that is not beside it may come with
/// the built-in entry of the same name.
fn read_entry(
    templates: &dyn Files,
    folder: &Folder<'_>,
    name: &str,
    durations: Arc<Durations>,
) -> Result<Entry, CatalogueError> {
    let Folder { files, dir, origin } = *folder;
    let path = format!("{dir}/service.yaml");
    let service: Service = parse(files, &path)?;
    let text = String::from_utf8_lossy(&files.read(&path)?.unwrap_or_default()).into_owned();
    let mut beside = BTreeMap::new();
    let wanted = (service.plugins.iter().map(|p| ("plugins", &p.file)))
        .chain(service.extra.iter().map(|e| ("extra", &e.file)));
    for (sub, file) in wanted {
        check::file_name(&path, sub, file)?;
        let beside_it = files.read(&format!("{dir}/{sub}/{file}"))?;
        let built_in = || templates.read(&format!("services/{name}/{sub}/{file}"));
        let found = match beside_it {
            Some(bytes) => Some(bytes),
            None => built_in()?,
        };
        let bytes = found.ok_or_else(|| {
            CatalogueError::key(
                &path,
                sub,
                format!("the file `{sub}/{file}` does not exist beside it"),
            )
        })?;
        beside.insert(format!("{sub}/{file}"), bytes);
    }
    check::service(&path, name, &service, &durations)?;
    Ok(Entry {
        service,
        files: beside,
        text,
        origin: origin.to_owned(),
        durations,
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
    // It says the same; where it does not fit, the error is that of the YAML.
    let parsed = embedded::parsed(path, &bytes);
    if let Some(data) = parsed.and_then(|json| serde_json::from_slice(json).ok()) {
        return Ok(data);
    }
    yaml::from_slice(&bytes).map_err(|error| CatalogueError::Data {
        file: path.to_owned(),
        problem: error.kind.to_string(),
    })
}
