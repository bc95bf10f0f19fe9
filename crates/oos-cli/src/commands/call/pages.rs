//! All pages of a list as one answer.

use crate::failure::Failure;
use oos::client::DynamicPages;
use serde_json::Value;

/// The first page with the lists of all pages, and without a token.
///
/// # Errors
/// [`Failure::Call`].
pub(super) async fn all(mut pages: DynamicPages) -> Result<Value, Failure> {
    let mut whole = Value::Null;
    while let Some(page) = pages.next_page().await? {
        append(&mut whole, page.output);
    }
    if let Value::Object(members) = &mut whole {
        members.remove("NextToken");
    }
    Ok(whole)
}

/// Lists grow; of everything else the first page's counts.
fn append(whole: &mut Value, page: Value) {
    match (whole, page) {
        (Value::Array(items), Value::Array(more)) => items.extend(more),
        (Value::Object(members), Value::Object(more)) => {
            for (name, value) in more {
                match members.get_mut(&name) {
                    Some(known) => append(known, value),
                    None => {
                        members.insert(name, value);
                    }
                }
            }
        }
        (whole @ Value::Null, page) => *whole = page,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_grow_and_the_rest_stays() {
        let mut whole = Value::Null;
        for page in [
            json!({"A": {"B": [1]}, "RequestId": "R-1", "Total": 3}),
            json!({"A": {"B": []}, "RequestId": "R-2", "C": [9]}),
            json!({"A": {"B": [2, 3]}, "RequestId": "R-3"}),
        ] {
            append(&mut whole, page);
        }
        let expected = json!({"A": {"B": [1, 2, 3]}, "RequestId": "R-1", "Total": 3, "C": [9]});
        assert_eq!(whole, expected);
    }
}
