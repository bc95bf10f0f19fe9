//! What every operation and every answer can do.

use std::fmt::Debug;

use crate::{DecodeError, ParamError, Params};

/// The version of the API that this crate describes.
pub const API_VERSION: &str = "2019-06-01";

/// One operation of the API with its parameters.
///
/// The types in [`operations`](crate::operations) implement it. A client sends
/// [`to_params`](Operation::to_params) and decodes [`Operation::Output`]; a server reads
/// [`from_params`](Operation::from_params) and encodes the output. Nothing here does I/O.
pub trait Operation: Sized + Debug + Send + Sync + 'static {
    /// The name on the wire, `TriggerExecution`.
    const NAME: &'static str;
    /// The API version on the wire.
    const VERSION: &'static str = API_VERSION;
    /// The HTTP method the official client uses: `POST` for all but `GetServiceSettings`.
    const METHOD: &'static str = "POST";
    /// Whether sending the same call twice is harmless.
    const IDEMPOTENCY: Idempotency;
    /// The parameters in the order they are sent.
    const PARAMETERS: &'static [ParameterInfo];
    /// The only region whose endpoint knows the operation, where there is such a region.
    const PINNED_REGION: Option<&'static str> = None;

    /// The answer.
    type Output: Output;

    /// Appends the parameters that are set, borrowing their texts.
    fn to_params<'a>(&'a self, params: &mut Params<'a>);

    /// Reads a call. Parameters it does not know are passed over, as the service does.
    ///
    /// # Errors
    /// [`ParamError`] for the first parameter that is missing or cannot be read.
    fn from_params(params: &Params<'_>) -> Result<Self, ParamError>;

    /// The region the call is about.
    fn region_id(&self) -> Option<&str> {
        None
    }

    /// Sets the region; does nothing where the operation has no such parameter.
    fn set_region(&mut self, _region: String) {}

    /// The token that makes repeating the call harmless.
    fn client_token(&self) -> Option<&str> {
        None
    }

    /// Sets the token; does nothing where the operation has no such parameter.
    fn set_client_token(&mut self, _token: String) {}
}

/// The answer of an operation: every field optional, in both directions.
pub trait Output: Sized + Debug + Send + Sync + 'static {
    /// Reads the JSON of an answer. Fields it does not know are passed over.
    ///
    /// # Errors
    /// [`DecodeError`] when the text is not JSON or a field has a form nobody has declared.
    fn decode(json: &[u8]) -> Result<Self, DecodeError>;

    /// Writes the JSON of an answer; fields that are not set are left out.
    fn encode(&self) -> Vec<u8>;

    /// The id of the call, as the body has it.
    fn request_id(&self) -> Option<&str>;

    /// Sets the id of the call.
    fn set_request_id(&mut self, request_id: String);
}

/// An operation whose answer comes in pages chained by a token.
pub trait Paged: Operation {
    /// One entry of the list.
    type Item;

    /// The token of the page to ask for; `None` is the first page.
    fn set_next_token(&mut self, token: Option<String>);

    /// The token of the following page. The list ends when it is absent or empty.
    fn next_token(output: &Self::Output) -> Option<&str>;

    /// The entries of a page.
    fn into_items(output: Self::Output) -> Vec<Self::Item>;
}

/// Whether a call may be sent again after an unclear end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a fourth kind must not compile until it is handled"
)]
pub enum Idempotency {
    /// It changes nothing: repeat it freely.
    Read,
    /// It carries a `ClientToken`: repeat it with the same token and the same parameters.
    ByToken,
    /// Repeating it may do the work twice.
    No,
}

/// One parameter of an operation, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParameterInfo {
    /// The name on the wire.
    pub name: &'static str,
    /// The form of its value.
    pub kind: ParameterKind,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Whether its value must not be shown or logged.
    pub sensitive: bool,
}

impl ParameterInfo {
    pub(crate) const fn optional(name: &'static str, kind: ParameterKind) -> Self {
        Self {
            name,
            kind,
            required: false,
            sensitive: false,
        }
    }

    pub(crate) const fn required(name: &'static str, kind: ParameterKind) -> Self {
        Self {
            name,
            kind,
            required: true,
            sensitive: false,
        }
    }

    pub(crate) const fn sensitive(self) -> Self {
        Self {
            sensitive: true,
            ..self
        }
    }
}

/// The form of a parameter on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterKind {
    /// Any text.
    Text,
    /// A text that holds a JSON document, written by the caller.
    JsonText,
    /// A template in YAML or JSON.
    TemplateText,
    /// A time, `2019-05-16T10:26:14Z`.
    Time,
    /// `true` or `false`.
    Boolean,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits.
    Long,
    /// One of these values, or one that is newer than this list.
    Choice(&'static [&'static str]),
    /// One compact JSON array of texts.
    JsonList,
    /// One compact JSON object.
    JsonObject,
    /// One compact JSON array of objects.
    JsonObjects,
    /// Texts under numbered names, `Name.1`.
    NumberedTexts,
    /// Objects under numbered names, `Name.1.Member`, with these members.
    NumberedObjects(&'static [ParameterInfo]),
}

/// The region of an operation that has a `RegionId`.
macro_rules! region_id {
    () => {
        fn region_id(&self) -> Option<&str> {
            self.region_id.as_deref()
        }

        fn set_region(&mut self, region: String) {
            self.region_id = Some(region);
        }
    };
}
pub(crate) use region_id;

/// The token of an operation that has a `ClientToken`.
macro_rules! client_token {
    () => {
        fn client_token(&self) -> Option<&str> {
            self.client_token.as_deref()
        }

        fn set_client_token(&mut self, token: String) {
            self.client_token = Some(token);
        }
    };
}
pub(crate) use client_token;
