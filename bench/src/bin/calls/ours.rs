//! Our client.

use crate::server::Addresses;
use std::error::Error;

pub fn plain(at: &Addresses) -> Result<oos::Client, Box<dyn Error>> {
    Ok(builder(&format!("http://{}", at.plain))?.build()?)
}

#[cfg(feature = "peers")]
pub fn with_tls(at: &Addresses) -> Result<oos::Client, Box<dyn Error>> {
    let builder = builder(&format!("https://{}", at.tls.address))?;
    Ok(builder
        .with_root_certificates(at.tls.certificate.as_bytes())?
        .build()?)
}

fn builder(endpoint: &str) -> Result<oos::Builder, Box<dyn Error>> {
    Ok(oos::Builder::new()
        .with_region("cn-hangzhou")
        .with_endpoint(endpoint.parse()?)
        .with_access_key("testid", "testsecret"))
}
