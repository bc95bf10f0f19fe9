//! The pages of a list.

use crate::call::{self, Options};
use crate::error::Trace;
use crate::{Answer, Client, DecodeFailure, Error};
use http::StatusCode;
use oos_model::Paged;
use oos_transport::HttpResponse;

/// The pages of a listing operation, asked for one by one; made by [`Client::pages`].
#[derive(Debug)]
pub struct Pages<O> {
    client: Client,
    operation: O,
    next: Next,
}

#[derive(Debug, PartialEq)]
enum Next {
    Given,
    Token(String),
    End,
}

impl Client {
    /// The pages of this list, beginning where the operation says.
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
        }
    }
}

impl<O: Paged> Pages<O> {
    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// As [`Call::send`](crate::Call::send); asking again after an error asks for the same page.
    /// [`Error::Decode`] if the server names a page as its own successor, which would never end.
    pub async fn next_page(&mut self) -> Result<Option<Answer<O::Output>>, Error> {
        match &self.next {
            Next::End => return Ok(None),
            Next::Given => {}
            Next::Token(token) => self.operation.set_next_token(Some(token.clone())),
        }
        let client = &*self.client.inner;
        let answer = call::send(client, &mut self.operation, &Options::default()).await?;
        let next = match O::next_token(&answer.output) {
            None | Some("") => Next::End,
            Some(token) => Next::Token(token.to_owned()),
        };
        if next != Next::End && next == self.next {
            return Err(endless::<O>(answer));
        }
        self.next = next;
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
}

fn endless<O: Paged>(answer: Answer<O::Output>) -> Error {
    let mut trace = Trace::new(O::NAME);
    trace.attempts = 1;
    let response = HttpResponse::new(StatusCode::from_u16(answer.status).unwrap_or_default())
        .with_headers(answer.headers)
        .with_body(answer.raw);
    DecodeFailure::raise(trace, "the page names itself as the next page", response)
}
