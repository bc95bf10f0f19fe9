//! `OOS131` to `OOS139`: actions and their properties.

use super::rules;

rules! {
PROPERTY_MISSING = "OOS131", "a property is missing";
"The action cannot do its work without this property.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: describe
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: describe
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DescribeInstances }
";

PROPERTY_UNKNOWN = "OOS132", "a property that the action does not know";
"The action does not read this property, so it does nothing. Parameters of an API stand under Parameters.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: sleep
  Action: ACS::Sleep
  Properties: { Duration: PT1M, Reason: the instance needs a minute }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: sleep
  Action: ACS::Sleep
  Description: the instance needs a minute
  Properties: { Duration: PT1M }
";

PROPERTY_VALUE = "OOS133", "a property with a value that the action cannot use";
"The value of the property is written out, and the action cannot use it: a duration that is none, a word \
that is not among the known ones.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: sleep
  Action: ACS::Sleep
  Properties: { Duration: one minute }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: sleep
  Action: ACS::Sleep
  Properties: { Duration: PT1M }
";

PROPERTY_SPELLING = "OOS134", "a property in another letter case than documented";
"A property of an atom action works in any letter case, but is easier to find when it is written as it is \
documented.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: sleep
  Action: ACS::Sleep
  Properties: { duration: PT1M }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: sleep
  Action: ACS::Sleep
  Properties: { Duration: PT1M }
";

TIMER_NEVER = "OOS135", "a timer that never fires";
"No time fits the cron fields, as on 30 February, or EndDate is not after StartDate. The execution would \
wait for nothing.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: monthly
  Action: ACS::TimerTrigger
  Properties: { Type: cron, Expression: '0 0 2 30 2 ?', EndDate: '2036-01-01T00:00:00Z' }
- Name: wait
  Action: ACS::Sleep
  Properties: { Duration: PT1M }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: monthly
  Action: ACS::TimerTrigger
  Properties: { Type: cron, Expression: '0 0 2 28 2 ?', EndDate: '2036-01-01T00:00:00Z' }
- Name: wait
  Action: ACS::Sleep
  Properties: { Duration: PT1M }
";
}
