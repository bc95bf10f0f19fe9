//! The templates that tasks can run: those of the catalogues, then those that are stored.

use crate::catalogue::TemplateCatalogues;
use crate::fault::Fault;
use crate::sha256;
use oos_clock::BoxFuture;
use oos_engine::{CONTENT, FindTemplate, FoundTemplate, TemplateQuery, TemplateReference};
use oos_engine::{Tenant, WantedTemplate};
use oos_store::{Query, Store};
use oos_template::children::ChildName;
use std::sync::Arc;

/// Finds the templates of `ACS::Template` and of product actions.
#[derive(Debug)]
pub(crate) struct Finder {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) catalogues: TemplateCatalogues,
}

impl FindTemplate for Finder {
    fn find(&self, query: TemplateQuery) -> BoxFuture<'_, Result<FoundTemplate, String>> {
        Box::pin(async move {
            let found = match &query.wanted {
                WantedTemplate::Action(action) => self.catalogues.action(action),
                WantedTemplate::Content(text) => Some(given(text)),
                WantedTemplate::Named { name, version } => {
                    let named = self.named(&query.tenant, name, version.as_deref()).await;
                    named.map_err(|fault| fault.message.into_owned())?
                }
                _ => None,
            };
            found.ok_or_else(|| query.wanted.missing())
        })
    }
}

/// A text has neither id nor name nor version.
fn given(text: &Arc<str>) -> FoundTemplate {
    let reference = TemplateReference::new("", "", "", sha256::hex(text.as_bytes()));
    FoundTemplate::new(reference, Arc::clone(text))
}

impl Finder {
    /// The template that a task runs by this name, as an execution would find it.
    pub(crate) async fn child(
        &self,
        tenant: &Tenant,
        name: &ChildName,
    ) -> Result<Option<FoundTemplate>, Fault> {
        match name {
            ChildName::Action(action) => Ok(self.catalogues.action(action)),
            ChildName::Template { name, version } => {
                self.named(tenant, name, version.as_deref()).await
            }
        }
    }

    /// A template of a catalogue, whatever version is wanted of it, else a stored one.
    async fn named(
        &self,
        tenant: &Tenant,
        name: &str,
        label: Option<&str>,
    ) -> Result<Option<FoundTemplate>, Fault> {
        if let Some(found) = self.catalogues.named(name) {
            return Ok(Some(found));
        }
        let Some((_, template)) = super::find_in(&*self.store, tenant, name).await? else {
            return Ok(None);
        };
        let Some(version) = super::version_in(&*self.store, tenant, &template, label).await? else {
            return Ok(None);
        };
        let record = self.store.read(Query::key(&CONTENT, &version.hash)).await?;
        let text = record.records.into_iter().next();
        let text = text.and_then(|record| String::from_utf8(record.body.to_vec()).ok());
        let label = version.label();
        let reference = TemplateReference::new(template.id, template.name, label, version.hash);
        Ok(text.map(|text| FoundTemplate::new(reference, text)))
    }
}
