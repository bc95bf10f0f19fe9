"""Every operation that the local OOS runs, from a template to the logs of its child execution."""

import json
import time
from urllib.parse import quote

from results import equal, holds
from signatures import refused

# Letters of one to four bytes, and what libraries disagree about.
ODD = "a b+c*d~e/é%41&=;#?\"'\\ 中文 ☃ 🦀\tend"

TEMPLATE = """\
FormatVersion: OOS-2019-06-01
Description: {description}
Parameters:
  note: {{ Type: String, Default: none }}
Tasks:
- Name: onStopped
  Action: ACS::EventTrigger
  Properties:
    Product: ECS
    Name: [ 'Instance:StateChange' ]
    Level: [ INFO ]
    RegionId: [ '{{{{ ACS::RegionId }}}}' ]
    Content: {{ state: [ Stopped ] }}
  Outputs:
    instanceId: {{ Type: String, ValueSelector: .content.resourceId }}
- Name: describe
  Action: ACS::ExecuteAPI
  Properties:
    Service: ECS
    API: DescribeInstances
    Parameters: {{ InstanceId: '{{{{ onStopped.instanceId }}}}' }}
  Outputs:
    name: {{ Type: String, ValueSelector: '.Instances.Instance[0].InstanceName' }}
Outputs:
  name: {{ Type: String, Value: '{{{{ describe.name }}}}' }}
  note: {{ Type: String, Value: '{{{{ note }}}}' }}
"""
SLEEPS = """\
FormatVersion: OOS-2019-06-01
Description: Sleeps.
Tasks:
- { Name: sleep, Action: ACS::Sleep, Properties: { Duration: PT1H } }
"""
TEXT = TEMPLATE.format(description=json.dumps(ODD, ensure_ascii=False))
NEWER = TEMPLATE.format(description="newer")
# As long as a template may be, nearly, and more than twice as long in a query.
LINE = "# 中文 ☃ a b+c*d~e/é\n"
LARGE = SLEEPS + LINE * (64_000 // len(LINE.encode()))


def event(instance, state="Stopped"):
    return json.dumps({
        "product": "ECS", "name": "Instance:StateChange", "level": "INFO",
        "regionId": "cn-hangzhou", "content": {"resourceId": instance, "state": state},
    }, ensure_ascii=False)


def check_all(column, kind, server):
    client = kind(server)
    name = kind.name.replace(" ", "-")
    templates(column, client, name)
    needs(column, client, name)
    execution = start(column, client, name)
    child = trigger(column, client, name, execution)
    see(column, client, execution, child)
    steer(column, client, execution)
    large(column, client, name)


def templates(column, client, name):
    tags = {"who": ODD, "client": name}
    call = client.call
    with column.check("CreateTemplate", "text and tags arrive as they are"):
        answer = call("CreateTemplate", TemplateName=name, Content=TEXT, Tags=tags)
        template = answer["Template"]
        equal(template["TemplateName"], name)
        equal(template["Description"], ODD)
        equal(template["Tags"], tags)
        equal((template["TemplateVersion"], template["HasTrigger"]), ("v1", True))
    with column.check("CreateTemplate", "a name is taken once"):
        again = lambda: call("CreateTemplate", TemplateName=name, Content=SLEEPS)
        refused(again, 409, "EntityAlreadyExists.Template")
    with column.check("GetTemplate", "gives the text byte for byte"):
        equal(call("GetTemplate", TemplateName=name)["Content"], TEXT)
    with column.check("GetTemplate", "one that is not there"):
        absent = lambda: call("GetTemplate", TemplateName=f"{name}-absent")
        refused(absent, 404, "EntityNotExists.Template")
    with column.check("UpdateTemplate", "makes a new version and keeps the old one"):
        answer = call("UpdateTemplate", TemplateName=name, Content=NEWER, VersionName="第二")
        equal(answer["Template"]["TemplateVersion"], "v2")
        equal(call("GetTemplate", TemplateName=name)["Content"], NEWER)
        equal(call("GetTemplate", TemplateName=name, TemplateVersion="v1")["Content"], TEXT)
    with column.check("ValidateTemplateContent", "shows the parts"):
        tasks = call("ValidateTemplateContent", Content=TEXT)["Tasks"]
        equal([task["Name"] for task in tasks], ["onStopped", "describe"])
        equal([task["Type"] for task in tasks], ["ACS::EventTrigger", "ACS::ExecuteAPI"])
    with column.check("ValidateTemplateContent", "a mistake has its place"):
        wrong = TEXT.replace("onStopped.instanceId", "onStoped.instanceId")
        call_it = lambda: call("ValidateTemplateContent", Content=wrong)
        holds(refused(call_it, 400, "InvalidContent").message, "onStoped", "line ")
    lists(column, call, name, tags)


RISKY = """\
FormatVersion: OOS-2019-06-01
RamRole: '{{ ACS::AccountId }}-role'
Tasks:
- Name: drop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DeleteInstance, Parameters: { InstanceId: i-1 } }
"""


def needs(column, client, name):
    """What the tasks of a template need, and what can not be undone, by way of another template."""
    call = client.call
    risky, above = f"{name}-risky", f"{name}-above"
    runs = SLEEPS + f"- {{ Name: run, Action: ACS::Template, Properties: {{ TemplateName: {risky} }} }}\n"
    call("CreateTemplate", TemplateName=risky, Content=RISKY)
    call("CreateTemplate", TemplateName=above, Content=runs)
    actions = lambda policy: [each["Action"] for each in json.loads(policy)["Statement"]]
    with column.check("GenerateExecutionPolicy", "of a stored template, the one below included"):
        policy = call("GenerateExecutionPolicy", TemplateName=above)["Policy"]
        equal(actions(policy), [["ecs:DeleteInstance"], ["oos:StartExecution"]])
    with column.check("GenerateExecutionPolicy", "of a text"):
        policy = call("GenerateExecutionPolicy", TemplateContent=RISKY)["Policy"]
        equal(actions(policy), [["ecs:DeleteInstance"], ["ram:PassRole"]])
    with column.check("GenerateExecutionPolicy", "one that is not there"):
        absent = lambda: call("GenerateExecutionPolicy", TemplateName=f"{name}-absent")
        refused(absent, 404, "EntityNotExists.Template")
    with column.check("ListExecutionRiskyTasks", "with the way to the task"):
        tasks = call("ListExecutionRiskyTasks", TemplateName=above)["RiskyTasks"]
        equal([(each["Service"], each["API"], each["Task"], each["Template"]) for each in tasks],
              [("ECS", "DeleteInstance", ["run", "drop"], [above])])


def lists(column, call, name, tags):
    many = [f"{name}-{number:02}" for number in range(12)]
    with column.check("ListTemplates", "pages of ten"):
        for each in many:
            call("CreateTemplate", TemplateName=each, Content=SLEEPS, Tags={"many": name})
        asked = {"Tags": {"many": name}, "MaxResults": 10, "SortField": "TemplateName",
                 "SortOrder": "Ascending"}
        first = call("ListTemplates", **asked)
        second = call("ListTemplates", NextToken=first["NextToken"], **asked)
        found = [[each["TemplateName"] for each in page["Templates"]] for page in (first, second)]
        equal(found, [many[:10], many[10:]])
        equal(second.get("NextToken") or "", "")
    for has in (True, False):
        with column.check("ListTemplates", f"HasTrigger {has}"):
            found = call("ListTemplates", TemplateName=name, HasTrigger=has, MaxResults=100)
            equal([each["HasTrigger"] for each in found["Templates"]], [has] * (1 if has else 12))
    with column.check("ListTemplates", "by a tag with odd letters"):
        found = call("ListTemplates", Tags=tags)["Templates"]
        equal([each["TemplateName"] for each in found], [name])


def start(column, client, name):
    """The id of an execution whose trigger waits."""
    call = client.call
    execution = None
    with column.check("StartExecution", "one execution for one ClientToken"):
        asked = {"TemplateName": name, "Description": ODD, "ClientToken": f"start-{name}",
                 "Parameters": json.dumps({"note": ODD}, ensure_ascii=False),
                 "Tags": {"client": name}}
        execution = call("StartExecution", **asked)["Execution"]["ExecutionId"]
        equal(call("StartExecution", **asked)["Execution"]["ExecutionId"], execution)
        found = call("ListExecutions", Tags={"client": name})["Executions"]
        equal([each["ExecutionId"] for each in found], [execution])
    with column.check("StartExecution", "a parameter that the template does not have"):
        wrong = lambda: call("StartExecution", TemplateName=name, Parameters='{"no": 1}')
        holds(refused(wrong, 400, "InvalidParameters").message, "the parameter no is not declared")
    with column.check("StartExecution", "the trigger waits"):
        found = wait(call, "Waiting", ExecutionId=execution)
        equal((found["Description"], found["Parameters"]["note"]), (ODD, ODD))
        equal([task["TaskName"] for task in found["CurrentTasks"]], ["onStopped"])
    return execution


def trigger(column, client, name, execution):
    """The id of the child execution."""
    call = client.call
    child = None
    asked = {"ExecutionId": execution, "Type": "Event", "Content": event(f"i-☃ {ODD}"),
             "ClientToken": f"trigger-{name}"}
    with column.check("TriggerExecution", "a child, exactly one for one ClientToken"):
        for _ in range(2):
            call("TriggerExecution", **asked)
        children = call("ListExecutions", ParentExecutionId=execution)["Executions"]
        equal(len(children), 1)
        child = children[0]["ExecutionId"]
        outputs = json.loads(wait(call, "Success", ExecutionId=child)["Outputs"])
        equal(outputs, {"name": "主机 Größe ☃", "note": ODD})
    with column.check("TriggerExecution", "another message with the same ClientToken"):
        other = dict(asked, Content=event("i-2"))
        refused(lambda: call("TriggerExecution", **other), 400, "IdempotentParameterMismatch")
    with column.check("TriggerExecution", "a message that does not fit makes no child"):
        other = {"Content": event("i-1", "Running"), "ClientToken": f"other-{name}"}
        call("TriggerExecution", **dict(asked, **other))
        equal(len(call("ListExecutions", ParentExecutionId=execution)["Executions"]), 1)
    with column.check("TriggerExecution", "a trigger of another type"):
        other = dict(asked, Type="Alarm", ClientToken=f"alarm-{name}")
        refused(lambda: call("TriggerExecution", **other), 400, "InvalidType")
    return child


def see(column, client, execution, child):
    call = client.call
    for with_children, expected in ((True, {execution, child}), (False, {execution})):
        with column.check("ListExecutions", f"IncludeChildExecution {with_children}"):
            found = call("ListExecutions", IncludeChildExecution=with_children, MaxResults=100)
            ids = {each["ExecutionId"] for each in found["Executions"]}
            equal(ids & {execution, child}, expected)
    with column.check("ListTaskExecutions", "what the child did"):
        found = call("ListTaskExecutions", ExecutionId=child, MaxResults=20)["TaskExecutions"]
        equal([(task["TaskName"], task["Status"]) for task in found], [("describe", "Success")])
        equal(json.loads(found[0]["Outputs"]), {"name": "主机 Größe ☃"})
        holds(json.dumps(found[0]["Properties"], ensure_ascii=False), "i-☃ a b+c*d~e/é%41&=;#?")
    with column.check("ListExecutionLogs", "of the child"):
        logs = call("ListExecutionLogs", ExecutionId=child)["ExecutionLogs"]
        text = "\n".join(line["Message"] for line in logs)
        holds(text, "api call: DescribeInstances", "主机 Größe ☃", "completed")
    with column.check("ListExecutionLogs", "of the parent name the child and why no other came"):
        logs = call("ListExecutionLogs", ExecutionId=execution)["ExecutionLogs"]
        holds("\n".join(line["Message"] for line in logs), child, "Running")
    with column.check("GetExecutionTemplate", "the text that runs, not a newer one"):
        call("UpdateTemplate", TemplateName=call("GetExecutionTemplate", ExecutionId=execution)
             ["Template"]["TemplateName"], Content=TEXT)
        equal(call("GetExecutionTemplate", ExecutionId=execution)["Content"], NEWER)
        equal(call("GetExecutionTemplate", ExecutionId=child)["Content"], NEWER)


def steer(column, client, execution):
    call = client.call
    with column.check("NotifyExecution", "nobody waits for a person"):
        notify = lambda: call("NotifyExecution", ExecutionId=execution, NotifyType="Approve",
                              NotifyNote=ODD)
        holds(refused(notify, 400, "InvalidExecutionStatus").message, execution, "Waiting")
    with column.check("NotifyExecution", "an execution that is not there"):
        notify = lambda: call("NotifyExecution", ExecutionId="exec-0", NotifyType="Approve")
        refused(notify, 404, "EntityNotExists.Execution")
    with column.check("CancelExecution", "ends the execution, once"):
        call("CancelExecution", ExecutionId=execution)
        wait(call, "Cancelled", ExecutionId=execution)
        again = lambda: call("CancelExecution", ExecutionId=execution)
        refused(again, 400, "InvalidExecutionStatus")


def large(column, client, name):
    call = client.call
    with column.check("60 KB template", "all in a query longer than 65,534 bytes"):
        equal((len(LARGE.encode()) > 60_000, len(quote(LARGE)) > 65_534), (True, True))
        call("CreateTemplate", TemplateName=f"{name}-large", Content=LARGE)
        equal(call("GetTemplate", TemplateName=f"{name}-large")["Content"], LARGE)
    with column.check("60 KB template", "more than the server takes is told"):
        refused(lambda: call("CreateTemplate", TemplateName=f"{name}-huge",
                             Content=SLEEPS + "#☃" * 60_000), 414, "RequestTargetTooLong")


def wait(call, status, **asked):
    """The one execution, as soon as it has this status."""
    for _ in range(500):
        found = call("ListExecutions", **asked)["Executions"]
        if [each["Status"] for each in found] == [status]:
            return found[0]
        time.sleep(0.02)
    raise AssertionError(f"expected {status}, found {found}")
