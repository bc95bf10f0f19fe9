//! Which Rust type a field has and how it is read and written.

use std::collections::{BTreeMap, BTreeSet};

use super::json::JsonShapes;
use super::names;
use super::spec::{Enum, Field, Spec, Type};

/// How a parameter travels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Json,
    TextMap,
    Texts,
    Flat,
}

/// How a reader must be lenient with a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    AsDeclared,
    /// A mandatory parameter that calls may leave out.
    AbsentIsEmpty,
    /// The list may stand in the place of the whole object.
    ListAlone,
}

impl Read {
    fn of(field: &Field) -> Self {
        match field.reviewed.read.as_deref() {
            Some("absent is empty") => Self::AbsentIsEmpty,
            Some("list alone") => Self::ListAlone,
            _ => Self::AsDeclared,
        }
    }
}

/// A field with everything that generated code needs of it.
pub(super) struct Member {
    pub(super) wire: String,
    pub(super) rust: String,
    pub(super) ty: String,
    pub(super) form: Form,
    /// The `ParameterKind` of a parameter.
    pub(super) kind: String,
    pub(super) required: bool,
    pub(super) read: Read,
    pub(super) sensitive: bool,
    /// The type of the JSON document that the text is.
    pub(super) document: Option<String>,
    pub(super) doc: String,
}

/// An object type: the union of its fields over all places where it occurs.
pub(super) struct Object {
    pub(super) doc: String,
    pub(super) fields: BTreeMap<String, Merged>,
    /// Whether it occurs under numbered names in a request.
    pub(super) flat: bool,
}

/// A field of an object type, with every type it is declared with.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) field: Field,
    kinds: BTreeSet<String>,
}

/// All object types and the enum of each field.
pub(super) struct Types {
    pub(super) objects: BTreeMap<String, Object>,
    enums: BTreeMap<String, String>,
    /// Of each enum.
    values: BTreeMap<String, Vec<String>>,
    pub(super) json: JsonShapes,
}

impl Types {
    pub(super) fn collect(spec: &Spec) -> Result<Self, String> {
        let mut types = Self {
            objects: BTreeMap::new(),
            enums: enum_of_fields(&spec.enums),
            values: spec.enums.iter().map(Enum::values_by_name).collect(),
            json: JsonShapes::of(&spec.json_shapes),
        };
        for operation in &spec.operations {
            for field in &operation.request {
                types.visit(&field.of, field.style.as_deref() == Some("flat"));
            }
            for field in &operation.response {
                types.visit(&field.of, false);
            }
        }
        for (name, shape) in &spec.shapes {
            let unused = || format!("shape {name} is used by no operation");
            let object = types.objects.get_mut(name).ok_or_else(unused)?;
            object.doc.clone_from(&shape.doc);
            for field in &shape.fields {
                object.merge(field, true);
            }
        }
        types.check_enums(spec)?;
        Ok(types)
    }

    fn visit(&mut self, of: &Type, flat: bool) {
        let Some(object) = of.object() else { return };
        let name = object.rust_name.clone().unwrap_or_default();
        let known = self.objects.entry(name.clone()).or_insert_with(|| Object {
            doc: format!("One {}.", names::snake(&name).replace('_', " ")),
            fields: BTreeMap::new(),
            flat: false,
        });
        known.flat |= flat;
        for field in &object.fields {
            known.merge(field, false);
        }
        for field in &object.fields {
            self.visit(&field.of, flat);
        }
    }

    /// A field with a value set and no enum would silently be a plain text.
    fn check_enums(&self, spec: &Spec) -> Result<(), String> {
        let requests = spec.operations.iter().flat_map(|operation| {
            operation
                .request
                .iter()
                .map(|field| (operation.name.clone(), field))
        });
        let members = self.objects.iter().flat_map(|(name, object)| {
            object
                .fields
                .values()
                .map(|merged| (name.clone(), &merged.field))
        });
        for (owner, field) in requests.chain(members) {
            let key = format!("{owner}.{}", field.name);
            let wanted = field.values.is_some() && field.json_encoded.is_none();
            if wanted && !self.enums.contains_key(&key) {
                return Err(format!("{key} has a value set: name its enum in \"enums\""));
            }
        }
        Ok(())
    }

    /// The known values of a Rust type that is one of the enums.
    pub(super) fn values_of(&self, ty: &str) -> Option<&[String]> {
        self.values.get(ty).map(Vec::as_slice)
    }

    /// The fields of an object with their Rust types.
    pub(super) fn fields_of(&self, name: &str) -> Result<Vec<(String, String)>, String> {
        let object = self.objects.get(name);
        let object = object.ok_or_else(|| format!("there is no shape {name}"))?;
        let typed = |merged: &Merged| {
            let member = self.answer(name, merged)?;
            Ok((member.wire, member.ty))
        };
        object.fields.values().map(typed).collect()
    }

    pub(super) fn parameter(&self, owner: &str, field: &Field) -> Result<Member, String> {
        let key = format!("{owner}.{}", field.name);
        let (ty, form, kind) = self.parameter_type(&key, field).ok_or_else(|| {
            format!(
                "{key}: no Rust type for {} in style {:?}",
                field.of.text(),
                field.style
            )
        })?;
        let mut member = self.member(&key, field, ty, form, kind);
        member.required = field.is_required();
        Ok(member)
    }

