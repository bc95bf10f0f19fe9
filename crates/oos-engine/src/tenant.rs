//! Whose records these are.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The account and the region that records belong to; nothing is shared between two of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tenant {
    /// The id of the main account, 16 digits in the cloud.
    pub account: String,
    /// The region, such as `cn-hangzhou`.
    pub region: String,
}

impl Tenant {
    /// The tenant of an account in a region.
    #[must_use]
    pub fn new(account: impl Into<String>, region: impl Into<String>) -> Self {
        Self {
            account: account.into(),
            region: region.into(),
        }
    }

    /// The key under which the tenant keeps what has this id or name.
    #[must_use]
    pub fn key(&self, id: &str) -> String {
        format!("{}/{}/{id}", self.account, self.region)
    }
}

/// `account/region`, the prefix of the tenant's keys.
impl fmt::Display for Tenant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.account, self.region)
    }
}
