//! The template that the figures are taken with: a trigger and three control tasks.

/// An event trigger on any event of ECS, then three choices, each of which looks at a value.
pub const TEXT: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: trigger
  Action: ACS::EventTrigger
  Properties: { Product: ECS, Name: ['Instance:StateChange'] }
  Outputs: { id: { ValueSelector: .content.resourceId } }
- Name: first
  Action: ACS::Choice
  Properties: { DefaultTask: second, Choices: [ { When: { 'Fn::Equals': [ '{{ trigger.id }}', '' ] }, NextTask: 'ACS::END' } ] }
- Name: second
  Action: ACS::Choice
  Properties: { DefaultTask: third, Choices: [] }
- Name: third
  Action: ACS::Choice
  Properties: { DefaultTask: 'ACS::END', Choices: [] }
Outputs:
  id: { Type: String, Value: '{{ trigger.id }}' }
";

/// A message that the trigger takes, of the usual size.
pub const EVENT: &str = r#"{"eventTime":"20260102T030405.058+0800","id":"4f3c2b1a-0000-4000-8000-0123456789ab","level":"INFO","name":"Instance:StateChange","product":"ECS","regionId":"cn-hangzhou","resourceId":"acs:ecs:cn-hangzhou:1000000000000000:instance/i-bp1a2b3c4d5e6f7g8h9i","userId":"1000000000000000","ver":"1.0","content":{"resourceId":"i-bp1a2b3c4d5e6f7g8h9i","resourceType":"ALIYUN::ECS::Instance","state":"Stopped"}}"#;
