//! Every case of `golden/wire`: what the official client sends and reads, sent and read by our model.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use oos_model::{Operation, Output, Params, for_each_operation, operations};
use serde::Deserialize;
use serde_json::Value;

/// One directory.
struct Case {
    folder: PathBuf,
    facts: Facts,
}

#[derive(Deserialize)]
struct Facts {
    operation: String,
    method: String,
    origin: String,
}

type Pairs = Vec<(String, String)>;

impl Case {
    fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/wire");
        let entries = fs::read_dir(root).expect("the golden directories of the wire");
        let folders = entries
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.is_dir());
        let mut cases: Vec<Self> = folders.map(Self::read).collect();
        cases.sort_by(|a, b| a.folder.cmp(&b.folder));
        cases
    }

    fn read(folder: PathBuf) -> Self {
        let text = fs::read_to_string(folder.join("case.json")).expect("case.json");
        let facts = serde_json::from_str(&text).expect("case.json");
        Self { folder, facts }
    }

    fn named(name: &str) -> Self {
        Self::read(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("golden/wire")
                .join(name),
        )
    }

    fn text(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(name)).ok()
    }

    fn json(&self, name: &str) -> Option<Value> {
        Some(serde_json::from_str(&self.text(name)?).expect(name))
    }

    fn sent(&self) -> Pairs {
        serde_json::from_value(self.json("request.json").expect("request.json")).expect("pairs")
    }
}

fn sorted_pairs<O: Operation>(call: &O) -> Pairs {
    let mut params = Params::new();
    call.to_params(&mut params);
    let mut pairs: Pairs = params
        .iter()
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect();
    pairs.sort();
    pairs
}

fn check<O: Operation + PartialEq>(case: &Case) {
    let name = case.folder.display();
    assert_eq!(case.facts.method, O::METHOD, "{name}");
    assert!(!case.facts.origin.is_empty(), "{name}");
    let query = case.text("request.query").expect("request.query");
    let params = Params::parse(query.trim_end()).expect("a query");
    let call = O::from_params(&params).unwrap_or_else(|error| panic!("{name}: {error}"));
    // What the model does not know would be missing here.
    assert_eq!(sorted_pairs(&call), case.sent(), "{name}");
    check_answer::<O::Output>(case);
}

fn check_answer<T: Output>(case: &Case) {
    let name = case.folder.display();
    let answer = case.text("answer.json").expect("answer.json");
    let expected = case
        .json("encoded.json")
        .or_else(|| case.json("answer.json"))
        .expect("an answer");
    let encoded = |text: &str| -> Value {
        let output = T::decode(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            output.request_id(),
            expected["RequestId"].as_str(),
            "{name}"
        );
        serde_json::from_slice(&output.encode()).expect("JSON")
    };
    assert_eq!(encoded(&answer), expected, "{name}");
    if let Some(loose) = case.text("loose.json") {
        assert_eq!(encoded(&loose), expected, "{name}, other forms");
    }
}

macro_rules! check_one {
    ($($operation:ident),+ $(,)?) => {
        fn check_case(case: &Case) {
            match case.facts.operation.as_str() {
                $(stringify!($operation) => check::<operations::$operation>(case),)+
                other => panic!("{}: no operation {other}", case.folder.display()),
            }
        }

        const NAMES: &[&str] = &[$(stringify!($operation)),+];
    };
}
for_each_operation!(check_one);

#[test]
fn every_case_of_the_official_client_is_sent_and_read_alike() {
    let cases = Case::all();
    cases.iter().for_each(check_case);
    let covered: BTreeSet<_> = cases
        .iter()
        .map(|case| case.facts.operation.as_str())
        .collect();
    assert_eq!(
        covered,
        NAMES.iter().copied().collect(),
        "every operation has a case"
    );
}

/// The calls of thirteen cases made with constructors and setters.
mod built {
    use std::collections::BTreeMap;

