//! Golden directories: one directory per case under `golden/<area>/`, read by the tests of that area.

use oos_template::Value;
use oos_template::document::{self, Limits};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Scripts and expected states may be longer than templates.
const LIMITS: Limits = Limits::TEMPLATE.with_bytes(1024 * 1024).with_nodes(100_000);

/// One case: a directory with the files of the case.
#[derive(Debug)]
pub struct Case {
    /// The name of the directory.
    pub name: String,
    folder: PathBuf,
}

/// The cases of an area in the order of their names.
///
/// # Panics
/// If the area can not be read, or has no case: a test over no data would prove nothing.
#[must_use]
pub fn cases(area: &str) -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(area);
    let entries = fs::read_dir(&root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
    let mut cases: Vec<Case> = entries
        .map(|entry| entry.expect("an entry of the area").path())
        .filter(|path| path.is_dir())
        .map(|folder| Case {
            name: folder
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            folder,
        })
        .collect();
    assert!(!cases.is_empty(), "{} has no cases", root.display());
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

impl Case {
    /// The text of a file of the case, if it has that file.
    #[must_use]
    pub fn text_if_any(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(file)).ok()
    }

    /// The texts of the YAML files in a folder of the case by their names without extension; none if
    /// the case has no such folder.
    ///
    /// # Panics
    /// If a file can not be read.
    #[must_use]
    pub fn folder(&self, folder: &str) -> BTreeMap<String, String> {
        let Ok(entries) = fs::read_dir(self.folder.join(folder)) else {
            return BTreeMap::new();
        };
        let text = |entry: fs::DirEntry| {
            let path = entry.path();
            let name = path.file_stem()?.to_str()?.to_owned();
            let is_yaml = path.extension().is_some_and(|extension| extension == "yml");
            is_yaml.then(|| (name, fs::read_to_string(path).expect("a text")))
        };
        entries
            .map(|entry| entry.expect("an entry of the folder"))
            .filter_map(text)
            .collect()
    }

    /// The text of a file that every case has.
    ///
    /// # Panics
    /// If the case lacks it.
    #[must_use]
    pub fn text(&self, file: &str) -> String {
        self.text_if_any(file)
            .unwrap_or_else(|| panic!("the case {} lacks {file}", self.name))
    }

    /// A YAML or JSON file that every case has.
    ///
    /// # Panics
    /// If the case lacks it, or if it can not be read.
    #[must_use]
    pub fn value(&self, file: &str) -> Value {
        let text = self.text(file);
        let node = document::read(&text, LIMITS)
            .unwrap_or_else(|problem| panic!("{}/{file}: {problem:?}", self.name));
        node.to_value()
    }
}
