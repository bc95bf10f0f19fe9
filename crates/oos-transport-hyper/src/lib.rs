//! HTTP exchanges with hyper and rustls: the [`oos_transport::Transport`] of real programs.
//!
//! This crate must not know what the exchanges are about: it knows no signature, no operation and
//! no retry. It resends nothing, follows no redirect, and says of each failure whether the request
//! may have reached the server. No type of hyper, rustls or tokio stands in its public names.
//!
//! ```
//! use oos_clock::SystemClock;
//! use oos_transport::{CallContext, HttpRequest, Transport, TransportErrorKind};
//! use oos_transport_hyper::HyperTransport;
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! let transport = HyperTransport::builder(Arc::new(SystemClock))
//!     .with_read_timeout(Duration::from_secs(30))
//!     .build();
//! // Port 1 of this machine: nobody listens there.
//! let endpoint = "http://127.0.0.1:1".parse().expect("an endpoint");
//! let request = HttpRequest::new("GET".parse().expect("a method"), endpoint, "/");
//! let error = transport.send(request, &CallContext::new("Probe")).await.expect_err("refused");
//! assert_eq!(error.kind(), TransportErrorKind::Connect);
//! assert!(!error.may_have_been_sent());
//! # });
//! # Ok::<(), std::io::Error>(())
//! ```

#![forbid(unsafe_code)]

mod builder;
mod connect;
mod convert;
mod failure;
mod gunzip;
mod pool;
mod proxies;
mod receive;
mod tls;
mod transport;
mod within;

pub use builder::HyperTransportBuilder;
pub use proxies::{InvalidProxy, Proxies};
pub use tls::{InvalidPem, TlsVersion};
pub use transport::HyperTransport;
