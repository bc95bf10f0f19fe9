//! A clock, a source of randomness and a signer of one's own. The transport is scripted, so the
//! program needs neither network nor credentials.

#![expect(clippy::print_stdout, reason = "this is a program")]

use oos::clock::{BoxFuture, Clock, Entropy, SystemClock};
use oos::sign::{AccessKey, Acs3, Sign, SignError, SignableRequest, SignedParts, SigningParams};
use oos::transport::{HttpResponse, Scripted};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use time::OffsetDateTime;

/// The machine's clock, corrected by what a time server said.
#[derive(Debug)]
struct Corrected {
    by: time::Duration,
}

impl Clock for Corrected {
    fn now(&self) -> OffsetDateTime {
        SystemClock.now() + self.by
    }

    fn elapsed(&self) -> Duration {
        SystemClock.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        SystemClock.sleep(duration)
    }
}

/// A counter instead of randomness: for recordings that are the same every time, never for the
/// cloud.
#[derive(Debug, Default)]
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn bytes16(&self) -> [u8; 16] {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        u128::from(count).to_be_bytes()
    }
}

/// Signs as usual, and counts how often each key is used.
#[derive(Debug, Default)]
struct Counting {
    signatures: AtomicU64,
}

impl Sign for Counting {
    fn sign(
        &self,
        request: &SignableRequest<'_>,
        key: &AccessKey,
        params: &SigningParams<'_>,
    ) -> Result<SignedParts, SignError> {
        self.signatures.fetch_add(1, Ordering::Relaxed);
        Acs3.sign(request, key, params)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let transport = Scripted::new();
    transport.answer(HttpResponse::new(http::StatusCode::OK).with_body(r#"{"Templates":[]}"#));

    let signer = Arc::new(Counting::default());
    let by = time::Duration::seconds(2);
    let client = oos::Builder::new()
        .with_region("cn-hangzhou")
        .with_access_key("testid", "testsecret")
        .with_transport(Arc::new(transport.clone()))
        .into_client_builder()?
        .with_clock(Arc::new(Corrected { by }))
        .with_entropy(Arc::new(Counter::default()))
        .with_signer(Arc::clone(&signer) as Arc<dyn Sign>)
        .build()?;
    client.list_templates().send().await?;

    let sent = &transport.requests()[0];
    let nonce = sent.headers.get("x-acs-signature-nonce");
    let nonce = nonce.ok_or("it is signed")?.to_str()?;
    let count = signer.signatures.load(Ordering::Relaxed);
    println!("{count} signature was made, with the nonce {nonce}");
    Ok(())
}
