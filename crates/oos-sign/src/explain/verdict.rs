//! What a comparison can show.

use std::fmt;

/// What the comparison of two signed texts shows. Names are told, values never.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Both signed the same text, so the keys differ: the secret is wrong.
    WrongSecret,
    /// Both signed the same text, and the secret has blanks or quotation marks around it.
    PaddedSecret,
    /// The method was changed.
    Method,
    /// The path was changed.
    Path,
    /// A signed header was changed.
    #[non_exhaustive]
    Header {
        /// Its name, in lower case.
        name: String,
        /// In what way.
        change: Change,
    },
    /// A parameter was changed.
    #[non_exhaustive]
    Parameter {
        /// Its name, as signed.
        name: String,
        /// In what way.
        change: Change,
    },
    /// The parameters are the same in another order, or their names are encoded differently.
    Order,
    /// The body was changed.
    Body,
    /// The texts differ, but not in a way that has a name.
    Unknown,
}

/// In what way a header or parameter was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// It has another value.
    Value,
    /// It was signed, and the server has not got it.
    Removed,
    /// The server has got it, and it was not signed.
    Added,
    /// It was percent-encoded once more.
    EncodedTwice,
    /// It was decoded once more: what stood encoded in the value stands plain.
    DecodedTwice,
    /// `+` and blank were taken for each other.
    PlusAndBlank,
    /// `*` or `~` was encoded by another rule than RFC 3986.
    Escapes,
    /// The hexadecimal digits of the escapes are in lower case.
    HexCase,
    /// Blanks at its ends are gone, or new.
    Trimmed,
    /// Only upper and lower case differ.
    Case,
    /// The port is gone, or new: of the header `host` only.
    Port,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongSecret => f.write_str(
                "the server signed the same text, so the access key secret is wrong: check it for \
                 missing or extra characters",
            ),
            Self::PaddedSecret => f.write_str(
                "the server signed the same text, and the access key secret has blanks or \
                 quotation marks around it: set it without them",
            ),
            Self::Method => f.write_str(
                "the method of the request was changed on its way: look for a proxy or a redirect",
            ),
            Self::Path => f.write_str(
                "the path of the request was changed on its way: look for a proxy that rewrites it",
            ),
            Self::Header { name, change } => header(f, name, *change),
            Self::Parameter { name, change } => parameter(f, name, *change),
            Self::Order => f.write_str(
                "the parameters reached the server under names that are encoded differently, or in \
                 another order: percent-encode names as well and sort them by their plain text",
            ),
            Self::Body => f.write_str(
                "the body of the request was changed on its way: look for a proxy or an HTTP \
                 library that rewrites bodies",
            ),
            Self::Unknown => f.write_str(
                "the server signed another text: a proxy or an HTTP library changed the request",
            ),
        }
    }
}

fn header(f: &mut fmt::Formatter<'_>, name: &str, change: Change) -> fmt::Result {
    let how = match change {
        Change::Removed => "did not reach the server",
        Change::Added => "reached the server, although it was not signed",
        Change::Trimmed => "reached the server with other blanks around its value",
        Change::Case => "reached the server in other upper and lower case",
        Change::Port => "reached the server with another port",
        _ => "reached the server with another value",
    };
    write!(
        f,
        "the header `{name}` {how}: a proxy or an HTTP library changed it"
    )
}

fn parameter(f: &mut fmt::Formatter<'_>, name: &str, change: Change) -> fmt::Result {
    let (how, mend) = match change {
        Change::Removed => (
            "did not reach the server",
            "look for a proxy that drops parameters",
        ),
        Change::Added => (
            "reached the server, although it was not signed",
            "sign after the last parameter is set, and look for a proxy that adds some",
        ),
        Change::EncodedTwice => (
            "reached the server percent-encoded twice",
            "send the signed query byte for byte, as a raw query",
        ),
        Change::DecodedTwice => (
            "reached the server decoded twice",
            "look for a proxy that decodes the query",
        ),
        Change::PlusAndBlank => (
            "reached the server with `+` and blank taken for each other",
            "encode a blank as %20 and a plus as %2B",
        ),
        Change::Escapes => (
            "reached the server with `*` or `~` encoded by another rule",
            "encode `*` as %2A and leave `~` as it is",
        ),
        Change::HexCase => (
            "was encoded with hexadecimal digits in lower case",
            "write escapes in upper case, as in %2F",
        ),
        Change::Trimmed => (
            "reached the server with other blanks around its value",
            "look for a proxy that trims values",
        ),
        Change::Case => (
            "reached the server in other upper and lower case",
            "look for a proxy that changes values",
        ),
        _ => (
            "reached the server with another value",
            "sign after the last parameter is set, and look for a proxy that changes the query",
        ),
    };
    write!(f, "the parameter `{name}` {how}: {mend}")
}
