//! Git repositories that applications come from.
use oos_model::groups::git::{AnalyzeGitRepository, AnalyzeGitRepositoryOutput};
use oos_model::Output;

let _call = AnalyzeGitRepository::new("me", "github")
    .with_repo_full_name("me/shop")
    .with_branch("main");
let body = br#"{"Count":1,"AnalysisResults":[{"RuntimeType":"java","BuildType":"maven"}]}"#;
let results = AnalyzeGitRepositoryOutput::decode(body)?.analysis_results.expect("a list");
assert_eq!(results[0].build_type.as_deref(), Some("maven"));
# Ok::<(), oos_model::DecodeError>(())
