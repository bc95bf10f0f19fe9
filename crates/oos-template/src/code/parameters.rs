//! `OOS115` to `OOS119`: parameters.

use super::rules;

rules! {
PARAMETER_NAME = "OOS115", "a name that no parameter can have";
"A parameter name is made of letters, digits, _ and -. A reference could not name any other.";
bad: "\
FormatVersion: OOS-2019-06-01
Parameters:
  instance id: { Type: String }
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

PARAMETER_TYPE = "OOS116", "a type that no parameter can have";
"A parameter is of type String, Number, Boolean, List or Json. Without a Type it is a String.";
bad: "\
FormatVersion: OOS-2019-06-01
Parameters:
  count: { Type: Integer }
Tasks:
- Name: wait
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  count: { Type: Number }
Tasks:
- Name: wait
  Action: ACS::Pause
";

CONSTRAINT = "OOS117", "constraints that do not hold together";
"A constraint must be of the right kind (lengths are whole numbers from 0, MinValue and MaxValue are \
numbers, AllowedPattern is a regular expression), and a smallest value must not be above the largest: no \
value could fit.";
bad: "\
FormatVersion: OOS-2019-06-01
Parameters:
  count: { Type: Number, MinValue: 10, MaxValue: 1 }
Tasks:
- Name: wait
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  count: { Type: Number, MinValue: 1, MaxValue: 10 }
Tasks:
- Name: wait
  Action: ACS::Pause
";

DEFAULT = "OOS118", "a default that does not fit its parameter";
"The default of a parameter should be of the parameter's type and keep its constraints; it may refer to \
pseudo parameters and to other parameters, but not to outputs, since no task has run yet. Empty defaults \
(null, an empty text, list or map) stand for \"not given\" and are always fine.";
bad: "\
FormatVersion: OOS-2019-06-01
Parameters:
  mode: { Type: String, AllowedValues: [slow, fast], Default: medium }
Tasks:
- Name: wait
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  mode: { Type: String, AllowedValues: [slow, fast], Default: slow }
Tasks:
- Name: wait
  Action: ACS::Pause
";

DEFAULT_CYCLE = "OOS119", "defaults that depend on themselves";
"Defaults may refer to other parameters, in any order, but not in a circle: none of them would ever have \
a value.";
bad: "\
FormatVersion: OOS-2019-06-01
Parameters:
  image: { Type: String, Default: 'image-of-{{ disk }}' }
  disk: { Type: String, Default: 'disk-of-{{ image }}' }
Tasks:
- Name: wait
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  image: { Type: String, Default: 'image-of-{{ disk }}' }
  disk: { Type: String, Default: 'disk-{{ ACS::ExecutionId }}' }
Tasks:
- Name: wait
  Action: ACS::Pause
";
}
