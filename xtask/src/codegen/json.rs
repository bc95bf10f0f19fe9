//! Typed access to fields whose text is a JSON document.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::spec::{Field, JsonShape};
use super::types::Member;

/// The form of the document in each field that review has named, as `Owner.Field`.
pub(super) struct JsonShapes(BTreeMap<String, String>);

impl JsonShapes {
    pub(super) fn of(shapes: &[JsonShape]) -> Self {
        let each = shapes.iter().flat_map(|shape| {
            let keys = shape.fields.iter();
            keys.map(|key| (key.clone(), shape.form.clone()))
        });
        Self(each.collect())
    }

    /// The Rust type of the document in a field; nothing when the field is no JSON text.
    pub(super) fn document(&self, key: &str, field: &Field) -> Option<String> {
        let kind = field
            .json_encoded
            .as_deref()
            .filter(|kind| *kind != "template")?;
        let form = self.0.get(key).map_or(kind, String::as_str);
        Some(match form {
            "object" => "BTreeMap<String, Value>".to_owned(),
            "array" => "Vec<Value>".to_owned(),
            "array<string>" => "Vec<String>".to_owned(),
            "map<string>" => "BTreeMap<String, String>".to_owned(),
            "map<integer>" => "BTreeMap<String, i64>".to_owned(),
            named => named
                .strip_prefix("documents::")
                .unwrap_or("Value")
                .to_owned(),
        })
    }

    /// The types of [`JsonShapes::document`] that are structs of `documents`.
    pub(super) fn documents(&self) -> impl Iterator<Item = String> {
        let named = |form: &String| Some(form.strip_prefix("documents::")?.to_owned());
        self.0.values().filter_map(named)
    }
}

/// The methods that read the documents of a struct's fields.
pub(super) fn readers(members: &[Member]) -> String {
    let mut text = String::new();
    for member in members {
        let Some(document) = &member.document else {
            continue;
        };
        let (rust, wire) = (&member.rust, &member.wire);
        let name = rust.trim_end_matches('_');
        let (ty, read, absent) = if member.required {
            (document.clone(), format!("read(&self.{rust})"), "")
        } else {
            (
                format!("Option<{document}>"),
                format!("read_optional(self.{rust}.as_ref())"),
                "; `None` when it is absent or empty",
            )
        };
        let _ = writeln!(
            text,
            "\n/// The document in [`Self::{rust}`] (`{wire}`){absent}.
             ///
             /// # Errors
             /// [`JsonTextError`] when the text is no JSON document of this form.
             pub fn {name}_json(&self) -> Result<{ty}, JsonTextError> {{
             crate::json_text::{read}\n}}"
        );
    }
    text
}

/// [`readers`] in a block of their own, where there are any.
pub(super) fn readers_of(name: &str, members: &[Member]) -> String {
    let readers = readers(members);
    if readers.is_empty() {
        return String::new();
    }
    format!("impl {name} {{\n{}}}\n\n", readers.trim_start())
}
