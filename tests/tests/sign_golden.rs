//! Every golden directory of `golden/sign`, stage by stage, against the signer and the verifier.

use std::fs;
use std::path::{Path, PathBuf};

use oos_tests::vectors::{self, Report, Vector};

fn directories() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/sign");
    let entries = fs::read_dir(&root).expect("the golden directories of signing");
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    found.sort();
    found
}

fn vectors() -> Vec<Vector> {
    let read =
        |directory: &PathBuf| vectors::read_directory(directory).expect("a golden directory");
    directories().iter().map(read).collect()
}

#[test]
fn every_vector_is_reproduced_and_verified() {
    let vectors = vectors();
    assert!(vectors.len() >= 101, "only {} vectors", vectors.len());
    let mut complete = 0;
    for vector in &vectors {
        let report = vectors::check(vector).unwrap_or_else(|difference| {
            panic!("{}: {difference:#?}", vector.name);
        });
        assert_eq!(report.prepared, !vector.quirk, "{}", vector.name);
        complete += usize::from(report.complete);
    }
    let quirks = vectors.iter().filter(|vector| vector.quirk).count();
    assert_eq!(quirks, 4, "vectors whose habit is not imitated");
    assert!(
        complete >= 97,
        "only {complete} vectors were signed from the plain request"
    );
}

#[test]
fn every_directory_shows_all_stages_and_its_origin() {
    for directory in directories() {
        let vector = vectors::read_directory(&directory).expect("a golden directory");
        let acs3 = [
            "canonical_request",
            "signed_headers",
            "authorization",
            "content_sha256",
        ];
        let both = ["canonical_query", "string_to_sign", "signature"];
        let wanted = both
            .iter()
            .chain(acs3.iter().filter(|_| vector.algorithm.starts_with("ACS3")));
        for stage in wanted {
            assert!(
                vector.expected(stage).is_some(),
                "{}: no {stage}",
                vector.name
            );
        }
        let origin = fs::read_to_string(directory.join("origin.txt")).expect("origin.txt");
        assert!(origin.trim().len() > 10, "{}: no origin", vector.name);
    }
}

/// The check itself must be able to fail: one changed byte in any stage is found.
#[test]
fn a_changed_stage_is_found() {
    let directories = directories();
    for name in ["oos_v3_sts_TriggerExecution", "core_v1_form_body"] {
        let directory = directories
            .iter()
            .find(|path| path.ends_with(name))
            .expect(name);
        for stage in [
            "canonical-query",
            "canonical-request",
            "string-to-sign",
            "signature",
            "authorization",
        ] {
            let source = directory.join(format!("{stage}.txt"));
            let Ok(text) = fs::read_to_string(&source) else {
                continue;
            };
            let changed = with_one_changed_byte(&text);
            let copy = copy_with(directory, stage, &changed);
            let vector = vectors::read_directory(copy.path()).expect("a copy");
            let difference = vectors::check(&vector).expect_err(stage);
            assert!(
                difference.stage.starts_with(&stage.replace('-', "_")),
                "{difference:?}"
            );
        }
    }
}

#[test]
fn both_ways_of_signing_are_taken() {
    let both = Report {
        prepared: true,
        complete: true,
    };
    for name in [
        "node_v3_TriggerExecution",
        "node_v1_sts",
        "oos_v3_sts_TriggerExecution",
        "core_v1_form_body",
    ] {
        let vectors = vectors();
        let vector = vectors
            .iter()
            .find(|vector| vector.name == name)
            .expect(name);
        assert_eq!(vectors::check(vector).expect(name), both, "{name}");
    }
}

fn with_one_changed_byte(text: &str) -> String {
    let place = text
        .find(|c: char| c.is_ascii_alphanumeric())
        .expect("a letter or digit");
    let other = if &text[place..=place] == "a" {
        "b"
    } else {
        "a"
    };
    format!("{}{other}{}", &text[..place], &text[place + 1..])
}

struct Copy(PathBuf);

impl Copy {
    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy_with(directory: &Path, stage: &str, text: &str) -> Copy {
    let name = directory
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{stage}"));
    fs::create_dir_all(&place).expect("a temporary directory");
    for entry in fs::read_dir(directory).expect("a golden directory") {
        let from = entry.expect("an entry").path();
        fs::copy(&from, place.join(from.file_name().expect("a name"))).expect("a copied file");
    }
    fs::write(place.join(format!("{stage}.txt")), text).expect("a changed file");
    Copy(place)
}
