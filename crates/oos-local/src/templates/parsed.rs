//! Parsed templates by the hash of their texts.

use crate::fault::Fault;
use crate::sha256;
use crate::shared::Shared;
use oos_template::{Diagnostics, Template};
use std::sync::Arc;

/// A template, and the hash of its text.
#[derive(Debug, Clone)]
pub(crate) struct Parsed {
    pub(crate) hash: String,
    pub(crate) template: Arc<Template>,
}

impl Shared {
    /// The template of a text.
    pub(crate) fn parse(&self, text: &str) -> Result<Parsed, Diagnostics> {
        let hash = sha256::hex(text.as_bytes());
        let template = self.engine.parse(&hash, text)?;
        Ok(Parsed { hash, template })
    }

    /// The template of a text that is stored.
    pub(crate) async fn template(&self, hash: &str) -> Result<Arc<Template>, Fault> {
        Ok(self.engine.template(hash).await?)
    }
}
