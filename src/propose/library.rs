//! The catalogue and the templates, of the program and of a user's folder.

use std::path::Path;

use crate::catalogue::Catalogue;
use crate::disk::DiskFiles;
use crate::embedded;
use crate::files::{FileMap, Files};
use crate::render::Renderer;

/// What changes are made from: the catalogue, and the templates ready to render.
pub struct Library<'f> {
    pub catalogue: Catalogue<'f>,
    pub renderer: Renderer,
    /// The program's own data.
    pub templates: &'f FileMap,
}

/// The files of a [`Library`]: ours, and a user's folder.
pub struct LibraryFiles {
    templates: FileMap,
    user: Option<DiskFiles>,
}

/// A library that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error("--catalogue: `{0}` is not a folder")]
    NoFolder(String),
    #[error("--catalogue: {0}")]
    Catalogue(#[from] crate::catalogue::CatalogueError),
    #[error(transparent)]
    Render(#[from] crate::render::RenderError),
}

impl LibraryFiles {
    /// Returns the files of the program, and those of the folder `catalogue`.
    pub fn new(catalogue: Option<&Path>) -> Result<LibraryFiles, LibraryError> {
        let user = catalogue.map(DiskFiles::new);
        match &user {
            Some(files) if !files.is_dir() => Err(LibraryError::NoFolder(files.path())),
            _ => Ok(LibraryFiles {
                templates: embedded::templates(),
                user,
            }),
        }
    }

    /// Returns the library.
    pub fn open(&self) -> Result<Library<'_>, LibraryError> {
        let user = self.user.as_ref();
        let user = user.map(|files| (files as &(dyn Files + Sync), files.path()));
        Ok(Library {
            catalogue: Catalogue::new(&self.templates, user)?,
            templates: &self.templates,
            renderer: Renderer::new(&self.templates, &["rally-jobs", "zuul", "commit", "extend"])?,
        })
    }
}
