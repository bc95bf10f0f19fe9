//! Reads a folder of templates.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
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

/// The texts of the templates in a folder, by their names.
pub(super) fn folder(folder: &Path) -> Result<BTreeMap<String, Arc<str>>, CatalogueError> {
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
    // Of two files of one name the first counts.
    files.sort();
    files.dedup_by(|one, first| one.name == first.name);
    let mut templates = BTreeMap::new();
    let mut bytes = 0;
    for Named { name, path, .. } in files {
        let Some(text) = template(&path)? else {
            continue;
        };
        bytes += text.len();
        if bytes > MOST_BYTES {
            return Err(too_much("text"));
        }
        templates.insert(name, text.into());
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
    let extension = path.extension().and_then(OsStr::to_str)?;
    let is = |known: &str| extension.eq_ignore_ascii_case(known);
    let is_json = is("json");
    if !(is_json || is("yml") || is("yaml")) {
        return None;
    }
    let name = path.file_stem()?.to_str()?.to_owned();
    let path = path.to_owned();
    Some(Named {
        name,
        is_json,
        path,
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
    Ok(text.filter(|text| has_format_version(text)))
}

/// Whether `FormatVersion` stands at the top level, as far as that can be told without parsing: a
/// template with a mistake in its syntax has to be found as well, so that the mistake is told.
fn has_format_version(text: &str) -> bool {
    const KEY: &str = "FormatVersion";
    let text = text.trim_start_matches('\u{feff}');
    let in_a_line = |line: &str| {
        let quoted = line.strip_prefix(['"', '\'']).unwrap_or(line);
        quoted.starts_with(KEY)
    };
    match text.trim_start().strip_prefix('{') {
        Some(rest) => rest.contains(KEY),
        None => text.lines().any(in_a_line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_told_from_other_files() {
        let check = |text: &str, expected: bool| {
            assert_eq!(has_format_version(text), expected, "{text}");
        };
        check("FormatVersion: OOS-2019-06-01\nTasks: []", true);
        check("Description: a\n\"FormatVersion\": OOS-2019-06-01", true);
        check("\u{feff}FormatVersion: OOS-2019-06-01", true);
        check(
            "# nothing\n\n{ \"Tasks\": [], \"FormatVersion\": \"x\" }",
            false,
        );
        check(" {\"FormatVersion\": \"x\", broken", true);
        check("mocks: []\ninner:\n  FormatVersion: x", false);
        check("", false);
        check("{\"a\": 1}", false);
    }

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
