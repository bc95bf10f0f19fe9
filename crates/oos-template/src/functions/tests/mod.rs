//! The table's own examples, what each function refuses, and the laws that hold between them.

mod laws;

use super::{FunctionInfo, Shape, all, find};
use crate::diagnostic::{Position, Span};
use crate::expr::{EvalError, Expr, Values, evaluate};
use crate::value::{Map, Value};

const HERE: Span = Span::at(Position { line: 1, column: 1 });

fn json(text: &str) -> Value {
    Value::from_json(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// An expression of constants in which functions may stand.
fn expr(value: &Value) -> Expr {
    use crate::expr::ExprKind;
    let kind = match value {
        Value::List(items) => ExprKind::List(items.iter().map(expr).collect()),
        Value::Map(entries) => match entries.iter().next() {
            Some((name, argument)) if name.starts_with("Fn::") => {
                ExprKind::Function(find(name).expect("a function"), Box::new(expr(argument)))
            }
            _ => ExprKind::Map(entries.iter().map(|(k, v)| (k.clone(), expr(v))).collect()),
        },
        scalar => ExprKind::Literal(scalar.clone()),
    };
    Expr::new(kind, HERE)
}

fn call(name: &str, argument: &Value) -> Result<Value, EvalError> {
    let mut entries = Map::new();
    entries.insert(name.to_owned(), argument.clone());
    evaluate(&expr(&Value::Map(entries)), &Values::new())
}

fn check(name: &str, argument: &str, expected: &str) {
    match call(name, &json(argument)) {
        Ok(value) => assert_eq!(value.to_json_string(), expected, "{name} {argument}"),
        Err(error) => panic!("{name} {argument}: {error}"),
    }
}

fn refused(name: &str, argument: &str, message: &str) {
    let error = call(name, &json(argument)).expect_err(argument);
    assert!(
        error.to_string().contains(message),
        "{name} {argument}: {error}"
    );
}

fn apply(name: &str, argument: Vec<Value>) -> Value {
    call(name, &Value::List(argument)).expect("fitting arguments")
}

#[test]
fn the_table_is_sorted_and_its_examples_hold() {
    assert!(all().is_sorted_by(|a, b| a.name < b.name));
    assert_eq!(all().len(), 38);
    for function in all().iter().filter(|function| function.is_supported()) {
        check(
            function.name,
            function.example.argument,
            function.example.result,
        );
        let problems = function.check(&expr(&json(function.example.argument)));
        assert_eq!(problems, [], "{}", function.name);
    }
}

#[test]
fn what_is_known_but_not_supported_says_so() {
    let unsupported: Vec<&str> = all()
        .iter()
        .filter(|function| !function.is_supported())
        .map(|function| function.name)
        .collect();
    assert_eq!(
        unsupported,
        ["Fn::CalculateTimeByOpsWindow", "Fn::FindMatchedPackage"]
    );
    for name in unsupported {
        let error = call(name, &json("[1, 2]")).expect_err(name);
        assert!(matches!(error, EvalError::Unsupported { function, .. } if function == name));
    }
}

#[test]
fn names_ignore_letter_case() {
    for function in all() {
        assert_eq!(find(&function.name.to_lowercase()), Some(function));
        assert_eq!(find(&function.name.to_uppercase()), Some(function));
    }
    assert_eq!(find("Fn::Joi"), None);
}

#[test]
fn times() {
    for (argument, expected) in [
        (
            r#"["2024-02-28T23:30:00Z", 1]"#,
            r#""2024-02-29T00:30:00Z""#,
        ),
        (
            r#"["2024-01-01T00:00:00Z", -1]"#,
            r#""2023-12-31T23:00:00Z""#,
        ),
        (
            r#"["2024-01-01T00:00:00Z", 0.5]"#,
            r#""2024-01-01T00:30:00Z""#,
        ),
        (r#"["2024-01-01", "8760"]"#, r#""2024-12-31T00:00:00Z""#),
        (
            r#"["2024-01-01T00:00:00.000Z", {"Fn::Eval": ["-2*24"]}]"#,
            r#""2023-12-30T00:00:00Z""#,
        ),
    ] {
        check("Fn::AddHour", argument, expected);
    }
    for (argument, message) in [
        (r#"["now", 1]"#, "takes a UTC time"),
        (r#"["2024-01-01T00:00:00", 1]"#, "takes a UTC time"),
        (r#"["2024-01-01", "one"]"#, "takes a number of hours"),
        (r#"["2024-01-01", 1e9]"#, "leaves the years"),
        (r#"["2024-01-01", -1e300]"#, "leaves the years"),
        (r#"["2024-01-01"]"#, "takes 2 items, not 1"),
    ] {
        refused("Fn::AddHour", argument, message);
    }
    // 2024-03-01 is a Friday, the 61st day of the year.
    for (format, expected) in [
        ("%Y-%m-%dT%H:%MZ", "2024-03-01T09:05Z"),
        ("%Y-%m-%dT00:00Z", "2024-03-01T00:00Z"),
        ("%Y-%m-%dT%HZ", "2024-03-01T09Z"),
        ("%Y%m%d%H%M%S", "20240301090507"),
        ("%a %A %b %B %j %u %w", "Fri Friday Mar March 061 5 5"),
        ("%e|%y|%I %p|%f|%%", " 1|24|09 AM|000000|%"),
        ("%F %T %z %Z", "2024-03-01 09:05:07 +0000 UTC"),
        ("", ""),
        ("日期", "日期"),
    ] {
        let argument = vec![Value::from("2024-03-01T09:05:07Z"), Value::from(format)];
        assert_eq!(
            apply("Fn::FormatUTCTime", argument),
            Value::from(expected),
            "{format}"
        );
    }
    let midnight = vec![
        Value::from("2024-03-03T00:00:00Z"),
        Value::from("%I %p %w %u"),
    ];
    assert_eq!(
        apply("Fn::FormatUTCTime", midnight),
        Value::from("12 AM 0 7")
    );
    refused(
        "Fn::FormatUTCTime",
        r#"["2024-01-01", "%Y %q %U"]"#,
        "knows no %q, %U in a format",
    );
    refused(
        "Fn::FormatUTCTime",
        r#"["2024-01-01", "%Y %"]"#,
        "ends with a single %",
    );
    for (from, to, expected) in [
        ("09:00:00Z", "17:30:15Z", "PT8H30M15S"),
        ("23:59:59Z", "00:00:00Z", "PT1S"),
        ("09:00", "09:30Z", "PT30M"),
        ("09:00:00Z", "09:00:00Z", "PT0S"),
        ("2024-02-28T00:00:00Z", "2024-03-01T01:00:00Z", "PT49H"),
    ] {
        let argument = vec![Value::from(from), Value::from(to)];
        assert_eq!(
            apply("Fn::DurationBetween", argument),
            Value::from(expected),
            "{from} {to}"
        );
    }
    refused(
        "Fn::DurationBetween",
        r#"["2024-01-02", "2024-01-01"]"#,
        "not before the first",
    );
    refused(
        "Fn::DurationBetween",
        r#"["2024-01-02", "09:00:00Z"]"#,
        "not one of each",
    );
    refused(
        "Fn::DurationBetween",
        r#"["9", "10"]"#,
        "takes times such as",
    );
}

#[test]
fn arithmetic() {
    for (text, expected) in [
        ("1 + 2 * 3", "7"),
        ("(1+2)*3", "9"),
        ("-7*24", "-168"),
        ("--7*24", "168"),
        ("- -7", "7"),
        ("+5", "5"),
        ("0.1 + 0.2", "0.3"),
        ("1/3", "0.3333333333333333"),
        ("2/3", "0.6666666666666667"),
        ("-2/3", "-0.6666666666666667"),
        ("100/3", "33.33333333333333"),
        ("1/30000", "0.00003333333333333333"),
        ("1/3*3", "1"),
        ("3 - 1 - 1", "1"),
        ("8/2/2", "2"),
        ("1/8", "0.125"),
        ("10/4", "2.5"),
        ("6/2", "3"),
        ("7//2", "3"),
        ("-7//2", "-4"),
        ("7%3", "1"),
        ("-7%3", "2"),
        ("7%-3", "-2"),
        ("5.5%2", "1.5"),
        (".5+5.", "5.5"),
        ("007", "7"),
        (
            "99999999999999999999*99999999999",
            "9999999999899999999900000000001",
        ),
        ("19999999999999999/3*3", "19999999999999999"),
        ("29999999999999999999/30", "1000000000000000000"),
        ("1 < 2", "true"),
        ("2*3 == 6.0", "true"),
        ("1 != 1", "false"),
        ("1/3 < 0.34", "true"),
        ("3 >= 3", "true"),
        ("3 <= 2", "false"),
        ("3 > 2", "true"),
    ] {
        let found = call("Fn::Eval", &Value::List(vec![Value::from(text)]));
        match found {
            Ok(value) => assert_eq!(value.to_json_string(), expected, "{text}"),
            Err(error) => panic!("{text}: {error}"),
        }
    }
    for (text, message) in [
        ("", "goes on after its last character"),
        ("1 +", "goes on after its last character"),
        ("(1", "goes on after its last character"),
        ("1)", "cannot read ')' at character 2"),
        ("1 2", "cannot read '2' at character 3"),
        ("1 < 2 < 3", "cannot read '<' at character 7"),
        ("a", "cannot read 'a' at character 1"),
        ("__import__('os')", "cannot read '_' at character 1"),
        ("1e5", "cannot read 'e' at character 2"),
        ("1.2.3", "cannot read '1' at character 1"),
        ("2**3", "cannot read '*' at character 3"),
        ("ä", "cannot read 'ä' at character 1"),
        ("1/0", "cannot divide by zero"),
        ("1%(2-2)", "cannot divide by zero"),
        (
            "99999999999999999999*99999999999999999999",
            "whose digits fit 38 places",
        ),
        (
            "999999999999999999999999999999999999999999",
            "whose digits fit 38 places",
        ),
    ] {
        let argument = Value::List(vec![Value::from(text)]).to_json_string();
        refused("Fn::Eval", &argument, message);
    }
    for deep in [
        "(".repeat(5000),
        "-".repeat(100) + "1",
        "(".repeat(65) + "1" + &")".repeat(65),
    ] {
        let error = call("Fn::Eval", &Value::List(vec![Value::from(deep)])).unwrap_err();
        assert!(error.to_string().contains("at most"), "{error}");
    }
}

#[test]
fn addresses() {
    for (address, block, expected) in [
        ("10.1.2.3", "10.0.0.0/8", true),
        ("11.1.2.3", "10.0.0.0/8", false),
        ("10.1.2.3", "10.1.2.3/32", true),
        ("10.1.2.4", "10.1.2.3/32", false),
        ("10.1.2.3", "10.1.2.3", true),
        ("1.2.3.4", "0.0.0.0/0", true),
        ("192.168.1.130", "192.168.1.128/25", true),
        ("192.168.1.127", "192.168.1.128/25", false),
        ("192.168.1.1", "192.168.1.77/24", true),
        ("2001:db8::1", "2001:db8::/32", true),
        ("2001:db9::1", "2001:db8::/32", false),
        ("::1", "::/0", true),
        ("::1", "0.0.0.0/0", false),
        ("1.2.3.4", "::/0", false),
        ("10.0.0.0/8", "10.1.2.3", true),
    ] {
        let argument = vec![Value::from(address), Value::from(block)];
        assert_eq!(
            apply("Fn::IsIpInCIDR", argument),
            Value::from(expected),
            "{address} {block}"
        );
    }
    for (argument, message) in [
        (
            r#"["10.1.2", "10.0.0.0/8"]"#,
            "takes an IPv4 or IPv6 address",
        ),
        (r#"["10.1.2.3", "10.0.0.0/33"]"#, "takes a CIDR block"),
        (r#"["10.1.2.3", "10.0.0.0/-1"]"#, "takes a CIDR block"),
        (r#"["10.1.2.3", "10.0.0.0/+8"]"#, "takes a CIDR block"),
        (r#"["10.1.2.3", "10.0.0/8"]"#, "takes a CIDR block"),
        (
            r#"["10.1.2.3/8", "10.0.0.0/8"]"#,
            "takes an IPv4 or IPv6 address",
        ),
        (r#"["::1", "::/129"]"#, "takes a CIDR block"),
    ] {
        refused("Fn::IsIpInCIDR", argument, message);
    }
}

#[test]
fn escapes_and_batches() {
    for (text, shell, expected) in [
        ("plain", "powershell", "plain"),
        ("a`b\"c$d", "PowerShell", "a``b`\"c`$d"),
        ("\u{201c}x\u{201d}", "powershell", "`\u{201c}x`\u{201d}"),
        ("a\\b\"c$d`e", "bash", "a\\\\b\\\"c\\$d\\`e"),
        ("it's", "sh", "it's"),
    ] {
        let argument = vec![Value::from(text), Value::from(shell)];
        assert_eq!(
            apply("Fn::Escape", argument),
            Value::from(expected),
            "{text}"
        );
    }
    refused(
        "Fn::Escape",
        r#"["a", "cmd"]"#,
        "takes powershell or bash or sh",
    );
    let ten = "[1,2,3,4,5,6,7,8,9,10]";
    for (batches, list, expected) in [
        ("2", ten, "[5,5]"),
        ("\"3\"", ten, "[4,3,3]"),
        ("1", ten, "[10]"),
        ("99", "[1,2]", "[1,1]"),
        ("2", "[]", "[]"),
    ] {
        check(
            "Fn::CalculateBatch",
            &format!("[{batches},{list}]"),
            expected,
        );
    }
    refused("Fn::CalculateBatch", "[0, [1]]", "takes at least 1 batch");
    refused("Fn::CalculateBatch", "[1.5, [1]]", "takes a whole number");
}

#[test]
fn constant_arguments_are_checked_before_anything_runs() {
    for (name, argument, message) in [
        (
            "Fn::Join",
            r#"[",", 1]"#,
            "takes a list as its list, not this number",
        ),
        (
            "Fn::Join",
            r#"[["a"], ["b"]]"#,
            "takes a text as its separator, not this list",
        ),
        ("Fn::Join", r#"[","]"#, "takes 2 items, not 1"),
        ("Fn::Join", r#""text""#, "takes a list of 2 items"),
        (
            "Fn::Select",
            r#"["x", ["a"]]"#,
            "takes a whole number, not this string",
        ),
        (
            "Fn::RangeSelect",
            r#"["a", 1, []]"#,
            "takes a whole number as its start",
        ),
        (
            "Fn::Jq",
            r#"["Some", ".", 1]"#,
            "takes First or All as its mode",
        ),
        ("Fn::AddHour", r#"["soon", 1]"#, "takes a UTC time such as"),
        (
            "Fn::FormatUTCTime",
            r#"["2024-01-01", "%Q"]"#,
            "knows no %Q in a format",
        ),
        ("Fn::Eval", r#"["1+"]"#, "goes on after"),
        (
            "Fn::First",
            "7",
            "takes a list as its list, not this number",
        ),
        ("Fn::Base64Decode", r#""%%%""#, "takes Base64 text"),
        (
            "Fn::Replace",
            r#"["a", "b"]"#,
            "takes a map as its pairs, not this string",
        ),
        (
            "Fn::Split",
            r#"["", "b"]"#,
            "takes a separator of at least one character",
        ),
        ("Fn::If", "[true, 1]", "takes 3 items, not 2"),
        (
            "Fn::MergeMap",
            r#"[{"a": 1}, 2]"#,
            "takes a map, not a number",
        ),
    ] {
        let problems = find(name).expect(name).check(&expr(&json(argument)));
        assert_eq!(problems.len(), 1, "{name} {argument}: {problems:?}");
        assert!(
            problems[0].message.contains(message),
            "{name} {argument}: {problems:?}"
        );
    }
}

/// A function never panics, whatever it is given.
#[test]
#[rustfmt::skip]
fn no_argument_panics() {
    let odd = [
        "null",
        "true",
        "-1",
        "1e400",
        "0.5",
        r#""""#,
        r#""x""#,
        r#""[1]""#,
        r#""{\"a\":1}""#,
        "[]",
        "[null]",
        "{}",
        r#"{"a":[1]}"#,
        "[[1],[2]]",
        "9223372036854775808",
        "[{}]",
    ];
    let run = |function: &FunctionInfo, argument: &Value| {
        let _ = function.check(&expr(argument));
        let _ = call(function.name, argument);
    };
    for function in all() {
        for a in odd {
            run(function, &json(a));
            for b in odd {
                run(function, &json(&format!("[{a},{b}]")));
                for c in odd.iter().filter(|_| function.arity().1 == 3) {
                    run(function, &json(&format!("[{a},{b},{c}]")));
                }
            }
        }
    }
}

#[test]
fn shapes_in_words() {
    for (name, expected, arity) in [
        ("Fn::Sub", "[text: text, values: map?]", (1, 2)),
        ("Fn::Union", "[list: list, …]", (1, usize::MAX)),
        ("Fn::First", "list: list", (1, 1)),
        (
            "Fn::Jq",
            "[mode: First or All, program: text, input: any]",
            (3, 3),
        ),
    ] {
        let function = find(name).expect(name);
        assert_eq!(function.shape.to_string(), expected);
        assert_eq!(function.arity(), arity);
        assert_eq!(matches!(function.shape, Shape::One(_)), name == "Fn::First");
    }
}
