//! From the failures of hyper and rustls to ours.

use oos_transport::{TransportError, TransportErrorKind};
use std::error::Error;
use std::io;

type BoxError = Box<dyn Error + Send + Sync>;

/// No connection was made.
pub(crate) fn of_connecting(error: BoxError) -> TransportError {
    let kind = if find::<rustls::Error>(&*error).is_some() {
        TransportErrorKind::Tls
    } else {
        of_tunnel(&*error).unwrap_or(TransportErrorKind::Connect)
    };
    TransportError::new(kind).with_source(error)
}

/// The connection broke before the head of the answer was there.
pub(crate) fn of_exchange(error: hyper::Error) -> TransportError {
    let kind = if error.is_user() {
        TransportErrorKind::InvalidRequest
    } else if is_refused_by_tls(&error) {
        TransportErrorKind::Tls
    } else {
        TransportErrorKind::Broken
    };
    TransportError::new(kind).with_source(error)
}

/// A failure while the answer's body was read.
pub(crate) fn of_body(error: hyper::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Broken).with_source(error)
}

/// With TLS 1.3 a client has sent its first request before it learns that its certificate was
/// refused; a server does not read a request before that.
fn is_refused_by_tls(error: &hyper::Error) -> bool {
    use rustls::AlertDescription as Alert;
    matches!(
        find::<rustls::Error>(error),
        Some(rustls::Error::AlertReceived(
            Alert::CertificateRequired
                | Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
                | Alert::AccessDenied
                | Alert::DecryptError
        ))
    )
}

/// hyper-util does not export the type of a tunnel's failure, only its words.
fn of_tunnel(error: &(dyn Error + 'static)) -> Option<TransportErrorKind> {
    chain(error).find_map(|error| match error.to_string().as_str() {
        "tunnel error: proxy authorization required" => {
            Some(TransportErrorKind::ProxyAuthentication)
        }
        "tunnel error: failed to create underlying connection" => None,
        text if text.starts_with("tunnel error: ") => Some(TransportErrorKind::Proxy),
        _ => None,
    })
}

fn find<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// The error and its causes. An I/O error made of another error hides that one from `source`.
fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

fn cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
