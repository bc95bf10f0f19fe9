//! A source of credentials of one's own, behind the environment in a chain: it takes the key from
//! a file that something else keeps fresh, and reads it before each call.

#![expect(clippy::print_stdout, reason = "this is a program")]

use oos::credentials::{
    AccessKey, BoxFuture, Chain, CredentialsErrorKind, Environment, FakeHost, Host,
};
use oos::{Credentials, CredentialsError, ProvideCredentials};
use std::path::PathBuf;
use std::sync::Arc;

/// A file of two lines: access key id and secret.
#[derive(Debug)]
struct TwoLines {
    host: Arc<dyn Host>,
    path: PathBuf,
}

impl TwoLines {
    fn read(&self) -> Result<Credentials, CredentialsError> {
        let error = |kind, problem: String| CredentialsError::new(kind, "two_lines", problem);
        let path = self.path.display();
        let bytes = self.host.read_file(&self.path).map_err(|cause| {
            let problem = format!("{path} can not be read");
            error(CredentialsErrorKind::NotConfigured, problem).with_source(cause)
        })?;
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.lines().map(str::trim);
        match (lines.next(), lines.next()) {
            (Some(id), Some(secret)) => {
                Ok(Credentials::new(AccessKey::new(id, secret), "two_lines"))
            }
            _ => Err(error(
                CredentialsErrorKind::Invalid,
                format!("{path} has to hold the id in its first line and the secret in its second"),
            )),
        }
    }
}

impl ProvideCredentials for TwoLines {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(self.read()))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A machine made of data, so that the program runs anywhere; a real one uses `SystemHost`.
    let host: Arc<dyn Host> =
        Arc::new(FakeHost::new().with_file("/run/secrets/oos", "testid\ntestsecret\n"));
    let chain = Chain::new("mine")
        .with(Environment::of(Arc::clone(&host)))
        .with(TwoLines {
            host,
            path: "/run/secrets/oos".into(),
        });
    let client = oos::Builder::new()
        .with_region("cn-hangzhou")
        .with_credentials(Arc::new(chain))
        .build()?;
    let request = client.list_templates().prepare().await?;
    let provider = &request.headers["x-acs-credentials-provider"];
    println!("signed with the credentials of {}", provider.to_str()?);
    Ok(())
}
