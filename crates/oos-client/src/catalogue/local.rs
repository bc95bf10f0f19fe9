//! Codes that only a local OOS answers, where nobody has published what the real one says.

use super::{CodeEntry, Sureness, codes};

const TABLE: &str = "the table of error codes of the local OOS";

codes! {
    "InvalidExecutionStatus" 400 LocalOnly TABLE;
        "The execution is in a state in which this can not be done; the real OOS refuses too, under a code that is not published."
        "Look at the status: TriggerExecution wants Waiting, NotifyExecution a waiting task, DeleteExecutions an ended execution."
    "RequestTooLarge" 413 LocalOnly TABLE;
        "The body of the request is larger than the local OOS takes."
        "Send less; a template has 64 KB at most."
    "RequestTargetTooLong" 414 LocalOnly TABLE;
        "The query of the request has more than 262,144 bytes."
        "Send the parameters in a form body."
    "RequestHeadersTooLarge" 431 LocalOnly TABLE;
        "The request has more than 100 headers, or they have more than 65,536 bytes."
        "Send fewer headers; look for a proxy that adds them."
    "RequestTimeout" 408 LocalOnly TABLE;
        "The request did not come whole in time."
        "Look for a stalled client or proxy, then call again."
    "MalformedRequest" 400 LocalOnly TABLE;
        "The request is no HTTP request that can be read without doubt."
        "Send one length, one Host and no line folding; look for a proxy between."
    "InvalidHost" 400 LocalOnly TABLE;
        "The Host header does not name the local OOS: a defence against web pages that call it."
        "Call it by the address that it printed, or allow the name when starting it."
    "UnsupportedFeature" 400 LocalOnly TABLE;
        "The real OOS does this, the local OOS does not."
        "Try it in the cloud; docs/coverage.md lists what the local OOS does."
    "NotImplemented" 501 LocalOnly TABLE;
        "The real OOS has this operation, the local OOS does not run it."
        "Call it in the cloud; docs/coverage.md lists the operations that the local OOS runs."
}
