//! Codes of the gateway that stands before every RPC product of Alibaba Cloud.

use super::{CodeEntry, Sureness, codes};

const TABLE: &str = "documented table of common error codes of RPC products";
const PAGES: &str = "public error code pages of RPC products";
const OLD_PAGES: &str = "help pages CancelExecution and DeleteExecutions (2019)";
const GENERAL: &str = "general behaviour of the Alibaba Cloud gateway";

codes! {
    "SignatureDoesNotMatch" 400 Documented TABLE;
        "The server computed another signature: the access key secret is wrong, or the request was changed after it was signed."
        "Read the diagnosis that the error carries; check the secret for missing or extra characters, then look for a proxy that changes headers or the query."
    "IncompleteSignature" 400 Documented TABLE;
        "The parts of the signature are not well formed, or one of them is missing."
        "Look for a proxy that drops or cuts the header Authorization; sign with a maintained client."
    "InvalidSignatureMethod" 400 Documented TABLE;
        "The server does not know the signature algorithm."
        "Sign with ACS3-HMAC-SHA256 or HMAC-SHA1."
    "InvalidSignatureVersion" 400 Inferred GENERAL;
        "The parameter SignatureVersion is not 1.0."
        "Send 1.0, which belongs to HMAC-SHA1, or sign with ACS3-HMAC-SHA256."
    "SignatureNonceUsed" 400 Documented TABLE;
        "A request with this nonce has arrived before: the request was sent twice, by a proxy or by a client that repeats without signing anew."
        "Look whether the first request had its effect; sign every attempt with a nonce of its own."
    "MissingSignature" 400 Inferred GENERAL;
        "The request is not signed."
        "Sign it; look for a proxy that drops the header Authorization."
    "InvalidTimeStamp.Expired" 400 Documented TABLE;
        "The time of the request is too far from the server's (15 minutes; newer pages say 31): the clock of this machine is wrong, or the request was delayed."
        "Set the clock by NTP; the time that is sent is in UTC."
    "InvalidTimeStamp.Format" 400 Documented TABLE;
        "The time of the request is not of the form 2026-01-02T03:04:05Z."
        "Send the time in UTC, with a final Z and without fractions of seconds."
    "IllegalTimestamp" 400 Reported PAGES;
        "The time of the request is missing, malformed, or too far from the server's (the older code for all three)."
        "Set the clock by NTP and send the time in UTC, as 2026-01-02T03:04:05Z."
    "InvalidApi.NotFound" 404 Documented TABLE;
        "The server knows no operation of this name in this version."
        "Check the spelling of operation and version, and whether the endpoint belongs to the product."
    "InvalidAction.NotFound" 404 Documented OLD_PAGES;
        "The server knows no operation of this name in this version; OOS pages print it with status 400, gateways answer 404."
        "Check the spelling of operation and version, and whether the endpoint belongs to the product."
    "InvalidAction" 400 Inferred GENERAL;
        "The operation is missing or not known."
        "Check the spelling of the operation."
    "InvalidVersion" 400 Documented OLD_PAGES;
        "The server does not know this version of the API."
        "OOS has one version, 2019-06-01; look up the version of other products."
    "InvalidProduct.NotFound" 404 Inferred GENERAL;
        "The endpoint serves another product, or the product is not open in this region."
        "Check the endpoint: OOS is at oos.<region>.aliyuncs.com."
    "InvalidRegionId" 400 Inferred GENERAL;
        "The region id is not known, or the product is not there."
        "Write the region as in cn-hangzhou; DescribeRegions lists those of OOS."
    "UnsupportedHTTPMethod" 400 Documented TABLE;
        "The operation is not open for this HTTP method; statuses 403 and 405 are seen too."
        "Use POST; GetServiceSettings alone wants GET."
    "UnsupportedProtocol" 400 Inferred GENERAL;
        "The operation is not open over plain HTTP."
        "Use https in the endpoint."
    "MissingParameter" 400 Documented PAGES;
        "A parameter that the operation can not do without is absent."
        "Send the parameter that the message names."
    "InvalidParameter" 400 Documented "API metadata of ListResourceExecutionStatus";
        "The value of a parameter is not allowed."
        "Mend the parameter that the message names; JSON parameters want one JSON text."
    "InvalidParameter.IsNull" 400 Documented PAGES;
        "The value of a parameter that must be set is empty."
        "Give the parameter that the message names a value."
    "InvalidParameter.Format" 400 Documented TABLE;
        "The parameter Format is neither JSON nor XML."
        "Leave Format out, or send JSON."
    "InvalidParameterValue" 400 Inferred GENERAL;
        "The value of a parameter is not allowed."
        "Mend the parameter that the message names."
    "IdempotentParameterMismatch" 400 Documented PAGES;
        "The ClientToken was used before, with other parameters."
        "Use a new token for a new call, or exactly the same parameters for a repeated one."
    "Throttling" 400 Documented TABLE;
        "There were too many requests in a short time; statuses 429 and 503 are seen too."
        "Slow down: wait as long as x-acs-retry-after says, then repeat; poll less often."
    "Throttling.User" 400 Documented TABLE;
        "The account made too many requests in a short time, all programs together."
        "Slow down: wait as long as x-acs-retry-after says, then repeat; ask for a higher quota if it lasts."
    "Throttling.Api" 400 Documented TABLE;
        "There were too many calls of this operation in a short time."
        "Slow down: wait as long as x-acs-retry-after says, then repeat; poll less often."
    "InternalError" 500 Documented TABLE;
        "The server failed. Nobody knows whether the call had its effect."
        "Look whether it had; repeat it with the same ClientToken. If it lasts, quote the request id to support."
    "ServiceUnavailable" 503 Documented TABLE;
        "The server is down or too busy for the moment."
        "Repeat the call a little later, with the same ClientToken if it changes something."
    "ServiceUnavailableTemporary" 503 Inferred GENERAL;
        "The server is down or too busy for the moment."
        "Repeat the call a little later, with the same ClientToken if it changes something."
    "LastTokenProcessing" 400 Inferred GENERAL;
        "A call with the same ClientToken is still being carried out."
        "Wait a few seconds, then repeat it with the same token and the same parameters."
    "UnsupportedOperation" 400 Inferred GENERAL;
        "The thing that the call is about does not allow the operation in its present state."
        "Look at its state, then call again when the message's condition holds."
    "NotSupportedEndpoint" 400 Inferred GENERAL;
        "The endpoint does not serve this product or region."
        "Check the endpoint: OOS is at oos.<region>.aliyuncs.com."
}
