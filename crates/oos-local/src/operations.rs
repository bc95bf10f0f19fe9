//! The operations: which of the 104 are run here, and how a call reaches its handler.

mod cancel_execution;
mod create_template;
mod generate_execution_policy;
mod get_execution_template;
mod get_template;
mod list_execution_logs;
mod list_execution_risky_tasks;
mod list_executions;
mod list_task_executions;
mod list_templates;
mod notify_execution;
mod start_execution;
mod trigger_execution;
mod update_template;
mod validate_template_content;

use crate::fault::{ACTION_NOT_FOUND, Fault, NO_EXECUTION, NOT_IMPLEMENTED};
use crate::shared::Call;
use oos_engine::Execution;
use oos_model::{Operation, Output, operations};
use oos_template::JsonError;

/// Carries out an operation. What is wrong with its parameters is found before anything changes.
pub(crate) trait Handle: Operation {
    /// The answer, without its request id.
    fn handle(self, call: &Call<'_>) -> impl Future<Output = Result<Self::Output, Fault>> + Send;
}

macro_rules! operations {
    (run: [$($run:ident,)*] not_yet: [$($not_yet:ident,)*]) => {
        /// Carries out the operation of this name, and gives the body of its answer.
        pub(crate) async fn run(operation: &str, call: &Call<'_>) -> Result<Vec<u8>, Fault> {
            match operation {
                // The future of a handler is boxed, so that a call pays for its own only.
                $(<operations::$run as Operation>::NAME => Box::pin(answer::<operations::$run>(call)).await,)*
                $(<operations::$not_yet as Operation>::NAME)|* => Err(not_implemented(operation)),
                _ => Err(Fault::of(ACTION_NOT_FOUND)),
            }
        }

        #[cfg(test)]
        const RUN: &[&str] = &[$(<operations::$run as Operation>::NAME),*];

        #[cfg(test)]
        const NOT_YET: &[&str] = &[$(<operations::$not_yet as Operation>::NAME),*];
    };
}

operations! {
    run: [
        CancelExecution, CreateTemplate, GenerateExecutionPolicy, GetExecutionTemplate, GetTemplate,
        ListExecutionLogs, ListExecutionRiskyTasks, ListExecutions, ListTaskExecutions, ListTemplates,
        NotifyExecution, StartExecution, TriggerExecution, UpdateTemplate,
        ValidateTemplateContent,
    ]
    not_yet: [
        AnalyzeGitRepository, ChangeResourceGroup, CheckGitRepoFileExists,
        CheckGitRepositoryExists, ContinueDeployApplicationGroup, CreateApplication,
        CreateApplicationGroup, CreateChatConfiguration, CreateDeployRevision,
        CreateGitRepository, CreateOpsItem, CreateParameter, CreatePatchBaseline,
        CreateSecretParameter, CreateStateConfiguration, DeleteApplication,
        DeleteApplicationGroup, DeleteChatConfiguration, DeleteExecutions, DeleteOpsItems,
        DeleteParameter, DeletePatchBaseline, DeleteSecretParameter,
        DeleteStateConfigurations, DeleteTemplate, DeleteTemplates,
        DeployApplicationGroup, DescribeApplicationGroupBill, DescribeRegions,
        GenerateOpsItem, GetApplication, GetApplicationGroup,
        GetChatConfiguration, GetGitBranch, GetGitRepository, GetInventorySchema,
        GetOpsItem, GetParameter, GetParameters, GetParametersByPath, GetPatchBaseline,
        GetSecretParameter, GetSecretParameters, GetSecretParametersByPath,
        GetServiceSettings, GetTemplateParameterConstraints, ListActions,
        ListApplicationGroups, ListApplications, ListChatConfigurations,
        ListGitAccounts, ListGitBranches, ListGitOrganizations,
        ListGitRepositories, ListGitRepositoryContents, ListInstancePackageStates,
        ListInstancePatchStates, ListInstancePatches, ListInventoryEntries, ListOpsItems,
        ListParameterVersions, ListParameters, ListPatchBaselines,
        ListResourceExecutionStatus, ListSecretParameterVersions, ListSecretParameters,
        ListStateConfigurations, ListTagKeys, ListTagResources, ListTagValues,
        ListTaskExecutionInvocations, ListTemplateVersions, RegisterDefaultPatchBaseline,
        SearchInventory, SetServiceSettings, StartDebugExecution, TagResources,
        UntagResources, UpdateApplication, UpdateApplicationGroup,
        UpdateChatConfiguration, UpdateExecution, UpdateInstancePackageState,
        UpdateOpsItem, UpdateParameter, UpdatePatchBaseline, UpdateSecretParameter,
        UpdateStateConfiguration, UpdateTemplateAttributes,
    ]
}

async fn answer<O: Handle>(call: &Call<'_>) -> Result<Vec<u8>, Fault> {
    let operation = O::from_params(call.params)?;
    let mut output = operation.handle(call).await?;
    output.set_request_id(call.request_id.to_owned());
    Ok(output.encode())
}

fn not_implemented(operation: &str) -> Fault {
    let message =
        format!("This local OOS does not run {operation} yet; the OOS of the cloud does.");
    Fault::new(NOT_IMPLEMENTED, message)
}

/// The execution of this id.
async fn execution(call: &Call<'_>, id: &str) -> Result<Execution, Fault> {
    let found = call.shared.engine.execution(&call.tenant, id).await?;
    found.ok_or_else(|| Fault::of(NO_EXECUTION))
}

/// The fault of a parameter that is no JSON, with the place.
fn not_json(name: &str, error: &JsonError) -> Fault {
    let JsonError { at, message, .. } = error;
    let reason = format!(
        "it is no JSON: line {}, column {}: {message}",
        at.line, at.column
    );
    Fault::invalid(name, reason)
}

/// Several accounts under one roof (`AccountId`) exist in the cloud only.
fn check_account(call: &Call<'_>, account_id: Option<&str>) -> Result<(), Fault> {
    match account_id {
        None | Some("") => Ok(()),
        Some(account) if account == call.tenant.account => Ok(()),
        Some(_) => Err(Fault::unsupported("AccountId of another account")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_is_run_or_known() {
        let mut names = [RUN, NOT_YET].concat();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 104);
    }
}
