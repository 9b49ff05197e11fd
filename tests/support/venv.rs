//! The virtual environment of the online tests, below the build folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use libtest_mimic::Failed;

use super::Command;
use super::files::manifest;

/// More than the download takes on a slow line.
const DOWNLOAD: Duration = Duration::from_secs(1200);

/// Returns the folder of its programs; makes it first if its requirements have changed.
pub fn bin() -> Result<PathBuf, Failed> {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("online-venv");
    let wanted = include_str!("../online/requirements.txt");
    let stamp = dir.join("requirements.txt");
    fs::create_dir_all(dir.parent().ok_or("no build folder")?)?;
    let lock = File::create(dir.with_extension("lock"))?;
    lock.lock()?;
    if fs::read_to_string(&stamp).ok().as_deref() != Some(wanted) {
        make(&dir)?;
        fs::write(&stamp, wanted)?;
    }
    Ok(dir.join("bin"))
}

fn make(dir: &Path) -> Result<(), Failed> {
    let python = "Python 3.10 or later with the venv module is needed (Debian: apt install python3-venv); GIT_RALLY_OFFLINE=1 turns these tests off";
    let made = Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(dir)
        .output();
    match made {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            return Err(format!("{python}: {}", String::from_utf8_lossy(&output.stdout)).into());
        }
        Err(error) => return Err(format!("{python}: {error}").into()),
    }
    let pip = "-m pip install -q --disable-pip-version-check -r";
    let output = Command::new(dir.join("bin/python"))
        .args(pip.split(' '))
        .arg(manifest("tests/online/requirements.txt"))
        .limit(DOWNLOAD)
        .output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("pip: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}
