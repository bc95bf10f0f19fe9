//! Folders of templates that are read again when something in them changes.

use crate::commands::try_template::template_catalogues;
use crate::console::Console;
use crate::failure::Failure;
use crate::render::{self, Paint};
use oos_local::TemplateCatalogues;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Deeper folders, and more entries, are not looked at: reading refuses them anyway.
const MOST_LEVELS: usize = 32;
const MOST_ENTRIES: usize = 20_000;

/// The folders, and what the local OOS serves of them.
#[derive(Debug)]
pub(super) struct ReloadingTemplates {
    folders: Vec<PathBuf>,
    stamps: Vec<Stamp>,
    served: TemplateCatalogues,
}

/// A file or folder, when it was written, and its length.
type Stamp = (PathBuf, Option<SystemTime>, u64);

impl ReloadingTemplates {
    /// Reads the folders for the first time.
    ///
    /// # Errors
    /// [`Failure::Usage`] if one can not be read.
    pub(super) fn read(folders: Vec<PathBuf>) -> Result<Self, Failure> {
        let stamps = stamps(&folders);
        let served = TemplateCatalogues::new(template_catalogues(&folders)?);
        Ok(Self {
            folders,
            stamps,
            served,
        })
    }

    /// What is served of the folders; it follows them.
    pub(super) fn served(&self) -> TemplateCatalogues {
        self.served.clone()
    }

    /// Reads the folders again if they have changed, and tells of it. What can not be read is told
    /// of once, and what was served stays.
    ///
    /// The stamps are taken before the files are read: what is written meanwhile is seen the next
    /// time.
    pub(super) fn look(&mut self, console: &mut Console) {
        let stamps = stamps(&self.folders);
        if stamps == self.stamps {
            return;
        }
        self.stamps = stamps;
        match template_catalogues(&self.folders) {
            Ok(catalogues) => {
                self.served.replace(catalogues);
                console.complain("the folders of templates have changed: they were read again\n");
            }
            Err(failure) => {
                let text = render::failure(&failure, Paint::new(console.colour_of_errors()));
                console.complain(&format!("{text}the templates stay as before\n"));
            }
        }
    }
}

fn stamps(folders: &[PathBuf]) -> Vec<Stamp> {
    let mut stamps = Vec::new();
    for folder in folders {
        collect(folder, MOST_LEVELS, &mut stamps);
    }
    stamps.sort();
    stamps
}

fn collect(folder: &Path, levels: usize, stamps: &mut Vec<Stamp>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        if stamps.len() >= MOST_ENTRIES {
            return;
        }
        stamps.push((entry.path(), metadata.modified().ok(), metadata.len()));
        if metadata.is_dir() && levels > 0 {
            collect(&entry.path(), levels - 1, stamps);
        }
    }
}
