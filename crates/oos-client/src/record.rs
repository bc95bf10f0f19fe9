//! Recording exchanges, and answering from a recording.
//!
//! [`Recorder`] stands before another transport and keeps what goes through it in a [`Cassette`];
//! [`Replay`] answers from one, without a network. A cassette is a text, one JSON object a line,
//! for a file beside the test; reading and writing that file is the caller's, since this crate does
//! no I/O.
//!
//! A cassette holds no secret that its rules know: see [`Recorder`]. Look at one all the same
//! before it is committed: templates and outputs may hold what only its author knows.
//!
//! ```
//! use oos_client::record::{Cassette, Recorder, Replay};
//! use oos_client::Client;
//! use oos_credentials::Static;
//! use oos_transport::{HttpResponse, Scripted};
//! use std::sync::Arc;
//!
//! # let done = tokio_free::block_on(async {
//! let cloud = Scripted::new(); // in its place, a transport to the cloud
//! cloud.answer(HttpResponse::new(http::StatusCode::OK).with_body(r#"{"Templates":[]}"#));
//! let client = |transport| {
//!     let keys = Arc::new(Static::new("id", "secret"));
//!     Client::builder(transport, keys).with_region("cn-hangzhou").build()
//! };
//!
//! # let clock = Arc::new(oos_clock::FakeClock::at(oos_clock::Clock::now(&oos_clock::SystemClock)));
//! # let client = |transport| {
//! #     let keys = Arc::new(Static::new("id", "secret"));
//! #     Client::builder(transport, keys)
//! #         .with_region("cn-hangzhou").with_clock(clock.clone()).build()
//! # };
//! let recorder = Recorder::new(Arc::new(cloud));
//! client(Arc::new(recorder.clone()))?.list_templates().send().await?;
//! let text = recorder.cassette().to_string();
//!
//! let replay = Replay::new(text.parse::<Cassette>()?);
//! let answer = client(Arc::new(replay.clone()))?.list_templates().send().await?;
//! assert_eq!(answer.output.templates.map(|list| list.len()), Some(0));
//! assert_eq!(replay.remaining(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # });
//! # done.expect("the calls succeed");
//! # mod tokio_free {
//! #     pub fn block_on<F: Future>(future: F) -> F::Output {
//! #         let mut context = std::task::Context::from_waker(std::task::Waker::noop());
//! #         match std::pin::pin!(future).poll(&mut context) {
//! #             std::task::Poll::Ready(output) => output,
//! #             std::task::Poll::Pending => panic!("a scripted transport does not wait"),
//! #         }
//! #     }
//! # }
//! ```

mod cassette;
mod hide;
mod line;
mod recorder;
mod replay;
mod request;

pub use cassette::{Cassette, CassetteError};
pub use recorder::Recorder;
pub use replay::Replay;

/// What stands in the place of a value that is not recorded.
const HIDDEN: &str = "***";
