//! What is found in files, several at a time.

use crate::findings::Checked;
use oos_template::children::{self, Catalogue, FindChild, NoChildren, template_name};
use oos_template::{Diagnostic, advice, inspect_bytes};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A file to be checked.
#[derive(Debug)]
pub(super) struct Source {
    /// As it was given, or found in a folder that was.
    pub(super) file: String,
    /// The name of its template.
    pub(super) name: Option<String>,
    /// The number of the folder in which it was found.
    pub(super) folder: Option<usize>,
    pub(super) bytes: Vec<u8>,
}

/// Checks files, in their order. The templates that they run are those of the catalogue; without one,
/// files that were found in the same folder.
pub(super) fn all(
    files: Vec<Source>,
    given: Option<&Catalogue>,
    jobs: NonZeroUsize,
) -> Vec<Checked> {
    let folders = match given {
        Some(_) => BTreeMap::new(),
        None => by_folder(&files),
    };
    let problems = spread(&files, jobs, |source| {
        let own = source.folder.and_then(|folder| folders.get(&folder));
        match given.or(own) {
            Some(catalogue) => check(source, catalogue),
            None => check(source, &NoChildren),
        }
    });
    let both = files.into_iter().zip(problems);
    both.map(|(source, (problems, omitted))| Checked {
        file: source.file,
        text: String::from_utf8(source.bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
        problems,
        omitted,
    })
    .collect()
}

/// The templates of each folder. It was not said that they are the very ones that will run.
fn by_folder(files: &[Source]) -> BTreeMap<usize, Catalogue> {
    let mut found: Vec<_> = files
        .iter()
        .filter_map(|source| Some((source.folder?, source.name.as_deref()?, source)))
        .collect();
    // As in a templates folder: of one name the YAML file counts, then the one whose path comes first.
    let is_json = |file: &str| template_name(file).is_some_and(|(_, is_json)| is_json);
    found.sort_by_key(|(folder, name, source)| {
        (*folder, *name, is_json(&source.file), &source.file)
    });
    let mut folders: BTreeMap<usize, Catalogue> = BTreeMap::new();
    for (folder, name, source) in found {
        if let Ok(text) = std::str::from_utf8(&source.bytes) {
            let catalogue = folders
                .entry(folder)
                .or_insert_with(|| Catalogue::new().as_guess());
            catalogue.add(name, text);
        }
    }
    folders
}

fn check(source: &Source, catalogue: &dyn FindChild) -> (Vec<Diagnostic>, usize) {
    let mut inspection = inspect_bytes(&source.bytes);
    if let Some(template) = inspection.template.take() {
        inspection.add(children::check(
            &template,
            source.name.as_deref(),
            catalogue,
        ));
        inspection.add(advice(&template));
    }
    (inspection.diagnostics, inspection.omitted)
}

/// Does the same to all items, so many at a time; the results are in the order of the items.
pub(super) fn spread<T: Sync, R: Send>(
    items: &[T],
    jobs: NonZeroUsize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let jobs = jobs.get().min(items.len());
    if jobs <= 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some((at, item)) = take(&next, items) {
                    let result = work(item);
                    done.lock()
                        .expect("no other thread panics while it holds it")
                        .push((at, result));
                }
            });
        }
    });
    let mut done = done
        .into_inner()
        .expect("no thread panicked while it held it");
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

fn take<'a, T>(next: &AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    Some((at, items.get(at)?))
}
