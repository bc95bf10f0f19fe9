//! The sources, each in a file of its own. Those that fetch do so at every call: they are handed out
//! in a [`Cached`](crate::Cached) only.

mod assume_role;
mod cli_profile;
mod credentials_uri;
mod ecs_metadata;
mod environment;
mod external;
mod fixed;
mod ini_profile;
mod oidc_role;
mod sts;

pub(crate) use assume_role::Assumed;
pub(crate) use cli_profile::{CliProfile, region_of_profile};
pub(crate) use credentials_uri::{CredentialsUri, UriFrom};
pub(crate) use ecs_metadata::EcsMetadata;
pub use environment::Environment;
pub(crate) use external::External;
pub use fixed::Static;
pub(crate) use ini_profile::IniProfile;
pub(crate) use oidc_role::{OidcRole, OidcToken};