    use super::{Case, sorted_pairs};
    use oos_model::Operation;
    use oos_model::enums::{
        ExecutionDepth, ExecutionMode, ExecutionSortField, ExecutionStatus, LoopMode, NotifyType,
        SafetyCheck, ShareType, SortOrder, TemplateCategory, TemplateFormat, TemplateSortField,
        TemplateType, TriggerType,
    };
    use oos_model::operations::{
        CancelExecution, CreateTemplate, GetExecutionTemplate, GetTemplate, ListExecutionLogs,
        ListExecutions, ListTaskExecutions, ListTemplates, NotifyExecution, StartExecution,
        TriggerExecution, UpdateTemplate, ValidateTemplateContent,
    };

    const REGION: &str = "cn-hangzhou";
    const GROUP: &str = "rg-acfmxsn4m4******";
    const TEXT: &str = r#"{"a": "中 +&="}"#;
    const TIME: &str = "2019-05-16T10:26:14Z";

    fn tags() -> BTreeMap<String, String> {
        [("k1", "v 1"), ("k2", "\"中\"")]
            .map(|(key, value)| (key.into(), value.into()))
            .into()
    }

    fn check<O: Operation>(case: &str, call: &O) {
        assert_eq!(sorted_pairs(call), Case::named(case).sent(), "{case}");
    }

    #[test]
    fn templates() {
        let create = CreateTemplate::new("MyTemplate", TEXT).with_tags(tags());
        let create = create.with_region_id(REGION).with_resource_group_id(GROUP);
        check("create_template", &create.with_version_name("v2"));
        let update = UpdateTemplate::new("MyTemplate", TEXT).with_tags(tags());
        let update = update.with_region_id(REGION).with_resource_group_id(GROUP);
        check("update_template", &update.with_version_name("v2"));
        let get = GetTemplate::new("MyTemplate").with_template_version("v1");
        check("get_template", &get.with_region_id(REGION));
        let url = "http:/oos-template.cn-hangzhou.oss.aliyun-inc.com/oos-template.json";
        let validate = ValidateTemplateContent::new()
            .with_content(TEXT)
            .with_template_url(url);
        check(
            "validate_template_content",
            &validate.with_region_id(REGION),
        );
        let of_execution = GetExecutionTemplate::new("exec-046490ff88f242");
        check(
            "get_execution_template",
            &of_execution.with_region_id(REGION),
        );
    }

    #[test]
    fn list_of_templates() {
        let list = ListTemplates::new()
            .with_category(TemplateCategory::TimerTrigger)
            .with_created_by("ACS")
            .with_created_date_after(TIME)
            .with_created_date_before(TIME)
            .with_has_trigger(true)
            .with_is_example(false)
            .with_is_favorite(true)
            .with_max_results(50)
            .with_next_token("xxx")
            .with_region_id(REGION)
            .with_resource_group_id(GROUP)
            .with_share_type(ShareType::Private)
            .with_sort_field(TemplateSortField::Popularity)
            .with_sort_order(SortOrder::Descending)
            .with_tags(tags())
            .with_template_format(TemplateFormat::Yaml)
            .with_template_name("MyTemplate")
            .with_template_type(TemplateType::Unknown("private".to_owned()));
        check("list_templates", &list);
    }

