//! The two operations of STS that hand out credentials (STS 2015-04-01).

use crate::CredentialsErrorKind::Invalid;
use crate::exchange::Exchange;
use crate::{AccessKey, Credentials, CredentialsError, Role, Sources};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use oos_clock::hex32;
use oos_sign::{RpcV1, Sign, SignableRequest, SigningParams};
use oos_transport::{Endpoint, HttpRequest};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::time::Duration;
use time::macros::format_description;
use zeroize::Zeroizing;

const VERSION: &str = "2015-04-01";
/// The read limit of the official clients.
const LIMIT: Duration = Duration::from_secs(10);

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

type Parameters = Vec<(&'static str, Zeroizing<String>)>;

/// A question to STS.
pub(super) struct Sts<'a> {
    pub(super) sources: &'a Sources,
    pub(super) role: &'a Role,
    pub(super) provider: &'static str,
}

impl Sts<'_> {
    /// `AssumeRole`, signed with HMAC-SHA1 as the official clients do.
    pub(super) async fn assume_role(
        &self,
        key: &AccessKey,
        name: String,
    ) -> Result<Credentials, CredentialsError> {
        let endpoint = self.endpoint()?;
        let external_id = self.role.external_id.as_deref();
        let own: Vec<_> = external_id
            .map(|id| ("ExternalId", id))
            .into_iter()
            .collect();
        let parameters = self.parameters(&own);
        let pairs: Vec<(&str, &str)> = parameters.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let host = endpoint.authority();
        let request =
            SignableRequest::rpc(host, "AssumeRole", VERSION, &pairs[..]).with_form_body();
        let nonce = hex32(&*self.sources.entropy);
        let params = SigningParams {
            date: self.sources.clock.now(),
            nonce: &nonce,
        };
        let signed = RpcV1.sign(&request, key, &params).map_err(|cause| {
            self.invalid("the request to STS can not be signed".to_owned())
                .with_source(cause)
        })?;
        let target = format!("/?{}", signed.query());
        let headers = signed
            .headers()
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .collect();
        let body = signed.into_form_body().unwrap_or_default().into_bytes();
        let request = self.request(&endpoint, target, headers, body)?;
        let token = key.security_token().unwrap_or_default();
        let secrets = [key.secret().expose(), token];
        self.ask("AssumeRole", &endpoint, request, &secrets, name)
            .await
    }

    /// `AssumeRoleWithOIDC`, which carries a token instead of a signature.
    pub(super) async fn assume_role_with_oidc(
        &self,
        provider_arn: &str,
        token: &str,
        name: String,
    ) -> Result<Credentials, CredentialsError> {
        let endpoint = self.endpoint()?;
        let own = [("OIDCProviderArn", provider_arn), ("OIDCToken", token)];
        let parameters = self.parameters(&own);
        let date = self.sources.clock.now();
        let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
        let date = date.format(form).map_err(|cause| {
            self.invalid("the clock shows no usable time".to_owned())
                .with_source(cause)
        })?;
        let protocol = [
            ("Action", "AssumeRoleWithOIDC".to_owned()),
            ("Format", "JSON".to_owned()),
            ("Timestamp", date),
            ("Version", VERSION.to_owned()),
        ];
        let protocol = protocol.map(|(name, value)| (name, Zeroizing::new(value)));
        let target = format!("/?{}", form_text(&protocol));
        let content_type = "application/x-www-form-urlencoded".to_owned();
        let headers = vec![
            ("host".to_owned(), endpoint.authority().to_owned()),
            ("content-type".to_owned(), content_type),
        ];
        let body = form_text(&parameters).into_bytes();
        let request = self.request(&endpoint, target, headers, body)?;
        self.ask("AssumeRoleWithOIDC", &endpoint, request, &[token], name)
            .await
    }

    fn endpoint(&self) -> Result<Endpoint, CredentialsError> {
        let checked = self.role.check();
        checked
            .and_then(|()| self.role.endpoint(&*self.sources.host))
            .map_err(|problem| self.invalid(problem))
    }

    fn parameters(&self, own: &[(&'static str, &str)]) -> Parameters {
        let role = self.role;
        let session_name = role.session_name(&*self.sources.host, self.sources.clock.now());
        let mut parameters = vec![
            ("RoleArn", role.arn.clone()),
            ("RoleSessionName", session_name),
            ("DurationSeconds", role.duration.as_secs().to_string()),
        ];
        parameters.extend(role.policy.clone().map(|policy| ("Policy", policy)));
        parameters.extend(own.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let wiped = |(name, value)| (name, Zeroizing::new(value));
        parameters.into_iter().map(wiped).collect()
    }

    fn request(
        &self,
        endpoint: &Endpoint,
        target: String,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Result<HttpRequest, CredentialsError> {
        let mut request = HttpRequest::new(Method::POST, endpoint.clone(), target);
        request.headers = header_map(headers).ok_or_else(|| {
            self.invalid("the endpoint of STS can not stand in a header".to_owned())
        })?;
        // It may hold the token of an OIDC provider: the last who has it wipes it.
        request.body = Bytes::from_owner(Zeroizing::new(body)).into();
        Ok(request)
    }

    async fn ask(
        &self,
        operation: &'static str,
        endpoint: &Endpoint,
        request: HttpRequest,
        secrets: &[&str],
        name: String,
    ) -> Result<Credentials, CredentialsError> {
        let server = format!("STS at {endpoint}");
        let exchange = Exchange {
            transport: &*self.sources.transport,
            clock: &*self.sources.clock,
            limit: LIMIT,
            provider: self.provider,
            server: &server,
        };
        let sent = exchange.send(operation, request).await;
        let response = sent.map_err(|why| exchange.unanswered(why))?;
        let document = exchange.document(response, secrets)?;
        let credentials = document.get("Credentials");
        let credentials = credentials
            .ok_or_else(|| exchange.error(format!("the answer of {server} has no Credentials")))?;
        exchange.credentials(credentials, name)
    }

    fn invalid(&self, problem: String) -> CredentialsError {
        CredentialsError::new(Invalid, self.provider, problem)
    }
}

fn header_map(headers: Vec<(String, String)>) -> Option<HeaderMap> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        map.insert(
            HeaderName::try_from(name).ok()?,
            HeaderValue::try_from(value).ok()?,
        );
    }
    Some(map)
}

fn form_text(pairs: &[(&str, Zeroizing<String>)]) -> String {
    // Three times the length is enough for any encoding: a text that grows leaves copies behind.
    let length = |(name, value): &(&str, Zeroizing<String>)| name.len() + 3 * value.len() + 2;
    let mut text = String::with_capacity(pairs.iter().map(length).sum());
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        text.extend(utf8_percent_encode(value.as_str(), RESERVED));
    }
    text
}
