//! `OOS100` to `OOS109`: the text itself.

use super::rules;

rules! {
SYNTAX = "OOS100", "a text that is not well-formed";
"The text must be well-formed YAML or JSON. Reading stops at the first syntax error, so there may be more \
to mend behind it. A text that starts with a brace and a quote is read as JSON, any other as YAML.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: [ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
";

TOO_LARGE = "OOS101", "a template over 64 KB";
"The service stores templates of at most 64 KB of UTF-8 text. Long scripts can be kept elsewhere and be \
fetched when the task runs, and a part of the tasks can become a template of its own that ACS::Template runs.";
bad: "\
FormatVersion: OOS-2019-06-01
Description: '[64 KB]'
Tasks:
- Name: wait
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Description: short
Tasks:
- Name: wait
  Action: ACS::Pause
";

TOO_DEEP = "OOS102", "nested too deep, or too much behind aliases";
"Lists and maps may be nested 128 levels deep, conditions may name each other 128 levels deep, and YAML \
aliases may expand to 100,000 nodes. This protects whoever reads the text.";
bad: "\
FormatVersion: OOS-2019-06-01
Metadata:
  a: &a [x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x]
  b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
  c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
  d: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
Tasks:
- Name: wait
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Metadata:
  a: &a [x, x]
  b: [*a, *a]
Tasks:
- Name: wait
  Action: ACS::Pause
";

DUPLICATE_KEY = "OOS103", "a key that stands twice";
"A key should stand only once in a map. Of two the last one counts, and the first one is lost without a \
word. Two tasks with one key more each are easily run together this way when a dash is missing.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
  Description: before the change
  Description: wait for a person
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
  Description: wait for a person
";

KEY_NOT_TEXT = "OOS104", "a key that is not text";
"The keys of a map must be plain text. A reference without quotes is read by YAML as a map in a map: \
write it with quotes.";
bad: "\
FormatVersion: OOS-2019-06-01
Parameters:
  role: {}
RamRole: {{ role }}
Tasks:
- Name: wait
  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Parameters:
  role: {}
RamRole: '{{ role }}'
Tasks:
- Name: wait
  Action: ACS::Pause
";

BAD_CHARACTER = "OOS105", "a character that cannot stand there";
"A template is UTF-8 text without NUL characters, and YAML must not be indented with tabs: use blanks.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
\t- Name: wait
\t  Action: ACS::Pause
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
";

TAG = "OOS106", "a YAML tag";
"Tags such as !Join have no meaning in OOS. A function is written as a map with one key, such as Fn::Join.";
bad: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
Outputs:
  greeting: { Value: !Join [' ', [hello, world]] }
";
good: "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Pause
Outputs:
  greeting: { Value: { 'Fn::Join': [' ', [hello, world]] } }
";
}
