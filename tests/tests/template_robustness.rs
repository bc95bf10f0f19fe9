//! Whatever stands in a text, reading it gives an error or a value: never a panic, never a hang.
//!
//! Fifty golden templates and the mock file of the examples are cut at every byte and hurt at every byte.
//! A run takes a tenth of this, chosen by the commit; `OOS_ROBUSTNESS=full` takes all, and
//! `OOS_ROBUSTNESS=<seed>` repeats the tenth that a failure names.

use std::env;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::Mutex;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use oos_engine::MockFile;
use oos_template::document::{self, Limits, Node};
use oos_template::{Map, Severity, Template, Value, Values, evaluate, inspect};
use oos_tests::golden;

const TEMPLATES: usize = 50;
/// Of templates; larger ones would take the time of several small ones and show no more.
const MAX_BYTES: usize = 1100;
/// A whole template, hurt in every place, takes seconds.
const HANG: Duration = Duration::from_mins(10);
const MOCKS: &str = include_str!("../../examples/restart-stopped-instance.mock.yml");

/// Put in the place of a byte. What is no UTF-8 afterwards is read as a file with foreign bytes would be.
const HURT: [&[u8]; 12] = [
    b"\"",
    b"'",
    b"{{",
    b"}",
    b":",
    b"\t",
    b"\0",
    b"\xff",
    b"[",
    b"\n",
    b"*a",
    b"\xc2\x85",
];

#[test]
fn cut_and_hurt_everywhere() {
    let part = Part::of_this_run();
    let mut jobs: Vec<(String, String, Reader)> = golden::cases("template")
        .into_iter()
        .map(|case| {
            let text = case.text_if_any("template.yml");
            (
                case.name.clone(),
                text.unwrap_or_else(|| case.text("template.json")),
            )
        })
        .filter(|(_, text)| text.len() <= MAX_BYTES && !inspect(text).has_errors())
        .map(|(name, text)| (name, text, read_template as Reader))
        .take(TEMPLATES)
        .collect();
    assert_eq!(jobs.len(), TEMPLATES, "too few small templates");
    jobs.push(("mock file".to_owned(), MOCKS.to_owned(), read_mocks));
    let problems = in_threads(jobs, part);
    assert!(
        problems.is_empty(),
        "OOS_ROBUSTNESS={}\n{problems}",
        part.seed
    );
}

type Reader = fn(&str);

/// Which of the cuts and hurts are tried.
#[derive(Clone, Copy)]
struct Part {
    seed: u64,
    of: u64,
}

impl Part {
    #[expect(
        clippy::disallowed_methods,
        reason = "how much a run tries is asked for from outside"
    )]
    fn of_this_run() -> Self {
        match env::var("OOS_ROBUSTNESS") {
            Ok(all) if all == "full" => Self { seed: 0, of: 1 },
            Ok(seed) => Self {
                seed: seed.parse().expect("OOS_ROBUSTNESS is full or a seed"),
                of: 10,
            },
            Err(_) => Self {
                seed: commit(),
                of: 10,
            },
        }
    }

    /// Spreads the numbers of the tries, so that each tenth is spread over the whole text.
    fn takes(self, nth: u64) -> bool {
        let mixed = (nth ^ self.seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32).is_multiple_of(self.of)
    }
}

/// The first digits of the commit; 0 outside of a repository.
fn commit() -> u64 {
    let head = Command::new("git")
        .args(["rev-parse", "HEAD"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    let text = head.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let digits = text
        .unwrap_or_default()
        .chars()
        .take(12)
        .collect::<String>();
    u64::from_str_radix(&digits, 16).unwrap_or(0)
}

/// Every worker tells what it has done; who tells nothing for long hangs.
fn in_threads(jobs: Vec<(String, String, Reader)>, part: Part) -> String {
    let count = jobs.len();
    let jobs = Mutex::new(jobs);
    let (tell, told) = channel();
    let workers = thread::available_parallelism().map_or(2, usize::from);
    let mut problems = String::new();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (jobs, tell) = (&jobs, tell.clone());
            scope.spawn(move || {
                while let Some((name, text, read)) = next(jobs) {
                    let problem = hurt(&text, read, part);
                    if tell.send((name, problem)).is_err() {
                        return;
                    }
                }
            });
        }
        for _ in 0..count {
            match told.recv_timeout(HANG) {
                Ok((name, Some(problem))) => {
                    let _ = writeln!(problems, "{name}: {problem}");
                }
                Ok((_, None)) => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("something hangs; seed {}", part.seed)
                }
            }
        }
    });
    problems
}

