//! State configurations: what instances should be like, checked on a schedule.
use oos_model::documents::{TargetFilter, Targets};
use oos_model::enums::ScheduleType;
use oos_model::groups::state_configuration::{
    CreateStateConfiguration, CreateStateConfigurationRequired,
};
use oos_model::JsonText;

let targets = Targets::new("ALIYUN::ECS::Instance", [TargetFilter::tags([("role", "web")])]);
let call = CreateStateConfiguration::new(CreateStateConfigurationRequired {
    schedule_expression: "30 minutes".to_owned(),
    schedule_type: ScheduleType::Rate,
    targets: JsonText::from(targets.clone()).into(),
    template_name: "ACS-ECS-InventoryDataCollection".to_owned(),
});
assert_eq!(call.targets_json()?, targets);
# Ok::<(), oos_model::JsonTextError>(())
