//! A duration; what is accepted is within the documented bounds.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(duration) = oos_template::duration::parse(text) {
        assert!(duration >= Duration::from_secs(1), "{text:?}: {duration:?}");
    }
});
