//! Several sources, asked in turn.

use crate::{Credentials, CredentialsError, ProvideCredentials};
use oos_clock::BoxFuture;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Sources asked in the order they were added. The first that has credentials is kept for good, as
/// the official clients do: a source that fails later is reported, and no other takes its place
/// unnoticed. If none has any, the error tells what each of them said.
#[derive(Debug)]
pub struct Chain {
    name: &'static str,
    sources: Vec<Arc<dyn ProvideCredentials>>,
    winner: OnceLock<usize>,
    /// The last answer of the winner, and the same under the name of this chain.
    named: Mutex<Option<(Credentials, Credentials)>>,
}

impl Chain {
    /// A chain without sources. Its name stands before the name of the source that was found:
    /// `default/env`.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            sources: Vec::new(),
            winner: OnceLock::new(),
            named: Mutex::new(None),
        }
    }

    /// The same chain with one more source at its end.
    #[must_use]
    pub fn with(mut self, source: impl ProvideCredentials) -> Self {
        self.sources.push(Arc::new(source));
        self
    }

    /// Asks the sources in turn as the first call does, and tells what each of them said: for a
    /// person who wants to know where the credentials come from. It changes nothing.
    pub async fn explain(&self) -> Vec<Step> {
        let mut steps = Vec::with_capacity(self.sources.len());
        let mut found = false;
        for source in &self.sources {
            let outcome = if found {
                Outcome::NotAsked
            } else {
                source
                    .provide()
                    .await
                    .map_or_else(Outcome::Failed, Outcome::Used)
            };
            found |= matches!(outcome, Outcome::Used(_));
            let source = source.name().to_owned();
            steps.push(Step { source, outcome });
        }
        steps
    }

    async fn find(&self) -> Result<Credentials, CredentialsError> {
        let winner = self.winner.get().and_then(|&index| self.sources.get(index));
        let found = match winner {
            Some(source) => source.provide().await?,
            None => self.ask_all().await?,
        };
        Ok(self.under_our_name(found))
    }

    async fn ask_all(&self) -> Result<Credentials, CredentialsError> {
        let mut tried = Vec::new();
        for (index, source) in self.sources.iter().enumerate() {
            match source.provide().await {
                Ok(found) => {
                    self.winner.get_or_init(|| index);
                    return Ok(found);
                }
                Err(error) => tried.push(error),
            }
        }
        Err(CredentialsError::exhausted(self.name, tried))
    }

    /// Most calls get what the last one got: the name is not written anew for each.
    fn under_our_name(&self, found: Credentials) -> Credentials {
        let mut last = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((inner, named)) if inner.is_same(&found) => named.clone(),
            _ => {
                let named = found.clone().through(self.name);
                *last = Some((found, named.clone()));
                named
            }
        }
    }
}

impl ProvideCredentials for Chain {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.find())
    }

    fn name(&self) -> &str {
        self.name
    }
}

/// What one source of a chain said. It is shown as one line without a secret.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Step {
    /// The name of the source.
    pub source: String,
    /// What it said.
    pub outcome: Outcome,
}

/// What a source of a chain said.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Outcome {
    /// Its credentials are the ones that the chain gives.
    Used(Credentials),
    /// It gave none, and this is why; [`NotConfigured`](crate::CredentialsErrorKind::NotConfigured)
    /// if it is not set up, or switched off.
    Failed(CredentialsError),
    /// It was not asked: one before it had credentials.
    NotAsked,
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Used(found) => {
                let (source, id) = (&self.source, found.access_key().id());
                write!(formatter, "{source}: used, access key {id}")
            }
            Outcome::Failed(error) => write!(formatter, "{error}"),
            Outcome::NotAsked => write!(formatter, "{}: not asked", self.source),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CredentialsErrorKind, Static};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::{Context, Poll, Waker};

    /// Fails as long as its switch is off.
    #[derive(Debug, Clone)]
    struct Switch(&'static str, Arc<AtomicBool>);

    impl ProvideCredentials for Switch {
        fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
            let Self(name, on) = self;
            if on.load(Ordering::Relaxed) {
                return Static::new(*name, "s").credentials();
            }
            let error = CredentialsError::new(CredentialsErrorKind::Unavailable, *name, "is off");
            Box::pin(std::future::ready(Err(error)))
        }
    }

    impl Static {
        fn credentials(&self) -> BoxFuture<'static, Result<Credentials, CredentialsError>> {
            let Poll::Ready(found) = self
                .provide()
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
            else {
                panic!("static credentials are there")
            };
            Box::pin(std::future::ready(found))
        }
    }

    fn find(chain: &Chain) -> Result<Credentials, CredentialsError> {
        match chain
            .provide()
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(found) => found,
            Poll::Pending => panic!("none of these sources waits"),
        }
    }

    fn switch(name: &'static str, on: bool) -> Switch {
        Switch(name, Arc::new(AtomicBool::new(on)))
    }

    #[test]
    fn the_first_that_answers_is_kept() {
        let (first, second) = (switch("a", false), switch("b", true));
        let chain = Chain::new("default")
            .with(first.clone())
            .with(second.clone());
        let found = find(&chain).expect("the second answers");
        assert_eq!(
            (found.access_key().id(), found.provider()),
            ("b", "default/static_ak")
        );
        first.1.store(true, Ordering::Relaxed);
        assert_eq!(find(&chain).expect("still").access_key().id(), "b");
        second.1.store(false, Ordering::Relaxed);
        assert_eq!(
            find(&chain)
                .expect_err("no other takes its place")
                .provider(),
            "b"
        );
    }

    #[test]
    fn an_error_lists_every_source() {
        let chain = Chain::new("default")
            .with(switch("a", false))
            .with(switch("b", false));
        let error = find(&chain).expect_err("none answers");
        assert_eq!(
            error.to_string(),
            "default: no source has credentials; tried a: is off; then b: is off"
        );
        assert_eq!(error.tried().len(), 2);
        assert!(error.is_retryable());
        let empty = find(&Chain::new("default")).expect_err("there is none");
        assert_eq!(empty.kind(), CredentialsErrorKind::Exhausted);
        assert!(!empty.is_retryable());
    }

    #[test]
    fn the_name_is_written_once() {
        let chain = Chain::new("default").with(Static::new("id", "secret"));
        let (first, second) = (find(&chain).expect("one"), find(&chain).expect("two"));
        assert!(first.is_same(&second));
    }
}
