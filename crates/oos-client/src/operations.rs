//! The operations of templates and executions as methods of the client. Every other operation is
//! called by [`Client::call`].

use crate::{Call, Client};
use oos_model::JsonText;
use oos_model::enums::{NotifyType, TriggerType};
use oos_model::operations::{
    CancelExecution, CreateTemplate, DeleteExecutions, DeleteTemplate, GetExecutionTemplate,
    GetTemplate, ListExecutionLogs, ListExecutions, ListTaskExecutions, ListTemplateVersions,
    ListTemplates, NotifyExecution, StartExecution, TriggerExecution, UpdateExecution,
    UpdateTemplate, ValidateTemplateContent,
};

macro_rules! calls {
    ($($(#[$meta:meta])* fn $name:ident($($argument:ident: $type:ty),*) -> $operation:ident = $value:expr;)+) => {
        impl Client {$(
            $(#[$meta])*
            pub fn $name(&self, $($argument: $type),*) -> Call<$operation> {
                self.call($value)
            }
        )+}
    };
}

calls! {
    /// Sends a message to the event, alarm or timer trigger of a started execution; a message that
    /// matches makes a child execution. `content` is the message: one of
    /// [`messages`](oos_model::messages), any value, or JSON text.
    fn trigger_execution(execution_id: impl Into<String>, kind: TriggerType, content: impl Into<JsonText>)
        -> TriggerExecution = TriggerExecution::new(execution_id, kind, content);

    /// Starts an execution of a stored template; parameters and mode are set by [`Call::with`].
    fn start_execution(template_name: impl Into<String>)
        -> StartExecution = StartExecution::new().with_template_name(template_name);

    /// Lists executions, newest first; filters are set by [`Call::with`].
    fn list_executions() -> ListExecutions = ListExecutions::new();

    /// Lists the tasks of an execution and how they went.
    fn list_task_executions(execution_id: impl Into<String>)
        -> ListTaskExecutions = ListTaskExecutions::new().with_execution_id(execution_id);

    /// Lists what an execution logged.
    fn list_execution_logs(execution_id: impl Into<String>)
        -> ListExecutionLogs = ListExecutionLogs::new(execution_id);

    /// Shows the template that an execution runs.
    fn get_execution_template(execution_id: impl Into<String>)
        -> GetExecutionTemplate = GetExecutionTemplate::new(execution_id);

    /// Cancels an execution.
    fn cancel_execution(execution_id: impl Into<String>)
        -> CancelExecution = CancelExecution::new(execution_id);

    /// Tells a waiting execution to go on: an approval, a choice, a task done by hand.
    fn notify_execution(execution_id: impl Into<String>, kind: NotifyType)
        -> NotifyExecution = NotifyExecution::new(execution_id, kind);

    /// Changes the parameters or tags of a running execution.
    fn update_execution(execution_id: impl Into<String>)
        -> UpdateExecution = UpdateExecution::new(execution_id);

    /// Deletes ended executions. `execution_ids` is a list of ids, or its JSON text.
    fn delete_executions(execution_ids: impl Into<JsonText>)
        -> DeleteExecutions = DeleteExecutions::new(execution_ids);

    /// Stores a template; `content` is its text, YAML or JSON.
    fn create_template(template_name: impl Into<String>, content: impl Into<String>)
        -> CreateTemplate = CreateTemplate::new(template_name, content);

    /// Stores a new version of a template.
    fn update_template(template_name: impl Into<String>, content: impl Into<String>)
        -> UpdateTemplate = UpdateTemplate::new(template_name, content);

    /// Shows a template and its text.
    fn get_template(template_name: impl Into<String>)
        -> GetTemplate = GetTemplate::new(template_name);

    /// Lists templates.
    fn list_templates() -> ListTemplates = ListTemplates::new();

    /// Lists the versions of a template.
    fn list_template_versions(template_name: impl Into<String>)
        -> ListTemplateVersions = ListTemplateVersions::new(template_name);

    /// Deletes a template and all its versions.
    fn delete_template(template_name: impl Into<String>)
        -> DeleteTemplate = DeleteTemplate::new(template_name);

    /// Checks the text of a template without storing it.
    fn validate_template_content(content: impl Into<String>)
        -> ValidateTemplateContent = ValidateTemplateContent::new().with_content(content);
}
