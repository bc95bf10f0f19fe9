//! The pages of a list.
//!
//! A list ends where the service says so: with a page that names no next one, or, where pages are
//! numbered, with an empty page. Everything else that would end it is an error.

mod dynamic;
mod numbered;
mod stream;
mod visited;

pub use dynamic::DynamicPages;
pub use numbered::{ByNumber, NumberedPages};
pub use stream::{ItemStream, PageStream};

use crate::call;
use crate::error::Trace;
use crate::options::Options;
use crate::{Answer, Client, DecodeFailure, Error};
use http::StatusCode;
use oos_clock::BoxFuture;
use oos_model::Paged;
use oos_transport::HttpResponse;
use std::fmt::Display;
use stream::Source;
use visited::Visited;

/// The pages of a listing operation, asked for one by one; made by [`Client::pages`].
///
/// An empty page that names a next one does not end the list. A page that names a page that was
/// there before does, with an error: the list would never end. For that the tokens of all pages
/// are kept.
#[derive(Debug)]
pub struct Pages<O> {
    client: Client,
    operation: O,
    next: Next,
    visited: Visited,
}

#[derive(Debug, PartialEq)]
enum Next {
    Given,
    Token(String),
    End,
}

impl Client {
    /// The pages of this list, beginning where the operation says, as long as it says
    /// (`MaxResults`).
    ///
    /// ```no_run
    /// # async fn example(client: oos_client::Client) -> Result<(), oos_client::Error> {
    /// use oos_client::model::operations::ListExecutions;
    ///
    /// let mut pages = client.pages(ListExecutions::new().with_template_name("restart"));
    /// while let Some(page) = pages.next_page().await? {
    ///     println!("{} executions", page.output.executions.unwrap_or_default().len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<O: Paged>(&self, operation: O) -> Pages<O> {
        Pages {
            client: self.clone(),
            operation,
            next: Next::Given,
            visited: Visited::default(),
        }
    }
}

impl<O: Paged> Pages<O> {
    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// As [`Call::send`](crate::Call::send); asking again after an error asks for the same page.
    /// [`Error::Decode`] if the page names a page as its successor that was there before, which
    /// would never end.
    pub async fn next_page(&mut self) -> Result<Option<Answer<O::Output>>, Error> {
        match &self.next {
            Next::End => return Ok(None),
            Next::Given => {}
            Next::Token(token) => self.operation.set_next_token(Some(token.clone())),
        }
        let client = &*self.client.inner;
        let answer = call::send(client, &mut self.operation, &Options::default()).await?;
        self.next = match O::next_token(&answer.output) {
            None | Some("") => Next::End,
            Some(token) => match self.visited.add(token) {
                Ok(()) => Next::Token(token.to_owned()),
                Err(endless) => return Err(unreadable(O::NAME, endless, answer)),
            },
        };
        Ok(Some(answer))
    }

    /// The entries of this page and all that follow, at most `limit` of them.
    ///
    /// # Errors
    /// As [`next_page`](Self::next_page); the entries of earlier pages are lost then.
    pub async fn items(&mut self, limit: usize) -> Result<Vec<O::Item>, Error> {
        let mut items = Vec::new();
        while items.len() < limit {
            match self.next_page().await? {
                Some(page) => items.extend(O::into_items(page.output)),
                None => break,
            }
        }
        items.truncate(limit);
        Ok(items)
    }

    /// The pages as a stream. It ends after the last page, or after the first error.
    ///
    /// ```no_run
    /// # async fn example(client: oos_client::Client) -> Result<(), oos_client::Error> {
    /// use futures_util::TryStreamExt;
    /// use oos_client::model::operations::ListTemplates;
    ///
    /// let mut pages = client.pages(ListTemplates::new()).into_stream();
    /// while let Some(page) = pages.try_next().await? {
    ///     println!("{:?}", page.request_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_stream(self) -> PageStream<Answer<O::Output>> {
        PageStream::of(self)
    }

    /// The entries of all pages as a stream. It ends after the last entry, or after the first
    /// error; the entries of the pages before the error come first.
    ///
    /// ```no_run
    /// # async fn example(client: oos_client::Client) -> Result<(), oos_client::Error> {
    /// use futures_util::TryStreamExt;
    /// use oos_client::model::operations::ListExecutions;
    ///
    /// let mut executions = client.pages(ListExecutions::new()).into_items();
    /// while let Some(execution) = executions.try_next().await? {
    ///     println!("{:?}", execution.execution_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_items(self) -> ItemStream<O::Item>
    where
        O::Item: Send + 'static,
    {
        ItemStream::of(self.into_stream(), |page| O::into_items(page.output))
    }
}

impl<O: Paged> Source for Pages<O> {
    type Page = Answer<O::Output>;

    fn next(&mut self) -> BoxFuture<'_, Result<Option<Self::Page>, Error>> {
        Box::pin(self.next_page())
    }
}

/// The error of a list whose page was answered, but can not be followed.
fn unreadable<T>(operation: impl Display, why: String, answer: Answer<T>) -> Error {
    let mut trace = Trace::new(operation.to_string());
    trace.attempts = 1;
    let response = HttpResponse::new(StatusCode::from_u16(answer.status).unwrap_or_default())
        .with_headers(answer.headers)
        .with_body(answer.raw);
    DecodeFailure::raise(trace, why, response)
}
