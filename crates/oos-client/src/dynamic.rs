//! An operation whose name, version and parameters are known at run time only.

use crate::call::{self, Call};
use crate::client::Inner;
use crate::directory::{self, OperationInfo};
use crate::options::Options;
use crate::plan::Draft;
use crate::{Answer, Client, DecodeFailure, Error};
use oos_model::{API_VERSION, Idempotency, ParameterKind, Params};
use oos_transport::HttpRequest;
use serde_json::Value;
use std::borrow::Cow;

const TOKEN: &str = "ClientToken";

/// An RPC operation by name: of OOS, or of any other service of the cloud whose endpoint the call
/// is given. Called by [`Client::call_dynamic`].
///
/// Whether repeating a call is harmless decides whether the client repeats it after an unclear
/// end: see [`idempotency`](Self::idempotency).
///
/// ```no_run
/// use oos_client::DynamicOperation;
///
/// # async fn example(client: oos_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let describe = DynamicOperation::new("DescribeInstances")
///     .version("2014-05-26")
///     .param("InstanceIds", r#"["i-bp1"]"#);
/// let answer = client
///     .call_dynamic(describe)
///     .endpoint("https://ecs.cn-hangzhou.aliyuncs.com".parse()?)
///     .send()
///     .await?;
/// println!("{}", answer.output["TotalCount"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "an operation does nothing until it is sent"]
pub struct DynamicOperation {
    name: String,
    version: Cow<'static, str>,
    method: &'static str,
    params: Params<'static>,
    idempotency: Option<Idempotency>,
    region: bool,
}

impl DynamicOperation {
    /// The operation of this name in version 2019-06-01, that of OOS, sent with the method of the
    /// official client: `POST`, or `GET` for `GetServiceSettings`.
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        let method = directory::operation(&name).map_or("POST", |known| known.method);
        Self {
            name,
            version: Cow::Borrowed(API_VERSION),
            method,
            params: Params::new(),
            idempotency: None,
            region: true,
        }
    }

    /// Another version: that of another service's API, such as `2014-05-26` of ECS.
    pub fn version(mut self, version: impl Into<Cow<'static, str>>) -> Self {
        self.version = version.into();
        self
    }

    /// Sends it with `GET`: for operations that take nothing else.
    pub fn get(mut self) -> Self {
        self.method = "GET";
        self
    }

    /// Sets a parameter, as it stands on the wire: lists are numbered (`Filter.1.Name`), other
    /// structures are one JSON text. A parameter that is set again keeps the last value.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.set(name.into(), value.into());
        self
    }

    /// Sets a parameter from JSON: a text as it is, a number or truth value as its text, nothing for
    /// `null`. A list or an object becomes numbered and dotted names (`Tag.1.Key`), as RPC services
    /// take them, except for parameters of OOS that are one JSON text, which they become.
    ///
    /// ```
    /// use oos_client::DynamicOperation;
    /// use serde_json::json;
    ///
    /// let start = DynamicOperation::new("StartExecution")
    ///     .json_param("Tags", &json!({"env": "test"}));
    /// assert_eq!(start.params().get("Tags"), Some(r#"{"env":"test"}"#));
    ///
    /// let run = DynamicOperation::new("RunInstances").version("2014-05-26")
    ///     .json_param("Tag", &json!([{"Key": "env", "Value": "test"}]));
    /// assert_eq!(run.params().get("Tag.1.Key"), Some("env"));
    /// ```
    pub fn json_param(mut self, name: &str, value: &Value) -> Self {
        let declared = self.info().and_then(|info| {
            let found = info.parameters.iter().find(|known| known.name == name);
            found.map(|known| known.kind)
        });
        let spread = match declared {
            None => true,
            Some(kind) => matches!(
                kind,
                ParameterKind::NumberedTexts | ParameterKind::NumberedObjects(_)
            ),
        };
        spread_into(&mut self.params, name.to_owned(), value, spread);
        self
    }

    /// Whether a call may be sent again after an unclear end. If it is not set, an operation of
    /// OOS does as its typed form; of the operations of other services those that begin with
    /// `Describe`, `List` or `Get` count as reading, those with a `ClientToken` as repeatable with
    /// it, and all others as not repeatable. With [`ByToken`](Idempotency::ByToken) a call without
    /// a `ClientToken` gets a random one.
    pub fn idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = Some(idempotency);
        self
    }

    /// Leaves the parameter `RegionId` out, if it is not set. Otherwise it is filled in from the
    /// client, except for operations of OOS that do not have it.
    pub fn without_region(mut self) -> Self {
        self.region = false;
        self
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version of its API.
    #[must_use]
    pub fn version_text(&self) -> &str {
        &self.version
    }

    /// The parameters so far.
    #[must_use]
    pub fn params(&self) -> &Params<'static> {
        &self.params
    }

    /// What is known of it, if it is an operation of OOS.
    #[must_use]
    pub fn info(&self) -> Option<&'static OperationInfo> {
        directory::operation(&self.name).filter(|known| known.version == self.version)
    }

    fn effective_idempotency(&self) -> Idempotency {
        let by_name = || {
            let reads = ["Describe", "List", "Get"];
            if reads.iter().any(|verb| self.name.starts_with(verb)) {
                Idempotency::Read
            } else if self.has_token() {
                Idempotency::ByToken
            } else {
                Idempotency::No
            }
        };
        self.idempotency
            .or_else(|| self.info().map(|known| known.idempotency))
            .unwrap_or_else(by_name)
    }

    fn has_token(&self) -> bool {
        self.params
            .get(TOKEN)
            .is_some_and(|token| !token.is_empty())
    }

    fn fill_token(&mut self, client: &Inner) {
        if self.effective_idempotency() == Idempotency::ByToken && !self.has_token() {
            self.params.set(TOKEN, client.new_token());
        }
    }

    fn draft(&self) -> Draft<'_> {
        let known = self.info();
        let pairs = self.params.iter();
        Draft {
            operation: known.map_or_else(
                || Cow::Owned(self.name.clone()),
                |known| Cow::Borrowed(known.name),
            ),
            version: &self.version,
            verb: self.method,
            params: pairs.collect(),
            region: self.params.get("RegionId"),
            pinned_region: known.and_then(|known| known.pinned_region),
            takes_region: self.region && known.is_none_or(|known| known.takes("RegionId")),
            is_repeatable: match self.effective_idempotency() {
                Idempotency::Read => true,
                Idempotency::ByToken => self.has_token(),
                Idempotency::No => false,
            },
        }
    }
}

