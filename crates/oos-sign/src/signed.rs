//! What signing produced: everything the client has to send, and every stage on the way.

use std::fmt;

use crate::canonical::Span;

/// The signed parts of a request, in one text that holds all stages.
///
/// Send [`SignedParts::query`] byte for byte, [`SignedParts::headers`] and, if there is one,
/// [`SignedParts::form_body`]. The other accessors are for tests and for explaining a refusal.
/// `Debug` shows none of the texts: they hold the signature and every parameter.
#[derive(Clone)]
pub struct SignedParts {
    pub(crate) text: String,
    pub(crate) query: Span,
    pub(crate) canonical_query: Span,
    pub(crate) canonical_request: Option<Span>,
    pub(crate) headers: Span,
    pub(crate) signed_headers: Option<Span>,
    pub(crate) string_to_sign: Span,
    pub(crate) signature: Span,
    pub(crate) authorization: Option<Span>,
    pub(crate) form_body: Option<String>,
}

impl SignedParts {
    /// The query to send after `?`, byte for byte: encoding it again would break the signature.
    #[must_use]
    pub fn query(&self) -> &str {
        self.query.of(&self.text)
    }

    /// The headers that the request must carry, names in lower case: all signed ones and, for ACS3,
    /// `authorization` as the last. For V1 these are `host` and, with a body, `content-type`.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.headers.of(&self.text).split_terminator('\n');
        let signed = lines.filter_map(|line| line.split_once(':'));
        signed.chain(self.authorization().map(|value| ("authorization", value)))
    }

    /// The form body that the parameters moved to, if [`crate::SignableRequest::with_form_body`] asked for it.
    #[must_use]
    pub fn form_body(&self) -> Option<&str> {
        self.form_body.as_deref()
    }

    /// The form body, taken out.
    #[must_use]
    pub fn into_form_body(self) -> Option<String> {
        self.form_body
    }

    /// The canonical query. For V1 it has the parameters of a form body too, and no `Signature`.
    #[must_use]
    pub fn canonical_query(&self) -> &str {
        self.canonical_query.of(&self.text)
    }

    /// The canonical request; V1 has none.
    #[must_use]
    pub fn canonical_request(&self) -> Option<&str> {
        self.canonical_request.map(|span| span.of(&self.text))
    }

    /// The names of the signed headers joined with `;`; V1 signs no headers.
    #[must_use]
    pub fn signed_headers(&self) -> Option<&str> {
        self.signed_headers.map(|span| span.of(&self.text))
    }

    /// The text that the HMAC covers.
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        self.string_to_sign.of(&self.text)
    }

    /// The signature: lower-case hex for ACS3, base64 for V1. Never log it.
    #[must_use]
    pub fn signature(&self) -> &str {
        self.signature.of(&self.text)
    }

    /// The value of the `Authorization` header; V1 has none.
    #[must_use]
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.map(|span| span.of(&self.text))
    }
}

impl fmt::Debug for SignedParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedParts")
            .field("query_bytes", &self.query().len())
            .field("signed_headers", &self.signed_headers())
            .field("form_body_bytes", &self.form_body.as_ref().map(String::len))
            .finish_non_exhaustive()
    }
}
