//! The atom actions and their properties, as data: the checker, the JSON Schema and the documentation
//! are made from it.
//!
//! Sources: the help pages of the actions, and for what they do not print the public templates.

use super::ActionKind;

/// What an atom action is and takes.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ActionSpec {
    /// The action.
    pub kind: ActionKind,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// The properties that are known.
    pub properties: &'static [PropertySpec],
    /// Whether there may well be more: then an unknown property is nobody's mistake.
    pub open: bool,
    /// Of each group at least one is needed.
    pub any_of: &'static [&'static [&'static str]],
}

/// A property of an action.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PropertySpec {
    /// The name in the spelling of the documentation.
    pub name: &'static str,
    /// Whether it may be left out.
    pub need: Need,
    /// What the value may be; anything, when empty. Expressions are always accepted.
    pub accepts: &'static [Shape],
    /// The words that the value may be.
    pub words: Words,
    /// What it means, in one sentence.
    pub doc: &'static str,
}

/// Whether a property may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need {
    /// The action can not work without it.
    Required,
    /// The help page asks for it, but there are ways to do without.
    Expected,
    /// It may be left out.
    Optional,
}

/// What a written value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// A text.
    Text,
    /// A number, or a text that is one.
    Number,
    /// A boolean, or a text that is one.
    Boolean,
    /// A list.
    List,
    /// A map.
    Map,
}

/// The words a value may be, in any letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Words {
    /// Any.
    Any,
    /// Only these are taken.
    Only(&'static [&'static str]),
    /// These are known; there may be more.
    Known(&'static [&'static str]),
}

/// The specification of an atom action; none of a product action, whose properties are the
/// parameters of its template.
#[must_use]
pub fn spec(kind: ActionKind) -> Option<&'static ActionSpec> {
    SPECS.iter().find(|spec| spec.kind == kind)
}

/// The specifications of all atom actions.
#[must_use]
pub const fn specs() -> &'static [ActionSpec] {
    SPECS
}

impl ActionSpec {
    /// The property of this name, in any letter case.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&'static PropertySpec> {
        let exact = self.properties.iter().find(|known| known.name == name);
        exact.or_else(|| {
            let mut known = self.properties.iter();
            known.find(|known| known.name.eq_ignore_ascii_case(name))
        })
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.properties.iter().map(|known| known.name)
    }
}

/// A property that may be left out; the functions below change that, and bound the words.
const fn may(name: &'static str, accepts: &'static [Shape], doc: &'static str) -> PropertySpec {
    PropertySpec {
        name,
        need: Need::Optional,
        accepts,
        words: Words::Any,
        doc,
    }
}

const fn must(name: &'static str, accepts: &'static [Shape], doc: &'static str) -> PropertySpec {
    PropertySpec {
        need: Need::Required,
        ..may(name, accepts, doc)
    }
}

const fn should(name: &'static str, accepts: &'static [Shape], doc: &'static str) -> PropertySpec {
    PropertySpec {
        need: Need::Expected,
        ..may(name, accepts, doc)
    }
}

const fn of(words: Words, property: PropertySpec) -> PropertySpec {
    PropertySpec { words, ..property }
}

const fn action(
    kind: ActionKind,
    doc: &'static str,
    properties: &'static [PropertySpec],
) -> ActionSpec {
    ActionSpec {
        kind,
        doc,
        properties,
        open: false,
        any_of: &[],
    }
}

const fn open(spec: ActionSpec) -> ActionSpec {
    ActionSpec { open: true, ..spec }
}

