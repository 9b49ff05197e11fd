//! `core.sharedRepository`: the permissions of what is written to a repository that several people
//! write to.

use std::io;
use std::path::Path;

use super::Settings;

/// Which permissions files get beyond those that the umask leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shared {
    /// None.
    No,
    /// At least these.
    Adds(u32),
    /// Exactly these.
    Is(u32),
}

const GROUP: Shared = Shared::Adds(0o660);
const EVERYBODY: Shared = Shared::Adds(0o664);

impl Shared {
    pub(super) fn of(settings: &Settings) -> Shared {
        let Some(value) = settings.bytes("core.sharedRepository") else {
            return Shared::No;
        };
        let text = value.map(String::from_utf8_lossy);
        let octal = text
            .as_deref()
            .and_then(|text| u32::from_str_radix(text, 8).ok());
        match (text.as_deref(), octal) {
            (None | Some("group"), _) | (_, Some(1)) => GROUP,
            (Some("all" | "world" | "everybody"), _) | (_, Some(2)) => EVERYBODY,
            (_, Some(0)) => Shared::No,
            (_, Some(mode)) => Shared::Is(mode & 0o666),
            _ if settings.is_true("core.sharedRepository").unwrap_or(false) => GROUP,
            _ => Shared::No,
        }
    }

    /// Gives the file or folder its permissions.
    #[cfg(unix)]
    pub(super) fn adjust(self, path: &Path) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        if self == Shared::No {
            return Ok(());
        }
        let data = path.metadata()?;
        let old = data.permissions().mode() & 0o7777;
        let new = self.mode(old, data.is_dir());
        if new != old {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(new))?;
        }
        Ok(())
    }

    #[cfg(not(unix))]
    pub(super) fn adjust(self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    /// Returns the mode of what has the mode `old`.
    #[cfg(unix)]
    fn mode(self, old: u32, is_folder: bool) -> u32 {
        let (mut bits, keeps) = match self {
            Shared::No => return old,
            Shared::Adds(bits) => (bits, true),
            Shared::Is(bits) => (bits, false),
        };
        if old & 0o200 == 0 {
            bits &= !0o222;
        }
        if old & 0o100 != 0 {
            // Who may read may enter, or execute.
            bits |= (bits & 0o444) >> 2;
        }
        let mut new = match keeps {
            true => old | bits,
            false => (old & !0o777) | bits,
        };
        if is_folder && new & 0o060 != 0 {
            // What is made in it belongs to the group, too.
            new |= 0o2000;
        }
        new
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn modes_of_files_and_folders() {
        for (shared, old, is_folder, new) in [
            (Shared::No, 0o644, false, 0o644),
            (GROUP, 0o400, false, 0o440),
            (GROUP, 0o600, false, 0o660),
            (GROUP, 0o700, true, 0o2770),
            (EVERYBODY, 0o755, true, 0o2775),
            (Shared::Is(0o640), 0o755, true, 0o2750),
            (Shared::Is(0o600), 0o444, false, 0o400),
        ] {
            assert_eq!(shared.mode(old, is_folder), new, "{shared:?} {old:o}");
        }
    }
}
