//! Why RAM refused a call.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::open_enum::open_enum;
use crate::sensitive::Hidden;
use crate::tolerant::text_of;

open_enum! {
    /// Who was refused (`AuthPrincipalType`).
    PrincipalType {
        SubUser = "SubUser",
        AssumedRoleUser = "AssumedRoleUser",
        Federated = "Federated",
        RootUser = "RootUser",
    }
}

open_enum! {
    /// Whether nothing allowed the call or something forbade it (`NoPermissionType`).
    NoPermissionType {
        ImplicitDeny = "ImplicitDeny",
        ExplicitDeny = "ExplicitDeny",
    }
}

open_enum! {
    /// The kind of policy that decided (`PolicyType`).
    PolicyType {
        AccountLevelIdentityBasedPolicy = "AccountLevelIdentityBasedPolicy",
        ResourceGroupLevelIdentityBasedPolicy = "ResourceGroupLevelIdentityBasedPolicy",
        SessionPolicy = "SessionPolicy",
        ControlPolicy = "ControlPolicy",
        AssumeRolePolicy = "AssumeRolePolicy",
    }
}

/// The member `AccessDeniedDetail` of an error body: what RAM decided, about whom, and why.
///
/// Members with capital and with small first letters are read, from an object or from a text that
/// holds one. The names and values are those that RAM documents for refusals of all products.
///
/// ```
/// use oos_model::{ApiError, NoPermissionType};
///
/// let body = br#"{"Code":"NoPermission","Message":"no","AccessDeniedDetail":
///     {"AuthAction":"oos:TriggerExecution","NoPermissionType":"ImplicitDeny"}}"#;
/// let error = ApiError::decode(403, body);
/// let detail = error.access_denied_detail().expect("it is there");
/// assert_eq!(detail.auth_action.as_deref(), Some("oos:TriggerExecution"));
/// assert_eq!(detail.no_permission_type, Some(NoPermissionType::ImplicitDeny));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessDeniedDetail {
    /// The RAM action that was not allowed, `oos:TriggerExecution`.
    pub auth_action: Option<String>,
    /// The name of the user, or role and session, that called.
    pub auth_principal_display_name: Option<String>,
    /// The account that the caller belongs to.
    pub auth_principal_owner_id: Option<String>,
    /// What kind of caller it was.
    pub auth_principal_type: Option<PrincipalType>,
    /// Whether nothing allowed the call or something forbade it.
    pub no_permission_type: Option<NoPermissionType>,
    /// The kind of policy that decided.
    pub policy_type: Option<PolicyType>,
    /// More about the decision, sealed: `ram:DecodeDiagnosticMessage` opens it. It may tell about
    /// policies and resources, so `Debug` does not show it.
    pub encoded_diagnostic_message: Option<String>,
    /// Members that this version does not know, as texts.
    pub others: BTreeMap<String, String>,
}

impl AccessDeniedDetail {
    /// A detail without members.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads an object, or a text that holds one.
    pub(super) fn read(value: Value) -> Option<Self> {
        let map: Map<String, Value> = match value {
            Value::String(text) => serde_json::from_str(&text).ok()?,
            Value::Object(map) => map,
            _ => return None,
        };
        let mut detail = Self::default();
        for (name, value) in map {
            if !value.is_null() {
                detail.set(&name, text_of(value));
            }
        }
        Some(detail)
    }

    /// Sets the member of this name, whose first letter may be small.
    pub(super) fn set(&mut self, name: &str, text: String) {
        let mut letters = name.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        let known: String = first.into_iter().chain(letters).collect();
        match &*known {
            "AuthAction" => self.auth_action = Some(text),
            "AuthPrincipalDisplayName" => self.auth_principal_display_name = Some(text),
            "AuthPrincipalOwnerId" => self.auth_principal_owner_id = Some(text),
            "AuthPrincipalType" => self.auth_principal_type = Some(text.into()),
            "NoPermissionType" => self.no_permission_type = Some(text.into()),
            "PolicyType" => self.policy_type = Some(text.into()),
            "EncodedDiagnosticMessage" => self.encoded_diagnostic_message = Some(text),
            _ => {
                self.others.insert(name.to_owned(), text);
            }
        }
    }

