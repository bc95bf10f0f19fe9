//! The role of the ECS instance that this runs on.

use crate::CredentialsErrorKind::{Invalid, NotConfigured};
use crate::exchange::{Exchange, Unanswered};
use crate::machine::{is_on, variable};
use crate::{Credentials, CredentialsError, ProvideCredentials, Sources};
use http::{HeaderName, HeaderValue, Method};
use oos_clock::BoxFuture;
use oos_transport::{Endpoint, HttpRequest, HttpResponse, Scheme, TransportErrorKind};
use std::time::Duration;
use zeroize::Zeroizing;

const PROVIDER: &str = "ecs_ram_role";
const DISABLED: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
const V1_DISABLED: &str = "ALIBABA_CLOUD_IMDSV1_DISABLED";
const ROLE: &str = "ALIBABA_CLOUD_ECS_METADATA";

const ADDRESS: &str = "100.100.100.200";
const SERVER: &str = "the metadata service at 100.100.100.200";
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";
/// The service is on the same machine, so to say: who does not answer in a second is not there.
const LIMIT: Duration = Duration::from_secs(1);

/// The metadata service.
#[derive(Debug)]
pub(crate) struct EcsMetadata {
    sources: Sources,
    role: Option<String>,
}

/// The token of version 2, if there is one.
type Token = Option<Zeroizing<String>>;

impl EcsMetadata {
    pub(crate) fn new(sources: Sources, role: Option<String>) -> Self {
        Self { sources, role }
    }

    pub(super) async fn fetch(&self) -> Result<Credentials, CredentialsError> {
        let host = &*self.sources.host;
        if is_on(host, DISABLED) {
            let problem = format!("{DISABLED} is true");
            return Err(CredentialsError::new(NotConfigured, PROVIDER, problem));
        }
        let exchange = Exchange {
            transport: &*self.sources.direct.0,
            clock: &*self.sources.clock,
            limit: LIMIT,
            provider: PROVIDER,
            server: SERVER,
        };
        let service = Service {
            exchange,
            v1_allowed: !is_on(host, V1_DISABLED),
        };
        let token = service.token().await?;
        let role = match self.role.clone().or_else(|| variable(host, ROLE)) {
            Some(role) => role,
            None => service.attached_role(&token).await?,
        };
        service.credentials(&token, &role).await
    }
}

struct Service<'a> {
    exchange: Exchange<'a>,
    v1_allowed: bool,
}

