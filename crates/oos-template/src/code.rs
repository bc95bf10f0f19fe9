//! The table of diagnostic codes: one line each, with the sentence that explains the rule.

use std::fmt;

/// The code of a rule, such as `OOS120`. Codes are stable: a rule that goes away takes its code with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// The code as text, for instance `OOS120`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// What the rule asks for, in one or two sentences.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        TABLE
            .iter()
            .find(|(code, _)| *code == self)
            .map_or("", |(_, explanation)| explanation)
    }

    /// All codes with their explanations, in order.
    #[must_use]
    pub fn all() -> &'static [(Self, &'static str)] {
        TABLE
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! codes {
    ($($name:ident = $code:literal, $explanation:literal;)*) => {
        $(pub(crate) const $name: Code = Code($code);)*
        const TABLE: &[(Code, &str)] = &[$(($name, $explanation)),*];
    };
}

codes! {
    SYNTAX = "OOS100", "The text must be well-formed YAML or JSON; reading stops at the first syntax error.";
    TOO_LARGE = "OOS101", "A template holds at most 64 KB of UTF-8 text.";
    TOO_DEEP = "OOS102", "Lists and maps may be nested 128 levels deep, and aliases may expand to 100,000 nodes.";
    DUPLICATE_KEY = "OOS103", "A key may stand only once in a map.";
    KEY_NOT_TEXT = "OOS104", "The keys of a map must be plain text.";
    BAD_CHARACTER = "OOS105", "A template must not contain NUL characters, and YAML must not be indented with tabs.";
    TAG = "OOS106", "YAML tags such as !Join have no meaning in OOS; functions are written as a map with one key, such as Fn::Join.";
    WRONG_SHAPE = "OOS110", "A key of the template has a value of the wrong kind (text, list or map).";
    MISSING_KEY = "OOS111", "A required key is missing.";
    UNKNOWN_KEY = "OOS112", "The template language does not know this key.";
    FORMAT_VERSION = "OOS113", "FormatVersion must be exactly OOS-2019-06-01 (or OOS-2019-06-01-State for state configuration).";
    NO_TASKS = "OOS114", "A template needs at least one task.";
    PARAMETER_NAME = "OOS115", "A parameter name is made of letters, digits, _ and -.";
    PARAMETER_TYPE = "OOS116", "A parameter is of type String, Number, Boolean, List or Json.";
    CONSTRAINT = "OOS117", "A constraint of a parameter must fit the parameter's type and hold together.";
    DEFAULT = "OOS118", "The default of a parameter must fit its type and its constraints.";
    DEFAULT_CYCLE = "OOS119", "Defaults may refer to other parameters, but not in a circle.";
    TASK_NAME = "OOS120", "A task name is made of 1 to 200 letters, digits, _ and -.";
    DUPLICATE_NAME = "OOS121", "Two names differ only in case; references ignore case and could mean either.";
    UNKNOWN_ACTION = "OOS122", "The action must be one of the atom actions or a product action ACS::<Product>::<Name>.";
    JUMP_TARGET = "OOS123", "A jump goes to ACS::END, ACS::NEXT or the literal name of a task of this template.";
    OUTPUT_TYPE = "OOS124", "An output is of type String, Number, Boolean, List or Json.";
    SELECTOR = "OOS125", "A value selector must be a jq program that the selector dialect allows.";
    UNREACHABLE = "OOS126", "No path of the flow leads to this task.";
    RETRY = "OOS127", "A retry attribute is outside its documented range.";
    LOOP = "OOS128", "A loop needs Items and a rate control that fits its mode.";
    LOOP_AGGREGATE = "OOS129", "A loop output aggregates an output of the same task with a known function.";
    TRIGGER_PLACE = "OOS130", "A template has at most one trigger, it is the first task, and it has no loop.";
    PROPERTY_MISSING = "OOS131", "The action needs this property.";
    PROPERTY_UNKNOWN = "OOS132", "The action does not know this property.";
    PROPERTY_VALUE = "OOS133", "The value of a property does not fit the action.";
    PROPERTY_SPELLING = "OOS134", "A property works in any letter case, but is easier to find when it is written as documented.";
    UNDECLARED = "OOS140", "A reference must name a declared parameter, a declared output of a task, or a pseudo parameter.";
    SPELLING = "OOS141", "A reference works in any letter case, but is easier to follow when it is written as declared.";
    BAD_REFERENCE = "OOS142", "Between {{ and }} stands one name: a parameter, task.output, ACS::Name, oos:name or oos-secret:name.";
    PSEUDO = "OOS143", "The pseudo parameter does not exist, or has no meaning here.";
    FUNCTION_UNKNOWN = "OOS150", "The function does not exist.";
    FUNCTION_ARGUMENTS = "OOS151", "The function takes other arguments.";
    FUNCTION_KEYS = "OOS152", "A function is a map with exactly one key.";
    CONDITION_CYCLE = "OOS153", "Conditions may name other conditions, but not in a circle.";
    CONDITION_UNKNOWN = "OOS154", "A When that is plain text must be the name of a condition, or true or false.";
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn codes_ascend_and_are_explained() {
        let all = Code::all();
        assert!(all.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(
            all.iter()
                .all(|(code, text)| !text.is_empty() && code.explanation() == *text)
        );
    }
}