fn spread_into(params: &mut Params<'static>, name: String, value: &Value, spread: bool) {
    match value {
        Value::Null => {}
        Value::String(text) => params.set(name, text.clone()),
        Value::Array(items) if spread => {
            for (index, item) in items.iter().enumerate() {
                spread_into(params, format!("{name}.{}", index + 1), item, true);
            }
        }
        Value::Object(members) if spread => {
            for (member, value) in members {
                spread_into(params, format!("{name}.{member}"), value, true);
            }
        }
        other => params.set(name, other.to_string()),
    }
}

impl Client {
    /// A call of an operation that is known by name only; nothing is sent before it is told to.
    pub fn call_dynamic(&self, operation: DynamicOperation) -> Call<DynamicOperation> {
        Call::new(self.clone(), operation)
    }
}

impl Call<DynamicOperation> {
    /// Sends this token as `ClientToken`.
    pub fn client_token(self, token: impl Into<String>) -> Self {
        self.with(|operation| operation.param(TOKEN, token))
    }

    /// Sends the call as that of a typed operation is sent; the output is the JSON of the answer.
    ///
    /// # Errors
    /// As the typed call's.
    pub async fn send(mut self) -> Result<Answer<Value>, Error> {
        send(&self.client.inner, &mut self.operation, &self.options).await
    }

    /// The first attempt of the call, signed and not sent.
    ///
    /// # Errors
    /// As [`send`](Self::send), as far as nothing has to be sent for it.
    pub async fn prepare(mut self) -> Result<HttpRequest, Error> {
        let client = &*self.client.inner;
        self.operation.fill_token(client);
        call::prepare(client, self.operation.draft(), &self.options).await
    }
}

pub(crate) async fn send(
    client: &Inner,
    operation: &mut DynamicOperation,
    options: &Options,
) -> Result<Answer<Value>, Error> {
    operation.fill_token(client);
    let (response, trace) = call::exchange(client, operation.draft(), options).await?;
    let output: Value = match serde_json::from_slice(response.body.as_bytes()) {
        Ok(output) => output,
        Err(error) => {
            let place = (error.line(), error.column());
            return Err(DecodeFailure::raise(trace, not_json(place), response));
        }
    };
    let request_id = output["RequestId"].as_str().map(str::to_owned);
    Ok(call::answer(output, request_id, response))
}

/// The text of serde's own error may repeat the answer.
fn not_json((line, column): (usize, usize)) -> String {
    format!("the answer is not JSON (line {line}, column {column})")
}