impl Service<'_> {
    /// `None` if the service has no version 2 and version 1 is allowed.
    async fn token(&self) -> Result<Token, CredentialsError> {
        let mut request = request(Method::PUT, "/latest/api/token");
        request.headers.insert(
            HeaderName::from_static("x-aliyun-ecs-metadata-token-ttl-seconds"),
            HeaderValue::from_static("21600"),
        );
        let problem = match self.exchange.send("GetMetadataToken", request).await {
            Ok(answer) if answer.status.is_success() => match word(&answer) {
                Some(token) => return Ok(Some(token)),
                None => self
                    .exchange
                    .error(format!("the token of {SERVER} is none")),
            },
            Ok(answer) => self
                .exchange
                .refusal(answer.status.as_u16(), None, None, &[]),
            Err(why) if nobody_is_there(&why) => return Err(self.exchange.unanswered(why)),
            Err(why) => self.exchange.unanswered(why),
        };
        if self.v1_allowed {
            return Ok(None);
        }
        let text = format!(
            "{} to the request for a token, and {V1_DISABLED} is true",
            problem.problem()
        );
        let error = CredentialsError::new(problem.kind(), PROVIDER, text);
        Err(match problem.status() {
            Some(status) => error.with_answer(status, None, None),
            None => error,
        }
        .with_source(problem))
    }

    async fn attached_role(&self, token: &Token) -> Result<String, CredentialsError> {
        let answer = self.get("GetMetadataRole", ROLES, token).await?;
        let status = answer.status.as_u16();
        let text = word(&answer).filter(|_| answer.status.is_success());
        match text {
            Some(role) if is_role_name(&role) => Ok(role.to_string()),
            // It is not repeated: whatever answers there, this is no name.
            Some(_) => Err(self.exchange.error(format!("{SERVER} names no RAM role"))),
            None if status == 404 || answer.status.is_success() => {
                let problem = "no RAM role is attached to this instance";
                let error = CredentialsError::new(NotConfigured, PROVIDER, problem);
                Err(error.with_answer(status, None, None))
            }
            None => Err(self.exchange.refusal(status, None, None, &[])),
        }
    }

    async fn credentials(
        &self,
        token: &Token,
        role: &str,
    ) -> Result<Credentials, CredentialsError> {
        if !is_role_name(role) {
            let problem = format!("{role:?} is no name of a RAM role");
            return Err(CredentialsError::new(Invalid, PROVIDER, problem));
        }
        let path = format!("{ROLES}{role}");
        let answer = self.get("GetMetadataCredentials", &path, token).await?;
        let status = answer.status.as_u16();
        if status == 404 {
            let problem = format!("the RAM role {role} is not attached to this instance");
            let error = CredentialsError::new(Invalid, PROVIDER, problem);
            return Err(error.with_answer(status, None, None));
        }
        let document = self.exchange.document(answer, &[])?;
        if document.text("Code") != Some("Success") {
            return Err(self.exchange.refusal(status, None, Some(&document), &[]));
        }
        self.exchange.credentials(&document, PROVIDER.to_owned())
    }

    /// A token that is refused is left out, as the official Python client does.
    async fn get(
        &self,
        operation: &'static str,
        path: &str,
        token: &Token,
    ) -> Result<HttpResponse, CredentialsError> {
        let answer = self.try_get(operation, path, token).await?;
        let refused = matches!(answer.status.as_u16(), 400 | 401 | 403);
        if refused && self.v1_allowed && token.is_some() {
            return self.try_get(operation, path, &None).await;
        }
        Ok(answer)
    }

    async fn try_get(
        &self,
        operation: &'static str,
        path: &str,
        token: &Token,
    ) -> Result<HttpResponse, CredentialsError> {
        let mut request = request(Method::GET, path);
        if let Some(token) = token {
            let value = HeaderValue::try_from(token.as_str());
            let mut value = value.map_err(|cause| {
                self.exchange
                    .error(format!("the token of {SERVER} is none"))
                    .with_source(cause)
            })?;
            value.set_sensitive(true);
            let name = HeaderName::from_static("x-aliyun-ecs-metadata-token");
            request.headers.insert(name, value);
        }
        let sent = self.exchange.send(operation, request).await;
        sent.map_err(|why| self.exchange.unanswered(why))
    }
}

/// Names of RAM roles are letters, digits and `-`, at most 64; a little more is let through, but
/// nothing that leads to another path.
fn is_role_name(text: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    text.len() <= 128 && !text.starts_with('.') && text.chars().all(is_name)
}

/// Without a connection there is no version 1 either: asking again would only take another second.
fn nobody_is_there(why: &Unanswered) -> bool {
    use TransportErrorKind::{Connect, ConnectTimeout};
    matches!(why, Unanswered::Failed(error) if matches!(error.kind(), Connect | ConnectTimeout))
}

/// A body that is one word.
fn word(answer: &HttpResponse) -> Option<Zeroizing<String>> {
    let text = std::str::from_utf8(answer.body.as_bytes()).ok()?.trim();
    let is_word =
        !text.is_empty() && text.len() <= 4096 && text.bytes().all(|b| b.is_ascii_graphic());
    is_word.then(|| Zeroizing::new(text.to_owned()))
}

fn request(method: Method, path: &str) -> HttpRequest {
    let endpoint = Endpoint::new(Scheme::Http, ADDRESS).expect("it is an address");
    let mut request = HttpRequest::new(method, endpoint, path);
    request
        .headers
        .insert(http::header::HOST, HeaderValue::from_static(ADDRESS));
    request
}

impl ProvideCredentials for EcsMetadata {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.fetch())
    }

    fn name(&self) -> &str {
        PROVIDER
    }
}
