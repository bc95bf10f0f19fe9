//! Known codes that resemble an unknown one.

use super::all;
use crate::resemblance;

/// At most this many suggestions.
const MOST: usize = 3;

/// Known codes that resemble this one, the nearest first, at most three; case does not count. Empty
/// if none is near: a third of the letters may differ, and the last part may be left out.
///
/// ```
/// use oos_client::catalogue::nearest;
///
/// assert_eq!(nearest("throttling.usr"), ["Throttling.User", "Throttling.Api", "Throttling"]);
/// assert!(nearest("Gadget").is_empty());
/// ```
#[must_use]
pub fn nearest(code: &str) -> Vec<&'static str> {
    resemblance::nearest(code, all().map(|entry| entry.code), MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_their_code() {
        let check = |slip: &str, expected: Option<&str>| {
            assert_eq!(nearest(slip).first().copied(), expected, "{slip}");
        };
        check("SignatureDoesNotMatch", Some("SignatureDoesNotMatch"));
        check("signaturedoesntmatch", Some("SignatureDoesNotMatch"));
        check(
            "EntityNotExist.Execution",
            Some("EntityNotExists.Execution"),
        );
        check("EntityNotFound.Template", Some("EntityNotExists.Template"));
        check("InvalidTimestamp.Expired", Some("InvalidTimeStamp.Expired"));
        check("NoPermision", Some("NoPermission"));
        check("", None);
        check("zzzzzzzz", None);
        check(&"x".repeat(1_000_000), None);
    }
}
