//! `OOS110` to `OOS114`: the parts of a template.

use super::rules;

rules! {
WRONG_SHAPE = "OOS110", "a value of the wrong kind";
"A key of the template has a value of another kind (text, list or map) than the template language asks \
for. Tasks is a list; Parameters, Outputs, Conditions, Properties and Loop are maps.";
bad: "\
FormatVersion: OOS-2019-06-01
Parameters: [instanceId]
Tasks:
- Name: wait
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  instanceId: { Type: String }
Tasks:
- Name: wait
  Action: ACS::Pause
";

MISSING_KEY = "OOS111", "a required key is missing";
"A template needs FormatVersion and Tasks, a task needs Name and Action, an output of a template needs \
Value, an output of a task ValueSelector, an output of a loop AggregateField.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
";

UNKNOWN_KEY = "OOS112", "a key that the template language does not know";
"The key has no meaning there, so what stands under it is not done. Mostly it is a slip of the pen, or it \
stands one level too high or too deep: Retries belongs beside Properties, not into it.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
  OnEror: ACS::NEXT
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
  OnError: ACS::NEXT
";

FORMAT_VERSION = "OOS113", "a FormatVersion that does not exist";
"FormatVersion must be exactly OOS-2019-06-01, or OOS-2019-06-01-State for a state configuration.";
bad: "\
FormatVersion: OOS-2019-06-02
Tasks:
- Name: wait
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
";

NO_TASKS = "OOS114", "a template without tasks";
"A template needs at least one task.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks: []
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
";
}
