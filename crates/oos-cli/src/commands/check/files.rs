//! Which files are checked, and what is in them.

use super::judge::{Source, spread};
use crate::failure::{Failure, Mistake, Mistakes, chain};
use oos_local::{TemplateFile, template_files};
use oos_template::children::{is_template, template_name};
use std::fs::File;
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// A longer file is no template, and not read to its end: one may have 64 KB.
const MOST_BYTES: u64 = 1024 * 1024;

/// A file to be read.
struct Wanted {
    path: PathBuf,
    /// The name of its template, if its file is named like one.
    name: Option<String>,
    /// The number of the folder in which it was found. Only templates are kept of those.
    folder: Option<usize>,
}

/// The files that the arguments mean, in their order, those of a folder in the order of their paths; and
/// those that can not be read.
///
/// # Errors
/// [`Failure::Usage`] if a folder can not be read, or holds too much.
pub(super) fn read(
    paths: &[PathBuf],
    jobs: NonZeroUsize,
    stdin: &mut dyn Read,
) -> Result<(Vec<Source>, Mistakes), Failure> {
    let mut wanted = Vec::new();
    let mut from_stdin = None;
    for (number, path) in paths.iter().enumerate() {
        if path.as_os_str() == "-" {
            from_stdin = Some(wanted.len());
            wanted.push(named(path.clone()));
        } else if path.is_dir() {
            wanted.extend(found(path, number)?);
        } else {
            wanted.push(named(path.clone()));
        }
    }
    let stdin = from_stdin.map(|_| bytes(stdin));
    let read = spread(&wanted, jobs, |one| match &stdin {
        Some(stdin) if one.path.as_os_str() == "-" => clone(stdin),
        _ => File::open(&one.path).and_then(bytes),
    });
    let mut sources = Vec::new();
    let mut mistakes = Mistakes::default();
    for (one, read) in wanted.into_iter().zip(read) {
        match read {
            Ok(bytes) => sources.extend(source(one, bytes)),
            Err(error) => mistakes.extend([unreadable(&one.path, &error)]),
        }
    }
    Ok((sources, mistakes))
}

fn named(path: PathBuf) -> Wanted {
    let file = path.file_name().and_then(|file| file.to_str());
    let name = file
        .and_then(template_name)
        .map(|(name, _)| name.to_owned());
    Wanted {
        path,
        name,
        folder: None,
    }
}

fn found(folder: &Path, number: usize) -> Result<Vec<Wanted>, Failure> {
    let files = template_files(folder).map_err(|error| Failure::usage(chain(&error).join(": ")))?;
    let wanted = |TemplateFile { name, path, .. }| Wanted {
        path,
        name: Some(name),
        folder: Some(number),
    };
    let mut all: Vec<Wanted> = files.into_iter().map(wanted).collect();
    all.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(all)
}

/// The bytes of a file, the first that are too many included.
fn bytes(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn clone(read: &io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
    match read {
        Ok(bytes) => Ok(bytes.clone()),
        Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
    }
}

/// What is checked of a file: nothing, if it was only found in a folder and is no template.
fn source(wanted: Wanted, bytes: Vec<u8>) -> Option<Source> {
    if wanted.folder.is_some() && !is_template(&String::from_utf8_lossy(&bytes)) {
        return None;
    }
    let shown = wanted.path.display().to_string();
    let file = if shown == "-" {
        String::from("<stdin>")
    } else {
        shown
    };
    Some(Source {
        file,
        name: wanted.name,
        folder: wanted.folder,
        bytes,
    })
}

fn unreadable(path: &Path, error: &io::Error) -> Mistake {
    Mistake::new(format!("{} can not be read: {error}", path.display()))
}
