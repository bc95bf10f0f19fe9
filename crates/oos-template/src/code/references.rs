//! `OOS140` to `OOS149`: what stands between `{{` and `}}`.

use super::rules;

rules! {
UNDECLARED = "OOS140", "a reference to something that is not declared";
"A reference must name a declared parameter, or an output that a task declares under Outputs or under \
Loop.Outputs. An output that is not declared cannot be used, even if the answer of the API holds it.";
bad: "\
FormatVersion: OOS-2019-06-01
Parameters:
  instanceId: { Type: String }
Tasks:
- Name: stop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: StopInstance, Parameters: { InstanceId: '{{ instanceIds }}' } }
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  instanceId: { Type: String }
Tasks:
- Name: stop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: StopInstance, Parameters: { InstanceId: '{{ instanceId }}' } }
";

SPELLING = "OOS141", "a name in another letter case than declared or documented";
"Names are found in any letter case. The template works, but is easier to search and to follow when every \
name is written as it is declared, and every function as it is documented.";
bad: "\
FormatVersion: OOS-2019-06-01
Parameters:
  instanceId: { Type: String }
Tasks:
- Name: stop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: StopInstance, Parameters: { InstanceId: '{{ InstanceID }}' } }
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  instanceId: { Type: String }
Tasks:
- Name: stop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: StopInstance, Parameters: { InstanceId: '{{ instanceId }}' } }
";

BAD_REFERENCE = "OOS142", "more than a name between the braces";
"Between {{ and }} stands one name: a parameter, task.output, ACS::Name, oos:name or oos-secret:name. \
What is more than that stays in the text as it is. To take a part of a value use Fn::Select or Fn::Jq.";
bad: "\
FormatVersion: OOS-2019-06-01
Parameters:
  instanceIds: { Type: List }
Tasks:
- Name: stop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: StopInstance, Parameters: { InstanceId: '{{ instanceIds[0] }}' } }
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  instanceIds: { Type: List }
Tasks:
- Name: stop
  Action: ACS::ExecuteAPI
  Properties:
    Service: ECS
    API: StopInstance
    Parameters: { InstanceId: { 'Fn::Select': ['0', '{{ instanceIds }}'] } }
";

PSEUDO = "OOS143", "a pseudo parameter without a value";
"The pseudo parameters are ACS::RegionId, ACS::AccountId, ACS::ExecutionId, ACS::TaskLoopItem, \
ACS::CurrentUTCTime, ACS::CurrentDate, ACS::ExecuteUser and ACS::OOSUtilVersion. ACS::TaskLoopItem has a \
value in a task with a Loop, and in the tasks of an ACS::Loop.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: describe
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DescribeInstances, Parameters: { RegionId: '{{ ACS::RegoinId }}' } }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: describe
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DescribeInstances, Parameters: { RegionId: '{{ ACS::RegionId }}' } }
";

TOO_EARLY = "OOS144", "an output of a task that cannot have run yet";
"The reference names an output of a task that no path of the flow leads through before it is used, so its \
value is always null. Move the task up, or jump back to this one after it.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: stop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: StopInstance, Parameters: { InstanceId: '{{ find.instanceId }}' } }
- Name: find
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DescribeInstances }
  Outputs:
    instanceId: { Type: String, ValueSelector: 'Instances.Instance[0].InstanceId' }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: find
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DescribeInstances }
  Outputs:
    instanceId: { Type: String, ValueSelector: 'Instances.Instance[0].InstanceId' }
- Name: stop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: StopInstance, Parameters: { InstanceId: '{{ find.instanceId }}' } }
";

MAY_BE_SKIPPED = "OOS145", "an output of a task that may have been skipped";
"The reference names an output of a task with a When. If it does not hold, the task is skipped and the \
value is null. Give this task a When too, or choose another value with Fn::If.";
bad: "\
FormatVersion: OOS-2019-06-01
Parameters:
  create: { Type: Boolean }
Tasks:
- Name: allocate
  Action: ACS::ExecuteAPI
  When: '{{ create }}'
  Properties: { Service: VPC, API: AllocateEipAddress }
  Outputs:
    id: { Type: String, ValueSelector: AllocationId }
- Name: describe
  Action: ACS::ExecuteAPI
  Properties: { Service: VPC, API: DescribeEipAddresses, Parameters: { AllocationId: '{{ allocate.id }}' } }
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  create: { Type: Boolean }
Tasks:
- Name: allocate
  Action: ACS::ExecuteAPI
  When: '{{ create }}'
  Properties: { Service: VPC, API: AllocateEipAddress }
  Outputs:
    id: { Type: String, ValueSelector: AllocationId }
- Name: describe
  Action: ACS::ExecuteAPI
  When: '{{ create }}'
  Properties: { Service: VPC, API: DescribeEipAddresses, Parameters: { AllocationId: '{{ allocate.id }}' } }
";
}
