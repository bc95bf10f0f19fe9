//! The data folder, held by one store at a time.

use super::OpenError;
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read},
    path::{Path, PathBuf},
};

/// The locked file. It stays when the folder is given back: a file that was removed could be
/// locked by two.
const LOCK: &str = "store.lock";
/// Who holds the lock; a file of its own, as some systems let nobody read a locked file.
const HOLDER: &str = "store.holder";
const MAX_ENDPOINT: usize = 200;

/// A folder that this store holds until it is dropped.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    pub(super) fn hold(path: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::folder(path, source);
        make_folder(path).map_err(failed)?;
        let lock = private_file(&path.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(path)),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let folder = Self {
            path: path.to_owned(),
            _lock: lock,
        };
        folder.announce("").map_err(failed)?;
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn announce(&self, endpoint: &str) -> io::Result<()> {
        let text = format!("{}\n{}\n", std::process::id(), printable(endpoint));
        let new = self.path.join("store.holder.new");
        remove_if_there(&new)?;
        io::Write::write_all(&mut private_file(&new)?, text.as_bytes())?;
        fs::rename(new, self.path.join(HOLDER))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Who finds a file that is left takes it for what it is: the lock alone tells.
        let _ = fs::remove_file(self.path.join(HOLDER));
    }
}

/// Opens a file that its owner alone may read and write.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

pub(super) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Brings the names in a folder to the disk.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}

fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
        _ => Ok(()),
    }
}

fn held(path: &Path) -> OpenError {
    let mut text = String::new();
    if let Ok(file) = File::open(path.join(HOLDER)) {
        // What can not be read is not told.
        let _ = file.take(4096).read_to_string(&mut text);
    }
    let mut lines = text.lines();
    let pid = lines.next().and_then(|line| line.parse().ok());
    let endpoint = lines.next().map(printable);
    OpenError::Held {
        folder: path.to_owned(),
        pid,
        endpoint: endpoint.filter(|text| !text.is_empty()),
    }
}

/// One line that does no harm to a terminal.
fn printable(text: &str) -> String {
    let harmless = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().take(MAX_ENDPOINT).map(harmless).collect()
}
