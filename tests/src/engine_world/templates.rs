//! Templates in memory.

use futures_core::future::BoxFuture;
use oos_engine::{FindTemplate, FoundTemplate, TemplateQuery, TemplateReference, WantedTemplate};
use std::collections::BTreeMap;

/// Templates by their names; a product action has its own name, with `-` for `::`.
#[derive(Debug)]
pub(super) struct Folder(pub(super) BTreeMap<String, String>);

impl FindTemplate for Folder {
    fn find(&self, query: TemplateQuery) -> BoxFuture<'_, Result<FoundTemplate, String>> {
        Box::pin(async move {
            let found = match &query.wanted {
                WantedTemplate::Named { name, version } => self
                    .named(name)
                    .filter(|_| version.as_deref().is_none_or(|v| v == "v1")),
                WantedTemplate::Action(action) => self.named(&action.replace("::", "-")),
                WantedTemplate::Content(text) => Some(found("", "", text)),
                _ => None,
            };
            found.ok_or_else(|| query.wanted.missing())
        })
    }
}

impl Folder {
    fn named(&self, name: &str) -> Option<FoundTemplate> {
        self.0.get(name).map(|text| found(name, "v1", text))
    }
}

/// The text itself names the text as well as its hash does.
fn found(name: &str, version: &str, text: &str) -> FoundTemplate {
    FoundTemplate::new(TemplateReference::new("", name, version, text), text)
}