fn next<T>(jobs: &Mutex<Vec<T>>) -> Option<T> {
    jobs.lock().ok()?.pop()
}

/// The first try of a text that panics.
fn hurt(text: &str, read: Reader, part: Part) -> Option<String> {
    let bytes = text.as_bytes();
    let cuts = (0..bytes.len()).map(|end| bytes[..end].to_vec());
    let hurts = (0..bytes.len()).flat_map(|at| {
        HURT.iter()
            .map(move |put| [&bytes[..at], put, &bytes[at + 1..]].concat())
    });
    let all = (0_u64..).zip(cuts.chain(hurts));
    for (_, bytes) in all.filter(|(nth, _)| part.takes(*nth)) {
        let text = String::from_utf8_lossy(&bytes);
        if catch_unwind(AssertUnwindSafe(|| read(&text))).is_err() {
            return Some(text.into_owned());
        }
    }
    None
}

fn read_template(text: &str) {
    let inspection = inspect(text);
    if let Ok(template) = inspection.into_result() {
        run(&template);
    }
}

/// What is accepted is bound and evaluated too.
fn run(template: &Template) {
    let scope = Values::new()
        .with_pseudo("ACS::RegionId", "cn-hangzhou")
        .with_pseudo("ACS::TaskLoopItem", "i-1");
    let bound = template.bind_parameters(&Map::new(), &scope);
    let scope = scope.with_parameters(bound.unwrap_or_default());
    for task in &template.tasks {
        drop(evaluate(&task.properties, &scope));
        for output in task.outputs.values() {
            drop(output.select(&Value::Map(Map::new()), &scope));
        }
    }
    drop(template.evaluate_outputs(&scope));
}

fn read_mocks(text: &str) {
    drop(MockFile::parse(text));
}

/// Texts that attack the reader itself. The first finding is named.
#[test]
fn monsters() {
    let around = |inner: &str| {
        format!(
            "FormatVersion: OOS-2019-06-01\nDescription: {inner}\nTasks:\n- {{ Name: a, Action: ACS::Pause }}\n"
        )
    };
    let long = |part: &str, bytes: usize| part.repeat(bytes / part.len());
    for (what, text, expected) in [
        ("ten megabytes", long("a: b\n", 10 << 20), "OOS101"),
        ("ten megabytes of brackets", long("[", 10 << 20), "OOS101"),
        ("ten megabytes on a line", long("x", 10 << 20), "OOS101"),
        ("brackets", long("[", 60_000), "OOS102"),
        ("braces", long("{", 60_000), "OOS102"),
        ("braces with quotes", long("{\"a\":", 60_000), "OOS102"),
        ("nested maps", long("{a: ", 60_000), "OOS102"),
        ("nested lists", long("- ", 60_000), "OOS102"),
        ("nested keys", long("? ", 60_000), "OOS102"),
        ("aliases", alias_bomb(), "OOS102"),
        ("anchors", around(&(long("&a ", 30_000) + "x")), "OOS100"),
        (
            "a quote that does not close",
            around(&("\"".to_owned() + &long("x\n ", 60_000))),
            "OOS100",
        ),
        ("only colons", long(":", 60_000), "OOS100"),
        ("only blanks", long(" ", 60_000), "OOS110"),
        ("only line breaks", long("\n", 60_000), "OOS110"),
        ("only carriage returns", long("\r", 60_000), "OOS110"),
        ("stars", long("*", 60_000), "OOS100"),
        (
            "a directive",
            "%".to_owned() + &long("YAML ", 60_000),
            "OOS100",
        ),
        (
            "a key of 60 KB",
            around(&format!("{{ \"{}\": x }}", long("k", 60_000))),
            "none",
        ),
    ] {
        let found = inspect(&text).diagnostics;
        let first = found.iter().find(|found| found.severity == Severity::Error);
        let code = first.map_or("none", |found| found.code.as_str());
        assert_eq!(code, expected, "{what}: {first:?}");
    }
}

