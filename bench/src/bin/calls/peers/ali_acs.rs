//! ali-acs: `SendSms`. It has no OOS, and writes `https` and the host itself; its HTTP client can be
//! handed in, and resolves that host to our server.

use crate::Outcome;
use crate::server::Addresses;
use crate::server::tls::ALI_HOST;
use ali_acs::AccessKeySecret;
use ali_acs::sms::{Connection, Endpoint, SendSms};
use std::error::Error;

pub fn client(at: &Addresses) -> Result<Connection, Box<dyn Error>> {
    let provider = rustls::crypto::ring::default_provider();
    provider
        .install_default()
        .map_err(|_| "there is a TLS provider already")?;
    let http = reqwest::Client::builder()
        .no_proxy()
        .resolve(ALI_HOST, at.tls.address.parse()?)
        .tls_certs_only([reqwest::Certificate::from_pem(
            at.tls.certificate.as_bytes(),
        )?])
        .build()?;
    let key = AccessKeySecret::new("testid", "testsecret");
    Ok(Connection::with_client(Endpoint::CnHangzhou, key, http))
}

pub async fn call(client: &Connection, content: &str) -> Outcome {
    let message = SendSms::new("1390000", "sign", "SMS_1").template_param(content.to_owned());
    client.send_sms(message).await?;
    Ok(())
}
