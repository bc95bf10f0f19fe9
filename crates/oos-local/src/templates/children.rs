//! The templates under a template, fetched before the pure checks ask for them.

use crate::fault::Fault;
use crate::shared::Call;
use oos_template::children::{Child, ChildName, FindChild, FoundChild, MAX_LAYERS, steps};
use oos_template::{Template, parse};
use std::collections::HashMap;
use std::sync::Arc;

/// So many templates are fetched for one call.
const MOST_CHILDREN: usize = 200;

/// The templates under a template by the names that tasks call them.
#[derive(Debug, Default)]
pub(crate) struct Children(HashMap<ChildName, FoundChild>);

impl FindChild for Children {
    fn find(&self, name: &ChildName) -> Option<FoundChild> {
        self.0.get(name).cloned()
    }
}

impl Children {
    /// Fetches what is under a template, layer by layer, as executions would find it. What is not
    /// there is left out.
    pub(crate) async fn under(template: &Arc<Template>, call: &Call<'_>) -> Result<Self, Fault> {
        let finder = &call.shared.finder;
        let mut children = Self::default();
        let mut layer = vec![Arc::clone(template)];
        for _ in 0..MAX_LAYERS {
            let mut next = Vec::new();
            let mut names = Vec::new();
            for template in &layer {
                names.extend(wanted(template, &mut next));
            }
            for name in names {
                if children.0.len() >= MOST_CHILDREN || children.0.contains_key(&name) {
                    continue;
                }
                let Some(found) = finder.child(&call.tenant, &name).await? else {
                    continue;
                };
                let parsed = parse(&found.content).map(Arc::new).map_err(Arc::new);
                next.extend(parsed.clone().ok());
                let label = found.reference.name;
                children.0.insert(name, FoundChild::new(label, parsed));
            }
            layer = next;
        }
        Ok(children)
    }
}

/// The names of the templates that a template runs. Those that it holds itself are added to the next
/// layer.
fn wanted(template: &Template, next: &mut Vec<Arc<Template>>) -> Vec<ChildName> {
    let mut names = Vec::new();
    for step in steps(template) {
        match Child::of(&step) {
            Some(Child::Named(name)) => names.push(name),
            Some(Child::Given(Ok(given))) => next.push(given),
            _ => {}
        }
    }
    names
}
