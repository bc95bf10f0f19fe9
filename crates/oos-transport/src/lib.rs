//! What an HTTP exchange is, without doing one.
//!
//! [`Transport`] is the seam between the client and the network: one request in, one answer or one
//! [`TransportError`] out. This crate must not know hyper, sockets, TLS, or what the request asks
//! for.
//!
//! ```
//! use oos_transport::{Endpoint, HttpRequest, HttpResponse, Scripted, Transport, CallContext};
//!
//! # fn block_on<F: std::future::Future>(f: F) -> F::Output {
//! #     let mut f = std::pin::pin!(f);
//! #     let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
//! #     loop { if let std::task::Poll::Ready(out) = f.as_mut().poll(&mut cx) { return out; } }
//! # }
//! let transport = Scripted::new();
//! transport.answer(HttpResponse::new(http::StatusCode::OK).with_body("{}"));
//!
//! let endpoint: Endpoint = "http://127.0.0.1:4060".parse()?;
//! let request = HttpRequest::new(http::Method::POST, endpoint, "/?Name=a%20b");
//! let response = block_on(transport.send(request, &CallContext::new("GetTemplate")))?;
//! assert_eq!(response.body.as_bytes(), b"{}");
//! assert_eq!(transport.requests()[0].target, "/?Name=a%20b");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod body;
mod endpoint;
mod error;
mod exchange;
mod scripted;

pub use body::Body;
pub use endpoint::{Endpoint, InvalidEndpoint, Scheme};
pub use error::{TransportError, TransportErrorKind};
pub use exchange::{CallContext, HttpRequest, HttpResponse, Transport};
pub use futures_core::future::BoxFuture;
pub use scripted::Scripted;
