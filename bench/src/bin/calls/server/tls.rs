//! The same answers over TLS.

use super::{accept, answer};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::error::Error;
use std::io::{BufRead, Read};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Where TLS is spoken, and the certificate to trust there.
pub struct Tls {
    pub address: String,
    pub certificate: String,
}

/// The host that ali-acs calls, whatever the region.
pub const ALI_HOST: &str = "dysmsapi.aliyuncs.com";

impl Tls {
    /// Reads what [`serve`] wrote.
    pub fn read(told: &mut (impl BufRead + Read)) -> Result<Self, Box<dyn Error>> {
        let (mut address, mut certificate) = (String::new(), String::new());
        told.read_line(&mut address)?;
        while !certificate.contains("END CERTIFICATE") {
            if told.read_line(&mut certificate)? == 0 {
                return Err("the server told no certificate".into());
            }
        }
        let address = address.trim().to_owned();
        Ok(Self {
            address,
            certificate,
        })
    }
}

/// The task that serves, once its address and certificate are told.
pub async fn serve() -> Result<impl Future<Output = ()> + Send + 'static, Box<dyn Error>> {
    let names = vec!["127.0.0.1".to_owned(), ALI_HOST.to_owned()];
    let made = rcgen::generate_simple_self_signed(names)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    print!("{}\n{}", listener.local_addr()?, made.cert.pem());
    Ok(async move {
        while let Ok(stream) = accept(&listener).await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    answer(stream).await;
                }
            });
        }
    })
}
