//! The client against servers and proxies that do their worst, over real sockets: every case has
//! the error that is expected and the number of requests that the server saw.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod authority;
mod bodies;
mod broken;
mod keep_alive;
mod proxy;
mod server;
mod silence;
mod storms;
mod tls;
mod world;