    fn parameter_type(&self, key: &str, field: &Field) -> Option<(String, Form, String)> {
        let declared = field.of.text();
        let wanted = field.prefer.as_deref().unwrap_or(&declared);
        let object = || field.of.object()?.rust_name.clone();
        let found = match (field.style.as_deref(), wanted) {
            (None, _) => {
                let (ty, kind) = self.scalar(key, field)?;
                return Some((ty, Form::Text, kind));
            }
            (Some("json"), "array<string>") => {
                ("Vec<String>".to_owned(), Form::Json, "JsonList".to_owned())
            }
            (Some("json"), "array<object>") => (
                format!("Vec<{}>", object()?),
                Form::Json,
                "JsonObjects".to_owned(),
            ),
            (Some("json"), "map<string>") => (
                "BTreeMap<String, String>".to_owned(),
                Form::TextMap,
                "JsonObject".to_owned(),
            ),
            (Some("json"), "map<any>") => (
                "BTreeMap<String, Value>".to_owned(),
                Form::Json,
                "JsonObject".to_owned(),
            ),
            (Some("json"), "object") => (object()?, Form::Json, "JsonObject".to_owned()),
            (Some("flat"), "array<string>") => {
                let item = self.enums.get(key).map_or("String", String::as_str);
                (
                    format!("Vec<{item}>"),
                    Form::Texts,
                    "NumberedTexts".to_owned(),
                )
            }
            (Some("flat"), "array<object>") => {
                let name = object()?;
                let kind = format!("NumberedObjects({name}::MEMBERS)");
                (format!("Vec<{name}>"), Form::Flat, kind)
            }
            _ => return None,
        };
        Some(found)
    }

    fn scalar(&self, key: &str, field: &Field) -> Option<(String, String)> {
        let (ty, kind) = match field.of.kind.as_str() {
            "string" => {
                if let Some(name) = self.enums.get(key) {
                    return Some((name.clone(), format!("Choice({name}::KNOWN)")));
                }
                match (field.json_encoded.as_deref(), field.format.as_deref()) {
                    (Some("template"), _) => ("String", "TemplateText"),
                    (Some(_), _) => ("String", "JsonText"),
                    (None, Some(format)) if format.starts_with("datetime") => ("Timestamp", "Time"),
                    _ => ("String", "Text"),
                }
            }
            "boolean" => ("bool", "Boolean"),
            "integer" => ("i32", "Integer"),
            "int64" => ("i64", "Long"),
            _ => return None,
        };
        Some((ty.to_owned(), kind.to_owned()))
    }

    /// A member of an object under numbered names.
    pub(super) fn flat_member(&self, owner: &str, merged: &Merged) -> Result<Member, String> {
        let mut field = merged.field.clone();
        field.style = (field.of.kind == "array").then(|| "flat".to_owned());
        self.parameter(owner, &field)
    }

    pub(super) fn answer(&self, owner: &str, merged: &Merged) -> Result<Member, String> {
        let field = &merged.field;
        let key = format!("{owner}.{}", field.name);
        let none = || format!("{key}: no Rust type for {}", field.of.text());
        let ty = self.answer_type(&key, merged).ok_or_else(none)?;
        Ok(self.member(&key, field, ty, Form::Text, String::new()))
    }

    fn answer_type(&self, key: &str, merged: &Merged) -> Option<String> {
        let field = &merged.field;
        let structured = |kind: &String| kind.contains('<') || kind == "object";
        if merged.kinds.contains("string") && merged.kinds.iter().any(structured) {
            return Some("Document".to_owned());
        }
        let declared = field.of.text();
        let object = || field.of.object()?.rust_name.clone();
        Some(match field.prefer.as_deref().unwrap_or(&declared) {
            "float" => "f64".to_owned(),
            "map<string>" => "BTreeMap<String, String>".to_owned(),
            "map<integer>" => "BTreeMap<String, i64>".to_owned(),
            "map<any>" => "BTreeMap<String, Value>".to_owned(),
            "array<string>" => "Vec<String>".to_owned(),
            "array<map<any>>" => "Vec<BTreeMap<String, Value>>".to_owned(),
            "array<object>" => format!("Vec<{}>", object()?),
            "object" => object()?,
            _ => self.scalar(key, field)?.0,
        })
    }

    fn member(&self, key: &str, field: &Field, ty: String, form: Form, kind: String) -> Member {
        let text = ty == "String";
        Member {
            document: self.json.document(key, field).filter(|_| text),
            wire: field.name.clone(),
            rust: names::snake(&field.name),
            ty,
            form,
            kind,
            read: Read::of(field),
            required: false,
            sensitive: field.is_sensitive(),
            doc: names::field_doc(field),
        }
    }
}

impl Object {
    fn merge(&mut self, field: &Field, from_shape: bool) {
        let merged = self.fields.entry(field.name.clone()).or_default();
        merged.kinds.insert(field.of.text());
        let first = merged.field.name.is_empty();
        let old = std::mem::replace(&mut merged.field, field.clone());
        let new = &mut merged.field;
        // The shape's own text and type count; what only single uses say is kept beside it.
        if !first && !from_shape {
            *new = old.clone();
        }
        if !first && from_shape {
            new.of = if old.of.text() == new.of.text() {
                old.of.clone()
            } else {
                new.of.clone()
            };
            new.reviewed.read = new.reviewed.read.take().or(old.reviewed.read);
        }
        // What is secret in one use is not shown in any.
        new.sensitive = old.sensitive || field.sensitive;
        new.reviewed.sensitive = new.reviewed.sensitive.or(field.reviewed.sensitive);
        new.values = new.values.take().or(old.values);
    }
}

impl Merged {
    pub(super) fn single(field: &Field) -> Self {
        Self {
            field: field.clone(),
            kinds: [field.of.text()].into(),
        }
    }
}

fn enum_of_fields(enums: &[Enum]) -> BTreeMap<String, String> {
    enums
        .iter()
        .flat_map(|one| one.fields.iter().map(|key| (key.clone(), one.name.clone())))
        .collect()
}
