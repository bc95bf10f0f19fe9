//! Parsed templates by the hash of their texts.

use crate::fault::Fault;
use crate::sha256;
use crate::shared::Shared;
use oos_template::{Diagnostics, Template};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// So many templates are kept; when one more comes, all are forgotten and parsed again as needed.
const MOST_TEMPLATES: usize = 1024;

/// A template, and the hash of its text.
#[derive(Debug, Clone)]
pub(crate) struct Parsed {
    pub(crate) hash: String,
    pub(crate) template: Arc<Template>,
}

/// Keeps parsed templates.
#[derive(Default)]
pub(crate) struct ParsedTemplates {
    templates: Mutex<BTreeMap<String, Arc<Template>>>,
}

impl ParsedTemplates {
    /// The template of a text.
    pub(crate) fn parse(&self, text: &str) -> Result<Parsed, Diagnostics> {
        let hash = sha256::hex(text.as_bytes());
        if let Some(template) = self.get(&hash) {
            return Ok(Parsed { hash, template });
        }
        let template = Arc::new(oos_template::parse(text)?);
        let mut templates = self
            .templates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if templates.len() >= MOST_TEMPLATES {
            templates.clear();
        }
        templates.insert(hash.clone(), Arc::clone(&template));
        Ok(Parsed { hash, template })
    }

    fn get(&self, hash: &str) -> Option<Arc<Template>> {
        let templates = self
            .templates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        templates.get(hash).cloned()
    }
}

impl Shared {
    /// The template of a text that is stored.
    pub(crate) async fn template(&self, hash: &str) -> Result<Arc<Template>, Fault> {
        if let Some(template) = self.parsed.get(hash) {
            return Ok(template);
        }
        let text = self.engine.content(hash).await?;
        let parsed = self.parsed.parse(&text);
        Ok(parsed
            .map_err(|found| super::mistakes("Content", &found))?
            .template)
    }
}

impl fmt::Debug for ParsedTemplates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let templates = self
            .templates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        write!(formatter, "ParsedTemplates({})", templates.len())
    }
}
