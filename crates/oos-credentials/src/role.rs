//! A RAM role that is assumed at STS.

use crate::Host;
use crate::machine::{is_on, variable};
use oos_transport::{Endpoint, Scheme};
use std::time::Duration;

/// The shortest and the usual time that STS hands out credentials for.
const SHORTEST: Duration = Duration::from_mins(15);
const USUAL: Duration = Duration::from_hours(1);

/// A RAM role, and how it is assumed at STS: the parameters of `AssumeRole` and
/// `AssumeRoleWithOIDC` (STS 2015-04-01), and the endpoint.
///
/// Without an endpoint or a region of its own STS is asked in the region of
/// `ALIBABA_CLOUD_STS_REGION`, and without that one at its central endpoint; with
/// `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=true` at the address for VPCs.
#[derive(Debug, Clone)]
#[must_use]
pub struct Role {
    pub(crate) arn: String,
    session_name: Option<String>,
    pub(crate) duration: Duration,
    pub(crate) policy: Option<String>,
    pub(crate) external_id: Option<String>,
    endpoint: Option<String>,
    region: Option<String>,
    vpc: bool,
}

impl Role {
    /// The role of this name: `acs:ram::ACCOUNT:role/NAME`.
    pub fn new(arn: impl Into<String>) -> Self {
        Self {
            arn: arn.into(),
            session_name: None,
            duration: USUAL,
            policy: None,
            external_id: None,
            endpoint: None,
            region: None,
            vpc: false,
        }
    }

    /// The name of the session in audit logs. Without it: `ALIBABA_CLOUD_ROLE_SESSION_NAME`, else
    /// `oos-rs-` and the time in seconds.
    pub fn with_session_name(mut self, name: impl Into<String>) -> Self {
        self.session_name = Some(name.into());
        self
    }

    /// How long the credentials are to be good: at least 15 minutes, one hour if not set. The role
    /// sets the longest time.
    pub fn with_duration(mut self, duration: Duration) -> Self {
        self.duration = duration;
        self
    }

    /// A policy in JSON that narrows what the session may do.
    pub fn with_policy(mut self, policy: impl Into<String>) -> Self {
        self.policy = Some(policy.into());
        self
    }

    /// The external id that the role asks for.
    pub fn with_external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    /// Asks STS in this region.
    pub fn with_sts_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Asks STS at this host, such as `sts.cn-hangzhou.aliyuncs.com`.
    pub fn with_sts_endpoint(mut self, host: impl Into<String>) -> Self {
        self.endpoint = Some(host.into());
        self
    }

    /// Asks STS at the address for VPCs; it needs a region.
    pub fn through_vpc(mut self) -> Self {
        self.vpc = true;
        self
    }

    /// Where STS is asked.
    ///
    /// # Errors
    /// A sentence if that is no host.
    pub(crate) fn endpoint(&self, host: &dyn Host) -> Result<Endpoint, String> {
        if let Some(text) = &self.endpoint {
            return text.parse().map_err(|_| {
                String::from("the STS endpoint is none: write sts.cn-hangzhou.aliyuncs.com")
            });
        }
        let region = self
            .region
            .clone()
            .or_else(|| variable(host, "ALIBABA_CLOUD_STS_REGION"));
        let Some(region) = region else {
            return Ok(Endpoint::new(Scheme::Https, "sts.aliyuncs.com").expect("it is a host"));
        };
        let vpc = self.vpc || is_on(host, "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED");
        let network = if vpc { "-vpc" } else { "" };
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if !region.chars().all(is_word) {
            return Err(format!(
                "{region:?} is no region of STS: write it as in cn-hangzhou"
            ));
        }
        Endpoint::new(Scheme::Https, format!("sts{network}.{region}.aliyuncs.com"))
            .map_err(|error| error.to_string())
    }

    pub(crate) fn session_name(&self, host: &dyn Host, now: time::OffsetDateTime) -> String {
        self.session_name
            .clone()
            .or_else(|| variable(host, "ALIBABA_CLOUD_ROLE_SESSION_NAME"))
            .unwrap_or_else(|| format!("oos-rs-{}", now.unix_timestamp()))
    }

    /// Whether STS can be asked for this.
    ///
    /// # Errors
    /// A sentence if not.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.arn.trim().is_empty() {
            return Err(
                "the ARN of the role is empty: write acs:ram::ACCOUNT:role/NAME".to_owned(),
            );
        }
        if self.duration < SHORTEST {
            let given = self.duration.as_secs();
            return Err(format!(
                "{given} s is too short for a role: STS gives 900 s at least"
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FakeHost;

    #[test]
    fn the_endpoint_follows_role_and_environment() {
        let check = |role: Role, env: &[(&str, &str)], expected: &str| {
            let mut host = FakeHost::new();
            for (name, value) in env {
                host = host.with_env(*name, *value);
            }
            let found = role.endpoint(&host).map(|endpoint| endpoint.to_string());
            let found = found.unwrap_or_else(|problem| problem);
            assert!(found.contains(expected), "{found}");
        };
        let role = || Role::new("acs:ram::1:role/r");
        let region = [("ALIBABA_CLOUD_STS_REGION", "cn-beijing")];
        let vpc = [region[0], ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true")];
        check(role(), &[], "https://sts.aliyuncs.com");
        check(role(), &region, "https://sts.cn-beijing.aliyuncs.com");
        check(role(), &vpc, "https://sts-vpc.cn-beijing.aliyuncs.com");
        check(
            role().with_sts_region("cn-hangzhou"),
            &region,
            "//sts.cn-hangzhou.",
        );
        check(
            role().with_sts_region("cn-hangzhou").through_vpc(),
            &[],
            "//sts-vpc.cn-hangzhou.",
        );
        check(
            role().with_sts_endpoint("sts.example.com"),
            &vpc,
            "https://sts.example.com",
        );
        check(role().with_sts_endpoint("a b"), &[], "is none");
        check(role().with_sts_region("evil.com/"), &[], "no region");
    }

    #[test]
    fn too_short_and_nameless_roles_are_refused() {
        assert!(Role::new("acs:ram::1:role/r").check().is_ok());
        assert!(Role::new(" ").check().is_err());
        let short = Role::new("r").with_duration(Duration::from_secs(899));
        assert!(short.check().expect_err("too short").contains("899 s"));
    }
}
