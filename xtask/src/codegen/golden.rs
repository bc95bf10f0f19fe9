//! What the tests of the wire need: the inputs of calls, and the same calls in Rust.

use std::fmt::Write;

use serde_json::Value;

use super::built;
use super::emit::{self, KnownNames};
use super::files::Files;
use super::names;
use super::samples::{self, Extent};
use super::spec::Spec;
use super::types::Types;

/// One directory an operation.
pub(crate) const CASES: &str = "tests/golden/wire";
/// The calls in Rust.
pub(super) const CALLS: &str = "tests/tests/model_wire/calls.rs";

pub(super) fn files(spec: &Spec, types: &Types, known: &KnownNames) -> Result<Files, String> {
    let mut files = Files::new();
    let mut table = String::new();
    let mut functions = String::new();
    for operation in &spec.operations {
        let module = names::snake(&operation.name);
        for extent in Extent::BOTH {
            let input = Value::Object(samples::request(operation, extent));
            let text = serde_json::to_string_pretty(&input).map_err(|error| error.to_string())?;
            let path = format!("{CASES}/{module}/input.{}.json", extent.name());
            files.insert(path, text + "\n");
        }
        let _ = writeln!(table, "(\"{}\", {module}),", operation.name);
        functions.push_str(&built::function(operation, types)?);
    }
    files.insert(CALLS.to_owned(), calls(spec, &table, &functions, known));
    Ok(files)
}

fn calls(spec: &Spec, table: &str, functions: &str, known: &KnownNames) -> String {
    let head = "//! Every operation with the parameters of its `input.min.json` and `input.max.json`, made with
//! constructors and setters.
";
    let operations = spec.operations.iter().flat_map(|operation| {
        let name = &operation.name;
        [name.clone(), format!("{name}Required")]
    });
    let known = KnownNames {
        operations: operations.collect(),
        ..known.clone()
    };
    let uses = emit::uses(functions, "oos_model", &known);
    format!(
        "{}\n{head}\nuse serde_json::json;\n\n{uses}\nuse super::{{Pairs, sent}};\n
         /// What an operation sends: the least and the most.
         type Calls = fn() -> [Pairs; 2];\n
         pub(super) const CALLS: &[(&str, Calls)] = &[{table}];\n\n{functions}",
        emit::MARKER
    )
}
