//! The specification file, as far as the generator reads it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Spec {
    /// The operations of each group.
    pub(super) groups: BTreeMap<String, Vec<String>>,
    pub(super) operations: Vec<Operation>,
    pub(super) shapes: BTreeMap<String, Shape>,
    pub(super) enums: Vec<Enum>,
    pub(super) json_shapes: Vec<JsonShape>,
}

#[derive(Deserialize)]
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) group: String,
    pub(super) methods: Vec<String>,
    pub(super) sdk_method: String,
    pub(super) summary: String,
    pub(super) notes: Option<String>,
    pub(super) ram: Ram,
    pub(super) readonly: bool,
    pub(super) idempotency_token: bool,
    pub(super) region_pinned: Option<String>,
    pub(super) pagination: Option<Pagination>,
    pub(super) request: Vec<Field>,
    pub(super) response: Vec<Field>,
    pub(super) errors: Vec<KnownError>,
    /// Order of the mandatory arguments, where it is not that of the parameters.
    pub(super) constructor: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub(super) struct Ram {
    pub(super) action: String,
    pub(super) access_level: String,
    /// Where that is from.
    pub(super) source: String,
}

#[derive(Deserialize)]
pub(super) struct KnownError {
    pub(super) code: String,
    pub(super) when: String,
}

#[derive(Deserialize)]
pub(super) struct Pagination {
    pub(super) style: String,
    pub(super) output_token: Option<String>,
    pub(super) items: String,
}

#[derive(Deserialize)]
pub(super) struct Shape {
    pub(super) doc: String,
    pub(super) fields: Vec<Field>,
}

#[derive(Deserialize)]
pub(super) struct Enum {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) values: Vec<String>,
    /// The fields of this type, as `Owner.Field`.
    pub(super) fields: Vec<String>,
}

/// The form that the JSON documents in some texts have.
#[derive(Deserialize)]
pub(super) struct JsonShape {
    #[serde(rename = "type")]
    pub(super) form: String,
    /// The fields that hold such a document, as `Owner.Field`.
    pub(super) fields: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Field {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) of: Type,
    pub(super) doc: String,
    pub(super) required: bool,
    pub(super) style: Option<String>,
    #[serde(rename = "enum")]
    pub(super) values: Option<Vec<String>>,
    pub(super) example: Option<Value>,
    pub(super) default: Option<Value>,
    pub(super) min: Option<Value>,
    pub(super) max: Option<Value>,
    pub(super) min_length: Option<Value>,
    pub(super) max_length: Option<Value>,
    pub(super) min_items: Option<Value>,
    pub(super) max_items: Option<Value>,
    pub(super) max_bytes: Option<Value>,
    pub(super) sensitive: bool,
    pub(super) json_encoded: Option<String>,
    pub(super) format: Option<String>,
    pub(super) prefer: Option<String>,
    pub(super) discouraged: Option<String>,
    #[serde(rename = "override")]
    pub(super) reviewed: Override,
}

/// What review has changed against the extracted facts.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Override {
    pub(super) required: Option<bool>,
    pub(super) sensitive: Option<bool>,
    pub(super) read: Option<String>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Type {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) items: Option<Box<Type>>,
    pub(super) fields: Vec<Field>,
    #[serde(rename = "type_name")]
    pub(super) rust_name: Option<String>,
}

impl Enum {
    pub(super) fn values_by_name(&self) -> (String, Vec<String>) {
        (self.name.clone(), self.values.clone())
    }
}

impl Field {
    pub(super) fn is_required(&self) -> bool {
        self.reviewed.required.unwrap_or(self.required) && self.name != "RegionId"
    }

    pub(super) fn is_sensitive(&self) -> bool {
        self.reviewed.sensitive.unwrap_or(self.sensitive)
    }
}

impl Type {
    /// The object type inside, through arrays and maps.
    pub(super) fn object(&self) -> Option<&Self> {
        match &self.items {
            Some(items) => items.object(),
            None => (self.kind == "object").then_some(self),
        }
    }

    /// The declared type as text, `array<string>`.
    pub(super) fn text(&self) -> String {
        match &self.items {
            Some(items) => format!("{}<{}>", self.kind, items.text()),
            None => self.kind.clone(),
        }
    }
}
