//! The directories of `golden/wire`.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// One directory: an operation.
pub(super) struct Case {
    folder: PathBuf,
    pub(super) facts: Facts,
}

#[derive(Deserialize)]
pub(super) struct Facts {
    pub(super) operation: String,
    pub(super) method: String,
    pub(super) origin: String,
}

impl Case {
    /// All of them in the order of their names.
    pub(super) fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/wire");
        let entries = fs::read_dir(root).expect("the golden directories of the wire");
        let folders = entries
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.is_dir());
        let mut cases: Vec<Self> = folders.map(Self::read).collect();
        cases.sort_by(|a, b| a.folder.cmp(&b.folder));
        cases
    }

    fn read(folder: PathBuf) -> Self {
        let text = fs::read_to_string(folder.join("case.json")).expect("case.json");
        let facts = serde_json::from_str(&text).expect("case.json");
        Self { folder, facts }
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(name)).ok()
    }

    pub(super) fn must_text(&self, name: &str) -> String {
        let path = self.folder.join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(super) fn json(&self, name: &str) -> Option<Value> {
        Some(serde_json::from_str(&self.text(name)?).expect(name))
    }
}
