//! Regions that have the service.
use oos_model::enums::AcceptLanguage;
use oos_model::groups::region::{DescribeRegions, DescribeRegionsOutput};
use oos_model::Output;

let _call = DescribeRegions::new().with_accept_language(AcceptLanguage::EnUs);
let body = br#"{"Regions":[{"RegionId":"cn-shenzhen","RegionEndpoint":"oos.cn-shenzhen.aliyuncs.com"}]}"#;
let regions = DescribeRegionsOutput::decode(body)?.regions.expect("a list");
assert_eq!(regions[0].region_id.as_deref(), Some("cn-shenzhen"));
# Ok::<(), oos_model::DecodeError>(())