    /// The members that are set, as they are on the wire.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let known = [
            ("AuthAction", self.auth_action.as_deref()),
            (
                "AuthPrincipalDisplayName",
                self.auth_principal_display_name.as_deref(),
            ),
            (
                "AuthPrincipalOwnerId",
                self.auth_principal_owner_id.as_deref(),
            ),
            (
                "AuthPrincipalType",
                self.auth_principal_type.as_ref().map(PrincipalType::as_str),
            ),
            (
                "NoPermissionType",
                self.no_permission_type
                    .as_ref()
                    .map(NoPermissionType::as_str),
            ),
            (
                "PolicyType",
                self.policy_type.as_ref().map(PolicyType::as_str),
            ),
            (
                "EncodedDiagnosticMessage",
                self.encoded_diagnostic_message.as_deref(),
            ),
        ];
        let known = known
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?)));
        let others = self.others.iter().map(|(name, text)| (&**name, &**text));
        known.chain(others)
    }
}

impl fmt::Debug for AccessDeniedDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others: Vec<&String> = self.others.keys().collect();
        f.debug_struct("AccessDeniedDetail")
            .field("auth_action", &self.auth_action)
            .field(
                "auth_principal_display_name",
                &self.auth_principal_display_name,
            )
            .field("auth_principal_owner_id", &self.auth_principal_owner_id)
            .field("auth_principal_type", &self.auth_principal_type)
            .field("no_permission_type", &self.no_permission_type)
            .field("policy_type", &self.policy_type)
            .field(
                "encoded_diagnostic_message",
                &Hidden::field(self.encoded_diagnostic_message.as_ref()),
            )
            .field("others", &others)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ApiError;

    const MEMBERS: &str = r#"{"AuthAction":"oos:A","AuthPrincipalDisplayName":"role/s",
        "AuthPrincipalOwnerId":1234567890123456,"AuthPrincipalType":"AssumedRoleUser",
        "EncodedDiagnosticMessage":"hunter2","NoPermissionType":"ExplicitDeny",
        "PolicyType":"NewPolicy","Unheard":{"Of":1},"Nothing":null}"#;

    fn expected() -> AccessDeniedDetail {
        AccessDeniedDetail {
            auth_action: Some("oos:A".into()),
            auth_principal_display_name: Some("role/s".into()),
            auth_principal_owner_id: Some("1234567890123456".into()),
            auth_principal_type: Some(PrincipalType::AssumedRoleUser),
            no_permission_type: Some(NoPermissionType::ExplicitDeny),
            policy_type: Some(PolicyType::Unknown("NewPolicy".into())),
            encoded_diagnostic_message: Some("hunter2".into()),
            others: [("Unheard".into(), r#"{"Of":1}"#.into())].into(),
        }
    }

    fn decoded(detail: &str) -> ApiError {
        let body = format!(r#"{{"code":"NoPermission","accessDeniedDetail":{detail}}}"#);
        ApiError::decode(403, body.as_bytes())
    }

    #[test]
    fn it_may_be_an_object_or_a_text_in_either_spelling() {
        let small = MEMBERS
            .replace("\"Auth", "\"auth")
            .replace("\"NoP", "\"noP")
            .replace("\"PolicyT", "\"policyT")
            .replace("\"Enc", "\"enc");
        let text = Value::from(MEMBERS).to_string();
        for detail in [MEMBERS, &small, &text] {
            let error = decoded(detail);
            assert_eq!(error.access_denied_detail(), Some(&expected()), "{detail}");
            assert!(error.is_access_denied());
        }
        for other in ["7", "null", r#""no object""#, "[]"] {
            assert_eq!(decoded(other).access_denied_detail(), None, "{other}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let error = ApiError::new(403, "NoPermission", "no").with_access_denied_detail(expected());
        assert_eq!(ApiError::decode(403, &error.encode_json()), error);
        assert_eq!(ApiError::decode(403, error.encode_xml().as_bytes()), error);
    }

    #[test]
    fn the_sealed_message_is_not_shown() {
        let error = decoded(MEMBERS);
        for shown in [format!("{error:?}"), error.to_string()] {
            assert!(!shown.contains("hunter2"), "{shown}");
        }
        assert!(format!("{error:?}").contains("ExplicitDeny"));
    }
}
