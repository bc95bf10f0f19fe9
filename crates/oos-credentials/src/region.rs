//! The region that calls go to.

use crate::machine::variable;
use crate::source::region_of_profile;
use crate::{CredentialsError, Host};
use std::fmt;

/// The name of the official SDKs, and the further ones of the CLI.
const NAMES: [&str; 4] = [
    "ALIBABA_CLOUD_REGION_ID",
    "ALIBABACLOUD_REGION_ID",
    "ALICLOUD_REGION_ID",
    "REGION_ID",
];

/// The region to use: the one that is given, else the one of the environment
/// (`ALIBABA_CLOUD_REGION_ID`, `ALIBABACLOUD_REGION_ID`, `ALICLOUD_REGION_ID`, `REGION_ID`), else the
/// `region_id` of the chosen profile in `~/.aliyun/config.json`. Whether it is a region id is judged
/// by who uses it.
///
/// ```
/// use oos_credentials::{FakeHost, region};
///
/// let host = FakeHost::new().with_env("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou");
/// assert_eq!(region(None, &host).expect("it is set"), "cn-hangzhou");
/// assert_eq!(region(Some("cn-beijing"), &host).expect("it is given"), "cn-beijing");
/// ```
///
/// # Errors
/// [`NoRegion`] if there is none.
pub fn region(given: Option<&str>, host: &dyn Host) -> Result<String, NoRegion> {
    let given = given.map(str::trim).filter(|region| !region.is_empty());
    if let Some(region) = given {
        return Ok(region.to_owned());
    }
    let found = NAMES.iter().find_map(|name| variable(host, name));
    found.map_or_else(
        || region_of_profile(host).map_err(|profile| NoRegion { profile }),
        Ok,
    )
}

/// There is no region: none is given, the environment has none, and neither has the profile.
#[derive(Debug, Clone)]
pub struct NoRegion {
    profile: CredentialsError,
}

impl fmt::Display for NoRegion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, profile) = (NAMES[0], self.profile.problem());
        write!(
            formatter,
            "no region is given, {name} is not set, and {profile}"
        )
    }
}

impl std::error::Error for NoRegion {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FakeHost;

    #[test]
    fn given_then_environment_then_profile() {
        const CONFIG: &str = r#"{"current": "a", "profiles": [
            {"name": "a", "region_id": "cn-shanghai"},
            {"name": "b", "region_id": "cn-shenzhen"}, {"name": "c"}]}"#;
        let check = |given: Option<&str>, env: &[(&str, &str)], expected: &str| {
            let mut host = FakeHost::new()
                .with_env("HOME", "/h")
                .with_file("/h/.aliyun/config.json", CONFIG);
            for (name, value) in env {
                host = host.with_env(*name, *value);
            }
            let found = region(given, &host).unwrap_or_else(|error| error.to_string());
            assert_eq!(found, expected);
        };
        let set = ("ALIBABA_CLOUD_REGION_ID", "cn-beijing");
        check(Some("cn-hangzhou"), &[set], "cn-hangzhou");
        check(Some(" "), &[set], "cn-beijing");
        check(None, &[("ALICLOUD_REGION_ID", "x"), set], "cn-beijing");
        check(None, &[("ALICLOUD_REGION_ID", "cn-x")], "cn-x");
        check(None, &[("ALIBABACLOUD_REGION_ID", "cn-y")], "cn-y");
        check(None, &[("REGION_ID", "cn-z")], "cn-z");
        check(None, &[], "cn-shanghai");
        check(None, &[("ALIBABA_CLOUD_PROFILE", "b")], "cn-shenzhen");
        check(
            None,
            &[("ALIBABA_CLOUD_PROFILE", "c")],
            "no region is given, ALIBABA_CLOUD_REGION_ID is not set, and region_id of profile `c` in \
             /h/.aliyun/config.json is not set",
        );
        check(
            None,
            &[("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true")],
            "no region is given, ALIBABA_CLOUD_REGION_ID is not set, and \
             ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true",
        );
    }
}