    #[test]
    fn start_and_trigger() {
        let url = "http://oos-template.cn-hangzhou.oss.aliyun-inc.com/oos-test-template.json";
        let start = StartExecution::new()
            .with_client_token("123e56767-e89b-12d3-a456-426655440000")
            .with_description("test execution.")
            .with_loop_mode(LoopMode::Automatic)
            .with_mode(ExecutionMode::Automatic)
            .with_parameters(r#"{"Status":"Running"}"#)
            .with_parent_execution_id("exec-xxx")
            .with_region_id(REGION)
            .with_resource_group_id(GROUP)
            .with_safety_check(SafetyCheck::Skip)
            .with_tags(tags())
            .with_template_content(TEXT)
            .with_template_name("vmeixme")
            .with_template_url(url)
            .with_template_version("v1");
        check("start_execution", &start);
        let trigger = TriggerExecution::new("exec-sadw3f23rsad", TriggerType::Event, TEXT);
        let trigger = trigger
            .with_client_token("dswe2-3i0-029")
            .with_region_id(REGION);
        check("trigger_execution", &trigger);
    }

    #[test]
    fn notify_and_cancel() {
        let ids = r#"["exec-79c321c11003a97c","exec-79c321c11003aqw97cz"]"#;
        let notify = NotifyExecution::new("exec-xxx", NotifyType::Approve)
            .with_execution_status("Success")
            .with_loop_item("i-xxx")
            .with_notify_note("Note")
            .with_parameters(TEXT)
            .with_region_id(REGION)
            .with_task_execution_id("task-exec-xxx")
            .with_task_execution_ids(ids)
            .with_task_name("describeInstance");
        check("notify_execution", &notify);
        check(
            "cancel_execution",
            &CancelExecution::new("exec-xxx").with_region_id(REGION),
        );
    }

    #[test]
    fn list_of_executions() {
        let folder = "a RdFolderIds\n中+&=%".to_owned();
        let list = ListExecutions::new()
            .with_account_id("123456789")
            .with_categories("TimerTrigger")
            .with_category(TemplateCategory::Other)
            .with_depth(ExecutionDepth::RootDepth)
            .with_description("MyDescription")
            .with_end_date_after(TIME)
            .with_end_date_before(TIME)
            .with_executed_by("vme")
            .with_execution_id("exec-xxx")
            .with_include_child_execution(true)
            .with_max_results(50)
            .with_mode(ExecutionMode::Automatic)
            .with_next_token("MTRBMDc0NjAtRUJFNy00N0NBLTk3NTctMTJDQzQ")
            .with_parent_execution_id("exec-xxx")
            .with_ram_role("OOSServiceRole")
            .with_rd_folder_ids(vec![folder.clone(), folder])
            .with_region_id(REGION)
            .with_resource_group_id(GROUP)
            .with_resource_id("i-xxx")
            .with_resource_template_name("ACS-ECS-TEST")
            .with_sort_field(ExecutionSortField::StartDate)
            .with_sort_order(SortOrder::Ascending)
            .with_start_date_after(TIME)
            .with_start_date_before(TIME)
            .with_status(ExecutionStatus::Running)
            .with_tags(tags())
            .with_template_name("MyTemplate");
        check("list_executions", &list);
    }

    #[test]
    fn lists_of_one_execution() {
        let token = "MTRBMDc0NjAtRUJFNy00N0NBLTk3NTctMTJDQzQ3NjFENDdB";
        let tasks = ListTaskExecutions::new()
            .with_account_id("123456789")
            .with_end_date_after(TIME)
            .with_end_date_before(TIME)
            .with_execution_id("exec-xxx")
            .with_include_child_task_execution(false)
            .with_max_results(50)
            .with_next_token(token)
            .with_parent_task_execution_id("task-exec-xxx")
            .with_region_id(REGION)
            .with_sort_field(ExecutionSortField::StartDate)
            .with_sort_order(SortOrder::Ascending)
            .with_start_date_after(TIME)
            .with_start_date_before(TIME)
            .with_status(ExecutionStatus::Running)
            .with_task_action("ACS::Sleep")
            .with_task_execution_id("task-exec-xxx")
            .with_task_name("describeInstance");
        check("list_task_executions", &tasks);
        let logs = ListExecutionLogs::new("exec-xxx")
            .with_account_id("123456789")
            .with_log_type("System")
            .with_max_results(50)
            .with_next_token(token)
            .with_region_id(REGION)
            .with_task_execution_id("exec-1234567zxcvb.t0010");
        check("list_execution_logs", &logs);
    }
}
