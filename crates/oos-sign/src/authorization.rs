//! The `Authorization` header of ACS3.

use crate::received::MAX_SIGNED_HEADERS;
use crate::sendable::is_token;
use crate::{Algorithm, ClaimError};

/// The parts of `ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`.
pub(crate) struct Authorization<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) signed_headers: Vec<&'a str>,
    pub(crate) signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Reads the value of the header, whose scheme starts with `ACS3-`.
    pub(crate) fn parse(value: &'a str) -> Result<Self, ClaimError> {
        let (algorithm, parts) = value
            .split_once(' ')
            .ok_or(malformed("nothing follows the algorithm"))?;
        if algorithm != Algorithm::Acs3HmacSha256.as_str() {
            return Err(ClaimError::unsupported(algorithm));
        }
        let (mut credential, mut signed, mut signature) = (None, None, None);
        for part in parts.split(',') {
            let (name, value) = part
                .trim()
                .split_once('=')
                .ok_or(malformed("a part has no '='"))?;
            let place = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed,
                "Signature" => &mut signature,
                _ => return Err(malformed("it has an unknown part")),
            };
            if place.replace(value).is_some() {
                return Err(malformed("it has a part twice"));
            }
        }
        let filled = |part: Option<&'a str>| part.filter(|value| !value.is_empty());
        Ok(Self {
            access_key_id: filled(credential).ok_or(malformed("Credential is missing"))?,
            signed_headers: names(filled(signed).ok_or(malformed("SignedHeaders is missing"))?)?,
            signature: filled(signature).ok_or(malformed("Signature is missing"))?,
        })
    }
}

fn names(list: &str) -> Result<Vec<&str>, ClaimError> {
    let mut names: Vec<&str> = list.split(';').take(MAX_SIGNED_HEADERS + 1).collect();
    if names.len() > MAX_SIGNED_HEADERS {
        return Err(ClaimError::TooMany {
            what: "signed headers",
            limit: MAX_SIGNED_HEADERS,
        });
    }
    if !names
        .iter()
        .all(|name| is_token(name) && !name.bytes().any(|b| b.is_ascii_uppercase()))
    {
        return Err(malformed(
            "SignedHeaders must list lower-case header names joined with ';'",
        ));
    }
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(malformed("SignedHeaders has a name twice"));
    }
    Ok(names)
}

fn malformed(reason: &'static str) -> ClaimError {
    ClaimError::Malformed { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_parts_in_any_order() {
        for value in [
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=x-acs-date;host,Signature=00",
            "ACS3-HMAC-SHA256  Signature=00, SignedHeaders=host;x-acs-date, Credential=id",
        ] {
            let parsed = Authorization::parse(value).expect(value);
            assert_eq!((parsed.access_key_id, parsed.signature), ("id", "00"));
            assert_eq!(parsed.signed_headers, ["host", "x-acs-date"]);
        }
    }

    #[test]
    fn refuses_what_is_incomplete_or_odd() {
        for value in [
            "ACS3-HMAC-SHA256",
            "ACS3-HMAC-SHA256 ",
            "ACS3-HMAC-SHA256 Credential=id",
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host",
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=",
            "ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=0",
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=,Signature=0",
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;host,Signature=0",
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=Host,Signature=0",
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=a b,Signature=0",
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=0,Signature=1",
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=0,More=1",
        ] {
            let error = Authorization::parse(value).err();
            assert!(
                matches!(error, Some(ClaimError::Malformed { .. })),
                "{value}: {error:?}"
            );
        }
    }

    #[test]
    fn bounds_the_list_and_names_other_suites() {
        let list = (0..=MAX_SIGNED_HEADERS)
            .map(|n| format!("h{n}"))
            .collect::<Vec<_>>()
            .join(";");
        let long = format!("ACS3-HMAC-SHA256 Credential=id,SignedHeaders={list},Signature=0");
        assert!(matches!(
            Authorization::parse(&long),
            Err(ClaimError::TooMany { .. })
        ));
        let other = Authorization::parse("ACS3-HMAC-SM3 Credential=id");
        assert_eq!(other.err(), Some(ClaimError::unsupported("ACS3-HMAC-SM3")));
    }
}