/// Large, but well-formed: read in the time that its size is worth.
#[test]
fn large_texts_are_read() {
    let task = |properties: &str| {
        format!(
            "FormatVersion: OOS-2019-06-01\nParameters: {{ p: {{ Type: String, Default: '' }} }}\nTasks:\n- {{ Name: a, Action: ACS::X::Y, Properties: {{ x: {properties} }} }}\n"
        )
    };
    let nested = |open: &str, close: &str, times: usize| {
        format!("{}'{{{{ p }}}}'{}", open.repeat(times), close.repeat(times))
    };
    let many =
        |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    for (what, text) in [
        ("digits", task(&"9".repeat(60_000))),
        ("references", task(&format!("'{}'", "{{ p }}".repeat(8_000)))),
        ("open braces", task(&format!("'{}'", "{{".repeat(30_000)))),
        ("unknown references", task(&format!("'{}'", "{{ q }}".repeat(8_000)))),
        ("functions", task(&nested("{ Fn::ListJoin: [", "] }", 60))),
        ("conditions", task(&nested("{ Fn::Not: ", " }", 120))),
        ("a long selector", task(&format!("{{ Fn::Jq: [First, '{}', '{{{{ p }}}}'] }}", ".|".repeat(7_000) + "."))),
        ("nested selector", task(&format!("{{ Fn::Jq: [First, '{}1{}', '{{{{ p }}}}'] }}", "(".repeat(7_000), ")".repeat(7_000)))),
        ("tasks", "FormatVersion: OOS-2019-06-01\nTasks:\n".to_owned()
            + &many(1_500, &|n| format!("- {{ Name: t{n}, Action: ACS::Pause }}\n"))),
        ("tasks of one name", "FormatVersion: OOS-2019-06-01\nTasks:\n".to_owned()
            + &many(1_500, &|_| "- { Name: t, Action: ACS::Pause }\n".to_owned())),
        ("jumps", "FormatVersion: OOS-2019-06-01\nTasks:\n".to_owned()
            + &many(900, &|n| format!("- {{ Name: t{n}, Action: ACS::Pause, OnError: t{}, OnSuccess: t{} }}\n", (n * 7) % 900, 899 - n))),
        ("parameters", "FormatVersion: OOS-2019-06-01\nTasks: [{ Name: a, Action: ACS::Pause }]\nParameters:\n".to_owned()
            + &many(1_500, &|n| format!("  p{n}: {{ Default: '{{{{ p{} }}}}' }}\n", n + 1))),
        ("conditions by name", "FormatVersion: OOS-2019-06-01\nTasks: [{ Name: a, Action: ACS::Pause }]\nConditions:\n".to_owned()
            + &many(1_500, &|n| format!("  c{n}: {{ Fn::Not: c{} }}\n", n + 1))),
        ("a pattern that backtracks", "FormatVersion: OOS-2019-06-01\nTasks: [{ Name: a, Action: ACS::Pause }]\nParameters:\n  p: { AllowedPattern: '^(a|a?)+(?!x)$', Default: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' }\n".to_owned()),
        ("a pattern that counts", "FormatVersion: OOS-2019-06-01\nTasks: [{ Name: a, Action: ACS::Pause }]\nParameters:\n  p: { AllowedPattern: '((\\w{1,100}){1,100}){1,100}', Default: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' }\n".to_owned()),
        ("nested patterns", format!("FormatVersion: OOS-2019-06-01\nTasks: [{{ Name: a, Action: ACS::Pause }}]\nParameters:\n  p: {{ AllowedPattern: '{}a{}' }}\n", "(".repeat(20_000), ")".repeat(20_000))),
    ] {
        assert!(text.len() <= 64 * 1024, "{what}: {}", text.len());
        let inspection = inspect(&text);
        assert!(inspection.diagnostics.len() <= 200, "{what}");
        if let Ok(template) = inspection.into_result() {
            run(&template);
        }
    }
}

fn alias_bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        let _ = writeln!(text, "a{level}: &a{level} [{below}]");
    }
    text
}

/// Files that are no templates may be larger.
#[test]
fn documents_keep_to_the_limits_they_are_given() {
    let text = "- { a: [1, 2], b: 'x' }\n".repeat(40_000);
    let limits = Limits::TEMPLATE.with_bytes(1 << 20).with_nodes(1_000_000);
    let node = document::read(&text, limits).expect("it is within the limits");
    assert_eq!(node.as_list().map(<[Node]>::len), Some(40_000));
    let few = document::read(&text, limits.with_nodes(1000));
    assert_eq!(few.expect_err("too many").code.as_str(), "OOS102");
}
