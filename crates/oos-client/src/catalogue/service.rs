//! Codes of OOS itself.

use super::{CodeEntry, Sureness, codes};

const TERRAFORM: &str = "handled by the Terraform provider";
const PATTERN: &str = "by the pattern of the other EntityNotExists codes";

codes! {
    "EntityNotExists.Execution" 404 Documented "API metadata of ListResourceExecutionStatus";
        "There is no execution of this id in this region."
        "Check the id and the region; ListExecutions lists what is there. Executions are deleted after their retention."
    "EntityNotExists.Template" 404 Reported TERRAFORM;
        "There is no template of this name in this region."
        "Check name and region; ListTemplates lists what is there. Public templates are named ACS-…."
    "EntityNotExists.TemplateVersion" 404 Inferred PATTERN;
        "The template has no such version."
        "ListTemplateVersions lists the versions; without TemplateVersion the default one is taken."
    "EntityNotExists.Parameter" 404 Reported TERRAFORM;
        "There is no parameter, or no secret parameter, of this name in this region."
        "Check name and region; the same code serves parameters and secret parameters, which are listed apart."
    "EntityNotExists.Application" 404 Reported TERRAFORM;
        "There is no application of this name."
        "ListApplications lists what is there; applications live in cn-hangzhou."
    "EntityNotExists.ApplicationGroup" 404 Reported TERRAFORM;
        "The application has no group of this name."
        "ListApplicationGroups lists what is there; applications live in cn-hangzhou."
    "EntityNotExists.PatchBaseline" 404 Reported TERRAFORM;
        "There is no patch baseline of this name in this region."
        "ListPatchBaselines lists what is there."
    "EntityNotExists.StateConfiguration" 404 Inferred PATTERN;
        "There is no state configuration of this id in this region."
        "ListStateConfigurations lists what is there."
    "EntityNotExists.OpsItem" 404 Inferred PATTERN;
        "There is no ops item of this id in this region."
        "ListOpsItems lists what is there."
    "EntityNotExists.TaskExecution" 404 Inferred PATTERN;
        "The execution has no task execution of this id."
        "ListTaskExecutions lists the tasks of an execution; each turn of a loop has an id of its own."
    "EntityAlreadyExists.Template" 409 Inferred "by the pattern of the EntityNotExists codes";
        "There is a template of this name already."
        "Change it with UpdateTemplate, or choose another name."
    "EntityAlreadyExists.Parameter" 409 Inferred "by the pattern of the EntityNotExists codes";
        "There is a parameter of this name already."
        "Change it with UpdateParameter or UpdateSecretParameter, or choose another name."
    "EntityAlreadyExists.PatchBaseline" 409 Inferred "by the pattern of the EntityNotExists codes";
        "There is a patch baseline of this name already."
        "Change it with UpdatePatchBaseline, or choose another name."
    "DeleteConflict.Application" _ Reported TERRAFORM;
        "The application still has groups, or they are being deleted."
        "Delete its groups first; shortly after that, call again."
    "InvalidResourceId.NotFound" _ Reported "handled by the Terraform provider (ListTagResources)";
        "One of the resources in ResourceIds does not exist."
        "Check the ids, the ResourceType and the region."
    "QuotaExceeded" 400 Inferred "general behaviour of Alibaba Cloud products";
        "A quota of the account is used up: templates, parameters, executions at one time."
        "Delete what is no longer needed, or ask for a higher quota in the quota centre."
    "LimitExceeded" 400 Inferred "general behaviour of Alibaba Cloud products";
        "A limit of the account is reached."
        "Delete what is no longer needed, or ask for a higher quota in the quota centre."
    "InvalidTemplate" 400 Inferred "general knowledge; OOS has not published its code for bad templates";
        "The template is not accepted."
        "Check it with `oos check` or ValidateTemplateContent; the message names the first mistake."
    "InvalidTemplateContent" 400 Inferred "the rule Invalid<Name>";
        "The template text is not accepted."
        "Check it with `oos check` or ValidateTemplateContent; the message names the first mistake."
}
