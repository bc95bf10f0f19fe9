//! Codes about access keys, tokens, RAM and STS.

use super::{CodeEntry, Sureness, codes};

const TABLE: &str = "documented table of common error codes of RPC products";
const OLD_PAGES: &str = "help pages CancelExecution and DeleteExecutions (2019)";
const REPORTS: &str = "answers in public reports";
const GENERAL: &str = "general knowledge of RAM and STS";

codes! {
    "InvalidAccessKeyId.NotFound" 404 Documented TABLE;
        "The access key id does not exist; some pages print status 400."
        "Check the id for missing or extra characters, whether it was deleted, and whether it belongs to this site (China or International)."
    "InvalidAccessKeyId.Inactive" 400 Documented TABLE;
        "The access key is disabled."
        "Enable it in the RAM console, or use another key."
    "InvalidAccessKeyId" 400 Inferred GENERAL;
        "The access key id is not accepted."
        "Check the id for missing or extra characters and whether the key is enabled."
    "InvalidAccessKeySecret" 400 Reported "rewritten from SignatureDoesNotMatch by the older official clients";
        "The server signed the same text, so the access key secret is wrong."
        "Check the secret for missing or extra characters; a secret is shown once, when the key is made."
    "MissingAccessKeyId" 400 Inferred GENERAL;
        "The request names no access key."
        "Set credentials; look for a proxy that drops the header Authorization."
    "InvalidSecurityToken.Expired" 400 Documented "error code pages of RPC products";
        "The STS token is past its end."
        "Fetch new temporary credentials; a source that refreshes them (a role, ECS metadata) does it by itself."
    "InvalidSecurityToken.Malformed" 400 Inferred REPORTS;
        "The STS token is not well formed: cut off, or encoded twice."
        "Set the token again, whole and without line breaks."
    "InvalidSecurityToken.MismatchWithAccessKey" 400 Reported REPORTS;
        "The STS token belongs to another access key."
        "Set id, secret and token of one and the same answer of STS; look for a half-updated environment."
    "MissingSecurityToken" 400 Inferred GENERAL;
        "The access key is a temporary one (its id begins with STS.), and its token is not sent."
        "Set ALIBABA_CLOUD_SECURITY_TOKEN beside id and secret."
    "InvalidStsToken" 400 Documented OLD_PAGES;
        "OOS does not accept the STS token of the call."
        "Fetch new temporary credentials; set id, secret and token of one answer."
    "ExpiredStsToken" 400 Documented OLD_PAGES;
        "The STS token of the call is past its end."
        "Fetch new temporary credentials."
    "InvalidAccountType" 400 Documented OLD_PAGES;
        "OOS does not serve accounts of this type."
        "Call with a RAM user or role of an ordinary account."
    "User.NoPermission" 401 Documented OLD_PAGES;
        "RAM does not allow the caller to do this operation."
        "Grant the action oos:<operation> to the user or role; `AliyunOOSFullAccess` holds all of them."
    "Forbidden.RAM" 403 Documented TABLE;
        "RAM does not allow the caller to do this."
        "Grant the action oos:<operation> to the user or role; AccessDeniedDetail names the policy kind that refuses."
    "Forbidden" 403 Documented TABLE;
        "RAM does not allow the caller to do this."
        "Grant the action oos:<operation> to the user or role; AccessDeniedDetail names the policy kind that refuses."
    "NoPermission" 403 Documented TABLE;
        "RAM does not allow the caller to do this; from STS: the caller may not take on the role."
        "Read AccessDeniedDetail: ImplicitDeny wants a policy that allows, ExplicitDeny one less that denies. For a role, its trust policy must name the caller."
    "Forbidden.NoPermission" 403 Inferred GENERAL;
        "RAM does not allow the caller to do this."
        "Grant the action to the user or role."
    "Forbidden.SubUser" 403 Inferred GENERAL;
        "A RAM user may not do this; the account itself may."
        "Call as the account, or grant the action to the RAM user."
    "Forbidden.Unauthorized" 403 Inferred GENERAL;
        "The account has not authorised the service to act for it."
        "Activate the service and grant its service role in the RAM console."
    "NotAuthorized" 403 Inferred GENERAL;
        "RAM does not allow the caller to do this."
        "Grant the action to the user or role."
    "Forbidden.AccountOverdue" 403 Inferred GENERAL;
        "The account has an overdue payment."
        "Settle the bill, then call again."
    "InvalidAccountStatus.NotEnoughBalance" 403 Inferred GENERAL;
        "The account has not enough money for this."
        "Add money to the account, then call again."
    "EntityNotExist.Role" 404 Inferred GENERAL;
        "The RAM role does not exist (a code of RAM and STS, which write EntityNotExist without s)."
        "Check account id and role name in acs:ram::<account>:role/<name>; names are case-sensitive."
    "EntityNotExist.User" 404 Inferred GENERAL;
        "The RAM user does not exist."
        "Check the name of the user, and whether it was deleted."
    "EntityNotExist.OIDCProvider" 404 Inferred GENERAL;
        "The OIDC provider does not exist in the account."
        "Check ALIBABA_CLOUD_OIDC_PROVIDER_ARN: acs:ram::<account>:oidc-provider/<name>."
    "AuthenticationFail.NoPermission" 403 Inferred GENERAL;
        "The role's trust policy does not let this identity take it on."
        "Add the provider and its conditions (oidc:iss, oidc:aud, oidc:sub) to the trust policy of the role."
    "AuthenticationFail.OIDCToken.Expired" 400 Inferred GENERAL;
        "The OIDC token is past its end."
        "Let the platform renew the token file; the file is read anew for every exchange."
    "AuthenticationFail.OIDCToken.Invalid" 400 Inferred GENERAL;
        "The OIDC token is not accepted: wrong issuer, audience or signature."
        "Compare the token's iss and aud with what the OIDC provider in RAM lists."
    "InvalidParameter.RoleArn" 400 Inferred GENERAL;
        "The ARN of the role is not well formed."
        "Write acs:ram::<account>:role/<name>."
    "InvalidParameter.RoleSessionName" 400 Inferred GENERAL;
        "The name of the role session is not allowed."
        "Use 2 to 64 letters, digits and the characters . @ - _."
    "InvalidParameter.DurationSeconds" 400 Inferred GENERAL;
        "The duration of the role session is outside its limits."
        "Ask for 900 seconds at least and for the role's own maximum at most."
    "InvalidParameter.PolicyGrammar" 400 Inferred GENERAL;
        "The policy of the role session is no RAM policy."
        "Check the JSON: Version \"1\" and a list Statement."
    "InvalidParameter.PolicySize" 400 Inferred GENERAL;
        "The policy of the role session is too long."
        "Make it shorter: the limit is 2048 characters."
    "AssumeRoleNotExist" _ Reported "handled by the Terraform provider (CreateApplicationGroup)";
        "The role that OOS has to take on does not exist yet, or is not visible yet."
        "Make the role (OOSServiceRole, or the one that the template names) with a trust policy for oos.aliyuncs.com; shortly after that, call again."
}
