//! Reads a folder of templates.

use oos_template::children::{Catalogue, is_template, template_name};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// So many files and folders are looked at.
const MOST_ENTRIES: usize = 20_000;
/// So deep are folders read.
const MOST_DEPTH: usize = 32;
/// A longer file is no template: one may have 64 KB. What is a little longer is kept, so that whoever
/// runs it is told.
const MOST_FILE_BYTES: u64 = 1024 * 1024;
/// So much text is kept.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// Why the templates of a folder could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// A file or folder can not be read.
    #[error("{} can not be read", path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The folder holds more than a folder of templates does.
    #[error("{} holds too much for a folder of templates ({what}): name the folder that holds only them", folder.display())]
    TooMuch {
        /// The folder.
        folder: PathBuf,
        /// What there is too much of.
        what: &'static str,
    },
}

/// A file whose name is one of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateFile {
    /// The name of its template: that of the file without extension.
    pub name: String,
    /// Where it is; begins with the folder as it was given.
    pub path: PathBuf,
}

/// The files in a folder and the folders in it that may hold templates: those named `*.yml`, `*.yaml`
/// or `*.json`, ordered by name, of one name YAML before JSON, then by path. What begins with a dot is
/// left out, and links to folders are not followed.
///
/// # Errors
/// [`CatalogueError`] if the folder can not be read, or holds too much to be one of templates.
pub fn template_files(folder: &Path) -> Result<Vec<TemplateFile>, CatalogueError> {
    let too_much = |what| CatalogueError::TooMuch {
        folder: folder.to_owned(),
        what,
    };
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    let mut seen = 0;
    while let Some((next, depth)) = folders.pop() {
        if depth > MOST_DEPTH {
            return Err(too_much("folders in folders"));
        }
        for entry in entries(&next)? {
            seen += 1;
            if seen > MOST_ENTRIES {
                return Err(too_much("files"));
            }
            match entry {
                Entry::Folder(path) => folders.push((path, depth + 1)),
                Entry::File(file) => files.push(file),
            }
        }
    }
    files.sort();
    let file = |Named { name, path, .. }| TemplateFile { name, path };
    Ok(files.into_iter().map(file).collect())
}

/// The templates in a folder by their names; of two files of one name the first counts.
pub(super) fn folder(folder: &Path) -> Result<Catalogue, CatalogueError> {
    let mut files = template_files(folder)?;
    files.dedup_by(|one, first| one.name == first.name);
    let mut templates = Catalogue::new();
    let mut bytes = 0;
    for TemplateFile { name, path } in files {
        let Some(text) = template(&path)? else {
            continue;
        };
        bytes += text.len();
        if bytes > MOST_BYTES {
            return Err(CatalogueError::TooMuch {
                folder: folder.to_owned(),
                what: "text",
            });
        }
        templates.add(name, text);
    }
    Ok(templates)
}

enum Entry {
    Folder(PathBuf),
    File(Named),
}

/// Ordered by name, YAML before JSON, then by path.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    name: String,
    is_json: bool,
    path: PathBuf,
}

/// The folders in a folder, and the files in it that may be templates. Links to folders are not
/// followed, since they can go round; links to files are.
fn entries(folder: &Path) -> Result<Vec<Entry>, CatalogueError> {
    let unreadable = |source| CatalogueError::Unreadable {
        path: folder.to_owned(),
        source,
    };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        if entry.file_type().map_err(unreadable)?.is_dir() {
            entries.push(Entry::Folder(path));
        } else if let Some(named) = named(&path).filter(|_| path.is_file()) {
            entries.push(Entry::File(named));
        }
    }
    Ok(entries)
}

fn named(path: &Path) -> Option<Named> {
    let (name, is_json) = template_name(path.file_name().and_then(OsStr::to_str)?)?;
    Some(Named {
        name: name.to_owned(),
        is_json,
        path: path.to_owned(),
    })
}

/// The text of a file, if it is one of a template.
fn template(path: &Path) -> Result<Option<String>, CatalogueError> {
    let unreadable = |source| CatalogueError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MOST_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MOST_FILE_BYTES {
        return Ok(None);
    }
    let text = String::from_utf8(bytes).ok();
    Ok(text.filter(|text| is_template(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_comes_before_json() {
        let mut files: Vec<Named> = ["b/a.json", "c/a.yaml", "b/a.yml", "a/b.JSON", "x.txt"]
            .iter()
            .filter_map(|path| named(Path::new(path)))
            .collect();
        files.sort();
        let shown: Vec<_> = files
            .iter()
            .map(|file| file.path.display().to_string())
            .collect();
        assert_eq!(shown, ["b/a.yml", "c/a.yaml", "b/a.json", "a/b.JSON"]);
    }
}
