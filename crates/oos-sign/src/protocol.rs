//! The parameters that belong to every call.

/// The parameters by which a call is signed, named and answered: no operation has parameters of
/// its own of these names. Under ACS3 all but `Format` stand in headers instead (SDK package
/// `alibabacloud-tea-openapi` 0.4).
pub const PROTOCOL_PARAMETERS: [&str; 12] = [
    "AccessKeyId",
    "Action",
    "BearerToken",
    "Format",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
];
