//! `OOS2xx`: templates that run templates, calls that can not be undone, roles.

use super::rules;

rules! {
CHILD_NOT_FOUND = "OOS201", "a template that is not in the templates folder";
"The task runs a template by a name that no file of the templates folder has. That is fine if the template \
is stored in the service; it just can not be checked. A file's name without its extension is the name of \
its template.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: restrat }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: restart }
";
+ child: "restart", "\
FormatVersion: OOS-2019-06-01
Tasks: [ { Name: wait, Action: ACS::Sleep, Properties: { Duration: 1S } } ]
";

CHILD_PARAMETER_MISSING = "OOS202", "a parameter that the template which is run requires";
"The template that the task runs declares a parameter without a default, and the task does not give it. \
The child execution can not start. ACS::Template gives parameters under Parameters, a product action as \
its properties.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: restart }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: restart, Parameters: { instanceId: i-1 } }
";
+ child: "restart", "\
FormatVersion: OOS-2019-06-01
Parameters: { instanceId: { Type: String } }
Tasks: [ { Name: wait, Action: ACS::Sleep, Properties: { Duration: 1S } } ]
";

CHILD_PARAMETER_UNKNOWN = "OOS203", "a parameter that the template which is run does not declare";
"The task gives a parameter that the template it runs does not declare. Perhaps it is misspelt, or the \
template has changed.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::ECS::Restart
  Properties: { instanceId: i-1, force: true }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::ECS::Restart
  Properties: { instanceId: i-1 }
";
+ child: "ACS-ECS-Restart", "\
FormatVersion: OOS-2019-06-01
Parameters: { instanceId: { Type: String } }
Tasks: [ { Name: wait, Action: ACS::Sleep, Properties: { Duration: 1S } } ]
";

CHILD_OUTPUT = "OOS204", "an output that the template which is run does not have";
"A selector or a reference takes an output of the template that the task runs, and that template declares \
none of this name: the value is always empty.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: find }
Outputs:
  found: { Value: '{{ run.instanceIds }}' }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: find }
Outputs:
  found: { Value: '{{ run.instances }}' }
";
+ child: "find", "\
FormatVersion: OOS-2019-06-01
Tasks: [ { Name: wait, Action: ACS::Sleep, Properties: { Duration: 1S } } ]
Outputs: { instances: { Value: i-1 } }
";

CHILD_LAYERS = "OOS205", "templates embedded too deeply";
"Under the template that is started there may be three layers of templates, product actions among them. \
Put tasks of the deepest ones into the templates that run them.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: one
  Action: ACS::Template
  Properties:
    TemplateContent:
      FormatVersion: OOS-2019-06-01
      Tasks:
      - Name: two
        Action: ACS::Template
        Properties:
          TemplateContent:
            FormatVersion: OOS-2019-06-01
            Tasks:
            - { Name: three, Action: ACS::Template, Properties: { TemplateName: third } }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: one
  Action: ACS::Template
  Properties:
    TemplateContent:
      FormatVersion: OOS-2019-06-01
      Tasks:
      - { Name: two, Action: ACS::Template, Properties: { TemplateName: third } }
";
+ child: "third", "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: four
  Action: ACS::Template
  Properties:
    TemplateContent:
      FormatVersion: OOS-2019-06-01
      Tasks: [ { Name: wait, Action: ACS::Sleep, Properties: { Duration: 1S } } ]
";

CHILD_CYCLE = "OOS206", "templates that run each other in a circle";
"A template can not run itself, nor a template that runs it.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: this }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: other }
";
+ child: "other", "\
FormatVersion: OOS-2019-06-01
Tasks: [ { Name: wait, Action: ACS::Sleep, Properties: { Duration: 1S } } ]
";

CHILD_TRIGGER = "OOS207", "a trigger in a template that is run by another one";
"Only an execution that is started by somebody can wait on a trigger. Let the template with the trigger \
run the one without.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties:
    TemplateContent:
      FormatVersion: OOS-2019-06-01
      Tasks:
      - { Name: event, Action: ACS::EventTrigger, Properties: { Product: ECS, Name: ['Instance:StateChange'] } }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: react }
";
+ child: "react", "\
FormatVersion: OOS-2019-06-01
Tasks: [ { Name: wait, Action: ACS::Sleep, Properties: { Duration: 1S } } ]
";

CHILD_REFUSED = "OOS208", "a template that is run and has mistakes";
"The template that the task runs has mistakes of its own: the task would fail. The message tells the first \
of them; check that file for all.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: broken }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties:
    TemplateContent:
      FormatVersion: OOS-2019-06-01
      Tasks: [ { Name: wait, Action: ACS::Sleep, Properties: { Duration: 1S } } ]
";
+ child: "broken", "\
FormatVersion: OOS-2019-06-01
Tasks: [ { Name: wait, Action: ACS::Sleep, Properties: { Duration: soon } } ]
";

CHILD_PARAMETER_VALUE = "OOS209", "a value that the template which is run does not take";
"The value of the parameter is written out, and it does not fit the type or the constraints that the \
template which is run declares for it.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: scale, Parameters: { count: many } }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: scale, Parameters: { count: 3 } }
";
+ child: "scale", "\
FormatVersion: OOS-2019-06-01
Parameters: { count: { Type: Number, MaxValue: 10 } }
Tasks: [ { Name: wait, Action: ACS::Sleep, Properties: { Duration: 1S } } ]
";

RISKY_CALL = "OOS220", "a call that can not be undone";
"The name of the API says that it takes something away. Unless SafetyCheck is Skip, an execution waits \
before such a call until somebody confirms it. If the call is harmless in this template, say so with \
Risk: Normal. A hint: nothing has to be mended.";
bad: "\
FormatVersion: OOS-2019-06-01
RamRole: OOSServiceRole
Tasks:
- Name: drop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DeleteSnapshot, Parameters: { SnapshotId: s-1 } }
";
good: "\
FormatVersion: OOS-2019-06-01
RamRole: OOSServiceRole
Tasks:
- Name: drop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DeleteSnapshot, Risk: Normal, Parameters: { SnapshotId: s-1 } }
";

NO_RAM_ROLE = "OOS221", "a template that calls APIs and names no RamRole";
"Tasks call APIs with the permissions of a role. Without RamRole that is OOSServiceRole, whatever that may \
do in the account. Name a role, or a parameter that does: RamRole: '{{ OOSAssumeRole }}'. A hint: nothing \
has to be mended.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: look
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DescribeInstances }
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  OOSAssumeRole: { Type: String, Default: OOSServiceRole }
RamRole: '{{ OOSAssumeRole }}'
Tasks:
- Name: look
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DescribeInstances }
";
}
