//! One module a group of operations: what they do, side by side, and an example that runs.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::emit;
use super::files::Files;
use super::names;
use super::request;
use super::spec::{Operation, Spec};
use super::types::Types;

/// One file a group: `//!` lines that say what it is, then the example.
const EXAMPLES: &str = "spec/examples";

pub(super) fn files(
    root: &Path,
    target: &str,
    spec: &Spec,
    types: &Types,
) -> Result<Files, String> {
    let mut files = Files::new();
    let mut index = format!(
        "{}\n//! The operations by what they are about: an overview of each group, and an example.\n
//! The types are those of [`operations`](crate::operations), by another name.\n\n",
        emit::MARKER
    );
    for (group, names) in &spec.groups {
        let path = format!("{EXAMPLES}/{group}.rs");
        let text = fs::read_to_string(root.join(&path));
        let text = text.map_err(|error| format!("{path}: {error}"))?;
        let members: Vec<&Operation> = spec
            .operations
            .iter()
            .filter(|operation| operation.group == *group)
            .collect();
        if members.len() != names.len() {
            return Err(format!(
                "the group {group} lists other operations than say so"
            ));
        }
        files.insert(
            format!("{target}/groups/{group}.rs"),
            file(&text, &members, types)?,
        );
        let _ = writeln!(index, "pub mod {group};");
    }
    files.insert(format!("{target}/groups/mod.rs"), index);
    Ok(files)
}

fn file(text: &str, operations: &[&Operation], types: &Types) -> Result<String, String> {
    let (about, example): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| line.starts_with("//!"));
    let mut file = format!("{}\n{}\n//!\n", emit::MARKER, about.join("\n"));
    file.push_str("//! | operation | what it does | mandatory | RAM level | repeat |\n");
    file.push_str("//! | --- | --- | --- | --- | --- |\n");
    let mut exports = String::new();
    for operation in operations {
        let members = request::members(operation, types)?;
        let required = request::arguments(operation, &members)?;
        let wires: Vec<String> = required
            .iter()
            .map(|one| format!("`{}`", one.wire))
            .collect();
        let name = &operation.name;
        let _ = writeln!(
            file,
            "//! | [`{name}`] | {} | {} | {} | {} |",
            names::coded_text(&operation.summary),
            wires.join(", "),
            operation.ram.access_level,
            repeat(operation)
        );
        let _ = write!(exports, "{name}, {name}Output, ");
        if request::are_named(&required) {
            let _ = write!(exports, "{name}Required, ");
        }
    }
    file.push_str("//!\n//! ```\n");
    for line in example {
        let _ = writeln!(file, "//! {line}");
    }
    let file = file.replace("//! \n", "//!\n");
    Ok(format!(
        "{file}//! ```\n\npub use crate::operations::{{{exports}}};\n"
    ))
}

/// Whether a call may be sent again, in a word.
fn repeat(operation: &Operation) -> &'static str {
    match (operation.readonly, operation.idempotency_token) {
        (true, _) => "safe",
        (false, true) => "with its token",
        (false, false) => "no",
    }
}
