//! Laws that hold for every argument.

use proptest::prelude::*;

use super::{apply, call};
use crate::value::{Number, Value};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z\"\\\\é]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec(("[a-c]", inner), 0..3)
                .prop_map(|entries| Value::Map(entries.into_iter().collect())),
        ]
    })
}

fn list() -> impl Strategy<Value = Value> {
    prop::collection::vec(value(), 0..6).prop_map(Value::List)
}

fn text_of(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

proptest! {
    #[test]
    fn base64_goes_there_and_back(text in "\\PC{0,40}") {
        let coded = call("Fn::Base64Encode", &Value::from(text.as_str())).unwrap();
        prop_assert_eq!(call("Fn::Base64Decode", &coded).unwrap(), Value::from(text));
    }

    #[test]
    fn joining_undoes_splitting(text in "[ab,;]{0,20}", separator in "[,;]{1,2}") {
        let separator = Value::from(separator);
        let parts = apply("Fn::Split", vec![separator.clone(), Value::from(text.as_str())]);
        prop_assert_eq!(apply("Fn::Join", vec![separator, parts]), Value::from(text));
    }

    #[test]
    fn sets_obey_their_laws(a in list(), b in list()) {
        let both = || vec![a.clone(), b.clone()];
        let size = |value: &Value| value.as_list().expect("a list").len();
        let (union, common) = (apply("Fn::Union", both()), apply("Fn::Intersection", both()));
        let difference = apply("Fn::Difference", both());
        prop_assert_eq!(size(&union), size(&common) + size(&difference));
        prop_assert_eq!(apply("Fn::Union", vec![union.clone(), a.clone()]), union.clone());
        prop_assert_eq!(size(&apply("Fn::Intersection", vec![common.clone(), difference])), 0);
        let mirrored = apply("Fn::Union", vec![b.clone(), a.clone()]);
        prop_assert_eq!(size(&mirrored), size(&union));
    }

    #[test]
    fn equality_is_symmetric_and_reflexive(a in value(), b in value()) {
        prop_assert_eq!(apply("Fn::Equals", vec![a.clone(), a.clone()]), Value::from(true));
        let there = apply("Fn::Equals", vec![a.clone(), b.clone()]);
        prop_assert_eq!(there, apply("Fn::Equals", vec![b, a]));
    }

    #[test]
    fn de_morgan(a in any::<bool>(), b in any::<bool>()) {
        let not = |value: Value| call("Fn::Not", &value).unwrap();
        let (a, b) = (Value::from(a), Value::from(b));
        let left = not(apply("Fn::And", vec![a.clone(), b.clone()]));
        prop_assert_eq!(left, apply("Fn::Or", vec![not(a), not(b)]));
    }

    #[test]
    fn ranges_are_slices(items in prop::collection::vec(value(), 0..6), start in -8_i64..8, end in -8_i64..8) {
        let length = i64::try_from(items.len()).unwrap();
        let bound = |at: i64| if at < 0 { (at + length).max(0) } else { at.min(length) };
        let expected: Vec<Value> = (bound(start)..bound(end))
            .map(|at| items[usize::try_from(at).unwrap()].clone())
            .collect();
        let found = apply("Fn::RangeSelect", vec![start.into(), end.into(), Value::List(items)]);
        prop_assert_eq!(found, Value::List(expected));
    }

    #[test]
    fn merged_maps_hold_the_last_of_each_key(maps in prop::collection::vec(prop::collection::vec(("[a-d]", any::<i64>()), 0..4), 0..4)) {
        let pairs: Vec<(String, i64)> = maps.iter().flatten().cloned().collect();
        let given = maps.into_iter().map(|map| Value::Map(map.into_iter().map(|(k, v)| (k, v.into())).collect()));
        let merged = apply("Fn::MergeMap", given.collect());
        let expected: std::collections::HashMap<String, i64> = pairs.into_iter().collect();
        prop_assert_eq!(merged.as_map().unwrap().len(), expected.len());
        for (key, value) in expected {
            prop_assert_eq!(merged.get(&key), Some(&Value::from(value)));
        }
    }

    #[test]
    fn hours_add_up(hours in -100_000_i64..100_000, more in -100_000_i64..100_000) {
        let start = Value::from("2024-02-29T12:34:56Z");
        let add = |time: Value, hours: i64| apply("Fn::AddHour", vec![time, hours.into()]);
        prop_assert_eq!(add(add(start.clone(), hours), more), add(start, hours + more));
    }

    #[test]
    fn durations_between_times_of_day_lead_there(from in 0_u32..86_400, to in 0_u32..86_400) {
        let clock = |s: u32| Value::from(format!("{:02}:{:02}:{:02}Z", s / 3600, s / 60 % 60, s % 60));
        let between = text_of(&apply("Fn::DurationBetween", vec![clock(from), clock(to)]));
        let expected = (to + 86_400 - from) % 86_400;
        if let Ok(duration) = crate::duration::parse(&between) { prop_assert_eq!(duration.as_secs(), u64::from(expected)); } else { prop_assert_eq!((between.as_str(), expected), ("PT0S", 0)); }
    }

    #[test]
    fn integer_arithmetic_is_that_of_python(a in -1_000_i64..1_000, b in -50_i64..50, c in 0_i64..1_000) {
        prop_assume!(b != 0);
        let eval = |text: String| apply("Fn::Eval", vec![Value::from(text)]);
        let floor = a.div_euclid(b) - i64::from(b < 0 && a.rem_euclid(b) != 0);
        prop_assert_eq!(eval(format!("{a}//{b}")), Value::from(floor));
        prop_assert_eq!(eval(format!("{a}%{b}")), Value::from(a - b * floor));
        prop_assert_eq!(eval(format!("{a}*({b}+{c})-{c}")), Value::from(a * (b + c) - c));
        prop_assert_eq!(eval(format!("{a}/{b}*{b}")), Value::from(a));
        prop_assert_eq!(eval(format!("{a} < {c}")), Value::from(a < c));
    }

    #[test]
    fn decimal_sums_are_exact(numbers in prop::collection::vec((-9999_i64..9999, 0_u32..4), 1..6)) {
        let text = |(digits, scale): &(i64, u32)| {
            let unit = 10_u64.pow(*scale);
            let (sign, all) = (if *digits < 0 { "-" } else { "" }, digits.unsigned_abs());
            format!("{sign}{}.{:0>width$}", all / unit, all % unit, width = (*scale).max(1) as usize)
        };
        let texts: Vec<String> = numbers.iter().map(text).collect();
        let sum = apply("Fn::Sum", texts.iter().map(|t| Value::Number(Number::parse(t).unwrap())).collect());
        let evaluated = apply("Fn::Eval", vec![Value::from(texts.join(" + "))]);
        prop_assert_eq!(sum, evaluated);
    }

    #[test]
    fn arithmetic_does_not_panic(text in "[0-9.+*/%()<>=! -]{0,30}") {
        let _ = call("Fn::Eval", &Value::List(vec![Value::from(text)]));
    }

    #[test]
    fn escaped_texts_can_be_read_back(text in "[a-z\"`$\\\\\u{201c} ]{0,20}", shell in "powershell|bash") {
        let mark = if shell == "bash" { '\\' } else { '`' };
        let escaped = text_of(&apply("Fn::Escape", vec![Value::from(text.as_str()), Value::from(shell)]));
        let mut read = String::new();
        let mut characters = escaped.chars();
        while let Some(character) = characters.next() {
            prop_assert!(!matches!(character, '"' | '$'), "{}", escaped);
            read.extend(if character == mark { characters.next() } else { Some(character) });
        }
        prop_assert_eq!(read, text);
    }

    #[test]
    fn blocks_hold_exactly_their_addresses(address: u32, base: u32, length in 0_u32..=32) {
        use std::net::Ipv4Addr;
        let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
        let argument = vec![
            Value::from(Ipv4Addr::from(address).to_string()),
            Value::from(format!("{}/{length}", Ipv4Addr::from(base))),
        ];
        prop_assert_eq!(apply("Fn::IsIpInCIDR", argument), Value::from(address & mask == base & mask));
    }

    #[test]
    fn batches_cover_the_list(batches in 1_i64..20, items in 0_usize..30) {
        let list: Value = (0..items).map(|_| Value::Null).collect();
        let sizes = apply("Fn::CalculateBatch", vec![batches.into(), list]);
        let sizes: Vec<i64> = sizes.as_list().unwrap().iter().map(|n| n.as_number().unwrap().as_i64().unwrap()).collect();
        prop_assert_eq!(sizes.iter().sum::<i64>(), i64::try_from(items).unwrap());
        prop_assert!(sizes.iter().all(|size| *size >= 1 && sizes[0] - size <= 1));
    }
}
