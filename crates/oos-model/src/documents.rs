//! Shapes of JSON documents that travel as text in parameters and answers.
//!
//! Only what samples and the console are known to write is typed; every field is optional, and the
//! raw text of the parameter or answer stays there for the rest.

use crate::json_text::JsonText;
use crate::open_enum::open_enum;
use crate::record::record;
use crate::shapes::Tag;

open_enum! {
    /// How a filter of [`Targets`] chooses (`Type`).
    TargetKind {
        ResourceIds = "ResourceIds",
        Tags = "Tags",
        ResourceGroup = "ResourceGroup",
        All = "All",
    }
}

/// Which resources are worked on: `Targets` of state configurations and executions, and what the
/// parameter widget `Targets` of templates makes.
///
/// ```
/// use oos_model::documents::{TargetFilter, Targets};
/// use oos_model::JsonText;
///
/// let filter = TargetFilter::resource_ids(["i-1"]).with_region_id("cn-hangzhou");
/// let targets = Targets::new("ALIYUN::ECS::Instance", [filter]);
/// let text = JsonText::from(targets.clone());
/// assert_eq!(
///     text.as_str(),
///     r#"{"ResourceType":"ALIYUN::ECS::Instance","Filters":[{"Type":"ResourceIds","RegionId":"cn-hangzhou","ResourceIds":["i-1"]}]}"#,
/// );
/// assert_eq!(text.to::<Targets>()?, targets);
/// # Ok::<(), oos_model::JsonTextError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Targets {
    /// The kind of resource, `ALIYUN::ECS::Instance`.
    pub resource_type: Option<String>,
    /// The resources that any of these chooses.
    pub filters: Option<Vec<TargetFilter>>,
}

impl Targets {
    /// Resources of this type that one of the filters chooses.
    pub fn new(
        resource_type: impl Into<String>,
        filters: impl IntoIterator<Item = TargetFilter>,
    ) -> Self {
        Self {
            resource_type: Some(resource_type.into()),
            filters: Some(filters.into_iter().collect()),
        }
    }
}

record! {
    Targets or filters {
        "ResourceType" => resource_type,
        "Filters" => filters,
    }
}

/// One filter of [`Targets`], also of the action `ACS::SelectTargets`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TargetFilter {
    /// How it chooses.
    pub type_: Option<TargetKind>,
    /// The region of the resources.
    pub region_id: Option<String>,
    /// Their ids, of a filter of the kind `ResourceIds`.
    pub resource_ids: Option<Vec<String>>,
    /// Tags that they have, of a filter of the kind `Tags`.
    pub tags: Option<Vec<Tag>>,
}

impl TargetFilter {
    /// Chooses resources by their ids.
    pub fn resource_ids<I: Into<String>>(ids: impl IntoIterator<Item = I>) -> Self {
        Self {
            type_: Some(TargetKind::ResourceIds),
            resource_ids: Some(ids.into_iter().map(Into::into).collect()),
            ..Self::default()
        }
    }

    /// Chooses resources by tags, key and value.
    pub fn tags<K: Into<String>, V: Into<String>>(tags: impl IntoIterator<Item = (K, V)>) -> Self {
        let tag = |(key, value): (K, V)| Tag {
            key: Some(key.into()),
            value: Some(value.into()),
        };
        Self {
            type_: Some(TargetKind::Tags),
            tags: Some(tags.into_iter().map(tag).collect()),
            ..Self::default()
        }
    }

    /// Sets [`Self::region_id`].
    #[must_use]
    pub fn with_region_id(mut self, region_id: impl Into<String>) -> Self {
        self.region_id = Some(region_id.into());
        self
    }
}

record! {
    TargetFilter {
        "Type" => type_,
        "RegionId" => region_id,
        "ResourceIds" => resource_ids,
        "Tags" => tags,
    }
}

/// Limits on the value of a parameter or secret parameter: `Constraints`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueConstraints {
    /// The only values that are allowed.
    pub allowed_values: Option<Vec<String>>,
    /// A regular expression that the value matches.
    pub allowed_pattern: Option<String>,
    /// The least length, in characters.
    pub min_length: Option<i64>,
    /// The greatest length, in characters.
    pub max_length: Option<i64>,
}

record! {
    ValueConstraints {
        "AllowedValues" => allowed_values,
        "AllowedPattern" => allowed_pattern,
        "MinLength" => min_length,
        "MaxLength" => max_length,
    }
}

macro_rules! into_text {
    ($($type:ty),+) => {
        $(impl From<$type> for JsonText {
            fn from(document: $type) -> Self {
                Self::of(&document).expect("texts, numbers and lists of them")
            }
        })+
    };
}
into_text!(Targets, TargetFilter, ValueConstraints);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_samples_are_read() {
        let filter = TargetFilter::resource_ids(["i-1"]);
        for (text, expected) in [
            (
                r#"{"ResourceType":"T","Filters":[{"Type":"ResourceIds","ResourceIds":["i-1"]}]}"#,
                Targets::new("T", [filter.clone()]),
            ),
            (
                r#"{"Filters":{"Type":"ResourceIds","ResourceIds":["i-1"],"New":1}}"#,
                Targets {
                    filters: Some(vec![filter]),
                    ..Targets::default()
                },
            ),
            (
                r#"{"ResourceType":"T","Filters":[{"Type":"Tags","Tags":[{"Key":"k","Value":"v"}]}]}"#,
                Targets::new("T", [TargetFilter::tags([("k", "v")])]),
            ),
        ] {
            assert_eq!(JsonText::from(text).to(), Ok(expected), "{text}");
        }
        let sample = r#"{"AllowedValues":["parameter"],"AllowedPattern":".*","MinLength":0,"MaxLength":"20"}"#;
        let constraints = ValueConstraints {
            allowed_values: Some(vec!["parameter".to_owned()]),
            allowed_pattern: Some(".*".to_owned()),
            min_length: Some(0),
            max_length: Some(20),
        };
        assert_eq!(JsonText::from(sample).to(), Ok(constraints.clone()));
        assert_eq!(JsonText::from(constraints.clone()).to(), Ok(constraints));
    }
}
