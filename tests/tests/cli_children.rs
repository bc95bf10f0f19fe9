//! `oos try` with templates that run other templates, as a process.

#![expect(unreachable_pub, reason = "the shared module serves other targets too")]

mod cli_program;

use cli_program::oos;
use std::fs;
use std::path::{Path, PathBuf};

const OUTER: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: stop
  Action: ACS::ECS::StopInstance
  Properties: { instanceId: i-1, password: open-sesame }
  Outputs: { status: { Type: String, ValueSelector: .status } }
Outputs:
  status: { Type: String, Value: '{{ stop.status }}' }
";

const PRODUCT: &str = "
FormatVersion: OOS-2019-06-01
Parameters:
  instanceId: { Type: String }
  password: { Type: String, NoEcho: true }
Tasks:
- Name: call
  Action: ACS::ExecuteAPI
  Properties:
    Service: ECS
    API: StopInstance
    Parameters: { InstanceId: '{{ instanceId }}', Password: '{{ password }}' }
- { Name: settle, Action: 'ACS::Sleep', Properties: { Duration: 1H } }
Outputs:
  status: { Type: String, Value: 'stopped {{ instanceId }}' }
";

const MOCK: &str = "
mocks: [ { service: ECS, api: StopInstance, answers: [ { body: {} } ] } ]
templates: [ children/ ]
";

/// A folder with the template, its mock file and its product action; gone at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli_children_{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("children")).expect("it can be made");
        let write = |file: &str, text: &str| {
            fs::write(folder.join(file), text).expect("it can be written");
        };
        write("outer.yml", OUTER);
        write("calls.yml", MOCK);
        write("no-folder.yml", "mocks: []\ntemplates: [ nowhere ]\n");
        write("children/ACS-ECS-StopInstance.yml", PRODUCT);
        Self(folder)
    }

    fn path(&self, file: &str) -> String {
        self.0.join(file).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_tree_goes_on_in_the_children() {
    let folder = Folder::new("tree");
    let run = oos(
        &[
            "try",
            &folder.path("outer.yml"),
            "--mock",
            &folder.path("calls.yml"),
        ],
        &[],
    );
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    for part in [
        "└── stop  ACS::ECS::StopInstance  Success  1 h",
        ".t0001.0001  Success  1 h",
        "├── call    ACS::ExecuteAPI  Success",
        "StopInstance {\"InstanceId\":\"i-1\",\"Password\":\"******\"}\n",
        "└── settle  ACS::Sleep       Success  1 h",
        "output   status: stopped i-1\n",
    ] {
        assert!(run.out.contains(part), "{part} in\n{}", run.out);
    }
    assert!(!run.out.contains("open-sesame"), "{}", run.out);
}

#[test]
fn folders_are_named_on_the_command_line_as_well() {
    let folder = Folder::new("named");
    let (outer, calls) = (folder.path("outer.yml"), folder.path("calls.yml"));
    let other = folder.path("other");
    fs::create_dir(&other).expect("it can be made");
    let product = PRODUCT.replace("stopped", "halted");
    fs::write(
        Path::new(&other).join("ACS::ECS::StopInstance.yml"),
        product,
    )
    .expect("it can be written");
    let run = oos(
        &[
            "try",
            &outer,
            "--mock",
            &calls,
            "--templates",
            &other,
            "--output",
            "json",
        ],
        &[],
    );
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    let found = run.document();
    assert_eq!(found["execution"]["outputs"]["status"], "halted i-1");
    let child = &found["execution"]["tasks"][0]["child"];
    assert_eq!(child["outputs"]["status"], "halted i-1");
    assert_eq!(child["tasks"][1]["name"], "settle");
}

#[test]
fn what_is_missing_is_told() {
    let folder = Folder::new("missing");
    let outer = folder.path("outer.yml");
    let run = oos(&["try", &outer], &[]);
    assert_eq!(run.code, 1, "{run:?}");
    let told = "put a file `ACS-ECS-StopInstance.yml` into the templates folder";
    assert!(run.out.contains(told), "{}", run.out);

    let run = oos(
        &["try", &outer, "--mock", &folder.path("no-folder.yml")],
        &[],
    );
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
    assert!(run.err.contains("nowhere can not be read"), "{}", run.err);
}
