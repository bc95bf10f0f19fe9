//! Templates in folders: what `ACS::Template` and product actions can run besides stored templates.

mod read;

pub use read::{CatalogueError, TemplateFile, template_files};

use crate::sha256;
use oos_engine::{FoundTemplate, TemplateReference};
use oos_template::children::{Catalogue, ChildName};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

/// The templates of a folder by their names, read once.
///
/// A template's name is the name of its file without extension. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct TemplateCatalogue {
    templates: Arc<Catalogue>,
}

impl TemplateCatalogue {
    /// Reads all templates in a folder and the folders in it ([`template_files`]): those with a
    /// top-level `FormatVersion`. Of files with the same name the YAML one counts, then the one whose
    /// path comes first. Mistakes in them are told by the tasks that run them.
    ///
    /// # Errors
    /// [`CatalogueError`] if the folder can not be read, or holds too much to be one of templates.
    ///
    /// ```no_run
    /// let catalogue = oos_local::TemplateCatalogue::read("children".as_ref())?;
    /// let local = oos_local::LocalOos::builder().templates(vec![catalogue]).spawn();
    /// # Ok::<(), oos_local::CatalogueError>(())
    /// ```
    pub fn read(folder: &Path) -> Result<Self, CatalogueError> {
        let templates = Arc::new(read::folder(folder)?);
        Ok(Self { templates })
    }

    /// The names of its templates in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.templates.names()
    }

    /// Its templates, for the checks of `oos-template`.
    #[must_use]
    pub fn templates(&self) -> &Catalogue {
        &self.templates
    }

    fn named(&self, name: &str) -> Option<FoundTemplate> {
        self.find(&ChildName::Template {
            name: name.to_owned(),
            version: None,
        })
    }

    /// The template of a product action: `ACS::X::Y` or `ACS-X-Y`, in any letter case.
    fn action(&self, action: &str) -> Option<FoundTemplate> {
        self.find(&ChildName::Action(action.to_owned()))
    }

    fn find(&self, name: &ChildName) -> Option<FoundTemplate> {
        let (name, content) = self.templates.text(name)?;
        Some(found(name, content))
    }
}

/// It has neither an id nor versions: it is no stored template.
fn found(name: &str, content: &Arc<str>) -> FoundTemplate {
    let hash = sha256::hex(content.as_bytes());
    let reference = TemplateReference::new("", name, "", hash);
    FoundTemplate::new(reference, Arc::clone(content))
}

/// The catalogues of a local OOS; the first that has a template serves it. All clones are the same
/// one, so that what one [replaces](Self::replace) the local OOS sees at the next search.
#[derive(Debug, Clone, Default)]
pub struct TemplateCatalogues {
    catalogues: Arc<RwLock<Vec<TemplateCatalogue>>>,
}

impl TemplateCatalogues {
    /// These catalogues, asked in this order.
    #[must_use]
    pub fn new(catalogues: Vec<TemplateCatalogue>) -> Self {
        Self {
            catalogues: Arc::new(RwLock::new(catalogues)),
        }
    }

    /// From now on these are served; executions that run keep the templates that they have.
    pub fn replace(&self, catalogues: Vec<TemplateCatalogue>) {
        let lock = self.catalogues.write();
        *lock.unwrap_or_else(PoisonError::into_inner) = catalogues;
    }

    pub(crate) fn named(&self, name: &str) -> Option<FoundTemplate> {
        self.first(|catalogue| catalogue.named(name))
    }

    pub(crate) fn action(&self, action: &str) -> Option<FoundTemplate> {
        self.first(|catalogue| catalogue.action(action))
    }

    fn first(
        &self,
        find: impl Fn(&TemplateCatalogue) -> Option<FoundTemplate>,
    ) -> Option<FoundTemplate> {
        let lock = self.catalogues.read();
        let catalogues = lock.unwrap_or_else(PoisonError::into_inner);
        catalogues.iter().find_map(find)
    }
}

impl From<Vec<TemplateCatalogue>> for TemplateCatalogues {
    fn from(catalogues: Vec<TemplateCatalogue>) -> Self {
        Self::new(catalogues)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(names: &[&str]) -> TemplateCatalogue {
        let mut templates = Catalogue::new();
        for name in names {
            templates.add(*name, format!("text of {name}"));
        }
        TemplateCatalogue {
            templates: Arc::new(templates),
        }
    }

    #[test]
    fn actions_have_two_spellings_and_names_one() {
        let all = TemplateCatalogues::new(vec![
            catalogue(&["ACS-ECS-Start", "child"]),
            catalogue(&["ACS::ECS::Stop", "child", "other"]),
        ]);
        let name = |found: Option<FoundTemplate>| found.map(|found| found.reference.name);
        let action = |action: &str, expected: Option<&str>| {
            assert_eq!(name(all.action(action)).as_deref(), expected, "{action}");
        };
        action("ACS::ECS::Start", Some("ACS-ECS-Start"));
        action("acs::ecs::stop", Some("ACS::ECS::Stop"));
        action("ACS::ECS::Other", None);
        let named = |wanted: &str, expected: Option<&str>| {
            assert_eq!(name(all.named(wanted)).as_deref(), expected, "{wanted}");
        };
        named("child", Some("child"));
        named("other", Some("other"));
        named("Child", None);
        named("ACS-ECS-Start", Some("ACS-ECS-Start"));
    }

    #[test]
    fn what_is_replaced_is_replaced_for_all_clones() {
        let one = TemplateCatalogues::default();
        let other = one.clone();
        assert!(other.named("child").is_none());
        one.replace(vec![catalogue(&["child"])]);
        let found = other.named("child").expect("it is there now");
        assert_eq!(&*found.content, "text of child");
        assert_eq!(found.reference.hash, sha256::hex(b"text of child"));
    }
}
