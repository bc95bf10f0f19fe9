//! `OOS150` to `OOS159`: functions and conditions.

use super::rules;

rules! {
FUNCTION_UNKNOWN = "OOS150", "a function that does not exist";
"There is no function of this name. What looks like one but is none stays in the value as it is.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
Outputs:
  text: { Type: String, Value: { 'Fn::Joi': [',', [a, b]] } }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
Outputs:
  text: { Type: String, Value: { 'Fn::Join': [',', [a, b]] } }
";

FUNCTION_ARGUMENTS = "OOS151", "arguments that the function does not take";
"The function takes another number or another kind of arguments. Fn::Join, for instance, takes a list of \
two: the separator, and the list of what is joined.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
Outputs:
  text: { Type: String, Value: { 'Fn::Join': [',', a, b] } }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
Outputs:
  text: { Type: String, Value: { 'Fn::Join': [',', [a, b]] } }
";

FUNCTION_KEYS = "OOS152", "a function beside other keys";
"A function is a map with exactly one key. With other keys beside it, it is no function, and the map stays \
as it is.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
Outputs:
  text: { Type: String, Value: { 'Fn::Join': [',', [a, b]], Comment: with commas } }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
Outputs:
  text: { Type: String, Value: { 'Fn::Join': [',', [a, b]] } }
";

CONDITION_CYCLE = "OOS153", "conditions that depend on themselves";
"Conditions may name other conditions, but not in a circle.";
bad: "\
FormatVersion: OOS-2019-06-01
Conditions:
  isLarge: { 'Fn::Not': isSmall }
  isSmall: { 'Fn::Not': isLarge }
Tasks:
- Name: wait
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  size: { Type: String }
Conditions:
  isLarge: { 'Fn::Not': isSmall }
  isSmall: { 'Fn::Equals': ['{{ size }}', small] }
Tasks:
- Name: wait
  Action: ACS::Pause
";

CONDITION_UNKNOWN = "OOS154", "a condition that does not exist";
"A When that is plain text must be the name of a condition, or true or false. Anything else counts as \
false, so the task never runs.";
bad: "\
FormatVersion: OOS-2019-06-01
Conditions:
  isLarge: { 'Fn::Equals': ['{{ ACS::RegionId }}', cn-hangzhou] }
Tasks:
- Name: wait
  Action: ACS::Pause
  When: islarger
";
good: "\
FormatVersion: OOS-2019-06-01
Conditions:
  isLarge: { 'Fn::Equals': ['{{ ACS::RegionId }}', cn-hangzhou] }
Tasks:
- Name: wait
  Action: ACS::Pause
  When: isLarge
";
}
