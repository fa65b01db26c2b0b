//! Files and folders.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};

/// All files below a folder. None for a file, or for a folder that is not there.
///
/// # Errors
/// When a folder cannot be listed.
pub fn below(path: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).with_context(|| format!("listing {}", path.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                files.extend(below(&path)?);
            } else {
                files.push(path);
            }
        }
    }
    Ok(files)
}

/// `None` for a path that is not there, which is older than everything.
///
/// # Errors
/// When the system does not tell.
pub fn modified(path: &Path) -> Result<Option<SystemTime>> {
    match path.metadata() {
        Ok(metadata) => Ok(Some(metadata.modified()?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("looking at {}", path.display())),
    }
}

/// When the path itself, or anything below it, was last changed.
///
/// # Errors
/// As [`below`].
pub fn youngest(path: &Path) -> Result<Option<SystemTime>> {
    let mut youngest = modified(path)?;
    for file in below(path)? {
        youngest = youngest.max(modified(&file)?);
    }
    Ok(youngest)
}

/// A folder with nothing in it.
///
/// # Errors
/// When it cannot be made.
pub fn empty_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))
}

/// A copy of all files below a folder.
///
/// # Errors
/// When one cannot be copied.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in below(from)? {
        let target = to.join(file.strip_prefix(from)?);
        std::fs::create_dir_all(target.parent().unwrap_or(to))?;
        std::fs::copy(&file, &target).with_context(|| format!("copying {}", file.display()))?;
    }
    Ok(())
}
