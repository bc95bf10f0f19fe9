//! `ValidateTemplateContent`: checks a text and shows its parts.

use super::Handle;
use crate::fault::Fault;
use crate::shared::Call;
use crate::templates::mistakes;
use oos_model::operations::{ValidateTemplateContent, ValidateTemplateContentOutput};
use oos_model::shapes::TemplateTask;
use oos_template::document::{self, Limits, Node};
use oos_template::{Diagnostics, Value};

impl Handle for ValidateTemplateContent {
    async fn handle(self, call: &Call<'_>) -> Result<ValidateTemplateContentOutput, Fault> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let content = match (given(self.content), given(self.template_url)) {
            (Some(content), None) => content,
            (None, None) => return Err(Fault::missing("Content")),
            (None, Some(_)) => return Err(Fault::unsupported("TemplateURL, send Content")),
            (Some(_), Some(_)) => {
                let reason = "give only one of Content and TemplateURL";
                return Err(Fault::invalid("TemplateURL", reason));
            }
        };
        let checked = call.shared.parse(&content);
        checked.map_err(|found| mistakes("Content", &found))?;
        let read = document::read(&content, Limits::TEMPLATE);
        let root = read.map_err(|found| mistakes("Content", &Diagnostics::from(found)))?;
        Ok(parts(&root))
    }
}

/// The parts as they are written: nothing in them is evaluated.
fn parts(root: &Node) -> ValidateTemplateContentOutput {
    let text = |key: &str| {
        let value = root
            .get(key)
            .map(Node::to_value)
            .filter(|value| !value.is_null());
        Some(value.map_or_else(|| String::from("{}"), |value| value.to_json_string()))
    };
    let tasks = root
        .get("Tasks")
        .and_then(Node::as_list)
        .unwrap_or_default();
    ValidateTemplateContentOutput {
        outputs: text("Outputs"),
        parameters: text("Parameters"),
        ram_role: root.get("RamRole").map(|role| role.to_value().to_text()),
        tasks: Some(tasks.iter().map(task).collect()),
        ..ValidateTemplateContentOutput::default()
    }
}

fn task(node: &Node) -> TemplateTask {
    let plain = |key: &str| node.get(key).map(|part| part.to_value().to_text());
    let json = |key: &str| {
        node.get(key)
            .map(Node::to_value)
            .as_ref()
            .map(Value::to_json_string)
    };
    TemplateTask {
        description: plain("Description"),
        name: plain("Name"),
        outputs: json("Outputs"),
        properties: json("Properties"),
        type_: plain("Action"),
    }
}
