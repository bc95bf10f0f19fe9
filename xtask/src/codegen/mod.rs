//! Generates the operations, shapes and enums of `oos-model` from the specification.

mod emit;
mod names;
mod request;
mod spec;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

use spec::{Enum, Spec};
use types::{Object, Types};

const SPEC: &str = "spec/oos-2019-06-01.json";
const TARGET: &str = "crates/oos-model/src";
/// What the generator owns below [`TARGET`].
const OWNED: [&str; 3] = ["enums.rs", "operations", "shapes"];

/// Files by path below [`TARGET`].
type Files = BTreeMap<String, String>;

/// Writes the generated files; with `check` only says whether they are as they would be written.
pub(crate) fn run(root: &Path, scratch: &Path, check: bool) -> Result<String, String> {
    let target = root.join(TARGET);
    let files = format_all(&generate(root)?, root, scratch)?;
    let stale = stale(&target, &files).map_err(|error| error.to_string())?;
    if check {
        return if stale.is_empty() {
            Ok(format!("{} generated files are up to date", files.len()))
        } else {
            Err(format!(
                "not up to date: {}; run `cargo xtask codegen`",
                stale.join(", ")
            ))
        };
    }
    for path in &stale {
        let full = target.join(path);
        let done = match files.get(path) {
            Some(text) => write_file(&full, text),
            None => fs::remove_file(&full),
        };
        done.map_err(|error| format!("{}: {error}", full.display()))?;
    }
    let lines: usize = files.values().map(|text| text.lines().count()).sum();
    Ok(format!(
        "{} files, {lines} lines, {} changed",
        files.len(),
        stale.len()
    ))
}

fn generate(root: &Path) -> Result<Files, String> {
    let path = root.join(SPEC);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let spec: Spec = serde_json::from_str(&text).map_err(|error| format!("{SPEC}: {error}"))?;
    let types = Types::collect(&spec)?;
    let objects: BTreeSet<String> = types.objects.keys().cloned().collect();
    let enums: BTreeSet<String> = spec.enums.iter().map(|one| one.name.clone()).collect();
    let mut files = Files::new();
    files.insert("enums.rs".to_owned(), enums_file(&spec.enums));
    let mut modules = Vec::new();
    for operation in &spec.operations {
        let body = request::operation(operation, &types)?;
        let module = names::snake(&operation.name);
        files.insert(
            format!("operations/{module}.rs"),
            emit::file(&body, &objects, &enums),
        );
        modules.push(module);
    }
    let names: Vec<_> = spec
        .operations
        .iter()
        .map(|operation| operation.name.as_str())
        .collect();
    files.insert(
        "operations/mod.rs".to_owned(),
        operations_index(&modules, &names),
    );
    let mut shapes = Vec::new();
    for (name, object) in &types.objects {
        let module = names::snake(name);
        let body = shape(name, object, &types)?;
        files.insert(
            format!("shapes/{module}.rs"),
            emit::file(&body, &objects, &enums),
        );
        shapes.push(module);
    }
    let head =
        "//! The objects that operations and answers are made of; every field is optional.\n";
    files.insert("shapes/mod.rs".to_owned(), index(head, &shapes));
    Ok(files)
}

fn shape(name: &str, object: &Object, types: &Types) -> Result<String, String> {
    let answer = object
        .fields
        .values()
        .map(|merged| types.answer(name, merged));
    let members = answer.collect::<Result<Vec<_>, _>>()?;
    let mut text = emit::answer_struct(name, std::slice::from_ref(&object.doc), &members);
    if !object.flat {
        return Ok(text);
    }
    let flat = object
        .fields
        .values()
        .map(|merged| types.flat_member(name, merged));
    let flat = flat.collect::<Result<Vec<_>, _>>()?;
    let _ = writeln!(
        text,
        "impl {name} {{\npub(crate) const MEMBERS: &'static [ParameterInfo] = &[{}];\n}}\n",
        request::infos(&flat)
    );
    let _ = writeln!(
        text,
        "impl FlatItem for {name} {{
         fn to_flat<'a>(&'a self, prefix: &str, params: &mut Params<'a>) {{"
    );
    flat.iter()
        .for_each(|member| text.push_str(&request::write_member(member, Some("prefix"))));
    text.push_str(
        "}\n\nfn from_flat(params: &Params<'_>) -> Result<Self, ParamError> {\nOk(Self {\n",
    );
    flat.iter()
        .for_each(|member| text.push_str(&request::read_member(member)));
    Ok(text + "})\n}\n}\n")
}

