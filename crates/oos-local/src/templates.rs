//! Stored templates: how they are kept, read and written.

mod children;
mod finder;
mod parsed;
mod rules;

pub(crate) use children::Children;
pub(crate) use finder::Finder;
pub(crate) use parsed::Parsed;
pub(crate) use rules::{check_name, check_tags, mistakes};

use crate::fault::{Fault, INTERNAL_ERROR, NO_TEMPLATE, NO_TEMPLATE_VERSION};
use crate::shared::Call;
use oos_engine::{CONTENT, Moment, Tenant};
use oos_store::{Changes, Expect, Field, FieldValue, Kind, Query, Record, Store};
use oos_template::{Format, Template, TemplateKind, Value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Templates by name, with what `ListTemplates` finds them by.
pub(crate) static TEMPLATE: Kind = Kind::records(
    "template",
    &[
        Field::text("tenant"),
        Field::text("name"),
        Field::text("format"),
        Field::text("type"),
        Field::text("category"),
        Field::int("has_trigger"),
        Field::text("created_by"),
        Field::text("resource_group_id"),
        Field::int("created"),
        Field::int("updated"),
    ],
    &[
        &["tenant", "name"],
        &["tenant", "created"],
        &["tenant", "updated"],
    ],
);

/// Versions of templates, under the key of the template and their number.
pub(crate) static TEMPLATE_VERSION: Kind = Kind::records("template_version", &[], &[]);

/// One entry for each execution that was started of a template, in a stream for each template:
/// appending never conflicts, so that starts at the same time do not hinder each other.
pub(crate) static TEMPLATE_RUN: Kind = Kind::log("template_run");

/// A stored template: what its versions have in common, and the newest of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredTemplate {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) created: Moment,
    pub(crate) created_by: String,
    pub(crate) resource_group_id: String,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) latest: Version,
}

/// A version of a template; its text lies under its hash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Version {
    /// From 1.
    pub(crate) number: u64,
    pub(crate) name: String,
    pub(crate) hash: String,
    pub(crate) traits: Traits,
    pub(crate) updated: Moment,
    pub(crate) updated_by: String,
}

/// What answers tell of a template's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Traits {
    pub(crate) format: String,
    pub(crate) kind: String,
    pub(crate) category: String,
    pub(crate) description: String,
}

impl Traits {
    pub(crate) fn of(template: &Template) -> Self {
        let format = match template.format {
            Format::Yaml => "YAML",
            Format::Json => "JSON",
        };
        let kind = match template.kind {
            TemplateKind::State => "State",
            _ => "Automation",
        };
        Self {
            format: format.to_owned(),
            kind: kind.to_owned(),
            category: template.category().to_owned(),
            description: template
                .description
                .as_ref()
                .map(in_english)
                .unwrap_or_default(),
        }
    }

    pub(crate) fn has_trigger(&self) -> bool {
        self.category != "Other"
    }
}

/// A text, or the English one (else the first) of several languages.
fn in_english(description: &Value) -> String {
    match description {
        Value::Map(texts) => texts
            .get("en")
            .or(texts.values().next())
            .map(Value::to_text)
            .unwrap_or_default(),
        text => text.to_text(),
    }
}

impl Version {
    /// The version on the wire, `v1`, `v2` and so on.
    pub(crate) fn label(&self) -> String {
        format!("v{}", self.number)
    }
}

impl StoredTemplate {
    /// The changes that store this state and its newest version's text. `record` is the version
    /// of the record that it replaces, if there is one.
    pub(crate) fn write(&self, call: &Call<'_>, content: &str, record: Option<u64>) -> Changes {
        let expect = record.map_or(Expect::Absent, Expect::Version);
        let text = Record::new(&self.latest.hash).with_body(content.as_bytes().to_vec());
        let key = version_key(&call.tenant, &self.name, self.latest.number);
        let version = Record::new(key).with_body(body(&self.latest));
        Changes::new()
            .put(&TEMPLATE, self.record(call), expect)
            .put(&TEMPLATE_VERSION, version, Expect::Any)
            .put(&CONTENT, text, Expect::Any)
    }