const fn any_of(any_of: &'static [&'static [&'static str]], spec: ActionSpec) -> ActionSpec {
    ActionSpec { any_of, ..spec }
}

const ANY: &[Shape] = &[];
const TEXT: &[Shape] = &[Shape::Text];
const NUMBER: &[Shape] = &[Shape::Number];
const BOOLEAN: &[Shape] = &[Shape::Boolean];
const LIST: &[Shape] = &[Shape::List];
const MAP: &[Shape] = &[Shape::Map];
const TEXTS: &[Shape] = &[Shape::Text, Shape::List];

const METHODS: Words = Words::Known(&["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD"]);
const COMPARISONS: Words = Words::Only(&[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanThreshold",
    "NotEqualToThreshold",
    "EqualToThreshold",
    "GreaterThanYesterday",
    "LessThanYesterday",
    "GreaterThanLastWeek",
    "LessThanLastWeek",
    "GreaterThanLastPeriod",
    "LessThanLastPeriod",
]);

macro_rules! calling {
    ($($more:expr),* $(,)?) => {
        &[
            must("Service", TEXT, "The code of the cloud product, such as ECS; in any letter case."),
            must("API", TEXT, "The name of the API, such as DescribeInstances; in any letter case."),
            may("Parameters", MAP, "The parameters of the API; one that is null is left out."),
            may("AutoPaging", BOOLEAN, "Whether all pages of a paged API are fetched and merged; true when absent."),
            of(METHODS, may("Method", TEXT, "The HTTP method, for APIs in the ROA style.")),
            may("URI", TEXT, "The path, for APIs in the ROA style."),
            may("Headers", MAP, "More HTTP headers, for APIs in the ROA style."),
            may("Body", ANY, "The body, for APIs in the ROA style."),
            of(Words::Known(&["Normal"]), may("Risk", TEXT, "Normal: the call is not taken for a high-risk one.")),
            may("Endpoint", TEXT, "Where to send the call instead of the product's endpoint."),
            may("Version", TEXT, "The version of the API."),
            may("Style", TEXT, "The style of the API, RPC or ROA."),
            may("RegionId", TEXT, "The region that is called, instead of the execution's own."),
            $($more),*
        ]
    };
}

macro_rules! judging {
    () => {
        calling![
            must(
                "PropertySelector",
                ANY,
                "The jq program that takes the value to judge out of the answer."
            ),
            may("DesiredValues", LIST, "The value has to be one of these."),
            may("NotDesiredValues", LIST, "The value must be none of these."),
            may(
                "StopRetryValues",
                LIST,
                "With one of these, waiting ends at once."
            ),
        ]
    };
}

const DESIRED: &[&[&str]] = &[&["DesiredValues", "NotDesiredValues"]];
const NOTIFY_TYPES: Words = Words::Known(&["WebHook"]);
const WEB_HOOK: PropertySpec = may(
    "WebHook",
    MAP,
    "Where the message goes: URI, Headers, Content.",
);
const APPEND_LINK: PropertySpec = may(
    "AppendExecutionLink",
    BOOLEAN,
    "Whether the link to the execution is appended to the message.",
);
const TAGS: PropertySpec = may(
    "Tags",
    ANY,
    "Only resources with these tags: a list of Key and Value.",
);
const RESOURCE_GROUP: PropertySpec = may("ResourceGroup", TEXT, "Only resources of this group.");
const TRANSFORMER: PropertySpec = may(
    "OutputTransformer",
    MAP,
    "Builds the output out of the message: constants, and texts of $ and a jq path.",
);

#[rustfmt::skip]
static SPECS: &[ActionSpec] = &[
    action(ActionKind::ExecuteApi, "Calls an API of a cloud product.", calling![]),
    any_of(DESIRED, action(ActionKind::WaitFor, "Calls an API until a value of the answer is as desired.", judging!())),
    any_of(DESIRED, action(ActionKind::CheckFor, "Calls an API and checks a value of the answer.", judging!())),
    action(ActionKind::ExecuteHttpRequest, "Makes an HTTP request.", &[
        must("URL", TEXT, "Where the request goes."),
        of(Words::Known(&["GET", "POST"]), may("Method", TEXT, "GET or POST; POST when absent.")),
        may("Headers", MAP, "More HTTP headers."),
        may("Query", MAP, "The query of the URL."),
        may("Body", ANY, "The body of a POST."),
        may("CheckFor", MAP, "Rules that the answer has to fit."),
        may("WaitFor", MAP, "Rules that are waited for."),
    ]),
    action(ActionKind::TimerTrigger, "Starts a child execution by the clock.", &[
        of(Words::Only(&["cron", "at", "rate"]), must("Type", TEXT, "How Expression is written: cron, at or rate.")),
        must("Expression", TEXT, "When it fires: six cron fields, a UTC time, or a number and a unit."),
        should("EndDate", TEXT, "The UTC time at which the execution ends."),
        may("StartDate", TEXT, "The UTC time before which it does not fire."),
        may("TimeZone", TEXT, "The IANA name of the time zone of Expression; UTC when absent."),
    ]),
    action(ActionKind::AlarmTrigger, "Starts a child execution on an alarm.", &[
        must("Namespace", TEXT, "The namespace of the metric, such as acs_ecs_dashboard."),
        must("MetricName", TEXT, "The metric, such as cpu_total."),
        of(COMPARISONS, must("ComparisonOperator", TEXT, "How the value is compared.")),
        may("Statistics", ANY, "How values are combined: Average, Maximum and so on."),
        may("Threshold", TEXT, "What the value is compared with."),
        TAGS,
        RESOURCE_GROUP,
        may("Resources", ANY, "The resources that are watched: a list, or its JSON text."),
        may("Times", NUMBER, "How often in a row the threshold is passed."),
        may("SilenceTime", NUMBER, "Seconds of silence after an alarm; 24 hours when absent."),
        may("Period", NUMBER, "Seconds of a value."),
        may("Interval", NUMBER, "Seconds between values."),
        may("EffectiveInterval", TEXT, "The time of the day in which alarms count."),
        TRANSFORMER,
    ]),
    action(ActionKind::EventTrigger, "Starts a child execution on an event.", &[
        must("Product", TEXT, "The cloud product that the event comes from, such as ECS."),
        must("Name", TEXTS, "The names of the events, such as Instance:StateChange."),
        of(Words::Known(&["INFO", "WARN", "CRITICAL"]), may("Level", TEXTS, "The levels of the events.")),
        may("Content", MAP, "What the fields of the event's content have to be: a value, or a list of them."),
        may("RegionId", TEXTS, "The regions of the events."),
        TAGS,
        RESOURCE_GROUP,
        TRANSFORMER,
    ]),
    action(ActionKind::Approve, "Waits until people approve.", &[
        of(NOTIFY_TYPES, should("NotifyType", TEXT, "How people are asked: WebHook.")),
        WEB_HOOK,
        may("Approvers", TEXTS, "The RAM users who may approve."),
        may("MinRequiredApprovals", NUMBER, "How many have to approve."),
        APPEND_LINK,
    ]),
    action(ActionKind::Choice, "Goes on with one task or another.", &[
        must("Choices", LIST, "Tried in order: When and NextTask; the first that is true counts."),
        may("DefaultTask", TEXT, "Where to go when no choice is true."),
    ]),
    action(ActionKind::Notify, "Sends a message.", &[
        of(NOTIFY_TYPES, should("NotifyType", TEXT, "How the message is sent: WebHook.")),
        WEB_HOOK,
        APPEND_LINK,
    ]),
    action(ActionKind::Sleep, "Waits for a time.", &[
        may("Duration", TEXT, "How long, ISO 8601: PT5M, or short 5m; at least one second."),
        may("EndDate", TEXT, "Until when, ISO 8601 in UTC."),
    ]),
    action(ActionKind::SelectTargets, "Finds the resources to work on.", &[
        must("ResourceType", TEXT, "The type of the resources, such as ALIYUN::ECS::Instance."),
        may("Filters", LIST, "Which resources: by their ids, tags or group."),
        may("RegionId", TEXT, "The region of the resources."),
    ]),
    action(ActionKind::Loop, "Repeats a sequence of tasks.", &[
        must("LoopItems", LIST, "The items, at most 1000."),
        must("LoopTasks", LIST, "The tasks to repeat for each item."),
        may("LoopRateControl", MAP, "How many items at a time, and how many may fail."),
    ]),
    any_of(&[&["TemplateName", "TemplateContent", "Content"]],
        action(ActionKind::Template, "Runs another template as a child execution.", &[
            may("TemplateName", TEXT, "The name of a stored template."),
            may("TemplateVersion", TEXT, "Its version, such as v2; the newest when absent."),
            may("TemplateContent", ANY, "The template itself, instead of its name."),
            may("Content", ANY, "The same as TemplateContent."),
            may("Parameters", MAP, "The parameters of the child execution."),
            may("RegionId", TEXT, "The region of the child execution."),
            may("RamRole", TEXT, "The role of the child execution."),
            may("Tags", ANY, "The tags of the child execution."),
            may("Description", ANY, "The description of the child execution."),
            may("ResourceGroupId", TEXT, "The resource group of the child execution."),
            may("Mode", TEXT, "The mode of the child execution."),
            may("LoopMode", TEXT, "The loop mode of the child execution."),
            may("SafetyCheck", TEXT, "Whether high-risk calls of the child execution are confirmed."),
        ])),
    open(action(ActionKind::GitCodeRepo, "Authorises the access to a code repository.", &[
        may("Platform", TEXT, "The platform that holds the repository."),
        may("Owner", TEXT, "The owner of the repository."),
        may("Organization", TEXT, "The organization of the repository."),
        may("Repository", TEXT, "The repository."),
    ])),
    open(action(ActionKind::Pause, "Waits until a person lets the execution go on.", &[])),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_atom_action_has_a_specification_that_holds_together() {
        for (name, kind) in super::super::ATOMS {
            let spec = spec(*kind).unwrap_or_else(|| panic!("{name} has none"));
            let mut names: Vec<_> = spec.names().map(str::to_ascii_lowercase).collect();
            names.sort_unstable();
            assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{name}");
            for group in spec.any_of {
                assert!(
                    group.iter().all(|one| spec.property(one).is_some()),
                    "{name}"
                );
            }
            let ends = |doc: &str| doc.ends_with('.');
            assert!(ends(spec.doc) && spec.properties.iter().all(|known| ends(known.doc)));
        }
        assert_eq!(specs().len(), super::super::ATOMS.len());
        assert!(spec(ActionKind::Product).is_none());
    }
}
