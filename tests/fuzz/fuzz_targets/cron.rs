//! A schedule: an expression, and on a second line a time zone. Whatever is accepted fires later and later,
//! and is found in time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oos_template::schedule::{Schedule, Window};
use time::macros::datetime;

fuzz_target!(|text: &str| {
    let (expression, zone) = match text.split_once('\n') {
        Some((expression, zone)) => (expression, Some(zone)),
        None => (text, None),
    };
    for type_ in ["cron", "rate", "at"] {
        let Ok(schedule) = Schedule::parse(type_, expression, zone) else {
            continue;
        };
        let start = datetime!(2024-02-28 23:59:59.5 UTC);
        let window = Window::from(start);
        let mut now = start;
        for _ in 0..5 {
            let Some(next) = schedule.next_after(now, &window) else {
                break;
            };
            assert!(next > now, "{text:?}: {next} does not come after {now}");
            assert!(!schedule.never_fires(), "{text:?} fires at {next}");
            now = next;
        }
    }
});
