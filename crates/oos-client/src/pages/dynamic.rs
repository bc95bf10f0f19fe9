//! The pages of a list whose operation is known by name only.

use super::stream::Source;
use super::visited::Visited;
use super::{Next, PageStream, unreadable};
use crate::options::Options;
use crate::{Answer, Call, Client, DynamicOperation, Error, dynamic};
use oos_clock::BoxFuture;
use serde_json::Value;

/// The pages of a dynamic operation, asked for one by one; made by [`Call::pages`].
///
/// They are chained by `NextToken`, as in OOS and in most services of the cloud. An answer without
/// one is the last: the list of an operation with numbered pages has one page here.
#[derive(Debug)]
pub struct DynamicPages {
    client: Client,
    operation: DynamicOperation,
    options: Options,
    next: Next,
    visited: Visited,
}

impl Call<DynamicOperation> {
    /// The pages of this list, beginning where the operation says; each is a call with the options
    /// of this one.
    #[must_use = "pages do nothing until they are asked for"]
    pub fn pages(self) -> DynamicPages {
        DynamicPages {
            client: self.client,
            operation: self.operation,
            options: self.options,
            next: Next::Given,
            visited: Visited::default(),
        }
    }
}

impl DynamicPages {
    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// As [`Call::send`](crate::Call::send); asking again after an error asks for the same page.
    /// [`Error::Decode`] if the page names a page as its successor that was there before.
    pub async fn next_page(&mut self) -> Result<Option<Answer<Value>>, Error> {
        match &self.next {
            Next::End => return Ok(None),
            Next::Given => {}
            Next::Token(token) => {
                self.operation = self.operation.clone().param("NextToken", token);
            }
        }
        let client = &*self.client.inner;
        let answer = dynamic::send(client, &mut self.operation, &self.options).await?;
        self.next = match answer.output["NextToken"].as_str() {
            None | Some("") => Next::End,
            Some(token) => match self.visited.add(token) {
                Ok(()) => Next::Token(token.to_owned()),
                Err(endless) => return Err(unreadable(self.operation.name(), endless, answer)),
            },
        };
        Ok(Some(answer))
    }

    /// The pages as a stream. It ends after the last page, or after the first error.
    pub fn into_stream(self) -> PageStream<Answer<Value>> {
        PageStream::of(self)
    }
}

impl Source for DynamicPages {
    type Page = Answer<Value>;

    fn next(&mut self) -> BoxFuture<'_, Result<Option<Self::Page>, Error>> {
        Box::pin(self.next_page())
    }
}