fn enums_file(enums: &[Enum]) -> String {
    let mut text = format!(
        "{}\n//! The value sets of fields.\n\nuse crate::open_enum::open_enum;\n",
        emit::MARKER
    );
    for Enum {
        name, doc, values, ..
    } in enums
    {
        let _ = write!(
            text,
            "\nopen_enum! {{\n{}    {name} {{\n",
            names::doc(4, std::slice::from_ref(doc))
        );
        for value in values {
            let _ = writeln!(text, "        {} = \"{value}\",", names::variant(value));
        }
        text.push_str("    }\n}\n");
    }
    text
}

fn index(head: &str, modules: &[String]) -> String {
    let mut text = format!("{}\n{head}\n", emit::MARKER);
    modules.iter().for_each(|module| {
        let _ = writeln!(text, "mod {module};");
    });
    text.push('\n');
    modules.iter().for_each(|module| {
        let _ = writeln!(text, "pub use {module}::*;");
    });
    text
}

fn operations_index(modules: &[String], names: &[&str]) -> String {
    let head = "//! The operations: one struct for the call and one, `…Output`, for the answer.\n";
    let mut text = index(head, modules);
    let _ = writeln!(
        text,
        "\n/// Hands the names of all operations to a macro of yours, in the order of the alphabet.
         ///
         /// ```
         /// macro_rules! count {{
         ///     ($($operation:ident),+ $(,)?) => {{ [$(stringify!($operation)),+].len() }};
         /// }}
         /// assert_eq!(oos_model::for_each_operation!(count), {});
         /// ```
         #[macro_export]
         macro_rules! for_each_operation {{
         ($visit:ident) => {{
         $visit! {{ {} }}
         }};
         }}",
        names.len(),
        names.join(",\n")
    );
    text
}

/// Runs rustfmt once over all files, in a scratch folder.
fn format_all(files: &Files, root: &Path, scratch: &Path) -> Result<Files, String> {
    let told = |error: io::Error| format!("{}: {error}", scratch.display());
    if scratch.exists() {
        fs::remove_dir_all(scratch).map_err(told)?;
    }
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--config-path"]);
    rustfmt.arg(root.join("rustfmt.toml"));
    let mut paths = Vec::new();
    for (path, text) in files {
        let full = scratch.join(path);
        write_file(&full, text).map_err(told)?;
        paths.push((path, full));
    }
    rustfmt.args(paths.iter().map(|(_, full)| full));
    let output = rustfmt
        .output()
        .map_err(|error| format!("rustfmt: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "rustfmt: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let read = |(path, full): (&String, _)| Ok((path.clone(), fs::read_to_string(full)?));
    paths
        .into_iter()
        .map(read)
        .collect::<io::Result<_>>()
        .map_err(told)
}

/// The paths below `target` that differ from `files`, the ones that should not be there included.
fn stale(target: &Path, files: &Files) -> io::Result<Vec<String>> {
    let mut stale: Vec<String> = Vec::new();
    for (path, text) in files {
        if fs::read_to_string(target.join(path)).ok().as_ref() != Some(text) {
            stale.push(path.clone());
        }
    }
    for owned in OWNED {
        let folder = target.join(owned);
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder)? {
            let path = format!("{owned}/{}", entry?.file_name().to_string_lossy());
            if !files.contains_key(&path) {
                stale.push(path);
            }
        }
    }
    Ok(stale)
}

fn write_file(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
