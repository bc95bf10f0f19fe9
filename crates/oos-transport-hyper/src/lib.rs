//! HTTP exchanges with hyper and rustls.
