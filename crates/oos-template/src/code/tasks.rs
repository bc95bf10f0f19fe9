//! `OOS120` to `OOS130`: tasks and their flow.

use super::rules;

rules! {
TASK_NAME = "OOS120", "a name that no task can have";
"A task name is made of 1 to 200 letters, digits, _ and -.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait for it
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: waitForIt
  Action: ACS::Pause
";

DUPLICATE_NAME = "OOS121", "two names that references cannot tell apart";
"References find names in any letter case, so two tasks, or two parameters, must differ in more than that.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
- Name: Wait
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
- Name: waitAgain
  Action: ACS::Pause
";

UNKNOWN_ACTION = "OOS122", "an action that does not exist";
"The action must be one of the atom actions, such as ACS::ExecuteAPI, or a product action \
ACS::<Product>::<Name>, such as ACS::ECS::RunCommand. Letter case does not matter.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Paus
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
";

JUMP_TARGET = "OOS123", "a jump to a task that does not exist";
"OnError, OnSuccess, NextTask and DefaultTask take ACS::END, ACS::NEXT or the name of a task of this \
template, written out: a reference is not evaluated there.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
  OnError: cleanup
- Name: cleanUp-1
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
  OnError: cleanUp-1
- Name: cleanUp-1
  Action: ACS::Pause
";

OUTPUT_TYPE = "OOS124", "a type that no output can have";
"An output is of type String, Number, Boolean, List or Json (Array and Object are other names of the last \
two). Without a Type it is a String.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
Outputs:
  count: { Type: Integer, Value: 1 }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
Outputs:
  count: { Type: Number, Value: 1 }
";

SELECTOR = "OOS125", "a selector that is not jq";
"A value selector, and the program of Fn::Jq, must be a jq program; the dot at its start may be left out. \
What would define functions, read other inputs or the environment, or never end is refused.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: describe
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DescribeInstances }
  Outputs:
    id: { Type: String, ValueSelector: 'Instances.Instance[.InstanceId' }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: describe
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DescribeInstances }
  Outputs:
    id: { Type: String, ValueSelector: 'Instances.Instance[].InstanceId' }
";

UNREACHABLE = "OOS126", "a task that is never reached";
"No path of the flow leads to this task: the task before it ends the execution or jumps elsewhere, and \
nothing jumps to this one. Of tasks that follow each other only the first is reported.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
  OnSuccess: ACS::END
- Name: forgotten
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
  OnSuccess: ACS::END
  OnError: cleanUp
- Name: cleanUp
  Action: ACS::Pause
";

RETRY = "OOS127", "a retry attribute outside its range";
"Retries is a number from 0 to 300, Delay and BackOff are seconds from 1 to 3600, MaxRetryInterval is \
seconds from 1 to 1800, and DelayType is Exponential, Constant or Linear.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: waitUntilRunning
  Action: ACS::WaitFor
  Retries: 1000
  Properties:
    Service: ECS
    API: DescribeInstances
    PropertySelector: Instances.Instance[].Status
    DesiredValues: [Running]
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: waitUntilRunning
  Action: ACS::WaitFor
  Retries: 100
  Properties:
    Service: ECS
    API: DescribeInstances
    PropertySelector: Instances.Instance[].Status
    DesiredValues: [Running]
";

LOOP = "OOS128", "a loop that cannot loop";
"A loop needs Items: a list of at most 1000 items, or an expression that gives one. Its RateControl has a \
Mode (Concurrency or Batch), and numbers or percentages for MaxErrors, Concurrency and Batch. Actions that \
call APIs or run templates may loop; triggers, Sleep, Choice and the like may not.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: stop
  Action: ACS::ExecuteAPI
  Properties:
    Service: ECS
    API: StopInstance
    Parameters: { InstanceId: '{{ ACS::TaskLoopItem }}' }
  Loop:
    RateControl: { Mode: Concurrency, Concurrency: 5 }
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
    Parameters: { InstanceId: '{{ ACS::TaskLoopItem }}' }
  Loop:
    Items: '{{ instanceIds }}'
    RateControl: { Mode: Concurrency, Concurrency: 5 }
";

LOOP_AGGREGATE = "OOS129", "a loop output that aggregates nothing";
"AggregateField names an output of the same task, and AggregateType a function that makes one value of a \
list, mostly Fn::ListJoin.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: stop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: StopInstance, Parameters: { InstanceId: '{{ ACS::TaskLoopItem }}' } }
  Outputs:
    requestId: { Type: String, ValueSelector: RequestId }
  Loop:
    Items: [i-1, i-2]
    Outputs:
      requestIds: { AggregateType: 'Fn::ListJoin', AggregateField: requestsId }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: stop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: StopInstance, Parameters: { InstanceId: '{{ ACS::TaskLoopItem }}' } }
  Outputs:
    requestId: { Type: String, ValueSelector: RequestId }
  Loop:
    Items: [i-1, i-2]
    Outputs:
      requestIds: { AggregateType: 'Fn::ListJoin', AggregateField: requestId }
";

TRIGGER_PLACE = "OOS130", "a trigger in the wrong place";
"A template has at most one trigger, it is the first task, and it has no loop. A template that another \
one runs must not have a trigger.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
- Name: stopped
  Action: ACS::EventTrigger
  Properties: { Product: ECS, Name: ['Instance:StateChange'] }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: stopped
  Action: ACS::EventTrigger
  Properties: { Product: ECS, Name: ['Instance:StateChange'] }
- Name: wait
  Action: ACS::Pause
";
}
