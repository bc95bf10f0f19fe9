//! What error codes mean and what to do about them, offline.
//!
//! The table knows the codes of the gateway that all products share, of OOS, of RAM and STS, and
//! of a local OOS. OOS publishes codes for few of its operations, so each row says how sure it is:
//! see [`Sureness`].
//!
//! ```
//! use oos_client::catalogue;
//!
//! let found = catalogue::lookup("MissingExecutionId").expect("the rule Missing<Name>");
//! assert_eq!(found.http_status(), Some(400));
//! assert!(found.cause().contains("`ExecutionId`"));
//!
//! assert!(catalogue::lookup("SignatureDoesNotMach").is_none());
//! assert_eq!(catalogue::nearest("SignatureDoesNotMach")[0], "SignatureDoesNotMatch");
//! ```

mod access;
mod families;
mod gateway;
mod local;
mod nearest;
mod service;

pub use nearest::nearest;

use std::borrow::Cow;
use std::fmt;

/// How a row of the catalogue is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sureness {
    /// It stands in the documentation or in the API metadata of Alibaba Cloud.
    Documented,
    /// It was seen in answers of the service, or in published clients that handle it.
    Reported,
    /// It follows from a pattern of other codes, or is general knowledge of Alibaba Cloud that
    /// was not checked against OOS.
    Inferred,
    /// Only a local OOS answers it; the code is our own.
    LocalOnly,
}

impl fmt::Display for Sureness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "documented",
            Self::Reported => "reported, not documented",
            Self::Inferred => "inferred, not checked against OOS",
            Self::LocalOnly => "of the local OOS only",
        })
    }
}

/// A row of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CodeEntry {
    /// The code on the wire.
    pub code: &'static str,
    /// The HTTP status it comes with, as far as known.
    pub http_status: Option<u16>,
    /// What it tells, as a sentence.
    pub cause: &'static str,
    /// What to do about it, as a sentence.
    pub remedy: &'static str,
    /// How it is known.
    pub sureness: Sureness,
    /// Where it is known from.
    pub source: &'static str,
}

/// What a code means and what to do about it; made by [`lookup`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    code: Cow<'static, str>,
    cause: Cow<'static, str>,
    remedy: Cow<'static, str>,
    http_status: Option<u16>,
    sureness: Sureness,
    source: &'static str,
}

impl Explanation {
    /// The code, as it was looked up.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The HTTP status it comes with, as far as known.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.http_status
    }

    /// What it tells, as a sentence.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.cause
    }

    /// What to do about it, as a sentence.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }

    /// How it is known.
    #[must_use]
    pub fn sureness(&self) -> Sureness {
        self.sureness
    }

    /// Where it is known from.
    #[must_use]
    pub fn source(&self) -> &'static str {
        self.source
    }
}

impl From<&'static CodeEntry> for Explanation {
    fn from(entry: &'static CodeEntry) -> Self {
        Self {
            code: entry.code.into(),
            cause: entry.cause.into(),
            remedy: entry.remedy.into(),
            http_status: entry.http_status,
            sureness: entry.sureness,
            source: entry.source,
        }
    }
}

const TABLES: [&[CodeEntry]; 4] = [gateway::CODES, access::CODES, service::CODES, local::CODES];

/// Every code with a row of its own; families such as `Missing<Name>` are found by [`lookup`] too.
pub fn all() -> impl Iterator<Item = &'static CodeEntry> {
    TABLES.into_iter().flatten()
}

/// What this code means: its own row, else that of the family it belongs to (`Throttling.…`,
/// `Missing<Name>`, `Invalid<Name>`, `EntityNotExists.…` and others). Codes are compared as they
/// are spelt; see [`nearest`] for slips. `None` if the code is not known.
#[must_use]
pub fn lookup(code: &str) -> Option<Explanation> {
    let code = code.trim();
    let row = all().find(|entry| entry.code == code);
    row.map(Explanation::from)
        .or_else(|| families::lookup(code))
}

macro_rules! codes {
    (@status _) => { None };
    (@status $status:literal) => { Some($status) };
    ($($code:literal $status:tt $sureness:ident $source:expr; $cause:literal $remedy:literal)+) => {
        pub(super) const CODES: &[CodeEntry] = &[$(CodeEntry {
            code: $code,
            http_status: codes!(@status $status),
            cause: $cause,
            remedy: $remedy,
            sureness: Sureness::$sureness,
            source: $source,
        }),+];
    };
}
use codes;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_code_has_one_row_and_every_row_is_whole() {
        let codes: BTreeSet<&str> = all().map(|entry| entry.code).collect();
        assert_eq!(codes.len(), all().count());
        for entry in all() {
            let CodeEntry { code, .. } = entry;
            let sentence = |text: &str| text.ends_with('.') && text.len() > 20;
            assert!(sentence(entry.cause) && sentence(entry.remedy), "{code}");
            assert!(!entry.source.is_empty(), "{code}");
            let status = entry.http_status.unwrap_or(400);
            assert!((400..600).contains(&status), "{code}");
            let local = entry.sureness == Sureness::LocalOnly;
            let ours = local::CODES.iter().any(|row| row.code == *code);
            assert_eq!(local, ours, "{code}");
        }
    }

    #[test]
    fn a_row_comes_before_its_family() {
        let check = |code: &str, status: u16, part: &str| {
            let found = lookup(code).expect(code);
            assert_eq!(found.code(), code);
            assert_eq!(found.http_status(), Some(status), "{code}");
            let text = format!("{} {}", found.cause(), found.remedy());
            assert!(text.contains(part), "{code}: {text}");
        };
        check("EntityNotExists.Execution", 404, "execution");
        check("EntityNotExists.Gadget", 404, "`Gadget`");
        check("EntityAlreadyExists.Gadget", 409, "`Gadget`");
        check("MissingTemplateName", 400, "`TemplateName`");
        check("InvalidMaxResults", 400, "`MaxResults`");
        check("InvalidMaxResults.NotFound", 400, "`MaxResults`");
        check("Throttling.Everything", 400, "Slow");
        check("InvalidSecurityToken.New", 400, "token");
        check("Forbidden.Somehow", 403, "RAM");
        check("SignatureNonceUsed", 400, "nonce");
    }

    #[test]
    fn what_is_no_code_is_not_explained() {
        for text in [
            "",
            " ",
            "Missing",
            "Invalid",
            "Throttlingx",
            "missingfoo",
            "Invalidate",
        ] {
            assert_eq!(lookup(text), None, "{text}");
        }
        assert_eq!(lookup(&"Missing".repeat(100_000)), None);
        assert_eq!(lookup("MissingA b\n`"), None);
    }
}
