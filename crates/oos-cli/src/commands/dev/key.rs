//! The key that clients of a local OOS sign with.

use crate::failure::Failure;
use crate::input;
use oos::clock::{SystemEntropy, hex32};
use oos::sign::AccessKey;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The name of the file in the data folder.
const FILE: &str = "access-key.json";

/// A key in plain text: it is to be printed.
pub(super) struct DevKey {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) origin: Origin,
}

/// Where a key comes from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Made at this start.
    New,
    /// From the arguments.
    Given,
    /// From this file of the data folder.
    Kept(PathBuf),
}

/// The file.
#[derive(Serialize, Deserialize)]
struct Stored {
    access_key_id: String,
    access_key_secret: String,
}

impl DevKey {
    /// The key that is given; else that of the data folder; else a new one, which is written there.
    ///
    /// # Errors
    /// [`Failure::Usage`] if the key is no key, or its file can not be read or written.
    pub(super) fn choose(
        given: Option<(String, String)>,
        folder: Option<&Path>,
    ) -> Result<Self, Failure> {
        if let Some((id, secret)) = given {
            return Self::checked(id, secret, Origin::Given, "--access-key-id");
        }
        let Some(file) = folder.map(|folder| folder.join(FILE)) else {
            return Ok(Self::new());
        };
        if let Some(kept) = Self::kept(&file)? {
            return Ok(kept);
        }
        let new = Self::new();
        let written = write(&file, &new.id, &new.secret);
        written.map_err(|error| {
            Failure::usage(format!("{} can not be written: {error}", file.display()))
        })?;
        Ok(new)
    }

    pub(super) fn access_key(&self) -> AccessKey {
        AccessKey::new(self.id.as_str(), self.secret.as_str())
    }

    /// No cloud account has such a key: ids of the cloud begin with `LTAI`.
    fn new() -> Self {
        Self {
            id: format!("local{}", &hex32(&SystemEntropy)[..16]),
            secret: hex32(&SystemEntropy),
            origin: Origin::New,
        }
    }

    fn kept(file: &Path) -> Result<Option<Self>, Failure> {
        match fs::symlink_metadata(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            // What else is wrong is seen when it is read.
            Ok(_) | Err(_) => {}
        }
        let text = input::file(file, &mut io::empty())?;
        let stored: Stored = serde_json::from_str(&text.text).map_err(|_| {
            Failure::usage(format!(
                "{} holds no key: remove it, and the next start makes a new key",
                text.name
            ))
        })?;
        let origin = Origin::Kept(file.to_owned());
        Self::checked(
            stored.access_key_id,
            stored.access_key_secret,
            origin,
            &text.name,
        )
        .map(Some)
    }

    /// A key that can stand in headers and queries.
    fn checked(id: String, secret: String, origin: Origin, place: &str) -> Result<Self, Failure> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if id.is_empty() || id.len() > 128 || !id.bytes().all(plain) {
            return Err(Failure::usage(format!(
                "{place}: a key id has 1 to 128 letters, digits, `-`, `_` and `.`"
            )));
        }
        if secret.is_empty() || secret.len() > 256 || !secret.bytes().all(|b| b.is_ascii_graphic())
        {
            return Err(Failure::usage(format!(
                "{place}: the secret of a key has 1 to 256 visible ASCII characters"
            )));
        }
        Ok(Self { id, secret, origin })
    }
}

/// Writes the file whole or not at all; only its owner can read it.
fn write(file: &Path, id: &str, secret: &str) -> io::Result<()> {
    let stored = Stored {
        access_key_id: id.to_owned(),
        access_key_secret: secret.to_owned(),
    };
    let mut text = serde_json::to_string_pretty(&stored)?;
    text.push('\n');
    let unfinished = file.with_extension("json.new");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&unfinished)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    fs::rename(&unfinished, file)?;
    match file.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