    fn record(&self, call: &Call<'_>) -> Record {
        let Version {
            traits, updated, ..
        } = &self.latest;
        Record::new(call.tenant.key(&self.name))
            .with("tenant", call.tenant.to_string())
            .with("name", self.name.as_str())
            .with("format", traits.format.as_str())
            .with("type", traits.kind.as_str())
            .with("category", traits.category.as_str())
            .with("has_trigger", i64::from(traits.has_trigger()))
            .with("created_by", self.created_by.as_str())
            .with("resource_group_id", self.resource_group_id.as_str())
            .with("created", self.created.millis())
            .with("updated", updated.millis())
            .with_tags(self.tags.clone())
            .with_body(body(self))
    }
}

fn version_key(tenant: &Tenant, name: &str, number: u64) -> String {
    format!("{}/{number:010}", tenant.key(name))
}

fn body(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("records hold no map whose keys are not texts")
}

pub(crate) fn from_body<T: DeserializeOwned>(record: &Record) -> Result<T, Fault> {
    serde_json::from_slice(&record.body).map_err(|error| {
        let message = format!("The record `{}` is damaged: {error}.", record.key);
        Fault::new(INTERNAL_ERROR, message)
    })
}

/// The template of this name with the version of its record, if there is one.
pub(crate) async fn find(
    call: &Call<'_>,
    name: &str,
) -> Result<Option<(u64, StoredTemplate)>, Fault> {
    find_in(&*call.shared.store, &call.tenant, name).await
}

async fn find_in(
    store: &dyn Store,
    tenant: &Tenant,
    name: &str,
) -> Result<Option<(u64, StoredTemplate)>, Fault> {
    let query = Query::key(&TEMPLATE, tenant.key(name));
    let record = store.read(query).await?.records.pop();
    record
        .map(|record| Ok((record.version, from_body(&record)?)))
        .transpose()
}

/// The template of this name.
pub(crate) async fn get(call: &Call<'_>, name: &str) -> Result<StoredTemplate, Fault> {
    let found = find(call, name).await?;
    found
        .map(|(_, template)| template)
        .ok_or_else(|| Fault::of(NO_TEMPLATE))
}

/// A stored template, parsed: the newest version if none is given.
pub(crate) async fn read(
    call: &Call<'_>,
    name: &str,
    label: Option<&str>,
) -> Result<Arc<Template>, Fault> {
    let template = get(call, name).await?;
    let version = version(call, &template, label).await?;
    call.shared.template(&version.hash).await
}

/// A version of a template by its label, `v3`; the newest if none is given.
pub(crate) async fn version(
    call: &Call<'_>,
    template: &StoredTemplate,
    label: Option<&str>,
) -> Result<Version, Fault> {
    let version = version_in(&*call.shared.store, &call.tenant, template, label).await?;
    version.ok_or_else(|| Fault::of(NO_TEMPLATE_VERSION))
}

async fn version_in(
    store: &dyn Store,
    tenant: &Tenant,
    template: &StoredTemplate,
    label: Option<&str>,
) -> Result<Option<Version>, Fault> {
    let Some(label) = label.filter(|label| !label.is_empty()) else {
        return Ok(Some(template.latest.clone()));
    };
    let number = label
        .strip_prefix('v')
        .and_then(|number| number.parse().ok());
    let number = number.ok_or_else(|| Fault::invalid("TemplateVersion", "write it as in v1"))?;
    let query = Query::key(
        &TEMPLATE_VERSION,
        version_key(tenant, &template.name, number),
    );
    let record = store.read(query).await?.records.pop();
    record.map(|record| from_body(&record)).transpose()
}

/// The stream of a template's starts. The id, not the name: a later template of the same name has
/// a count of its own.
pub(crate) fn runs(call: &Call<'_>, template_id: &str) -> String {
    call.tenant.key(template_id)
}

/// How many executions were started of a template.
pub(crate) async fn run_count(call: &Call<'_>, template_id: &str) -> Result<i64, Fault> {
    let query = Query::key(&TEMPLATE_RUN, runs(call, template_id))
        .limit(0)
        .counted();
    let total = call
        .shared
        .store
        .read(query)
        .await?
        .total
        .unwrap_or_default();
    Ok(i64::try_from(total).unwrap_or(i64::MAX))
}

/// A condition value of a text field.
pub(crate) fn text(value: impl Into<String>) -> FieldValue {
    FieldValue::Text(value.into())
}
