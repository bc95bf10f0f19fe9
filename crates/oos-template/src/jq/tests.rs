use super::{Selector, SelectorError};
use crate::Value;

fn run(program: &str, input: &str) -> Result<String, SelectorError> {
    let found = Selector::compile(program)?.run(&Value::from_json(input).unwrap())?;
    let texts: Vec<String> = found.iter().map(Value::to_json_string).collect();
    Ok(texts.join(" "))
}

fn check(program: &str, input: &str, expected: &str) {
    match run(program, input) {
        Ok(found) => assert_eq!(found, expected, "{program}"),
        Err(error) => panic!("{program}: {error} {:?}", error.detail()),
    }
}

const INSTANCES: &str = r#"{"Instances":{"Instance":[
    {"InstanceId":"i-1","Status":"Running","Tags":{"Tag":[{"TagKey":"k","TagValue":"v"}]}},
    {"InstanceId":"i-2","Status":"Stopped","Tags":{"Tag":[]}}]},"Code":null,"Size":1.10}"#;

#[test]
fn selectors_of_real_templates() {
    for (program, expected) in [
        ("Instances.Instance[].InstanceId", r#""i-1" "i-2""#),
        (".Instances.Instance[].InstanceId", r#""i-1" "i-2""#),
        (".Instances.Instance[0].Status", r#""Running""#),
        (".Instances.Instance | length", "2"),
        (
            ".Instances.Instance[] | select(.Status == \"Running\") | .InstanceId",
            r#""i-1""#,
        ),
        (
            ".Instances.Instance | map({id: .InstanceId, Status})[]",
            r#"{"id":"i-1","Status":"Running"} {"id":"i-2","Status":"Stopped"}"#,
        ),
        (
            "[.Instances.Instance[].InstanceId] | join(\",\")",
            r#""i-1,i-2""#,
        ),
        (
            ".Instances.Instance | group_by(.Status) | map(length)",
            "[1,1]",
        ),
        (
            "if .Code == null then \"CodeNotExists\" else if .Code == \"x\" then 1 else 2 end end",
            r#""CodeNotExists""#,
        ),
        (".Code | not", "true"),
        (".Code | tostring", r#""null""#),
        (".Size", "1.10"),
        (".Missing", "null"),
        (".Missing.Deeper", "null"),
        ("[.Instances.Instance[].Tags.Tag[]?.TagKey]", r#"["k"]"#),
        (".Instances.Instance[-1:][0].InstanceId", r#""i-2""#),
        ("del(.Instances, .Size) | .Code = 1", r#"{"Code":1}"#),
        (
            ".Instances.Instance | any(.[]; .Status == \"Stopped\")",
            "true",
        ),
        (".Instances.Instance | all(.Status == \"Stopped\")", "false"),
        (".Instances.Instance[0] as $x | $x.Status", r#""Running""#),
        ("[range(0; 10; 3)]", "[0,3,6,9]"),
        ("\"1.5\" | tonumber", "1.5"),
        ("7 / 2 | floor", "3"),
        ("6 / 2", "3"),
        ("[3,1,2] | sort | first", "1"),
        ("[1,1,2] | unique", "[1,2]"),
        ("\"{\\\"a\\\":[1]}\" | fromjson | .a", "[1]"),
        ("{a:1} + {b:2} | to_entries | map(.key)", r#"["a","b"]"#),
        ("[1,[2]] | flatten | add", "3"),
        ("\"a-b\" | split(\"-\")", r#"["a","b"]"#),
        ("\"abc\" | index(\"c\")", "2"),
        ("[\"a\",\"b\"] | contains([\"a\"])", "true"),
        ("\"x=\\(1 + 1)\"", r#""x=2""#),
        ("reduce (1,2,3) as $x (0; . + $x)", "6"),
        ("[1,2] - [2]", "[1]"),
        ("3 * 4 - 2", "10"),
        ("{a:3} | .a *= 2 | .a -= 1 | .a", "5"),
        ("\"ab\" * 2", r#""abab""#),
        (".. | numbers", "1.10"),
        ("\"hi\" | @base64", r#""aGk=""#),
        ("\"aGk=\" | @base64d", r#""hi""#),
        ("try error(\"x\") catch .", r#""x""#),
        ("\"v1\" as $v | {$v, \"k\": 1}", r#"{"v":"v1","k":1}"#),
        (". as {Code: $c, Size: $s} | [$c, $s]", "[null,1.10]"),
        ("first(.Instances.Instance[].InstanceId)", r#""i-1""#),
        ("limit(1; .Instances.Instance[].InstanceId)", r#""i-1""#),
        ("[paths] | length", "17"),
        ("label $out | 1, break $out, 2", "1"),
        ("length", "3"),
        ("keys", r#"["Code","Instances","Size"]"#),
        ("Size", "1.10"),
    ] {
        check(program, INSTANCES, expected);
    }
}

#[test]
fn patterns_know_look_ahead() {
    for (program, input, expected) in [
        (r#"test("^(?=.*[0-9])(?=.*[A-Z]).+$")"#, r#""Ab1""#, "true"),
        (r#"test("^(?=.*[0-9])(?=.*[A-Z]).+$")"#, r#""ab1""#, "false"),
        (r#"test("A"; "i")"#, r#""xa""#, "true"),
        (
            r#"[match("(?<y>b)."; "g") | .offset, .length, .string, .captures[0].name]"#,
            r#""äabcbd""#,
            r#"[2,2,"bc","y",4,2,"bd","y"]"#,
        ),
        (
            r#"capture("(?<a>\\d+)-(?<b>\\d+)")"#,
            r#""12-34""#,
            r#"{"a":"12","b":"34"}"#,
        ),
        (r#"[scan("\\d")]"#, r#""a1b2""#, r#"["1","2"]"#),
        (r#"sub("(?<x>\\d)"; "<\(.x)>")"#, r#""a1b2""#, r#""a<1>b2""#),
        (r#"gsub("\\d"; "")"#, r#""a1b2""#, r#""ab""#),
        (r#"split("\\s+"; null)"#, r#""a b""#, r#"["a","b"]"#),
    ] {
        check(program, input, expected);
    }
}

#[test]
fn what_reaches_out_or_has_no_bound_is_refused() {
    for program in [
        "env",
        "$ENV",
        "$ENV.PATH",
        "input",
        "inputs",
        "halt",
        "halt_error",
        "debug",
        "stderr",
        "now",
        "localtime",
        "repeat(.)",
        "last(repeat(1))",
        "recurse(.)",
        "recurse(.; true)",
        "until(false; .)",
        "while(true; .)",
        "def f: f; f",
        "1 | def f: 1; f",
        "import \"a\" as a; 1",
        "include \"a\"; 1",
        "combinations",
        "getpath([\"a\"]) = 1",
        "setpath([\"a\"]; 1)",
        "(reduce 1 as $x (.; .a)) |= 1",
        "del(reduce 1 as $x (.; .a))",
        "recurse |= 1",
        ". | oos__step",
        "oos__times(1; 2)",
        "$oos__operand",
        "@sh",
        "@uri \"x\"",
        ". | undefined_function",
        "$undefined",
        "f(1)",
        "error(1; 2; 3)",
        "input_line_number",
        "$__loc__",
        "splits(. | env)",
        "{a: env}",
        "{(env): 1}",
        ".[env]",
        ". as [$x, {a: $y}] | $ENV",
        "\"\\(env)\"",
        "try env",
        "if env then 1 end",
        "reduce env as $x (0; 1)",
        ". as {(env): $x} | 1",
    ] {
        let error = Selector::compile(program).map(|_| ()).expect_err(program);
        assert!(
            matches!(
                error,
                SelectorError::Refused { .. } | SelectorError::Syntax { .. }
            ),
            "{program}: {error:?}"
        );
    }
}

#[test]
fn hostile_programs_end_in_an_error() {
    for program in [
        "[range(1e12)]",
        "last(range(1e12))",
        "reduce range(1e12) as $x (0; .)",
        "first(range(1e12) | select(. < 0))",
        "[range(1e12)?]",
        "range(1e12) // 1 | select(. < 0)",
        "try last(range(1e12)) catch .",
        "[.[range(1e12)]?]",
        "\"a\" * 2e9",
        "\"a\" * 2000000000",
        "2000000000 * \"a\"",
        "\"a\" * 99999999999999999999999",
        "{a: \"a\"} | .a *= 2000000000",
        "reduce range(100) as $i (\"a\"; . + .)",
        "reduce range(100) as $i ([1]; . + .)",
        "reduce range(100) as $i (3; . * .)",
        "reduce range(100000) as $i (0; [.])",
        "reduce range(100000) as $i (0; {a: .})",
        "reduce range(300) as $i (0; [.])",
        "reduce range(70) as $i (0; [., .])",
        "[limit(1e12; range(1e12))]",
        "[range(1000) as $a | range(1000) as $b | range(1000) as $c | 1] | length",
        "[range(3000)] as $a | [range(3000)] | . - $a | [range(3000)] - $a",
        "[range(100000)] as $a | [range(100000) | select($a == $a)]",
        "[range(100000)] as $a | [range(100000) | $a | length] | length",
        "(\"a\" * 10000000) as $a | [range(100000) | $a | length] | length",
        "[range(100000)] as $a | [range(100000) | $a[1:]]",
        "[range(1000) | \"a\" * 16000000]",
        "foreach range(1e12) as $x (0; .; empty)",
        "[foreach range(1e12) as $x (0; .)]",
        "range(1e12) | empty",
        "isempty(range(1e12) | select(false))",
        "[range(20000)] | map([.]) | add | [range(20000)] - . | length | range(1e12)",
        "reduce range(1e9) as $i (.; .. |= [.])",
        "reduce range(1000) as $i (1; [[[[.]]]]) | tojson",
        "[range(500000) | tojson] | join(\"-\") | [scan(\"-\")] | length",
        "(\"a\" * 60) | test(\"^((a|aa)+)+\\\\2c$\")",
        "\"[\" * 100000 | fromjson",
        "label $f | range(1e12) | if . < 0 then break $f else empty end",
    ] {
        let input = Value::from_json("{\"a\":1}").unwrap();
        let budget = super::Budget::of(super::budget::UNITS / 10);
        let selector = Selector::compile(program).unwrap_or_else(|e| panic!("{program}: {e}"));
        let error = selector.run_within(&input, &budget).expect_err(program);
        assert!(
            !matches!(
                error,
                SelectorError::Syntax { .. } | SelectorError::Refused { .. }
            ),
            "{program}: {error:?}"
        );
    }
}

#[test]
fn hostile_texts_are_refused_before_the_parser_recurses() {
    for (part, end) in [
        ("(", ""),
        ("[", ""),
        ("{a:", ""),
        ("\"\\(", ""),
        ("-", "1"),
        ("try ", "1"),
        ("if ", "1"),
        ("1 as $x|", "1"),
        (".|", "."),
        (".,", "."),
        ("1+", "1"),
        ("reduce ", "1"),
        ("label $a|", "1"),
        ("def f: ", "1"),
        (".[", ""),
        ("not and ", "1"),
        (".a", ""),
        (".a?", ""),
        ("1//", "1"),
        ("{a:(", ""),
        ("if 1 then 1 elif ", "1"),
        ("..|", "1"),
        ("@json \"\\(", ""),
        ("[.a]", ""),
        (".a=", "1"),
        ("foreach ", "1"),
        (". as [", "1"),
        (". as {a:", "1"),
    ] {
        for count in [100, 500, 5000, 100_000] {
            let text = format!("{}{end}", part.repeat(count));
            if let Ok(selector) = Selector::compile(&text) {
                let _ = selector.run(&Value::Null);
            }
        }
        let text = format!("{}{end}", part.repeat(20_000));
        assert!(Selector::compile(&text).is_err(), "{part}");
    }
}

#[test]
fn deep_documents_are_refused() {
    let mut deep = Value::Null;
    for _ in 0..100_000 {
        deep = Value::List(vec![deep]);
    }
    let error = Selector::compile(".").unwrap().run(&deep).unwrap_err();
    assert!(matches!(error, SelectorError::TooLarge { .. }));
    // Dropping it would recurse, which is the test's problem only.
    std::mem::forget(deep);
}

#[test]
fn failures_keep_the_document_out_of_the_message() {
    let error = run(".a.b", "{\"a\":\"secret\"}").unwrap_err();
    assert!(!error.to_string().contains("secret"));
    assert!(error.detail().is_some());
}

#[test]
fn syntax_errors_have_a_place() {
    for (program, at) in [(".a[", 4), (". | | .", 5), ("ä(", 1), (".a )", 4)] {
        match Selector::compile(program) {
            Err(SelectorError::Syntax { at: found, .. }) => assert_eq!(found, at, "{program}"),
            other => panic!("{program}: {other:?}"),
        }
    }
}

#[test]
fn leading_dots() {
    for (text, expected) in [
        ("a.b", ".a.b"),
        ("Outputs[0].OutputValue", ".Outputs[0].OutputValue"),
        ("length", "length"),
        ("length.a", ".length.a"),
        ("env.PATH", ".env.PATH"),
        ("env", "env"),
        ("map(.a)", "map(.a)"),
        ("if . then 1 else 2 end", "if . then 1 else 2 end"),
        ("$x", "$x"),
        ("[.a]", "[.a]"),
        ("{a: .b}", "{a: .b}"),
        ("\"x\"", "\"x\""),
        ("-1", "-1"),
        ("1", "1"),
        (" invocationOutput ", ".invocationOutput"),
        ("", ""),
    ] {
        assert_eq!(super::guard::with_dot(text), expected, "{text}");
    }
}

#[test]
fn selectors_may_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Selector>();
    shared::<crate::Template>();
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "[a-z0-9.\\[\\](){}|,:;$\"\\\\ @?/*+=<>#-]{0,40}") {
        if let Ok(selector) = Selector::compile(&text) {
            let _ = selector.run(&Value::from_json("{\"a\":[1,{\"b\":\"c\"}]}").unwrap());
        }
    }
}
