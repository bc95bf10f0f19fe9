//! The catalogue of error codes and the table of the local OOS know the same codes.

use oos::catalogue::{self, Sureness};
use oos_local::{CodeOrigin, ERROR_CODES};

#[test]
fn every_code_of_the_local_oos_is_explained() {
    for row in ERROR_CODES {
        let code = row.name.replace("<Name>", "ExecutionId");
        let found = catalogue::lookup(&code);
        let found = found.unwrap_or_else(|| panic!("the catalogue does not know {code}"));
        assert_eq!(found.http_status(), Some(row.status), "{code}");
        if found.sureness() == Sureness::LocalOnly {
            assert_eq!(row.origin, CodeOrigin::Invented, "{code}");
        }
    }
}

#[test]
fn what_is_said_to_be_of_the_local_oos_is() {
    let local = catalogue::all().filter(|entry| entry.sureness == Sureness::LocalOnly);
    for entry in local {
        assert!(
            ERROR_CODES.iter().any(|row| row.name == entry.code),
            "{} is not in the table of the local OOS",
            entry.code
        );
    }
}

#[test]
fn a_slip_leads_to_its_code() {
    let count = catalogue::all().count();
    assert!(count >= 80, "the catalogue has {count} codes");
    for entry in catalogue::all() {
        let slip = &entry.code[..entry.code.len() - 1];
        assert!(
            catalogue::nearest(slip).contains(&entry.code),
            "{slip} does not lead to {}",
            entry.code
        );
    }
}
