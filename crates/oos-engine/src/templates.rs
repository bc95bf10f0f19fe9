//! Parsed templates by the hash of their texts.

use oos_template::{Diagnostics, Template};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// So many templates are kept; when one more comes, all are forgotten and parsed again as needed.
const MOST_TEMPLATES: usize = 1024;

/// Keeps parsed templates, with their compiled selectors.
#[derive(Default)]
pub(crate) struct TemplateCache {
    templates: Mutex<BTreeMap<String, Arc<Template>>>,
}

impl TemplateCache {
    pub(crate) fn get(&self, hash: &str) -> Option<Arc<Template>> {
        let templates = self
            .templates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        templates.get(hash).cloned()
    }

    /// The template of a text whose hash is this.
    pub(crate) fn parse(&self, hash: &str, text: &str) -> Result<Arc<Template>, Diagnostics> {
        if let Some(template) = self.get(hash) {
            return Ok(template);
        }
        let template = Arc::new(oos_template::parse(text)?);
        let mut templates = self
            .templates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if templates.len() >= MOST_TEMPLATES {
            templates.clear();
        }
        templates.insert(hash.to_owned(), Arc::clone(&template));
        Ok(template)
    }
}

impl fmt::Debug for TemplateCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let templates = self
            .templates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        write!(formatter, "TemplateCache({} templates)", templates.len())
    }
}
