//! What a client takes from the environment, if it is not set.

use oos_client::BuildError;
use oos_credentials::Host;
use oos_transport::Endpoint;
use oos_transport_hyper::{InvalidProxy, Proxies};
use std::path::Path;

const ENDPOINT: &str = "ALIBABA_CLOUD_ENDPOINT";
const ENDPOINT_TYPE: &str = "ALIBABA_CLOUD_ENDPOINT_TYPE";
const CA_BUNDLE: &str = "ALIBABA_CLOUD_CA_BUNDLE";

/// The endpoint of `ALIBABA_CLOUD_ENDPOINT`, the variable of the official CLI.
pub(crate) fn endpoint(host: &dyn Host) -> Result<Option<Endpoint>, BuildError> {
    let Some((name, text)) = variable(host, &[ENDPOINT]) else {
        return Ok(None);
    };
    // The text is not repeated: it may hold a password.
    let problem = "it is no endpoint: write `https://HOST`, or `http://HOST:PORT` for a local OOS";
    let endpoint = text.parse().map_err(|_| refused(name, problem))?;
    Ok(Some(endpoint))
}

/// Whether `ALIBABA_CLOUD_ENDPOINT_TYPE`, the variable of the official CLI, asks for the endpoints of
/// VPCs.
pub(crate) fn is_vpc(host: &dyn Host) -> Result<bool, BuildError> {
    match variable(host, &[ENDPOINT_TYPE]) {
        None => Ok(false),
        Some((_, kind)) if kind.eq_ignore_ascii_case("vpc") => Ok(true),
        Some((_, kind)) if kind.eq_ignore_ascii_case("public") => Ok(false),
        Some((name, kind)) => Err(refused(
            name,
            format!("there is no endpoint of the kind `{kind}`: write `vpc` or `public`"),
        )),
    }
}

/// The proxies of `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, or of their lower-case spellings. In a
/// CGI program `HTTP_PROXY` is a header of the request that it answers (httpoxy), and is not read.
pub(crate) fn proxies(host: &dyn Host) -> Result<Proxies, BuildError> {
    let http: &[&str] = if host.env("REQUEST_METHOD").is_some() {
        &["http_proxy"]
    } else {
        &["HTTP_PROXY", "http_proxy"]
    };
    let told = |name| move |error: InvalidProxy| refused(name, error.to_string());
    let mut proxies = Proxies::none();
    if let Some((name, address)) = variable(host, http) {
        proxies = proxies.with_http(&address).map_err(told(name))?;
    }
    if let Some((name, address)) = variable(host, &["HTTPS_PROXY", "https_proxy"]) {
        proxies = proxies.with_https(&address).map_err(told(name))?;
    }
    if let Some((_, exceptions)) = variable(host, &["NO_PROXY", "no_proxy"]) {
        proxies = proxies.without(&exceptions);
    }
    Ok(proxies)
}

/// The name and the bytes of the PEM file that `ALIBABA_CLOUD_CA_BUNDLE`, the variable of the older
/// official SDKs, names.
pub(crate) fn roots(host: &dyn Host) -> Result<Option<Vec<u8>>, BuildError> {
    let Some((name, path)) = variable(host, &[CA_BUNDLE]) else {
        return Ok(None);
    };
    let read = host.read_file(Path::new(&path));
    let pem = read.map_err(|error| refused(name, format!("{path} can not be read: {error}")))?;
    Ok(Some(pem))
}

/// The roots did not hold what they should.
pub(crate) fn bad_roots(error: &oos_transport_hyper::InvalidPem) -> BuildError {
    refused(CA_BUNDLE, error.to_string())
}

/// The first of these variables that is set and not blank: to the official clients an empty variable
/// is not set.
fn variable(host: &dyn Host, names: &[&'static str]) -> Option<(&'static str, String)> {
    names.iter().find_map(|name| {
        let value = host.env(name)?;
        let value = value.trim();
        (!value.is_empty()).then(|| (*name, value.to_owned()))
    })
}

fn refused(name: &str, problem: impl Into<String>) -> BuildError {
    BuildError::Environment {
        name: name.to_owned(),
        problem: problem.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oos_credentials::FakeHost;

    fn machine(variables: &[(&str, &str)]) -> FakeHost {
        let with = |host: FakeHost, &(name, value): &(&str, &str)| host.with_env(name, value);
        variables.iter().fold(FakeHost::new(), with)
    }

    #[test]
    fn both_spellings_of_proxies_are_read() {
        let check = |variables: &[(&str, &str)], http: bool, https: bool| {
            let proxies = proxies(&machine(variables)).expect("addresses");
            let used =
                |endpoint: &str| proxies.is_used_for(&endpoint.parse().expect("an endpoint"));
            let found = (used("http://a.example"), used("https://a.example"));
            assert_eq!(found, (http, https), "{variables:?}");
        };
        check(&[], false, false);
        check(&[("HTTP_PROXY", "http://p:1")], true, false);
        check(&[("http_proxy", "p:1")], true, false);
        check(&[("HTTPS_PROXY", "http://p:1")], false, true);
        check(&[("https_proxy", "http://u:p@p:1")], false, true);
        check(&[("HTTPS_PROXY", " "), ("https_proxy", "p:1")], false, true);
        check(
            &[("https_proxy", "p:1"), ("NO_PROXY", "a.example")],
            false,
            false,
        );
        check(
            &[("https_proxy", "p:1"), ("no_proxy", ".example")],
            false,
            false,
        );
        check(
            &[("https_proxy", "p:1"), ("NO_PROXY", "b.example")],
            false,
            true,
        );
        let cgi = ("REQUEST_METHOD", "GET");
        check(&[cgi, ("HTTP_PROXY", "http://p:1")], false, false);
        check(&[cgi, ("http_proxy", "http://p:1")], true, false);
    }

    #[test]
    fn what_can_not_be_used_is_told_by_name_and_not_repeated() {
        let check = |variable: (&'static str, &str), text: &str| {
            let host = machine(&[variable]);
            let failed = endpoint(&host)
                .err()
                .or_else(|| is_vpc(&host).err())
                .or_else(|| proxies(&host).err())
                .or_else(|| roots(&host).err())
                .expect(variable.0)
                .to_string();
            assert!(
                failed.contains(variable.0) && failed.contains(text),
                "{failed}"
            );
            assert!(!failed.contains("s3cr3t"), "{failed}");
        };
        check((ENDPOINT, "http://u:s3cr3t@host"), "is no endpoint");
        check((ENDPOINT_TYPE, "private"), "`vpc` or `public`");
        check(
            ("HTTP_PROXY", "socks5://u:s3cr3t@h"),
            "kind that is not supported",
        );
        check(("https_proxy", "http://u:s3cr3t@ho st"), "can not be read");
        check(
            (CA_BUNDLE, "/no/such/file"),
            "/no/such/file can not be read",
        );
    }
}
