//! Everyone who is measured.

use crate::Outcome;
use crate::floor::Floor;
#[cfg(feature = "peers")]
use crate::peers::{ali_acs, aws_ssm};
use oos::enums::TriggerType;

/// An enum and not a trait object: a boxed future would cost an allocation a call.
pub enum Contender {
    Floor(Box<Floor>),
    Ours(oos::Client),
    #[cfg(feature = "peers")]
    OursTls(oos::Client),
    #[cfg(feature = "peers")]
    AwsSsm(Box<::aws_sdk_ssm::Client>),
    #[cfg(feature = "peers")]
    AliAcs(::ali_acs::sms::Connection),
}

impl Contender {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Floor(_) => "bare hyper-util",
            Self::Ours(_) => "oos",
            #[cfg(feature = "peers")]
            Self::OursTls(_) => "oos, TLS",
            #[cfg(feature = "peers")]
            Self::AwsSsm(_) => "aws-sdk-ssm",
            #[cfg(feature = "peers")]
            Self::AliAcs(_) => "ali-acs, TLS",
        }
    }

    /// Who of ours is to be compared with this peer.
    pub fn rival(&self) -> Option<&'static str> {
        match self {
            Self::Floor(_) | Self::Ours(_) => None,
            #[cfg(feature = "peers")]
            Self::OursTls(_) => None,
            #[cfg(feature = "peers")]
            Self::AwsSsm(_) => Some("oos"),
            #[cfg(feature = "peers")]
            Self::AliAcs(_) => Some("oos, TLS"),
        }
    }

    pub async fn call(&self, content: &str) -> Outcome {
        match self {
            Self::Floor(floor) => floor.call().await,
            Self::Ours(client) => trigger(client, content).await,
            #[cfg(feature = "peers")]
            Self::OursTls(client) => trigger(client, content).await,
            #[cfg(feature = "peers")]
            Self::AwsSsm(client) => aws_ssm::call(client, content).await,
            #[cfg(feature = "peers")]
            Self::AliAcs(client) => ali_acs::call(client, content).await,
        }
    }
}

async fn trigger(client: &oos::Client, content: &str) -> Outcome {
    client
        .trigger_execution("exec-1a2b3c", TriggerType::Event, content)
        .send()
        .await?;
    Ok(())
}
