//! `oos check` as a whole process: a template of 40 KB, and a folder of 500. `cargo xtask bench check`.
//!
//! The program is the one of the release build: `cargo build --release -p oos-cli` comes first. Its
//! findings are thrown away, its exit code has to be 0.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const STARTS: usize = 100;
const TEMPLATES: usize = 500;

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let program = program()?;
    let folder = std::env::temp_dir().join(format!("oos-bench-check-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let large = folder.join("large.yml");
    std::fs::write(&large, template(40 * 1024))?;
    let many = folder.join("many");
    std::fs::create_dir_all(&many)?;
    for number in 0..TEMPLATES {
        std::fs::write(many.join(format!("t{number}.yml")), template(5 * 1024))?;
    }
    let one = |arguments: &[&Path]| median(STARTS, &program, "check", arguments);
    println!(
        "oos --version: {}",
        shown(&median(STARTS, &program, "--version", &[])?)
    );
    println!("a template of 40 KB: {}", shown(&one(&[&large])?));
    println!(
        "a template of 5 KB: {}",
        shown(&one(&[&many.join("t0.yml")])?)
    );
    println!(
        "500 templates of 5 KB: {}",
        shown(&median(10, &program, "check", &[&many])?)
    );
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

fn program() -> Result<PathBuf, Failure> {
    if let Some(given) = std::env::var_os("OOS_PROGRAM") {
        return Ok(given.into());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR");
    let target = target.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"),
        PathBuf::from,
    );
    let program = target.join("release/oos");
    if program.exists() {
        return Ok(program);
    }
    Err(format!(
        "there is no {}: cargo build --release -p oos-cli first",
        program.display()
    )
    .into())
}

/// The least, the median and the most of so many runs.
fn median(
    runs: usize,
    program: &Path,
    command: &str,
    arguments: &[&Path],
) -> Result<[Duration; 3], Failure> {
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let begin = Instant::now();
        let mut command_line = Command::new(program);
        let status = command_line
            .arg(command)
            .args(arguments)
            .stdout(Stdio::null())
            .status()?;
        times.push(begin.elapsed());
        if !status.success() {
            return Err(format!("{command} ended with {status}").into());
        }
    }
    times.sort_unstable();
    Ok([times[0], times[runs / 2], times[runs - 1]])
}

fn shown([least, median, most]: &[Duration; 3]) -> String {
    let millis = |time: &Duration| time.as_secs_f64() * 1e3;
    format!(
        "{:.2} ms (from {:.2} to {:.2})",
        millis(median),
        millis(least),
        millis(most)
    )
}

/// A template like those of the cloud, of about so many bytes: calls with outputs and selectors, waits,
/// conditions, loops, descriptions in two languages.
fn template(bytes: usize) -> String {
    let mut text = String::from(HEAD);
    let mut number = 0;
    while text.len() < bytes {
        let _ = write!(
            text,
            r#"- Name: describe{number}
  Action: ACS::ExecuteAPI
  Description: {{ en: Finds the instances, zh-cn: 查询实例 }}
  When: {{ 'Fn::Not': {{ 'Fn::Equals': ['{{{{ regionId }}}}', ''] }} }}
  Properties:
    Service: ECS
    API: DescribeInstances
    Parameters: {{ RegionId: '{{{{ regionId }}}}', InstanceIds: ['{{{{ instanceId }}}}'], Tags: {{ 'Fn::Jq': [First, '.Tags', '{{{{ tags }}}}'] }} }}
  Outputs:
    ids: {{ Type: List, ValueSelector: 'Instances.Instance[].InstanceId' }}
    state: {{ Type: String, ValueSelector: '.Instances.Instance[] | select(.Status == "Running") | .Status' }}
- Name: start{number}
  Action: ACS::ECS::StartInstance
  Properties: {{ regionId: '{{{{ regionId }}}}', instanceId: '{{{{ ACS::TaskLoopItem }}}}' }}
  Loop: {{ Items: '{{{{ describe{number}.ids }}}}', RateControl: {{ Mode: Concurrency, Concurrency: 10, MaxErrors: '10%' }} }}
- Name: wait{number}
  Action: ACS::WaitFor
  Properties:
    Service: ECS
    API: DescribeInstances
    Parameters: {{ InstanceIds: '{{{{ describe{number}.ids }}}}' }}
    PropertySelector: 'Instances.Instance[].Status'
    DesiredValues: [Running]
  Retries: 20
  DelayType: Linear
"#
        );
        number += 1;
    }
    text
}

const HEAD: &str = "\
FormatVersion: OOS-2019-06-01
Description: { en: Starts instances, zh-cn: 启动实例 }
Parameters:
  regionId: { Type: String, Default: '{{ ACS::RegionId }}', AssociationProperty: RegionId }
  instanceId: { Type: String, AllowedPattern: '^i-[a-z0-9]+$' }
  tags: { Type: Json, Default: {} }
  OOSAssumeRole: { Type: String, Default: OOSServiceRole }
RamRole: '{{ OOSAssumeRole }}'
Tasks:
";
