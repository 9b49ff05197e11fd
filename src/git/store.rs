//! New objects, written loose as git writes them.
//!
//! libgit2 takes an object for stored that lies in any pack. A cruft pack is one that `git gc` may
//! be about to drop, so git writes such an object again, and so does this. Every object of a commit
//! gets a loose file of this moment, which survives every `git gc` until the branch holds it; one
//! that is damaged is replaced.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use git2::{ObjectType, Oid};

use super::shared::Shared;
use super::{Failure, GitError, NewCommit, NewTree, ObjectError, Repo, Settings, object};

/// Where and how objects are written.
#[derive(Clone, Debug)]
pub(super) struct Store {
    /// The folder `objects`.
    pub(super) dir: PathBuf,
    pub(super) shared: Shared,
    /// Whether each file is forced to the disk before it gets its name.
    pub(super) sync: Sync,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sync {
    Never,
    EachFile,
}

impl Sync {
    /// Returns what `core.fsync` asks for, or the older `core.fsyncObjectFiles`. By default git
    /// leaves loose objects to the system.
    pub(super) fn of(settings: &Settings) -> Sync {
        let parts = settings.get("core.fsync").unwrap_or_default();
        let mut asked = settings.is_true("core.fsyncObjectFiles").unwrap_or(false);
        for part in parts.split([',', ' ']) {
            match part {
                "loose-object" | "objects" | "committed" | "added" | "all" => asked = true,
                "none" | "-loose-object" | "-objects" | "-committed" | "-added" | "-all" => {
                    asked = false;
                }
                _ => {}
            }
        }
        match asked {
            true => Sync::EachFile,
            false => Sync::Never,
        }
    }
}

impl Store {
    /// Writes an object and returns its file.
    fn write(&self, kind: ObjectType, bytes: &[u8]) -> Result<PathBuf, ObjectError> {
        let id = Oid::hash_object(kind, bytes).map_err(|e| Failure::during("hash an object", e))?;
        let hex = id.to_string();
        let (folder, name) = hex.split_at(2);
        let folder = self.dir.join(folder);
        let file = folder.join(name);
        if freshened(&file, kind, bytes) {
            return Ok(file);
        }
        let unwritable = |source| ObjectError::Unwritable {
            path: folder.display().to_string(),
            source,
        };
        self.file(&folder, name, kind, bytes).map_err(unwritable)?;
        Ok(file)
    }

    fn file(
        &self,
        folder: &Path,
        name: &str,
        kind: ObjectType,
        bytes: &[u8],
    ) -> std::io::Result<()> {
        let draft = self.draft(folder)?;
        // As fast as git has it for loose objects.
        let mut zlib = ZlibEncoder::new(draft, Compression::fast());
        zlib.write_all(&header(kind, bytes))?;
        zlib.write_all(bytes)?;
        let draft = zlib.finish()?;
        if self.sync == Sync::EachFile {
            draft.as_file().sync_all()?;
        }
        self.shared.adjust(draft.path())?;
        draft.persist(folder.join(name))?;
        Ok(())
    }
}

/// Gives a loose object that exists, and is what it should be, the date of now, as git does: every
/// `git gc` lets it live until the branch holds it. Returns whether that was possible.
fn freshened(path: &Path, kind: ObjectType, bytes: &[u8]) -> bool {
    let Ok(file) = fs::File::open(path) else {
        return false;
    };
    let mut whole = header(kind, bytes);
    whole.extend(bytes);
    let mut found = Vec::with_capacity(whole.len() + 1);
    // One byte more than there should be shows that there is more.
    let mut zlib = ZlibDecoder::new(&file).take(whole.len() as u64 + 1);
    zlib.read_to_end(&mut found).is_ok()
        && found == whole
        && file.set_modified(SystemTime::now()).is_ok()
        // gc may have taken the name away after the file was opened.
        && path.exists()
}

fn header(kind: ObjectType, bytes: &[u8]) -> Vec<u8> {
    format!("{} {}\0", kind.str(), bytes.len()).into_bytes()
}

/// How often a folder is made again that `git gc` removes, because it is empty, before there is a
/// file in it; git itself tries twice.
const FOLDER_TRIES: usize = 5;

impl Store {
    /// Returns an empty file in the folder, which is made if it does not exist.
    fn draft(&self, folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
        // git takes files of that name away when they are left over.
        let mut builder = tempfile::Builder::new();
        builder.prefix("tmp_obj_");
        read_only(&mut builder);
        let mut tries = 0;
        loop {
            match builder.tempfile_in(folder) {
                Err(e) if e.kind() == ErrorKind::NotFound && tries < FOLDER_TRIES => {
                    tries += 1;
                    fs::create_dir_all(folder)?;
                    // The folder may be gone again already.
                    match self.shared.adjust(folder) {
                        Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
                        _ => {}
                    }
                }
                done => return done,
            }
        }
    }
}

#[cfg(unix)]
fn read_only(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o444));
}

#[cfg(not(unix))]
fn read_only(_: &mut tempfile::Builder<'_, '_>) {}

impl Repo {
    /// Stores the commit and what it needs, what is referred to before what refers to it, and returns
    /// the files.
    pub(super) fn store(&self, commit: &NewCommit) -> Result<Vec<PathBuf>, ObjectError> {
        let below = commit.below.iter();
        let mut files: Vec<PathBuf> = below
            .map(|(kind, bytes)| self.store.write(*kind, bytes))
            .collect::<Result<_, _>>()?;
        files.push(self.store.write(ObjectType::Commit, &commit.bytes)?);
        Ok(files)
    }

    /// Stores those objects of `tree` again that the repository lost or that are damaged, and
    /// returns how many.
    pub fn restore(&self, tree: &NewTree) -> Result<usize, GitError> {
        let mut lost = 0;
        for (kind, bytes) in &tree.objects {
            let id =
                Oid::hash_object(*kind, bytes).map_err(|e| Failure::during("hash an object", e))?;
            if object::whole(self, id).is_err() {
                self.store.write(*kind, bytes)?;
                lost += 1;
            }
        }
        Ok(lost)
    }
}
