//! Which files of plugins there are, and which of them Rally loads.
//!
//! The role copies `rally-jobs/plugins` to `~/.rally/plugins`, where Rally loads every `*.py` of
//! every folder (`rally.common.plugin.discover.load_plugins`). Of an installed package it imports
//! every module (`import_modules_by_entry_point`).

use toml::de::DeTable;

use crate::check::text::{self, Text};
use crate::files::{self, Completeness, EntryKind, Files, FilesError};
use crate::ini;
use crate::rally;

/// No more files of a folder or package are looked at.
const MOST_FILES: usize = 5_000;

/// No more bytes of Python are parsed.
const MOST_BYTES: usize = 4 << 20;

/// The files, and what of them cannot be read.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) files: Vec<SourceFile>,
    /// Patterns of plugins' names that nobody can see.
    pub(super) hidden: Vec<String>,
    /// Path, line, and why it is not judged.
    pub(super) unsure: Vec<(String, usize, String)>,
    bytes: usize,
}

/// A file of Python.
pub(super) struct SourceFile {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) origin: Origin,
    /// What its relative imports start from.
    pub(super) package: Option<String>,
    /// Of a file that Rally never reads: why.
    pub(super) why_unread: Option<&'static str>,
}

/// Where a file lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Below `rally-jobs/plugins`.
    Folder,
    /// In a package that an entry point names.
    Package,
    /// Where Rally looks for no plugins.
    Nowhere,
}

impl Sources {
    pub(super) fn read(files: &dyn Files) -> Result<Sources, FilesError> {
        let mut sources = Sources::default();
        for package in packages(files, &mut sources)? {
            sources.package(files, &package)?;
        }
        sources.folder(files)?;
        sources.elsewhere(files)?;
        Ok(sources)
    }

    fn unsure(&mut self, path: &str, why: impl Into<String>) {
        self.unsure.push((path.to_owned(), 1, why.into()));
        self.hidden.push("*".to_owned());
    }

    fn folder(&mut self, files: &dyn Files) -> Result<(), FilesError> {
        if files.kind(rally::PLUGINS)? == Some(EntryKind::Symlink) {
            self.unsure(rally::PLUGINS, "it is a link, so its plugins are not known");
            return Ok(());
        }
        let (entries, completeness) =
            files::walk(files, rally::PLUGINS, MOST_FILES, &mut |_| Ok(true))?;
        if completeness == Completeness::CutOff {
            self.unsure(
                rally::PLUGINS,
                format!("it has more than {MOST_FILES} files"),
            );
        }
        for (path, kind) in entries {
            match kind {
                EntryKind::File if rally::is_plugin(&path) => {
                    self.file(files, path, Origin::Folder, None);
                }
                EntryKind::File if seems_python(&path) => {
                    let why = "Rally loads only names that end in `.py`";
                    self.unread(files, path, why);
                }
                EntryKind::File | EntryKind::Directory => {}
                EntryKind::Symlink | EntryKind::Submodule => {
                    let why = format!("it is {}, so its plugins are not known", kind.words());
                    self.unsure(&path, why);
                }
            }
        }
        Ok(())
    }

    /// Reads Python beside the plugins, where the role copies nothing from.
    fn elsewhere(&mut self, files: &dyn Files) -> Result<(), FilesError> {
        for dir in [rally::DIRECTORY, rally::OLD_DIRECTORY] {
            if files.kind(dir)? != Some(EntryKind::Directory) {
                continue;
            }
            let mut into = |path: &str| Ok(path != rally::PLUGINS);
            let (entries, _) = files::walk(files, dir, MOST_FILES, &mut into)?;
            let python = entries.into_iter().filter(|(path, kind)| {
                *kind == EntryKind::File && (path.ends_with(".py") || seems_python(path))
            });
            for (path, _) in python {
                let why = "the CI role copies `rally-jobs/plugins` only";
                self.unread(files, path, why);
            }
        }
        Ok(())
    }

    fn unread(&mut self, files: &dyn Files, path: String, why: &'static str) {
        // what cannot be read here is nobody's plugin
        if let Text::Read(text) = text::read(files, &path)
            && self.fits(&text)
        {
            self.files.push(SourceFile {
                path,
                text,
                origin: Origin::Nowhere,
                package: None,
                why_unread: Some(why),
            });
        }
    }

    fn file(&mut self, files: &dyn Files, path: String, origin: Origin, package: Option<String>) {
        match text::read(files, &path) {
            Text::Read(text) if self.fits(&text) => self.files.push(SourceFile {
                path,
                text,
                origin,
                package,
                why_unread: None,
            }),
            Text::Read(_) => {
                let why = format!("there are more than {} MB of plugins", MOST_BYTES >> 20);
                self.unsure(&path, why);
            }
            Text::Absent => {}
            Text::NotJudged(why) => self.unsure(&path, why),
        }
    }

    fn fits(&mut self, text: &str) -> bool {
        self.bytes += text.len();
        self.bytes <= MOST_BYTES
    }

