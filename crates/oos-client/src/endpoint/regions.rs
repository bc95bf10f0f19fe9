//! The regions of OOS.

use crate::resemblance::distance;

/// Every region whose endpoints are published: the endpoint table of the official CLI's product
/// list (39 regions, all following one rule), which holds those of the help page "Endpoints" of OOS
/// (25 July 2025) too. The endpoint map of the official Python client
/// (`alibabacloud-oos20190601` 3.7.0) is empty: it goes by the rule alone.
pub const REGIONS: [&str; 39] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ap-southeast-8",
    "cn-beijing",
    "cn-beijing-finance-1",
    "cn-chengdu",
    "cn-fuzhou",
    "cn-guangzhou",
    "cn-hangzhou",
    "cn-hangzhou-finance",
    "cn-heyuan",
    "cn-heyuan-acdr-1",
    "cn-hongkong",
    "cn-huhehaote",
    "cn-nanjing",
    "cn-qingdao",
    "cn-shanghai",
    "cn-shanghai-finance-1",
    "cn-shenzhen",
    "cn-shenzhen-finance-1",
    "cn-wuhan-lr",
    "cn-wulanchabu",
    "cn-zhangjiakou",
    "cn-zhengzhou-jva",
    "eu-central-1",
    "eu-west-1",
    "me-central-1",
    "me-east-1",
    "na-south-1",
    "us-east-1",
    "us-southeast-1",
    "us-west-1",
];

/// At most this many suggestions.
const MOST: usize = 3;

/// The regions that the text resembles, the nearest first: at most a third of the letters differ.
pub(super) fn nearest(text: &str) -> Vec<&'static str> {
    let text = text.to_ascii_lowercase();
    let mut near: Vec<(usize, &'static str)> = REGIONS
        .iter()
        .map(|region| (distance(region.as_bytes(), text.as_bytes()), *region))
        .filter(|(distance, region)| *distance <= region.len().max(text.len()) / 3)
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter()
        .take(MOST)
        .map(|(_, region)| region)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_their_region() {
        let check = |slip: &str, expected: Option<&str>| {
            assert_eq!(nearest(slip).first().copied(), expected, "{slip}");
        };
        check("cn-hangzou", Some("cn-hangzhou"));
        check("hangzhou", Some("cn-hangzhou"));
        check("CN_SHANGHAI", Some("cn-shanghai"));
        check("ap-southeast-9", Some("ap-southeast-1"));
        check("us-west-2", Some("us-west-1"));
        check("cn-north-1", None);
        check("x", None);
    }

    #[test]
    fn they_stand_in_order_and_once() {
        assert!(REGIONS.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
