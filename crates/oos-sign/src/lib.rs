//! Signs and verifies requests of Alibaba Cloud: ACS3-HMAC-SHA256 and HMAC-SHA1.
//!
//! Both directions build their text through one canonicaliser, and every stage of it can be read:
//! the canonical query, the canonical request, the string to sign, the signature.
//!
//! This crate must **not** know how a request travels, what time it is, where a nonce or a key comes
//! from, or what any operation means. It does no I/O and is not async: date and nonce are arguments.
//!
//! ```
//! use oos_sign::{Acs3, AccessKey, Claims, ReceivedRequest, Sign, SignableRequest, SigningParams};
//! use time::macros::datetime;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = AccessKey::new("testid", "testsecret");
//! let query = [("RegionId", "cn-hangzhou"), ("ExecutionId", "exec-1"), ("Type", "Event")];
//! let request =
//!     SignableRequest::rpc("oos.cn-hangzhou.aliyuncs.com", "TriggerExecution", "2019-06-01", &query);
//! let params = SigningParams { date: datetime!(2026-01-02 03:04:05 UTC), nonce: "6c9f0c0e" };
//! let signed = Acs3.sign(&request, &key, &params)?;
//! assert_eq!(signed.query(), "ExecutionId=exec-1&RegionId=cn-hangzhou&Type=Event");
//!
//! // What a server does with the same request.
//! let headers: Vec<(&str, &[u8])> =
//!     signed.headers().map(|(name, value)| (name, value.as_bytes())).collect();
//! let received = ReceivedRequest {
//!     method: "POST",
//!     path: "/",
//!     raw_query: signed.query(),
//!     headers: &headers,
//!     body: b"",
//! };
//! let claims = Claims::read(&received)?;
//! assert_eq!(claims.access_key_id(), "testid");
//! oos_sign::verify(&received, &claims, &key)?;
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod access_key;
mod acs3;
mod algorithm;
mod authorization;
mod canonical;
mod claims;
mod encode;
mod error;
mod explain;
mod form;
mod list;
mod pairs;
mod protocol;
mod received;
mod request;
mod rpc_v1;
mod sendable;
mod signed;
mod timestamp;

pub use access_key::{AccessKey, SecretKey};
pub use acs3::Acs3;
pub use algorithm::{Algorithm, Sign, Verify, verify};
pub use claims::{ClaimError, Claims};
pub use error::{Mismatch, SignError, VerifyError};
pub use explain::{Change, Explanation, Verdict, explain, explain_texts};
pub use form::{MAX_PARAMETERS, Parameter, decode_form};
pub use pairs::Pairs;
pub use protocol::PROTOCOL_PARAMETERS;
pub use received::{MAX_HEADERS, MAX_SIGNED_HEADERS, ReceivedRequest};
pub use request::{SignableRequest, SigningParams};
pub use rpc_v1::RpcV1;
pub use signed::SignedParts;
pub use timestamp::parse_timestamp;