    /// Reads the modules that `pkgutil.walk_packages` finds: only folders with an `__init__.py`.
    fn package(&mut self, files: &dyn Files, package: &Package) -> Result<(), FilesError> {
        let dir = package.name.replace('.', "/");
        let places = [dir.clone(), format!("src/{dir}")];
        for place in places {
            let module = format!("{place}.py");
            if files.kind(&module)? == Some(EntryKind::File) {
                let parent = package
                    .name
                    .rsplit_once('.')
                    .map(|(parent, _)| parent.to_owned());
                self.file(
                    files,
                    module,
                    Origin::Package,
                    parent.or(Some(String::new())),
                );
                return Ok(());
            }
            if files.kind(&place)? == Some(EntryKind::Directory) {
                return self.modules(files, &place, package);
            }
        }
        let name = &package.name;
        let why = format!(
            "the package `{name}` of `{}` is not here",
            rally::PLUGIN_ENTRY_POINTS
        );
        self.unsure(&package.path, why);
        Ok(())
    }

    fn modules(
        &mut self,
        files: &dyn Files,
        top: &str,
        package: &Package,
    ) -> Result<(), FilesError> {
        let mut into = |path: &str| {
            let init = files.kind(&format!("{path}/__init__.py"))?;
            Ok(init == Some(EntryKind::File))
        };
        let (entries, completeness) = files::walk(files, top, MOST_FILES, &mut into)?;
        if completeness == Completeness::CutOff {
            self.unsure(top, format!("it has more than {MOST_FILES} files"));
        }
        for (path, kind) in entries {
            if kind != EntryKind::File || !path.ends_with(".py") {
                continue;
            }
            let within = path[top.len()..]
                .rsplit_once('/')
                .map_or("", |(dir, _)| dir);
            let of = format!("{}{}", package.name, within.replace('/', "."));
            self.file(files, path, Origin::Package, Some(of));
        }
        Ok(())
    }
}

/// Returns whether somebody may have meant the file as Python.
fn seems_python(path: &str) -> bool {
    [
        ".py.txt",
        ".pyw",
        ".PY",
        ".Py",
        ".py3",
        ".python",
        ".py.disabled",
    ]
    .iter()
    .any(|end| path.ends_with(end))
}

/// A package that an entry point names, and the file that does.
struct Package {
    name: String,
    path: String,
}

/// Returns the packages whose modules Rally imports.
fn packages(files: &dyn Files, sources: &mut Sources) -> Result<Vec<Package>, FilesError> {
    let mut found = Vec::new();
    for (path, read) in [
        ("setup.cfg", of_setup_cfg as fn(&str) -> Option<Vec<String>>),
        ("pyproject.toml", of_pyproject),
        ("setup.py", |_| None),
    ] {
        let bytes = files.read(path).ok().flatten().unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        if !text.contains(rally::PLUGIN_ENTRY_POINTS) {
            continue;
        }
        match read(&text) {
            Some(names) => found.extend(names.into_iter().map(|name| Package {
                name,
                path: path.to_owned(),
            })),
            None => {
                let why = format!("its `{}` cannot be read", rally::PLUGIN_ENTRY_POINTS);
                sources.unsure(path, why);
            }
        }
    }
    // Rally imports its own plugins without an entry point
    let of_rally = "rally/common/plugin/discover.py";
    if files.kind(of_rally)? == Some(EntryKind::File) {
        found.push(Package {
            name: "rally.plugins".to_owned(),
            path: of_rally.to_owned(),
        });
    }
    Ok(found)
}

/// Returns the packages of an `entry_points` section, pbr's or setuptools'.
fn of_setup_cfg(text: &str) -> Option<Vec<String>> {
    let ini = ini::parse(text).ok()?;
    let sections = ["entry_points", "options.entry_points"];
    let values = sections
        .iter()
        .filter_map(|section| ini.get(section, rally::PLUGIN_ENTRY_POINTS));
    let mut found = Vec::new();
    for value in values {
        let lines = value.text.lines().map(str::trim);
        let pairs = lines.filter_map(|line| line.split_once('='));
        let paths = pairs.filter(|(key, _)| key.trim() == "path");
        found.extend(paths.map(|(_, path)| module_of(path)));
    }
    Some(found)
}

/// Returns the packages of `[project.entry-points.rally_plugins]`.
fn of_pyproject(text: &str) -> Option<Vec<String>> {
    let document = DeTable::parse(text).ok()?;
    let path = path_of_pyproject(document.get_ref());
    Some(path.map(module_of).into_iter().collect())
}

fn path_of_pyproject<'t>(document: &'t DeTable<'_>) -> Option<&'t str> {
    let project = document.get("project")?.get_ref().as_table()?;
    let points = project.get("entry-points")?.get_ref().as_table()?;
    let own = points
        .get(rally::PLUGIN_ENTRY_POINTS)?
        .get_ref()
        .as_table()?;
    own.get("path")?.get_ref().as_str()
}

/// Returns the module of an entry point, `module:object`.
fn module_of(point: &str) -> String {
    let module = point.split(':').next().unwrap_or(point);
    module.trim().to_owned()
}
