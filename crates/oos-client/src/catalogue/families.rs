//! Codes that are made by a rule: a known beginning and the name of what it is about.

use super::{Explanation, Sureness};
use std::borrow::Cow;

/// A rule; `{}` in its sentences stands for the name after the beginning.
struct Family {
    beginning: &'static str,
    form: Form,
    http_status: u16,
    cause: &'static str,
    remedy: &'static str,
    sureness: Sureness,
    source: &'static str,
}

/// What follows the beginning.
enum Form {
    /// A parameter, written right after it: `MissingExecutionId`.
    Parameter,
    /// One or more parts after a dot: `Throttling.User`.
    Dotted,
}

const GATEWAY: &str = "documented table of common error codes of RPC products";

const FAMILIES: &[Family] = &[
    Family {
        beginning: "Throttling",
        form: Form::Dotted,
        http_status: 400,
        cause: "There were too many requests in a short time (`{}`); statuses 429 and 503 are seen too.",
        remedy: "Slow down: wait as long as x-acs-retry-after says, then repeat.",
        sureness: Sureness::Documented,
        source: GATEWAY,
    },
    Family {
        beginning: "EntityNotExists",
        form: Form::Dotted,
        http_status: 404,
        cause: "There is no `{}` of this name or id in this region.",
        remedy: "Check name, id and region; the operation List… of its kind lists what is there.",
        sureness: Sureness::Inferred,
        source: "by the pattern of the EntityNotExists codes that are known",
    },
    Family {
        beginning: "EntityNotExist",
        form: Form::Dotted,
        http_status: 404,
        cause: "There is no `{}` of this name (RAM and STS write EntityNotExist without s).",
        remedy: "Check the name and the account.",
        sureness: Sureness::Inferred,
        source: "general knowledge of RAM and STS",
    },
    Family {
        beginning: "EntityAlreadyExists",
        form: Form::Dotted,
        http_status: 409,
        cause: "There is a `{}` of this name already.",
        remedy: "Change it with the operation Update… of its kind, or choose another name.",
        sureness: Sureness::Inferred,
        source: "by the pattern of the EntityNotExists codes that are known",
    },
    Family {
        beginning: "DeleteConflict",
        form: Form::Dotted,
        http_status: 400,
        cause: "The `{}` is still in use.",
        remedy: "Delete first what depends on it; shortly after that, call again.",
        sureness: Sureness::Inferred,
        source: "by the pattern of DeleteConflict.Application",
    },
    Family {
        beginning: "InvalidSecurityToken",
        form: Form::Dotted,
        http_status: 400,
        cause: "The STS token is not accepted (`{}`).",
        remedy: "Fetch new temporary credentials; set id, secret and token of one answer of STS.",
        sureness: Sureness::Inferred,
        source: "answers in public reports",
    },
    Family {
        beginning: "InvalidAccessKeyId",
        form: Form::Dotted,
        http_status: 400,
        cause: "The access key is not accepted (`{}`).",
        remedy: "Check the access key id for missing or extra characters and whether the key is enabled.",
        sureness: Sureness::Inferred,
        source: GATEWAY,
    },
    Family {
        beginning: "InvalidTimeStamp",
        form: Form::Dotted,
        http_status: 400,
        cause: "The time of the request is not accepted (`{}`).",
        remedy: "Set the clock by NTP and send the time in UTC, as 2026-01-02T03:04:05Z.",
        sureness: Sureness::Inferred,
        source: GATEWAY,
    },
    Family {
        beginning: "Forbidden",
        form: Form::Dotted,
        http_status: 403,
        cause: "The caller may not do this (`{}`).",
        remedy: "Grant the action to the user or role in RAM; AccessDeniedDetail, if there, names the policy kind that refuses.",
        sureness: Sureness::Inferred,
        source: GATEWAY,
    },
    Family {
        beginning: "QuotaExceeded",
        form: Form::Dotted,
        http_status: 400,
        cause: "A quota of the account is used up (`{}`).",
        remedy: "Delete what is no longer needed, or ask for a higher quota in the quota centre.",
        sureness: Sureness::Inferred,
        source: "general behaviour of Alibaba Cloud products",
    },
    Family {
        beginning: "LimitExceeded",
        form: Form::Dotted,
        http_status: 400,
        cause: "A limit of the account is reached (`{}`).",
        remedy: "Delete what is no longer needed, or ask for a higher quota in the quota centre.",
        sureness: Sureness::Inferred,
        source: "general behaviour of Alibaba Cloud products",
    },
    Family {
        beginning: "Missing",
        form: Form::Parameter,
        http_status: 400,
        cause: "The parameter `{}` is mandatory for this operation, and the call does not have it, or has it empty.",
        remedy: "Send `{}`.",
        sureness: Sureness::Documented,
        source: GATEWAY,
    },
    Family {
        beginning: "Invalid",
        form: Form::Parameter,
        http_status: 400,
        cause: "The value of the parameter `{}` is not allowed.",
        remedy: "Mend `{}`: the message of the error tells what is wrong with it.",
        sureness: Sureness::Documented,
        source: GATEWAY,
    },
];

/// Codes are short; what is longer is something else.
const LONGEST: usize = 128;

pub(super) fn lookup(code: &str) -> Option<Explanation> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if code.len() > LONGEST || !code.bytes().all(allowed) {
        return None;
    }
    FAMILIES.iter().find_map(|family| {
        let name = family.name_in(code)?;
        let sentence = |text: &str| Cow::Owned(text.replace("{}", name));
        Some(Explanation {
            code: code.to_owned().into(),
            cause: sentence(family.cause),
            remedy: sentence(family.remedy),
            http_status: Some(family.http_status),
            sureness: family.sureness,
            source: family.source,
        })
    })
}

impl Family {
    fn name_in<'c>(&self, code: &'c str) -> Option<&'c str> {
        let rest = code.strip_prefix(self.beginning)?;
        match self.form {
            Form::Dotted => rest.strip_prefix('.').filter(|name| !name.is_empty()),
            Form::Parameter => {
                let name = rest.split('.').next().unwrap_or_default();
                name.starts_with(|first: char| first.is_ascii_uppercase())
                    .then_some(name)
            }
        }
    }
}
